import { Lane } from '../../../../lib/core/account/lane';
import { Places } from '../../../../lib/core/account/places';
import { newTask, type Entry, type EntryState, type Order, type Task } from '../../../../lib/core/batch/entry';
import { hungUntilMs, Roster } from '../../../../lib/core/batch/roster';
import type { Job } from '../../../../lib/core/job';
import type { TaskReport } from '../../../../lib/core/provider';

/** Who is in which state, who is next, and what each state holds of the account. */

const report: TaskReport = { state: 'succeeded', providerState: 'success', response: {} };

function opened() {
	const account = { takenPlaces: 0, questions: 0 };
	const places = new Places({
		taken: (by) => (account.takenPlaces += by),
		asking: (by) => (account.questions += by),
	});
	const lane = new Lane(0);
	const roster = new Roster<string>(places);
	const held = () => ({
		...{ underWay: lane.underWay, submitting: lane.submitting, unordered: lane.unordered, freed: lane.freed },
		...account,
	});
	const entry = (place: number, state?: EntryState<string>, isOrdered = true): Entry<string> => {
		const job: Job = {
			...{ itemIndex: place, operation: 'textToVideo', typicalSeconds: 60 },
			...{ fingerprint: `f${place}`, origin: `o${place}` },
		};
		const order = orderOf(job);
		const one: Entry<string> = {
			...{ place, lane, openedAtMs: 0 },
			item: { itemIndex: place, typicalSeconds: 60, ...(isOrdered ? { job } : {}) },
			state: state ?? { kind: 'new', order },
		};
		roster.add(one);
		return one;
	};
	return { roster, lane, held, entry };
}
const orderOf = (job: Job): Order => ({ job, timesToBlame: 0, yieldedAt: -1, blamedAt: 0 });
const orderIn = ({ state }: Entry<string>): Order => {
	if (!('order' in state)) throw new Error(`No order while ${state.kind}`);
	return state.order;
};
const task = (id: string): Task => newTask(id, 0, 600_000);
const NOTHING = { underWay: 0, submitting: 0, unordered: 0, freed: 0, takenPlaces: 0, questions: 0 };

test('an order is on its way until it is answered, counted once', () => {
	const { roster, held, entry } = opened();
	const one = entry(0);
	const order = orderIn(one);
	const submitting = roster.submit(one, order);
	expect(one.state).toEqual({ kind: 'submitting', order, isOnTheWay: false });
	expect(submitting).toEqual({ entry: one, state: one.state });
	expect([[...roster.submitting], held()]).toEqual([[submitting], { ...NOTHING, submitting: 1, takenPlaces: 1 }]);
	roster.submitted(submitting);
	roster.submitted(submitting);
	expect([roster.submitting.size, held()]).toEqual([0, NOTHING]);
	roster.putBack(one, order);
	expect(one.state).toEqual({ kind: 'new', order });
});

test('a task that was accepted holds a place from then on, and has its number', () => {
	const { roster, held, entry } = opened();
	const [one, other] = [entry(0), entry(1)];
	const [first, second] = [task('1'), task('2')];
	roster.hold(one, first, 70);
	roster.hold(other, second, 71);
	expect(one.state).toEqual({ kind: 'waiting', task: first, dueMs: 70 });
	expect([first.number, second.number]).toEqual([0, 1]);
	expect([...roster.underWay]).toEqual([
		[one, first],
		[other, second],
	]);
	// it is not to be asked for before that was planned
	expect(roster.nextDueMs).toBe(Infinity);
	roster.wait(one, first, 90);
	expect([roster.nextDueMs, first.number, held()]).toEqual([90, 0, { ...NOTHING, underWay: 2, takenPlaces: 2 }]);
	roster.end(one, first, { result: 'a video' });
	roster.end(other, second, {});
	expect([roster.underWay.size, held()]).toEqual([0, { ...NOTHING, freed: 2 }]);
});

test('a task of an earlier run holds none, is counted once, and has no number', () => {
	const { roster, held, entry } = opened();
	const earlier = task('1');
	const one = entry(0, { kind: 'waiting', task: earlier, dueMs: 5 }, false);
	expect([roster.nextDueMs, held(), roster.underWay.size]).toEqual([5, { ...NOTHING, unordered: 1 }, 0]);
	roster.wait(one, earlier, 6);
	expect([held(), earlier.number]).toEqual([{ ...NOTHING, unordered: 1 }, undefined]);
	roster.end(one, earlier, {});
	roster.end(one, earlier, {});
	expect(held()).toEqual(NOTHING);
});

test('once the run has left, what is accepted late has no number', () => {
	const { lane, entry } = opened();
	const places = new Places({ taken: () => {}, asking: () => {} });
	const late = new Roster<string>(places);
	places.leave();
	const accepted = task('1');
	late.hold(entry(0), accepted, 0);
	expect('number' in accepted).toBe(false);
	expect(lane.underWay).toBe(0);
	late.end(entry(0), undefined, {});
});

test('the task that is due first is asked for, of two at once the first item’s', () => {
	const { roster, held, entry } = opened();
	const waiting = [30, 10, 20, 10].map((dueMs, place) =>
		entry(place, { kind: 'waiting', task: task(`${place}`), dueMs }),
	);
	const asked = [1, 2, 3, 4].map((nowMs) => roster.ask(nowMs));
	expect(asked.map((asking) => asking?.entry.place)).toEqual([1, 3, 2, 0]);
	expect(asked[0]?.state).toEqual({ kind: 'asking', task: { ...task('1'), number: 1 }, askedAtMs: 1 });
	expect(waiting[1]?.state).toBe(asked[0]?.state);
	expect([roster.asking.size, held().questions, roster.nextDueMs, roster.ask(5)]).toEqual([4, 4, Infinity, undefined]);
	for (const asking of asked) if (asking) roster.asked(asking);
	if (asked[0]) roster.asked(asked[0]);
	expect([roster.asking.size, held().questions]).toEqual([0, 0]);
});

test('one that is planned for another time is asked for then, and once', () => {
	const { roster, entry } = opened();
	const waiting = task('1');
	const one = entry(0, { kind: 'waiting', task: waiting, dueMs: 10 });
	entry(1, { kind: 'waiting', task: task('2'), dueMs: 30 });
	roster.wait(one, waiting, 40);
	expect(roster.nextDueMs).toBe(30);
	expect([roster.ask(0)?.entry.place, roster.ask(0)?.entry.place, roster.ask(0)]).toEqual([1, 0, undefined]);
});

test('a question hangs when no answer has come within its time and five seconds', () => {
	const { roster, entry } = opened();
	entry(0, { kind: 'waiting', task: task('1'), dueMs: 0 });
	const asking = roster.ask(1_000);
	expect(asking && hungUntilMs(asking)).toBe(36_000);
});

test('what succeeded gives its place back and is delivered in the order of the items', () => {
	const { roster, held, entry } = opened();
	const entries = [0, 1, 2].map((place) => entry(place, { kind: 'waiting', task: task(`${place}`), dueMs: 0 }));
	expect([roster.hasReady, roster.deliver()]).toEqual([false, undefined]);
	for (const place of [2, 0, 1]) {
		const one = entries[place];
		if (one) roster.makeReady(one, task(`${place}`), report);
	}
	expect(entries[0]?.state).toEqual({ kind: 'ready', task: task('0'), report });
	expect([roster.hasReady, held()]).toEqual([true, { ...NOTHING, freed: 3 }]);
	const delivered = [1, 2, 3].map(() => roster.deliver());
	expect(delivered.map((delivering) => delivering?.entry.place)).toEqual([0, 1, 2]);
	expect(delivered[0]).toEqual({ entry: entries[0], state: { kind: 'delivering', task: task('0'), report } });
	expect([entries[0]?.state, roster.delivering.size, roster.hasReady]).toEqual([delivered[0]?.state, 3, false]);
});

test('a result of an earlier try is ready from the start', () => {
	const { roster, entry } = opened();
	entry(0, { kind: 'ready', task: task('1'), report });
	expect([roster.hasReady, roster.areAllEnded, roster.deliver()?.entry.place]).toEqual([true, false, 0]);
});

test('all have ended when each has, whatever it began with, and none ends twice', () => {
	const { roster, entry } = opened();
	expect(roster.areAllEnded).toBe(true);
	entry(0, { kind: 'ended' });
	expect(roster.areAllEnded).toBe(true);
	const [one, other] = [entry(1), entry(2)];
	roster.end(one, undefined, { isLeftOut: true });
	roster.end(one, undefined, { isLeftOut: true });
	expect([one.state, roster.areAllEnded]).toEqual([{ kind: 'ended', isLeftOut: true }, false]);
	roster.end(other, task('2'), { result: 'a video' });
	expect([other.state, roster.areAllEnded]).toEqual([{ kind: 'ended', task: task('2'), result: 'a video' }, true]);
});

import { Lane } from '../../../../lib/core/account/lane';
import {
	deadlineOf,
	entryFor,
	newTask,
	outcomeOf,
	submittedState,
	taskOf,
	type Entry,
	type EntryState,
} from '../../../../lib/core/batch/entry';
import { Ledger, type JobState } from '../../../../lib/core/batch/ledger';
import type { BatchItem } from '../../../../lib/core/batch/parts';
import { whyStopped, whyUnanswered } from '../../../../lib/core/batch/stop';
import { notStarted, stopped } from '../../../../lib/core/failure';
import type { Job } from '../../../../lib/core/job';
import { vidu } from '../../../../lib/providers/vidu';

/** Where an item begins on another try, what Stop means to it, and what is told of it in the end. */

const ID = '876543210123456789';
const NOW_MS = 1_000_000;
const MAX_WAIT_MS = 600_000;
const job: Job = {
	itemIndex: 0,
	operation: 'textToVideo',
	model: 'm',
	typicalSeconds: 60,
	fingerprint: 'a',
	origin: 'o',
};
const lane = new Lane(0);
const item: BatchItem = { itemIndex: 0, job, typicalSeconds: 60 };
const diagnosis = { kind: 'content', summary: 'Not allowed', advice: 'Change it.' } as const;

/** What an item begins with where an earlier try left this behind. */
function begin(left: JobState, { of = item, execution = '1' } = {}) {
	const entries = {};
	const earlier = new Ledger(entries, 0, '1');
	earlier.write(of.job ?? job, left);
	const later = new Ledger(entries, 0, execution);
	return entryFor(of, 3, MAX_WAIT_MS, { provider: vidu, ledger: later, lane }, NOW_MS);
}
const waiting = { kind: 'waiting', dueMs: NOW_MS };

describe('an item without anything from before', () => {
	const order = { job, timesToBlame: 0, yieldedAt: -1, blamedAt: 0 };
	const fresh = {
		entry: { place: 3, item, lane, openedAtMs: NOW_MS, state: { kind: 'new', order } },
		isStarted: false,
		credits: 0,
	};

	test('is new, with and without a ledger', () => {
		const ledger = new Ledger({}, 0, '1');
		expect(entryFor(item, 3, MAX_WAIT_MS, { provider: vidu, ledger, lane }, NOW_MS)).toStrictEqual(fresh);
		expect(entryFor(item, 3, MAX_WAIT_MS, { provider: vidu, lane }, NOW_MS)).toStrictEqual(fresh);
	});

	test('nor a job: it says so, with and without a ledger', () => {
		for (const ledger of [undefined, new Ledger({}, 0, '1')]) {
			const parts = { provider: vidu, lane, ...(ledger ? { ledger } : {}) };
			const { entry, isStarted } = entryFor({ itemIndex: 0, typicalSeconds: 60 }, 3, MAX_WAIT_MS, parts, NOW_MS);
			expect([entry.state, isStarted]).toMatchObject([{ kind: 'ended', failure: { kind: 'internal' } }, false]);
		}
	});

	test('but a task of somebody else counts for no cap, whatever was ordered in its place', () => {
		const left: JobState = { state: 'submitted', atMs: 1, taskId: '5', execution: '1', credits: 55 };
		expect(begin(left, { of: { ...item, taskId: ID } })).toMatchObject({ isStarted: false, credits: 0 });
	});

	test('or that may be ordered again is new', () => {
		expect(begin({ state: 'free' })).toStrictEqual(fresh);
	});

	test('but a task waits for it, and counts as nobody’s order', () => {
		const found = entryFor(
			{ itemIndex: 0, taskId: ID, typicalSeconds: 60 },
			3,
			MAX_WAIT_MS,
			{ provider: vidu, lane },
			NOW_MS,
		);
		expect(found).toMatchObject({ isStarted: false, credits: 0, entry: { state: waiting } });
		expect(taskOf(found.entry)).toStrictEqual(newTask(ID, NOW_MS, MAX_WAIT_MS));
	});

	test('nor a job ends at once', () => {
		const { entry } = entryFor({ itemIndex: 0, typicalSeconds: 60 }, 3, MAX_WAIT_MS, { provider: vidu, lane }, NOW_MS);
		expect(entry.state).toMatchObject({ kind: 'ended', failure: { kind: 'internal' } });
		expect(outcomeOf(entry).failure?.description).toMatch(/^There is neither a job nor a task\./);
	});
});

describe('a task of an earlier try', () => {
	const submitted = (atMs: number): JobState => ({ state: 'submitted', atMs, taskId: ID, execution: '1', credits: 55 });

	test('goes on as long as it would have, and counts for the caps', () => {
		const found = begin(submitted(NOW_MS - 90_000));
		expect(found).toMatchObject({ isStarted: true, credits: 55, entry: { state: waiting } });
		expect(taskOf(found.entry)).toStrictEqual({
			...newTask(ID, NOW_MS - 90_000, MAX_WAIT_MS),
			lastAskMs: NOW_MS,
		});
	});

	test('of an earlier execution is waited for anew, and said to be from there', () => {
		const found = begin(submitted(NOW_MS - 90_000), { execution: '2' });
		expect(taskOf(found.entry)).toStrictEqual({
			...newTask(ID, NOW_MS - 90_000, MAX_WAIT_MS, NOW_MS),
			lastAskMs: NOW_MS,
			isFromEarlier: true,
		});
		expect(outcomeOf(found.entry)).toMatchObject({ isFromEarlier: true });
	});

	test('was not ordered in the future, whatever the clock said', () => {
		expect(taskOf(begin(submitted(NOW_MS + 5_000)).entry)?.submittedAtMs).toBe(NOW_MS);
	});

	test('waits for what the item says instead of the run', () => {
		const of = { ...item, maxWaitMs: 7_000 };
		const task = taskOf(begin(submitted(NOW_MS), { of }).entry);
		expect(task && deadlineOf(task, lane)).toBe(NOW_MS + 7_000);
	});

	test('without known credits counts as a video, by its published price where there is one', () => {
		const { credits: _, ...state } = submitted(NOW_MS) as JobState & { credits?: number };
		expect(begin(state)).toMatchObject({ isStarted: true, credits: 0 });
		const of = { ...item, job: { ...job, price: { credits: 7 } } };
		expect(begin(state, { of })).toMatchObject({ isStarted: true, credits: 7 });
		expect(begin({ ...state, credits: 9 } as JobState, { of })).toMatchObject({ credits: 9 });
		expect(
			begin(state, { of: { ...item, job: { ...job, price: { cost: { amount: '1.00', currency: 'CNY' } } } } }),
		).toMatchObject({ credits: 0 });
	});
});

describe('an end of an earlier try stays one', () => {
	test.each<[string, JobState, object]>([
		['an order on its way', { state: 'submitting', atMs: 1 }, { kind: 'outcomeUnknown' }],
		['no clear answer', { state: 'unknown', atMs: 1 }, { kind: 'outcomeUnknown' }],
		['a refusal', { state: 'closed', atMs: 1, diagnosis }, { kind: 'refused', headline: 'Not allowed' }],
	])('without a task: %s', (_name, state, failure) => {
		const { entry } = begin(state);
		expect(entry.state).toMatchObject({ kind: 'ended', failure });
		expect(entry.state).not.toHaveProperty('task');
		expect(outcomeOf(entry)).not.toHaveProperty('taskId');
	});

	test.each<[string, JobState, object]>([
		['an unclear answer that names it', { state: 'unknown', atMs: 1, taskId: ID }, { kind: 'outcomeUnknown' }],
		['no video', { state: 'closed', atMs: 1, taskId: ID, diagnosis }, { kind: 'endedEmpty' }],
		['Stop', { state: 'closed', atMs: 1, taskId: ID, diagnosis, canceledIn: '1' }, { kind: 'canceled' }],
	])('with its task: %s', (_name, state, failure) => {
		const { entry, isStarted, credits } = begin(state);
		expect(outcomeOf(entry)).toMatchObject({ taskId: ID, failure, submittedAtMs: NOW_MS });
		expect({ isStarted, credits }).toEqual({ isStarted: true, credits: 0 });
	});

	test('counts for the caps if it may have been bought', () => {
		const starts = ({ isStarted }: ReturnType<typeof begin>) => isStarted;
		expect(starts(begin({ state: 'submitting', atMs: 1 }))).toBe(true);
		expect(starts(begin({ state: 'closed', atMs: 1, diagnosis }))).toBe(false);
		const of = { ...item, job: { ...job, price: { credits: 7 } } };
		expect(begin({ state: 'submitting', atMs: 1 }, { of }).credits).toBe(7);
		expect(begin({ state: 'unknown', atMs: 1 }, { of }).credits).toBe(7);
		expect(begin({ state: 'closed', atMs: 1, taskId: ID, diagnosis }, { of }).credits).toBe(0);
	});

	test('says what an unclear answer left, and that nothing is ordered again', () => {
		const said = (state: JobState) => outcomeOf(begin(state).entry).failure?.description;
		expect(said({ state: 'submitting', atMs: 1 })).toContain('This was left by an earlier try.');
		expect(said({ state: 'unknown', atMs: 1, taskId: ID })).toContain(ID);
		expect(said({ state: 'closed', atMs: 1, taskId: ID, diagnosis })).toContain('It was not ordered again.');
		expect(said({ state: 'closed', atMs: 1, diagnosis })).toContain('on an earlier try');
	});

	test.each([
		[{}, undefined],
		[{ taskId: ID }, ID],
	])('though nobody can read it: %j', (fields, taskId) => {
		const ledger = new Ledger({ '0:0': { version: 2, ...fields } }, 0, '1');
		const { entry, isStarted } = entryFor(item, 3, MAX_WAIT_MS, { provider: vidu, ledger, lane }, NOW_MS);
		expect(isStarted).toBe(true);
		expect(entry.state).toMatchObject({ kind: 'ended', failure: { kind: 'outcomeUnknown' } });
		expect(outcomeOf(entry).taskId).toBe(taskId);
		expect('task' in entry.state).toBe(taskId !== undefined);
	});
});

test('what was ordered in the place of an item before it was changed is told', () => {
	const ledger = new Ledger({}, 0, '1');
	ledger.write({ ...job, fingerprint: 'b', origin: 'p' }, { state: 'submitted', atMs: 1, taskId: ID, execution: '1' });
	const { entry } = entryFor(item, 3, MAX_WAIT_MS, { provider: vidu, ledger, lane }, NOW_MS);
	expect(entry).toMatchObject({ earlierTaskIds: [ID], state: { kind: 'new' } });
	expect(outcomeOf(entry)).toMatchObject({ earlierTaskIds: [ID] });
});

describe('what is told of an item', () => {
	const entry = (state: EntryState<string>): Entry<string> => ({ place: 0, item, lane, openedAtMs: NOW_MS, state });
	const task = { ...newTask(ID, NOW_MS + 1, 1), waitedMs: 7 };
	const report = { state: 'succeeded', providerState: 'success', response: {} } as const;
	const failure = stopped(ID);

	test('that was never ordered is when it came, and nothing else', () => {
		const order = { job, timesToBlame: 0, yieldedAt: -1, blamedAt: 0 };
		const nothing = { work: item, submittedAtMs: NOW_MS, waitedMs: 0 };
		expect(outcomeOf(entry({ kind: 'new', order }))).toStrictEqual(nothing);
		expect(outcomeOf(entry({ kind: 'ended', isLeftOut: true }))).toStrictEqual({ ...nothing, isLeftOut: true });
		expect(outcomeOf(entry({ kind: 'new', order }), failure)).toStrictEqual({ ...nothing, failure });
	});

	test('with a task is its id, its last report, its times and its end', () => {
		const whole = { work: item, taskId: ID, report, submittedAtMs: NOW_MS + 1, waitedMs: 7 };
		const ended = { kind: 'ended', task: { ...task, report } } as const;
		expect(outcomeOf(entry({ ...ended, result: 'video' }))).toStrictEqual({ ...whole, result: 'video' });
		expect(outcomeOf(entry({ ...ended, failure }))).toStrictEqual({ ...whole, failure });
		expect(outcomeOf(entry({ ...ended, failure }), stopped())).toStrictEqual({ ...whole, failure: stopped() });
	});

	test('that Stop met depends on whether its order had left', () => {
		const order = { job, timesToBlame: 0, yieldedAt: -1, blamedAt: 0 };
		const why = (state: EntryState<string>) => whyStopped(entry(state), vidu);
		expect(why({ kind: 'ended', task })).toBeUndefined();
		expect(why({ kind: 'new', order })).toEqual(stopped());
		expect(why({ kind: 'submitting', order, isOnTheWay: false })).toEqual(stopped());
		expect(why({ kind: 'submitting', order, isOnTheWay: true })).toMatchObject({ kind: 'outcomeUnknown' });
		expect(why({ kind: 'submitting', order, isOnTheWay: true })?.description).toContain('before the answer came');
		expect(why({ kind: 'waiting', task, dueMs: 1 })).toEqual(stopped(ID));
	});

	test('whose caller is answered depends on whether its order had left', () => {
		const order = { job, timesToBlame: 0, yieldedAt: -1, blamedAt: 0 };
		const why = (state: EntryState<string>, answerMs?: number) => whyUnanswered(entry(state), vidu, answerMs);
		for (const state of [
			{ kind: 'ended', task },
			{ kind: 'new', order },
			{ kind: 'waiting', task, dueMs: 1 },
		] as const)
			expect(why(state, 1_000)).toBeUndefined();
		const kept = { kind: 'submitting', order, isOnTheWay: false } as const;
		expect(why(kept, 89_600)).toEqual(
			notStarted('the order could not leave within 90 seconds', 'Ask again in a minute.'),
		);
		expect(why({ ...kept, isOnTheWay: true })).toMatchObject({ kind: 'outcomeUnknown' });
		expect(why({ ...kept, isOnTheWay: true })?.description).toContain('Call again with the same values');
	});
});

test('a result that the service gave at once is delivered on another try, and not asked for', () => {
	const result = { state: 'succeeded', providerState: 'success', response: {} } as const;
	const left: JobState = { state: 'submitted', atMs: 7, taskId: ID, execution: '1', result };
	const { entry } = begin(left);
	expect(entry.state).toMatchObject({
		kind: 'ready',
		task: { taskId: ID, submittedAtMs: 7, report: result },
		report: result,
	});
});

test('what only the answer to an order tells is known on another try', () => {
	const facts = { sessionId: '7' };
	const taken = { taskId: ID, state: 'queued', providerState: 'created', response: {}, facts } as const;
	const left = submittedState(job, taken, '1', NOW_MS);
	expect(left).toEqual({ state: 'submitted', atMs: NOW_MS, taskId: ID, execution: '1', facts });
	expect(begin(left).entry.state).toMatchObject({ kind: 'waiting', task: { taskId: ID, ordered: { facts } } });
});

import { KeyDesk } from '../../../../lib/core/orderKeys/desk';
import { KeyRun } from '../../../../lib/core/orderKeys/store';
import { VirtualClock } from '../../../emulator';
import { clockOf, SharedRow } from './sharedRow';

/** One desk and its store, visit by visit. */

const PAUSE_MS = 625;

interface Visit {
	kind: 'record' | 'remove';
	values: readonly string[];
	maxEntries?: number;
	atMs: number;
}

/** A desk whose store can be told to fail, or to forget all that is recorded. */
function opened() {
	const clock = new VirtualClock();
	const row = new SharedRow(clock);
	const state = { fails: 0, forgets: false };
	const visits: Visit[] = [];
	const way = row.wayIn(
		() => 0,
		() => state.fails-- > 0,
	);
	const store: typeof way = {
		record: async (values, maxEntries) => {
			visits.push({ kind: 'record', values: [...values], maxEntries, atMs: clock.nowMs() });
			const seen = await way.record(values, maxEntries);
			if (state.forgets) row.values = [];
			return seen;
		},
		remove: async (values) => {
			visits.push({ kind: 'remove', values: [...values], atMs: clock.nowMs() });
			await way.remove(values);
		},
	};
	const desk = new KeyDesk(clockOf(clock, () => 0.5));
	const begin = (maxKeys = 10): KeyRun => {
		const run = new KeyRun(store, maxKeys);
		desk.join(run);
		return run;
	};
	const take = async (run: KeyRun, key = 'mug') => (await clock.runUntil(desk.take(run, key))).kind;
	return { clock, row, state, visits, desk, begin, take };
}
/** Of another process. */
const bought = (row: SharedRow, ...keys: string[]): void => {
	row.values = keys.flatMap((key) => [key, `token of ${key}`]);
};

test('a key that is taken is not the run’s, and only what was recorded for it is swept out', async () => {
	const { clock, row, visits, begin, take } = opened();
	bought(row, 'mug');
	const run = begin();
	expect([await take(run), run.taken.size]).toEqual(['taken', 0]);
	await clock.advance(5_000);
	const token = visits[0]?.values[1];
	expect(visits.map(({ kind, values }) => [kind, values])).toEqual([
		['record', ['mug', token]],
		['remove', [token]],
	]);
	expect(row.values).toEqual(['mug', 'token of mug']);
	// no process writes twice without a pause, but to take out what it has looked for
	expect((visits[1]?.atMs ?? 0) - (visits[0]?.atMs ?? 0)).toBe(PAUSE_MS);
});

test('a key that a run does not have is not given back for others', async () => {
	const { clock, row, visits, desk, begin } = opened();
	bought(row, 'mug');
	await clock.runUntil(desk.giveBack(begin(), 'mug'));
	await clock.advance(5_000);
	expect([row.values, visits]).toEqual([['mug', 'token of mug'], []]);
});

test('room is kept in the store for twice the most keys of any run, its tokens, and what is recorded', async () => {
	const { clock, visits, desk, begin } = opened();
	await clock.runUntil(Promise.all([desk.take(begin(30), 'mug'), desk.take(begin(7), 'lamp')]));
	expect(visits.map(({ maxEntries }) => maxEntries)).toEqual([264, 264, 264].slice(0, visits.length));
});

test('what is recorded is overwritten again and again: it is given up after 24 visits, and nobody has the key', async () => {
	const { state, visits, desk, begin, take } = opened();
	state.forgets = true;
	const run = begin();
	expect([await take(run), visits.length, run.taken.size, desk.isHeld('mug')]).toEqual(['contested', 24, 0, false]);
	state.forgets = false;
	expect(await take(run)).toBe('ours');
});

test.each([
	[4, 'ours'],
	[5, 'unusable'],
])('%i faults in a row: the key is %s', async (faults, kind) => {
	const { state, begin, take } = opened();
	state.fails = faults;
	expect(await take(begin())).toBe(kind);
});

test('faults with an answer in between are not in a row', async () => {
	const { clock, state, desk, begin } = opened();
	const run = begin();
	state.fails = 4;
	const taking = desk.take(run, 'mug');
	await clock.advance(4.5 * PAUSE_MS);
	state.fails = 4;
	expect(await clock.runUntil(taking)).toEqual({ kind: 'ours' });
});

test.each([
	[4, ['mug']],
	[5, []],
])('%i faults in a row: a look finds %j', async (faults, taken) => {
	const { clock, row, state, desk, begin } = opened();
	bought(row, 'mug');
	state.fails = faults;
	expect([...(await clock.runUntil(desk.look(begin(), ['mug', 'lamp'])))]).toEqual(taken);
});

test('what a look has recorded is taken out in the same visit, and it is answered when that has lasted', async () => {
	const { clock, row, visits, desk, begin } = opened();
	bought(row, 'mug');
	const beganMs = clock.nowMs();
	expect([...(await clock.runUntil(desk.look(begin(), ['mug', 'lamp'])))]).toEqual(['mug']);
	expect(visits.slice(0, 2).map(({ kind, atMs }) => [kind, atMs - beganMs])).toEqual([
		['record', 0],
		['remove', 0],
	]);
	expect(visits[1]?.values[0]).toBe('lamp');
	expect(clock.nowMs() - beganMs).toBe(PAUSE_MS);
});

test('a look that finds all taken is answered at once', async () => {
	const { clock, row, desk, begin } = opened();
	bought(row, 'mug', 'lamp');
	const beganMs = clock.nowMs();
	expect([...(await clock.runUntil(desk.look(begin(), ['mug', 'lamp'])))]).toEqual(['mug', 'lamp']);
	expect(clock.nowMs()).toBe(beganMs);
});

test('a key that could not be given back is the process’s own still', async () => {
	const { clock, state, desk, begin, take } = opened();
	const run = begin();
	expect(await take(run)).toBe('ours');
	await clock.advance(5_000);
	state.fails = 1;
	await clock.runUntil(desk.giveBack(run, 'mug'));
	state.fails = 5;
	expect(await take(run)).toBe('unusable');
	expect(await take(run)).toBe('ours');
});

test('a run that leaves takes no key of another along', async () => {
	const { desk, begin, take } = opened();
	const [one, other] = [begin(), begin()];
	expect(await take(one)).toBe('ours');
	desk.leave(other);
	expect(desk.isHeld('mug')).toBe(true);
});

test('a key that is given back late is not let go for the run that is taking it', async () => {
	const { clock, desk, begin, take } = opened();
	const [late, next] = [begin(), begin()];
	expect(await take(late)).toBe('ours');
	desk.leave(late);
	const taking = desk.take(next, 'mug');
	void desk.giveBack(late, 'mug');
	expect(desk.isHeld('mug')).toBe(true);
	await clock.runUntil(taking);
});

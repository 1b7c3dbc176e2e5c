import { LearnedPace, Paces } from '../../../../lib/core/account/pace';
import { correctedTypicalMs } from '../../../../lib/core/account/schedule';

/** What ended tasks teach about the others; measured in typical times, a second of the catalogue being 1000 ms. */

const ENDED = [900, 300, 800, 700, 500, 600, 700, 400, 1_100];

const typicalOf = (pace: LearnedPace): number => pace.expectationOf(1).typicalMs;

test('seven results teach nothing, and eight as much as the catalogue says', () => {
	const pace = new LearnedPace();
	for (const ms of ENDED.slice(0, 7)) pace.add(ms, []);
	expect(typicalOf(pace)).toBe(1_000);
	pace.add(ENDED[7], []);
	// half way to the median of 300 400 500 600 700 700 800 900
	expect(typicalOf(pace)).toBe(correctedTypicalMs(1_000, 700, 8));
	expect(typicalOf(pace)).toBe(850);
});

test('the median counts in whatever order they end', () => {
	for (const order of [ENDED, [...ENDED].reverse(), [...ENDED].sort((a, b) => a - b)]) {
		const pace = new LearnedPace();
		for (const ms of order) pace.add(ms, []);
		expect(typicalOf(pace)).toBe(correctedTypicalMs(1_000, 700, 9));
	}
});

test('what goes on keeps the quick ones from counting too soon', () => {
	const pace = new LearnedPace();
	for (const ms of ENDED) pace.add(ms, Array<number>(20).fill(2_000));
	expect(typicalOf(pace)).toBe(1_000);
	// what was learned before holds meanwhile
	pace.add(700, []);
	const before = typicalOf(pace);
	pace.add(700, Array<number>(20).fill(2_000));
	expect(typicalOf(pace)).toBe(before);
});

test('twelve that lie close together tell the earliest and the latest, with a margin', () => {
	const pace = new LearnedPace();
	for (let ended = 0; ended < 12; ended += 1) {
		expect(pace.expectationOf(60).window).toBeUndefined();
		pace.add(900 + 10 * ended, []);
	}
	const { window, typicalMs } = pace.expectationOf(60);
	const margin = (0.4 * 110) / 12;
	expect(window?.earliestMs).toBeCloseTo(60 * (900 - margin), 6);
	expect(window?.latestMs).toBeCloseTo(60 * (1_010 + margin), 6);
	expect(typicalMs).toBeCloseTo(60 * 955, 6);
});

test('only the last forty count', () => {
	const pace = new LearnedPace();
	for (let ended = 0; ended < 60; ended += 1) pace.add(ended < 20 ? 3_000 : 1_000, []);
	expect(pace.expectationOf(1).window).toEqual({ earliestMs: 1_000, latestMs: 1_000 });
});

test('the fortieth from the end still counts, and no more', () => {
	const pace = new LearnedPace();
	pace.add(2_000, []);
	for (let ended = 0; ended < 39; ended += 1) pace.add(1_000, []);
	expect(pace.expectationOf(1).window).toBeUndefined();
	pace.add(1_000, []);
	expect(pace.expectationOf(1).window).toEqual({ earliestMs: 1_000, latestMs: 1_000 });
});

test.each([
	[800, 1_300, 16, true],
	[800, 1_301, 16, false],
	[800, 1_300, 12, false],
	[500, 1_500, 12, false],
])('from %i to %i, %i of them: close together is %s', (earliest, latest, count, isNarrow) => {
	const pace = new LearnedPace();
	for (let ended = 1; ended < count; ended += 1) pace.add(earliest, []);
	pace.add(latest, []);
	expect(pace.expectationOf(1).window !== undefined).toBe(isNarrow);
});

test('kinds that were not used for long are forgotten', () => {
	const paces = new Paces();
	const first = paces.of('viduq3');
	for (let model = 0; model < 49; model += 1) paces.of(`custom-${model}`);
	expect(paces.of('viduq3')).toBe(first);
	for (let model = 49; model < 99; model += 1) paces.of(`custom-${model}`);
	expect(paces.of('viduq3')).not.toBe(first);
});

test('a task found ended by its first check is taken to have ended a little before', () => {
	const pace = new LearnedPace();
	for (let ended = 0; ended < 12; ended += 1) pace.addSeen(60_000, 60_000, 60, []);
	expect(pace.expectationOf(60).window?.earliestMs).toBeCloseTo(48_000, 6);
	// known by now, and closer together than the share
	for (let ended = 0; ended < 40; ended += 1) pace.addSeen(60_000, 60_000, 60, []);
	expect(pace.expectationOf(60).window?.earliestMs).toBeCloseTo(57_000, 6);
	for (let ended = 0; ended < 40; ended += 1) pace.addSeen(2_000, 60_000, 60, []);
	expect(pace.expectationOf(60).window?.earliestMs).toBeCloseTo(59_000, 6);
});

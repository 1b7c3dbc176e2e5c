import { nothingLearned } from '../../../../lib/core/batch/learned';
import { LearnedPace } from '../../../../lib/core/account/pace';
import { correctedTypicalMs } from '../../../../lib/core/account/schedule';

/** What ended tasks teach about the others; measured in typical times, a second of the catalogue being 1000 ms. */

const ENDED = [900, 300, 800, 700, 500, 600, 700, 400, 1_100];

test('seven results teach nothing, and eight as much as the catalogue says', () => {
	const pace = new LearnedPace();
	for (const ms of ENDED.slice(0, 7)) pace.add(ms, []);
	expect(pace.msPerTypicalSecond).toBe(1_000);
	pace.add(ENDED[7], []);
	// half way to the median of 300 400 500 600 700 700 800 900
	expect(pace.msPerTypicalSecond).toBe(correctedTypicalMs(1_000, 700, 8));
	expect(pace.msPerTypicalSecond).toBe(850);
});

test('the median counts in whatever order they end', () => {
	for (const order of [ENDED, [...ENDED].reverse(), [...ENDED].sort((a, b) => a - b)]) {
		const pace = new LearnedPace();
		for (const ms of order) pace.add(ms, []);
		expect(pace.msPerTypicalSecond).toBe(correctedTypicalMs(1_000, 700, 9));
	}
});

test('what goes on keeps the quick ones from counting too soon', () => {
	const pace = new LearnedPace();
	for (const ms of ENDED) pace.add(ms, Array<number>(20).fill(2_000));
	expect(pace.msPerTypicalSecond).toBe(1_000);
	// what was learned before holds meanwhile
	pace.add(700, []);
	const { msPerTypicalSecond } = pace;
	pace.add(700, Array<number>(20).fill(2_000));
	expect(pace.msPerTypicalSecond).toBe(msPerTypicalSecond);
});

test('two runs learn nothing from one another', () => {
	const [one, other] = [nothingLearned(1), nothingLearned()];
	one.requests.sent(5_000);
	one.models.refused('viduq2', 5_000, () => 0.5, 0);
	expect([one.requests.nextMs, other.requests.nextMs]).toEqual([5_110, -Infinity]);
	expect([one.models.opensMs('viduq2'), other.models.opensMs('viduq2')]).toEqual([10_000, 0]);
	expect([one.pace.msPerTypicalSecond, other.pace.msPerTypicalSecond]).toEqual([1_000, 1_000]);
	expect([one.window.maySubmit(1, 0, 0), other.window.maySubmit(1, 0, 0)]).toEqual([false, true]);
});

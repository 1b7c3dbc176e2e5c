import {
	backoffMs,
	correctedTypicalMs,
	nextPauseMs,
	usualPauseMs,
	observedMedianMs,
	readRetryAfterMs,
	RequestPace,
} from '../../../../lib/core/account/schedule';

const MINUTE = 60_000;

describe('the pause before the next check', () => {
	test.each([
		['at the start: half the usual time, then one step', 0, MINUTE, 0.5, 30_000 + 4_242.6],
		['a quarter in: what is left of that half', 15_000, MINUTE, 0.5, 15_000 + 4_242.6],
		['half the usual time: the longest step', 30_000, MINUTE, 0.5, 4_242.6],
		['the usual time: a step of 4.5 percent', 120_000, 2 * MINUTE, 0.5, 5_400],
		['a quick model, at the usual time: 3 s, so that later steps can be shorter', 40_000, 40_000, 0.5, 3_000],
		['a slow model, at the usual time: 9.6 s, as earlier steps are longer', 600_000, 600_000, 0.5, 9_600],
		['at one and a half times: not under 2 s', 89_000, MINUTE, 0.5, 2_000],
		['overdue: wider again', 3 * MINUTE, MINUTE, 0.5, 4_050],
		['a slow model, at one and a half times: as wide as behind it', 300_000, 200_000, 0.5, 6_750],
		['long overdue: never over 15 s', 30 * MINUTE, MINUTE, 0.5, 15_000],
		['chance takes a tenth', 120_000, 2 * MINUTE, 0, 4_860],
		['or gives a tenth', 120_000, 2 * MINUTE, 1, 5_940],
		['a quick model: never under 2 s', 29_000, 20_000, 0.5, 2_000],
		['a slow model: never over 15 s', 300_000, 600_000, 1, 14_934],
	])('%s', (_name, ranMs, typicalMs, random, pauseMs) => {
		expect(usualPauseMs(ranMs, typicalMs, random)).toBeCloseTo(pauseMs, 0);
	});

	test('from half the usual time on it stays between 2 s and 15 s', () => {
		const pausesMs: number[] = [];
		for (const typicalMs of [1, 5_000, MINUTE, 10 * MINUTE, 48 * 60 * MINUTE])
			for (let share = 0.5; share < 20; share += 0.37)
				for (const random of [0, 0.999]) pausesMs.push(usualPauseMs(share * typicalMs, typicalMs, random));
		expect(Math.min(...pausesMs)).toBeGreaterThanOrEqual(2_000);
		expect(Math.max(...pausesMs)).toBeLessThanOrEqual(15_000);
	});

	/** Checks per task x mean lag / (T/2), over task times spread evenly from 0.5 to 1.5 times the usual. */
	function scoreOf(typicalMs: number): number {
		const tasks = 2_000;
		let [polls, lagMs] = [0, 0];
		for (let task = 0; task < tasks; task += 1) {
			const endMs = typicalMs * (0.5 + (task + 0.5) / tasks);
			let atMs = 0;
			for (let check = 0; atMs < endMs; check += 1) {
				// the golden ratio spreads better than chance, and always the same
				atMs += usualPauseMs(atMs, typicalMs, (task * 0.618_033_988_75 + check * 0.381_966) % 1);
				polls += 1;
			}
			lagMs += atMs - endMs;
		}
		return ((polls / tasks) * (lagMs / tasks)) / (typicalMs / 2);
	}

	test.each([40, 45, 60, 75, 90, 100, 120, 150, 300, 600, 1_800])(
		'videos of about %i s: half of what a fixed interval costs',
		(seconds) => {
			expect(scoreOf(seconds * 1000)).toBeLessThanOrEqual(0.5);
		},
	);
});

describe('the pause before the next check where the end is known well', () => {
	const expected = { typicalMs: 100_000, window: { earliestMs: 95_000, latestMs: 105_000 } };
	test.each([
		['at the start: until the first may have ended, and one step', 0, 0.5, 98_500],
		['shortly before the window: no less than a step', 94_000, 0.5, 4_500],
		['within it: a step of 3.5 percent', 100_000, 0.5, 3_500],
		['chance takes a tenth', 100_000, 0, 3_150],
		['or gives a tenth', 100_000, 1, 3_850],
		['a step behind the last: still a step', 108_499, 0.5, 3_500],
	])('%s', (_name, ranMs, random, pauseMs) => {
		expect(nextPauseMs(ranMs, expected, random)).toBeCloseTo(pauseMs, 6);
	});

	test('further behind it is as where little is known', () => {
		for (const ranMs of [108_500, 140_000, 400_000])
			expect(nextPauseMs(ranMs, expected, 0.5)).toBe(usualPauseMs(ranMs, 100_000, 0.5));
		expect(nextPauseMs(108_500, expected, 0.5)).not.toBeCloseTo(3_500, 0);
	});

	test('without a window too', () => {
		expect(nextPauseMs(100_000, { typicalMs: 100_000 }, 0.5)).toBe(usualPauseMs(100_000, 100_000, 0.5));
	});

	test.each([
		[1_000, 2_000],
		[10_000_000, 15_000],
	])('a step within %i ms is never under 2 s or over 15 s', (typicalMs, stepMs) => {
		expect(nextPauseMs(0, { typicalMs, window: { earliestMs: 0, latestMs: 1 } }, 0.5)).toBe(stepMs);
	});
});

describe('the pause after a check that brought nothing', () => {
	test.each([
		['first', 1, 1, 0, 2_000],
		['second', 2, 1, 0, 4_000],
		['third', 3, 1, 0, 8_000],
		['fourth: stays at 15 s', 4, 1, 0, 15_000],
		['hundredth', 100, 1, 0, 15_000],
		['chance takes a fifth', 1, 0, 0, 1_600],
		['Retry-After asks for more', 1, 1, 40_000, 40_000],
		['Retry-After asks for less', 3, 1, 1_000, 8_000],
	])('%s', (_name, streak, random, retryAfterMs, pauseMs) => {
		expect(backoffMs(streak, random, retryAfterMs)).toBeCloseTo(pauseMs, 6);
	});
});

describe('Retry-After', () => {
	const nowMs = Date.UTC(2026, 10, 20, 10, 0, 0);
	test.each([
		['absent', undefined, 0],
		['empty', ' ', 0],
		['seconds', '45', 45_000],
		['a fraction', '1.5', 1_500],
		['zero', '0', 0],
		['below zero', '-3', 0],
		['a date', 'Fri, 20 Nov 2026 10:01:30 GMT', 90_000],
		['a date gone by', 'Fri, 20 Nov 2026 09:00:00 GMT', 0],
		['a day counts as two minutes', '86400', 120_000],
		['a date next year too', 'Sat, 20 Nov 2027 10:00:00 GMT', 120_000],
		['neither', 'soon', 0],
		['for ever', 'Infinity', 0],
	])('%s', (_name, value, ms) => {
		expect(readRetryAfterMs(value, nowMs)).toBe(ms);
	});
});

describe('how close requests follow one another', () => {
	const spacing = (pace: RequestPace): number => {
		pace.sent(0);
		return pace.nextMs;
	};

	test('the first one goes at once', () => {
		expect(new RequestPace().nextMs).toBeLessThan(0);
		expect(new RequestPace().sent(0)).toBe(true);
	});

	test('a refusal counts as fresh for ten seconds, whenever it came', () => {
		const afterMs = (ms: number) => {
			const pace = new RequestPace();
			pace.heard(true, 50_000);
			pace.heard(true, 51_000);
			pace.heard(false, 51_000 + ms);
			return spacing(pace);
		};
		expect(afterMs(9_999)).toBeCloseTo(247.5 * 0.97);
		expect(afterMs(10_000)).toBeCloseTo(247.5 * 0.8);
	});

	test('fewer than ten a second, from the start and again after good answers', () => {
		const pace = new RequestPace();
		expect(spacing(pace)).toBe(110);
		for (let answer = 0; answer < 100; answer += 1) pace.heard(false, answer);
		expect(spacing(pace)).toBe(110);
	});

	test('further apart after a refusal, once a second, and closer again bit by bit', () => {
		const pace = new RequestPace();
		for (const nowMs of [0, 200, 999]) pace.heard(true, nowMs);
		expect(spacing(pace)).toBeCloseTo(165);
		pace.heard(true, 1_000);
		expect(spacing(pace)).toBeCloseTo(247.5);
		pace.heard(false, 1_001);
		expect(spacing(pace)).toBeCloseTo(240.1, 0);
	});

	test('back to the usual pace within a dozen good answers, once the refusals lie back', () => {
		const pace = new RequestPace();
		for (let second = 0; second < 60; second += 1) pace.heard(true, second * 1_000);
		for (let answer = 0; answer < 14; answer += 1) pace.heard(false, 75_000 + answer * 1_000);
		expect(spacing(pace)).toBe(110);
	});

	test('never further apart than two seconds', () => {
		const pace = new RequestPace();
		for (let second = 0; second < 60; second += 1) pace.heard(true, second * 1_000);
		expect(spacing(pace)).toBe(2_000);
	});
});

describe('what a batch shows of the usual time', () => {
	const of = (count: number, ms: number) => Array<number>(count).fill(ms);
	test.each([
		['nothing from seven results', of(7, 50), [], undefined],
		['the middle of eight', [10, 20, 30, 40, 50, 60, 70, 80], [], 50],
		['nothing while as many still run', of(8, 50), of(8, 55), undefined],
		['the last while one less still runs', [1, 2, 3, 4, 5, 6, 7, 8], of(7, 9), 8],
		['nothing while most still run: the quick ones came first', of(8, 50), of(30, 55), undefined],
		['tasks younger than the quickest result say nothing', of(8, 50), of(30, 10), 50],
		['tasks as old as the quickest result had their chance', of(8, 50), of(30, 50), undefined],
		['some still run: the middle moves up', [1, 2, 3, 4, 5, 6, 7, 8], of(4, 9), 7],
	])('%s', (_name, finished, pending, median) => {
		expect(observedMedianMs(finished, pending)).toBe(median);
	});

	test('the more results, the more they count against the catalogue', () => {
		expect(correctedTypicalMs(1000, 2000, 8)).toBe(1500);
		expect(correctedTypicalMs(1000, 2000, 72)).toBe(1900);
		expect(correctedTypicalMs(1000, 500, 8)).toBe(750);
	});
});

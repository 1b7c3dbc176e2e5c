import { SubmissionWindow } from '../../../../lib/core/account/window';

/** The window told of a refusal at time 0 with so many tasks under way. `random` 0.5 makes the pauses even. */
function refusedAt(underWay: number, busy: 'concurrency' | 'rate' = 'concurrency', retryAfterMs = 0) {
	const window = new SubmissionWindow();
	window.refused(busy, underWay, 0, 0.5, retryAfterMs);
	return window;
}

test('without a refusal there is no bound', () => {
	expect(new SubmissionWindow().maySubmit(10_000, 4, 0)).toBe(true);
});

test('a refusal holds the number then under way, and a task that ends makes room', () => {
	const window = refusedAt(5);
	expect(window.maySubmit(5, 0, 1)).toBe(false);
	expect(window.maySubmit(4, 1, 1)).toBe(false);
	expect(window.maySubmit(4, 0, 1)).toBe(true);
	expect(window.nextTryMs(4)).toBe(0);
	expect(window.nextTryMs(5)).toBe(5_000);
});

test('after a pause one more is tried, and only one', () => {
	const window = refusedAt(5);
	expect(window.maySubmit(5, 0, 4_999)).toBe(false);
	expect(window.maySubmit(5, 0, 5_000)).toBe(true);
	expect(window.maySubmit(5, 1, 5_000)).toBe(false);
});

test('each further refusal doubles the pause, up to a minute', () => {
	const window = refusedAt(5);
	const pausesMs: number[] = [];
	for (let nowMs = 0; pausesMs.length < 6;) {
		const nextMs = window.nextTryMs(5);
		pausesMs.push(nextMs - nowMs);
		nowMs = nextMs;
		window.refused('concurrency', 5, nowMs, 0.5, 0);
	}
	expect(pausesMs).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
});

test('a probe that is taken opens the window further at once, and forgets the refusals', () => {
	const window = refusedAt(5);
	window.refused('concurrency', 5, 5_000, 0.5, 0);
	window.accepted(6, 15_000);
	expect(window.maySubmit(6, 0, 15_000)).toBe(true);
	window.refused('concurrency', 6, 15_000, 0.5, 0);
	expect(window.nextTryMs(6)).toBe(20_000);
});

test('an order within the window changes nothing', () => {
	const window = refusedAt(5);
	window.accepted(5, 1);
	expect(window.nextTryMs(5)).toBe(5_000);
});

test('a smaller account than before is learned too', () => {
	const window = refusedAt(30);
	window.refused('concurrency', 4, 60_000, 0.5, 0);
	expect(window.maySubmit(4, 0, 60_001)).toBe(false);
	expect(window.maySubmit(3, 0, 60_001)).toBe(true);
});

test('calls that came too fast: a breath for all, and never long', () => {
	const window = refusedAt(5, 'rate');
	expect(window.maySubmit(1, 0, 1_999)).toBe(false);
	expect(window.nextTryMs(1)).toBe(2_000);
	expect(window.maySubmit(1, 0, 2_000)).toBe(true);
	for (let refusals = 0; refusals < 2; refusals += 1) window.refused('rate', 2, 10_000, 0.5, 0);
	expect(window.nextTryMs(2)).toBe(18_000);
});

test('calls that are too fast again and again at the same number mean a full account, in one word for both', () => {
	const window = refusedAt(5, 'rate');
	let nowMs = 0;
	const pausesMs = Array.from({ length: 6 }, () => {
		nowMs = window.nextTryMs(5);
		window.refused('rate', 5, nowMs, 0.5, 0);
		return window.nextTryMs(5) - nowMs;
	});
	expect(pausesMs).toEqual([4_000, 8_000, 40_000, 60_000, 60_000, 60_000]);
});

test('one more than fits, refused in the words of a rate limit, does not keep a free place waiting', () => {
	const window = refusedAt(5, 'rate');
	window.refused('rate', 5, 2_000, 0.5, 0);
	expect(window.maySubmit(5, 0, 2_001)).toBe(false);
	expect(window.maySubmit(4, 0, 2_001)).toBe(true);
});

test('Retry-After is heeded where it asks for more', () => {
	expect(refusedAt(0, 'concurrency', 45_000).nextTryMs(0)).toBe(45_000);
	expect(refusedAt(5, 'rate', 45_000).nextTryMs(1)).toBe(45_000);
	expect(refusedAt(5, 'rate', 500).nextTryMs(1)).toBe(2_000);
	const window = refusedAt(5, 'rate');
	window.refused('rate', 5, 2_000, 0.5, 30_000);
	expect(window.maySubmit(4, 0, 31_999)).toBe(false);
});

test('chance spreads the probes of several runs', () => {
	const pausesMs = [0, 0.999].map((random) => {
		const window = new SubmissionWindow();
		window.refused('concurrency', 5, 0, random, 0);
		return Math.round(window.nextTryMs(5));
	});
	expect(pausesMs).toEqual([4_000, 5_998]);
});

describe('room that is known', () => {
	test('is what a refusal left below the number then under way', () => {
		const window = refusedAt(5);
		expect([3, 4, 5, 6].map((underWay) => window.isKnownToHaveRoom(underWay))).toEqual([true, true, false, false]);
	});

	test('is none before a refusal', () => {
		expect(new SubmissionWindow().isKnownToHaveRoom(0)).toBe(false);
	});
});

test('a model that is overloaded is asked again like one that was called too fast', () => {
	const window = new SubmissionWindow();
	window.refused('model', 5, 0, 0.5, 0);
	expect(window.nextTryMs(5)).toBe(2_000);
});

describe('how often one too many is tried', () => {
	/** Refused at five again and again, at the moments it is tried itself. */
	function refusalsWithin(minutes: number, takenPerMinute: number): number {
		const window = new SubmissionWindow();
		let refusals = 0;
		let takenMs = 0;
		for (let nowMs = 0; nowMs < minutes * 60_000; nowMs = window.nextTryMs(5)) {
			for (; takenMs < nowMs; takenMs += 60_000 / takenPerMinute) window.accepted(5, takenMs);
			window.refused('concurrency', 5, nowMs, 0.5, 0);
			refusals += 1;
		}
		return refusals;
	}

	test('is a small share of what is taken, once some are spent on finding out', () => {
		expect(refusalsWithin(5, 5)).toBeGreaterThanOrEqual(8);
		expect(refusalsWithin(100, 5)).toBeLessThanOrEqual(25);
	});

	test('is at least every ten minutes, though nothing is taken', () => {
		expect(refusalsWithin(100, 0.1)).toBeGreaterThanOrEqual(16);
	});

	test('is more often with few places: one more is worth more there', () => {
		const spent = (places: number): number => {
			const window = refusedAt(places);
			let nowMs = 0;
			for (let refusals = 0; refusals < 20; refusals += 1) {
				nowMs = window.nextTryMs(places);
				window.refused('concurrency', places, nowMs, 0.5, 0);
			}
			return window.nextTryMs(places) - nowMs;
		};
		expect([spent(1), spent(2), spent(3)]).toEqual([200_000, 200_000, 600_000]);
	});

	test('counts what was refused before it was known that the word for too fast means full', () => {
		const window = new SubmissionWindow();
		const untilLong = (why: 'concurrency' | 'rate'): number => {
			let nowMs = 0;
			for (let tries = 1; ; tries += 1) {
				window.refused(why, 5, nowMs, 0.5, 0);
				if (window.nextTryMs(5) - nowMs > 100_000) return tries;
				nowMs = window.nextTryMs(5);
			}
		};
		expect(untilLong('rate')).toBe(9);
	});

	describe('where others use the account', () => {
		/** The pauses of a window refused at so many under way, from the first refusal on. */
		function pausesMs(window: SubmissionWindow, underWay: number, count: number, startMs: number): number[] {
			let nowMs = startMs;
			return Array.from({ length: count }, () => {
				window.refused('concurrency', underWay, nowMs, 0.5, 0);
				const pauseMs = window.nextTryMs(underWay) - nowMs;
				nowMs += pauseMs;
				return pauseMs;
			});
		}

		test('is every minute for who has no place, and more often the longer that lasts', () => {
			const pauses = pausesMs(new SubmissionWindow(), 0, 60, 0);
			expect(pauses.slice(0, 6)).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
			expect(new Set(pauses.slice(4))).toEqual(new Set([60_000, 30_000, 15_000]));
			const atMs = (pauseMs: number): number =>
				pauses.slice(0, pauses.indexOf(pauseMs)).reduce((sum, each) => sum + each, 0);
			expect(atMs(30_000)).toBeGreaterThanOrEqual(600_000);
			expect(atMs(30_000)).toBeLessThan(660_000);
			expect(atMs(15_000)).toBeGreaterThanOrEqual(1_200_000);
			expect(atMs(15_000)).toBeLessThan(1_230_000);
		});

		test('is less often for who has some: most of what comes free is taken again at once', () => {
			const window = refusedAt(0);
			window.accepted(1, 5_000);
			expect(pausesMs(window, 1, 4, 5_000)).toEqual([20_000, 40_000, 80_000, 80_000]);
		});

		test('a place ends the hunger', () => {
			const window = refusedAt(0);
			pausesMs(window, 0, 40, 0);
			window.accepted(1, 1_500_000);
			expect(pausesMs(window, 0, 5, 1_500_000).at(-1)).toBe(60_000);
		});
	});

	test('begins anew after a time without any run, with the number that was found', () => {
		const window = refusedAt(5);
		for (let refusals = 0; refusals < 5; refusals += 1) window.refused('concurrency', 5, 1_000, 0.5, 0);
		window.rest();
		expect([window.maySubmit(4, 0, 1_001), window.maySubmit(4, 1, 1_001), window.maySubmit(5, 0, 1_001)]).toEqual([
			true,
			false,
			true,
		]);
	});
});

describe('what an order too many was', () => {
	/** Refused so often at five that one too many is rare from now on. */
	function rare(): SubmissionWindow {
		const window = new SubmissionWindow();
		for (let refusals = 0; refusals < 9; refusals += 1) window.refused('concurrency', 5, 0, 0.5, 0);
		expect(window.nextTryMs(5)).toBe(600_000);
		return window;
	}
	const pauseAfter = (window: SubmissionWindow, underWay: number, nowMs: number): number => {
		window.refused('concurrency', underWay, nowMs, 0.5, 0);
		return window.nextTryMs(underWay) - nowMs;
	};

	test.each([
		[2_000, 200_000],
		[2_001, 60_000],
	])('one that left before a refusal %i ms ago was known is no sign of others', (agoMs, pauseMs) => {
		const window = rare();
		window.refused('concurrency', 1, 10_000, 0.5, 0);
		expect(pauseAfter(window, 0, 10_000 + agoMs)).toBe(pauseMs);
	});

	test('a call that came too fast is none either', () => {
		const window = rare();
		window.refused('rate', 0, 10_000, 0.5, 0);
		expect(pauseAfter(window, 5, 20_000)).toBe(600_000);
	});

	test.each([
		[899_999, 80_000],
		[900_000, 600_000],
	])('others are forgotten a quarter of an hour after their last sign: %i ms', (laterMs, pauseMs) => {
		const window = rare();
		window.refused('concurrency', 0, 10_000, 0.5, 0);
		expect(pauseAfter(window, 5, 10_000 + laterMs)).toBe(pauseMs);
	});

	test('is a share of those that are taken', () => {
		const window = new SubmissionWindow();
		for (let taken = 0; taken < 1_000; taken += 1) window.accepted(1, 0);
		const pausesMs = Array.from({ length: 29 }, () => pauseAfter(window, 5, 0));
		expect(pausesMs.filter((ms) => ms <= 60_000)).toHaveLength(28);
		expect(pausesMs.at(-1)).toBe(600_000);
	});

	test('calls that come too fast are taken again within eight seconds, however often', () => {
		const window = new SubmissionWindow();
		for (let underWay = 20; underWay > 10; underWay -= 1) window.refused('rate', underWay, 0, 0.5, 0);
		expect(window.nextTryMs(10)).toBe(8_000);
	});
});

/** When to ask, when to try again: pure functions over milliseconds. */

/** No two requests of an account start closer than this, so they are fewer than 10 a second. */
const REQUEST_SPACING_MS = 110;
/** Where the service allows fewer calls, up to this. */
const LONGEST_SPACING_MS = 2_000;
/** A refusal widens the spacing by half, but once in so long: the calls under way were sent at the old pace. */
const WIDEN_EVERY_MS = 1_000;
/**
 * Every good answer narrows it to this share: little while the last refusal is fresh, so that a limit is touched seldom,
 * and soon once it lies back, so that a bad moment does not slow the rest of the run down.
 */
const NARROW = { fresh: 0.97, later: 0.8 };
const FRESH_MS = 10_000;

/** How close the requests of an account follow one another: slower after "too many calls", faster again while all goes well. */
export class RequestPace {
	private spacingMs = REQUEST_SPACING_MS;
	private sentMs = -Infinity;
	private widenedMs = -Infinity;

	/** When the next request may start. */
	get nextMs(): number {
		return this.sentMs + this.spacingMs;
	}

	/** @returns true, for it is */
	sent(nowMs: number): true {
		this.sentMs = nowMs;
		return true;
	}

	/**
	 * @param isTooFast the service refused the call for coming too fast
	 */
	heard(isTooFast: boolean, nowMs: number): void {
		if (!isTooFast) {
			const share = nowMs - this.widenedMs < FRESH_MS ? NARROW.fresh : NARROW.later;
			this.spacingMs = Math.max(REQUEST_SPACING_MS, this.spacingMs * share);
		} else if (nowMs - this.widenedMs >= WIDEN_EVERY_MS) {
			this.spacingMs = Math.min(LONGEST_SPACING_MS, this.spacingMs * 1.5);
			this.widenedMs = nowMs;
		}
	}
}

const SHORTEST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 15_000;
/**
 * The pause in the middle of the expected window, as a share of the typical time, as far as the pauses around it, from
 * 0.45 to 1.4 times as long, have room between the shortest and the longest: cut off there, they would be a fixed interval.
 */
const PAUSE_SHARE = 0.045;
const MIDDLE_PAUSE_MS = { least: 3_000, most: 9_600 };
/** A task can take this many times its typical time before it counts as overdue. */
const OVERDUE_AT = 1.5;
/** Fewer results than this say nothing about the others, and the catalogue weighs as much as this many. */
const FEW_RESULTS = 8;

/** When a task is expected to end, in milliseconds from its start. */
export interface Expectation {
	typicalMs: number;
	/** Where those that ended lately lie close together: the earliest and the latest of them. */
	window?: { earliestMs: number; latestMs: number };
}

/** Pauses within a narrow window, as a share of the usual time. */
const WINDOW_PAUSE_SHARE = 0.035;

/**
 * Pause before the next status check where the end is known well: nothing is asked before the first may have ended, and
 * then at even pauses until the last should have; behind it as ever.
 * @param ranMs milliseconds since the task began, as far as known
 * @param random in [0, 1): spreads a batch so that its tasks are not asked in step
 */
export function nextPauseMs(ranMs: number, { typicalMs, window }: Expectation, random: number): number {
	if (!window) return usualPauseMs(ranMs, typicalMs, random);
	const stepMs = clamp(WINDOW_PAUSE_SHARE * typicalMs * (0.9 + 0.2 * random), SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
	if (ranMs < window.latestMs + stepMs) return Math.max(0, window.earliestMs - ranMs) + stepMs;
	return usualPauseMs(ranMs, typicalMs, random);
}

/**
 * Pause before the next status check where little is known. Results are expected between 0.5 and 1.5 times the typical time, so nothing is
 * asked before half of it, and then ever more closely: the longer a task has run, the likelier it ends now. For that
 * window pauses in proportion to the square root of the time left cost the fewest checks for a given lag. Past it the
 * pauses widen again.
 * @param ranMs milliseconds since the task began, as far as known
 * @param typicalMs usual milliseconds from start to result
 * @param random in [0, 1): spreads a batch so that its tasks are not asked in step
 * @returns milliseconds, at least 2 s; never over 15 s once half the typical time is over
 */
export function usualPauseMs(ranMs: number, typicalMs: number, random: number): number {
	const waitMs = Math.max(0, typicalMs / 2 - ranMs);
	const atMs = Math.max(ranMs, typicalMs / 2);
	const leftShare = (OVERDUE_AT * typicalMs - atMs) / typicalMs;
	const middleMs = clamp(PAUSE_SHARE * typicalMs, MIDDLE_PAUSE_MS.least, MIDDLE_PAUSE_MS.most);
	const pauseMs = leftShare > 0 ? middleMs * Math.sqrt(Math.max(leftShare * 2, 0.2)) : (PAUSE_SHARE / 2) * atMs;
	return waitMs + clamp(pauseMs * (0.9 + 0.2 * random), SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
}

/**
 * Pause after a status check that brought no answer: doubles from 2 s, stays at 15 s, so that the end of an outage is
 * noticed soon. `Retry-After` wins where it asks for more.
 * @param streak how many checks in a row brought nothing, from 1
 */
export function backoffMs(streak: number, random: number, retryAfterMs = 0): number {
	const pauseMs = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** Math.min(streak - 1, 10));
	return Math.max(pauseMs * (0.8 + 0.2 * random), retryAfterMs);
}

/** More than this is not waited for without a look: one call's Retry-After must not hold up a whole run. */
const LONGEST_RETRY_AFTER_MS = 120_000;

/**
 * A `Retry-After` in milliseconds, at most two minutes; seconds or an HTTP date (RFC 9110, section 10.2.3). 0 when absent
 * or unreadable.
 */
export function readRetryAfterMs(retryAfter: string | undefined, nowMs: number): number {
	if (retryAfter === undefined) return 0;
	const seconds = Number(retryAfter);
	const atMs = Number.isFinite(seconds) ? nowMs + seconds * 1000 : Date.parse(retryAfter);
	return Number.isNaN(atMs) ? 0 : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, atMs - nowMs));
}

/**
 * The typical time as the finished tasks of a batch show it: their median, once half of those that had the chance have
 * finished. Earlier the quick ones would pull it down.
 * @param finishedMs how long the finished tasks took, sorted
 * @param pendingMs how long the unfinished ones have run so far, the oldest first
 * @returns undefined while too little is known
 */
export function observedMedianMs(finishedMs: readonly number[], pendingMs: Iterable<number>): number | undefined {
	const [leastMs] = finishedMs;
	if (leastMs === undefined || finishedMs.length < FEW_RESULTS) return undefined;
	let comparable = finishedMs.length;
	for (const ms of pendingMs) {
		// the oldest come first
		if (ms < leastMs) break;
		comparable += 1;
		// the middle one has not finished
		if (comparable >= 2 * finishedMs.length) return undefined;
	}
	return finishedMs[Math.floor(comparable / 2)];
}

/**
 * The catalogue's typical time, corrected by what a batch shows: the more results, the more they count. Taken at their
 * word, the first few would spread the checks worse than no results at all.
 */
export function correctedTypicalMs(typicalMs: number, observedMs: number, results: number): number {
	return typicalMs + ((observedMs - typicalMs) * results) / (results + FEW_RESULTS);
}

function clamp(value: number, low: number, high: number): number {
	return Math.min(high, Math.max(low, value));
}

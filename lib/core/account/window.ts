import type { Diagnosis } from '../provider';

/** How many tasks may be under way at once, learned from the provider's refusals. */

/** A full account makes room when a task ends; calls that came too fast are taken again after a breath. */
const FIRST_PROBE_MS = { concurrency: 5_000, rate: 2_000 };
const LONGEST_PROBE_MS = { concurrency: 60_000, rate: 8_000 };
/** So many orders too many are free, and then this share of those that are taken; beyond it they are rare. */
const REFUSALS = { free: 8, share: 0.02 };
const PROBE_BEYOND_MS = 600_000;
/** With so few places one more is worth a question sooner. */
const FEW_PLACES = 2;
const PROBE_BEYOND_FEW_MS = 200_000;
/**
 * Where others order with the same account, places come free that nobody tells of, but most are taken again at once. Who has
 * none tries more often than who has some, and more often still after a while, so that nobody starves.
 */
const PROBE_BESIDE_OTHERS_MS = { first: 20_000, longest: 80_000 };
const PROBE_OF_THE_HUNGRY = [
	{ afterMs: 1_200_000, longestMs: 15_000 },
	{ afterMs: 600_000, longestMs: 30_000 },
	{ afterMs: 0, longestMs: 60_000 },
];
/** So long after the last sign of them. */
const OTHERS_FORGOTTEN_MS = 900_000;
/** Calls that come too fast are taken again long before so many tries. */
const REFUSALS_OF_A_FULL_ACCOUNT = 3;
/** Refusals so close together answer orders that left before the first of them was known. */
const SAME_MOMENT_MS = 2_000;

/**
 * Grows without bound until the provider refuses for being busy, then holds at the number under way at that moment.
 * After a pause it tries one more; while that is accepted it goes on growing, so a tier is found from either side. The
 * pauses double, and get long once orders too many are a noticeable share: each costs a call, and an upload. They stay
 * short where it is full though nothing of ours is under way: then others use the account, and what they give back is not
 * told.
 * Time is handed in; nothing here waits.
 */
export class SubmissionWindow {
	private limit = Infinity;
	private probeAtMs = 0;
	private pausedUntilMs = 0;
	/** Since an order was taken beyond the limit. */
	private refusals = 0;
	private taken = 0;
	private tooMany = 0;
	private refusedAtMs = -Infinity;
	private othersSeenMs = -Infinity;
	/** Since when nothing is under way and nothing is taken. */
	private emptySinceMs = Infinity;
	/** The service says "too many calls" when the account is full. */
	private isOneWord = false;

	/**
	 * @param underWay tasks accepted and not ended
	 * @param submitting submissions without an answer yet
	 */
	maySubmit(underWay: number, submitting: number, nowMs: number): boolean {
		if (nowMs < this.pausedUntilMs) return false;
		return underWay + submitting < this.limit || (submitting === 0 && nowMs >= this.probeAtMs);
	}

	/** When a submission that may not go now may be tried again. */
	nextTryMs(underWay: number): number {
		return underWay < this.limit ? this.pausedUntilMs : Math.max(this.pausedUntilMs, this.probeAtMs);
	}

	/** True when the provider once took more than are under way, and no refusal since says otherwise. */
	isKnownToHaveRoom(underWay: number): boolean {
		return this.limit < Infinity && underWay < this.limit;
	}

	/** @param underWay including the one just accepted */
	accepted(underWay: number, nowMs: number): void {
		this.taken += 1;
		this.emptySinceMs = Infinity;
		if (underWay <= this.limit) return;
		this.limit = underWay;
		this.refusals = 0;
		this.probeAtMs = nowMs;
	}

	/**
	 * @param underWay tasks accepted and not ended when the refusal came
	 * @param random in [0, 1)
	 */
	refused(
		why: NonNullable<Diagnosis['busy']>,
		underWay: number,
		nowMs: number,
		random: number,
		retryAfterMs: number,
	): void {
		const isProbe = underWay >= this.limit;
		// a service may have one word for both: again and again at the same number means full
		if (why !== 'concurrency' && isProbe && !this.isOneWord && this.refusals >= REFUSALS_OF_A_FULL_ACCOUNT) {
			this.isOneWord = true;
			this.tooMany += this.refusals;
		}
		const busy = why === 'concurrency' || (this.isOneWord && isProbe) ? 'concurrency' : 'rate';
		const isAnew = nowMs - this.refusedAtMs > SAME_MOMENT_MS;
		if (busy === 'concurrency' && isAnew && underWay === 0) this.othersSeenMs = nowMs;
		this.emptySinceMs = underWay === 0 ? Math.min(this.emptySinceMs, nowMs) : Infinity;
		this.refusedAtMs = nowMs;
		if (busy === 'concurrency') this.tooMany += 1;
		this.limit = underWay;
		const pauseMs = this.pauseMs(busy, nowMs);
		this.refusals += 1;
		this.probeAtMs = nowMs + Math.max(pauseMs * (0.8 + 0.4 * random), retryAfterMs);
		// one more than the known number was too much: places that come free are taken again at once
		if (busy === 'rate' && (!isProbe || retryAfterMs > 0)) this.pausedUntilMs = this.probeAtMs;
	}

	/** After a time without any run: the number is kept, pauses are not. */
	rest(): void {
		this.probeAtMs = 0;
		this.pausedUntilMs = 0;
		this.refusals = 0;
	}

	private pauseMs(busy: 'concurrency' | 'rate', nowMs: number): number {
		const growingMs = FIRST_PROBE_MS[busy] * 2 ** Math.min(this.refusals, 10);
		if (busy === 'rate') return Math.min(growingMs, LONGEST_PROBE_MS.rate);
		if (nowMs - this.othersSeenMs < OTHERS_FORGOTTEN_MS) {
			const hungryMs = nowMs - this.emptySinceMs;
			const hungry = PROBE_OF_THE_HUNGRY.find(({ afterMs }) => hungryMs >= afterMs);
			if (hungry) return Math.min(growingMs, hungry.longestMs);
			const { first, longest } = PROBE_BESIDE_OTHERS_MS;
			return Math.min((growingMs * first) / FIRST_PROBE_MS.concurrency, longest);
		}
		const isRare = this.tooMany <= REFUSALS.free + REFUSALS.share * this.taken;
		if (isRare) return Math.min(growingMs, LONGEST_PROBE_MS.concurrency);
		return this.limit <= FEW_PLACES ? PROBE_BEYOND_FEW_MS : PROBE_BEYOND_MS;
	}
}

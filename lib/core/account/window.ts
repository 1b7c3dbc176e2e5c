import type { Diagnosis } from '../provider';

/** How many tasks may be under way at once, learned from the provider's refusals. */

/** A full account makes room when a task ends; calls that came too fast are taken again after a breath. */
const FIRST_PROBE_MS = { concurrency: 5_000, rate: 2_000 };
const LONGEST_PROBE_MS = { concurrency: 60_000, rate: 8_000 };

/**
 * Grows without bound until the provider refuses for being busy, then holds at the number under way at that moment.
 * After a pause it tries one more; while that is accepted it goes on growing, so a tier is found from either side.
 * Time is handed in; nothing here waits.
 */
export class SubmissionWindow {
	private limit: number;
	private probeAtMs = 0;
	private pausedUntilMs = 0;
	private refusals = 0;

	/** @param cap the user's Max Concurrency, or Infinity */
	constructor(private readonly cap: number) {
		this.limit = cap;
	}

	/**
	 * @param underWay tasks accepted and not ended
	 * @param submitting submissions without an answer yet
	 */
	maySubmit(underWay: number, submitting: number, nowMs: number): boolean {
		const taken = underWay + submitting;
		if (taken >= this.cap || nowMs < this.pausedUntilMs) return false;
		return taken < this.limit || (submitting === 0 && nowMs >= this.probeAtMs);
	}

	/** When a submission that may not go now may be tried again; Infinity where only an ended task makes room. */
	nextTryMs(underWay: number): number {
		if (underWay >= this.cap) return Infinity;
		return underWay < this.limit ? this.pausedUntilMs : Math.max(this.pausedUntilMs, this.probeAtMs);
	}

	/** True when the provider once took more than are under way, and no refusal since says otherwise. */
	isKnownToHaveRoom(underWay: number): boolean {
		return this.limit < this.cap && underWay < this.limit;
	}

	/** @param underWay including the one just accepted */
	accepted(underWay: number, nowMs: number): void {
		if (underWay <= this.limit) return;
		this.limit = underWay;
		this.refusals = 0;
		this.probeAtMs = nowMs;
	}

	/** @param underWay tasks accepted and not ended when the refusal came */
	refused(
		why: NonNullable<Diagnosis['busy']>,
		underWay: number,
		nowMs: number,
		random: number,
		retryAfterMs: number,
	): void {
		const busy = why === 'concurrency' ? why : 'rate';
		const isProbe = underWay >= this.limit;
		this.limit = Math.min(this.cap, underWay);
		const pauseMs = Math.min(LONGEST_PROBE_MS[busy], FIRST_PROBE_MS[busy] * 2 ** Math.min(this.refusals, 10));
		this.refusals += 1;
		this.probeAtMs = nowMs + Math.max(pauseMs * (0.8 + 0.4 * random), retryAfterMs);
		// one more than the known number was too much: places that come free are taken again at once
		if (busy === 'rate' && (!isProbe || retryAfterMs > 0)) this.pausedUntilMs = this.probeAtMs;
	}
}

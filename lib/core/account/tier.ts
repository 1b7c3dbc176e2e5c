/** How many of an account's tasks run at once where the service takes more and lets them stand in line. */

/** Under way at once before anything is known; the free tier runs fewer. */
const AT_FIRST = 8;
/** Of tasks that stand in line, so that a place that comes free is taken before we know of it. */
const STOCK = { share: 0.2, least: 2 };

/**
 * Learned from what the account says of itself, or else from its tasks in the order they were taken: one that runs shows
 * that all before it have a place, one that stands in line that there are no more places than tasks before it.
 */
export class Tier {
	private told: number | undefined;
	/** So many have been seen to have a place. */
	private least = 0;
	/** One stood in line behind so many. */
	private fullAt = Infinity;

	/** @param limit as the account gives it */
	isTold(limit: number): void {
		this.told = limit;
		this.least = 0;
		this.fullAt = Infinity;
	}

	/** @param ahead tasks that were taken before it and have not ended */
	sawRunning(ahead: number): void {
		this.least = Math.max(this.least, ahead + 1);
		if (this.least > this.fullAt) this.fullAt = Infinity;
		// some of those before it may have ended, and that was not seen: the account is believed until its whole stock runs
		if (this.told !== undefined && this.least >= this.wanted) this.told = undefined;
	}

	/** @param ahead tasks that were taken before it and have not ended; without any the line is not ours */
	sawInLine(ahead: number): void {
		if (ahead === 0) return;
		this.fullAt = Math.min(this.fullAt, ahead);
		this.least = Math.min(this.least, ahead);
	}

	/** Undefined while it is not known. */
	get runningAtOnce(): number | undefined {
		return this.told ?? (this.fullAt < Infinity ? this.fullAt : undefined);
	}

	/** How many a run that waits for them has under way: what runs at once, and a small stock. */
	get wanted(): number {
		const running = this.runningAtOnce;
		if (running === undefined) return Math.max(AT_FIRST, 2 * this.least);
		return running + Math.max(STOCK.least, Math.ceil(STOCK.share * running));
	}
}

import { SubmissionWindow } from './window';
import { Tier } from './tier';

/**
 * What shares one limit at the provider: an account, or where its limits are per model the account's tasks of one model.
 * Counts the tasks of all runs.
 */
export class Lane {
	readonly window = new SubmissionWindow();
	readonly tier = new Tier();
	/** Tasks that runs of this process ordered, and that have not ended as far as known. */
	underWay = 0;
	/** Orders without an answer yet. */
	submitting = 0;
	/** Orders of all runs that wait for their turn. */
	inLine = 0;
	/** Places given back so far. */
	freed = 0;
	private taken = 0;
	private gone = 0;

	/** By what the account said of itself last; undefined where it said nothing. */
	isFull: boolean | undefined;
	/** When a task was last given up. */
	givenUpMs = -Infinity;

	/** @param progressMs when a task last began to run or ended, or the account was seen to move; at first the lane's beginning */
	constructor(public progressMs: number) {}

	/** A task is known. @returns its number, to be asked about later */
	take(): number {
		const number = this.taken;
		this.taken += 1;
		return number;
	}

	/** A task has ended, or nobody waits for it any more. */
	leave(count = 1): void {
		this.gone += count;
	}

	/** How many tasks were taken before it and have not ended, as far as they end in the order they were taken. */
	aheadOf(number: number): number {
		return Math.max(0, number - this.gone);
	}

	/** Whether an order may leave. @param isAhead it may stand in line at the provider, however long that is */
	isOpen(nowMs: number, isAhead: boolean): boolean {
		if (!isAhead && this.underWay + this.submitting >= this.tier.wanted) return false;
		return this.window.maySubmit(this.underWay, this.submitting, nowMs);
	}

	/** It is open how many run at once, and no more may go before that is known. */
	get isAtItsEdge(): boolean {
		return this.tier.runningAtOnce === undefined && this.underWay >= this.tier.wanted;
	}
}

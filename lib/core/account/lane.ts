import { SubmissionWindow } from './window';
import { Tier } from './tier';

/** Where tasks began out of turn so often in a row, others order with the same account. */
const SURPRISES_OF_OTHERS = 3;

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
	/** Tasks of earlier runs that are waited for. */
	unordered = 0;
	/** Places given back so far. */
	freed = 0;
	private taken = 0;
	private gone = 0;
	/** Of tasks that have not ended, by their number: whom to tell that its place came free. */
	private readonly successors = new Map<number, (beganMs: number) => void>();
	/** Tasks in a row that had no place though their turn had come, or one though it had not. */
	private surprises = 0;

	/** By what the account said of itself last; undefined where it said nothing. */
	isFull: boolean | undefined;
	/** When a task was last given up. */
	givenUpMs = -Infinity;

	/** @param progressMs when a task last began to run or ended, or the account was seen to move; at first the lane's beginning */
	constructor(public progressMs: number) {}

	/** Nobody has anything in it. */
	get isIdle(): boolean {
		return this.inLine + this.submitting + this.underWay + this.unordered === 0;
	}

	/** A task is under way. @returns its number, to be asked about later */
	take(): number {
		const number = this.taken;
		this.taken += 1;
		return number;
	}

	/** A task has ended, or nobody waits for it any more. */
	leave(number: number): void {
		this.gone += 1;
		this.successors.delete(number);
	}

	/** How many tasks were taken before it and have not ended, as far as they end in the order they were taken. */
	aheadOf(number: number): number {
		return Math.max(0, number - this.gone);
	}

	/** By what is known those before it have all places. */
	isBehindAll(number: number): boolean {
		const running = this.tier.runningAtOnce;
		return running !== undefined && this.aheadOf(number) >= running;
	}

	/** @param tell called once the end of a task before it was seen and the place is its own */
	succeeds(number: number, tell: (beganMs: number) => void): void {
		this.successors.set(number, tell);
	}

	/**
	 * A task was seen to have ended, before it leaves: its place is the first one's in line.
	 * @param number undefined where nobody knows where it stood
	 * @param endedMs when, as far as known
	 */
	hasEnded(number: number | undefined, nowMs: number, endedMs: number): void {
		this.progressMs = nowMs;
		const running = this.tier.runningAtOnce;
		// one that was cancelled in line gives no place back
		if (number === undefined || running === undefined || this.isBehindAll(number)) return;
		const next = this.gone + running;
		const tell = this.successors.get(next);
		this.successors.delete(next);
		tell?.(endedMs);
	}

	/** Whether tasks have got their places when they should have: not where others use the account, too. */
	get isInOrder(): boolean {
		return this.surprises < SURPRISES_OF_OTHERS;
	}

	noteOrder(isAsExpected: boolean): void {
		this.surprises = isAsExpected ? 0 : this.surprises + 1;
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

import { correctedTypicalMs, observedMedianMs } from './schedule';

/** What the catalogue says: a second takes a second. */
const AS_TYPICAL = 1000;

/** How long tasks take, measured in the typical times of the catalogue, learned from those that have ended. */
export class LearnedPace {
	/** 1000 while nothing is known. */
	msPerTypicalSecond = AS_TYPICAL;
	/** Of the tasks that ended, sorted. */
	private readonly ended: number[] = [];

	/**
	 * @param pace milliseconds per typical second that a task took
	 * @param pending the same of tasks that have not ended, so far
	 */
	add(pace: number, pending: Iterable<number>): void {
		this.ended.splice(placeOf(pace, this.ended), 0, pace);
		const seen = observedMedianMs(this.ended, pending);
		if (seen !== undefined) this.msPerTypicalSecond = correctedTypicalMs(AS_TYPICAL, seen, this.ended.length);
	}
}

/** Where a number goes in a sorted list. */
function placeOf(value: number, sorted: readonly number[]): number {
	let [low, high] = [0, sorted.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
		else high = middle;
	}
	return low;
}

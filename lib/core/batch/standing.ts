import type { Lane } from '../account/lane';
import type { Expectation } from '../account/schedule';
import type { TaskReport } from '../provider';
import type { Task } from './entry';

/** Tasks that stand in line at the provider: what is learned from them, and when the next question is worth its call. */

/** A service takes a moment to begin a task that has a place. */
export const BEGINS_WITHIN_MS = 8_000;
/** Where nobody tells when its turn comes, it may be short once it runs. */
const LONGEST_PAUSE_MS = 15_000;
/** One that is far back is asked again when this share of its wait should be over, and after ten minutes at the latest. */
const FAR_BACK_SHARE = 0.6;
const LONGEST_PAUSE_FAR_BACK_MS = 600_000;
/** What an earlier run ordered stands in an order that nobody knows: so many are asked at the usual pauses, more take longer, */
const UNORDERED_AT_EASE = 8;
/** up to this share of the time that was waited. */
const WAITED_SHARE = 0.25;

interface Conditions {
	nowMs: number;
	lane: Lane;
	/** When it ends, from its start. */
	expected: Expectation;
}

/** What stands in line, and what runs, tells how many run at once, and whether others order with the same account. */
export function learnOfLine(task: Task, { state }: TaskReport, { lane, nowMs }: Conditions): void {
	const { number, report, submittedAtMs, placedAtMs } = task;
	if (number === undefined) return;
	const isBehindAll = lane.isBehindAll(number);
	const wasInLine = report?.state === 'queued';
	if (state !== 'queued') {
		if (wasInLine && isBehindAll) lane.noteOrder(false);
		else if (wasInLine && placedAtMs !== undefined) lane.noteOrder(true);
		if (state === 'processing') lane.tier.sawRunning(lane.aheadOf(number));
		return;
	}
	if (nowMs - (placedAtMs ?? submittedAtMs) < BEGINS_WITHIN_MS) return;
	delete task.placedAtMs;
	if (!isBehindAll && lane.tier.runningAtOnce !== undefined) lane.noteOrder(false);
	lane.tier.sawInLine(lane.aheadOf(number));
}

/**
 * Pause before a task in line is asked for again.
 * @param pauseMs where it began to run now
 * @param isFirst it has been ordered just now
 */
export function pauseInLineMs(task: Task, pauseMs: number, isFirst: boolean, conditions: Conditions): number {
	const { lane, nowMs } = conditions;
	const { number, submittedAtMs, placedAtMs } = task;
	const usualMs = isFirst ? pauseMs : Math.min(pauseMs, LONGEST_PAUSE_MS);
	if (number === undefined) {
		const manyMs = (LONGEST_PAUSE_MS * lane.unordered) / UNORDERED_AT_EASE;
		return Math.max(usualMs, Math.min(manyMs, WAITED_SHARE * (nowMs - submittedAtMs)));
	}
	// told when its turn comes, and it cannot have ended before
	const isTold = placedAtMs !== undefined || (lane.isInOrder && lane.isBehindAll(number));
	return Math.max(
		isTold ? pauseMs : usualMs,
		Math.min(FAR_BACK_SHARE * beginsInMs(number, conditions), LONGEST_PAUSE_FAR_BACK_MS),
	);
}

/** How long a task in line has to wait for its beginning, as far as is known: those before it go first. */
function beginsInMs(number: number, { lane, expected: { typicalMs } }: Conditions): number {
	const running = lane.tier.runningAtOnce;
	if (running === undefined) return 0;
	return (Math.max(0, lane.aheadOf(number) - running) / running) * typicalMs;
}

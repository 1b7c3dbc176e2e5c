import { seenLateMs, type Paces } from '../account/pace';
import type { Expectation } from '../account/schedule';
import { modelOf } from '../job';
import type { Entry, Task } from './entry';
import type { BatchItem } from './parts';

/** What a task that has ended teaches the account: how long such tasks take, and since when its place is free. */

/** When a task ends, from its start. Tasks of one model take about the same time, measured in what is typical of each. */
export const expectationOf = (paces: Paces, { job, typicalSeconds }: BatchItem): Expectation =>
	job ? paces.of(modelOf(job)).expectationOf(typicalSeconds) : { typicalMs: typicalSeconds * 1000 };

/** The end of a task was seen now: its place is for the next in line, since about then. */
export function notePlaceFree({ lane }: Entry<unknown>, { beganAtMs, lastAskMs, number }: Task, nowMs: number): void {
	const sinceMs = nowMs - Math.max(lastAskMs, beganAtMs);
	lane.hasEnded(number, nowMs, nowMs - seenLateMs(sinceMs, nowMs - beganAtMs, true));
}

/** @param underWay tasks of the run, in the order they were taken */
export function learnPace(
	paces: Paces,
	{ item: { job, typicalSeconds } }: Entry<unknown>,
	{ beganAtMs, lastAskMs }: Task,
	underWay: ReadonlyMap<Entry<unknown>, Task>,
	nowMs: number,
): void {
	if (!job) return;
	const model = modelOf(job);
	const sinceMs = nowMs - Math.max(lastAskMs, beganAtMs);
	paces.of(model).addSeen(sinceMs, nowMs - beganAtMs, typicalSeconds, pendingPaces(underWay, model, nowMs));
}

/** How long those of the same model have run so far: what others take says nothing of them. */
function* pendingPaces(underWay: ReadonlyMap<Entry<unknown>, Task>, model: string, nowMs: number): Generator<number> {
	for (const [{ item }, { beganAtMs }] of underWay)
		if (item.job && modelOf(item.job) === model) yield (nowMs - beganAtMs) / item.typicalSeconds;
}

import { notStarted, outcomeUnknown, stopped } from '../failure';
import type { Failure } from '../failure';
import type { Provider } from '../provider';
import { taskOf, type Entry, type Task } from './entry';
import type { BatchParts } from './parts';

/** What Stop means for each item, and for the tasks that are under way. */

/** After Stop the node ends within a second; late answers are still handled in the background. */
export const STOP_GRACE_MS = 800;
const CANCEL_TIMEOUT_MS = 5_000;
const CANCELS_AT_ONCE = 10;

/**
 * Best effort, at most five seconds. Running tasks cannot be cancelled and are left alone.
 * @param canceled told of each task that the provider has cancelled
 */
export async function cancelTasks(
	tasks: Iterable<Task>,
	{ provider, http, clock }: Pick<BatchParts<unknown>, 'provider' | 'http' | 'clock'>,
	canceled: (task: Task) => void = () => {},
): Promise<void> {
	const { cancel } = provider;
	if (!cancel) return;
	const untilMs = clock.nowMs() + CANCEL_TIMEOUT_MS;
	// the last ones ordered are the likeliest to stand in line still
	const waiting = [...tasks].filter(({ report }) => report?.state !== 'processing').reverse();
	const cancelNext = async (): Promise<void> => {
		for (let next = waiting.shift(); next && clock.nowMs() < untilMs; next = waiting.shift()) {
			const request = { ...cancel(next.taskId), timeoutMs: CANCEL_TIMEOUT_MS };
			const reply = await http.send(request).catch(() => undefined);
			if (reply && provider.hasCanceled?.(reply)) canceled(next);
		}
	};
	await Promise.all(Array.from({ length: CANCELS_AT_ONCE }, cancelNext));
}

/** Why an item ends with the run; undefined where it had its end. */
export function whyStopped<Result>(entry: Entry<Result>, provider: Provider): Failure | undefined {
	const { state } = entry;
	if (state.kind === 'ended') return undefined;
	return state.kind === 'submitting' && state.isOnTheWay
		? outcomeUnknown(
				provider,
				"The run was stopped before the answer came. If it still comes, its task ID is in n8n's log.",
			)
		: stopped(taskOf(entry)?.taskId);
}

/**
 * Why an item has no task when its caller is answered. An order on the wire may be taken yet; what it is answered is noted in
 * the ledger, where the next call of the same execution finds it.
 * @returns undefined where it has one, or its end
 */
export function whyUnanswered<Result>(
	{ state }: Entry<Result>,
	provider: Provider,
	answerWithinMs = 0,
): Failure | undefined {
	if (state.kind !== 'submitting') return undefined;
	if (!state.isOnTheWay)
		return notStarted(
			`the order could not leave within ${Math.round(answerWithinMs / 1000)} seconds`,
			'Ask again in a minute.',
		);
	return outcomeUnknown(
		provider,
		'The answer takes longer than a caller can wait. Call again with the same values in a minute: what was ordered is found then, and not ordered again.',
	);
}

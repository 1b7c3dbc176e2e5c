import type { TaskState } from '../../core/taskState';

/** Vidu's words for where a task stands. */

const STATES = new Map<string, TaskState>([
	['created', 'queued'],
	['queueing', 'queued'],
	['processing', 'processing'],
	['success', 'succeeded'],
	['failed', 'failed'],
	// not documented: the pages name an err_code for it
	['canceled', 'canceled'],
	['cancelled', 'canceled'],
]);

/** In our words; a cancelled task may be called a failed one. */
export function stateOf(word: string | undefined, code: string | undefined): TaskState {
	const state = STATES.get(word ?? '') ?? 'unknown';
	return code === 'UserCancelled' && state === 'failed' ? 'canceled' : state;
}

/**
 * Where a task stands: `queued` (not yet running, so it can still be cancelled), `processing`, `succeeded`, `failed`,
 * `canceled`, or `unknown`: a word this version does not know, which counts as not finished.
 */
export type TaskState = 'queued' | 'processing' | 'succeeded' | 'failed' | 'canceled' | 'unknown';

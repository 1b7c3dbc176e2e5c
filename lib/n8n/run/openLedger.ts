import { Ledger } from '../../core/batch/ledger';
import type { NodeRun } from './nodeRun';

export function openLedger({ context }: NodeRun): Ledger {
	const store = context.getContext('node') as { tasks?: Record<string, unknown> };
	store.tasks ??= {};
	const runIndex = context.getWorkflowDataProxy(0).$runIndex as number;
	return new Ledger(store.tasks, runIndex, context.getExecutionId() ?? '', (message) => context.logger.warn(message));
}

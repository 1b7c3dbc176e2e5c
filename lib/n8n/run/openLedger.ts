import { Ledger } from '../../core/batch/ledger';
import { callMemoryOf } from './callMemory';
import type { NodeRun } from './nodeRun';

/** What was ordered for this node is kept with its execution; where n8n calls it outside any, this process remembers. */
export function openLedger({ context, clock, isTool }: NodeRun): Ledger {
	const warn = (message: string): void => context.logger.warn(message);
	const execution = context.getExecutionId();
	if (execution === undefined && isTool) {
		const { entries, call } = callMemoryOf(
			JSON.stringify([context.getWorkflow().id, context.getNode().id]),
			clock.nowMs(),
		);
		return new Ledger(entries, call, `call ${call}`, warn);
	}
	const store = context.getContext('node') as { tasks?: Record<string, unknown> };
	store.tasks ??= {};
	const runIndex = context.getWorkflowDataProxy(0).$runIndex as number;
	return new Ledger(store.tasks, runIndex, execution ?? '', warn);
}

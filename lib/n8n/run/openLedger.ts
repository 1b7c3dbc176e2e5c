import { Ledger } from '../../core/batch/ledger';
import { orderedBeside } from '../../core/failure';
import type { Job } from '../../core/job';
import { InvalidInput } from '../input/invalidInput';
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

/** Between two looks whether another call has ordered. */
const LOOK_MS = 100;

/**
 * What another call ordered for the same request stands for the job; where one is about to order it, that is waited for.
 * @param withinMs the time that this call has
 * @throws InvalidInput where that is over, and nothing known
 */
export async function adoptOrder(
	{ clock, signal }: Pick<NodeRun, 'clock' | 'signal'>,
	ledger: Ledger,
	job: Job,
	{ withinMs = 0, isDryRun }: { withinMs?: number; isDryRun: boolean },
): Promise<void> {
	const lastMs = clock.nowMs() + withinMs;
	while (!ledger.adopt(job, !isDryRun) && !isDryRun && !signal?.aborted) {
		if (clock.nowMs() >= lastMs) throw new InvalidInput(orderedBeside());
		await clock.sleep(LOOK_MS, signal);
	}
}

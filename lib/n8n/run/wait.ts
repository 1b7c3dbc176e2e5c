import type { INodeExecutionData } from 'n8n-workflow';

import type { BatchItem } from '../../core/batch';
import { readDelivery, readSettings } from '../input/settings';
import { readTaskIds } from '../input/taskIds';
import { failureOf } from './failureOf';
import type { NodeRun } from './nodeRun';
import { blameAll, newResult, recordOutcome, throwIfFailed, toOutputs, type Result } from './recordOutcome';

/** Tasks that exist already may end any moment: they are asked often at first. */
const UNKNOWN_START_SECONDS = 10;

/** Waits for tasks that exist already: what a time-out or a crash left behind. One output item per task. */
export async function wait(run: NodeRun): Promise<INodeExecutionData[]> {
	const { context, backend } = run;
	const results: Result[] = [];
	try {
		const account = await run.createClient();
		const settings = run.readOnce((item) => readSettings(context, item, true));
		const tasks: Array<{ item: BatchItem; result: Result }> = [];
		const seen = new Set<string>();
		for (const itemIndex of run.itemIndexes())
			try {
				const item = run.parametersOf(itemIndex);
				// the first item's count; another's that are none are a fault of that item all the same
				readSettings(context, item, true);
				run.deliveries.set(itemIndex, readDelivery(context, item, true));
				// last: ids that an item named count as seen, and one that is refused has nothing more to say of them
				const taskIds = readTaskIds(item, backend, ['taskId', 'taskIds'], 'Task IDs', seen);
				for (const taskId of taskIds) {
					const result = newResult({ itemIndex, taskId });
					results.push(result);
					tasks.push({ item: { itemIndex, taskId, typicalSeconds: UNKNOWN_START_SECONDS }, result });
				}
			} catch (cause) {
				results.push({ ...newResult({ itemIndex }), failure: failureOf(cause) });
			}
		if (!run.continuesOnFail) throwIfFailed(run, results);
		const outcomes = await run.runBatch(
			tasks.map(({ item }) => item),
			settings,
			account,
		);
		outcomes.forEach((outcome, index) => recordOutcome(run, tasks[index]?.result, outcome, settings.until));
	} catch (cause) {
		if (!run.continuesOnFail) throw run.nodeError(cause);
		const told = new Set(results.map(({ facts }) => facts.itemIndex));
		for (const itemIndex of run.itemIndexes()) if (!told.has(itemIndex)) results.push(newResult({ itemIndex }));
		blameAll(results, failureOf(cause));
	}
	if (!run.continuesOnFail || run.signal?.aborted) throwIfFailed(run, results);
	return toOutputs(run, results);
}

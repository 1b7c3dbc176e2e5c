import type { IBinaryKeyData, INodeExecutionData } from 'n8n-workflow';

import type { Outcome } from '../../core/batch';
import type { Ledger } from '../../core/batch/ledger';
import type { Failure } from '../../core/failure';
import type { RunSettings } from '../input/settings';
import type { NodeRun } from './nodeRun';
import { toErrorItem, toItem, toJson, type ItemResult } from './output';

/** What became of each item, gathered while the run goes on and turned into output once. */

/** One item's part in the run, before and after the batch. */
export interface Result extends ItemResult {
	item?: INodeExecutionData;
}

/** Writes what the batch says of an item into its result. */
export function recordOutcome(
	run: NodeRun,
	result: Result | undefined,
	outcome: Outcome<IBinaryKeyData>,
	until: RunSettings['until'],
): void {
	if (!result) return;
	const { facts } = result;
	const { work, taskId, report, submittedAtMs, waitedMs, failure, earlierTaskIds } = outcome;
	Object.assign(facts, {
		...(taskId === undefined ? {} : { taskId }),
		...(report === undefined ? {} : { report }),
		...(work.job ? { submittedAtMs } : {}),
		...(until === 'ended' ? { waitedMs } : {}),
		...(earlierTaskIds ? { earlierTaskIds } : {}),
	});
	if (failure) {
		result.failure = failure;
		return;
	}
	const json = toJson(run.backend.provider, facts, {
		simplify: run.deliveries.get(facts.itemIndex)?.simplify ?? true,
		nowMs: Date.now(),
	});
	const binary = outcome.result && Object.keys(outcome.result).length > 0 ? outcome.result : undefined;
	result.item = toItem(json, facts.itemIndex, binary);
}

/** Something went wrong that is not about one item: every item without an end of its own has this one, and keeps its id. */
export function blameAll(results: readonly Result[], failure: Failure, ledger?: Ledger): void {
	for (const result of results) {
		if (result.failure ?? result.item) continue;
		result.failure = failure;
		const taskId = ledger?.taskIdsOf(result.facts.itemIndex)[0];
		if (taskId !== undefined) result.facts.taskId ??= taskId;
	}
}

/** What leaves the node: a cap is a wish, so what it kept from starting is no item, unless every item shall go on. */
export function delivered(run: NodeRun, results: readonly Result[]): Result[] {
	return results.filter(({ failure }) => run.continuesOnFail || !failure?.isCap);
}

export function toOutputs(run: NodeRun, results: readonly Result[]): INodeExecutionData[] {
	return delivered(run, results).map((result) => toOutput(run, result));
}

export function toOutput({ backend }: NodeRun, { facts, failure, item }: Result): INodeExecutionData {
	if (!failure && item) return item;
	const unsaid: Failure = {
		kind: 'internal',
		headline: 'This node could not handle the item',
		description: 'Nothing is known about it. Please report this to the maintainers of the node.',
	};
	return toErrorItem(backend.provider, facts, failure ?? unsaid);
}

/** @throws NodeOperationError about all items */
export function throwIfFailed(run: NodeRun, results: readonly Result[]): void {
	if (results.some(({ failure }) => failure !== undefined && !failure.isCap)) throw run.runError(results);
}

/** Says on the canvas what a cap kept from starting, and why: it is easily forgotten. */
export function hintAtCapped({ context }: NodeRun, results: readonly Result[]): void {
	const capped = results.flatMap(({ failure }) => (failure?.isCap ? [failure] : []));
	const [first] = capped;
	if (!first) return;
	const why = first.headline.replace(/^Not started: /, '');
	const message = `${capped.length} of ${results.length} videos ${capped.length === 1 ? 'was' : 'were'} not started: ${why}.`;
	context.addExecutionHints?.({ message, location: 'outputPane' });
	// n8n drops the hints of an execution that was parked
	context.logger.info(message);
}

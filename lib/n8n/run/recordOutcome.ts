import type { INodeExecutionData } from 'n8n-workflow';

import type { Outcome } from '../../core/batch';
import type { Ledger } from '../../core/batch/ledger';
import { orderedBefore, type Failure } from '../../core/failure';
import { RESULT, tellNumber } from '../../core/noun';
import { hasEnded } from '../../core/provider';
import type { RunSettings } from '../input/settings';
import type { Seen } from '../input/slots/slot';
import type { StoredVideo } from '../io/download';
import { nounOf } from '../operations';
import type { NodeRun } from './nodeRun';
import { filesOf, toErrorItem, toItem, toJson, type TaskFacts } from './output';
import type { ItemResult } from './runError';

/** What became of each item, gathered while the run goes on and turned into output once. */

/** One item's part in the run, before and after the batch. */
export interface Result extends ItemResult {
	/** What was learned of its inputs. */
	readonly seen: Seen;
	item?: INodeExecutionData;
	/** Its order key is another's: it is no item of the output, but for a tool's. */
	isLeftOut?: boolean;
	/** A dry run's: checked and priced, and not ordered. */
	isPlanned?: true;
}

export const newResult = (facts: TaskFacts): Result => ({ facts, seen: { duplicateImages: 0 } });

/** Writes what the batch says of an item into its result. */
export function recordOutcome(
	run: NodeRun,
	result: Result | undefined,
	outcome: Outcome<StoredVideo | undefined>,
	until: RunSettings['until'],
): void {
	if (!result) return;
	const { facts } = result;
	const { work, taskId, report, submittedAtMs, waitedMs, failure, earlierTaskIds } = outcome;
	Object.assign(facts, {
		...(taskId === undefined ? {} : { taskId }),
		...(report === undefined ? {} : { report }),
		...(work.job ? { submittedAtMs: run.onTheWall(submittedAtMs) } : {}),
		...(until === 'ended' ? { waitedMs } : {}),
		...(earlierTaskIds ? { earlierTaskIds } : {}),
		...(outcome.result ? filesOf(outcome.result) : {}),
	});
	if (outcome.isLeftOut) result.isLeftOut = true;
	if (failure) result.failure = failure;
	if (failure || outcome.isLeftOut) return;
	if (run.isTool && taskId !== undefined && !(report && hasEnded(report.state)))
		facts.nextStep = nextStepFor(taskId, facts, work.job?.isOffPeak === true ? 'offPeak' : waitedMs / 1000);
	const json = toJson(run.backend.provider, facts, {
		simplify: run.deliveries.get(facts.itemIndex)?.simplify ?? true,
		nowMs: Date.now(),
	});
	result.item = toItem(json, facts.itemIndex, outcome.result?.binary);
}

/** The model of an AI agent sees the answer alone, and orders again what it takes for lost. */
function nextStepFor(
	taskId: string,
	{ operation, expectedSeconds = 0 }: TaskFacts,
	waited: number | 'offPeak',
): string {
	const secondsLeft = waited === 'offPeak' ? Infinity : Math.round(expectedSeconds - waited);
	const soon = secondsLeft > 10 ? `in about ${secondsLeft} seconds` : 'in a moment';
	const { one: noun } = nounOf(operation) ?? RESULT;
	const when = waited === 'offPeak' ? 'later: made off-peak, it may take up to 48 hours' : soon;
	return `The ${noun} is ordered and not finished. Do not order it again: ask for task ID ${taskId} with Task → Get ${when}.`;
}

/** Something went wrong that is not about one item: every item without an end of its own has this one, and keeps its id. */
export function blameAll(results: readonly Result[], failure: Failure, ledger?: Ledger): void {
	for (const result of results) {
		if (result.failure ?? result.item ?? result.isLeftOut) continue;
		result.failure = failure;
		const taskId = ledger?.taskIdsOf(result.facts.itemIndex)[0];
		if (taskId !== undefined) result.facts.taskId ??= taskId;
	}
}

/**
 * What leaves the node: a cap is a wish, so what it kept from starting is no item, unless every item shall go on. What was
 * left out for its order key is none then either. The model of an AI agent would take an empty answer for a lost one.
 */
export function delivered(run: NodeRun, results: readonly Result[]): Result[] {
	return results.filter(
		({ failure, isLeftOut }) => run.isTool || (!isLeftOut && (run.continuesOnFail || !failure?.isCap)),
	);
}

export function toOutputs(run: NodeRun, results: readonly Result[]): INodeExecutionData[] {
	return delivered(run, results).map((result) => toOutput(run, result));
}

export function toOutput({ backend }: NodeRun, { facts, failure, item, isLeftOut }: Result): INodeExecutionData {
	if (!failure && item) return item;
	const unsaid: Failure = {
		kind: 'internal',
		headline: 'This node could not handle the item',
		description: 'Nothing is known about it. Please report this to the maintainers of the node.',
	};
	return toErrorItem(backend.provider, facts, failure ?? (isLeftOut ? orderedBefore() : unsaid));
}

/** @throws NodeOperationError about all items */
export function throwIfFailed(run: NodeRun, results: readonly Result[]): void {
	const told = results.filter(({ isLeftOut }) => !isLeftOut);
	if (told.some(({ failure }) => failure !== undefined && !failure.isCap)) throw run.runError(told);
}

/** Says on the canvas what gave no item and is no fault: it is easily forgotten. */
export function hintAtMissing(run: NodeRun, results: readonly Result[]): void {
	const wished = results.filter(({ isLeftOut }) => !isLeftOut);
	const capped = wished.flatMap(({ failure }) => (failure?.isCap ? [failure] : []));
	if (capped[0]) {
		const why = capped[0].headline.replace(/^Not started: /, '');
		hint(
			run,
			`${capped.length} of ${tellNumber(wished.length, run.noun)} ${wereOf(capped.length)} not started: ${why}.`,
		);
	}
	const left = results.length - wished.length;
	if (left > 0)
		hint(
			run,
			`${left} of ${results.length} items ${wereOf(left)} left out: the same Order Key was ordered before, or is being ordered. ` +
				'To order again, give another key, or forget it.',
		);
}

const wereOf = (count: number): string => (count === 1 ? 'was' : 'were');

function hint({ context }: NodeRun, message: string): void {
	context.addExecutionHints?.({ message, location: 'outputPane' });
	// n8n drops the hints of an execution that was parked
	context.logger.info(message);
}

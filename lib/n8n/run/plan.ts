import type { IDataObject } from 'n8n-workflow';

import { readBalance } from '../../core/balance';
import { abbreviated } from '../../core/body';
import { defined } from '../../core/defined';
import type { Job } from '../../core/job';
import type { ApiClient } from '../io/http';
import { sumOf, tellCredits, tellTotal } from '../prices';
import type { NodeRun } from './nodeRun';
import { toItem } from './output';
import type { Result } from './recordOutcome';

/** A dry run: what was read and checked is told with its price, and nothing is ordered. */

export interface Plan {
	job: Job;
	/** An earlier try ordered it, so that a real run would not. */
	isOrdered: boolean;
}

/** Writes what each order would be into the results, and what they cost together on the canvas. */
export async function planItems(
	run: NodeRun,
	plans: readonly Plan[],
	results: readonly Result[],
	account: ApiClient,
): Promise<void> {
	if (plans.length === 0) return;
	for (const plan of plans) {
		const result = results[plan.job.itemIndex];
		if (!result) continue;
		result.isPlanned = true;
		result.item = toItem(toPlanned(run, plan, account, result.facts.taskId), plan.job.itemIndex);
	}
	await hintAtTotal(run, plans, results, account);
}

function toPlanned(run: NodeRun, { job, isOrdered }: Plan, account: ApiClient, taskId?: string): IDataObject {
	const { provider } = run.backend;
	const { price, model, operation, request } = job;
	return defined({
		taskId: isOrdered ? taskId : undefined,
		status: 'planned',
		...(isOrdered ? defined({ credits: provider.credits && 0 }) : price),
		expectedSeconds: run.expectedSeconds(job, account),
		provider: provider.id,
		model,
		operation,
		request: request && (abbreviated(request.body) as IDataObject),
	});
}

async function hintAtTotal(
	{ context, backend: { provider } }: NodeRun,
	plans: readonly Plan[],
	results: readonly Result[],
	{ http, region }: ApiClient,
): Promise<void> {
	const toOrder = plans.filter(({ isOrdered }) => !isOrdered);
	const amounts = toOrder.flatMap(({ job: { price } }) => (price ? [price] : []));
	const credits = amounts.flatMap((amount) => ('credits' in amount ? [amount.credits] : []));
	const unpriced = toOrder.length - amounts.length;
	const ordered = plans.length - toOrder.length;
	const invalid = results.filter(({ failure }) => failure).length;
	const balance = await readBalance(provider, http);
	const isTooLittle = balance !== undefined && sumOf(credits) > balance;
	const parts = [
		`${toOrder.length} ${toOrder.length === 1 ? 'video' : 'videos'} would be ordered`,
		tellTotal(amounts, region),
		unpriced > 0 ? `${unpriced} without a published price` : undefined,
		ordered > 0 ? `${ordered} ordered by an earlier try already` : undefined,
		invalid > 0 ? `${invalid} cannot be sent` : undefined,
	];
	const account =
		balance === undefined
			? ''
			: ` The account holds ${tellCredits(balance, region)}${isTooLittle ? ': too little' : ''}.`;
	context.addExecutionHints?.({
		message: `Dry run, nothing was ordered: ${parts.filter(Boolean).join(', ')}.${account}`,
		type: isTooLittle ? 'warning' : 'info',
		location: 'outputPane',
	});
}

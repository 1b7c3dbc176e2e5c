import type { IDataObject } from 'n8n-workflow';

import { readBalance } from '../../core/balance';
import { spentOn } from '../../core/batch/entry';
import type { HeldEntry, UnreadableEntry } from '../../core/batch/ledger';
import { abbreviated } from '../../core/body';
import { defined } from '../../core/defined';
import { creditsOf, type Job } from '../../core/job';
import { tellNumber } from '../../core/noun';
import type { RunSettings } from '../input/settings';
import type { ApiClient } from '../io/http';
import { sumOf, tellCredits, tellTotal } from '../prices';
import { countWithin } from './affordable';
import type { NodeRun } from './nodeRun';
import { toItem } from './output';
import type { Result } from './recordOutcome';

/** A dry run: what was read and checked is told with its price, and nothing is ordered. */

export interface Plan {
	job: Job;
	/** An earlier try ordered it, so that a real run would not. */
	held?: HeldEntry | UnreadableEntry;
}

/** Writes what each order would be into the results, and what they cost together on the canvas. */
export async function planItems(
	run: NodeRun,
	plans: readonly Plan[],
	results: readonly Result[],
	{ account, settings }: { account: ApiClient; settings: RunSettings },
): Promise<void> {
	if (plans.length === 0) return;
	const sorted = [...plans].sort((one, other) => one.job.itemIndex - other.job.itemIndex);
	const repeated = repeatedIn(sorted);
	for (const plan of sorted) {
		const result = results[plan.job.itemIndex];
		if (!result) continue;
		result.isPlanned = true;
		const isFree = plan.held !== undefined || repeated.has(plan);
		result.item = toItem(toPlanned(run, plan, isFree, account), plan.job.itemIndex);
	}
	const counted: Counted = { ordered: [], capped: 0, earlier: 0, repeated: repeated.size };
	const spent: number[] = [];
	for (const plan of sorted) {
		const { held } = plan;
		if (held) {
			counted.earlier += 1;
			spent.push(...[spentOn(held)].filter((credits) => credits !== undefined));
		} else if (!repeated.has(plan)) counted.ordered.push(plan.job);
	}
	const prices = counted.ordered.map((job) => creditsOf(job) ?? 0);
	const kept = counted.ordered.splice(countWithin(prices, spent, settings));
	await hintAtTotal(run, { ...counted, capped: kept.length }, results, account);
}

/** What a real run would do with the items. */
interface Counted {
	ordered: Job[];
	/** Beyond Max Videos or Max Credits. */
	capped: number;
	/** Ordered by an earlier try. */
	earlier: number;
	/** Whose order key an item before them has. */
	repeated: number;
}

/** Keys of other runs are not looked up: there is no looking without taking them for a moment. */
function repeatedIn(plans: readonly Plan[]): Set<Plan> {
	const keys = new Set(plans.flatMap(({ job, held }) => (held && job.orderKey !== undefined ? [job.orderKey] : [])));
	const repeated = new Set<Plan>();
	for (const plan of plans) {
		const { orderKey } = plan.job;
		if (plan.held || orderKey === undefined) continue;
		if (keys.has(orderKey)) repeated.add(plan);
		keys.add(orderKey);
	}
	return repeated;
}

/** @param isFree a real run would not order it */
function toPlanned(run: NodeRun, { job, held }: Plan, isFree: boolean, account: ApiClient): IDataObject {
	const { provider } = run.backend;
	const { price, model, operation, request } = job;
	return defined({
		taskId: held && 'taskId' in held ? held.taskId : undefined,
		status: 'planned',
		...(isFree ? defined({ credits: provider.credits && 0 }) : price),
		expectedSeconds: run.expectedSeconds(job, account),
		provider: provider.id,
		model,
		operation,
		request: request && (abbreviated(request.body) as IDataObject),
	});
}

async function hintAtTotal(
	run: NodeRun,
	{ ordered, capped, earlier, repeated }: Counted,
	results: readonly Result[],
	client: ApiClient,
): Promise<void> {
	const { region } = client;
	const amounts = ordered.flatMap(({ price }) => (price ? [price] : []));
	const credits = amounts.flatMap((amount) => ('credits' in amount ? [amount.credits] : []));
	const unpriced = ordered.length - amounts.length;
	const invalid = results.filter(({ failure }) => failure).length;
	const balance = await readBalance(run.backend.provider, run.paced(client));
	const isTooLittle = balance !== undefined && sumOf(credits) > balance;
	const parts = [
		`${tellNumber(ordered.length, run.noun)} would be ordered`,
		tellTotal(amounts, region),
		unpriced > 0 ? `${unpriced} without a published price` : undefined,
		earlier > 0 ? `${earlier} ordered by an earlier try already` : undefined,
		capped > 0 ? `${capped} not started for a cap` : undefined,
		repeated > 0 ? `${repeated} left out for the Order Key` : undefined,
		invalid > 0 ? `${invalid} cannot be sent` : undefined,
	];
	const account =
		balance === undefined
			? ''
			: ` The account holds ${tellCredits(balance, region)}${isTooLittle ? ': too little' : ''}.`;
	run.context.addExecutionHints?.({
		message: `Dry run, nothing was ordered: ${parts.filter(Boolean).join(', ')}.${account}`,
		type: isTooLittle ? 'warning' : 'info',
		location: 'outputPane',
	});
}

import { readBalance } from '../../core/balance';
import type { BatchItem } from '../../core/batch';
import { spentOn } from '../../core/batch/entry';
import type { Ledger } from '../../core/batch/ledger';
import { notStarted, type Failure } from '../../core/failure';
import { creditsOf } from '../../core/job';
import type { RunSettings } from '../input/settings';
import type { ApiClient } from '../io/http';
import { sumOf, tellCredits } from '../prices';
import type { NodeRun } from './nodeRun';

/**
 * Whether the account can pay for a run that ends with its first failure: looked up once, before the first order.
 * @param items those that may be ordered
 * @returns why nothing is ordered; undefined where the account can pay, or where nobody can tell
 */
export async function whyUnaffordable(
	run: NodeRun,
	items: readonly BatchItem[],
	{ account, settings, ledger }: { account: ApiClient; settings: RunSettings; ledger: Ledger },
): Promise<Failure | undefined> {
	const { provider } = run.backend;
	// with an error output the run orders what it can
	if (run.continuesOnFail || run.signal?.aborted) return undefined;
	const prices: number[] = [];
	const spent: number[] = [];
	for (const { job } of items) {
		const held = job && ledger.read(job);
		if (job && !held) prices.push(creditsOf(job) ?? 0);
		const credits = held && spentOn(held);
		if (credits !== undefined) spent.push(credits);
	}
	const credits = sumOf(prices.slice(0, countWithin(prices, spent, settings)));
	// one order that cannot be paid is refused for free
	if (credits === 0 || prices.length < 2) return undefined;
	const balance = await readBalance(provider, run.paced(account));
	if (balance === undefined || balance >= credits) return undefined;
	return notStarted(
		`the account holds ${tellCredits(balance, account.region)}, and this run costs ${credits}`,
		'Add credits, order less, or set On Error to Continue to order as many as the account can pay.',
	);
}

/** How many of the orders the caps allow, first come first served. @param spent on what an earlier try ordered, which counts */
export function countWithin(
	prices: readonly number[],
	spent: readonly number[],
	{ maxVideos = Infinity, maxCredits = Infinity }: RunSettings,
): number {
	let left = maxCredits - sumOf(spent);
	const most = Math.ceil(Math.max(0, maxVideos - spent.length));
	const first = prices.slice(0, most).findIndex((price) => left <= 0 || (left -= price) < 0);
	return first < 0 ? Math.min(most, prices.length) : first;
}

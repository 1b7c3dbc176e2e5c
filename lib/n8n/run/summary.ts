import { tellNumber } from '../../core/noun';
import { hasEnded } from '../../core/provider';
import { publishedIfOther, sumOf, tellTotal, type Amount } from '../prices';
import type { NodeRun } from './nodeRun';
import type { Result } from './recordOutcome';

/** What a run came to, in one line on the canvas: "10 videos, 550 credits (about USD 2.75), 74 s, 2 left out for the Order Key." */

/** @param region whose prices hold */
export function hintAtSum(run: NodeRun, results: readonly Result[], region: string, tookMs: number): void {
	const bought = results.filter(({ facts, isPlanned }) => facts.taskId !== undefined && !isPlanned);
	const made = bought.filter(({ failure }) => !failure);
	if (made.length === 0) return;
	const isWaiting = made.every(({ facts: { report } }) => report !== undefined && hasEnded(report.state));
	const paid = bought.filter(isCharged);
	const wished = results.filter(({ isLeftOut }) => !isLeftOut);
	const failed = wished.filter(({ failure }) => failure && !failure.isCap).length;
	const capped = wished.filter(({ failure }) => failure?.isCap).length;
	const left = results.length - wished.length;
	const duplicates = sumOf(made.map(({ seen }) => seen.duplicateImages));
	const parts = [
		`${tellNumber(made.length, run.noun)}${isWaiting ? '' : ' ordered'}`,
		tellTotal(paid.flatMap(amountOf), region),
		tellTime(tookMs),
		failed > 0 ? `${failed} failed` : undefined,
		capped > 0 ? `${capped} not started for a cap` : undefined,
		left > 0 ? `${left} left out for the Order Key` : undefined,
		duplicates > 0 ? `${duplicates} duplicate ${duplicates === 1 ? 'image' : 'images'} removed` : undefined,
	];
	const message = `${parts.filter(Boolean).join(', ')}.${tellDifference(run, paid)}`;
	run.context.addExecutionHints?.({ message, type: 'info', location: 'outputPane' });
	// n8n drops the hints of an execution that was parked
	run.context.logger.info(message);
}

/** What ended without a video is not paid for where a service says credits; of the others nobody knows. */
const isCharged = ({ facts: { report } }: Result): boolean =>
	report?.credits === undefined || (report.state !== 'failed' && report.state !== 'canceled');

/** What the service says, and else its published price. */
function amountOf({ facts: { report, price } }: Result): Amount[] {
	if (report?.credits !== undefined) return [{ credits: report.credits }];
	if (report?.cost) return [{ cost: report.cost }];
	return price ? [price] : [];
}

function tellDifference({ backend: { provider } }: NodeRun, paid: readonly Result[]): string {
	const others = paid.flatMap(({ facts: { report, price } }) => {
		const published = publishedIfOther(price, report?.credits);
		return published === undefined ? [] : [{ charged: report?.credits ?? 0, published }];
	});
	if (others.length === 0) return '';
	const charged = sumOf(others.map(({ charged: credits }) => credits));
	const published = sumOf(others.map(({ published: credits }) => credits));
	const what = others.length === paid.length ? '' : ` for ${others.length} of them`;
	return ` ${provider.name} charged ${charged} credits${what}; the published prices make ${published}.`;
}

function tellTime(tookMs: number): string {
	const seconds = Math.max(1, Math.round(tookMs / 1000));
	return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

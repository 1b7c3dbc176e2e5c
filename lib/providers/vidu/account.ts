import { defined } from '../../core/defined';
import type { Usage } from '../../core/provider';
import { asNumber, asRecord } from '../replies';

/** What GET /ent/v2/credits says of the account. */

/** docs/get-account-info: the table says `remaining_credits`, sample and service say `remains`. */
function remainsOf({ remains, remaining_credits: other }: Record<string, unknown>): Array<Record<string, unknown>> {
	const given = remains ?? other;
	return (Array.isArray(given) ? given : []).map(asRecord);
}

/** The sum of what is there; undefined where nothing is. */
function sumOf(remains: ReadonlyArray<Record<string, unknown>>, name: string): number | undefined {
	const numbers = remains.map((entry) => asNumber(entry[name])).filter((number) => number !== undefined);
	return numbers.length === 0 ? undefined : numbers.reduce((total, number) => total + number, 0);
}

export function readUsage(fields: Record<string, unknown>): Usage | undefined {
	const remains = remainsOf(fields);
	if (remains.length === 0) return undefined;
	const atOnce = sumOf(remains, 'concurrency_limit') ?? 0;
	return defined({
		...(atOnce >= 1 ? { atOnce: Math.floor(atOnce) } : {}),
		running: sumOf(remains, 'current_concurrency'),
		inLine: sumOf(remains, 'queue_count'),
		credits: sumOf(remains, 'credit_remain'),
	});
}

export function readCredits(fields: Record<string, unknown>): Record<string, unknown> {
	const remains = remainsOf(fields);
	return {
		creditsRemaining: sumOf(remains, 'credit_remain') ?? 0,
		concurrencyLimit: sumOf(remains, 'concurrency_limit') ?? 0,
		currentConcurrency: sumOf(remains, 'current_concurrency') ?? 0,
		queueCount: sumOf(remains, 'queue_count') ?? 0,
		remains,
		packages: Array.isArray(fields.packages) ? fields.packages : [],
	};
}

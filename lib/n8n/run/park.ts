import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { isUncallable, PUBLIC_URL_VARIABLE } from '../input/addresses';
import { hostOf } from '../io/apiRoots';
import { invalid } from '../input/invalidInput';
import type { ItemParameters } from '../input/parameters';
import { readSwitch } from '../input/switches';
import { madeBy } from '../operations';
import type { NodeRun } from './nodeRun';
import { toItem } from './output';
import { PARKED, toRecord, type Parked, type ParkedItem } from './parked';
import { delivered, toOutput, type Result } from './recordOutcome';

/**
 * Parking: the execution goes to n8n's database and holds no worker until the service calls back. When the time is up
 * n8n sends the stored items on without calling this node, so the items are replaced by honest pending records first.
 */

/** n8n looks at executions due within about a minute; shorter parking would not be parking. */
const SHORTEST_PARK_MS = 65_000;
/** Ten years: what is longer is no date in some databases. */
const LONGEST_PARK_MS = 10 * 365 * 86_400_000;

/**
 * The address the service calls, without the item's number.
 * @throws InvalidInput when nobody on the internet can reach it
 */
export function readResumeUrl(context: IExecuteFunctions, item: ItemParameters): string {
	const found: unknown = context.evaluateExpression('{{ $execution.resumeUrl }}', item.itemIndex);
	const url = typeof found === 'string' ? found : '';
	if (!readSwitch(item.option('allowPrivateUrls'), 'Allow Private URLs', false) && isUncallable(url))
		throw invalid(
			'Wait Mode',
			'Wait Mode "Callback" needs an n8n that the service can reach',
			`Its address would be ${hostOf(url)}. Set ${PUBLIC_URL_VARIABLE} to the public address of this n8n, or choose Wait Mode "Poll". ` +
				'For a service in your own network switch on Allow Private URLs.',
		);
	return url;
}

/** The registered address with the item's number, which is signed along with it. */
export function callbackUrlFor(registered: string, itemIndex: number): string {
	return `${registered}${registered.includes('?') ? '&' : '?'}item=${itemIndex}`;
}

/**
 * Parks the execution with everything ordered.
 * @param deadlineMs when the last wait is over, on the clock of the run
 * @returns what execute() has to return
 */
export async function parkRun(
	run: NodeRun,
	results: readonly Result[],
	registered: string,
	deadlineMs: number,
): Promise<INodeExecutionData[]> {
	const [first, ...others] = delivered(run, results).map((result) => toParkedItem(run, result));
	if (!first) return [];
	run.context.setMetadata?.({ resumeUrl: registered });
	const { simplify } = run.deliveries.get(first.itemIndex) ?? { simplify: true };
	return await park(
		run.context,
		toRecord({ provider: run.backend.catalogue.provider, registered, simplify, items: [first, ...others] }),
		run.onTheWall(deadlineMs),
	);
}

function toParkedItem(run: NodeRun, result: Result): ParkedItem {
	const { itemIndex, taskId, model, operation, queryPath, submittedAtMs = Date.now() } = result.facts;
	const output = toOutput(run, result);
	if (result.failure || result.isPlanned || taskId === undefined)
		return { itemIndex, record: output.json, submittedAtMs };
	const download = run.deliveries.get(itemIndex)?.download;
	return {
		itemIndex,
		record: { ...output.json, status: 'processing' },
		taskId,
		submittedAtMs,
		...(model === undefined ? {} : { model }),
		...(operation === undefined ? {} : { operation }),
		...(queryPath === undefined ? {} : { queryPath }),
		...(download ? { destination: run.destination(download, taskId, madeBy(operation)) } : {}),
	};
}

/**
 * Replaces the input items by the records and parks the execution.
 * @param deadlineMs when n8n goes on with the records, in milliseconds since 1970
 * @returns what execute() has to return
 */
async function park(context: IExecuteFunctions, parked: Parked, deadlineMs: number): Promise<INodeExecutionData[]> {
	const items = context.getInputData();
	// in place, for n8n hands on this very array
	items.splice(0, items.length, ...parked.items.map(({ itemIndex, record }) => toItem(record, itemIndex)));
	context.getContext('node')[PARKED] = parked;
	const nowMs = Date.now();
	const parkMs = Math.min(Math.max(deadlineMs - nowMs, SHORTEST_PARK_MS), LONGEST_PARK_MS);
	await context.putExecutionToWait(new Date(nowMs + parkMs));
	// what is shown meanwhile: n8n takes items out of this array, and on one that failed would run the node again
	return parked.items
		.filter(({ taskId }) => taskId !== undefined)
		.map(({ itemIndex, record }) => toItem(record, itemIndex));
}

import type { IDataObject, IExecuteFunctions, INodeExecutionData, IWebhookDescription } from 'n8n-workflow';

import { isUncallable, PUBLIC_URL_VARIABLE } from '../input/addresses';
import { hostOf } from '../io/apiRoots';
import type { Destination } from '../io/download';
import { invalid } from '../input/invalidInput';
import { toItem } from './output';
import type { ItemParameters } from '../input/parameters';
import { readSwitch } from '../input/switches';

/**
 * Parking: the execution goes to n8n's database and holds no worker until the service calls back. When the time is up
 * n8n sends the stored items on without calling this node, so the items are replaced by honest pending records first.
 */

/** n8n looks at executions due within about a minute; shorter parking would not be parking. */
const SHORTEST_PARK_MS = 65_000;

/** Called at the address of `$execution.resumeUrl` while the execution is parked. */
export const RESUME_WEBHOOKS: IWebhookDescription[] = [
	{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: '', restartWebhook: true },
];

/** What the node's context keeps of one item while the execution is parked. JSON-safe. */
export interface ParkedItem {
	itemIndex: number;
	/** What the item is if the time runs out. */
	record: IDataObject;
	/** The task to ask for; absent where the item failed already. */
	taskId?: string;
	model?: string;
	operation?: string;
	submittedAtMs: number;
	/** Where the video goes; absent where it is not downloaded. */
	destination?: Destination;
}

export interface Parked {
	/** Value of the `provider` parameter. */
	provider: string;
	/** The callback address without `item`, byte for byte as it was registered. */
	registered: string;
	simplify: boolean;
	items: ParkedItem[];
}

/** Key in the node's context. */
export const PARKED = 'parked';

/**
 * The address the service calls, without the item's number.
 * @throws InvalidInput when nobody on the internet can reach it
 */
export function readResumeUrl(context: IExecuteFunctions, item: ItemParameters): string {
	const url = String(context.evaluateExpression('{{ $execution.resumeUrl }}', item.itemIndex));
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
 * Replaces the input items by the records and parks the execution.
 * @param deadlineMs when n8n goes on with the records, in milliseconds since 1970
 * @returns what execute() has to return
 */
export async function park(
	context: IExecuteFunctions,
	parked: Parked,
	deadlineMs: number,
): Promise<INodeExecutionData[]> {
	const items = context.getInputData();
	// in place, for n8n hands on this very array
	items.splice(0, items.length, ...parked.items.map(({ itemIndex, record }) => toItem(record, itemIndex)));
	context.getContext('node')[PARKED] = parked;
	await context.putExecutionToWait(new Date(Math.max(deadlineMs, Date.now() + SHORTEST_PARK_MS)));
	// what is shown meanwhile: n8n takes items out of this array, and on one that failed would run the node again
	return parked.items
		.filter(({ taskId }) => taskId !== undefined)
		.map(({ itemIndex, record }) => toItem(record, itemIndex));
}

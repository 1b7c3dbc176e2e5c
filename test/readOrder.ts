import type { IExecuteFunctions } from 'n8n-workflow';

import { loadBody } from '../lib/core/body';
import type { Job, Order } from '../lib/core/job';
import type { Backend } from '../lib/n8n/backends';
import { readJob, type Reading } from '../lib/n8n/input/job';
import type { ItemParameters } from '../lib/n8n/input/parameters';

/** For items that take no video of another task. */
export const askNobody: Reading['ask'] = async (taskId) => {
	throw new Error(`Nothing is to be asked about task ${taskId}`);
};

/** What the node has read of an item: the job, and the checked values that its request was written from, all loaded. */
export type ReadOrder = Job & Pick<Order, 'fields' | 'inputs' | 'extraFields'>;

export async function readOrder(
	context: IExecuteFunctions,
	item: ItemParameters,
	backend: Backend,
	reading: Reading,
): Promise<ReadOrder> {
	let order: Order | undefined;
	const provider = {
		...backend.provider,
		submit(written: Order) {
			order = written;
			return backend.provider.submit(written);
		},
	};
	const job = await readJob(context, item, { ...backend, provider }, reading);
	return {
		...job,
		origin: 'test',
		fields: await loadBody(order!.fields),
		inputs: await loadBody(order!.inputs),
		...(order!.extraFields ? { extraFields: order!.extraFields } : {}),
	};
}

import { request } from 'undici';

import { PUBLIC_N8N } from './names';

/** One call that a service makes to a workflow. */
export interface Delivery {
	/** which service */
	from: string;
	topic: string;
	address: string;
	headers: Record<string, string>;
	body: string;
	/** of the answer; absent where none came */
	status?: number;
}

export type Deliver = (delivery: Delivery) => Promise<void>;

/** Shopify gives up after five seconds and calls again; on a busy machine a test gives n8n more. */
const PATIENCE_MS = 30_000;

/**
 * Calls n8n as a service on the internet would: its public address is led to where it listens on this machine.
 * @param told gets each call with its answer
 */
export function deliverTo(n8nUrl: () => string, told: Delivery[]): Deliver {
	return async (delivery) => {
		told.push(delivery);
		const url = delivery.address.replace(PUBLIC_N8N, n8nUrl());
		try {
			const reply = await request(url, {
				method: 'POST',
				headers: delivery.headers,
				body: delivery.body,
				headersTimeout: PATIENCE_MS,
				bodyTimeout: PATIENCE_MS,
			});
			await reply.body.dump();
			delivery.status = reply.statusCode;
		} catch {
			// nobody listens: the service would try again later
		}
	};
}

import { openGate, type Gate } from './gate';
import { Shopify } from './shopify';
import { deliverTo, type Delivery } from './webhooks';

export { HOSTS, PUBLIC_N8N } from './names';
export { Shopify, SHOPIFY_APP } from './shopify';
export type { ProductRecord } from './shopify/store';

/** Doubles of the services that the recipes in `examples/` work with, and the gate through which an n8n reaches them. */
export interface Shops {
	readonly shopify: Shopify;
	readonly gate: Gate;
	/** Every call that a double made to n8n. */
	readonly deliveries: Delivery[];
	/** Where the n8n under test listens: calls to its public address are led there. */
	n8nUrl: string;
	stop(): Promise<void>;
}

export interface ShopsOptions {
	/** Lets n8n reach the rest of the internet too. Tests turn it away. */
	passThrough?: boolean;
	/** Takes webhook addresses without TLS. */
	allowPlainHttp?: boolean;
	log?: (line: string) => void;
}

export async function startShops({ passThrough, allowPlainHttp, log }: ShopsOptions = {}): Promise<Shops> {
	const deliveries: Delivery[] = [];
	const shops = { deliveries, n8nUrl: '' };
	const deliver = deliverTo(() => shops.n8nUrl, deliveries);
	const shopify = new Shopify(deliver, allowPlainHttp);
	const gate = await openGate({ services: { ...shopify.services }, passThrough, log });
	return Object.assign(shops, { shopify, gate, stop: async () => await gate.stop() });
}

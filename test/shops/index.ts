import { openGate, type Gate } from './gate';
import type { Service } from './http';
import { Instagram } from './instagram';
import { ScriptedModel } from './model';
import { Pim } from './pim';
import { Sheets } from './sheets';
import { Shopify } from './shopify';
import { Slack } from './slack';
import { Storage } from './storage';
import { deliverTo, type Delivery } from './webhooks';
import { WooCommerce } from './woocommerce';

export { HOSTS, PUBLIC_N8N } from './names';
export { INSTAGRAM_TOKEN } from './instagram';
export { MODEL_KEY } from './model';
export { PIM_KEY } from './pim';
export { GOOGLE_APP } from './sheets';
export { SLACK_TOKEN } from './slack';
export { STORAGE_KEY } from './storage';
export { WOOCOMMERCE_KEY, WOOCOMMERCE_URL, WORDPRESS_LOGIN } from './woocommerce';
export { shopPage } from './shopify/page';
export { Shopify, SHOPIFY_APP } from './shopify';
export type { ProductRecord } from './shopify/store';

/** Doubles of the services that the recipes in `examples/` work with, and the gate through which an n8n reaches them. */
export interface Shops {
	readonly shopify: Shopify;
	readonly woocommerce: WooCommerce;
	readonly pim: Pim;
	readonly storage: Storage;
	readonly sheets: Sheets;
	readonly slack: Slack;
	readonly instagram: Instagram;
	readonly model: ScriptedModel;
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
	/** Where the shop's ids go on from. */
	lastId?: number;
	log?: (line: string) => void;
}

export async function startShops({ passThrough, allowPlainHttp, lastId, log }: ShopsOptions = {}): Promise<Shops> {
	const deliveries: Delivery[] = [];
	const shops = { deliveries, n8nUrl: '' };
	const deliver = deliverTo(() => shops.n8nUrl, deliveries);
	const shopify = new Shopify(deliver, allowPlainHttp, lastId);
	const woocommerce = new WooCommerce(deliver);
	const pim = new Pim();
	const storage = new Storage({ 'your-bucket': { isPublic: true } });
	const doubles = {
		shopify,
		woocommerce,
		pim,
		storage,
		sheets: new Sheets(),
		slack: new Slack(),
		instagram: new Instagram(),
		model: new ScriptedModel(),
	};
	const services = Object.assign({}, ...Object.values(doubles).map((double) => double.services)) as Record<
		string,
		Service
	>;
	const gate = await openGate({ services, passThrough, log });
	return Object.assign(shops, { ...doubles, gate, stop: async () => await gate.stop() });
}

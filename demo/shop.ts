import { listen } from '../test/emulator/server';
import {
	freePort,
	N8nRefused,
	onEnd,
	readExample,
	step,
	type Credential,
	type N8nApi,
	type Say,
	type SavedWorkflow,
} from '../test/e2e/harness';
import { shopPage, SHOPIFY_APP, startShops, type Shops } from '../test/shops';
import type { DataFolder } from './data';
import { publishForShop } from './publish';

/** A shop beside n8n: a person changes a product on its page, and the recipe puts a clip onto it. */
export interface Shop {
	/** for n8n's environment */
	env: Record<string, string>;
	/** Connects n8n with the shop and publishes the recipe. */
	open(
		api: N8nApi,
		credentials: readonly Credential[],
		data?: DataFolder,
	): Promise<{ page: string; workflow: SavedWorkflow }>;
}

const RECIPE = 'shopify-product-video.json';
const FIRST_PORT = 5700;

export async function prepareShop(say: Say): Promise<Shop> {
	const shops = await startShops({
		passThrough: true, // what else somebody tries in this n8n may reach the internet
		allowPlainHttp: true,
		lastId: Date.now(), // n8n remembers what it ordered for the products of the last start
		log: say,
	});
	onEnd(async () => await shops.stop());
	for (const [title, picture] of [
		['Runner sneaker', 'sneaker.png'],
		['Morning mug', 'mug.jpg'],
		['Globe lamp', 'lamp.webp'],
	] as const)
		await shops.shopify.createProduct(title, [picture]);
	return {
		env: shops.gate.env,
		open: async (api, credentials, data) => {
			const page = await listen(shopPage(shops.shopify), await freePort(FIRST_PORT), say);
			onEnd(async () => await page.stop());
			const workflow = await step(
				'Publishing the recipe for the shop',
				async () => await publish(shops, api, credentials, data),
			);
			return { page: page.url, workflow };
		},
	};
}

async function publish(
	shops: Shops,
	api: N8nApi,
	credentials: readonly Credential[],
	data?: DataFolder,
): Promise<SavedWorkflow> {
	shops.n8nUrl = api.url;
	const shopify = await api.putCredential('Shopify OAuth2 API', 'shopifyOAuth2Api', {
		shopSubdomain: 'your-shop',
		...SHOPIFY_APP,
	});
	await api.connect(shopify, async (url) => {
		const { location, body } = await shops.gate.visit(url);
		if (location === undefined) throw new Error(`No consent at ${url}: ${body}`);
		return location;
	});
	const kept = await find(api, data?.memory.shopWorkflowId);
	const own = kept ?? (await api.importWorkflow(readExample(RECIPE), [...credentials, shopify]));
	data?.remember({ ...data.memory, shopWorkflowId: own.id });
	return await publishForShop(api, await api.workflow(own.id));
}

async function find(api: N8nApi, id?: string): Promise<SavedWorkflow | undefined> {
	if (id === undefined) return undefined;
	try {
		const workflow = await api.workflow(id);
		return workflow.isArchived ? undefined : workflow;
	} catch (error) {
		if (error instanceof N8nRefused && [403, 404].includes(error.statusCode)) return undefined; // deleted in the editor
		throw error;
	}
}

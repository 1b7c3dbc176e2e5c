/**
 * Every recipe of examples/, as it is shipped, in one real n8n against doubles of the shops and the emulator. n8n reaches nothing else.
 *
 *   tsx test/e2e/recipes.ts [--only TEXT] [--report FILE] [--log FILE]
 */
import {
	GOOGLE_APP,
	INSTAGRAM_TOKEN,
	MODEL_KEY,
	PIM_KEY,
	SLACK_TOKEN,
	PUBLIC_N8N,
	SHOPIFY_APP,
	startShops,
	STORAGE_KEY,
	HOSTS,
	WOOCOMMERCE_KEY,
	WOOCOMMERCE_URL,
	WORDPRESS_LOGIN,
} from '../shops';
import { postCallback, startEmulator } from '../emulator';
import { argument, Checks, ensureBuilt, ensureInstalled, N8n, onEnd, OWNER, runMain } from './harness';
import { beginCalendar, checkAgent } from './recipes/approvals';
import { checkFeed, checkImport, checkSheet } from './recipes/catalogues';
import { checkParameters } from './recipes/parameters';
import { checkCallback, checkCollector, checkFallback } from './recipes/ownSystem';
import { checkStudio } from './recipes/studio';
import { checkShopify, checkShopifyFilms } from './recipes/shopify';
import { checkWooCommerce } from './recipes/woocommerce';
import type { RecipeWorld } from './recipes/world';

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
	const installation = await ensureInstalled({ say });
	await ensureBuilt(say);
	const shops = await startShops({ log: say });
	onEnd(async () => await shops.stop());
	const emulator = await startEmulator({
		taskSeconds: 1,
		concurrency: 500,
		clips: 'byProduct',
		sendCallback: async (url, headers, body) =>
			await postCallback(url.replace(PUBLIC_N8N, shops.n8nUrl), headers, body),
	});
	onEnd(async () => await emulator.stop());
	const n8n = await N8n.start({
		installation,
		logFile: argument('log'),
		say,
		env: { ...shops.gate.env, WEBHOOK_URL: `${PUBLIC_N8N}/`, N8N_WEBHOOK_URL: `${PUBLIC_N8N}/` },
	});
	shops.n8nUrl = n8n.url;
	const { api } = n8n;
	await api.signIn(OWNER);
	const { keys, urls } = emulator;
	const credentials = [
		await api.createCredential('Vidu API', 'viduApi', { region: 'custom', baseUrl: urls.vidu, apiKey: keys.vidu }),
		await api.createCredential('Zhipu API', 'zhipuApi', { region: 'custom', baseUrl: urls.zhipu, apiKey: keys.zhipu }),
		await api.createCredential('Header Auth', 'httpHeaderAuth', PIM_KEY),
		await api.createCredential('S3', 's3', {
			endpoint: `https://${HOSTS.storage}`,
			forcePathStyle: true,
			...STORAGE_KEY,
		}),
		await api.createCredential('WooCommerce API', 'wooCommerceApi', { url: WOOCOMMERCE_URL, ...WOOCOMMERCE_KEY }),
		await api.createCredential('Wordpress API', 'wordpressApi', { url: WOOCOMMERCE_URL, ...WORDPRESS_LOGIN }),
		await api.createCredential('Slack account', 'slackApi', { accessToken: SLACK_TOKEN }),
		await api.createCredential('Facebook Graph account', 'facebookGraphApi', { accessToken: INSTAGRAM_TOKEN }),
		await api.createCredential('OpenAI account', 'openAiApi', { apiKey: MODEL_KEY }),
		await api.createCredential('Google Sheets account', 'googleSheetsOAuth2Api', GOOGLE_APP),
		await api.createCredential('Shopify OAuth2 API', 'shopifyOAuth2Api', {
			shopSubdomain: 'your-shop',
			...SHOPIFY_APP,
		}),
	];
	for (const credential of credentials.filter(({ type }) => type.includes('OAuth2')))
		await api.connect(credential, async (url) => {
			const { location, body } = await shops.gate.visit(url);
			if (location === undefined) throw new Error(`No consent at ${url}: ${body}`);
			return location;
		});
	const world: RecipeWorld = { n8n, api, emulator, shops, credentials };
	const checks = new Checks(say, argument('only'));

	const slow = await startEmulator({ taskSeconds: 1 });
	onEnd(async () => await slow.stop());
	const { zhipu } = slow.urls;
	const otherZhipu = await api.createCredential('Zhipu API of the calendar', 'zhipuApi', {
		region: 'custom',
		baseUrl: zhipu,
		apiKey: slow.keys.zhipu,
	});
	const calendar = { ...world, emulator: slow, credentials: [...credentials, otherZhipu] };

	let endCalendar: (() => Promise<void>) | undefined;
	await checks.check('calendar-to-approved-post.json: waits for the clip in the database', async () => {
		endCalendar = await beginCalendar(calendar);
	});
	await checkParameters(checks, world);
	await checkShopify(checks, world);
	await checkShopifyFilms(checks, world);
	await checkWooCommerce(checks, world);
	await checkCallback(checks, world);
	await checkCollector(checks, world);
	await checkFallback(checks, world);
	await checkImport(checks, world);
	await checkFeed(checks, world);
	await checkAgent(checks, world);
	await checkSheet(checks, world);
	await checkStudio(checks, world);
	await checks.check('calendar-to-approved-post.json: is posted after a yes', async () => {
		if (!endCalendar) throw new Error('it did not begin');
		await endCalendar();
	});

	const code = checks.end(argument('report'));
	if (code !== 0) say(['n8n said last:', ...n8n.log.tail(40).map((line) => `    ${line}`)].join('\n'));
	return code;
}

runMain(main);

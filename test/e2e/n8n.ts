/**
 * Parking in real n8ns: callbacks through n8n's own addresses, the Vidu Trigger, kill -9, what waiting costs; 200 events at once; order keys; n8n's MCP server; all operations; the oldest n8n supported.
 *
 *   tsx test/e2e/n8n.ts [--only TEXT] [--report FILE] [--log FILE] [--skip-legacy]
 */
import { startEmulator, type Emulator } from '../emulator';
import { FURNISHED } from '../videos';
import {
	argument,
	Checks,
	ensureBuilt,
	ensureInstalled,
	LEGACY_FOLDER,
	N8n,
	onEnd,
	OWNER,
	runMain,
	type N8nOptions,
} from './harness';
import { checkOperations, checkParkedOperations } from './operations/checks';
import { checkMany } from './many/checks';
import { beginPatientCall, checkMcp, checkMcpKey, checkMcpKeyLater } from './mcp/checks';
import { checkOrderKeys, checkOrderKeysLater } from './orderKeys/checks';
import { checkParkedByHand, checkParking } from './parking/checks';
import { inspectable, measureWaiting } from './parking/measure';
import type { World } from './parking/world';
import { checkRestart } from './restart/checks';

/** n8n 1.x's default way to SQLite mixes up the transactions of requests that come at the same time; 2.x's is this one. */
const POOLED = { DB_SQLITE_POOL_SIZE: '3' };

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
	const installation = await ensureInstalled({ say });
	await ensureBuilt(say);
	const emulator = await startEmulator({ taskSeconds: 3, concurrency: 5_000, ...FURNISHED });
	onEnd(async () => await emulator.stop());
	const checks = new Checks(say, argument('only'));
	await inN8n(emulator, { installation, env: await inspectable() }, async (world, n8n) => {
		const mcp = { world, n8n, installation };
		const endPatientCall = await beginPatientCall(checks, mcp);
		await checkOperations(checks, world);
		await checkParkedOperations(checks, world);
		await checkMcp(checks, mcp);
		const orderedBy = await checkMcpKey(checks, mcp);
		await endPatientCall();
		await checkParking(checks, world, n8n);
		const ordered = await checkOrderKeys(checks, world, n8n);
		await checkMany(checks, world, say);
		await measureWaiting(checks, world, n8n, say);
		await checkRestart(checks, world, n8n);
		await checkOrderKeysLater(checks, world, ordered);
		await checkMcpKeyLater(checks, mcp, orderedBy);
	});
	if (process.argv.includes('--skip-legacy')) say('Left out, as told: the oldest n8n supported');
	else {
		const legacy = await ensureInstalled({ folder: LEGACY_FOLDER, say });
		await inN8n(emulator, { installation: legacy, env: POOLED }, async (world, n8n) => {
			await checkOperations(checks, world);
			await checkParkedOperations(checks, world);
			await checkMcp(checks, { world, n8n, installation: legacy });
			await checkParkedByHand(checks, world);
			await checkOrderKeysLater(checks, world, await checkOrderKeys(checks, world, n8n));
		});
	}
	return checks.end(argument('report'));
}

/** An n8n with an owner and a credential of each kind, for as long as the work takes. */
async function inN8n(
	emulator: Emulator,
	options: N8nOptions,
	work: (world: World, n8n: N8n) => Promise<void>,
): Promise<void> {
	const n8n = await N8n.start({ logFile: argument('log'), say, ...options });
	const { api } = n8n;
	await api.signIn(OWNER);
	const { keys, urls } = emulator;
	const credentials = [
		await api.createCredential('Vidu API', 'viduApi', { region: 'custom', baseUrl: urls.vidu, apiKey: keys.vidu }),
		await api.createCredential('Zhipu API', 'zhipuApi', { region: 'custom', baseUrl: urls.zhipu, apiKey: keys.zhipu }),
		await api.createCredential('Vtrix API', 'vtrixApi', { baseUrl: urls.vtrix, apiKey: keys.vtrix }),
	];
	try {
		await work({ api, emulator, credentials }, n8n);
	} finally {
		await n8n.shutDown();
	}
}

runMain(main);

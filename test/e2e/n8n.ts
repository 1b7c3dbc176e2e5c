/**
 * Parking in real n8ns: callbacks through n8n's own addresses, the Vidu Trigger, kill -9, what waiting costs, and the oldest n8n supported.
 *
 *   tsx test/e2e/n8n.ts [--only TEXT] [--report FILE] [--log FILE] [--without measure,legacy]
 */
import { startEmulator } from '../emulator';
import { argument, Checks, ensureBuilt, ensureInstalled, N8n, onEnd, OWNER, runMain } from './harness';
import { checkParking } from './parking/checks';
import { inspectable, measureWaiting } from './parking/measure';
import type { World } from './parking/world';
import { checkRestart } from './restart/checks';

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
	const installation = await ensureInstalled({ say });
	await ensureBuilt(say);
	const emulator = await startEmulator({ taskSeconds: 3, concurrency: 5_000 });
	onEnd(async () => await emulator.stop());
	const checks = new Checks(say, argument('only'));
	const n8n = await N8n.start({ installation, logFile: argument('log'), env: await inspectable(), say });
	const { api } = n8n;
	await api.signIn(OWNER);
	const credential = await api.createCredential('Vidu API', 'viduApi', { region: 'custom', baseUrl: emulator.urls.vidu, apiKey: emulator.keys.vidu });
	const world: World = { api, emulator, credentials: [credential] };
	await checkParking(checks, world, n8n);
	await measureWaiting(checks, world, n8n, say);
	await checkRestart(checks, world, n8n);
	const code = checks.end(argument('report'));
	if (code !== 0) say(['n8n said last:', ...n8n.log.tail(40).map((line) => `    ${line}`)].join('\n'));
	return code;
}

runMain(main);

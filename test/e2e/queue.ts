/**
 * n8n in queue mode: a main process, two workers and a webhook process on Redis and PostgreSQL. What many parked and many polling executions
 * hold and deliver, what the death of a worker leaves, and that order keys hold across workers.
 *
 *   tsx test/e2e/queue.ts [--only TEXT] [--report FILE] [--log FILE]
 *
 * Redis and PostgreSQL are Debian's, installed through apt-get where they are missing; where that cannot be, all is skipped, with the reason.
 */
import { startEmulator } from '../emulator';
import { argument, Checks, ensureBuilt, ensureInstalled, onEnd, OWNER, runMain } from './harness';
import { checkSharedOrderKeys } from './orderKeys/checks';
import { checkQueue, type QueueWorld } from './queue/checks';
import { startCluster } from './queue/cluster';
import { Held } from './queue/held';
import { Lacking, startServers } from './queue/servers';

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
	const servers = await startServers(say).catch((error: unknown) => {
		if (error instanceof Lacking) return error;
		throw error;
	});
	if (servers instanceof Lacking) {
		say(`Skipped: ${servers.message}\n0 passed, 0 failed`);
		return 0;
	}
	const installation = await ensureInstalled({ say });
	await ensureBuilt(say);
	const emulator = await startEmulator({ concurrency: 5_000 });
	onEnd(async () => await emulator.stop());
	const checks = new Checks(say, argument('only'));
	const cluster = await startCluster({ installation, servers, logFile: argument('log'), say });
	const { api } = cluster.main;
	await api.signIn(OWNER);
	const credential = await api.createCredential('Vidu API', 'viduApi', {
		region: 'custom',
		baseUrl: emulator.urls.vidu,
		apiKey: emulator.keys.vidu,
	});
	const world: QueueWorld = {
		api,
		emulator,
		credentials: [credential],
		cluster,
		held: new Held(servers, cluster.workers),
	};
	await checkQueue(checks, world, say);
	await checkSharedOrderKeys(checks, world);
	if (checks.hasFailed)
		for (const { role, log } of [cluster.main, cluster.webhook, ...cluster.workers])
			say([`n8n ${role} said last:`, ...log.tail(20).map((line) => `    ${line}`)].join('\n'));
	return checks.end(argument('report'));
}

runMain(main);

import { freePort, N8n, type Installation, type Say } from '../harness';
import type { Servers } from './servers';

/** Executions that one worker runs at a time. */
export const SLOTS = 10;

/**
 * How soon a worker's death shows: its jobs stay locked this long, and two looks at the queue later they are given up.
 * n8n's own figures are 60, 10 and 30 seconds.
 */
const LOCK = {
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

/** n8n in queue mode. */
export interface Cluster {
	main: N8n;
	workers: N8n[];
	/** serves all production webhooks and every callback */
	webhook: N8n;
}

export interface ClusterOptions {
	installation: Installation;
	servers: Servers;
	/** n8n's whole logs also go into files of this name: main's own, the others' with an ending */
	logFile?: string;
	say: Say;
}

/** Starts a main process, two workers and a webhook process; each has a user folder of its own, the database is all they share. */
export async function startCluster({ installation, servers, logFile, say }: ClusterOptions): Promise<Cluster> {
	const port = await freePort();
	const webhookUrl = `http://127.0.0.1:${port}/`;
	const env = {
		...servers.env,
		...LOCK,
		EXECUTIONS_MODE: 'queue',
		WEBHOOK_URL: webhookUrl,
		N8N_WEBHOOK_URL: webhookUrl,
		N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
	};
	const options = (name: string) => ({
		installation,
		env,
		say,
		...(logFile === undefined ? {} : { logFile: `${logFile}${name}` }),
	});
	// alone at first: it creates the tables
	const main = await N8n.start(options(''));
	const worker = async (name: string) =>
		await N8n.start({
			...options(name),
			role: 'worker',
			env: { ...env, N8N_CONCURRENCY_PRODUCTION_LIMIT: String(SLOTS) },
		});
	const [webhook, ...workers] = await Promise.all([
		N8n.start({ ...options('.webhook'), role: 'webhook', port }),
		worker('.worker1'),
		worker('.worker2'),
	]);
	return { main, workers, webhook };
}

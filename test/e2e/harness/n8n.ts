import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';

import { N8nApi, type Owner } from './api';
import type { Installation } from './install';
import { REPOSITORY } from './paths';
import { placePackage } from './package';
import { freePort, launch, Log, onEnd, type Running } from './processes';
import { sleep } from '../../until';
import { secondsSince, StepFailed, type Say } from './report';

export const OWNER: Owner = {
	email: 'demo@example.com',
	firstName: 'Demo',
	lastName: 'Owner',
	password: 'Vidu-Demo-1',
};

/** n8n's processes: `main` serves the editor, API and (outside queue mode) everything else. */
export type Role = 'main' | 'worker' | 'webhook';

export interface N8nOptions {
	installation: Installation;
	role?: Role;
	/** n8n's data; a temporary one, removed in the end, unless told. Processes of one queue-mode set may share it */
	userFolder?: string;
	/** the first port to try; any free one unless told */
	port?: number;
	/** settings on top of the quiet ones, for example the queue's and the database's */
	env?: Record<string, string>;
	/** the built package to load; the checkout's unless told; `null` loads none */
	packageFolder?: string | null;
	/** n8n's whole log also goes into this file */
	logFile?: string;
	say?: Say;
	/** how long it may take until n8n is ready */
	readyWithinMs?: number;
}

/** Settings that keep n8n quiet, offline and on this machine. */
const QUIET: Record<string, string> = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false', // the list of verified nodes is fetched from n8n's own servers
	N8N_ONBOARDING_FLOW_DISABLED: 'true',
	N8N_SECURE_COOKIE: 'false', // plain HTTP on this machine
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_HOST: '127.0.0.1',
	N8N_PROTOCOL: 'http',
	N8N_ENCRYPTION_KEY: 'only-for-tests-and-the-demo',
	N8N_LOG_LEVEL: 'info',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
	NO_COLOR: '1',
};

/** Modules of n8n that the tests and the demo do not use: each costs start-up time or asks n8n's own servers. */
const UNUSED_MODULES = [
	'agents',
	'agent-evals',
	'instance-ai',
	'chat-hub',
	'mcp',
	'mcp-registry',
	'insights',
	'workflow-builder',
];

/** n8n refuses names it does not know, and its versions differ. */
function disabledModules(folder: string): string {
	return UNUSED_MODULES.filter((name) => existsSync(join(folder, 'node_modules', 'n8n', 'dist', 'modules', name))).join(
		',',
	);
}

/** A running n8n process. `api` speaks to it as the editor does. */
export class N8n {
	readonly api: N8nApi;
	private process?: Running;
	private readonly isTemporary: boolean;

	private constructor(
		private readonly options: N8nOptions,
		readonly role: Role,
		readonly userFolder: string,
		readonly port: number,
		readonly log: Log,
	) {
		this.isTemporary = options.userFolder === undefined;
		this.api = new N8nApi(this.url);
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get pid(): number | undefined {
		return this.process?.child.pid;
	}

	get isRunning(): boolean {
		return this.process !== undefined && !this.process.isOver;
	}

	/** Starts n8n and waits until it is ready. It is stopped when the program ends, if not before. */
	static async start(options: N8nOptions): Promise<N8n> {
		const userFolder = options.userFolder ?? mkdtempSync(join(tmpdir(), 'n8n-vidu-'));
		mkdirSync(userFolder, { recursive: true });
		if (options.packageFolder !== null) placePackage(userFolder, options.packageFolder ?? REPOSITORY);
		const port = await freePort(options.port);
		const n8n = new N8n(options, options.role ?? 'main', userFolder, port, new Log(options.logFile));
		onEnd(async () => await n8n.stop());
		await n8n.boot();
		return n8n;
	}

	/** Starts it again after `kill` or `shutDown`: same data, same port. */
	async restart(): Promise<void> {
		if (this.isRunning) await this.shutDown();
		await this.boot();
	}

	/** kill -9, task runner included: the power cut. */
	async kill(): Promise<void> {
		await this.process?.kill();
	}

	/** An orderly end; the data stays. */
	async shutDown(): Promise<void> {
		await this.process?.stop();
	}

	/** An orderly end, for good: temporary data is removed. */
	async stop(): Promise<void> {
		await this.shutDown();
		await this.api.close();
		this.log.close();
		if (this.isTemporary) rmSync(this.userFolder, { recursive: true, force: true, maxRetries: 5 });
	}

	private async boot(): Promise<void> {
		const { installation, say = () => {}, readyWithinMs = 120_000 } = this.options;
		const startMs = Date.now();
		const name = this.role === 'main' ? 'n8n' : `n8n ${this.role}`;
		const command = this.role === 'main' ? 'start' : this.role;
		const env = await this.environment();
		const running = launch(installation.node, [installation.command, command], {
			cwd: this.userFolder,
			env,
			log: this.log,
		});
		this.process = running;
		while (!(await this.isReady())) {
			if (running.isOver) {
				const { code, signal } = await running.exited;
				throw new StepFailed(
					`Starting ${name} ${installation.version}`,
					`it ended with ${signal ?? `code ${String(code)}`}`,
					this.log.tail(),
				);
			}
			if (Date.now() - startMs > readyWithinMs) {
				throw new StepFailed(
					`Starting ${name} ${installation.version}`,
					`not ready after ${secondsSince(startMs)}`,
					this.log.tail(),
				);
			}
			await sleep(200);
		}
		say(`${name} ${installation.version} is ready (${secondsSince(startMs)})`);
	}

	private async isReady(): Promise<boolean> {
		return (
			(await this.answers('/healthz/readiness')) && (this.role !== 'main' || (await this.answers('/rest/settings')))
		);
	}

	private async answers(path: string): Promise<boolean> {
		try {
			const { statusCode, headers, body } = await request(this.url + path, { headersTimeout: 2_000 });
			await body.dump();
			return statusCode === 200 && String(headers['content-type']).includes('json'); // while starting, n8n sends a waiting page
		} catch {
			return false; // not listening yet
		}
	}

	private async environment(): Promise<NodeJS.ProcessEnv> {
		// a developer's own settings of n8n and npm must not reach this one, nor the keys of real APIs
		const inherited = Object.fromEntries(
			Object.entries(process.env).filter(
				([name]) => !/^(N8N_|DB_|QUEUE_|EXECUTIONS_|VIDU_|ZHIPU_|VTRIX_|npm_|NODE_OPTIONS)/i.test(name),
			),
		);
		const brokerPort = await freePort(0, new Set([this.port]));
		return {
			...inherited,
			...QUIET,
			N8N_USER_FOLDER: this.userFolder,
			N8N_DISABLED_MODULES: disabledModules(this.options.installation.folder),
			N8N_PORT: String(this.port),
			N8N_RUNNERS_BROKER_PORT: String(brokerPort),
			WEBHOOK_URL: `${this.url}/`, // n8n 1.x
			N8N_WEBHOOK_URL: `${this.url}/`,
			N8N_EDITOR_BASE_URL: `${this.url}/`,
			NO_PROXY: ['127.0.0.1', 'localhost', process.env.NO_PROXY ?? process.env.no_proxy].filter(Boolean).join(','),
			// on an older Node the default engine has no prebuilt binary (isolated-vm); only n8n 1.x runs there
			...(Number(this.options.installation.nodeVersion.split('.')[0]) < 22 ? { N8N_EXPRESSION_ENGINE: 'legacy' } : {}),
			...(this.role === 'worker'
				? {
						QUEUE_HEALTH_CHECK_ACTIVE: 'true',
						QUEUE_HEALTH_CHECK_PORT: String(this.port),
						N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
					}
				: {}),
			...this.options.env,
		};
	}
}

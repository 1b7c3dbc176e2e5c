import type { AccountSettings } from './core/account';
import type { Fault } from './core/faults';
import type { EmulatorRequest, ProviderName, Reply, Service } from './core/messages';
import { jsonReply, PROVIDERS, readBody } from './core/messages';
import { splitTarget } from './core/service';
import type { Task } from './core/tasks';
import type { Outage, OutageTarget, Settings, ViduManner, World } from './core/world';
import type { Callbacks } from './vidu/callbacks';

export interface OutageOptions {
	target: OutageTarget;
	seconds: number;
	/** Default `503`. */
	how?: Outage['how'];
}

/** The hand on the emulator, in process. Also over HTTP, see README.md. */
export class Control {
	constructor(
		private readonly world: World,
		private readonly callbacks: Callbacks,
	) {}

	/** Queues faults; the first that matches a request fires. */
	fault(...faults: Fault[]): void {
		for (const fault of faults) this.world.faults.add(fault);
	}

	/** Faults that have not fired as often as asked. */
	pendingFaults(): Fault[] {
		return this.world.faults.pending();
	}

	clearFaults(): void {
		this.world.faults.clear();
	}

	/** Everything of the target answers 503, or nobody listens on its port, for that many seconds of the clock. */
	outage({ target, seconds, how = '503' }: OutageOptions): void {
		this.world.startOutage(target, how, seconds);
	}

	endOutage(target: OutageTarget): void {
		this.world.endOutage(target);
	}

	/** Opens a second key, or changes balance, limit or manner of one. Returns the key. */
	setAccount(provider: ProviderName, settings: Partial<AccountSettings>, key = this.world.keys[provider]): string {
		const account = this.world.account(provider, key);
		if (account === undefined) this.world.addAccount(provider, key, settings);
		else Object.assign(account, settings);
		return key;
	}

	/** Changes options of the running emulator; for tasks not yet created. */
	set({ vidu, ...settings }: Partial<Omit<Settings, 'vidu'>> & { vidu?: Partial<ViduManner> }): void {
		Object.assign(this.world.settings, settings);
		Object.assign(this.world.settings.vidu, vidu);
	}

	/** Tasks ordered from now on stay in this state until they are ended by hand. */
	holdTasks(at: 'queueing' | 'processing' = 'processing'): void {
		this.fault({ do: 'stickTask', at, times: 'always' });
	}

	/** Ends the open tasks well, now: all, or those meant. */
	finishTasks(isMeant: (task: Task) => boolean = () => true): void {
		for (const board of Object.values(this.world.boards))
			for (const task of board.all().filter(isMeant)) board.finish(task);
	}

	/** Ends a task well, now. */
	finishTask(id: string): void {
		const task = this.find(id);
		this.world.boards[task.provider].finish(task);
	}

	/** Ends a task badly, now, with the provider's own code. */
	failTask(id: string, errCode: string): void {
		const task = this.find(id);
		this.world.boards[task.provider].fail(task, errCode);
	}

	/** Sends a callback for a task now: its present state or a made-up one, rightly or wrongly signed. */
	async sendCallback(id: string, what: { state?: string; forged?: boolean } = {}): Promise<void> {
		await this.callbacks.sendNow(this.find(id), what);
	}

	/** No tasks, no faults, empty journal, full balances; settings stay. */
	reset(): void {
		this.world.reset();
	}

	private find(id: string): Task {
		for (const provider of PROVIDERS) {
			const task = this.world.boards[provider].find(id);
			if (task) return task;
		}
		throw new Error(`There is no task ${id}`);
	}
}

/** The control object over HTTP, JSON in and out. */
export function createControlService(world: World, control: Control): Service {
	return {
		async handle(request: EmulatorRequest): Promise<Reply> {
			const { path } = splitTarget(request.target);
			const body = await readBody(request.body);
			try {
				return jsonReply(
					200,
					await run(`${request.method.toUpperCase()} ${path}`, body.bytes === 0 ? {} : body.json()),
				);
			} catch (error) {
				return jsonReply(400, { error: (error as Error).message });
			}
		},
	};

	async function run(what: string, body: unknown): Promise<unknown> {
		const message = body as Record<string, never>;
		const task = /^POST \/tasks\/([^/]+)\/(finish|fail|callback)$/.exec(what);
		if (task) {
			const [, id, action] = task;
			if (action === 'finish') control.finishTask(id);
			else if (action === 'fail') control.failTask(id, message.errCode ?? 'InternalServiceFailure');
			else await control.sendCallback(id, message);
			return world.journal.task(id);
		}
		switch (what) {
			case 'GET /':
			case 'GET /urls':
				return { urls: world.urls, keys: world.keys };
			case 'GET /journal':
				return world.journal;
			case 'POST /reset':
				control.reset();
				return {};
			case 'GET /faults':
				return control.pendingFaults();
			case 'POST /faults':
				control.fault(...([body].flat() as Fault[]));
				return control.pendingFaults();
			case 'DELETE /faults':
				control.clearFaults();
				return [];
			case 'POST /outage':
				control.outage(message as unknown as OutageOptions);
				return {};
			case 'POST /accounts':
				return { key: control.setAccount(message.provider, message.settings, message.key) };
			case 'POST /settings':
				control.set(message);
				return world.settings;
			default:
				throw new Error(`${what} is not a control endpoint`);
		}
	}
}

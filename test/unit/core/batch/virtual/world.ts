import type { Operation } from '../../../../../lib/catalogue/operations';
import {
	runBatch,
	type BatchParts,
	type BatchSettings,
	type Outcome,
	type BatchItem,
} from '../../../../../lib/core/batch';
import { AccountPool } from '../../../../../lib/core/account/pool';
import type { Leaf } from '../../../../../lib/core/body';
import { readJson } from '../../../../../lib/core/json';
import { Ledger } from '../../../../../lib/core/batch/ledger';
import type { Clock } from '../../../../../lib/core/clock';
import { NoReply, type Http } from '../../../../../lib/core/http';
import type { Provider } from '../../../../../lib/core/provider';
import { vidu } from '../../../../../lib/providers/vidu';
import { vtrix } from '../../../../../lib/providers/vtrix';
import { zhipu } from '../../../../../lib/providers/zhipu';
import {
	ConnectionLost,
	createEmulator,
	readReply,
	seedRandom,
	VirtualClock,
	type Emulator,
	type EmulatorOptions,
	type ProviderName,
	type RequestRecord,
	type TaskRecord,
} from '../../../../emulator';

/** A provider, its clients and their clock, all in memory: an hour of waiting passes in milliseconds. */

export const PROVIDERS: readonly ProviderName[] = ['vidu', 'zhipu', 'vtrix'];
const ADAPTERS: Record<ProviderName, Provider> = { vidu, zhipu, vtrix };
const SCHEMES: Record<ProviderName, string> = { vidu: 'Token', zhipu: 'Bearer', vtrix: 'Bearer' };

const MINUTE_MS = 60_000;

const SETTINGS: BatchSettings = {
	until: 'ended',
	maxWaitMs: 30 * MINUTE_MS,
	noun: { one: 'video', many: 'videos', title: 'Videos' },
	cancelOnStop: true,
};

export interface RunOptions extends Partial<BatchSettings> {
	/** The ledger's store; hand in the same one for another try. */
	entries?: Record<string, unknown>;
	/** Hears what the ledger warns of. */
	warn?: (message: string) => void;
	runIndex?: number;
	execution?: string;
	/** Press Stop this long after the start. */
	stopAfterMs?: number;
	/** Stop was pressed before. */
	isStopped?: boolean;
	finish?: BatchParts<string>['finish'];
	/** Hears of every task, beside the world. */
	onTask?: BatchParts<string>['onTask'];
	keys?: BatchParts<string>['keys'];
	/** A key other than the emulator's. */
	key?: string;
	/** The account, where several runs share it. */
	pool?: AccountPool;
	/** Another way to the service, such as one with a fault of its own. */
	http?: (usual: Http) => Http;
}

export interface VirtualRun {
	outcomes: Array<Outcome<string>>;
	/** From the call to its answer. */
	tookMs: number;
	startedAtMs: number;
	endedAtMs: number;
}

export class VirtualWorld {
	readonly clock = new VirtualClock();
	readonly emulator: Emulator;
	readonly provider: Provider;
	/** What the batch told as created: item and id. */
	readonly told: Array<{ itemIndex: number; taskId: string }> = [];
	private readonly chance: () => number;

	constructor(
		readonly name: ProviderName,
		options: EmulatorOptions = {},
	) {
		this.emulator = createEmulator({ clock: this.clock, taskSeconds: 60, ...options });
		this.provider = ADAPTERS[name];
		this.chance = seedRandom(options.seed ?? 1);
	}

	/** Jobs that the emulator takes. Every prompt names its item, so that a task can be traced to it. */
	works(count: number, patch: Partial<BatchItem> = {}): BatchItem[] {
		return Array.from({ length: count }, (_, itemIndex) => this.work(itemIndex, patch));
	}

	work(itemIndex: number, patch: Partial<BatchItem> = {}, addition = ''): BatchItem {
		const prompt = promptOf(itemIndex) + addition;
		const isImage = this.name === 'vtrix';
		const operation: Operation = isImage ? 'imageToVideo' : 'textToVideo';
		const model = { vidu: 'viduq3-turbo', zhipu: 'cogvideox-3', vtrix: 'vidu20_img2video' }[this.name];
		return {
			itemIndex,
			typicalSeconds: 60,
			job: {
				itemIndex,
				operation,
				model,
				request: this.provider.submit({
					...{ operation, model, path: '/ent/v2/text2video', fields: { prompt } },
					inputs: isImage ? { images: [image('https://shop.example/sneaker.png')] } : {},
				}),
				typicalSeconds: 60,
				fingerprint: `${this.name} ${prompt}`,
				origin: `from ${this.name} ${itemIndex} ${addition}`,
			},
			...patch,
		};
	}

	async run(works: readonly BatchItem[], options: RunOptions = {}): Promise<VirtualRun> {
		return await this.clock.runUntil(this.start(works, options));
	}

	/** An account that several runs share. */
	newPool(): AccountPool {
		return new AccountPool(this.batchClock());
	}

	/** Like `run`, for runs beside each other: somebody has to let the clock run. */
	async start(works: readonly BatchItem[], options: RunOptions = {}): Promise<VirtualRun> {
		const {
			entries = {},
			runIndex = 0,
			execution = '1',
			warn,
			stopAfterMs,
			isStopped,
			finish,
			onTask,
			keys,
			key,
			http,
			pool,
			...settings
		} = options;
		const stop = new AbortController();
		if (stopAfterMs !== undefined) this.clock.setTimer(stopAfterMs, () => stop.abort());
		if (isStopped) stop.abort();
		const startedAtMs = this.clock.nowMs();
		const outcomes = await runBatch<string>(
			works,
			{ ...SETTINGS, ...settings },
			{
				provider: this.provider,
				http: http ? http(this.http(key)) : this.http(key),
				clock: this.batchClock(),
				ledger: new Ledger(entries, runIndex, execution, warn),
				signal: stop.signal,
				onTask: (item, taskId) => {
					this.told.push({ itemIndex: item.itemIndex, taskId });
					onTask?.(item, taskId);
				},
				...(finish ? { finish } : {}),
				...(keys ? { keys } : {}),
			},
			pool,
		);
		const endedAtMs = this.clock.nowMs();
		return { outcomes, tookMs: endedAtMs - startedAtMs, startedAtMs, endedAtMs };
	}

	get counts() {
		return this.emulator.journal.counts(this.name);
	}

	get tasks(): TaskRecord[] {
		return this.emulator.journal.tasks.filter(({ provider }) => provider === this.name);
	}

	requests(kind: RequestRecord['kind']): RequestRecord[] {
		return this.emulator.journal.requests.filter((request) => request.kind === kind);
	}

	/** Tasks made for each item, by the prompt they carry. */
	tasksOf(itemIndex: number): TaskRecord[] {
		return this.tasks.filter(({ input }) => String(input.prompt).startsWith(promptOf(itemIndex)));
	}

	/** Most requests of any kind within one second, wherever that second begins. */
	get mostInOneSecond(): number {
		const atMs = this.emulator.journal.requests.map((request) => request.atMs);
		let most = 0;
		for (let last = 0, first = 0; last < atMs.length; last += 1) {
			while (atMs[last] - atMs[first] >= 1000) first += 1;
			most = Math.max(most, last - first + 1);
		}
		return most;
	}

	batchClock(): Clock {
		const { clock, chance } = this;
		return {
			nowMs: () => clock.nowMs(),
			random: chance,
			sleep: async (ms, signal) => {
				if (signal?.aborted) return;
				await new Promise<void>((resolve) => {
					const cancel = clock.setTimer(ms, resolve);
					signal?.addEventListener(
						'abort',
						() => {
							cancel();
							resolve();
						},
						{ once: true },
					);
				});
			},
		};
	}

	/** What n8n's HTTP helper makes of the network: a reply, or silence that was sent or not. */
	http(key = this.emulator.keys[this.name]): Http {
		const { emulator, clock, name } = this;
		return {
			async send({ method, path, body, headers, timeoutMs = 300_000 }) {
				let hangUp = () => {};
				let cancel = () => {};
				const timedOut = new Promise<never>((_, reject) => {
					cancel = clock.setTimer(timeoutMs, () => {
						hangUp();
						reject(new NoReply('The connection ended with ECONNABORTED.', true));
					});
				});
				const answered = emulator.send({
					method,
					target: emulator.urls[name] + path,
					headers: {
						...headers,
						Authorization: `${SCHEMES[name]} ${key}`,
						...(body ? { 'Content-Type': 'application/json' } : {}),
					},
					...(body ? { body } : {}),
					// all that the emulator looks at; a real one costs more than the request
					signal: {
						addEventListener: (_: 'abort', listener: () => void) => (hangUp = listener),
					} as unknown as AbortSignal,
				});
				try {
					const reply = await Promise.race([answered, timedOut]);
					const text = (await readReply(reply)).toString();
					return { status: reply.status, headers: reply.headers, body: readJson(text) };
				} catch (cause) {
					if (!(cause instanceof ConnectionLost)) throw cause;
					throw new NoReply(`The connection ended with ${cause.code}.`, cause.code !== 'ECONNREFUSED');
				} finally {
					cancel();
				}
			},
		};
	}
}

export const promptOf = (itemIndex: number): string => `Video of item ${itemIndex}.`;

export function image(url: string): Leaf {
	return { identity: url, wireLength: url.length, load: async () => url };
}

export { seedRandom as chanceFrom };

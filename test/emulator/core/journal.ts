import type { Account } from './account';
import type { Clock } from './clock';
import type { ProviderName, RequestKind } from './messages';
import { PROVIDERS } from './messages';
import type { Task, TaskBoard, TaskState } from './tasks';

export interface RequestRecord {
	/** 1 for the first request since start or reset. */
	n: number;
	provider: ProviderName | 'images';
	kind: RequestKind;
	method: string;
	/** Request target as sent: path and query. */
	path: string;
	key?: string;
	taskId?: string;
	/** Clock time, milliseconds. */
	atMs: number;
	/** When the last byte was handed over; absent while in flight. */
	endedAtMs?: number;
	/** HTTP status, or what happened to the connection. */
	status?: number | 'reset' | 'refused' | 'aborted';
	/** The provider's own error code, when it refused. */
	errCode?: string;
	/** The fault that hit it. */
	fault?: string;
	/** Submits only: the parsed body; long data URIs shortened. */
	body?: unknown;
	bodyBytes?: number;
}

export interface TaskRecord {
	provider: ProviderName;
	id: string;
	ordinal: number;
	key: string;
	operation: string;
	model: string;
	state: TaskState;
	errCode?: string;
	cancelled: boolean;
	/** Vidu credits, Zhipu yuan, Vtrix dollars. `charged` is what stays charged. */
	charged: number;
	refunded: number;
	createdAtMs: number;
	startedAtMs?: number;
	finishedAtMs?: number;
	polls: number;
	downloads: number;
	/** The request with the defaults the provider filled in. */
	input: Readonly<Record<string, unknown>>;
}

export interface CallbackRecord {
	taskId: string;
	url: string;
	state: string;
	attempt: number;
	atMs: number;
	/** HTTP status of the receiver, or `lost` (fault) or `failed` (no answer). */
	status: number | 'lost' | 'failed';
	forged: boolean;
}

/** A request that carried a key to a host that must never see one. */
export interface KeyLeak {
	atMs: number;
	host: 'cdn' | 'images';
	path: string;
	/** The header as received. */
	authorization: string;
}

export interface Counts {
	/** Submit requests received, whatever became of them. */
	submits: number;
	created: number;
	succeeded: number;
	failed: number;
	cancelled: number;
	/** Not ended yet. */
	unfinished: number;
	/** What stays charged after refunds. */
	charged: number;
	asks: number;
	/** Downloads answered with 200 or 206. */
	downloads: number;
	callbacks: number;
	keyLeaks: number;
	/** Answers of 400 and above that no fault caused. */
	refusals: number;
}

/** Everything that happened since start or reset, in order. */
export class Journal {
	readonly requests: RequestRecord[] = [];
	readonly callbacks: CallbackRecord[] = [];
	readonly keyLeaks: KeyLeak[] = [];
	/** Most requests open at one moment, by provider and kind, for example `vidu.submit`. */
	readonly maxInFlight: Record<string, number> = {};
	/** Most unfinished tasks at one moment, per provider. */
	readonly maxTasks: Partial<Record<ProviderName, number>> = {};
	private readonly inFlight: Record<string, number> = {};

	constructor(
		private readonly clock: Clock,
		private readonly boards: Record<ProviderName, TaskBoard>,
		private readonly accounts: () => Account[],
	) {}

	/** Tasks in the order they were created, per provider. */
	get tasks(): TaskRecord[] {
		return PROVIDERS.flatMap((provider) => this.boards[provider].all().map(recordOf));
	}

	task(id: string): TaskRecord | undefined {
		for (const provider of PROVIDERS) {
			const task = this.boards[provider].find(id);
			if (task) return recordOf(task);
		}
		return undefined;
	}

	/** Totals, of one provider or of all. */
	counts(provider?: ProviderName): Counts {
		const tasks = this.tasks.filter((task) => provider === undefined || task.provider === provider);
		const requests = this.requests.filter((request) => provider === undefined || request.provider === provider);
		const ids = new Set(tasks.map((task) => task.id));
		return {
			submits: requests.filter(({ kind }) => kind === 'submit').length,
			created: tasks.length,
			succeeded: tasks.filter(({ state }) => state === 'success').length,
			failed: tasks.filter(({ state, cancelled }) => state === 'failed' && !cancelled).length,
			cancelled: tasks.filter(({ cancelled }) => cancelled).length,
			unfinished: tasks.filter(({ state }) => state !== 'success' && state !== 'failed').length,
			charged: Math.round(tasks.reduce((sum, { charged }) => sum + charged, 0) * 10_000) / 10_000,
			asks: requests.filter(({ kind }) => kind === 'ask').length,
			downloads: requests.filter(({ kind, status }) => kind === 'download' && (status === 200 || status === 206))
				.length,
			callbacks: this.callbacks.filter(
				({ taskId, status }) => status !== 'lost' && (provider === undefined || ids.has(taskId)),
			).length,
			keyLeaks: this.keyLeaks.length,
			refusals: requests.filter(
				({ status, fault }) => typeof status === 'number' && status >= 400 && fault === undefined,
			).length,
		};
	}

	/** Requests that arrived per second of the clock: `[second since the first request, count]`, only seconds with any. */
	requestsPerSecond(provider?: ProviderName, kind?: RequestKind): [second: number, count: number][] {
		const perSecond = new Map<number, number>();
		const firstMs = this.requests[0]?.atMs ?? 0;
		for (const request of this.requests) {
			if ((provider !== undefined && request.provider !== provider) || (kind !== undefined && request.kind !== kind))
				continue;
			const second = Math.floor((request.atMs - firstMs) / 1000);
			perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
		}
		return [...perSecond];
	}

	/** What each key was charged and given back, and what is left. */
	balances(): { provider: ProviderName; key: string; credits: number; charged: number; refunded: number }[] {
		return this.accounts().map(({ provider, key, credits, charged, refunded }) => ({
			provider,
			key,
			credits,
			charged,
			refunded,
		}));
	}

	/** Plain data for the control endpoint. */
	toJSON(): Record<string, unknown> {
		return {
			counts: this.counts(),
			byProvider: Object.fromEntries(PROVIDERS.map((provider) => [provider, this.counts(provider)])),
			balances: this.balances(),
			tasks: this.tasks,
			requests: this.requests,
			callbacks: this.callbacks,
			keyLeaks: this.keyLeaks,
			maxInFlight: this.maxInFlight,
			maxTasks: this.maxTasks,
			requestsPerSecond: this.requestsPerSecond(),
		};
	}

	open(request: Omit<RequestRecord, 'n' | 'atMs'>): RequestRecord {
		const record: RequestRecord = { n: this.requests.length + 1, atMs: this.clock.nowMs(), ...request };
		this.requests.push(record);
		const slot = `${record.provider}.${record.kind}`;
		this.inFlight[slot] = (this.inFlight[slot] ?? 0) + 1;
		this.maxInFlight[slot] = Math.max(this.maxInFlight[slot] ?? 0, this.inFlight[slot]);
		return record;
	}

	close(record: RequestRecord, status: NonNullable<RequestRecord['status']>): void {
		if (record.endedAtMs !== undefined) return;
		record.status = status;
		record.endedAtMs = this.clock.nowMs();
		const slot = `${record.provider}.${record.kind}`;
		this.inFlight[slot] = Math.max(0, (this.inFlight[slot] ?? 0) - 1);
	}

	noteTasks(provider: ProviderName): void {
		let unfinished = 0;
		for (const account of this.accounts()) if (account.provider === provider) unfinished += account.unfinished.size;
		this.maxTasks[provider] = Math.max(this.maxTasks[provider] ?? 0, unfinished);
	}

	noteCallback(callback: CallbackRecord): void {
		this.callbacks.push(callback);
	}

	noteKeyLeak(leak: Omit<KeyLeak, 'atMs'>): void {
		this.keyLeaks.push({ atMs: this.clock.nowMs(), ...leak });
	}

	clear(): void {
		this.requests.length = 0;
		this.callbacks.length = 0;
		this.keyLeaks.length = 0;
		for (const record of [this.maxInFlight, this.maxTasks, this.inFlight] as Record<string, unknown>[]) {
			for (const name of Object.keys(record)) delete record[name];
		}
	}
}

function recordOf(task: Task): TaskRecord {
	const {
		provider,
		id,
		ordinal,
		account,
		operation,
		model,
		state,
		errCode,
		cancelled,
		charge,
		refunded,
		createdAtMs,
		startedAtMs,
		finishedAtMs,
		polls,
		downloads,
		input,
	} = task;
	return {
		provider,
		id,
		ordinal,
		key: account.key,
		operation,
		model,
		state,
		errCode,
		cancelled,
		charged: charge - refunded,
		refunded,
		createdAtMs,
		startedAtMs,
		finishedAtMs,
		polls,
		downloads,
		input,
	};
}

/** Keeps bodies small in the journal: a data URI of more than 200 characters becomes its start and its length. */
export function shortenImages(value: unknown): unknown {
	// Through a Buffer: a slice would keep the whole image in memory.
	if (typeof value === 'string')
		return value.length > 200 && value.startsWith('data:')
			? `${Buffer.from(value.slice(0, 40)).toString()}…(${value.length} characters)`
			: value;
	if (Array.isArray(value)) return value.map(shortenImages);
	if (typeof value === 'object' && value !== null)
		return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortenImages(inner)]));
	return value;
}

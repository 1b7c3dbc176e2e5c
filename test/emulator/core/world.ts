import type { Clock } from './clock';
import { OwnedClock, wallClock } from './clock';
import type { AccountSettings, WhenFull } from './account';
import { Account } from './account';
import { Journal } from './journal';
import { FaultQueue } from './faults';
import type { FetchImage } from './images';
import type { ProviderName, RequestKind } from './messages';
import { PROVIDERS } from './messages';
import type { Random } from './random';
import { seedRandom } from './random';
import type { Clip, TaskTiming } from './tasks';
import { TaskBoard } from './tasks';

/** One value for all providers, or one each. */
export type PerProvider<T> = T | Partial<Record<ProviderName, T>>;

/** The endpoint that made it. */
export type KeptFilm = 'ad-one-click' | 'one-click/mv' | 'one-click/general_one_click';

/** How Vidu answers where sources differ. */
export interface ViduManner {
	/**
	 * GET /tasks repeats the images as sent, data URIs included, as its page says of `images`. Off, they come back
	 * shortened, and no image stays in memory. Default true.
	 */
	echoInQueries: boolean;
	/** HTTP status of a wrong key. Default 401, as documented; a made-up key got 403 from the global host (docs/api/vidu.md#hosts-and-keys). */
	wrongKeyStatus: 401 | 403;
	/** HTTP status where credits do not suffice. Default 400, as documented; clients' fixtures have 402 and a `code` in words (docs/api/vidu.md#errors). */
	noCreditsStatus: 400 | 402;
	/** `created_at` as the pages have it (default), or as a number, seen at gateways that pass Vidu's answers on (docs/api/vidu.md#common-fields). */
	createdAt: 'iso' | 'unixSeconds';
	/** State of a cancelled task; no page says. Default `failed`. */
	cancelledState: 'failed' | 'canceled' | 'cancelled';
	/** Clips cost so many times what the page says: prices moved three times in 2026 (docs/api/vidu.md#prices). Default 1. */
	priceFactor: number;
	/** Whose prices clips have, where the pages of the two hosts differ (docs/api/vidu.md#prices). Default `global`. */
	region: 'global' | 'china';
	/** Speech and cloned voices are not ready at once: the answer says `queueing`, and the task is asked about (docs/api/vidu.md#speech). Default false. */
	queuesSpeech: boolean;
}

export interface EmulatorOptions {
	/** From getting a place to the end, seconds. Default 2. A function sees the task and draws from the seeded chance. */
	taskSeconds?: TaskTiming['taskSeconds'];
	/** Share of that time spent as created, then queueing, when Vidu tasks can still be cancelled. Default 0.1. */
	queueShare?: number;
	/** Tasks (and the pauses between callback retries) run this many times faster. Dates, URL lifetimes, hangs and outages do not. Default 1. */
	timeScale?: number;
	/** Tasks at once per key. Default: Vidu 5, Zhipu 5, Vtrix 20. */
	concurrency?: PerProvider<number>;
	/** Default: Vidu queues, the others refuse. */
	whenFull?: PerProvider<WhenFull>;
	/** Balance per key: Vidu credits, Zhipu yuan, Vtrix dollars. Default 1,000,000. */
	credits?: PerProvider<number>;
	/** API keys to accept. Default one per provider, see `Emulator.keys`. */
	keys?: PerProvider<string>;
	/** Zhipu speaks as Z.AI instead of BigModel: cogvideox-3 only, two images need speed. Default false. */
	zai?: boolean;
	/**
	 * Vidu refuses fields that its pages call without effect on the model, so that no client promises what the model
	 * does not do. The service ignores them, and its own samples send some. Default false.
	 */
	lint?: boolean;
	/** IDs of subjects that each Vidu account has kept from the start. Default none. */
	keptSubjects?: readonly string[];
	/** Films that the account of the first Vidu key has kept from the start, by ID, each of 15 seconds. Default none. */
	keptFilms?: Readonly<Record<string, KeptFilm>>;
	/** How Vidu answers where sources differ. */
	vidu?: Partial<ViduManner>;
	/** Fetch images given as loopback URLs and check them too. Default false. */
	fetchImages?: boolean;
	/** Lifetime of signed URLs, seconds. Default 86,400 (docs/api/vidu.md#links). */
	urlSeconds?: number;
	/** Lifetime of signed URLs of Vidu's covers, seconds. Default 3,600, and never beyond `urlSeconds` (docs/api/vidu.md#links). */
	coverUrlSeconds?: number;
	/** How Vidu and Vtrix answer a body above 20 MB: 400 in their own words (default), or an HTML 413 as a gateway before them would. */
	tooLargeStatus?: 400 | 413;
	/** Put a bare apostrophe into signed URLs. Off, because WHATWG URL, and so fetch, undici and axios, turn it into %27 on their own. */
	rawQuoteInUrls?: boolean;
	/** Serve videos of this many bytes: the real one, then a `free` box, streamed. */
	videoBytes?: number;
	/** `same`: every task ends in the same video. `byProduct`: in a clip, marked as a demo, of the product that its images show or its prompt names. Default `same`. */
	clips?: 'same' | 'byProduct';
	/** Time to answer any API request, milliseconds. Default 0. */
	latencyMs?: number | ((kind: RequestKind, random: Random) => number);
	/** Pauses before the retries of a terminal callback, seconds; Vidu promises three and no interval. Default [1, 2, 4]. */
	callbackRetrySeconds?: number[];
	/** Same seed, same ids and chance. Default 1. */
	seed?: number;
	/** Default: the wall clock. */
	clock?: Clock;
	/** Sends callbacks; default real HTTP. A bench on a virtual clock hands in its own receiver. */
	sendCallback?: (url: string, headers: Record<string, string>, body: string) => Promise<number>;
	/** Where the emulator says what it does not expect, such as its own bugs. Default console.error. */
	log?: (line: string) => void;
}

export interface Settings extends TaskTiming {
	zai: boolean;
	lint: boolean;
	keptSubjects: readonly string[];
	keptFilms: Readonly<Record<string, KeptFilm>>;
	vidu: ViduManner;
	fetchImages: boolean;
	urlSeconds: number;
	coverUrlSeconds: number;
	tooLargeStatus: 400 | 413;
	rawQuoteInUrls: boolean;
	videoBytes: number | undefined;
	clips: 'same' | 'byProduct';
	latencyMs: number | ((kind: RequestKind, random: Random) => number);
	callbackRetrySeconds: number[];
}

export interface Outage {
	untilMs: number;
	/** `503`: every request answers an HTML 503. `refuse`: nobody listens on the port. */
	how: '503' | 'refuse';
}
export type OutageTarget = ProviderName | 'cdn';

export const DEFAULT_KEYS: Record<ProviderName, string> = {
	vidu: 'vda_0123456789abcdefemulator',
	zhipu: '0123456789abcdef0123456789abcdef.emulatorSecret1',
	vtrix: 'sk-0123456789abcdefemulator',
};
const DEFAULT_CONCURRENCY: Record<ProviderName, number> = { vidu: 5, zhipu: 5, vtrix: 20 };
const DEFAULT_WHEN_FULL: Record<ProviderName, WhenFull> = { vidu: 'queue', zhipu: 'refuse', vtrix: 'refuse' };

/** Everything the providers share: time, chance, accounts, tasks, faults, journal. */
export class World {
	readonly clock: OwnedClock;
	readonly random: Random;
	readonly settings: Settings;
	readonly faults = new FaultQueue();
	readonly boards: Record<ProviderName, TaskBoard>;
	readonly journal: Journal;
	readonly outages = new Map<OutageTarget, Outage>();
	readonly outageListeners: ((target: OutageTarget) => void)[] = [];
	readonly keys: Record<ProviderName, string>;
	readonly log: (line: string) => void;
	/** Set by the server when images may be fetched over HTTP. */
	fetchImage: FetchImage | undefined;
	/** The clip of a product for a submit's body; asked when `clips` is `byProduct`. */
	clipFor: ((request: unknown) => Clip) | undefined;
	/** Where the services answer; the server puts its ports in. */
	readonly urls = {
		vidu: 'http://vidu.emulator',
		zhipu: 'http://zhipu.emulator/api/paas/v4',
		vtrix: 'http://vtrix.emulator',
		cdn: 'http://cdn.emulator',
		images: 'http://images.emulator',
		control: 'http://control.emulator',
	};
	private readonly accounts = new Map<string, Account>();
	private readonly initial: [ProviderName, string, AccountSettings][] = [];

	constructor(readonly options: EmulatorOptions) {
		this.clock = new OwnedClock(options.clock ?? wallClock);
		this.random = seedRandom(options.seed ?? 1);
		this.log = options.log ?? ((line) => console.error(line));
		this.settings = {
			taskSeconds: options.taskSeconds ?? 2,
			queueShare: options.queueShare ?? 0.1,
			timeScale: options.timeScale ?? 1,
			zai: options.zai ?? false,
			lint: options.lint ?? false,
			keptSubjects: options.keptSubjects ?? [],
			keptFilms: options.keptFilms ?? {},
			vidu: {
				echoInQueries: true,
				wrongKeyStatus: 401,
				noCreditsStatus: 400,
				createdAt: 'iso',
				cancelledState: 'failed',
				priceFactor: 1,
				region: 'global',
				queuesSpeech: false,
				...options.vidu,
			},
			fetchImages: options.fetchImages ?? false,
			urlSeconds: options.urlSeconds ?? 86_400,
			coverUrlSeconds: options.coverUrlSeconds ?? 3_600,
			tooLargeStatus: options.tooLargeStatus ?? 400,
			rawQuoteInUrls: options.rawQuoteInUrls ?? false,
			videoBytes: options.videoBytes,
			clips: options.clips ?? 'same',
			latencyMs: options.latencyMs ?? 0,
			callbackRetrySeconds: options.callbackRetrySeconds ?? [1, 2, 4],
		};
		const board = (provider: ProviderName): TaskBoard =>
			new TaskBoard(provider, this.clock, this.random, this.settings, provider === 'vidu');
		this.boards = { vidu: board('vidu'), zhipu: board('zhipu'), vtrix: board('vtrix') };
		this.journal = new Journal(this.clock, this.boards, () => [...this.accounts.values()]);
		for (const provider of PROVIDERS) this.boards[provider].onChange(() => this.journal.noteTasks(provider));
		this.keys = { ...DEFAULT_KEYS };
		for (const provider of PROVIDERS) {
			this.keys[provider] = pick(options.keys, provider) ?? DEFAULT_KEYS[provider];
			const settings = this.defaultAccount(provider);
			this.initial.push([provider, this.keys[provider], settings]);
		}
		this.openAccounts();
	}

	account(provider: ProviderName, key: string | undefined): Account | undefined {
		return key === undefined ? undefined : this.accounts.get(`${provider} ${key}`);
	}

	/** Opens one more account, for example of a second key; it lasts until reset. */
	addAccount(provider: ProviderName, key: string, settings: Partial<AccountSettings> = {}): Account {
		const account = new Account(provider, key, { ...this.defaultAccount(provider), ...settings });
		this.accounts.set(`${provider} ${key}`, account);
		return account;
	}

	/** Of one provider, or of all. */
	allKeys(provider?: ProviderName): string[] {
		return [...this.accounts.values()]
			.filter((account) => provider === undefined || account.provider === provider)
			.map(({ key }) => key);
	}

	outageOf(target: OutageTarget): Outage | undefined {
		const outage = this.outages.get(target);
		return outage !== undefined && this.clock.nowMs() < outage.untilMs ? outage : undefined;
	}

	startOutage(target: OutageTarget, how: Outage['how'], seconds: number): void {
		const outage: Outage = { how, untilMs: this.clock.nowMs() + seconds * 1000 };
		this.outages.set(target, outage);
		for (const listener of this.outageListeners) listener(target);
		this.clock.setTimer(seconds * 1000, () => {
			if (this.outages.get(target) === outage) this.endOutage(target);
		});
	}

	endOutage(target: OutageTarget): void {
		this.outages.delete(target);
		for (const listener of this.outageListeners) listener(target);
	}

	/** Back to the start: no tasks, no faults, empty journal, full balances. Settings stay. */
	reset(): void {
		this.clock.cancelAll();
		for (const provider of PROVIDERS) this.boards[provider].clear();
		this.faults.clear();
		this.journal.clear();
		this.accounts.clear();
		this.openAccounts();
		for (const target of [...this.outages.keys()]) this.endOutage(target);
	}

	private openAccounts(): void {
		for (const [provider, key, settings] of this.initial) this.addAccount(provider, key, settings);
	}

	private defaultAccount(provider: ProviderName): AccountSettings {
		return {
			credits: pick(this.options.credits, provider) ?? 1_000_000,
			concurrency: pick(this.options.concurrency, provider) ?? DEFAULT_CONCURRENCY[provider],
			whenFull: pick(this.options.whenFull, provider) ?? DEFAULT_WHEN_FULL[provider],
		};
	}
}

function pick<T extends string | number>(value: PerProvider<T> | undefined, provider: ProviderName): T | undefined {
	return typeof value === 'object' && value !== null ? value[provider] : value;
}

import type { IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { runBatch, type Outcome, type Work } from '../core/batch';
import { Ledger, type LedgerEntry } from '../core/ledger';
import { mapPooled } from '../core/pool';
import type { Trouble } from '../core/trouble';
import { NoReply } from '../core/types';
import { accountOperations } from './account';
import { systemClock } from './clock';
import { storeVideo, type Destination } from './download';
import { openAccount, unexpected, type Account } from './http';
import { invalid, InvalidInput } from './images';
import { toErrorItem, toItem, toJson, toRunError, type TaskFacts } from './output';
import { callbackUrlFor, park, readResumeUrl, type ParkedItem } from './park';
import { readJob } from './readJob';
import type { Route } from './routes';
import { readSettings, type RunSettings } from './settings';
import { readTaskIds, taskOperations } from './tasks';

/** The way through the node: read and check all items, then order, wait and deliver. */

/** Runs the node's operation for all items. @throws NodeOperationError, NodeApiError */
export async function runNode(
	context: IExecuteFunctions,
	routes: readonly Route[],
): Promise<INodeExecutionData[][]> {
	const provider = context.getNodeParameter('provider', 0, routes[0].catalogue.provider);
	const route = routes.find(({ catalogue }) => catalogue.provider === provider) ?? routes[0];
	const resource = context.getNodeParameter('resource', 0, 'video') as string;
	const operation = context.getNodeParameter('operation', 0) as string;
	const run = new Run(context, route, operation);
	if (resource === 'video') return [await run.generate()];
	if (resource === 'task' && operation === 'wait') return [await run.collect()];
	const operations = resource === 'task' ? taskOperations : accountOperations;
	return [await run.each(isOffered(route, operation) ? operations[operation] : notOffered)];
}

/** What a provider must know for an operation; expressions and hand-written workflows can ask for any. */
const NEEDS: Readonly<Record<string, 'cancel' | 'list' | 'credits'>> = {
	cancel: 'cancel',
	getMany: 'list',
	getCredits: 'credits',
};

function isOffered({ provider }: Route, operation: string): boolean {
	const need = NEEDS[operation];
	return need ? provider[need] !== undefined : operation === 'get';
}

const notOffered: Operate = async ({ route }) => {
	throw invalid(
		'Operation',
		`${route.provider.name} does not offer this operation`,
		'Choose another operation, or the provider Vidu.',
	);
};

/** Pictures given by URL may be looked at before anything is ordered; that is waiting, not work. */
const READS_AT_ONCE = 8;
const ASKS_BEFORE_PARKING = 5;
/** Tasks that exist already may end any moment: they are asked often at first. */
const UNKNOWN_START_SECONDS = 10;

/** One item's part in the run, before and after the batch. */
interface Result {
	facts: TaskFacts;
	trouble?: Trouble;
	item?: INodeExecutionData;
}

/** What a plain operation, one call per item, is given. */
export interface Call {
	context: IExecuteFunctions;
	route: Route;
	account: Account;
	settings: RunSettings;
	itemIndex: number;
	/** Fetches the video of a finished task into the item, as the settings say. */
	download: Run['download'];
}
/** @throws InvalidInput for what the item is at fault for */
export type Operate = (call: Call) => Promise<INodeExecutionData[]>;

class Run {
	private readonly clock = systemClock;
	private readonly signal: AbortSignal | undefined;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly route: Route,
		private readonly operation: string,
	) {
		this.signal = context.getExecutionCancelSignal?.();
	}

	/** Orders one video per item. */
	async generate(): Promise<INodeExecutionData[]> {
		const { context, route } = this;
		const items = context.getInputData();
		const account = await this.account();
		const wait = context.getNodeParameter('waitForCompletion', 0, true) !== false;
		const settings = this.orThrow(() => readSettings(context, wait));
		const registered = settings.parks ? this.orThrow(() => readResumeUrl(context)) : undefined;
		const works: Work[] = [];
		const results = await mapPooled(items, READS_AT_ONCE, async (_item, itemIndex): Promise<Result> => {
			const facts: TaskFacts = { itemIndex, operation: this.operation };
			try {
				const job = await readJob(context, route, account.identity, itemIndex);
				facts.model = job.model;
				if (registered !== undefined) job.fields.callbackUrl = callbackUrlFor(registered, itemIndex);
				works.push({ itemIndex, job, typicalSeconds: job.typicalSeconds });
				return { facts };
			} catch (cause) {
				return { facts, trouble: this.troubleOf(cause) };
			}
		});
		works.sort((a, b) => a.itemIndex - b.itemIndex);
		// check all, then buy: one item that cannot be sent stops the run before the first order
		if (!settings.continueOnFail) this.throwIfTroubled(results);
		const ledger = this.ledger();
		// when parked, what ends while others are ordered is fetched with them
		const ordering: RunSettings =
			registered === undefined ? settings : { ...settings, until: 'submitted', download: undefined };
		let outcomes = await this.runBatch(works, ordering, account, ledger);
		const pending = outcomes.filter(({ trouble }) => !trouble);
		// an execution that will fail does so now
		const goesOn = pending.length > 0 && (settings.continueOnFail || pending.length === results.length);
		if (registered !== undefined && goesOn && !this.signal?.aborted) {
			if (await this.isWorthParking(pending, account))
				return await this.park(outcomes, results, settings, registered);
			const ended = await this.runBatch(pending.map(({ work }) => work), settings, account, ledger);
			const endOf = new Map(ended.map((outcome) => [outcome.work, outcome]));
			outcomes = outcomes.map((outcome) => endOf.get(outcome.work) ?? outcome);
		}
		for (const outcome of outcomes) this.take(results[outcome.work.itemIndex], outcome, settings);
		this.hintAtNotStarted(results);
		if (!settings.continueOnFail || this.signal?.aborted) this.throwIfTroubled(results);
		if (results.every(({ trouble }) => trouble === undefined)) ledger.forgetRun();
		return results.map((result) => this.toOutput(result));
	}

	/** Parks the execution with everything ordered. */
	private async park(
		outcomes: Array<Outcome<IBinaryKeyData>>,
		results: Result[],
		settings: RunSettings,
		registered: string,
	): Promise<INodeExecutionData[]> {
		const { context, route } = this;
		for (const outcome of outcomes)
			this.take(results[outcome.work.itemIndex], outcome, { ...settings, until: 'submitted' });
		this.hintAtNotStarted(results);
		const items = results.map((result): ParkedItem => {
			const { itemIndex, taskId, model, operation, submittedAtMs = this.clock.nowMs() } = result.facts;
			const output = this.toOutput(result);
			if (result.trouble || taskId === undefined)
				return { itemIndex, record: output.json, submittedAtMs };
			return {
				itemIndex,
				record: { ...output.json, status: 'processing' },
				taskId,
				submittedAtMs,
				...(model === undefined ? {} : { model }),
				...(operation === undefined ? {} : { operation }),
				...(settings.download
					? { destination: this.destination(settings.download, taskId, itemIndex) }
					: {}),
			};
		});
		const lastMs = Math.max(...outcomes.map(({ submittedAtMs }) => submittedAtMs));
		context.setMetadata?.({ resumeUrl: registered });
		return await park(
			context,
			{ provider: route.catalogue.provider, registered, simplify: settings.simplify, items },
			lastMs + settings.maxWaitMs,
		);
	}

	/**
	 * Callbacks of what an earlier execution ordered do not come here, and one that came while the run was still running
	 * was turned away: look once more right before parking.
	 */
	private async isWorthParking(pending: Array<Outcome<unknown>>, { http }: Account): Promise<boolean> {
		if (pending.some(({ isFromEarlier }) => isFromEarlier)) return false;
		const { provider } = this.route;
		const states = await mapPooled(pending, ASKS_BEFORE_PARKING, async ({ taskId }) => {
			try {
				return provider.readReport(await http.send(provider.ask(taskId!)))?.state;
			} catch (cause) {
				if (cause instanceof NoReply) return undefined;
				throw unexpected(cause);
			}
		});
		return !states.every((state) => state === 'succeeded' || state === 'failed' || state === 'canceled');
	}

	/** Waits for tasks that exist already: what a time-out or a crash left behind. */
	async collect(): Promise<INodeExecutionData[]> {
		const { context, route } = this;
		const account = await this.account();
		const settings = this.orThrow(() => readSettings(context, true));
		const results: Result[] = [];
		const works: Work[] = [];
		const places: number[] = [];
		for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex += 1)
			try {
				for (const taskId of readTaskIds(context, route, ['taskId', 'taskIds'], 'Task IDs', itemIndex)) {
					places.push(results.length);
					works.push({ itemIndex, taskId, typicalSeconds: UNKNOWN_START_SECONDS });
					results.push({ facts: { itemIndex, taskId } });
				}
			} catch (cause) {
				results.push({ facts: { itemIndex }, trouble: this.troubleOf(cause) });
			}
		if (!settings.continueOnFail) this.throwIfTroubled(results);
		const outcomes = await this.runBatch(works, settings, account);
		outcomes.forEach((outcome, index) => this.take(results[places[index]], outcome, settings));
		if (!settings.continueOnFail || this.signal?.aborted) this.throwIfTroubled(results);
		return results.map((result) => this.toOutput(result));
	}

	/** One plain call per item. */
	async each(operate: Operate): Promise<INodeExecutionData[]> {
		const { context, route } = this;
		const account = await this.account();
		const settings = this.orThrow(() => readSettings(context, true));
		const output: INodeExecutionData[] = [];
		for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex += 1)
			try {
				const download = this.download.bind(this);
				output.push(...(await operate({ context, route, account, settings, itemIndex, download })));
			} catch (cause) {
				const result: Result = { facts: { itemIndex }, trouble: this.troubleOf(cause) };
				if (!settings.continueOnFail) this.throwIfTroubled([result]);
				output.push(this.toOutput(result));
			}
		return output;
	}

	/** Fetches the video of a finished task into the fields the user named. */
	async download(
		task: Parameters<typeof storeVideo>[1],
		settings: RunSettings,
		itemIndex: number,
	): Promise<Awaited<ReturnType<typeof storeVideo>>> {
		const destination = this.destination(settings.download!, task.taskId, itemIndex);
		return await storeVideo(this.context, task, destination, this.clock, this.signal);
	}

	private destination(
		download: NonNullable<RunSettings['download']>,
		taskId: string,
		itemIndex: number,
	): Destination {
		return { ...download, fileName: this.fileName(taskId, itemIndex) };
	}

	/** The user's name for the file, with an ending; the task id where there is none. */
	private fileName(taskId: string, itemIndex: number): string {
		const options = this.context.getNodeParameter('options', itemIndex, {}) as { fileName?: unknown };
		const name = String(options.fileName ?? '').trim();
		if (name === '') return `${taskId}.mp4`;
		return /\.\w{2,4}$/.test(name) ? name : `${name}.mp4`;
	}

	private async runBatch(
		works: Work[],
		settings: RunSettings,
		account: Account,
		ledger?: Ledger,
	): Promise<Array<Outcome<IBinaryKeyData>>> {
		const { provider } = this.route;
		return await runBatch<IBinaryKeyData>(works, settings, {
			provider,
			http: account.http,
			clock: this.clock,
			...(ledger ? { ledger } : {}),
			...(this.signal ? { signal: this.signal } : {}),
			onTask: ({ itemIndex, job }, taskId) =>
				this.context.logger.info(
					`${provider.name} task ${taskId} created for item ${itemIndex} (${job?.operation}, ${job?.model})`,
				),
			...(settings.download
				? {
						finish: async (taskId, report, askAgain, { itemIndex }) =>
							await this.download({ taskId, report, askAgain }, settings, itemIndex),
					}
				: {}),
		});
	}

	private take(result: Result, outcome: Outcome<IBinaryKeyData>, settings: RunSettings): void {
		const { facts } = result;
		const { work, taskId, report, submittedAtMs, waitedMs, trouble } = outcome;
		Object.assign(facts, {
			...(taskId === undefined ? {} : { taskId }),
			...(report === undefined ? {} : { report }),
			...(work.job ? { submittedAtMs } : {}),
			...(settings.until === 'ended' ? { waitedMs } : {}),
		});
		if (trouble) {
			result.trouble = trouble;
			return;
		}
		const json = toJson(this.route.provider, facts, {
			simplify: settings.simplify,
			nowMs: this.clock.nowMs(),
		});
		result.item = toItem(json, facts.itemIndex, outcome.result);
	}

	private toOutput({ facts, trouble, item }: Result): INodeExecutionData {
		return trouble ? toErrorItem(this.route.provider, facts, trouble) : item!;
	}

	private throwIfTroubled(results: Result[]): void {
		if (results.some(({ trouble }) => trouble !== undefined))
			throw toRunError(this.context.getNode(), this.route.provider, results);
	}

	/** Caps are easily forgotten: say on the canvas what they kept from starting. */
	private hintAtNotStarted(results: Result[]): void {
		const count = results.filter(({ trouble }) => trouble?.kind === 'notStarted').length;
		if (count > 0)
			this.context.addExecutionHints?.({
				message: `${count} of ${results.length} videos were not started`,
				location: 'outputPane',
			});
	}

	private ledger(): Ledger {
		const store = this.context.getContext('node') as { tasks?: Record<string, LedgerEntry> };
		store.tasks ??= {};
		const runIndex = this.context.getWorkflowDataProxy(0).$runIndex as number;
		return new Ledger(store.tasks, runIndex, this.context.getExecutionId() ?? '');
	}

	private async account(): Promise<Account> {
		try {
			return await openAccount(this.context, this.route.credential);
		} catch (cause) {
			throw this.credentialError(cause);
		}
	}

	/** n8n's own errors say what is wrong with a credential; ours are plain and get its clothes. */
	private credentialError(cause: unknown): unknown {
		if (!(cause instanceof Error) || cause.constructor !== Error) return cause;
		return this.runError({
			kind: 'invalidInput',
			headline: cause.message,
			description: 'Correct the credential. Nothing was sent.',
		});
	}

	private orThrow<T>(read: () => T): T {
		try {
			return read();
		} catch (cause) {
			throw this.runError(this.troubleOf(cause));
		}
	}

	private runError(trouble: Trouble): Error {
		return toRunError(this.context.getNode(), this.route.provider, [
			{ facts: { itemIndex: 0, operation: this.operation }, trouble },
		]);
	}

	/** What an item is at fault for is an outcome; anything else is ours or n8n's and goes up. */
	private troubleOf(cause: unknown): Trouble {
		if (cause instanceof InvalidInput) return cause.trouble;
		if (isExpressionError(cause))
			return {
				kind: 'invalidInput',
				headline: 'An expression of this item cannot be read',
				description: `${cause.message}. Nothing was sent.`,
			};
		throw cause;
	}
}

function isExpressionError(cause: unknown): cause is Error {
	return cause instanceof Error && /^Expression/.test(cause.constructor.name);
}

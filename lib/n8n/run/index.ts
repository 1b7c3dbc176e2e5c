import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { runBatch, type Outcome, type BatchItem } from '../../core/batch';
import { Ledger } from '../../core/batch/ledger';
import { mapPooled } from '../../core/pool';
import { internalFault, type Failure } from '../../core/failure';
import { askForTask } from '../../core/ask';
import { hasEnded } from '../../core/provider';
import { defined } from '../../providers/replies';
import { accountOperations } from './operations/account';
import { isPrivateHost } from '../input/addresses';
import { createRunClock } from '../io/clock';
import { storeVideo, type Destination } from '../io/download';
import { fileNameFor } from './fileName';
import { createClient, unexpected, type ApiClient } from '../io/http';
import { invalid, InvalidInput } from '../input/invalidInput';
import { originReader } from '../input/origin';
import { toErrorItem, toItem, toJson, toRunError, type ItemResult, type TaskFacts } from './output';
import { callbackUrlFor, park, readResumeUrl, type ParkedItem } from './park';
import { readJob } from '../input/job';
import { itemParameters, UnreadableParameter, type ItemParameters } from '../input/parameters';
import type { Backend } from '../backends';
import { isToolRun, readDelivery, readSettings, readWait, type Delivery, type RunSettings } from '../input/settings';
import { readTaskIds, taskOperations } from './operations/task';

/** The way through the node: read and check all items, then order, wait and deliver. */

/**
 * Runs the node's operation for all items. Under Continue nothing is thrown: n8n would hand the input on by the Success
 * output, as if all were well.
 * @throws NodeOperationError, NodeApiError
 */
export async function runNode(
	context: IExecuteFunctions,
	backends: readonly Backend[],
): Promise<INodeExecutionData[][]> {
	try {
		return [await runOperation(context, backends)];
	} catch (cause) {
		if (!context.continueOnFail() || context.getExecutionCancelSignal?.()?.aborted) throw unexpected(cause);
		const failure = failureOf(cause);
		return [context.getInputData().map((_, itemIndex) => toErrorItem(backends[0].provider, { itemIndex }, failure))];
	}
}

async function runOperation(context: IExecuteFunctions, backends: readonly Backend[]): Promise<INodeExecutionData[]> {
	const first = itemParameters(context, 0);
	const provider = first.get('provider') ?? backends[0].catalogue.provider;
	const backend = backends.find(({ catalogue }) => catalogue.provider === provider) ?? backends[0];
	const resource = first.get('resource') ?? 'video';
	const operation = String(first.get('operation'));
	const run = new Run(context, backend, operation, first);
	if (resource === 'video') return await run.generate();
	if (resource === 'task' && operation === 'wait') return await run.collect();
	const operations = resource === 'task' ? taskOperations : accountOperations;
	const isKnown = Object.hasOwn(operations, operation) && isOffered(backend, operation);
	return await run.each(isKnown ? operations[operation] : notOffered);
}

/** What a provider must know for an operation; expressions and hand-written workflows can ask for any. */
const NEEDS: Readonly<Record<string, 'cancel' | 'list' | 'credits'>> = {
	cancel: 'cancel',
	getMany: 'list',
	getCredits: 'credits',
};

function isOffered({ provider }: Backend, operation: string): boolean {
	const need = NEEDS[operation];
	return need ? provider[need] !== undefined : operation === 'get';
}

const notOffered: Operate = async ({ backend }) => {
	throw invalid(
		'Operation',
		`${backend.provider.name} does not offer this operation`,
		'Choose one that it offers, such as Get or Wait for Completion.',
	);
};

/** Images given by URL may be looked at before anything is ordered; that is waiting, not work. */
const READS_AT_ONCE = 8;
const ASKS_BEFORE_PARKING = 5;
const ASK_BEFORE_PARKING_MS = 60_000;
const POLLS_AS_SUB_WORKFLOW =
	'In a sub-workflow the node waits by polling: n8n hands back only one of several parked sub-executions.';
/** Tasks that exist already may end any moment: they are asked often at first. */
const UNKNOWN_START_SECONDS = 10;

/** One item's part in the run, before and after the batch. */
interface Result extends ItemResult {
	item?: INodeExecutionData;
}

/** What a plain operation, one call per item, is given. */
export interface Call {
	backend: Backend;
	account: ApiClient;
	item: ItemParameters;
	settings: Delivery;
	/** Fetches the video of a finished task into the item, as the settings say. */
	download: Run['download'];
}
/** @throws InvalidInput for what the item is at fault for */
export type Operate = (call: Call) => Promise<INodeExecutionData[]>;

class Run {
	private readonly clock = createRunClock();
	private readonly signal: AbortSignal | undefined;
	private readonly continuesOnFail: boolean;
	/** What becomes of each item's video; absent where an item cannot be read. */
	private readonly deliveries = new Map<number, Delivery>();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly backend: Backend,
		private readonly operation: string,
		/** Of one item only: they hold what its expressions gave. */
		private parameters: ItemParameters,
	) {
		this.signal = context.getExecutionCancelSignal?.();
		this.continuesOnFail = context.continueOnFail();
	}

	/** Orders one video per item. */
	async generate(): Promise<INodeExecutionData[]> {
		const { context } = this;
		const results = context
			.getInputData()
			.map((_, itemIndex): Result => ({ facts: { itemIndex, operation: this.operation } }));
		const ledger = this.ledger();
		try {
			const account = await this.account();
			const wait = this.readRun(readWait);
			const settings = this.readRun((item) => readSettings(context, item, wait));
			const registered = settings.parks ? this.readRun((item) => readResumeUrl(context, item)) : undefined;
			if (settings.pollsAsSubWorkflow)
				context.addExecutionHints?.({ message: POLLS_AS_SUB_WORKFLOW, location: 'outputPane' });
			const works = await this.readWorks(results, account, settings, ledger, registered);
			// check all, then buy: one item that cannot be sent stops the run before the first order
			if (this.continuesOnFail || results.every(({ failure }) => failure === undefined)) {
				const parked = await this.orderAndWait(works, results, account, settings, ledger, registered);
				if (parked) return parked;
			}
		} catch (cause) {
			this.blameAll(results, failureOf(cause), ledger);
			// n8n's own words, such as those for a missing credential, are best left as they are
			if (!this.continuesOnFail && isNodeError(cause) && results.every(({ facts }) => facts.taskId === undefined))
				throw unexpected(cause);
		}
		this.hintAtCapped(results);
		// what a cap left is left by it on the next try too
		for (const result of results)
			result.isOpen = result.failure !== undefined && !result.failure.isCap && ledger.isOpen(result.facts.itemIndex);
		if (!this.continuesOnFail || this.signal?.aborted) this.throwIfFailed(results);
		if (results.every(({ failure }) => failure === undefined || failure.isCap)) ledger.forgetRun();
		return this.toOutputs(results);
	}

	/** Reads and checks every item; what one is at fault for becomes its result. */
	private async readWorks(
		results: readonly Result[],
		account: ApiClient,
		settings: RunSettings,
		ledger: Ledger,
		registered: string | undefined,
	): Promise<BatchItem[]> {
		const { context, backend } = this;
		const isLocal = isPrivateHost(account.root);
		const works: BatchItem[] = [];
		const originOf = originReader(context, account.identity);
		await mapPooled(results, READS_AT_ONCE, async (result, itemIndex) => {
			const { facts } = result;
			try {
				const origin = originOf(itemIndex);
				// what an earlier try ordered is not read again: its expressions may read differently, its images be gone
				const known = ledger.recall(itemIndex, origin);
				if (known) Object.assign(facts, { model: known.model }, defined({ taskId: ledger.taskIdsOf(itemIndex)[0] }));
				const item = this.parametersOf(itemIndex);
				this.deliveries.set(itemIndex, readDelivery(context, item, settings.until === 'ended'));
				const job = known ?? { ...(await readJob(context, item, backend, account.identity, isLocal)), origin };
				facts.model = job.model;
				if (registered !== undefined) job.fields.callbackUrl = callbackUrlFor(registered, itemIndex);
				const isOffPeak = job.fields.offPeak === true;
				works.push({
					itemIndex,
					job,
					typicalSeconds: job.typicalSeconds,
					...(isOffPeak ? defined({ maxWaitMs: settings.offPeakWaitMs }) : {}),
				});
			} catch (cause) {
				result.failure = failureOf(cause);
				const earlierTaskIds = ledger.taskIdsOf(itemIndex).filter((taskId) => taskId !== facts.taskId);
				if (earlierTaskIds.length > 0) facts.earlierTaskIds = earlierTaskIds;
			}
		});
		return works.sort((a, b) => a.itemIndex - b.itemIndex);
	}

	/** @returns what a parked execution returns; undefined when the results are complete */
	private async orderAndWait(
		works: readonly BatchItem[],
		results: Result[],
		account: ApiClient,
		settings: RunSettings,
		ledger: Ledger,
		registered: string | undefined,
	): Promise<INodeExecutionData[] | undefined> {
		// when parked, what ends while others are ordered is fetched with them
		const ordering: RunSettings = registered === undefined ? settings : { ...settings, until: 'submitted' };
		let outcomes = await this.runBatch(works, ordering, account, ledger);
		const pending = outcomes.filter(({ failure }) => !failure);
		// an execution that will fail does so now
		const goesOn = this.continuesOnFail || outcomes.every(({ failure }) => !failure || failure.isCap);
		if (registered !== undefined && pending.length > 0 && goesOn && !this.signal?.aborted) {
			if (await this.isWorthParking(pending, account)) {
				for (const outcome of outcomes) this.take(results[outcome.work.itemIndex], outcome, 'submitted');
				return await this.park(outcomes, results, settings, registered);
			}
			const ended = await this.runBatch(
				pending.map(({ work }) => work),
				settings,
				account,
				ledger,
			);
			const endOf = new Map(ended.map((outcome) => [outcome.work, outcome]));
			outcomes = outcomes.map((outcome) => endOf.get(outcome.work) ?? outcome);
		}
		for (const outcome of outcomes) this.take(results[outcome.work.itemIndex], outcome, settings.until);
		return undefined;
	}

	/** Parks the execution with everything ordered. */
	private async park(
		outcomes: Array<Outcome<IBinaryKeyData>>,
		results: Result[],
		settings: RunSettings,
		registered: string,
	): Promise<INodeExecutionData[]> {
		const { context, backend } = this;
		this.hintAtCapped(results);
		const items = this.delivered(results).map((result): ParkedItem => {
			const { itemIndex, taskId, model, operation, submittedAtMs = this.clock.nowMs() } = result.facts;
			const output = this.toOutput(result);
			if (result.failure || taskId === undefined) return { itemIndex, record: output.json, submittedAtMs };
			const download = this.deliveries.get(itemIndex)?.download;
			return {
				itemIndex,
				record: { ...output.json, status: 'processing' },
				taskId,
				submittedAtMs,
				...(model === undefined ? {} : { model }),
				...(operation === undefined ? {} : { operation }),
				...(download ? { destination: this.destination(download, taskId) } : {}),
			};
		});
		const deadlineMs = Math.max(
			...outcomes.map(({ submittedAtMs, work }) => submittedAtMs + (work.maxWaitMs ?? settings.maxWaitMs)),
		);
		context.setMetadata?.({ resumeUrl: registered });
		const { simplify } = this.deliveries.get(items[0].itemIndex) ?? { simplify: true };
		return await park(
			context,
			{ provider: backend.catalogue.provider, registered, simplify, items },
			// the clock of a run does not follow the clock on the wall
			Date.now() + deadlineMs - this.clock.nowMs(),
		);
	}

	/**
	 * Callbacks of what an earlier execution ordered do not come here, and one that came while the run was still running
	 * was turned away: look once more right before parking.
	 */
	private async isWorthParking(pending: Array<Outcome<unknown>>, { http }: ApiClient): Promise<boolean> {
		if (pending.some(({ isFromEarlier }) => isFromEarlier)) return false;
		const { provider } = this.backend;
		const ended = await mapPooled(pending, ASKS_BEFORE_PARKING, async ({ taskId }) => {
			if (taskId === undefined) return false;
			const answer = await askForTask({ provider, http }, taskId, ASK_BEFORE_PARKING_MS);
			return answer.kind === 'report' && hasEnded(answer.report.state);
		});
		return !ended.every(Boolean);
	}

	/** Waits for tasks that exist already: what a time-out or a crash left behind. */
	async collect(): Promise<INodeExecutionData[]> {
		const { context, backend } = this;
		const results: Result[] = [];
		try {
			const account = await this.account();
			const settings = this.readRun((item) => readSettings(context, item, true));
			const works: BatchItem[] = [];
			const places: number[] = [];
			const seen = new Set<string>();
			for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex += 1)
				try {
					const item = this.parametersOf(itemIndex);
					const taskIds = readTaskIds(item, backend, ['taskId', 'taskIds'], 'Task IDs', seen);
					this.deliveries.set(itemIndex, readDelivery(context, item, true));
					for (const taskId of taskIds) {
						places.push(results.length);
						works.push({ itemIndex, taskId, typicalSeconds: UNKNOWN_START_SECONDS });
						results.push({ facts: { itemIndex, taskId } });
					}
				} catch (cause) {
					results.push({ facts: { itemIndex }, failure: failureOf(cause) });
				}
			if (!this.continuesOnFail) this.throwIfFailed(results);
			const outcomes = await this.runBatch(works, settings, account);
			outcomes.forEach((outcome, index) => this.take(results[places[index]], outcome, settings.until));
		} catch (cause) {
			if (!this.continuesOnFail) throw this.asNodeError(cause);
			const told = new Set(results.map(({ facts }) => facts.itemIndex));
			context.getInputData().forEach((_, itemIndex) => {
				if (!told.has(itemIndex)) results.push({ facts: { itemIndex } });
			});
			this.blameAll(results, failureOf(cause));
		}
		if (!this.continuesOnFail || this.signal?.aborted) this.throwIfFailed(results);
		return this.toOutputs(results);
	}

	/** One plain call per item. */
	async each(operate: Operate): Promise<INodeExecutionData[]> {
		const { context, backend } = this;
		const output: INodeExecutionData[] = [];
		let account: ApiClient | undefined;
		for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex += 1)
			try {
				account ??= await this.account();
				const item = this.parametersOf(itemIndex);
				const settings = readDelivery(context, item, true);
				this.deliveries.set(itemIndex, settings);
				const download = this.download.bind(this);
				output.push(...(await operate({ backend, account, item, settings, download })));
			} catch (cause) {
				const task = cause instanceof InvalidInput ? cause.task : {};
				if (!this.continuesOnFail) throw this.asNodeError(cause, { itemIndex, ...task });
				output.push(toErrorItem(backend.provider, { itemIndex, ...task }, failureOf(cause)));
			}
		return output;
	}

	/** Fetches the video of a finished task into the fields the user named. */
	async download(
		task: Parameters<typeof storeVideo>[1],
		settings: Delivery,
	): Promise<Awaited<ReturnType<typeof storeVideo>>> {
		const destination = this.destination(settings.download!, task.taskId);
		return await storeVideo(this.context, task, destination, this.clock, this.signal);
	}

	private destination({ givenName, ...download }: NonNullable<Delivery['download']>, taskId: string): Destination {
		return { ...download, fileName: fileNameFor(givenName, taskId) };
	}

	private async runBatch(
		works: readonly BatchItem[],
		settings: RunSettings,
		account: ApiClient,
		ledger?: Ledger,
	): Promise<Array<Outcome<IBinaryKeyData>>> {
		const { provider } = this.backend;
		const finishesAny = works.some(({ itemIndex }) => this.deliveries.get(itemIndex)?.download);
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
			...(finishesAny && settings.until === 'ended'
				? {
						finish: async (taskId, report, askAgain, { itemIndex }) => {
							const delivery = this.deliveries.get(itemIndex);
							return delivery?.download ? await this.download({ taskId, report, askAgain }, delivery) : { result: {} };
						},
					}
				: {}),
		});
	}

	private take(result: Result, outcome: Outcome<IBinaryKeyData>, until: RunSettings['until']): void {
		const { facts } = result;
		const { work, taskId, report, submittedAtMs, waitedMs, failure, earlierTaskIds } = outcome;
		Object.assign(facts, {
			...(taskId === undefined ? {} : { taskId }),
			...(report === undefined ? {} : { report }),
			...(work.job ? { submittedAtMs } : {}),
			...(until === 'ended' ? { waitedMs } : {}),
			...(earlierTaskIds ? { earlierTaskIds } : {}),
		});
		if (failure) {
			result.failure = failure;
			return;
		}
		const json = toJson(this.backend.provider, facts, {
			simplify: this.deliveries.get(facts.itemIndex)?.simplify ?? true,
			nowMs: Date.now(),
		});
		const binary = outcome.result && Object.keys(outcome.result).length > 0 ? outcome.result : undefined;
		result.item = toItem(json, facts.itemIndex, binary);
	}

	/** Something went wrong that is not about one item: every item without an end of its own has this one, and keeps its id. */
	private blameAll(results: readonly Result[], failure: Failure, ledger?: Ledger): void {
		for (const result of results) {
			if (result.failure ?? result.item) continue;
			result.failure = failure;
			const taskId = ledger?.taskIdsOf(result.facts.itemIndex)[0];
			if (taskId !== undefined) result.facts.taskId ??= taskId;
		}
	}

	/** What leaves the node: a cap is a wish, so what it kept from starting is no item, unless every item shall go on. */
	private delivered(results: readonly Result[]): Result[] {
		return results.filter(({ failure }) => this.continuesOnFail || !failure?.isCap);
	}

	private toOutputs(results: readonly Result[]): INodeExecutionData[] {
		return this.delivered(results).map((result) => this.toOutput(result));
	}

	private toOutput({ facts, failure, item }: Result): INodeExecutionData {
		return failure ? toErrorItem(this.backend.provider, facts, failure) : item!;
	}

	private throwIfFailed(results: readonly Result[]): void {
		if (results.some(({ failure }) => failure !== undefined && !failure.isCap)) throw this.runError(results);
	}

	/** Says on the canvas what a cap kept from starting, and why: it is easily forgotten. */
	private hintAtCapped(results: readonly Result[]): void {
		const capped = results.filter(({ failure }) => failure?.isCap);
		if (capped.length === 0) return;
		const why = capped[0].failure!.headline.replace(/^Not started: /, '');
		const message = `${capped.length} of ${results.length} videos ${capped.length === 1 ? 'was' : 'were'} not started: ${why}.`;
		this.context.addExecutionHints?.({ message, location: 'outputPane' });
		// n8n drops the hints of an execution that was parked
		this.context.logger.info(message);
	}

	private ledger(): Ledger {
		const store = this.context.getContext('node') as { tasks?: Record<string, unknown> };
		store.tasks ??= {};
		const runIndex = this.context.getWorkflowDataProxy(0).$runIndex as number;
		return new Ledger(store.tasks, runIndex, this.context.getExecutionId() ?? '', (message) =>
			this.context.logger.warn(message),
		);
	}

	/** @throws InvalidInput when the credential cannot be used; n8n's own error when there is none */
	private async account(): Promise<ApiClient> {
		try {
			return await createClient(this.context, this.backend.credential);
		} catch (cause) {
			throw credentialFault(cause);
		}
	}

	/**
	 * Reads something that holds for the whole run, from the first item whose expressions can be read: that one item is at
	 * fault for an option is no reason to lose the others.
	 */
	private readRun<T>(read: (item: ItemParameters) => T): T {
		const count = Math.max(1, this.context.getInputData().length);
		for (let itemIndex = 0; ; itemIndex += 1)
			try {
				return read(this.parametersOf(itemIndex));
			} catch (cause) {
				if (!(cause instanceof UnreadableParameter) || itemIndex === count - 1) throw unexpected(cause);
			}
	}

	/** The item whose settings hold for the run is read on where it was left. */
	private parametersOf(itemIndex: number): ItemParameters {
		if (this.parameters.itemIndex !== itemIndex) this.parameters = itemParameters(this.context, itemIndex);
		return this.parameters;
	}

	private asNodeError(cause: unknown, facts: TaskFacts = { itemIndex: 0 }): unknown {
		if (isNodeError(cause)) return cause;
		return this.runError([{ facts: { ...facts, operation: this.operation }, failure: failureOf(cause) }], true);
	}

	private runError(results: readonly Result[], isPlain = false): Error {
		const isTool = isToolRun(this.context);
		return toRunError(this.context.getNode(), this.backend.provider, results, { isTool, isPlain });
	}
}

/** Ours are plain; n8n's own say what is wrong with a credential. */
function credentialFault(cause: unknown): unknown {
	if (!(cause instanceof Error) || cause.constructor !== Error) return cause;
	return new InvalidInput({
		kind: 'invalidInput',
		headline: cause.message,
		description: 'Correct the credential. Nothing was sent.',
	});
}

/** What an item is at fault for, or whatever else went wrong, as an outcome. */
function failureOf(cause: unknown): Failure {
	if (cause instanceof InvalidInput) return cause.failure;
	if (isNodeError(cause))
		return {
			kind: 'invalidInput',
			headline: cause.message,
			description: cause.description ?? 'Correct the node. Nothing was sent.',
		};
	return internalFault(cause);
}

/** n8n's own, which say what is wrong and know their node. */
function isNodeError(cause: unknown): cause is Error & { description?: string } {
	return cause instanceof NodeOperationError || cause instanceof NodeApiError;
}

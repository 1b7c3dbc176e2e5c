import type { IExecuteFunctions } from 'n8n-workflow';

import { runBatch, type BatchItem, type BatchParts, type Outcome } from '../../core/batch';
import type { Clock } from '../../core/clock';
import { RESULT, type Noun } from '../../core/noun';
import type { Http } from '../../core/http';
import type { Ledger } from '../../core/batch/ledger';
import type { OrderKeys } from '../../core/batch/parts';
import { modelOf, type Job } from '../../core/job';
import type { Backend } from '../backends';
import { itemParameters, UnreadableParameter, type ItemParameters } from '../input/parameters';
import { isToolRun, type Delivery, type RunSettings } from '../input/settings';
import { pacedClient, poolOf } from '../io/accounts';
import { createRunClock } from '../io/clock';
import type { FinishedTask } from '../../core/download';
import type { Destination, StoredVideo, Storing } from '../io/download';
import { storeAll } from '../io/downloadAll';
import { createClient, unexpected, type ApiClient } from '../io/http';
import { madeBy, nounOf, type Made } from '../operations';
import { credentialFault, failureOf, isNodeError } from './failureOf';
import { fileNameFor } from './fileName';
import type { TaskFacts } from './output';
import { toRunError, type ItemResult } from './runError';

/** One call of execute(): what every operation needs, and nothing that only one does. */
export class NodeRun {
	/** The account's once it is known: that one is looked at all the time, and what a batch tells is of it. */
	clock: Clock = createRunClock();
	readonly signal: AbortSignal | undefined;
	readonly continuesOnFail: boolean;
	/** Called by the model of an AI agent, which waits for the answer. */
	readonly isTool: boolean;
	/** How what it makes is called. */
	readonly noun: Noun;
	/** What becomes of each item's file; absent where an item cannot be read. */
	readonly deliveries = new Map<number, Delivery>();

	/** @param parameters of the first item, as far as they are read already */
	constructor(
		readonly context: IExecuteFunctions,
		readonly backend: Backend,
		readonly operation: string,
		private parameters: ItemParameters,
	) {
		this.noun = nounOf(operation) ?? RESULT;
		this.signal = context.getExecutionCancelSignal?.();
		this.continuesOnFail = context.continueOnFail();
		this.isTool = isToolRun(context);
	}

	/** The input's item numbers, in order. */
	itemIndexes(): number[] {
		return this.context.getInputData().map((_, itemIndex) => itemIndex);
	}

	/** Of one item at a time, for they hold what its expressions gave. The item of the settings is read on where it was left. */
	parametersOf(itemIndex: number): ItemParameters {
		if (this.parameters.itemIndex !== itemIndex) this.parameters = itemParameters(this.context, itemIndex);
		return this.parameters;
	}

	/**
	 * Reads something that holds for the whole run, from the first item whose expressions can be read: that one item is at
	 * fault for an option is no reason to lose the others.
	 */
	readOnce<T>(read: (item: ItemParameters) => T): T {
		const count = Math.max(1, this.context.getInputData().length);
		for (let itemIndex = 0; ; itemIndex += 1)
			try {
				return read(this.parametersOf(itemIndex));
			} catch (cause) {
				if (!(cause instanceof UnreadableParameter) || itemIndex === count - 1) throw unexpected(cause);
			}
	}

	/** @throws InvalidInput when the credential cannot be used; n8n's own error when there is none */
	async createClient(): Promise<ApiClient> {
		try {
			const account = await createClient(this.context, this.backend.credential);
			this.clock = poolOf(account, this.backend.provider).clock;
			return account;
		} catch (cause) {
			throw credentialFault(cause);
		}
	}

	/** A moment of the run's clock as the one on the wall has it now, which may have been set. */
	onTheWall(atMs: number): number {
		return atMs + Date.now() - this.clock.nowMs();
	}

	/** The account's HTTP for calls beside a batch: they wait for their turn among those of all runs. */
	paced(account: ApiClient): Http {
		return pacedClient(account, this.backend.provider, this.signal).http;
	}

	/**
	 * How long a task of this kind takes from its order, as those of the account that ended lately correct what is documented.
	 * @returns whole seconds; undefined off-peak, when it is made whenever there is time within two days
	 */
	expectedSeconds(job: Job, account: ApiClient): number | undefined {
		if (job.isOffPeak) return undefined;
		const pace = poolOf(account, this.backend.provider).paces.of(modelOf(job));
		return Math.max(1, Math.round(pace.expectationOf(job.typicalSeconds).typicalMs / 1000));
	}

	async runBatch(
		items: readonly BatchItem[],
		settings: RunSettings,
		account: ApiClient,
		ledger?: Ledger,
		keys?: OrderKeys,
	): Promise<Array<Outcome<StoredVideo | undefined>>> {
		const { provider } = this.backend;
		const finishesAny = items.some(({ itemIndex }) => this.deliveries.get(itemIndex)?.download);
		const pool = poolOf(account, provider);
		const parts: BatchParts<StoredVideo | undefined> = {
			provider,
			http: account.http,
			clock: pool.clock,
			...(ledger ? { ledger } : {}),
			...(keys ? { keys } : {}),
			...(this.signal ? { signal: this.signal } : {}),
			onTask: ({ itemIndex, job }, taskId) =>
				this.context.logger.info(
					`${provider.name} task ${taskId} created for item ${itemIndex} (${[job?.operation, job?.model].filter(Boolean).join(', ')})`,
				),
			...(finishesAny && settings.until === 'ended'
				? {
						finish: async (taskId, report, askAgain, { itemIndex, job }) => {
							const download = this.deliveries.get(itemIndex)?.download;
							const hasFile = download && report.videoUrl !== undefined;
							if (!hasFile) return { result: undefined };
							return await this.download({ taskId, report, askAgain }, download, madeBy(job?.operation));
						},
					}
				: {}),
		};
		return await runBatch<StoredVideo | undefined>(items, { ...settings, noun: this.noun }, parts, pool);
	}

	/** Fetches the file of a finished task into the fields the user named. @param made undefined where nobody knows */
	async download(task: FinishedTask, to: NonNullable<Delivery['download']>, made?: Made): Promise<Storing> {
		return await storeAll(this.context, task, this.destination(to, task.taskId, made), this.clock, this.signal);
	}

	destination({ givenName, ...download }: NonNullable<Delivery['download']>, taskId: string, made?: Made): Destination {
		return {
			...download,
			fileName: fileNameFor(givenName, taskId, made ?? 'any'),
			made: made === undefined || made === 'facts' ? 'any' : made,
		};
	}

	/** n8n's own errors know their node; whatever else is thrown is told as the failure of one call. */
	nodeError(cause: unknown, facts: TaskFacts = { itemIndex: 0 }): Error {
		if (isNodeError(cause)) return cause;
		return this.runError([{ facts: { ...facts, operation: this.operation }, failure: failureOf(cause) }], true);
	}

	/** @param isPlain one call about one task, which the message names already */
	runError(results: readonly ItemResult[], isPlain = false): Error {
		return toRunError(this.context.getNode(), this.backend.provider, results, { isTool: this.isTool, isPlain });
	}
}

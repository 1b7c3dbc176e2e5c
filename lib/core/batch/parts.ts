import type { Clock } from '../clock';
import type { Noun } from '../noun';
import type { Failure } from '../failure';
import type { Http } from '../http';
import type { Job } from '../job';
import type { Provider, TaskReport } from '../provider';
import type { Ledger } from './ledger';

/** What goes into a batch and what comes out of it. */

/** Either a job to order, or a task that exists already. */
export interface BatchItem {
	itemIndex: number;
	job?: Job;
	taskId?: string;
	typicalSeconds: number;
	/** Instead of the run's, such as for an off-peak task. */
	maxWaitMs?: number;
}

export interface BatchSettings {
	/** `submitted` returns as soon as every job has a task; `ended` waits for results. */
	until: 'submitted' | 'ended';
	/** Per task, from its submission. */
	maxWaitMs: number;
	/**
	 * The run is over after this time whatever goes on, for whoever called it waits for an answer. What has a task goes on
	 * without it, and is no failure.
	 */
	answerWithinMs?: number;
	/** Fixed pause between status checks; adaptive when absent. */
	pollIntervalMs?: number;
	maxConcurrency?: number;
	/** What is ordered, for messages. */
	noun?: Noun;
	/** Start no more tasks than this, tries before included. */
	maxVideos?: number;
	/** Start nothing more once tasks of this many credits are started. */
	maxCredits?: number;
	/** Cancel what is not running yet when the run is stopped. */
	cancelOnStop: boolean;
}

/** What became of one item. */
export interface Outcome<Result> {
	work: BatchItem;
	taskId?: string;
	/** The last thing the provider said about the task. */
	report?: TaskReport;
	/** When the task was accepted, or found, in milliseconds since 1970. */
	submittedAtMs: number;
	/** From submission to the last answer. */
	waitedMs: number;
	failure?: Failure;
	/** What `finish` made of the success. */
	result?: Result;
	/** Ordered by an earlier execution, so its callbacks do not come here. */
	isFromEarlier?: true;
	/** Tasks ordered in the same place for another wish, before the user changed it. */
	earlierTaskIds?: string[];
	/** Nothing was ordered, for its order key is another's: bought before, or being bought. */
	isLeftOut?: true;
}

/** Keeps a wish from being bought once more by another run. Jobs without an order key pass. */
export interface OrderKeys {
	/** Right before the order leaves. Never rejects. @returns a failure where nobody can say whose the key is */
	take(job: Job): Promise<'ours' | 'taken' | Failure>;
	/** Nothing was bought: whoever asks next may have it. */
	giveBack(job: Job): void;
}

export interface BatchParts<Result> {
	provider: Provider;
	http: Http;
	clock: Clock;
	/** Absent where nothing is ordered. */
	ledger?: Ledger;
	/** Absent where no job has an order key. */
	keys?: OrderKeys;
	signal?: AbortSignal;
	/** Told every task id the moment it is known. */
	onTask?: (work: BatchItem, taskId: string) => void;
	/**
	 * Delivers a success, such as by downloading it. May ask again for a fresh link. Resolves to a result or a failure;
	 * a rejection is an outcome of that work alone. A report takes the place of the one known: it has the links that worked.
	 */
	finish?: (
		taskId: string,
		report: TaskReport,
		askAgain: () => Promise<TaskReport | undefined>,
		work: BatchItem,
	) => Promise<{ report?: TaskReport } & ({ result: Result } | { failure: Failure })>;
}

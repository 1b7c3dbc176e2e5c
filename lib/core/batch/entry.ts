import { canceled, endedEmpty, internalFault, outcomeUnknown, refused, unreadableRecord } from '../failure';
import type { Noun } from '../noun';
import type { Lane } from '../account/lane';
import type { Failure } from '../failure';
import { creditsOf, type Job } from '../job';
import { defined } from '../defined';
import type { Diagnosis, Provider, SubmittedTask, TaskReport } from '../provider';
import type { HeldEntry, JobState, Ledger, UnreadableEntry } from './ledger';
import type { BatchItem, Outcome } from './parts';

/** An item on its way through the batch: one of seven states, each with what is known in it and nothing else. */

/** An order that has not left, or came back as busy. */
export interface Order {
	readonly job: Job;
	/** How often it was refused as busy though there was room by all that is known: then it is about this item. */
	timesToBlame: number;
	/** How many places had been given back when it was refused last, and when it was last to blame. */
	yieldedAt: number;
	blamedAt: number;
	/** The last refusal. */
	busy?: Diagnosis;
}

/** A task of the provider, as far as this run knows it. */
export interface Task {
	readonly taskId: string;
	report?: TaskReport;
	/** What the answer to an order of an earlier try told, and no later answer tells again. */
	ordered?: Pick<TaskReport, 'facts'>;
	readonly submittedAtMs: number;
	/** How long it may go without progress. */
	readonly maxWaitMs: number;
	/** When it was taken, or began to run. */
	progressMs: number;
	/** Its number among the tasks of its lane, where this run ordered it. */
	number?: number;
	/** When its turn came, as far as known, should it have stood in line. */
	placedAtMs?: number;
	/** When the provider began to work on it, as far as known. */
	beganAtMs: number;
	/** When the last answer came. */
	lastAskMs: number;
	/** From submission to the last answer. */
	waitedMs: number;
	/** Status checks in a row that brought nothing. */
	failedChecks: number;
	/** Status checks in a row that the provider itself refused for good. */
	finalRefusals: number;
	/** Answers that said success and gave no link. */
	missingUrls: number;
	readonly isFromEarlier?: true;
}

export type EntryState<Result> =
	| { kind: 'new'; order: Order }
	/** `isOnTheWay`: the order has left and its answer is not there. */
	| { kind: 'submitting'; order: Order; isOnTheWay: boolean }
	| { kind: 'waiting'; task: Task; dueMs: number }
	| { kind: 'asking'; task: Task; askedAtMs: number }
	/** Succeeded, and not fetched yet. */
	| { kind: 'ready'; task: Task; report: TaskReport }
	| { kind: 'delivering'; task: Task; report: TaskReport }
	| ({ kind: 'ended'; task?: Task } & End<Result>);

/** How an item ends: not delivered, delivered, or left to whoever has its order key. */
export interface End<Result> {
	failure?: Failure;
	result?: Result;
	isLeftOut?: true;
}

export interface Entry<Result> {
	/** Its place among the items of the batch. */
	readonly place: number;
	readonly item: BatchItem;
	/** What it shares a limit with at the provider. */
	readonly lane: Lane;
	readonly openedAtMs: number;
	readonly earlierTaskIds?: string[];
	state: EntryState<Result>;
}

export const taskOf = <Result>({ state }: Entry<Result>): Task | undefined =>
	'task' in state ? state.task : undefined;

/** True while the task stands in line at the provider, as far as known. */
export const isInLine = ({ report }: Task): boolean => report === undefined || report.state === 'queued';

/**
 * Until when the task is waited for. Each step of its own begins the time anew, and while it stands in line so does every
 * task of the lane that ends: the line moves.
 */
export function deadlineOf(task: Task, lane: Lane): number {
	const progressMs = isInLine(task) ? Math.max(task.progressMs, lane.progressMs) : task.progressMs;
	return progressMs + task.maxWaitMs;
}

/** @param progressMs since when its time runs */
export function newTask(taskId: string, submittedAtMs: number, maxWaitMs: number, progressMs = submittedAtMs): Task {
	return {
		taskId,
		submittedAtMs,
		maxWaitMs,
		progressMs,
		beganAtMs: submittedAtMs,
		lastAskMs: submittedAtMs,
		waitedMs: 0,
		failedChecks: 0,
		finalRefusals: 0,
		missingUrls: 0,
	};
}

const newOrder = (job: Job): Order => ({ job, timesToBlame: 0, yieldedAt: -1, blamedAt: 0 });

/** What an item begins with: where the ledger left it on an earlier try. */
export function entryFor<Result>(
	item: BatchItem,
	place: number,
	maxWaitMs: number,
	{ provider, ledger, lane, noun }: { provider: Provider; ledger?: Ledger; lane: Lane; noun?: Noun },
	nowMs: number,
): { entry: Entry<Result>; isStarted: boolean; credits: number } {
	const earlierTaskIds = ledger && item.job ? ledger.earlierTaskIds(item.job) : [];
	const known = stateFor<Result>(item, item.maxWaitMs ?? maxWaitMs, { provider, ledger, noun }, nowMs);
	const held = item.taskId === undefined && item.job ? ledger?.read(item.job) : undefined;
	const spent = held && spentOn(held);
	return {
		entry: {
			place,
			item,
			lane,
			openedAtMs: nowMs,
			...(earlierTaskIds.length > 0 ? { earlierTaskIds } : {}),
			state: known,
		},
		isStarted: spent !== undefined,
		credits: spent ?? 0,
	};
}

/**
 * What an earlier try bought, or may have, for it counts for the caps: what the service said, else the published price.
 * @returns credits; undefined where nothing was started
 */
export function spentOn(held: HeldEntry | UnreadableEntry): number | undefined {
	switch (held.state) {
		case 'submitted':
			return held.credits ?? creditsOf(held.wish) ?? 0;
		case 'submitting':
		case 'unknown':
			return creditsOf(held.wish) ?? 0;
		case 'closed':
			// what ended without a video is not charged
			return held.taskId === undefined ? undefined : 0;
		case 'unreadable':
			return 0;
	}
}

/** What the ledger keeps of an order that was taken; `stateFor` reads it. */
export function submittedState(
	{ answering }: Job,
	submitted: SubmittedTask,
	execution: string,
	nowMs: number,
): JobState & { state: 'submitted' } {
	const { taskId, credits, facts, state } = submitted;
	const isMade = answering?.isResult && state === 'succeeded';
	return {
		...{ state: 'submitted', atMs: nowMs, taskId, execution },
		...defined({ credits }),
		...(isMade ? { result: submitted } : defined({ facts })),
	};
}

function stateFor<Result>(
	{ job, taskId }: BatchItem,
	maxWaitMs: number,
	{ provider, ledger, noun }: { provider: Provider; ledger: Ledger | undefined; noun: Noun | undefined },
	nowMs: number,
): EntryState<Result> {
	const found = (id: string, failure?: Failure): EntryState<Result> => {
		const task = newTask(id, nowMs, maxWaitMs);
		return failure ? { kind: 'ended', task, failure } : { kind: 'waiting', task, dueMs: nowMs };
	};
	if (taskId !== undefined) return found(taskId);
	if (!job) return { kind: 'ended', failure: internalFault('There is neither a job nor a task') };
	const entry = ledger?.read(job);
	if (!ledger || !entry) return { kind: 'new', order: newOrder(job) };
	switch (entry.state) {
		case 'submitting':
		case 'unknown': {
			const mentioned = entry.state === 'unknown' ? entry.taskId : undefined;
			const failure = outcomeUnknown(provider, 'This was left by an earlier try.', mentioned);
			return mentioned === undefined ? { kind: 'ended', failure } : found(mentioned, failure);
		}
		case 'submitted': {
			// never later than now, though the machine's clock may have been set in between
			const submittedAtMs = Math.min(entry.atMs, nowMs);
			// a later execution is a new wait; another try of this one is not
			const isFromEarlier = entry.execution !== ledger.execution;
			const task: Task = {
				...newTask(entry.taskId, submittedAtMs, maxWaitMs, isFromEarlier ? nowMs : submittedAtMs),
				lastAskMs: nowMs,
				...(isFromEarlier ? { isFromEarlier } : {}),
			};
			const { result, facts } = entry;
			if (facts) task.ordered = { facts };
			if (result) return { kind: 'ready', task: { ...task, report: result }, report: result };
			return { kind: 'waiting', task, dueMs: nowMs };
		}
		case 'closed': {
			const { taskId: id, diagnosis, canceledIn } = entry;
			if (id === undefined) return { kind: 'ended', failure: refused(diagnosis, true) };
			const failure =
				canceledIn === undefined ? endedEmpty(provider.name, id, diagnosis, noun, true) : canceled(id, diagnosis);
			return found(id, failure);
		}
		case 'unreadable': {
			const failure = unreadableRecord(provider, entry.taskId);
			return entry.taskId === undefined ? { kind: 'ended', failure } : found(entry.taskId, failure);
		}
	}
}

/** What is told of an entry, whatever state it is in. @param failure instead of its own */
export function outcomeOf<Result>(entry: Entry<Result>, failure?: Failure): Outcome<Result> {
	const { item, state, earlierTaskIds, openedAtMs } = entry;
	const task = taskOf(entry);
	const end = state.kind === 'ended' ? state : undefined;
	const why = failure ?? end?.failure;
	return {
		work: item,
		...(task ? { taskId: task.taskId } : {}),
		...(task?.report ? { report: task.report } : {}),
		submittedAtMs: task?.submittedAtMs ?? openedAtMs,
		waitedMs: task?.waitedMs ?? 0,
		...(why ? { failure: why } : {}),
		...(end?.result === undefined ? {} : { result: end.result }),
		...(task?.isFromEarlier ? { isFromEarlier: true } : {}),
		...(earlierTaskIds ? { earlierTaskIds } : {}),
		...(end?.isLeftOut ? { isLeftOut: true } : {}),
	};
}

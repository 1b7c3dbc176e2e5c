import {
	canceled,
	capped,
	endedEmpty,
	internalFault,
	lostTask,
	notStarted,
	outcomeUnknown,
	refused,
	stillRunning,
	stopped,
	turnedAway,
	unreachable,
} from '../failure';
import type { Failure } from '../failure';
import type { Ledger } from './ledger';
import {
	backoffMs,
	correctedTypicalMs,
	nextPauseMs,
	observedMedianMs,
	readRetryAfterMs,
	RequestPace,
} from './schedule';
import { askForTask } from '../ask';
import type { Clock } from '../clock';
import { NoReply, type Http, type HttpReply } from '../http';
import type { Job, LoadedMedia } from '../job';
import type { Diagnosis, Provider, SubmitAnswer, TaskReport } from '../provider';
import { SubmissionWindow } from './window';

/**
 * The life of a batch: submit, keep the window full, ask, finish, stop. One loop decides, everything it starts reports
 * back to it, so nothing is decided in two places. Runs on any clock and any HTTP.
 */

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
	/** Fixed pause between status checks; adaptive when absent. */
	pollIntervalMs?: number;
	maxConcurrency?: number;
	/** Start no more tasks than this, tries before included. */
	maxVideos?: number;
	/** Start nothing more once tasks of this many credits are started. */
	maxCredits?: number;
	/** Cancel what is not running yet when the run is stopped. */
	cancelOnStop: boolean;
}

/** What became of one piece of work. */
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
}

export interface BatchParts<Result> {
	provider: Provider;
	http: Http;
	clock: Clock;
	/** Absent where nothing is ordered. */
	ledger?: Ledger;
	signal?: AbortSignal;
	/** Told every task id the moment it is known. */
	onTask?: (work: BatchItem, taskId: string) => void;
	/**
	 * Delivers a success, such as by downloading it. May ask again for a fresh link. Resolves to a result or a failure;
	 * a rejection is an outcome of that work alone.
	 */
	finish?: (
		taskId: string,
		report: TaskReport,
		askAgain: () => Promise<TaskReport | undefined>,
		work: BatchItem,
	) => Promise<{ result: Result } | { failure: Failure }>;
}

/** An order must be answered within this time; an image of 20 MB travels in it. */
const SUBMIT_TIMEOUT_MS = 180_000;
const ASK_TIMEOUT_MS = 30_000;
const CANCEL_TIMEOUT_MS = 5_000;
/** After Stop the node ends within a second; late answers are still handled in the background. */
const STOP_GRACE_MS = 800;

const SUBMISSIONS_AT_ONCE = 4;
/** Characters of images on the wire at once: many URLs, but one large base64 image at a time. */
const WIRE_LENGTH_AT_ONCE = 24_000_000;
const ASKS_AT_ONCE = 5;
const FINISHES_AT_ONCE = 3;
const CANCELS_AT_ONCE = 10;

/** Orders in a row without a clear answer before no more are risked. */
const UNKNOWN_IN_A_ROW = 3;
/** How long an unreachable provider is tried; a name that was never found is most likely mistyped. */
const UNREACHABLE_PATIENCE_MS = 240_000;
const UNKNOWN_HOST_PATIENCE_MS = 20_000;
/** Orders in a row turned away by something in between, such as a firewall, before no more are sent. */
const TURNED_AWAY_IN_A_ROW = { atFirst: 3, later: 30 };
/** A provider's no to a status check is believed when it is said so often in a row. */
const FINAL_REFUSALS = 2;
/** An item that was refused though there was room is next again after so many places came free, times the refusals. */
const FORGIVEN_AFTER_PLACES = 10;
/** An overloaded model is tried again after this, twice as long each further time. */
const MODEL_PAUSE_MS = { first: 5_000, longest: 60_000 };
/** Successes without a link are asked again this often. */
const LINKLESS_ANSWERS = 3;

type Phase = 'new' | 'submitting' | 'waiting' | 'asking' | 'ready' | 'finishing' | 'ended';

interface Entry<Result> extends Outcome<Result> {
	phase: Phase;
	/** When the provider began to work on it, as far as known. */
	beganAtMs: number;
	nextAskMs: number;
	lastAskMs: number;
	/** When the question now under way was sent. */
	askedAtMs: number;
	deadlineMs: number;
	/** Status checks in a row that brought nothing. */
	streak: number;
	/** Status checks in a row that the provider itself refused for good. */
	refusals: number;
	/** How often the order was refused as busy though there was room by all that is known: then it is about this item. */
	timesToBlame: number;
	/** How many places had been given back then. */
	blamedAt: number;
	/** Refused as busy; the next in line goes first meanwhile. */
	isYielding: boolean;
	/** The last refusal of the order as busy. */
	busy?: Diagnosis;
	linkless: number;
	/** The order has left and its answer is not there. */
	isOnTheWay: boolean;
	/** A check that was given up without its answer. */
	isHung: boolean;
}

/**
 * Runs a batch to its end.
 * @returns one outcome per work, in the order of `works`. Provider failure is an outcome, never a rejection.
 */
export async function runBatch<Result>(
	works: readonly BatchItem[],
	settings: BatchSettings,
	parts: BatchParts<Result>,
): Promise<Array<Outcome<Result>>> {
	return await new Batch(works, settings, parts).run();
}

class Batch<Result> {
	private readonly entries: Array<Entry<Result>>;
	private readonly window: SubmissionWindow;
	/** How long finished tasks took, and what that says of the others: milliseconds per typical second. */
	private readonly finishedPace: number[] = [];
	private pace = 1000;
	private readonly requests = new RequestPace();
	/** Models that the provider says are overloaded. */
	private readonly overloaded = new Map<string, { untilMs: number; pauseMs: number }>();
	private submitting = 0;
	/** Characters of images in submissions without an answer yet. */
	private onWire = 0;
	private asking = 0;
	private finishing = 0;
	private askedLast = false;
	/** Reason why nothing more is ordered. */
	private halt?: Failure;
	private heard = false;
	private unreachableSinceMs?: number;
	private submitPauseUntilMs = 0;
	private submitStreak = 0;
	private unknownInARow = 0;
	private turnedAwayInARow = 0;
	private hasAccepted = false;
	/** By tasks of this run that ended. */
	private placesFreed = 0;
	private videos = 0;
	private credits = 0;
	private progressAtMs: number;
	private hasBegun = false;
	private isStopped = false;
	private alarm = new AbortController();

	constructor(
		works: readonly BatchItem[],
		private readonly settings: BatchSettings,
		private readonly parts: BatchParts<Result>,
	) {
		const nowMs = parts.clock.nowMs();
		this.progressAtMs = nowMs;
		this.window = new SubmissionWindow(settings.maxConcurrency ?? Infinity);
		this.entries = works.map((work) => this.open(work, nowMs));
	}

	async run(): Promise<Array<Outcome<Result>>> {
		const { signal } = this.parts;
		const ring = () => this.alarm.abort();
		signal?.addEventListener('abort', ring);
		try {
			while (!this.isDone()) {
				if (signal?.aborted) return await this.stop();
				this.hasBegun = true;
				const nowMs = this.parts.clock.nowMs();
				this.giveUpWhereHopeless(nowMs);
				while (this.startOne(this.parts.clock.nowMs()));
				if (this.isDone()) break;
				await this.rest();
			}
		} finally {
			signal?.removeEventListener('abort', ring);
		}
		return this.entries;
	}

	/** Where the ledger left this work on an earlier try. */
	private open(work: BatchItem, nowMs: number): Entry<Result> {
		const entry: Entry<Result> = {
			work,
			phase: 'new',
			waitedMs: 0,
			submittedAtMs: nowMs,
			beganAtMs: nowMs,
			nextAskMs: nowMs,
			lastAskMs: nowMs,
			askedAtMs: nowMs,
			deadlineMs: nowMs + this.maxWaitMs(work),
			streak: 0,
			refusals: 0,
			timesToBlame: 0,
			blamedAt: 0,
			isYielding: false,
			linkless: 0,
			isOnTheWay: false,
			isHung: false,
		};
		if (work.taskId !== undefined) {
			entry.taskId = work.taskId;
			entry.phase = 'waiting';
			return entry;
		}
		const { ledger, provider } = this.parts;
		if (!work.job || !ledger) return entry;
		const earlierTaskIds = ledger.earlierTaskIds(work.job);
		if (earlierTaskIds.length > 0) entry.earlierTaskIds = earlierTaskIds;
		const known = ledger.read(work.job);
		if (!known) return entry;
		switch (known.state) {
			case 'submitting':
			case 'unknown':
				this.videos += 1;
				entry.phase = 'ended';
				if (known.state === 'unknown' && known.taskId !== undefined) entry.taskId = known.taskId;
				entry.failure = outcomeUnknown(provider, 'This was left by an earlier try.', entry.taskId);
				break;
			case 'submitted':
				this.videos += 1;
				this.credits += known.credits ?? 0;
				entry.taskId = known.taskId;
				entry.phase = 'waiting';
				// never later than now, though the machine's clock may have been set in between
				entry.submittedAtMs = Math.min(known.atMs, nowMs);
				entry.beganAtMs = entry.submittedAtMs;
				// a later execution is a new wait; another try of this one is not
				if (known.execution === ledger.execution) entry.deadlineMs = entry.submittedAtMs + this.maxWaitMs(work);
				else entry.isFromEarlier = true;
				break;
			case 'closed':
				if (known.taskId !== undefined) {
					this.videos += 1;
					entry.taskId = known.taskId;
				}
				entry.phase = 'ended';
				if (known.taskId !== undefined && known.canceledIn !== undefined)
					entry.failure = canceled(known.taskId, known.diagnosis);
				else
					entry.failure =
						known.taskId !== undefined
							? endedEmpty(provider.name, known.taskId, known.diagnosis, true)
							: refused(known.diagnosis, true);
		}
		return entry;
	}

	private maxWaitMs({ maxWaitMs = this.settings.maxWaitMs }: BatchItem): number {
		return maxWaitMs;
	}

	private isDone(): boolean {
		if (this.submitting > 0 || this.finishing > 0) return false;
		return this.settings.until === 'submitted'
			? this.asking === 0 && this.entries.every(({ phase }) => phase === 'ended' || phase === 'waiting')
			: this.entries.every(({ phase }) => phase === 'ended');
	}

	/** Ends what can no longer start, or has waited its time. */
	private giveUpWhereHopeless(nowMs: number): void {
		const isCapped =
			this.submitting === 0 &&
			(this.videos >= (this.settings.maxVideos ?? Infinity) || this.credits >= (this.settings.maxCredits ?? Infinity));
		if (isCapped) this.halt ??= this.capTrouble();
		if (this.underWay() === 0 && this.submitting === 0 && nowMs - this.progressAtMs >= this.settings.maxWaitMs)
			this.halt ??= this.noPlace();
		if (this.halt && this.submitting === 0)
			for (const entry of this.entries) if (entry.phase === 'new') this.end(entry, this.halt);
		// a question may hang for longer than it is given: the deadline holds without its answer
		for (const entry of this.entries)
			if (entry.phase === 'asking' && nowMs >= hungUntilMs(entry)) {
				// its place is for the others; should the answer come yet, nobody counts it
				entry.isHung = true;
				this.asking -= 1;
				this.endStillRunning(entry, nowMs, 'not answering');
			}
	}

	private noPlace(): Failure {
		const busy = this.entries.find((entry) => entry.phase === 'new' && entry.busy)?.busy;
		const minutes = Math.round(this.settings.maxWaitMs / 60_000);
		return notStarted(
			`${this.parts.provider.name} took no order for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}${busy?.busy === 'model' ? ` (${busy.summary})` : ''}`,
			busy?.busy === 'model'
				? 'Run the item again later, or choose another model.'
				: 'The account is busy with other tasks. Run the item again later, or raise Max Wait (Minutes).',
			busy,
		);
	}

	private capTrouble(): Failure {
		const { maxVideos, maxCredits } = this.settings;
		return maxVideos !== undefined && this.videos >= maxVideos
			? capped(`Max Videos of ${maxVideos} is reached`, 'Raise Max Videos, or run the item again.')
			: capped(
					`Max Credits of ${maxCredits} is reached (${this.credits} spent)`,
					'Raise Max Credits, or run the item again.',
				);
	}

	/** Starts the one thing that is most due. @returns false when nothing can start now */
	private startOne(nowMs: number): boolean {
		const ready = this.finishing < FINISHES_AT_ONCE ? this.entries.find(({ phase }) => phase === 'ready') : undefined;
		if (ready) {
			this.begin(ready, 'finishing', async () => await this.finish(ready));
			return true;
		}
		if (nowMs < this.requests.nextMs) return false;
		const order = this.nextToSubmit(nowMs);
		const question = this.nextToAsk(nowMs);
		const isAsk = question !== undefined && (order === undefined || !this.askedLast);
		if (isAsk) this.begin(question, 'asking', async () => await this.ask(question));
		else if (order) this.order(order);
		else return false;
		this.askedLast = isAsk;
		this.requests.sent(nowMs);
		return true;
	}

	private order(entry: Entry<Result>): void {
		const length = wireLengthOf(entry);
		this.onWire += length;
		this.begin(entry, 'submitting', async () => {
			try {
				await this.submit(entry);
			} finally {
				this.onWire -= length;
			}
		});
	}

	private begin(entry: Entry<Result>, phase: 'submitting' | 'asking' | 'finishing', action: () => Promise<void>): void {
		entry.phase = phase;
		this[phase] += 1;
		void action()
			// a fault of ours costs this item only, and not its task id
			.catch((cause: unknown) => this.end(entry, internalFault(cause, entry.taskId, entry.report)))
			.finally(() => {
				if (!entry.isHung) this[phase] -= 1;
				this.alarm.abort();
			});
	}

	private nextToSubmit(nowMs: number): Entry<Result> | undefined {
		const { maxVideos = Infinity, maxCredits } = this.settings;
		// until the provider has taken one, one at a time: a key without credit costs one call, not four
		const atOnce = this.videos === 0 || maxCredits !== undefined ? 1 : SUBMISSIONS_AT_ONCE;
		if (
			this.halt ||
			this.submitting >= atOnce ||
			this.videos + this.submitting >= maxVideos ||
			this.credits >= (maxCredits ?? Infinity) ||
			nowMs < this.submitPauseUntilMs ||
			!this.window.maySubmit(this.underWay(), this.submitting, nowMs)
		)
			return undefined;
		const next = this.nextNew(nowMs);
		const isWireFull = this.submitting > 0 && this.onWire + wireLengthOf(next) > WIRE_LENGTH_AT_ONCE;
		return isWireFull ? undefined : next;
	}

	/** The first in line whose model takes orders; what was put back stands behind what was not. */
	private nextNew(nowMs: number): Entry<Result> | undefined {
		let next: Entry<Result> | undefined;
		for (const entry of this.entries)
			if (
				entry.phase === 'new' &&
				this.modelOpensMs(entry) <= nowMs &&
				(next === undefined || this.isBefore(entry, next))
			)
				next = entry;
		return next;
	}

	/** Refused as busy: what is to blame stays behind all others, the rest lets the next in line try until a place is free. */
	private isBefore(one: Entry<Result>, other: Entry<Result>): boolean {
		return one.isYielding === other.isYielding ? this.blameOf(one) < this.blameOf(other) : other.isYielding;
	}

	/** Forgiven after a while, later each time: what is known of the room may have been wrong. */
	private blameOf({ timesToBlame, blamedAt }: Entry<Result>): number {
		return this.placesFreed - blamedAt > FORGIVEN_AFTER_PLACES * timesToBlame ? 0 : timesToBlame;
	}

	/** A task of this run gave its place back: whoever was refused by a full account is next again. */
	private placeFreed(): void {
		this.placesFreed += 1;
		for (const entry of this.entries) entry.isYielding = false;
	}

	/** When the model of a new entry takes orders again; 0 where nothing is known against it. */
	private modelOpensMs({ work: { job } }: Entry<Result>): number {
		return (job && this.overloaded.get(job.model)?.untilMs) ?? 0;
	}

	private nextToAsk(nowMs: number): Entry<Result> | undefined {
		if (this.asking >= ASKS_AT_ONCE || !this.isAskingWanted()) return undefined;
		let next: Entry<Result> | undefined;
		for (const entry of this.entries)
			if (
				entry.phase === 'waiting' &&
				entry.nextAskMs <= nowMs &&
				(next === undefined || entry.nextAskMs < next.nextAskMs)
			)
				next = entry;
		return next;
	}

	/** A run that does not wait for results asks only to notice room for its remaining orders. */
	private isAskingWanted(): boolean {
		return this.settings.until === 'ended' || this.entries.some(({ phase }) => phase === 'new');
	}

	/** Tasks of this run that hold a place at the provider. */
	private underWay(): number {
		let count = 0;
		for (const { phase, work } of this.entries) if ((phase === 'waiting' || phase === 'asking') && work.job) count += 1;
		return count;
	}

	/** Sleeps until something is due, or something that was started reports back. */
	private async rest(): Promise<void> {
		const nowMs = this.parts.clock.nowMs();
		const pauseMs = Math.min(60_000, Math.max(0, this.nextWakeMs(nowMs) - nowMs));
		await this.parts.clock.sleep(pauseMs, this.alarm.signal);
		this.alarm = new AbortController();
	}

	private nextWakeMs(nowMs: number): number {
		let wakeMs = Infinity;
		if (this.asking < ASKS_AT_ONCE && this.isAskingWanted())
			for (const entry of this.entries) if (entry.phase === 'waiting') wakeMs = Math.min(wakeMs, entry.nextAskMs);
		const opensMs = Math.min(
			...this.entries.filter(({ phase }) => phase === 'new').map((entry) => this.modelOpensMs(entry)),
		);
		if (this.submitting === 0 && !this.halt && opensMs < Infinity)
			wakeMs = Math.min(wakeMs, Math.max(opensMs, this.submitPauseUntilMs, this.window.nextTryMs(this.underWay())));
		else if (this.nextToSubmit(nowMs)) wakeMs = nowMs;
		wakeMs = Math.max(wakeMs, this.requests.nextMs);
		// when what waits for a place has waited its time
		if (opensMs < Infinity && this.submitting === 0 && this.underWay() === 0)
			wakeMs = Math.min(wakeMs, this.progressAtMs + this.settings.maxWaitMs);
		for (const entry of this.entries) if (entry.phase === 'asking') wakeMs = Math.min(wakeMs, hungUntilMs(entry));
		return wakeMs;
	}

	private async submit(entry: Entry<Result>): Promise<void> {
		const { provider, http, clock, ledger } = this.parts;
		const job = entry.work.job!;
		let media: LoadedMedia;
		try {
			media = await loadMedia(job);
		} catch (cause) {
			this.end(entry, unreadableImage(cause));
			return;
		}
		if (this.isStopped) return;
		const request = { ...provider.submit(job, media), timeoutMs: SUBMIT_TIMEOUT_MS };
		ledger?.write(job, { state: 'submitting', atMs: clock.nowMs() });
		let reply: HttpReply;
		entry.isOnTheWay = true;
		try {
			reply = await http.send(request);
		} catch (cause) {
			if (cause instanceof NoReply && !cause.sent) this.notReached(entry, job, cause);
			else this.outcomeUnknown(entry, job, messageOf(cause));
			return;
		} finally {
			entry.isOnTheWay = false;
		}
		this.hear();
		this.readAnswer(entry, job, reply);
	}

	/** A fault of ours in reading what came back must not hide that it came, nor the id that stands in it. */
	private readAnswer(entry: Entry<Result>, job: Job, reply: HttpReply): void {
		const { provider } = this.parts;
		try {
			const answer = provider.readSubmit(reply);
			if (answer.kind === 'accepted') this.accepted(entry, job, answer.task.taskId, answer.task);
			else if (answer.kind === 'unknown') this.outcomeUnknown(entry, job, answer.reason, answer.mentionedTaskId);
			else this.notAccepted(entry, job, answer);
		} catch (cause) {
			if (entry.taskId !== undefined) throw cause;
			this.outcomeUnknown(
				entry,
				job,
				`The answer could not be read: ${messageOf(cause)}.`,
				provider.mentionedTaskId(reply),
			);
		}
	}

	private accepted(entry: Entry<Result>, job: Job, taskId: string, report: TaskReport): void {
		const { ledger, clock, onTask } = this.parts;
		const nowMs = clock.nowMs();
		ledger?.write(job, {
			state: 'submitted',
			atMs: nowMs,
			taskId,
			execution: ledger.execution,
			...(report.credits === undefined ? {} : { credits: report.credits }),
		});
		onTask?.(entry.work, taskId);
		this.videos += 1;
		this.credits += report.credits ?? 0;
		this.unknownInARow = 0;
		this.turnedAwayInARow = 0;
		this.hasAccepted = true;
		this.submitStreak = 0;
		this.overloaded.delete(job.model);
		entry.taskId = taskId;
		entry.submittedAtMs = nowMs;
		entry.beganAtMs = nowMs;
		entry.deadlineMs = nowMs + this.maxWaitMs(entry.work);
		entry.phase = 'waiting';
		this.progressAtMs = nowMs;
		this.window.accepted(this.underWay(), nowMs);
		if (this.isStopped) {
			void this.cancel([entry]);
			return;
		}
		this.heed(entry, report);
	}

	private notAccepted(entry: Entry<Result>, job: Job, answer: SubmitAnswer & { kind: 'refused' | 'busy' }): void {
		const { clock, ledger } = this.parts;
		const { diagnosis } = answer;
		if (diagnosis.isOwnWords) this.turnedAwayInARow = 0;
		ledger?.forget(job);
		this.unknownInARow = 0;
		if (answer.kind === 'busy') {
			this.putBack(entry, job, answer, readRetryAfterMs(answer.retryAfter, clock.nowMs()));
			return;
		}
		if (answer.isTurnedAway) {
			this.turnedAway(entry, diagnosis);
			return;
		}
		if (diagnosis.kind === 'auth' || diagnosis.kind === 'balance')
			this.halt ??= notStarted(diagnosis.summary, diagnosis.advice, diagnosis);
		else if (diagnosis.kind !== 'transient') ledger?.write(job, { state: 'closed', atMs: clock.nowMs(), diagnosis });
		this.end(entry, refused(diagnosis));
	}

	/** Busy: nothing was started, and the order may go again. What is said of a model holds up that model alone. */
	private putBack(
		entry: Entry<Result>,
		job: Job,
		{ diagnosis, why }: SubmitAnswer & { kind: 'busy' },
		retryAfterMs: number,
	): void {
		const { clock } = this.parts;
		const nowMs = clock.nowMs();
		entry.phase = 'new';
		entry.busy = diagnosis;
		// the next in line may fare better, so items that are always refused never hold up the others
		entry.isYielding = true;
		if (this.underWay() === 0 || this.window.isKnownToHaveRoom(this.underWay())) {
			entry.timesToBlame += 1;
			entry.blamedAt = this.placesFreed;
		}
		if (why === 'model') {
			const known = this.overloaded.get(job.model);
			// sent before that was known: it says nothing new
			if (known && nowMs < known.untilMs) return;
			const pauseMs = known?.pauseMs ?? MODEL_PAUSE_MS.first;
			const waitMs = Math.max(pauseMs * (0.8 + 0.4 * clock.random()), retryAfterMs);
			this.overloaded.set(job.model, {
				untilMs: nowMs + waitMs,
				pauseMs: Math.min(2 * pauseMs, MODEL_PAUSE_MS.longest),
			});
			return;
		}
		this.window.refused(why, this.underWay(), nowMs, clock.random(), retryAfterMs);
	}

	/**
	 * Not the provider but something in between said no: a firewall that stumbles over a text answers 403 with a page of its
	 * own. That is about this item. Only where the provider has taken nothing yet, and several in a row are turned away, is
	 * it about all.
	 */
	private turnedAway(entry: Entry<Result>, diagnosis: Diagnosis): void {
		const failure = turnedAway(this.parts.provider.name, diagnosis);
		this.turnedAwayInARow += 1;
		if (this.turnedAwayInARow >= (this.hasAccepted ? TURNED_AWAY_IN_A_ROW.later : TURNED_AWAY_IN_A_ROW.atFirst))
			this.halt ??= notStarted(
				`${this.turnedAwayInARow} orders in a row were turned away on their way to ${this.parts.provider.name}`,
				'A firewall or proxy in between refuses them, or the base URL in the credential leads elsewhere.',
				diagnosis,
			);
		this.end(entry, failure);
	}

	/** The request cannot have arrived: it may go again once the provider is back. */
	private notReached(entry: Entry<Result>, job: Job, cause: NoReply): void {
		const { clock, ledger, provider } = this.parts;
		const nowMs = clock.nowMs();
		ledger?.forget(job);
		this.unreachableSinceMs ??= nowMs;
		const patienceMs = cause.unknownHost && !this.heard ? UNKNOWN_HOST_PATIENCE_MS : UNREACHABLE_PATIENCE_MS;
		if (cause.permanent || nowMs - this.unreachableSinceMs >= patienceMs) {
			this.halt ??= { ...unreachable(provider.name, cause.message), kind: 'notStarted' };
			this.end(entry, unreachable(provider.name, cause.message));
			return;
		}
		this.submitStreak += 1;
		this.submitPauseUntilMs = nowMs + backoffMs(this.submitStreak, clock.random());
		entry.phase = 'new';
	}

	/** Silence means unknown, never "try again". After a few in a row no more money is risked. */
	private outcomeUnknown(entry: Entry<Result>, job: Job, reason: string, taskId?: string): void {
		const { clock, ledger, onTask, provider } = this.parts;
		const nowMs = clock.nowMs();
		ledger?.write(job, { state: 'unknown', atMs: nowMs, ...(taskId === undefined ? {} : { taskId }) });
		if (taskId !== undefined) {
			entry.taskId = taskId;
			onTask?.(entry.work, taskId);
		}
		this.videos += 1;
		this.unknownInARow += 1;
		this.submitStreak += 1;
		this.submitPauseUntilMs = nowMs + backoffMs(this.submitStreak, clock.random());
		if (this.unknownInARow >= UNKNOWN_IN_A_ROW)
			this.halt ??= notStarted(
				`${provider.name} gave no clear answer to ${UNKNOWN_IN_A_ROW} orders in a row`,
				'Wait until the service answers again, then run the item again.',
			);
		this.end(entry, outcomeUnknown(provider, reason, taskId));
	}

	private async ask(entry: Entry<Result>): Promise<void> {
		const { clock } = this.parts;
		entry.askedAtMs = clock.nowMs();
		const answer = await askForTask(this.parts, entry.taskId!, ASK_TIMEOUT_MS);
		if (answer.kind === 'silent') {
			this.askLater(entry, 0);
			return;
		}
		this.hear();
		this.requests.heard(answer.isTooFast === true, clock.nowMs());
		// its time was over before the answer came
		if (entry.phase === 'ended') return;
		if (answer.kind === 'report') {
			entry.streak = 0;
			entry.refusals = 0;
			this.heed(entry, answer.report);
			return;
		}
		const { diagnosis } = answer;
		entry.refusals = answer.kind === 'gone' ? entry.refusals + 1 : 0;
		if (answer.kind === 'gone' && diagnosis.kind === 'content') this.endedEmpty(entry, diagnosis);
		else if (entry.refusals >= FINAL_REFUSALS) this.end(entry, lostTask(entry.taskId!, diagnosis));
		else this.askLater(entry, readRetryAfterMs(answer.retryAfter, clock.nowMs()));
	}

	/** Acts on what the provider says about a task. */
	private heed(entry: Entry<Result>, report: TaskReport): void {
		const nowMs = this.parts.clock.nowMs();
		const isFirst = entry.report === undefined;
		// the answer to the order knows things that later answers leave out
		entry.report = { ...lastingFacts(entry.report), ...report };
		entry.waitedMs = nowMs - entry.submittedAtMs;
		switch (report.state) {
			case 'succeeded':
				if (report.videoUrl === undefined) this.linkless(entry, nowMs);
				else this.succeeded(entry, nowMs);
				return;
			case 'failed':
				this.endedEmpty(entry, report.diagnosis);
				return;
			case 'canceled':
				this.canceled(entry, report.diagnosis);
				return;
			case 'queued':
				entry.beganAtMs = nowMs;
		}
		const { pollIntervalMs } = this.settings;
		const pauseMs =
			pollIntervalMs ??
			nextPauseMs(nowMs - entry.beganAtMs, entry.work.typicalSeconds * this.pace, this.parts.clock.random());
		// a task seen waiting in line may be short once it runs
		const isQueuedStill = report.state === 'queued' && !isFirst;
		this.askAt(entry, nowMs + (isQueuedStill ? Math.min(pauseMs, 15_000) : pauseMs), nowMs);
	}

	private succeeded(entry: Entry<Result>, nowMs: number): void {
		if (entry.work.job) {
			// it ended somewhere between the last two answers
			const endedMs = (Math.max(entry.lastAskMs, entry.beganAtMs) + nowMs) / 2;
			this.finishedPace.push((endedMs - entry.beganAtMs) / entry.work.typicalSeconds);
			const seen = observedMedianMs(this.finishedPace, this.pendingPace(nowMs));
			if (seen !== undefined) this.pace = correctedTypicalMs(1000, seen, this.finishedPace.length);
		}
		this.progressAtMs = nowMs;
		if (this.parts.finish) {
			entry.phase = 'ready';
			this.placeFreed();
		} else this.end(entry);
	}

	/** A success without a link is asked again: the file may be on its way to the store. */
	private linkless(entry: Entry<Result>, nowMs: number): void {
		const { provider, clock } = this.parts;
		entry.linkless += 1;
		if (entry.linkless < LINKLESS_ANSWERS && nowMs < entry.deadlineMs) {
			this.askAt(entry, nowMs + backoffMs(entry.linkless + 1, clock.random()), nowMs);
			return;
		}
		this.end(entry, {
			kind: 'lostTask',
			headline: `${provider.name} says task ${entry.taskId} succeeded but gives no link`,
			description: `Collect it later with Task → Get and task ID ${entry.taskId}, or ask the support of ${provider.name}.`,
		});
	}

	private endedEmpty(entry: Entry<Result>, diagnosis: Diagnosis | undefined): void {
		this.close(entry, diagnosis);
		this.end(entry, endedEmpty(this.parts.provider.name, entry.taskId!, diagnosis));
	}

	/** Somebody did not want it: Retry On Fail must not order it again, but who runs it again by hand does want it. */
	private canceled(entry: Entry<Result>, diagnosis: Diagnosis | undefined): void {
		const { ledger, clock } = this.parts;
		const { job } = entry.work;
		if (ledger && job)
			ledger.write(job, {
				state: 'closed',
				atMs: clock.nowMs(),
				taskId: entry.taskId!,
				diagnosis: diagnosis ?? { kind: 'permanent', summary: 'The task was cancelled', advice: '' },
				canceledIn: ledger.execution,
			});
		this.end(entry, canceled(entry.taskId!, diagnosis));
	}

	/** A task that ended for good is remembered as such; one that ended for a passing reason may be ordered again. */
	private close(entry: Entry<Result>, diagnosis: Diagnosis | undefined): void {
		const { ledger, clock } = this.parts;
		const { job } = entry.work;
		if (!ledger || !job) return;
		if (!diagnosis || diagnosis.kind === 'transient') ledger.forget(job);
		else
			ledger.write(job, {
				state: 'closed',
				atMs: clock.nowMs(),
				taskId: entry.taskId!,
				diagnosis,
			});
	}

	private askLater(entry: Entry<Result>, retryAfterMs: number): void {
		const { clock } = this.parts;
		const nowMs = clock.nowMs();
		entry.streak += 1;
		entry.waitedMs = nowMs - entry.submittedAtMs;
		const pauseMs = backoffMs(entry.streak, clock.random(), retryAfterMs);
		this.askAt(entry, nowMs + Math.max(pauseMs, this.settings.pollIntervalMs ?? 0), nowMs);
	}

	/** Plans the next question, the last one being at the deadline. */
	private askAt(entry: Entry<Result>, atMs: number, nowMs: number): void {
		if (nowMs >= entry.deadlineMs) {
			this.endStillRunning(
				entry,
				nowMs,
				entry.streak > 0 || !entry.report ? 'not answering' : entry.report.providerState,
			);
			return;
		}
		entry.phase = 'waiting';
		entry.lastAskMs = nowMs;
		entry.nextAskMs = Math.min(atMs, entry.deadlineMs);
	}

	private endStillRunning(entry: Entry<Result>, nowMs: number, said: string): void {
		const waitedMs = nowMs - entry.submittedAtMs;
		entry.waitedMs = waitedMs;
		this.end(entry, stillRunning(this.parts.provider.name, entry.taskId!, said, waitedMs));
	}

	private async finish(entry: Entry<Result>): Promise<void> {
		const { finish } = this.parts;
		const askAgain = async () => {
			const answer = await askForTask(this.parts, entry.taskId!, ASK_TIMEOUT_MS);
			if (answer.kind === 'report') entry.report = { ...lastingFacts(entry.report), ...answer.report };
			return entry.report;
		};
		const done = await finish!(entry.taskId!, entry.report!, askAgain, entry.work);
		if ('failure' in done) {
			this.end(entry, done.failure);
			return;
		}
		entry.result = done.result;
		this.end(entry);
	}

	private end(entry: Entry<Result>, failure?: Failure): void {
		const isFetched = entry.phase === 'finishing';
		entry.phase = 'ended';
		if (failure) entry.failure = failure;
		// its place is free for another, whatever became of it
		if (entry.taskId !== undefined) {
			this.progressAtMs = this.parts.clock.nowMs();
			if (!isFetched) this.placeFreed();
		}
	}

	/** The provider answered, whatever it said. */
	private hear(): void {
		this.heard = true;
		this.unreachableSinceMs = undefined;
	}

	private pendingPace(nowMs: number): number[] {
		return this.entries
			.filter(({ phase, work }) => work.job && (phase === 'waiting' || phase === 'asking'))
			.map(({ beganAtMs, work }) => (nowMs - beganAtMs) / work.typicalSeconds);
	}

	/**
	 * Ends the run within a second: nothing new is ordered, orders on the wire get a moment to tell their id, what is
	 * not running yet is cancelled. Late answers are still logged and cancelled in the background.
	 */
	private async stop(): Promise<Array<Outcome<Result>>> {
		const { clock } = this.parts;
		this.isStopped = true;
		// n8n's Retry On Fail calls the node again after Stop: the try before has had the time
		const untilMs = clock.nowMs() + (this.hasBegun ? STOP_GRACE_MS : 0);
		const cancelling = this.cancel(this.entries.filter(({ phase }) => phase === 'waiting' || phase === 'asking'));
		void cancelling.finally(() => this.alarm.abort());
		let isCancelled = false;
		void cancelling.then(() => (isCancelled = true));
		while (clock.nowMs() < untilMs && (this.submitting > 0 || !isCancelled)) {
			this.alarm = new AbortController();
			await clock.sleep(untilMs - clock.nowMs(), this.alarm.signal);
		}
		const { provider } = this.parts;
		const reason = "The run was stopped before the answer came. If it still comes, its task ID is in n8n's log.";
		return this.entries.map((entry) => {
			if (entry.phase === 'ended') return entry;
			return { ...entry, failure: entry.isOnTheWay ? outcomeUnknown(provider, reason) : stopped(entry.taskId) };
		});
	}

	/** Best effort, at most five seconds. Running tasks cannot be cancelled and are left alone. */
	private async cancel(entries: Array<Entry<Result>>): Promise<void> {
		const { provider, http, clock } = this.parts;
		if (!provider.cancel || !this.settings.cancelOnStop) return;
		const untilMs = clock.nowMs() + CANCEL_TIMEOUT_MS;
		// the last ones ordered are the likeliest to stand in line still
		const waiting = entries.filter(({ work, report }) => work.job && report?.state !== 'processing').reverse();
		const cancelNext = async (): Promise<void> => {
			for (let next = waiting.shift(); next && clock.nowMs() < untilMs; next = waiting.shift())
				await http.send({ ...provider.cancel!(next.taskId!), timeoutMs: CANCEL_TIMEOUT_MS }).catch(() => undefined);
		};
		await Promise.all(Array.from({ length: CANCELS_AT_ONCE }, cancelNext));
	}
}

/** Until when the answer to a question is waited for: past the deadline no longer than any answer may take. */
function hungUntilMs({ deadlineMs, askedAtMs }: { deadlineMs: number; askedAtMs: number }): number {
	return Math.max(deadlineMs, askedAtMs) + ASK_TIMEOUT_MS;
}

function wireLengthOf(entry: { work: BatchItem } | undefined): number {
	const { images = [], subjects = [] } = entry?.work.job ?? {};
	const all = [...images, ...subjects.flatMap((subject) => subject.images)];
	return all.reduce((sum, { wireLength }) => sum + wireLength, 0);
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function lastingFacts({ createdAt, credits, payload, model }: Partial<TaskReport> = {}): Partial<TaskReport> {
	return Object.fromEntries(
		Object.entries({ createdAt, credits, payload, model }).filter(([, value]) => value !== undefined),
	);
}

/** Loads the images of one submission; they are let go with it. */
async function loadMedia(job: Job): Promise<LoadedMedia> {
	const images: string[] = [];
	for (const image of job.images) images.push(await image.load());
	if (!job.subjects) return { images, ...(job.videos ? { videos: job.videos } : {}) };
	const subjects: NonNullable<LoadedMedia['subjects']> = [];
	for (const { name, images: sources, voiceId } of job.subjects) {
		const loaded: string[] = [];
		for (const source of sources) loaded.push(await source.load());
		subjects.push({ name, images: loaded, ...(voiceId ? { voiceId } : {}) });
	}
	return { images, subjects };
}

function unreadableImage(cause: unknown): Failure {
	return {
		kind: 'invalidInput',
		headline: 'An image of this item cannot be read',
		description: `${messageOf(cause)}. Nothing was sent.`,
	};
}

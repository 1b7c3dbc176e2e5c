import { creditsOf, type Job } from '../job';
import { Course } from './course';
import { entryFor, outcomeOf, type Entry, type Task } from './entry';
import { Gate } from './gate';
import { nothingLearned, type Learned } from './learned';
import { OrderLine, type InLine } from './line';
import type { BatchItem, BatchParts, BatchSettings, Outcome } from './parts';
import { hungUntilMs, Roster } from './roster';
import { cancelTasks, STOP_GRACE_MS, whyStopped } from './stop';
import { wireLengthOf } from './submit';

export type { BatchItem, BatchParts, BatchSettings, Outcome } from './parts';

/**
 * The life of a batch: submit, keep the window full, ask, deliver, stop. One loop decides, everything it starts reports
 * back to it, so nothing is decided in two places. Runs on any clock and any HTTP.
 */

/** Characters of images on the wire at once: many URLs, but one large base64 image at a time. */
const WIRE_LENGTH_AT_ONCE = 24_000_000;
const ASKS_AT_ONCE = 5;
const DELIVERIES_AT_ONCE = 3;
/** The loop looks around at least this often. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Runs a batch to its end.
 * @returns one outcome per work, in the order of `works`. Provider failure is an outcome, never a rejection.
 */
export async function runBatch<Result>(
	works: readonly BatchItem[],
	settings: BatchSettings,
	parts: BatchParts<Result>,
): Promise<Array<Outcome<Result>>> {
	return await new Batch(works, settings, parts, nothingLearned(settings.maxConcurrency)).run();
}

class Batch<Result> {
	private readonly entries: Array<Entry<Result>>;
	private readonly roster = new Roster<Result>();
	private readonly line: OrderLine<Result>;
	private readonly gate: Gate;
	private readonly course: Course<Result>;
	private askedLast = false;
	private hasBegun = false;
	private alarm = new AbortController();

	constructor(
		works: readonly BatchItem[],
		private readonly settings: BatchSettings,
		private readonly parts: BatchParts<Result>,
		private readonly learned: Learned,
	) {
		const { roster } = this;
		const nowMs = parts.clock.nowMs();
		const gate = new Gate(settings, parts.provider.name, nowMs);
		const line = new OrderLine<Result>(learned.models);
		this.gate = gate;
		this.line = line;
		this.course = new Course({ settings, parts, learned, gate, line, roster, wakeUp: () => this.wakeUp() });
		this.entries = works.map((item, place) => {
			const { entry, isStarted, credits } = entryFor<Result>(item, place, settings.maxWaitMs, parts, nowMs);
			if (isStarted) gate.noteEarlier(credits);
			roster.add(entry);
			if (entry.state.kind === 'new') line.add({ entry, order: entry.state.order });
			return entry;
		});
	}

	async run(): Promise<Array<Outcome<Result>>> {
		const { signal, clock } = this.parts;
		const wakeUp = () => this.wakeUp();
		signal?.addEventListener('abort', wakeUp);
		try {
			while (!this.isDone()) {
				if (signal?.aborted) return await this.stop();
				this.hasBegun = true;
				this.giveUpWhereHopeless(clock.nowMs());
				while (this.startOne(clock.nowMs()));
				if (this.isDone()) break;
				await this.sleepUntilDue();
			}
		} finally {
			signal?.removeEventListener('abort', wakeUp);
		}
		return this.entries.map((entry) => outcomeOf(entry));
	}

	private isDone(): boolean {
		const { roster } = this;
		if (roster.submitting.size > 0 || roster.delivering.size > 0) return false;
		if (this.settings.until === 'ended') return roster.areAllEnded;
		return roster.asking.size === 0 && this.line.length === 0 && !roster.hasReady;
	}

	/** Ends what can no longer start, or has waited its time. */
	private giveUpWhereHopeless(nowMs: number): void {
		const { course, gate, line, roster } = this;
		// an order on its way may yet fail, or be taken
		if (roster.submitting.size === 0) {
			gate.checkCaps();
			if (roster.underWay.size === 0 && nowMs >= gate.patienceEndsMs) gate.notePatienceEnded(line.busy);
			const failure = gate.stopReason;
			if (failure) for (const { entry } of line.takeAll()) course.settle(entry, { failure });
		}
		course.giveUpHung(nowMs);
	}

	/** Starts the one thing that is most due. @returns false when nothing can start now */
	private startOne(nowMs: number): boolean {
		const { course, learned, roster } = this;
		if (roster.hasReady && roster.delivering.size < DELIVERIES_AT_ONCE) {
			course.startDelivery();
			return true;
		}
		if (nowMs < learned.requests.nextMs) return false;
		const order = this.nextToSubmit(nowMs);
		const isAsk = this.isAskPossible() && roster.nextDueMs <= nowMs && (order === undefined || !this.askedLast);
		if (isAsk) course.startAsking();
		else if (order) course.startSubmission(order);
		else return false;
		this.askedLast = isAsk;
		learned.requests.sent(nowMs);
		return true;
	}

	private nextToSubmit(nowMs: number): InLine<Result> | undefined {
		const { course, gate, learned, line, roster } = this;
		const submitting = roster.submitting.size;
		if (!gate.mayOrder(submitting, nowMs)) return undefined;
		if (!learned.window.maySubmit(roster.underWay.size, submitting, nowMs)) return undefined;
		const next = line.first(nowMs);
		if (next && !this.hasRoomFor(next.order.job)) return undefined;
		const isWireFull = next && submitting > 0 && course.onWire + wireLengthOf(next.order.job) > WIRE_LENGTH_AT_ONCE;
		return isWireFull ? undefined : next;
	}

	private hasRoomFor(job: Job): boolean {
		const { gate, roster } = this;
		const hasRoom = gate.hasRoomFor(
			creditsOf(job),
			[...roster.submitting].map(({ state }) => creditsOf(state.order.job)),
		);
		// what is left in the line ends in the next round
		if (gate.stopReason) this.wakeUp();
		return hasRoom;
	}

	/** A run that does not wait for results asks only to notice room for its remaining orders. */
	private isAskPossible(): boolean {
		const isWanted = this.settings.until === 'ended' || this.line.length > 0;
		return isWanted && this.roster.asking.size < ASKS_AT_ONCE;
	}

	/** Sleeps until something is due, or something that was started reports back. */
	private async sleepUntilDue(): Promise<void> {
		const { clock } = this.parts;
		const nowMs = clock.nowMs();
		const pauseMs = Math.min(LONGEST_SLEEP_MS, Math.max(0, this.nextWakeMs(nowMs) - nowMs));
		await clock.sleep(pauseMs, this.alarm.signal);
		this.alarm = new AbortController();
	}

	private wakeUp(): void {
		this.alarm.abort();
	}

	private nextWakeMs(nowMs: number): number {
		const { gate, learned, line, roster } = this;
		const underWay = roster.underWay.size;
		const isSubmitting = roster.submitting.size > 0;
		const opensMs = line.nextOpenMs;
		let wakeMs = this.isAskPossible() ? roster.nextDueMs : Infinity;
		if (!isSubmitting && !gate.stopReason && opensMs < Infinity)
			wakeMs = Math.min(wakeMs, Math.max(opensMs, gate.pausedUntilMs, learned.window.nextTryMs(underWay)));
		else if (this.nextToSubmit(nowMs)) wakeMs = nowMs;
		wakeMs = Math.max(wakeMs, learned.requests.nextMs);
		if (!isSubmitting && opensMs < Infinity && underWay === 0) wakeMs = Math.min(wakeMs, gate.patienceEndsMs);
		for (const asking of roster.asking) wakeMs = Math.min(wakeMs, hungUntilMs(asking));
		return wakeMs;
	}

	/**
	 * Ends the run within a second: nothing new is ordered, orders on the wire get a moment to tell their id, what is
	 * not running yet is cancelled. Late answers are still logged and cancelled in the background.
	 */
	private async stop(): Promise<Array<Outcome<Result>>> {
		const { course, parts, roster, settings } = this;
		const { clock } = parts;
		course.isStopped = true;
		// n8n's Retry On Fail calls the node again after Stop: the try before has had the time
		const untilMs = clock.nowMs() + (this.hasBegun ? STOP_GRACE_MS : 0);
		const jobs = new Map<Task, Job | undefined>();
		if (settings.cancelOnStop) for (const [{ item }, task] of roster.underWay) jobs.set(task, item.job);
		const giveBack = (job: Job | undefined): void => (job ? parts.keys?.giveBack(job) : undefined);
		let isCancelled = false;
		void cancelTasks(jobs.keys(), parts, (task) => giveBack(jobs.get(task))).finally(() => {
			isCancelled = true;
			this.wakeUp();
		});
		while (clock.nowMs() < untilMs && (roster.submitting.size > 0 || !isCancelled)) {
			this.alarm = new AbortController();
			await clock.sleep(untilMs - clock.nowMs(), this.alarm.signal);
		}
		return this.entries.map((entry) => outcomeOf(entry, whyStopped(entry, parts.provider)));
	}
}

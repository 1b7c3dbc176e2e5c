import type { Member, Turn } from '../account/member';
import { AccountPool } from '../account/pool';
import type { Lane } from '../account/lane';
import type { Places } from '../account/places';
import { noPlaceYet } from '../failure';
import { modelOf, type Job } from '../job';
import { Course } from './course';
import { entryFor, outcomeOf, type Entry, type Task } from './entry';
import { Gate } from './gate';
import { OrderLine } from './line';
import type { BatchItem, BatchParts, BatchSettings, Outcome } from './parts';
import { defined } from '../defined';
import { hungUntilMs, Roster } from './roster';
import { cancelTasks, STOP_GRACE_MS, whyStopped, whyUnanswered } from './stop';
import { wireLengthOf } from './submit';

export type { BatchItem, BatchParts, BatchSettings, Outcome } from './parts';

/**
 * The life of a batch: submit, keep the window full, ask, deliver, stop. When it may order and ask is its account's to say,
 * which serves all runs that use it. Runs on any clock and any HTTP.
 */

const DELIVERIES_AT_ONCE = 3;
/** An order in a place that came free has begun to run by then, or it will not. */
const CHANCE_MS = 90_000;
/** At the end of an answer's time, orders on the wire get this long to tell their id. */
const LAST_ANSWER_MS = 5_000;
/** The account gets a moment to answer whether it moves, before the run gives up. */
const LOOK_MS = 2_000;

/**
 * Runs a batch to its end.
 * @param pool of the account; runs that share it are on its clock
 * @returns one outcome per work, in the order of `works`. Provider failure is an outcome, never a rejection.
 */
export async function runBatch<Result>(
	works: readonly BatchItem[],
	settings: BatchSettings,
	parts: BatchParts<Result>,
	pool = new AccountPool(parts.clock),
): Promise<Array<Outcome<Result>>> {
	return await new Batch(works, settings, parts, pool).run();
}

class Batch<Result> implements Member {
	readonly cap: number;
	readonly ordersAhead: boolean;
	readonly provider: BatchParts<Result>['provider'];
	readonly http: BatchParts<Result>['http'];
	/** Told when the run is over for its account: done, or stopped. */
	readonly fail: (cause: unknown) => void;
	private readonly leave: () => void;
	private readonly left: Promise<void>;
	private readonly entries: Array<Entry<Result>>;
	private readonly places: Places;
	private readonly roster: Roster<Result>;
	private readonly line: OrderLine<Result>;
	private readonly gate: Gate;
	private readonly course: Course<Result>;
	private readonly openedMs: number;
	/** When it is over, whatever goes on. */
	private readonly answerByMs: number;
	/** No item may go longer without progress. */
	private readonly patienceMs: number;
	private hasBegun = false;
	private alarm = new AbortController();

	constructor(
		works: readonly BatchItem[],
		private readonly settings: BatchSettings,
		private readonly parts: BatchParts<Result>,
		private readonly pool: AccountPool,
	) {
		const { provider, http, clock } = parts;
		this.cap = settings.maxConcurrency ?? Infinity;
		this.ordersAhead = settings.until === 'submitted' || settings.answerWithinMs !== undefined;
		this.provider = provider;
		this.http = http;
		this.openedMs = clock.nowMs();
		this.answerByMs = this.openedMs + (settings.answerWithinMs ?? Infinity);
		this.patienceMs = works.reduce((most, { maxWaitMs = 0 }) => Math.max(most, maxWaitMs), settings.maxWaitMs);
		let [leave, fail] = [() => {}, (_cause: unknown) => {}];
		this.left = new Promise<void>((resolve, reject) => {
			leave = resolve;
			fail = reject;
		});
		this.leave = leave;
		this.fail = fail;
		const places = pool.placesFor(this.cap);
		const gate = new Gate(settings, provider.name);
		const line = new OrderLine<Result>(pool.models, places);
		const roster = new Roster<Result>(places);
		this.places = places;
		this.gate = gate;
		this.line = line;
		this.roster = roster;
		this.course = new Course({ settings, parts, pool, member: this, gate, line, roster, wakeUp: () => this.wakeUp() });
		this.entries = works.map((item, place) => {
			const lane = pool.laneOf(item.job && provider.hasLimitsPerModel ? modelOf(item.job) : '');
			const { entry, isStarted, credits } = entryFor<Result>(
				item,
				place,
				settings.maxWaitMs,
				{ ...parts, ...defined({ noun: settings.noun }), lane },
				this.openedMs,
			);
			if (isStarted) gate.noteEarlier(credits);
			roster.add(entry);
			if (entry.state.kind === 'new') line.add({ entry, order: entry.state.order });
			return entry;
		});
	}

	async run(): Promise<Array<Outcome<Result>>> {
		const { signal } = this.parts;
		const stop = () => {
			// at once: an order whose image is being read must not leave any more
			this.course.isStopped = true;
			this.wakeUp();
		};
		signal?.addEventListener('abort', stop);
		try {
			this.pool.join(this);
			await this.left;
		} finally {
			// whether it is done, stopped or at fault: nothing of it leaves any more
			this.course.isStopped = true;
			this.places.leave();
			signal?.removeEventListener('abort', stop);
		}
		if (signal?.aborted && !this.isDone()) return await this.stop();
		return this.entries.map((entry) =>
			outcomeOf(entry, whyUnanswered(entry, this.provider, this.settings.answerWithinMs)),
		);
	}

	look(nowMs: number): boolean {
		const { course, parts, roster } = this;
		if (this.isDone() || parts.signal?.aborted) {
			this.leave();
			return false;
		}
		this.hasBegun = true;
		if (nowMs >= this.answerByMs) this.refuseWhatWaits();
		this.giveUpWhereHopeless(nowMs);
		while (roster.hasReady && roster.delivering.size < DELIVERIES_AT_ONCE) course.startDelivery();
		if (!this.isDone()) return true;
		this.leave();
		return false;
	}

	get nextLookMs(): number {
		const { gate, line, roster } = this;
		let lookMs = Infinity;
		for (const asking of roster.asking) lookMs = Math.min(lookMs, hungUntilMs(asking));
		const nowMs = this.parts.clock.nowMs();
		const later = (atMs: number): void => {
			if (atMs > nowMs) lookMs = Math.min(lookMs, atMs);
		};
		later(this.answerByMs);
		later(this.answerByMs + LAST_ANSWER_MS);
		if (line.length === 0) return lookMs;
		later(gate.pausedUntilMs);
		later(line.opensAfter(nowMs));
		if (roster.submitting.size > 0) return lookMs;
		for (const lane of this.places.lanesWithOrders()) {
			const endMs = this.patienceEndsMs(lane);
			later(endMs - this.patienceMs / 2);
			later(endMs > nowMs ? endMs : nowMs + LOOK_MS);
		}
		return lookMs;
	}

	/** A run that does not wait for results asks only to notice room for its remaining orders. */
	get nextAskMs(): number {
		const isWanted = this.settings.until === 'ended' || this.line.length > 0;
		return isWanted ? this.roster.nextDueMs : Infinity;
	}

	ask(): void {
		this.course.startAsking();
	}

	get hasOrders(): boolean {
		return this.line.length > 0;
	}

	nextOrder(nowMs: number, isOpen: (lane: Lane) => boolean): Turn | undefined {
		const { course, gate, line, roster } = this;
		if (!gate.mayOrder(roster.submitting.size, nowMs)) return undefined;
		const next = line.first(nowMs, (lane) => isOpen(lane) && !this.isInVain(lane, nowMs));
		if (!next || !this.hasRoomFor(next.order.job)) return undefined;
		return {
			wireLength: wireLengthOf(next.order.job),
			start: () => course.startSubmission(next),
		};
	}

	private isDone(): boolean {
		const { roster } = this;
		const lateMs = this.parts.clock.nowMs() - this.answerByMs;
		const isQuiet = this.line.length === 0 && !roster.hasReady && roster.delivering.size === 0;
		if (isQuiet && lateMs >= LAST_ANSWER_MS) return true;
		if (roster.submitting.size > 0 || roster.delivering.size > 0) return false;
		if (isQuiet && lateMs >= 0) return true;
		if (this.settings.until === 'ended') return roster.areAllEnded;
		return roster.asking.size === 0 && this.line.length === 0 && !roster.hasReady;
	}

	private refuseWhatWaits(): void {
		const { course, line, parts, settings } = this;
		course.isAnswered = true;
		const failure = noPlaceYet(parts.provider.name, settings.answerWithinMs ?? 0);
		for (const { entry } of line.takeAll()) course.settle(entry, { failure });
	}

	/** Ends what can no longer start, or has waited its time. */
	private giveUpWhereHopeless(nowMs: number): void {
		const { course, gate, line, places, roster } = this;
		// an order on its way may yet fail, or be taken
		if (roster.submitting.size === 0) {
			gate.checkCaps();
			const failure = gate.stopReason;
			if (failure) for (const { entry } of line.takeAll()) course.settle(entry, { failure });
			for (const lane of [...places.lanesWithOrders()]) this.giveUpLane(lane, nowMs);
		}
		course.giveUpHung(nowMs);
	}

	/** Orders wait as long as their lane moves; before they give up, the account itself is asked. */
	private giveUpLane(lane: Lane, nowMs: number): void {
		const { course, gate, line, places, pool } = this;
		// their own end comes first: it may free a place
		if (places.underWayIn(lane) > 0) return;
		const endMs = this.patienceEndsMs(lane);
		// what the account says half-way is what it is compared with at the end
		const halfMs = endMs - this.patienceMs / 2;
		if (nowMs < halfMs || !pool.hasLookedSince(this, nowMs < endMs ? halfMs : endMs) || nowMs < endMs) return;
		const failure = gate.patienceEnded(line.busyIn(lane));
		for (const { entry } of line.takeAll(lane)) course.settle(entry, { failure });
	}

	private hasRoomFor(job: Job): boolean {
		const { gate, roster } = this;
		const hasRoom = gate.hasRoomFor(
			job,
			[...roster.submitting].map(({ state }) => state.order.job),
		);
		// what is left in the line ends in the next round
		if (gate.stopReason) this.wakeUp();
		return hasRoom;
	}

	/** Where a place came free because nobody waits for its task any more, the next order still gets its chance. */
	private patienceEndsMs(lane: Lane): number {
		const endMs = this.stillEndsMs(lane);
		return this.isInVain(lane, endMs) ? endMs : Math.max(endMs, lane.givenUpMs + CHANCE_MS);
	}

	private stillEndsMs({ progressMs }: Lane): number {
		return Math.max(progressMs, this.openedMs) + this.patienceMs;
	}

	/** Nothing has moved for too long, and the account would only let the order stand in line: its places are taken. */
	private isInVain(lane: Lane, nowMs: number): boolean {
		return this.provider.usage !== undefined && lane.isFull !== false && nowMs >= this.stillEndsMs(lane);
	}

	private wakeUp(): void {
		this.pool.touch(this);
		this.alarm.abort('ring');
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

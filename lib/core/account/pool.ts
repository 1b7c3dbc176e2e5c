import type { Clock } from '../clock';
import type { Http } from '../http';
import { CallsBeside } from './beside';
import { Lane } from './lane';
import type { Member, Turn } from './member';
import { ModelPauses } from './models';
import { Paces } from './pace';
import { Places } from './places';
import { RequestPace } from './schedule';
import { Timetable } from './timetable';
import { Turns } from './turns';
import { UsageLook } from './usage';
import { Wire } from './wire';

/**
 * One account, shared by all runs of this process that use it: one window, one pace of requests, turns taken fairly. One
 * loop decides for all of them, and everything that it starts reports back to it, so nothing is decided in two places. It
 * lives while there are runs. What was learned stays.
 */

const ASKS_AT_ONCE = 5;
/** The loop looks around at least this often. */
const LONGEST_SLEEP_MS = 60_000;
/** Below this, what the account says of itself is not worth a call. */
const FEW_TASKS = 5;
/** Custom models may be many, each with a limit of its own. */
const LANES_REMEMBERED = 50;
const RING = 'ring'; // without a reason each ring would make an error with a stack, though nobody sleeps

export class AccountPool {
	readonly requests = new RequestPace();
	readonly models = new ModelPauses();
	/** Also of runs that have left, until the last order is answered. */
	readonly wire = new Wire();
	readonly paces = new Paces();
	private readonly usage = new UsageLook();
	private readonly lanes = new Map<string, Lane>();
	private readonly members = new Set<Member>();
	private readonly touched = new Set<Member>();
	private readonly asks = new Timetable<Member>(({ nextAskMs }) => nextAskMs);
	private readonly looks = new Timetable<Member>(({ nextLookMs }) => nextLookMs);
	/** Runs with orders. */
	private readonly turns = new Turns<Member>();
	private readonly beside = new CallsBeside();
	private wasBeside = false;
	/** Tasks and orders of the runs with the same limit of their user. */
	private readonly capped = new Map<number, number>();
	/** Runs that order ahead. */
	private ahead = 0;
	private asking = 0;
	private askedLast = false;
	private isServing = false;
	private alarm = new AbortController();

	/**
	 * @param clock of all its runs
	 * @param onIdle told when the last run has left
	 */
	constructor(
		readonly clock: Clock,
		private readonly onIdle: () => void = () => {},
	) {}

	get isIdle(): boolean {
		return this.members.size === 0;
	}

	/** @param key '' where the account has one limit for all */
	laneOf(key: string): Lane {
		const lane = this.lanes.get(key) ?? new Lane(this.clock.nowMs());
		this.lanes.delete(key);
		this.lanes.set(key, lane);
		if (this.lanes.size > LANES_REMEMBERED) this.forgetLane(lane);
		return lane;
	}

	/** What was learned of the one that was used least lately. */
	private forgetLane(used: Lane): void {
		for (const [key, lane] of this.lanes)
			if (lane !== used && lane.isIdle) {
				this.lanes.delete(key);
				return;
			}
	}

	placesFor(cap: number): Places {
		return new Places({
			taken: (by) => {
				if (cap === Infinity) return;
				const taken = (this.capped.get(cap) ?? 0) + by;
				if (taken > 0) this.capped.set(cap, taken);
				else this.capped.delete(cap);
			},
			asking: (by) => {
				this.asking += by;
			},
		});
	}

	join(member: Member): void {
		const isFirst = this.isIdle;
		if (isFirst) for (const { window } of this.lanes.values()) window.rest();
		this.members.add(member);
		this.touched.add(member);
		if (member.ordersAhead) this.ahead += 1;
		this.alarm.abort(RING);
		if (!this.isServing) void this.serve();
	}

	/** Something of this run reported back. */
	touch(member: Member): void {
		if (this.members.has(member)) this.touched.add(member);
		this.alarm.abort(RING);
	}

	/** A call that is neither an order nor a status check of a batch waits for its turn, too. */
	paced(http: Http, signal?: AbortSignal): Http {
		return {
			send: async (request) => {
				await this.turn(signal);
				return await http.send(request);
			},
		};
	}

	/** Waits for a turn beside those of the runs. @throws NoReply where the run is stopped before */
	async turn(signal?: AbortSignal): Promise<void> {
		await this.beside.turn(signal, () => {
			this.alarm.abort(RING);
			if (!this.isServing) void this.serve();
		});
	}

	/**
	 * Somebody has waited since then without any progress, and is about to give up.
	 * @returns true when the account itself was asked since, or cannot be asked
	 */
	hasLookedSince(member: Member, sinceMs: number): boolean {
		if (!member.provider.usage || this.usage.endedMs >= sinceMs) return true;
		this.usage.want();
		return false;
	}

	private leave(member: Member): void {
		if (!this.members.delete(member)) return;
		this.touched.delete(member);
		this.asks.forget(member);
		this.looks.forget(member);
		this.turns.remove(member);
		if (member.ordersAhead) this.ahead -= 1;
		if (this.isIdle) this.onIdle();
	}

	private async serve(): Promise<void> {
		this.isServing = true;
		while (this.isWanted) {
			this.lookAround();
			while (this.startOne());
			if (this.isWanted && this.touched.size === 0) await this.sleepUntilDue();
		}
		this.isServing = false;
	}

	private get isWanted(): boolean {
		return !this.isIdle || this.beside.areWaiting;
	}

	/** Looks at the runs of which something reported back, and at those that wanted to be looked at by now. */
	private lookAround(): void {
		const nowMs = this.clock.nowMs();
		for (let due = this.looks.takeDue(nowMs); due; due = this.looks.takeDue(nowMs)) this.touched.add(due);
		for (const member of this.touched) {
			this.touched.delete(member);
			if (this.of(member, () => member.look(nowMs))) this.of(member, () => this.plan(member));
			else this.leave(member);
		}
	}

	/** Lets a run act: a fault of ours ends that run, and no other. */
	private of<T>(member: Member, act: () => T): T | undefined {
		try {
			return act();
		} catch (cause) {
			this.leave(member);
			member.fail(cause);
			return undefined;
		}
	}

	private plan(member: Member): void {
		if (!this.members.has(member)) return;
		this.asks.plan(member);
		this.looks.plan(member);
		if (member.hasOrders && this.turns.add(member)) this.considerTier(member);
	}

	/** Starts the one request that is most due. @returns false when none can start now */
	private startOne(): boolean {
		const nowMs = this.clock.nowMs();
		if (nowMs < this.requests.nextMs) return false;
		if (this.usage.isDue && this.lookAtUsage()) return this.requests.sent(nowMs);
		// in turn with the runs
		this.wasBeside = !this.wasBeside && this.beside.startFirst();
		if (this.wasBeside) return this.requests.sent(nowMs);
		const turn = this.nextTurn(nowMs);
		const ask = this.asking < ASKS_AT_ONCE ? this.asks.first : undefined;
		if (ask && ask.atMs <= nowMs && !(turn && this.askedLast)) {
			this.askedLast = true;
			this.of(ask.who, () => ask.who.ask());
			this.plan(ask.who);
		} else if (turn) {
			this.askedLast = false;
			const { first: member } = this.turns;
			if (member) this.of(member, () => turn.start());
			this.passTurn();
			if (member) this.plan(member);
		} else if (!this.beside.startFirst()) return false;
		return this.requests.sent(nowMs);
	}

	/** The first run in turn of which an order may leave; it is the first of the turns then. */
	private nextTurn(nowMs: number): Turn | undefined {
		if (this.wire.isBusy || !this.isAnyOpen(nowMs)) return undefined;
		for (let left = this.turns.length; left > 0; left -= 1) {
			const { first: member } = this.turns;
			if (!member) return undefined;
			const turn = this.of(member, () => member.nextOrder(nowMs, (lane) => this.isOpen(lane, member, nowMs)));
			if (turn) return this.wire.hasRoom(turn.wireLength) ? turn : undefined;
			this.passTurn();
		}
		return undefined;
	}

	/** The first in turn goes behind the others, or where it has no orders any more out of the row. */
	private passTurn(): void {
		this.turns.pass((member) => this.members.has(member) && member.hasOrders);
	}

	/** Whether it is worth asking the runs one by one. */
	private isAnyOpen(nowMs: number): boolean {
		const { first } = this.turns;
		if (!first) return false;
		const { provider } = first;
		for (const lane of this.lanes.values())
			if (lane.inLine > 0 && lane.isOpen(nowMs, this.ahead > 0 || !provider.usage)) return true;
		return false;
	}

	private isOpen(lane: Lane, { cap, ordersAhead, provider }: Member, nowMs: number): boolean {
		return (this.capped.get(cap) ?? 0) < cap && lane.isOpen(nowMs, ordersAhead || !provider.usage);
	}

	/** Many tasks and a service that lets them stand in line: it is worth knowing how many run at once. */
	private considerTier({ ordersAhead, provider }: Member): void {
		if (ordersAhead || !provider.usage) return;
		let tasks = 0;
		for (const { inLine, underWay, submitting } of this.lanes.values()) tasks += inLine + underWay + submitting;
		if (tasks > FEW_TASKS) this.usage.wantTier(this.clock.nowMs());
	}

	/** @returns false where nobody can ask */
	private lookAtUsage(): boolean {
		const member = [...this.members].find(({ provider }) => provider.usage !== undefined);
		if (!member) return this.usage.giveUp();
		const beforeMs = this.usage.endedMs;
		void this.usage
			.look({ provider: member.provider, http: member.http, paced: this.paced(member.http) }, () => this.clock.nowMs())
			.then(({ atOnce, isFull, hasMoved }) => {
				for (const lane of this.lanes.values()) {
					if (atOnce !== undefined) lane.tier.isTold(atOnce);
					lane.isFull = isFull;
					// what changed before the last progress of ours is no news
					if (hasMoved && beforeMs >= lane.progressMs) lane.progressMs = this.clock.nowMs();
				}
				this.alarm.abort(RING);
			});
		return true;
	}

	/** Sleeps until something is due, or something that was started reports back. */
	private async sleepUntilDue(): Promise<void> {
		const nowMs = this.clock.nowMs();
		const dueMs = this.nextWakeMs(nowMs) - nowMs;
		// never none: that would not let anybody else have a turn of the process
		const pauseMs = Math.min(LONGEST_SLEEP_MS, dueMs > 0 ? dueMs : 1);
		if (!this.alarm.signal.aborted) await this.clock.sleep(pauseMs, this.alarm.signal);
		this.alarm = new AbortController();
	}

	private nextWakeMs(nowMs: number): number {
		let wakeMs = this.asking < ASKS_AT_ONCE ? (this.asks.first?.atMs ?? Infinity) : Infinity;
		if (this.usage.isDue || this.beside.areWaiting || this.nextTurn(nowMs)) wakeMs = nowMs;
		for (const { inLine, window, underWay } of this.lanes.values()) {
			const nextTryMs = window.nextTryMs(underWay);
			if (inLine > 0 && nextTryMs > nowMs) wakeMs = Math.min(wakeMs, nextTryMs);
		}
		wakeMs = Math.max(wakeMs, this.requests.nextMs);
		return Math.min(wakeMs, this.looks.firstPlannedMs);
	}
}

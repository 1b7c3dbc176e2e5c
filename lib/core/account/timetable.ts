import { Heap } from './heap';

/**
 * When each of many wants something next. A wish that moves to a later time is noticed when the earlier one comes up, so that
 * a change costs nothing where it happens.
 */

const PAST_PLANS_AT_EASE = 16;

interface Planned<Who> {
	atMs: number;
	number: number;
	who: Who;
}

export class Timetable<Who> {
	private readonly planned = new Heap<Planned<Who>>((one, other) => one.atMs - other.atMs || one.number - other.number);
	/** The plan that counts. Those before it stay on the heap until they come up, or are too many. */
	private readonly plans = new Map<Who, Planned<Who>>();
	private count = 0;

	/** @param wantedMs when it wants something by now; Infinity for never */
	constructor(private readonly wantedMs: (who: Who) => number) {}

	/** Its wish may have become an earlier one. */
	plan(who: Who): void {
		const atMs = this.wantedMs(who);
		if (atMs >= (this.plans.get(who)?.atMs ?? Infinity)) return;
		const plan = { atMs, number: this.count++, who };
		this.plans.set(who, plan);
		this.planned.push(plan);
		this.tidy();
	}

	/** It takes no more part. */
	forget(who: Who): void {
		this.plans.delete(who);
		this.tidy();
	}

	/** What is held, past plans included. */
	get size(): number {
		return this.planned.size;
	}

	/** Who is first, and when. */
	get first(): { who: Who; atMs: number } | undefined {
		for (let first = this.planned.first; first; first = this.planned.first) {
			const { who, atMs } = first;
			const isMeant = this.isMeant(first);
			if (isMeant && this.wantedMs(who) === atMs) return first;
			this.planned.pop();
			if (!isMeant) continue;
			this.plans.delete(who);
			this.plan(who);
		}
		return undefined;
	}

	/** When somebody is to be looked at, as planned: too early does no harm. */
	get firstPlannedMs(): number {
		for (let first = this.planned.first; first; first = this.planned.first) {
			if (this.isMeant(first)) return first.atMs;
			this.planned.pop();
		}
		return Infinity;
	}

	/** Takes off the table who was planned for now or before. By the plan, for a wish may lie only in what is to come. */
	takeDue(nowMs: number): Who | undefined {
		if (this.firstPlannedMs > nowMs) return undefined;
		const due = this.planned.pop();
		if (due) this.plans.delete(due.who);
		return due?.who;
	}

	private isMeant(plan: Planned<Who>): boolean {
		return this.plans.get(plan.who) === plan;
	}

	/** Whoever is gone must not be held until its time would have come, which may be a day. */
	private tidy(): void {
		if (this.planned.size <= 2 * this.plans.size + PAST_PLANS_AT_EASE) return;
		this.planned.keep((plan) => this.isMeant(plan));
	}
}

import { Heap } from './heap';

/**
 * When each of many wants something next. A wish that moves to a later time is noticed when the earlier one comes up, so that
 * a change costs nothing where it happens.
 */

interface Planned<Who> {
	atMs: number;
	number: number;
	who: Who;
}

export class Timetable<Who> {
	private readonly planned = new Heap<Planned<Who>>((one, other) => one.atMs - other.atMs || one.number - other.number);
	private readonly plannedMs = new Map<Who, number>();
	private count = 0;

	/** @param wantedMs when it wants something by now; Infinity for never */
	constructor(private readonly wantedMs: (who: Who) => number) {}

	/** Its wish may have become an earlier one. */
	plan(who: Who): void {
		const atMs = this.wantedMs(who);
		if (atMs >= (this.plannedMs.get(who) ?? Infinity)) return;
		this.plannedMs.set(who, atMs);
		this.planned.push({ atMs, number: this.count++, who });
	}

	/** It takes no more part. */
	forget(who: Who): void {
		this.plannedMs.delete(who);
	}

	/** Who is first, and when. */
	get first(): { who: Who; atMs: number } | undefined {
		for (let first = this.planned.first; first; first = this.planned.first) {
			const { who, atMs } = first;
			const isMeant = this.plannedMs.get(who) === atMs;
			if (isMeant && this.wantedMs(who) === atMs) return first;
			this.planned.pop();
			if (!isMeant) continue;
			this.plannedMs.delete(who);
			this.plan(who);
		}
		return undefined;
	}

	/** When somebody is to be looked at, as planned: too early does no harm. */
	get firstPlannedMs(): number {
		for (let first = this.planned.first; first; first = this.planned.first) {
			if (this.plannedMs.get(first.who) === first.atMs) return first.atMs;
			this.planned.pop();
		}
		return Infinity;
	}

	/** Takes off the table who was planned for now or before. By the plan, for a wish may lie only in what is to come. */
	takeDue(nowMs: number): Who | undefined {
		if (this.firstPlannedMs > nowMs) return undefined;
		const due = this.planned.pop();
		if (due) this.plannedMs.delete(due.who);
		return due?.who;
	}
}

import type { Lane } from './lane';

/** What one run holds of its account. When it leaves, all of it is given back at once, and what reports late counts no more. */

interface Held {
	submitting: number;
	underWay: number;
	tasks: number;
	inLine: number;
}

export class Places {
	private readonly held = new Map<Lane, Held>();
	private hasLeft = false;
	/** Orders on their way and tasks under way. */
	private taken = 0;
	private questions = 0;

	/** @param account told by how much what this run holds has changed */
	constructor(private readonly account: { taken(by: number): void; asking(by: number): void }) {}

	/** Questions under way. */
	asking(by: 1 | -1): void {
		if (this.hasLeft) return;
		this.questions += by;
		this.account.asking(by);
	}

	inLine(lane: Lane, by: 1 | -1): void {
		this.change(lane, 'inLine', by);
	}

	submitting(lane: Lane, by: 1 | -1): void {
		this.change(lane, 'submitting', by);
	}

	/** A task is under way. @returns its number in the lane */
	takeTask(lane: Lane, isOrdered: boolean): number {
		if (this.hasLeft) return 0;
		if (isOrdered) this.change(lane, 'underWay', 1);
		this.heldIn(lane).tasks += 1;
		return lane.take();
	}

	giveTaskBack(lane: Lane, isOrdered: boolean): void {
		if (this.hasLeft) return;
		if (isOrdered) {
			this.change(lane, 'underWay', -1);
			lane.freed += 1;
		}
		this.heldIn(lane).tasks -= 1;
		lane.leave();
	}

	/** How many tasks of this run are under way in the lane. */
	underWayIn(lane: Lane): number {
		return this.held.get(lane)?.underWay ?? 0;
	}

	/** Lanes in which orders of this run wait. */
	*lanesWithOrders(): Generator<Lane> {
		for (const [lane, { inLine }] of this.held) if (inLine > 0) yield lane;
	}

	leave(): void {
		if (this.hasLeft) return;
		this.hasLeft = true;
		for (const [lane, { submitting, underWay, tasks, inLine }] of this.held) {
			lane.submitting -= submitting;
			lane.underWay -= underWay;
			lane.inLine -= inLine;
			lane.freed += underWay;
			lane.leave(tasks);
		}
		this.account.taken(-this.taken);
		this.account.asking(-this.questions);
		this.held.clear();
	}

	private change(lane: Lane, what: 'inLine' | 'submitting' | 'underWay', by: 1 | -1): void {
		if (this.hasLeft) return;
		this.heldIn(lane)[what] += by;
		lane[what] += by;
		if (what === 'inLine') return;
		this.taken += by;
		this.account.taken(by);
	}

	private heldIn(lane: Lane): Held {
		const held = this.held.get(lane) ?? { submitting: 0, underWay: 0, tasks: 0, inLine: 0 };
		this.held.set(lane, held);
		return held;
	}
}

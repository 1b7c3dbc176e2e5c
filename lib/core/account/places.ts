import type { Lane } from './lane';

/** What one run holds of its account. When it leaves, all of it is given back at once, and what reports late counts no more. */

interface Held {
	submitting: number;
	underWay: number;
	/** Their numbers in the lane. */
	tasks: Set<number>;
	inLine: number;
	unordered: number;
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

	/** Tasks that an earlier run ordered. */
	unordered(lane: Lane, by: 1 | -1): void {
		this.change(lane, 'unordered', by);
	}

	submitting(lane: Lane, by: 1 | -1): void {
		this.change(lane, 'submitting', by);
	}

	/** A task is under way. @returns its number in the lane */
	takeTask(lane: Lane): number | undefined {
		if (this.hasLeft) return undefined;
		this.change(lane, 'underWay', 1);
		const number = lane.take();
		this.heldIn(lane).tasks.add(number);
		return number;
	}

	giveTaskBack(lane: Lane, number: number | undefined): void {
		if (this.hasLeft || number === undefined) return;
		this.change(lane, 'underWay', -1);
		lane.freed += 1;
		this.heldIn(lane).tasks.delete(number);
		lane.leave(number);
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
		for (const [lane, { submitting, underWay, tasks, inLine, unordered }] of this.held) {
			lane.submitting -= submitting;
			lane.underWay -= underWay;
			lane.inLine -= inLine;
			lane.unordered -= unordered;
			lane.freed += underWay;
			for (const number of tasks) lane.leave(number);
		}
		this.account.taken(-this.taken);
		this.account.asking(-this.questions);
		this.held.clear();
	}

	private change(lane: Lane, what: 'inLine' | 'unordered' | 'submitting' | 'underWay', by: 1 | -1): void {
		if (this.hasLeft) return;
		this.heldIn(lane)[what] += by;
		lane[what] += by;
		if (what === 'inLine' || what === 'unordered') return;
		this.taken += by;
		this.account.taken(by);
	}

	private heldIn(lane: Lane): Held {
		const held = this.held.get(lane) ?? { submitting: 0, underWay: 0, tasks: new Set(), inLine: 0, unordered: 0 };
		this.held.set(lane, held);
		return held;
	}
}

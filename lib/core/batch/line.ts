import { modelOf } from '../job';
import type { Diagnosis } from '../provider';
import type { Lane } from '../account/lane';
import type { ModelPauses } from '../account/models';
import type { Places } from '../account/places';
import type { Entry, Order } from './entry';

/**
 * The orders that wait for a place. First come, first served; an order that came back as busy lets the next in line try until
 * a place is free, and one that is to blame itself stays behind all others. So a look costs time in proportion to the
 * models and to the orders that came back, not to the orders.
 */

/** An item that was refused though there was room is next again after so many places of its lane came free, times the refusals. */
const FORGIVEN_AFTER_PLACES = 10;

export interface InLine<Result> {
	entry: Entry<Result>;
	order: Order;
}

export class OrderLine<Result> {
	/** Never refused, by model, each in the order of the items. */
	private readonly fresh = new Map<string, { orders: Array<InLine<Result>>; next: number }>();
	private returned: Array<InLine<Result>> = [];
	private count = 0;

	constructor(
		private readonly models: ModelPauses,
		private readonly places: Places,
	) {}

	get length(): number {
		return this.count;
	}

	add(inLine: InLine<Result>): void {
		const model = modelOf(inLine.order.job);
		const line = this.fresh.get(model);
		if (line) line.orders.push(inLine);
		else this.fresh.set(model, { orders: [inLine], next: 0 });
		this.counted(inLine, 1);
	}

	/** Takes an order back. @param hadRoom by all that is known the account had room, so it is about this item */
	putBack(inLine: InLine<Result>, busy: Diagnosis, hadRoom: boolean): void {
		const { entry, order } = inLine;
		order.busy = busy;
		order.yieldedAt = entry.lane.freed;
		if (hadRoom) {
			order.timesToBlame += 1;
			order.blamedAt = entry.lane.freed;
		}
		this.returned.push(inLine);
		this.counted(inLine, 1);
	}

	/** Takes an order back that did not reach the provider; that is not about the order. */
	putBackUnsent(inLine: InLine<Result>): void {
		this.returned.push(inLine);
		this.counted(inLine, 1);
	}

	/**
	 * The first in line whose model takes orders; it stays in line.
	 * @param isOpen whether its account, too, takes one
	 */
	first(nowMs: number, isOpen: (lane: Lane) => boolean = () => true): InLine<Result> | undefined {
		let first: InLine<Result> | undefined;
		for (const inLine of this.heads())
			if (this.opensMs(inLine) <= nowMs && isOpen(inLine.entry.lane) && (!first || this.isBefore(inLine, first)))
				first = inLine;
		return first;
	}

	take(inLine: InLine<Result>): void {
		const model = modelOf(inLine.order.job);
		const line = this.fresh.get(model);
		if (line?.orders[line.next] === inLine) {
			line.next += 1;
			if (line.next === line.orders.length) this.fresh.delete(model);
		} else this.returned = this.returned.filter((other) => other !== inLine);
		this.counted(inLine, -1);
	}

	/** When the first of the models that take none takes orders again; Infinity where none is waited for. */
	opensAfter(nowMs: number): number {
		let openMs = Infinity;
		for (const inLine of this.heads()) {
			const atMs = this.opensMs(inLine);
			if (atMs > nowMs) openMs = Math.min(openMs, atMs);
		}
		return openMs;
	}

	/** Why the first item in line for the lane, of those that were refused, was refused last. */
	busyIn(lane: Lane): Diagnosis | undefined {
		let first: InLine<Result> | undefined;
		for (const inLine of this.returned)
			if (inLine.entry.lane === lane && inLine.order.busy && (!first || inLine.entry.place < first.entry.place))
				first = inLine;
		return first?.order.busy;
	}

	/** Empties the line, or what of it is for one lane. */
	takeAll(lane?: Lane): Array<InLine<Result>> {
		const isMeant = ({ entry }: InLine<Result>): boolean => lane === undefined || entry.lane === lane;
		const taken = this.returned.filter(isMeant);
		this.returned = this.returned.filter((inLine) => !isMeant(inLine));
		for (const [model, { orders, next }] of this.fresh) {
			const [head] = orders;
			if (!head || !isMeant(head)) continue;
			taken.push(...orders.slice(next));
			this.fresh.delete(model);
		}
		for (const inLine of taken) this.counted(inLine, -1);
		return taken;
	}

	private counted({ entry }: InLine<Result>, by: 1 | -1): void {
		this.count += by;
		this.places.inLine(entry.lane, by);
	}

	private *heads(): Generator<InLine<Result>> {
		for (const { orders, next } of this.fresh.values()) {
			const head = orders[next];
			if (head) yield head;
		}
		yield* this.returned;
	}

	private opensMs({ order }: InLine<Result>): number {
		return this.models.opensMs(modelOf(order.job));
	}

	private isBefore(one: InLine<Result>, other: InLine<Result>): boolean {
		const [isYielding, isOtherYielding] = [this.isYielding(one), this.isYielding(other)];
		if (isYielding !== isOtherYielding) return isOtherYielding;
		const difference = this.blameOf(one) - this.blameOf(other);
		return difference === 0 ? one.entry.place < other.entry.place : difference < 0;
	}

	private isYielding({ entry, order }: InLine<Result>): boolean {
		return order.yieldedAt === entry.lane.freed;
	}

	/** Forgiven after a while, later each time: what is known of the room may have been wrong. */
	private blameOf({ entry, order: { timesToBlame, blamedAt } }: InLine<Result>): number {
		return entry.lane.freed - blamedAt > FORGIVEN_AFTER_PLACES * timesToBlame ? 0 : timesToBlame;
	}
}

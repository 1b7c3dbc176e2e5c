import type { Entry, Order } from '../../../../lib/core/batch/entry';
import { Heap } from '../../../../lib/core/account/heap';
import { Lane } from '../../../../lib/core/account/lane';
import { Places } from '../../../../lib/core/account/places';
import { OrderLine, type InLine } from '../../../../lib/core/batch/line';
import { ModelPauses } from '../../../../lib/core/account/models';
import type { Job } from '../../../../lib/core/job';
import type { Diagnosis } from '../../../../lib/core/provider';
import { chanceFrom } from './virtual/world';

/** Who goes first, without a look at all. */

const BUSY: Diagnosis = { kind: 'transient', busy: 'concurrency', summary: 'Full', advice: '' };

function inLine(place: number, model: string, lane: Lane): InLine<string> {
	const job: Job = {
		itemIndex: place,
		operation: 'textToVideo',
		model,
		typicalSeconds: 60,
		fingerprint: `f${place}`,
		origin: `o${place}`,
	};
	const order: Order = { job, timesToBlame: 0, yieldedAt: -1, blamedAt: 0 };
	const entry: Entry<string> = {
		...{ place, lane, openedAtMs: 0, item: { itemIndex: place, typicalSeconds: 60 } },
		state: { kind: 'new', order },
	};
	return { entry, order };
}

function lineOf(...models: string[]) {
	const pauses = new ModelPauses();
	const lane = new Lane(0);
	const line = new OrderLine<string>(pauses, new Places({ taken: () => {}, asking: () => {} }));
	models.forEach((model, place) => line.add(inLine(place, model, lane)));
	const next = (nowMs = 0) => line.first(nowMs)?.entry.place;
	/** The first leaves and comes back as busy. */
	const refuseFirst = (hadRoom: boolean) => {
		const first = line.first(0);
		if (!first) throw new Error('Nobody is in line');
		line.take(first);
		line.putBack(first, BUSY, hadRoom);
	};
	const placeFreed = () => (lane.freed += 1);
	return { lane, line, pauses, next, placeFreed, refuseFirst };
}

describe('the line of orders', () => {
	test('serves in the order of the items, whatever their models', () => {
		const { line, next } = lineOf('a', 'b', 'a', 'b');
		const served: Array<number | undefined> = [];
		for (let first = line.first(0); first; first = line.first(0)) {
			served.push(next());
			line.take(first);
		}
		expect(served).toEqual([0, 1, 2, 3]);
		expect(line.length).toBe(0);
		expect(line.opensAfter(0)).toBe(Infinity);
	});

	test('lets the next try after a refusal, until a place is free', () => {
		const { line, next, placeFreed, refuseFirst } = lineOf('a', 'a', 'a');
		refuseFirst(false);
		expect(next()).toBe(1);
		refuseFirst(false);
		expect(next()).toBe(2);
		placeFreed();
		expect(next()).toBe(0);
		expect(line.length).toBe(3);
	});

	test('comes round to those that were refused when nobody else is left', () => {
		const { next, refuseFirst } = lineOf('a', 'a');
		refuseFirst(false);
		refuseFirst(false);
		expect(next()).toBe(0);
	});

	test('keeps what is to blame itself behind all others, and forgives it after ten places', () => {
		const { next, placeFreed, refuseFirst } = lineOf('a', 'a');
		refuseFirst(true);
		for (let place = 0; place < 10; place += 1) {
			placeFreed();
			expect(next()).toBe(1);
		}
		placeFreed();
		expect(next()).toBe(0);
		refuseFirst(true);
		for (let place = 0; place < 20; place += 1) placeFreed();
		expect(next()).toBe(1);
		placeFreed();
		expect(next()).toBe(0);
	});

	test('puts the one refused less often before the others that are to blame', () => {
		const { next, placeFreed, refuseFirst } = lineOf('a', 'a');
		refuseFirst(true);
		refuseFirst(true);
		placeFreed();
		refuseFirst(true);
		placeFreed();
		expect(next()).toBe(1);
	});

	test('puts it there though it came back later and stands further back', () => {
		const { line, next, placeFreed } = lineOf('a', 'a');
		const [often, once] = line.takeAll();
		line.putBack(often, BUSY, true);
		line.take(often);
		for (const inLine of [often, once]) line.putBack(inLine, BUSY, true);
		placeFreed();
		expect(next()).toBe(1);
	});

	test('passes over a model that is overloaded, and knows when it opens', () => {
		const { line, pauses, next } = lineOf('a', 'b', 'a');
		pauses.refused('a', 0, () => 0.5, 0);
		expect(next()).toBe(1);
		expect(line.opensAfter(0)).toBe(5_000);
		const second = line.first(0);
		if (second) line.take(second);
		expect(next()).toBeUndefined();
		expect(line.opensAfter(0)).toBe(5_000);
		expect(next(5_000)).toBe(0);
	});

	test('puts an order that did not arrive back where it was', () => {
		const { lane, line, next } = lineOf('a', 'a');
		const first = line.first(0);
		if (first) {
			line.take(first);
			expect(next()).toBe(1);
			line.putBackUnsent(first);
		}
		expect(next()).toBe(0);
		expect(line.busyIn(lane)).toBeUndefined();
		expect(line.length).toBe(2);
	});

	test('tells of the refused what was said to the first item, in whatever order they came back', () => {
		const { lane, line } = lineOf('a', 'a', 'a', 'a');
		const [unsent, first, second, third] = line.takeAll();
		const other = { ...BUSY, summary: 'Overloaded' };
		line.putBackUnsent(unsent);
		line.putBack(second, other, false);
		expect(line.busyIn(lane)).toBe(other);
		line.putBack(first, BUSY, false);
		line.putBack(third, other, false);
		expect(line.busyIn(lane)).toBe(BUSY);
		line.take(first);
		expect(line.busyIn(lane)).toBe(other);
		expect(line.length).toBe(3);
		expect(line.takeAll().map(({ entry }) => entry.place)).toEqual([0, 2, 3]);
	});

	test('knows which lane an order is for', () => {
		const { lane, line } = lineOf('a', 'a');
		const other = new Lane(0);
		const [third, fourth] = [inLine(2, 'b', other), inLine(3, 'b', other)];
		line.add(third);
		line.add(fourth);
		line.take(third);
		line.putBack(third, BUSY, false);
		const first = line.first(0);
		if (!first) throw new Error('Nobody is in line');
		line.take(first);
		line.putBackUnsent(first);
		expect([line.busyIn(lane), line.busyIn(other)]).toEqual([undefined, BUSY]);
		expect([lane.inLine, other.inLine]).toEqual([2, 2]);
		expect(line.takeAll(other).map(({ entry }) => entry.place)).toEqual([2, 3]);
		expect([line.length, lane.inLine, other.inLine]).toEqual([2, 2, 0]);
		expect(line.takeAll(other)).toEqual([]);
		expect(line.takeAll(lane).map(({ entry }) => entry.place)).toEqual([0, 1]);
		expect([line.length, line.first(0)]).toEqual([0, undefined]);
	});

	test('gives only those that are in it still', () => {
		const { line } = lineOf('a', 'a');
		const first = line.first(0);
		if (first) line.take(first);
		expect(line.takeAll().map(({ entry }) => entry.place)).toEqual([1]);
	});

	test('tells why the first of the refused was refused, and is empty once all are taken', () => {
		const { lane, line, refuseFirst } = lineOf('a', 'b', 'b');
		expect(line.busyIn(lane)).toBeUndefined();
		refuseFirst(false);
		expect(line.busyIn(lane)).toBe(BUSY);
		const places = line.takeAll().map(({ entry }) => entry.place);
		expect(places.sort()).toEqual([0, 1, 2]);
		expect([line.length, line.first(0), line.busyIn(lane)]).toEqual([0, undefined, undefined]);
	});
});

test('a heap gives what was put in, the first first', () => {
	const chance = chanceFrom(3);
	for (let size = 0; size < 60; size += 1) {
		const heap = new Heap<number>((one, other) => one - other);
		const numbers = Array.from({ length: size }, () => Math.floor(50 * chance()) + chance());
		const taken: Array<number | undefined> = [];
		numbers.forEach((number, index) => {
			heap.push(number);
			// some leave in between
			if (index % 5 === 4) taken.push(heap.pop());
		});
		const rest: number[] = [];
		for (let { first } = heap; first !== undefined; first = heap.first) {
			expect(heap.pop()).toBe(first);
			rest.push(first);
		}
		expect(rest.length + taken.length).toBe(size);
		expect(rest).toEqual([...rest].sort((one, other) => one - other));
		expect([...taken, ...rest].sort()).toEqual([...numbers].sort());
		expect(heap.first).toBeUndefined();
	}
});

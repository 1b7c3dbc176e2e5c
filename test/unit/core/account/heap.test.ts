import { Heap } from '../../../../lib/core/account/heap';

/** Keeps the first of many at hand, and can let go of some. */

const heapOf = (...numbers: number[]): Heap<number> => {
	const heap = new Heap<number>((one, other) => one - other);
	for (const number of numbers) heap.push(number);
	return heap;
};
const emptied = (heap: Heap<number>): number[] => {
	const taken: number[] = [];
	for (let next = heap.pop(); next !== undefined; next = heap.pop()) taken.push(next);
	return taken;
};

test('knows how many it holds, and keeps those that are meant in their order', () => {
	const heap = heapOf(5, 1, 4, 2, 3, 6);
	expect(heap.size).toBe(6);
	heap.keep((number) => number % 2 === 0);
	expect([heap.size, heap.first]).toEqual([3, 2]);
	expect(emptied(heap)).toEqual([2, 4, 6]);
	expect(heap.size).toBe(0);
});

test('keeps all, or none', () => {
	const heap = heapOf(2, 1);
	heap.keep(() => true);
	expect(heap.size).toBe(2);
	heap.keep(() => false);
	expect([heap.size, heap.first, heap.pop()]).toEqual([0, undefined, undefined]);
});

import { mapPooled } from '../../../lib/core/pool';

const tick = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** Maps so many entries, each of which ends when the test says so. */
function pooled(count: number, limit: number) {
	const under = new Map<number, () => void>();
	const done = mapPooled(
		Array.from({ length: count }, (_, index) => `entry ${index}`),
		limit,
		async (entry, index) => {
			await new Promise<void>((resolve) => under.set(index, resolve));
			return `${entry} done`;
		},
	);
	const end = async (index: number): Promise<void> => {
		under.get(index)?.();
		under.delete(index);
		await tick();
	};
	return { done, end, underWay: () => [...under.keys()] };
}

test('so many are under way and no more, and the next begins when one ends', async () => {
	const { done, end, underWay } = pooled(5, 2);
	await tick();
	expect(underWay()).toEqual([0, 1]);
	await end(1);
	expect(underWay()).toEqual([0, 2]);
	for (const index of [2, 3, 4, 0]) await end(index);
	await expect(done).resolves.toEqual([0, 1, 2, 3, 4].map((index) => `entry ${index} done`));
});

test('results keep the order of the entries, whichever ends first', async () => {
	const { done, end } = pooled(3, 9);
	await tick();
	for (const index of [2, 0, 1]) await end(index);
	await expect(done).resolves.toEqual(['entry 0 done', 'entry 1 done', 'entry 2 done']);
});

test('nothing comes of nothing', async () => {
	await expect(pooled(0, 3).done).resolves.toEqual([]);
});

test('one that fails fails the whole', async () => {
	const cause = new Error('no');
	await expect(mapPooled([1, 2], 2, async () => await Promise.reject(cause))).rejects.toBe(cause);
});

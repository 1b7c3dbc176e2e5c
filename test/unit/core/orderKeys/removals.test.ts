import { Removals, type Removal } from '../../../../lib/core/orderKeys/removals';
import { KeyRun, newToken } from '../../../../lib/core/orderKeys/store';

/** What is to be taken out of the store, and when that is over. */

function opened({ fails = false, meanwhile = () => {} } = {}) {
	const removed: string[][] = [];
	const heard: string[] = [];
	const run = new KeyRun(
		{
			record: async () => new Set(),
			remove: async (values) => {
				removed.push([...values]);
				meanwhile();
				if (fails) throw new Error('The database is locked');
			},
		},
		10,
	);
	const removals = new Removals();
	const removal = (token: string, keys: readonly string[] = []): Removal => ({
		...{ run, keys, token },
		tried: () => heard.push(`${token} tried`),
		over: () => heard.push(`${token} over`),
	});
	const confirm = (...seen: string[]): void => {
		for (const one of removals.confirming) removals.confirm(one, new Set(seen));
	};
	return { removals, removed, heard, run, removal, confirm };
}

test('all are taken out at once, with their tokens, and each is told that it was tried', async () => {
	const { removals, removed, heard, removal } = opened();
	removals.add(removal('t1', ['mug', 'lamp']));
	removals.add(removal('t2', ['shoe']));
	expect(removals.confirming).toEqual([]);
	await removals.takeOut();
	expect(removed).toEqual([['mug', 'lamp', 't1', 'shoe', 't2']]);
	expect(heard).toEqual(['t1 tried', 't2 tried']);
	expect(removals.confirming.map(({ token }) => token)).toEqual(['t1', 't2']);
	// they are looked for before they are taken out once more
	await removals.takeOut();
	expect(removed).toHaveLength(1);
});

test('the store is left alone where nothing is to be taken out', async () => {
	const { removals, removed } = opened();
	await removals.takeOut();
	expect(removed).toEqual([]);
});

test('one whose token is gone is over, and the look for it is swept out', async () => {
	const { removals, removed, heard, removal, confirm } = opened();
	removals.add(removal('t1', ['mug']));
	await removals.takeOut();
	confirm('mug');
	expect(heard).toEqual(['t1 tried', 't1 tried', 't1 over']);
	expect(removals.size).toBe(1);
	await removals.takeOut();
	expect(removed).toEqual([['mug', 't1'], ['t1']]);
	expect(removals.size).toBe(0);
});

test('one that others overwrite is taken out again, five times in all', async () => {
	const { removals, removed, heard, removal, confirm } = opened();
	removals.add(removal('t1', ['mug']));
	for (let time = 1; time <= 5; time += 1) {
		expect(heard).not.toContain('t1 over');
		await removals.takeOut();
		confirm('mug', 't1');
	}
	expect(heard).toContain('t1 over');
	expect(removed).toEqual(Array(5).fill(['mug', 't1']));
});

test('one that the store could not be asked about is over: its key stays taken, which is the safe side', async () => {
	const { removals, heard, removal } = opened();
	removals.add(removal('t1', ['mug']));
	await removals.takeOut();
	for (const one of removals.confirming) removals.confirm(one, undefined);
	expect(heard).toContain('t1 over');
});

test('a token without keys is swept out once, and nobody looks whether that lasts', async () => {
	const { removals, heard, removal } = opened();
	removals.add(removal('t1'));
	await removals.takeOut();
	expect(heard).toContain('t1 over');
	expect([removals.size, removals.confirming]).toEqual([0, []]);
});

test('a store that fails may have written all the same: it is looked at as ever', async () => {
	const { removals, heard, removal } = opened({ fails: true });
	removals.add(removal('t1', ['mug']));
	await removals.takeOut();
	expect([heard, removals.confirming.map(({ token }) => token)]).toEqual([['t1 tried'], ['t1']]);
});

test('one that is wanted again is not removed any more, and whoever waits for it is told', async () => {
	const { removals, removed, heard, removal } = opened();
	removals.add(removal('t1', ['mug']));
	removals.end('t1');
	removals.end('t2');
	await removals.takeOut();
	expect([heard, removed, removals.size]).toEqual([['t1 tried', 't1 over'], [], 0]);
});

test('nobody has to wait for one', async () => {
	const { removals, run, confirm } = opened();
	removals.add({ run, keys: ['mug'], token: 't1' });
	removals.add({ run, keys: [], token: 't2' });
	await removals.takeOut();
	confirm();
	await removals.takeOut();
	expect(removals.size).toBe(0);
});

test('a newer one of the same token is not over with the older', async () => {
	const { removals, heard, removal } = opened();
	removals.add(removal('t1', ['mug']));
	await removals.takeOut();
	const [older] = removals.confirming;
	removals.end('t1');
	heard.splice(0);
	removals.add(removal('t1', ['mug']));
	if (older) removals.confirm(older, new Set());
	expect([heard, removals.size]).toEqual([[], 1]);
});

test('nor where it came while the older was taken out', async () => {
	const { removals, removal } = opened({ meanwhile: () => removals.add(removal('t1', ['mug'])) });
	removals.add(removal('t1'));
	await removals.takeOut();
	expect(removals.size).toBe(1);
});

test('no two tokens are the same', () => {
	expect(new Set(Array.from({ length: 100 }, newToken)).size).toBe(100);
});

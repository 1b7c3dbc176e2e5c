import { Wire } from '../../../../lib/core/account/wire';

/** Few orders at once, and no more of their images than memory should hold. */

const MEGA = 1_000_000;

/** Lets orders of these lengths on the wire; `end` answers the first that is on its way. */
function wireWith(...lengths: number[]) {
	const wire = new Wire();
	const begun: number[] = [];
	const ends: Array<() => void> = [];
	const over = lengths.map(
		async (length, place) =>
			await wire.use(length, async () => {
				begun.push(place);
				await new Promise<void>((resolve) => ends.push(resolve));
			}),
	);
	const settle = async () => await new Promise((resolve) => setImmediate(resolve));
	const end = async () => {
		ends.shift()?.();
		await settle();
	};
	return { wire, begun, end, over, settle };
}

test('four at once, the others in their order', async () => {
	const { begun, end, settle, wire } = wireWith(1, 1, 1, 1, 1, 1);
	await settle();
	expect(begun).toEqual([0, 1, 2, 3]);
	expect(wire.isBusy).toBe(true);
	await end();
	expect(begun).toEqual([0, 1, 2, 3, 4]);
	for (let left = 0; left < 5; left += 1) await end();
	expect(begun).toHaveLength(6);
	expect([wire.isBusy, wire.hasRoom(1)]).toEqual([false, true]);
});

test('images of 24 million characters at once, and a larger one alone', async () => {
	const { begun, end, settle, wire } = wireWith(13 * MEGA, 11 * MEGA, 1, 30 * MEGA, 1);
	await settle();
	expect(begun).toEqual([0, 1]);
	expect([wire.hasRoom(0), wire.hasRoom(1)]).toEqual([true, false]);
	await end();
	expect(begun).toEqual([0, 1, 2]);
	await end();
	await end();
	expect(begun).toEqual([0, 1, 2, 3]);
	await end();
	expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test('an order that fails gives its place back', async () => {
	const wire = new Wire();
	const fail = async () => await wire.use(30 * MEGA, async () => await Promise.reject(new Error('no')));
	await expect(fail()).rejects.toThrow('no');
	expect(wire.hasRoom(30 * MEGA)).toBe(true);
});

test('a small order does not overtake a large one that waits, though it would have room', async () => {
	const { begun, end, settle } = wireWith(20 * MEGA, 10 * MEGA, 1);
	await settle();
	expect(begun).toEqual([0]);
	await end();
	expect(begun).toEqual([0, 1, 2]);
});

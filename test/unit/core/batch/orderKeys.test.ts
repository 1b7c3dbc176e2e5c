import type { BatchItem } from '../../../../lib/core/batch';
import type { OrderKeys } from '../../../../lib/core/batch/parts';
import { notStarted } from '../../../../lib/core/failure';
import type { Job } from '../../../../lib/core/job';
import { PROVIDERS, VirtualWorld } from './virtual/world';

/** A key is taken right before its order leaves, and is free again when nothing was bought. */

/** The keys that somebody has, and what was asked for. */
class Keys implements OrderKeys {
	readonly said: string[] = [];

	constructor(
		readonly taken = new Set<string>(),
		private readonly wait: () => Promise<void> = async () => {},
	) {}

	async take({ orderKey = '' }: Job) {
		this.said.push(`take ${orderKey}`);
		await this.wait();
		if (this.taken.has(orderKey)) return 'taken' as const;
		this.taken.add(orderKey);
		return 'ours' as const;
	}

	giveBack({ orderKey = '' }: Job) {
		this.said.push(`give back ${orderKey}`);
		this.taken.delete(orderKey);
	}
}

const keyed = (item: BatchItem, orderKey: string): BatchItem => ({ ...item, job: { ...item.job!, orderKey } });
const keyedItems = (world: VirtualWorld, ...keys: string[]) =>
	world.works(keys.length).map((item, index) => keyed(item, keys[index]));

describe.each(PROVIDERS)('order keys at %s', (name) => {
	test('an order whose key is taken never leaves, and its item has no end of its own', async () => {
		const world = new VirtualWorld(name);
		const keys = new Keys(new Set(['mug']));
		const { outcomes } = await world.run(keyedItems(world, 'mug', 'lamp'), { keys });
		expect(outcomes[0]).toMatchObject({ isLeftOut: true });
		expect(outcomes[0]).not.toHaveProperty('failure');
		expect(outcomes[1]).not.toHaveProperty('isLeftOut');
		expect(outcomes[1].report?.state).toBe('succeeded');
		expect(world.counts.created).toBe(1);
		expect([...keys.taken]).toEqual(['mug', 'lamp']);
	});

	test('keys that many runs have at the same moment do not let their orders leave at once', async () => {
		const world = new VirtualWorld(name, { concurrency: 60 });
		const pool = world.newPool();
		// as one visit to the store answers for everybody
		const keys = new Keys(new Set(), async () => await world.clock.sleep(1_500 - (world.clock.nowMs() % 1_500)));
		const runs = keyedItems(world, ...Array.from({ length: 60 }, (_, index) => `product ${index}`)).map(
			async (item) => await world.start([item], { pool, keys }),
		);
		for (const { outcomes } of await world.clock.runUntil(Promise.all(runs)))
			expect(outcomes[0].report?.state).toBe('succeeded');
		expect(world.mostInOneSecond).toBeLessThanOrEqual(10);
	});

	test('Stop gives the key of an order back that waits for its turn', async () => {
		const world = new VirtualWorld(name, { concurrency: 60 });
		const pool = world.newPool();
		const others = Array.from(
			{ length: 40 },
			async () => await pool.paced(world.http()).send({ method: 'GET', path: '/' }),
		);
		const keys = new Keys(new Set(), async () => await world.clock.sleep(500));
		await world.clock.runUntil(world.start(keyedItems(world, 'mug'), { pool, keys, stopAfterMs: 1_500 }));
		await world.clock.runUntil(Promise.all(others));
		await world.clock.advance(10_000);
		expect(world.counts.submits).toBe(0);
		expect(keys.said).toEqual(['take mug', 'give back mug']);
	});

	test('a full account gives the key back, and takes it anew with the next attempt', async () => {
		const world = new VirtualWorld(name, { concurrency: 1, whenFull: 'refuse' });
		const keys = new Keys();
		const { outcomes } = await world.run(keyedItems(world, 'mug', 'lamp', 'shoe'), { keys });
		expect(outcomes.map(({ report }) => report?.state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect(world.counts.created).toBe(3);
		const took = keys.said.filter((word) => word.startsWith('take')).length;
		expect(took).toBeGreaterThan(3);
		expect(took - keys.said.filter((word) => word.startsWith('give')).length).toBe(3);
		expect(keys.taken.size).toBe(3);
	});

	test('a refused order gives the key back', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'submit', do: 'status', status: 400, code: 'FieldInvalid' });
		const keys = new Keys();
		const { outcomes } = await world.run(keyedItems(world, 'mug'), { keys });
		expect(outcomes[0].failure?.kind).toBe('refused');
		expect(keys.said).toEqual(['take mug', 'give back mug']);
	});

	test('an order without a clear answer keeps the key', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'submit', do: 'resetAfter' });
		const keys = new Keys();
		const { outcomes } = await world.run(keyedItems(world, 'mug'), { keys });
		expect(outcomes[0].failure?.kind).toBe('outcomeUnknown');
		expect([...keys.taken]).toEqual(['mug']);
	});

	test('a file that cannot be read gives the key back', async () => {
		const world = new VirtualWorld(name);
		const item = keyed(world.work(0), 'mug');
		const broken = { identity: 'gone', wireLength: 1, load: async () => await Promise.reject(new Error('It is gone')) };
		const keys = new Keys();
		const { outcomes } = await world.run(
			[{ ...item, job: { ...item.job!, request: { path: '', body: { images: [broken] } } } }],
			{ keys },
		);
		expect(outcomes[0].failure?.kind).toBe('invalidInput');
		expect(keys.taken.size).toBe(0);
	});

	test('Stop while a key is being taken orders nothing and gives it back', async () => {
		const world = new VirtualWorld(name);
		const keys = new Keys(new Set(), async () => await world.clock.sleep(3_000));
		const { outcomes, tookMs } = await world.run(keyedItems(world, 'mug'), { keys, stopAfterMs: 1_000 });
		expect(tookMs).toBeLessThanOrEqual(2_000);
		expect(outcomes[0].failure).toMatchObject({ kind: 'stopped', headline: 'Stopped before the order was sent' });
		await world.clock.advance(10_000);
		expect(world.counts.submits).toBe(0);
		expect(keys.said).toEqual(['take mug', 'give back mug']);
	});

	test('Stop gives back the keys of the tasks that the service has cancelled, and of no others', async () => {
		const world = new VirtualWorld(name, { concurrency: 1 });
		const keys = new Keys();
		await world.run(keyedItems(world, 'mug', 'lamp', 'shoe'), { keys, stopAfterMs: 20_000 });
		await world.clock.advance(10_000);
		expect(world.counts.cancelled).toBe(name === 'vidu' ? 2 : 0);
		expect([...keys.taken]).toEqual(['mug']);
	});

	test('a key that nobody can say whose it is costs its item only', async () => {
		const world = new VirtualWorld(name);
		const failure = notStarted('the store is broken', 'Mend it.');
		const keys: OrderKeys = {
			take: async ({ itemIndex }) => await Promise.resolve(itemIndex === 0 ? failure : ('ours' as const)),
			giveBack: () => {},
		};
		const { outcomes } = await world.run(keyedItems(world, 'mug', 'lamp'), { keys });
		expect(outcomes[0].failure).toBe(failure);
		expect(outcomes[1].report?.state).toBe('succeeded');
		expect(world.counts.created).toBe(1);
	});

	test.each([
		['internal', 'a passing reason gives the key back', 0],
		['content', 'a reason that stays keeps it', 1],
	])('a task that ends with %s: %s', async (code, _what, kept) => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ do: 'failTask', code, ...(name === 'zhipu' ? { shape: 'object' } : {}) });
		const keys = new Keys();
		const { outcomes } = await world.run(keyedItems(world, 'mug'), { keys });
		expect(outcomes[0].failure?.kind).toBe('endedEmpty');
		expect(keys.taken.size).toBe(kept);
	});

	test('the next try resumes what it ordered without asking for its key', async () => {
		const world = new VirtualWorld(name);
		const entries = {};
		const keys = new Keys();
		const items = keyedItems(world, 'mug');
		await world.run(items, { keys, entries, until: 'submitted' });
		const { outcomes } = await world.run(items, { keys, entries });
		expect(outcomes[0].report?.state).toBe('succeeded');
		expect(world.counts.created).toBe(1);
		expect(keys.said).toEqual(['take mug']);
	});
});

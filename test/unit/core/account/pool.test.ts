import fc from 'fast-check';

import { AccountPool } from '../../../../lib/core/account/pool';
import { Timetable } from '../../../../lib/core/account/timetable';
import type { Fault, ProviderName, WhenFull } from '../../../emulator';
import { PROVIDERS, VirtualWorld, type VirtualRun } from '../batch/virtual/world';

/** One account and many runs: they come and go, stop and fail, and the account is whole afterwards. */

const MINUTE_MS = 60_000;

const deliveredOf = ({ outcomes }: VirtualRun): number =>
	outcomes.filter(({ report, failure }) => report?.state === 'succeeded' && !failure).length;

/** What the pool counts, once nobody uses it. */
function leftIn(pool: AccountPool, lane = ''): unknown {
	const { underWay, submitting, inLine } = pool.laneOf(lane);
	return { isIdle: pool.isIdle, underWay, submitting, inLine };
}
const NOTHING = { isIdle: true, underWay: 0, submitting: 0, inLine: 0 };

/** Starts runs of so many items each, at once. */
async function together(world: VirtualWorld, counts: readonly number[], pool = world.newPool()): Promise<VirtualRun[]> {
	let first = 0;
	const runs = counts.map(async (count, run) => {
		const works = Array.from({ length: count }, (_, item) => world.work(first + item));
		first += count;
		return await world.start(works, { pool, execution: String(run) });
	});
	return await world.clock.runUntil(Promise.all(runs));
}

describe.each(PROVIDERS)('one account at %s', (name) => {
	const key = name === 'zhipu' ? 'cogvideox-3' : '';

	test.each<WhenFull>(['queue', 'refuse'])(
		'that lets orders %s: sixty runs of one are all delivered',
		async (whenFull) => {
			const world = new VirtualWorld(name, { concurrency: 5, whenFull });
			const pool = world.newPool();
			const runs = await together(world, Array<number>(60).fill(1), pool);
			expect(runs.map(deliveredOf)).toEqual(Array(60).fill(1));
			expect(world.counts.created).toBe(60);
			expect(world.mostInOneSecond).toBeLessThanOrEqual(10);
			expect(leftIn(pool, key)).toEqual(NOTHING);
		},
	);

	test('serves the runs in turn: a small one does not wait for a large one', async () => {
		const world = new VirtualWorld(name, { concurrency: 2, whenFull: 'refuse' });
		const [large, small] = await together(world, [40, 2]);
		expect(deliveredOf(large)).toBe(40);
		// ordered third and fourth
		expect(small.tookMs).toBeLessThanOrEqual(5 * MINUTE_MS);
	});

	test('keeps what it has learned for the next run', async () => {
		const world = new VirtualWorld(name, { concurrency: 3, whenFull: 'refuse' });
		const pool = world.newPool();
		await together(world, [12], pool);
		const before = world.requests('submit').filter(({ status }) => status === 429).length;
		await together(world, [3], pool);
		expect(world.requests('submit').filter(({ status }) => status === 429)).toHaveLength(before);
	});

	test('a limit of the user holds for all runs that have it', async () => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		const pool = world.newPool();
		const runs = await world.clock.runUntil(
			Promise.all(
				[0, 1, 2, 3, 4, 5].map(async (item) => await world.start([world.work(item)], { pool, maxConcurrency: 2 })),
			),
		);
		expect(runs.map(deliveredOf)).toEqual(Array(6).fill(1));
		// two at a time, a minute each
		expect(Math.max(...runs.map(({ tookMs }) => tookMs))).toBeGreaterThanOrEqual(3 * MINUTE_MS);
	});
});

test('files that many runs fetch anew are asked for in turn', async () => {
	const world = new VirtualWorld('vidu', { concurrency: 60 });
	const pool = world.newPool();
	const runs = world.works(60).map(
		async (work) =>
			await world.start([work], {
				pool,
				// a store of files that is out: each wants a fresh link, again and again
				finish: async (_taskId, _report, askAgain) => {
					for (let tries = 0; tries < 4; tries += 1) await askAgain();
					return { result: 'fetched' };
				},
			}),
	);
	const done = await world.clock.runUntil(Promise.all(runs));
	expect(done.map(deliveredOf)).toEqual(Array(60).fill(1));
	expect(world.mostInOneSecond).toBeLessThanOrEqual(10);
});

test('a fault of ours in one run ends that run alone', async () => {
	const world = new VirtualWorld('vidu', { concurrency: 5 });
	const pool = world.newPool();
	const broken = world.work(9);
	const job = {
		...broken.job!,
		get model(): string {
			throw new Error('a fault of ours');
		},
	};
	const good = world.start(world.works(3), { pool });
	await expect(world.start([{ ...broken, job }], { pool })).rejects.toThrow('a fault of ours');
	expect(deliveredOf(await world.clock.runUntil(good))).toBe(3);
	expect(leftIn(pool)).toEqual(NOTHING);
});

test('that nobody uses it is told when the last run has left, and not before', async () => {
	const world = new VirtualWorld('vidu', { concurrency: 5 });
	let timesIdle = 0;
	const pool = new AccountPool(world.newPool().clock, () => (timesIdle += 1));
	const long = world.start(world.works(1), { pool });
	await world.clock.runUntil(world.start([world.work(1)], { pool, until: 'submitted' }));
	expect([timesIdle, pool.isIdle]).toEqual([0, false]);
	await world.clock.runUntil(long);
	expect([timesIdle, pool.isIdle]).toEqual([1, true]);
});

describe('what Vidu says of the account', () => {
	test('keeps a run that polls from letting more than a small stock stand in line', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 5, whenFull: 'queue' });
		let most = 0;
		const count = (): void => {
			most = Math.max(most, world.tasks.filter(({ finishedAtMs }) => finishedAtMs === undefined).length);
			world.clock.setTimer(1_000, count);
		};
		world.clock.setTimer(1_000, count);
		const run = await world.run(world.works(40));
		expect(deliveredOf(run)).toBe(40);
		expect(most).toBeLessThanOrEqual(8);
		expect(world.requests('credits').length).toBeLessThanOrEqual(3);
	});

	test('lets each task be asked for when its place came free, and not again and again in line', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 5, whenFull: 'queue' });
		const run = await world.run(world.works(100));
		expect(deliveredOf(run)).toBe(100);
		expect(run.tookMs).toBeLessThanOrEqual(1.01 * 20 * MINUTE_MS);
		expect(world.counts.asks / 100).toBeLessThanOrEqual(4);
	});

	test('is not asked for a few items', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 5 });
		await world.run(world.works(5));
		expect(world.requests('credits')).toEqual([]);
	});

	test('harms nothing where it fails: the line is seen in the tasks themselves', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 5, whenFull: 'queue' });
		world.emulator.control.fault({ kind: 'credits', do: 'status', status: 500, times: 'always' });
		const run = await world.run(world.works(60));
		expect(deliveredOf(run)).toBe(60);
		expect(run.tookMs).toBeLessThanOrEqual(1.1 * 12 * MINUTE_MS);
	});
});

test('items wait for their turn as long as videos of the account end, and no longer', async () => {
	const world = new VirtualWorld('vidu', { concurrency: 1, whenFull: 'queue' });
	const moving = await world.run(world.works(20), { maxWaitMs: 5 * MINUTE_MS });
	expect(deliveredOf(moving)).toBe(20);
	const hung = new VirtualWorld('vidu', { concurrency: 1, whenFull: 'queue' });
	hung.emulator.control.fault({ do: 'stickTask', at: 'processing', times: 'always' });
	const run = await hung.run(hung.works(20), { maxWaitMs: 5 * MINUTE_MS });
	expect(deliveredOf(run)).toBe(0);
	expect(run.tookMs).toBeLessThanOrEqual(8 * MINUTE_MS);
	expect(run.outcomes.every(({ failure }) => failure?.kind === 'stillRunning' || failure?.kind === 'notStarted')).toBe(
		true,
	);
});

test('items wait while tasks of others end, though others lengthen the line all the time', async () => {
	const world = new VirtualWorld('vidu', { concurrency: 2, whenFull: 'queue', taskSeconds: 120 });
	// another n8n, which ordered a hundred before and goes on
	const other = world.newPool();
	await world.run(world.works(100), { pool: other, until: 'submitted' });
	const more = (item: number): void => {
		if (item < 250) void world.start([world.work(item)], { pool: other, until: 'submitted' });
		world.clock.setTimer(30_000, () => more(item + 1));
	};
	more(101);
	const run = await world.run(
		Array.from({ length: 3 }, (_, item) => world.work(1_000 + item)),
		{ pool: world.newPool(), maxWaitMs: 20 * MINUTE_MS },
	);
	expect(deliveredOf(run)).toBe(3);
	expect(run.tookMs).toBeGreaterThan(90 * MINUTE_MS);
});

test('a run gives up after its own wait beside one that waits longer on a full account', async () => {
	const world = new VirtualWorld('vidu', { concurrency: 1, whenFull: 'refuse' });
	world.emulator.control.fault({ do: 'stickTask', at: 'processing', times: 'always' });
	const pool = world.newPool();
	const patient = world.start(world.works(1), { pool, maxWaitMs: 240 * MINUTE_MS });
	await world.clock.advance(10_000);
	const other = await world.clock.runUntil(world.start([world.work(1)], { pool, maxWaitMs: 10 * MINUTE_MS }));
	expect(other.outcomes[0].failure?.kind).toBe('notStarted');
	expect(other.tookMs).toBeLessThanOrEqual(13 * MINUTE_MS);
	await world.clock.runUntil(patient);
	expect(leftIn(pool)).toEqual(NOTHING);
});

test('a run that was stopped while it waited for its turn gets none', async () => {
	const world = new VirtualWorld('zhipu', { concurrency: 1, whenFull: 'refuse' });
	const pool = world.newPool();
	const first = world.start(world.works(2), { pool });
	const taken: unknown[] = [];
	const keys = {
		take: async (job: unknown) => {
			taken.push(job);
			return await Promise.resolve('ours' as const);
		},
		giveBack: () => {},
	};
	await world.clock.advance(5_000);
	await world.clock.runUntil(world.start([world.work(2)], { pool, stopAfterMs: 1_000, keys }));
	const before = taken.length;
	await world.clock.runUntil(first);
	expect(taken).toHaveLength(before);
	expect(world.tasksOf(2)).toEqual([]);
});

test('a wish that lies in what is to come only is looked at when it was planned', () => {
	let nowMs = 0;
	// like a run, which names no moment that is past
	const table = new Timetable<string>(() => (nowMs < 100 ? 100 : nowMs + 50));
	table.plan('a');
	nowMs = 100;
	expect([table.takeDue(99), table.takeDue(100), table.takeDue(100)]).toEqual([undefined, 'a', undefined]);
});

test('of the lanes of many models only those used lately are kept, and all in which something is', () => {
	const pool = new VirtualWorld('zhipu').newPool();
	const busy = pool.laneOf('busy');
	const places = pool.placesFor(Infinity);
	places.inLine(busy, 1);
	const first = pool.laneOf('0');
	for (let model = 1; model < 100; model += 1) pool.laneOf(String(model));
	const last = pool.laneOf('99');
	expect([pool.laneOf('busy') === busy, pool.laneOf('99') === last, pool.laneOf('0') === first]).toEqual([
		true,
		true,
		false,
	]);
});

describe('calls beside the runs', () => {
	/** A pool, and calls whose moments are noted. */
	function opened() {
		const world = new VirtualWorld('vidu', { concurrency: 30 });
		const pool = world.newPool();
		const startedMs = world.clock.nowMs();
		const sentMs: number[] = [];
		const call = async (signal?: AbortSignal): Promise<unknown> =>
			await pool
				.paced(
					{
						send: async () => {
							sentMs.push(world.clock.nowMs() - startedMs);
							return await Promise.resolve({ status: 200, headers: {}, body: undefined });
						},
					},
					signal,
				)
				.send({ method: 'GET', path: '/' });
		return { world, pool, sentMs, call };
	}
	const calls = (count: number, call: (signal?: AbortSignal) => Promise<unknown>, signal?: AbortSignal) =>
		Promise.allSettled(Array.from({ length: count }, async () => await call(signal)));

	test('follow one another like all requests of the account, with no run there', async () => {
		const { world, sentMs, call } = opened();
		await world.clock.runUntil(calls(10, call));
		expect(sentMs).toEqual([0, 110, 220, 330, 440, 550, 660, 770, 880, 990]);
	});

	test('take turns with the runs: hundreds of them hold up none', async () => {
		const { world, pool, sentMs, call } = opened();
		const many = calls(500, call);
		const run = await world.clock.runUntil(world.start(world.works(4), { pool }));
		expect(deliveredOf(run)).toBe(4);
		expect(Math.max(...world.requests('submit').map(({ atMs }) => atMs)) - run.startedAtMs).toBeLessThanOrEqual(2_000);
		await world.clock.runUntil(many);
		expect(sentMs).toHaveLength(500);
	});

	test('give their turns back on Stop', async () => {
		const { world, pool, sentMs, call } = opened();
		const runs = Array.from({ length: 50 }, () => new AbortController());
		const stopped = Promise.all(runs.map(async ({ signal }) => await calls(10, call, signal)));
		await world.clock.advance(1_000);
		for (const run of runs) run.abort();
		const ends = (await stopped).flat();
		expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(500 - sentMs.length);
		expect(sentMs.length).toBeLessThanOrEqual(10);
		await expect(call(runs[0].signal)).rejects.toThrow('The run was stopped.');
		const beforeMs = world.clock.nowMs();
		await world.clock.runUntil(call());
		expect(world.clock.nowMs() - beforeMs).toBeLessThanOrEqual(110);
		expect(pool.isIdle).toBe(true);
	});
});

describe('waiting for what an earlier run ordered', () => {
	/** The tasks in some order, for nobody knows the right one. */
	async function orderedEarlier(count: number, tier: number, ...faults: Fault[]) {
		const world = new VirtualWorld('vidu', { concurrency: tier, whenFull: 'queue' });
		world.emulator.control.fault(...faults);
		const pool = world.newPool();
		const { outcomes } = await world.run(world.works(count), { pool, until: 'submitted' });
		const ids = outcomes
			.map(({ taskId }) => taskId)
			.sort((one, other) => one!.slice(-2).localeCompare(other!.slice(-2)));
		const items = ids.map((taskId, itemIndex) => ({ itemIndex, taskId: taskId!, typicalSeconds: 10 }));
		return { world, pool, items };
	}

	test('takes no more checks for each the longer the line is, and waits as long as it moves', async () => {
		const { world, pool, items } = await orderedEarlier(300, 3);
		const run = await world.run(items, { pool, maxWaitMs: 10 * MINUTE_MS });
		expect(deliveredOf(run)).toBe(300);
		expect(run.tookMs).toBeLessThanOrEqual(1.02 * 100 * MINUTE_MS);
		expect(world.counts.asks / 300).toBeLessThanOrEqual(45);
		expect(world.mostInOneSecond).toBeLessThanOrEqual(10);
	});

	test('ends after Max Wait where nothing moves', async () => {
		const { world, pool, items } = await orderedEarlier(200, 3, { do: 'stickTask', at: 'processing', times: 'always' });
		const run = await world.run(items, { pool, maxWaitMs: 10 * MINUTE_MS });
		expect(run.outcomes.every(({ failure }) => failure?.kind === 'stillRunning')).toBe(true);
		expect(run.tookMs).toBeLessThanOrEqual(12 * MINUTE_MS);
	});
});

interface Scene {
	name: ProviderName;
	tier: number;
	whenFull: WhenFull;
	runs: Array<{ items: number; afterMs: number; stopAfterMs: number | undefined; isAhead: boolean }>;
	faults: Fault[];
	seed: number;
}

const faults = fc.array(
	fc
		.record({
			nth: fc.integer({ min: 1, max: 20 }),
			kind: fc.constantFrom<Fault['kind'][]>('submit', 'ask'),
			what: fc.constantFrom<Fault[]>(
				{ do: 'hang' },
				{ do: 'resetAfter' },
				{ do: 'status', status: 500 },
				{ do: 'status', status: 429 },
				{ do: 'garble' },
			),
		})
		.map(({ nth, kind, what }): Fault => ({ ...what, kind, nth })),
	{ maxLength: 4 },
);

const scenes: fc.Arbitrary<Scene> = fc.record({
	name: fc.constantFrom(...PROVIDERS),
	tier: fc.integer({ min: 1, max: 6 }),
	whenFull: fc.constantFrom<WhenFull>('queue', 'refuse'),
	runs: fc.array(
		fc.record({
			items: fc.integer({ min: 1, max: 5 }),
			afterMs: fc.integer({ min: 0, max: 120_000 }),
			stopAfterMs: fc.option(fc.integer({ min: 0, max: 150_000 }), { nil: undefined, freq: 3 }),
			isAhead: fc.boolean(),
		}),
		{ minLength: 1, maxLength: 8 },
	),
	faults,
	seed: fc.nat(),
});

async function play({ name, tier, whenFull, runs, faults: all, seed }: Scene): Promise<void> {
	const world = new VirtualWorld(name, { concurrency: tier, whenFull, seed, latencyMs: 200 });
	const pool = world.newPool();
	for (const fault of all) world.emulator.control.fault({ ...fault, provider: name });
	let first = 0;
	const started = runs.map(async ({ items, afterMs, stopAfterMs, isAhead }, run) => {
		const works = Array.from({ length: items }, (_, item) => world.work(first + item));
		first += items;
		await new Promise<void>((resolve) => world.clock.setTimer(afterMs, resolve));
		return await world.start(works, {
			pool,
			execution: String(run),
			maxWaitMs: 10 * MINUTE_MS,
			...(stopAfterMs === undefined ? {} : { stopAfterMs }),
			...(isAhead ? { until: 'submitted' as const } : {}),
		});
	});
	// every run ends
	const done = await world.clock.runUntil(Promise.all(started));
	await world.clock.advance(10 * MINUTE_MS);
	expect(leftIn(pool, name === 'zhipu' ? 'cogvideox-3' : '')).toEqual(NOTHING);
	expect(world.mostInOneSecond - world.requests('cancel').length).toBeLessThanOrEqual(10);
	for (let item = 0; item < first; item += 1) expect(world.tasksOf(item).length).toBeLessThanOrEqual(1);
	for (const { outcomes } of done)
		for (const { work, taskId, failure } of outcomes)
			for (const { id } of world.tasksOf(work.itemIndex))
				if (id !== taskId) expect(failure?.kind).toBe('outcomeUnknown');
}

test('whatever runs join, stop and fail: places never leak, every run ends, nothing is bought twice', async () => {
	await fc.assert(fc.asyncProperty(scenes, play), { seed: 20_261_128, numRuns: 100 });
});

import { promptOf, PROVIDERS, VirtualWorld } from './virtual/world';

/** What a batch costs in time and in requests. Virtual minutes; no test waits for any. */

const MINUTE_MS = 60_000;

describe.each(PROVIDERS)('a batch at %s', (name) => {
	test('five one-minute videos of a free account are there within 66 seconds', async () => {
		const world = new VirtualWorld(name, { concurrency: 5, whenFull: 'refuse' });
		const { outcomes, tookMs } = await world.run(world.works(5));
		expect(outcomes.map(({ report }) => report?.state)).toEqual(Array(5).fill('succeeded'));
		expect(tookMs).toBeLessThanOrEqual(66_000);
		expect(world.counts).toMatchObject({ created: 5, submits: 5 });
	});

	test.each([5, 30])('100 one-minute videos find a tier of %i by themselves', async (tier) => {
		const world = new VirtualWorld(name, { concurrency: tier, whenFull: 'refuse' });
		const { outcomes, tookMs } = await world.run(world.works(100));
		expect(outcomes.filter(({ failure }) => failure)).toEqual([]);
		expect(world.counts).toMatchObject({ created: 100, succeeded: 100 });
		expect(world.emulator.journal.maxTasks[name]).toBe(tier);
		expect(tookMs).toBeLessThanOrEqual(1.1 * Math.ceil(100 / tier) * MINUTE_MS);
	});

	test('a tier that grows during the run is used', async () => {
		const world = new VirtualWorld(name, { concurrency: 2, whenFull: 'refuse' });
		world.clock.setTimer(3 * MINUTE_MS, () => world.emulator.control.setAccount(name, { concurrency: 20 }));
		const { tookMs } = await world.run(world.works(40));
		// 6 in the first three minutes, 34 in two waves of up to 20
		expect(tookMs).toBeLessThanOrEqual(6.5 * MINUTE_MS);
	});

	test('results come in the order of the items, whichever video ends first', async () => {
		const world = new VirtualWorld(name, { concurrency: 30, taskSeconds: ({ ordinal }) => 60 - 4 * ordinal });
		const works = world.works(12);
		const { outcomes } = await world.run(works);
		expect(outcomes.map(({ work }) => work)).toEqual(works);
		for (const [itemIndex, { taskId }] of outcomes.entries())
			expect(world.emulator.journal.task(taskId!)!.input.prompt).toBe(promptOf(itemIndex));
	});

	test('Max Concurrency keeps no more videos under way', async () => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		const { tookMs } = await world.run(world.works(9), { maxConcurrency: 3 });
		expect(world.emulator.journal.maxTasks[name]).toBe(3);
		expect(world.counts.submits).toBe(9);
		expect(tookMs).toBeLessThanOrEqual(1.1 * 3 * MINUTE_MS);
	});

	test('a run that does not wait ends when every video has its task', async () => {
		const world = new VirtualWorld(name, { concurrency: 30, whenFull: 'refuse' });
		const { outcomes, tookMs } = await world.run(world.works(20), { until: 'submitted' });
		expect(tookMs).toBeLessThan(5_000);
		expect(world.counts).toMatchObject({ created: 20, asks: 0 });
		expect(outcomes.map(({ taskId }) => taskId).sort()).toEqual(world.tasks.map(({ id }) => id).sort());
	});

	test('a run whose caller waits for an answer is over in time, whatever goes on', async () => {
		const world = new VirtualWorld(name, { concurrency: 5, whenFull: 'refuse' });
		const { outcomes, tookMs } = await world.run(world.works(12), { answerWithinMs: 45_000 });
		expect(tookMs).toBeLessThanOrEqual(46_000);
		const ordered = outcomes.filter(({ taskId }) => taskId !== undefined);
		expect(ordered.map(({ taskId }) => taskId).sort()).toEqual(world.tasks.map(({ id }) => id).sort());
		expect(ordered.map(({ failure }) => failure)).toEqual(Array(5).fill(undefined));
		const others = outcomes.filter(({ taskId }) => taskId === undefined);
		expect(others.map(({ failure }) => failure?.kind)).toEqual(Array(7).fill('notStarted'));
	});

	test('an order that hangs keeps no caller waiting: what is taken late is noted, and goes on', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ do: 'hang', seconds: 100, handled: true, kind: 'submit' });
		const entries: Record<string, { state?: string }> = {};
		const { outcomes, tookMs } = await world.run(world.works(1), { answerWithinMs: 45_000, entries });
		expect(tookMs).toBeLessThanOrEqual(51_000);
		expect(outcomes).toMatchObject([{ failure: { kind: 'outcomeUnknown' } }]);
		expect(outcomes[0].failure!.description).toContain('Call again with the same values in a minute');
		expect(entries['0:0']).toMatchObject({ state: 'submitting' });
		await world.clock.advance(2 * MINUTE_MS);
		expect(entries['0:0']).toMatchObject({ state: 'submitted', taskId: world.tasks[0].id });
		expect(world.told).toHaveLength(1);
		expect(world.counts).toMatchObject({ created: 1, cancelled: 0 });
	});

	test('an order whose files are still being read when its caller is answered is not sent any more', async () => {
		const world = new VirtualWorld(name);
		const load = async () => {
			await world.clock.sleep(MINUTE_MS);
			return 'https://shop.example/sneaker.png';
		};
		const work = world.work(0);
		const request = { path: '', body: { images: [{ identity: 'slow', wireLength: 1, load }] } };
		const { outcomes, tookMs } = await world.run([{ ...work, job: { ...work.job!, request } }], {
			answerWithinMs: 45_000,
		});
		expect(tookMs).toBeLessThanOrEqual(51_000);
		expect(outcomes).toMatchObject([{ failure: { kind: 'notStarted' } }]);
		await world.clock.advance(2 * MINUTE_MS);
		expect(world.counts.submits).toBe(0);
	});

	test('a caller is answered in time also where it does not wait for results', async () => {
		const world = new VirtualWorld(name, { concurrency: 5, whenFull: 'refuse', taskSeconds: 600 });
		const { outcomes, tookMs } = await world.run(world.works(7), { until: 'submitted', answerWithinMs: 45_000 });
		expect(tookMs).toBeLessThanOrEqual(46_000);
		expect(outcomes.filter(({ taskId }) => taskId !== undefined)).toHaveLength(5);
		expect(world.counts.created).toBe(5);
	});

	test('a run that does not wait for results still waits for room', async () => {
		const world = new VirtualWorld(name, { concurrency: 5, whenFull: 'refuse' });
		const { outcomes, tookMs } = await world.run(world.works(12), { until: 'submitted' });
		expect(outcomes.filter(({ failure }) => failure)).toEqual([]);
		expect(world.counts.created).toBe(12);
		expect(tookMs).toBeLessThanOrEqual(1.1 * 2 * MINUTE_MS + 1_000);
	});
});

test('a tier is found in time by the unlucky too', async () => {
	// the unluckiest of 60 at the service that words a full account like calls that come too fast
	const world = new VirtualWorld('vtrix', { concurrency: 30, whenFull: 'refuse', seed: 26 });
	const { tookMs } = await world.run(world.works(100));
	expect(tookMs).toBeLessThanOrEqual(1.1 * 4 * MINUTE_MS);
});

test('an account that lets tasks queue gets them all at once', async () => {
	const world = new VirtualWorld('vidu', { concurrency: 5, whenFull: 'queue' });
	const { outcomes, tookMs } = await world.run(world.works(20));
	expect(outcomes.filter(({ failure }) => failure)).toEqual([]);
	expect(world.counts).toMatchObject({ created: 20, submits: 20 });
	expect(tookMs).toBeLessThanOrEqual(1.1 * 4 * MINUTE_MS);
});

test('500 videos make at most ten requests in any second and five checks at once', async () => {
	const world = new VirtualWorld('vidu', {
		concurrency: 500,
		whenFull: 'refuse',
		latencyMs: (_kind, random) => 100 + 900 * random(),
	});
	const { outcomes } = await world.run(world.works(500));
	expect(outcomes.filter(({ failure }) => failure)).toEqual([]);
	expect(world.counts.created).toBe(500);
	expect(world.mostInOneSecond).toBeLessThanOrEqual(10);
	expect(world.emulator.journal.maxInFlight['vidu.ask']).toBeLessThanOrEqual(5);
});

import type { Leaf } from '../../../../lib/core/body';
import { chanceFrom, PROVIDERS, VirtualWorld, type RunOptions } from './virtual/world';

/** Stop means stop: at any moment, in whatever state the network is. */

const SECOND_MS = 1000;

/** Everything that must hold whenever Stop was pressed. Lets five more minutes pass to see what happens after. */
async function stopAfter(world: VirtualWorld, stopAfterMs: number, options: RunOptions = {}, count = 12) {
	const { outcomes, startedAtMs, endedAtMs } = await world.run(world.works(count), { ...options, stopAfterMs });
	const stoppedAtMs = startedAtMs + stopAfterMs;
	expect(endedAtMs - stoppedAtMs).toBeLessThanOrEqual(SECOND_MS);
	await world.clock.advance(300 * SECOND_MS);
	expect(world.requests('submit').filter(({ atMs }) => atMs > stoppedAtMs)).toEqual([]);
	const told = world.told.map(({ taskId }) => taskId);
	for (const task of world.tasks) {
		const outcome = outcomes.find(({ work }) => world.tasksOf(work.itemIndex).some(({ id }) => id === task.id))!;
		if (outcome.taskId !== task.id) expect(outcome.failure?.kind).toBe('outcomeUnknown');
		else expect(told).toContain(task.id);
	}
	return { outcomes, stoppedAtMs };
}

describe.each(PROVIDERS)('Stop at %s', (name) => {
	const moments = [0, 1, 109, 111, 350, 1_200, 6_500, 31_000, 36_000, 59_900, 61_500, 75_000];
	test.each(moments)('after %i ms', async (stopAfterMs) => {
		const world = new VirtualWorld(name, { concurrency: 5 });
		const { outcomes } = await stopAfter(world, stopAfterMs);
		for (const { failure, report, taskId } of outcomes)
			if (report?.state !== 'succeeded') {
				expect(failure?.kind).toBe('stopped');
				if (taskId) expect(failure?.headline).toContain(taskId);
			}
	});

	test('at any moment of a slow network, with full accounts and lost answers', async () => {
		const chance = chanceFrom(4711);
		for (let round = 0; round < 10; round += 1) {
			const world = new VirtualWorld(name, {
				seed: round + 1,
				concurrency: 5,
				whenFull: round % 2 ? 'refuse' : 'queue',
				latencyMs: (_kind, random) => 2_500 * random(),
			});
			world.emulator.control.fault({ kind: 'submit', nth: 2, do: 'hang', handled: true, seconds: 20 });
			world.emulator.control.fault({ kind: ['ask', 'cancel'], nth: 3, do: 'hang' });
			await stopAfter(world, 90 * SECOND_MS * chance() ** 2);
		}
	});

	test('while nothing answers any more', async () => {
		const world = new VirtualWorld(name, { concurrency: 5 });
		world.emulator.control.fault({ kind: ['submit', 'ask', 'cancel'], nth: 6, do: 'hang', times: 'always' });
		await stopAfter(world, 45 * SECOND_MS);
	});

	test('while an image is being read: it is not ordered any more', async () => {
		const world = new VirtualWorld(name);
		const slow: Leaf = {
			identity: 'slow',
			wireLength: 1,
			load: async () => {
				await world.clock.sleep(10 * SECOND_MS);
				return 'https://shop.example/sneaker.png';
			},
		};
		const work = world.work(0);
		const works = [{ ...work, job: { ...work.job!, request: { path: '', body: { images: [slow] } } } }];
		const { tookMs } = await world.run(works, { stopAfterMs: 5 * SECOND_MS });
		expect(tookMs).toBeLessThanOrEqual(6 * SECOND_MS);
		await world.clock.advance(60 * SECOND_MS);
		expect(world.counts.submits).toBe(0);
	});

	test('while a video is being fetched', async () => {
		const world = new VirtualWorld(name);
		const { outcomes } = await stopAfter(world, 70 * SECOND_MS, { finish: async () => await new Promise(() => {}) });
		expect(outcomes[0]).toMatchObject({ report: { state: 'succeeded' }, failure: { kind: 'stopped' } });
	});

	test('during an outage', async () => {
		const world = new VirtualWorld(name, { concurrency: 5 });
		world.clock.setTimer(20_000, () => world.emulator.control.outage({ target: name, seconds: 600, how: 'refuse' }));
		await stopAfter(world, 100 * SECOND_MS);
	});

	test('before the start: nothing is ordered', async () => {
		const world = new VirtualWorld(name);
		await stopAfter(world, 0);
		expect(world.counts.submits).toBeLessThanOrEqual(1);
	});

	test('before another try, as n8n makes them after Stop too: it ends at once, whatever answers', async () => {
		const world = new VirtualWorld(name, { queueShare: 0.9 });
		const entries = {};
		world.clock.setTimer(10_000, () => world.emulator.control.fault({ kind: 'cancel', do: 'hang', times: 'always' }));
		await world.run(world.works(3), { entries, stopAfterMs: 10_000 });
		const { tookMs, outcomes } = await world.run(world.works(3), { entries, isStopped: true });
		expect(tookMs).toBe(0);
		expect(outcomes.map(({ failure }) => failure?.kind)).toEqual(Array(3).fill('stopped'));
		expect(world.counts.submits).toBe(3);
	});
});

describe('what Stop leaves at Vidu', () => {
	const left = (world: VirtualWorld) => world.counts;

	test('tasks in the queue are cancelled and cost nothing; those that run go on', async () => {
		// of 60 s the first 30 are queue
		const world = new VirtualWorld('vidu', { concurrency: 12, queueShare: 0.5 });
		world.emulator.control.fault({ do: 'slowTask', seconds: 20, contains: 'item 0.' });
		await stopAfter(world, 16 * SECOND_MS);
		expect(left(world)).toMatchObject({ created: 12, cancelled: 11, succeeded: 1, charged: 55 });
	});

	test('running tasks are not bothered, as far as is known', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 12 });
		await stopAfter(world, 45 * SECOND_MS);
		expect(world.requests('cancel')).toEqual([]);
		expect(left(world)).toMatchObject({ created: 12, cancelled: 0, succeeded: 12 });
	});

	test('an order that was on its way is cancelled when its answer comes, and told', async () => {
		const latencyMs = (kind: string) => (kind === 'submit' ? 8_000 : 50);
		const world = new VirtualWorld('vidu', { concurrency: 12, queueShare: 0.5, latencyMs });
		const { outcomes } = await stopAfter(world, 4 * SECOND_MS, {}, 1);
		expect(outcomes[0].failure?.kind).toBe('outcomeUnknown');
		expect(outcomes[0].failure?.description).toContain('stopped before the answer came');
		expect(world.told).toEqual([{ itemIndex: 0, taskId: world.tasks[0].id }]);
		expect(left(world)).toMatchObject({ created: 1, cancelled: 1, charged: 0 });
	});

	test('an order answered within the last second is named in its item', async () => {
		const world = new VirtualWorld('vidu', { queueShare: 0.5, latencyMs: 600 });
		const { outcomes } = await stopAfter(world, 400, {}, 1);
		expect(outcomes[0].taskId).toBe(world.tasks[0].id);
		expect(left(world)).toMatchObject({ created: 1, cancelled: 1 });
	});

	test('a hundred queued tasks are cancelled within five seconds', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 1, queueShare: 0.9, latencyMs: 300 });
		// a run that does not wait orders all that it has, though it will stand in line
		const { stoppedAtMs } = await stopAfter(world, 10 * SECOND_MS, { until: 'submitted' }, 100);
		const { created, cancelled } = left(world);
		expect(created).toBeGreaterThan(80);
		expect(cancelled).toBe(created);
		expect(Math.max(...world.requests('cancel').map(({ atMs }) => atMs))).toBeLessThanOrEqual(stoppedAtMs + 5_000);
	});

	test('Cancel on Stop switched off leaves all tasks to run', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 12, queueShare: 0.5 });
		await stopAfter(world, 10 * SECOND_MS, { cancelOnStop: false });
		expect(world.requests('cancel')).toEqual([]);
		expect(left(world)).toMatchObject({ created: 12, succeeded: 12 });
	});

	test('tasks the run only waits for belong to someone else and are not cancelled', async () => {
		const world = new VirtualWorld('vidu', { queueShare: 0.9 });
		await world.run(world.works(2), { until: 'submitted' });
		const works = world.tasks.map(({ id }, itemIndex) => ({ itemIndex, taskId: id, typicalSeconds: 60 }));
		await world.run(works, { stopAfterMs: 5 * SECOND_MS });
		await world.clock.advance(120 * SECOND_MS);
		expect(world.requests('cancel')).toEqual([]);
		expect(left(world)).toMatchObject({ created: 2, succeeded: 2 });
	});
});

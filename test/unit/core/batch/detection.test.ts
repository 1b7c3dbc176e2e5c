import { usualPauseMs } from '../../../../lib/core/account/schedule';
import { measureDetection } from './virtual/detection';
import { chanceFrom, VirtualWorld } from './virtual/world';

describe('noticing that a video is done', () => {
	// so the exact figures of schedule.test.ts hold for what the engine does
	test('one video is asked for at the moments of the schedule, and at no other', async () => {
		for (const seed of [1, 2, 3, 4, 5]) {
			const world = new VirtualWorld('zhipu', { seed, taskSeconds: 80 });
			const { startedAtMs } = await world.run(world.works(1));
			const chance = chanceFrom(seed);
			let ranMs = 0;
			for (const { atMs } of world.requests('ask')) {
				ranMs += usualPauseMs(ranMs, 60_000, chance());
				expect(atMs - startedAtMs).toBeCloseTo(ranMs, 2);
			}
			expect(ranMs).toBeGreaterThanOrEqual(80_000);
		}
	});

	test.each([
		[5, 60],
		[30, 20],
	])('%i videos at a time: half the checks of a fixed interval, and never 15 s late', async (size, seeds) => {
		const { score, worstLagMs } = await measureDetection('vidu', { typicalSeconds: 120, size, seeds });
		expect(score).toBeLessThanOrEqual(0.5);
		expect(worstLagMs).toBeLessThanOrEqual(15_000);
	});

	test('a hundred videos under way are noticed within 15 s, though checks are rationed', async () => {
		const { worstLagMs } = await measureDetection('vidu', { typicalSeconds: 60, size: 100, seeds: 1 });
		expect(worstLagMs).toBeLessThanOrEqual(15_000);
	});

	test('nothing is asked before half the usual time', async () => {
		const world = new VirtualWorld('vidu');
		const { startedAtMs } = await world.run(world.works(5));
		expect(world.requests('ask')[0].atMs - startedAtMs).toBeGreaterThanOrEqual(30_000);
	});

	test('a batch learns from its first results when the catalogue is wrong', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 5, whenFull: 'refuse', taskSeconds: 240 });
		await world.run(world.works(30));
		const [first, last] = [world.tasks.slice(0, 5), world.tasks.slice(-5)].map(
			(tasks) => tasks.reduce((sum, { polls }) => sum + polls, 0) / 5,
		);
		expect(last).toBeLessThan(0.5 * first);
	});

	test('a fixed interval is kept', async () => {
		const world = new VirtualWorld('vidu');
		await world.run(world.works(1), { pollIntervalMs: 7_000 });
		const asks = world.requests('ask').map(({ atMs }) => atMs);
		expect(asks).toHaveLength(9);
		expect(asks.slice(1).map((atMs, index) => atMs - asks[index])).toEqual(Array(8).fill(7_000));
	});
});

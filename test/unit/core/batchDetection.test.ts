import { measureDetection } from './virtual/detection';
import { VirtualWorld } from './virtual/world';

jest.setTimeout(60_000); // for a busy machine; it takes a few seconds

describe('noticing that a video is done', () => {
	// schedule.test.ts has the exact figure; here it goes through engine, adapters and services
	test.each([
		['one video at a time', 1],
		['five videos at a time', 5],
		['thirty videos at a time', 30],
	])('%s: half the checks of a fixed interval, and never 15 s late', async (_name, size) => {
		const { score, worstLagMs } = await measureDetection('vidu', { typicalSeconds: 120, size, seeds: 240 / size });
		expect(score).toBeLessThanOrEqual(0.5);
		expect(worstLagMs).toBeLessThanOrEqual(15_000);
	});

	test('a hundred videos under way are noticed within 15 s, though checks are rationed', async () => {
		const { worstLagMs } = await measureDetection('vidu', { typicalSeconds: 60, size: 100, seeds: 2 });
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

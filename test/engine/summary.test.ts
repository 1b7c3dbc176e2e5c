import type { INodeParameters } from 'n8n-workflow';

import type { EmulatorOptions } from '../emulator';
import { runNode, useEmulators, type RunOptions } from './harness';
// order keys are kept there
import './seenValues';

/** What a run came to, said on the canvas through n8n's engine. */

const open = useEmulators();
const QUICK = { pollIntervalSeconds: 0.1 };
const THREE = [0, 1, 2].map((index) => ({ json: { prompt: `Video of item ${index}.` } }));
const text = (more: INodeParameters = {}): INodeParameters => ({
	operation: 'textToVideo',
	prompt: '={{ $json.prompt }}',
	downloadVideo: false,
	limits: QUICK,
	...more,
});

async function run(more: INodeParameters = {}, options: Partial<RunOptions> = {}, service: EmulatorOptions = {}) {
	const emulator = await open(service);
	const result = await runNode(emulator, { parameters: text(more), items: THREE, ...options });
	return { ...result, emulator };
}

test.concurrent('videos, credits and time', async () => {
	const { summary, hints } = await run();
	expect(summary).toMatch(/^3 videos, 165 credits \(about USD 0\.83\), \d+ s\.$/);
	expect(hints).toEqual([]);
});

test.concurrent('orders that are not waited for', async () => {
	expect((await run({ waitForCompletion: false })).summary).toMatch(
		/^3 videos ordered, 165 credits \(about USD 0\.83\), \d+ s\.$/,
	);
});

test.concurrent('what failed is counted and not paid', async () => {
	const emulator = await open();
	emulator.control.fault({ do: 'failTask', code: 'content', contains: 'item 1.' });
	const { summary } = await runNode(emulator, { parameters: text(), items: THREE, onError: 'continueErrorOutput' });
	expect(summary).toMatch(/^2 videos, 110 credits \(about USD 0\.55\), \d+ s, 1 failed\.$/);
});

test.concurrent('what a cap left is counted, and why is told beside it', async () => {
	const { summary, hints } = await run({ limits: { ...QUICK, maxVideos: 1 } });
	expect(summary).toMatch(/^1 video, 55 credits \(about USD 0\.28\), \d+ s, 2 not started for a cap\.$/);
	expect(hints).toEqual(['2 of 3 videos were not started: Max Videos of 1 is reached.']);
});

test.concurrent('images are called images, on the canvas and in what fails', async () => {
	const image = { resource: 'image', operation: 'generate', model: 'viduq2' };
	const kept = await run({ ...image, limits: { ...QUICK, maxVideos: 1 } });
	expect(kept.summary).toMatch(/^1 image, .*, 2 not started for a cap\.$/);
	expect(kept.hints).toEqual(['2 of 3 images were not started: Max Images of 1 is reached.']);
	const emulator = await open();
	emulator.control.fault({ do: 'failTask', code: 'content', contains: 'item 1.' });
	const { error } = await runNode(emulator, { parameters: text(image), items: THREE });
	expect(error!.message).toMatch(/^Vidu ended task \d+ without an image \[item 1\]$/);
	expect(error!.description).toContain('2 of 3 images are made.');
	const odd = await runNode(emulator, { parameters: text({ ...image, limits: { maxVideos: 'few' } }), items: THREE });
	expect(odd.error!.message).toMatch(/^Max Images "few"/);
});

test.concurrent('what an order key left out is counted, and duplicate images are', async () => {
	const kept = await run({ limits: { ...QUICK, orderKey: "={{ $json.prompt.includes('item 2.') ? 'b' : 'a' }}" } });
	expect(kept.summary).toMatch(/^2 videos, 110 credits \(about USD 0\.55\), \d+ s, 1 left out for the Order Key\.$/);
	expect(kept.hints).toEqual([expect.stringContaining('1 of 3 items was left out')]);
	const url = (name: string) => ({ image: { __rl: true, mode: 'url', value: `https://shop.example.com/${name}.jpg` } });
	const images = { image: [url('1'), url('2'), url('1')] };
	const once = await run({
		...{ operation: 'referenceToVideo', model: 'viduq2', referenceImages: images },
		files: { removeDuplicateImages: true },
	});
	expect(once.summary).toMatch(/^3 videos, .* s, 3 duplicate images removed\.$/);
});

test.concurrent('published money where the service says none, and its own where it does', async () => {
	const paid = await run({ model: 'cogvideox-3' }, { node: 'cogVideoX' });
	expect(paid.summary).toMatch(/^3 videos, 3\.00 yuan, \d+ s\.$/);
	const free = await run({ model: 'cogvideox-flash' }, { node: 'cogVideoX' });
	expect(free.summary).toMatch(/^3 videos, free, \d+ s\.$/);
	const vtrix = await run({
		provider: 'vtrix',
		operation: 'imageToVideo',
		image: { __rl: true, mode: 'url', value: 'https://shop.example.com/1.jpg' },
	});
	expect(vtrix.summary).toMatch(/^3 videos, USD 0\.30, \d+ s\.$/);
});

test.concurrent('another price than published is told, and what was charged counts', async () => {
	const { summary, items, error } = await run({}, {}, { vidu: { priceFactor: 1.2 } });
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => json.credits)).toEqual([66, 66, 66]);
	expect(summary).toMatch(
		/^3 videos, 198 credits \(about USD 0\.99\), \d+ s\. Vidu charged 198 credits; the published prices make 165\.$/,
	);
});

test.concurrent('a run without a video says nothing', async () => {
	const emulator = await open();
	emulator.control.fault({ do: 'failTask', code: 'content', times: 'always' });
	const { summary, failed } = await runNode(emulator, {
		parameters: text(),
		items: THREE,
		onError: 'continueErrorOutput',
	});
	expect([summary, failed.length]).toEqual([undefined, 3]);
});

test.concurrent('another try counts the money of what the first one ordered', async () => {
	const emulator = await open();
	emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'item 1.' });
	const parameters = text({ model: 'cogvideox-3', limits: { ...QUICK, maxWaitMinutes: 0.1 } });
	const options = { node: 'cogVideoX' as const, parameters, items: THREE };
	const first = await runNode(emulator, { ...options, executionId: '7' });
	expect(first.error!.message).toContain('is still "PROCESSING"');
	emulator.control.finishTasks(({ state }) => state !== 'success');
	const again = await runNode(emulator, { ...options, retryOf: first.data, executionId: '8' });
	expect(again.summary).toMatch(/^3 videos, 3\.00 yuan, \d+ s\.$/);
	expect(emulator.journal.counts().created).toBe(3);
});

test.concurrent(
	'another price than published stands in the details of an item that fails, but for what is not charged',
	async () => {
		const emulator = await open();
		// while the workflow is in use
		emulator.control.set({ vidu: { priceFactor: 1.2 } });
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'item 1.' });
		emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'item 2.' });
		const { failed, summary } = await runNode(emulator, {
			parameters: text({ limits: { ...QUICK, maxWaitMinutes: 0.1 } }),
			items: THREE,
			onError: 'continueErrorOutput',
		});
		expect(failed.map(({ json }) => json.details)).toMatchObject([
			{ status: 'failed', credits: 0 },
			{ status: 'processing', credits: 66, publishedCredits: 55 },
		]);
		expect(failed[0].json.details).not.toHaveProperty('publishedCredits');
		expect(summary).toMatch(
			/^1 video, 132 credits .* 2 failed\. Vidu charged 132 credits; the published prices make 110\.$/,
		);
	},
);

test.concurrent.each([
	['an order', {}, {}],
	['an order that is not waited for', { waitForCompletion: false }, {}],
	['a capped run', { limits: { ...QUICK, maxVideos: 1 } }, {}],
	['a dry run', { dryRun: true }, {}],
	['a dry run of what is not waited for', { dryRun: true, waitForCompletion: false }, {}],
	['a dry run as a tool', { dryRun: true }, { asTool: true }],
	['an order as a tool', {}, { asTool: true }],
	['an order left out for its key', { limits: { ...QUICK, orderKey: 'the same for all' } }, {}],
] satisfies Array<[string, INodeParameters, Partial<RunOptions>]>)(
	'%s is the same in an n8n without hints',
	async (_name, more, options) => {
		const { items, error, hints, summary, emulator } = await run(more, { ...options, withoutHints: true });
		expect(error).toBeUndefined();
		expect([hints, summary]).toEqual([[], undefined]);
		expect(items.length).toBeGreaterThan(0);
		expect(emulator.journal.counts().created).toBe('dryRun' in more ? 0 : items.length);
	},
);

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../emulator';
import { runNode, useEmulators, type RunOptions } from './harness';
import { WebhookFixture } from './webhooks/fixture';

/** A video made sharper, through n8n's engine: every way to name the source, and what is refused before it costs anything. */

const open = useEmulators();

const CLIP = 'https://shop.example/clip.mp4';
const QUICK = { limits: { pollIntervalSeconds: 0.1 }, files: { allowPrivateUrls: true } };
const upscale = (mode: string, value: string, more: INodeParameters = {}): INodeParameters => ({
	operation: 'upscale',
	video: { __rl: true, mode, value },
	downloadVideo: false,
	...QUICK,
	...more,
});
const ordersOf = ({ journal }: Emulator): IDataObject[] =>
	journal.requests
		.filter(({ kind, path }) => kind === 'submit' && path.endsWith('/upscale-new'))
		.map(({ body }) => body as IDataObject);

/** A finished video to make sharper, of four seconds. */
async function withVideo(emulator: Emulator, seconds = 4): Promise<{ taskId: string; creationId: string }> {
	const { items } = await runNode(emulator, {
		parameters: {
			operation: 'textToVideo',
			prompt: 'It turns',
			duration: seconds,
			downloadVideo: false,
			...QUICK,
		},
	});
	return items[0].json as { taskId: string; creationId: string };
}

describe('goes out', () => {
	test('with an address: no model, the default resolution, and a result without a model', async () => {
		const emulator = await open();
		const { items, error } = await runNode(emulator, { parameters: upscale('url', CLIP) });
		expect(error).toBeUndefined();
		expect(ordersOf(emulator)).toEqual([{ video_url: CLIP, upscale_resolution: '1080p' }]);
		expect(items[0].json).toMatchObject({
			status: 'succeeded',
			operation: 'upscale',
			creationId: expect.stringMatching(/^\d{18,19}$/),
			videoUrl: expect.stringContaining('/video.mp4?'),
			credits: 50,
		});
		expect(items[0].json).not.toHaveProperty('model');
	});

	test('with the creation id, and costs what the source is long', async () => {
		const emulator = await open();
		const { creationId } = await withVideo(emulator);
		const { items } = await runNode(emulator, {
			parameters: upscale('creationId', '={{ $json.creationId }}', { upscaleResolution: '8K' }),
			items: [{ json: { creationId } }],
		});
		expect(ordersOf(emulator)).toEqual([{ video_creation_id: creationId, upscale_resolution: '8K' }]);
		expect(items[0].json).toMatchObject({ status: 'succeeded', credits: 640 });
	});

	test('with the task, whose creation is asked for', async () => {
		const emulator = await open();
		const { taskId, creationId } = await withVideo(emulator);
		const { items } = await runNode(emulator, { parameters: upscale('taskId', taskId) });
		expect(ordersOf(emulator)).toEqual([{ video_creation_id: creationId, upscale_resolution: '1080p' }]);
		expect(items[0].json).toMatchObject({ status: 'succeeded' });
	});

	test('with one task for many items, which is asked about once, and again after a page in between', async () => {
		const emulator = await open();
		const { taskId, creationId } = await withVideo(emulator);
		const isQuestion = ({ kind, path }: { kind: string; path: string }) => kind === 'ask' && path.includes(taskId);
		const before = emulator.journal.requests.filter(isQuestion).length;
		emulator.control.fault({ do: 'status', kind: 'ask', status: 404, html: true, times: 1 });
		const { items, error } = await runNode(emulator, {
			parameters: upscale('taskId', taskId, { waitForCompletion: false }),
			items: [{}, {}, {}],
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(3);
		expect(ordersOf(emulator).map(({ video_creation_id: id }) => id)).toEqual([creationId, creationId, creationId]);
		expect(emulator.journal.requests.filter(isQuestion)).toHaveLength(before + 2);
	});

	test('with a file of the item, at a signed address of this n8n', async () => {
		const emulator = await open();
		const { items, error } = await runNode(emulator, {
			parameters: upscale('binary', 'clip'),
			items: [{ files: { clip: { bytes: Buffer.from('a clip'), mimeType: 'video/mp4' } } }],
		});
		expect(error).toBeUndefined();
		expect(ordersOf(emulator)).toEqual([
			{ video_url: expect.stringMatching(/binary-data\/signed\?token=/), upscale_resolution: '1080p' },
		]);
		expect(items[0].json).toMatchObject({ status: 'succeeded' });
	});
});

describe('is refused before anything is ordered', () => {
	const refused = async (
		emulator: Emulator,
		parameters: INodeParameters,
		items?: RunOptions['items'],
	): Promise<string> => {
		const { error } = await runNode(emulator, { parameters, ...(items ? { items } : {}) });
		expect(ordersOf(emulator)).toEqual([]);
		return `${error?.message}: ${error?.description}`;
	};

	test('where the task has not finished, failed, or is unknown', async () => {
		const emulator = await open({ taskSeconds: 600 });
		const { items } = await runNode(emulator, {
			parameters: { operation: 'textToVideo', prompt: 'It turns', waitForCompletion: false },
		});
		const taskId = String(items[0].json.taskId);
		expect(await refused(emulator, upscale('taskId', taskId))).toMatch(
			new RegExp(`^Video: task ${taskId} has not finished yet \\[item 0\\]: .*Wait for task ${taskId} with Task`),
		);
		emulator.control.failTask(taskId, 'content');
		expect(await refused(emulator, upscale('taskId', taskId))).toContain(`task ${taskId} ended without a video`);
		expect(await refused(emulator, upscale('taskId', '876543210123456789'))).toContain(
			'task 876543210123456789 is not known to Vidu',
		);
	});

	test.each([
		['several videos', upscale('url', `${CLIP}, https://shop.example/2.mp4`), 'Video holds 2 videos'],
		['several creations', upscale('creationId', '876543210123456789,876543210123456780'), 'Video holds 2 videos'],
		['no video', upscale('url', '={{ "" }}'), 'Video is empty'],
		['no creation', upscale('creationId', 'the clip'), 'is not a creation ID'],
		['no id', upscale('creationId', 'clip'), 'is not a creation ID'],
		['no task', upscale('taskId', 'clip'), 'holds no task ID'],
		['a rounded id', upscale('creationId', '={{ 876543210123456789 }}'), 'was rounded'],
		['no such field', upscale('binary', 'clip'), 'this item has no binary field "clip"'],
		['another resolution', upscale('url', CLIP, { upscaleResolution: '720p' }), 'is not offered by Upscale Video'],
		['base64', upscale('url', 'data:video/mp4;base64,AAAA'), 'cannot be sent as base64'],
	])('%s', async (_name, parameters, words) => {
		expect(await refused(await open(), parameters)).toContain(words);
	});

	test.each(['image/png', 'text/html', 'application/json'])('a file that is %s', async (mimeType) => {
		const items = [{ files: { clip: { bytes: Buffer.from('no clip'), mimeType } } }];
		expect(await refused(await open(), upscale('binary', 'clip'), items)).toContain(
			`Video: the binary field holds ${mimeType}, not a video`,
		);
	});

	test('a file at an n8n without a public address', async () => {
		const emulator = await open();
		const items = [{ files: { clip: { bytes: Buffer.from('a clip'), mimeType: 'video/mp4' } } }];
		const parameters = upscale('binary', 'clip', { files: {} });
		expect(await refused(emulator, parameters, items)).toContain('cannot fetch a video from localhost');
	});
});

test('Retry On Fail buys nothing twice', async () => {
	const emulator = await open();
	emulator.control.fault({ do: 'failTask', code: 'content', contains: 'b.mp4', times: 'always' });
	const { error, calls } = await runNode(emulator, {
		parameters: upscale('url', '={{ $json.url }}'),
		items: ['a', 'b'].map((name) => ({ json: { url: `https://shop.example/${name}.mp4` } })),
		maxTries: 3,
	});
	expect(calls).toBe(3);
	expect(error?.message).toContain('[item 1]');
	expect(ordersOf(emulator)).toHaveLength(2);
});

test('parks the execution and goes on when Vidu calls back', async () => {
	const fixture = await WebhookFixture.start({ taskSeconds: 0.5 });
	const { host, emulator } = fixture;
	try {
		emulator.control.holdTasks();
		const parked = await host.run(emulator, {
			items: [{}],
			parameters: upscale('url', CLIP, { waitMode: 'callback' }),
		});
		expect(parked.status).toBe('waiting');
		emulator.control.finishTasks();
		await fixture.until('the end', () => host.execution(parked.id).status === 'success');
		const [item] = host.execution(parked.id).items;
		expect(item.json).toMatchObject({ status: 'succeeded', operation: 'upscale', creationId: expect.any(String) });
		expect(item.json).not.toHaveProperty('model');
	} finally {
		await fixture.stop();
	}
});

describe('costs what is told before', () => {
	const planned = async (emulator: Emulator, value: string, json: IDataObject, mode = 'creationId') => {
		const parameters = upscale(mode, value, { upscaleResolution: '8K', dryRun: true });
		const { items, hints } = await runNode(emulator, { parameters, items: [{ json }] });
		return { credits: items[0].json.credits, hint: hints[0] };
	};

	test.each(['creationId', 'taskId'])('where the item of the source says how long it is: by %s', async (mode) => {
		const emulator = await open();
		const source = await withVideo(emulator);
		const json = { ...source, file: { durationSeconds: 4.04 } };
		const value = `={{ $json.${mode} }}`;
		expect((await planned(emulator, value, json, mode)).credits).toBe(640);
		const parameters = upscale(mode, value, { upscaleResolution: '8K' });
		const { items, summary } = await runNode(emulator, { parameters, items: [{ json }] });
		expect(items[0].json.credits).toBe(640);
		expect(summary).toMatch(/^1 video, 640 credits \(about USD 3\.20\), \d+ s\.$/);
	});

	test('and said to be unknown where nobody knows, or another video is meant', async () => {
		const emulator = await open();
		const { creationId } = await withVideo(emulator);
		for (const json of [{ creationId }, { creationId: '812345678901234567', file: { durationSeconds: 4 } }]) {
			const { credits, hint } = await planned(emulator, creationId, json);
			expect(credits).toBeUndefined();
			expect(hint).toContain('1 video would be ordered, 1 without a published price.');
		}
	});

	test('and Max Credits counts what the service says where it is unknown, one order at a time', async () => {
		const emulator = await open();
		const { creationId } = await withVideo(emulator);
		const { items, hints } = await runNode(emulator, {
			parameters: upscale('creationId', creationId, {
				limits: { pollIntervalSeconds: 0.1, maxCredits: 80 },
				waitForCompletion: false,
			}),
			items: [{}, {}, {}, {}],
		});
		expect(items.map(({ json }) => json.credits)).toEqual([40, 40]);
		expect(hints[0]).toContain('2 of 4 videos were not started: Max Credits of 80 is reached (80 spent)');
	});
});

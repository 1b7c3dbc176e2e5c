import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { Emulator, Fault } from '../emulator';
import { until } from '../until';
import { fileOf } from './facts';
import { AT_ONCE_MS, runNode, useEmulators, type RunOptions, type RunResult } from './harness';

/** New videos through n8n's engine and real HTTP: what goes out, what comes back, what happens when something is wrong. */

const ASSETS = join(__dirname, '../emulator/assets');
const asset = (name: string): Buffer => readFileSync(join(ASSETS, name));
const open = useEmulators();

const QUICK = { pollIntervalSeconds: 0.1 };
const text = (more: INodeParameters = {}): INodeParameters => ({
	operation: 'textToVideo',
	prompt: '={{ $json.prompt }}',
	limits: QUICK,
	...more,
});
const prompts = (...all: string[]) => all.map((prompt) => ({ json: { prompt } }));
const THREE = prompts('Video of item 0.', 'Video of item 1.', 'Video of item 2.');

/** Three items of which the middle one fails for its content. */
async function withOneFailure(onError: RunOptions['onError']): Promise<RunResult & { emulator: Emulator }> {
	const emulator = await open();
	emulator.control.fault({ do: 'failTask', code: 'content', contains: 'item 1.' });
	const result = await runNode(emulator, { parameters: text(), items: THREE, onError });
	expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3 });
	return { ...result, emulator };
}

async function bytesOf({ id }: IBinaryData): Promise<Buffer> {
	return await Container.get(BinaryDataService).getAsBuffer({ id } as IBinaryData);
}

const idsOf = (emulator: Emulator): string[] => emulator.journal.tasks.map(({ id }) => id);
const idOf = (emulator: Emulator, itemIndex: number): string =>
	emulator.journal.tasks.find(({ input }) => String(input.prompt).startsWith(`Video of item ${itemIndex}.`))!.id;
const image = (mode: 'url' | 'binary' | 'base64', value: string): INodeParameters => ({ __rl: true, mode, value });
const bodyOf = (emulator: Emulator): IDataObject =>
	emulator.journal.requests.find(({ kind }) => kind === 'submit')!.body as IDataObject;

describe('what goes out and comes back', () => {
	test.concurrent('a text becomes a video in the item', async () => {
		const emulator = await open();
		const { items, error, log } = await runNode(emulator, { parameters: text(), items: prompts('A sneaker') });
		expect(error).toBeUndefined();
		const [id] = idsOf(emulator);
		expect(items).toEqual([
			{
				json: {
					taskId: id,
					status: 'succeeded',
					provider: 'vidu',
					model: 'viduq3-turbo',
					operation: 'textToVideo',
					creationId: expect.stringMatching(/^\d{18,19}$/),
					videoUrl: expect.stringContaining(`${emulator.urls.cdn}/vidu/${id}/video.mp4?Expires=`),
					coverUrl: expect.stringContaining('/cover.jpeg?'),
					coverUrlExpiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
					urlExpiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
					file: fileOf(id),
					credits: 55,
					createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
					waitedSeconds: expect.any(Number),
				},
				binary: { data: expect.objectContaining({ fileName: `${id}.mp4`, mimeType: 'video/mp4' }) },
				pairedItem: { item: 0 },
			},
		]);
		expect((await bytesOf(items[0].binary!.data)).equals(asset('video.mp4'))).toBe(true);
		expect(emulator.journal.counts()).toMatchObject({ created: 1, downloads: 1, keyLeaks: 0 });
		expect(log).toContainEqual(expect.stringMatching(new RegExp(`^info .*${id}.*item 0`)));
	});

	test.concurrent('with Watermark on, link and file are the marked video, and the clean link comes along', async () => {
		const emulator = await open();
		const parameters = text({ options: { watermark: true }, limits: QUICK });
		const { items, error } = await runNode(emulator, { parameters, items: prompts('A sneaker') });
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({
			videoUrl: expect.stringContaining('/watermarked.mp4?'),
			unmarkedVideoUrl: expect.stringContaining('/video.mp4?'),
		});
		const fetched = emulator.journal.requests.filter(({ kind }) => kind === 'download').map(({ path }) => path);
		expect(fetched).toEqual([expect.stringContaining('/watermarked.mp4')]);
		expect(items[0].binary!.data.mimeType).toBe('video/mp4');
	});

	test.concurrent('many items are made at once, in order and paired', async () => {
		const emulator = await open({ concurrency: 20, taskSeconds: 3_600 });
		const items = Array.from({ length: 8 }, (_, index) => ({ json: { prompt: `Video of item ${index}.` } }));
		const running = runNode(emulator, { parameters: text(), items });
		await until('all orders', () => emulator.journal.counts().created === 8, 10);
		emulator.control.finishTasks();
		const result = await running;
		expect(result.items.map(({ json, pairedItem }) => [json.taskId, pairedItem])).toEqual(
			items.map((_, index) => [idOf(emulator, index), { item: index }]),
		);
	});

	test.concurrent.each<[string, INodeParameters, string]>([
		['a URL', image('url', 'https://shop.example/sneaker.png'), 'https://shop.example/sneaker.png'],
		['a binary field', image('binary', 'photo'), 'data:image/jpeg;base64,'],
		['base64 text', image('base64', asset('lamp.webp').toString('base64')), 'data:image/webp;base64,'],
		[
			'a data URI',
			image('base64', `data:image/png;base64,${asset('sneaker.png').toString('base64')}`),
			'data:image/png;base64,',
		],
	])('an image given as %s is set in motion', async (_name, image, start) => {
		const emulator = await open();
		const { items, error } = await runNode(emulator, {
			parameters: {
				operation: 'imageToVideo',
				image: image,
				prompt: 'It turns',
				downloadVideo: false,
				limits: QUICK,
			},
			// a claimed type does not count
			items: [{ files: { photo: { bytes: asset('mug.jpg'), mimeType: 'image/png' } } }],
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation: 'imageToVideo' });
		expect(items[0].binary).toBeUndefined();
		expect((bodyOf(emulator).images as string[])[0]).toMatch(new RegExp(`^${start}`));
		expect(emulator.journal.counts().downloads).toBe(0);
	});

	test.concurrent('a start and an end image, given in different ways', async () => {
		const emulator = await open();
		const { items, error } = await runNode(emulator, {
			parameters: {
				operation: 'startEndToVideo',
				startImage: image('url', '={{ $json.first }}'),
				endImage: image('binary', 'end'),
				limits: QUICK,
			},
			items: [{ json: { first: 'https://shop.example/a.png' }, files: { end: { bytes: asset('sneaker-end.png') } } }],
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation: 'startEndToVideo' });
		expect(bodyOf(emulator).images).toEqual(['https://shop.example/a.png', expect.stringMatching(/^data:image\/png/)]);
	});

	test.concurrent("a product's whole image list, through one expression", async () => {
		const emulator = await open();
		const images = ['https://shop.example/1.png', 'https://shop.example/2.png'];
		const { items, error } = await runNode(emulator, {
			parameters: {
				operation: 'referenceToVideo',
				referenceImages: {
					image: [{ image: image('url', '={{ $json.images }}') }, { image: image('binary', 'photo') }],
				},
				prompt: 'They meet',
				limits: QUICK,
			},
			items: [{ json: { images }, files: { photo: { bytes: asset('mug.jpg') } } }],
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation: 'referenceToVideo' });
		expect(bodyOf(emulator).images).toEqual([...images, expect.stringMatching(/^data:image\/jpeg/)]);
	});

	test.concurrent('named subjects', async () => {
		const emulator = await open();
		const { items, error } = await runNode(emulator, {
			parameters: {
				operation: 'referenceToVideo',
				referenceType: 'subjects',
				subjects: { subject: [{ name: 'shoe', images: image('url', 'https://shop.example/1.png') }] },
				prompt: '@shoe runs',
				limits: QUICK,
			},
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation: 'referenceToVideo' });
		expect(bodyOf(emulator).subjects).toEqual([{ name: 'shoe', images: ['https://shop.example/1.png'] }]);
	});

	test.concurrent.each<[string, RunOptions, IDataObject]>([
		[
			'Zhipu',
			{ parameters: text({ provider: 'zhipu', model: 'viduq1-text' }) },
			{ provider: 'zhipu', model: 'viduq1-text' },
		],
		[
			'Vtrix',
			{
				parameters: {
					provider: 'vtrix',
					operation: 'imageToVideo',
					image: image('url', 'https://shop.example/1.png'),
					prompt: 'It turns',
					limits: QUICK,
				},
			},
			{ provider: 'vtrix', cost: { amount: '0.10', currency: 'USD' } },
		],
		[
			'CogVideoX',
			{ node: 'cogVideoX', parameters: text({ model: 'cogvideox-3' }) },
			{ provider: 'zhipu', model: 'cogvideox-3' },
		],
	])('%s makes videos in the same way', async (_name, options, json) => {
		const emulator = await open();
		const { items, error } = await runNode(emulator, { ...options, items: prompts('A sneaker') });
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ taskId: idsOf(emulator)[0], status: 'succeeded', ...json });
		expect((await bytesOf(items[0].binary!.data)).equals(asset('video.mp4'))).toBe(true);
		expect(emulator.journal.keyLeaks).toEqual([]);
	});

	test.concurrent(
		'each item says for itself whether its video is fetched, and under what name, as a sheet writes it',
		async () => {
			const emulator = await open();
			const rows = [
				{ fetch: 'TRUE', name: 'Größe/M' },
				{ fetch: 'no', name: 'b' },
				{ fetch: 1, name: '' },
			];
			const { items, error } = await runNode(emulator, {
				parameters: text({
					downloadVideo: '={{ $json.fetch }}',
					limits: QUICK,
					files: { fileName: '={{ $json.name }}' },
				}),
				items: rows.map((row, index) => ({ json: { prompt: `Video of item ${index}.`, ...row } })),
			});
			expect(error).toBeUndefined();
			expect(items.map(({ binary }) => binary?.data.fileName)).toEqual([
				'Größe-M.mp4',
				undefined,
				`${idOf(emulator, 2)}.mp4`,
			]);
			expect(emulator.journal.counts().downloads).toBe(2);
		},
	);

	test.concurrent('"FALSE" for Wait for Completion does not wait', async () => {
		const emulator = await open({ taskSeconds: 3_600 });
		const { items } = await runNode(emulator, { parameters: text({ waitForCompletion: 'FALSE' }), items: THREE });
		expect(items.map(({ json }) => json.status)).toEqual(['queued', 'queued', 'queued']);
	});

	test.concurrent('off-peak by the word of a sheet is off-peak, and is waited for as long', async () => {
		const emulator = await open({ taskSeconds: 3_600 });
		const { data } = await runNode(emulator, {
			parameters: text({ waitForCompletion: false, audio: true, options: { offPeak: '={{ "TRUE" }}' } }),
			items: THREE.slice(0, 1),
		});
		expect(bodyOf(emulator)).toMatchObject({ off_peak: true });
		expect(data.resultData.error).toBeUndefined();
	});

	test.concurrent('without waiting the items hold their tasks at once', async () => {
		const emulator = await open({ taskSeconds: 3_600 });
		const { items } = await runNode(emulator, {
			parameters: text({ waitForCompletion: false, options: {} }),
			items: THREE,
		});
		expect(items.map(({ json }) => json.taskId)).toEqual([0, 1, 2].map((index) => idOf(emulator, index)));
		expect(items[0].json).toMatchObject({ status: 'queued', credits: 55 });
		expect(items[0].json).not.toHaveProperty('videoUrl');
		expect(items[0].binary).toBeUndefined();
		expect(emulator.journal.counts()).toMatchObject({ created: 3, asks: 0, downloads: 0 });
	});

	test.concurrent('Simplify off adds the answer as it came', async () => {
		const emulator = await open();
		const { items } = await runNode(emulator, {
			parameters: text({ downloadVideo: false, limits: QUICK, files: { simplify: false } }),
			items: prompts('A sneaker'),
		});
		expect(items[0].json.response).toMatchObject({ state: 'success', creations: [{ url: items[0].json.videoUrl }] });
	});

	test.concurrent('a custom model and extra fields travel as typed, the extra fields last', async () => {
		const emulator = await open();
		const { error, items } = await runNode(emulator, {
			parameters: text({
				model: 'custom',
				customModel: 'viduq3-pro',
				downloadVideo: false,
				options: { extraFields: '{"prompt":"A lamp","seed":7}' },
				limits: QUICK,
			}),
			items: prompts('A sneaker'),
		});
		expect(error).toBeUndefined();
		expect(bodyOf(emulator)).toMatchObject({ model: 'viduq3-pro', prompt: 'A lamp', seed: 7 });
		expect(items[0].json.model).toBe('viduq3-pro');
	});

	test.concurrent('each item may name its own model', async () => {
		const emulator = await open();
		const { error, items } = await runNode(emulator, {
			parameters: text({ model: '={{ $json.model }}', downloadVideo: false }),
			items: [{ json: { prompt: 'a', model: 'viduq3-pro' } }, { json: { prompt: 'b', model: 'viduq2' } }],
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.model)).toEqual(['viduq3-pro', 'viduq2']);
	});

	test.concurrent('a video that breaks off is fetched again, with a fresh link', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'truncate', bytes: 20_000 });
		const { items, error } = await runNode(emulator, { parameters: text(), items: prompts('A sneaker') });
		expect(error).toBeUndefined();
		expect((await bytesOf(items[0].binary!.data)).equals(asset('video.mp4'))).toBe(true);
		const urls = emulator.journal.requests.filter(({ kind }) => kind === 'download').map(({ path }) => path);
		expect(new Set(urls).size).toBe(2);
		// the item carries the link that worked
		expect(items[0].json.videoUrl).toBe(emulator.urls.cdn + urls[1]);
	});

	test.concurrent('a video that cannot be stored leaves its link and its id', async () => {
		const emulator = await open();
		const { items } = await runNode(emulator, {
			parameters: text({ limits: QUICK, files: { maxFileMegabytes: 0.01 } }),
			items: prompts('A sneaker'),
			onError: 'continueRegularOutput',
		});
		expect(items[0].json.details).toMatchObject({
			taskId: idsOf(emulator)[0],
			status: 'succeeded',
			reason: 'download',
			videoUrl: expect.stringContaining(emulator.urls.cdn),
		});
		expect(items[0].json.error).toContain('[item 0]');
	});
});

describe('an item that fails', () => {
	test.concurrent('stops the workflow: the message names the item, the description every task', async () => {
		const { error, items, emulator } = await withOneFailure('stopWorkflow');
		expect(items).toEqual([]);
		expect(error!.name).toBe('NodeOperationError');
		expect(error!.message).toBe(`Vidu ended task ${idOf(emulator, 1)} without a video [item 1]`);
		expect(error!.context).toMatchObject({ itemIndex: 1 });
		const [first, bad, last] = [0, 1, 2].map((index) => idOf(emulator, index));
		expect(error!.description).toContain(`<br>succeeded: ${first}, ${last}<br>failed: ${bad}`);
		expect(error!.description).toContain('CreationPolicyViolation');
	});

	test.concurrent('stops the workflow, but what is made can be had, by the way the message tells', async () => {
		const { error, emulator, data } = await withOneFailure('stopWorkflow');
		expect(error!.description).toContain('2 of 3 videos are made. To get them: in the node open Settings');
		expect(error!.description).toContain('Retry with currently saved workflow');
		const { items, failed } = await runNode(emulator, {
			parameters: text(),
			items: THREE,
			onError: 'continueErrorOutput',
			retryOf: data,
			executionId: '2',
		});
		expect(items.map(({ json, binary }) => [json.taskId, binary?.data.mimeType])).toEqual(
			[0, 2].map((index) => [idOf(emulator, index), 'video/mp4']),
		);
		expectErrorItem(failed[0], idOf(emulator, 1));
		expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3 });
	});

	const COSTLY: Array<[string, Fault, number]> = [
		['an account that ran empty', { kind: 'submit', do: 'status', status: 400, code: 'CreditInsufficient', nth: 2 }, 2],
		['a passing fault of the service', { do: 'failTask', code: 'internal', contains: 'item 1.' }, 1],
		['a task that someone cancelled', { do: 'failTask', code: 'UserCancelled', contains: 'item 1.' }, 1],
	];
	test.concurrent.each(COSTLY)(
		'after %s the way to the videos says which items it orders, and orders those alone',
		async (_name, fault, more) => {
			const emulator = await open();
			emulator.control.fault(fault);
			// one order at a time: which of several is refused, and what is accepted beside it, is for the network to say
			const parameters = text({
				downloadVideo: false,
				limits: { ...QUICK, ...(more === 1 ? {} : { maxConcurrency: 1 }) },
			});
			const { error, data } = await runNode(emulator, { parameters, items: THREE });
			expect(error!.description).toMatch(
				more === 1 ? /; item 1, which has no video yet, is ordered then/ : /; items 1 to 2, .* are ordered then/,
			);
			const { created } = emulator.journal.counts();
			const { items } = await runNode(emulator, {
				parameters,
				items: THREE,
				onError: 'continueErrorOutput',
				retryOf: data,
				executionId: '2',
			});
			expect(items).toHaveLength(3);
			expect(emulator.journal.counts().created).toBe(created + more);
		},
	);

	test.concurrent(
		'stops the workflow, and the description pasted into Task IDs collects the videos, once each',
		async () => {
			const { error, emulator } = await withOneFailure('stopWorkflow');
			const { items, failed } = await runNode(emulator, {
				parameters: {
					resource: 'task',
					operation: 'wait',
					taskId: `${error!.message}\n${error!.description}`,
					downloadVideo: false,
					limits: QUICK,
				},
				onError: 'continueErrorOutput',
			});
			expect(items.map(({ json }) => json.taskId).sort()).toEqual([0, 2].map((index) => idOf(emulator, index)).sort());
			expect(failed).toMatchObject([{ json: { details: { taskId: idOf(emulator, 1) } } }]);
		},
	);

	test.concurrent('goes on as an item with Continue', async () => {
		const { error, items, emulator } = await withOneFailure('continueRegularOutput');
		expect(error).toBeUndefined();
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', undefined, 'succeeded']);
		expectErrorItem(items[1], idOf(emulator, 1));
		expect(Object.keys(items[1].json).sort()).toEqual(['details', 'error']);
	});

	test.concurrent('goes to the Error output, with its id and its input', async () => {
		const { error, items, failed, emulator, run } = await withOneFailure('continueErrorOutput');
		expect(error).toBeUndefined();
		expect(items.map(({ json, pairedItem }) => [json.taskId, pairedItem])).toEqual([
			[idOf(emulator, 0), { item: 0 }],
			[idOf(emulator, 2), { item: 2 }],
		]);
		expect(failed).toHaveLength(1);
		expectErrorItem(failed[0], idOf(emulator, 1));
		expect(failed[0].json.prompt).toBe('Video of item 1.');
		expect(run.data.resultData.runData.Failed[0].data?.main[0]).toHaveLength(1);
	});

	function expectErrorItem({ json, pairedItem, binary }: INodeExecutionData, taskId: string): void {
		expect(pairedItem).toEqual({ item: 1 });
		expect(binary).toBeUndefined();
		expect(json).toMatchObject({
			error: `Vidu ended task ${taskId} without a video [item 1]`,
			details: {
				taskId,
				status: 'failed',
				reason: 'endedEmpty',
				code: 'CreationPolicyViolation',
				provider: 'vidu',
				model: 'viduq3-turbo',
				operation: 'textToVideo',
			},
		});
	}

	test.concurrent('cannot be sent: nothing at all is ordered', async () => {
		const emulator = await open();
		const { error } = await runNode(emulator, {
			parameters: text({ duration: '={{ $json.seconds }}' }),
			items: [{ json: { prompt: 'a', seconds: 5 } }, { json: { prompt: 'b', seconds: 99 } }],
		});
		expect(error!.message).toMatch(/^Duration .*99.* is not offered by viduq3-turbo \[item 1\]$/);
		expect(error!.description).toContain('Nothing was sent');
		expect(emulator.journal.requests).toEqual([]);
	});

	test.concurrent('cannot be sent: the description names every such item with its reason', async () => {
		const emulator = await open();
		const seconds = [5, 99, 98, 5, 99, 99, 99];
		const { error } = await runNode(emulator, {
			parameters: text({ duration: '={{ $json.seconds }}', prompt: '={{ $json.prompt }}' }),
			items: [...seconds.map((each) => ({ json: { prompt: 'a', seconds: each } })), { json: { seconds: 5 } }],
		});
		expect(error!.message).toContain('[item 1]');
		expect(error!.description).toContain('5 more items cannot be sent:<br>item 2: Duration 98');
		expect(error!.description).toMatch(/<br>items 4 to 6: Duration 99 [^<]*<br>item 7: Prompt is /);
		expect(emulator.journal.requests).toEqual([]);
	});

	test.concurrent('cannot be sent, with Continue: the others are made', async () => {
		const emulator = await open();
		const { items, failed } = await runNode(emulator, {
			parameters: text({ duration: '={{ $json.seconds }}', downloadVideo: false }),
			items: [
				{ json: { prompt: 'Video of item 0.', seconds: 99 } },
				{ json: { prompt: 'Video of item 1.', seconds: 5 } },
			],
			onError: 'continueErrorOutput',
		});
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(failed[0]).toMatchObject({
			json: { details: { status: 'notStarted', reason: 'invalidInput', parameter: 'Duration' } },
			pairedItem: { item: 0 },
		});
		expect(emulator.journal.counts()).toMatchObject({ submits: 1, created: 1 });
	});

	test.concurrent.each<[string, INodeParameters]>([
		['Prompt', text({ prompt: "={{ $('Nowhere').item.json.prompt }}" })],
		['Payload', text({ limits: QUICK, files: { payload: "={{ $('Nowhere').item.json.prompt }}" } })],
	])('has an expression that fails in %s: nothing is ordered', async (name, parameters) => {
		const emulator = await open();
		const { error } = await runNode(emulator, { parameters, items: THREE });
		expect(error!.message).toBe(`The expression in ${name} cannot be read [item 0]`);
		expect(error!.description).toContain("Referenced node doesn't exist. Nothing was sent.");
		expect(emulator.journal.requests).toEqual([]);
	});

	test.concurrent('has an expression that fails for it alone: the others are made', async () => {
		const emulator = await open();
		const { items, failed } = await runNode(emulator, {
			parameters: text({
				prompt: "={{ $json.bad ? $('Nowhere').item.json.prompt : $json.prompt }}",
				downloadVideo: false,
			}),
			items: [
				{ json: { prompt: 'Video of item 0.' } },
				{ json: { bad: true } },
				{ json: { prompt: 'Video of item 2.' } },
			],
			onError: 'continueErrorOutput',
		});
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(failed).toMatchObject([{ json: { details: { status: 'notStarted' } }, pairedItem: { item: 1 } }]);
		expect(emulator.journal.counts().created).toBe(2);
	});

	test.concurrent('has an option whose expression fails for it alone: the others are made', async () => {
		const emulator = await open();
		const { items, failed } = await runNode(emulator, {
			parameters: text({
				downloadVideo: false,
				limits: QUICK,
				files: { payload: "={{ $json.bad ? $('Nowhere').item.json.prompt : 'p' }}" },
			}),
			items: [{ json: { bad: true, prompt: 'Video of item 0.' } }, { json: { prompt: 'Video of item 1.' } }],
			onError: 'continueErrorOutput',
		});
		expect(failed).toMatchObject([{ json: { details: { status: 'notStarted' } }, pairedItem: { item: 0 } }]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
	});

	test.concurrent.each([
		['Max Videos of 2', { maxVideos: 2 }],
		['Max Credits of 110', { maxCredits: 110 }],
	])('is over %s: the run ends green with what was made, and says why it is not more', async (cap, limits) => {
		const emulator = await open();
		const { items, error, hints } = await runNode(emulator, {
			parameters: text({ limits: { ...QUICK, ...limits } }),
			items: [...THREE, ...THREE],
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json, pairedItem, binary }) => [json.status, pairedItem, binary?.data.mimeType])).toEqual([
			['succeeded', { item: 0 }, 'video/mp4'],
			['succeeded', { item: 1 }, 'video/mp4'],
		]);
		expect(hints).toEqual([expect.stringContaining(`4 of 6 videos were not started: ${cap} is reached`)]);
		expect(emulator.journal.counts().created).toBe(2);
	});

	test.concurrent('is over Max Videos, and another one failed: the failure leads', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'item 1.' });
		const { error } = await runNode(emulator, {
			parameters: text({ limits: { ...QUICK, maxVideos: 2 } }),
			items: THREE,
		});
		expect(error!.message).toContain('without a video [item 1]');
		expect(error!.description).toContain('item 2: Not started: Max Videos of 2 is reached');
	});

	test.concurrent('is over Max Videos with Continue: not started, and said so', async () => {
		const emulator = await open();
		const { items } = await runNode(emulator, {
			parameters: text({ downloadVideo: false, limits: { ...QUICK, maxVideos: 2 } }),
			items: THREE,
			onError: 'continueRegularOutput',
		});
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', undefined]);
		expect(items[2].json).toMatchObject({
			error: 'Not started: Max Videos of 2 is reached [item 2]',
			details: { status: 'notStarted' },
		});
		expect(emulator.journal.counts().created).toBe(2);
	});
});

describe('as the tool of an AI agent', () => {
	test.concurrent('what is refused says in the message what to do, for the model is shown no more', async () => {
		const emulator = await open();
		const { error } = await runNode(emulator, {
			asTool: true,
			parameters: text({ duration: '={{ $json.seconds }}' }),
			items: [{ json: { prompt: 'A sneaker', seconds: 99 } }],
		});
		expect(error!.message).toMatch(/^Duration 99 .* \[item 0\]\. Choose 1 to 16\. .*Nothing was sent\.$/);
	});

	test.concurrent('a video comes as its link, without a file', async () => {
		const emulator = await open();
		const { items } = await runNode(emulator, { asTool: true, parameters: text(), items: THREE.slice(0, 1) });
		expect(items[0]).toMatchObject({ json: { status: 'succeeded', videoUrl: expect.stringContaining('http') } });
		expect(items[0].binary).toBeUndefined();
	});

	describe('when the video takes longer than its caller waits', () => {
		/** Three seconds in place of 45. */
		const soon = { limits: { ...QUICK, maxWaitMinutes: 0.05 } };

		test.concurrent.each([
			['vidu', { credits: 55 }],
			// the region of a host of one's own, and so the price, is not known
			['cogVideoX', {}],
		] as const)('%s answers with the task, its price and what to do now', async (node, price) => {
			const emulator = await open();
			emulator.control.holdTasks();
			const { items, error } = await runNode(emulator, {
				node,
				asTool: true,
				parameters: node === 'vidu' ? text(soon) : { ...text(soon), model: 'cogvideox-3' },
				items: THREE.slice(0, 1),
			});
			expect(error).toBeUndefined();
			expect(items).toHaveLength(1);
			const [{ id }] = emulator.journal.tasks;
			expect(items[0].json).toMatchObject({ taskId: id, ...price });
			expect(items[0].json.status).toMatch(/^(queued|processing)$/);
			expect(items[0].json.expectedSeconds).toBeGreaterThan(10);
			expect(items[0].json.nextStep).toMatch(
				new RegExp(`Do not order it again: ask for task ID ${id} with Task → Get in about \\d+ seconds`),
			);
		});

		test.concurrent('a full account is told, and nothing is ordered later', async () => {
			const emulator = await open({ concurrency: { vidu: 30, zhipu: 1, vtrix: 30 }, whenFull: 'refuse' });
			emulator.control.holdTasks();
			const parameters = { ...text(soon), model: 'cogvideox-3' };
			const options = { node: 'cogVideoX', asTool: true, parameters } as const;
			await runNode(emulator, { ...options, items: THREE.slice(0, 1) });
			const { error } = await runNode(emulator, { ...options, items: THREE.slice(1, 2) });
			expect(error!.message).toMatch(
				/no free place for another task within 3 seconds \[item 0\]\. Ask again in a minute/,
			);
			expect(emulator.journal.counts().created).toBe(1);
		});

		test.concurrent('Task → Wait for Completion answers as well', async () => {
			const emulator = await open();
			emulator.control.holdTasks();
			await runNode(emulator, { parameters: text({ waitForCompletion: false }), items: THREE.slice(0, 1) });
			const [{ id }] = emulator.journal.tasks;
			const parameters = { resource: 'task', operation: 'wait', taskIds: id, limits: { maxWaitMinutes: 0.05 } };
			const { items, error } = await runNode(emulator, { asTool: true, parameters });
			expect(error).toBeUndefined();
			expect(items[0].json).toMatchObject({ taskId: id, nextStep: expect.stringContaining(id) });
			expect(items[0].json.status).toMatch(/^(queued|processing)$/);
		});
	});

	test.concurrent.each([
		['that is not finished', true, /^(queued|processing)$/],
		['that is there', false, /^succeeded$/],
	])('a call that its model repeats takes up the video %s, and orders none', async (_name, isHeld, status) => {
		const emulator = await open();
		if (isHeld) emulator.control.holdTasks();
		const { run, error } = await runNode(emulator, {
			asTool: true,
			parameters: text({ limits: isHeld ? { ...QUICK, maxWaitMinutes: 0.05 } : QUICK }),
			items: THREE.slice(0, 1),
			rounds: 3,
		});
		expect(error).toBeUndefined();
		expect(emulator.journal.counts().created).toBe(1);
		const [{ id }] = emulator.journal.tasks;
		const calls = run.data.resultData.runData['Under Test'];
		expect(calls.map(({ data }) => data!.main[0]![0].json)).toEqual(
			Array(3).fill(expect.objectContaining({ taskId: id, status: expect.stringMatching(status) as string })),
		);
	});
});

describe('the key', () => {
	const WRONG = 'vda_wrong_0123456789abcdef';
	const wrongKey = (emulator: Emulator) => ({
		viduApi: { region: 'custom', baseUrl: emulator.urls.vidu, apiKey: WRONG },
	});

	test.concurrent('refused: said once, for all items', async () => {
		const emulator = await open();
		const { error, run, log } = await runNode(emulator, {
			parameters: text(),
			items: THREE,
			credentials: wrongKey(emulator),
		});
		expect(error!.message).toBe('Vidu does not accept this API key [item 0]');
		expect(error!.description).toContain('credential');
		// n8n sends a 401 again, in case a token has run out
		expect(emulator.journal.counts().submits).toBeLessThanOrEqual(2);
		expect(JSON.stringify([run, log])).not.toContain(WRONG);
	});

	test.concurrent('is in no output, no log and no message, and never reaches the file server', async () => {
		for (const onError of ['stopWorkflow', 'continueErrorOutput'] as const) {
			const { run, log, error, emulator } = await withOneFailure(onError);
			expect(JSON.stringify([run, log, error?.message, error?.description])).not.toContain(emulator.keys.vidu);
			expect(emulator.journal.keyLeaks).toEqual([]);
		}
	});

	test.concurrent('a Base URL that is none is told before anything is sent', async () => {
		const emulator = await open();
		const { error } = await runNode(emulator, {
			parameters: text(),
			items: THREE,
			credentials: { viduApi: { region: 'custom', baseUrl: 'not an address', apiKey: WRONG } },
		});
		expect(error!.message).toContain('Base URL');
		expect(emulator.journal.requests).toEqual([]);
	});

	test.concurrent('a setting that is none sends all items to the Error output', async () => {
		const emulator = await open();
		const { items, failed } = await runNode(emulator, {
			parameters: text({ limits: { maxVideos: 'many' } }),
			items: THREE,
			onError: 'continueErrorOutput',
		});
		expect(items).toEqual([]);
		expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	});

	test.concurrent('nobody listens at the Base URL: nothing is sent, and Stop ends it', async () => {
		const emulator = await open();
		const nowhere = new URL(emulator.urls.vidu);
		await emulator.stop();
		const aMomentLater = Date.now() + 500;
		const { items, stopMs, run } = await runNode(emulator, {
			parameters: text(),
			items: THREE,
			credentials: { viduApi: { region: 'custom', baseUrl: nowhere.origin, apiKey: WRONG } },
			stopWhen: () => Date.now() > aMomentLater,
		});
		expect(items).toEqual([]);
		expect(stopMs).toBeLessThan(AT_ONCE_MS);
		expect(JSON.stringify(run)).not.toContain(WRONG);
	});
});

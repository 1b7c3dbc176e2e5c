import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../emulator';
import { runNode, useEmulators } from './harness';
import { startProxy, viduAt } from './proxy';

/** Images, sounds, prompts, subjects and films through n8n's engine: the samples of the pages, from a node's parameters. */

const open = useEmulators();

const QUICK = { limits: { pollIntervalSeconds: 0.1 } };
const url = (value: string): INodeParameters => ({ __rl: true, mode: 'url', value });
const images = (...urls: string[]): INodeParameters => ({ image: urls.map((value) => ({ image: url(value) })) });
const ONE = 'https://files.example/1.png';
const TWO = 'https://files.example/2.png';
const THREE = 'https://files.example/3.png';

const bodiesOf = ({ journal }: Emulator): IDataObject[] =>
	journal.requests.filter(({ kind }) => kind === 'submit').map(({ body }) => body as IDataObject);

const run = async (emulator: Emulator, parameters: INodeParameters) =>
	await runNode(emulator, { parameters: { ...QUICK, ...parameters } });

describe('images', () => {
	const sample: INodeParameters = {
		resource: 'image',
		operation: 'generate',
		prompt: 'On a clean white background',
		images: images(ONE, TWO, THREE),
		aspectRatio: '16:9',
		resolution: '2K',
		options: { seed: 0 },
		files: { payload: '' },
	};

	test('the sample of the page comes out as an image, with its link, its file and what it cost', async () => {
		const emulator = await open();
		const { items, error } = await run(emulator, sample);
		expect(error).toBeUndefined();
		expect(bodiesOf(emulator)).toEqual([
			{
				model: 'viduq2',
				images: [ONE, TWO, THREE],
				prompt: 'On a clean white background',
				aspect_ratio: '16:9',
				resolution: '2K',
				seed: 0,
			},
		]);
		const taskId = String(items[0].json.taskId);
		expect(items[0].json).toMatchObject({
			status: 'succeeded',
			operation: 'generate',
			model: 'viduq2',
			imageUrl: expect.stringContaining('/image.png?'),
			urlExpiresAt: expect.stringMatching(/^\d{4}-/),
			credits: 12,
			file: {
				fileName: `${taskId}.png`,
				mimeType: 'image/png',
				sizeBytes: expect.any(Number),
				width: expect.any(Number),
				height: expect.any(Number),
			},
		});
		expect(items[0].json).not.toHaveProperty('videoUrl');
		expect(items[0].binary?.data).toMatchObject({ mimeType: 'image/png', fileName: `${taskId}.png` });
	});

	test.each([
		[0, '1080p', 6],
		[0, '4K', 10],
		[1, '2K', 12],
		[4, '4K', 30],
		[7, '2K', 16],
	])('%i images at %s cost %i, as told before', async (count, resolution, credits) => {
		const emulator = await open();
		const list = Array.from({ length: count }, (_, at) => `https://files.example/${at}.png`);
		const parameters = { ...sample, images: images(...list), resolution };
		const planned = await run(emulator, { ...parameters, dryRun: true });
		expect(planned.items[0].json).toMatchObject({ status: 'planned', credits });
		expect(planned.hints[0]).toContain('1 image would be ordered');
		const { items, summary } = await run(emulator, { ...parameters, downloadVideo: false });
		expect(items[0].json).toMatchObject({ status: 'succeeded', credits });
		expect(summary).toContain('1 image, ');
	});

	test('a page in place of the image is no success, and link and id are told', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'replaceBody', contentType: 'image/png', times: 'always' });
		const { error } = await run(emulator, sample);
		expect(error?.message).toMatch(/^The image of task \d+ did not arrive whole/);
		expect(error?.description).toContain('is not an image');
		expect(bodiesOf(emulator)).toHaveLength(1);
	});

	test('a wrong ending of the file name is set right', async () => {
		const { items } = await run(await open(), { ...sample, files: { fileName: 'sneaker.jpg' } });
		expect(items[0].binary?.data.fileName).toBe('sneaker.png');
	});

	describe('of which a task made three', () => {
		const three = async (emulator: Emulator) => {
			emulator.control.fault({ do: 'severalCreations', count: 3, times: 'always' });
			return await run(emulator, { ...sample, files: { fileName: 'sneaker', coverField: 'cover' } });
		};

		test('are all in the item, each with its ID, its link and its file', async () => {
			const emulator = await open();
			const { items, error, summary } = await three(emulator);
			expect(error).toBeUndefined();
			const { creations, ...json } = items[0].json as IDataObject & { creations: IDataObject[] };
			const fileName = (at: number) => `sneaker${['', '-2', '-3'][at]}.png`;
			expect(creations).toEqual(
				[0, 1, 2].map((at) => ({
					creationId: expect.stringMatching(/^\d{18,19}$/),
					imageUrl: expect.stringContaining('/image.png?'),
					urlExpiresAt: expect.stringMatching(/^\d{4}-/),
					coverUrl: expect.any(String),
					coverUrlExpiresAt: expect.any(String),
					file: expect.objectContaining({ fileName: fileName(at), mimeType: 'image/png' }),
				})),
			);
			for (const name of ['creationId', 'imageUrl']) {
				expect(json[name]).toBe(creations[0][name]);
				expect(new Set(creations.map((creation) => creation[name])).size).toBe(3);
			}
			const binary = items[0].binary!;
			expect(Object.keys(binary).sort()).toEqual(['cover', 'data', 'data2', 'data3']);
			expect(['data', 'data2', 'data3'].map((field) => binary[field].fileName)).toEqual([0, 1, 2].map(fileName));
			expect(new Set(Object.values(binary).map(({ id }) => id)).size).toBe(4);
			expect(summary).toMatch(/^1 image, 12 credits/);
		});

		test('come through Task → Get too', async () => {
			const emulator = await open();
			const taskId = String((await three(emulator)).items[0].json.taskId);
			const { items } = await run(emulator, { resource: 'task', operation: 'get', taskId });
			expect(items[0].json.creations).toHaveLength(3);
			expect(Object.keys(items[0].binary!).sort()).toEqual(['data', 'data2', 'data3']);
		});

		test('are told with links where one does not arrive, after fresh links were tried', async () => {
			const emulator = await open();
			emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
			// the first comes at once, and the second never
			emulator.control.fault({ do: 'replaceBody', contentType: 'image/png', nth: 2, times: 'always' });
			const parameters = { ...QUICK, ...sample };
			const { failed } = await runNode(emulator, { parameters, onError: 'continueErrorOutput' });
			expect(failed[0].json).toMatchObject({
				error: expect.stringMatching(/^The image of task \d+ did not arrive whole/),
				details: { creations: [{ imageUrl: expect.any(String) }, { imageUrl: expect.any(String) }] },
			});
			const [first, second] = (failed[0].json.details as { creations: IDataObject[] }).creations;
			expect((failed[0].json.details as IDataObject).description).toContain(String(second.imageUrl));
			expect((failed[0].json.details as IDataObject).imageUrl).toBe(first.imageUrl);
			expect(emulator.journal.counts().downloads).toBeGreaterThan(2);
		});

		test('are none of the files where nothing is downloaded', async () => {
			const emulator = await open();
			emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
			const { items } = await run(emulator, { ...sample, downloadVideo: false });
			expect(items[0].json.creations).toHaveLength(2);
			expect(items[0].binary).toBeUndefined();
		});
	});

	test('viduq1 needs an image, and is not ordered without', async () => {
		const emulator = await open();
		const { error } = await run(emulator, { ...sample, model: 'viduq1', resolution: '1080p', images: {} });
		expect(error?.message).toContain('Images holds 0 images');
		expect(bodiesOf(emulator)).toEqual([]);
	});

	test('Task → Get knows an image by its file', async () => {
		const emulator = await open();
		const ordered = await run(emulator, sample);
		const { items } = await run(emulator, {
			resource: 'task',
			operation: 'get',
			taskId: String(ordered.items[0].json.taskId),
		});
		expect(items[0].json).toMatchObject({ imageUrl: expect.any(String), file: { mimeType: 'image/png' } });
		expect(items[0].binary?.data.fileName).toMatch(/\.png$/);
	});
});

describe('speech', () => {
	const sample: INodeParameters = {
		resource: 'audio',
		operation: 'speech',
		text: 'Hello<#1#>world',
		voiceId: 'English_Trustworthy_Man',
	};

	test('is there with the answer, and the service is asked nothing more', async () => {
		const emulator = await open();
		const { items, error } = await run(emulator, { ...sample, emotion: 'happy', pitch: -3, speed: 1.5 });
		expect(error).toBeUndefined();
		expect(bodiesOf(emulator)).toEqual([
			{
				text: 'Hello<#1#>world',
				voice_setting_voice_id: 'English_Trustworthy_Man',
				voice_setting_speed: 1.5,
				voice_setting_volume: 0,
				voice_setting_pitch: -3,
				voice_setting_emotion: 'happy',
			},
		]);
		const taskId = String(items[0].json.taskId);
		expect(items[0].json).toMatchObject({
			status: 'succeeded',
			audioUrl: expect.stringContaining('/sound.mp3?'),
			credits: 10,
			file: { fileName: `${taskId}.mp3`, mimeType: 'audio/mpeg' },
		});
		expect(emulator.journal.requests.filter(({ kind }) => kind === 'ask')).toEqual([]);
	});

	test('that stands in line is asked about until it is there', async () => {
		const emulator = await open({ vidu: { queuesSpeech: true }, taskSeconds: 0.3 });
		const { items, error } = await run(emulator, sample);
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ status: 'succeeded', audioUrl: expect.stringContaining('/sound.mp3?') });
		expect(bodiesOf(emulator)).toHaveLength(1);
	});

	test('without a clear answer is never ordered again', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'resetAfter', kind: 'submit', times: 1 });
		const { error, calls } = await runNode(emulator, { parameters: { ...QUICK, ...sample }, maxTries: 3 });
		expect(calls).toBe(3);
		expect(error?.message).toContain('No clear answer came back');
		expect(bodiesOf(emulator)).toHaveLength(1);
	});

	test('that is made is had again by a retry, without another order', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'second', times: 'always' });
		const { calls, error } = await runNode(emulator, {
			parameters: { ...QUICK, ...sample, text: '={{ $json.text }}' },
			items: [{ json: { text: 'The first' } }, { json: { text: 'The second' } }],
			maxTries: 3,
		});
		expect(calls).toBe(3);
		expect(error?.message).toContain('[item 1]');
		expect(bodiesOf(emulator).filter(({ text }) => text === 'The first')).toHaveLength(1);
		expect(emulator.journal.requests.filter(({ kind }) => kind === 'ask')).toEqual([]);
	});

	test.each([
		['no text', { text: '={{ "" }}' }, 'Text is missing'],
		['no voice', { voiceId: '={{ "" }}' }, 'Voice ID is missing'],
		['a voice too fast', { speed: 3 }, 'Speed'],
		['a long text', { text: 'x'.repeat(10_000) }, 'Text'],
	])('with %s is not ordered', async (_name, wrong, words) => {
		const emulator = await open();
		const { error } = await run(emulator, { ...sample, ...wrong });
		expect(error?.message).toContain(words);
		expect(bodiesOf(emulator)).toEqual([]);
	});

	test.each([
		[1, 10],
		[500, 10],
		[501, 20],
		[9_999, 200],
	])('of %i characters costs %i credits', async (length, credits) => {
		const emulator = await open();
		const parameters = { ...sample, text: 'x'.repeat(length), downloadVideo: false };
		expect((await run(emulator, { ...parameters, dryRun: true })).items[0].json).toMatchObject({ credits });
		expect((await run(emulator, parameters)).items[0].json).toMatchObject({ credits });
	});
});

describe('sound effects', () => {
	test.each([
		[4, 10],
		[5, 20],
		[10, 20],
	])('of %d seconds cost %i credits', async (duration, credits) => {
		const emulator = await open();
		const parameters = { resource: 'audio', operation: 'soundEffects', prompt: 'A door', duration };
		expect((await run(emulator, { ...parameters, dryRun: true })).items[0].json).toMatchObject({ credits });
		const { items } = await run(emulator, parameters);
		expect(bodiesOf(emulator)).toEqual([{ model: 'audio1.0', prompt: 'A door', duration }]);
		expect(items[0].json).toMatchObject({ credits, audioUrl: expect.any(String), file: { mimeType: 'audio/mpeg' } });
	});

	test('from moment to moment', async () => {
		const emulator = await open();
		const cue = [
			{ from: 0, to: 3.5, prompt: 'Rain' },
			{ from: 2, to: 9.5, prompt: 'Thunder' },
		];
		const { items } = await run(emulator, { resource: 'audio', operation: 'timedSoundEffects', cues: { cue } });
		expect(bodiesOf(emulator)).toEqual([{ model: 'audio1.0', timing_prompts: cue, duration: 10 }]);
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation: 'timedSoundEffects', credits: 20 });
	});
});

describe('cloned voices', () => {
	const sample: INodeParameters = {
		resource: 'audio',
		operation: 'cloneVoice',
		audioFile: url('https://files.example/voice.mp3'),
		voiceId: 'ShopVoice01',
		text: 'This is my voice.',
	};

	test('come with their ID, a sample and its file', async () => {
		const emulator = await open();
		const { items, error } = await run(emulator, sample);
		expect(error).toBeUndefined();
		expect(bodiesOf(emulator)).toEqual([
			{ audio_url: 'https://files.example/voice.mp3', voice_id: 'ShopVoice01', text: 'This is my voice.' },
		]);
		expect(items[0].json).toMatchObject({
			status: 'succeeded',
			voiceId: 'ShopVoice01',
			audioUrl: expect.stringContaining('/sound.mp3?'),
			file: { mimeType: 'audio/mpeg' },
		});
	});

	test('that stand in line come with their ID too, though it is asked about like any task', async () => {
		const emulator = await open({ vidu: { queuesSpeech: true }, taskSeconds: 0.3 });
		const { items, error } = await run(emulator, sample);
		expect(error).toBeUndefined();
		expect(emulator.journal.requests.filter(({ kind }) => kind === 'ask')).not.toEqual([]);
		expect(items[0].json).toMatchObject({
			...{ status: 'succeeded', voiceId: 'ShopVoice01' },
			audioUrl: expect.stringContaining('/sound.mp3?'),
		});
	});

	test('are told by their ID where their sample does not arrive, for they are paid', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'replaceBody', contentType: 'audio/mpeg', times: 'always' });
		const parameters = { ...QUICK, ...sample };
		const { failed } = await runNode(emulator, { parameters, onError: 'continueErrorOutput' });
		expect(failed[0].json).toMatchObject({
			error: expect.stringMatching(/^The sound of task \d+ did not arrive whole/),
			details: { voiceId: 'ShopVoice01', audioUrl: expect.any(String), taskId: expect.any(String) },
		});
	});

	test('come with their ID on a second try too, though only the answer to the order told it', async () => {
		const emulator = await open({ vidu: { queuesSpeech: true }, taskSeconds: 0.3 });
		emulator.control.fault({ do: 'failTask', code: 'internal', contains: 'ShopVoice02' });
		const parameters = { ...QUICK, ...sample, voiceId: '={{ $json.voice }}' };
		const items = [{ json: { voice: 'ShopVoice01' } }, { json: { voice: 'ShopVoice02' } }];
		const { items: out, error, calls } = await runNode(emulator, { parameters, items, maxTries: 3 });
		expect([error, calls, emulator.journal.counts().created]).toEqual([undefined, 2, 3]);
		expect(out.map(({ json }) => json.voiceId)).toEqual(['ShopVoice01', 'ShopVoice02']);
	});

	test('cost 300 credits and their sample', async () => {
		const { items } = await run(await open(), { ...sample, dryRun: true });
		expect(items[0].json).toMatchObject({ credits: 310 });
	});

	test.each(['short', '1Voice001', 'My_Voice_'])('with the name %s are not ordered', async (voiceId) => {
		const emulator = await open();
		const { error } = await run(emulator, { ...sample, voiceId });
		expect(error?.message).toContain('Voice ID');
		expect(bodiesOf(emulator)).toEqual([]);
	});
});

describe('what goes with a cloned voice', () => {
	test.each([
		[{ promptAudioUrl: 'https://files.example/prompt.mp3' }, 'Prompt Text is missing'],
		[{ promptText: 'Good morning.' }, 'Prompt Audio URL is missing'],
	])('%j alone is not ordered', async (options, message) => {
		const emulator = await open();
		const { error } = await run(emulator, {
			...{ resource: 'audio', operation: 'cloneVoice', voiceId: 'ShopVoice01', text: 'This is my voice.' },
			audioFile: url('https://files.example/voice.mp3'),
			options,
		});
		expect(error?.message).toContain(message);
		expect(bodiesOf(emulator)).toEqual([]);
	});
});

describe('prompts', () => {
	const sample: INodeParameters = {
		resource: 'prompt',
		operation: 'recommend',
		image: url(ONE),
		types: ['img2video', 'template'],
		count: 2,
	};

	test('the sample of the page comes back as a list, in one item', async () => {
		const emulator = await open();
		const { items, error } = await run(emulator, sample);
		expect(error).toBeUndefined();
		expect(bodiesOf(emulator)).toEqual([{ images: [ONE], type: ['img2video', 'template'], count: 2 }]);
		expect(items[0].json).toMatchObject({
			status: 'succeeded',
			operation: 'recommend',
			prompts: [
				{ type: 'img2video', content: expect.any(String) },
				{ type: 'img2video', content: expect.any(String) },
				{ type: 'template', content: expect.any(String), template: 'kissing', resolution: '360p' },
				{ type: 'template', content: expect.any(String), template: 'kissing', resolution: '360p' },
			],
		});
		expect(items[0].binary).toBeUndefined();
	});

	test.each([
		[['img2video'], 5, 10],
		[['img2video'], 10, 20],
		[['img2video', 'template'], 3, 20],
	])('%j of %i each cost %i credits', async (types, count, credits) => {
		const { items } = await run(await open(), { ...sample, types, count, dryRun: true });
		expect(items[0].json).toMatchObject({ credits });
	});

	const size = { options: { resolution: '720p' } };

	test('of templates alone have a resolution: beside other types n8n leaves it out', async () => {
		const emulator = await open();
		const plain = await run(emulator, { ...sample, ...size, types: ['img2video'] });
		expect(plain.error).toBeUndefined();
		const { error } = await run(emulator, { ...sample, ...size });
		expect(error).toBeUndefined();
		expect(bodiesOf(emulator)).toEqual([
			{ images: [ONE], type: ['img2video'], count: 2 },
			{ images: [ONE], type: ['img2video', 'template'], count: 2, resolution: '720p' },
		]);
	});

	test.each([
		['={{ ["img2video", "e_commerce"] }}', 0],
		['={{ "img2video, template" }}', 1],
		['={{ "img2video template" }}', 1],
		['={{ ["img2video; template"] }}', 1],
	])('of the types %s, which the panel cannot know, are ordered with a resolution %i times', async (types, times) => {
		const emulator = await open();
		const { error } = await run(emulator, { ...sample, ...size, types });
		expect(bodiesOf(emulator)).toHaveLength(times);
		expect(error?.message).toEqual(
			times === 1
				? undefined
				: expect.stringContaining('Resolution does not fit: a recommended template alone has a resolution'),
		);
	});

	test('are not asked for without a type', async () => {
		const emulator = await open();
		const { error } = await run(emulator, { ...sample, types: '={{ [] }}' });
		expect(error?.message).toContain('Types');
		expect(bodiesOf(emulator)).toEqual([]);
	});
});

describe('subjects', () => {
	const create: INodeParameters = {
		resource: 'subject',
		operation: 'create',
		name: 'hero',
		images: images('https://files.example/hero.png'),
	};

	test('are made of an image or a video', async () => {
		const emulator = await open();
		const { images: _images, ...bare } = create;
		const { error } = await run(emulator, { ...bare, images: {} });
		expect(error?.message).toContain('Images or Videos is missing');
		expect(bodiesOf(emulator)).toEqual([]);
		const ofVideo = await run(emulator, { ...bare, options: { videos: 'https://files.example/hero.mp4' } });
		expect(ofVideo.error).toBeUndefined();
		expect(bodiesOf(emulator)).toEqual([{ name: 'hero', videos: ['https://files.example/hero.mp4'] }]);
	});

	test('are kept, listed, changed, and go into a video by their ID', async () => {
		const emulator = await open();
		const created = await run(emulator, create);
		expect(created.error).toBeUndefined();
		expect(bodiesOf(emulator)).toEqual([{ name: 'hero', images: ['https://files.example/hero.png'] }]);
		const id = String(created.items[0].json.id);
		expect(created.items[0].json).toMatchObject({ status: 'succeeded', operation: 'create', name: 'hero', credits: 5 });
		expect(created.items[0].json).not.toHaveProperty('taskId');

		const listed = await run(emulator, { resource: 'subject', operation: 'getMany' });
		expect(listed.items.map(({ json }) => json)).toEqual([
			expect.objectContaining({ id, name: 'hero', images: ['https://files.example/hero.png'] }),
		]);

		const changed = await run(emulator, {
			...{ resource: 'subject', operation: 'update', id, name: 'heroine' },
			options: { description: 'A woman in red' },
		});
		expect(changed.error).toBeUndefined();
		expect(changed.items[0].json).toMatchObject({ id, name: 'heroine', description: 'A woman in red' });

		const video = await run(emulator, {
			operation: 'referenceToVideo',
			referenceType: 'subjects',
			prompt: '@hero runs',
			subjects: { subject: [{ name: 'hero', serverId: id }] },
			downloadVideo: false,
		});
		expect(video.error).toBeUndefined();
		expect(bodiesOf(emulator).at(-1)).toMatchObject({ subjects: [{ name: 'hero', server_id: id }] });
	});

	test('are not changed where nothing is to be changed', async () => {
		const emulator = await open();
		const { error } = await run(emulator, { resource: 'subject', operation: 'update', id: '901200000000000001' });
		expect(`${error?.message}: ${error?.description}`).toContain(
			'Name, Images, Style, Description, Videos or Voice ID is missing [item 0]: This row has none of them',
		);
		expect(bodiesOf(emulator)).toEqual([]);
	});

	test.each([{ voice_id: 'ShopVoice01' }, { style: 'red' }])('are changed by Extra Fields %j alone', async (extra) => {
		const emulator = await open({ keptSubjects: ['901200000000000001'] });
		const parameters = { resource: 'subject', operation: 'update', id: '901200000000000001' };
		const { error } = await run(emulator, { ...parameters, options: { extraFields: JSON.stringify(extra) } });
		expect(error).toBeUndefined();
		expect(bodiesOf(emulator)).toEqual([{ id: '901200000000000001', ...extra }]);
	});

	test('that are kept are not kept again by a retry', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'status', kind: 'submit', status: 400, contains: 'second', times: 'always' });
		const { calls } = await runNode(emulator, {
			parameters: { ...create, name: '={{ $json.name }}' },
			items: [{ json: { name: 'first' } }, { json: { name: 'second' } }],
			maxTries: 3,
		});
		expect(calls).toBe(3);
		expect(bodiesOf(emulator).filter(({ name }) => name === 'first')).toHaveLength(1);
	});
});

describe('films', () => {
	const film = (operation: string, more: INodeParameters): INodeParameters => ({
		...{ resource: 'film', operation, images: images(ONE, TWO) },
		...more,
	});

	test('of a product, in its shape, length and language', async () => {
		const emulator = await open();
		const parameters = film('product', { prompt: 'Light shoe', duration: 28, aspectRatio: '9:16', language: 'en' });
		expect((await run(emulator, { ...parameters, dryRun: true })).items[0].json).toMatchObject({ credits: 1120 });
		const { items, error } = await run(emulator, parameters);
		expect(error).toBeUndefined();
		expect(bodiesOf(emulator)).toEqual([
			{ images: [ONE, TWO], prompt: 'Light shoe', duration: 28, aspect_ratio: '9:16', language: 'en' },
		]);
		expect(items[0].json).toMatchObject({
			...{ status: 'succeeded', operation: 'product', credits: 1120 },
			videoUrl: expect.stringContaining('/video.mp4?'),
			file: { mimeType: 'video/mp4' },
		});
	});

	test('of a product are spoken in English unless told otherwise, though the service starts with Chinese', async () => {
		const emulator = await open();
		await run(emulator, film('product', { downloadVideo: false }));
		expect(bodiesOf(emulator)).toEqual([expect.objectContaining({ language: 'en' })]);
	});

	test('like another', async () => {
		const emulator = await open();
		const video = url('https://files.example/trend.mp4?seconds=20');
		const { items } = await run(emulator, film('replicate', { video, removeAudio: true, resolution: '720p' }));
		expect(bodiesOf(emulator)).toEqual([
			{
				...{ video_url: 'https://files.example/trend.mp4?seconds=20', images: [ONE, TWO] },
				...{ aspect_ratio: '16:9', resolution: '720p', remove_audio: true },
			},
		]);
		expect(items[0].json).toMatchObject({ status: 'succeeded', credits: 320 });
	});

	test('of a story', async () => {
		const emulator = await open();
		const { items } = await run(emulator, film('story', { story: 'one_shot' }));
		expect(bodiesOf(emulator)).toEqual([{ story: 'one_shot', images: [ONE, TWO] }]);
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation: 'story' });
	});

	test.each([
		['music', '/ent/v2/one-click/mv', { audioFile: url('https://files.example/song.mp3') }],
		['general', '/ent/v2/one-click/general_one_click', { duration: 30 }],
	])('%s films are asked about at a path of their own', async (operation, path, more) => {
		const emulator = await open();
		const { items, error } = await run(emulator, film(operation, more));
		expect(error).toBeUndefined();
		const taskId = String(items[0].json.taskId);
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation, videoUrl: expect.any(String) });
		const asked = emulator.journal.requests.filter(({ kind }) => kind === 'ask').map((request) => request.path);
		expect(new Set(asked)).toEqual(new Set([`${path}/${taskId}`]));
	});

	test('music films are waited for again by a retry, at their own path, and not ordered again', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'second', times: 'always' });
		const { calls } = await runNode(emulator, {
			parameters: {
				...QUICK,
				...film('music', { prompt: '={{ $json.name }}', audioFile: url('https://files.example/song.mp3') }),
			},
			items: [{ json: { name: 'first' } }, { json: { name: 'second' } }],
			maxTries: 3,
		});
		expect(calls).toBe(3);
		expect(bodiesOf(emulator)).toHaveLength(2);
	});

	test.each([
		['music', { audioFile: url('https://files.example/song.mp3') }],
		['general', { duration: 30 }],
	])('%s films are told to be none that can be cancelled, not to be unknown', async (operation, more) => {
		const emulator = await open({ taskSeconds: 600 });
		const ordered = await run(emulator, film(operation, { ...more, waitForCompletion: false }));
		const taskId = String(ordered.items[0].json.taskId);
		const { error } = await run(emulator, { resource: 'task', operation: 'cancel', taskId });
		expect(error?.message).toContain(`Task ${taskId} is of a kind that cannot be cancelled`);
		expect(error?.description).toContain('Vidu has no way to cancel it, and it goes on.');
	});

	test('that have ended are not said to go on where they are cancelled', async () => {
		const emulator = await open();
		const audioFile = url('https://files.example/song.mp3');
		const { items } = await run(emulator, film('music', { audioFile, downloadVideo: false }));
		const { error } = await run(emulator, {
			resource: 'task',
			operation: 'cancel',
			taskId: String(items[0].json.taskId),
		});
		expect(error?.message).toContain('can no longer be cancelled');
	});

	test.each([404, 503])('are found where the path of other films answers a page with %i', async (status) => {
		const emulator = await open();
		const ordered = await run(emulator, film('general', { duration: 10, downloadVideo: false }));
		const taskId = String(ordered.items[0].json.taskId);
		const proxy = await startProxy(emulator.urls.vidu, async ({ path }, forward) =>
			path.includes('/one-click/mv/')
				? { status, body: '<html><body>Nothing here</body></html>', type: 'text/html' }
				: await forward(),
		);
		try {
			const { items, error } = await runNode(emulator, {
				credentials: viduAt(proxy.url, emulator.keys.vidu),
				parameters: { resource: 'task', operation: 'get', taskId, downloadVideo: false },
			});
			expect(error).toBeUndefined();
			expect(items[0].json).toMatchObject({ taskId, status: 'succeeded' });
		} finally {
			await proxy.stop();
		}
	});

	test('with lips but no face are not ordered', async () => {
		const emulator = await open();
		const audioFile = url('https://files.example/song.mp3');
		const { error } = await run(emulator, film('music', { audioFile, lipSync: true }));
		expect(error?.message).toContain('Lip Reference URL is missing');
		expect(bodiesOf(emulator)).toEqual([]);
	});

	test('with lips at 540p are not ordered', async () => {
		const emulator = await open();
		const audioFile = url('https://files.example/song.mp3');
		const { error } = await run(emulator, film('music', { audioFile, lipSync: true, resolution: '={{ "540p" }}' }));
		expect(error?.message).toContain('Lip Sync');
		expect(bodiesOf(emulator)).toEqual([]);
	});
});

test('Task → Wait for Completion finds a film that is asked about at a path of its own', async () => {
	const emulator = await open();
	const ordered = await run(emulator, {
		...{ resource: 'film', operation: 'music', images: images(ONE), waitForCompletion: false },
		audioFile: url('https://files.example/song.mp3'),
	});
	const taskIds = String(ordered.items[0].json.taskId);
	expect(ordered.items[0].json).toMatchObject({ status: 'queued' });
	const { items, error } = await run(emulator, { resource: 'task', operation: 'wait', taskId: taskIds });
	expect(error).toBeUndefined();
	expect(items[0].json).toMatchObject({ taskId: taskIds, status: 'succeeded', videoUrl: expect.any(String) });
});

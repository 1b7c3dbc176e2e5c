import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Operation } from '../../lib/catalogue/operations';
import type { Emulator } from '../emulator';
import { runNode, useEmulators, type RunOptions } from './harness';

/** Vidu's further operations on videos, through n8n's engine: what travels, what is refused before it costs anything. */

const open = useEmulators();

const A = 'https://shop.example/a.png';
const B = 'https://shop.example/b.png';
const C = 'https://shop.example/c.png';
const CLIP = 'https://shop.example/clip.mp4';
const QUICK = { limits: { pollIntervalSeconds: 0.1 }, files: { allowPrivateUrls: true } };
const at = (value: string, mode = 'url') => ({ __rl: true, mode, value });
const order = (operation: Operation, more: INodeParameters): INodeParameters => ({
	operation,
	downloadVideo: false,
	...QUICK,
	...more,
});
const bodiesOf = ({ journal }: Emulator, path: string): IDataObject[] =>
	journal.requests
		.filter(({ kind, path: sent }) => kind === 'submit' && sent.endsWith(`/${path}`))
		.map(({ body }) => body as IDataObject);
const submitted = ({ journal }: Emulator): number => journal.requests.filter(({ kind }) => kind === 'submit').length;

const frame = (image: string, more: INodeParameters = {}): INodeParameters => ({ image: at(image), ...more });
const frames = (...rows: INodeParameters[]): INodeParameters => ({ frame: rows });

/** The requests of the pages' samples and tables, and the parameters that make them. */
const SENT: Array<[what: string, path: string, parameters: INodeParameters, body: IDataObject, credits: number]> = [
	[
		'multi-frame, the sample',
		'multiframe',
		order('multiFrameToVideo', {
			startImage: at(A),
			frames: frames(frame(B, { prompt: 'It turns', duration: 5 }), frame(C, { duration: 5 })),
			resolution: '1080p',
		}),
		{
			model: 'viduq2-turbo',
			start_image: A,
			image_settings: [
				{ key_image: B, prompt: 'It turns', duration: 5 },
				{ key_image: C, duration: 5 },
			],
			resolution: '1080p',
		},
		160,
	],
	[
		'multi-frame with all that China has',
		'multiframe',
		order('multiFrameToVideo', {
			model: 'viduq2-pro',
			startImage: at(A),
			frames: frames(frame(B, { duration: 3 }), frame(C, { duration: 5 }), frame(A, { duration: 7 })),
			resolution: '720p',
			options: { watermark: true, wmPosition: 'top_left', wmUrl: A, metaData: '{"Label":"1"}' },
			files: { allowPrivateUrls: true, payload: 'sku 7' },
		}),
		{
			model: 'viduq2-pro',
			start_image: A,
			image_settings: [
				{ key_image: B, duration: 3 },
				{ key_image: C, duration: 5 },
				{ key_image: A, duration: 7 },
			],
			resolution: '720p',
			watermark: true,
			wm_position: 'top_left',
			wm_url: A,
			meta_data: '{"Label":"1"}',
			payload: 'sku 7',
		},
		210,
	],
	[
		'extend, an address',
		'extend',
		order('extend', { video: at(CLIP), prompt: 'It goes on', duration: 7, endImage: at(A) }),
		{ model: 'viduq2-turbo', video_url: CLIP, prompt: 'It goes on', duration: 7, resolution: '720p', images: [A] },
		45,
	],
	[
		'template, the sample',
		'template',
		order('templateToVideo', {
			template: at('hugging', 'name'),
			images: { image: [{ image: at(A) }] },
			prompt: 'Two people hug each other',
			options: { seed: 0 },
		}),
		{ template: 'hugging', images: [A], prompt: 'Two people hug each other', seed: 0 },
		40,
	],
	[
		'template with its own field, written by hand, and a number for the corner',
		'template',
		order('templateToVideo', {
			template: 'exotic_princess',
			images: { image: [{ image: at(A) }] },
			aspectRatio: '9:16',
			options: { area: 'japan', bgm: true, wmPosition: 1 },
		}),
		{ template: 'exotic_princess', images: [A], aspect_ratio: '9:16', area: 'japan', bgm: true, wm_position: 1 },
		40,
	],
	[
		'lip sync, a text in a voice',
		'lip-sync',
		order('lipSync', {
			video: at(CLIP),
			voiceFrom: 'text',
			text: 'Hello<#1#>world',
			voiceId: 'English_Trustworthy_Man',
			options: { speed: 1.5, volume: 5, refPhotoUrl: A },
		}),
		{
			video_url: CLIP,
			text: 'Hello<#1#>world',
			voice_id: 'English_Trustworthy_Man',
			speed: 1.5,
			volume: 5,
			ref_photo_url: A,
		},
		20,
	],
	[
		'lip sync, a sound of 12 s',
		'lip-sync',
		order('lipSync', {
			video: at(CLIP),
			voiceFrom: 'audio',
			audioFile: at('https://shop.example/v.mp3?seconds=12'),
			// left in the node from when it was a text: n8n drops what does not show
			...{ text: 'Hello', voiceId: 'male-1', options: { speed: 2 } },
		}),
		{ video_url: CLIP, audio_url: 'https://shop.example/v.mp3?seconds=12' },
		60,
	],
	[
		'digital human, a sound of 10 s',
		'digital-human',
		order('digitalHuman', {
			image: at(A),
			voiceFrom: 'audio',
			audioFile: at('https://shop.example/v.mp3?seconds=10'),
			prompt: 'She smiles',
		}),
		{
			model: 'viduq2-turbo',
			image: A,
			audio_url: 'https://shop.example/v.mp3?seconds=10',
			prompt: 'She smiles',
			resolution: '720p',
		},
		160,
	],
	[
		'digital human, 600 characters in 20 s',
		'digital-human',
		order('digitalHuman', { model: 'viduq2-pro', image: at(A), text: 'x'.repeat(600), resolution: '1080p' }),
		{ model: 'viduq2-pro', image: A, text: 'x'.repeat(600), resolution: '1080p' },
		300,
	],
	[
		'motion sync',
		'image2dance',
		order('motionSync', { image: at(A), video: at(`${CLIP}?seconds=8`) }),
		{ image_url: A, video_url: `${CLIP}?seconds=8` },
		80,
	],
];

test.each(SENT)('%s', async (_what, path, parameters, body, credits) => {
	const emulator = await open();
	const dry = await runNode(emulator, { parameters: { ...parameters, dryRun: true } });
	expect(dry.error).toBeUndefined();
	expect(submitted(emulator)).toBe(0);
	const { items, error } = await runNode(emulator, { parameters });
	expect(error).toBeUndefined();
	expect(bodiesOf(emulator, path)).toEqual([body]);
	expect(dry.items[0].json).toMatchObject({ status: 'planned', request: body });
	expect(items[0].json).toMatchObject({
		status: 'succeeded',
		operation: parameters.operation,
		taskId: expect.stringMatching(/^\d{18,19}$/),
		creationId: expect.stringMatching(/^\d{18,19}$/),
		videoUrl: expect.stringContaining('.mp4?'),
		credits,
	});
	expect('model' in items[0].json).toBe('model' in body);
});

/** A finished video of this account, of four seconds. */
async function withVideo(emulator: Emulator): Promise<{ taskId: string; creationId: string; videoUrl: string }> {
	const { items } = await runNode(emulator, { parameters: order('textToVideo', { prompt: 'It turns', duration: 4 }) });
	return items[0].json as { taskId: string; creationId: string; videoUrl: string };
}

describe('a video of this account goes on', () => {
	test.each(['creationId', 'taskId'] as const)('by its %s', async (mode) => {
		const emulator = await open();
		const made = await withVideo(emulator);
		const { items, error } = await runNode(emulator, { parameters: order('extend', { video: at(made[mode], mode) }) });
		expect(error).toBeUndefined();
		expect(bodiesOf(emulator, 'extend')).toEqual([
			{ model: 'viduq2-turbo', video_creation_id: made.creationId, duration: 5, resolution: '720p' },
		]);
		expect(items[0].json).toMatchObject({ status: 'succeeded', credits: 35 });
	});
});

describe('a service that takes addresses alone gets the link of a video of this account', () => {
	test.each(['creationId', 'taskId'] as const)('by its %s', async (mode) => {
		const emulator = await open();
		const made = await withVideo(emulator);
		const { items, error } = await runNode(emulator, {
			parameters: order('motionSync', { image: at(A), video: at(made[mode], mode) }),
			items: [{}, {}],
		});
		expect(error).toBeUndefined();
		expect(bodiesOf(emulator, 'image2dance')).toEqual(
			Array(2).fill({ image_url: A, video_url: expect.stringContaining(`/${made.taskId}/video.mp4?`) }),
		);
		// four seconds
		expect(items.map(({ json }) => json)).toMatchObject(Array(2).fill({ status: 'succeeded', credits: 40 }));
	});

	test('a retry knows the wish again, though each asking signs another link', async () => {
		const emulator = await open();
		const made = await withVideo(emulator);
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'b.png', times: 'always' });
		const { calls } = await runNode(emulator, {
			parameters: order('motionSync', { image: at('={{ $json.image }}'), video: at(made.taskId, 'taskId') }),
			items: [{ json: { image: A } }, { json: { image: B } }],
			maxTries: 3,
		});
		expect(calls).toBe(3);
		expect(bodiesOf(emulator, 'image2dance')).toHaveLength(2);
	});

	test('a creation that no task of the list made is told, and nothing is ordered', async () => {
		const emulator = await open();
		await withVideo(emulator);
		const before = submitted(emulator);
		const { error } = await runNode(emulator, {
			parameters: order('motionSync', { image: at(A), video: at('876543210123456789', 'creationId') }),
		});
		expect(`${error?.message}: ${error?.description}`).toContain(
			'Video: no task was found that made 876543210123456789 [item 0]: Motion Sync takes an address. Give the taskId',
		);
		expect(submitted(emulator)).toBe(before);
	});

	test('a creation behind many others is found, each page being read once', async () => {
		const emulator = await open({ taskSeconds: 0.01 });
		const made = await withVideo(emulator);
		await runNode(emulator, {
			parameters: order('textToVideo', { prompt: 'It turns', waitForCompletion: false }),
			items: Array(30).fill({}),
		});
		const before = emulator.journal.requests.length;
		const { error } = await runNode(emulator, {
			parameters: order('motionSync', {
				image: at(A),
				video: at(made.creationId, 'creationId'),
				waitForCompletion: false,
			}),
			items: [{}, {}, {}],
		});
		expect(error).toBeUndefined();
		const asked = emulator.journal.requests.slice(before).map(({ kind }) => kind);
		expect(asked.filter((kind) => kind === 'list')).toHaveLength(2);
		expect(asked.filter((kind) => kind === 'ask')).toHaveLength(1);
	});
});

test('the price of several frames is told before it is spent', async () => {
	const emulator = await open();
	const { items } = await runNode(emulator, {
		parameters: order('multiFrameToVideo', {
			startImage: at(A),
			frames: frames(frame(B, { duration: 2 }), frame(C, { duration: 7 })),
			dryRun: true,
		}),
	});
	expect(items[0].json).toMatchObject({ status: 'planned', credits: 20 + 45, expectedSeconds: 180 });
});

test('a cap counts each frame', async () => {
	const emulator = await open();
	const { items } = await runNode(emulator, {
		parameters: order('multiFrameToVideo', {
			startImage: at(A),
			frames: frames(frame(B), frame(C)),
			limits: { pollIntervalSeconds: 0.1, maxCredits: 139 },
		}),
		items: [{}, {}],
	});
	expect(items).toHaveLength(1);
	expect(submitted(emulator)).toBe(1);
});

describe('is refused before anything is ordered', () => {
	const refused = async (parameters: INodeParameters, items?: RunOptions['items']): Promise<string> => {
		const emulator = await open();
		const { error } = await runNode(emulator, { parameters, ...(items ? { items } : {}) });
		expect(submitted(emulator)).toBe(0);
		return `${error?.message}: ${error?.description}`;
	};
	const multi = (rows: unknown, more: INodeParameters = {}): INodeParameters =>
		order('multiFrameToVideo', { startImage: at(A), frames: rows as INodeParameters, ...more });

	test.each([
		['no frame', multi({ frame: [] }), 'Frames are missing [item 0]: viduq2-turbo takes 2 to 9'],
		['one frame', multi(frames(frame(B))), 'Frames holds 1 frame [item 0]: viduq2-turbo takes 2 to 9'],
		['ten frames', multi(frames(...Array.from({ length: 10 }, () => frame(B)))), 'Frames holds 10 frames'],
		[
			'a frame that an expression left without an image',
			multi(frames(frame(B), frame('={{ $json.none }}'), frame(C))),
			'Frame 2 has no image',
		],
		['frames by an expression, which n8n does not read', multi('={{ $json.list }}'), 'Frames are missing'],
		[
			'a list of one in a single frame',
			multi(frames(frame('={{ ["https://shop.example/a.png"] }}'))),
			'Frames holds 1 frame',
		],
		[
			'a list of ten',
			multi(frames(frame('={{ Array(10).fill("https://shop.example/a.png") }}'))),
			'Frames holds 10 frames',
		],
		[
			'a length that is none',
			multi(frames(frame(B), frame(C, { duration: '={{ Number("x") }}' }))),
			'Frame 2: Duration "NaN" is not offered by viduq2-turbo [item 0]: Choose 2 to 7',
		],
		['a length of 8 s', multi(frames(frame(B, { duration: 8 }), frame(C))), 'Frame 1: Duration "8" is not offered'],
		['a length of 2.5 s', multi(frames(frame(B, { duration: 2.5 }), frame(C))), 'Frame 1: Duration "2.5"'],
		[
			'a prompt that an expression found nothing for',
			multi(frames(frame(B, { prompt: '={{ "" + undefined }}' }), frame(C))),
			'Frame 1: Prompt "undefined" is not a text',
		],
		['no start image', multi(frames(frame(B), frame(C)), { startImage: at('={{ "" }}') }), 'Start Image is empty'],
		[
			'an area of another template',
			order('templateToVideo', {
				template: at('={{ "hugging" }}', 'name'),
				images: { image: [{ image: at(A) }] },
				options: { area: 'japan' },
			}),
			'Area does not fit: exotic_princess alone has an area [item 0]',
		],
		[
			'no template',
			order('templateToVideo', { template: at('={{ "" }}', 'name'), images: { image: [{ image: at(A) }] } }),
			'Template is missing [item 0]: Pick one, or type its name',
		],
		[
			'a template without an image',
			order('templateToVideo', { template: at('hugging', 'name'), images: { image: [{ image: at('={{ "" }}') }] } }),
			'Images holds 0 images [item 0]: Template to Video takes 1 to 3',
		],
		[
			'a text of three characters',
			order('digitalHuman', { image: at(A), text: 'two' }),
			'Text is too short for viduq2-turbo [item 0]: Use 4 to 2000 characters, 2 to 1000 where they are Chinese',
		],
		[
			'nothing to say',
			order('lipSync', { video: at(CLIP), text: '={{ "" }}' }),
			'Text is empty [item 0]: This row has nothing to say',
		],
		[
			'a voice from nowhere',
			order('lipSync', { video: at(CLIP), voiceFrom: 'song', text: 'Hello' }),
			'Voice From "song" is not offered [item 0]: Choose Text or Audio',
		],
		['eight seconds more', order('extend', { video: at(CLIP), duration: 8 }), 'Duration 8 Seconds is not offered'],
		['no video', order('extend', { video: at('={{ "" }}') }), 'Video is empty'],
		['two end images', order('extend', { video: at(CLIP), endImage: at(`${A},${B}`) }), 'End Image holds 2 images'],
	])('%s', async (_what, parameters, words) => {
		expect(await refused(parameters)).toContain(words);
	});

	test('a request of more than 10 MB, though others may have 20', async () => {
		const bytes = Buffer.concat([Buffer.from(PIXEL, 'base64'), Buffer.alloc(8_000_000)]);
		const items = [{ files: { big: { bytes, mimeType: 'image/png' } } }];
		const parameters = multi(frames(frame(B), frame(C)), { startImage: at('big', 'binary') });
		expect(await refused(parameters, items)).toMatch(
			/^The request is 10\.7 MB.* \[item 0\]: Vidu takes requests up to 10 MB/,
		);
	});
});

/** A PNG of one pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('a list makes a frame of each of its images, with the same prompt and length', async () => {
	const emulator = await open();
	const { error } = await runNode(emulator, {
		parameters: order('multiFrameToVideo', {
			startImage: at('={{ $json.images[0] }}'),
			frames: frames(frame('={{ $json.images.slice(1) }}', { duration: 3, prompt: 'It turns' })),
		}),
		items: [{ json: { images: [{ src: A }, { src: B }, { src: C }] } }],
	});
	expect(error).toBeUndefined();
	const [body] = bodiesOf(emulator, 'multiframe');
	expect(body).toMatchObject({
		start_image: A,
		image_settings: [B, C].map((image) => ({ key_image: image, prompt: 'It turns', duration: 3 })),
	});
});

describe('a sound of the item', () => {
	const speak = (more: INodeParameters = {}): INodeParameters =>
		order('lipSync', { video: at(CLIP), voiceFrom: 'audio', audioFile: at('voice', 'binary'), ...more });
	const itemWith = (mimeType: string) => [{ files: { voice: { bytes: Buffer.from('a sound'), mimeType } } }];

	test('goes in at a signed address of this n8n', async () => {
		const emulator = await open();
		const { error } = await runNode(emulator, { parameters: speak(), items: itemWith('audio/mpeg') });
		expect(error).toBeUndefined();
		expect(bodiesOf(emulator, 'lip-sync')).toEqual([
			{ video_url: CLIP, audio_url: expect.stringMatching(/binary-data\/signed\?token=/) },
		]);
	});

	test.each([
		['a picture', speak(), 'image/png', 'the binary field holds image/png, not a sound'],
		['at an n8n without a public address', speak({ files: {} }), 'audio/mpeg', 'cannot fetch a sound from localhost'],
	])('is refused: %s', async (_what, parameters, mimeType, words) => {
		const emulator = await open();
		const { error } = await runNode(emulator, { parameters, items: itemWith(mimeType) });
		expect(`${error?.message}: ${error?.description}`).toContain(words);
		expect(submitted(emulator)).toBe(0);
	});
});

test('where the create answer is silent on the price, the price of the result is told', async () => {
	const emulator = await open({ taskSeconds: 600 });
	const { items } = await runNode(emulator, {
		parameters: order('lipSync', { video: at(CLIP), text: 'Hello', waitForCompletion: false }),
	});
	expect(items[0].json).toMatchObject({ status: 'queued', expectedSeconds: 180 });
	expect(items[0].json).not.toHaveProperty('credits');
});

test('Retry On Fail buys nothing twice', async () => {
	const emulator = await open();
	emulator.control.fault({ do: 'failTask', code: 'content', contains: 'b.mp4', times: 'always' });
	const { error, calls } = await runNode(emulator, {
		parameters: order('extend', { video: at('={{ $json.url }}') }),
		items: ['a', 'b'].map((name) => ({ json: { url: `https://shop.example/${name}.mp4` } })),
		maxTries: 3,
	});
	expect(calls).toBe(3);
	expect(error?.message).toContain('[item 1]');
	expect(submitted(emulator)).toBe(2);
});

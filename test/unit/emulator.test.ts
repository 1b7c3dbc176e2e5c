import { createHmac } from 'node:crypto';
import { deflateSync } from 'node:zlib';

import type { EmulatorOptions, Fault } from '../emulator';
import { ConnectionLost, createEmulator, readReply, signCallback, VirtualClock } from '../emulator';

/** A task id that no one made, but well formed. */
const NO_TASK = '876543210123456789';

interface Answer {
	status: number;
	headers: Record<string, string>;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- three providers' answers; the matchers say what has to be in them
	body: Record<string, any>;
}

/** The emulator on a virtual clock with short ways to talk to it. */
function setUp(options: EmulatorOptions = {}) {
	const clock = new VirtualClock();
	const emulator = createEmulator({ clock, taskSeconds: 10, ...options });
	const call = async (
		method: string,
		url: string,
		authorization: string | undefined,
		body?: unknown,
	): Promise<Answer> => {
		const reply = await emulator.send({
			method,
			target: url,
			headers: { authorization, 'Content-Type': 'application/json' },
			body: body as object | undefined,
		});
		const text = (await readReply(reply)).toString();
		return {
			status: reply.status,
			headers: reply.headers,
			body: reply.headers['content-type'] === 'application/json' ? JSON.parse(text) : { text },
		};
	};
	const { urls, keys } = emulator;
	return {
		clock,
		emulator,
		call,
		vidu: (method: string, path: string, body?: unknown) =>
			call(method, `${urls.vidu}/ent/v2/${path}`, `Token ${keys.vidu}`, body),
		zhipu: (method: string, path: string, body?: unknown) =>
			call(method, `${urls.zhipu}/${path}`, `Bearer ${keys.zhipu}`, body),
		vtrix: (method: string, path: string, body?: unknown) =>
			call(method, `${urls.vtrix}/model/v1/generation${path}`, `Bearer ${keys.vtrix}`, body),
		download: async (url: string, headers: Record<string, string> = {}) => {
			const reply = await emulator.send({ method: 'GET', target: url, headers });
			return { ...reply, bytes: await readReply(reply) };
		},
	};
}

const TEXT = { model: 'viduq3-turbo', prompt: 'a sneaker turns' };
const IMAGE = 'https://shop.example/sneaker.png';
const vtrixBody = (params: object, model = 'vidu20_img2video') => ({ model, input: [{ params }] });

describe('keys', () => {
	test('Vidu wants the word Token; Bearer, a wrong key and no key are 401', async () => {
		const { call, emulator, vidu } = setUp();
		const url = `${emulator.urls.vidu}/ent/v2/credits`;
		expect((await vidu('GET', 'credits')).status).toBe(200);
		for (const authorization of [`Bearer ${emulator.keys.vidu}`, 'Token wrong', emulator.keys.vidu, undefined]) {
			expect(await call('GET', url, authorization)).toMatchObject({
				status: 401,
				body: { code: 401, reason: 'Unauthorized', metadata: { trace_id: expect.any(String) } },
			});
		}
	});

	test('Vidu parses the id before it looks at the key', async () => {
		const { call, emulator } = setUp();
		expect((await call('GET', `${emulator.urls.vidu}/ent/v2/tasks/abc/creations`, undefined)).status).toBe(400);
		expect((await call('GET', `${emulator.urls.vidu}/ent/v2/tasks/0/creations`, undefined)).status).toBe(401);
	});

	test('Zhipu tells a missing header from a wrong key, and logs every answer', async () => {
		const { call, emulator, zhipu } = setUp();
		const url = `${emulator.urls.zhipu}/models`;
		expect((await zhipu('GET', 'models')).body.data).toHaveLength(8);
		const missing = await call('GET', url, undefined);
		expect(missing).toMatchObject({ status: 401, body: { error: { code: '1001' } } });
		expect(missing.headers['x-log-id']).toMatch(/^[0-9a-f]{32}$/);
		expect(await call('GET', url, `Bearer wrong.key`)).toMatchObject({
			status: 401,
			body: { error: { code: '1000' } },
		});
		expect(await call('GET', url, emulator.keys.zhipu)).toMatchObject({ status: 401 });
	});

	test('BigModel also takes a token that is signed with the key, Z.AI does not', async () => {
		const { call, clock, emulator } = setUp();
		const [id, secret] = emulator.keys.zhipu.split('.') as [string, string];
		const nowMs = clock.nowMs();
		const sign = (header: object, payload: object, key = secret): string => {
			const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
			return `Bearer ${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
		};
		const header = { alg: 'HS256', sign_type: 'SIGN' };
		const payload = { api_key: id, exp: nowMs + 210_000, timestamp: nowMs };
		const answer = async (authorization: string) => {
			const { status, body } = await call('POST', `${emulator.urls.zhipu}/videos/generations`, authorization, {
				model: 'cogvideox-flash',
				prompt: 'x',
			});
			return status === 200 ? 'taken' : body.error.code;
		};
		expect(await answer(sign(header, payload))).toBe('taken');
		expect(await answer(sign({ ...header, typ: 'JWT' }, payload))).toBe('taken');
		expect(await answer(sign(header, { ...payload, exp: nowMs }))).toBe('1003');
		// seconds instead of milliseconds are long ago
		expect(await answer(sign(header, { ...payload, exp: Math.floor(nowMs / 1000) + 210 }))).toBe('1003');
		expect(await answer(sign(header, payload, 'another secret'))).toBe('1000');
		expect(await answer(sign({ alg: 'HS256' }, payload))).toBe('1000');
		expect(await answer(sign(header, { ...payload, timestamp: undefined }))).toBe('1000');
		expect(await answer(sign(header, { ...payload, api_key: 'nobody' }))).toBe('1000');
		expect(emulator.journal.tasks).toHaveLength(2);
		expect(new Set(emulator.journal.tasks.map(({ key }) => key))).toEqual(new Set([emulator.keys.zhipu]));
		emulator.control.set({ zai: true });
		expect(await answer(sign(header, payload))).toBe('1000');
	});

	test('at Vtrix an unknown task is 404 with a good key and 401 with a bad one; the spec needs none', async () => {
		const { call, emulator, vtrix } = setUp();
		expect((await vtrix('GET', '/task/d000000000000000000')).status).toBe(404);
		expect((await call('GET', `${emulator.urls.vtrix}/model/v1/generation/task/d0`, 'Bearer wrong')).status).toBe(401);
		const spec = await call('GET', `${emulator.urls.vtrix}/api/v1/skill/models/vidu20_img2video/spec`, undefined);
		expect(spec.body.data.parameters.find((parameter: { name: string }) => parameter.name === 'images')).toMatchObject({
			required: true,
			constraints: { max_items: 1 },
		});
	});

	test('the model service of Vtrix writes values as strings, and lists in pages', async () => {
		const { call, emulator } = setUp();
		const ask = async (path: string) =>
			(await call('GET', `${emulator.urls.vtrix}/api/v1/skill/models${path}`, undefined)).body.data;
		const { parameters } = await ask('/vidu20_img2video/spec');
		const duration = parameters.find((parameter: { name: string }) => parameter.name === 'duration');
		expect(duration).toMatchObject({ type: 'integer', required: false, constraints: { enum: ['4', '8'] } });
		const first = await ask('?page_size=10');
		expect(first).toMatchObject({ total: 26, page: 1, page_size: 10, total_pages: 3, models: expect.any(Array) });
		expect(first.models[0]).toEqual({
			id: 'vidu20_img2video',
			name: 'vidu20_img2video',
			type: 'Video',
			description: '',
			input_modalities: ['Text', 'Image'],
			output_modalities: ['Video'],
		});
		expect((await ask('?page=3&page_size=10')).models).toHaveLength(6);
		expect((await ask('?type=image')).total).toBe(0);
		expect((await ask('?keywords=q3_pro')).models.map(({ id }: { id: string }) => id)).toEqual([
			'viduq3_pro_text2video',
			'viduq3_pro_img2video',
			'viduq3_pro_start_end2video',
		]);
	});
});

describe('Vidu is strict', () => {
	const two = [IMAGE, 'https://shop.example/end.png'];
	const subjects = [{ name: 'shoe', images: [IMAGE] }];
	test.each<[string, string, object, string | undefined]>([
		['q3 text', 'text2video', TEXT, undefined],
		['duration as text', 'text2video', { ...TEXT, duration: '5' }, 'FieldInvalid'],
		['unknown field', 'text2video', { ...TEXT, negative_prompt: 'x' }, 'FieldUnwanted'],
		['a model named like a property', 'text2video', { ...TEXT, model: 'constructor' }, 'FieldInvalid'],
		['model of another operation', 'text2video', { ...TEXT, model: 'vidu2.0' }, 'FieldInvalid'],
		['no prompt', 'text2video', { model: 'viduq2' }, 'FieldLacking'],
		['prompt of 5001', 'text2video', { ...TEXT, prompt: 'x'.repeat(5001) }, 'FieldInvalid'],
		['style on q1', 'text2video', { ...TEXT, model: 'viduq1', style: 'anime' }, undefined],
		['3:4 on q1', 'text2video', { ...TEXT, model: 'viduq1', aspect_ratio: '3:4' }, 'FieldInvalid'],
		['bgm on q2 at 8 s', 'text2video', { ...TEXT, model: 'viduq2', bgm: true, duration: 8 }, undefined],
		['off-peak q3 with its default sound', 'text2video', { ...TEXT, off_peak: true }, undefined],
		['off-peak q3 silent', 'text2video', { ...TEXT, off_peak: true, audio: false }, 'FieldInvalid'],
		['seed beyond 31 bits', 'text2video', { ...TEXT, seed: 2_147_483_648 }, 'FieldInvalid'],
		['null', 'text2video', { ...TEXT, seed: null }, 'FieldInvalid'],
		[
			'watermark fields',
			'text2video',
			{ ...TEXT, watermark: true, wm_position: 4, wm_url: IMAGE, meta_data: '{"Label":"x"}' },
			undefined,
		],
		['meta_data that is no JSON', 'text2video', { ...TEXT, meta_data: 'Label' }, 'FieldInvalid'],
		['one image too many', 'img2video', { model: 'viduq2-pro', images: two }, 'FieldItemCountOutOfRange'],
		['images as text', 'img2video', { model: 'viduq2-pro', images: IMAGE }, 'FieldInvalid'],
		[
			'aspect_ratio on img2video',
			'img2video',
			{ model: 'viduq2-pro', images: [IMAGE], aspect_ratio: '1:1' },
			'FieldUnwanted',
		],
		['vidu2.0 8 s', 'img2video', { model: 'vidu2.0', images: [IMAGE], duration: 8 }, undefined],
		[
			'vidu2.0 8 s 1080p',
			'img2video',
			{ model: 'vidu2.0', images: [IMAGE], duration: 8, resolution: '1080p' },
			'FieldInvalid',
		],
		[
			'voice with audio',
			'img2video',
			{ model: 'viduq2-pro', images: [IMAGE], voice_id: 'v', audio: true, audio_type: 'all' },
			undefined,
		],
		[
			'off-peak q2 with sound',
			'img2video',
			{ model: 'viduq2-pro', images: [IMAGE], audio: true, off_peak: true },
			'FieldInvalid',
		],
		['q4 at 4K', 'img2video', { model: 'viduq4-preview', images: [IMAGE], resolution: '4K', duration: 16 }, undefined],
		['q4 at 2 s', 'img2video', { model: 'viduq4-preview', images: [IMAGE], duration: 2 }, 'FieldInvalid'],
		['q4 off-peak', 'img2video', { model: 'viduq4-preview', images: [IMAGE], off_peak: true }, 'FieldUnwanted'],
		['two frames', 'start-end2video', { model: 'viduq2-turbo', images: two, duration: 8 }, undefined],
		['q2 frames at 9 s', 'start-end2video', { model: 'viduq2-turbo', images: two, duration: 9 }, 'FieldInvalid'],
		['one frame', 'start-end2video', { model: 'viduq3-pro', images: [IMAGE] }, 'FieldItemCountOutOfRange'],
		[
			'q2 media, odd ratio',
			'reference2video',
			{ model: 'viduq2', images: two, prompt: 'x', aspect_ratio: '21:9' },
			undefined,
		],
		['media prompt of 5000', 'reference2video', { model: 'viduq2', images: two, prompt: 'x'.repeat(5000) }, undefined],
		[
			'media prompt of 5001',
			'reference2video',
			{ model: 'viduq2', images: two, prompt: 'x'.repeat(5001) },
			'FieldInvalid',
		],
		[
			'mix at 540p',
			'reference2video',
			{ model: 'viduq3-mix', images: two, prompt: 'x', resolution: '540p' },
			'FieldInvalid',
		],
		[
			'mix at 3:4',
			'reference2video',
			{ model: 'viduq3-mix', images: two, prompt: 'x', aspect_ratio: '3:4' },
			undefined,
		],
		[
			'turbo references at 3:4',
			'reference2video',
			{ model: 'viduq3-turbo', images: two, prompt: 'x', aspect_ratio: '3:4' },
			'FieldInvalid',
		],
		[
			'drama at 720p for 2 seconds',
			'reference2video',
			{ model: 'viduq3-drama', images: two, prompt: 'x', resolution: '720p', duration: 2 },
			undefined,
		],
		[
			'drama at 540p',
			'reference2video',
			{ model: 'viduq3-drama', images: two, prompt: 'x', resolution: '540p' },
			'FieldInvalid',
		],
		[
			'drama at 16 seconds',
			'reference2video',
			{ model: 'viduq3-drama', images: two, prompt: 'x', duration: 16 },
			'FieldInvalid',
		],
		[
			'drama, all allowed',
			'reference2video',
			{ model: 'viduq3-drama', images: two, prompt: 'x', resolution: '1080p', duration: 15, aspect_ratio: '9:16' },
			undefined,
		],
		[
			'vidu2.0, four references',
			'reference2video',
			{ model: 'vidu2.0', images: [...two, ...two], prompt: 'x' },
			'FieldItemCountOutOfRange',
		],
		[
			'q4, 15 references',
			'reference2video',
			{ model: 'viduq4-preview', images: Array(15).fill(IMAGE), prompt: 'x' },
			undefined,
		],
		[
			'q4, 16 references',
			'reference2video',
			{ model: 'viduq4-preview', images: Array(16).fill(IMAGE), prompt: 'x' },
			'FieldItemCountOutOfRange',
		],
		['q4, no sounds', 'reference2video', { model: 'viduq4-preview', images: two, prompt: 'x', sounds: [] }, undefined],
		[
			'q4, three sounds',
			'reference2video',
			{ model: 'viduq4-preview', images: two, prompt: 'x', sounds: Array(3).fill('https://shop.example/voice.mp3') },
			undefined,
		],
		[
			'q4, four sounds',
			'reference2video',
			{ model: 'viduq4-preview', images: two, prompt: 'x', sounds: Array(4).fill('https://shop.example/voice.mp3') },
			'FieldItemCountOutOfRange',
		],
		[
			'q4, a sound of a silent video',
			'reference2video',
			{ model: 'viduq4-preview', images: two, prompt: 'x', audio: false, sounds: ['https://shop.example/voice.mp3'] },
			'FieldUnwanted',
		],
		[
			'q4, a sound that is no MP3',
			'reference2video',
			{ model: 'viduq4-preview', images: two, prompt: 'x', sounds: ['data:audio/wav;base64,UklGRg=='] },
			'FieldInvalid',
		],
		[
			'a sound for q3',
			'reference2video',
			{ model: 'viduq3', images: two, prompt: 'x', sounds: ['https://shop.example/voice.mp3'] },
			'FieldUnwanted',
		],
		[
			'q2-pro, five images beside a video',
			'reference2video',
			{ model: 'viduq2-pro', images: Array(5).fill(IMAGE), videos: ['https://shop.example/a.mp4'], prompt: 'x' },
			'FieldItemCountOutOfRange',
		],
		['subjects', 'reference2video', { model: 'viduq3', subjects, prompt: '@shoe turns' }, undefined],
		[
			'subjects beside images',
			'reference2video',
			{ model: 'viduq3', subjects, images: two, prompt: 'x' },
			'FieldUnwanted',
		],
		['mix with subjects', 'reference2video', { model: 'viduq3-mix', subjects, prompt: 'x' }, 'FieldInvalid'],
		[
			'subject named by id',
			'reference2video',
			{ model: 'viduq3', subjects: [{ id: 'shoe', images: [IMAGE] }], prompt: 'x' },
			'FieldUnwanted',
		],
		[
			'eight subjects',
			'reference2video',
			{
				model: 'viduq3',
				subjects: Array.from({ length: 8 }, (_, at) => ({ name: `s${at}`, images: [IMAGE] })),
				prompt: 'x',
			},
			'FieldItemCountOutOfRange',
		],
		['bgm with subjects', 'reference2video', { model: 'viduq2', subjects, prompt: 'x', bgm: true }, 'FieldUnwanted'],
		[
			'a video for a model that takes none',
			'reference2video',
			{ model: 'viduq2', images: two, videos: ['https://shop.example/a.mp4'], prompt: 'x' },
			'FieldUnwanted',
		],
	])('%s', async (_name, path, body, reason) => {
		const { vidu } = setUp();
		const answer = await vidu('POST', path, body);
		expect({ status: answer.status, reason: answer.body.reason }).toEqual({
			status: reason === undefined ? 200 : 400,
			reason,
		});
	});

	test.each<[string, string, object]>([
		['style on q2', 'text2video', { ...TEXT, model: 'viduq2', style: 'anime' }],
		['audio on q2', 'text2video', { ...TEXT, model: 'viduq2', audio: false }],
		['bgm on q3', 'text2video', { ...TEXT, bgm: false }],
		['bgm on q2 at 9 s', 'text2video', { ...TEXT, model: 'viduq2', bgm: true, duration: 9 }],
		['movement on q3', 'text2video', { ...TEXT, movement_amplitude: 'auto' }],
		['voice without audio', 'img2video', { model: 'viduq2-pro', images: [IMAGE], voice_id: 'v' }],
		['audio_type on q3', 'img2video', { model: 'viduq3-pro', images: [IMAGE], audio_type: 'all' }],
		['sound on q2 frames', 'start-end2video', { model: 'viduq2-turbo', images: two, audio: true }],
		[
			'a voice of a q3 subject',
			'reference2video',
			{ model: 'viduq3', subjects: [{ ...subjects[0], voice_id: '' }], prompt: 'x' },
		],
		[
			'a voice of a silent q2 subject',
			'reference2video',
			{ model: 'viduq2', subjects: [{ ...subjects[0], voice_id: 'v' }], prompt: 'x' },
		],
	])('%s has no effect: ignored like the service does, refused by the lint', async (_name, path, body) => {
		expect((await setUp().vidu('POST', path, body)).status).toBe(200);
		expect((await setUp({ lint: true }).vidu('POST', path, body)).body.reason).toBe('FieldUnwanted');
	});

	test('a field without effect is no cheaper or dearer, and still has to be right', async () => {
		const { vidu } = setUp();
		const frames = { model: 'viduq2-turbo', images: two };
		const price = async (body: object) => (await vidu('POST', 'start-end2video', body)).body.credits;
		expect(await price({ ...frames, audio: true })).toBe(await price(frames));
		expect(await price({ ...frames, audio: true, off_peak: true })).toBe(await price({ ...frames, off_peak: true }));
		expect((await vidu('POST', 'text2video', { ...TEXT, style: 'noir' })).body.reason).toBe('FieldInvalid');
	});

	test('what its pages send in their samples is taken', async () => {
		const { vidu } = setUp();
		const voiced = {
			model: 'viduq3-pro',
			images: [IMAGE],
			prompt: 'x',
			audio: true,
			voice_id: 'professional_host',
			duration: 5,
			seed: 0,
			resolution: '1080p',
			movement_amplitude: 'auto',
			off_peak: false,
		};
		expect((await vidu('POST', 'img2video', voiced)).status).toBe(200);
		const people = ['1', '2'].map((name) => ({ name, images: [IMAGE, IMAGE, IMAGE], voice_id: '' }));
		expect(
			(
				await vidu('POST', 'reference2video', {
					model: 'viduq3',
					subjects: people,
					prompt: '@1 meets @2',
					duration: 8,
					audio: true,
				})
			).status,
		).toBe(200);
	});
});

/** A real PNG of one colour, size as wanted. */
function png(width: number, height: number): Buffer {
	const chunk = (type: string, data: Buffer): Buffer => {
		const bytes = Buffer.alloc(12 + data.length);
		bytes.writeUInt32BE(data.length, 0);
		bytes.write(type, 4, 'latin1');
		data.copy(bytes, 8);
		return bytes;
	};
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 0, 0, 0, 0], 8);
	return Buffer.concat([
		Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height))),
		chunk('IEND', Buffer.alloc(0)),
	]);
}
const dataUri = (bytes: Buffer, type = 'image/png') => `data:${type};base64,${bytes.toString('base64')}`;

describe('images are judged by their bytes', () => {
	test.each<[string, string, string | undefined]>([
		['a png', dataUri(png(256, 256)), undefined],
		['a png that says jpeg', dataUri(png(256, 256), 'image/jpeg'), 'ImageFormatInvalid'],
		['a gif', dataUri(Buffer.from('GIF89a'), 'image/gif'), 'ImageFormatInvalid'],
		['no prefix', png(256, 256).toString('base64'), 'FieldInvalid'],
		['broken base64', 'data:image/png;base64,abc', 'FieldInvalid'],
		['5 to 1', dataUri(png(640, 128)), 'PageSizeOutOfRange'],
		['an upload handle, whose use here is unverified', 'ssupload:?id=1', 'FieldInvalid'],
	])('%s', async (_name, image, reason) => {
		const { vidu } = setUp();
		expect((await vidu('POST', 'img2video', { model: 'viduq3-pro', images: [image] })).body.reason).toBe(reason);
	});

	test('Q4 takes an image of 5 to 1, and no narrower one', async () => {
		const { vidu } = setUp();
		const reason = async (path: string, image: Buffer) =>
			(await vidu('POST', path, { model: 'viduq4-preview', images: [dataUri(image)], prompt: 'x' })).body.reason;
		for (const path of ['img2video', 'reference2video']) {
			expect(await reason(path, png(640, 128))).toBeUndefined();
			expect(await reason(path, png(128, 640))).toBeUndefined();
			expect(await reason(path, png(641, 128))).toBe('PageSizeOutOfRange');
		}
	});

	test('a gateway may answer a body above 20 MB with a page of its own', async () => {
		const { vidu, vtrix, emulator } = setUp({ tooLargeStatus: 413 });
		const image = dataUri(Buffer.concat([png(256, 256), Buffer.alloc(15_000_000)]));
		const page = {
			status: 413,
			headers: { 'content-type': 'text/html' },
			body: { text: expect.stringContaining('<title>413') },
		};
		expect(await vidu('POST', 'img2video', { model: 'viduq3-pro', images: [image] })).toMatchObject(page);
		expect(await vtrix('POST', '', vtrixBody({ images: [image] }))).toMatchObject(page);
		expect(emulator.journal.counts().created).toBe(0);
	});

	test('frames have to be close, references at least 128 pixels, a body at most 20 MB', async () => {
		const { vidu } = setUp();
		const frames = (end: Buffer) =>
			vidu('POST', 'start-end2video', { model: 'viduq3-pro', images: [dataUri(png(512, 512)), dataUri(end)] });
		expect((await frames(png(512, 512))).status).toBe(200);
		expect((await frames(png(512, 300))).body.reason).toBe('PageSizeOutOfRange');
		expect((await frames(png(256, 256))).body.reason).toBe('PageSizeOutOfRange');
		expect(
			(await vidu('POST', 'reference2video', { model: 'viduq3', images: [dataUri(png(200, 100))], prompt: 'x' })).body
				.reason,
		).toBe('ImageSizeInvalid');
		expect((await vidu('POST', 'text2video', { ...TEXT, payload: 'x'.repeat(1_048_577) })).body.reason).toBe(
			'FieldInvalid',
		);
		expect(
			(
				await vidu('POST', 'img2video', {
					model: 'viduq3-pro',
					images: [dataUri(Buffer.concat([png(256, 256), Buffer.alloc(15_000_000)]))],
				})
			).body.message,
		).toContain('20MB');
	});

	test('CogVideoX takes no webp and no more than 5 MB', async () => {
		const { zhipu } = setUp();
		const submit = (image: string) => zhipu('POST', 'videos/generations', { model: 'cogvideox-3', image_url: image });
		const webp = Buffer.alloc(30);
		webp.write('RIFF', 0);
		webp.write('WEBPVP8 ', 8);
		webp.writeUInt16LE(64, 26);
		webp.writeUInt16LE(64, 28);
		expect((await submit(dataUri(png(64, 64)))).status).toBe(200);
		expect((await submit(dataUri(webp, 'image/webp'))).body.error.code).toBe('1214');
		expect((await submit(dataUri(Buffer.concat([png(64, 64), Buffer.alloc(5_000_000)])))).body.error.code).toBe('1214');
	});
});

describe('Vidu repeats the images of an order whole', () => {
	const image = dataUri(Buffer.concat([png(256, 256), Buffer.alloc(3_000)]));

	test('in the answer to the order: of images, and of subjects, whose answer has them in images too', async () => {
		const { vidu } = setUp();
		expect((await vidu('POST', 'img2video', { model: 'viduq3-pro', images: [image] })).body).toMatchObject({
			model: 'viduq3-pro',
			images: [image],
		});
		const subjects = [
			{ name: 'shoe', images: [image, IMAGE] },
			{ name: 'mug', images: [IMAGE] },
		];
		const { body } = await vidu('POST', 'reference2video', { model: 'viduq3', subjects, prompt: '@shoe beside @mug' });
		expect(body.images).toEqual([image, IMAGE, IMAGE]);
		expect(body).not.toHaveProperty('subjects');
	});

	test('in the list too, but not in the creations, in the journal or in what a fault looks at', async () => {
		const { vidu, emulator } = setUp();
		const id = (await vidu('POST', 'img2video', { model: 'viduq3-pro', images: [image] })).body.task_id;
		expect((await vidu('GET', 'tasks')).body.tasks).toMatchObject([{ id, images: [image] }]);
		expect((await vidu('GET', `tasks/${id}/creations`)).body).not.toHaveProperty('images');
		expect(JSON.stringify(emulator.journal)).not.toContain(image);
		expect(emulator.journal.task(id)!.input.images).toEqual([expect.stringContaining('characters)')]);
	});

	test('the list shortens them when a long test asks for that', async () => {
		const { vidu, emulator } = setUp({ vidu: { echoInQueries: false } });
		const order = async () => (await vidu('POST', 'img2video', { model: 'viduq3-pro', images: [image] })).body;
		const images = async () => (await vidu('GET', 'tasks')).body.tasks[0].images;
		expect((await order()).images).toEqual([image]);
		expect(await images()).toEqual([expect.stringContaining('characters)')]);
		emulator.control.set({ vidu: { echoInQueries: true } });
		await order();
		expect(await images()).toEqual([image]);
	});

	test('up to the largest body there is', async () => {
		const { vidu } = setUp();
		const largest = dataUri(Buffer.concat([png(256, 256), Buffer.alloc(14_850_000)]));
		expect(largest.length).toBeGreaterThan(19_800_000);
		const order = await vidu('POST', 'img2video', { model: 'viduq3-pro', images: [largest] });
		expect([order.status, order.body.images?.[0] === largest]).toEqual([200, true]);
		expect((await vidu('GET', 'tasks')).body.tasks[0].images[0] === largest).toBe(true);
	});
});

describe('Zhipu is strict', () => {
	const cog = { model: 'cogvideox-3', prompt: 'x' };
	const two = [IMAGE, IMAGE];
	const page = { prompt: 'x', duration: 4, size: '720x480', movement_amplitude: 'auto' };
	test.each<[string, object, string | undefined]>([
		['the page example of vidu2-image', { model: 'vidu2-image', image_url: IMAGE, ...page }, undefined],
		['the page example of vidu2-start-end', { model: 'vidu2-start-end', image_url: two, ...page }, undefined],
		[
			'the page example of vidu2-reference',
			{ model: 'vidu2-reference', image_url: [...two, IMAGE], ...page, aspect_ratio: '16:9', with_audio: true },
			undefined,
		],
		[
			'the page example of viduq1-text',
			{
				model: 'viduq1-text',
				style: 'anime',
				prompt: 'x',
				duration: 5,
				aspect_ratio: '16:9',
				size: '1920x1080',
				movement_amplitude: 'auto',
			},
			undefined,
		],
		[
			'the page example of cogvideox-2',
			{ model: 'cogvideox-2', prompt: 'x', quality: 'quality', with_audio: true, size: '1920x1080', fps: 30 },
			undefined,
		],
		['frames of cogvideox-3 in quality', { ...cog, image_url: two, quality: 'quality' }, undefined],
		['flash alone', { ...cog, model: 'cogvideox-flash', with_audio: true }, undefined],
		['flash with quality', { ...cog, model: 'cogvideox-flash', quality: 'speed' }, '1214'],
		['flash with fps', { ...cog, model: 'cogvideox-flash', fps: 30 }, '1214'],
		['duration on cogvideox-2', { ...cog, model: 'cogvideox-2', duration: 5 }, '1214'],
		['duration as text', { ...cog, duration: '5' }, '1214'],
		['a size of another model', { ...cog, size: '720x480' }, '1214'],
		['prompt of 513', { ...cog, prompt: 'x'.repeat(513) }, '1261'],
		['neither prompt nor image', { model: 'cogvideox-3' }, '1213'],
		['image as array for vidu2-image', { model: 'vidu2-image', image_url: [IMAGE] }, '1214'],
		['one frame for start-end', { model: 'vidu2-start-end', image_url: [IMAGE] }, '1214'],
		['a model nobody has', { model: 'viduq2-image', image_url: IMAGE }, '1211'],
		['seed', { ...cog, seed: 1 }, '1210'],
		['off_peak, known to SDKs alone', { ...cog, off_peak: true }, '1210'],
		['short user_id', { ...cog, user_id: 'me' }, '1214'],
		[
			'null for all that an SDK leaves unset',
			{
				...cog,
				image_url: null,
				quality: null,
				with_audio: null,
				size: null,
				fps: null,
				duration: null,
				request_id: null,
				style: null,
				off_peak: null,
				sensitive_word_check: null,
			},
			undefined,
		],
		['null for the prompt, and no image', { model: 'cogvideox-3', prompt: null }, '1213'],
		['null for the model', { model: null, prompt: 'x' }, '1213'],
	])('%s', async (_name, body, code) => {
		const { zhipu } = setUp();
		const answer = await zhipu('POST', 'videos/generations', body);
		expect({ status: answer.status, code: answer.body.error?.code }).toEqual({
			status: code === undefined ? 200 : 400,
			code,
		});
	});

	test('Z.AI has cogvideox-3 alone, and frames in speed alone', async () => {
		const { zhipu } = setUp({ zai: true });
		const code = async (body: object) => (await zhipu('POST', 'videos/generations', body)).body.error?.code;
		expect(await code({ model: 'vidu2-image', image_url: IMAGE })).toBe('1211');
		expect(await code({ ...cog, image_url: two, quality: 'quality' })).toBe('1215');
		expect(await code({ ...cog, image_url: two, quality: 'speed' })).toBeUndefined();
	});

	test('a request_id is good once', async () => {
		const { zhipu } = setUp();
		const body = { ...cog, request_id: '0b1c2d3e-0000' };
		expect((await zhipu('POST', 'videos/generations', body)).body).toMatchObject({
			request_id: body.request_id,
			task_status: 'PROCESSING',
		});
		expect((await zhipu('POST', 'videos/generations', body)).body.error.code).toBe('1231');
	});
});

describe('Vtrix is strict', () => {
	const good = { images: [IMAGE], prompt: 'x', duration: 4, resolution: '360p' };
	test.each<[string, object, number | undefined]>([
		['wrapped', vtrixBody(good), undefined],
		['flat', { model: 'vidu20_img2video', ...good }, 8005002],
		['no image', vtrixBody({ prompt: 'x' }), 8005001],
		['two images', vtrixBody({ images: [IMAGE, IMAGE] }), 8005004],
		['6 seconds', vtrixBody({ ...good, duration: 6 }), 8005005],
		['8 s at 1080p', vtrixBody({ ...good, duration: 8, resolution: '1080p' }), 8005006],
		['off-peak', vtrixBody({ ...good, off_peak: true }), 8005002],
		['voice without audio', vtrixBody({ ...good, voice_id: 'v' }), 8005002],
		['prompt of 2001', vtrixBody({ ...good, prompt: 'x'.repeat(2001) }), 8005002],
		['aspect_ratio', vtrixBody({ ...good, aspect_ratio: '16:9' }), 8005002],
		['another id of the family', vtrixBody({ prompt: 'x' }, 'viduq3_turbo_text2video'), undefined],
		['an unknown id', vtrixBody(good, 'vidu20_start_end2video'), 8005002],
	])('%s', async (_name, body, code) => {
		const { vtrix } = setUp();
		const answer = await vtrix('POST', '', body);
		expect({ status: answer.status, code: answer.body.status?.error_code }).toEqual({
			status: code === undefined ? 200 : 400,
			code,
		});
	});
});

describe('a task lives', () => {
	test('Vidu: created, queueing, processing, success, and the credits stay charged', async () => {
		const { vidu, clock, emulator } = setUp();
		const { body } = await vidu('POST', 'text2video', TEXT);
		expect(body).toMatchObject({ state: 'created', credits: 55, model: 'viduq3-turbo', duration: 5 });
		expect(Number.isSafeInteger(Number(body.task_id))).toBe(false);
		expect(body.task_id).toMatch(/^\d{18,19}$/);
		const states: string[] = [];
		for (const ms of [0, 600, 600, 9000]) {
			await clock.advance(ms);
			states.push((await vidu('GET', `tasks/${body.task_id}/creations`)).body.state);
		}
		expect(states).toEqual(['created', 'queueing', 'processing', 'success']);
		expect(emulator.journal.counts('vidu')).toMatchObject({ created: 1, succeeded: 1, charged: 55, asks: 4 });
		expect((await vidu('GET', 'credits')).body.remains[0].credit_remain).toBe(1_000_000 - 55);
		expect((await vidu('GET', `tasks/${NO_TASK}/creations`)).body.reason).toBe('TaskNotFound');
	});

	test('Zhipu: decimal and hex ids in turns, PROCESSING, then a video and its cover', async () => {
		const { zhipu, clock } = setUp();
		const ids: string[] = [];
		for (let n = 0; n < 2; n++)
			ids.push((await zhipu('POST', 'videos/generations', { model: 'cogvideox-3', prompt: 'x' })).body.id);
		expect(ids[0]).toMatch(/^\d{21}$/);
		expect(ids[1]).toMatch(/^2026\d{10}[0-9a-f]{18}$/);
		const common = { id: ids[0], created: expect.any(Number), model: 'cogvideox-3', request_id: expect.any(String) };
		expect((await zhipu('GET', `async-result/${ids[0]}`)).body).toEqual({ ...common, task_status: 'PROCESSING' });
		await clock.advance(10_000);
		expect((await zhipu('GET', `async-result/${ids[0]}`)).body).toEqual({
			...common,
			task_status: 'SUCCESS',
			video_result: [{ url: expect.stringContaining('http'), cover_image_url: expect.any(String) }],
			usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
			content_filter: [{ role: 'assistant', level: 3 }],
		});
	});

	test('Z.AI: a result of four fields', async () => {
		const { zhipu, clock } = setUp({ zai: true });
		const { id } = (await zhipu('POST', 'videos/generations', { model: 'cogvideox-3', prompt: 'x' })).body;
		await clock.advance(10_000);
		expect(Object.keys((await zhipu('GET', `async-result/${id}`)).body).sort()).toEqual([
			'model',
			'request_id',
			'task_status',
			'video_result',
		]);
	});

	test('Vtrix: in_progress with progress, then output and usage', async () => {
		const { vtrix, clock } = setUp();
		const { body } = await vtrix('POST', '', vtrixBody({ images: [IMAGE] }));
		expect(body).toMatchObject({
			id: expect.stringMatching(/^[0-9a-v]{20}$/),
			status: 'in_progress',
			created_at: expect.any(Number),
		});
		await clock.advance(5_500);
		expect((await vtrix('GET', `/task/${body.id}`)).body.progress).toBeCloseTo(0.45, 1);
		await clock.advance(5_000);
		expect((await vtrix('GET', `/task/${body.id}`)).body).toMatchObject({
			status: 'completed',
			output: [{ content: [{ type: 'video' }] }],
			usage: { cost: '0.10', discount: 1 },
		});
	});

	test('cancel works until processing begins, and gives the credits back', async () => {
		const { vidu, clock, emulator } = setUp();
		const cancel = (id: string) => vidu('POST', `tasks/${id}/cancel`, { id });
		const early = (await vidu('POST', 'text2video', TEXT)).body.task_id;
		expect(await cancel(early)).toMatchObject({ status: 200, body: {} });
		expect((await vidu('GET', `tasks/${early}/creations`)).body).toMatchObject({
			state: 'failed',
			err_code: 'UserCancelled',
			credits: 0,
		});
		const late = (await vidu('POST', 'text2video', TEXT)).body.task_id;
		await clock.advance(1_001);
		expect((await cancel(late)).body).toMatchObject({
			code: 400,
			reason: 'BadRequest',
			message: expect.stringContaining('scheduled'),
		});
		expect((await vidu('POST', `tasks/${late}/cancel`, { id: early })).body.reason).toBe('FieldInvalid');
		expect(emulator.journal.counts('vidu')).toMatchObject({ created: 2, cancelled: 1, charged: 55 });
	});

	test('the list filters and turns pages', async () => {
		const { vidu, clock } = setUp();
		const ids: string[] = [];
		for (const model of ['viduq2', 'viduq1', 'viduq2']) {
			ids.unshift((await vidu('POST', 'text2video', { ...TEXT, model })).body.task_id);
			await clock.advance(1);
		}
		const listed = async (query: string) => (await vidu('GET', `tasks?${query}`)).body;
		const first = await listed('pager.pagesz=2');
		expect(first.tasks.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
		expect((await listed(`pager.pagesz=2&pager.page_token=${first.next_page_token}`)).tasks[0].id).toBe(ids[2]);
		expect((await listed('pager.pagesz=2&pager.page=1')).next_page_token).toBe('');
		expect((await listed('model_versions=q1')).tasks).toHaveLength(1);
		expect((await listed(`task_ids=${ids[0]},${ids[1]}`)).tasks).toHaveLength(2);
		expect((await listed(`task_ids=${ids[0]}&task_ids=${ids[1]}&states=success`)).tasks).toHaveLength(0);
		expect((await listed('pager.pagesz=101')).reason).toBe('PageSizeOutOfRange');
		expect((await listed('status=success')).reason).toBe('FieldUnwanted');
	});
});

describe('Vidu answers otherwise where sources differ', () => {
	test('a wrong key is 403 and Forbidden', async () => {
		const { call, emulator } = setUp({ vidu: { wrongKeyStatus: 403 } });
		expect(await call('GET', `${emulator.urls.vidu}/ent/v2/credits`, 'Token wrong')).toMatchObject({
			status: 403,
			body: { code: 403, reason: 'Forbidden' },
		});
	});

	test('missing credits are 402, with the code in words', async () => {
		const { vidu } = setUp({ credits: 0, vidu: { noCreditsStatus: 402 } });
		expect(await vidu('POST', 'text2video', TEXT)).toMatchObject({
			status: 402,
			body: { code: 'CreditInsufficient', reason: 'CreditInsufficient' },
		});
	});

	test('times are Unix seconds', async () => {
		const { vidu, clock } = setUp({ vidu: { createdAt: 'unixSeconds' } });
		const seconds = Math.floor(clock.nowMs() / 1000);
		expect((await vidu('POST', 'text2video', TEXT)).body.created_at).toBe(seconds);
		expect((await vidu('GET', 'tasks')).body.tasks[0].created_at).toBe(seconds);
	});

	test('a cancelled task says so, in the query, in the list and after the running emulator was told', async () => {
		const { vidu, emulator } = setUp({ vidu: { cancelledState: 'canceled' } });
		const cancelled = async () => {
			const id = (await vidu('POST', 'text2video', TEXT)).body.task_id;
			await vidu('POST', `tasks/${id}/cancel`, { id });
			return id as string;
		};
		const id = await cancelled();
		expect((await vidu('GET', `tasks/${id}/creations`)).body).toMatchObject({
			state: 'canceled',
			err_code: 'UserCancelled',
			credits: 0,
		});
		expect((await vidu('GET', 'tasks')).body.tasks).toMatchObject([{ id, state: 'canceled' }]);
		expect((await vidu('GET', 'tasks?states=failed')).body.tasks).toEqual([]);
		emulator.control.set({ vidu: { cancelledState: 'cancelled' } });
		expect((await vidu('GET', `tasks/${await cancelled()}/creations`)).body.state).toBe('cancelled');
		expect(emulator.journal.counts('vidu')).toMatchObject({ cancelled: 2, charged: 0 });
	});

	test('Vidu itself may cancel a task, and calls back with that word', async () => {
		const states: string[] = [];
		const sendCallback = (_url: string, _headers: object, text: string): Promise<number> => {
			states.push((JSON.parse(text) as { state: string }).state);
			return Promise.resolve(200);
		};
		const { vidu, emulator, clock } = setUp({ sendCallback });
		emulator.control.fault({ do: 'failTask', code: 'UserCancelled', shape: 'cancelled' });
		const id = (await vidu('POST', 'text2video', { ...TEXT, callback_url: 'https://n8n.example/hook' })).body.task_id;
		await clock.advance(11_000);
		expect((await vidu('GET', `tasks/${id}/creations`)).body).toMatchObject({
			state: 'cancelled',
			err_code: 'UserCancelled',
		});
		expect(states).toEqual(['processing', 'cancelled']);
	});
});

describe('prices follow the table', () => {
	const frames = ['https://a.example/1.png', 'https://a.example/2.png'];
	test.each<[string, object, number]>([
		['text2video', { model: 'viduq3-pro', prompt: 'x', resolution: '1080p', duration: 16 }, 24 * 16],
		['text2video', { model: 'viduq3-turbo', prompt: 'x', off_peak: true }, 6 * 5],
		['text2video', { model: 'viduq2', prompt: 'x', duration: 10 }, 15 + 45],
		['img2video', { model: 'viduq2-turbo', images: [IMAGE], duration: 1 }, 8],
		['img2video', { model: 'viduq2-turbo', images: [IMAGE], duration: 5 }, 40],
		['img2video', { model: 'viduq2-pro', images: [IMAGE], resolution: '540p', duration: 4, audio: true }, 20 + 15],
		['img2video', { model: 'viduq2-pro-fast', images: [IMAGE], is_rec: true }, 16 + 10],
		['img2video', { model: 'vidu2.0', images: [IMAGE], duration: 8, off_peak: true }, 50],
		['start-end2video', { model: 'viduq1', images: frames }, 80],
		['start-end2video', { model: 'viduq2-pro', images: frames, off_peak: true, resolution: '540p', duration: 3 }, 8],
		['reference2video', { model: 'viduq3-mix', images: frames, prompt: 'x' }, 24 * 5],
		['reference2video', { model: 'viduq3-turbo', images: frames, prompt: 'x' }, 50],
		['reference2video', { model: 'viduq2-pro', images: frames, prompt: 'x', duration: 0 }, 50],
		['reference2video', { model: 'viduq4-preview', images: frames, prompt: 'x', resolution: '4K', duration: 3 }, 234],
	])('%s %j costs %d', async (path, body, credits) => {
		const { vidu } = setUp();
		expect((await vidu('POST', path, body)).body.credits).toBe(credits);
	});
});

describe('an account has limits', () => {
	test('full accounts refuse, each provider in its way', async () => {
		const { vidu, zhipu, vtrix, clock } = setUp({ concurrency: 1, whenFull: 'refuse' });
		const submits = [
			() => vidu('POST', 'text2video', TEXT),
			() => zhipu('POST', 'videos/generations', { model: 'cogvideox-3', prompt: 'x' }),
			() => vtrix('POST', '', vtrixBody({ images: [IMAGE] })),
		];
		for (const submit of submits) expect((await submit()).status).toBe(200);
		const refusals = [];
		for (const submit of submits) refusals.push(await submit());
		expect(refusals).toMatchObject([
			{ status: 429, body: { reason: 'QuotaExceeded' } },
			{ status: 429, body: { error: { code: '1302' } } },
			{ status: 429, body: { error: expect.any(String) } },
		]);
		await clock.advance(10_000);
		for (const submit of submits) expect((await submit()).status).toBe(200);
	});

	test('a queueing account runs five at a time, in order', async () => {
		const { vidu, clock, emulator } = setUp();
		for (let n = 0; n < 12; n++) await vidu('POST', 'text2video', TEXT);
		await clock.advance(9_000);
		expect((await vidu('GET', 'credits')).body.remains[0]).toMatchObject({
			concurrency_limit: 5,
			current_concurrency: 5,
			queue_count: 7,
		});
		await clock.advance(30_000);
		const start = emulator.journal.tasks[0].createdAtMs;
		expect(emulator.journal.tasks.map(({ finishedAtMs }) => (finishedAtMs! - start) / 1000)).toEqual([
			10, 10, 10, 10, 10, 20, 20, 20, 20, 20, 30, 30,
		]);
		expect(emulator.journal.maxTasks.vidu).toBe(12);
	});

	test('an empty purse is CreditInsufficient, 1113, 403', async () => {
		const { vidu, zhipu, vtrix } = setUp({ credits: 0 });
		expect(await vidu('POST', 'text2video', TEXT)).toMatchObject({
			status: 400,
			body: { reason: 'CreditInsufficient' },
		});
		expect(await zhipu('POST', 'videos/generations', { model: 'cogvideox-3', prompt: 'x' })).toMatchObject({
			status: 429,
			body: { error: { code: '1113' } },
		});
		expect((await zhipu('POST', 'videos/generations', { model: 'cogvideox-flash', prompt: 'x' })).status).toBe(200);
		expect((await vtrix('POST', '', vtrixBody({ images: [IMAGE] }))).status).toBe(403);
	});
});

describe('the video host', () => {
	async function finished(options: EmulatorOptions = {}) {
		const world = setUp(options);
		const { body } = await world.vidu('POST', 'text2video', TEXT);
		await world.clock.advance(10_000);
		const ask = async () => (await world.vidu('GET', `tasks/${body.task_id}/creations`)).body.creations[0];
		return { ...world, ask, url: (await ask()).url as string, id: body.task_id as string };
	}

	test('serves an MP4 and a range of it, under a fresh URL at each ask', async () => {
		const { ask, url, download, emulator } = await finished();
		const { bytes, headers } = await download(url);
		expect(bytes.toString('latin1', 4, 8)).toBe('ftyp');
		expect(headers['content-type']).toBe('video/mp4');
		expect(await download(url, { Range: 'bytes=4-7' })).toMatchObject({
			status: 206,
			bytes: Buffer.from('ftyp'),
			headers: { 'content-range': `bytes 4-7/${bytes.length}` },
		});
		expect((await download(url, { Range: 'bytes=-3' })).bytes).toEqual(bytes.subarray(-3));
		expect((await download(url, { Range: `bytes=${bytes.length}-` })).status).toBe(416);
		const again = await ask();
		expect(again.url).not.toBe(url);
		expect((await download(again.cover_url)).headers['content-type']).toBe('image/jpeg');
		expect(emulator.journal.counts().downloads).toBe(4);
	});

	test('a URL survives `new URL` but no decode and encode', async () => {
		const { url, download } = await finished();
		expect((await download(new URL(url).href)).status).toBe(200);
		const reencoded = new URL(url);
		reencoded.search = new URLSearchParams(reencoded.search).toString();
		for (const changed of [
			reencoded.href,
			url.replace('~', '%7E'),
			url.replace('%2F', '/'),
			url.replace('!', '%21'),
			url.replace('%27', "'"),
			`${url}&x=1`,
			decodeURI(encodeURI(url)).replace('+', '%2B'),
		]) {
			const reply = await download(changed);
			expect(reply.status).toBe(403);
			expect(reply.bytes.toString()).toContain('SignatureDoesNotMatch');
		}
	});

	test('an apostrophe in the link, on request, is for clients that send targets raw', async () => {
		const { url, download } = await finished({ rawQuoteInUrls: true });
		expect(url).toContain("'");
		expect((await download(url)).status).toBe(200);
		expect((await download(new URL(url).href)).status).toBe(403);
	});

	test('a URL dies after a day, and says so', async () => {
		const { url, download, clock, ask } = await finished();
		await clock.advance(86_401_000);
		const reply = await download(url);
		expect(reply.status).toBe(403);
		expect(reply.bytes.toString()).toContain('Request has expired');
		expect((await download((await ask()).url)).status).toBe(200);
	});

	test('a cover of Vidu dies after an hour, the video beside it lives on, and a new answer has a new cover', async () => {
		const { ask, download, clock } = await finished();
		const { url, cover_url: cover } = await ask();
		await clock.advance(3_600_000);
		expect((await download(cover)).status).toBe(200);
		await clock.advance(1_000);
		const late = await download(cover);
		expect([late.status, late.bytes.toString()]).toEqual([403, expect.stringContaining('Request has expired')]);
		expect((await download(url)).status).toBe(200);
		// signed when read, not when made
		expect((await download((await ask()).cover_url)).status).toBe(200);
	});

	test('a marked video is another file than the clean one, and so is a big one', async () => {
		for (const options of [{}, { videoBytes: 1_000_000 }]) {
			const { vidu, clock, download } = setUp(options);
			const id = (await vidu('POST', 'text2video', { ...TEXT, watermark: true })).body.task_id;
			await clock.advance(10_000);
			const creation = (await vidu('GET', `tasks/${id}/creations`)).body.creations[0];
			const clean = await download(creation.url);
			const marked = await download(creation.watermarked_url);
			expect(marked).toMatchObject({
				status: 200,
				headers: { 'content-type': 'video/mp4', 'content-length': String(marked.bytes.length) },
			});
			expect(marked.bytes.equals(clean.bytes)).toBe(false);
			expect([marked.bytes.includes('AI generated'), clean.bytes.includes('AI generated')]).toEqual([true, false]);
			expect(marked.headers.etag).not.toBe(clean.headers.etag);
		}
	});

	test('a key sent there is refused and written down', async () => {
		const { url, download, emulator } = await finished();
		expect((await download(url, { Authorization: `Token ${emulator.keys.vidu}` })).status).toBe(400);
		expect((await download(url, { 'X-Api-Key': emulator.keys.vidu })).status).toBe(400);
		expect((await download(`${emulator.urls.images}/sneaker.png`, { Authorization: 'x' })).status).toBe(400);
		expect(emulator.journal.keyLeaks.map(({ host }) => host)).toEqual(['cdn', 'cdn', 'images']);
	});

	test('a big video is streamed: the real one, then a box that players skip', async () => {
		const { url, emulator } = await finished({ videoBytes: 50_000_000 });
		const reply = await emulator.send({ method: 'GET', target: url });
		let bytes = 0;
		let largest = 0;
		for await (const chunk of reply.body as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			largest = Math.max(largest, chunk.length);
		}
		expect([reply.headers['content-length'], bytes]).toEqual(['50000000', 50_000_000]);
		expect(largest).toBeLessThanOrEqual(65_536);
	});

	test('truncated, slow, unavailable and expired downloads', async () => {
		const { url, emulator, clock, id } = await finished();
		emulator.control.fault(
			{ do: 'truncate', bytes: 1000, task: id },
			{ do: 'expire', nth: 2 },
			{ do: 'status', status: 503, kind: 'download', nth: 3, retryAfter: 2 },
		);
		const reply = await emulator.send({ method: 'GET', target: url });
		await expect(readReply(reply)).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect((await emulator.send({ method: 'GET', target: url })).status).toBe(403);
		expect(await emulator.send({ method: 'GET', target: url })).toMatchObject({
			status: 503,
			headers: { 'retry-after': '2' },
		});
		emulator.control.fault({ do: 'throttle', bytesPerSecond: 10_000 });
		const startMs = clock.nowMs();
		await clock.runUntil(emulator.send({ method: 'GET', target: url }).then(readReply));
		expect(clock.nowMs() - startMs).toBeGreaterThan(8_000);
		expect(emulator.control.pendingFaults()).toEqual([]);
	});
});

describe('downloads that are no video', () => {
	async function finished() {
		const world = setUp();
		const id = (await world.vidu('POST', 'text2video', TEXT)).body.task_id;
		await world.clock.advance(10_000);
		const { url } = (await world.vidu('GET', `tasks/${id}/creations`)).body.creations[0];
		return { ...world, url: url as string };
	}

	test('a page, or one byte, that says it is one', async () => {
		const { url, download, emulator } = await finished();
		emulator.control.fault(
			{ do: 'replaceBody' },
			{ do: 'replaceBody', body: '0' },
			{ do: 'replaceBody', body: '{}', contentType: 'application/json' },
		);
		const page = await download(url);
		expect(page).toMatchObject({
			status: 200,
			headers: { 'content-type': 'video/mp4', 'content-length': String(page.bytes.length) },
		});
		expect(page.bytes.toString()).toMatch(/^<!doctype html>/);
		expect(await download(url)).toMatchObject({ headers: { 'content-type': 'video/mp4' }, bytes: Buffer.from('0') });
		expect((await download(url)).headers['content-type']).toBe('application/json');
		expect((await download(url)).bytes.toString('latin1', 4, 8)).toBe('ftyp');
	});

	test('one that trickles is whole in the end; a trickling refusal is one of the video host', async () => {
		const { url, download, emulator, clock } = await finished();
		const { bytes } = await download(url);
		emulator.control.fault(
			{ do: 'trickle', everyMs: 1_000, bytes: 1_000, kind: 'download' },
			{ do: 'trickle', everyMs: 1_000, bytes: 10, kind: 'download', status: 503 },
		);
		const startMs = clock.nowMs();
		expect((await clock.runUntil(download(url))).bytes.equals(bytes)).toBe(true);
		expect(clock.nowMs() - startMs).toBeGreaterThanOrEqual(bytes.length);
		const refusal = await clock.runUntil(download(url));
		expect([refusal.status, refusal.bytes.toString()]).toEqual([503, expect.stringContaining('<Error>')]);
		expect(emulator.control.pendingFaults()).toEqual([]);
	});
});

describe('faults', () => {
	const submitted = async (fault: Fault, options: EmulatorOptions = {}) => {
		const world = setUp(options);
		world.emulator.control.fault(fault);
		const answer = await world.vidu('POST', 'text2video', TEXT).catch((error: unknown) => error as ConnectionLost);
		return { ...world, answer, counts: world.emulator.journal.counts('vidu') };
	};

	test('a status, with the provider’s envelope, an own body, HTML or Retry-After', async () => {
		expect((await submitted({ do: 'status', status: 429, retryAfter: 3 })).answer).toMatchObject({
			status: 429,
			body: { reason: 'TooManyRequests' },
			headers: { 'retry-after': '3' },
		});
		expect((await submitted({ do: 'status', status: 502, html: true })).answer).toMatchObject({
			status: 502,
			headers: { 'content-type': 'text/html' },
		});
		expect((await submitted({ do: 'status', status: 500, body: { oops: 1 } })).answer).toMatchObject({
			body: { oops: 1 },
		});
		expect((await submitted({ do: 'status', status: 500 })).counts.created).toBe(0);
		expect((await submitted({ do: 'status', status: 500, handled: true })).counts.created).toBe(1);
	});

	test('a reset before creates nothing, a reset after leaves a paid task', async () => {
		const before = await submitted({ do: 'resetBefore' });
		expect(before.answer).toBeInstanceOf(ConnectionLost);
		expect(before.counts).toMatchObject({ submits: 1, created: 0, charged: 0 });
		const after = await submitted({ do: 'resetAfter' });
		expect(after.answer).toMatchObject({ code: 'ECONNRESET' });
		expect(after.counts).toMatchObject({ created: 1, charged: 55 });
	});

	test('silence for a time, with the task made or not, and for ever', async () => {
		for (const handled of [true, false]) {
			const { emulator, vidu, clock } = setUp();
			emulator.control.fault({ do: 'hang', seconds: 30, handled });
			const answer = await clock.runUntil(vidu('POST', 'text2video', TEXT));
			expect(answer.status).toBe(handled ? 200 : 504);
			expect(emulator.journal.counts('vidu').created).toBe(handled ? 1 : 0);
		}
		const { emulator, vidu, clock } = setUp();
		emulator.control.fault({ do: 'hang' });
		await expect(clock.runUntil(vidu('POST', 'text2video', TEXT))).rejects.toThrow('no timer left');
	});

	test('half a body, and an error inside a 200', async () => {
		const { emulator, zhipu } = setUp();
		emulator.control.fault({ do: 'garble', provider: 'zhipu' }, { do: 'okWithError', provider: 'zhipu' });
		await expect(zhipu('POST', 'videos/generations', { model: 'cogvideox-3', prompt: 'x' })).rejects.toThrow(
			SyntaxError,
		);
		expect(emulator.journal.counts('zhipu').created).toBe(1);
		expect(await zhipu('GET', 'models')).toMatchObject({ status: 200, body: { msg: expect.any(String), code: 500 } });
	});

	test('which request it hits: provider, kind, nth, times, text and task', async () => {
		const { emulator, vidu, zhipu } = setUp();
		emulator.control.fault(
			{ provider: 'vidu', kind: 'ask', nth: 2, times: 2, do: 'status', status: 502 },
			{ kind: 'submit', contains: 'mug', do: 'status', status: 503 },
			{ kind: 'ask', task: 2, do: 'status', status: 500, times: 'always' },
		);
		expect((await zhipu('GET', 'async-result/1')).status).toBe(400);
		expect((await vidu('POST', 'text2video', { ...TEXT, prompt: 'a mug' })).status).toBe(503);
		const first = (await vidu('POST', 'text2video', TEXT)).body.task_id;
		const second = (await vidu('POST', 'text2video', { ...TEXT, prompt: 'a mug' })).body.task_id;
		const statuses: number[] = [];
		for (const id of [first, first, first, first, second, second])
			statuses.push((await vidu('GET', `tasks/${id}/creations`)).status);
		expect(statuses).toEqual([200, 502, 502, 200, 500, 500]);
		expect(emulator.journal.requests.filter(({ fault }) => fault !== undefined)).toHaveLength(5);
	});

	test('tasks that fail are refunded at Vidu, and look as each provider has them', async () => {
		const { emulator, vidu, zhipu, vtrix, clock } = setUp();
		const { control } = emulator;
		control.fault({ do: 'failTask', code: 'content', times: 3, afterSeconds: 2 });
		const viduId = (await vidu('POST', 'text2video', TEXT)).body.task_id;
		const zhipuId = (await zhipu('POST', 'videos/generations', { model: 'cogvideox-3', prompt: 'x' })).body.id;
		const ids = [(await vtrix('POST', '', vtrixBody({ images: [IMAGE] }))).body.id];
		for (const shape of ['text', 'code', 'message'] as const) {
			control.fault({ do: 'failTask', code: '008005099', shape, afterSeconds: 2 });
			ids.push((await vtrix('POST', '', vtrixBody({ images: [IMAGE] }))).body.id);
		}
		await clock.advance(2_000);
		expect((await vidu('GET', `tasks/${viduId}/creations`)).body).toMatchObject({
			state: 'failed',
			err_code: 'CreationPolicyViolation',
			credits: 0,
			creations: [],
		});
		expect((await zhipu('GET', `async-result/${zhipuId}`)).body).toEqual({
			id: zhipuId,
			created: expect.any(Number),
			model: 'cogvideox-3',
			request_id: expect.any(String),
			task_status: 'FAIL',
		});
		const errors = [];
		for (const id of ids) errors.push((await vtrix('GET', `/task/${id}`)).body.error);
		expect(errors).toEqual([
			{ code: 8005098, error_message: 'Generation failed' },
			'Service unavailable',
			{ code: '008005099', error_message: 'Service unavailable' },
			{ code: '008005099', message: 'Service unavailable' },
		]);
		expect(emulator.journal.counts('vidu')).toMatchObject({ failed: 1, charged: 0 });
		expect(emulator.journal.counts('vtrix').charged).toBeCloseTo(0.4);
	});

	test('the reason of a failed task in words, where each provider has room for it', async () => {
		const { emulator, vidu, zhipu, vtrix, clock } = setUp();
		const message = 'The face in the image is covered';
		emulator.control.fault(
			{ do: 'failTask', code: 'image', message, shape: 'object', times: 3, afterSeconds: 1 },
			{ do: 'failTask', code: 'image', nth: 4, afterSeconds: 1 },
		);
		const failed = (await vidu('POST', 'text2video', TEXT)).body.task_id;
		const atZhipu = (await zhipu('POST', 'videos/generations', { model: 'cogvideox-3', prompt: 'x' })).body.id;
		const atVtrix = (await vtrix('POST', '', vtrixBody({ images: [IMAGE] }))).body.id;
		const wordless = (await vidu('POST', 'text2video', TEXT)).body.task_id;
		await clock.advance(1_000);
		expect((await vidu('GET', `tasks/${failed}/creations`)).body).toMatchObject({
			err_code: 'ImageObjectsUndetected',
			err_msg: message,
		});
		expect((await vidu('GET', `tasks/${wordless}/creations`)).body).not.toHaveProperty('err_msg');
		expect((await zhipu('GET', `async-result/${atZhipu}`)).body.error).toEqual({ code: '1214', message });
		expect((await vtrix('GET', `/task/${atVtrix}`)).body.error).toEqual({ code: 8005004, error_message: message });
	});

	test('a refusal inside a 200, with an id that is no task', async () => {
		const { emulator, zhipu } = setUp();
		emulator.control.fault({ do: 'okWithError', shape: 'failed', kind: 'submit' });
		const answer = await zhipu('POST', 'videos/generations', { model: 'cogvideox-3', prompt: 'x' });
		expect(answer).toMatchObject({
			status: 200,
			body: { id: expect.stringMatching(/^\d{20}$/), status: 'failed', error: { code: '1113' } },
		});
		expect(emulator.journal.counts('zhipu').created).toBe(0);
	});

	test('a result of Vtrix without a type, as one object, or both', async () => {
		const { emulator, vtrix, clock } = setUp();
		const outputs = [];
		for (const endpoint of [{ untyped: true }, { oneObject: true }, { untyped: true, oneObject: true }]) {
			emulator.control.fault({ do: 'resultForm', ...endpoint });
			const { id } = (await vtrix('POST', '', vtrixBody({ images: [IMAGE] }))).body;
			await clock.advance(10_000);
			outputs.push((await vtrix('GET', `/task/${id}`)).body.output);
		}
		const url = expect.stringContaining('http');
		expect(outputs).toEqual([[{ content: [{ url }] }], { content: [{ type: 'video', url }] }, { content: [{ url }] }]);
	});

	test('an answer that trickles: the true one, or a refusal that creates nothing', async () => {
		const { emulator, vidu, clock } = setUp();
		emulator.control.fault(
			{ do: 'trickle', everyMs: 2_000, kind: 'submit' },
			{ do: 'trickle', everyMs: 100, bytes: 50, status: 429, code: 'SystemThrottling', kind: 'submit' },
		);
		const startMs = clock.nowMs();
		const order = await clock.runUntil(vidu('POST', 'text2video', TEXT));
		expect(order).toMatchObject({ status: 200, body: { task_id: expect.any(String) } });
		expect(clock.nowMs() - startMs).toBe(2_000 * Number(order.headers['content-length']));
		expect(await clock.runUntil(vidu('POST', 'text2video', TEXT))).toMatchObject({
			status: 429,
			body: { reason: 'SystemThrottling' },
		});
		expect(emulator.journal.counts('vidu')).toMatchObject({ submits: 2, created: 1 });
		expect(emulator.journal.requests.map(({ fault, endedAtMs }) => [fault, endedAtMs !== undefined])).toEqual([
			['trickle', true],
			['trickle', true],
		]);
	});

	test('an id in an answer that is no acceptance, or under a name nobody knows', async () => {
		const { emulator, vidu, zhipu, vtrix } = setUp();
		const { control, journal } = emulator;
		control.fault(
			{
				do: 'status',
				status: 409,
				handled: true,
				kind: 'submit',
				body: {
					code: 409,
					reason: 'Conflict',
					message: 'task {{taskId}} is being made',
					metadata: { task_id: '{{taskId}}' },
				},
			},
			{
				do: 'status',
				status: 200,
				handled: true,
				kind: 'submit',
				provider: 'zhipu',
				body: { job: { number: '{{taskId}}' } },
			},
			{ do: 'status', status: 500, handled: true, kind: 'submit', provider: 'vtrix', body: 'lost {{taskId}}' },
		);
		const conflict = await vidu('POST', 'text2video', TEXT);
		const unnamed = await zhipu('POST', 'videos/generations', { model: 'cogvideox-3', prompt: 'x' });
		const lost = await vtrix('POST', '', vtrixBody({ images: [IMAGE] }));
		const [atVidu, atZhipu, atVtrix] = journal.tasks.map(({ id }) => id);
		expect(conflict).toMatchObject({
			status: 409,
			body: { message: `task ${atVidu} is being made`, metadata: { task_id: atVidu } },
		});
		expect(unnamed).toMatchObject({ status: 200, body: { job: { number: atZhipu } } });
		expect(lost).toMatchObject({ status: 500, body: { text: `lost ${atVtrix}` } });
		control.fault({ do: 'status', status: 404, kind: 'ask', body: { message: 'no {{taskId}}' } });
		expect((await vidu('GET', `tasks/${atVidu}/creations`)).body.message).toBe(`no ${atVidu}`);
	});

	test('one model is overloaded while the others are not', async () => {
		const { emulator, zhipu } = setUp();
		emulator.control.fault({
			do: 'status',
			status: 429,
			code: '1305',
			kind: 'submit',
			contains: '"cogvideox-3"',
			times: 'always',
		});
		const order = async (model: string) => (await zhipu('POST', 'videos/generations', { model, prompt: 'x' })).body;
		expect((await order('cogvideox-3')).error.code).toBe('1305');
		expect((await order('cogvideox-2')).task_status).toBe('PROCESSING');
		expect((await order('cogvideox-3')).error.code).toBe('1305');
	});

	test('done at once, done without a video, stuck, slow, and a word nobody knows', async () => {
		const { emulator, vidu, zhipu, vtrix, clock } = setUp();
		const { control } = emulator;
		control.fault(
			{ do: 'completeAtOnce', provider: 'vtrix' },
			{ do: 'withoutUrl', provider: 'zhipu' },
			{ do: 'stickTask', at: 'queueing', provider: 'vidu' },
			{ do: 'slowTask', seconds: 60, provider: 'vidu', nth: 2 },
		);
		expect((await vtrix('POST', '', vtrixBody({ images: [IMAGE] }))).body.status).toBe('completed');
		const empty = (await zhipu('POST', 'videos/generations', { model: 'cogvideox-3', prompt: 'x' })).body.id;
		const stuck = (await vidu('POST', 'text2video', TEXT)).body.task_id;
		const slow = (await vidu('POST', 'text2video', TEXT)).body.task_id;
		await clock.advance(59_000);
		expect((await zhipu('GET', `async-result/${empty}`)).body).toMatchObject({
			task_status: 'SUCCESS',
			video_result: [],
		});
		const state = async (id: string) => (await vidu('GET', `tasks/${id}/creations`)).body.state;
		expect([await state(stuck), await state(slow)]).toEqual(['queueing', 'processing']);
		await clock.advance(2_000);
		control.fault({ do: 'unknownStatus', word: 'scheduled', kind: 'ask' });
		expect([await state(slow), await state(slow)]).toEqual(['scheduled', 'success']);
		expect(control.pendingFaults()).toEqual([]);
	});

	test('an outage hits one provider for its time', async () => {
		const { emulator, vidu, zhipu, clock } = setUp();
		emulator.control.outage({ target: 'vidu', seconds: 5 });
		expect((await vidu('POST', 'text2video', TEXT)).status).toBe(503);
		expect((await zhipu('GET', 'models')).status).toBe(200);
		await clock.advance(5_000);
		emulator.control.outage({ target: 'vidu', seconds: 5, how: 'refuse' });
		await expect(vidu('GET', 'credits')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
		await clock.advance(5_000);
		expect((await vidu('GET', 'credits')).status).toBe(200);
		expect(emulator.journal.counts('vidu').created).toBe(0);
	});

	test('a fault nobody knows is refused at the door', () => {
		expect(() => setUp().emulator.control.fault({ do: 'explode' } as never)).toThrow('There is no fault "explode"');
	});
});

describe('callbacks', () => {
	test('the signature of docs/api/vidu.md#signature', () => {
		expect(
			signCallback({
				method: 'POST',
				url: 'http://127.0.0.1:8080/vidu/callback?name=james&age=36',
				date: 'Tue, 06 May 2025 12:09:42 GMT',
				nonce: '123e4567-e89b-12d3-a456-426614174000',
				key: 'your_secret_token',
			}),
		).toBe('PrO4+kG4W+b3HOSimdHMHn8pnQ6YXQTseBDC/8yvvNA=');
	});

	/** A receiver that answers with the statuses given, then 200. */
	function receiver(...statuses: number[]) {
		const got: { url: string; headers: Record<string, string>; state: string; body: Record<string, unknown> }[] = [];
		const sendCallback = (url: string, headers: Record<string, string>, text: string): Promise<number> => {
			const body = JSON.parse(text) as Record<string, unknown>;
			got.push({ url, headers, state: String(body.state), body });
			return Promise.resolve(statuses.shift() ?? 200);
		};
		return { got, sendCallback };
	}
	const input = { ...TEXT, callback_url: 'https://n8n.example/webhook?run=1', payload: 'mine' };

	test('processing and success, signed with the key, without id; a deaf receiver is tried four times', async () => {
		const { got, sendCallback } = receiver(500, 500, 500, 500, 500);
		const { vidu, clock, emulator } = setUp({ sendCallback });
		await vidu('POST', 'text2video', input);
		await clock.advance(30_000);
		expect(got.map(({ state }) => state)).toEqual(['processing', 'success', 'success', 'success', 'success']);
		const { headers, url, body } = got[1];
		expect(body).toMatchObject({ payload: 'mine', credits: 55, creations: [{ url: expect.any(String) }] });
		expect(body).not.toHaveProperty('id');
		expect(headers['X-HMAC-SIGNATURE']).toBe(
			signCallback({
				method: 'POST',
				url,
				date: headers.Date,
				nonce: headers['x-request-nonce'],
				key: emulator.keys.vidu,
			}),
		);
		expect(emulator.journal.callbacks.map(({ status, attempt }) => [status, attempt])).toEqual([
			[500, 1],
			[500, 1],
			[500, 2],
			[500, 3],
			[500, 4],
		]);
	});

	test('lost, repeated, out of order and forged', async () => {
		const run = async (...faults: Fault[]) => {
			const { got, sendCallback } = receiver();
			const { vidu, clock, emulator } = setUp({ sendCallback });
			emulator.control.fault(...faults);
			const id = (await vidu('POST', 'text2video', input)).body.task_id as string;
			await clock.advance(60_000);
			return { got, emulator, id, states: got.map(({ state }) => state) };
		};
		expect((await run({ do: 'loseCallback', state: 'success' })).states).toEqual(['processing']);
		expect((await run({ do: 'repeatCallback', state: 'success' })).states).toEqual([
			'processing',
			'success',
			'success',
		]);
		expect((await run({ do: 'delayCallback', seconds: 20, state: 'processing' })).states).toEqual([
			'success',
			'processing',
		]);
		const { got, emulator, id } = await run({ do: 'forgeCallback', state: 'success' });
		const { headers, url } = got[1];
		expect(headers['X-HMAC-SIGNATURE']).not.toBe(
			signCallback({
				method: 'POST',
				url,
				date: headers.Date,
				nonce: headers['x-request-nonce'],
				key: emulator.keys.vidu,
			}),
		);
		await emulator.control.sendCallback(id, { state: 'failed', forged: true });
		expect(emulator.journal.callbacks.at(-1)).toMatchObject({ state: 'failed', forged: true });
	});
});

describe('journal', () => {
	test('count what overlaps, shorten images, and start anew after reset', async () => {
		const { emulator, vidu, clock } = setUp({ latencyMs: 50 });
		const image = dataUri(png(256, 256));
		await clock.runUntil(
			Promise.all([1, 2, 3].map(() => vidu('POST', 'img2video', { model: 'viduq3-pro', images: [image] }))),
		);
		const { journal } = emulator;
		expect(journal.maxInFlight['vidu.submit']).toBe(3);
		expect(journal.requestsPerSecond('vidu', 'submit')).toEqual([[0, 3]]);
		expect(JSON.stringify(journal.requests[0].body)).toMatch(/data:image\/png;base64,.{18}…\(\d+ characters\)/);
		expect(journal.requests[0].endedAtMs! - journal.requests[0].atMs).toBe(50);
		expect(JSON.parse(JSON.stringify(journal))).toMatchObject({
			byProvider: { vidu: { created: 3 } },
			balances: [{ provider: 'vidu', charged: 300 }, {}, {}],
		});
		emulator.control.reset();
		expect(journal.counts()).toMatchObject({ submits: 0, created: 0, charged: 0 });
		expect(journal.balances()[0].credits).toBe(1_000_000);
	});

	test('a second key has its own tasks and purse', async () => {
		const { emulator, call, vidu } = setUp();
		emulator.control.setAccount('vidu', { credits: 60 }, 'vda_second');
		const submit = () => call('POST', `${emulator.urls.vidu}/ent/v2/text2video`, 'Token vda_second', TEXT);
		const { body } = await submit();
		expect((await submit()).body.reason).toBe('CreditInsufficient');
		expect((await vidu('GET', `tasks/${body.task_id}/creations`)).status).toBe(404);
	});

	test('2,000 tasks on a virtual clock, the same each time', async () => {
		const run = async () => {
			const { emulator, vidu, clock } = setUp({ taskSeconds: (_task, random) => 20 + 40 * random(), concurrency: 50 });
			for (let n = 0; n < 2_000; n++) await vidu('POST', 'text2video', TEXT);
			await clock.advance(3_600_000);
			return { counts: emulator.journal.counts('vidu'), last: emulator.journal.tasks.at(-1) };
		};
		const first = await run();
		expect(first.counts).toMatchObject({ created: 2_000, succeeded: 2_000, charged: 110_000 });
		expect(await run()).toEqual(first);
	});
});

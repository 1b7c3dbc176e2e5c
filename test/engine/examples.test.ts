import { startEmulator, type Emulator } from '../emulator';
import { runNode } from './harness';

/** The requests of the source pages' examples, made from the parameters of the nodes. */

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator({ taskSeconds: 1, concurrency: 50 });
});
afterAll(async () => await emulator.stop());

const RABBIT = 'Peter Rabbit drives a small car along the road, his face filled with joy and happiness.';
const url = (value: string) => ({ __rl: true, mode: 'url', value });
const IMAGE = 'https://example.com/path/to/your/image.jpg';
const [ONE, TWO, THREE] = [1, 2, 3].map((n) => `https://example.com/path/to/your/image${n}.jpg`);
const vidu2 = { duration: 4, size: '720x480', movementAmplitude: 'auto' };
const viduQ1 = { duration: 5, size: '1920x1080', movementAmplitude: 'auto' };

test.each([
	[
		'Vidu 2, image',
		{ operation: 'imageToVideo', model: 'vidu2-image', image: url(IMAGE), options: vidu2 },
		{ model: 'vidu2-image', image_url: IMAGE, duration: 4, size: '720x480', movement_amplitude: 'auto' },
	],
	[
		'Vidu 2, start and end',
		{
			operation: 'startEndToVideo',
			model: 'vidu2-start-end',
			startImage: url(ONE),
			endImage: url(TWO),
			options: vidu2,
		},
		{ model: 'vidu2-start-end', image_url: [ONE, TWO], duration: 4, size: '720x480', movement_amplitude: 'auto' },
	],
	[
		'Vidu 2, references',
		{
			operation: 'referenceToVideo',
			model: 'vidu2-reference',
			referenceImages: { image: [{ image: url(`${ONE}, ${TWO}`) }, { image: url(THREE) }] },
			options: { ...vidu2, aspectRatio: '16:9', withAudio: true },
		},
		{
			model: 'vidu2-reference',
			image_url: [ONE, TWO, THREE],
			duration: 4,
			aspect_ratio: '16:9',
			size: '720x480',
			movement_amplitude: 'auto',
			with_audio: true,
		},
	],
	[
		'Vidu Q1, text',
		{ operation: 'textToVideo', model: 'viduq1-text', options: { ...viduQ1, style: 'anime', aspectRatio: '16:9' } },
		{
			model: 'viduq1-text',
			style: 'anime',
			duration: 5,
			aspect_ratio: '16:9',
			size: '1920x1080',
			movement_amplitude: 'auto',
		},
	],
	[
		'Vidu Q1, image',
		{ operation: 'imageToVideo', model: 'viduq1-image', image: url(IMAGE), options: viduQ1 },
		{ model: 'viduq1-image', image_url: IMAGE, duration: 5, size: '1920x1080', movement_amplitude: 'auto' },
	],
	[
		'Vidu Q1, start and end',
		{
			operation: 'startEndToVideo',
			model: 'viduq1-start-end',
			startImage: url(IMAGE),
			endImage: url(ONE),
			options: viduQ1,
		},
		{ model: 'viduq1-start-end', image_url: [IMAGE, ONE], duration: 5, size: '1920x1080', movement_amplitude: 'auto' },
	],
])('%s', async (_name, parameters, body) => {
	await order('vidu', { provider: 'zhipu', ...parameters, prompt: RABBIT });
	expect(lastOrder()).toEqual({ ...body, prompt: RABBIT });
});

test('CogVideoX-2', async () => {
	const options = { quality: 'quality', withAudio: true, size: '1920x1080', fps: 30 };
	await order('cogVideoX', { operation: 'textToVideo', model: 'cogvideox-2', prompt: RABBIT, options });
	expect(lastOrder()).toEqual({
		model: 'cogvideox-2',
		prompt: RABBIT,
		quality: 'quality',
		with_audio: true,
		size: '1920x1080',
		fps: 30,
	});
});

test('Vidu, start and end', async () => {
	await order('vidu', {
		operation: 'startEndToVideo',
		model: 'viduq3-pro',
		prompt: 'The camera zooms in on the bird',
		startImage: url(ONE),
		endImage: url(TWO),
		duration: 5,
		resolution: '1080p',
		audio: true,
		options: { offPeak: false, seed: 7 },
	});
	expect(lastOrder()).toEqual({
		model: 'viduq3-pro',
		images: [ONE, TWO],
		prompt: 'The camera zooms in on the bird',
		duration: 5,
		seed: 7,
		resolution: '1080p',
		audio: true,
		off_peak: false,
	});
});

test('Vtrix, image', async () => {
	await order('vidu', {
		provider: 'vtrix',
		operation: 'imageToVideo',
		model: 'vidu20_img2video',
		prompt: 'slow push-in',
		image: url(IMAGE),
		duration: 4,
		resolution: '360p',
		audio: false,
		options: { movementAmplitude: 'auto', seed: 0 },
	});
	expect(lastOrder()).toEqual({
		model: 'vidu20_img2video',
		input: [
			{
				params: {
					images: [IMAGE],
					prompt: 'slow push-in',
					duration: 4,
					resolution: '360p',
					audio: false,
					movement_amplitude: 'auto',
					seed: 0,
				},
			},
		],
	});
});

async function order(node: 'vidu' | 'cogVideoX', parameters: Record<string, unknown>): Promise<void> {
	const { error } = await runNode(emulator, {
		node,
		parameters: { ...parameters, waitForCompletion: false },
	});
	expect(error?.message).toBeUndefined();
}

function lastOrder(): unknown {
	const { body } = emulator.journal.requests.filter(({ kind }) => kind === 'submit').at(-1)!;
	return typeof body === 'string' ? JSON.parse(body) : body;
}

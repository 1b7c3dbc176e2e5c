import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { EmulatorOptions } from '../emulator';
import { createEmulator, PRODUCTS, readReply, VirtualClock } from '../emulator';
import { ASSETS } from '../emulator/cdn';
import { clipFor, NEUTRAL_CLIP } from '../emulator/clips';

const [SNEAKER, MUG, LAMP] = PRODUCTS.map(({ clip }) => clip);
const asset = (file: string): Buffer => readFileSync(join(ASSETS, file));
const dataUri = (file: string): string =>
	`data:image/${file.split('.')[1].replace('jpg', 'jpeg')};base64,${asset(file).toString('base64')}`;

describe('the clip that stands in for a video', () => {
	test('four different videos and covers exist, none of them the one that tests compare with', () => {
		const clips = [SNEAKER, MUG, LAMP, NEUTRAL_CLIP];
		for (const files of [
			clips.map(({ video }) => video).concat('video.mp4'),
			clips.map(({ cover }) => cover).concat('cover.jpg'),
		]) {
			expect(new Set(files.map((file) => asset(file).toString('base64'))).size).toBe(5);
		}
	});

	test.each([
		['an image as a data URI', { images: [dataUri('mug.jpg')], prompt: 'Slow push-in' }, MUG],
		['an end image, too', { images: [dataUri('lamp.webp'), dataUri('lamp-end.webp')] }, LAMP],
		[
			'an image as a URL, on any host and with a query',
			{ images: ['https://shop.example/a/mug-end.jpg?width=800'] },
			MUG,
		],
		["Zhipu's field", { image_url: dataUri('sneaker.png') }, SNEAKER],
		["Zhipu's blank after the comma", { image_url: dataUri('sneaker.png').replace(',', ', ') }, SNEAKER],
		["Vtrix's nesting", { input: [{ params: { images: ['https://shop.example/lamp.webp'] } }] }, LAMP],
		["a subject's image", { subjects: [{ name: 'a', images: [dataUri('mug.jpg')] }], prompt: '@a' }, MUG],
		['a word of the prompt', { prompt: 'Camera circles the lamp while its light pulses' }, LAMP],
		['the plural, in capitals', { prompt: 'TWO SNEAKERS ON A SHELF' }, SNEAKER],
		['the image rather than the word', { images: [dataUri('mug.jpg')], prompt: 'The lamp behind it lights up' }, MUG],
		[
			'the word where the image is not known',
			{ images: ['https://shop.example/IMG_1.jpg'], prompt: 'The mug steams' },
			MUG,
		],
	])('is chosen by %s', (_, body, clip) => {
		expect(clipFor(body)).toBe(clip);
	});

	test.each([
		['nothing that is known', { prompt: 'A paper boat on a rainy street' }],
		['a word within another', { prompt: 'The smuggler clamps a horseshoer' }],
		['images of two products', { images: [dataUri('mug.jpg'), dataUri('lamp.webp')] }],
		['words for two products', { prompt: 'The mug stands beside the lamp' }],
		['a word outside the prompt', { prompt: 'A boat', payload: 'lamp' }],
		['a data URI that is none', { image_url: 'data:nonsense' }],
		['no body', undefined],
	])('is the neutral one for %s', (_, body) => {
		expect(clipFor(body)).toBe(NEUTRAL_CLIP);
	});
});

describe('an emulator with clips by product', () => {
	/** Video and cover of an image, ordered from Vidu under a text that names nothing. */
	async function madeFrom(image: string, options: EmulatorOptions) {
		const clock = new VirtualClock();
		const emulator = createEmulator({ clock, taskSeconds: 10, ...options });
		const { urls, keys } = emulator;
		const vidu = async (method: string, path: string, body?: object) => {
			const headers = { authorization: `Token ${keys.vidu}`, 'content-type': 'application/json' };
			return JSON.parse(
				(
					await readReply(await emulator.send({ method, target: `${urls.vidu}/ent/v2/${path}`, headers, body }))
				).toString(),
			);
		};
		const download = async (target: string) => await readReply(await emulator.send({ method: 'GET', target }));
		const { task_id: id } = await vidu('POST', 'img2video', {
			model: 'viduq3-turbo',
			images: [image],
			prompt: 'Slow push-in',
		});
		await clock.advance(10_000);
		const [{ url, cover_url: cover }] = (await vidu('GET', `tasks/${id}/creations`)).creations;
		return { video: await download(url), cover: await download(cover) };
	}

	test('serves the video and the cover of what the image shows', async () => {
		expect(await madeFrom(dataUri('lamp.webp'), { clips: 'byProduct' })).toEqual({
			video: asset(LAMP.video),
			cover: asset(LAMP.cover),
		});
		expect(await madeFrom('https://shop.example/mug.jpg', { clips: 'byProduct' })).toEqual({
			video: asset(MUG.video),
			cover: asset(MUG.cover),
		});
		expect(await madeFrom('https://shop.example/boat.jpg', { clips: 'byProduct' })).toEqual({
			video: asset(NEUTRAL_CLIP.video),
			cover: asset(NEUTRAL_CLIP.cover),
		});
	});

	test('without the option every task has the same video', async () => {
		expect(await madeFrom(dataUri('lamp.webp'), {})).toEqual({ video: asset('video.mp4'), cover: asset('cover.jpg') });
	});
});

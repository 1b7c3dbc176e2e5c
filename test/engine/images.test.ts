import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startEmulator, type Emulator } from '../emulator';
import { runNode } from './harness';

/** Images on their way through the node: looked at before anything is ordered. */

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator({ taskSeconds: 1, concurrency: 50 });
});
afterAll(async () => await emulator.stop());
beforeEach(() => emulator.control.reset());

const asset = (name: string) => readFileSync(join(__dirname, '../emulator/assets', name));
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const NODES = [
	['vidu', { provider: 'vidu', model: 'viduq3-turbo' }],
	['vidu', { provider: 'zhipu', model: 'vidu2-image' }],
	['vidu', { provider: 'vtrix', model: 'vidu20_img2video' }],
	['cogVideoX', { model: 'cogvideox-3' }],
] as const;

async function order(
	node: 'vidu' | 'cogVideoX',
	way: object,
	image: object,
	files: object = {},
	bytes = asset('sneaker.png'),
) {
	return await runNode(emulator, {
		node,
		items: [{ json: {}, files: { front: { bytes, fileName: 'front.png', mimeType: 'image/png' } } }],
		parameters: {
			operation: 'imageToVideo',
			prompt: 'It turns',
			...way,
			image: { __rl: true, ...image },
			waitForCompletion: false,
			files,
		} as never,
	});
}
const submits = () => emulator.journal.counts().submits;

describe.each(NODES)('%s %o', (node, way) => {
	test('a GIF that calls itself a PNG is refused unsent', async () => {
		const { error } = await order(node, way, { mode: 'binary', value: 'front' }, {}, GIF);
		expect(error?.message).toMatch(/^Image "front" is a GIF image \[item 0\]$/);
		expect(submits()).toBe(0);
	});

	test('a binary field that is not there: the ones that are, are named', async () => {
		const { error } = await order(node, way, { mode: 'binary', value: 'back' });
		expect(error?.message).toContain('no binary field "back"');
		expect(error?.description).toContain('"front"');
		expect(submits()).toBe(0);
	});

	test('Check Image URLs looks at the file behind the address', async () => {
		const good = await order(
			node,
			way,
			{ mode: 'url', value: `${emulator.urls.images}/sneaker.png` },
			{ checkImageUrls: true },
		);
		expect(good.error?.message).toBeUndefined();
		const page = await order(
			node,
			way,
			{ mode: 'url', value: `${emulator.urls.images}/nothing.png` },
			{ checkImageUrls: true },
		);
		expect(page.error?.description).toContain('HTTP 404');
		expect(submits()).toBe(1);
	});

	test('an image beside a service in the same network goes through as it is, blanks encoded', async () => {
		const { error } = await order(node, way, { mode: 'url', value: `${emulator.urls.images}/my sneaker.png` });
		expect(error?.message).toBeUndefined();
		expect(JSON.stringify(emulator.journal.requests.at(-1)?.body)).toContain(
			`${emulator.urls.images}/my%20sneaker.png`,
		);
	});

	test('a signed URL of an n8n that nobody can reach is refused unless it is allowed', async () => {
		const refused = await order(node, way, { mode: 'binary', value: 'front' }, { sendBinaryAsSignedUrl: true });
		expect(refused.error?.message).toMatch(/cannot (fetch|be)/);
		expect(submits()).toBe(0);
		const allowed = await order(
			node,
			way,
			{ mode: 'binary', value: 'front' },
			{ sendBinaryAsSignedUrl: true, allowPrivateUrls: true },
		);
		expect(allowed.error?.message).toBeUndefined();
		expect(JSON.stringify(emulator.journal.requests.at(-1)?.body)).toContain('/binary-data/signed?token=');
	});
});

test('a WebP is refused by CogVideoX, which takes PNG and JPEG', async () => {
	const { error } = await order(
		'cogVideoX',
		{ model: 'cogvideox-3' },
		{ mode: 'binary', value: 'front' },
		{},
		asset('lamp.webp'),
	);
	expect(error?.message).toContain('is a WebP image');
	expect(error?.description).toContain('PNG and JPEG');
	expect(submits()).toBe(0);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startEmulator, type Emulator } from '../emulator';
import { serve } from '../unit/n8n/inNode';
import { runNode } from './harness';

/** What other machines answer, through the node: large answers, and hosts of images that misbehave. */

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator({ taskSeconds: 0.3 });
});
afterAll(async () => await emulator.stop());

const IMAGE = readFileSync(join(__dirname, '../emulator/assets/sneaker.png'));

test('an answer that repeats an image of 9 MB costs neither the task nor memory, with Simplify off', async () => {
	const TASK = '876543210123456789';
	const asked: string[] = [];
	let sentCharacters = 0;
	const root = await serve((request, response, body) => {
		asked.push(`${request.method} ${request.url}`);
		const { images = [] } = (body === '' ? {} : JSON.parse(body)) as { images?: string[] };
		sentCharacters = Math.max(sentCharacters, images[0]?.length ?? 0);
		const echoed = JSON.stringify(
			images.length > 0 ? images : [`data:image/png;base64,${'iVBORw0K'.repeat(1_500_000)}`],
		);
		response.end(
			request.method === 'POST'
				? `{"task_id":${TASK},"state":"created","images":${echoed}}`
				: `{"id":${TASK},"state":"success","images":${echoed},"creations":[{"id":"1","url":"https://x/v.mp4"}]}`,
		);
	});
	const bytes = Buffer.concat([IMAGE, Buffer.alloc(9_000_000)]);
	const { items, error } = await runNode(emulator, {
		items: [{ json: {}, files: { data: { bytes, mimeType: 'image/png' } } }],
		parameters: {
			operation: 'imageToVideo',
			model: 'viduq3-turbo',
			image: { __rl: true, mode: 'binary', value: 'data' },
			downloadVideo: false,
			limits: { pollIntervalSeconds: 0.1 },
			files: { simplify: false },
		},
		credentials: { viduApi: { region: 'custom', baseUrl: root, apiKey: emulator.keys.vidu } },
	});
	expect(error).toBeUndefined();
	expect(sentCharacters).toBeGreaterThan(12_000_000);
	expect(asked.find((call) => !call.includes('/credits'))).toBe('POST /ent/v2/img2video');
	expect(asked.filter((call) => call.startsWith('POST'))).toHaveLength(1);
	expect(items[0].json).toMatchObject({
		taskId: TASK,
		status: 'succeeded',
		response: { id: TASK, images: ['data:image/png;base64,… (12,000,022 characters)'] },
	});
	expect(JSON.stringify(items).length).toBeLessThan(2_000);
});

describe.each([5, 9, 13])('an image of %i MB, which the service repeats in full', (megabytes) => {
	const bytes = Buffer.concat([IMAGE, Buffer.alloc(megabytes * 1_000_000)]);

	test.each(['binary', 'base64'])('as %s: bought once, its id kept, and found again by Get Many', async (mode) => {
		const own = await startEmulator({ taskSeconds: 0.3 });
		try {
			const { items, error } = await runNode(own, {
				items: [
					{
						json: mode === 'base64' ? { image: bytes.toString('base64') } : {},
						files: { photo: { bytes, mimeType: 'image/png' } },
					},
				],
				parameters: {
					operation: 'imageToVideo',
					image: { __rl: true, mode, value: mode === 'binary' ? 'photo' : '={{ $json.image }}' },
					prompt: 'It turns',
					downloadVideo: false,
					limits: { pollIntervalSeconds: 0.1 },
					files: { simplify: false },
				},
			});
			expect(error).toBeUndefined();
			const [{ id }] = own.journal.tasks;
			expect(own.journal.counts()).toMatchObject({ submits: 1, created: 1 });
			expect(items[0].json).toMatchObject({ taskId: id, status: 'succeeded' });
			expect(JSON.stringify(items).length).toBeLessThan(5_000);
			const found = await runNode(own, {
				parameters: { resource: 'task', operation: 'getMany', files: { simplify: false } },
			});
			expect(found.items.map(({ json }) => json.taskId)).toEqual([id]);
			expect(JSON.stringify(found.items).length).toBeLessThan(5_000);
		} finally {
			await own.stop();
		}
	});
});

test('one host that breaks off in an image takes no other item down', async () => {
	const root = await serve(({ url, socket }, response) => {
		response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': IMAGE.length });
		if (url === '/bad.png') response.write(IMAGE.subarray(0, 12), () => socket.destroy());
		else response.end(IMAGE);
	});
	const items = ['good', 'bad', 'fine'].map((name) => ({ json: { url: `${root}/${name}.png` } }));
	const order = async (onError?: 'continueErrorOutput') =>
		await runNode(emulator, {
			items,
			...(onError ? { onError } : {}),
			parameters: {
				operation: 'imageToVideo',
				model: 'viduq3-turbo',
				image: { __rl: true, mode: 'url', value: '={{ $json.url }}' },
				waitForCompletion: false,
				files: { checkImageUrls: true, allowPrivateUrls: true },
			},
		});
	const kept = await order('continueErrorOutput');
	expect(kept.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
	expect(kept.failed.map(({ json }) => json)).toEqual([
		expect.objectContaining({
			error: `Image ${root}/bad.png cannot be fetched [item 1]`,
			details: expect.objectContaining({ reason: 'invalidInput', description: expect.stringContaining('broke off') }),
		}),
	]);
	const stopped = await order();
	expect(stopped.error!.message).toBe(`Image ${root}/bad.png cannot be fetched [item 1]`);
});

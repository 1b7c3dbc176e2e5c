import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { viduCatalogue } from '../../../../lib/catalogue/vidu';
import { BinaryReader } from '../../../../lib/n8n/input/binary';
import { InvalidInput } from '../../../../lib/n8n/input/invalidInput';
import { ImageReader, type CheckedImage } from '../../../../lib/n8n/input/image';
import { until } from '../../../until';
import { inNode, serve, stopClock, type Handler } from '../inNode';

/** Check Image URLs: whatever the host of an image does is the fault of the item that names it, and of no other. */

const IMAGE = readFileSync(join(__dirname, '../../../emulator/assets/sneaker.png'));
const PNG = { 'Content-Type': 'image/png' };

const check = async (url: string): Promise<CheckedImage> =>
	await inNode('http://127.0.0.1:9', async (context) => {
		const settings = { checkUrls: true, asSignedUrl: false, allowPrivateUrl: true, isLocalService: true };
		const reader = new ImageReader(
			context,
			0,
			viduCatalogue.images,
			'viduq2',
			settings,
			new BinaryReader(context, 0, settings),
		);
		return await reader.open({ mode: 'url', value: url }, 'Start Image');
	});

async function refusal(url: string): Promise<InvalidInput> {
	const cause: unknown = await check(url).catch((rejected: unknown) => rejected);
	expect(cause).toBeInstanceOf(InvalidInput);
	expect((cause as InvalidInput).message).toBe(`Start Image ${url} cannot be fetched`);
	return cause as InvalidInput;
}

test('an image is known by its first bytes', async () => {
	const root = await serve((_request, response) => response.writeHead(200, PNG).end(IMAGE));
	expect(await check(`${root}/a.png`)).toMatchObject({ header: { format: 'png' } });
});

test.each<[string, Handler]>([
	['resets', ({ socket }) => socket.destroy()],
	['breaks off within the headers', ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nContent-Le')],
	[
		'breaks off within the body',
		({ socket }, response) => {
			response.writeHead(200, { ...PNG, 'Content-Length': '1000' });
			response.write(IMAGE.subarray(0, 12), () => socket.destroy());
		},
	],
	['answers what is no HTTP', ({ socket }) => void socket.end('220 mail.example.com ESMTP\r\n')],
])('a host that %s is told with its URL and the parameter', async (_how, handler) => {
	await refusal(`${await serve(handler)}/a.png`);
});

test('a host that breaks off is told as such', async () => {
	const root = await serve(({ socket }, response) => {
		response.writeHead(200, { ...PNG, 'Content-Length': '1000' });
		response.write(IMAGE.subarray(0, 12), () => socket.destroy());
	});
	expect((await refusal(`${root}/a.png`)).failure.description).toMatch(/broke off before the image could be checked/);
});

test.each<[string, (pass: () => void) => Handler]>([
	[
		'sends headers and then nothing',
		(pass) => (_request, response) => {
			response.writeHead(200, { ...PNG, 'Content-Length': '1000' }).flushHeaders();
			pass();
		},
	],
	[
		'trickles',
		(pass) => (request, response) => {
			response.writeHead(200, { ...PNG, 'Content-Length': '1000000' });
			let bytes = 0;
			const trickle = () => {
				if (request.socket.destroyed) return;
				response.write(IMAGE.subarray(bytes % 8, (bytes % 8) + 1));
				bytes += 1;
				if (bytes === 5) pass();
				setImmediate(trickle);
			};
			trickle();
		},
	],
	['says nothing', (pass) => () => pass()],
])('a host that %s is given up after 15 seconds, and its connection closed', async (_how, handlerWith) => {
	const clock = stopClock();
	let isGone = false;
	const handler = handlerWith(clock.pass);
	const root = await serve((request, response, body) => {
		request.socket.on('close', () => (isGone = true));
		handler(request, response, body);
	});
	const { failure } = await refusal(`${root}/a.png`);
	expect(failure.description).toMatch(/^No complete answer came within 15 seconds\./);
	expect(clock.asked).toEqual([15_000]);
	await until('the connection is closed', () => isGone);
});

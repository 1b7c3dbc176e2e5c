import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { request } from 'undici';

import type { Emulator, ServerOptions } from '../emulator';
import { PRODUCTS, signCallback, startEmulator } from '../emulator';
import { until as eventually } from '../until';

let emulator: Emulator;
afterEach(async () => await emulator.stop());

async function start(options: ServerOptions = {}) {
	emulator = await startEmulator({ taskSeconds: 0.05, ...options });
	const { urls, keys } = emulator;
	const vidu = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
		const reply = await request(`${urls.vidu}/ent/v2/${path}`, {
			method,
			headers: { authorization: `Token ${keys.vidu}`, 'content-type': 'application/json' },
			body: body === undefined ? null : JSON.stringify(body),
		});
		return { status: reply.statusCode, body: (await reply.body.json()) as Record<string, never> };
	};
	const control = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => {
		const reply = await request(urls.control + path, {
			method,
			body: body === undefined ? null : JSON.stringify(body),
		});
		return { status: reply.statusCode, body: (await reply.body.json()) as Record<string, never> };
	};
	return { vidu, control, urls };
}

const TEXT = { model: 'viduq3-turbo', prompt: 'a sneaker turns' };
const until = async (isTrue: () => boolean | Promise<boolean>): Promise<boolean> =>
	await eventually(isTrue.toString(), isTrue, 10);

test('from order to video over real sockets', async () => {
	const { vidu } = await start();
	const id: string = (await vidu('POST', 'text2video', TEXT)).body.task_id;
	await until(() => emulator.journal.task(id)?.state === 'success');
	const [creation] = (await vidu('GET', `tasks/${id}/creations`)).body.creations as unknown as { url: string }[];
	const video = await request(creation.url);
	expect(video.statusCode).toBe(200);
	expect((await video.body.arrayBuffer()).byteLength).toBe(Number(video.headers['content-length']));
	const reencoded = new URL(creation.url);
	reencoded.search = reencoded.searchParams.toString();
	const refused = await request(reencoded);
	await refused.body.dump();
	expect(refused.statusCode).toBe(403);
	expect(emulator.journal.counts()).toMatchObject({ created: 1, downloads: 1, keyLeaks: 0 });
});

test('a body of nearly 20 MB comes back whole in the answer', async () => {
	const { vidu } = await start();
	const head = Buffer.alloc(33);
	head.write('\x89PNG\r\n\x1a\n', 'latin1');
	head.writeUInt32BE(13, 8);
	head.write('IHDR', 12, 'latin1');
	head.writeUInt32BE(256, 16);
	head.writeUInt32BE(256, 20);
	const image = `data:image/png;base64,${Buffer.concat([head, Buffer.alloc(14_850_000)]).toString('base64')}`;
	const { status, body } = await vidu('POST', 'img2video', { model: 'viduq3-turbo', images: [image] });
	expect([status, (body.images as unknown as string[] | undefined)?.[0] === image]).toEqual([200, true]);
});

test('resets, a truncated download and a hung request break the socket', async () => {
	const { vidu } = await start();
	const { control, journal } = emulator;
	control.fault({ do: 'resetBefore' }, { do: 'resetAfter', nth: 2 });
	await expect(vidu('POST', 'text2video', TEXT)).rejects.toThrow();
	expect(journal.counts().created).toBe(0);
	await expect(vidu('POST', 'text2video', TEXT)).rejects.toThrow();
	expect(journal.counts()).toMatchObject({ submits: 2, created: 1 });

	const { id } = journal.tasks[0];
	await until(() => journal.task(id)?.state === 'success');
	const [creation] = (await vidu('GET', `tasks/${id}/creations`)).body.creations as unknown as { url: string }[];
	control.fault({ do: 'truncate', bytes: 5000 });
	const video = await request(creation.url);
	let bytes = 0;
	await expect(
		(async () => {
			for await (const chunk of video.body) bytes += (chunk as Buffer).length;
		})(),
	).rejects.toThrow();
	expect(bytes).toBe(5000);

	control.fault({ do: 'hang' });
	const abort = new AbortController();
	const hung = request(`${emulator.urls.vidu}/ent/v2/credits`, { signal: abort.signal });
	await until(() => journal.requests.at(-1)?.kind === 'credits');
	abort.abort();
	await expect(hung).rejects.toThrow();
	await until(() => journal.requests.at(-1)?.status === 'aborted');
});

test('of a trickling answer the headers come at once, the body byte by byte, and hanging up ends it', async () => {
	await start();
	const { control, journal, urls, keys } = emulator;
	control.fault({ do: 'trickle', everyMs: 10, kind: 'credits' }, { do: 'trickle', everyMs: 600_000, kind: 'credits' });
	const ask = async () =>
		await request(`${urls.vidu}/ent/v2/credits`, { headers: { authorization: `Token ${keys.vidu}` } });
	const slow = await ask();
	let chunks = 0;
	let text = '';
	for await (const chunk of slow.body) {
		chunks++;
		text += (chunk as Buffer).toString();
	}
	expect(text.length).toBe(Number(slow.headers['content-length']));
	expect(chunks).toBeGreaterThan(10);
	expect(JSON.parse(text)).toHaveProperty('remains');
	const silent = await ask();
	expect(silent.statusCode).toBe(200);
	silent.body.on('error', () => undefined);
	silent.body.destroy();
	await until(() => journal.requests.at(-1)?.status === 'aborted');
});

test('an outage can close the port and open it again', async () => {
	const { vidu, control } = await start();
	expect((await control('POST', '/outage', { target: 'vidu', seconds: 2, how: 'refuse' })).status).toBe(200);
	const answer = async () =>
		await vidu('GET', 'credits').then(
			({ status }) => status,
			({ code }: { code: string }) => code,
		);
	await until(async () => (await answer()) === 'ECONNREFUSED');
	await until(async () => (await answer()) === 200);
});

test('the control endpoint queues faults, reads the journal, resets, refuses nonsense', async () => {
	const { vidu, control } = await start();
	expect((await control('POST', '/faults', [{ do: 'status', status: 502, kind: 'submit' }])).body).toHaveLength(1);
	expect((await vidu('POST', 'text2video', TEXT)).status).toBe(502);
	expect((await control('GET', '/faults')).body).toEqual([]);
	expect((await control('POST', '/settings', { taskSeconds: 60 })).body).toMatchObject({ taskSeconds: 60 });
	const id: string = (await vidu('POST', 'text2video', TEXT)).body.task_id;
	expect((await control('POST', `/tasks/${id}/finish`)).body).toMatchObject({ id, state: 'success' });
	expect(
		(await control('POST', '/accounts', { provider: 'vidu', key: 'vda_2', settings: { credits: 1 } })).body,
	).toEqual({ key: 'vda_2' });
	expect((await control('GET', '/journal')).body).toMatchObject({
		counts: { submits: 2, created: 1 },
		byProvider: { vidu: { succeeded: 1 } },
	});
	expect((await control('POST', '/reset')).status).toBe(200);
	expect((await control('GET', '/journal')).body).toMatchObject({ counts: { submits: 0, created: 0 } });
	expect(await control('POST', '/faults', { do: 'explode' })).toMatchObject({
		status: 400,
		body: { error: expect.stringContaining('explode') },
	});
	expect((await control('GET', '/nothing')).status).toBe(400);
	expect((await control('GET', '/urls')).body).toMatchObject({ keys: emulator.keys, urls: emulator.urls });
});

test('the shop’s images are real, and fetched and judged when asked', async () => {
	const { vidu, urls } = await start({ fetchImages: true });
	const products = (await (await request(`${urls.images}/products.json`)).body.json()) as {
		image: string;
		endImage: string;
	}[];
	expect(products).toHaveLength(PRODUCTS.length);
	for (const { image, endImage } of products)
		expect((await vidu('POST', 'start-end2video', { model: 'viduq3-turbo', images: [image, endImage] })).status).toBe(
			200,
		);
	expect(
		(await vidu('POST', 'img2video', { model: 'viduq3-turbo', images: [`${urls.images}/missing.png`] })).body.reason,
	).toBe('ImageDownloadFailure');
	expect(
		(await vidu('POST', 'img2video', { model: 'viduq3-turbo', images: [`${urls.images}/products.json`] })).body.reason,
	).toBe('ImageFormatInvalid');
});

test('callbacks arrive over HTTP, signed; a refused one comes again', async () => {
	const got: { url: string; headers: Record<string, string>; body: string }[] = [];
	const receiver = createServer((incoming, response) => {
		let body = '';
		incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
		incoming.on('end', () => {
			got.push({ url: incoming.url!, headers: incoming.headers as Record<string, string>, body });
			response.writeHead(got.length === 2 ? 500 : 200).end();
		});
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?b=2&a=1`;
	try {
		const { vidu } = await start({ callbackRetrySeconds: [0.02, 0.02, 0.02] });
		await vidu('POST', 'text2video', { ...TEXT, callback_url: url });
		await until(() => got.length === 3);
		expect(got.map(({ body }) => (JSON.parse(body) as { state: string }).state)).toEqual([
			'processing',
			'success',
			'success',
		]);
		const { headers } = got[0];
		expect(headers['x-hmac-signature']).toBe(
			signCallback({
				method: 'POST',
				url,
				date: headers.date,
				nonce: headers['x-request-nonce'],
				key: emulator.keys.vidu,
			}),
		);
	} finally {
		receiver.close();
	}
});

test('`npm run emulator` says where everything is and ends on Ctrl-C', async () => {
	await start();
	const child = spawn(
		process.execPath,
		['--import', 'tsx', join(__dirname, '..', 'emulator', 'main.ts'), '--port-base', '0', '--task-seconds', '1'],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	let said = '';
	child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
	const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
	await until(() => said.includes('Ctrl-C'));
	expect(said).toMatch(/Vidu {4}http:\/\/127\.0\.0\.1:\d+\n {8}key vda_/);
	child.kill('SIGINT');
	expect(await ended).toBe(0);
});

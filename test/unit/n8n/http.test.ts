import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

import type { IExecuteFunctions } from 'n8n-workflow';

import { Vidu } from '../../../dist/nodes/Vidu/Vidu.node';
import { NoReply, type HttpReply, type HttpRequest } from '../../../lib/core/types';
import { openAccount } from '../../../lib/n8n/http';
import { createEmulator } from '../../emulator';
import { runNode } from '../../engine/harness';

/** What becomes of a request when the network has a bad minute, through n8n's own helper and against real sockets. */

const KEY = 'vda_secret';
const ORDER: HttpRequest = {
	method: 'POST',
	path: '/ent/v2/text2video',
	body: { model: 'viduq2', prompt: 'A sneaker' },
};

const servers: Server[] = [];
afterEach(async () => {
	jest.restoreAllMocks();
	await Promise.all(servers.splice(0).map(close));
});

async function close(server: Server): Promise<void> {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
}

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A server that has read the whole request before it does what the test says. */
async function serve(handler: Handler): Promise<string> {
	return `http://127.0.0.1:${await listen(createServer(afterBody(handler)))}`;
}

const afterBody = (handler: Handler) => (request: IncomingMessage, response: ServerResponse) => {
	let body = '';
	request.on('data', (chunk) => (body += String(chunk)));
	request.on('end', () => handler(request, response, body));
};

async function listen(server: Server): Promise<number> {
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
	const server = createServer();
	const port = await listen(server);
	await close(server);
	return port;
}

/** Lets a test act where the node does: inside n8n-core's engine, with its real helpers and a credential. */
async function inNode<T>(baseUrl: string, act: (context: IExecuteFunctions) => Promise<T>): Promise<T> {
	let acting: Promise<T> | undefined;
	jest.spyOn(Vidu.prototype, 'execute').mockImplementation(async function (this: IExecuteFunctions) {
		acting = act(this);
		await acting.catch(() => undefined);
		return [[]];
	});
	const credentials = { viduApi: { region: 'custom', baseUrl, apiKey: KEY } };
	await runNode(createEmulator(), { parameters: { operation: 'textToVideo', prompt: 'A paper boat' }, credentials });
	return await acting!;
}

const send = async (baseUrl: string, request: HttpRequest = ORDER): Promise<HttpReply> =>
	await inNode(baseUrl, async (context) => await (await openAccount(context, 'viduApi')).http.send(request));

async function fault(baseUrl: string, request?: HttpRequest): Promise<NoReply> {
	const cause: unknown = await send(baseUrl, request).then(
		(reply) => reply,
		(rejected: unknown) => rejected,
	);
	expect(cause).toBeInstanceOf(NoReply);
	return cause as NoReply;
}

describe('no reply: was the request sent?', () => {
	test('no, when nobody listens; it may go again', async () => {
		const { sent, permanent, message } = await fault(`http://127.0.0.1:${await closedPort()}`);
		expect({ sent, permanent, message }).toEqual({
			sent: false,
			permanent: false,
			message: 'The connection ended with ECONNREFUSED.',
		});
	});

	test.each<[string, Handler]>([
		['resets after the whole request', (request) => (request.socket as Socket).resetAndDestroy()],
		['hangs up without an answer', (request) => request.socket.end()],
		[
			'breaks off within the headers',
			(request) => {
				request.socket.write('HTTP/1.1 200 OK\r\nContent-Le');
				(request.socket as Socket).resetAndDestroy();
			},
		],
		[
			'breaks off within the body',
			(request, response) => {
				response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' });
				response.write('{"task_id":"8765', () => request.socket.destroy());
			},
		],
		['answers what is no HTTP', (request) => request.socket.end('220 mail.example.com ESMTP\r\n')],
	])('yes, when the service %s; nobody may send it again', async (_how, handler) => {
		let requests = 0;
		const root = await serve((request, response, body) => {
			requests += 1;
			handler(request, response, body);
		});
		expect(await fault(root)).toMatchObject({ sent: true, permanent: false });
		expect(requests).toBe(1);
	});

	test('yes, when the service is silent until the time is over', async () => {
		const root = await serve(() => undefined);
		expect(await fault(root, { ...ORDER, timeoutMs: 300 })).toMatchObject({ sent: true, permanent: false });
	});

	test('yes, when the body trickles until the time is over', async () => {
		const root = await serve((_request, response) => {
			response.writeHead(200, { 'Content-Length': '100' });
			response.write('{');
		});
		expect(await fault(root, { ...ORDER, timeoutMs: 300 })).toMatchObject({ sent: true, permanent: false });
	});

	test('no, and waiting will not mend it, when the certificate is not trusted', async () => {
		let requests = 0;
		const server = createSecureServer(
			selfSigned(),
			afterBody((_request, response) => {
				requests += 1;
				response.end('{}');
			}),
		);
		const root = `https://127.0.0.1:${await listen(server as unknown as Server)}`;
		const cause = await fault(root);
		expect(cause).toMatchObject({ sent: false, permanent: true });
		expect(cause.message).toMatch(/SELF_SIGNED_CERT/);
		expect(requests).toBe(0);
	});

	test('no, and waiting will not mend it, when https meets a service without it', async () => {
		const root = await serve((_request, response) => response.end('{}'));
		expect(await fault(root.replace('http:', 'https:'))).toMatchObject({ sent: false, permanent: true });
	});

	test('no, and waiting will not mend it, when the base URL is none', async () => {
		expect(await fault('http://[')).toMatchObject({ sent: false, permanent: true });
	});
});

describe('a reply', () => {
	const STATUSES = [200, 201, 400, 401, 402, 403, 404, 409, 429, 500, 502, 503];

	test.each(STATUSES)('of HTTP %i is a reply, not a fault', async (status) => {
		const root = await serve((_request, response) => {
			response.writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': '7', 'X-Log-Id': 'log1' });
			response.end('{"code":"1113","message":"no balance"}');
		});
		const reply = await send(root);
		expect(reply).toMatchObject({
			status,
			headers: { 'retry-after': '7', 'x-log-id': 'log1' },
			body: { code: '1113', message: 'no balance' },
		});
	});

	test.each<[string, string, unknown]>([
		['ids beyond 2^53', '{"task_id":876543210123456789,"n":12}', { task_id: '876543210123456789', n: 12 }],
		['a page of a proxy', '<html>502</html>', '<html>502</html>'],
		['JSON that breaks off', '{"task_id":"8765', '{"task_id":"8765'],
		['nothing', '', ''],
	])('of %s is read without loss', async (_name, text, body) => {
		const headers = { 'Content-Type': 'application/json' };
		const root = await serve((_request, response) => response.writeHead(200, headers).end(text));
		expect((await send(root)).body).toEqual(body);
	});

	test('that sends elsewhere is not followed, for the key would go along', async () => {
		let visits = 0;
		const elsewhere = await serve((_request, response) => {
			visits += 1;
			response.end('{}');
		});
		const headers = { Location: `${elsewhere}/ent/v2` };
		const root = await serve((_request, response) => response.writeHead(307, headers).end());
		expect((await send(root)).status).toBe(307);
		expect(visits).toBe(0);
	});
});

test('a request carries the key, says it is JSON and goes to the path below the root', async () => {
	const seen: Array<Record<string, unknown>> = [];
	const root = await serve(({ method, url, headers }, response, body) => {
		seen.push({ method, url, authorization: headers.authorization, type: headers['content-type'], body });
		response.end('{}');
	});
	await send(`${root}//`);
	await send(root, { method: 'GET', path: '/ent/v2/tasks?pager.pagesz=10&states=success&states=failed' });
	const authorization = `Token ${KEY}`;
	expect(seen).toEqual([
		{
			method: 'POST',
			url: '/ent/v2/text2video',
			authorization,
			type: expect.stringMatching(/^application\/json/),
			body: '{"model":"viduq2","prompt":"A sneaker"}',
		},
		{
			method: 'GET',
			url: '/ent/v2/tasks?pager.pagesz=10&states=success&states=failed',
			authorization,
			type: undefined,
			body: '',
		},
	]);
});

test('two accounts are told apart, and nothing of the key can be read from it', async () => {
	const identityOf = async (baseUrl: string) =>
		await inNode(baseUrl, async (context) => (await openAccount(context, 'viduApi')).identity);
	const [one, same, other] = [
		await identityOf('http://a.example.com'),
		await identityOf('http://a.example.com/'),
		await identityOf('http://b.example.com'),
	];
	expect(same).toBe(one);
	expect(other).not.toBe(one);
	expect(one).not.toContain(KEY);
});

/** A certificate for nobody, made by hand (X.509 v1), so that no key lies in the repository. */
function selfSigned(): { key: string; cert: string } {
	const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
	const der = (tag: number, ...parts: Buffer[]): Buffer => {
		const content = Buffer.concat(parts);
		const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
		return Buffer.concat([Buffer.from([tag, ...length]), content]);
	};
	const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
	const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
	const name = sequence(der(0x31, sequence(Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('localhost')))));
	const time = (text: string) => der(0x17, Buffer.from(text));
	const body = sequence(
		der(0x02, Buffer.from([1])),
		ecdsaWithSha256,
		name,
		sequence(time('200101000000Z'), time('490101000000Z')),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
	);
	const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
	const certificate = sequence(body, ecdsaWithSha256, signature).toString('base64');
	return {
		key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
		cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
	};
}

test('the credential is read once, however many requests follow', async () => {
	const authorized: Array<string | undefined> = [];
	const baseUrl = await serve((request, response) => {
		authorized.push(request.headers.authorization);
		response.end('{}');
	});
	const reads = await inNode(baseUrl, async (context) => {
		const read = jest.spyOn(context, 'getCredentials');
		const { http } = await openAccount(context, 'viduApi');
		for (let times = 0; times < 3; times += 1) await http.send(ORDER);
		return read.mock.calls.length;
	});
	expect(reads).toBe(1);
	expect(authorized).toEqual(Array(3).fill(`Token ${KEY}`));
});

import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContextOptions } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { NodeApiError, type IExecuteFunctions, type INode, type JsonObject } from 'n8n-workflow';
import { generate, type GenerateResult } from 'selfsigned';

import { NoReply, type HttpReply, type HttpRequest } from '../../../../lib/core/http';
import { createClient } from '../../../../lib/n8n/io/http';
import { until } from '../../../until';
import { afterBody, close, inNode, KEY, listen, serve, stopClock, type Handler } from '../inNode';

/** What becomes of a request when the network has a bad minute, through n8n's own helper and against real sockets. */

const ORDER: HttpRequest = {
	method: 'POST',
	path: '/ent/v2/text2video',
	body: { model: 'viduq2', prompt: 'A sneaker' },
};

async function closedPort(): Promise<number> {
	const server = createServer();
	const port = await listen(server);
	await close(server);
	return port;
}

const send = async (baseUrl: string, request: HttpRequest = ORDER): Promise<HttpReply> =>
	await inNode(baseUrl, async (context) => await (await createClient(context, 'viduApi')).http.send(request));

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
		['resets after the whole request', (request) => request.socket.resetAndDestroy()],
		['hangs up without an answer', (request) => request.socket.end()],
		[
			'breaks off within the headers',
			(request) => {
				request.socket.write('HTTP/1.1 200 OK\r\nContent-Le');
				request.socket.resetAndDestroy();
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

	test.each<[string, Handler]>([
		['the headers', (request) => request.socket.write('HTTP/1.1 200 OK\r\nX-Slow: ')],
		['the body', (_request, response) => response.writeHead(200, { 'Content-Length': '1000' }).write('{')],
	])('yes, when %s trickle in and the time is over, however often a byte comes', async (_what, begin) => {
		const clock = stopClock();
		let bytes = 0;
		let isGone = false;
		const root = await serve((request, response, body) => {
			begin(request, response, body);
			const trickle = () => {
				if (isGone) return;
				request.socket.write('x');
				bytes += 1;
				// a byte always comes before the connection can be called silent
				if (bytes === 5) clock.pass();
				setImmediate(trickle);
			};
			request.socket.on('close', () => (isGone = true)).on('error', () => undefined);
			trickle();
		});
		const cause = await fault(root, { ...ORDER, timeoutMs: 180_000 });
		expect(cause).toMatchObject({
			sent: true,
			permanent: false,
			message: 'No complete answer came within 180 seconds.',
		});
		await until('the connection is closed', () => isGone);
		expect(bytes).toBeGreaterThanOrEqual(5);
		expect(clock.sleeps).toEqual([]);
	});

	test('a request that names no limit has one all the same', async () => {
		const clock = stopClock();
		const root = await serve(() => clock.pass());
		expect((await fault(root)).message).toBe('No complete answer came within 60 seconds.');
	});

	test('a large image has the time on top that it takes on a slow line', async () => {
		const clock = stopClock();
		const root = await serve((_request, response) => response.end('{}'));
		const body = { model: 'viduq2', images: ['x'.repeat(20_000_000)], subjects: [{ images: ['x'.repeat(5_000_000)] }] };
		await send(root, { ...ORDER, body, timeoutMs: 180_000 });
		// 25 MB at 100 kB a second
		expect(clock.asked).toEqual([expect.closeTo(430_000, -2)]);
	});

	test('an answer in time leaves no timer behind', async () => {
		const clock = stopClock();
		const root = await serve((_request, response) => response.end('{}'));
		await send(root);
		expect(clock.asked).toHaveLength(1);
		expect(clock.sleeps).toEqual([]);
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
		const root = `https://127.0.0.1:${await listen(server)}`;
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

	test('no, and waiting will not mend it, when the service has no TLS version in common', async () => {
		const root = await tlsServer(() => undefined, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1' });
		expect(await fault(root)).toMatchObject({ sent: false, permanent: true });
	});

	test.each<[string, (socket: Socket) => void]>([
		['hangs up', (socket) => socket.destroy()],
		['resets', (socket) => socket.resetAndDestroy()],
	])('no, when the service %s before TLS stands; it may go again', async (_how, end) => {
		const server = createTcpServer((socket) => socket.on('error', () => undefined).once('data', () => end(socket)));
		const root = `https://127.0.0.1:${await listen(server)}`;
		expect(await fault(root)).toMatchObject({ sent: false, permanent: false });
	});

	describe('through TLS', () => {
		test.each<[string, (socket: TLSSocket, wire: Socket) => void]>([
			['breaks TLS off', (_socket, wire) => wire.write('no TLS any more\r\n')],
			['resets', (_socket, wire) => wire.resetAndDestroy()],
			['hangs up', (socket) => socket.end()],
		])('yes, when the service %s after the request', async (_how, end) => {
			let heard = '';
			const root = await tlsServer((socket, wire) => {
				socket.on('data', (part) => {
					heard += String(part);
					if (heard.includes('A sneaker')) end(socket, wire);
				});
			});
			const cause = await inNode(root, async (context) => {
				const request = context.helpers.httpRequestWithAuthentication;
				const helpers: Partial<typeof context.helpers> = {
					...context.helpers,
					async httpRequestWithAuthentication(type, options) {
						return await request.call(this, type, { ...options, skipSslCertificateValidation: true });
					},
				};
				const trusting = Object.create(context, { helpers: { value: helpers } }) as IExecuteFunctions;
				return await (await createClient(trusting, 'viduApi')).http.send(ORDER).catch((rejected: unknown) => rejected);
			});
			expect(cause).toMatchObject({ name: 'NoReply', sent: true, permanent: false });
			expect(heard).toContain('A sneaker');
		});
	});
});

/** TLS above a socket that stays at hand. */
async function tlsServer(
	onSocket: (socket: TLSSocket, wire: Socket) => void,
	options: SecureContextOptions = {},
): Promise<string> {
	const { key, cert } = selfSigned();
	const secureContext = createSecureContext({ key, cert, ...options });
	const server = createTcpServer((wire) => {
		const socket = new TLSSocket(wire, { isServer: true, secureContext });
		for (const stream of [wire, socket]) stream.on('error', () => undefined);
		onSocket(socket, wire);
	});
	return `https://127.0.0.1:${await listen(server)}`;
}

describe('what the cause of a missing reply says', () => {
	const node = { name: 'Vidu', type: 'vidu', typeVersion: 1 } as INode;
	/** As axios and n8n hand a socket's error on. */
	function wrapped(fields: Record<string, unknown>): unknown {
		const { message = `${String(fields.syscall ?? '')} ${String(fields.code)}`.trim(), request, ...own } = fields;
		const cause = Object.assign(new Error(String(message)), own);
		const axios = Object.assign(new Error(cause.message, { cause }), { code: own.code, isAxiosError: true, request });
		return new NodeApiError(node, axios as unknown as JsonObject);
	}
	const several = (...errors: Array<Record<string, unknown>>) => ({
		code: errors[0].code,
		errors: errors.map((fields) => Object.assign(new Error('one address'), fields)),
	});
	const verdict = async (cause: unknown) => {
		const helpers = {
			httpRequestWithAuthentication: async () => {
				throw cause;
			},
		};
		const context = {
			getCredentials: async () => ({ baseUrl: 'http://x', region: 'custom', apiKey: KEY }),
			getNode: () => node,
			helpers,
		};
		const { http } = await createClient(context as unknown as IExecuteFunctions, 'viduApi');
		return await http
			.send(ORDER)
			.catch(({ sent, permanent }: NoReply) => [sent ? 'sent' : 'not sent', permanent ? 'for good' : 'for now']);
	};

	test('tells a host name that nobody knows, which is most likely mistyped', async () => {
		const known = async (code: string) => {
			const helpers = {
				httpRequestWithAuthentication: async () => await Promise.reject(Object.assign(new Error(code), { code })),
			};
			const context = {
				getCredentials: async () => ({ baseUrl: 'http://x', region: 'custom', apiKey: KEY }),
				getNode: () => node,
				helpers,
			};
			const { http } = await createClient(context as unknown as IExecuteFunctions, 'viduApi');
			return await http.send(ORDER).catch(({ unknownHost }: NoReply) => !unknownHost);
		};
		expect(await known('ENOTFOUND')).toBe(false);
		expect(await known('ECONNREFUSED')).toBe(true);
	});

	test.each<[string, Record<string, unknown>]>([
		['a refused connection', { code: 'ECONNREFUSED', syscall: 'connect' }],
		['a connection that nobody took', { code: 'ETIMEDOUT', syscall: 'connect' }],
		['a host without a way to it', { code: 'EHOSTUNREACH', syscall: 'connect' }],
		['a network without a way to it', { code: 'ENETUNREACH', syscall: 'connect' }],
		['no address of our own', { code: 'EADDRNOTAVAIL', syscall: 'connect' }],
		['a connection reset while it was made', { code: 'ECONNRESET', syscall: 'connect' }],
		['a name that is not known', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
		['a name server that does not answer', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }],
		['a name server that times out', { code: 'ETIMEOUT', syscall: 'queryA' }],
		['a refusal without a word on the call', { code: 'ECONNREFUSED' }],
		[
			'all addresses refused or out of reach',
			several({ code: 'ETIMEDOUT', syscall: 'connect' }, { code: 'ENETUNREACH', syscall: 'connect' }),
		],
		[
			'a handshake cut short',
			{
				code: 'ECONNRESET',
				message: 'Client network socket disconnected before secure TLS connection was established',
			},
		],
		[
			'a reset within the handshake',
			{ code: 'ECONNRESET', syscall: 'read', request: { socket: { secureConnecting: true } } },
		],
	])('%s: not sent', async (_name, fields) => {
		expect(await verdict(wrapped(fields))).toEqual(['not sent', 'for now']);
	});

	test.each<[string, Record<string, unknown>]>([
		['an own certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT', message: 'self-signed certificate' }],
		['an own certificate in the chain', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }],
		['an old certificate', { code: 'CERT_HAS_EXPIRED' }],
		['a certificate of nobody known', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }],
		['a certificate for another host', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
		['a service without TLS', { code: 'EPROTO', syscall: 'write', message: 'write EPROTO wrong version number' }],
		[
			'a handshake that OpenSSL ended',
			{ code: 'ERR_SSL_WRONG_VERSION_NUMBER', request: { socket: { secureConnecting: true } } },
		],
		['an address that is none', { code: 'ERR_INVALID_URL' }],
		['a key with a line break', { code: 'ERR_INVALID_CHAR' }],
	])('%s: not sent, and waiting will not mend it', async (_name, fields) => {
		expect(await verdict(wrapped(fields))).toEqual(['not sent', 'for good']);
	});

	test.each<[string, Record<string, unknown>]>([
		['a host that went out of reach while it answered', { code: 'EHOSTUNREACH', syscall: 'read' }],
		['a network that went away while the request left', { code: 'ENETUNREACH', syscall: 'write' }],
		['a network that went down while it answered', { code: 'ENETDOWN', syscall: 'read' }],
		['a host out of reach, nobody knows when', { code: 'EHOSTUNREACH' }],
		['TLS that broke while it answered', { code: 'EPROTO', syscall: 'read' }],
		['TLS that broke, nobody knows when', { code: 'EPROTO' }],
		['records that are no TLS any more', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }],
		['a certificate the service wanted after the handshake', { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }],
		['a reset', { code: 'ECONNRESET', syscall: 'read' }],
		['a broken pipe', { code: 'EPIPE', syscall: 'write' }],
		['a time-out of the connection that stood', { code: 'ETIMEDOUT', syscall: 'read' }],
		['a limit of n8n', { code: 'ECONNABORTED', message: 'timeout of 181000ms exceeded' }],
		[
			'one address refused, one that broke off',
			several({ code: 'ECONNREFUSED', syscall: 'connect' }, { code: 'ECONNRESET', syscall: 'read' }),
		],
		['what nobody knows', { message: 'odd' }],
	])('%s: sent, as far as anybody can tell', async (_name, fields) => {
		expect(await verdict(wrapped(fields))).toEqual(['sent', 'for now']);
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
		[
			'60 MB of images',
			`{"task_id":876543210123456789,"images":["data:image/png;base64,${'iVBORw0K'.repeat(7_500_000)}"]}`,
			{ task_id: '876543210123456789', images: ['data:image/png;base64,… (60,000,022 characters)'] },
		],
		[
			"the user's own text",
			`{"task_id":"1","payload":"${'data:,x'.repeat(149_000)}"}`,
			{ task_id: '1', payload: 'data:,x'.repeat(149_000) },
		],
	])('of %s is read without loss', async (_name, text, body) => {
		const headers = { 'Content-Type': 'application/json' };
		const root = await serve((_request, response) => response.writeHead(200, headers).end(text));
		expect((await send(root)).body).toEqual(body);
	});

	test('does not hold the image it repeats: 24 orders of 4 MB leave next to nothing', async () => {
		setFlagsFromString('--expose-gc');
		const collect = runInNewContext('gc') as () => void;
		const image = `data:image/png;base64,${'iVBORw0K'.repeat(500_000)}`;
		const root = await serve((_request, response, body) => {
			const { images } = JSON.parse(body) as { images: string[] };
			response.end(JSON.stringify({ task_id: '876543210123456789', state: 'created', images }));
		});
		await inNode(root, async (context) => {
			const { http } = await createClient(context, 'viduApi');
			const order = async () => await http.send({ ...ORDER, body: { model: 'viduq2', images: [image] } });
			// loads everything but the thing measured
			await order();
			collect();
			const before = process.memoryUsage().heapUsed;
			const replies: HttpReply[] = [];
			for (let times = 0; times < 24; times += 1) replies.push(await order());
			collect();
			expect(process.memoryUsage().heapUsed - before).toBeLessThan(12_000_000);
			expect(replies.at(-1)!.body).toEqual({
				task_id: '876543210123456789',
				state: 'created',
				images: ['data:image/png;base64,… (4,000,022 characters)'],
			});
		});
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
		await inNode(baseUrl, async (context) => (await createClient(context, 'viduApi')).identity);
	const [one, same, other] = [
		await identityOf('http://a.example.com'),
		await identityOf('http://a.example.com/'),
		await identityOf('http://b.example.com'),
	];
	expect(same).toBe(one);
	expect(other).not.toBe(one);
	expect(one).not.toContain(KEY);
});

/** A certificate for nobody, so that no key lies in the repository. */
function selfSigned(): { key: string; cert: string } {
	certificate ??= generate([{ name: 'commonName', value: 'localhost' }], { algorithm: 'sha256', keySize: 2048 });
	return { key: certificate.private, cert: certificate.cert };
}

let certificate: GenerateResult | undefined;

test('the credential is read once, however many requests follow', async () => {
	const authorized: Array<string | undefined> = [];
	const baseUrl = await serve((request, response) => {
		authorized.push(request.headers.authorization);
		response.end('{}');
	});
	const reads = await inNode(baseUrl, async (context) => {
		const read = jest.spyOn(context, 'getCredentials');
		const { http } = await createClient(context, 'viduApi');
		for (let times = 0; times < 3; times += 1) await http.send(ORDER);
		return read.mock.calls.length;
	});
	expect(reads).toBe(1);
	expect(authorized).toEqual(Array(3).fill(`Token ${KEY}`));
});

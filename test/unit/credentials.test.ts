import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { CredentialTestContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialTestFunctions,
	type ICredentialType,
	type INode,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypes,
} from 'n8n-workflow';

import { ViduApi } from '../../credentials/ViduApi.credentials';
import { VtrixApi } from '../../credentials/VtrixApi.credentials';
import { ZhipuApi } from '../../credentials/ZhipuApi.credentials';
import { CogVideoX } from '../../dist/nodes/CogVideoX/CogVideoX.node';
import { Vidu } from '../../dist/nodes/Vidu/Vidu.node';
import { ViduTrigger } from '../../dist/nodes/Vidu/ViduTrigger.node';
import { testViduApi, testVtrixApi, testZhipuApi } from '../../lib/n8n/io/credentialTests';
import { apiRoot, cleanKey, regionOf, regionsOf, type CredentialType } from '../../lib/n8n/io/apiRoots';
import manifest from '../../package.json';

const CREDENTIALS: ICredentialType[] = [new ViduApi(), new ZhipuApi(), new VtrixApi()];

type Data = Record<string, string>;
const ROOTS: Array<[CredentialType, Data, string]> = [
	['viduApi', { region: 'global', baseUrl: '' }, 'https://api.vidu.com'],
	['viduApi', { region: 'china', baseUrl: 'https://left.over' }, 'https://api.vidu.cn'],
	['viduApi', { region: 'custom', baseUrl: ' http://localhost:8080/ ' }, 'http://localhost:8080'],
	['zhipuApi', { region: 'bigmodel', baseUrl: '' }, 'https://open.bigmodel.cn/api/paas/v4'],
	['zhipuApi', { region: 'zai', baseUrl: '' }, 'https://api.z.ai/api/paas/v4'],
	['zhipuApi', { region: 'custom', baseUrl: 'https://gate.way/v4//' }, 'https://gate.way/v4'],
	['vtrixApi', { baseUrl: 'https://cloud.vtrix.ai/' }, 'https://cloud.vtrix.ai'],
	// copied with the path of the API behind it
	['viduApi', { region: 'custom', baseUrl: 'https://api.vidu.com/ent/v2' }, 'https://api.vidu.com'],
	['viduApi', { region: 'custom', baseUrl: 'https://gate.way/vidu/ent/v2/ ' }, 'https://gate.way/vidu'],
	['viduApi', { region: 'custom', baseUrl: 'https://api.vidu.com/ent/' }, 'https://api.vidu.com'],
	['viduApi', { region: 'custom', baseUrl: 'https://api.vidu.com/ent/v2/text2video' }, 'https://api.vidu.com'],
	['viduApi', { region: 'custom', baseUrl: 'https://ent.example.com/entry' }, 'https://ent.example.com/entry'],
	['vtrixApi', { baseUrl: 'https://cloud.vtrix.ai/model/v1/generation' }, 'https://cloud.vtrix.ai'],
	['vtrixApi', { baseUrl: 'https://cloud.vtrix.ai/model/v1' }, 'https://cloud.vtrix.ai'],
	['vtrixApi', { baseUrl: 'https://cloud.vtrix.ai/model' }, 'https://cloud.vtrix.ai'],
	['vtrixApi', { baseUrl: 'https://cloud.vtrix.ai/model/v1/generation/task/d758n65e0000' }, 'https://cloud.vtrix.ai'],
	...[
		'tasks',
		'tasks/876543210123456789/creations',
		'tasks/{id}/cancel',
		'credits',
		'img2video/',
		'reference2video',
		'start-end2video',
	].map((path): [CredentialType, Data, string] => [
		'viduApi',
		{ region: 'custom', baseUrl: `https://gate.way/vidu/ent/v2/${path}` },
		'https://gate.way/vidu',
	]),
	...['videos/generations', 'models', 'chat/completions', 'async-result/123', 'async-result/{id}/'].map(
		(path): [CredentialType, Data, string] => [
			'zhipuApi',
			{ region: 'custom', baseUrl: `https://gate.way/api/paas/v4/${path}` },
			'https://gate.way/api/paas/v4',
		],
	),
];

/** As people paste keys: from a curl example, a table, a chat. */
const PASTED: Array<[string, string]> = [
	['vda_1', 'vda_1'],
	[' vda_1\t\n', 'vda_1'],
	['Token vda_1', 'vda_1'],
	['bearer  vda_1', 'vda_1'],
	['"vda_1"', 'vda_1'],
	["'Token vda_1'", 'vda_1'],
	['“vda_1”', 'vda_1'],
	['`vda_1`', 'vda_1'],
	['Authorization: Token vda_1', 'vda_1'],
	['-H "Authorization: Bearer vda_1"', 'vda_1'],
	['Bearer "vda_1" ', 'vda_1'],
	['"Authorization": "Token vda_1"', 'vda_1'],
	['"Authorization": "Bearer vda_1",', 'vda_1'],
	['Token: vda_1', 'vda_1'],
	['"token": "vda_1"', 'vda_1'],
	["'Token vda_1',", 'vda_1'],
	['-H "Authorization: Token vda_1" \\\n', 'vda_1'],
	["  --header 'Authorization: Token vda_1' \\\r\n  ", 'vda_1'],
	['"vda_1",\n', 'vda_1'],
	[' "" ', ''],
	// these belong to the key
	['a,b;c', 'a,b;c'],
	['token.1', 'token.1'],
	['id:1', 'id:1'],
	['token_1', 'token_1'],
	['bearer-1', 'bearer-1'],
	['id.1 2', 'id.1 2'],
];

/** Gateways' own paths, which stay. */
const GATEWAYS: Array<[CredentialType, string]> = [
	['viduApi', 'https://gw.corp/ent/v2/proxy'],
	['viduApi', 'https://gw.corp/ent'],
	['viduApi', 'https://gw.corp/ent/v2/tasks/vidu'],
	['viduApi', 'https://gw.corp/ent/v2/text2video/eu'],
	['viduApi', 'https://gw.corp/present/v2'],
	['zhipuApi', 'https://gw.corp/models'],
	['zhipuApi', 'https://gw.corp/videos'],
	['zhipuApi', 'https://gw.corp/async-result'],
	['zhipuApi', 'https://gw.corp/chat/completions/zhipu'],
	['vtrixApi', 'https://gw.corp/model'],
	['vtrixApi', 'https://gw.corp/model/v1/proxy'],
	['vtrixApi', 'https://gw.corp/model/v1/generation/proxy'],
];

describe.each(CREDENTIALS)('$displayName', (credential) => {
	const field = (name: string) => credential.properties.find((property) => property.name === name);

	test('hides the key and needs it', () => {
		expect(field('apiKey')).toMatchObject({ typeOptions: { password: true }, required: true });
	});

	test('has its help on the project page', () => {
		expect(credential.documentationUrl).toBe(`${manifest.homepage}#credentials`);
	});

	test('offers each region that has a host, then custom', () => {
		const regions = regionsOf(credential.name as CredentialType);
		const offered = (field('region')?.options ?? []) as INodePropertyOptions[];
		expect(offered.map(({ value }) => value)).toEqual(regions.length ? [...regions, 'custom'] : []);
	});

	test.each(PASTED)('sends the key pasted as %j as %j', (pasted, key) => {
		const sent = evaluate(credential.authenticate, { apiKey: pasted });
		const scheme = credential.name === 'viduApi' ? 'Token' : 'Bearer';
		expect(sent).toEqual({
			type: 'generic',
			properties: { headers: { Authorization: `${scheme} ${key}` } },
		});
		expect(cleanKey(pasted)).toBe(key);
	});

	test('says below the field, not in a tooltip only, where to get a key', () => {
		const { hint = '' } = field('apiKey')!;
		const addresses = { viduApi: 'platform.vidu.com', zhipuApi: 'bigmodel.cn', vtrixApi: 'vtrix.ai' };
		expect(hint).toContain(`href="https://${addresses[credential.name as CredentialType]}"`);
	});

	test('is tested by every node that takes it, for n8n asks any of them', () => {
		const nodes: INodeType[] = [new Vidu(), new ViduTrigger(), new CogVideoX()];
		const takers = nodes.filter(({ description }) =>
			description.credentials!.some(({ name }) => name === credential.name),
		);
		expect(takers.length).toBeGreaterThan(0);
		for (const { description, methods } of takers) {
			const { testedBy } = description.credentials!.find(({ name }) => name === credential.name)!;
			expect(methods?.credentialTest).toHaveProperty(testedBy as string);
		}
	});
});

test.each(ROOTS)('%s %j calls %s', (type, data, root) => {
	expect(apiRoot(type, data)).toBe(root);
});

test.each(GATEWAYS)('%s leaves a gateway its own path: %s', (type, baseUrl) => {
	expect(apiRoot(type, { region: 'custom', baseUrl })).toBe(baseUrl);
	expect(apiRoot(type, { region: 'custom', baseUrl: `${baseUrl}/` })).toBe(baseUrl);
});

test('a long text pasted for a key loses the blanks around it', () => {
	const blanks = ' '.repeat(200_000);
	expect(cleanKey(`vda_1${blanks}2${blanks}`)).toBe(`vda_1${blanks}2`);
});

test.each(['', 'api.vidu.com', 'ftp://api.vidu.com', 'https://'])(
	'a Base URL of "%s" is named as the thing to change',
	(baseUrl) => {
		expect(() => apiRoot('viduApi', { region: 'custom', baseUrl })).toThrow(/Base URL/);
	},
);

/** Status and body. */
type Reply = [number, string];
interface KeyTest {
	name: string;
	type: CredentialType;
	test: typeof testViduApi;
	path: string;
	authorization: string;
	good: Reply[];
	bad: Reply[];
}
const TESTS: KeyTest[] = [
	{
		name: 'Vidu',
		type: 'viduApi',
		test: testViduApi,
		path: '/ent/v2/credits',
		authorization: 'Token sk-good',
		good: [[200, '{"remains":[]}']],
		bad: [
			[401, '{"reason":"Unauthorized"}'],
			[403, '{"reason":"Forbidden"}'],
		],
	},
	{
		name: 'Zhipu',
		type: 'zhipuApi',
		test: testZhipuApi,
		path: '/models',
		authorization: 'Bearer sk-good',
		good: [[200, '{"data":[]}']],
		bad: [
			[401, '{"error":{"code":"1000"}}'],
			[403, '{}'],
		],
	},
	{
		name: 'Vtrix',
		type: 'vtrixApi',
		test: testVtrixApi,
		path: '/model/v1/generation/task/credential-test',
		authorization: 'Bearer sk-good',
		good: [
			[404, '{"message":"no such task"}'],
			[400, '{"error":"bad id"}'],
		],
		bad: [[401, '{"message":"invalid key"}']],
	},
];

describe.each(TESTS)('the test of a $name key', ({ name, type, test: ask, path, authorization, good, bad }) => {
	let server: Server;
	let answer: RequestListener;
	let baseUrl: string;

	beforeAll(async () => {
		server = createServer((request, response) => answer(request, response));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	});
	afterAll(() => server.close());

	const run = async (data: Data = {}) =>
		await ask.call(new CredentialTestContext({} as never), {
			id: '1',
			name,
			type,
			data: { region: 'custom', baseUrl, apiKey: ' "sk-good" ', ...data },
		});
	const answering =
		(status: number, body: string): RequestListener =>
		(_, response) =>
			response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' }).end(body);

	test('asks what is free, with the key', async () => {
		let seen: unknown;
		answer = (request, response) => {
			seen = { method: request.method, url: request.url, authorization: request.headers.authorization };
			answering(...good[0])(request, response);
		};
		expect((await run()).status).toBe('OK');
		expect(seen).toEqual({ method: 'GET', url: path, authorization });
	});

	test.each(good)('HTTP %i %s: the key is good', async (status, body) => {
		answer = answering(status, body);
		expect(await run()).toEqual({ status: 'OK', message: 'Connection successful' });
	});

	test.each(bad)('HTTP %i %s: the key is not accepted', async (status, body) => {
		answer = answering(status, body);
		expect(await run()).toEqual({
			status: 'Error',
			message: expect.stringContaining(`${name} does not accept this API key`),
		});
	});

	test.each([
		[429, '{"message":"slow down"}', 'busy'],
		[502, '<html>bad gateway</html>', 'busy'],
		[404, '<html>not found</html>', 'Check Base URL'],
		[200, '<html>welcome</html>', 'Check Base URL'],
	])('HTTP %i %s: says %s', async (status, body, message) => {
		answer = answering(status, body);
		const result = await run();
		expect(result).toEqual({ status: 'Error', message: expect.stringContaining(message) });
		expect(result.message).toContain(`HTTP ${status}`);
	});

	test('a redirect is not followed, for it would carry the key to another host', async () => {
		const asked: Array<string | undefined> = [];
		answer = ({ url }, response) => {
			asked.push(url);
			response.writeHead(302, { location: '/elsewhere' }).end();
		};
		expect(await run()).toEqual({ status: 'Error', message: expect.stringContaining('Check Base URL') });
		expect(asked).toEqual([path]);
	});

	test.each([
		['http://127.0.0.1:9', '127.0.0.1:9'],
		['http://nowhere.invalid/v4', 'nowhere.invalid'],
	])('says which address does not answer, and to check Base URL: %s', async (nowhere, host) => {
		const { status, message } = await run({ baseUrl: nowhere });
		expect(status).toBe('Error');
		expect(message).toContain(host);
		expect(message).toContain('Check Base URL');
	});

	test('asks for a Base URL that is one', async () => {
		expect(await run({ baseUrl: '' })).toMatchObject({ status: 'Error', message: expect.stringContaining('Base URL') });
	});
});

test('a region without an answer is not blamed on a Base URL that does not show', async () => {
	const request = async () => {
		throw Object.assign(new Error('getaddrinfo ENOTFOUND api.vidu.com'), { code: 'ENOTFOUND' });
	};
	const context = { helpers: { request } } as unknown as ICredentialTestFunctions;
	const data = { region: 'global', baseUrl: '', apiKey: 'vda_1' };
	const { message } = await testViduApi.call(context, { id: '1', name: 'Vidu', type: 'viduApi', data });
	expect(message).toBe('n8n cannot connect to api.vidu.com (ENOTFOUND). Check that n8n can reach the internet.');
});

describe.each([
	['Vidu', 'viduApi', testViduApi, 'global', 'api.vidu.com'],
	['Zhipu', 'zhipuApi', testZhipuApi, 'zai', 'api.z.ai'],
] as const)('%s with a region of its own', (name, type, test_, region, host) => {
	const ask = async (statusCode: number, body: unknown) => {
		const context = { helpers: { request: async () => ({ statusCode, body }) } } as unknown as ICredentialTestFunctions;
		return await test_.call(context, { id: '1', name, type, data: { region, baseUrl: '', apiKey: 'vda_1' } });
	};

	test.each([302, 404, 418])('HTTP %i is not blamed on a Base URL that does not show', async (status) => {
		const result = await ask(status, '<html>login</html>');
		expect(result).toEqual({
			status: 'Error',
			message: expect.stringContaining(
				`The answer from ${host} does not look like ${name}'s (HTTP ${status}). Check whether a proxy`,
			),
		});
		expect(result.message).not.toContain('Base URL');
	});

	test('HTTP 402 means an account without a balance', async () => {
		const { message } = await ask(402, { message: 'top up' });
		expect(message).toBe(`The ${name} account has no balance left. Top it up, then test the key again.`);
	});
});

describe('a Vtrix key is not called good', () => {
	const tested = async (
		replyTo: (key: string | undefined) => { statusCode: number; body: unknown },
		baseUrl = 'https://example.com/wrong',
	) => {
		const keys: unknown[] = [];
		const request = async ({ headers }: { headers: { Authorization?: string } }) => {
			keys.push(headers.Authorization);
			return replyTo(headers.Authorization);
		};
		const context = { helpers: { request } } as unknown as ICredentialTestFunctions;
		const result = await testVtrixApi.call(context, {
			id: '1',
			name: 'Vtrix',
			type: 'vtrixApi',
			data: { baseUrl, apiKey: 'sk-1' },
		});
		return { ...result, keys };
	};
	const path = '/model/v1/generation/task/credential-test';

	test.each([
		[{ message: 'Not Found' }],
		[{ message: `Cannot GET /wrong${path}`, path: `/wrong${path}` }],
		[{ detail: 'Not Found', url: `https://example.com/wrong${path}` }],
		[{}],
		['<html>no task here</html>'],
		[undefined],
	])('by a 404 that any server may give: %j', async (body) => {
		const { status, message } = await tested(() => ({ statusCode: 404, body }));
		expect([status, message]).toEqual([
			'Error',
			'The server at this address does not answer like Vtrix (HTTP 404). Check Base URL.',
		]);
	});

	test('unless the server asks for a key first', async () => {
		const { status, keys } = await tested((key) =>
			key ? { statusCode: 404, body: { message: 'not found' } } : { statusCode: 401, body: {} },
		);
		expect(status).toBe('OK');
		expect(keys).toEqual(['Bearer sk-1', undefined]);
	});

	test.each([
		['speaks of the task', 'https://gw.corp', { message: 'task credential-test not found' }],
		['is the host of Vtrix', 'https://cloud.vtrix.ai/model/v1', { message: 'not found' }],
	])('unless it %s', async (_why, baseUrl, body) => {
		const { status, keys } = await tested(() => ({ statusCode: 404, body }), baseUrl);
		expect([status, keys]).toEqual(['OK', ['Bearer sk-1']]);
	});
});

test('a Vtrix key without a balance is told from a bad one', async () => {
	const server = createServer((_, response) => response.writeHead(402).end('{"message":"top up"}'));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const result = await testVtrixApi.call(new CredentialTestContext({} as never), {
		id: '1',
		name: 'Vtrix',
		type: 'vtrixApi',
		data: { baseUrl, apiKey: 'sk-good' },
	});
	server.close();
	expect(result).toEqual({ status: 'Error', message: expect.stringContaining('no balance') });
});

/** As n8n does for a credential: every text beginning with = is an expression over $credentials. */
function evaluate(value: unknown, $credentials: Data): unknown {
	const node: INode = {
		id: '1',
		name: 'Node',
		type: 'test',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const nodeTypes = { getByNameAndVersion: () => undefined } as unknown as INodeTypes;
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return workflow.expression.getSimpleParameterValue(node, value as string, 'internal', {
		$credentials,
	});
}

test.each<[CredentialType, string, string]>([
	['viduApi', 'https://api.vidu.com', 'global'],
	['viduApi', 'https://api.vidu.cn', 'china'],
	['viduApi', 'http://api.vidu.cn:8080', 'china'],
	['viduApi', 'https://eu.vidu.com/x', 'global'],
	['viduApi', 'http://127.0.0.1:4010', 'global'],
	['viduApi', 'https://gateway.example.com', 'global'],
	['zhipuApi', 'https://open.bigmodel.cn/api/paas/v4', 'bigmodel'],
	['zhipuApi', 'https://api.z.ai/api/paas/v4', 'zai'],
	['zhipuApi', 'https://gateway.example.com/v4', 'bigmodel'],
	['vtrixApi', 'https://cloud.vtrix.ai', ''],
])('prices of %s at %s are those of "%s"', (type, root, region) => {
	expect(regionOf(type, root)).toBe(region);
});

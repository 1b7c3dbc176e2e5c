import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { CredentialTestContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialType,
	type INode,
	type INodePropertyOptions,
	type INodeTypes,
} from 'n8n-workflow';

import { ViduApi } from '../../credentials/ViduApi.credentials';
import { VtrixApi } from '../../credentials/VtrixApi.credentials';
import { ZhipuApi } from '../../credentials/ZhipuApi.credentials';
import { testVtrixApi } from '../../lib/n8n/credentialTests';
import { apiRoot, regionsOf, type CredentialType } from '../../lib/n8n/hosts';
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

	test('sends the key without the spaces pasted around it', () => {
		const sent = evaluate(credential.authenticate, { apiKey: ' sk-1\t' });
		const scheme = credential.name === 'viduApi' ? 'Token' : 'Bearer';
		expect(sent).toEqual({
			type: 'generic',
			properties: { headers: { Authorization: `${scheme} sk-1` } },
		});
	});
});

test.each(ROOTS)('%s %j calls %s', (type, data, root) => {
	expect(apiRoot(type, data)).toBe(root);
});

test.each(ROOTS.filter(([type]) => type !== 'vtrixApi'))(
	'the test request of %s %j goes to %s',
	(type, data, root) => {
		const request = CREDENTIALS.find(({ name }) => name === type)?.test?.request;
		expect(evaluate(request?.baseURL, data)).toBe(root);
	},
);

test.each(['', 'api.vidu.com', 'ftp://api.vidu.com', 'https://'])(
	'a Base URL of "%s" is named as the thing to change',
	(baseUrl) => {
		expect(() => apiRoot('viduApi', { region: 'custom', baseUrl })).toThrow(/Base URL/);
	},
);

describe('the test of a Vtrix key', () => {
	let server: Server;
	let answer: RequestListener;
	let baseUrl: string;

	beforeAll(async () => {
		server = createServer((request, response) => answer(request, response));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	});
	afterAll(() => server.close());

	const run = (data: Data = { baseUrl, apiKey: ' sk-good ' }) =>
		testVtrixApi.call(new CredentialTestContext({} as never), {
			id: '1',
			name: 'Vtrix',
			type: 'vtrixApi',
			data,
		});

	test('asks for a task that does not exist, with the key', async () => {
		let seen: unknown;
		answer = ({ method, url, headers }, response) => {
			seen = { method, url, authorization: headers.authorization };
			response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"gone"}');
		};
		expect((await run()).status).toBe('OK');
		expect(seen).toEqual({
			method: 'GET',
			url: '/model/v1/generation/task/credential-test',
			authorization: 'Bearer sk-good',
		});
	});

	test.each([
		[400, '{"error":"bad id"}', 'OK', 'successful'],
		[404, '{"message":"no such task"}', 'OK', 'successful'],
		[401, '{"message":"invalid key"}', 'Error', 'does not accept this API key'],
		[403, '{"message":"forbidden"}', 'Error', 'no balance or no permission'],
		[429, '{"message":"slow down"}', 'Error', 'HTTP 429'],
		[502, '<html>bad gateway</html>', 'Error', 'HTTP 502'],
		[404, '<html>not found</html>', 'Error', 'Base URL'],
		[200, '<html>welcome</html>', 'Error', 'Base URL'],
	])('HTTP %i %s: %s, %s', async (status, body, verdict, message) => {
		answer = (_, response) => response.writeHead(status).end(body);
		expect(await run()).toEqual({ status: verdict, message: expect.stringContaining(message) });
	});

	test('says so when nobody answers', async () => {
		const result = await run({ baseUrl: 'http://127.0.0.1:9', apiKey: 'sk-good' });
		expect(result).toMatchObject({ status: 'Error', message: expect.stringContaining('127.0.0.1') });
	});

	test('asks for a Base URL that is one', async () => {
		const result = await run({ baseUrl: '', apiKey: 'sk-good' });
		expect(result).toMatchObject({ status: 'Error', message: expect.stringContaining('Base URL') });
	});
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

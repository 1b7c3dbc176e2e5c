import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';

import { apiRoot, cleanKey, hostOf, regionsOf, VTRIX_ROOT, type CredentialType } from './apiRoots';

/**
 * Each asks its service for something free. In code and not declared in the credential: a declared test shows the bare
 * code of a host that does not answer, takes any web page for a good answer, and in n8n 1.x any 404 for a bad key.
 */

const TEST_TIMEOUT_MS = 30_000;

type Data = Record<string, unknown>;

interface KeyTest {
	type: CredentialType;
	service: string;
	scheme: 'Token' | 'Bearer';
	path: string;
	/** Statuses of an answer, in JSON, to a good key. */
	good: readonly number[];
	/** What other statuses mean. */
	refusals: Readonly<Record<number, string>>;
	/** Where a good key gets 404, as any server without that path says it: a word that tells the service from those. */
	ownWord?: RegExp;
}

const noBalance = (service: string): string =>
	`The ${service} account has no balance left. Top it up, then test the key again.`;
const VIDU_REFUSES = 'Vidu does not accept this API key. Check the key, its region and its rights.';
const ZHIPU_REFUSES = 'Zhipu does not accept this API key. Check the key and its region.';
const VTRIX_IS_EMPTY = 'Vtrix knows this API key, but its account has no balance or no permission';

const VIDU: KeyTest = {
	type: 'viduApi',
	service: 'Vidu',
	scheme: 'Token',
	path: '/ent/v2/credits',
	good: [200],
	// the global host answers a wrong key with 403 too
	refusals: { 401: VIDU_REFUSES, 402: noBalance('Vidu'), 403: VIDU_REFUSES },
};
const ZHIPU: KeyTest = {
	type: 'zhipuApi',
	service: 'Zhipu',
	scheme: 'Bearer',
	path: '/models',
	good: [200],
	refusals: { 401: ZHIPU_REFUSES, 402: noBalance('Zhipu'), 403: ZHIPU_REFUSES },
};
/** A task that does not exist: Vtrix has no free call that answers a good key with 200. */
const VTRIX: KeyTest = {
	type: 'vtrixApi',
	service: 'Vtrix',
	scheme: 'Bearer',
	path: '/model/v1/generation/task/credential-test',
	good: [200, 400, 404],
	ownWord: /task/i,
	refusals: {
		401: 'Vtrix does not accept this API key',
		402: VTRIX_IS_EMPTY,
		403: VTRIX_IS_EMPTY,
	},
};

/** n8n's test of a Vidu key: reads the credits of its account. */
export async function testViduApi(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	return await testKey(this, VIDU, data);
}

/** n8n's test of a Zhipu key: lists the models. */
export async function testZhipuApi(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	return await testKey(this, ZHIPU, data);
}

/** n8n's test of a Vtrix key: asks for a task that does not exist, 401 for a bad key, 404 or 400 for a good one. */
export async function testVtrixApi(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	return await testKey(this, VTRIX, data);
}

async function testKey(
	context: ICredentialTestFunctions,
	keyTest: KeyTest,
	data: Data,
): Promise<INodeCredentialTestResult> {
	// the only helper n8n hands to a credential test
	const { request } = context.helpers;
	const { type, scheme, path } = keyTest;
	const isRegion = regionsOf(type).includes(String(data.region));
	let root: string;
	try {
		root = apiRoot(type, data);
	} catch (cause) {
		return failed(cause instanceof Error ? cause.message : String(cause));
	}
	const ask = async (headers: Record<string, string>): Promise<Reply> => {
		const { statusCode, body } = (await request({
			method: 'GET',
			uri: `${root}${path}`,
			headers,
			timeout: TEST_TIMEOUT_MS,
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			// a redirect would carry the key to another host
			followRedirect: false,
		})) as { statusCode: number; body: unknown };
		return { status: statusCode, body };
	};
	try {
		const reply = await ask({ Authorization: `${scheme} ${cleanKey(data.apiKey)}` });
		const isService = root === VTRIX_ROOT || !isAnybodys(keyTest, reply) || isRefused(await ask({}));
		return readReply(keyTest, reply, isService, isRegion ? hostOf(root) : undefined);
	} catch (cause) {
		const remedy = isRegion ? 'Check that n8n can reach the internet.' : 'Check Base URL.';
		return failed(`n8n cannot connect to ${hostOf(root)} (${codeOf(cause)}). ${remedy}`);
	}
}

interface Reply {
	status: number;
	body: unknown;
}

/** Any web server has pages; the services answer in JSON. */
const isJson = (body: unknown): boolean => typeof body === 'object' && body !== null;

/** Whether any server without that path may have said so. What it asked for is often part of the answer. */
function isAnybodys({ ownWord, path }: KeyTest, { status, body }: Reply): boolean {
	return status === 404 && isJson(body) && ownWord?.test(JSON.stringify(body).replaceAll(path.slice(1), '')) === false;
}

/** A service asks for a key before it looks for a task; a server that has no such path does not. */
const isRefused = ({ status }: Reply): boolean => status === 401 || status === 403;

/** @param regionHost where the user has chosen a region: then there is no Base URL to check */
function readReply(
	{ service, good, refusals }: KeyTest,
	{ status, body }: Reply,
	isService: boolean,
	regionHost: string | undefined,
): INodeCredentialTestResult {
	if (isService && isJson(body) && good.includes(status)) return { status: 'OK', message: 'Connection successful' };
	const refusal = refusals[status];
	if (refusal !== undefined) return failed(refusal);
	if (status === 429 || status >= 500)
		return failed(`${service} is too busy to check the key (HTTP ${status}). Try again later.`);
	return failed(
		regionHost === undefined
			? `The server at this address does not answer like ${service} (HTTP ${status}). Check Base URL.`
			: `The answer from ${regionHost} does not look like ${service}'s (HTTP ${status}). Check whether a proxy or firewall of your network answers in its place.`,
	);
}

/** "ECONNREFUSED"; a message where there is no code. */
function codeOf(cause: unknown): string {
	for (let link = cause; link instanceof Error; link = link.cause) {
		const { code } = link as { code?: unknown };
		if (typeof code === 'string') return code;
	}
	return cause instanceof Error ? cause.message : String(cause);
}

const failed = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

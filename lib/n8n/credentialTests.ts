import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { apiRoot } from './hosts';

const TEST_TIMEOUT_MS = 30_000;

/**
 * Asks Vtrix for a task that does not exist, which is free: 401 for a bad key, 404 or 400 for a good one. A
 * declarative test cannot say so: n8n 1.x takes every 404 for a failed test.
 */
export async function testVtrixApi(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	// the only helper n8n hands to a credential test
	const { request } = this.helpers;
	try {
		const root = apiRoot('vtrixApi', data);
		const reply = await request({
			method: 'GET',
			uri: `${root}/model/v1/generation/task/credential-test`,
			headers: { Authorization: `Bearer ${String(data.apiKey).trim()}` },
			timeout: TEST_TIMEOUT_MS,
			json: true,
			simple: false,
			resolveWithFullResponse: true,
		});
		return readVtrixTest(reply.statusCode, reply.body);
	} catch (error) {
		return failed(error instanceof Error ? error.message : String(error));
	}
}

function readVtrixTest(status: number, body: unknown): INodeCredentialTestResult {
	if (status === 401) return failed('Vtrix does not accept this API key');
	if (status === 402 || status === 403)
		return failed('Vtrix knows this API key, but its account has no balance or no permission');
	if (status === 429 || status >= 500)
		return failed(`Vtrix is too busy to check the key (HTTP ${status}). Try again later.`);
	// any web server says 404; Vtrix says it in JSON
	if (typeof body !== 'object' || body === null)
		return failed(`Nothing at Base URL answers like Vtrix (HTTP ${status})`);
	return { status: 'OK', message: 'Connection successful' };
}

const failed = (message: string): INodeCredentialTestResult => ({ status: 'Error', message });

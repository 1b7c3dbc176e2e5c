import { createHash } from 'node:crypto';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { storedName } from './binary';

/**
 * How "the user changed the wish" is told from "an expression reads differently": an expression may give another value on
 * every try, but what it is written as does not change, and neither do the item's own data, which n8n keeps for a retry.
 */

/** Parameters that say how to wait and what to do with the video; changing one of them is no other wish. */
const RUN_PARAMETERS = new Set([
	...['dryRun', 'waitForCompletion', 'waitMode', 'downloadVideo', 'binaryPropertyName'],
	'limits',
]);
/** What of the files goes into the request. */
const WISH_FILES = new Set(['callbackUrl', 'payload', 'removeDuplicateImages', 'sendBinaryAsSignedUrl']);

/**
 * Reads the origin of each item of this run: a hash of the item's own data, of the node's parameters as written (those
 * that make the request) and of the account.
 * @param accountIdentity of the credential
 */
export function originReader(context: IExecuteFunctions, accountIdentity: string): (itemIndex: number) => string {
	const written = hash(accountIdentity, stableJson(wishParameters(context.getNode().parameters)));
	const items = context.getInputData();
	return (itemIndex) => hash(written, dataOf(items[itemIndex] ?? { json: {} }));
}

function wishParameters(parameters: Record<string, unknown>): Record<string, unknown> {
	const isWish = ([name]: [string, unknown]): boolean => !RUN_PARAMETERS.has(name);
	const { files } = parameters;
	const wish = Object.fromEntries(Object.entries(parameters).filter(isWish));
	if (typeof files !== 'object' || files === null) return wish;
	return { ...wish, files: Object.fromEntries(Object.entries(files).filter(([name]) => WISH_FILES.has(name))) };
}

function dataOf({ json, binary = {} }: INodeExecutionData): string {
	const files = Object.entries(binary).map(([name, { id, data }]) => [
		name,
		id === undefined ? hash(data) : storedName(id),
	]);
	try {
		return JSON.stringify([json, files]);
	} catch {
		// a Code node can put out what is no JSON; n8n keeps no such item for a retry
		return JSON.stringify(files);
	}
}

/** JSON with the keys in order: n8n may write them in another one when a workflow is saved. */
function stableJson(value: unknown): string {
	return JSON.stringify(value, (_key, inner: unknown) =>
		typeof inner === 'object' && inner !== null && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inner,
	);
}

function hash(...parts: string[]): string {
	const hashing = createHash('sha256');
	for (const part of parts) hashing.update(part).update('\n');
	return hashing.digest('hex').slice(0, 24);
}

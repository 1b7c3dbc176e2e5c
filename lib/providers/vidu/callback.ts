import { createHmac, timingSafeEqual } from 'node:crypto';

import type { SignedCall } from '../../core/provider';

/**
 * Vidu's callback signature, as described on platform.vidu.com/docs/callback-signature. It covers method, path, query,
 * date and the named headers, not the body: a genuine call is a reason to ask, not an answer.
 */

const ALGORITHM = 'hmac-sha256';
const ACCESS_KEY = 'vidu';
const NONCE_HEADER = 'x-request-nonce';

/** @returns what tells the call from others, and its date; undefined when no target of the call was signed with the key */
export function verifyViduCallback(
	{ method, headers, targets }: SignedCall,
	key: string,
): { nonce: string; dateMs: number } | undefined {
	const date = headers.date ?? '';
	const signature = headers['x-hmac-signature'] ?? '';
	const dateMs = Date.parse(date);
	const isScheme =
		(headers['x-hmac-algorithm'] ?? ALGORITHM).toLowerCase() === ALGORITHM &&
		(headers['x-hmac-access-key'] ?? ACCESS_KEY) === ACCESS_KEY;
	if (key === '' || Number.isNaN(dateMs) || !isScheme) return undefined;
	const signedHeaders = (headers['x-hmac-signed-headers'] ?? '').split(';').filter((name) => name !== '');
	const isGenuine = targets.some((target) =>
		isSame(signature, sign(toSigned(method, target, date, signedHeaders, headers), key)),
	);
	if (!isGenuine) return undefined;
	// one that is not signed could be changed at will: then the signature itself tells calls apart
	const isNonceSigned = signedHeaders.some((name) => name.trim().toLowerCase() === NONCE_HEADER);
	return { nonce: (isNonceSigned && headers[NONCE_HEADER]) || signature, dateMs };
}

/** Lines joined by LF, with one at the end; header names as spelled in X-HMAC-SIGNED-HEADERS. */
function toSigned(
	method: string,
	target: string,
	date: string,
	signedHeaders: readonly string[],
	headers: SignedCall['headers'],
): string {
	const at = target.indexOf('?');
	const path = at < 0 ? target : target.slice(0, at);
	const query = at < 0 ? '' : target.slice(at + 1);
	return [
		method.toUpperCase(),
		path === '' ? '/' : path,
		query,
		ACCESS_KEY,
		date,
		...signedHeaders.map((name) => `${name}:${headers[name.trim().toLowerCase()] ?? ''}`),
		'',
	].join('\n');
}

const sign = (text: string, key: string): string => createHmac('sha256', key).update(text).digest('base64');

function isSame(given: string, expected: string): boolean {
	const [left, right] = [Buffer.from(given), Buffer.from(expected)];
	return left.length === right.length && timingSafeEqual(left, right);
}

import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The API key `{id}.{secret}` behind a token that a client signed with it (docs/api/zhipu.md#hosts-and-keys): HS256 over header and payload,
 * header `alg` HS256 and `sign_type` SIGN, payload `api_key` (the id), `exp` and `timestamp`, both in milliseconds.
 * @returns undefined when it is no such token of one of the keys
 */
export function readToken(
	token: string,
	keys: readonly string[],
	nowMs: number,
): { key: string; isExpired: boolean } | undefined {
	const [head, body, signature, ...more] = token.split('.');
	if (signature === undefined || more.length > 0) return undefined;
	const header = decode(head);
	const payload = decode(body);
	if (header?.alg !== 'HS256' || header.sign_type !== 'SIGN') return undefined;
	if (typeof payload?.exp !== 'number' || typeof payload.timestamp !== 'number') return undefined;
	const key = keys.find((candidate) => candidate.split('.')[0] === payload.api_key);
	const secret = key?.split('.')[1];
	if (
		key === undefined ||
		secret === undefined ||
		!isSame(signature, createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url'))
	)
		return undefined;
	return { key, isExpired: payload.exp <= nowMs };
}

function decode(part: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}

const isSame = (one: string, other: string): boolean =>
	one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

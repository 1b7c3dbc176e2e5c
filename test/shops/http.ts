import type { EmulatorRequest } from '../emulator/core/messages';

/** What doubles read from a request, beside what the emulator's own messages have. */

export { jsonReply, lowerHeaders } from '../emulator/core/messages';
export type { EmulatorRequest, Headers, Reply, Service } from '../emulator/core/messages';

export async function readBytes({ body }: EmulatorRequest): Promise<Buffer> {
	if (typeof body === 'function') return await body();
	if (body === undefined) return Buffer.alloc(0);
	return Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** @returns nothing where the body is not a JSON object */
export async function readObject(request: EmulatorRequest): Promise<Record<string, unknown> | undefined> {
	try {
		const value = JSON.parse((await readBytes(request)).toString()) as unknown;
		return value !== null && typeof value === 'object' && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: undefined;
	} catch {
		return undefined;
	}
}

/** `name:password` of HTTP's basic login. */
export function basicLogin(authorization: string | undefined): string | undefined {
	const [, code] = /^Basic (.+)$/.exec(authorization ?? '') ?? [];
	return code === undefined ? undefined : Buffer.from(code, 'base64').toString();
}

/** True for the first bytes of an MP4 file. */
export const isMp4 = (bytes: Buffer): boolean => bytes.subarray(4, 8).toString() === 'ftyp';

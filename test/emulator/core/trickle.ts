import type { Clock } from './clock';
import type { Reply } from './messages';
import { chunksOf } from './messages';

export interface Drip {
	everyMs: number;
	/** Default 1. */
	bytes?: number;
}

/** The same reply, its body so many bytes at a time. */
export function trickle(reply: Reply, drip: Drip, clock: Clock): Reply {
	const { headers, body } = reply;
	const isWhole = typeof body === 'string' || Buffer.isBuffer(body);
	return {
		...reply,
		headers: isWhole ? { ...headers, 'content-length': String(Buffer.byteLength(body)) } : headers,
		body: drop(chunksOf(body), drip, clock),
	};
}

async function* drop(
	chunks: AsyncIterable<Buffer>,
	{ everyMs, bytes = 1 }: Drip,
	clock: Clock,
): AsyncGenerator<Buffer> {
	for await (const chunk of chunks)
		for (let at = 0; at < chunk.length; at += bytes) {
			await new Promise<void>((resolve) => clock.setTimer(everyMs, resolve));
			yield chunk.subarray(at, at + bytes);
		}
}

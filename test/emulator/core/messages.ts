export type ProviderName = 'vidu' | 'zhipu' | 'vtrix';
export const PROVIDERS: readonly ProviderName[] = ['vidu', 'zhipu', 'vtrix'];

/** What a request is for, the same words at every provider. `callback` is a request the emulator makes. */
export type RequestKind =
	'submit' | 'ask' | 'cancel' | 'list' | 'credits' | 'models' | 'spec' | 'download' | 'image' | 'callback' | 'other';

/** One request, from a socket or handed in directly. */
export interface EmulatorRequest {
	method: string;
	/** Path and query exactly as in the request line; a full URL also works with `Emulator.send`. */
	target: string;
	/** Names in any case. */
	headers?: Record<string, string | string[] | undefined>;
	/** JSON text, bytes, a plain value that stands for JSON, or a reader that is called only if the body is wanted. */
	body?: string | Buffer | object | (() => Promise<Buffer>);
	/** Aborts when the client hangs up. */
	signal?: AbortSignal;
}

export interface Reply {
	status: number;
	headers: Record<string, string>;
	body: string | Buffer | AsyncIterable<Buffer>;
}

/** The connection broke, as a client would notice it: `ECONNRESET`, or `ECONNREFUSED` during an outage. */
export class ConnectionLost extends Error {
	constructor(readonly code: 'ECONNRESET' | 'ECONNREFUSED') {
		super(code === 'ECONNRESET' ? 'socket hang up' : 'connect ECONNREFUSED');
	}
}

/** Anything that answers requests: a provider, the video host, the image host, the control endpoint. */
export interface Service {
	handle(request: EmulatorRequest): Promise<Reply>;
}

export type Headers = Record<string, string>;

export function lowerHeaders(headers: EmulatorRequest['headers'] = {}): Headers {
	const lower: Headers = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined) lower[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
	}
	return lower;
}

/** Bytes, and for a plain value the value itself, so that a bench does not pay for text it never sends. */
export interface ReadBody {
	bytes: number;
	text(): string;
	/** Throws SyntaxError when the body is not JSON. */
	json(): unknown;
}

export async function readBody(body: EmulatorRequest['body']): Promise<ReadBody> {
	if (typeof body === 'function') return bodyOf(await body());
	if (body === undefined) return bodyOf('');
	if (typeof body === 'string' || Buffer.isBuffer(body)) return bodyOf(body);
	const text = JSON.stringify(body);
	return { ...bodyOf(text), json: () => JSON.parse(text) as unknown };
}

function bodyOf(raw: string | Buffer): ReadBody {
	return {
		bytes: Buffer.byteLength(raw),
		text: () => raw.toString(),
		json: () => JSON.parse(raw.toString()) as unknown,
	};
}

export const jsonReply = (status: number, value: unknown, headers: Headers = {}): Reply => ({
	status,
	headers: { 'content-type': 'application/json', ...headers },
	body: JSON.stringify(value),
});

export async function* chunksOf(body: Reply['body']): AsyncGenerator<Buffer> {
	if (typeof body === 'string' || Buffer.isBuffer(body)) yield Buffer.from(body);
	else yield* body;
}

/** The whole body as bytes; consumes a stream. */
export async function readReply(reply: Reply): Promise<Buffer> {
	if (typeof reply.body === 'string') return Buffer.from(reply.body);
	if (Buffer.isBuffer(reply.body)) return reply.body;
	const chunks: Buffer[] = [];
	for await (const chunk of reply.body) chunks.push(chunk);
	return Buffer.concat(chunks);
}

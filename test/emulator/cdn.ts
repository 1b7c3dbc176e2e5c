import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RequestRecord } from './core/journal';
import type { AnswerFault, DownloadFault } from './core/faults';
import type { EmulatorRequest, Headers, ProviderName, Reply, Service } from './core/messages';
import { chunksOf, ConnectionLost, lowerHeaders } from './core/messages';
import { randomHex } from './core/random';
import type { Clip, Task } from './core/tasks';
import { trickle } from './core/trickle';
import type { World } from './core/world';

export const ASSETS = join(__dirname, 'assets');
export type CdnFile = 'video.mp4' | 'watermarked.mp4' | 'cover.jpeg' | 'image.png' | 'sound.mp3';
/** What a task without a clip of its own ends in. */
const SHARED_CLIP: Clip = { video: 'video.mp4', cover: 'cover.jpg' };

/** Ten frames of silence: MPEG-1 layer III, 128 kbit/s, 44.1 kHz, 417 bytes each. */
const SOUND = Buffer.concat(
	Array.from({ length: 10 }, () => Buffer.concat([Buffer.from('fffb9000', 'hex'), Buffer.alloc(413)])),
);

/** Path, expiry (Unix seconds) and nonce: all that a signed target is made from. */
interface Ticket {
	provider: ProviderName;
	taskId: string;
	file: CdnFile;
	expires: number;
	nonce: string;
}

/**
 * The signed target of a file. Its query holds `~ + / %2F ! * ( )` and `%27`, which WHATWG URL leaves alone and which
 * every decode-and-encode (URLSearchParams, encodeURIComponent, qs) changes, as with Vidu's CloudFront links (docs/api/vidu.md#links).
 */
function signTarget({ provider, taskId, file, expires, nonce }: Ticket, quote: string): string {
	const path = `/${provider}/${taskId}/${file}`;
	const signature = createHmac('sha256', 'emulator')
		.update(`${path} ${expires} ${nonce}`)
		.digest('base64')
		.replace(/=/g, '');
	return `${path}?Expires=${expires}&rid=${nonce}&Policy=a%2Fb~c+d!(${quote})*&Signature=${signature}~_/+__&Key-Pair-Id=K2EMULATOR`;
}

/** Signs and serves the videos and covers of ended tasks. */
export class Cdn implements Service {
	private readonly files = new Map<string, Buffer>();

	constructor(private readonly world: World) {}

	/** A fresh URL, different at every call. */
	mintUrl(task: Task, file: CdnFile): string {
		const { world } = this;
		const { urlSeconds, coverUrlSeconds } = world.settings;
		const isShort = task.provider === 'vidu' && file === 'cover.jpeg';
		const expires =
			Math.floor(world.clock.nowMs() / 1000) + (isShort ? Math.min(coverUrlSeconds, urlSeconds) : urlSeconds);
		const ticket: Ticket = {
			provider: task.provider,
			taskId: task.id,
			file,
			expires,
			nonce: randomHex(world.random, 16),
		};
		return world.urls.cdn + signTarget(ticket, this.quote());
	}

	async handle(request: EmulatorRequest): Promise<Reply> {
		const { world } = this;
		const headers = lowerHeaders(request.headers);
		const ticket = readTicket(request.target);
		const task = ticket && world.boards[ticket.provider].find(ticket.taskId);
		const record = world.journal.open({
			provider: ticket?.provider ?? 'images',
			kind: 'download',
			method: request.method,
			path: request.target,
			taskId: ticket?.taskId,
		});
		request.signal?.addEventListener('abort', () => world.journal.close(record, 'aborted'));
		try {
			if (noteKeyLeak(world, 'cdn', request.target, headers))
				return finish(xml(400, 'InvalidArgument', 'Only one auth mechanism allowed; remove the Authorization header'));
			const outage = world.outageOf('cdn');
			if (outage?.how === 'refuse') throw new ConnectionLost('ECONNREFUSED');
			if (outage) return finish(xml(503, 'ServiceUnavailable', 'Please try again later'));
			const target = { provider: ticket?.provider ?? 'vidu', kind: 'download', task } as const;
			const trouble = world.faults.take('answer', target);
			if (trouble) {
				record.fault = trouble.do;
				const reply = await this.answerFault(trouble);
				if (reply) return finish(reply);
			}
			const drip = trouble?.do === 'trickle' ? trouble : undefined;
			const reply = this.answer(request, headers, ticket, task);
			if (reply.status >= 300) return finish(reply);
			const fault = world.faults.take('download', target);
			if (fault?.do) record.fault = fault.do;
			if (fault?.do === 'expire') return finish(expired());
			if (task) task.downloads++;
			const sent = fault?.do === 'replaceBody' ? replaced(reply, fault) : reply;
			if (request.method === 'HEAD') return finish(sent);
			return { ...sent, body: this.stream(drip ? trickle(sent, drip, world.clock) : sent, fault, record) };
		} catch (error) {
			world.journal.close(
				record,
				error instanceof ConnectionLost && error.code === 'ECONNREFUSED' ? 'refused' : 'reset',
			);
			throw error;
		}
		function finish(reply: Reply): Reply {
			world.journal.close(record, reply.status);
			return reply;
		}
	}

	private answer(
		request: EmulatorRequest,
		headers: Headers,
		ticket: Ticket | undefined,
		task: Task | undefined,
	): Reply {
		if (request.method !== 'GET' && request.method !== 'HEAD')
			return xml(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource');
		// The raw target, byte for byte: the slightest re-encoding breaks a signature.
		if (ticket === undefined || signTarget(ticket, this.quote()) !== request.target)
			return xml(
				403,
				'SignatureDoesNotMatch',
				'The request signature we calculated does not match the signature you provided',
			);
		if (this.world.clock.nowMs() / 1000 > ticket.expires) return expired();
		if (task === undefined) return xml(404, 'NoSuchKey', 'The specified key does not exist');
		const file = this.fileOf(task, ticket.file);
		const bytes = ticket.file === 'watermarked.mp4' ? markVideo(file.bytes) : file.bytes;
		const wanted =
			ticket.file !== 'video.mp4' && ticket.file !== 'watermarked.mp4' ? 0 : (this.world.settings.videoBytes ?? 0);
		const total = wanted >= bytes.length + 16 ? wanted : bytes.length; // room for the header of a free box
		const range = readRange(headers.range, total);
		if (range === 'invalid')
			return {
				...xml(416, 'InvalidRange', 'The requested range is not satisfiable'),
				headers: { 'content-type': 'application/xml', 'content-range': `bytes */${total}` },
			};
		const [from, to] = range ?? [0, total - 1];
		return {
			status: range ? 206 : 200,
			headers: {
				'content-type': file.type,
				'content-length': String(to - from + 1),
				'accept-ranges': 'bytes',
				etag: `"${ticket.taskId}/${ticket.file}"`,
				...(range ? { 'content-range': `bytes ${from}-${to}/${total}` } : {}),
			},
			body: sliceFile(bytes, total, from, to),
		};
	}

	/** The bytes that stand in for a task's video or cover. */
	private fileOf({ plan: { clip = SHARED_CLIP } }: Task, file: CdnFile): { bytes: Buffer; type: string } {
		if (file === 'sound.mp3') return { bytes: SOUND, type: 'audio/mpeg' };
		if (file === 'image.png') return { bytes: readFileSync(join(ASSETS, 'sneaker.png')), type: 'image/png' };
		const isCover = file === 'cover.jpeg';
		const name = isCover ? clip.cover : clip.video;
		const bytes = this.files.get(name) ?? readFileSync(join(ASSETS, name));
		this.files.set(name, bytes);
		return { bytes, type: isCover ? 'image/jpeg' : 'video/mp4' };
	}

	private async answerFault(fault: AnswerFault): Promise<Reply | undefined> {
		switch (fault.do) {
			case 'resetBefore':
			case 'resetAfter':
				throw new ConnectionLost('ECONNRESET');
			case 'hang':
				await (fault.seconds === undefined
					? new Promise(() => undefined)
					: this.world.clock.sleep(fault.seconds * 1000));
				return fault.handled ? undefined : xml(504, 'GatewayTimeout', 'The origin did not answer');
			case 'status': {
				const retryAfter: Headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
				const reply = xmlFault(fault.status, fault);
				return { ...reply, headers: { ...reply.headers, ...retryAfter } };
			}
			case 'trickle':
				return fault.status === undefined ? undefined : trickle(xmlFault(fault.status, fault), fault, this.world.clock);
			default:
				return xml(200, 'InternalError', 'Not a video');
		}
	}

	/** Hands the bytes over as the fault wants it, and closes the record at the end. */
	private async *stream(
		{ status, headers, body }: Reply,
		fault: DownloadFault | undefined,
		record: RequestRecord,
	): AsyncGenerator<Buffer> {
		const { journal, clock } = this.world;
		const length = Number(headers['content-length']);
		const breakAt = fault?.do === 'truncate' ? (fault.bytes ?? Math.floor(length / 2)) : Infinity;
		let sent = 0;
		try {
			for await (const chunk of chunksOf(body)) {
				const part = chunk.subarray(0, Math.max(0, breakAt - sent));
				if (part.length > 0) yield part;
				sent += part.length;
				if (sent >= breakAt) throw new ConnectionLost('ECONNRESET');
				if (fault?.do === 'throttle') await clock.sleep((part.length * 1000) / fault.bytesPerSecond);
			}
			journal.close(record, status);
		} finally {
			journal.close(record, 'reset');
		}
	}

	private quote(): string {
		return this.world.settings.rawQuoteInUrls ? "'" : '%27';
	}
}

function readTicket(target: string): Ticket | undefined {
	const match =
		/^\/(vidu|zhipu|vtrix)\/([^/?]+)\/(video\.mp4|watermarked\.mp4|cover\.jpeg|image\.png|sound\.mp3)\?(?:.*&)?Expires=(\d+)&rid=([0-9a-f]+)&/.exec(
			target,
		);
	return match
		? {
				provider: match[1] as ProviderName,
				taskId: match[2],
				file: match[3] as CdnFile,
				expires: Number(match[4]),
				nonce: match[5],
			}
		: undefined;
}

/** True, and in the journal, when a request brings a key where none belongs. */
export function noteKeyLeak(world: World, host: 'cdn' | 'images', path: string, headers: Headers): boolean {
	const values = Object.values(headers);
	const isLeak =
		headers.authorization !== undefined ||
		world.allKeys().some((key) => path.includes(key) || values.some((value) => value.includes(key)));
	if (isLeak) world.journal.noteKeyLeak({ host, path, authorization: headers.authorization ?? '' });
	return isLeak;
}

/** First and last byte; undefined without a range. One range only, as object stores do. */
function readRange(header: string | undefined, total: number): [from: number, to: number] | 'invalid' | undefined {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
	if (!match || (match[1] === '' && match[2] === '')) return undefined;
	const from = match[1] === '' ? Math.max(0, total - Number(match[2])) : Number(match[1]);
	const to = match[1] === '' || match[2] === '' ? total - 1 : Math.min(total - 1, Number(match[2]));
	return from > to || from >= total ? 'invalid' : [from, to];
}

const ZEROS = Buffer.alloc(65_536);

/** Bytes `from` to `to` of the file made `total` bytes long by an MP4 `free` box, in chunks of 64 KiB at most. */
async function* sliceFile(file: Buffer, total: number, from: number, to: number): AsyncGenerator<Buffer> {
	const head = total > file.length ? Buffer.concat([file, freeBoxHeader(total - file.length)]) : file;
	for (let at = from; at <= to;) {
		const chunk =
			at < head.length
				? head.subarray(at, Math.min(head.length, to + 1, at + ZEROS.length))
				: ZEROS.subarray(0, Math.min(ZEROS.length, to + 1 - at));
		yield chunk;
		at += chunk.length;
	}
}

/** The same film in other bytes, with the words of Vidu's mark in a box that players skip: a test can tell the two apart. */
function markVideo(video: Buffer): Buffer {
	const words = Buffer.from('AI generated');
	return Buffer.concat([video, freeBoxHeader(16 + words.length), words]);
}

/** A box of `size` bytes that players skip; always the 16-byte header, which also holds sizes beyond 4 GB. */
function freeBoxHeader(size: number): Buffer {
	const header = Buffer.alloc(16);
	header.writeUInt32BE(1, 0);
	header.write('free', 4, 'latin1');
	header.writeBigUInt64BE(BigInt(size), 8);
	return header;
}

function xml(status: number, code: string, message: string): Reply {
	return {
		status,
		headers: { 'content-type': 'application/xml' },
		body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
	};
}

const xmlFault = (
	status: number,
	{ code = 'InternalError', message = 'We encountered an internal error' }: { code?: string; message?: string },
): Reply => xml(status, code, message);

const PAGE =
	'<!doctype html>\n<html><head><title>Sign in</title></head><body>Sign in to the network to go on.</body></html>\n';

/** What a captive portal or a broken cache sends in a file's place. */
function replaced(
	{ headers }: Reply,
	{ body = PAGE, contentType = headers['content-type'] }: Extract<DownloadFault, { do: 'replaceBody' }>,
): Reply {
	return {
		status: 200,
		headers: { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)) },
		body,
	};
}

const expired = (): Reply => xml(403, 'AccessDenied', 'Request has expired');

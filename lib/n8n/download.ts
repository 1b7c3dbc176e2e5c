import type {
	IBinaryData,
	IBinaryKeyData,
	IExecuteFunctions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';

import { deliverVideo, type Fetched } from '../core/download';
import type { Trouble } from '../core/trouble';
import type { Clock, TaskReport } from '../core/types';

/** Streams a video from the file server into n8n's binary storage. It is never in memory whole. */

const HEADERS_TIMEOUT_MS = 60_000;
/** A transfer that brings nothing for this long is given up. */
const STALL_MS = 60_000;
/** How much of a refusal's body is looked at. */
const REFUSAL_BYTES = 4_096;

/** The part of a Node stream used here; node:stream itself is off limits for nodes. */
type ByteStream = AsyncIterable<Buffer> & { destroy(): void };

export interface DownloadSettings {
	fileName: string;
	/** Larger files are refused. */
	maxBytes: number;
}

/** Where a finished video goes. */
export interface Destination extends DownloadSettings {
	/** Binary field of the video. */
	field: string;
	/** Binary field of the cover; none is fetched without it. */
	coverField?: string;
}

/**
 * Fetches the video of a finished task, with fresh links where one fails, and its cover where the user wants it.
 * @returns binary fields for the item, or a trouble that holds the link and the id
 */
export async function storeVideo(
	context: IExecuteFunctions | IWebhookFunctions,
	task: { taskId: string; report: TaskReport; askAgain: () => Promise<TaskReport | undefined> },
	{ field, coverField, fileName, maxBytes }: Destination,
	clock: Clock,
	signal?: AbortSignal,
): Promise<{ result: IBinaryKeyData } | { trouble: Trouble }> {
	const { taskId, report, askAgain } = task;
	const fetchAs = async (url: string, name: string) =>
		await fetchFile(context, url, { fileName: name, maxBytes }, clock, signal);
	const delivered = await deliverVideo<IBinaryData>(
		taskId,
		report,
		askAgain,
		async (url) => await fetchAs(url, fileName),
		clock,
		signal,
	);
	if ('trouble' in delivered) return delivered;
	const result: IBinaryKeyData = { [field]: delivered.stored };
	const { coverUrl } = delivered.report;
	if (coverField !== undefined && coverUrl !== undefined) {
		// a cover is a nicety: without it the video is still the video
		const cover = await fetchAs(coverUrl, `${taskId}.jpg`);
		if (cover.kind === 'stored') result[coverField] = cover.stored;
	}
	return { result };
}

/**
 * One attempt. The URL goes out byte for byte, without the credential.
 * @returns what became of it; never rejects for anything the network or the file server does
 */
async function fetchFile(
	context: IExecuteFunctions | IWebhookFunctions,
	url: string,
	{ fileName, maxBytes }: DownloadSettings,
	clock: Clock,
	signal?: AbortSignal,
): Promise<Fetched<IBinaryData>> {
	const cutOff = new AbortController();
	const stop = () => cutOff.abort();
	signal?.addEventListener('abort', stop, { once: true });
	try {
		const reply = (await context.helpers.httpRequest({
			method: 'GET',
			url,
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			timeout: HEADERS_TIMEOUT_MS,
			abortSignal: cutOff.signal,
		})) as IN8nHttpFullResponse;
		const body = reply.body as unknown as ByteStream;
		if (reply.statusCode !== 200) return await readRefusal(reply.statusCode, body);
		const lengthBytes = Number(reply.headers['content-length'] ?? NaN);
		if (lengthBytes > maxBytes) {
			body.destroy();
			return tooBig(lengthBytes, maxBytes);
		}
		return await store(context, body, String(reply.headers['content-type'] ?? ''), lengthBytes, {
			fileName,
			maxBytes,
			clock,
			cutOff,
		});
	} catch (cause) {
		return { kind: 'broken', reason: reasonOf(cause) };
	} finally {
		signal?.removeEventListener('abort', stop);
	}
}

async function store(
	context: IExecuteFunctions | IWebhookFunctions,
	body: ByteStream,
	contentType: string,
	lengthBytes: number,
	parts: DownloadSettings & { clock: Clock; cutOff: AbortController },
): Promise<Fetched<IBinaryData>> {
	const { fileName, maxBytes, clock, cutOff } = parts;
	const chunks = body[Symbol.asyncIterator]();
	const first = await chunks.next();
	const mimeType = first.done ? undefined : readMime(first.value, contentType);
	if (first.done || mimeType === undefined) {
		body.destroy();
		return {
			kind: 'broken',
			reason: first.done ? 'The file is empty' : `The link brought ${contentType || 'something'} that is no video`,
		};
	}
	let receivedBytes = 0;
	let isOver = false;
	let isTooBig = false;
	async function* counted(): AsyncGenerator<Buffer> {
		try {
			for (let chunk: IteratorResult<Buffer> = first; !chunk.done; chunk = await chunks.next()) {
				receivedBytes += chunk.value.length;
				if (receivedBytes > maxBytes) {
					isTooBig = true;
					throw new Error('The file is too big');
				}
				yield chunk.value;
			}
		} finally {
			body.destroy();
		}
	}
	const guard = async () => {
		for (let seenBytes = -1; !isOver && seenBytes < receivedBytes; ) {
			seenBytes = receivedBytes;
			await clock.sleep(STALL_MS, cutOff.signal);
		}
		if (!isOver) cutOff.abort();
	};
	void guard();
	try {
		// every Node stream class inherits Readable.from; n8n takes nothing but a Readable
		const { from } = body.constructor as unknown as {
			from(chunks: AsyncIterable<Buffer>, options: { objectMode: boolean }): never;
		};
		const stored = await context.helpers.prepareBinaryData(
			from(counted(), { objectMode: false }),
			fileName,
			mimeType,
		);
		if (lengthBytes > receivedBytes)
			return { kind: 'broken', reason: `Only ${receivedBytes} of ${lengthBytes} bytes arrived` };
		return { kind: 'stored', stored };
	} catch (cause) {
		return isTooBig
			? tooBig(receivedBytes, maxBytes)
			: { kind: 'broken', reason: cutOff.signal.aborted ? 'The transfer stood still' : reasonOf(cause) };
	} finally {
		isOver = true;
		cutOff.abort();
	}
}

/** The type from the file's first bytes; what the server claims counts only where they say nothing. */
function readMime(head: Buffer, claimed: string): string | undefined {
	const brand = head.toString('latin1', 4, 12);
	if (brand.startsWith('ftyp')) return brand.endsWith('qt  ') ? 'video/quicktime' : 'video/mp4';
	if (head.readUInt8(0) === 0x1a && head.toString('hex', 0, 4) === '1a45dfa3') return 'video/webm';
	const format = IMAGE_STARTS.find(([start]) => head.toString('hex', 0, 16).startsWith(start));
	if (format) return format[1];
	const mime = claimed.split(';')[0].trim().toLowerCase();
	return /^(video|image)\//.test(mime) || mime === 'application/octet-stream'
		? mime.replace('application/octet-stream', 'video/mp4')
		: undefined;
}

const IMAGE_STARTS: ReadonlyArray<readonly [string, string]> = [
	['ffd8ff', 'image/jpeg'],
	['89504e47', 'image/png'],
	['52494646', 'image/webp'],
];

/** Signed links of CDNs answer 403 to everything: only the body tells an old link from a broken one. */
async function readRefusal(status: number, body: ByteStream): Promise<Fetched<never>> {
	let text = '';
	for await (const chunk of body) {
		text += chunk.toString('utf8');
		if (text.length > REFUSAL_BYTES) break;
	}
	return status === 410 || /expired|AccessDenied.*expire/i.test(text)
		? { kind: 'expired' }
		: { kind: 'refused', status };
}

function tooBig(bytes: number, maxBytes: number): Fetched<never> {
	const megabytes = (count: number) => `${(count / (1024 * 1024)).toFixed(0)} MB`;
	return {
		kind: 'given up',
		reason: `The file is larger (${megabytes(bytes)} or more) than Max File Size allows (${megabytes(maxBytes)})`,
	};
}

function reasonOf(cause: unknown): string {
	if (!(cause instanceof Error)) return 'The transfer broke off';
	const { code } = cause as { code?: unknown };
	return `The transfer broke off (${typeof code === 'string' ? code : cause.message})`;
}

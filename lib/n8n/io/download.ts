import type {
	IBinaryData,
	IBinaryKeyData,
	IExecuteFunctions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';

import { deliverVideo, type Fetched, type FileFacts, type FinishedTask } from '../../core/download';
import { toText } from '../../core/fields';
import { HEAD_BYTES, readFileType, withEnding, type Wanted } from '../../core/fileType';
import { GivenUp, unlessGivenUp, withinTime } from '../../core/limit';
import type { Failure } from '../../core/failure';
import type { Clock } from '../../core/clock';
import type { ClipFacts } from '../../core/mp4';
import type { TaskReport } from '../../core/provider';
import { MEBIBYTE } from '../../core/units';
import { PassingFile } from './passingFile';

/** Streams a video, an image or a sound from the file server into n8n's binary storage. It is never in memory whole. */

/** From the request to the last header. */
const HEADERS_LIMIT_MS = 60_000;
/** A transfer must bring so much in each minute: less is a server that trickles, not a slow line (80 kbit/s). */
const WATCH_MS = 60_000;
const LEAST_BYTES_A_WATCH = 600_000;
/** And the whole file within half an hour, or the time its length takes at 100 kB/s on top. */
const TRANSFER_LIMIT_MS = 30 * 60_000;
const SLOWEST_BYTES_PER_MS = 100;
/** n8n's own limit stands behind ours. */
const BACKSTOP_MS = 1_000;
const REFUSAL_LIMIT_MS = 10_000;
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
	/** Binary field of the file. */
	field: string;
	/** What it is; a video where nothing is said. All else gets the ending of what it really is. */
	made?: Wanted;
	/** Binary field of the cover; none is fetched without it. */
	coverField?: string;
}

/** A video that has arrived. */
export interface StoredVideo {
	/** Fields for the item. */
	binary: IBinaryKeyData;
	file: FileFacts;
	/** Of what the task made beside it; a hole for what has not arrived. */
	furtherFiles?: ReadonlyArray<FileFacts | undefined>;
}

/** What the item needs, or a failure that holds the link and the id; and the report whose link was tried last. */
export type Storing = { report: TaskReport } & ({ result: StoredVideo } | { failure: Failure; arrived?: StoredVideo });

/** A file that has arrived, and what it says of itself. */
interface StoredFile {
	data: IBinaryData;
	sizeBytes: number;
	clip: ClipFacts;
}

/**
 * Fetches the video of a finished task, with fresh links where one fails, and its cover where the user wants it.
 */
export async function storeVideo(
	context: IExecuteFunctions | IWebhookFunctions,
	task: FinishedTask,
	{ field, coverField, fileName, maxBytes, made = 'video' }: Destination,
	clock: Clock,
	signal?: AbortSignal,
): Promise<Storing> {
	const { taskId, report } = task;
	const fetchAs = async (url: string, name: string, wanted: Wanted) =>
		await fetchFile(context, url, { fileName: name, maxBytes, wanted }, clock, signal);
	const delivered = await deliverVideo<StoredFile>(
		taskId,
		report,
		async () => await task.askAgain(),
		async (url) => await fetchAs(url, fileName, made),
		clock,
		signal,
		made === 'any' ? 'file' : made === 'audio' ? 'sound' : made,
	);
	if ('failure' in delivered) return delivered;
	const { data, sizeBytes, clip: own } = delivered.stored;
	const { coverUrl, clip } = delivered.report;
	const binary: IBinaryKeyData = { [field]: data };
	if (coverField !== undefined && coverUrl !== undefined) {
		// a cover is a nicety: without it the video is still the video
		const cover = await fetchAs(coverUrl, `${taskId}.jpg`, 'image');
		if (cover.kind === 'stored') binary[coverField] = cover.stored.data;
	}
	const file = { fileName: data.fileName ?? fileName, mimeType: data.mimeType, sizeBytes, ...clip, ...own };
	return { result: { binary, file }, report: delivered.report };
}

interface FileWish extends DownloadSettings {
	wanted: Wanted;
}

/**
 * One attempt. The URL goes out byte for byte, without the credential.
 * @returns what became of it; never rejects for anything the network or the file server does
 */
async function fetchFile(
	context: IExecuteFunctions | IWebhookFunctions,
	url: string,
	wish: FileWish,
	clock: Clock,
	signal?: AbortSignal,
): Promise<Fetched<StoredFile>> {
	const cutOff = new AbortController();
	const stop = () => cutOff.abort();
	signal?.addEventListener('abort', stop, { once: true });
	try {
		const reply = await withinTime(
			HEADERS_LIMIT_MS,
			clock,
			async () =>
				(await context.helpers.httpRequest({
					method: 'GET',
					url,
					encoding: 'stream',
					returnFullResponse: true,
					ignoreHttpStatusErrors: true,
					timeout: HEADERS_LIMIT_MS + BACKSTOP_MS,
					abortSignal: cutOff.signal,
				})) as IN8nHttpFullResponse,
		);
		const body = reply.body as unknown as ByteStream;
		if (reply.statusCode !== 200) return await readRefusal(reply.statusCode, body, clock);
		const lengthBytes = Number(reply.headers['content-length'] ?? NaN);
		if (lengthBytes > wish.maxBytes) {
			body.destroy();
			return tooBig(lengthBytes, wish.maxBytes);
		}
		const transfer: Transfer = { lengthBytes, receivedBytes: 0, isOver: false };
		return await unlessGivenUp(
			async (over) => await watch(transfer, clock, over),
			store(context, body, toText(reply.headers['content-type']) ?? '', transfer, wish),
		);
	} catch (cause) {
		return { kind: 'broken', reason: reasonOf(cause) };
	} finally {
		// whatever is still on its way
		cutOff.abort();
		signal?.removeEventListener('abort', stop);
	}
}

/** A file on its way. */
interface Transfer {
	/** As the server says; NaN where it does not. */
	lengthBytes: number;
	receivedBytes: number;
	/** The server has nothing more to send; how long storing takes is not its doing. */
	isOver: boolean;
}

/** @returns why the transfer is not worth waiting for any longer; undefined when all is there */
async function watch(transfer: Transfer, clock: Clock, over: AbortSignal): Promise<string | undefined> {
	const limitMs = TRANSFER_LIMIT_MS + (transfer.lengthBytes || 0) / SLOWEST_BYTES_PER_MS;
	for (let watchedMs = 0; watchedMs < limitMs; watchedMs += WATCH_MS) {
		const seenBytes = transfer.receivedBytes;
		await clock.sleep(WATCH_MS, over);
		if (over.aborted || transfer.isOver) return undefined;
		const arrivedBytes = transfer.receivedBytes - seenBytes;
		if (arrivedBytes === 0) return 'The transfer stalled';
		if (arrivedBytes < LEAST_BYTES_A_WATCH) return `Only ${arrivedBytes} bytes arrived in a minute`;
	}
	return `The transfer was not complete after ${Math.ceil(limitMs / 60_000)} minutes`;
}

async function store(
	context: IExecuteFunctions | IWebhookFunctions,
	body: ByteStream,
	contentType: string,
	transfer: Transfer,
	{ fileName, maxBytes, wanted }: FileWish,
): Promise<Fetched<StoredFile>> {
	const { lengthBytes } = transfer;
	const passing = new PassingFile();
	const chunks = body[Symbol.asyncIterator]();
	const next = async (): Promise<Buffer | undefined> => {
		const chunk = await chunks.next();
		if (chunk.done) transfer.isOver = true;
		else {
			transfer.receivedBytes += chunk.value.length;
			passing.feed(chunk.value);
		}
		return chunk.done ? undefined : chunk.value;
	};
	const heads: Buffer[] = [];
	while (transfer.receivedBytes < HEAD_BYTES) {
		const chunk = await next();
		if (chunk === undefined) break;
		heads.push(chunk);
	}
	const head = Buffer.concat(heads);
	const mimeType = readFileType(head, contentType, wanted);
	if (mimeType === undefined) {
		body.destroy();
		return { kind: 'broken', reason: whatCame(transfer, contentType, wanted) };
	}
	let isTooBig = false;
	async function* counted(): AsyncGenerator<Buffer> {
		try {
			for (let chunk: Buffer | undefined = head; chunk !== undefined; chunk = await next()) {
				if (transfer.receivedBytes > maxBytes) {
					isTooBig = true;
					throw new Error('The file is too big');
				}
				yield chunk;
			}
		} finally {
			body.destroy();
		}
	}
	try {
		// every Node stream class inherits Readable.from; n8n takes nothing but a Readable
		const { from } = body.constructor as unknown as {
			from(chunks: AsyncIterable<Buffer>, options: { objectMode: boolean }): never;
		};
		const name = wanted === 'video' ? fileName : withEnding(fileName, mimeType);
		const data = await context.helpers.prepareBinaryData(from(counted(), { objectMode: false }), name, mimeType);
		if (lengthBytes > transfer.receivedBytes) return { kind: 'broken', reason: cutShort(transfer) };
		return { kind: 'stored', stored: { data, sizeBytes: transfer.receivedBytes, clip: passing.facts(mimeType) } };
	} catch (cause) {
		return isTooBig ? tooBig(transfer.receivedBytes, maxBytes) : { kind: 'broken', reason: reasonOf(cause) };
	}
}

const NOUNS: Record<Wanted, string> = {
	video: 'a video',
	image: 'an image',
	audio: 'a sound',
	any: 'a video, image or sound',
};

function whatCame(transfer: Transfer, contentType: string, wanted: Wanted): string {
	const { receivedBytes, lengthBytes, isOver } = transfer;
	if (receivedBytes === 0) return 'The file is empty';
	if (isOver && lengthBytes > receivedBytes) return cutShort(transfer);
	const claim = contentType === '' ? '' : `, sent as ${contentType},`;
	const size = isOver ? ` (${receivedBytes} ${receivedBytes === 1 ? 'byte' : 'bytes'})` : '';
	return `What the link gave${claim} is not ${NOUNS[wanted]}${size}`;
}

const cutShort = ({ receivedBytes, lengthBytes }: Transfer): string =>
	`Only ${receivedBytes} of ${lengthBytes} bytes arrived`;

/** Signed links of CDNs answer 403 to everything: only the body tells an old link from a broken one. */
async function readRefusal(status: number, body: ByteStream, clock: Clock): Promise<Fetched<never>> {
	let text = '';
	const read = async () => {
		for await (const chunk of body) {
			text += chunk.toString('utf8');
			if (text.length > REFUSAL_BYTES) break;
		}
	};
	try {
		await withinTime(REFUSAL_LIMIT_MS, clock, read);
	} catch {
		// what has come of the reason has to do
	}
	body.destroy();
	return status === 410 || /expired|AccessDenied.*expire/i.test(text)
		? { kind: 'expired' }
		: { kind: 'refused', status };
}

function tooBig(bytes: number, maxBytes: number): Fetched<never> {
	const megabytes = (count: number) => `${(count / MEBIBYTE).toFixed(0)} MB`;
	return {
		kind: 'given up',
		reason: `The file is larger (${megabytes(bytes)} or more) than Max File Size allows (${megabytes(maxBytes)})`,
	};
}

function reasonOf(cause: unknown): string {
	if (!(cause instanceof Error)) return 'The transfer was cut off';
	if (cause instanceof GivenUp) return cause.message;
	const { code } = cause as { code?: unknown };
	return `The transfer was cut off (${typeof code === 'string' ? code : cause.message})`;
}

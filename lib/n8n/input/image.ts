import { createHash } from 'node:crypto';
import type { IBinaryData, IExecuteFunctions, IN8nHttpFullResponse } from 'n8n-workflow';

import type { ImageRules } from '../../catalogue/types';
import { base64ByteLength, dataUri, decodeHead, parseBase64Image } from '../../core/images/base64';
import { readImageHeader, type ImageHeader } from '../../core/images/header';
import { checkFramePair, checkImage, type ImageFault } from '../../core/images/rules';
import { toText } from '../../core/fields';
import { withinTime } from '../../core/limit';
import type { Leaf } from '../../core/body';
import { SIGNED_URL_LENGTH, storedName, type BinaryReader } from './binary';
import { systemClock } from '../io/clock';
import { invalid, InvalidInput } from './invalidInput';
import { readPublicUrl, type Reach } from './publicUrl';
import type { ImageSource } from './sources';
import { show } from './values';

/** Opens an item's images: looks at their first bytes, checks them, and keeps only what it takes to load them later. */

/** Enough for every format but a JPEG with a large profile in front of its size. */
const FIRST_HEAD_BYTES = 4_096;
const LONG_HEAD_BYTES = 256 * 1024;
const CHECK_TIMEOUT_MS = 15_000;
const CHECK_REDIRECTS = 5;

export interface ImageSettings extends Reach {
	/** Fetch the head of images given by URL and check it too. */
	checkUrls: boolean;
	/** Let the service fetch binary images from this n8n instead of sending them as base64. */
	asSignedUrl: boolean;
}

/** An image that passed. */
export interface CheckedImage extends Leaf {
	/** What its first bytes told; absent for a URL that was not looked at. */
	header?: ImageHeader;
}

interface Seen {
	header: ImageHeader;
	sizeBytes?: number;
}

export class ImageReader {
	/**
	 * @param rules of the model, or the provider's widest for a custom one
	 * @param taker who takes images like this, for messages
	 */
	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
		private readonly rules: ImageRules,
		private readonly taker: string,
		private readonly settings: ImageSettings,
		private readonly binaries: BinaryReader,
	) {}

	/** @throws InvalidInput with a message that names the parameter and says what to do */
	async open(source: ImageSource, parameter: string): Promise<CheckedImage> {
		switch (source.mode) {
			case 'url':
				return await this.openUrl(source.value, parameter);
			case 'base64':
				return this.openBase64(source.value, parameter);
			case 'binary':
				return await this.openBinary(source.value, parameter);
		}
	}

	/** Start and end frame must resemble each other. */
	checkPair(first: CheckedImage, last: CheckedImage): void {
		if (!first.header || !last.header) return;
		const fault = checkFramePair(first.header, last.header, this.rules, this.taker);
		if (fault) throw refusedImage('Start Image', fault);
	}

	private async openUrl(given: string, parameter: string): Promise<CheckedImage> {
		const value = readPublicUrl(given, parameter, this.settings, 'image');
		const image: CheckedImage = {
			identity: value,
			wireLength: value.length,
			load: async () => value,
		};
		if (!this.settings.checkUrls) return image;
		const seen = await this.lookAtUrl(value, parameter);
		this.check(seen, `${parameter} ${show(value)}`);
		return { ...image, ...seen };
	}

	private openBase64(value: string, parameter: string): CheckedImage {
		const parsed = parseBase64Image(value);
		if (!parsed)
			throw invalid(
				parameter,
				`${parameter} is not a base64 image`,
				// a guess for the advice: what only begins like an address is meant as one, too
				/^(?:https?:)?\/\//i.test(value.trim())
					? 'It looks like a URL. Switch the field to URL, or give the image as base64 text.'
					: 'Give the image as base64 text, with or without "data:image/png;base64," in front.',
			);
		const { base64 } = parsed;
		const sizeBytes = base64ByteLength(base64);
		const header = readImageHeader(decodeHead(base64, LONG_HEAD_BYTES), sizeBytes <= LONG_HEAD_BYTES);
		this.check({ header, sizeBytes }, parameter);
		const wire = dataUri(mimeOf(header), base64);
		return {
			identity: createHash('sha256').update(base64).digest('hex'),
			wireLength: wire.length,
			header,
			sizeBytes,
			load: async () => wire,
		};
	}

	private async openBinary(value: string | IBinaryData, parameter: string): Promise<CheckedImage> {
		const { context, itemIndex } = this;
		const binary = this.binaries.find(value, parameter, 'image');
		const name = typeof value === 'string' ? `${parameter} "${value}"` : parameter;
		const seen = await this.lookAtBinary(binary);
		this.check(seen, name);
		const mime = mimeOf(seen.header);
		const identity =
			binary.id !== undefined ? storedName(binary.id) : createHash('sha256').update(binary.data).digest('hex');
		if (this.settings.asSignedUrl) {
			// made again for the order, but an address that leads nowhere is told before anything is bought
			const sign = (): string => this.binaries.signedUrl(binary, parameter, 'image');
			sign();
			return { identity, wireLength: SIGNED_URL_LENGTH, ...seen, load: async () => sign() };
		}
		const bytes = seen.sizeBytes ?? 0;
		return {
			identity,
			wireLength: dataUri(mime, '').length + Math.ceil(bytes / 3) * 4,
			...seen,
			load: async () => {
				const whole = await context.helpers.getBinaryDataBuffer(itemIndex, value);
				return dataUri(mime, whole.toString('base64'));
			},
		};
	}

	/** Reads the head of the stored file; the file itself stays in the store. */
	private async lookAtBinary(binary: IBinaryData): Promise<Seen> {
		if (!binary.id) {
			const sizeBytes = base64ByteLength(binary.data);
			const head = decodeHead(binary.data, LONG_HEAD_BYTES);
			return { header: readImageHeader(head, sizeBytes <= LONG_HEAD_BYTES), sizeBytes };
		}
		const sizeBytes = binary.bytes ?? (await this.context.helpers.getBinaryMetadata(binary.id)).fileSize;
		const stream = await this.context.helpers.getBinaryStream(binary.id, FIRST_HEAD_BYTES * 4);
		const header = await readHead(stream as AsyncIterable<Buffer> & { destroy(): void }, sizeBytes);
		return { header, sizeBytes };
	}

	private async lookAtUrl(url: string, parameter: string): Promise<Seen> {
		let seen = await this.fetchHead(url, parameter, FIRST_HEAD_BYTES);
		if (seen.header.needMore) seen = await this.fetchHead(url, parameter, LONG_HEAD_BYTES);
		return seen;
	}

	/** @throws InvalidInput for whatever the host does: it is about this item's URL and about no other */
	private async fetchHead(url: string, parameter: string, bytes: number): Promise<Seen> {
		const name = `${parameter} ${show(url)}`;
		try {
			return await withinTime(
				CHECK_TIMEOUT_MS,
				systemClock,
				async (cutOff) => await this.readHeadOf(url, name, bytes, cutOff),
			);
		} catch (cause) {
			throw cause instanceof InvalidInput
				? cause
				: unreadableUrl(name, cause instanceof Error ? cause.message : String(cause));
		}
	}

	private async readHeadOf(url: string, name: string, bytes: number, cutOff: AbortSignal): Promise<Seen> {
		const reply = (await this.context.helpers.httpRequest({
			method: 'GET',
			url,
			headers: { Range: `bytes=0-${bytes - 1}` },
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			maxRedirects: CHECK_REDIRECTS,
			// n8n's own limit stands behind ours
			timeout: CHECK_TIMEOUT_MS * 2,
			abortSignal: cutOff,
		})) as IN8nHttpFullResponse;
		const body = reply.body as unknown as AsyncIterable<Buffer> & { destroy(): void };
		if (reply.statusCode !== 200 && reply.statusCode !== 206) {
			body.destroy();
			throw unreadableUrl(name, `the server answers HTTP ${reply.statusCode}`);
		}
		const total = /\/(\d+)$/.exec(toText(reply.headers['content-range']) ?? '')?.[1];
		const length = reply.statusCode === 200 ? reply.headers['content-length'] : total;
		const sizeBytes = length === undefined ? undefined : Number(length);
		let header: ImageHeader;
		try {
			header = await readHead(body, sizeBytes, bytes);
		} catch {
			throw unreadableUrl(name, 'the server broke off before the image could be checked');
		}
		return { header, ...(sizeBytes === undefined ? {} : { sizeBytes }) };
	}

	private check({ header, sizeBytes }: Seen, name: string): void {
		const fault = checkImage(header, sizeBytes, this.rules, this.taker);
		if (fault) throw refusedImage(name, fault);
	}
}

/** Reads until the header is known or `maxBytes` are there, then lets the rest go. */
async function readHead(
	stream: AsyncIterable<Buffer> & { destroy(): void },
	sizeBytes: number | undefined,
	maxBytes = LONG_HEAD_BYTES,
): Promise<ImageHeader> {
	let head = Buffer.alloc(0);
	let header = readImageHeader(head);
	try {
		for await (const chunk of stream) {
			head = Buffer.concat([head, chunk]);
			header = readImageHeader(head, head.length >= (sizeBytes ?? Infinity));
			if (!header.needMore || head.length >= maxBytes) break;
		}
	} finally {
		stream.destroy();
	}
	return header;
}

function mimeOf({ format }: ImageHeader): string {
	return `image/${format === 'unknown' ? 'png' : format}`;
}

function refusedImage(name: string, { what, allowed, advice }: ImageFault): InvalidInput {
	return invalid(name, `${name} ${what}`, `${allowed}. ${advice}.`);
}

function unreadableUrl(name: string, reason: string): InvalidInput {
	return invalid(
		name,
		`${name} cannot be fetched`,
		`${reason.replace(/\.$/, '')}. Check that the address opens without a login.`,
	);
}

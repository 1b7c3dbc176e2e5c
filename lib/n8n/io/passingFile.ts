import { readImageHeader } from '../../core/images/header';
import { Mp4Reader, type ClipFacts } from '../../core/mp4';

/** In front of an image's size stand its profile and thumbnails: nearly always within this. */
const HEAD_BYTES = 64 * 1024;

/** What a file says of itself, read while it passes by. */
export class PassingFile {
	private readonly clip = new Mp4Reader();
	private readonly head: Buffer[] = [];
	private headBytes = 0;

	feed(chunk: Buffer): void {
		this.clip.feed(chunk);
		if (this.headBytes >= HEAD_BYTES) return;
		this.head.push(chunk.subarray(0, HEAD_BYTES - this.headBytes));
		this.headBytes += chunk.length;
	}

	/** @param mimeType what it was found to be */
	facts(mimeType: string): ClipFacts {
		if (!mimeType.startsWith('image/')) return this.clip.facts();
		const { width, height } = readImageHeader(Buffer.concat(this.head));
		return width === undefined || height === undefined ? {} : { width, height };
	}
}

/** What the first bytes of an image say. The emulator's own reader, so that a mistake in the client's shows. */
export interface ImageFacts {
	format: 'png' | 'jpeg' | 'webp' | 'bmp';
	width: number;
	height: number;
	bytes: number;
}

export interface ImageRules {
	formats: readonly ImageFacts['format'][];
	/** Decoded bytes, decimal: "50MB" is read as 50,000,000, the stricter of two readings. */
	maxBytes: number;
	/** Widest allowed side ratio, 4 for 1:4 to 4:1; absent: no ratio rule. */
	maxRatio?: number;
	/** The ratio itself is refused too ("must be less than 1:4 or 4:1"). */
	ratioExclusive?: boolean;
	/** Shortest allowed side, pixels. */
	minSide?: number;
	/** Longest allowed side, pixels. */
	maxSide?: number;
	/** A blank after the comma of a data URI is taken (as in the sample of docs/api/zhipu.md#images). */
	blankAfterComma?: boolean;
}

export type ImageTrouble = 'form' | 'format' | 'bytes' | 'ratio' | 'side' | 'download';

/** Facts are absent for a URL that was not fetched. */
export type ImageVerdict = { ok: true; facts?: ImageFacts } | { ok: false; trouble: ImageTrouble; message: string };

/** Fetches an image; throws when it cannot. Given only when the emulator may fetch. */
export type FetchImage = (url: URL) => Promise<Buffer>;

const MIME: Record<string, ImageFacts['format']> = {
	'image/png': 'png',
	'image/jpeg': 'jpeg',
	'image/webp': 'webp',
	'image/bmp': 'bmp',
};

/** Looks at one image as sent: a public URL, or a data URI whose prefix names what the bytes are. */
export async function inspectImage(value: string, rules: ImageRules, fetchImage?: FetchImage): Promise<ImageVerdict> {
	if (/^https?:\/\//i.test(value)) {
		let url: URL;
		try {
			url = new URL(value);
		} catch {
			return refuse('form', 'is not a valid URL');
		}
		if (fetchImage === undefined || !isLoopback(url.hostname)) return { ok: true };
		let bytes: Buffer;
		try {
			bytes = await fetchImage(url);
		} catch (error) {
			return refuse('download', `could not be downloaded: ${(error as Error).message}`);
		}
		return judge(bytes, undefined, rules);
	}
	const comma = value.indexOf(',');
	const prefix = /^data:([a-z]+\/[a-z0-9.+-]+);base64$/.exec(value.slice(0, Math.max(0, comma)));
	if (!prefix) return refuse('form', 'must be a public URL or a data URI such as data:image/png;base64,…');
	const format = MIME[prefix[1]];
	if (format === undefined) return refuse('format', `content type ${prefix[1]} is not supported`);
	const base64 = value.slice(comma + (rules.blankAfterComma && value[comma + 1] === ' ' ? 2 : 1));
	if (!isBase64(base64)) return refuse('form', 'is not valid base64');
	return judge(Buffer.from(base64, 'base64'), format, rules);
}

/** Looks for what does not belong there: matching the whole text would keep a way back for each of its millions of letters. */
export const isBase64 = (text: string): boolean =>
	text.length > 0 &&
	text.length % 4 === 0 &&
	!/[^A-Za-z0-9+/]/.test(text.endsWith('=') ? text.replace(/={1,2}$/, '') : text);

function judge(bytes: Buffer, said: ImageFacts['format'] | undefined, rules: ImageRules): ImageVerdict {
	const facts = readImageFacts(bytes);
	if (facts === undefined) return refuse('format', 'is not a readable png, jpeg, webp or bmp');
	if (said !== undefined && said !== facts.format) return refuse('format', `says ${said} but holds ${facts.format}`);
	if (!rules.formats.includes(facts.format))
		return refuse('format', `${facts.format} is not supported, use ${rules.formats.join(', ')}`);
	if (facts.bytes > rules.maxBytes) return refuse('bytes', `has ${facts.bytes} bytes, more than ${rules.maxBytes}`);
	const ratio = Math.max(facts.width / facts.height, facts.height / facts.width);
	if (rules.maxRatio !== undefined && (ratio > rules.maxRatio || (rules.ratioExclusive && ratio === rules.maxRatio)))
		return refuse(
			'ratio',
			`aspect ratio of ${facts.width}x${facts.height} is outside 1:${rules.maxRatio} to ${rules.maxRatio}:1`,
		);
	if (rules.minSide !== undefined && Math.min(facts.width, facts.height) < rules.minSide)
		return refuse('side', `${facts.width}x${facts.height} is smaller than ${rules.minSide}x${rules.minSide}`);
	if (rules.maxSide !== undefined && Math.max(facts.width, facts.height) > rules.maxSide)
		return refuse('side', `${facts.width}x${facts.height} is larger than ${rules.maxSide}x${rules.maxSide}`);
	return { ok: true, facts };
}

/**
 * Start and end frame must be close: 0.8 to 1.25. One page says their aspect ratios, another their resolutions
 * (docs/api/vidu.md#images, docs/api/zhipu.md#images), so both must hold.
 */
export function areCloseFrames(start: ImageFacts, end: ImageFacts): boolean {
	const aspect = start.width / start.height / (end.width / end.height);
	const area = (start.width * start.height) / (end.width * end.height);
	return [aspect, area].every((quotient) => quotient >= 0.8 && quotient <= 1.25);
}

export function readImageFacts(bytes: Buffer): ImageFacts | undefined {
	const size = readPng(bytes) ?? readJpeg(bytes) ?? readWebp(bytes) ?? readBmp(bytes);
	return size && size.width > 0 && size.height > 0 ? { ...size, bytes: bytes.length } : undefined;
}

type Size = Omit<ImageFacts, 'bytes'> | undefined;

function readPng(bytes: Buffer): Size {
	if (
		bytes.length < 33 ||
		bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n' ||
		bytes.toString('latin1', 12, 16) !== 'IHDR'
	)
		return undefined;
	return { format: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function readJpeg(bytes: Buffer): Size {
	if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
	let at = 2;
	while (at + 9 <= bytes.length) {
		if (bytes[at] !== 0xff) return undefined;
		const marker = bytes[at + 1];
		if (marker === 0xff) {
			at++; // fill byte
			continue;
		}
		const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (isFrame) return { format: 'jpeg', width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
		if (marker === 0xda || marker === 0xd9) return undefined;
		at += 2 + bytes.readUInt16BE(at + 2);
	}
	return undefined;
}

function readWebp(bytes: Buffer): Size {
	if (bytes.length < 30 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP')
		return undefined;
	const chunk = bytes.toString('latin1', 12, 16);
	if (chunk === 'VP8 ')
		return { format: 'webp', width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
	if (chunk === 'VP8X')
		return { format: 'webp', width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
	if (chunk === 'VP8L') {
		const bits = bytes.readUInt32LE(21);
		return { format: 'webp', width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
	}
	return undefined;
}

/** With the header of Windows 3; an image may stand upside down. */
function readBmp(bytes: Buffer): Size {
	if (bytes.length < 26 || bytes.toString('latin1', 0, 2) !== 'BM' || bytes.readUInt32LE(14) < 40) return undefined;
	return { format: 'bmp', width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
}

export const isLoopback = (hostname: string): boolean =>
	hostname === 'localhost' || hostname === '[::1]' || hostname === '::1' || /^127(\.\d{1,3}){3}$/.test(hostname);

const refuse = (trouble: ImageTrouble, message: string): ImageVerdict => ({ ok: false, trouble, message });

import type { ImageFormat } from '../../catalogue/types';

/**
 * What the first bytes of an image tell: its real format, whatever name or type it goes by, and its size in pixels.
 *
 * Own code, because the nearest package (image-size 2.1.0) cannot say "give me more bytes", reads past the view it is
 * given, sizes JPEG of SOF0 to SOF2 only, throws on damage, and would have to be bundled, since nothing but n8n's own
 * modules is there at run time.
 */
export interface ImageHeader {
	/** PNG, JPEG and WebP are what services take; the others are known so that a message can name them. */
	format: ImageFormat | 'gif' | 'bmp' | 'heic' | 'avif' | 'tiff' | 'svg' | 'html' | 'unknown';
	/**
	 * Pixels as displayed: EXIF orientation 5 to 8 of a JPEG swaps width and height. No service documents which size it
	 * judges; this is the one its user sees. It matters for frame pairs only, as all other rules hold for both sides.
	 * Read for PNG, JPEG, WebP, GIF and BMP; absent when the header is damaged.
	 */
	width?: number;
	height?: number;
	/** Format or size stand behind the bytes given: read again with a longer head. Never set for a whole file. */
	needMore?: boolean;
}

interface Size {
	width: number;
	height: number;
}
/** Undefined where the header is damaged. */
type SizeReading = Size | 'more' | undefined;

interface FormatReader {
	format: ImageHeader['format'];
	matches(head: Uint8Array): boolean;
	readSize?(head: Uint8Array): SizeReading;
}

/** Within so many bytes a page or drawing shows its first tag; a shorter head leaves "unknown" open. */
export const MARKUP_BYTES = 1024;
/** Brands of an ISO media file: the major one and as many compatible ones as files really carry. */
const BRAND_BYTES = 128;
/** The most a PNG or BMP can state (31 bits). */
const MAX_PIXELS = 0x7fff_ffff;

/**
 * Never throws, never reads past `head`, and ends after a bounded number of steps, however long `head` is. A kilobyte
 * does for all but JPEG, whose size stands behind EXIF, colour profile and thumbnails: 4 kB mostly, 64 kB nearly always.
 * @param isWholeFile nothing follows: what is not there by now is damaged, not further on
 */
export function readImageHeader(head: Uint8Array, isWholeFile = false): ImageHeader {
	const reader = READERS.find(({ matches }) => matches(head));
	if (!reader) {
		const format = readMarkup(head);
		const isOpen = format === 'unknown' && head.length < MARKUP_BYTES && !isWholeFile;
		return isOpen ? { format, needMore: true } : { format };
	}
	const { format } = reader;
	const size = reader.readSize?.(head);
	if (size === 'more') return isWholeFile ? { format } : { format, needMore: true };
	return { format, ...size };
}

const READERS: readonly FormatReader[] = [
	{ format: 'png', matches: (head) => hasText(head, 0, '\x89PNG\r\n\x1a\n'), readSize: readPngSize },
	{ format: 'jpeg', matches: (head) => hasText(head, 0, '\xff\xd8\xff'), readSize: readJpegSize },
	{
		format: 'webp',
		matches: (head) => hasText(head, 0, 'RIFF') && hasText(head, 8, 'WEBP'),
		readSize: readWebpSize,
	},
	{
		format: 'gif',
		matches: (head) => hasText(head, 0, 'GIF87a') || hasText(head, 0, 'GIF89a'),
		readSize: (head) => (head.length < 10 ? 'more' : sized(u16le(head, 6), u16le(head, 8))),
	},
	{ format: 'bmp', matches: isBmp, readSize: readBmpSize },
	{ format: 'avif', matches: (head) => hasBrand(head, ['avif', 'avis']) },
	{
		format: 'heic',
		matches: (head) => hasBrand(head, ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']),
	},
	{
		format: 'tiff', // the last two are BigTIFF
		matches: (head) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => hasText(head, 0, magic)),
	},
];

/** IHDR comes first and is 13 bytes long; decoders refuse anything else. */
function readPngSize(head: Uint8Array): SizeReading {
	if (head.length < 24) return 'more';
	if (u32be(head, 8) !== 13 || !hasText(head, 12, 'IHDR')) return undefined;
	return sized(u32be(head, 16), u32be(head, 20));
}

const JPEG = { TEM: 0x01, RST0: 0xd0, SOI: 0xd8, EOI: 0xd9, SOS: 0xda, APP1: 0xe1 };
/** Real files take some hundred: one per segment, one per byte that stands between segments. */
const MAX_JPEG_STEPS = 4_096;

/** Walks the segments to the frame header, as ITU T.81 annex B lays them out. */
function readJpegSize(head: Uint8Array): SizeReading {
	let isTurned: boolean | undefined;
	let at = 2;
	for (let step = 0; step < MAX_JPEG_STEPS; step++) {
		if (at + 4 > head.length) return 'more';
		const marker = byteAt(head, at + 1);
		// Decoders step over stray bytes, and a marker may follow any number of fill bytes.
		if (head[at] !== 0xff || marker === 0xff || isBareJpegMarker(marker)) {
			at++;
			continue;
		}
		if (marker === JPEG.SOS || marker === JPEG.EOI) return undefined; // pixels before their frame header
		const length = u16be(head, at + 2);
		if (length < 2) return undefined;
		if (isFrameHeader(marker)) {
			if (length < 8) return undefined;
			if (at + 9 > head.length) return 'more';
			const [height, width] = [u16be(head, at + 5), u16be(head, at + 7)];
			return isTurned ? sized(height, width) : sized(width, height);
		}
		if (marker === JPEG.APP1) isTurned ??= readExifTurn(head.subarray(at + 4, at + 2 + length));
		at += 2 + length;
	}
	return undefined;
}

/** A zero is no marker but a stray 0xff; the others stand alone, without a length. */
function isBareJpegMarker(marker: number): boolean {
	return marker === 0 || marker === JPEG.TEM || (marker >= JPEG.RST0 && marker <= JPEG.SOI);
}

/** SOF0 to SOF15, of any coding. The three left out are tables (DHT, DAC) and a reserved code. */
function isFrameHeader(marker: number): boolean {
	return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

const EXIF = { ORIENTATION: 0x0112, SHORT: 3, MAX_ENTRIES: 256 };

/** Whether EXIF shows the image a quarter turn from how it is stored. Undefined if this segment is not EXIF. */
function readExifTurn(segment: Uint8Array): boolean | undefined {
	if (!hasText(segment, 0, 'Exif\0\0')) return undefined;
	const tiff = segment.subarray(6);
	const isLittle = hasText(tiff, 0, 'II*\0');
	if ((!isLittle && !hasText(tiff, 0, 'MM\0*')) || tiff.length < 8) return false;
	const u16 = isLittle ? u16le : u16be;
	const directory = (isLittle ? u32le : u32be)(tiff, 4);
	if (directory + 2 > tiff.length) return false;
	const first = directory + 2;
	const count = Math.min(u16(tiff, directory), Math.floor((tiff.length - first) / 12), EXIF.MAX_ENTRIES);
	for (let entry = first; entry < first + count * 12; entry += 12) {
		if (u16(tiff, entry) !== EXIF.ORIENTATION || u16(tiff, entry + 2) !== EXIF.SHORT) continue;
		const orientation = u16(tiff, entry + 8);
		return orientation >= 5 && orientation <= 8;
	}
	return false;
}

/** RFC 9649: the first chunk is lossy, lossless or the extended header with the canvas. */
function readWebpSize(head: Uint8Array): SizeReading {
	if (head.length < 16) return 'more';
	if (hasText(head, 12, 'VP8L')) {
		if (head.length < 25) return 'more';
		if (head[20] !== 0x2f) return undefined;
		const bits = u32le(head, 21);
		return sized((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
	}
	if (hasText(head, 12, 'VP8X')) {
		if (head.length < 30) return 'more';
		return sized(u24le(head, 24) + 1, u24le(head, 27) + 1);
	}
	if (hasText(head, 12, 'VP8 ')) {
		if (head.length < 30) return 'more';
		const isKeyFrame = (byteAt(head, 20) & 1) === 0;
		if (!isKeyFrame || !hasText(head, 23, '\x9d\x01\x2a')) return undefined;
		return sized(u16le(head, 26) & 0x3fff, u16le(head, 28) & 0x3fff); // the two top bits are a scaling hint
	}
	return undefined;
}

const OS2_HEADER_BYTES = 12;

/** "BM" alone also begins ordinary text, so the second header's length must be one in use. */
function isBmp(head: Uint8Array): boolean {
	if (!hasText(head, 0, 'BM') || head.length < 18) return false;
	return [OS2_HEADER_BYTES, 16, 40, 52, 56, 64, 108, 124].includes(u32le(head, 14));
}

function readBmpSize(head: Uint8Array): SizeReading {
	if (head.length < 26) return 'more';
	if (u32le(head, 14) === OS2_HEADER_BYTES) return sized(u16le(head, 18), u16le(head, 20));
	return sized(u32le(head, 18), Math.abs(u32le(head, 22) | 0)); // a negative height means rows from the top
}

/** Whether an ISO media file (ftyp box) names one of the brands. */
function hasBrand(head: Uint8Array, brands: readonly string[]): boolean {
	if (!hasText(head, 4, 'ftyp')) return false;
	const end = Math.min(u32be(head, 0), BRAND_BYTES);
	for (let at = 8; at + 4 <= end; at += 4) {
		if (brands.some((brand) => hasText(head, at, brand))) return true;
	}
	return false;
}

const TAGS = [
	{ format: 'svg', tag: /<svg[\s>:]|<!doctype svg/ },
	{ format: 'html', tag: /<!doctype html|<(html|head|body|script|title|meta)[\s>]/ },
] as const;

/** The first telling tag decides, since a page may hold a drawing, and either may begin with a prolog or comments. */
function readMarkup(head: Uint8Array): 'svg' | 'html' | 'unknown' {
	const end = Math.min(head.length, MARKUP_BYTES);
	let start = hasText(head, 0, '\xef\xbb\xbf') ? 3 : 0; // UTF-8's byte order mark
	while (start < end && isBlank(byteAt(head, start))) start++;
	if (!hasText(head, start, '<')) return 'unknown';
	const text = asciiText(head, start, end).toLowerCase();
	const found = TAGS.map(({ format, tag }) => ({ format, at: text.search(tag) }))
		.filter(({ at }) => at >= 0)
		.sort((a, b) => a.at - b.at);
	return found[0]?.format ?? 'unknown';
}

/** Space, tab, line feed, form feed, carriage return. */
const isBlank = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

function sized(width: number, height: number): SizeReading {
	const isPossible = width > 0 && height > 0 && width <= MAX_PIXELS && height <= MAX_PIXELS;
	return isPossible ? { width, height } : undefined;
}

function hasText(bytes: Uint8Array, at: number, text: string): boolean {
	if (at + text.length > bytes.length) return false;
	for (let index = 0; index < text.length; index++) {
		if (bytes[at + index] !== text.charCodeAt(index)) return false;
	}
	return true;
}

const { fromCharCode } = String;

function asciiText(bytes: Uint8Array, from: number, to: number): string {
	return Array.from({ length: to - from }, (_, index) => fromCharCode(byteAt(bytes, from + index))).join('');
}

// No DataView: it would reach past the view into the ArrayBuffer below, which pooled Buffers share.
/** 0 past the end, where no reader looks. */
const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
const u16be = (bytes: Uint8Array, at: number) => (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);
const u16le = (bytes: Uint8Array, at: number) => byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8);
const u24le = (bytes: Uint8Array, at: number) => u16le(bytes, at) | (byteAt(bytes, at + 2) << 16);
const u32be = (bytes: Uint8Array, at: number) => u16be(bytes, at) * 0x1_0000 + u16be(bytes, at + 2);
const u32le = (bytes: Uint8Array, at: number) => u16le(bytes, at) + u16le(bytes, at + 2) * 0x1_0000;

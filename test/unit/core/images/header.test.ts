import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { imageSize } from 'image-size';

import {
	base64ByteLength,
	dataUri,
	decodeHead,
	parseBase64Image,
	readDataUri,
} from '../../../../lib/core/images/base64';
import { readImageHeader } from '../../../../lib/core/images/header';
import shown from '../../../fixtures/images/files.json';

const fixture = (name: string) => readFileSync(join(__dirname, '../../../fixtures/images', name));
const bytes = (...parts: Array<string | number[]>) =>
	Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

describe('real images', () => {
	const FORMATS: Record<string, string> = { jpg: 'jpeg' };
	const UNSIZED = ['avif', 'tiff', 'svg', 'html'];

	test.each(Object.entries(shown))('%s has the size a browser shows', (name, size) => {
		const ending = name.slice(name.lastIndexOf('.') + 1);
		const format = FORMATS[ending] ?? ending;
		expect(readImageHeader(fixture(name))).toEqual(UNSIZED.includes(format) ? { format } : { format, ...size });
	});

	const ASSETS = join(__dirname, '../../../emulator/assets');
	test.each(readdirSync(ASSETS).filter((name) => /\.(jpg|png|webp)$/.test(name)))(
		'%s, as large as shops have them, has the size that another reader finds',
		(name) => {
			const file = readFileSync(join(ASSETS, name));
			const { width, height } = imageSize(file);
			expect(readImageHeader(file)).toMatchObject({ width, height });
		},
	);

	test.each([
		['lossy.webp', 'VP8 '],
		['lossless.webp', 'VP8L'],
		['alpha.webp', 'VP8X'],
		['animated.webp', 'VP8X'],
	])('%s is of the WebP kind %s', (name, chunk) => {
		expect(fixture(name).toString('latin1', 12, 16)).toBe(chunk);
	});

	test.each(Object.keys(shown).filter((name) => !/avif|tiff|svg|html/.test(name)))(
		'%s: a short head asks for more, and more never changes an answer',
		(name) => {
			const whole = fixture(name);
			const answer = JSON.stringify(readImageHeader(whole));
			const heads = Array.from({ length: whole.length + 1 }, (_, length) => readImageHeader(whole.subarray(0, length)));
			const settledAt = heads.findIndex(({ needMore }) => !needMore);
			expect(settledAt).toBeGreaterThan(9);
			for (const { width } of heads.slice(0, settledAt)) if (width !== undefined) throw new Error('a size too early');
			expect(new Set(heads.slice(settledAt).map((header) => JSON.stringify(header)))).toEqual(new Set([answer]));
		},
	);
});

describe('PNG', () => {
	const png = (length: number[], name: string, size: number[]) => bytes('\x89PNG\r\n\x1a\n', length, name, size);
	const SIZE = [0, 0, 2, 0, 0, 0, 1, 0];

	test.each([
		['a good header', png([0, 0, 0, 13], 'IHDR', SIZE), { width: 512, height: 256 }],
		['a wrong header length', png([0, 0, 0, 12], 'IHDR', SIZE), {}],
		['a hostile header length', png([255, 255, 255, 255], 'IHDR', SIZE), {}],
		['another chunk first, as in PNGs made for iOS', png([0, 0, 0, 4], 'CgBI', SIZE), {}],
		['another chunk first, as long as the header', png([0, 0, 0, 13], 'CgBI', SIZE), {}],
		[
			'31 bits',
			png([0, 0, 0, 13], 'IHDR', [127, 255, 255, 255, 127, 255, 255, 255]),
			{ width: 2 ** 31 - 1, height: 2 ** 31 - 1 },
		],
		['more than 31 bits of width', png([0, 0, 0, 13], 'IHDR', [128, 0, 0, 0, 0, 0, 2, 0]), {}],
		['no width', png([0, 0, 0, 13], 'IHDR', [0, 0, 0, 0, 0, 0, 1, 0]), {}],
		['more than 31 bits of height', png([0, 0, 0, 13], 'IHDR', [0, 0, 2, 0, 128, 0, 0, 0]), {}],
	])('%s', (_, head, size) => {
		expect(readImageHeader(head)).toEqual({ format: 'png', ...size });
	});
});

describe('JPEG', () => {
	const START = [0xff, 0xd8];
	const segment = (marker: number, body: number[]) => {
		const length = body.length + 2;
		return [0xff, marker, length >> 8, length & 0xff, ...body];
	};
	const frame = (marker: number) => segment(marker, [8, 0, 100, 1, 44, 1, 1, 0x11, 0]); // 300 × 100
	const exif = (tiff: number[]) => segment(0xe1, [...Buffer.from('Exif\0\0'), ...tiff]);
	const entry = (tag: number, value: number) => [tag & 0xff, tag >> 8, 3, 0, 1, 0, 0, 0, value, 0, 0, 0];
	const tiff = (count: number, entries: number[], directory = 8) => [
		...Buffer.from('II*\0'),
		directory,
		0,
		0,
		0,
		count,
		0,
		...entries,
	];
	const FLAT = { format: 'jpeg', width: 300, height: 100 };
	const UPRIGHT = { format: 'jpeg', width: 100, height: 300 };
	const NO_SIZE = { format: 'jpeg' };

	const CODINGS = [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
	test.each(CODINGS)('frame header %i is read', (marker) => {
		expect(readImageHeader(bytes(START, frame(marker)))).toEqual(FLAT);
	});

	test.each([0xc4, 0xc8, 0xcc])('marker %i looks like a frame header and is none', (marker) => {
		expect(readImageHeader(bytes(START, frame(marker), frame(0xc0)))).toEqual(FLAT);
		expect(readImageHeader(bytes(START, frame(marker), [0xff, 0xd9, 0, 0]))).toEqual(NO_SIZE);
	});

	test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i', (orientation) => {
		const head = bytes(START, exif(tiff(2, [...entry(0x0100, 9), ...entry(0x0112, orientation)])), frame(0xc0));
		expect(readImageHeader(head)).toEqual(orientation >= 5 ? UPRIGHT : FLAT);
	});

	test.each([
		['fill bytes', [0xff, 0xff, 0xff], FLAT],
		['stray bytes between segments', [1, 2, 3, 0xff, 0x00, 4], FLAT],
		['a restart marker', [0xff, 0xd0], FLAT],
		['a start of image inside', [0xff, 0xd8], FLAT],
		['an empty segment', [0xff, 0xe0, 0, 2], FLAT],
		['a segment of a reserved code', segment(0xbf, [8, 0, 1, 0, 1, 1, 1, 0x11, 0]), FLAT],
		[
			'EXIF under the marker of a profile',
			segment(0xe2, [...Buffer.from('Exif\0\0'), ...tiff(1, entry(0x0112, 6))]),
			FLAT,
		],
		['EXIF whose orientation is of another type', exif(tiff(1, Object.assign(entry(0x0112, 6), { 2: 4 }))), FLAT],
		[
			'EXIF, big-endian',
			exif([...Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0', 'latin1')]),
			UPRIGHT,
		],
		[
			'EXIF, big-endian under no known name',
			exif([...Buffer.from('XX\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0', 'latin1')]),
			FLAT,
		],
		['a frame header too short for a size', [0xff, 0xc0, 0, 7, 8, 0, 9, 0, 9], NO_SIZE],
		['more stray bytes than steps are allowed', [0xff, 0xd0, ...Array<number>(4_094).fill(0)], NO_SIZE],
		['as many stray bytes as steps are allowed', [0xff, 0xd0, ...Array<number>(4_093).fill(0)], FLAT],
		['EXIF of the value 0', exif(tiff(1, entry(0x0112, 0))), FLAT],
		['EXIF of the value 9', exif(tiff(1, entry(0x0112, 9))), FLAT],
		['EXIF that claims more entries than it has', exif(tiff(255, entry(0x0112, 6))), UPRIGHT],
		['EXIF whose directory lies outside', exif(tiff(1, entry(0x0112, 6), 200)), FLAT],
		['EXIF cut within an entry', exif(tiff(1, entry(0x0112, 6).slice(0, 9))), FLAT],
		['EXIF of no known byte order', exif([...Buffer.from('XX*\0'), 8, 0, 0, 0, 0, 0]), FLAT],
		['XMP before EXIF', [...segment(0xe1, [...Buffer.from('http:')]), ...exif(tiff(1, entry(0x0112, 6)))], UPRIGHT],
		[
			'two EXIF segments: the first counts',
			[...exif(tiff(1, entry(0x0112, 6))), ...exif(tiff(1, entry(0x0112, 1)))],
			UPRIGHT,
		],
		['a segment shorter than its own length field', [0xff, 0xe0, 0, 1], NO_SIZE],
		['pixels before the frame header', segment(0xda, [0]), NO_SIZE],
		['the end before the frame header', [0xff, 0xd9], NO_SIZE],
		['stray bytes without end', Array<number>(5_000).fill(0), NO_SIZE],
	])('%s', (_, between, header) => {
		expect(readImageHeader(bytes(START, [0xff], between.slice(between[0] === 0xff ? 1 : 0), frame(0xc0)))).toEqual(
			header,
		);
	});

	test('the shortest frame header is read as soon as its size is there', () => {
		const head = bytes(START, [0xff, 0xc0, 0, 8, 8, 0, 100, 1, 44, 0]);
		expect(readImageHeader(head)).toEqual(FLAT);
		expect(readImageHeader(head.subarray(0, 11))).toEqual(FLAT);
		expect(readImageHeader(head.subarray(0, 10))).toEqual({ format: 'jpeg', needMore: true });
	});

	test('a frame header without height leaves the size open', () => {
		expect(readImageHeader(bytes(START, segment(0xc0, [8, 0, 0, 1, 44, 1, 1, 0x11, 0])))).toEqual(NO_SIZE);
	});

	test('a frame header behind the given bytes asks for more, and is read once they are there', () => {
		const profile = segment(0xe2, Array<number>(60_000).fill(0xff));
		const whole = bytes(START, profile, profile, frame(0xc2));
		expect(readImageHeader(whole.subarray(0, 4_096))).toEqual({ format: 'jpeg', needMore: true });
		expect(readImageHeader(whole.subarray(0, 65_536))).toEqual({ format: 'jpeg', needMore: true });
		expect(readImageHeader(whole)).toEqual(FLAT);
	});

	test('a whole file that ends before its frame header is damaged, not unfinished', () => {
		const cut = fixture('baseline.jpg').subarray(0, 100);
		expect(readImageHeader(cut)).toEqual({ format: 'jpeg', needMore: true });
		expect(readImageHeader(cut, true)).toEqual({ format: 'jpeg' });
	});
});

describe('WebP', () => {
	const webp = (chunk: string, body: number[]) => bytes('RIFF', [0, 0, 0, 0], 'WEBP', chunk, [0, 0, 0, 0], body);

	test.each([
		[
			'lossy, scaling bits set',
			webp('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, 0x40, 0x41, 0xf0, 0xc0]),
			{ width: 320, height: 240 },
		],
		['lossy, not a key frame', webp('VP8 ', [1, 0, 0, 0x9d, 1, 0x2a, 64, 1, 240, 0]), {}],
		['lossy, no start code', webp('VP8 ', [0, 0, 0, 0, 0, 0, 64, 1, 240, 0]), {}],
		['lossless, largest', webp('VP8L', [0x2f, 255, 255, 255, 255]), { width: 16_384, height: 16_384 }],
		['lossless, no signature', webp('VP8L', [0, 255, 255, 255, 255]), {}],
		[
			'extended, largest',
			webp('VP8X', [0, 0, 0, 0, 255, 255, 255, 255, 255, 255]),
			{ width: 2 ** 24, height: 2 ** 24 },
		],
		['an unknown first chunk', webp('ICCP', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), {}],
		['an unknown first chunk that holds a key frame', webp('ICCP', [0, 0, 0, 0x9d, 1, 0x2a, 64, 1, 240, 0]), {}],
		['an unknown first chunk and no more', webp('ICCP', []).subarray(0, 16), {}],
	])('%s', (_, head, size) => {
		expect(readImageHeader(head)).toEqual({ format: 'webp', ...size });
	});
});

describe('what services do not take is named', () => {
	const ftyp = (...brands: string[]) =>
		bytes([0, 0, 0, 8 + 4 * brands.length], 'ftyp', ...brands, 'mdat', 'avif', 'heic');
	const bmp = (headerBytes: number, size: number[]) =>
		bytes('BM', Array<number>(12).fill(0), [headerBytes, 0, 0, 0], size, [0, 0, 0, 0]);

	test.each([
		['GIF 87', bytes('GIF87a', [44, 1, 100, 0]), { format: 'gif', width: 300, height: 100 }],
		['BMP, rows from the top', bmp(40, [44, 1, 0, 0, 156, 255, 255, 255]), { format: 'bmp', width: 300, height: 100 }],
		['BMP of OS/2', bmp(12, [44, 1, 100, 0]), { format: 'bmp', width: 300, height: 100 }],
		['HEIC', ftyp('heic', '\0\0\0\0', 'mif1'), { format: 'heic' }],
		['a burst in HEIF', ftyp('msf1', '\0\0\0\0', 'hevc'), { format: 'heic' }],
		['AVIF', ftyp('avif', '\0\0\0\0'), { format: 'avif' }],
		['AVIF under a general brand', ftyp('mif1', '\0\0\0\0', 'avif'), { format: 'avif' }],
		['TIFF, big-endian', bytes('MM\0*'), { format: 'tiff' }],
		['TIFF, little-endian', bytes('II*\0'), { format: 'tiff' }],
		['BigTIFF', bytes('II+\0'), { format: 'tiff' }],
		['SVG', bytes('<svg viewBox="0 0 1 1">'), { format: 'svg' }],
		['SVG with a doctype', bytes('\xef\xbb\xbf<?xml version="1.0"?><!DOCTYPE svg PUBLIC "">'), { format: 'svg' }],
		['SVG behind a comment', bytes('<!-- <drawing> -->\n<svg\n'), { format: 'svg' }],
		['HTML', bytes('\r\n  <!doctype HTML>'), { format: 'html' }],
		['HTML with a drawing', bytes('<html><svg width="1"></svg>'), { format: 'html' }],
		['XHTML', bytes('<?xml version="1.0"?><!DOCTYPE html>'), { format: 'html' }],
		['a page without a doctype', bytes('<head><title>Gone</title>'), { format: 'html' }],
		['a page behind a tab', bytes('\t<html>'), { format: 'html' }],
		['a bitmap of which no size is there yet', bmp(40, []).subarray(0, 18), { format: 'bmp' }],
	])('%s', (_, head, header) => {
		expect(readImageHeader(head, true)).toEqual(header);
	});

	test.each([
		['nothing', bytes('')],
		['JSON', bytes('{"error":"not found"}')],
		['other XML', bytes('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')],
		['an MP4 video', ftyp('isom', '\0\0\0\0', 'mp41')],
		['a sound in RIFF', bytes('RIFF', [0, 0, 0, 0], 'WAVEfmt ')],
		['text that begins with BM', bytes('BMW is a maker of cars and motorcycles')],
		['a mangled PNG', bytes('\x89PNG\n\x1a\n')],
		['WEBP without RIFF', bytes('RIFX', [0, 0, 0, 0], 'WEBPVP8 ')],
		['the header of a bitmap without its name', bytes('MB', Array<number>(12).fill(0), [40, 0, 0, 0])],
		['a brand in a box that names none', bytes([0, 0, 0, 16], 'free', 'avif', 'heic')],
		['words in front of a page', bytes('See <html>')],
		['a control character in front of a page', bytes('\x01<html>')],
	])('%s is unknown', (_, head) => {
		expect(readImageHeader(head)).toEqual({ format: 'unknown', needMore: true });
		expect(readImageHeader(head, true)).toEqual({ format: 'unknown' });
		expect(readImageHeader(bytes(head.toString('latin1'), Array<number>(1_024).fill(0)))).toEqual({
			format: 'unknown',
		});
	});
});

describe('base64', () => {
	const png = fixture('rgb.png').toString('base64');
	const webp = fixture('lossy.webp').toString('base64');

	test.each([
		['a data URI', `data:image/png;base64,${png}`, { mime: 'image/png', base64: png }],
		['a blank after the comma', `data:image/png;base64, ${png}`, { mime: 'image/png', base64: png }],
		['capitals and blanks around', ` \nDATA:Image/PNG;Base64,${png}\n`, { mime: 'image/png', base64: png }],
		['another attribute', `data:image/png;name=a.png;base64,${png}`, { mime: 'image/png', base64: png }],
		['no type', `data:;base64,${png}`, { base64: png }],
		['no padding', 'data:image/png;base64,QUI', { mime: 'image/png', base64: 'QUI=' }],
		['too little padding', 'data:image/png;base64,QQ=', { mime: 'image/png', base64: 'QQ==' }],
		['the URL-safe alphabet', 'data:image/png;base64,-_-_', { mime: 'image/png', base64: '+/+/' }],
		['bare text', png, { base64: png }],
		['bare text, lines of 76', png.replace(/(.{76})/g, '$1\r\n'), { base64: png }],
		[
			'bare text, URL-safe and unpadded',
			webp.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, ''),
			{ base64: webp },
		],
		[
			'a kind no service takes, for the message',
			fixture('animated.gif').toString('base64'),
			{ base64: fixture('animated.gif').toString('base64') },
		],
	])('%s is read', (_, text, image) => {
		expect(parseBase64Image(text)).toEqual(image);
	});

	test.each([
		['nothing', ''],
		['blanks', ' \n '],
		['a plain word, which is valid base64', 'data'],
		['a field name', 'image1'],
		['a sentence', 'an image of a cat on a sunny day'],
		['an address', 'https://example.com/a.png'],
		['a percent-encoded data URI', 'data:image/svg+xml,%3Csvg%3E'],
		['a data URI without data', 'data:image/png;base64,'],
		['a data URI without comma', 'data:image/png;base64'],
		['a length no base64 has', 'data:image/png;base64,QUJDR'],
		['padding inside', 'data:image/png;base64,QQ==QUJD'],
		['three equals signs', 'data:image/png;base64,Q==='],
		['a letter outside the alphabet', `data:image/png;base64,${png.slice(0, 40)}é${png.slice(40)}`],
		['JSON', '{"a":1}'],
	])('%s is not an image', (_, text) => {
		expect(parseBase64Image(text)).toBeUndefined();
	});

	test('a tag that comes after a kilobyte tells nothing', () => {
		expect(readImageHeader(bytes(`<a>${' '.repeat(1_021)}<html>`))).toEqual({ format: 'unknown' });
	});

	test.each([
		['blanks around the word', 'data:image/png; base64 ,QUJD', { mime: 'image/png', base64: 'QUJD' }],
		['blanks around the type', 'data: image/png ;base64,QUJD', { mime: 'image/png', base64: 'QUJD' }],
		['a type of blanks', 'data: ;base64,QUJD', { base64: 'QUJD' }],
		['another scheme', 'date:image/png;base64,QUJD', undefined],
		['another coding', 'data:text/plain,QUJD', undefined],
		['another coding behind base64', 'data:text/plain;base64;x,QUJD', undefined],
	])('a data URI with %s', (_, text, image) => {
		expect(readDataUri(text)).toEqual(image);
	});

	test('only data URIs are read as such', () => {
		expect(readDataUri(png)).toBeUndefined();
		expect(readDataUri(dataUri('image/webp', webp))).toEqual({ mime: 'image/webp', base64: webp });
	});

	test('a length is known without decoding', () => {
		for (let length = 0; length < 70; length++) {
			expect(base64ByteLength(Buffer.alloc(length).toString('base64'))).toBe(length);
		}
	});

	test('a head is decoded without the rest', () => {
		const whole = fixture('rgb.png');
		for (const length of [0, 1, 2, 3, 4, 24, 100, whole.length, whole.length + 9]) {
			expect(Buffer.from(decodeHead(png, length))).toEqual(whole.subarray(0, length));
		}
		expect(readImageHeader(decodeHead(png, 24))).toMatchObject({ width: 60, height: 40 });
	});

	test('a head keeps no more memory than it takes', () => {
		const long = Buffer.alloc(3_000_000, 7).toString('base64');
		expect(decodeHead(long, 10_000)).toHaveLength(10_000);
		// Node's own pool for small buffers has 8 or 64 KiB, by its version
		expect(decodeHead(long, 10_000).buffer.byteLength).toBeLessThanOrEqual(65_536);
	});

	test('an image of 30 MB is read in one go', () => {
		const large = Buffer.concat([fixture('rgb.png'), Buffer.alloc(30 * 1024 * 1024, 7)]).toString('base64');
		expect(parseBase64Image(`data:image/png;base64,\n${large}`)?.base64.length).toBe(large.length);
		expect(parseBase64Image(`${large}=${large}`)).toBeUndefined();
	});
});

/** Allows `length`, `subarray` and indices inside the bytes, and nothing else. */
function guarded(head: Uint8Array): Uint8Array {
	return new Proxy(head, {
		get(target, key) {
			if (key === 'length') return target.length;
			if (key === 'subarray') return (from: number, to?: number) => guarded(target.subarray(from, to));
			const value = target[key as unknown as number];
			if (typeof value !== 'number') throw new Error(`${String(key)} was read from ${target.length} bytes`);
			return value;
		},
	});
}

const EXIF_SEGMENT = (tiff: string) => {
	const body = `Exif\0\0${tiff}`;
	return `\xff\xe1\0${String.fromCharCode(body.length + 2)}${body}`;
};

test.each([
	['PNG', '\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\0\0\0\x01\0'],
	['JPEG', '\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x08\x08\0\x64\x01\x2c\x01'],
	...[
		'MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0',
		'MM\0*\0\0\0\x09\0\x01',
		'MM\0*\0\0\0\x0a',
		'II*\0\x08',
	].flatMap((tiff) =>
		Array.from({ length: tiff.length + 1 }, (_, length): [string, string] => [
			`JPEG with EXIF of ${length} bytes`,
			`\xff\xd8${EXIF_SEGMENT(tiff.slice(0, length))}\xff\xd9\0\0`,
		]),
	),
	...['VP8 ', 'VP8L', 'VP8X', 'ICCP'].map((chunk) => [
		`WebP ${chunk}`,
		`RIFF\0\0\0\0WEBP${chunk}\0\0\0\0\x2f\0\0\x9d\x01\x2a\x40\x01\xf0\0`,
	]),
	['GIF', 'GIF89a\x2c\x01\x64\0'],
	...['\x28', '\x0c'].map((length) => [`BMP ${length}`, `BM${'\0'.repeat(12)}${length}\0\0\0\x2c\x01\0\0\x64\0\0\0`]),
	['AVIF', '\0\0\0\x14ftypmif1\0\0\0\0avif'],
	['a box that claims more than there is', '\0\0\xff\x14ftypisom\0\0\0\0mp41'],
	['TIFF', 'MM\0*'],
	['a page', '\xef\xbb\xbf \r\n<!-- --><html>'],
	['blanks', '  \t\n'],
])('of %s, cut anywhere, no byte is read that is not there', (_format, text) => {
	const whole = bytes(text);
	for (let length = 0; length <= whole.length; length++)
		for (const isWholeFile of [true, false]) readImageHeader(guarded(whole.subarray(0, length)), isWholeFile);
});

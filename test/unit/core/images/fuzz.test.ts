import { imageSize } from 'image-size';

import type { ImageRules } from '../../../../lib/catalogue/types';
import type { ImageHeader } from '../../../../lib/core/images/header';
import { base64ByteLength, dataUri, decodeHead, parseBase64Image } from '../../../../lib/core/images/base64';
import { readImageHeader } from '../../../../lib/core/images/header';
import { checkFramePair, checkImage } from '../../../../lib/core/images/rules';
import { seedRandom } from '../../../emulator';
import { LONG_HEADS } from '../../../fixtures/images/longHeads';
import { first, mutants } from '../../../fixtures/images/mutants';

const HEADERS = 100_000;
const FORMATS = ['png', 'jpeg', 'webp', 'gif', 'bmp', 'heic', 'avif', 'tiff', 'svg', 'html', 'unknown'];
const RULES: ImageRules = {
	formats: ['png', 'jpeg', 'webp'],
	maxBytes: 1_000,
	minPixels: 128,
	maxAspect: 4,
	pairRatio: { min: 0.8, max: 1.25 },
};

function assertSound(header: ImageHeader): void {
	const { format, width, height, needMore, ...rest } = header;
	const isSize = (value: number | undefined) =>
		value === undefined || (Number.isInteger(value) && value > 0 && value <= 0x7fffffff);
	const isSound =
		FORMATS.includes(format) &&
		isSize(width) &&
		isSize(height) &&
		(width === undefined) === (height === undefined) &&
		(needMore === undefined || (needMore && width === undefined)) &&
		Object.keys(rest).length === 0;
	if (!isSound) throw new Error(`unsound: ${JSON.stringify(header)}`);
}

test('broken headers never throw, and the answers are sound', () => {
	const seen = new Map<string, number>();
	for (const bytes of first(HEADERS, mutants(1))) {
		const header = readImageHeader(bytes);
		assertSound(header);
		const whole = readImageHeader(bytes, true);
		assertSound(whole);
		if (whole.needMore) throw new Error('a whole file asks for more');
		checkImage(header, bytes.length, RULES);
		checkFramePair(header, whole, RULES);
		const kind = `${header.format}${header.width ? ' with a size' : header.needMore ? ' cut' : ''}`;
		seen.set(kind, (seen.get(kind) ?? 0) + 1);
	}
	// the mutants are whole enough to reach every reader, and broken enough to matter
	const sized = ['png', 'jpeg', 'webp', 'gif', 'bmp'];
	const kinds = [...FORMATS, ...sized.flatMap((format) => [`${format} with a size`, `${format} cut`])];
	expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
});

test('a size that another reader finds in broken bytes is the same', () => {
	let agreed = 0;
	for (const bytes of first(20_000, mutants(7))) {
		const { format, width, height } = readImageHeader(bytes, true);
		// image-size differs for BMP of the first version and for JPEG with several EXIF segments
		if (width === undefined || !['png', 'gif', 'webp'].includes(format)) continue;
		const other = sizeByOthers(bytes);
		if (other === undefined) continue;
		if (other.width !== width || other.height !== height)
			throw new Error(`${format} of ${width} × ${height}, image-size says ${other.width} × ${other.height}`);
		agreed += 1;
	}
	expect(agreed).toBeGreaterThan(1_000);
});

function sizeByOthers(bytes: Uint8Array): { width: number; height: number } | undefined {
	try {
		return imageSize(bytes);
	} catch {
		return undefined;
	}
}

test('more bytes never change an answer that asked for none', () => {
	for (const bytes of first(20_000, mutants(4))) {
		const cut = readImageHeader(bytes.subarray(0, Math.floor(bytes.length / 2)));
		const isFirstBrandSeen = cut.format === 'heic'; // AVIF may yet be named behind it
		if (cut.needMore || isFirstBrandSeen) continue;
		const whole = JSON.stringify(readImageHeader(bytes));
		if (whole !== JSON.stringify(cut)) throw new Error(`${JSON.stringify(cut)} became ${whole}`);
	}
});

test.each(LONG_HEADS)('a megabyte of %s holds no size', (what, head) => {
	const format = ['blanks', 'opening brackets'].includes(what) ? 'unknown' : 'jpeg';
	expect(readImageHeader(head, true)).toEqual({ format });
	// only within a segment that has not ended can more bytes help
	expect(readImageHeader(head)).toEqual({ format, ...(what.startsWith('EXIF') ? { needMore: true } : {}) });
});

test('broken base64 never throws, and what passes is canonical', () => {
	const random = seedRandom(6);
	const letters = 'AZaz09+/-_= \n\t,;:%é"data:base64';
	let passed = 0;
	for (const bytes of first(20_000, mutants(6))) {
		const base64 = Buffer.from(bytes.subarray(0, 4_096)).toString('base64');
		let text = random() < 0.5 ? base64 : dataUri('image/png', base64);
		for (let edits = Math.floor(random() * 4); edits > 0; edits--) {
			const at = Math.floor(random() * (text.length + 1));
			const letter = letters[Math.floor(random() * letters.length)];
			text = text.slice(0, at) + (random() < 0.7 ? letter : '') + text.slice(at + Math.floor(random() * 3));
		}
		const image = parseBase64Image(text);
		if (!image) continue;
		passed++;
		const decoded = Buffer.from(image.base64, 'base64');
		if (!/^[A-Za-z0-9+/]+={0,2}$/.test(image.base64) || image.base64.length % 4 !== 0)
			throw new Error(`not canonical: ${text}`);
		if (decoded.length !== base64ByteLength(image.base64)) throw new Error(`wrong length: ${text}`);
		if (!decoded.subarray(0, 50).equals(decodeHead(image.base64, 50))) throw new Error(`wrong head: ${text}`);
	}
	expect(passed).toBeGreaterThan(1_000);
});

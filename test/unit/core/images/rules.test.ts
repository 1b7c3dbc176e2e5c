import { MEGABYTE as MB } from '../../../../lib/catalogue/units';
import type { Endpoint } from '../../../../lib/catalogue/operations';
import type { Catalogue } from '../../../../lib/catalogue/catalogue';
import type { ImageRules } from '../../../../lib/catalogue/types';
import { viduCatalogue } from '../../../../lib/catalogue/vidu';
import { vtrixCatalogue } from '../../../../lib/catalogue/vtrix';
import { cogVideoXCatalogue, zhipuViduCatalogue } from '../../../../lib/catalogue/zhipu';
import type { ImageHeader } from '../../../../lib/core/images/header';
import { checkBodyLength, checkFramePair, checkImage } from '../../../../lib/core/images/rules';

const png = (width: number, height: number): ImageHeader => ({ format: 'png', width, height });

const COGVIDEOX: ImageRules = { formats: ['png', 'jpeg'], maxBytes: 5 * MB };
const VIDU: ImageRules = { formats: ['png', 'jpeg', 'webp'], maxBytes: 50 * MB, maxAspect: 4 };
const REFERENCE: ImageRules = { ...VIDU, minPixels: 128 };
const DANCE: ImageRules = { formats: ['png', 'bmp'], maxBytes: 5 * MB, minPixels: 200, maxPixels: 4096, maxAspect: 3 };
const FRAMES: ImageRules = { ...VIDU, pairRatio: { min: 0.8, max: 1.25 } };

describe('one image', () => {
	test.each<[string, ImageHeader, number | undefined, ImageRules]>([
		['an ordinary PNG', png(1280, 720), 2 * MB, VIDU],
		['WebP at Vidu', { format: 'webp', width: 640, height: 640 }, 1_000, VIDU],
		['exactly the largest file', png(640, 640), 50 * MB, VIDU],
		['exactly 4:1', png(400, 100), 1_000, VIDU],
		['exactly 1:4', png(100, 400), 1_000, VIDU],
		['exactly 128 × 128', png(128, 128), 1_000, REFERENCE],
		['BMP in Motion Sync', { format: 'bmp', width: 200, height: 600 }, 1_000, DANCE],
		['exactly 4096 pixels', png(4096, 4096), 1_000, DANCE],
		['any shape and size in pixels for CogVideoX', png(1000, 10), 1_000, COGVIDEOX],
		['an unknown file size', png(640, 640), undefined, VIDU],
		['a size in pixels that lies further on', { format: 'jpeg', needMore: true }, 1_000, REFERENCE],
		['a format that lies further on', { format: 'unknown', needMore: true }, 1_000, VIDU],
	])('%s passes', (_, header, sizeBytes, rules) => {
		expect(checkImage(header, sizeBytes, rules)).toBeUndefined();
	});

	test.each<[ImageHeader, number, ImageRules, string, string, string]>([
		[
			png(4097, 3000),
			1_000,
			DANCE,
			'is 4097 × 3000 pixels',
			'CogVideoX takes images of at most 4096 × 4096 pixels',
			'Make it smaller, for example with the Edit Image node',
		],
		[
			{ format: 'gif', width: 300, height: 200 },
			1_000,
			COGVIDEOX,
			'is a GIF image',
			'CogVideoX takes PNG and JPEG',
			'Convert it to PNG or JPEG, for example with the Edit Image node',
		],
		[
			{ format: 'webp', width: 300, height: 200 },
			1_000,
			COGVIDEOX,
			'is a WebP image',
			'CogVideoX takes PNG and JPEG',
			'Convert it to PNG or JPEG, for example with the Edit Image node',
		],
		[
			{ format: 'heic' },
			1_000,
			VIDU,
			'is a HEIC image',
			'CogVideoX takes PNG, JPEG and WebP',
			'Convert it to PNG, JPEG or WebP',
		],
		[
			{ format: 'html' },
			1_000,
			VIDU,
			'is a web page, not an image',
			'CogVideoX takes PNG, JPEG and WebP',
			'Use the address of the image file itself; a login or error page often stands in its place',
		],
		[
			{ format: 'unknown' },
			1_000,
			COGVIDEOX,
			'is not an image of a known format',
			'CogVideoX takes PNG and JPEG',
			'Check that it is a whole image file, and convert it to PNG or JPEG',
		],
		[
			{ format: 'unknown', needMore: true },
			0,
			COGVIDEOX,
			'is empty',
			'CogVideoX takes PNG and JPEG',
			'Check what the previous node put there',
		],
		[
			png(640, 480),
			6.24 * MB,
			COGVIDEOX,
			'is 6.2 MB',
			'CogVideoX takes images up to 5 MB',
			'Make it smaller, or save it as a JPEG with more compression',
		],
		[
			png(640, 480),
			5 * MB + 1,
			COGVIDEOX,
			'is just over 5 MB',
			'CogVideoX takes images up to 5 MB',
			'Make it smaller, or save it as a JPEG with more compression',
		],
		[
			{ format: 'jpeg' },
			1_000,
			COGVIDEOX,
			'is a damaged JPEG file',
			'CogVideoX takes complete files only, and this one does not state its width and height',
			'Download it again, or open it in an image editor and save it again',
		],
		[
			png(96, 96),
			1_000,
			REFERENCE,
			'is 96 × 96 pixels',
			'CogVideoX takes images of at least 128 × 128 pixels',
			'Use a larger image, or enlarge it, for example with the Edit Image node',
		],
		[
			png(200, 1200),
			1_000,
			VIDU,
			'has an aspect ratio of 1:6 (200 × 1200 pixels)',
			'CogVideoX takes aspect ratios from 1:4 to 4:1',
			'Crop it, or add a border, for example with the Edit Image node',
		],
		[
			png(4001, 1000),
			1_000,
			VIDU,
			'has an aspect ratio of just over 4:1 (4001 × 1000 pixels)',
			'CogVideoX takes aspect ratios from 1:4 to 4:1',
			'Crop it, or add a border, for example with the Edit Image node',
		],
		[
			png(533, 2345),
			1_000,
			VIDU,
			'has an aspect ratio of 1:4.4 (533 × 2345 pixels)',
			'CogVideoX takes aspect ratios from 1:4 to 4:1',
			'Crop it, or add a border, for example with the Edit Image node',
		],
	])('%j of %i bytes', (header, sizeBytes, rules, what, allowed, advice) => {
		expect(checkImage(header, sizeBytes, rules, 'CogVideoX')).toEqual({ what, allowed, advice });
	});

	test.each([
		[127, 500],
		[500, 127],
	])('both sides must reach the smallest size: %i × %i', (width, height) => {
		expect(checkImage(png(width, height), 1_000, REFERENCE)?.what).toBe(`is ${width} × ${height} pixels`);
	});

	test.each([
		['png', true],
		['jpeg', true],
		['webp', true],
		['gif', true],
		['bmp', true],
		['tiff', true],
		['heic', false],
		['avif', false],
		['svg', false],
	] as Array<[ImageHeader['format'], boolean]>)(
		'the Edit Image node is named where it reads the format: %s',
		(format, isRead) => {
			const others = (['png', 'jpeg', 'webp'] as const).filter((taken) => taken !== format).slice(0, 1);
			const fault = checkImage({ format }, 9, { formats: others, maxBytes: MB });
			expect(fault?.advice.includes('Edit Image')).toBe(isRead);
		},
	);

	test('a format that is not taken is refused before all of it is read', () => {
		expect(checkImage({ format: 'gif', needMore: true }, 9, VIDU)?.what).toBe('is a GIF image');
	});

	test('where the largest shape is excluded it is refused, and the words say so', () => {
		const rules = { ...VIDU, isAspectExclusive: true as const };
		expect(checkImage(png(399, 100), 9, rules)).toBeUndefined();
		expect(checkImage(png(400, 100), 9, rules, 'Zhipu')).toMatchObject({
			what: 'has an aspect ratio of just over 4:1 (400 × 100 pixels)',
			allowed: 'Zhipu takes aspect ratios between 1:4 and 4:1',
		});
	});

	test.each([{ width: 300 }, { height: 300 }])('a header that states no more than %j is damaged', (side) => {
		expect(checkImage({ format: 'png', ...side }, 9, VIDU)?.what).toBe('is a damaged PNG file');
	});

	test('a whole file that is cut short does not pass for one that is still to be read', () => {
		expect(checkImage({ format: 'png' }, 20, COGVIDEOX)?.what).toBe('is a damaged PNG file');
		expect(checkImage({ format: 'bmp' }, 20, DANCE)?.what).toBe('is a damaged BMP file');
	});

	test('the taker may be left out', () => {
		expect(checkImage({ format: 'avif' }, 9, VIDU)?.allowed).toBe('The model takes PNG, JPEG and WebP');
		expect(checkImage({ format: 'bmp' }, 9, { ...VIDU, formats: ['png'] })?.allowed).toBe('The model takes PNG');
	});
});

describe('start and end frame', () => {
	test.each([
		['the same size', png(1280, 720), png(1280, 720)],
		['4:5 of the size, exactly', png(800, 800), png(1000, 1000)],
		['5:4 of the size, exactly', png(1250, 1250), png(1000, 1000)],
		['shapes 0.8 apart, exactly', png(720, 900), png(900, 900)],
		['a size that lies further on', { format: 'jpeg', needMore: true } as const, png(9, 9)],
	])('%s passes', (_, first, last) => {
		expect(checkFramePair(first, last, FRAMES)).toBeUndefined();
		expect(checkFramePair(last, first, FRAMES)).toBeUndefined();
	});

	test.each([
		['one shape, other resolution', png(1280, 720), png(640, 360)],
		['a hair under 0.8', png(799, 799), png(1000, 1000)],
		['widths too far apart', png(1000, 1000), png(790, 1000)],
		['heights too far apart', png(1000, 1260), png(1000, 1000)],
		['width and height close, shapes not', png(1100, 1000), png(900, 1200)],
	])('%s is refused', (_, first, last) => {
		for (const [one, other] of [
			[first, last],
			[last, first],
		]) {
			expect(checkFramePair(one, other, FRAMES, 'Vidu')).toEqual({
				what: `is ${one.width} × ${one.height} pixels, the end image ${other.width} × ${other.height} pixels`,
				allowed: 'Vidu takes pairs whose widths, heights and shapes are each within 0.8 to 1.25 of one another',
				advice: 'Crop or resize one to the width and height of the other, for example with the Edit Image node',
			});
		}
	});

	test('models without a pair rule take any two', () => {
		expect(checkFramePair(png(100, 900), png(900, 100), COGVIDEOX)).toBeUndefined();
	});
});

describe('the whole request', () => {
	test('what fits, or has no stated limit, passes', () => {
		expect(checkBodyLength(20 * MB, 20 * MB)).toBeUndefined();
		expect(checkBodyLength(90 * MB, undefined, [60 * MB])).toBeUndefined();
	});

	test.each([
		[[16.2 * MB], 'is 21.6 MB, its image 16.2 MB'],
		[[4 * MB, 12.2 * MB], 'is 21.6 MB, its largest image 12.2 MB'],
		[[], 'is 21.6 MB'],
	])('images of %j bytes: size, limit and ways out', (imageBytes, what) => {
		expect(checkBodyLength(21.6 * MB, 20 * MB, imageBytes, 'Vidu')).toEqual({
			what,
			allowed: 'Vidu takes requests up to 20 MB, and base64 makes an image a third larger',
			advice: 'Send a URL, or turn on the option "Send Binary as Signed URL", or use a smaller image',
		});
	});

	test('a limit of the catalogue reads as a round number', () => {
		expect(checkBodyLength(30 * MB, 20 * MB)?.allowed).toContain('up to 20 MB,');
	});

	test('one byte too many', () => {
		expect(checkBodyLength(20 * MB + 1, 20 * MB)?.what).toBe('is just over 20 MB');
	});
});

test('no part of a message ends in a full stop or says error or problem', () => {
	const faults = [
		...(['gif', 'heic', 'svg', 'html', 'unknown', 'png'] as const).map((format) => checkImage({ format }, 9, VIDU)),
		checkImage(png(9, 9), 0, VIDU),
		checkImage(png(9, 9), 51 * MB, VIDU),
		checkImage(png(9, 9), 9, REFERENCE),
		checkImage(png(9, 99), 9, VIDU),
		checkFramePair(png(9, 9), png(99, 9), FRAMES),
		checkBodyLength(21 * MB, 20 * MB, [15 * MB]),
	];
	for (const fault of faults) {
		expect(fault).toBeDefined();
		for (const part of Object.values(fault!)) expect(part).not.toMatch(/\.$|\berror\b(?! page)|\bproblem\b/i);
	}
});

describe('by provider', () => {
	const rulesOf = ({ models }: Catalogue, endpoint: Endpoint, model: string) => models[endpoint]![model].images.rules;
	const VIDU_FIRST = rulesOf(viduCatalogue, 'imageToVideo', 'viduq3-turbo');
	const VIDU_FRAMES = rulesOf(viduCatalogue, 'startEndToVideo', 'viduq3-turbo');
	const VIDU_REFERENCES = rulesOf(viduCatalogue, 'referenceToVideo', 'viduq3-turbo');
	const ZHIPU_FIRST = rulesOf(zhipuViduCatalogue, 'imageToVideo', 'viduq1-image');
	const ZHIPU_FRAMES = rulesOf(zhipuViduCatalogue, 'startEndToVideo', 'viduq1-start-end');
	const ZHIPU_REFERENCES = rulesOf(zhipuViduCatalogue, 'referenceToVideo', 'vidu2-reference');
	const COGVIDEOX_FIRST = rulesOf(cogVideoXCatalogue, 'imageToVideo', 'cogvideox-3');
	const COGVIDEOX_FRAMES = rulesOf(cogVideoXCatalogue, 'startEndToVideo', 'cogvideox-3');
	const VTRIX_FIRST = rulesOf(vtrixCatalogue, 'imageToVideo', 'vidu20_img2video');
	const webp: ImageHeader = { format: 'webp', width: 640, height: 640 };
	const gif: ImageHeader = { format: 'gif', width: 640, height: 640 };

	test.each<[string, ImageRules, ImageHeader, number, string | undefined]>([
		['Vidu takes WebP', VIDU_FIRST, webp, 1, undefined],
		['Vidu takes no GIF', VIDU_FIRST, gif, 1, 'is a GIF image'],
		['Vidu takes 50 MB', VIDU_FIRST, webp, 50 * MB, undefined],
		['Vidu takes no 50.1 MB', VIDU_FIRST, webp, 50.1 * MB, 'is 50.1 MB'],
		['Vidu takes no 1:5', VIDU_FIRST, png(200, 1000), 1, 'has an aspect ratio of 1:5 (200 × 1000 pixels)'],
		['Vidu takes a small first frame', VIDU_FIRST, png(96, 96), 1, undefined],
		['Vidu takes no small reference', VIDU_REFERENCES, png(96, 96), 1, 'is 96 × 96 pixels'],
		['Zhipu takes WebP for Vidu', ZHIPU_FIRST, webp, 1, undefined],
		['Zhipu takes no GIF for Vidu', ZHIPU_FIRST, gif, 1, 'is a GIF image'],
		['Zhipu takes no 50.1 MB for Vidu', ZHIPU_FIRST, webp, 50.1 * MB, 'is 50.1 MB'],
		['Zhipu takes no 5:1 for Vidu', ZHIPU_FIRST, png(1000, 200), 1, 'has an aspect ratio of 5:1 (1000 × 200 pixels)'],
		['Zhipu takes no small reference', ZHIPU_REFERENCES, png(127, 900), 1, 'is 127 × 900 pixels'],
		['CogVideoX takes no WebP', COGVIDEOX_FIRST, webp, 1, 'is a WebP image'],
		['CogVideoX takes 5 MB', COGVIDEOX_FIRST, png(640, 640), 5 * MB, undefined],
		['CogVideoX takes no 6.2 MB', COGVIDEOX_FIRST, png(640, 640), 6.2 * MB, 'is 6.2 MB'],
		['CogVideoX states no shape', COGVIDEOX_FIRST, png(900, 90), 1, undefined],
		['Vtrix takes WebP', VTRIX_FIRST, webp, 1, undefined],
		['Vtrix takes no GIF', VTRIX_FIRST, gif, 1, 'is a GIF image'],
		['Vtrix takes no 50.1 MB', VTRIX_FIRST, webp, 50.1 * MB, 'is 50.1 MB'],
		['Vtrix takes no 1:5', VTRIX_FIRST, png(200, 1000), 1, 'has an aspect ratio of 1:5 (200 × 1000 pixels)'],
	])('%s', (_, rules, header, sizeBytes, what) => {
		expect(checkImage(header, sizeBytes, rules)?.what).toBe(what);
	});

	test.each([
		['Vidu', VIDU_FRAMES, true],
		['Vidu at Zhipu', ZHIPU_FRAMES, true],
		['CogVideoX', COGVIDEOX_FRAMES, false],
	])('%s compares start and end frame', (_, rules, isCompared) => {
		expect(checkFramePair(png(1280, 720), png(720, 1280), rules) !== undefined).toBe(isCompared);
		expect(checkFramePair(png(1280, 720), png(1280, 720), rules)).toBeUndefined();
	});

	test('Q4 takes 1:5', () => {
		const q4 = Object.entries(viduCatalogue.models.imageToVideo!).filter(([model]) => /q4/.test(model));
		expect(q4.length).toBeGreaterThan(0);
		for (const [, row] of q4) expect(checkImage(png(200, 1000), 1, row.images.rules)).toBeUndefined();
	});

	test('Vidu takes requests of 20 MB', () => {
		expect(checkBodyLength(20 * MB, viduCatalogue.maxBodyBytes)).toBeUndefined();
		expect(checkBodyLength(21 * MB, viduCatalogue.maxBodyBytes)?.what).toBe('is 21 MB');
	});
});

import type { ImageFormat, ImageRules } from '../../catalogue/types';
import { MEGABYTE } from '../../catalogue/units';
import type { ImageHeader } from './header';

/**
 * Says before anything is bought whether a service will take an image. The numbers are in the catalogue, read from
 * platform.vidu.com/docs/{image-to-video, start-end-to-video, reference-to-video}, the same pages of platform.vidu.cn,
 * and docs.bigmodel.cn/api-reference (video generation, asynchronous). What a header leaves open is not held against it.
 */

/** Why an image will be refused, in parts that carry neither item nor parameter name. None ends in a full stop. */
export interface ImageFault {
	/** Follows the parameter's name: "is a GIF image". */
	what: string;
	/** "CogVideoX takes PNG and JPEG". */
	allowed: string;
	/** "Convert it to PNG or JPEG". */
	advice: string;
}

const NAMES: Record<Exclude<ImageHeader['format'], 'html' | 'unknown'>, string> = {
	png: 'a PNG',
	jpeg: 'a JPEG',
	webp: 'a WebP',
	gif: 'a GIF',
	bmp: 'a BMP',
	heic: 'a HEIC',
	avif: 'an AVIF',
	tiff: 'a TIFF',
	svg: 'an SVG',
};
const LABELS: Record<ImageFormat, string> = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP', bmp: 'BMP' };
/** n8n's own node for changing images; it reads no HEIC, AVIF or SVG. */
const WITH_EDIT_IMAGE = 'for example with the Edit Image node';
const EDIT_IMAGE_READS: ReadonlyArray<ImageHeader['format']> = ['png', 'jpeg', 'webp', 'gif', 'bmp', 'tiff'];

/**
 * Format, bytes, damage, pixels and shape, in this order; the first fault found.
 * @param sizeBytes of the decoded file, where it is known
 * @param taker who takes images like this: the model or provider, as the user knows it
 */
export function checkImage(
	header: ImageHeader,
	sizeBytes: number | undefined,
	rules: ImageRules,
	taker = 'The model',
): ImageFault | undefined {
	if (sizeBytes === 0) {
		return { what: 'is empty', allowed: takesFormats(rules, taker), advice: 'Check what the previous node put there' };
	}
	return (
		checkFormat(header, rules, taker) ??
		checkBytes(sizeBytes, rules, taker) ??
		checkReadable(header, rules, taker) ??
		checkPixels(header, rules, taker) ??
		checkShape(header, rules, taker)
	);
}

/** png, jpeg, jpg, webp at Vidu; png, jpeg, jpg for CogVideoX. */
function checkFormat({ format, needMore }: ImageHeader, rules: ImageRules, taker: string): ImageFault | undefined {
	if (isListed(format, rules.formats) || (format === 'unknown' && needMore)) return undefined;
	const allowed = takesFormats(rules, taker);
	if (format === 'html') {
		const advice = 'Use the address of the image file itself; a login or error page often stands in its place';
		return { what: 'is a web page, not an image', allowed, advice };
	}
	const target = listing(rules.formats, 'or');
	if (format === 'unknown') {
		const advice = `Check that it is a whole image file, and convert it to ${target}`;
		return { what: 'is not an image of a known format', allowed, advice };
	}
	const means = EDIT_IMAGE_READS.includes(format) ? `, ${WITH_EDIT_IMAGE}` : '';
	return { what: `is ${NAMES[format]} image`, allowed, advice: `Convert it to ${target}${means}` };
}

/** Of the file itself, however it travels: 50 MB at Vidu, 5 MB for CogVideoX. */
function checkBytes(sizeBytes: number | undefined, { maxBytes }: ImageRules, taker: string): ImageFault | undefined {
	if (sizeBytes === undefined || sizeBytes <= maxBytes) return undefined;
	return {
		what: `is ${above(megabytes(sizeBytes), megabytes(maxBytes))}`,
		allowed: `${taker} takes images up to ${megabytes(maxBytes)}`,
		advice: 'Make it smaller, or save it as a JPEG with more compression',
	};
}

function checkReadable(header: ImageHeader, rules: ImageRules, taker: string): ImageFault | undefined {
	if (header.needMore || hasSize(header) || !isListed(header.format, rules.formats)) return undefined;
	return {
		what: `is a damaged ${LABELS[header.format]} file`,
		allowed: `${taker} takes complete files only, and this one does not state its width and height`,
		advice: 'Download it again, or open it in an image editor and save it again',
	};
}

/** 128 × 128 for references (reference-to-video pages), 200 to 4,096 for motion sync. */
function checkPixels(header: ImageHeader, rules: ImageRules, taker: string): ImageFault | undefined {
	const { minPixels = 0, maxPixels = Infinity } = rules;
	if (!hasSize(header)) return undefined;
	if (Math.max(header.width, header.height) > maxPixels)
		return {
			what: `is ${pixels(header)}`,
			allowed: `${taker} takes images of at most ${pixels({ width: maxPixels, height: maxPixels })}`,
			advice: `Make it smaller, ${WITH_EDIT_IMAGE}`,
		};
	if (Math.min(header.width, header.height) >= minPixels) return undefined;
	return {
		what: `is ${pixels(header)}`,
		allowed: `${taker} takes images of at least ${pixels({ width: minPixels, height: minPixels })}`,
		advice: `Use a larger image, or enlarge it, ${WITH_EDIT_IMAGE}`,
	};
}

/** 1:4 to 4:1, for Q4 1:5 to 5:1, both ends included (image-to-video pages); Zhipu and Vtrix say "inside". */
function checkShape(
	header: ImageHeader,
	{ maxAspect, isAspectExclusive }: ImageRules,
	taker: string,
): ImageFault | undefined {
	if (maxAspect === undefined || !hasSize(header)) return undefined;
	const { width, height } = header;
	const aspect = Math.max(width, height) / Math.min(width, height);
	if (aspect < maxAspect || (aspect === maxAspect && !isAspectExclusive)) return undefined;
	const shape = (sides: number) => (width > height ? `${decimals(sides)}:1` : `1:${decimals(sides)}`);
	return {
		what: `has an aspect ratio of ${above(shape(aspect), shape(maxAspect))} (${pixels(header)})`,
		allowed: `${taker} takes aspect ratios ${isAspectExclusive ? 'between' : 'from'} 1:${maxAspect} ${isAspectExclusive ? 'and' : 'to'} ${maxAspect}:1`,
		advice: `Crop it, or add a border, ${WITH_EDIT_IMAGE}`,
	};
}

/**
 * Start and end frame within 0.8 to 1.25 of each other. platform.vidu.com/docs/start-end-to-video says so of the aspect
 * ratios, platform.vidu.cn of the resolutions; both are checked, width and height each, so that neither refuses.
 * The fault is about the start image.
 */
export function checkFramePair(
	first: ImageHeader,
	last: ImageHeader,
	{ pairRatio }: ImageRules,
	taker = 'The model',
): ImageFault | undefined {
	if (pairRatio === undefined || !hasSize(first) || !hasSize(last)) return undefined;
	const ratios = [
		first.width / last.width,
		first.height / last.height,
		(first.width * last.height) / (first.height * last.width), // one division, so that 4:5 is 0.8 exactly
	];
	const { min, max } = pairRatio;
	if (ratios.every((ratio) => ratio >= min && ratio <= max)) return undefined;
	return {
		what: `is ${pixels(first)}, the end image ${pixels(last)}`,
		allowed: `${taker} takes pairs whose widths, heights and shapes are each within ${min} to ${max} of one another`,
		advice: `Crop or resize one to the width and height of the other, ${WITH_EDIT_IMAGE}`,
	};
}

/**
 * The whole POST body: 20 MB at Vidu (start-end-to-video page), whatever single images may weigh. `what` follows
 * "The request".
 * @param bodyBytes of the JSON, base64 included
 * @param maxBodyBytes undefined where the service states none
 * @param imageBytes decoded sizes of the images inside, for the message
 */
export function checkBodyLength(
	bodyBytes: number,
	maxBodyBytes: number | undefined,
	imageBytes: readonly number[] = [],
	taker = 'The service',
): ImageFault | undefined {
	if (maxBodyBytes === undefined || bodyBytes <= maxBodyBytes) return undefined;
	const largest = imageBytes.length === 1 ? 'its image' : 'its largest image';
	const inside = imageBytes.length > 0 ? `, ${largest} ${megabytes(Math.max(...imageBytes))}` : '';
	return {
		what: `is ${above(megabytes(bodyBytes), megabytes(maxBodyBytes))}${inside}`,
		allowed: `${taker} takes requests up to ${megabytes(maxBodyBytes)}, and base64 makes an image a third larger`,
		advice: 'Send a URL, or turn on the option "Send Binary as Signed URL", or use a smaller image',
	};
}

function isListed(format: ImageHeader['format'], formats: readonly ImageFormat[]): format is ImageFormat {
	return (formats as readonly string[]).includes(format);
}

function hasSize(header: ImageHeader): header is ImageHeader & { width: number; height: number } {
	return header.width !== undefined && header.height !== undefined;
}

const takesFormats = ({ formats }: ImageRules, taker: string) => `${taker} takes ${listing(formats, 'and')}`;

/** "PNG, JPEG and WebP". */
function listing(formats: readonly ImageFormat[], word: 'and' | 'or'): string {
	const labels = formats.map((format) => LABELS[format]);
	const last = labels.pop() ?? 'no images';
	return labels.length > 0 ? `${labels.join(', ')} ${word} ${last}` : last;
}

const pixels = ({ width, height }: { width: number; height: number }) => `${width} × ${height} pixels`;

/** Up to two decimals: 1.78, 6. */
const decimals = (value: number) => String(Number(value.toFixed(2)));

/** "6.2 MB", "50 MB": a limit reads as its page states it. */
function megabytes(bytes: number): string {
	return `${Number((bytes / MEGABYTE).toFixed(1))} MB`;
}

/** A value beyond its limit never reads like the limit: "just over 5 MB". */
const above = (value: string, limit: string) => (value === limit ? `just over ${limit}` : value);

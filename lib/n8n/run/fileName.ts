import type { Made } from '../operations';

/** Names of files as users write them, on any system. */

/** Bytes; systems take 255, and n8n's stores and folders want some of them. */
const MAX_NAME_BYTES = 180;

/** Of separators, of what Windows does not take, of control characters, and of halves of characters. */
const FORBIDDEN = /[\\/:*?"<>|\p{Cc}\p{Surrogate}]+/gu;

/**
 * A name that every file system takes: no folders, no signs with a meaning, no dots or blanks at its ends. The ending
 * (.mp4) stays when a long name is cut.
 * @returns an empty text where nothing is left of the name
 */
export function cleanFileName(name: string): string {
	const clean = trimDots(name.replace(FORBIDDEN, '-').replace(/^[-\s]+$/, ''));
	const [ending] = ENDING.exec(clean) ?? [''];
	const stem = trimDots(cutToBytes(clean.slice(0, clean.length - ending.length), MAX_NAME_BYTES - ending.length));
	return `${stem.replace(DEVICE, '$&-')}${ending}`;
}

/** Of the files that videos, images and sounds come in: "Size.XL" and "shop.de" have none. */
const ENDING = /\.(?:mp4|m4v|m4a|mov|webm|mkv|avi|mpe?g|gif|png|jpe?g|webp|mp3|wav|aac|ogg|flac)$/i;
const VIDEO_ENDING = /\.(?:mp4|m4v|mov|webm|mkv|avi|mpe?g|gif)$/i;

/** Windows opens a device under these names, whatever stands behind the dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** What an expression makes of nothing, and of an object. */
const NO_NAME = /^(?:undefined|null|NaN|\[object Object\])?$/;

/**
 * The name of a file: the user's, or the task's id where there is none. A video's has an ending; all others get it from
 * what arrives.
 * @param given what the user set, text or anything that an expression gave
 * @param made `any` of a task of which nobody knows what it makes
 */
export function fileNameFor(given: unknown, taskId: string, made: Made | 'any' = 'video'): string {
	const text = typeof given === 'string' || typeof given === 'number' ? String(given).trim() : '';
	// "{{ $json.sku }}.mp4" of an item without a sku
	const [ending] = ENDING.exec(text) ?? [''];
	const isNameless = NO_NAME.test(text.slice(0, text.length - ending.length));
	const name = cleanFileName(isNameless ? `${taskId}${ending}` : text) || cleanFileName(taskId) || 'video';
	return made !== 'video' || VIDEO_ENDING.test(name) ? name : `${name}.mp4`;
}

const trimDots = (text: string): string => text.replace(/^[\s.]+(?=[^.\s])|(?<![\s.])[\s.]+$/g, '');

/** Whole characters only. */
function cutToBytes(text: string, maxBytes: number): string {
	let bytes = 0;
	let cut = '';
	for (const character of text) {
		bytes += Buffer.byteLength(character);
		if (bytes > maxBytes) break;
		cut += character;
	}
	return cut;
}

import type { IBinaryData } from 'n8n-workflow';

import { splitUrls } from '../../core/urlList';
import { invalid } from './invalidInput';

/** Images of an item as the user gave them: addresses, binary fields, base64, mixed and in lists. */

/** One image as given, before it is looked at. */
export type ImageSource =
	| { mode: 'url'; value: string }
	/** The name of a binary field of the item, or a binary value that an expression fetched from elsewhere. */
	| { mode: 'binary'; value: string | IBinaryData }
	| { mode: 'base64'; value: string };

/** What a parameter is to hold, in words. */
export type MediaKind = 'image' | 'video' | 'sound';

/** `an image`, `a video`. */
export const aKind = (kind: MediaKind): string => (kind === 'image' ? `an ${kind}` : `a ${kind}`);

const NEXT_WORD = /[\r\n,]+/;

/**
 * Flattens whatever an image parameter holds: a resource locator, a text, an array of either, JSON text of an array.
 * @param parameter display name, for messages
 * @throws InvalidInput when a value is neither
 */
export function readSources(value: unknown, parameter: string, kind: MediaKind = 'image'): ImageSource[] {
	if (value === undefined || value === null || value === '') return [];
	if (Array.isArray(value)) return value.flatMap((entry) => readSources(entry, parameter, kind));
	if (typeof value === 'string') return readText('url', value, parameter, kind);
	if (typeof value === 'object') {
		const entry = value as Record<string, unknown>;
		if (isBinaryValue(entry)) return [{ mode: 'binary', value: entry }];
		if ('mode' in entry || '__rl' in entry) {
			const mode = entry.mode === 'binary' || entry.mode === 'base64' ? entry.mode : 'url';
			if (typeof entry.value === 'string') return readText(mode, entry.value, parameter, kind);
			if (Array.isArray(entry.value))
				return entry.value.flatMap((inner) =>
					typeof inner === 'string' ? readText(mode, inner, parameter, kind) : readSources(inner, parameter, kind),
				);
			return readSources(entry.value, parameter, kind);
		}
		// the entries of a fixed collection, and rows of shops: { image: … }, { url: … }, { src: … }
		const given = [entry.image, entry.url, entry.src].filter((inner) => inner !== undefined);
		for (const inner of given) {
			const sources = readSources(inner, parameter, kind);
			if (sources.length > 0) return sources;
		}
		if (given.length > 0) return [];
	}
	throw invalid(
		parameter,
		`${parameter} cannot be read as ${aKind(kind)}`,
		kind === 'image'
			? 'Give a URL, the name of a binary field, base64 text, or a list of these.'
			: 'Give a URL, or a list of URLs.',
	);
}

function isBinaryValue(entry: Record<string, unknown>): entry is IBinaryData & Record<string, unknown> {
	return typeof entry.mimeType === 'string' && (typeof entry.id === 'string' || typeof entry.data === 'string');
}

function readText(mode: ImageSource['mode'], text: string, parameter: string, kind: MediaKind): ImageSource[] {
	const trimmed = text.trim();
	if (trimmed === '') return [];
	if (trimmed.startsWith('[')) {
		const list = readJsonList(trimmed);
		if (list) return list.flatMap((entry) => readSources(entry, parameter, kind));
	}
	const pieces =
		mode === 'binary' || (mode === 'base64' && !/^data:/i.test(trimmed))
			? trimmed.split(mode === 'binary' ? NEXT_WORD : /,/)
			: splitAddresses(trimmed);
	return pieces
		.map((piece) => piece.trim())
		.filter((piece) => piece !== '')
		.map((piece) =>
			mode === 'url' && /^data:/i.test(piece) ? { mode: 'base64', value: piece } : { mode, value: piece },
		);
}

/** Base64 may be wrapped: a line of nothing else goes on with the data URI in front of it, unless that was padded. */
function splitAddresses(text: string): string[] {
	const pieces: string[][] = [];
	let isOpen = false;
	for (const piece of splitUrls(text)) {
		if (isOpen && /^[\w+/=\s-]+$/.test(piece)) pieces.at(-1)?.push(piece);
		else {
			pieces.push([piece]);
			isOpen = /^data:/i.test(piece);
		}
		if (piece.endsWith('=')) isOpen = false;
	}
	return pieces.map((parts) => parts.join(''));
}

function readJsonList(text: string): unknown[] | undefined {
	try {
		const parsed: unknown = JSON.parse(text);
		return Array.isArray(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}

import type { IBinaryData } from 'n8n-workflow';

import { invalidInput, type Trouble } from '../core/trouble';
import type { TaskReport } from '../core/types';

/** Pictures of an item as the user gave them: addresses, binary fields, base64, mixed and in lists. */

/** One picture as given, before it is looked at. */
export type ImageSource =
	| { mode: 'url'; value: string }
	/** The name of a binary field of the item, or a binary value that an expression fetched from elsewhere. */
	| { mode: 'binary'; value: string | IBinaryData }
	| { mode: 'base64'; value: string };

/** A parameter could not be read as what it should be. Carries the trouble for the item. */
export class InvalidInput extends Error {
	constructor(
		readonly trouble: Trouble,
		/** The task that the item is about, for the details. */
		readonly task: { taskId?: string; report?: TaskReport } = {},
	) {
		super(trouble.headline);
		this.name = 'InvalidInput';
	}
}

/** Shorthand for what an item is at fault for. */
export function invalid(parameter: string, headline: string, todo: string): InvalidInput {
	return new InvalidInput(invalidInput(parameter, headline, todo));
}

/** A list in one text: lines, or commas in front of a new address. Commas inside an address belong to it. */
const NEXT_ADDRESS = /[\r\n]+|,(?=\s*(?:https?:|data:|$))/i;
const NEXT_WORD = /[\r\n,]+/;

/**
 * Flattens whatever an image parameter holds: a resource locator, a text, an array of either, JSON text of an array.
 * @param parameter display name, for messages
 * @throws InvalidInput when a value is neither
 */
export function readSources(value: unknown, parameter: string): ImageSource[] {
	if (value === undefined || value === null || value === '') return [];
	if (Array.isArray(value)) return value.flatMap((entry) => readSources(entry, parameter));
	if (typeof value === 'string') return readText('url', value, parameter);
	if (typeof value === 'object') {
		const entry = value as Record<string, unknown>;
		if (isBinaryValue(entry)) return [{ mode: 'binary', value: entry }];
		if ('mode' in entry || '__rl' in entry) {
			const mode = entry.mode === 'binary' || entry.mode === 'base64' ? entry.mode : 'url';
			if (typeof entry.value === 'string') return readText(mode, entry.value, parameter);
			if (Array.isArray(entry.value))
				return entry.value.flatMap((inner) =>
					typeof inner === 'string'
						? readText(mode, inner, parameter)
						: readSources(inner, parameter),
				);
			return readSources(entry.value, parameter);
		}
		// the entries of a fixed collection, and rows of shops: { image: … }, { url: … }, { src: … }
		for (const key of ['image', 'url', 'src'])
			if (entry[key] !== undefined) return readSources(entry[key], parameter);
	}
	throw invalid(
		parameter,
		`${parameter} cannot be read as a picture`,
		'Give an address, the name of a binary field, base64 text, or a list of these.',
	);
}

function isBinaryValue(entry: Record<string, unknown>): entry is IBinaryData & Record<string, unknown> {
	return typeof entry.mimeType === 'string' && (typeof entry.id === 'string' || typeof entry.data === 'string');
}

function readText(mode: ImageSource['mode'], text: string, parameter: string): ImageSource[] {
	const trimmed = text.trim();
	if (trimmed === '') return [];
	if (trimmed.startsWith('[')) {
		const list = readJsonList(trimmed);
		if (list) return list.flatMap((entry) => readSources(entry, parameter));
	}
	const pieces =
		mode === 'binary' || (mode === 'base64' && !/^data:/i.test(trimmed))
			? trimmed.split(mode === 'binary' ? NEXT_WORD : /,/)
			: trimmed.split(NEXT_ADDRESS);
	return pieces
		.map((piece) => piece.trim())
		.filter((piece) => piece !== '')
		.map((piece) => (mode === 'url' && /^data:/i.test(piece) ? { mode: 'base64', value: piece } : { mode, value: piece }));
}

function readJsonList(text: string): unknown[] | undefined {
	try {
		const parsed: unknown = JSON.parse(text);
		return Array.isArray(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}

import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { invalidInput, type Trouble } from '../core/trouble';
import type { ImageInput } from '../core/types';

/** Pictures of an item as the user gave them: addresses, binary fields, base64, mixed and in lists. */

/** One picture as given, before it is looked at. */
export type ImageSource =
	| { mode: 'url'; value: string }
	| { mode: 'binary'; value: string }
	| { mode: 'base64'; value: string };

/** A parameter could not be read as what it should be. Carries the trouble for the item. */
export class InvalidInput extends Error {
	constructor(readonly trouble: Trouble) {
		super(trouble.headline);
		this.name = 'InvalidInput';
	}
}

/** A list in one text: lines, or commas in front of a new address. Commas inside an address belong to it. */
const NEXT_ADDRESS = /[\r\n]+|,(?=\s*(?:https?:|data:))/i;
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
	throw new InvalidInput(
		invalidInput(
			parameter,
			`${parameter} cannot be read as a picture`,
			'Give an address, the name of a binary field, base64 text, or a list of these.',
		),
	);
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

/**
 * Turns a source into what the engine loads for a submission.
 * @throws InvalidInput with a message for the user
 */
export async function openImage(
	context: IExecuteFunctions,
	itemIndex: number,
	source: ImageSource,
	parameter: string,
): Promise<ImageInput> {
	switch (source.mode) {
		case 'url':
			return openUrl(source.value, parameter);
		case 'base64':
			return openBase64(source.value, parameter);
		case 'binary':
			return await openBinary(context, itemIndex, source.value, parameter);
	}
}

function openUrl(value: string, parameter: string): ImageInput {
	if (!/^https?:\/\/[^\s/]+\S*$/i.test(value))
		throw new InvalidInput(
			invalidInput(
				parameter,
				`${parameter} "${shorten(value)}" is no address`,
				'Use an address that starts with https://, or switch the field to Binary Field or Base64.',
			),
		);
	return { identity: value, wireLength: value.length, load: async () => value };
}

function openBase64(value: string, parameter: string): ImageInput {
	const text = value.replace(/\s+/g, '');
	const wire = /^data:/i.test(text) ? text : `data:${sniffMime(text)};base64,${text}`;
	if (!/^data:image\/[\w.+-]+;base64,[A-Za-z0-9+/_-]+={0,2}$/.test(wire))
		throw new InvalidInput(
			invalidInput(
				parameter,
				`${parameter} holds no base64 picture`,
				'Give the picture as base64 text, with or without "data:image/png;base64," in front.',
			),
		);
	return { identity: hash(wire), wireLength: wire.length, load: async () => wire };
}

async function openBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	parameter: string,
): Promise<ImageInput> {
	const item = context.getInputData()[itemIndex];
	const available = Object.keys(item?.binary ?? {});
	if (!item?.binary?.[name]) {
		throw new InvalidInput(
			invalidInput(
				parameter,
				`${parameter}: this item has no binary field "${name}"`,
				available.length > 0
					? `It has ${available.map((field) => `"${field}"`).join(', ')}.`
					: 'It has no binary fields at all. Add a node that loads the picture before this one.',
			),
		);
	}
	const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, name);
	const mime = sniffMime(bytes.toString('base64', 0, 24));
	const prefix = `data:${mime};base64,`;
	return {
		identity: hash(bytes),
		wireLength: prefix.length + Math.ceil(bytes.length / 3) * 4,
		load: async () => prefix + (await context.helpers.getBinaryDataBuffer(itemIndex, name)).toString('base64'),
	};
}

/** The picture's real type from its first bytes; a claimed type or a file name can be wrong. */
function sniffMime(base64: string): string {
	if (base64.startsWith('iVBORw0KGgo')) return 'image/png';
	if (base64.startsWith('/9j/')) return 'image/jpeg';
	if (base64.startsWith('UklGR')) return 'image/webp';
	if (base64.startsWith('R0lGOD')) return 'image/gif';
	return 'image/png';
}

const hash = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

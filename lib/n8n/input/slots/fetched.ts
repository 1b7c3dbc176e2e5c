import type { IBinaryData } from 'n8n-workflow';

import type { Leaf } from '../../../core/body';
import { SIGNED_URL_LENGTH, storedName, type BinaryReader } from '../binary';
import { invalid } from '../invalidInput';
import { readPublicUrl } from '../publicUrl';
import { readSources, type ImageSource, type MediaKind } from '../sources';
import type { SlotReader } from './slot';

/** Clips and sounds: the service fetches them, so each needs an address, and none travels as base64. */

export type FetchedKind = Exclude<MediaKind, 'image'>;

/** What a file is that is none: a cover, a page, a list. */
const OTHERS: Record<FetchedKind, RegExp> = {
	video: /^(image|text|audio)\/|^application\/json/i,
	// a clip has a sound, and n8n knows an MP4 without pictures as a video
	sound: /^(image|text)\/|^application\/json/i,
};
const NAMES: Record<FetchedKind, string> = { video: 'clip', sound: 'sound' };

type FetchedSource = Exclude<ImageSource, { mode: 'base64' }>;

/**
 * The addresses and files that a value holds.
 * @throws InvalidInput for base64, which no service takes here
 */
export function fetchedSources(value: unknown, label: string, kind: FetchedKind): FetchedSource[] {
	return readSources(value, label, kind).map((source): FetchedSource => {
		if (source.mode !== 'base64') return source;
		throw invalid(
			label,
			`${label} cannot be sent as base64`,
			'Give its URL, or the name of the binary field it is in.',
		);
	});
}

/** As it travels. @throws InvalidInput for what the service could not fetch */
export function openFetched(
	source: FetchedSource,
	label: string,
	kind: FetchedKind,
	{ settings, binaries }: SlotReader,
): string | Leaf {
	return source.mode === 'url'
		? readPublicUrl(source.value, label, settings, kind)
		: openBinary(source.value, label, kind, binaries);
}

/** The address is made again for the order, but what cannot have one is told before. */
function openBinary(value: string | IBinaryData, label: string, kind: FetchedKind, binaries: BinaryReader): Leaf {
	const binary = binaries.find(value, label, kind);
	const { id, mimeType } = binary;
	if (OTHERS[kind].test(mimeType))
		throw invalid(
			label,
			`${label}: the binary field holds ${mimeType}, not a ${kind}`,
			`Name the field that holds the ${NAMES[kind]}.`,
		);
	if (id === undefined)
		throw invalid(
			label,
			`${label}: n8n keeps this file in memory, where the service cannot fetch it`,
			`Set N8N_DEFAULT_BINARY_DATA_MODE to filesystem, or give the URL of the ${kind}.`,
		);
	const sign = (): string => binaries.signedUrl(binary, label, kind);
	sign();
	return { identity: storedName(id), wireLength: SIGNED_URL_LENGTH, media: kind, load: async () => sign() };
}

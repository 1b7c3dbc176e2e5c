/** Tells by its first bytes what a file is: a server's word for it is a guess, and pages come under any name. */

export type Wanted = 'video' | 'image';

/** How much of the file must be there to tell. What is shorter is neither a video nor an image. */
export const HEAD_BYTES = 1_024;

/** Neither a video nor an image, whatever else. */
const OTHER = 'other';

/** The type by name of the brand in an ISO media file; all others are MP4 video (mp4ra.org/registered-types/brands). */
const BRANDS: ReadonlyArray<readonly [RegExp, string]> = [
	[/qt {2}/, 'video/quicktime'],
	[/^3g/, 'video/3gpp'],
	[/avi[fs]/, 'image/avif'],
	[/hei[cxms]|hev[cxms]|mif1|msf1/, 'image/heic'],
	[/^(M4A|M4B|F4A)/, OTHER],
];

/** Boxes that an MP4 or MOV file of an older writer begins with (ISO/IEC 14496-12). */
const BOXES = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'styp']);

/**
 * First bytes in Latin-1, and the type. Not those of `images/header.ts`: what somebody sends is judged strictly there, by
 * whole signatures, and a file that a service made is taken here by as little as tells its kind.
 */
const STARTS: ReadonlyArray<readonly [RegExp, string]> = [
	[/^\x1a\x45\xdf\xa3/, 'video/webm'],
	[/^RIFF[^]{4}AVI /, 'video/x-msvideo'],
	[/^FLV\x01/, 'video/x-flv'],
	[/^OggS/, 'video/ogg'],
	[/^\x00\x00\x01[\xb3\xba]/, 'video/mpeg'],
	[/^\xff\xd8\xff/, 'image/jpeg'],
	[/^\x89PNG/, 'image/png'],
	[/^RIFF[^]{4}WEBP/, 'image/webp'],
	[/^GIF8/, 'image/gif'],
	[/^BM[^]{4}\x00\x00\x00\x00/, 'image/bmp'],
	// sounds, archives and documents
	[/^RIFF/, OTHER],
	[/^ID3/, OTHER],
	[/^PK\x03\x04/, OTHER],
	[/^\x1f\x8b/, OTHER],
	[/^%PDF/, OTHER],
];

/** What stores say of a file they know nothing about. */
const UNTYPED = /^(application|binary)\/octet-stream$/;

/**
 * @param head the first bytes, at least HEAD_BYTES unless the whole file is shorter
 * @param claimed the server's Content-Type; counts only where the bytes are of no known format
 * @returns the MIME type, or undefined where the file is not what is wanted
 */
export function readFileType(head: Buffer, claimed: string, wanted: Wanted): string | undefined {
	if (head.length < HEAD_BYTES) return undefined;
	const known = knownType(head.toString('latin1', 0, 16));
	if (known !== undefined) return known.startsWith(`${wanted}/`) ? known : undefined;
	if (isText(head)) return undefined;
	const mime = claimed.replace(/;.*/s, '').trim().toLowerCase();
	if (mime.startsWith(`${wanted}/`)) return mime;
	if (wanted === 'video' && BOXES.has(head.toString('latin1', 4, 8))) return 'video/mp4';
	return wanted === 'video' && UNTYPED.test(mime) ? 'video/mp4' : undefined;
}

function knownType(start: string): string | undefined {
	if (start.slice(4, 8) === 'ftyp') {
		const brand = start.slice(8, 12);
		return BRANDS.find(([pattern]) => pattern.test(brand))?.[1] ?? 'video/mp4';
	}
	return STARTS.find(([pattern]) => pattern.test(start))?.[1];
}

/** A page, JSON, XML or plain words, in UTF-8 or UTF-16: films have zeros and control characters at once. */
function isText(head: Buffer): boolean {
	const start = head.toString('latin1', 0, HEAD_BYTES);
	return /^(\xff\xfe|\xfe\xff)/.test(start) || !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(start);
}

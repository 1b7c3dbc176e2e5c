/** Tells by its first bytes what a file is: a server's word for it is a guess, and pages come under any name. */

/** `any`: of a task of which nobody knows what it makes. */
export type Wanted = 'video' | 'image' | 'audio' | 'any';

/** How much of the file must be there to tell. What is shorter is no video; an image or a sound only if it says so itself. */
export const HEAD_BYTES = 1_024;

/** Neither a video nor an image nor a sound, whatever else. */
const OTHER = 'other';

/** The type by name of the brand in an ISO media file; all others are MP4 video (mp4ra.org/registered-types/brands). */
const BRANDS: ReadonlyArray<readonly [RegExp, string]> = [
	[/qt {2}/, 'video/quicktime'],
	[/^3g/, 'video/3gpp'],
	[/avi[fs]/, 'image/avif'],
	[/hei[cxms]|hev[cxms]|mif1|msf1/, 'image/heic'],
	[/^(M4A|M4B|F4A)/, 'audio/mp4'],
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
	[/^RIFF[^]{4}WAVE/, 'audio/wav'],
	[/^ID3/, 'audio/mpeg'],
	[/^\xff[\xf2\xf3\xfa\xfb]/, 'audio/mpeg'],
	[/^\xff[\xf0\xf1\xf8\xf9]/, 'audio/aac'],
	[/^fLaC/, 'audio/flac'],
	// archives and documents
	[/^RIFF/, OTHER],
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
	const isShort = head.length < HEAD_BYTES;
	if (isShort && (wanted === 'video' || wanted === 'any')) return undefined;
	const mime = claimed.replace(/;.*/s, '').trim().toLowerCase();
	const known = knownType(head.toString('latin1', 0, 16));
	if (known !== undefined) return isWanted(known, wanted) ? soundIn(known, mime, wanted) : undefined;
	if (isShort || isText(head)) return undefined;
	if (isWanted(mime, wanted)) return mime;
	const mayBeVideo = wanted === 'video' || wanted === 'any';
	if (mayBeVideo && BOXES.has(head.toString('latin1', 4, 8))) return 'video/mp4';
	return mayBeVideo && UNTYPED.test(mime) ? 'video/mp4' : undefined;
}

/** A sound may come in a container of films. */
function isWanted(type: string, wanted: Wanted): boolean {
	const [kind = ''] = type.split('/');
	if (wanted === 'any') return ['video', 'image', 'audio'].includes(kind);
	return kind === wanted || (wanted === 'audio' && kind === 'video');
}

/** A container of films says nothing of what is in it; where a sound was made, the server may know. */
const soundIn = (known: string, claimed: string, wanted: Wanted): string =>
	wanted === 'audio' && known.startsWith('video/') && claimed.startsWith('audio/') ? claimed : known;

const ENDINGS: Readonly<Record<string, readonly [string, ...string[]]>> = {
	'image/jpeg': ['jpg', 'jpeg'],
	'image/svg+xml': ['svg'],
	'audio/mpeg': ['mp3'],
	'audio/mp3': ['mp3'],
	'audio/wav': ['wav'],
	'audio/x-wav': ['wav'],
	'audio/mp4': ['m4a', 'mp4'],
	'audio/x-m4a': ['m4a'],
	'video/quicktime': ['mov'],
	'video/x-msvideo': ['avi'],
};
const MEDIA_ENDING = /\.(?:mp4|m4v|m4a|mov|webm|mkv|avi|mpe?g|gif|png|jpe?g|webp|avif|mp3|wav|aac|ogg|flac)$/i;

/** The name with the ending of the file's type; one that belongs to another type is replaced. */
export function withEnding(fileName: string, mimeType: string): string {
	const own = ENDINGS[mimeType] ?? [mimeType.replace(/^.*\/(?:x-)?/, '')];
	const given = MEDIA_ENDING.exec(fileName)?.[0] ?? '';
	if (given !== '' && own.includes(given.slice(1).toLowerCase())) return fileName;
	return `${fileName.slice(0, fileName.length - given.length)}.${own[0]}`;
}

/** "sneaker-2.png", of which "Shoe v1.5" has no ending. */
export function withNumber(fileName: string, number: number): string {
	const ending = MEDIA_ENDING.exec(fileName)?.[0] ?? '';
	return `${fileName.slice(0, fileName.length - ending.length)}-${number}${ending}`;
}

/** What the ending of an address says of its file. @returns undefined for a video, and for what has no ending */
export function kindOfLink(url: string | undefined): 'image' | 'audio' | undefined {
	const path = url !== undefined && URL.canParse(url) ? new URL(url).pathname : '';
	if (/\.(?:png|jpe?g|webp)$/i.test(path)) return 'image';
	return /\.(?:mp3|wav|m4a|aac|ogg|flac)$/i.test(path) ? 'audio' : undefined;
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

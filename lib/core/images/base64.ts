import { MARKUP_BYTES, readImageHeader } from './header';

/** Images that travel as text: data URIs and bare base64. Pure. */

/** An image as text. `base64` is in the standard alphabet, padded, without blanks. */
interface Base64Image {
	/** The type the sender claims, in lower case. */
	mime?: string;
	base64: string;
}

/** Vidu and Zhipu want the prefix; the bare text is refused. */
export const dataUri = (mime: string, base64: string): string => `data:${mime};base64,${base64}`;

/** Reads `data:…;base64,…` with line breaks, blanks, missing padding or the URL-safe alphabet; anything else: undefined. */
export function readDataUri(text: string): Base64Image | undefined {
	const trimmed = text.trim();
	if (trimmed.slice(0, 5).toLowerCase() !== 'data:') return undefined;
	const comma = trimmed.indexOf(',');
	const [mime = '', ...attributes] = trimmed.slice(5, Math.max(comma, 5)).toLowerCase().split(';');
	if (attributes.at(-1)?.trim() !== 'base64') return undefined;
	const base64 = readBase64(trimmed.slice(comma + 1));
	if (base64 === undefined) return undefined;
	return mime.trim() ? { mime: mime.trim(), base64 } : { base64 };
}

/**
 * Reads a data URI, or bare base64 if a known kind of image (or page) comes out of it: field names and plain words
 * are valid base64 too.
 */
export function parseBase64Image(text: string): Base64Image | undefined {
	const fromUri = readDataUri(text);
	if (fromUri) return fromUri;
	const base64 = readBase64(text);
	if (base64 === undefined) return undefined;
	const { format } = readImageHeader(decodeHead(base64, MARKUP_BYTES));
	return format === 'unknown' ? undefined : { base64 };
}

/** How many bytes padded base64 stands for. */
export function base64ByteLength(base64: string): number {
	return Math.floor((withoutPadding(base64).length * 3) / 4);
}

/** The first bytes of an image, decoding no more of the text than that takes. */
export function decodeHead(base64: string, bytes: number): Uint8Array {
	const head = Buffer.from(base64.slice(0, Math.ceil(bytes / 3) * 4), 'base64');
	return head.subarray(0, bytes);
}

/** What needs no change comes back as it is, so a text of tens of megabytes is not copied. */
function readBase64(text: string): string | undefined {
	const digits = withoutPadding(text.replace(/\s/g, '').replace(/-/g, '+').replace(/_/g, '/'));
	if (digits === '' || /[^A-Za-z0-9+/]/.test(digits) || digits.length % 4 === 1) return undefined;
	return digits.padEnd(Math.ceil(digits.length / 4) * 4, '=');
}

function withoutPadding(base64: string): string {
	const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
	return base64.slice(0, base64.length - padding);
}

/**
 * Answers repeat the images that were sent: megabytes of base64 which would lie in memory, in items and in parked
 * records for as long as a task is waited for.
 */

/** Longer data URIs are let go. */
const DATA_URI_LENGTH = 1_000;
/** Other text is let go where it is longer and looks like base64; no field of text may be as long. */
const BASE64_LENGTH = 100_000;
/** How much of a text is looked at to see that it is base64. */
const SAMPLE_LENGTH = 4_096;
/** The user's own text: it comes back as it was sent, up to the length that services take. */
const PAYLOAD = { field: 'payload', maxLength: 1_048_576 };
/** Of an answer that is not JSON, such as a page or JSON that broke off. */
const PAGE_LENGTH = 10_000;

/**
 * The body with each long data URI, and each very long base64 text, replaced by words on what it was.
 * @param body parsed JSON, or the text of an answer that is none
 * @returns a copy, of which nothing holds on to the text it was read from
 */
export function withoutImages(body: unknown): unknown {
	if (typeof body === 'string')
		return body.length > PAGE_LENGTH ? `${copyOf(body, PAGE_LENGTH)}… (${count(body)} characters)` : body;
	const root: Record<string, unknown> = { body };
	// not by recursion: a service may nest deeper than the stack
	for (const open: Array<Record<string, unknown>> = [root]; open.length > 0;) {
		const holder = open.pop()!;
		for (const key of Object.keys(holder)) {
			const value = holder[key];
			if (typeof value === 'string') holder[key] = withoutImage(key, value);
			else if (typeof value === 'object' && value !== null) {
				const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
				holder[key] = copy;
				open.push(copy);
			}
		}
	}
	return root.body;
}

function withoutImage(key: string, text: string): string {
	if (text.length <= DATA_URI_LENGTH || (key === PAYLOAD.field && text.length <= PAYLOAD.maxLength)) return text;
	const kind = /^data:[\w.+/;=-]{0,100},/i.exec(text)?.[0];
	if (kind !== undefined) return `${copyOf(kind, kind.length)}… (${count(text)} characters)`;
	const isBase64 = text.length > BASE64_LENGTH && /^[\w+/=\r\n-]+$/.test(text.slice(0, SAMPLE_LENGTH));
	return isBase64 ? `base64… (${count(text)} characters)` : text;
}

const count = ({ length }: string): string => length.toLocaleString('en-US');

/** The beginning of a text in a memory of its own: what `slice` gives keeps the whole text alive. */
const copyOf = (text: string, length: number): string => Buffer.from(text.slice(0, length)).toString();

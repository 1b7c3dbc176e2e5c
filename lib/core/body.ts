import { createHash } from 'node:crypto';

/**
 * The body of an order: a JSON tree whose media are leaves that are loaded late, so that 500 items do not hold 500
 * images. Whatever stands in the tree is part of the wish: nothing can be sent that the fingerprint does not know.
 */

/** Held as what it takes to fetch it. `load` gives what travels: an address, or a data URI. */
export interface Leaf {
	/**
	 * Stands for the content in the fingerprint: the address, or a hash of the bytes. Undefined for what changes with
	 * every execution, such as an address to call back: it is no part of the wish.
	 */
	identity: string | undefined;
	/** Length of what `load` gives, in characters. */
	wireLength: number;
	/** Of the file behind it, where known. */
	sizeBytes?: number;
	/** What it is, for messages; an image unless it says otherwise. */
	media?: 'video' | 'sound';
	/** For people, where it is no file. */
	shown?: string;
	load(): Promise<string>;
}

export interface PreparedRequest {
	/** Below the API root of the credential. */
	path: string;
	/** POST where nothing is said. */
	method?: 'PUT';
	/** JSON, with leaves. What is undefined does not travel. */
	body: Readonly<Record<string, unknown>>;
	headers?: Record<string, string>;
}

/** A text that goes into the request but is no part of the wish. */
export const passing = (text: string): Leaf => ({
	identity: undefined,
	wireLength: text.length,
	load: async () => text,
});

/** A text that goes into the request and may be another on each try: what the wish is about is the same. */
export const standingFor = (identity: string, text: string): Leaf => ({
	identity,
	wireLength: text.length,
	shown: text,
	load: async () => text,
});

/** JSON has no functions, so nothing that a user types can be taken for a leaf. */
function isLeaf(node: unknown): node is Leaf {
	return isRecord(node) && typeof node.load === 'function';
}

const isRecord = (node: unknown): node is Record<string, unknown> =>
	typeof node === 'object' && node !== null && !Array.isArray(node);

const isPassing = (node: unknown): boolean => isLeaf(node) && node.identity === undefined;

/**
 * Stands for the whole of a wish, whatever the order of its keys.
 * @param parts request and what else makes it another wish, such as the account
 */
export function fingerprintOf(...parts: unknown[]): string {
	return createHash('sha256').update(canonical(parts)).digest('hex').slice(0, 24);
}

/** JSON with sorted keys; a leaf is its identity between signs that no JSON begins with. */
function canonical(node: unknown): string {
	if (isLeaf(node)) return `<${JSON.stringify(node.identity)}>`;
	if (Array.isArray(node)) return `[${node.map(canonical).join()}]`;
	if (!isRecord(node)) return JSON.stringify(node) ?? 'null';
	const entries = Object.entries(node)
		.filter(([, value]) => value !== undefined && !isPassing(value))
		.sort(([a], [b]) => (a < b ? -1 : 1));
	return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value)}`).join()}}`;
}

/** All leaves of the tree, in the order of the body. */
export function leavesOf(node: unknown): Leaf[] {
	if (isLeaf(node)) return [node];
	if (Array.isArray(node)) return node.flatMap(leavesOf);
	return isRecord(node) ? Object.values(node).flatMap(leavesOf) : [];
}

/** How much of the body is media, in characters. */
export const mediaLengthOf = (body: unknown): number =>
	leavesOf(body).reduce((sum, { wireLength }) => sum + wireLength, 0);

/** Bytes of the body once all is loaded: leaves are addresses and base64, one byte a character. */
export function wireLengthOf(body: unknown): number {
	const frame = JSON.stringify(body, (_name, node: unknown) => (isLeaf(node) ? '' : node)) ?? '';
	return Buffer.byteLength(frame) + mediaLengthOf(body);
}

/** Longer texts, such as what a user typed as base64 into a field, are cut in what is shown. */
const SHOWN_CHARACTERS = 6_000;

/** The body for people to read: files by their size, what is only known when it leaves by a mark. Loads nothing. */
export function abbreviated(node: unknown): unknown {
	if (isLeaf(node)) return abbreviatedLeaf(node);
	if (Array.isArray(node)) return node.map(abbreviated);
	if (typeof node === 'string' && node.length > SHOWN_CHARACTERS)
		return `${node.slice(0, SHOWN_CHARACTERS)}… (${node.length} characters)`;
	if (!isRecord(node)) return node;
	return Object.fromEntries(
		Object.entries(node)
			.filter(([, value]) => value !== undefined)
			.map(([name, value]) => [name, abbreviated(value)]),
	);
}

function abbreviatedLeaf({ identity, media, sizeBytes, shown }: Leaf): string {
	if (shown !== undefined) return shown;
	if (identity === undefined) return '(set when it is ordered)';
	if (/^https?:/i.test(identity)) return identity;
	return `(${media ?? 'image'}${sizeBytes === undefined ? '' : `, ${sizeBytes} bytes`})`;
}

/**
 * The body as it travels. Leaves are loaded one after another, and nothing here holds on to them.
 * @throws whatever a leaf throws that cannot be read any more
 */
export async function loadBody(body: PreparedRequest['body']): Promise<Record<string, unknown>> {
	return (await load(body)) as Record<string, unknown>;
}

async function load(node: unknown): Promise<unknown> {
	if (isLeaf(node)) return await node.load();
	if (Array.isArray(node)) {
		const entries: unknown[] = [];
		for (const entry of node) entries.push(await load(entry));
		return entries;
	}
	if (!isRecord(node)) return node;
	const loaded: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(node)) loaded[name] = await load(value);
	return loaded;
}

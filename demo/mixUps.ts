import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PRODUCTS } from '../test/emulator';
import { ASSETS } from '../test/emulator/cdn';
import { NEUTRAL_CLIP } from '../test/emulator/clips';

/** A clip as the workflow delivered it. */
export interface Clip {
	product: string;
	/** the product's own image, a URL */
	image: string;
	node: string;
	taskId: string;
	/** of the file; absent when none arrived */
	checksum?: string;
}

/** A line of the table that the workflow ends in. */
export interface TableRow {
	product: string;
	taskId: string;
}

/**
 * What was given to the wrong product, in words: a file that is not the emulator's clip of its product, and a line of the table that
 * names another product than the one its task was ordered for.
 * @param isReal the files are a real service's, and nothing tells what they show
 */
export function findMixUps(clips: readonly Clip[], rows: readonly TableRow[], { isReal = false } = {}): string[] {
	return [...(isReal ? [] : findForeign(clips)), ...findMislabelled(clips, rows)];
}

export function checksumOf(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}

function findForeign(clips: readonly Clip[]): string[] {
	return clips.flatMap(({ product, image, node, checksum }) => {
		if (checksum === undefined || checksum === clipChecksum((ownClipOf(image) ?? NEUTRAL_CLIP).video)) return [];
		const owner = PRODUCTS.find(({ clip }) => clipChecksum(clip.video) === checksum);
		return [`${product}, ${node}: the file is ${owner ? `the clip of ${owner.name}` : `not the clip of ${product}`}`];
	});
}

function findMislabelled(clips: readonly Clip[], rows: readonly TableRow[]): string[] {
	return clips.flatMap(({ product, node, taskId }) => {
		if (taskId === '') return [];
		const row = rows.find((each) => each.taskId === taskId);
		if (row?.product === product) return [];
		return [
			`${product}, ${node}: its task ${taskId} is ${row ? `in the table as ${row.product}` : 'not in the table'}`,
		];
	});
}

function ownClipOf(url: string) {
	return PRODUCTS.find(({ image }) => url.endsWith(`/${image}`))?.clip;
}

function clipChecksum(file: string): string {
	return checksumOf(readFileSync(join(ASSETS, file)));
}

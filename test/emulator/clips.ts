import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ASSETS } from './cdn';
import type { Clip } from './core/tasks';
import { PRODUCTS } from './images';

/** Stands in for a video of anything that is not one of the products. */
export const NEUTRAL_CLIP: Clip = { video: 'demo.mp4', cover: 'demo-cover.jpg' };

type Product = (typeof PRODUCTS)[number];

const images = PRODUCTS.flatMap((product) => [product.image, product.endImage].map((file) => ({ product, file })));
const byFile = new Map<string, Product>(images.map(({ product, file }) => [file, product]));
const byContent = new Map<string, Product>(
	images.map(({ product, file }) => [hash(readFileSync(join(ASSETS, file))), product]),
);

/**
 * The clip that may stand in for the video a request orders: that of the product its images show, else the one its prompt names.
 * The neutral one when that is none, or more than one.
 * @param request the body as sent, of any provider
 */
export function clipFor(request: unknown): Clip {
	const texts = [...textsIn(request)];
	const shown = new Set(texts.map(({ text }) => productShownBy(text)).filter((product) => product !== undefined));
	const named = PRODUCTS.filter(({ words }) => texts.some(({ field, text }) => field === 'prompt' && words.test(text)));
	const [product, ...others] = shown.size > 0 ? shown : named;
	return product === undefined || others.length > 0 ? NEUTRAL_CLIP : product.clip;
}

/** Every string at any depth, under the name of the field that holds it. */
function* textsIn(value: unknown, field = ''): Generator<{ field: string; text: string }> {
	if (typeof value === 'string') yield { field, text: value };
	else if (typeof value === 'object' && value !== null)
		for (const [name, inner] of Object.entries(value)) yield* textsIn(inner, name);
}

function productShownBy(image: string): Product | undefined {
	if (/^https?:\/\//i.test(image)) return byFile.get(image.split(/[?#]/)[0].split('/').pop()!);
	const comma = image.indexOf(',');
	return image.startsWith('data:') && comma > 0
		? byContent.get(hash(Buffer.from(image.slice(comma + 1), 'base64')))
		: undefined;
}

function hash(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}

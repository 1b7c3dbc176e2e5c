import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ASSETS, noteKeyLeak } from './cdn';
import type { Reply, Service } from './core/messages';
import { jsonReply, lowerHeaders } from './core/messages';
import type { World } from './core/world';

/** Products a shop might sell: a first image, one of the same size to end on, the clip that stands in for a video of it, and what a prompt calls it. */
export const PRODUCTS = [
	{
		name: 'Runner sneaker',
		image: 'sneaker.png',
		endImage: 'sneaker-end.png',
		clip: { video: 'sneaker.mp4', cover: 'sneaker-cover.jpg' },
		words: /\b(sneaker|shoe)s?\b/i,
	},
	{
		name: 'Morning mug',
		image: 'mug.jpg',
		endImage: 'mug-end.jpg',
		clip: { video: 'mug.mp4', cover: 'mug-cover.jpg' },
		words: /\b(mug|cup)s?\b/i,
	},
	{
		name: 'Globe lamp',
		image: 'lamp.webp',
		endImage: 'lamp-end.webp',
		clip: { video: 'lamp.mp4', cover: 'lamp-cover.jpg' },
		words: /\blamps?\b/i,
	},
] as const;

const TYPES: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' };

/** Serves the product images, and /products.json as a shop's catalogue. */
export function createImages(world: World): Service {
	const files = new Map(
		PRODUCTS.flatMap(({ image, endImage }) => [image, endImage]).map((name) => [
			`/${name}`,
			readFileSync(join(ASSETS, name)),
		]),
	);
	return {
		async handle(request) {
			const record = world.journal.open({
				provider: 'images',
				kind: 'image',
				method: request.method,
				path: request.target,
			});
			const reply = answer();
			world.journal.close(record, reply.status);
			return await Promise.resolve(reply);

			function answer(): Reply {
				if (noteKeyLeak(world, 'images', request.target, lowerHeaders(request.headers)))
					return jsonReply(400, { error: 'No key belongs here' });
				const path = request.target.split('?')[0];
				if (path === '/products.json' || path === '/')
					return jsonReply(
						200,
						PRODUCTS.map(({ name, image, endImage }) => ({
							name,
							image: `${world.urls.images}/${image}`,
							endImage: `${world.urls.images}/${endImage}`,
						})),
					);
				const bytes = files.get(path);
				if (bytes === undefined) return jsonReply(404, { error: 'No such image' });
				return {
					status: 200,
					headers: { 'content-type': TYPES[path.split('.').pop()!], 'content-length': String(bytes.length) },
					body: bytes,
				};
			}
		},
	};
}

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ASSETS } from '../emulator/cdn';
import {
	basicLogin,
	isMp4,
	jsonReply,
	lowerHeaders,
	readBytes,
	readObject,
	type EmulatorRequest,
	type Reply,
	type Service,
} from './http';
import { HOSTS } from './names';
import type { Deliver } from './webhooks';

/**
 * A strict double of a WooCommerce shop on WordPress: products and webhooks of wc/v3 with its consumer key, the media library of wp/v2 with an
 * application password; a webhook is pinged when it is made, signed with its secret, and fires more than once for one save, which the shop does
 * (github.com/woocommerce/woocommerce/issues/24729). https://woocommerce.github.io/woocommerce-rest-api-docs/, https://developer.wordpress.org/rest-api/reference/media/
 */

export const WOOCOMMERCE_KEY = { consumerKey: 'ck_only_for_tests', consumerSecret: 'cs_only_for_tests' };
export const WORDPRESS_LOGIN = { username: 'editor', password: 'only for tests' };
export const WOOCOMMERCE_URL = `https://${HOSTS.woocommerce}`;

interface Meta {
	id: number;
	key: string;
	value: unknown;
}

export interface WooProduct {
	id: number;
	name: string;
	price: string;
	images: Array<{ id: number; src: string }>;
	meta: Meta[];
	modifiedAt: string;
}

export interface WpMedia {
	id: number;
	fileName: string;
	bytes: Buffer;
	source_url: string;
}

interface Webhook {
	id: number;
	topic: string;
	delivery_url: string;
	secret: string;
	status: 'active';
}

export class WooCommerce {
	readonly products: WooProduct[] = [];
	readonly media: WpMedia[] = [];
	readonly webhooks: Webhook[] = [];
	readonly refused: string[] = [];
	/** How often one save is told. */
	copies = 2;
	private lastId = 400;

	constructor(private readonly deliver: Deliver) {}

	get services(): Record<string, Service> {
		return { [HOSTS.woocommerce]: { handle: async (request) => await this.handle(request) } };
	}

	/** @param pictures files of the emulator's assets */
	async createProduct(name: string, pictures: readonly string[]): Promise<WooProduct> {
		const product: WooProduct = {
			id: (this.lastId += 1),
			name,
			price: '19.90',
			images: pictures.map((file) => ({
				id: (this.lastId += 1),
				src: `${WOOCOMMERCE_URL}/wp-content/uploads/2026/11/${file}`,
			})),
			meta: [],
			modifiedAt: new Date().toISOString(),
		};
		this.products.push(product);
		await this.tell('product.created', product);
		return product;
	}

	async changeProduct(product: WooProduct, change: Partial<Pick<WooProduct, 'name' | 'price'>>): Promise<void> {
		Object.assign(product, change, { modifiedAt: new Date().toISOString() });
		for (let copy = 0; copy < this.copies; copy += 1) await this.tell('product.updated', product);
	}

	private async tell(topic: string, product: WooProduct): Promise<void> {
		const body = JSON.stringify(show(product));
		await Promise.all(
			this.webhooks
				.filter((hook) => hook.topic === topic)
				.map(async ({ id, delivery_url: address, secret }) => {
					await this.deliver({
						from: 'woocommerce',
						topic,
						address,
						body,
						headers: {
							'content-type': 'application/json',
							'user-agent': 'WooCommerce/10.3.0 Hookshot (WordPress/6.9)',
							'x-wc-webhook-source': `${WOOCOMMERCE_URL}/`,
							'x-wc-webhook-topic': topic,
							'x-wc-webhook-resource': topic.split('.')[0] ?? '',
							'x-wc-webhook-event': topic.split('.')[1] ?? '',
							'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
							'x-wc-webhook-id': String(id),
							'x-wc-webhook-delivery-id': `${id}-${product.modifiedAt}`,
						},
					});
				}),
		);
	}

	private async handle(request: EmulatorRequest): Promise<Reply> {
		const reply = await this.answer(request);
		if (reply.status >= 400) this.refused.push(`${request.method} ${request.target}: ${String(reply.body)}`);
		return reply;
	}

	private async answer(request: EmulatorRequest): Promise<Reply> {
		const url = new URL(request.target, WOOCOMMERCE_URL);
		const path = url.pathname;
		const login = basicLogin(lowerHeaders(request.headers).authorization);
		if (path.startsWith('/wp-content/uploads/')) return this.file(path);
		if (path.startsWith('/wp-json/wp/v2/')) {
			if (login !== `${WORDPRESS_LOGIN.username}:${WORDPRESS_LOGIN.password}`)
				return wpError(401, 'rest_cannot_create', 'Sorry, you are not allowed to create posts as this user.');
			return path === '/wp-json/wp/v2/media' && request.method === 'POST'
				? await this.upload(request)
				: wpError(404, 'rest_no_route', 'No route was found matching the URL and request method.');
		}
		const rest = /^\/wp-json\/wc\/v3\/(.+)$/.exec(path)?.[1];
		if (rest === undefined)
			return wpError(404, 'rest_no_route', 'No route was found matching the URL and request method.');
		if (login !== `${WOOCOMMERCE_KEY.consumerKey}:${WOOCOMMERCE_KEY.consumerSecret}`)
			return wpError(401, 'woocommerce_rest_authentication_error', 'Consumer key is invalid.');
		return rest.startsWith('webhooks') ? await this.hooks(request, url, rest) : await this.product(request, rest);
	}

	private async hooks(request: EmulatorRequest, url: URL, path: string): Promise<Reply> {
		if (path === 'webhooks' && request.method === 'GET')
			return jsonReply(
				200,
				this.webhooks.map(({ secret: _secret, ...hook }) => hook),
			);
		if (path === 'webhooks' && request.method === 'POST') {
			const body = await readObject(request);
			const { topic, delivery_url: address, secret = '' } = (body ?? {}) as Record<string, string>;
			if (!/^product\.(created|updated|deleted)$/.test(topic ?? ''))
				return wpError(400, 'woocommerce_rest_shop_webhook_invalid_topic', 'Webhook topic must be valid.');
			if (!/^https:\/\//.test(address ?? ''))
				return wpError(
					400,
					'woocommerce_rest_shop_webhook_invalid_delivery_url',
					'Webhook delivery URL must be a valid URL starting with http:// or https://.',
				);
			const hook: Webhook = { id: (this.lastId += 1), topic, delivery_url: address, secret, status: 'active' };
			this.webhooks.push(hook);
			// the shop tries the address, without a signature, before n8n has stored the secret
			await this.deliver({
				from: 'woocommerce',
				topic: 'ping',
				address,
				body: `webhook_id=${hook.id}`,
				headers: {
					'content-type': 'application/x-www-form-urlencoded',
					'user-agent': 'WooCommerce/10.3.0 Hookshot (WordPress/6.9)',
				},
			});
			return jsonReply(201, hook);
		}
		const at = this.webhooks.findIndex(({ id }) => path === `webhooks/${id}`);
		if (at < 0 || request.method !== 'DELETE')
			return wpError(404, 'woocommerce_rest_shop_webhook_invalid_id', 'Invalid ID.');
		const body = await readObject(request);
		if (url.searchParams.get('force') !== 'true' && body?.force !== true)
			return wpError(501, 'woocommerce_rest_trash_not_supported', 'Webhooks do not support trashing.');
		return jsonReply(200, this.webhooks.splice(at, 1)[0]);
	}

	private async product(request: EmulatorRequest, path: string): Promise<Reply> {
		const product = this.products.find(({ id }) => path === `products/${id}`);
		if (!product) return wpError(404, 'woocommerce_rest_product_invalid_id', 'Invalid ID.');
		if (request.method === 'GET') return jsonReply(200, show(product));
		if (request.method !== 'PUT' && request.method !== 'POST')
			return wpError(405, 'rest_no_route', 'Method not allowed.');
		const body = await readObject(request);
		const meta = body?.meta_data ?? [];
		if (!Array.isArray(meta) || meta.some((one: Partial<Meta>) => typeof one.key !== 'string'))
			return wpError(400, 'rest_invalid_param', 'Invalid parameter(s): meta_data');
		for (const { key, value } of meta as Meta[]) {
			const old = product.meta.find((one) => one.key === key);
			if (old) old.value = value;
			else product.meta.push({ id: (this.lastId += 1), key, value });
		}
		setImmediate(() => void this.changeProduct(product, {}));
		return jsonReply(200, show(product));
	}

	private async upload(request: EmulatorRequest): Promise<Reply> {
		const headers = lowerHeaders(request.headers);
		const fileName = /^attachment; ?filename="([^"/]+)"$/.exec(headers['content-disposition'] ?? '')?.[1];
		if (fileName === undefined)
			return wpError(400, 'rest_upload_no_content_disposition', 'No Content-Disposition supplied.');
		const bytes = await readBytes(request);
		if (headers['content-type'] !== 'video/mp4' || !fileName.endsWith('.mp4') || !isMp4(bytes))
			return wpError(500, 'rest_upload_unknown_error', 'Sorry, you are not allowed to upload this file type.');
		const id = (this.lastId += 1);
		const source_url = `${WOOCOMMERCE_URL}/wp-content/uploads/2026/11/${fileName}`;
		this.media.push({ id, fileName, bytes, source_url });
		return jsonReply(201, {
			id,
			source_url,
			mime_type: 'video/mp4',
			media_type: 'file',
			status: 'inherit',
			title: { rendered: fileName },
		});
	}

	private file(path: string): Reply {
		const name = path.split('/').pop() ?? '';
		const stored = this.media.find(({ fileName }) => fileName === name);
		if (stored) return { status: 200, headers: { 'content-type': 'video/mp4' }, body: stored.bytes };
		const isPicture = this.products.some(({ images }) => images.some(({ src }) => src.endsWith(`/${name}`)));
		if (!isPicture) return { status: 404, headers: {}, body: '' };
		return {
			status: 200,
			headers: { 'content-type': name.endsWith('.png') ? 'image/png' : 'image/jpeg' },
			body: readFileSync(join(ASSETS, name)),
		};
	}
}

const wpError = (status: number, code: string, message: string): Reply =>
	jsonReply(status, { code, message, data: { status } });

/** A product as wc/v3 and its webhooks have it. */
function show({ id, name, price, images, meta, modifiedAt }: WooProduct): Record<string, unknown> {
	const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
	return {
		id,
		name,
		slug,
		permalink: `${WOOCOMMERCE_URL}/product/${slug}/`,
		date_modified_gmt: modifiedAt,
		type: 'simple',
		status: 'publish',
		description: `<p>${name}</p>`,
		short_description: '',
		sku: `SKU-${id}`,
		price,
		regular_price: price,
		categories: [{ id: 9, name: 'Home', slug: 'home' }],
		tags: [],
		images: images.map((image, index) => ({ ...image, name: `${slug}-${index + 1}`, alt: '' })),
		attributes: [],
		variations: [],
		meta_data: meta,
	};
}

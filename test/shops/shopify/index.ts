import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ASSETS } from '../../emulator/cdn';
import {
	jsonReply,
	lowerHeaders,
	readBody,
	type EmulatorRequest,
	type Reply,
	type Service,
} from '../../emulator/core/messages';
import { execute } from '../graphql';
import { readMultipart } from '../multipart';
import { HOSTS } from '../names';
import type { Deliver } from '../webhooks';
import { SCHEMA } from './schema';
import {
	gid,
	idFor,
	webhookBody,
	type ImageRecord,
	type ProductRecord,
	type StagedUpload,
	type VideoRecord,
} from './store';

/**
 * A strict double of a Shopify shop, from its documents: the Admin API's GraphQL and the webhooks of REST, the OAuth of an app, staged
 * uploads as Google's storage takes them, and products/update for everything that changes a product, an app's own writing included.
 */

/** The app of whoever runs the recipe. */
export const SHOPIFY_APP = { clientId: 'shopify-client-id', clientSecret: 'shpss_only-for-tests' };
const ACCESS_TOKEN = 'shpat_only-for-tests';
const SCOPES = 'read_orders,write_orders,read_products,write_products';
/** Versions that are supported; older ones are answered as the oldest of them. */
const API_VERSION = /^(2026-(01|04|07|10)|2024-07)$/;
const UPLOAD_FIELDS = ['GoogleAccessId', 'key', 'policy', 'signature'];
/** The largest video, and the longest, that a product takes. */
const MAX_VIDEO_BYTES = 1_000_000_000;
const PICTURES: Record<string, { width: number; height: number; type: string }> = {
	'sneaker.png': { width: 1080, height: 1080, type: 'image/png' },
	'mug.jpg': { width: 1080, height: 1080, type: 'image/jpeg' },
	'lamp.webp': { width: 1080, height: 1080, type: 'image/webp' },
};

interface Webhook {
	id: number;
	topic: string;
	address: string;
	format: string;
}

export interface ShopifyRequest {
	kind: 'graphql' | 'rest' | 'oauth' | 'upload' | 'image';
	/** the first field of a GraphQL operation, else method and path */
	what: string;
	status: number;
	/** of GraphQL: what was refused */
	refused?: string;
}

export class Shopify {
	readonly products: ProductRecord[] = [];
	readonly uploads: StagedUpload[] = [];
	readonly webhooks: Webhook[] = [];
	readonly requests: ShopifyRequest[] = [];
	/** How often a video's state is asked for before it is ready. */
	asksUntilReady = 2;
	/** The next video ends with this code. */
	failNext?: string;
	/** The next so many uploads find the storage out of order. */
	breakUploads = 0;
	/** How often products/update tells one change. */
	copies = 1;
	private readonly codes = new Set<string>();

	/**
	 * @param allowPlainHttp takes webhook addresses without TLS, as a demo on one machine needs them; Shopify does not
	 * @param lastId where ids go on from: a shop that n8n knows from before must not have its products again
	 */
	constructor(
		private readonly deliver: Deliver,
		private readonly allowPlainHttp = false,
		private lastId = 7_000_000_000_000,
	) {}

	get services(): Record<string, Service> {
		return {
			[HOSTS.shopify]: { handle: async (request) => await this.admin(request) },
			[HOSTS.shopifyUploads]: { handle: async (request) => await this.upload(request) },
			[HOSTS.shopifyCdn]: { handle: async (request) => await Promise.resolve(this.image(request)) },
		};
	}

	/** A product as a person creates it: both topics are told, which is how Shopify does it. */
	async createProduct(title: string, pictures: readonly string[], tags = 'new'): Promise<ProductRecord> {
		const now = new Date().toISOString();
		const product: ProductRecord = {
			id: (this.lastId += 1_000),
			title,
			body_html: `<p>${title}</p>`,
			vendor: 'Your Shop',
			product_type: 'Home',
			tags,
			price: '19.90',
			createdAt: now,
			updatedAt: now,
			images: [],
			videos: [],
		};
		this.products.push(product);
		this.putPictures(product, pictures);
		await this.tell('products/create', product);
		await this.tell('products/update', product);
		return product;
	}

	/** A person's change, or a stock movement. */
	async changeProduct(
		product: ProductRecord,
		change: { title?: string; price?: string; tags?: string; pictures?: readonly string[] },
	): Promise<void> {
		if (change.title !== undefined) product.title = change.title;
		if (change.price !== undefined) product.price = change.price;
		if (change.tags !== undefined) product.tags = change.tags;
		if (change.pictures !== undefined) this.putPictures(product, change.pictures);
		await this.touch(product);
	}

	productBy(id: unknown): ProductRecord | undefined {
		return this.products.find((product) => gid('Product', product.id) === id);
	}

	private putPictures(product: ProductRecord, pictures: readonly string[]): void {
		product.images = pictures.map((file): ImageRecord => {
			const { width, height } = PICTURES[file];
			const version = Math.floor(Date.parse(product.createdAt) / 1_000);
			const src = `https://${HOSTS.shopifyCdn}/s/files/1/0001/0002/products/${file}?v=${version}`;
			return { id: idFor(`${product.id} ${file}`), src, width, height };
		});
	}

	private async touch(product: ProductRecord): Promise<void> {
		product.updatedAt = new Date().toISOString();
		for (let copy = 0; copy < this.copies; copy += 1) await this.tell('products/update', product);
	}

	private async tell(topic: string, product: ProductRecord): Promise<void> {
		const body = JSON.stringify(webhookBody(product));
		const hooks = this.webhooks.filter((hook) => hook.topic === topic);
		await Promise.all(
			hooks.map(async ({ id, address }) => {
				const signature = createHmac('sha256', SHOPIFY_APP.clientSecret).update(body).digest('base64');
				await this.deliver({
					from: 'shopify',
					topic,
					address,
					body,
					headers: {
						'content-type': 'application/json',
						'x-shopify-topic': topic,
						'x-shopify-hmac-sha256': signature,
						'x-shopify-shop-domain': HOSTS.shopify,
						'x-shopify-api-version': '2026-01',
						'x-shopify-webhook-id': `${id}-${product.updatedAt}`,
						'x-shopify-triggered-at': product.updatedAt,
					},
				});
			}),
		);
	}

	private note<T extends Reply>(kind: ShopifyRequest['kind'], what: string, reply: T, refused?: string): T {
		this.requests.push({ kind, what, status: reply.status, ...(refused === undefined ? {} : { refused }) });
		return reply;
	}

	private async admin(request: EmulatorRequest): Promise<Reply> {
		const url = new URL(request.target, `https://${HOSTS.shopify}`);
		const path = url.pathname.replace(/\/{2,}/g, '/');
		if (path.startsWith('/admin/oauth/'))
			return this.note('oauth', `${request.method} ${path}`, await this.oauth(request, url, path));
		const [, version, rest] = /^\/admin\/api\/([^/]+)\/(.+)$/.exec(path) ?? [];
		const what = `${request.method} ${rest ?? path}`;
		if (version === undefined || !API_VERSION.test(version))
			return this.note('rest', what, jsonReply(404, { errors: 'Not Found' }));
		if (lowerHeaders(request.headers)['x-shopify-access-token'] !== ACCESS_TOKEN)
			return this.note(
				'rest',
				what,
				jsonReply(401, { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' }),
			);
		if (rest === 'graphql.json') return await this.graphql(request);
		return this.note('rest', what, await this.rest(request, url, rest.replace(/\.json$/, '')));
	}

	private async oauth(request: EmulatorRequest, url: URL, path: string): Promise<Reply> {
		if (path === '/admin/oauth/authorize') {
			const query = url.searchParams;
			const back = query.get('redirect_uri');
			if (query.get('client_id') !== SHOPIFY_APP.clientId || back === null)
				return jsonReply(400, {
					error: 'invalid_request',
					error_description: 'Oauth error invalid_request: client or redirect',
				});
			if (!query.get('scope')?.split(/[ ,]/).includes('write_products'))
				return jsonReply(400, { error: 'invalid_scope' });
			const code = `code-${this.codes.size + 1}`;
			this.codes.add(code);
			const target = new URL(back);
			target.searchParams.set('code', code);
			target.searchParams.set('state', query.get('state') ?? '');
			target.searchParams.set('shop', HOSTS.shopify);
			return { status: 302, headers: { location: target.href }, body: '' };
		}
		const text = (await readBody(request.body)).text();
		const form = Object.fromEntries(new URLSearchParams(text));
		const {
			client_id: id,
			client_secret: secret,
			code,
		} = text.startsWith('{') ? (JSON.parse(text) as typeof form) : form;
		if (id !== SHOPIFY_APP.clientId || secret !== SHOPIFY_APP.clientSecret || !this.codes.delete(code))
			return jsonReply(400, {
				error: 'invalid_request',
				error_description: 'The authorization code was not found or was already used',
			});
		return jsonReply(200, { access_token: ACCESS_TOKEN, scope: SCOPES });
	}

	private async rest(request: EmulatorRequest, url: URL, path: string): Promise<Reply> {
		if (path === 'webhooks' && request.method === 'GET') {
			const topic = url.searchParams.get('topic');
			return jsonReply(200, { webhooks: this.webhooks.filter((hook) => topic === null || hook.topic === topic) });
		}
		if (path === 'webhooks' && request.method === 'POST') {
			const { webhook } = (await readBody(request.body)).json() as { webhook?: Partial<Webhook> };
			const { topic, address, format = 'json' } = webhook ?? {};
			if (topic === undefined || address === undefined)
				return jsonReply(400, { errors: { webhook: 'Required parameter missing or invalid' } });
			if (!/^products\/(create|update|delete)$/.test(topic))
				return jsonReply(422, { errors: { topic: ['Invalid topic specified'] } });
			if (!address.startsWith('https://') && !this.allowPlainHttp)
				return jsonReply(422, { errors: { address: ['protocol http:// is not supported'] } });
			if (this.webhooks.some((hook) => hook.topic === topic && hook.address === address))
				return jsonReply(422, { errors: { address: ['for this topic has already been taken'] } });
			const hook = { id: (this.lastId += 1), topic, address, format };
			this.webhooks.push(hook);
			return jsonReply(201, { webhook: hook });
		}
		const at = this.webhooks.findIndex(({ id }) => path === `webhooks/${id}`);
		if (at >= 0 && request.method === 'DELETE') {
			this.webhooks.splice(at, 1);
			return jsonReply(200, {});
		}
		return jsonReply(404, { errors: 'Not Found' });
	}

	private async graphql(request: EmulatorRequest): Promise<Reply> {
		if (request.method !== 'POST')
			return this.note('graphql', request.method, jsonReply(405, { errors: 'Method Not Allowed' }));
		if (!lowerHeaders(request.headers)['content-type']?.startsWith('application/json'))
			return this.note(
				'graphql',
				'POST',
				jsonReply(400, { errors: { query: 'Required parameter missing or invalid' } }),
			);
		const body = (await readBody(request.body)).json() as { query?: string; variables?: unknown };
		const changed: ProductRecord[] = [];
		const answer = execute(SCHEMA, body, {
			query: {
				node: ({ id }) => this.node(id),
				product: ({ id }) => this.show(this.productBy(id)),
				products: ({ first }) => ({
					nodes: this.products.slice(0, Number(first)).map((product) => this.show(product)),
				}),
			},
			mutation: {
				stagedUploadsCreate: ({ input }) => this.stage(input as StagedInput[]),
				productUpdate: ({ product, media }) =>
					this.update(product as { id?: string; title?: string }, (media ?? []) as MediaInput[], changed),
			},
		});
		const what = /\{\s*(\w+)/.exec(String(body.query).replace(/^[^{]*/, ''))?.[1] ?? '';
		const reply = this.note('graphql', what, jsonReply(200, answer), refusalIn(answer));
		for (const product of changed) setImmediate(() => void this.touch(product));
		return reply;
	}

	private stage(inputs: readonly StagedInput[]): unknown {
		const userErrors: Array<{ field: string[]; message: string }> = [];
		const targets = inputs.map((input, index) => {
			const field = (name: string) => ['input', String(index), name];
			if (input.resource === 'VIDEO' && input.fileSize === undefined)
				userErrors.push({ field: field('fileSize'), message: 'file size is required for video resources' });
			if (Number(input.fileSize) > MAX_VIDEO_BYTES)
				userErrors.push({ field: field('fileSize'), message: 'file size is too big' });
			if (input.resource === 'VIDEO' && !/^video\/(mp4|quicktime|webm)$/.test(input.mimeType))
				userErrors.push({ field: field('mimeType'), message: `${input.mimeType} is not a recognized format` });
			if (input.httpMethod !== 'POST')
				userErrors.push({ field: field('httpMethod'), message: 'This double takes uploads by POST only' });
			const videoId = String((this.lastId += 1));
			const key = `c/o/v/${idFor(`${videoId} ${input.filename}`).toString(16)}.mp4`;
			const upload: StagedUpload = {
				key,
				videoId,
				fileName: input.filename,
				mimeType: input.mimeType,
				bytes: Number(input.fileSize),
				parameters: [
					{ name: 'GoogleAccessId', value: 'video-production@video-production-225115.iam.gserviceaccount.com' },
					{ name: 'key', value: key },
					{ name: 'policy', value: Buffer.from(JSON.stringify({ key, videoId })).toString('base64') },
					{ name: 'signature', value: createHmac('sha256', SHOPIFY_APP.clientSecret).update(key).digest('base64') },
				],
				resourceUrl: `https://${HOSTS.shopifyUploads}?external_video_id=${videoId}`,
				isUsed: false,
			};
			return upload;
		});
		if (userErrors.length > 0) return { stagedTargets: null, userErrors };
		this.uploads.push(...targets);
		return {
			userErrors,
			stagedTargets: targets.map(({ parameters, resourceUrl }) => ({
				url: `https://${HOSTS.shopifyUploads}`,
				resourceUrl,
				parameters,
			})),
		};
	}

	private update(
		input: { id?: string; title?: string },
		media: readonly MediaInput[],
		changed: ProductRecord[],
	): unknown {
		const product = this.productBy(input.id);
		if (!product) return { product: null, userErrors: [{ field: ['id'], message: 'Product does not exist' }] };
		const userErrors: Array<{ field: string[]; message: string }> = [];
		for (const [index, { originalSource, alt = '', mediaContentType }] of media.entries()) {
			const upload = this.uploads.find(({ resourceUrl }) => resourceUrl === originalSource);
			if (mediaContentType !== 'VIDEO' || !upload || upload.isUsed) {
				userErrors.push({ field: ['media', String(index), 'originalSource'], message: 'Invalid video url' });
				continue;
			}
			upload.isUsed = true;
			product.videos.push(this.videoOf(upload, alt));
		}
		if (input.title !== undefined) product.title = input.title;
		changed.push(product);
		return { product: this.show(product), userErrors };
	}

	private videoOf({ file, mimeType }: StagedUpload, alt: string): VideoRecord {
		const video: VideoRecord = {
			id: (this.lastId += 1),
			alt,
			status: 'UPLOADED',
			errors: [],
			asked: 0,
			...(file ? { bytes: file } : {}),
		};
		const isVideo = file?.subarray(4, 8).toString() === 'ftyp' || mimeType === 'video/webm';
		const code =
			this.failNext ??
			(file === undefined ? 'GENERIC_FILE_DOWNLOAD_FAILURE' : isVideo ? undefined : 'VIDEO_VALIDATION_ERROR');
		delete this.failNext;
		if (code !== undefined) video.errors.push({ code, message: `The video could not be processed (${code})` });
		return video;
	}

	private node(id: unknown): unknown {
		const video = this.products.flatMap(({ videos }) => videos).find((one) => gid('Video', one.id) === id);
		if (!video) return this.show(this.productBy(id));
		if (video.status === 'UPLOADED' || video.status === 'PROCESSING') {
			video.asked += 1;
			const isOver = video.asked > this.asksUntilReady;
			video.status = !isOver ? 'PROCESSING' : video.errors.length > 0 ? 'FAILED' : 'READY';
			// what the shop does itself changes the product too
			const owner = this.products.find(({ videos }) => videos.includes(video));
			if (isOver && owner) setImmediate(() => void this.touch(owner));
		}
		return showVideo(video);
	}

	private show(product: ProductRecord | undefined): unknown {
		if (!product) return null;
		return {
			__typename: 'Product',
			id: gid('Product', product.id),
			title: product.title,
			handle: String(webhookBody(product).handle),
			media: ({
				first,
				last,
				reverse,
				sortKey = 'POSITION',
			}: {
				first?: number;
				last?: number;
				reverse?: boolean;
				sortKey?: string;
			}) => {
				const images = product.images.map(({ id, src }) => ({
					image: { url: src },
					__typename: 'MediaImage',
					order: id,
					id: gid('MediaImage', id),
					mediaContentType: 'IMAGE',
					status: 'READY',
					mediaErrors: [],
				}));
				const videos = product.videos.map((video) => ({ ...showVideo(video), order: 1e15 + video.id }));
				const nodes = [...images, ...videos];
				if (sortKey === 'ID') nodes.sort((one, other) => one.order - other.order);
				if (reverse) nodes.reverse();
				return { nodes: last === undefined ? nodes.slice(0, first) : nodes.slice(-last) };
			},
		};
	}

	/** Google's storage: a policy document and the fields it signs, in one form, the file last. */
	private async upload(request: EmulatorRequest): Promise<Reply> {
		const headers = lowerHeaders(request.headers);
		const refuse = (status: number, code: string, message: string): Reply =>
			this.note('upload', code, {
				status,
				headers: { 'content-type': 'application/xml' },
				body: `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
			});
		if (request.method !== 'POST') return refuse(405, 'MethodNotAllowed', 'The specified method is not allowed');
		if (this.breakUploads > 0) {
			this.breakUploads -= 1;
			return refuse(503, 'ServiceUnavailable', 'Please reduce your request rate.');
		}
		if (headers['x-shopify-access-token'] ?? headers.authorization)
			return refuse(400, 'InvalidArgument', "Shopify's key does not belong here");
		if (headers['content-length'] === undefined)
			return refuse(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
		const body = typeof request.body === 'function' ? await request.body() : Buffer.alloc(0);
		const parts = readMultipart(headers['content-type'], body);
		if (!parts)
			return refuse(
				400,
				'MalformedPOSTRequest',
				'The body of your POST request is not well-formed multipart/form-data.',
			);
		const fields = parts.slice(0, -1);
		const file = parts.at(-1);
		if (file?.name !== 'file' || fields.some(({ name }) => name === 'file'))
			return refuse(400, 'InvalidArgument', 'POST requires exactly one file upload per request, as the last field.');
		const upload = this.uploads.find(({ key }) =>
			fields.some(({ name, bytes }) => name === 'key' && bytes.toString() === key),
		);
		const wanted = upload?.parameters ?? [];
		const isSigned =
			fields.length === UPLOAD_FIELDS.length &&
			wanted.every(({ name, value }) =>
				fields.some((field) => field.name === name && field.bytes.toString() === value),
			);
		if (!upload || !isSigned)
			return refuse(403, 'AccessDenied', 'Invalid according to Policy: Policy Condition failed');
		if (file.bytes.length > upload.bytes)
			return refuse(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.');
		if (file.bytes.length < upload.bytes)
			return refuse(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum object size.');
		if (file.contentType !== upload.mimeType)
			return refuse(403, 'AccessDenied', 'Policy did not reference these fields: Content-Type');
		upload.file = file.bytes;
		return this.note('upload', upload.fileName, { status: 204, headers: {}, body: '' });
	}

	private image(request: EmulatorRequest): Reply {
		const file = request.target.split('?')[0].split('/').pop() ?? '';
		const picture = PICTURES[file];
		if (!picture) return this.note('image', request.target, { status: 404, headers: {}, body: '' });
		return this.note('image', file, {
			status: 200,
			headers: { 'content-type': picture.type },
			body: readFileSync(join(ASSETS, file)),
		});
	}
}

interface StagedInput {
	resource: string;
	filename: string;
	mimeType: string;
	httpMethod?: string;
	fileSize?: string | number;
}

interface MediaInput {
	originalSource: string;
	alt?: string;
	mediaContentType: string;
}

function showVideo({ id, alt, status, errors }: VideoRecord) {
	return {
		__typename: 'Video',
		id: gid('Video', id),
		alt,
		mediaContentType: 'VIDEO',
		status,
		mediaErrors: status === 'FAILED' ? errors : [],
		duration: status === 'READY' ? 5_000 : null,
		sources:
			status === 'READY'
				? [
						{
							url: `https://${HOSTS.shopify}/cdn/shop/videos/c/vp/${id}/${id}.HD-720p.mp4`,
							mimeType: 'video/mp4',
							format: 'mp4',
							width: 720,
							height: 720,
						},
					]
				: [],
	};
}

/** What an answer refuses, be it the query or the wish. */
function refusalIn({ data, errors }: ReturnType<typeof execute>): string | undefined {
	if (errors) return errors.map(({ message }) => message).join('; ');
	const payload = Object.values((data ?? {}) as Record<string, { userErrors?: Array<{ message: string }> } | null>)[0];
	const told = payload?.userErrors ?? [];
	return told.length > 0 ? told.map(({ message }) => message).join('; ') : undefined;
}

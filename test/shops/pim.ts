import {
	isMp4,
	jsonReply,
	lowerHeaders,
	readBytes,
	readObject,
	type EmulatorRequest,
	type Reply,
	type Service,
} from './http';
import { readMultipart } from './multipart';
import { HOSTS } from './names';

/** A company's own product database, of the recipes that bring clips to "your own system": a key in a header, a file for each product, no second one for the same task. */

export const PIM_KEY = { name: 'X-Api-Key', value: 'only-for-tests' };

export interface PimProduct {
	sku: string;
	title: string;
	motion: string;
	image: string;
}

export interface PimMedia {
	sku: string;
	taskId: string;
	provider?: string;
	bytes: Buffer;
}

export class Pim {
	readonly products = new Map<string, PimProduct>();
	readonly media: PimMedia[] = [];
	/** What was reported as not made. */
	readonly failures: Array<{ sku: string; reason: string }> = [];
	readonly refused: string[] = [];

	get services(): Record<string, Service> {
		return { [HOSTS.pim]: { handle: async (request) => await this.handle(request) } };
	}

	clear(products: readonly PimProduct[] = []): void {
		this.products.clear();
		for (const product of products) this.products.set(product.sku, product);
		for (const list of [this.media, this.failures, this.refused]) list.splice(0);
	}

	private async handle(request: EmulatorRequest): Promise<Reply> {
		const reply = await this.answer(request);
		if (reply.status >= 400) this.refused.push(`${request.method} ${request.target}: ${String(reply.body)}`);
		return reply;
	}

	private async answer(request: EmulatorRequest): Promise<Reply> {
		const headers = lowerHeaders(request.headers);
		const { pathname, searchParams } = new URL(request.target, `https://${HOSTS.pim}`);
		if (headers[PIM_KEY.name.toLowerCase()] !== PIM_KEY.value) return jsonReply(401, { error: 'no key' });
		if (pathname === '/api/products' && request.method === 'GET') {
			const without = searchParams.get('without') === 'video';
			const list = [...this.products.values()].filter(
				({ sku }) => !without || !this.media.some((one) => one.sku === sku),
			);
			return jsonReply(200, list);
		}
		const [, encoded, what] = /^\/api\/products\/([^/]+)\/(media|failures)$/.exec(pathname) ?? [];
		const sku = decodeURIComponent(encoded ?? '');
		if (request.method !== 'POST' || !this.products.has(sku)) return jsonReply(404, { error: `no product ${sku}` });
		if (what === 'failures') {
			const body = await readObject(request);
			if (typeof body?.reason !== 'string' || body.reason === '') return jsonReply(422, { error: 'reason is missing' });
			this.failures.push({ sku, reason: body.reason });
			return jsonReply(201, { sku });
		}
		const parts = readMultipart(headers['content-type'], await readBytes(request)) ?? [];
		const field = (name: string) => parts.find((part) => part.name === name)?.bytes.toString();
		const file = parts.find(({ name }) => name === 'file');
		const taskId = field('taskId');
		if (!file || taskId === undefined || !/^\w{6,}$/.test(taskId))
			return jsonReply(422, { error: 'file or taskId is missing' });
		if (file.contentType !== 'video/mp4' || !isMp4(file.bytes)) return jsonReply(415, { error: 'not a video' });
		if (this.media.some((one) => one.taskId === taskId))
			return jsonReply(409, { error: `task ${taskId} is here already` });
		const provider = field('provider');
		this.media.push({ sku, taskId, bytes: file.bytes, ...(provider === undefined ? {} : { provider }) });
		return jsonReply(201, { sku, taskId });
	}
}

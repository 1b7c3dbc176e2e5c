import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ASSETS } from '../../emulator/cdn';
import { jsonReply, type EmulatorRequest, type Reply, type Service } from '../http';
import { HOSTS } from '../names';
import type { Shopify } from '.';
import type { ProductRecord } from './store';

/** What a person changed on the page: whether n8n was told of it, by product. */
type Told = Map<number, boolean>;

/** A window onto the double for a person: its products with their media, and buttons that change them. */
export function shopPage(shop: Shopify): Service {
	const told: Told = new Map();
	return { handle: async (request) => await answer(shop, told, request) };
}

async function answer(shop: Shopify, told: Told, { method, target }: EmulatorRequest): Promise<Reply> {
	const note = (product: ProductRecord) => {
		told.set(
			product.id,
			shop.webhooks.some(({ topic }) => topic === 'products/update'),
		);
		return show(product, told);
	};
	const path = target.split('?')[0] ?? '/';
	const [, id, what] = /^\/products\/(\d+)\/(change|video)$/.exec(path) ?? [];
	const product = shop.products.find((one) => String(one.id) === id);
	if (method === 'POST' && product && what === 'change') {
		await shop.changeProduct(product, { price: (Number(product.price) + 1).toFixed(2) });
		return jsonReply(200, note(product));
	}
	if (method === 'POST' && path === '/products') {
		const count = shop.products.length + 1;
		const picture = ['sneaker.png', 'mug.jpg', 'lamp.webp'][count % 3] ?? 'mug.jpg';
		return jsonReply(201, note(await shop.createProduct(`New product ${count}`, [picture])));
	}
	if (method !== 'GET') return jsonReply(405, { error: 'GET or POST' });
	if (path === '/') return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PAGE };
	if (path === '/products.json')
		return jsonReply(
			200,
			shop.products.map((one) => show(one, told)),
		);
	if (what === 'video') {
		const bytes = product?.videos.at(-1)?.bytes;
		return bytes
			? { status: 200, headers: { 'content-type': 'video/mp4' }, body: bytes }
			: jsonReply(404, { error: 'No video' });
	}
	const picture = shop.products
		.flatMap(({ images }) => images)
		.map(({ src }) => fileOf(src))
		.find((file) => path === `/pictures/${file}`);
	if (picture === undefined) return jsonReply(404, { error: 'Nothing here' });
	return {
		status: 200,
		headers: { 'content-type': picture.endsWith('.jpg') ? 'image/jpeg' : `image/${picture.split('.').pop()}` },
		body: readFileSync(join(ASSETS, picture)),
	};
}

const fileOf = (src: string): string => src.split('?')[0]?.split('/').pop() ?? '';

function show({ id, title, price, images, videos }: ProductRecord, told: Told) {
	const video = videos.at(-1);
	const isTold = told.get(id);
	return {
		id,
		title,
		price,
		picture: images[0] ? `/pictures/${fileOf(images[0].src)}` : '',
		video: video?.status ?? (isTold === undefined ? '' : isTold ? 'TOLD' : 'NOBODY'),
	};
}

/** Its address, as n8n's nodes make it from its name. */
const SHOP = HOSTS.shopify;

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>${SHOP}</title>
<style>
	body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; color: #222 }
	main { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1.5rem }
	article { border: 1px solid #ddd; border-radius: 8px; padding: 1rem }
	img, video { width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 6px; background: #f4f4f4 }
	button { font: inherit; padding: .4rem .8rem }
	p { margin: .5rem 0 }
</style>
<h1>${SHOP}</h1>
<p>A double of a Shopify shop. Change a product: Shopify tells n8n, and the workflow <em>Add AI product videos to Shopify products</em> puts a clip onto it. Change it again: nothing is bought twice.</p>
<p>A recipe asks for the shop's name in its <em>Settings</em>: here it is <code>${SHOP.split('.')[0]}</code>. n8n publishes only one of two workflows with the same trigger: to try a copy of your own, first unpublish the one that is there (the arrow beside <em>Published</em>).</p>
<p><button id="add">Add a product</button></p>
<main></main>
<script>
	const main = document.querySelector('main');
	const post = (path) => fetch(path, { method: 'POST' }).then(look);
	document.querySelector('#add').onclick = () => post('/products');
	const said = { '': 'No video yet', TOLD: 'Shopify told n8n; the clip takes about a minute. None comes? Look at the workflow\\'s Executions', NOBODY: 'No workflow listens: publish one in n8n, then change the product again', UPLOADED: 'The video has arrived', PROCESSING: 'Shopify works on the video', READY: 'Video', FAILED: 'Shopify refused the video' };
	function card(product) {
		const found = document.getElementById(product.id);
		const article = found ?? main.appendChild(Object.assign(document.createElement('article'), { id: product.id }));
		if (article.dataset.is === JSON.stringify(product)) return;
		article.dataset.is = JSON.stringify(product);
		article.replaceChildren();
		const add = (tag, values) => article.appendChild(Object.assign(document.createElement(tag), values));
		if (product.video === 'READY') add('video', { src: '/products/' + product.id + '/video', autoplay: true, loop: true, muted: true, controls: true });
		else add('img', { src: product.picture, alt: product.title });
		add('p', { textContent: product.title + ', ' + product.price });
		add('p', { textContent: said[product.video], className: 'state' });
		add('button', { textContent: 'Change the price', onclick: () => post('/products/' + product.id + '/change') });
	}
	const look = () => fetch('/products.json').then((reply) => reply.json()).then((products) => products.forEach(card));
	look();
	setInterval(look, 1000);
</script>
`;

import type { Reply } from '../emulator/core/messages';
import { HOSTS, Shopify, shopPage } from '../shops';
import { Storage } from '../shops/storage';

/** The doubles refuse what the services refuse: else a recipe that passes would prove nothing. */

const STAGE =
	'mutation stage($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) { stagedTargets { url resourceUrl parameters { name value } } userErrors { field message } } }';
const clip = { resource: 'VIDEO', filename: 'a.mp4', mimeType: 'video/mp4', httpMethod: 'POST' };
const mp4 = Buffer.from('\0\0\0\x18ftypisom and the rest');

function shop() {
	const double = new Shopify(async () => await Promise.resolve());
	const services = double.services;
	const graphql = async (query: string, variables: object = {}, token = 'shpat_only-for-tests') => {
		const headers = { 'content-type': 'application/json', 'x-shopify-access-token': token };
		const reply = await services[HOSTS.shopify].handle({
			method: 'POST',
			target: '/admin/api/2026-10/graphql.json',
			headers,
			body: JSON.stringify({ query, variables }),
		});
		return { status: reply.status, text: String(reply.body) };
	};
	const upload = async (parts: ReadonlyArray<readonly [string, string | Buffer]>) => {
		const chunks = parts.flatMap(([name, value]) => [
			Buffer.from(
				`--x\r\ncontent-disposition: form-data; name="${name}"${Buffer.isBuffer(value) ? '; filename="a.mp4"\r\ncontent-type: video/mp4' : ''}\r\n\r\n`,
			),
			Buffer.from(value),
			Buffer.from('\r\n'),
		]);
		const body = Buffer.concat([...chunks, Buffer.from('--x--\r\n')]);
		const headers = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(body.length) };
		return await services[HOSTS.shopifyUploads].handle({
			method: 'POST',
			target: '/',
			headers,
			body: async () => await Promise.resolve(body),
		});
	};
	const stage = async (fileSize: string) => {
		const { text } = await graphql(STAGE, { input: [{ ...clip, fileSize }] });
		const { data } = JSON.parse(text) as {
			data: { stagedUploadsCreate: { stagedTargets: Array<{ parameters: Array<{ name: string; value: string }> }> } };
		};
		return data.stagedUploadsCreate.stagedTargets[0].parameters.map(({ name, value }) => [name, value] as const);
	};
	return { double, graphql, upload, stage };
}
const codeOf = ({ body }: Reply) => /<Code>(\w+)</.exec(String(body))?.[1];

test('Shopify refuses a wrong token, unknown fields, wrong types, variables that nobody uses', async () => {
	const { graphql } = shop();
	expect((await graphql(STAGE, { input: [] }, 'wrong')).status).toBe(401);
	expect((await graphql('{ product(id: "x") { video } }')).text).toContain(
		"Field 'video' doesn't exist on type 'Product'",
	);
	expect((await graphql(STAGE, { input: [{ ...clip, size: '1' }] })).text).toContain(
		'Field is not defined on StagedUploadInput: size',
	);
	expect((await graphql(STAGE, { input: [{ ...clip, resource: 'MOVIE' }] })).text).toContain('to be one of');
	expect((await graphql('query q($id: ID!) { product(id: "x") { id } }', { id: 'x' })).text).toContain(
		'declared but not used',
	);
	expect((await graphql('{ product(id: "x") }')).text).toContain('must have selections');
});

test('Shopify wants the size of a video, and a source that it staged itself', async () => {
	const { double, graphql } = shop();
	expect((await graphql(STAGE, { input: [clip] })).text).toContain('file size is required');
	const product = await double.createProduct('Mug', ['mug.jpg']);
	const add =
		'mutation add($product: ProductUpdateInput, $media: [CreateMediaInput!]) { productUpdate(product: $product, media: $media) { userErrors { message } } }';
	const media = [{ mediaContentType: 'VIDEO', originalSource: 'https://example.com/clip.mp4' }];
	expect((await graphql(add, { product: { id: `gid://shopify/Product/${product.id}` }, media })).text).toContain(
		'Invalid video url',
	);
});

test('the upload takes exactly the declared bytes, signed, the file last', async () => {
	const { upload, stage } = shop();
	const size = String(mp4.length);
	expect((await upload([...(await stage(size)), ['file', mp4]])).status).toBe(204);
	expect(codeOf(await upload([...(await stage(String(mp4.length - 1))), ['file', mp4]]))).toBe('EntityTooLarge');
	expect(codeOf(await upload([...(await stage(String(mp4.length + 1))), ['file', mp4]]))).toBe('EntityTooSmall');
	const fields = await stage(size);
	expect(codeOf(await upload([['file', mp4], ...fields]))).toBe('InvalidArgument');
	expect(codeOf(await upload([...fields.slice(1), ['file', mp4]]))).toBe('AccessDenied');
});

test('storage refuses what is not signed', async () => {
	const storage = new Storage({ 'your-bucket': { isPublic: true } });
	const put = async (authorization?: string) =>
		await storage.services[HOSTS.storage].handle({
			method: 'PUT',
			target: '/your-bucket/a.mp4',
			headers: authorization === undefined ? {} : { authorization },
			body: async () => await Promise.resolve(mp4),
		});
	expect((await put()).status).toBe(403);
	const made = `AWS4-HMAC-SHA256 Credential=AKIDONLYFORTESTS/20261129/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
	expect((await put(made)).status).toBe(403);
	expect(storage.objects.size).toBe(0);
});

test("the shop's page shows products and changes them", async () => {
	const { double } = shop();
	const { id } = await double.createProduct('Morning mug', ['mug.jpg']);
	const page = shopPage(double);
	const get = async (target: string, method = 'GET') => await page.handle({ method, target });
	const html = String((await get('/')).body);
	expect(html).toContain(HOSTS.shopify);
	expect(html).toContain('<code>your-shop</code>');
	expect((await get(`/products/${id}/change`, 'POST')).status).toBe(200);
	expect(JSON.parse(String((await get('/products.json')).body))).toMatchObject([
		{ title: 'Morning mug', price: '20.90', video: 'NOBODY' },
	]);
	double.webhooks.push({
		id: 1,
		topic: 'products/update',
		address: 'https://n8n.example.com/webhook/a',
		format: 'json',
	});
	expect(JSON.parse(String((await get(`/products/${id}/change`, 'POST')).body))).toMatchObject({ video: 'TOLD' });
	expect((await get('/pictures/mug.jpg')).headers['content-type']).toBe('image/jpeg');
	expect((await get(`/products/${id}/video`)).status).toBe(404);
	expect((await get('/pictures/../../package.json')).status).toBe(404);
});

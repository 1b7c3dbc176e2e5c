import { createHash } from 'node:crypto';

/** What a Shopify shop keeps, and the form in which its webhooks tell it. */

export interface ImageRecord {
	id: number;
	src: string;
	width: number;
	height: number;
}

export type MediaStatus = 'UPLOADED' | 'PROCESSING' | 'READY' | 'FAILED';

export interface VideoRecord {
	id: number;
	alt: string;
	status: MediaStatus;
	errors: Array<{ code: string; message: string }>;
	bytes?: Buffer;
	/** how often its state was asked for */
	asked: number;
}

export interface ProductRecord {
	id: number;
	title: string;
	body_html: string;
	vendor: string;
	product_type: string;
	tags: string;
	price: string;
	createdAt: string;
	updatedAt: string;
	images: ImageRecord[];
	videos: VideoRecord[];
}

/** A promised upload. */
export interface StagedUpload {
	key: string;
	videoId: string;
	fileName: string;
	mimeType: string;
	/** as declared */
	bytes: number;
	parameters: Array<{ name: string; value: string }>;
	resourceUrl: string;
	file?: Buffer;
	isUsed: boolean;
}

export const gid = (kind: string, id: number | string): string => `gid://shopify/${kind}/${id}`;

/** An id as Shopify's are, the same in each run. */
export function idFor(text: string): number {
	return parseInt(createHash('sha256').update(text).digest('hex').slice(0, 11), 16);
}

/** The body of products/create and products/update: the REST product. https://shopify.dev/docs/api/admin-rest/latest/resources/product */
export function webhookBody(product: ProductRecord): Record<string, unknown> {
	const { id, title, body_html, vendor, product_type, tags, price, createdAt, updatedAt } = product;
	const images = product.images.map(({ id: imageId, src, width, height }, index) => ({
		id: imageId,
		product_id: id,
		position: index + 1,
		created_at: createdAt,
		updated_at: createdAt,
		alt: null,
		width,
		height,
		src,
		variant_ids: [],
		admin_graphql_api_id: gid('ProductImage', imageId),
	}));
	const media = [
		...product.images.map(({ id: imageId, src, width, height }) => ({
			id: imageId,
			kind: 'MediaImage',
			status: 'READY',
			media_content_type: 'IMAGE',
			alt: null,
			preview_image: { src, width, height, aspect_ratio: width / height, status: 'READY' },
		})),
		...product.videos.map((video) => ({
			id: video.id,
			kind: 'Video',
			status: video.status,
			media_content_type: 'VIDEO',
			alt: video.alt,
			preview_image: null,
		})),
	].map((one, index) => ({
		...one,
		product_id: id,
		position: index + 1,
		created_at: createdAt,
		updated_at: updatedAt,
		admin_graphql_api_id: gid(one.kind, one.id),
		variant_ids: [],
	}));
	return {
		admin_graphql_api_id: gid('Product', id),
		body_html,
		created_at: createdAt,
		handle: title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
		id,
		product_type,
		published_at: createdAt,
		template_suffix: null,
		title,
		updated_at: updatedAt,
		vendor,
		status: 'active',
		published_scope: 'global',
		tags,
		variants: [
			{
				id: id + 1,
				product_id: id,
				title: 'Default Title',
				price,
				sku: '',
				position: 1,
				option1: 'Default Title',
				option2: null,
				option3: null,
				image_id: null,
				inventory_quantity: 10,
				admin_graphql_api_id: gid('ProductVariant', id + 1),
			},
		],
		options: [{ id: id + 2, product_id: id, name: 'Title', position: 1, values: ['Default Title'] }],
		images,
		image: images[0] ?? null,
		media,
		variant_gids: [{ admin_graphql_api_id: gid('ProductVariant', id + 1), updated_at: updatedAt }],
	};
}

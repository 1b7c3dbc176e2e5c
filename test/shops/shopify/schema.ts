import type { Schema } from '../graphql';

/** The part of the Admin API that a shop's videos need. https://shopify.dev/docs/api/admin-graphql/2026-10 */
export const SCHEMA: Schema = {
	objects: {
		QueryRoot: {
			node: 'Node(id: ID!)',
			product: 'Product(id: ID!)',
			products: 'ProductConnection!(first: Int, after: String, query: String)',
		},
		Mutation: {
			stagedUploadsCreate: 'StagedUploadsCreatePayload(input: [StagedUploadInput!]!)',
			productUpdate: 'ProductUpdatePayload(product: ProductUpdateInput, media: [CreateMediaInput!])',
		},
		StagedUploadsCreatePayload: { stagedTargets: '[StagedMediaUploadTarget!]', userErrors: '[UserError!]!' },
		StagedMediaUploadTarget: { url: 'URL', resourceUrl: 'URL', parameters: '[StagedUploadParameter!]!' },
		StagedUploadParameter: { name: 'String!', value: 'String!' },
		ProductUpdatePayload: { product: 'Product', userErrors: '[UserError!]!' },
		UserError: { field: '[String!]', message: 'String!' },
		Product: {
			id: 'ID!',
			title: 'String!',
			handle: 'String!',
			media:
				'MediaConnection!(first: Int, last: Int, after: String, before: String, reverse: Boolean, sortKey: ProductMediaSortKeys, query: String)',
		},
		ProductConnection: { nodes: '[Product!]!' },
		Image: { url: 'URL!', altText: 'String' },
		MediaConnection: { nodes: '[Media!]!' },
		MediaImage: {
			image: 'Image',
			id: 'ID!',
			alt: 'String',
			mediaContentType: 'MediaContentType!',
			status: 'MediaStatus!',
			mediaErrors: '[MediaError!]!',
		},
		Video: {
			id: 'ID!',
			alt: 'String',
			mediaContentType: 'MediaContentType!',
			status: 'MediaStatus!',
			mediaErrors: '[MediaError!]!',
			duration: 'Int',
			sources: '[VideoSource!]!',
		},
		VideoSource: {
			url: 'String!',
			mimeType: 'String!',
			format: 'String!',
			width: 'Int!',
			height: 'Int!',
			fileSize: 'Int',
		},
		MediaError: { code: 'MediaErrorCode!', message: 'String!', details: 'String' },
		Node: { id: 'ID!' },
		Media: {
			id: 'ID!',
			alt: 'String',
			mediaContentType: 'MediaContentType!',
			status: 'MediaStatus!',
			mediaErrors: '[MediaError!]!',
		},
	},
	interfaces: { Node: ['Product', 'MediaImage', 'Video'], Media: ['MediaImage', 'Video'] },
	inputs: {
		StagedUploadInput: {
			resource: 'StagedUploadTargetGenerateUploadResource!',
			filename: 'String!',
			mimeType: 'String!',
			httpMethod: 'StagedUploadHttpMethodType',
			fileSize: 'UnsignedInt64',
		},
		ProductUpdateInput: { id: 'ID', title: 'String', descriptionHtml: 'String', vendor: 'String', tags: '[String!]' },
		CreateMediaInput: { originalSource: 'String!', alt: 'String', mediaContentType: 'MediaContentType!' },
	},
	enums: {
		StagedUploadTargetGenerateUploadResource: [
			'BULK_MUTATION_VARIABLES',
			'COLLECTION_IMAGE',
			'FILE',
			'IMAGE',
			'MODEL_3D',
			'PRODUCT_IMAGE',
			'RETURN_LABEL',
			'SHOP_IMAGE',
			'URL_REDIRECT_IMPORT',
			'VIDEO',
		],
		StagedUploadHttpMethodType: ['POST', 'PUT'],
		MediaContentType: ['EXTERNAL_VIDEO', 'IMAGE', 'MODEL_3D', 'VIDEO'],
		ProductMediaSortKeys: ['ID', 'POSITION'],
	},
};

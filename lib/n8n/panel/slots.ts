import type { INodeProperties } from 'n8n-workflow';

import type { Endpoint } from '../../catalogue/operations';
import { endpointsOf, type Backend } from '../backends';
import { HIDE_ALL_BUT_CUSTOM, HIDE_CUSTOM, hideKnownModels, showEndpoints } from './conditions';

/** What goes into a video: prompt, images, subjects, reference videos. */

const SCENE = 'e.g. The camera circles the sneaker slowly, soft studio light';
const SUBJECTS_SCENE = 'e.g. @sneaker stands next to @mug';

export function promptProperties(backends: readonly Backend[]): INodeProperties[] {
	return backends.flatMap((backend) =>
		endpointsOf(backend).flatMap((endpoint) => {
			const rows = Object.values(backend.catalogue.models[endpoint]!);
			const property: INodeProperties = {
				displayName: 'Prompt',
				name: 'prompt',
				type: 'string',
				typeOptions: { rows: 4 },
				default: '',
				placeholder: endpoint === 'subjectsToVideo' ? SUBJECTS_SCENE : SCENE,
				description: 'What happens in the video',
			};
			const { show } = showEndpoints(backend, backends, [endpoint]);
			const isRequired = rows.length > 0 && rows.every(({ prompt }) => prompt.required);
			if (!isRequired) return [{ ...property, displayOptions: { show } }];
			return [
				{ ...property, required: true, displayOptions: { show, hide: HIDE_CUSTOM } },
				// a model newer than this version may do without
				{ ...property, displayOptions: { show, hide: HIDE_ALL_BUT_CUSTOM } },
			];
		}),
	);
}

type Locator = Pick<INodeProperties, 'type' | 'modes' | 'default' | 'required'>;

const locator = (many: boolean): Locator => ({
	type: 'resourceLocator',
	default: { mode: 'url', value: '' },
	required: true,
	modes: [
		{
			displayName: 'URL',
			name: 'url',
			type: 'string',
			placeholder: many
				? 'e.g. https://example.com/1.jpg, https://example.com/2.jpg'
				: 'e.g. https://example.com/product.jpg',
			hint: many
				? 'One URL, several separated by commas or line breaks, or an expression that returns a list'
				: 'A public URL that opens without a login',
		},
		{
			displayName: 'Binary',
			name: 'binary',
			type: 'string',
			placeholder: 'e.g. data',
			hint: many
				? "Name of the item's binary field that holds the image, or several names separated by commas"
				: "Name of the item's binary field that holds the image",
		},
		{
			displayName: 'Base64',
			name: 'base64',
			type: 'string',
			placeholder: 'e.g. data:image/png;base64,iVBORw0…',
			hint: 'The image as base64 text, with or without "data:image/png;base64," in front',
		},
	],
});

export function imageProperties(backends: readonly Backend[]): INodeProperties[] {
	return backends.flatMap((backend) => {
		const endpoints = endpointsOf(backend);
		const of = (endpoint: Endpoint, properties: INodeProperties[]): INodeProperties[] =>
			endpoints.includes(endpoint)
				? properties.map((property) => ({
						...property,
						displayOptions: {
							...showEndpoints(backend, backends, [endpoint]),
							...property.displayOptions,
						},
					}))
				: [];
		return [
			...of('imageToVideo', [
				{
					displayName: 'Image',
					name: 'image',
					...locator(false),
					description: 'First frame of the video',
				},
			]),
			...of('startEndToVideo', [
				{
					displayName: 'Start Image',
					name: 'startImage',
					...locator(false),
					description: 'First frame of the video',
				},
				{
					displayName: 'End Image',
					name: 'endImage',
					...locator(false),
					description: 'Last frame of the video, about the same size as the first',
				},
			]),
			...of('referenceToVideo', [
				{
					displayName: 'Reference Images',
					name: 'referenceImages',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true, sortable: true },
					placeholder: 'Add image',
					default: { image: [{ image: { __rl: true, mode: 'url', value: '' } }] },
					description: 'Images of what the video should show, in the order in which the prompt refers to them',
					options: [
						{
							displayName: 'Image',
							name: 'image',
							values: [{ displayName: 'Image', name: 'image', ...locator(true) }],
						},
					],
				},
				...videoReferences(backend, backends),
			]),
			...of('subjectsToVideo', [
				{
					displayName: 'Subjects',
					name: 'subjects',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true, sortable: true },
					placeholder: 'Add subject',
					default: { subject: [{ name: '', images: { __rl: true, mode: 'url', value: '' }, voiceId: '' }] },
					description: 'The people and things that the prompt calls @name',
					options: [
						{
							displayName: 'Subject',
							name: 'subject',
							values: [
								{
									displayName: 'Name',
									name: 'name',
									type: 'string',
									default: '',
									required: true,
									placeholder: 'e.g. sneaker',
									description: 'Written @sneaker in the prompt',
								},
								{
									displayName: 'Images',
									name: 'images',
									...locator(true),
									description: 'One to three images of the subject',
								},
								{
									displayName: 'Voice ID',
									name: 'voiceId',
									type: 'string',
									default: '',
									description: 'Voice of the subject, for models that take one. Audio has to be on.',
								},
							],
						},
					],
				},
			]),
		];
	});
}

function videoReferences(backend: Backend, backends: readonly Backend[]): INodeProperties[] {
	const models = Object.entries(backend.catalogue.models.referenceToVideo ?? {})
		.filter(([, rules]) => rules.videos)
		.map(([id]) => id);
	if (models.length === 0) return [];
	return [
		{
			displayName: 'Reference Videos',
			name: 'referenceVideos',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/clip.mp4',
			description:
				'URLs of one or two short clips, separated by commas or line breaks: one of up to 8 seconds, or two of up to 5 seconds each',
			displayOptions: { hide: hideKnownModels(backends, '', models) },
		},
	];
}

import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { ChoiceRule, Endpoint, ModelRules, Operation } from '../../catalogue/types';
import { listValues } from '../../core/fields';
import {
	HIDE_ALL_BUT_CUSTOM,
	HIDE_CUSTOM,
	hideAllButExpressions,
	hideKnownModels,
	showEndpoints,
	showRoute,
} from './conditions';
import { OPERATION_NAMES } from '../labels';
import { optionalFields, topLevelFields } from './fields';
import { CUSTOM_MODEL, endpointsOf, operationOf, type Backend } from '../backends';

/** The parameters of a node, built from its backends: what a model takes is read from the catalogue only. */

/** @param backends the ways the node offers; with more than one it asks for the provider first */
export function videoNodeProperties(backends: readonly Backend[]): INodeProperties[] {
	const video = { show: { resource: ['video'] } };
	return [
		...providerProperty(backends),
		...resourceProperties(backends),
		...operationProperties(backends),
		...notices(backends),
		...referenceTypeProperties(backends),
		...modelProperties(backends),
		...promptProperties(backends),
		...imageProperties(backends),
		...topLevelFields(backends),
		...taskProperties(),
		...updateDisplayOptions(video, waitProperties(backends)),
		{
			displayName: 'Additional Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			displayOptions: video,
			options: sortByName([...optionalFields(backends), ...runOptions(backends)]),
		},
	];
}

/** How the operations are called and explained. */
export const OPERATION_LABELS: Readonly<Record<Operation, INodePropertyOptions>> = {
	textToVideo: {
		name: OPERATION_NAMES.textToVideo,
		value: 'textToVideo',
		action: 'Generate video from text',
		description: 'Make a video from a prompt',
	},
	imageToVideo: {
		name: OPERATION_NAMES.imageToVideo,
		value: 'imageToVideo',
		action: 'Generate video from image',
		description: 'Make a video that starts from an image',
	},
	startEndToVideo: {
		name: OPERATION_NAMES.startEndToVideo,
		value: 'startEndToVideo',
		action: 'Generate video from start and end frame',
		description: 'Make a video that leads from one image to another',
	},
	referenceToVideo: {
		name: OPERATION_NAMES.referenceToVideo,
		value: 'referenceToVideo',
		action: 'Generate video from references',
		description: 'Make a video that features the people and things in several images',
	},
};

function providerProperty(backends: readonly Backend[]): INodeProperties[] {
	if (backends.length < 2) return [];
	return [
		{
			displayName: 'Provider',
			name: 'provider',
			type: 'options',
			noDataExpression: true,
			options: backends.map(({ catalogue, label, description }) => ({
				name: label,
				value: catalogue.provider,
				description,
			})),
			default: firstProvider(backends),
			description: 'Whose API makes the video and charges for it',
		},
	];
}

const firstProvider = ([{ catalogue }]: readonly Backend[]): string => catalogue.provider;

const firstModel = ({ catalogue }: Backend, endpoint: Endpoint): string =>
	catalogue.defaultModel[endpoint] ?? CUSTOM_MODEL;

/** One property for all ways: n8n lists the actions of every property of this name. */
export function resourceProperties(backends: readonly Backend[]): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resourcesOf(backends),
			default: 'video',
		},
	];
}

function resourcesOf(backends: readonly Backend[]): INodePropertyOptions[] {
	const counting = backends.filter(({ provider }) => provider.credits);
	const account: INodePropertyOptions = {
		name: 'Account',
		value: 'account',
		...(counting.length < backends.length
			? {
					displayOptions: {
						show: { provider: counting.map(({ catalogue }) => catalogue.provider) },
					},
				}
			: {}),
	};
	return [
		{ name: 'Video', value: 'video' },
		{ name: 'Task', value: 'task' },
		...(counting.length > 0 ? [account] : []),
	];
}

/** One property for each way and resource, its operations in the order of the catalogue. */
export function operationProperties(backends: readonly Backend[]): INodeProperties[] {
	return backends.flatMap((backend): INodeProperties[] => {
		const base = { displayName: 'Operation', name: 'operation', noDataExpression: true } as const;
		const { provider } = backend;
		const show = (resource: string) => ({
			displayOptions: { show: { ...showRoute(backend, backends), resource: [resource] } },
		});
		const operations = [...new Set(endpointsOf(backend).map(operationOf))];
		return [
			{
				...base,
				type: 'options',
				...show('video'),
				options: operations.map((operation) => OPERATION_LABELS[operation]),
				default: operations[0],
			},
			{
				...base,
				type: 'options',
				...show('task'),
				options: [
					...(provider.cancel
						? [
								{
									name: 'Cancel',
									value: 'cancel',
									action: 'Cancel task',
									description: 'Cancel a task that has not started running',
								},
							]
						: []),
					{
						name: 'Get',
						value: 'get',
						action: 'Get task',
						description: 'Get the state of a task, and its video once it is done',
					},
					...(provider.list
						? [
								{
									name: 'Get Many',
									value: 'getMany',
									action: 'Get many tasks',
									description: 'List the tasks of the account',
								},
							]
						: []),
					{
						name: 'Wait for Completion',
						value: 'wait',
						action: 'Wait for tasks to complete',
						description: 'Wait for tasks that were ordered earlier and collect their videos',
					},
				],
				default: 'get',
			},
			...(provider.credits
				? [
						{
							...base,
							type: 'options' as const,
							...show('account'),
							options: [
								{
									name: 'Get Credits',
									value: 'getCredits',
									action: 'Get credits',
									description: 'Get the credits left and how many tasks the account may run at once',
								},
							],
							default: 'getCredits',
						},
					]
				: []),
		];
	});
}

/** What a user should know about a way before spending money on it. */
function notices(backends: readonly Backend[]): INodeProperties[] {
	return backends
		.filter(({ catalogue }) => catalogue.notice !== undefined)
		.map((backend) => ({
			displayName: backend.catalogue.notice!,
			name: 'providerNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { ...showRoute(backend, backends), resource: ['video'] } },
		}));
}

function referenceTypeProperties(backends: readonly Backend[]): INodeProperties[] {
	return backends
		.filter(({ catalogue }) => catalogue.models.subjectsToVideo)
		.map((backend) => ({
			displayName: 'Reference Type',
			name: 'referenceType',
			type: 'options',
			displayOptions: {
				show: { ...showRoute(backend, backends), resource: ['video'], operation: ['referenceToVideo'] },
			},
			options: [
				{ name: 'Images', value: 'images', description: 'A list of images' },
				{
					name: 'Subjects',
					value: 'subjects',
					description: 'Named subjects, each with images of its own, called @name in the prompt',
				},
			],
			default: 'images',
			noDataExpression: true,
		}));
}

function modelProperties(backends: readonly Backend[]): INodeProperties[] {
	return backends.flatMap((backend) => [
		...endpointsOf(backend).map((endpoint): INodeProperties => ({
			displayName: 'Model',
			name: 'model',
			type: 'options',
			displayOptions: showEndpoints(backend, backends, [endpoint]),
			options: [
				...Object.entries(backend.catalogue.models[endpoint]!).map(([id, rules]) => ({
					name: rules.note ? `${id} (${rules.note})` : id,
					value: id,
					description: describeModel(rules),
				})),
				{
					name: 'Custom',
					value: CUSTOM_MODEL,
					description: 'A model that is newer than this version of the node',
				},
			],
			default: firstModel(backend, endpoint),
		})),
		...customModelProperties(backend, backends),
	]);
}

function customModelProperties(backend: Backend, backends: readonly Backend[]): INodeProperties[] {
	const operations = [...new Set(endpointsOf(backend).map(operationOf))];
	const examples = [...new Set(operations.map((operation) => backend.exampleModels[operation]))];
	return examples.flatMap((example) => {
		const { show } = showEndpoints(
			backend,
			backends,
			operations.filter((operation) => backend.exampleModels[operation] === example),
		);
		const property: INodeProperties = {
			displayName: 'Model ID',
			name: 'customModel',
			type: 'string',
			default: '',
			placeholder: `e.g. ${example}`,
			description: 'ID of the model, spelled as the provider does. The values sent with it are not checked here.',
		};
		return [
			{ ...property, required: true, displayOptions: { show, hide: HIDE_ALL_BUT_CUSTOM } },
			// an expression may give a custom model, and mostly gives another
			{ ...property, displayOptions: { show, hide: hideAllButExpressions(backends) } },
		];
	});
}

/** More would make the description of a model too long to read in the list. */
const MOST_SIZES = 4;

/** "1 to 16 s, 540p, 720p or 1080p, sound · ready in about 60 s · from 7 credits a second". */
export function describeModel({ fields, images, subjects, typicalSeconds, priceFrom }: ModelRules): string {
	const choice = (name: 'duration' | 'resolution' | 'size') => {
		const rule = fields[name] as ChoiceRule | undefined;
		return rule ? listValues(rule.values.filter((value) => value !== 0)) : undefined;
	};
	const duration = choice('duration');
	const sizes = (fields.size as ChoiceRule | undefined)?.values ?? [];
	const makes = [
		duration && `${duration} s`,
		choice('resolution') ?? (sizes.length > MOST_SIZES ? `${sizes.length} sizes` : choice('size')),
		fields.audio || fields.withAudio ? 'sound' : undefined,
		subjects && `up to ${subjects.max} subjects`,
		images.max > 2 && !subjects ? `up to ${images.max} images` : undefined,
	];
	return [makes.filter(Boolean).join(', '), `ready in about ${typicalSeconds} s`, priceFrom]
		.filter(Boolean)
		.join(' · ');
}

const SCENE = 'e.g. The camera circles the sneaker slowly, soft studio light';
const SUBJECTS_SCENE = 'e.g. @sneaker stands next to @mug';

function promptProperties(backends: readonly Backend[]): INodeProperties[] {
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

function imageProperties(backends: readonly Backend[]): INodeProperties[] {
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

/** How a run waits and what it does with the result. */
function waitProperties(backends: readonly Backend[]): INodeProperties[] {
	const parking = backends.filter(({ provider }) => provider.callback);
	return [
		{
			displayName: 'Wait for Completion',
			name: 'waitForCompletion',
			type: 'boolean',
			default: true,
			description: 'Whether to wait until the videos are done. When off, the node returns the task IDs at once.',
		},
		...parking.map((backend) => ({
			displayName: 'Wait Mode',
			name: 'waitMode',
			type: 'options' as const,
			noDataExpression: true,
			options: [
				{
					name: 'Callback',
					value: 'callback',
					description:
						'Park the execution until the service calls back, so that it takes up no worker. Needs an n8n that the internet can reach.',
				},
				{
					name: 'Poll',
					value: 'poll',
					description: 'Check the state of the tasks at intervals that suit the model',
				},
			],
			default: 'poll',
			displayOptions: {
				show: { ...showRoute(backend, backends), waitForCompletion: [true], '@tool': [false] },
			},
		})),
		...downloadProperties().map((property) => ({
			...property,
			displayOptions: {
				show: { waitForCompletion: [true], '@tool': [false], ...property.displayOptions?.show },
			},
		})),
	];
}

function downloadProperties(): INodeProperties[] {
	return [
		{
			displayName: 'Download Video',
			name: 'downloadVideo',
			type: 'boolean',
			default: true,
			description: 'Whether to store the video file in the item. The link to it expires after a day.',
		},
		{
			displayName: 'Put Output File in Field',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			required: true,
			placeholder: 'e.g. data',
			hint: 'The name of the output binary field to put the file in',
			displayOptions: { show: { downloadVideo: [true] } },
		},
	];
}

function taskProperties(): INodeProperties[] {
	const show = (operations: string[]) => ({ show: { resource: ['task'], operation: operations } });
	return [
		{
			displayName: 'Task ID',
			name: 'taskId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 876543210123456789',
			description: 'ID of the task, as the node returned it. Keep it as text: spreadsheets round long numbers.',
			displayOptions: show(['get', 'cancel']),
		},
		{
			displayName: 'Task IDs',
			name: 'taskId',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. 876543210123456789, 876543210123456790',
			description:
				'One or more, separated by commas or line breaks, or an expression that returns a list. Keep them as text: spreadsheets round long numbers.',
			displayOptions: show(['wait']),
		},
		{
			// workflows written by hand may well use the plural
			displayName: 'Task IDs',
			name: 'taskIds',
			type: 'hidden',
			default: '',
			displayOptions: show(['wait']),
		},
		...updateDisplayOptions(show(['get', 'wait']), downloadProperties().map(notForTools)),
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: show(['getMany']),
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: {
				show: { resource: ['task'], operation: ['getMany'], returnAll: [false] },
			},
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			displayOptions: show(['getMany']),
			options: [
				{
					displayName: 'Created After',
					name: 'createdAfter',
					type: 'dateTime',
					default: '',
					description: 'When left out, Vidu lists the last seven days',
				},
				{
					displayName: 'Created Before',
					name: 'createdBefore',
					type: 'dateTime',
					default: '',
				},
				{
					displayName: 'Model Versions',
					name: 'modelVersions',
					type: 'string',
					default: '',
					placeholder: 'e.g. q2, 2.0',
					description: 'Separated by commas',
				},
				{
					displayName: 'Resolutions',
					name: 'resolutions',
					type: 'string',
					default: '',
					placeholder: 'e.g. 720p, 1080p',
					description: 'Separated by commas',
				},
				{
					displayName: 'States',
					name: 'states',
					type: 'multiOptions',
					default: [],
					options: [
						{ name: 'Created', value: 'created' },
						{ name: 'Failed', value: 'failed' },
						{ name: 'Processing', value: 'processing' },
						{ name: 'Queueing', value: 'queueing' },
						{ name: 'Success', value: 'success' },
					],
				},
				{
					displayName: 'Task IDs',
					name: 'taskIds',
					type: 'string',
					default: '',
					description: 'Separated by commas',
				},
			],
		},
		{
			displayName: 'Additional Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			displayOptions: show(['get', 'wait']),
			options: sortByName(
				[...WAIT_OPTIONS, ...DOWNLOAD_OPTIONS].map((option) =>
					option.name === 'maxWaitMinutes' || option.name === 'pollIntervalSeconds'
						? shownWith(option, { '/operation': ['wait'] })
						: notForTools(option),
				),
			),
		},
	];
}

/** Settings of a download; the same for new and for existing tasks. */
const DOWNLOAD_OPTIONS: INodeProperties[] = [
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.sku }}.mp4',
		description: 'Name of the video file. When left out, it is the task ID and .mp4.',
	},
	{
		displayName: 'Max File Size (MB)',
		name: 'maxFileMegabytes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1024,
		description: 'A video larger than this is not stored',
	},
	{
		displayName: 'Put Cover Image in Field',
		name: 'coverField',
		type: 'string',
		default: 'cover',
		placeholder: 'e.g. cover',
		description: 'Also download the cover image, into this binary field',
	},
];

/** Settings for the images of an item. */
const IMAGE_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Allow Private URLs',
		name: 'allowPrivateUrls',
		type: 'boolean',
		default: false,
		description: 'Whether to accept private or local URLs of files and callbacks, for a service in your own network',
	},
	{
		displayName: 'Check Image URLs',
		name: 'checkImageUrls',
		type: 'boolean',
		default: false,
		description:
			'Whether to fetch the first bytes of images given by URL and check format, size and shape before ordering',
	},
	{
		displayName: 'Remove Duplicate Images',
		name: 'removeDuplicateImages',
		type: 'boolean',
		default: false,
		description: 'Whether to send an image only once when it is in the list more than once',
	},
	{
		displayName: 'Send Binary as Signed URL',
		name: 'sendBinaryAsSignedUrl',
		type: 'boolean',
		default: false,
		description:
			'Whether the service fetches binary images from this n8n, past the 20 MB limit of a request. Needs an n8n that the internet can reach.',
	},
];

/** Settings of a wait; the same for new and for existing tasks. */
const WAIT_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Max Wait (Minutes)',
		name: 'maxWaitMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description:
			'How long to wait for each video, from its order on. The task carries on after that. When left out, it is 30, or 2880 with Off-Peak.',
	},
	{
		displayName: 'Poll Interval (Seconds)',
		name: 'pollIntervalSeconds',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 10,
		description: 'Fixed pause between status checks. When left out, checks follow the usual time of the model.',
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
];

/** Settings of a run. */
function runOptions(backends: readonly Backend[]): INodeProperties[] {
	const cancelling = backends.filter(({ provider }) => provider.cancel);
	const only = (offering: readonly Backend[]) =>
		offering.length === backends.length
			? {}
			: {
					displayOptions: {
						show: { '/provider': offering.map(({ catalogue }) => catalogue.provider) },
					},
				};
	return [
		...WAIT_OPTIONS.map((option) =>
			option.name === 'simplify' ? notForTools(option) : shownWith(option, { '/waitForCompletion': [true] }),
		),
		...DOWNLOAD_OPTIONS.map((option) =>
			notForTools(shownWith(option, { '/waitForCompletion': [true], '/downloadVideo': [true] })),
		),
		...IMAGE_OPTIONS.map((option) =>
			// a callback address may be private too, whatever the operation
			option.name === 'allowPrivateUrls'
				? option
				: shownWith(option, {
						'/operation': [
							...(option.name === 'removeDuplicateImages' ? [] : ['imageToVideo', 'startEndToVideo']),
							'referenceToVideo',
						],
					}),
		),
		...(cancelling.length > 0
			? [
					notForTools({
						displayName: 'Cancel on Stop',
						name: 'cancelOnStop',
						type: 'boolean',
						default: true,
						description: 'Whether to cancel the tasks that have not started running when the execution is stopped',
						...only(cancelling),
					}),
					{
						displayName: 'Max Credits',
						name: 'maxCredits',
						type: 'number' as const,
						typeOptions: { minValue: 1 },
						default: 1000,
						description:
							'Order no more videos once this run has cost this much. It then ends green with the videos made so far, and a hint counts the items left.',
						...only(cancelling),
					},
				]
			: []),
		{
			displayName: 'Extra Fields (JSON)',
			name: 'extraFields',
			type: 'json',
			default: '{}',
			description:
				'Fields that the service takes but this node does not know yet, as a JSON object. They are merged into the request last.',
		},
		{
			displayName: 'Max Concurrency',
			name: 'maxConcurrency',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 5,
			description:
				'How many tasks may be in progress at once. When left out, the node finds out how many the account allows.',
		},
		{
			displayName: 'Max Videos',
			name: 'maxVideos',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 100,
			description:
				'Order no more videos than this in one run. It then ends green with the videos made so far, and a hint counts the items left.',
		},
	];
}

/** A tool neither downloads nor parks, and its answer is always short. */
const notForTools = (property: INodeProperties): INodeProperties => ({
	...property,
	displayOptions: {
		...property.displayOptions,
		show: { '@tool': [false], ...property.displayOptions?.show },
	},
});

const shownWith = (option: INodeProperties, show: Record<string, Array<string | boolean>>): INodeProperties => ({
	...option,
	displayOptions: { show },
});

const nameOf = (entry: INodeProperties | INodePropertyOptions): string =>
	'displayName' in entry && entry.displayName ? entry.displayName : entry.name;

function sortByName<T extends INodeProperties | INodePropertyOptions>(entries: T[]): T[] {
	// the first localeCompare of a process loads its tables, which takes longer than all the rest of the panel
	return [...entries].sort((a, b) => (nameOf(a).toLowerCase() < nameOf(b).toLowerCase() ? -1 : 1));
}

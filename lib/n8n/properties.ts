import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { ChoiceRule, Form, ModelRules, Operation } from '../catalogue/types';
import { listValues } from '../core/validate';
import { hideAllModelsBut, showForms, showRoute } from './conditions';
import { OPERATION_NAMES } from './labels';
import { optionalFields, topLevelFields } from './modelFields';
import { CUSTOM_MODEL, formsOf, operationOf, type Route } from './routes';

/** The parameters of a node, built from its routes: what a model takes is read from the catalogue only. */

/** @param routes the ways the node offers; with more than one it asks for the provider first */
export function videoNodeProperties(routes: readonly Route[]): INodeProperties[] {
	const video = { show: { resource: ['video'] } };
	return [
		...providerProperty(routes),
		...resourceProperties(routes),
		...operationProperties(routes),
		...notices(routes),
		...referenceTypeProperties(routes),
		...modelProperties(routes),
		...promptProperties(routes),
		...pictureProperties(routes),
		...topLevelFields(routes),
		...taskProperties(),
		...updateDisplayOptions(video, waitProperties(routes)),
		{
			displayName: 'Additional Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			displayOptions: video,
			options: sortByName([...optionalFields(routes), ...runOptions(routes)]),
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
		description: 'Make a video that begins with a picture',
	},
	startEndToVideo: {
		name: OPERATION_NAMES.startEndToVideo,
		value: 'startEndToVideo',
		action: 'Generate video from start and end frame',
		description: 'Make a video that leads from one picture to another',
	},
	referenceToVideo: {
		name: OPERATION_NAMES.referenceToVideo,
		value: 'referenceToVideo',
		action: 'Generate video from references',
		description: 'Make a video with the things and people of several pictures',
	},
};

function providerProperty(routes: readonly Route[]): INodeProperties[] {
	if (routes.length < 2) return [];
	return [
		{
			displayName: 'Provider',
			name: 'provider',
			type: 'options',
			noDataExpression: true,
			options: routes.map(({ catalogue, label, description }) => ({
				name: label,
				value: catalogue.provider,
				description,
			})),
			default: firstProvider(routes),
			description: 'Whose API makes and charges the video',
		},
	];
}

const firstProvider = ([{ catalogue }]: readonly Route[]): string => catalogue.provider;

const firstModel = ({ catalogue }: Route, form: Form): string =>
	catalogue.defaultModel[form] ?? CUSTOM_MODEL;

/** One property for all ways: n8n lists the actions of every property of this name. */
export function resourceProperties(routes: readonly Route[]): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resourcesOf(routes),
			default: 'video',
		},
	];
}

function resourcesOf(routes: readonly Route[]): INodePropertyOptions[] {
	const counting = routes.filter(({ provider }) => provider.credits);
	const account: INodePropertyOptions = {
		name: 'Account',
		value: 'account',
		...(counting.length < routes.length
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
export function operationProperties(routes: readonly Route[]): INodeProperties[] {
	return routes.flatMap((route): INodeProperties[] => {
		const base = { displayName: 'Operation', name: 'operation', noDataExpression: true } as const;
		const { provider } = route;
		const show = (resource: string) => ({
			displayOptions: { show: { ...showRoute(route, routes), resource: [resource] } },
		});
		const operations = [...new Set(formsOf(route).map(operationOf))];
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
									description: 'Cancel a task that is not running yet',
								},
							]
						: []),
					{
						name: 'Get',
						value: 'get',
						action: 'Get task',
						description: 'Read the state of a task, and its video when it is finished',
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
						action: 'Wait for completion of tasks',
						description: 'Wait for tasks that exist already and collect their videos',
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
									description: 'Read the credits and the number of tasks the account may run at once',
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
function notices(routes: readonly Route[]): INodeProperties[] {
	return routes
		.filter(({ catalogue }) => catalogue.notice !== undefined)
		.map((route) => ({
			displayName: route.catalogue.notice!,
			name: 'providerNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { ...showRoute(route, routes), resource: ['video'] } },
		}));
}

function referenceTypeProperties(routes: readonly Route[]): INodeProperties[] {
	return routes
		.filter(({ catalogue }) => catalogue.models.subjectsToVideo)
		.map((route) => ({
			displayName: 'Reference Type',
			name: 'referenceType',
			type: 'options',
			displayOptions: {
				show: { ...showRoute(route, routes), resource: ['video'], operation: ['referenceToVideo'] },
			},
			options: [
				{ name: 'Images', value: 'images', description: 'A list of pictures' },
				{
					name: 'Subjects',
					value: 'subjects',
					description: 'Named subjects with their own pictures, called @name in the prompt',
				},
			],
			default: 'images',
			noDataExpression: true,
		}));
}

function modelProperties(routes: readonly Route[]): INodeProperties[] {
	return routes.flatMap((route) => [
		...formsOf(route).map(
			(form): INodeProperties => ({
				displayName: 'Model',
				name: 'model',
				type: 'options',
				displayOptions: showForms(route, routes, [form]),
				options: [
					...Object.entries(route.catalogue.models[form]!).map(([id, rules]) => ({
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
				default: firstModel(route, form),
			}),
		),
		{
			displayName: 'Model ID',
			name: 'customModel',
			// not required: it also shows for a model given by an expression, which needs none
			type: 'string' as const,
			default: '',
			placeholder: 'e.g. viduq4-pro',
			description: 'ID of the model as the provider writes it. Its values are not checked here.',
			displayOptions: {
				show: { ...showRoute(route, routes), resource: ['video'], model: [CUSTOM_MODEL] },
			},
		},
	]);
}

/** "1 to 16 s, 540p, 720p or 1080p, sound · ready in about 60 s · from 7 credits a second". */
export function describeModel({ fields, images, subjects, typicalSeconds, priceFrom }: ModelRules): string {
	const choice = (name: 'duration' | 'resolution' | 'size') => {
		const rule = fields[name] as ChoiceRule | undefined;
		return rule ? listValues(rule.values.filter((value) => value !== 0)) : undefined;
	};
	const duration = choice('duration');
	const makes = [
		duration && `${duration} s`,
		choice('resolution') ?? choice('size'),
		fields.audio || fields.withAudio ? 'sound' : undefined,
		subjects && `up to ${subjects.max} subjects`,
		images.max > 2 && !subjects ? `up to ${images.max} pictures` : undefined,
	];
	return [makes.filter(Boolean).join(', '), `ready in about ${typicalSeconds} s`, priceFrom]
		.filter(Boolean)
		.join(' · ');
}

function promptProperties(routes: readonly Route[]): INodeProperties[] {
	return routes.map((route) => ({
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. The camera circles the sneaker slowly, soft studio light',
		description: 'What happens in the video',
		displayOptions: { show: { ...showRoute(route, routes), resource: ['video'] } },
	}));
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
				? 'One address, several separated by commas or lines, or an expression that gives a list'
				: 'A public address that opens without a login',
		},
		{
			displayName: 'Binary',
			name: 'binary',
			type: 'string',
			placeholder: 'e.g. data',
			hint: many
				? 'Name of the binary field of the item, or several names separated by commas'
				: 'Name of the binary field of the item',
		},
		{
			displayName: 'Base64',
			name: 'base64',
			type: 'string',
			placeholder: 'e.g. data:image/png;base64,iVBORw0…',
			hint: 'The picture as base64 text, with or without the data: part in front',
		},
	],
});

function pictureProperties(routes: readonly Route[]): INodeProperties[] {
	return routes.flatMap((route) => {
		const forms = formsOf(route);
		const of = (form: Form, properties: INodeProperties[]): INodeProperties[] =>
			forms.includes(form)
				? properties.map((property) => ({
						...property,
						displayOptions: {
							...showForms(route, routes, [form]),
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
					description: 'Last frame of the video, in about the same size as the first',
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
					description: 'Pictures of what the video shall show, in the order the prompt counts them',
					options: [
						{
							displayName: 'Image',
							name: 'image',
							values: [{ displayName: 'Image', name: 'image', ...locator(true) }],
						},
					],
				},
				...videoReferences(route, routes),
			]),
			...of('subjectsToVideo', [
				{
					displayName: 'Subjects',
					name: 'subjects',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true, sortable: true },
					placeholder: 'Add subject',
					default: {},
					description: 'Who or what the prompt calls @name',
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
									description: 'One to three pictures of the subject',
								},
								{
									displayName: 'Voice ID',
									name: 'voiceId',
									type: 'string',
									default: '',
									description: 'Voice of the subject, on models that take one. Needs Audio.',
								},
							],
						},
					],
				},
			]),
		];
	});
}

function videoReferences(route: Route, routes: readonly Route[]): INodeProperties[] {
	const models = Object.entries(route.catalogue.models.referenceToVideo ?? {})
		.filter(([, rules]) => rules.videos)
		.map(([id]) => id);
	if (models.length === 0) return [];
	const { model } = hideAllModelsBut(routes, models, '');
	return [
		{
			displayName: 'Reference Videos',
			name: 'referenceVideos',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/clip.mp4',
			description:
				'Addresses of one or two short clips, separated by commas or lines: one of up to 8 seconds, or two of up to 5',
			displayOptions: { hide: { model: model.filter((value) => typeof value === 'string' && value !== CUSTOM_MODEL) } },
		},
	];
}

/** How a run waits and what it does with the result. */
function waitProperties(routes: readonly Route[]): INodeProperties[] {
	const parking = routes.filter(({ provider }) => provider.callback);
	return [
		{
			displayName: 'Wait for Completion',
			name: 'waitForCompletion',
			type: 'boolean',
			default: true,
			description:
				'Whether to wait until the videos are made. Switched off, the node returns the task IDs at once.',
		},
		...parking.map((route) => ({
			displayName: 'Wait Mode',
			name: 'waitMode',
			type: 'options' as const,
			noDataExpression: true,
			options: [
				{
					name: 'Callback',
					value: 'callback',
					description:
						'Park the execution until the service calls back, so that no worker is held. Needs a public address of this n8n.',
				},
				{
					name: 'Poll',
					value: 'poll',
					description: 'Ask for the state at sensible times',
				},
			],
			default: 'poll',
			displayOptions: {
				show: { ...showRoute(route, routes), waitForCompletion: [true], '@tool': [false] },
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
			description: 'Whether to store the video file in the item. The link to it works for a day only.',
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
				'One or more task IDs, separated by commas or lines, or an expression that gives a list. Keep them as text.',
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
		...updateDisplayOptions(show(['get', 'wait']), downloadProperties()),
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
					description: 'Without it, Vidu lists the last seven days',
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
				[...WAIT_OPTIONS, ...DOWNLOAD_OPTIONS].map((option) => ({
					...option,
					...(option.name === 'maxWaitMinutes' || option.name === 'pollIntervalSeconds'
						? { displayOptions: { show: { '/operation': ['wait'] } } }
						: {}),
				})),
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
		description: 'Name of the video file. Left out, it is the task ID with .mp4.',
	},
	{
		displayName: 'Max File Size (MB)',
		name: 'maxFileMegabytes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1024,
		description: 'Refuse to store a video larger than this',
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

/** Settings for the pictures of an item. */
const PICTURE_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Allow Private URLs',
		name: 'allowPrivateUrls',
		type: 'boolean',
		default: false,
		description:
			'Whether to hand the service addresses of this n8n that are private or loopback, for a service in your own network',
	},
	{
		displayName: 'Check Image URLs',
		name: 'checkImageUrls',
		type: 'boolean',
		default: false,
		description:
			'Whether to fetch the first bytes of pictures given by URL and check format, size and shape before ordering',
	},
	{
		displayName: 'Remove Duplicate Images',
		name: 'removeDuplicateImages',
		type: 'boolean',
		default: false,
		description: 'Whether to send a picture that stands twice in a list only once',
	},
	{
		displayName: 'Send Binary as Signed URL',
		name: 'sendBinaryAsSignedUrl',
		type: 'boolean',
		default: false,
		description:
			'Whether the service fetches binary pictures from this n8n through a signed address, so that nothing is base64-encoded and the 20 MB limit of a request does not count. n8n must be reachable from the internet.',
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
			'How long to wait for each video, counted from its order. The task goes on after that and can be collected later. 2880 when Off-Peak is on and this is left out.',
	},
	{
		displayName: 'Poll Interval (Seconds)',
		name: 'pollIntervalSeconds',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 10,
		description: 'Fixed pause between status checks. Left out, checks follow the usual time of the model.',
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
function runOptions(routes: readonly Route[]): INodeProperties[] {
	const cancelling = routes.filter(({ provider }) => provider.cancel);
	const only = (offering: readonly Route[]) =>
		offering.length === routes.length
			? {}
			: {
					displayOptions: {
						show: { '/provider': offering.map(({ catalogue }) => catalogue.provider) },
					},
				};
	return [
		...WAIT_OPTIONS.map((option) =>
			option.name === 'simplify' ? option : shownWith(option, { '/waitForCompletion': [true] }),
		),
		...DOWNLOAD_OPTIONS.map((option) =>
			shownWith(option, { '/waitForCompletion': [true], '/downloadVideo': [true] }),
		),
		...PICTURE_OPTIONS.map((option) =>
			// a callback address may be private too, whatever the operation
			option.name === 'allowPrivateUrls'
				? option
				: shownWith(option, {
						'/operation': ['imageToVideo', 'startEndToVideo', 'referenceToVideo'],
					}),
		),
		...(cancelling.length > 0
			? [
					{
						displayName: 'Cancel on Stop',
						name: 'cancelOnStop',
						type: 'boolean' as const,
						default: true,
						description:
							'Whether to cancel tasks that are not running yet when the execution is stopped',
						...only(cancelling),
					},
					{
						displayName: 'Max Credits',
						name: 'maxCredits',
						type: 'number' as const,
						typeOptions: { minValue: 1 },
						default: 1000,
						description: 'Start no more videos in this run once tasks of this many credits are started',
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
				'Fields the service takes and this node does not know yet, as a JSON object. They are merged into the request last.',
		},
		{
			displayName: 'Max Concurrency',
			name: 'maxConcurrency',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 5,
			description:
				'How many tasks may be under way at once. Left out, the node finds out what the account takes.',
		},
		{
			displayName: 'Max Videos',
			name: 'maxVideos',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 100,
			description: 'Start no more than this many videos in one run',
		},
	];
}

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

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { bodiesOf, madeBy } from '../../catalogue/catalogue';
import { OPERATIONS } from '../../catalogue/operations';
import { nounOf, RESOURCES } from '../../catalogue/resources';
import type { InputSlot, Resource } from '../../catalogue/types';
import type { Backend } from '../backends';
import { nameOfParameter } from '../labels';
import { operationsOf } from './conditions';
import { collectionOf, type CollectionName } from '../collections';

/** What a user may add, in three collections: what is made, how much is ordered and waited for, what goes in and comes out. */

/** What becomes of the file; the same for new and for existing tasks. */
const DOWNLOAD_OPTIONS: INodeProperties[] = [
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.sku }}',
		description: 'When left out, it is the task ID. An ending that fits the file is added where there is none.',
	},
	{
		displayName: 'Max File Size (MB)',
		name: 'maxFileMegabytes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1024,
		description: 'A file larger than this is not stored',
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

const SIMPLIFY: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

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

const LISTS_OF_IMAGES: ReadonlyArray<InputSlot['kind']> = ['images', 'subjects'];
const IMAGES: ReadonlyArray<InputSlot['kind']> = ['image', 'framePair', ...LISTS_OF_IMAGES];

const operationsThatTake = (kinds: ReadonlyArray<InputSlot['kind']>): string[] =>
	OPERATIONS.filter((operation) =>
		bodiesOf(operation).some(([, { inputs }]) => inputs.some(({ kind }) => kinds.includes(kind))),
	).map(({ name }) => name);

/** Settings of a wait; the same for new and for existing tasks. */
const WAIT_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Max Wait (Minutes)',
		name: 'maxWaitMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description:
			'How long a task may go without progress, in line too while others end. When left out: 30, parked 1440, Off-Peak 2880.',
	},
	{
		displayName: 'Poll Interval (Seconds)',
		name: 'pollIntervalSeconds',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 10,
		description: 'Fixed pause between status checks. When left out, checks follow the usual time of the model.',
	},
];

/** Bounds of what is ordered, the same for all providers. */
const LIMITS: INodeProperties[] = [
	{
		displayName: 'Max Keys',
		name: 'maxKeys',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 10000,
		description: 'How many Order Keys are remembered. The oldest are forgotten first.',
	},
	{
		displayName: 'Order Key',
		name: 'orderKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. {{ $json.sku }}',
		description:
			'Such as the IDs of product and picture. Each key is ordered once, in all executions of this node; other items with it are left out.',
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
];

/** Called after what is ordered. */
function maxNumbers(backends: readonly Backend[]): INodeProperties[] {
	const named = new Map<string, { many: string; operations: string[] }>();
	for (const declaration of operationsOf(backends)) {
		const label = nameOfParameter('maxVideos', declaration.name);
		const known = named.get(label);
		if (known) known.operations.push(declaration.name);
		else named.set(label, { many: nounOf(declaration).many, operations: [declaration.name] });
	}
	return [...named].map(([displayName, { many, operations }]) =>
		shownWith(
			{
				displayName,
				name: 'maxVideos',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 100,
				description: `Order no more ${many} than this in one run. It then ends green with what was made, and a hint counts the items left.`,
			},
			{ '/operation': operations },
		),
	);
}

const CANCEL_ON_STOP: INodeProperties = {
	displayName: 'Cancel on Stop',
	name: 'cancelOnStop',
	type: 'boolean',
	default: true,
	description: 'Whether to cancel the tasks that have not started running when the execution is stopped',
};

const MAX_CREDITS: INodeProperties = {
	displayName: 'Max Credits',
	name: 'maxCredits',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 1000,
	description:
		'Order nothing more once this run has cost this much. It then ends green with what was made, and a hint counts the items left.',
};

const EXTRA_FIELDS: INodeProperties = {
	displayName: 'Extra Fields (JSON)',
	name: 'extraFields',
	type: 'json',
	default: '{}',
	description:
		'Fields that the service takes but this node does not know yet, as a JSON object. They are merged into the request last.',
};

/** The three collections of an operation that orders; what it makes has its own for each resource. @param fields of the catalogue, which the user may add */
export function orderCollections(backends: readonly Backend[], fields: readonly INodeProperties[]): INodeProperties[] {
	const resources = [...new Set(operationsOf(backends).map(({ resource }) => resource))];
	const added = (name: CollectionName) => fields.filter((field) => collectionOf(field.name) === name);
	return [
		...resources.map((resource) => ({
			...collection('options', `${RESOURCES[resource].label} Options`, 'Add option', [
				...added('options').filter((field) => standsOn(resource, field)),
				EXTRA_FIELDS,
			]),
			displayOptions: { show: { resource: [resource] } },
		})),
		collection('limits', 'Limits and Waiting', 'Add limit', [...added('limits'), ...limitOptions(backends)]),
		collection('files', 'Files and Links', 'Add setting', [...added('files'), ...fileOptions(backends)]),
	];
}

const standsOn = (resource: Resource, { displayOptions }: INodeProperties): boolean =>
	displayOptions?.show?.['/resource']?.includes(resource) !== false;

/** The collections of the operations on tasks that exist already. */
export function taskCollections(): { limits: INodeProperties; files: INodeProperties } {
	return {
		limits: collection('limits', 'Limits and Waiting', 'Add limit', WAIT_OPTIONS),
		files: collection('files', 'Files and Links', 'Add setting', [...DOWNLOAD_OPTIONS, SIMPLIFY].map(notForTools)),
	};
}

const collection = (
	name: CollectionName,
	displayName: string,
	placeholder: string,
	options: readonly INodeProperties[],
): INodeProperties => ({
	displayName,
	name,
	type: 'collection',
	placeholder,
	default: {},
	options: sortByName([...options]),
});

function limitOptions(backends: readonly Backend[]): INodeProperties[] {
	const cancelling = backends.filter(({ provider }) => provider.cancel);
	const show = { '/provider': cancelling.map(({ catalogue }) => catalogue.provider) };
	const only = (option: INodeProperties) => (cancelling.length === backends.length ? option : shownWith(option, show));
	return [
		...LIMITS,
		...maxNumbers(backends),
		...WAIT_OPTIONS.map((option) => shownWith(option, { '/waitForCompletion': [true] })),
		...(cancelling.length > 0 ? [notForTools(only(CANCEL_ON_STOP)), only(MAX_CREDITS)] : []),
	];
}

function fileOptions(backends: readonly Backend[]): INodeProperties[] {
	const seen = operationsOf(backends)
		.filter((operation) => madeBy(operation) !== 'audio')
		.map(({ name }) => name);
	return [
		notForTools(SIMPLIFY),
		...DOWNLOAD_OPTIONS.map((option) =>
			notForTools(
				shownWith(option, {
					'/waitForCompletion': [true],
					'/downloadVideo': [true],
					// a sound has no cover
					...(option.name === 'coverField' ? { '/operation': seen } : {}),
				}),
			),
		),
		...IMAGE_OPTIONS.map((option) =>
			// a callback address may be private too, whatever the operation
			option.name === 'allowPrivateUrls'
				? option
				: shownWith(option, {
						'/operation': operationsThatTake(option.name === 'removeDuplicateImages' ? LISTS_OF_IMAGES : IMAGES),
					}),
		),
	];
}

/** A tool neither downloads nor parks, and its answer is always short. */
export const notForTools = (property: INodeProperties): INodeProperties => ({
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

export function sortByName<T extends INodeProperties | INodePropertyOptions>(entries: T[]): T[] {
	// the first localeCompare of a process loads its tables, which takes longer than all the rest of the panel
	return [...entries].sort((a, b) => (nameOf(a).toLowerCase() < nameOf(b).toLowerCase() ? -1 : 1));
}

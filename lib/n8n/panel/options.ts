import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { bodiesOf } from '../../catalogue/catalogue';
import { OPERATIONS } from '../../catalogue/operations';
import type { InputSlot } from '../../catalogue/types';
import type { Backend } from '../backends';
import { collectionOf, type CollectionName } from '../collections';

/** What a user may add, in three collections: what the video is, how much is ordered and waited for, what goes in and comes out. */

/** What becomes of a video; the same for new and for existing tasks. */
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
			'How long a video may go without progress, in line too while others end. When left out: 30, parked 1440, Off-Peak 2880.',
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
		'Order no more videos once this run has cost this much. It then ends green with the videos made so far, and a hint counts the items left.',
};

const EXTRA_FIELDS: INodeProperties = {
	displayName: 'Extra Fields (JSON)',
	name: 'extraFields',
	type: 'json',
	default: '{}',
	description:
		'Fields that the service takes but this node does not know yet, as a JSON object. They are merged into the request last.',
};

/** The three collections of an operation that orders. @param fields of the catalogue, which the user may add */
export function orderCollections(backends: readonly Backend[], fields: readonly INodeProperties[]): INodeProperties[] {
	const added = (name: CollectionName) => fields.filter((field) => collectionOf(field.name) === name);
	return [
		collection('options', 'Video Options', 'Add option', [...added('options'), EXTRA_FIELDS]),
		collection('limits', 'Limits and Waiting', 'Add limit', [...added('limits'), ...limitOptions(backends)]),
		collection('files', 'Files and Links', 'Add setting', [...added('files'), ...fileOptions()]),
	];
}

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
		...WAIT_OPTIONS.map((option) => shownWith(option, { '/waitForCompletion': [true] })),
		...(cancelling.length > 0 ? [notForTools(only(CANCEL_ON_STOP)), only(MAX_CREDITS)] : []),
	];
}

function fileOptions(): INodeProperties[] {
	return [
		notForTools(SIMPLIFY),
		...DOWNLOAD_OPTIONS.map((option) =>
			notForTools(shownWith(option, { '/waitForCompletion': [true], '/downloadVideo': [true] })),
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

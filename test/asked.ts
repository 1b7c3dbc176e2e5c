import { callsBack, madeBy, topFieldsOf, wordsOf as wordsOfSlot } from '../lib/catalogue/catalogue';
import type { Endpoint } from '../lib/catalogue/operations';
import { nounOf, RESOURCES } from '../lib/catalogue/resources';
import type { FieldName, FieldRule, FieldValue, OperationDeclaration, Rules } from '../lib/catalogue/types';
import { findMisfit } from '../lib/core/restrictions';
import type { Provider } from '../lib/core/provider';
import { collectionOf, type CollectionName } from '../lib/n8n/collections';
import { labelValue, nameOfField, wordsOf } from '../lib/n8n/fields';
import { operationCalled, operationOf, type Backend } from '../lib/n8n/backends';

/** What the panel has to ask for, from the catalogue and by hand: nothing here is read from the code that builds it. */

/** What goes in, as a new node asks for it. */
export const ASKED: Record<Endpoint, string[]> = {
	textToVideo: ['prompt'],
	imageToVideo: ['prompt', 'image'],
	startEndToVideo: ['prompt', 'startImage', 'endImage'],
	referenceToVideo: ['prompt', 'referenceImages'],
	subjectsToVideo: ['prompt', 'subjects'],
	multiFrameToVideo: ['startImage', 'frames'],
	extend: ['prompt', 'video', 'endImage'],
	upscale: ['video'],
	motionSync: ['image', 'video'],
	templateToVideo: ['prompt', 'template', 'images'],
	lipSync: ['video', 'voiceFrom', 'text', 'voiceId'],
	digitalHuman: ['prompt', 'image', 'voiceFrom', 'text', 'voiceId'],
	product: ['prompt', 'images'],
	replicate: ['prompt', 'video', 'images'],
	story: ['images'],
	music: ['prompt', 'images', 'audioFile'],
	general: ['prompt', 'images'],
	editPart: ['prompt', 'taskId', 'type', 'storyboardVideoIndex', 'jobId'],
	compose: ['taskId', 'videoTaskIds', 'jobIds', 'narrationTaskId', 'bgmTaskId'],
	generate: ['prompt', 'images'],
	speech: [],
	soundEffects: ['prompt'],
	timedSoundEffects: ['cues'],
	cloneVoice: ['audioFile'],
	create: ['images'],
	update: ['images'],
	recommend: ['image'],
};

/** What a field still allows beside what is picked at the top of the panel; undefined when it cannot be used. */
export function allowedBeside(
	name: FieldName,
	rules: Rules,
	picked: Readonly<Record<string, unknown>>,
): FieldValue[] | undefined {
	const rule = rules.fields[name]!;
	const values: FieldValue[] = rule.kind === 'choice' ? [...rule.values] : [true];
	const fitting = values.filter((value) => findMisfit(rules, { ...picked, [name]: value })?.field !== name);
	return fitting.length > 0 ? fitting : undefined;
}

/** A parameter on the screen: what it is called, and what its list offers. */
export interface Asked {
	label: string;
	choices?: string[];
}

export interface AskedPanel {
	fields: Asked[];
	/** By what the collections are called, what the user may add. */
	collections: Record<string, string[]>;
}

const LIMITS = ['Max Concurrency', 'Max Keys', 'Order Key'];
const LIMITS_OF_A_WAIT = ['Max Wait (Minutes)', 'Poll Interval (Seconds)'];
const LIMITS_AT_VIDU = ['Cancel on Stop', 'Max Credits'];
const FILES = ['Allow Private URLs', 'Simplify'];
const FILES_THAT_COME = ['File Name', 'Max File Size (MB)'];
const FILES_OF_IMAGES = ['Check Image URLs', 'Send Binary as Signed URL'];

/** Parameters that decide whether others show, as a new node has them. */
const STARTS_AS: Readonly<Record<string, FieldValue>> = { voiceFrom: 'text', template: '', types: '' };

/** Inputs that are picked from a list. */
const LISTS_OF_INPUTS: Readonly<Record<string, string[]>> = {
	voiceFrom: ['Audio', 'Text'],
	type: ['Scene', 'Narration', 'Music'],
};

/** Kinds of input that are images, and those that are lists of them. */
const LISTS = ['images', 'subjects'];
const IMAGES = ['image', 'framePair', ...LISTS];

/**
 * The panel of a new node that orders.
 * @param backends of the node; with more than one it asks for the provider
 * @param model undefined where the operation has none
 */
export function askedFor(
	backends: readonly Backend[],
	backend: Backend,
	endpoint: Endpoint,
	model: string | undefined,
): AskedPanel {
	const { catalogue, provider } = backend;
	const operation = operationOf(endpoint);
	const { declaration, bodies } = operationCalled(backend, operation)!;
	const rules = rulesOf(backend, endpoint, model);
	const top = topFieldsOf(catalogue, declaration).filter((name) => rules.fields[name] !== undefined);
	const picked = Object.fromEntries(top.map((name) => [name, startOf(rules.fields[name]!, catalogue.hasModelDefault)]));
	const usable = (Object.keys(rules.fields) as FieldName[]).filter(
		(name) => allowedBeside(name, rules, picked) && isBeside(declaration, name),
	);
	const isWaited = madeBy(declaration) !== 'facts';
	const inputs = bodies.flatMap(([of, { inputs: slots }]) => (of === endpoint ? slots : []));
	const takes = (kinds: readonly string[]): boolean =>
		bodies.some(([, { inputs: slots }]) => slots.some(({ kind }) => kinds.includes(kind)));
	const added = (collection: CollectionName): string[] =>
		usable
			.filter((name) => !top.includes(name) && collectionOf(name) === collection)
			.map((name) => nameOfField(name, catalogue));
	const { label } = RESOURCES[declaration.resource];
	return {
		fields: [
			...routeFields(backends, backend),
			asked('Operation', operationsOn(backend, declaration.resource)),
			...(bodies.length > 1 && catalogue.models.subjectsToVideo
				? [asked('Reference Type', ['Images', 'Subjects'])]
				: []),
			...(catalogue.models[endpoint] ? [asked('Model', modelsOf(backend, endpoint))] : []),
			...inputs
				.flatMap((slot) => wordsOfSlot(slot))
				.filter(({ name }) => ASKED[endpoint].includes(name) || (name === 'referenceVideos' && takesVideos(rules)))
				.sort((a, b) => Number(b.name === 'prompt') - Number(a.name === 'prompt'))
				.map(({ name, label: called }) => asked(called, LISTS_OF_INPUTS[name])),
			...top
				.filter((name) => usable.includes(name))
				.map((name) =>
					asked(
						nameOfField(name, catalogue),
						choicesOf(backend, declaration, name, rules, allowedBeside(name, rules, picked)!),
					),
				),
			asked('Dry Run'),
			...(isWaited ? [asked('Wait for Completion')] : []),
			...(isWaited && provider.callback && callsBack(declaration) ? [asked('Wait Mode', ['Callback', 'Poll'])] : []),
			...(isWaited ? [asked(`Download ${label}`), asked('Put Output File in Field')] : []),
		],
		collections: {
			[`${label} Options`]: [...added('options'), 'Extra Fields (JSON)'].sort(),
			'Limits and Waiting': [
				...LIMITS,
				`Max ${nounOf(declaration).title}`,
				...(isWaited ? LIMITS_OF_A_WAIT : []),
				...(provider.cancel ? LIMITS_AT_VIDU : []),
				...added('limits'),
			].sort(),
			'Files and Links': [
				...FILES,
				...(isWaited ? FILES_THAT_COME : []),
				...(isWaited && madeBy(declaration) !== 'audio' ? ['Put Cover Image in Field'] : []),
				...(takes(IMAGES) ? FILES_OF_IMAGES : []),
				...(takes(LISTS) ? ['Remove Duplicate Images'] : []),
				...added('files'),
			].sort(),
		},
	};
}

export const asked = (label: string, choices?: string[]): Asked => ({ label, ...(choices ? { choices } : {}) });

function rulesOf({ catalogue }: Backend, endpoint: Endpoint, model: string | undefined): Rules {
	return model === undefined ? catalogue.rules[operationOf(endpoint)]! : catalogue.models[endpoint]![model];
}

const takesVideos = (rules: Rules): boolean => 'videos' in rules && rules.videos !== undefined;

/** What a field holds before anybody touches it; undefined where it sends nothing. */
function startOf(rule: FieldRule, hasModelDefault = false): FieldValue | undefined {
	if (hasModelDefault) return undefined;
	if (rule.kind === 'choice') return rule.unset === undefined ? rule.default : undefined;
	return rule.kind === 'switch' ? rule.default : undefined;
}

/** Some fields mean something only beside a value of another parameter. */
function isBeside({ ownFields = {} }: OperationDeclaration, name: FieldName): boolean {
	const beside = ownFields[name]?.onlyBeside;
	return beside === undefined || beside.values.includes(String(STARTS_AS[beside.parameter]));
}

function choicesOf(
	{ catalogue }: Backend,
	declaration: OperationDeclaration,
	name: FieldName,
	rules: Rules,
	allowed: FieldValue[],
): string[] | undefined {
	const rule = rules.fields[name]!;
	const words = wordsOf(name, declaration);
	const isUnsent = catalogue.hasModelDefault === true && catalogue.topLevel.includes(name);
	if (rule.kind === 'switch') return isUnsent ? ['Model Default', 'Off', 'On'] : undefined;
	if (rule.kind === 'words') return rule.values.map((value) => labelValue(name, value, words));
	if (rule.kind !== 'choice') return undefined;
	return [
		...(isUnsent ? ['Model Default'] : []),
		...(rule.unset === undefined ? [] : [rule.unset]),
		...allowed.map((value) => labelValue(name, value, words)),
	];
}

const resourcesOf = ({ catalogue, provider }: Backend): string[] => [
	...Object.entries(RESOURCES)
		.filter(([resource]) => catalogue.operations.some((operation) => operation.resource === resource))
		.map(([, { label }]) => label),
	'Task',
	...(provider.credits ? ['Account'] : []),
];

/** What is chosen before the operation. */
export const routeFields = (backends: readonly Backend[], backend: Backend): Asked[] => [
	...(backends.length > 1
		? [
				asked(
					'Provider',
					backends.map(({ label }) => label),
				),
			]
		: []),
	asked('Resource', resourcesOf(backend)),
];

/** Operations that order nothing, of which a resource's stand behind those that do. */
const FREE: Readonly<Record<string, Array<[label: string, needs?: keyof Provider]>>> = {
	film: [['Get', 'films']],
	subject: [['Get Many', 'subjects']],
	task: [['Cancel', 'cancel'], ['Forget Order Keys'], ['Get'], ['Get Many', 'list'], ['Wait for Completion']],
	account: [['Get Credits', 'credits']],
};

export const operationsOn = ({ catalogue, provider }: Backend, resource: string): string[] => [
	...catalogue.operations.filter((operation) => operation.resource === resource).map(({ label }) => label),
	...(FREE[resource] ?? []).filter(([, needs]) => needs === undefined || provider[needs]).map(([label]) => label),
];

const modelsOf = ({ catalogue }: Backend, endpoint: Endpoint): string[] => [
	...Object.entries(catalogue.models[endpoint]!).map(([id, { note }]) => (note === undefined ? id : `${id} (${note})`)),
	'Custom',
];

/** Operations that order nothing: what they ask for behind Provider, Resource and Operation, and what may be added. */
export interface FreePanel {
	resource: string;
	operation: string;
	/** Providers that have it; all where nothing is said. */
	only?: string[];
	fields: string[];
	collections: Record<string, string[]>;
}

const FILE = ['Download File', 'Put Output File in Field'];
const FILES_OF_TASKS = ['File Name', 'Max File Size (MB)', 'Put Cover Image in Field', 'Simplify'];

export const FREE_PANELS: readonly FreePanel[] = [
	{
		...{ resource: 'task', operation: 'get', fields: ['Task ID', ...FILE] },
		collections: { 'Files and Links': FILES_OF_TASKS },
	},
	{
		...{ resource: 'task', operation: 'wait', fields: ['Task IDs', ...FILE] },
		collections: { 'Files and Links': FILES_OF_TASKS, 'Limits and Waiting': LIMITS_OF_A_WAIT },
	},
	{ resource: 'task', operation: 'cancel', only: ['vidu'], fields: ['Task ID'], collections: {} },
	{ resource: 'task', operation: 'forgetKeys', fields: ['Order Keys'], collections: {} },
	{
		...{ resource: 'task', operation: 'getMany', only: ['vidu'], fields: ['Return All', 'Limit'] },
		collections: {
			Filters: ['Created After', 'Created Before', 'Model Versions', 'Resolutions', 'States', 'Task IDs'],
		},
	},
	{
		...{ resource: 'film', operation: 'get', only: ['vidu'], fields: ['Task ID', ...FILE] },
		collections: { 'Files and Links': FILES_OF_TASKS },
	},
	{
		...{ resource: 'subject', operation: 'getMany', only: ['vidu'], fields: ['Return All', 'Limit'] },
		collections: { Filters: ['Ownership', 'Subject IDs'] },
	},
	{ resource: 'account', operation: 'getCredits', only: ['vidu'], fields: [], collections: {} },
];

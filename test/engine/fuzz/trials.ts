import { NodeHelpers } from 'n8n-workflow';
import type { INodeParameters, INodeProperties, INodePropertyCollection, NodeParameterValueType } from 'n8n-workflow';

import type { Endpoint } from '../../../lib/catalogue/operations';
import { endpointsOf, COGVIDEOX_BACKENDS, VIDU_BACKENDS, type Backend } from '../../../lib/n8n/backends';
import { simplestVideo } from '../../videos';
import { NODES } from '../harness';

/** Which parameter of which operation is tried with what, and what may be understood of it. */

/** What expressions give when they go wrong. */
export const ODD: Readonly<Record<string, unknown>> = {
	null: null,
	NaN,
	list: [{ a: { b: [] } }],
	object: { a: 1 },
	huge: 1e21,
	negative: -1,
	'a long text': 'x'.repeat(20_000),
	yesterday: 'yesterday',
	'no date': new Date(NaN),
	FALSE: 'FALSE',
};

/** What a workflow can hold where no expression is taken: it is JSON. */
export const LITERAL = ['null', 'list', 'object', 'huge', 'negative', 'a long text', 'yesterday', 'FALSE'];

/** Any text is one: of a name, a prompt, words to filter by. Numbers are what they look like. */
const TEXTS = ['huge', 'negative', 'a long text', 'yesterday', 'FALSE'];
/** What each type of parameter may understand; everything else has to be refused. Nothing at all counts as left out. */
const OF_TYPE: Readonly<Record<string, readonly string[]>> = {
	boolean: ['FALSE'],
	// how long one waits, and how many videos one wants at most, is a matter of taste
	number: ['huge'],
	options: [],
	multiOptions: TEXTS,
	string: TEXTS,
	// it is merged into the request as it is
	json: ['object'],
	dateTime: [],
};
/** What single parameters understand, in place of what their type does, and why. */
const OF_NAME: Readonly<Record<string, readonly string[]>> = {
	// a whole item goes in and comes back
	payload: [...TEXTS, 'list', 'object'],
	// labels in a file are an object
	metaData: ['object'],
	// a file whose name cannot be one is called after its task
	fileName: [...TEXTS, 'NaN', 'list', 'object'],
	// addresses
	callbackUrl: [],
	wmUrl: [],
	sounds: [],
	referenceVideos: [],
	// a whole item, and the ids in it: none in these
	taskId: [],
	taskIds: [],
	// what a film has
	...{ storyboardVideoIndex: [], jobId: [], jobIds: [], videoTaskIds: [], narrationTaskId: [], bgmTaskId: [] },
	// a switch, whatever the panel makes of it for a model that it does not know
	audio: ['FALSE'],
	withAudio: ['FALSE'],
	// from -12 to 12
	pitch: ['negative'],
	// which templates there are is Vidu's to say
	'template in mode list': TEXTS,
	// counts down from the present: 1970 less a moment
	createdAfter: ['negative'],
	createdBefore: ['negative'],
};

export interface Slot {
	/** Of the parameter, or of the one in a collection or row. */
	property: INodeProperties;
	/** Where it is: `options.seed`, `image in mode url`. */
	path: string;
	/** How the parameter is called that a refusal names. */
	label: RegExp;
	understood: readonly string[];
	/** These parameters of the node with this one set as well. */
	set(parameters: INodeParameters, value: unknown): INodeParameters;
	/** Others may be tried in the same run: what the panel shows does not depend on it. */
	isOption: boolean;
	/** What an item has in it that is in order; absent where nothing is. */
	good?: { value: unknown };
	/** Sent with the value itself, for no expression is taken here. */
	isLiteral: boolean;
	/** Holds for the whole run: it is read from the first item. */
	isOfRun: boolean;
}

export interface Trial {
	name: string;
	node: keyof typeof NODES;
	provider: string;
	resource: string;
	/** As a person would set the operation. */
	parameters: INodeParameters;
	slots: Slot[];
}

const OF_RUN = new Set([
	...['waitForCompletion', 'waitMode', 'maxWaitMinutes', 'pollIntervalSeconds', 'maxConcurrency', 'maxVideos'],
	...['maxCredits', 'cancelOnStop', 'maxKeys'],
]);
/** Tells the items apart, so that none in order is like another; where it is given, it has to be one. */
const KEY = 'orderKey';

/** Read by one rule whatever is ordered: the first operation of a resource shows it. */
const ALIKE = new Set([
	...['provider', 'resource', 'operation', KEY],
	...['waitForCompletion', 'waitMode', 'downloadVideo', 'binaryPropertyName', 'dryRun'],
]);

/** Nobody fetches the images. */
const IMAGES = 'https://shop.example.com';
const CUSTOM = { model: 'custom', customModel: 'model-of-tomorrow' };

/** The operations of one backend, each as a person would set it. @param taskId of a finished task */
function operationsOf(backend: Backend, taskId: string): INodeParameters[] {
	const { catalogue, provider } = backend;
	const videos = endpointsOf(backend).map((endpoint: Endpoint) => {
		const [model] = Object.keys(catalogue.models[endpoint] ?? {});
		return {
			...simplestVideo(endpoint, IMAGES),
			...(catalogue.models[endpoint] ? (model === undefined ? CUSTOM : { model }) : {}),
		};
	});
	const custom = { ...videos[0], ...CUSTOM };
	const task = ['get', 'wait', ...(provider.cancel ? ['cancel'] : []), ...(provider.list ? ['getMany'] : [])];
	return [
		...videos,
		...('customModel' in videos[0] ? [] : [custom]),
		...task.map((operation) => ({
			resource: 'task',
			operation,
			...(operation === 'wait' ? { taskIds: taskId } : { taskId: locator('id', taskId) }),
		})),
		...(provider.credits ? [{ resource: 'account', operation: 'getCredits' }] : []),
	];
}

const isProperty = (entry: object): entry is INodeProperties => 'type' in entry && 'name' in entry;

/** Also where the panel names another than the refusal does, for the parameter is part of that. */
const LABELS: Readonly<Record<string, RegExp>> = {
	taskId: /Task IDs?/,
	// which subject it is that has the image, the name or the voice
	subjects: /[Ss]ubject/,
	referenceImages: /Reference Image|Image/,
	frames: /Frame/,
	cues: /[Cc]ue/,
	// where nobody says whose voice it is, what it says is missing
	voiceFrom: /Voice From|Text/,
	// n8n drops the operation of a provider and a resource that is none
	provider: /Provider|Operation/,
	resource: /Resource|Operation/,
	// nor has it the models of a reference type that is none
	referenceType: /Reference Type|Model/,
};
const labelOf = ({ name, displayName }: INodeProperties): RegExp =>
	LABELS[name] ?? new RegExp(displayName.replace(' (China)', '').replace(/[()]/g, '\\$&'));

const locator = (mode: string, value: unknown): INodeParameters => ({ __rl: true, mode, value: value as string });

/** What a locator may understand in each of its modes, and what is in order there. */
const MODES: Readonly<Record<string, { understood: readonly string[]; isGood?: true }>> = {
	url: { understood: [], isGood: true },
	// the item has no such files
	binary: { understood: [] },
	base64: { understood: [] },
	creationId: { understood: [] },
	taskId: { understood: [] },
	list: { understood: [], isGood: true },
	id: { understood: [], isGood: true },
	// a name that this version does not know
	name: { understood: TEXTS, isGood: true },
};

/** The places of one parameter, each with an own value. @param set puts the parameter among those of the node */
function slotsOf(
	property: INodeProperties,
	path: string,
	given: unknown,
	set: Slot['set'],
	label: RegExp = labelOf(property),
): Slot[] {
	const { name, type, noDataExpression } = property;
	const common = {
		property,
		label,
		isOption: /^(options|limits|files|filters)\./.test(path) && name !== KEY,
		isLiteral: noDataExpression === true,
		isOfRun: OF_RUN.has(name),
	};
	if (type === 'resourceLocator')
		return (property.modes ?? []).map(({ name: mode }) => ({
			...common,
			path: `${path} in mode ${mode}`,
			understood: OF_NAME[`${name} in mode ${mode}`] ?? MODES[mode]?.understood ?? [],
			set: (parameters, value) => set(parameters, locator(mode, value)),
			...(MODES[mode]?.isGood ? { good: { value: (given as INodeParameters).value } } : {}),
		}));
	if (type === 'fixedCollection')
		return (property.options as INodePropertyCollection[]).flatMap(({ name: group, values }) => {
			const [row, ...rows] = (given as Record<string, INodeParameters[]>)[group];
			return values.flatMap((cell) =>
				slotsOf(
					cell,
					`${path}.${group}.${cell.name}`,
					row[cell.name],
					(parameters, value) =>
						set(parameters, { [group]: [{ ...row, [cell.name]: value as NodeParameterValueType }, ...rows] }),
					new RegExp(`${label.source}|${cell.displayName}`),
				),
			);
		});
	return [
		{
			...common,
			path,
			understood: OF_NAME[name] ?? OF_TYPE[type] ?? [],
			set,
			...(name === KEY ? {} : { good: { value: given } }),
		},
	];
}

/** @param tasks a finished task of each backend, by node and provider */
export function trialsOf(tasks: Readonly<Record<string, string>>): Trial[] {
	const nodes = [
		['vidu', VIDU_BACKENDS],
		['cogVideoX', COGVIDEOX_BACKENDS],
	] as const;
	let isKeyTried = false;
	return nodes.flatMap(([node, backends]) =>
		backends.flatMap((backend: Backend) => {
			const { provider } = backend.catalogue;
			const tried = new Set<string>();
			return operationsOf(backend, tasks[`${node} ${provider}`]).map((operation): Trial => {
				const { description } = NODES[node];
				const asSet = { ...(backends.length > 1 ? { provider } : {}), ...operation };
				const version = { typeVersion: 1 };
				// as n8n fills in and leaves out
				const { properties } = description;
				const parameters = NodeHelpers.getNodeParameters(properties, asSet, true, false, version, description) ?? {};
				const found = new Map<string, Slot[]>();
				const add = (property: INodeProperties, collection?: string): void => {
					const { name, type } = property;
					const path = collection === undefined ? name : `${collection}.${name}`;
					if (type === 'notice' || (type === 'hidden' && name !== 'taskId') || found.has(path)) return;
					// where to and what for is read alike for all operations
					const target = `${String(operation.resource)} ${path}`;
					const isShown = NodeHelpers.displayParameterPath(
						parameters,
						property,
						collection ?? '',
						version,
						description,
					);
					if (!isShown || tried.has(target) || (name === KEY && isKeyTried)) return;
					// all trials share one store for them
					if (name === KEY) isKeyTried = true;
					if (ALIKE.has(name) || /^(limits|files)\./.test(path)) tried.add(target);
					if (type === 'collection') {
						for (const entry of property.options ?? []) if (isProperty(entry)) add(entry, name);
						return;
					}
					const set: Slot['set'] = (others, value) => ({
						...others,
						// two names of one parameter
						...(name.startsWith('taskId') ? { taskId: '', taskIds: '' } : {}),
						[collection ?? name]:
							collection === undefined ? value : { ...(others[collection] as INodeParameters), [name]: value },
					});
					const given = type === 'hidden' ? parameters.taskIds : parameters[name];
					found.set(path, slotsOf(property, path, collection === undefined ? given : undefined, set));
					// which numbers a model of tomorrow takes nobody knows
					if (operation.model === 'custom' && name === 'seed')
						for (const slot of found.get(path) ?? []) slot.understood = ['huge', 'negative'];
				};
				for (const property of properties) add(property);
				const title = [
					node,
					provider,
					operation.resource,
					operation.operation,
					operation.referenceType,
					operation.model,
				];
				return {
					name: title.filter(Boolean).join(' '),
					node,
					provider,
					resource: String(operation.resource),
					parameters: asSet,
					slots: [...found.values()].flat(),
				};
			});
		}),
	);
}

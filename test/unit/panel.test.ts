import { NodeHelpers, Workflow } from 'n8n-workflow';
import type {
	INode,
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
	INodeTypes,
} from 'n8n-workflow';

import { CogVideoX } from '../../dist/nodes/CogVideoX/CogVideoX.node';
import { Vidu } from '../../dist/nodes/Vidu/Vidu.node';
import { ViduTrigger } from '../../dist/nodes/Vidu/ViduTrigger.node';
import type { Endpoint } from '../../lib/catalogue/operations';
import { topFieldsOf, wordsOf } from '../../lib/catalogue/catalogue';
import type { FieldName, FieldRule, FieldValue, InputSlot, ModelRules } from '../../lib/catalogue/types';
import { FIELD_LABELS } from '../../lib/n8n/fields';
import {
	COGVIDEOX_BACKENDS,
	CUSTOM_MODEL,
	endpointsOf,
	hasModels,
	inputsOf,
	operationOf,
	VIDU_BACKENDS,
	type Backend,
	operationCalled,
	resourceOf,
} from '../../lib/n8n/backends';
import { collectionOf, COLLECTIONS } from '../../lib/n8n/collections';
import { allowedBeside, ASKED } from '../asked';
import { simplestVideo } from '../videos';

/** What the panel of the built nodes shows, as n8n itself decides it. */

interface Panel {
	description: INodeTypeDescription;
	backend: Backend;
	endpoint: Endpoint;
	models: Record<string, ModelRules>;
}

const NODES = [
	{ description: new Vidu().description, backends: VIDU_BACKENDS },
	{ description: new CogVideoX().description, backends: COGVIDEOX_BACKENDS },
];
const PANELS: Array<[string, Panel]> = NODES.flatMap(({ description, backends }) =>
	backends.flatMap((backend) =>
		endpointsOf(backend).map((endpoint): [string, Panel] => [
			`${description.displayName}, ${backend.catalogue.provider}, ${endpoint}`,
			{ description, backend, endpoint, models: backend.catalogue.models[endpoint] ?? {} },
		]),
	),
);
const ROWS = PANELS.flatMap(([name, panel]) =>
	Object.entries(panel.models).map(([model, rules]) => [`${name}, ${model}`, panel, model, rules] as const),
);
const FIELDS = Object.keys(FIELD_LABELS) as FieldName[];
/** Parameters about the file of a video, which a tool does not fetch. */
const FOR_FILES = ['downloadVideo', 'binaryPropertyName', 'fileName', 'maxFileMegabytes', 'coverField'];
const EXPRESSION = '={{ $json.model }}';
const NODE = { typeVersion: 1 } as INode;

/** All parameters with their values when these were picked and the rest is as it starts. */
function valuesOf({ description, backend, endpoint }: Panel, picked: INodeParameters): INodeParameters {
	const hasProvider = description.properties.some(({ name }) => name === 'provider');
	return complete(description, {
		...(hasProvider ? { provider: backend.catalogue.provider } : {}),
		resource: resourceOf(operationOf(endpoint)),
		operation: operationOf(endpoint),
		...(endpoint === 'subjectsToVideo' ? { referenceType: 'subjects' } : {}),
		...picked,
	});
}

const complete = (description: INodeTypeDescription, values: INodeParameters): INodeParameters =>
	NodeHelpers.getNodeParameters(description.properties, values, true, false, NODE, description)!;

const saved = (description: INodeTypeDescription, values: INodeParameters): INodeParameters =>
	NodeHelpers.getNodeParameters(description.properties, values, false, false, NODE, description)!;

/** The parameters on the screen. */
const shown = (description: INodeTypeDescription, values: INodeParameters): INodeProperties[] =>
	description.properties.filter((property) => NodeHelpers.displayParameter(values, property, NODE, description));

/** What the user may add, to all collections or to one. */
const offered = (description: INodeTypeDescription, values: INodeParameters, only?: string): INodeProperties[] =>
	shown(description, values)
		.filter(({ name, type }) => type === 'collection' && (only === undefined || name === only))
		.flatMap(({ name, options }) =>
			(options as INodeProperties[]).filter((option) =>
				NodeHelpers.displayParameter((values[name] ?? {}) as INodeParameters, option, NODE, description, values),
			),
		);

/** Every catalogue field on the screen and in the collections, by name. */
function fieldsOf({ description, backend, endpoint }: Panel, values: INodeParameters): Map<string, INodeProperties[]> {
	const found = new Map<string, INodeProperties[]>();
	// an input may be called like a field of other operations: the voice of a text
	const inputs = inputsOf(backend).flatMap(([of, slot]) => (of === endpoint ? namesIn(slot) : []));
	for (const property of [...shown(description, values), ...offered(description, values)])
		if (FIELDS.includes(property.name as FieldName) && !inputs.includes(property.name))
			found.set(property.name, [...(found.get(property.name) ?? []), property]);
	return found;
}

/** Names of the fields at the top of the form. */
const topOf = ({ backend, endpoint }: Panel): FieldName[] =>
	topFieldsOf(backend.catalogue, operationCalled(backend, operationOf(endpoint))!.declaration);

const namesOf = (fields: Map<string, INodeProperties[]>): string[] => [...fields.keys()].sort();

const repeated = (properties: INodeProperties[]): string[] => {
	const names = properties.map(({ name }) => name);
	return names.filter((name, index) => names.indexOf(name) !== index);
};

const listOf = ({ options = [] }: INodeProperties): Array<FieldValue | undefined> =>
	(options as INodePropertyOptions[]).map(({ value }) => value);

/** Every way to set the fields at the top that other fields depend on. */
function settings(panel: Panel, { fields, restrictions = [] }: ModelRules): Array<Record<string, FieldValue>> {
	const deciding = [...new Set(restrictions.flatMap(({ when }) => Object.keys(when) as FieldName[]))].filter((name) =>
		topOf(panel).includes(name),
	);
	return deciding.reduce<Array<Record<string, FieldValue>>>(
		(all, name) => {
			const rule = fields[name]!;
			const values: FieldValue[] = rule.kind === 'choice' ? [...rule.values] : [true, false];
			return all.flatMap((set) => values.map((value) => ({ ...set, [name]: value })));
		},
		[{}],
	);
}

/** How a field of this rule has to look. */
/** @param isUnsent its first choice sends nothing */
function expectLooks(property: INodeProperties, rule: FieldRule, values: FieldValue[], isUnsent = false): void {
	if (isUnsent) {
		expect(property).toMatchObject({ type: 'options', default: '' });
		expect(listOf(property)).toEqual(['', ...(rule.kind === 'switch' ? [false, true] : values)]);
		return;
	}
	switch (rule.kind) {
		case 'choice':
			expect(property.type).toBe('options');
			expect(listOf(property)).toEqual(values);
			expect(property.default).toBe(values.includes(rule.default) ? rule.default : values[0]);
			return;
		case 'switch':
			expect(property).toMatchObject({ type: 'boolean', default: rule.default });
			return;
		case 'integer':
			expect(property).toMatchObject({
				type: 'number',
				typeOptions: { minValue: rule.min, maxValue: rule.max },
				default: rule.min,
			});
			return;
		case 'jsonText':
			expect(property.type).toBe('json');
			return;
		case 'number':
			expect(property).toMatchObject({
				type: 'number',
				default: rule.default,
				typeOptions: { minValue: rule.min, maxValue: rule.max },
			});
			return;
		default:
			expect(property).toMatchObject({ type: 'string', default: '' });
	}
}

describe.each(ROWS)('%s', (_name, panel, model, rules) => {
	test('shows the fields of its row, each once, with what it takes beside the others', () => {
		for (const setting of settings(panel, rules)) {
			const values = valuesOf(panel, { model, ...setting });
			const fields = fieldsOf(panel, values);
			const usable = (Object.keys(rules.fields) as FieldName[]).filter((name) => allowedBeside(name, rules, values));
			expect([setting, namesOf(fields)]).toEqual([setting, usable.sort()]);
			for (const name of usable) {
				expect([setting, name, fields.get(name)!.length]).toEqual([setting, name, 1]);
				const { topLevel, hasModelDefault } = panel.backend.catalogue;
				const isUnsent = hasModelDefault && topLevel.includes(name);
				expectLooks(fields.get(name)![0], rules.fields[name]!, allowedBeside(name, rules, values)!, isUnsent);
			}
		}
	});

	test('has its fields where they belong', () => {
		const topLevel = topOf(panel);
		const top = shown(panel.description, valuesOf(panel, { model })).map(({ name }) => name);
		for (const name of Object.keys(rules.fields) as FieldName[])
			expect([name, top.includes(name)]).toEqual([name, topLevel.includes(name)]);
	});

	test('shows no other parameter twice', () => {
		const values = valuesOf(panel, { model });
		expect(repeated(shown(panel.description, values))).toEqual([]);
		expect(repeated(offered(panel.description, values))).toEqual([]);
	});

	test('keeps each field single when another is an expression', () => {
		// the editor makes an expression that has nothing to read yet an empty text
		for (const value of ['={{ $json.value }}', '']) {
			const dynamic = Object.fromEntries(topOf(panel).map((name) => [name, value]));
			const values = valuesOf(panel, { model, ...dynamic });
			expect(repeated(shown(panel.description, values))).toEqual([]);
			expect(repeated(offered(panel.description, values))).toEqual([]);
		}
	});

	test('offers reference videos only where they are taken', () => {
		const names = shown(panel.description, valuesOf(panel, { model })).map(({ name }) => name);
		expect(names.includes('referenceVideos')).toBe(rules.videos !== undefined);
	});

	test('is saved and opened again as it was', () => {
		const { description } = panel;
		const values = valuesOf(panel, { model });
		expect(complete(description, values)).toEqual(values);
		expect(complete(description, saved(description, values))).toEqual(values);
		const added = Object.fromEntries(
			COLLECTIONS.map((name) => [
				name,
				Object.fromEntries(offered(description, values, name).map((option) => [option.name, option.default])),
			]),
		);
		const full = complete(description, { ...values, ...added });
		expect(full).toMatchObject(added);
		expect(complete(description, saved(description, full))).toEqual(full);
	});
});

const namesIn = (slot: InputSlot): string[] => wordsOf(slot).map(({ name }) => name);

/** An operation without a model has neither a list nor open fields. */
const MODEL_PANELS = PANELS.filter(([, { backend, endpoint }]) => hasModels(backend, endpoint));

describe.each(MODEL_PANELS)('%s', (_name, panel) => {
	const { description, backend, endpoint, models } = panel;
	const taken = new Set(Object.values(models).flatMap(({ fields }) => Object.keys(fields)));
	/** Where no model is known, all that a custom one may take. */
	const open = (taken.size > 0 ? [...taken] : [...backend.catalogue.customFields]).sort();

	test('lists its models, and Custom', () => {
		const [list, ...others] = shown(description, valuesOf(panel, {})).filter(({ name }) => name === 'model');
		expect(others).toEqual([]);
		expect(listOf(list)).toEqual([...Object.keys(models), CUSTOM_MODEL]);
		expect(list.default).toBe(backend.catalogue.defaultModel[endpoint] ?? CUSTOM_MODEL);
	});

	test.each([
		['a custom model', CUSTOM_MODEL],
		['a model given by an expression', EXPRESSION],
		['a model whose expression has nothing to read yet, which the editor makes an empty text', ''],
	])('shows every field openly, and once, for %s', (_kind, model) => {
		const values = valuesOf(panel, { model });
		const fields = fieldsOf(panel, values);
		expect(namesOf(fields)).toEqual(open);
		expect(repeated(shown(description, values))).toEqual([]);
		expect(repeated(offered(description, values))).toEqual([]);
		for (const name of topOf(panel))
			for (const field of fields.get(name) ?? []) {
				// an untouched field sends nothing, and shows no 0 that would look like a length
				expect([name, field.default]).toEqual([name, '']);
				if (field.type !== 'options')
					expect([name, field.placeholder]).toEqual([name, expect.stringMatching(/^e\.g\. \S/)]);
			}
	});

	test('shows no field twice for a model that another operation or provider left behind', () => {
		const ofThisNode = ROWS.filter(([, other]) => other.description === description).map(([, , model]) => model);
		const others = [...new Set(ofThisNode)].filter((model) => !(model in models));
		const twice = others.flatMap((model) => {
			const values = valuesOf(panel, { model });
			return [...new Set([...repeated(shown(description, values)), ...repeated(offered(description, values))])].map(
				(name) => `${model}: ${name}`,
			);
		});
		expect(twice).toEqual([]);
	});

	test.each([
		['picked', Object.keys(models)[0] ?? CUSTOM_MODEL],
		['given by an expression', EXPRESSION],
	])('has nothing left to fill in when images are there and the model is %s', (_kind, model) => {
		const values = valuesOf(panel, {
			...simplestVideo(endpoint, 'https://shop.example.com'),
			model,
			...(model === CUSTOM_MODEL ? { customModel: 'viduq9' } : {}),
			prompt: 'The camera circles the sneaker',
		});
		const node = { ...NODE, parameters: values };
		expect(NodeHelpers.getNodeParametersIssues(description.properties, node, description)).toBeNull();
	});

	test('asks for what goes into its form, in its order', () => {
		const names = shown(description, valuesOf(panel, {})).map(({ name }) => name);
		const known = PANELS.flatMap(([, { backend: way }]) => inputsOf(way)).flatMap(([, slot]) => namesIn(slot));
		expect(names.filter((name) => known.includes(name))).toEqual(ASKED[endpoint]);
	});

	test('neither parks nor downloads as a tool, and offers nothing that has no effect there', () => {
		const asTool = { ...description, name: `${description.name}Tool` };
		const values = valuesOf(panel, { waitForCompletion: true });
		const names = [...shown(asTool, values), ...offered(asTool, values)].map(({ name }) => name);
		expect(names).toContain('maxVideos');
		for (const name of [...FOR_FILES, 'waitMode', 'simplify', 'cancelOnStop']) expect(names).not.toContain(name);
	});

	const missing = (values: INodeParameters): string[] => {
		const node = { ...NODE, parameters: values };
		return Object.keys(
			NodeHelpers.getNodeParametersIssues(description.properties, node, description)?.parameters ?? {},
		);
	};

	test('marks an empty prompt where every model needs one, and only there', () => {
		const rows = Object.values(models);
		const isNeeded = rows.length > 0 && rows.every(({ prompt }) => prompt.required);
		for (const model of [...Object.keys(models), EXPRESSION])
			expect([model, missing(valuesOf(panel, { model })).includes('prompt')]).toEqual([model, isNeeded]);
	});

	test('a custom model may do without a prompt, but not without its ID', () => {
		const values = valuesOf(panel, { model: CUSTOM_MODEL });
		expect(missing(values)).not.toContain('prompt');
		expect(missing(values)).toContain('customModel');
		expect(missing({ ...values, customModel: 'viduq9' })).not.toContain('customModel');
		expect(missing({ ...values, customModel: '={{ $json.id }}' })).not.toContain('customModel');
	});

	test.each([EXPRESSION, ''])(
		'a model given by an expression (%j) may be a custom one, but need not have an ID',
		(model) => {
			const values = valuesOf(panel, { model });
			expect(shown(description, values).filter(({ name }) => name === 'customModel')).toHaveLength(1);
			expect(missing(values)).not.toContain('customModel');
		},
	);

	test('shows as an example a model ID of this provider that is not in the list', () => {
		const [{ placeholder = '' }] = shown(description, valuesOf(panel, { model: CUSTOM_MODEL })).filter(
			({ name }) => name === 'customModel',
		);
		const [known = 'vidu_'] = Object.keys(models);
		const id = placeholder.replace('e.g. ', '');
		expect(id.slice(0, 4)).toBe(known.slice(0, 4));
		expect(id.includes('_')).toBe(known.includes('_'));
		expect(Object.values(backend.catalogue.models).flatMap(Object.keys)).not.toContain(id);
	});

	test('offers to remove duplicates only where a list of images goes in', () => {
		const names = offered(description, valuesOf(panel, {})).map(({ name }) => name);
		const lists = inputsOf(backend).filter(
			([of, { kind }]) => of === endpoint && ['images', 'subjects'].includes(kind),
		);
		expect(names.includes('removeDuplicateImages')).toBe(lists.length > 0);
	});

	test('says in the label which fields only the China platform of Vidu takes', () => {
		const labels = offered(description, valuesOf(panel, {})).map(({ displayName }) => displayName);
		expect(labels.filter((label) => label.endsWith('(China)'))).toEqual(
			backend.catalogue.provider === 'vidu' && taken.has('watermark')
				? ['Metadata (China)', 'Watermark (China)', 'Watermark Image URL (China)', 'Watermark Position (China)']
				: [],
		);
	});
});

test.each(PANELS)('%s: every entry stands in its own collection, and none in two', (_name, { description }) => {
	const entries = description.properties
		.filter(({ type, displayOptions }) => type === 'collection' && displayOptions?.show?.resource?.includes('video'))
		.flatMap(({ name, options }) => (options as INodeProperties[]).map((option) => [option.name, name]));
	expect(new Set(entries.map(([, collection]) => collection))).toEqual(new Set(COLLECTIONS));
	expect(entries.filter(([name, collection]) => collectionOf(name) !== collection)).toEqual([]);
});

const STAND_ALONE = PANELS.filter(([, { backend, endpoint }]) => !hasModels(backend, endpoint));

test.each(STAND_ALONE)('%s asks for what goes in and what becomes of it, and for no model', (_name, panel) => {
	const { description, backend, endpoint } = panel;
	const values = valuesOf(panel, {});
	const names = shown(description, values).map(({ name }) => name);
	const rules = backend.catalogue.rules[operationOf(endpoint)]!;
	const fields = Object.keys(rules.fields) as FieldName[];
	const declaration = backend.catalogue.operations.find(({ name }) => name === operationOf(endpoint))!;
	const onTop = topFieldsOf(backend.catalogue, declaration).filter((name) => fields.includes(name));
	const media = PANELS.flatMap(([, { backend: way }]) => inputsOf(way)).flatMap(([, slot]) => namesIn(slot));
	// an input may be called like a field of other operations: the voice of a text
	const isInput = (name: string): boolean => media.includes(name) && !fields.includes(name as FieldName);
	expect(names.filter(isInput)).toEqual(ASKED[endpoint]);
	expect(names.filter((name) => ['model', 'customModel'].includes(name))).toEqual([]);
	expect(names.filter((name) => FIELDS.includes(name as FieldName) && !isInput(name))).toEqual(onTop);
	const options = offered(description, values).map(({ name }) => name);
	const beside = Object.values(declaration.ownFields ?? {});
	if (beside.every(({ onlyBeside }) => onlyBeside === undefined))
		expect(options.filter((name) => FIELDS.includes(name as FieldName)).sort()).toEqual(
			fields.filter((name) => !onTop.includes(name)).sort(),
		);
	expect([...repeated(shown(description, values)), ...repeated(offered(description, values))]).toEqual([]);
	expect(complete(description, saved(description, values))).toEqual(values);
});

describe('exceptions by name', () => {
	const vidu = (endpoint: Endpoint, picked: INodeParameters) => {
		const [, panel] = PANELS.find(
			([, { backend, endpoint: other }]) => backend.catalogue.provider === 'vidu' && other === endpoint,
		)!;
		return fieldsOf(panel, valuesOf(panel, picked));
	};

	test.each(['imageToVideo', 'startEndToVideo'] as const)('vidu2.0 makes 8 seconds at 720p only, %s', (endpoint) => {
		const [four] = vidu(endpoint, { model: 'vidu2.0', duration: 4 }).get('resolution')!;
		expect(listOf(four)).toEqual(['360p', '720p', '1080p']);
		const eight = vidu(endpoint, { model: 'vidu2.0', duration: 8 }).get('resolution')!;
		expect(eight.map(listOf)).toEqual([['720p']]);
		expect(eight[0].default).toBe('720p');
	});

	test('q2 adds no background music to 9 and 10 seconds', () => {
		for (const endpoint of ['textToVideo', 'referenceToVideo'] as const)
			for (const duration of [1, 5, 8, 9, 10])
				expect([duration, vidu(endpoint, { model: 'viduq2', duration }).has('bgm')]).toEqual([duration, duration < 9]);
	});

	test('q3 runs off-peak with audio only, q2 without it only', () => {
		const has = (model: string, audio: boolean) => vidu('imageToVideo', { model, audio }).has('offPeak');
		expect([has('viduq3-pro', true), has('viduq3-pro', false)]).toEqual([true, false]);
		expect([has('viduq2-pro', true), has('viduq2-pro', false)]).toEqual([false, true]);
	});

	test('a voice shows once audio is on', () => {
		const has = (audio: boolean) => vidu('imageToVideo', { model: 'viduq1', audio }).has('voiceId');
		expect([has(true), has(false)]).toEqual([true, false]);
	});
});

describe('every text of a panel', () => {
	const DESCRIPTIONS = [...NODES.map(({ description }) => description), new ViduTrigger().description];
	/** Everything with a description, at any depth. */
	const described = (entry: object): Array<{ name: string; description: string }> => {
		const { description, ...parts } = entry as { name: string; description?: string };
		const deeper = Object.values(parts as Record<string, unknown>)
			.flat()
			.filter((part): part is object => typeof part === 'object' && part !== null)
			.flatMap(described);
		return description === undefined ? deeper : [{ name: parts.name, description }, ...deeper];
	};

	test.each(DESCRIPTIONS)(
		'of $displayName is short enough to be read, and ends its sentences once',
		({ properties }) => {
			const all = properties.flatMap(described);
			expect(all.length).toBeGreaterThan(5);
			expect(all.filter(({ description }) => description.length > 140 || /\.\s*\./.test(description))).toEqual([]);
		},
	);

	test('says of Allow Private URLs that it lets through any private address', () => {
		const all = NODES.flatMap(({ description }) => described({ properties: description.properties }));
		const [{ description }] = all.filter(({ name }) => name === 'allowPrivateUrls');
		expect(description).toMatch(/private or local URLs of files and callbacks/);
		expect(description).not.toMatch(/this n8n/);
	});
});

describe('resources and operations', () => {
	const only = (description: INodeTypeDescription, name: string, picked: INodeParameters) => {
		const found = shown(description, complete(description, picked)).filter((property) => property.name === name);
		expect(found).toHaveLength(1);
		const offered = (found[0].options as INodePropertyOptions[]).filter(
			(option) =>
				!option.displayOptions ||
				NodeHelpers.displayParameter(complete(description, picked), option as never, null, description),
		);
		return listOf({ ...found[0], options: offered });
	};
	const [{ description: vidu }, { description: cogVideoX }] = NODES;

	test.each([
		[
			'vidu',
			['video', 'film', 'image', 'audio', 'subject', 'prompt', 'task', 'account'],
			['cancel', 'forgetKeys', 'get', 'getMany', 'wait'],
		],
		['zhipu', ['video', 'task'], ['forgetKeys', 'get', 'wait']],
		['vtrix', ['video', 'task'], ['forgetKeys', 'get', 'wait']],
	])('%s: what makes a video comes first', (provider, resources, operations) => {
		expect(only(vidu, 'resource', { provider })).toEqual(resources);
		expect(only(vidu, 'operation', { provider, resource: 'task' })).toEqual(operations);
		const names = ['textToVideo', 'imageToVideo', 'startEndToVideo', 'referenceToVideo'];
		const further = [
			...['multiFrameToVideo', 'templateToVideo', 'extend', 'upscale', 'lipSync', 'motionSync', 'digitalHuman'],
		];
		expect(only(vidu, 'operation', { provider })).toEqual([...names, ...(provider === 'vidu' ? further : [])]);
	});

	test('a film that exists is asked for by its ID, and fetched like what any task made', () => {
		expect(only(vidu, 'operation', { resource: 'film' })).toContain('get');
		const namesOf = (resource: string) => {
			const values = complete(vidu, { resource, operation: 'get' });
			expect(repeated(shown(vidu, values))).toEqual([]);
			return [...shown(vidu, values), ...offered(vidu, values)].map(({ name }) => name);
		};
		expect(namesOf('film')).toEqual(namesOf('task'));
		expect(namesOf('film')).toEqual(expect.arrayContaining(['taskId', 'downloadVideo', 'fileName', 'simplify']));
	});

	test('credits are for accounts at Vidu', () => {
		expect(only(vidu, 'operation', { resource: 'account' })).toEqual(['getCredits']);
	});

	test('CogVideoX makes no video from references', () => {
		expect(only(cogVideoX, 'operation', {})).toEqual(['textToVideo', 'imageToVideo', 'startEndToVideo']);
		expect(only(cogVideoX, 'resource', {})).toEqual(['video', 'task']);
	});

	test('each provider asks for its own credential', () => {
		const asked = (provider: string) =>
			vidu.credentials!.filter((credential) =>
				NodeHelpers.displayParameter(complete(vidu, { provider }), credential, NODE, vidu),
			);
		expect(['vidu', 'zhipu', 'vtrix'].map((provider) => asked(provider).map(({ name }) => name))).toEqual([
			['viduApi'],
			['zhipuApi'],
			['vtrixApi'],
		]);
	});

	test.each(NODES.flatMap(({ description, backends }) => backends.map((backend) => [description, backend] as const)))(
		'%#: a task shows its own parameters, each once',
		(description, { catalogue, provider }) => {
			const operations = ['get', 'wait', ...(provider.cancel ? ['cancel'] : []), ...(provider.list ? ['getMany'] : [])];
			for (const operation of operations) {
				const values = complete(description, { provider: catalogue.provider, resource: 'task', operation });
				expect(repeated(shown(description, values))).toEqual([]);
				expect(repeated(offered(description, values))).toEqual([]);
				const names = shown(description, values).map(({ name }) => name);
				expect(names.filter((name) => FIELDS.includes(name as FieldName) || name === 'model')).toEqual([]);
				expect(complete(description, saved(description, values))).toEqual(values);
			}
		},
	);
});

describe('subjects', () => {
	const [, panel] = PANELS.find(([, { endpoint }]) => endpoint === 'subjectsToVideo')!;
	const { description } = panel;

	test('start with one row to fill in, which marks what it lacks', () => {
		const values = valuesOf(panel, { prompt: '@sneaker on a beach' });
		expect(values.subjects).toEqual({
			subject: [{ name: '', images: { __rl: true, mode: 'url', value: '' }, voiceId: '', serverId: '' }],
		});
		const issues = NodeHelpers.getNodeParametersIssues(
			description.properties,
			{ ...NODE, parameters: values },
			description,
		);
		expect(issues).not.toBeNull();
	});

	test('the empty row is no obstacle to images without subjects', () => {
		const image = { __rl: true, mode: 'url', value: 'https://shop.example.com/1.jpg' };
		const values = valuesOf(
			{ ...panel, endpoint: 'referenceToVideo' },
			{
				prompt: 'A sneaker',
				referenceImages: { image: [{ image: image }] },
				subjects: { subject: [{ name: '', images: { ...image, value: '' } }] },
			},
		);
		expect(
			NodeHelpers.getNodeParametersIssues(description.properties, { ...NODE, parameters: values }, description),
		).toBeNull();
	});

	test('show in the prompt how they are called', () => {
		const placeholders = (picked: INodeParameters) =>
			shown(description, valuesOf(panel, picked)).flatMap(({ name, placeholder }) =>
				name === 'prompt' ? [placeholder] : [],
			);
		expect(placeholders({})).toEqual(['e.g. @sneaker stands next to @mug']);
		expect(placeholders({ model: CUSTOM_MODEL })).toEqual(['e.g. @sneaker stands next to @mug']);
	});
});

test.each(NODES.map(({ description }) => [description.displayName, description] as const))(
	'%s as a tool reads tasks without their files, and offers nothing that has no effect there',
	(_name, description) => {
		const asTool = { ...description, name: `${description.name}Tool` };
		for (const operation of ['get', 'wait']) {
			const values = complete(asTool, { resource: 'task', operation });
			const names = [...shown(asTool, values), ...offered(asTool, values)].map(({ name }) => name);
			expect(names).toContain('taskId');
			expect(names.filter((name) => [...FOR_FILES, 'simplify'].includes(name))).toEqual([]);
		}
	},
);

describe('what an operation makes', () => {
	const [{ description }] = NODES;
	/** What the panel of an operation calls some parameters, and every word that it says beside its inputs. */
	const wordsFor = (picked: INodeParameters) => {
		const values = complete(description, picked);
		const all = [...shown(description, values), ...offered(description, values)];
		const labelOf = (name: string) => all.find((property) => property.name === name)?.displayName;
		return [labelOf('options'), labelOf('maxVideos'), labelOf('downloadVideo')];
	};

	test.each<[string, string | undefined, (string | undefined)[]]>([
		['video', 'upscale', ['Video Options', 'Max Videos', 'Download Video']],
		['film', 'product', ['Film Options', 'Max Films', 'Download Film']],
		['image', 'generate', ['Image Options', 'Max Images', 'Download Image']],
		['audio', 'speech', ['Audio Options', 'Max Sounds', 'Download Audio']],
		['audio', 'cloneVoice', ['Audio Options', 'Max Voices', 'Download Audio']],
		['subject', 'create', ['Subject Options', 'Max Subjects', undefined]],
		['prompt', 'recommend', ['Prompt Options', 'Max Recommendations', undefined]],
		['task', 'get', [undefined, undefined, 'Download File']],
	])('%s, %s: %j', (resource, operation, labels) => {
		expect(wordsFor({ resource, ...(operation === undefined ? {} : { operation }) })).toEqual(labels);
	});

	test.each(
		PANELS.filter(([, { backend, endpoint }]) => {
			const operation = operationOf(endpoint);
			const takesVideos = inputsOf(backend).some(([of, { kind }]) => of === endpoint && kind === 'video');
			return ['image', 'audio', 'film'].includes(resourceOf(operation)) && !takesVideos;
		}),
	)('%s speaks of no video', (_name, panel) => {
		const values = valuesOf(panel, {});
		const texts = [...shown(panel.description, values), ...offered(panel.description, values)]
			.filter(({ name }) => name !== 'provider')
			.flatMap(({ displayName, description: text = '', placeholder = '', hint = '' }) => [
				displayName,
				text,
				placeholder,
				hint,
			]);
		expect(texts.length).toBeGreaterThan(20);
		expect(texts.filter((text) => /\bvideos?\b/i.test(text))).toEqual([]);
	});

	test('what takes a number shows it as it is: 10, not 10.00', () => {
		const wrong = NODES.flatMap(({ description: { name, properties } }) => everyParameter(properties, name))
			.filter(([, { type, typeOptions }]) => type === 'number' && (typeOptions?.numberPrecision ?? 0) > 0)
			.map(([path]) => path);
		expect(wrong).toEqual([]);
	});

	test.each([
		['film', 'product'],
		['film', 'general'],
		['audio', 'soundEffects'],
	])('a length that is typed says its unit: %s, %s', (resource, operation) => {
		const [duration] = shown(description, complete(description, { resource, operation })).filter(
			({ name }) => name === 'duration',
		);
		expect(duration).toMatchObject({ type: 'number', hint: 'In seconds' });
	});

	test('a sound has no cover', () => {
		const has = (resource: string, operation: string) =>
			offered(description, complete(description, { resource, operation })).some(({ name }) => name === 'coverField');
		expect(has('image', 'generate')).toBe(true);
		expect(has('audio', 'speech')).toBe(false);
	});
});

test('a cap says that the run ends well with what was made', () => {
	for (const { description } of NODES)
		for (const option of offered(description, complete(description, {})).filter(({ name }) =>
			/^max(Videos|Credits)$/.test(name),
		))
			expect(option.description).toMatch(/ends green with what was made/);
});

describe('under its name on the canvas', () => {
	const [{ description: vidu }, { description: cogVideoX }] = NODES;
	const under = (description: INodeTypeDescription, picked: INodeParameters): unknown => {
		const node: INode = {
			...NODE,
			id: '1',
			name: 'Node',
			type: description.name,
			position: [0, 0],
			parameters: complete(description, picked),
		};
		const nodeTypes = { getByNameAndVersion: () => ({ description }) } as unknown as INodeTypes;
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
		return workflow.expression.getSimpleParameterValue(workflow.getNode('Node')!, description.subtitle, 'internal', {});
	};

	test.each<[string, INodeParameters]>([
		['Text to Video · viduq3-turbo', {}],
		['Image to Video · vidu2.0', { operation: 'imageToVideo', model: 'vidu2.0' }],
		['Start-End to Video · vidu2-start-end', { provider: 'zhipu', operation: 'startEndToVideo' }],
		['Image to Video · vidu20_img2video', { provider: 'vtrix', operation: 'imageToVideo' }],
		['Reference to Video · viduq9', { operation: 'referenceToVideo', model: 'custom', customModel: 'viduq9' }],
		['Text to Video · custom model', { model: 'custom' }],
		['Text to Video · custom model', { model: 'custom', customModel: '={{ $json.model }}' }],
		['Text to Video · model by expression', { model: EXPRESSION }],
		['Multi-Frame to Video · viduq2-turbo', { operation: 'multiFrameToVideo' }],
		['Extend Video · viduq2-pro', { operation: 'extend', model: 'viduq2-pro' }],
		['Upscale Video', { operation: 'upscale' }],
		['Motion Sync', { operation: 'motionSync' }],
		['Lip Sync', { operation: 'lipSync' }],
		['Template to Video', { operation: 'templateToVideo' }],
		['Digital Human · viduq2-turbo', { operation: 'digitalHuman' }],
		['Film · Get', { resource: 'film', operation: 'get' }],
		['Task · Get', { resource: 'task' }],
		['Task · Get Many', { resource: 'task', operation: 'getMany' }],
		['Task · Wait for Completion', { resource: 'task', operation: 'wait' }],
		['Task · Cancel', { resource: 'task', operation: 'cancel' }],
		['Account · Get Credits', { resource: 'account' }],
	])('Vidu says "%s"', (subtitle, picked) => {
		expect(under(vidu, picked)).toBe(subtitle);
	});

	test('CogVideoX says what it makes of what, and with which model', () => {
		expect(under(cogVideoX, { operation: 'imageToVideo', model: 'cogvideox-flash' })).toBe(
			'Image to Video · cogvideox-flash',
		);
		expect(under(cogVideoX, { resource: 'task', operation: 'wait' })).toBe('Task · Wait for Completion');
	});

	test('while it waits for a callback it says for what', () => {
		const { waitingNodeTooltip } = vidu;
		expect(under({ ...vidu, subtitle: waitingNodeTooltip }, { operation: 'imageToVideo' })).toBe(
			'Parked until Vidu calls back: Image to Video · viduq3-turbo',
		);
	});
});

describe('the Vidu Trigger', () => {
	const { description } = new ViduTrigger();
	const events = description.properties.find(({ name }) => name === 'events')!;

	test('names its events as events, here and in the list of nodes, which looks for that label', () => {
		expect(events.displayName).toBe('Events');
		const options = events.options as INodePropertyOptions[];
		expect(options.map(({ name, value, action }) => [name, value, action])).toEqual([
			['Task Succeeded', 'succeeded', 'On task succeeded'],
			['Task Failed', 'failed', 'On task failed'],
			['Task Started', 'processing', 'On task started'],
		]);
	});

	test.each([
		[['succeeded', 'failed'], 'Task Succeeded, Task Failed'],
		[['processing'], 'Task Started'],
		[EXPRESSION, 'events by expression'],
	])('shows %j as "%s" on the canvas', (picked, subtitle) => {
		const node: INode = { ...NODE, id: '1', name: 'Node', type: 'x', position: [0, 0], parameters: { events: picked } };
		const nodeTypes = { getByNameAndVersion: () => ({ description }) } as unknown as INodeTypes;
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
		expect(
			workflow.expression.getSimpleParameterValue(workflow.getNode('Node')!, description.subtitle, 'internal', {}),
		).toBe(subtitle);
	});

	test('says before it listens, and on the canvas while it does, where its test URL goes', () => {
		expect(description.eventTriggerDescription).toMatch(/Callback URL/);
		expect(description.triggerPanel).toMatchObject({
			header: expect.stringMatching(/Vidu/),
			activationHint: expect.stringMatching(/order something with the <b>test URL<\/b> .* Callback URL/),
			executionsHelp: {
				inactive: expect.stringMatching(/Callback URL/),
				active: expect.stringMatching(/Callback URL/),
			},
		});
	});
});

/** Every parameter of a node, those inside collections too, with where it stands. */
function everyParameter(properties: INodeProperties[], path: string): Array<[string, INodeProperties]> {
	return properties.flatMap((property): Array<[string, INodeProperties]> => {
		const here = `${path}.${property.name}`;
		const inner =
			property.type === 'collection'
				? (property.options as INodeProperties[])
				: property.type === 'fixedCollection'
					? (property.options as INodePropertyCollection[]).flatMap(({ values }) => values)
					: [];
		return [[here, property], ...everyParameter(inner, here)];
	});
}

describe("n8n's rules for words and lists", () => {
	const ALL = [...NODES.map(({ description }) => description), new ViduTrigger().description].flatMap((description) =>
		everyParameter(description.properties, description.name),
	);
	const SMALL = /^(a|an|and|as|at|by|for|from|in|of|on|or|the|to|with)$/;
	const isTitle = (name: string): boolean =>
		name.split(/[\s/-]+/).every((word, index) => /^[^a-z]/.test(word) || (index > 0 && SMALL.test(word)));
	const lists = ALL.filter(([, { type }]) => type === 'options' || type === 'multiOptions').map(
		([path, { options }]) => [path, options as INodePropertyOptions[]] as const,
	);

	test('names of parameters are in Title Case', () => {
		const wrong = ALL.filter(([, { type, displayName }]) => type !== 'notice' && !isTitle(displayName));
		expect(wrong.map(([path, { displayName }]) => [path, displayName])).toEqual([]);
	});

	test('names of choices are in Title Case, but for values that travel as they are', () => {
		const wrong = lists.flatMap(([path, options]) =>
			options
				.filter(({ name, value }) => !name.startsWith(String(value) || '-') && !isTitle(name))
				.map(({ name }) => [path, name]),
		);
		expect(wrong).toEqual([]);
	});

	test('no list has a value or a name twice', () => {
		const wrong = lists.filter(
			([, options]) =>
				new Set(options.map(({ value }) => value)).size < options.length ||
				new Set(options.map(({ name }) => name)).size < options.length,
		);
		expect(wrong).toEqual([]);
	});

	test('the default of a list is in it', () => {
		const wrong = ALL.filter(
			([, property]) => property.type === 'options' && !listOf(property).includes(property.default as string),
		);
		expect(wrong.map(([path, property]) => [path, property.default])).toEqual([]);
	});

	test('collections of five and more are sorted by name', () => {
		const wrong = ALL.filter(([, { type, options = [] }]) => type === 'collection' && options.length >= 5).filter(
			([, { options }]) => !isSorted((options as INodeProperties[]).map(({ displayName }) => displayName)),
		);
		expect(wrong.map(([path]) => path)).toEqual([]);
	});

	test('lists of five and more are sorted by name, or by size, or newest first', () => {
		// operations stand in the order of the catalogue: what makes a video first
		const isByCatalogue = (path: string) =>
			/\.(resource|operation|model|duration|resolution|aspectRatio|size|audio)$/.test(path);
		// what sends nothing comes first
		const named = (options: INodePropertyOptions[]) =>
			options.filter(({ value }) => value !== '').map(({ name }) => name);
		const wrong = lists.filter(
			([path, options]) => options.length >= 5 && !isByCatalogue(path) && !isSorted(named(options)),
		);
		expect(wrong.map(([path]) => path)).toEqual([]);
		for (const [, options] of lists.filter(([path]) => path.endsWith('.duration'))) {
			const seconds = options.map(({ value }) => Number(value));
			expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
		}
	});

	test('switches say "Whether", placeholders "e.g.", and one sentence has no full stop', () => {
		const wrong = ALL.flatMap(([path, { type, description = '', placeholder }]) => [
			...(type === 'boolean' && !description.startsWith('Whether') ? [`${path}: ${description}`] : []),
			...(placeholder && !/^(e\.g\.|Add )/.test(placeholder) ? [`${path}: ${placeholder}`] : []),
			...(/^[^.]*\.$/.test(description) ? [`${path}: ${description}`] : []),
		]);
		expect(wrong).toEqual([]);
	});

	test('no text speaks of errors, problems or failures', () => {
		const words = /\b(error|problem|failure|mistake)s?\b/i;
		const wrong = ALL.filter(([, { displayName, description = '', hint = '' }]) =>
			words.test(`${displayName} ${description} ${hint}`),
		);
		expect(wrong.map(([path]) => path)).toEqual([]);
	});

	const isSorted = (names: string[]): boolean =>
		names.every((name, index) => index === 0 || names[index - 1].localeCompare(name, 'en') <= 0);
});

test('no condition throws in n8n 1.x, which calls methods of texts on numbers too, or starts a regular expression in a sandbox', () => {
	const conditions = JSON.stringify(NODES.map(({ description }) => description)).match(/"_cnd":\{"\w+"/g) ?? [];
	expect(conditions.length).toBeGreaterThan(0);
	expect(conditions.filter((condition) => /startsWith|endsWith|includes|regex/.test(condition))).toEqual([]);
});

test('every field of the catalogue has a label, and only those', () => {
	const withoutModel = PANELS.flatMap(([, { backend }]) => Object.values(backend.catalogue.rules));
	const rows = [...ROWS.map(([, , , rules]) => rules), ...withoutModel];
	const used = new Set(rows.flatMap(({ fields }) => Object.keys(fields)));
	expect(Object.keys(FIELD_LABELS).sort()).toEqual([...used].sort());
});

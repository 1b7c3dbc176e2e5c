import { NodeHelpers } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeParameters,
	INodeProperties,
	INodeTypeDescription,
} from 'n8n-workflow';

import { topFieldsOf } from '../../../lib/catalogue/catalogue';
import type { FieldName } from '../../../lib/catalogue/types';
import { operationCalled, operationOf, resourceOf } from '../../../lib/n8n/backends';
import { collectionOf, COLLECTIONS } from '../../../lib/n8n/collections';
import { NODES } from '../harness';
import { parametersFor } from './media';
import { slotsOf, type Panel } from './rows';
import type { Labels, Case } from './cases';

/** Cases as n8n gets them: the parameters of a node and the JSON of its items. */

const DESCRIPTIONS: Record<Panel['node'], INodeTypeDescription> = {
	vidu: NODES.vidu.description,
	cogVideoX: NODES.cogVideoX.description,
};

/**
 * `expressions`: every value comes from the item, the model too. `literals`: as picked and typed in the panel; then n8n
 * drops what the panel does not show before the node sees it.
 */
export type ParameterSource = 'expressions' | 'literals';

/** All that an item says, by the names the expressions use. */
export const itemOf = ({ model, fields, media }: Case): IDataObject => ({ model, ...fields, ...media }) as IDataObject;

/** Cases with the same key can share a node whose parameters are expressions. */
export const keyOf = ({ fields, media }: Case): string =>
	JSON.stringify([Object.keys(fields).sort(), Object.entries(media).map(shapeOf).sort()]);

/** Of a list of rows, each row's own expressions are part of the node. */
const shapeOf = ([name, value]: [string, unknown]): string =>
	Array.isArray(value) && value.some((row) => typeof row === 'object') ? `${name} ${value.length}` : name;

/** The parameters as a saved workflow holds them, with nothing in them that was not set. */
export function parametersOf(testCase: Case, source: ParameterSource): INodeParameters {
	const { panel, fields, media } = testCase;
	const { catalogue } = panel.backend;
	const set = (path: string, value: unknown) => (source === 'expressions' ? `={{ $json.${path} }}` : value);
	const entries = Object.entries(fields).map(([name, value]) => [name, set(name, value)] as const);
	const isTop = ([name]: readonly [string, unknown]) =>
		['customModel', 'prompt', ...topFieldsFor(panel)].includes(name);
	return {
		...(panel.node === 'vidu' ? { provider: catalogue.provider } : {}),
		resource: resourceOf(operationOf(panel.endpoint)),
		operation: operationOf(panel.endpoint),
		...(panel.endpoint === 'subjectsToVideo' ? { referenceType: 'subjects' } : {}),
		...(testCase.model === '' ? {} : { model: set('model', testCase.model) }),
		...Object.fromEntries(entries.filter(isTop)),
		...(Object.assign({}, ...slotsOf(panel).map((slot) => parametersFor(slot, media, set))) as INodeParameters),
		waitForCompletion: false,
		...Object.fromEntries(
			COLLECTIONS.map((collection) => [
				collection,
				Object.fromEntries(entries.filter((entry) => !isTop(entry) && collectionOf(entry[0]) === collection)),
			]),
		),
	} as INodeParameters;
}

/** What n8n makes of saved parameters before a node runs: defaults added, hidden ones dropped. */
function asNodeGetsThem(panel: Panel, parameters: INodeParameters): INodeParameters {
	const description = descriptionFor(panel);
	return NodeHelpers.getNodeParameters(
		description.properties,
		parameters,
		true,
		false,
		{ typeVersion: 1 },
		description,
	)!;
}

const descriptions = new Map<Panel, INodeTypeDescription>();

/** The node's description without what other providers and operations have: n8n's time grows with the square. */
function descriptionFor(panel: Panel): INodeTypeDescription {
	const known = descriptions.get(panel);
	if (known) return known;
	const whole = DESCRIPTIONS[panel.node];
	const picked: Record<string, string> = {
		provider: panel.backend.catalogue.provider,
		resource: resourceOf(operationOf(panel.endpoint)),
		operation: operationOf(panel.endpoint),
	};
	const canShow = ({ displayOptions }: INodeProperties): boolean =>
		Object.entries(displayOptions?.show ?? {}).every(([path, values]) => {
			const value = picked[path.replace('/', '')];
			return value === undefined || (values as unknown[]).includes(value);
		});
	const properties = whole.properties
		.filter(canShow)
		.map((property) =>
			property.type === 'collection'
				? { ...property, options: (property.options as INodeProperties[]).filter(canShow) }
				: property,
		);
	const description = { ...whole, properties };
	descriptions.set(panel, description);
	return description;
}

/** Names of the fields at the top of the panel. */
export const topFieldsFor = ({ backend, endpoint }: Panel): FieldName[] =>
	topFieldsOf(backend.catalogue, operationCalled(backend, operationOf(endpoint))!.declaration);

const known = new Map<string, INodeParameters>();

/** The parameters of a node that has to make this case, as the node gets them. */
export function nodeParametersOf(testCase: Case, source: ParameterSource): INodeParameters {
	const { node, backend, endpoint } = testCase.panel;
	if (source === 'literals') return asNodeGetsThem(testCase.panel, parametersOf(testCase, source));
	const key = [node, backend.catalogue.provider, endpoint, keyOf(testCase)].join(' ');
	const parameters = known.get(key) ?? asNodeGetsThem(testCase.panel, parametersOf(testCase, source));
	known.set(key, parameters);
	return parameters;
}

const EXPRESSION = /^=\{\{ \$json\.(\S+) \}\}$/;

/** Puts an item's values in place of its expressions. */
export function resolve(value: unknown, item: IDataObject): unknown {
	if (Array.isArray(value)) return value.map((entry) => resolve(entry, item));
	if (typeof value === 'object' && value !== null)
		return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner, item)]));
	const path = typeof value === 'string' ? EXPRESSION.exec(value)?.[1] : undefined;
	return path === undefined ? value : lookUp(item, path);
}

function lookUp(item: unknown, path: string): unknown {
	return path
		.split(/[.[\]]+/)
		.filter((step) => step !== '')
		.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], item);
}

/** As much of n8n's context as reading a job takes, for one item; the engine's own takes 0.2 ms for every value. */
export function contextFor(raw: INodeParameters, item: IDataObject): IExecuteFunctions {
	const resolved = resolve(raw, item) as Record<string, unknown>;
	return {
		getNode: () => ({ name: 'Under Test', parameters: raw }),
		getNodeParameter: (name: string, _itemIndex: number, fallback?: unknown) =>
			name in resolved ? resolved[name] : fallback,
		getInputData: () => [{ json: item }],
	} as unknown as IExecuteFunctions;
}

/** How the panel calls a field: its one display name in the built node, with this provider picked. */
export function labelsOf({ node, backend }: Panel): Labels {
	const { properties } = DESCRIPTIONS[node];
	const options = properties.filter(({ type }) => type === 'collection').flatMap((entry) => entry.options ?? []);
	const labels = new Map<string, Set<string>>();
	for (const entry of [...properties, ...options])
		if ('displayName' in entry && 'type' in entry && isFor(backend, entry))
			labels.set(entry.name, (labels.get(entry.name) ?? new Set()).add(entry.displayName));
	return {
		of(field) {
			const [label, ...others] = labels.get(field) ?? [];
			if (label === undefined || others.length > 0) throw new Error(`${field} is not called by one name`);
			return label;
		},
	};
}

function isFor({ catalogue }: Panel['backend'], { displayOptions }: Pick<INodeProperties, 'displayOptions'>): boolean {
	const providers = displayOptions?.show?.provider ?? displayOptions?.show?.['/provider'];
	return providers === undefined || (providers as unknown[]).includes(catalogue.provider);
}

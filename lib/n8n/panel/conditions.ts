import type { DisplayCondition, INodeProperties } from 'n8n-workflow';

import type { Endpoint } from '../../catalogue/operations';
import type { FieldValue, OperationDeclaration } from '../../catalogue/types';
import { FREE_CALLS, FREE_OPERATIONS } from './library';
import { operationOf, resourceOf, CUSTOM_MODEL, type Backend } from '../backends';

/**
 * When a parameter shows. n8n shows every parameter whose `show` rule meets an expression, so a model given by an
 * expression would show each variant of Duration at once. `hide` rules do not have that way out: models are matched
 * through them, and a model given by an expression gets the freely typed fields of a custom model.
 */

type Condition = DisplayCondition | FieldValue;
/** By parameter: what its value is held against. */
export type Conditions = Record<string, Condition[]>;

/** Every text that begins with "=". Not `startsWith`: n8n 1.x calls that on numbers too, and throws. */
const IS_EXPRESSION: DisplayCondition = { _cnd: { between: { from: '=', to: '=\uffff' } } };
/** What the editor makes of an expression that has no data to read yet. */
const UNRESOLVED = '';

/** Prefix of a parameter's path: '/' inside a collection, '' at the top. */
export type Level = '' | '/';

/**
 * Rules that show a parameter for some endpoints of one backend; with a single backend there is no Provider to look at.
 * @param endpoints of one operation where they are reference endpoints
 */
export function showEndpoints(
	backend: Backend,
	backends: readonly Backend[],
	endpoints: readonly Endpoint[],
	level: Level = '',
): { show: Record<string, FieldValue[]> } {
	const operations = [...new Set(endpoints.map(operationOf))];
	const isOneReferenceForm =
		endpoints.length === 1 &&
		operations[0] === 'referenceToVideo' &&
		backend.catalogue.models.subjectsToVideo !== undefined;
	return {
		show: {
			...showRoute(backend, backends, level),
			[`${level}resource`]: [...new Set(operations.map(resourceOf))],
			[`${level}operation`]: operations,
			...(isOneReferenceForm
				? { [`${level}referenceType`]: [endpoints[0] === 'subjectsToVideo' ? 'subjects' : 'images'] }
				: {}),
		},
	};
}

/** All operations of the backends, each once. */
export const operationsOf = (backends: readonly Backend[]): OperationDeclaration[] => [
	...new Map(
		backends.flatMap(({ catalogue }) => catalogue.operations).map((operation) => [operation.name, operation]),
	).values(),
];

/** Shows a parameter wherever something is ordered, or on those of its resources that it is for. */
export function showOnOrders(backends: readonly Backend[], property: INodeProperties): INodeProperties {
	const resources = [...new Set(operationsOf(backends).map(({ resource }) => resource))];
	const free = resources.some((resource) => FREE_CALLS[resource]) ? FREE_OPERATIONS : [];
	const { show, hide } = property.displayOptions ?? {};
	const hidden = [...(hide?.operation ?? []), ...free];
	return {
		...property,
		displayOptions: {
			show: { resource: resources, ...show },
			...(hidden.length > 0 ? { hide: { ...hide, operation: hidden } } : hide ? { hide } : {}),
		},
	};
}

/** Hides a parameter for the operations of which something is not true; none where it is true of all. */
export function hideUnlessOperation(
	backends: readonly Backend[],
	is: (operation: OperationDeclaration) => boolean,
	level: Level = '',
): { hide?: Conditions } {
	const others = operationsOf(backends).filter((operation) => !is(operation));
	return others.length === 0 ? {} : { hide: { [`${level}operation`]: others.map(({ name }) => name) } };
}

export function showRoute(
	backend: Backend,
	backends: readonly Backend[],
	level: Level = '',
): Record<string, FieldValue[]> {
	return backends.length > 1 ? { [`${level}provider`]: [backend.catalogue.provider] } : {};
}

const knownModels = new WeakMap<readonly Backend[], readonly string[]>();

/** All models of a node: one that another operation or provider left behind must not bring all variants up. */
function modelsOf(backends: readonly Backend[]): readonly string[] {
	let models = knownModels.get(backends);
	if (!models) {
		models = [...new Set(backends.flatMap(({ catalogue }) => Object.values(catalogue.models).flatMap(Object.keys)))];
		knownModels.set(backends, models); // hundreds of parameters ask, at every start of n8n
	}
	return models;
}

/** Hides a parameter but for these models. */
export function hideAllModelsBut(backends: readonly Backend[], models: readonly string[], level: Level): Conditions {
	const others = modelsOf(backends).filter((id) => !models.includes(id));
	return { [`${level}model`]: [IS_EXPRESSION, UNRESOLVED, CUSTOM_MODEL, ...others] };
}

/** Hides a parameter for a model picked as Custom. */
export const HIDE_CUSTOM: Conditions = { model: [CUSTOM_MODEL] };
/** Hides a parameter unless the model is picked as Custom. */
export const HIDE_ALL_BUT_CUSTOM: Conditions = { model: [{ _cnd: { not: CUSTOM_MODEL } }] };
/** Hides a parameter unless the model is given by an expression. */
export function hideAllButExpressions(backends: readonly Backend[]): Conditions {
	return { model: [CUSTOM_MODEL, ...modelsOf(backends)] };
}

/**
 * Hides a parameter for every known model: it is for custom ones and for expressions.
 * @param but known models that it is for, too
 */
export function hideKnownModels(backends: readonly Backend[], level: Level, but: readonly string[] = []): Conditions {
	return { [`${level}model`]: modelsOf(backends).filter((id) => !but.includes(id)) };
}

/** Hides a parameter unless another one holds one of these values. */
export function hideUnless(
	name: string,
	values: readonly FieldValue[],
	allValues: readonly FieldValue[],
	level: Level,
): Conditions {
	return {
		[`${level}${name}`]: [IS_EXPRESSION, UNRESOLVED, ...allValues.filter((value) => !values.includes(value))],
	};
}

import type { DisplayCondition } from 'n8n-workflow';

import type { FieldValue, Form } from '../../catalogue/types';
import { operationOf, CUSTOM_MODEL, type Route } from '../backends';

/**
 * When a parameter shows. n8n shows every parameter whose `show` rule meets an expression, so a model given by an
 * expression would show each variant of Duration at once. `hide` rules do not have that way out: models are matched
 * through them, and a model given by an expression gets the free-form fields of a custom model.
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
 * Rules that show a parameter for some forms of one route; with a single route there is no Provider to look at.
 * @param forms of one operation where they are reference forms
 */
export function showForms(
	route: Route,
	routes: readonly Route[],
	forms: readonly Form[],
	level: Level = '',
): { show: Record<string, FieldValue[]> } {
	const operations = [...new Set(forms.map(operationOf))];
	const isOneReferenceForm =
		forms.length === 1 && operations[0] === 'referenceToVideo' && route.catalogue.models.subjectsToVideo !== undefined;
	return {
		show: {
			...showRoute(route, routes, level),
			[`${level}resource`]: ['video'],
			[`${level}operation`]: operations,
			...(isOneReferenceForm
				? { [`${level}referenceType`]: [forms[0] === 'subjectsToVideo' ? 'subjects' : 'images'] }
				: {}),
		},
	};
}

export function showRoute(route: Route, routes: readonly Route[], level: Level = ''): Record<string, FieldValue[]> {
	return routes.length > 1 ? { [`${level}provider`]: [route.catalogue.provider] } : {};
}

const knownModels = new WeakMap<readonly Route[], readonly string[]>();

/** All models of a node: one that another operation or provider left behind must not bring all variants up. */
function modelsOf(routes: readonly Route[]): readonly string[] {
	let models = knownModels.get(routes);
	if (!models) {
		models = [...new Set(routes.flatMap(({ catalogue }) => Object.values(catalogue.models).flatMap(Object.keys)))];
		knownModels.set(routes, models); // hundreds of parameters ask, at every start of n8n
	}
	return models;
}

/** Hides a parameter but for these models. */
export function hideAllModelsBut(routes: readonly Route[], models: readonly string[], level: Level): Conditions {
	const others = modelsOf(routes).filter((id) => !models.includes(id));
	return { [`${level}model`]: [IS_EXPRESSION, UNRESOLVED, CUSTOM_MODEL, ...others] };
}

/** Hides a parameter for a model picked as Custom. */
export const HIDE_CUSTOM: Conditions = { model: [CUSTOM_MODEL] };
/** Hides a parameter unless the model is picked as Custom. */
export const HIDE_ALL_BUT_CUSTOM: Conditions = { model: [{ _cnd: { not: CUSTOM_MODEL } }] };
/** Hides a parameter unless the model is given by an expression. */
export function hideAllButExpressions(routes: readonly Route[]): Conditions {
	return { model: [CUSTOM_MODEL, ...modelsOf(routes)] };
}

/**
 * Hides a parameter for every known model: it is for custom ones and for expressions.
 * @param but known models that it is for, too
 */
export function hideKnownModels(routes: readonly Route[], level: Level, but: readonly string[] = []): Conditions {
	return { [`${level}model`]: modelsOf(routes).filter((id) => !but.includes(id)) };
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

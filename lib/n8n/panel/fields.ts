import type { INodeProperties } from 'n8n-workflow';

import type { Endpoint } from '../../catalogue/operations';
import { topFieldsOf } from '../../catalogue/catalogue';
import type { FieldLabel, FieldName, FieldRule, FieldValue, OwnField, Rules } from '../../catalogue/types';
import { allowedBy, restrictionsOn } from '../../core/restrictions';
import {
	hideAllModelsBut,
	hideKnownModels,
	hideUnless,
	showEndpoints,
	type Conditions,
	type Level,
} from './conditions';
import { inOneOrder } from './order';
import { FIELD_LABELS, labelValue, nameOfField, wordsOf } from '../fields';
import { hasModels, operationOf, type Backend } from '../backends';
import { placesOf, ruleAmong, ruleAnywhere, type Place } from './places';

/** The catalogue's fields as n8n parameters: one variant for every set of models that takes the same values. */

interface Variant {
	field: FieldName;
	rule: FieldRule;
	words: FieldLabel;
	isRequired: boolean;
	onlyBeside: OwnField['onlyBeside'];
	endpoints: Endpoint[];
	hide: Conditions;
}

/** Fields at the top of the panel, of all backends. Values are always sent, so a known model starts with its default. */
export function topLevelFields(backends: readonly Backend[]): INodeProperties[] {
	return backends.flatMap((backend) => {
		return inOneOrder(
			backend.catalogue.operations.map((operation) => topFieldsOf(backend.catalogue, operation)),
		).flatMap((field) => [
			...variantsOf(backend, backends, [field], '').map((variant) => toProperty(variant, backend, backends, '')),
			...openVariants(backend, backends, [field], '').map((variant) => toOpenProperty(variant, backend, backends, '')),
		]);
	});
}

/** Fields in collections, of all backends: sent only when the user adds them. */
export function optionalFields(backends: readonly Backend[]): INodeProperties[] {
	return backends.flatMap((backend) => {
		const { customFields } = backend.catalogue;
		const fields = Object.keys(FIELD_LABELS) as FieldName[];
		return [
			...variantsOf(backend, backends, fields, '/').map((variant) => toProperty(variant, backend, backends, '/')),
			...openVariants(
				backend,
				backends,
				fields.filter((field) => customFields.includes(field)),
				'/',
			).map((variant) => toOpenProperty(variant, backend, backends, '/')),
		];
	});
}

function variantsOf(
	backend: Backend,
	backends: readonly Backend[],
	fields: readonly FieldName[],
	level: Level,
): Variant[] {
	const variants = new Map<string, Variant>();
	const add = ({ endpoint, declaration }: Place, { field, rule, hide }: Pick<Variant, 'field' | 'rule' | 'hide'>) => {
		const { isRequired = false, onlyBeside } = declaration.ownFields?.[field] ?? {};
		const words = wordsOf(field, declaration);
		const variant = { field, rule, hide, words, isRequired, onlyBeside, endpoints: [endpoint] };
		// the two reference endpoints are told apart by a parameter of their own, so they never share with others
		const isReference = operationOf(endpoint) === 'referenceToVideo';
		const key = JSON.stringify([field, rule, hide, isReference, isRequired, variant.words]);
		const known = variants.get(key);
		if (known) known.endpoints.push(...variant.endpoints);
		else variants.set(key, variant);
	};
	for (const field of fields)
		for (const place of placesOf(backend)) {
			const { own, rows } = place;
			if (!standsOn(level, field, place)) continue;
			const groups = new Map<string, { rule: FieldRule; rules: Rules; models: string[] }>();
			const ownRule = own?.fields[field];
			if (own && ownRule)
				for (const { rule, hide } of narrowed(field, ownRule, own, level)) add(place, { field, rule, hide });
			for (const [id, rules] of rows) {
				const rule = rules.fields[field];
				if (!rule) continue;
				const key = JSON.stringify([rule, restrictionsOn(field, rules)]);
				const known = groups.get(key);
				if (known) known.models.push(id);
				else groups.set(key, { rule, rules, models: [id] });
			}
			for (const { rule: asked, rules, models } of groups.values()) {
				const hideModels = hideAllModelsBut(backends, models, level);
				for (const { rule, hide } of narrowed(field, asked, rules, level))
					add(place, { field, rule, hide: { ...hideModels, ...hide } });
			}
		}
	return [...variants.values()];
}

/** True where the field is to be shown on this level of the panel. */
const standsOn = (level: Level, field: FieldName, { fields, top }: Place): boolean =>
	fields.has(field) && top.has(field) === (level === '');

/** A field's rule, split where another field of the panel narrows or forbids it. */
function narrowed(
	field: FieldName,
	rule: FieldRule,
	rules: Rules,
	level: Level,
): Array<{ rule: FieldRule; hide: Conditions }> {
	let hide: Conditions = {};
	const split: Array<{ rule: FieldRule; hide: Conditions }> = [];
	for (const restriction of restrictionsOn(field, rules)) {
		const conditions = Object.entries(restriction.when).filter(
			([name]) => name !== field && rules.fields[name as FieldName],
		);
		// n8n cannot hide on two conditions at once; the run-time check can
		if (conditions.length !== 1) continue;
		const [[other, values]] = conditions as [[FieldName, readonly FieldValue[]]];
		const [first, ...more] = allowedBy(restriction, field) ?? [];
		const otherRule = rules.fields[other];
		if (first === undefined) hide = { ...hide, [`${level}${other}`]: [...values] };
		else if (rule.kind === 'choice' && otherRule?.kind === 'choice') {
			hide = { ...hide, [`${level}${other}`]: [...values] };
			split.push({
				rule: { ...rule, values: [first, ...more], default: first },
				hide: hideUnless(other, values, otherRule.values, level),
			});
		}
	}
	return [{ rule, hide }, ...split];
}

/** For custom models and models given by an expression: every field of the backend, unchecked but for its type. */
function openVariants(
	backend: Backend,
	backends: readonly Backend[],
	fields: readonly FieldName[],
	level: Level,
): Variant[] {
	const variants: Variant[] = [];
	for (const field of fields) {
		const known = ruleAnywhere([backend, ...backends], field);
		if (!known) continue;
		for (const place of placesOf(backend)) {
			const { declaration, endpoint, rows, top } = place;
			if (top.has(field) !== (level === '') || !hasModels(backend, endpoint)) continue;
			// where no model of an endpoint takes a field, a custom one will not either; an endpoint without rows tells nothing
			const rule = ruleAmong(place, field);
			if (rows.length > 0 && !rule) continue;
			variants.push({
				field,
				rule: rule ?? known,
				words: wordsOf(field, declaration),
				isRequired: false,
				onlyBeside: declaration.ownFields?.[field]?.onlyBeside,
				endpoints: [endpoint],
				hide: hideKnownModels(backends, level),
			});
		}
	}
	return variants;
}

function toProperty(variant: Variant, backend: Backend, backends: readonly Backend[], level: Level): INodeProperties {
	const { isRequired } = variant;
	return {
		...labelOf(variant, backend),
		...(level === '' && backend.catalogue.hasModelDefault ? withModelDefault(variant) : typeOf(variant)),
		...(isRequired ? { required: true } : {}),
		displayOptions: displayOf(variant, backend, backends, level),
	} as INodeProperties;
}

/** At the top an empty value stands for the model's own default; inside a collection the user added the field. */
function toOpenProperty(
	variant: Variant,
	backend: Backend,
	backends: readonly Backend[],
	level: Level,
): INodeProperties {
	const { rule } = variant;
	const label = labelOf(variant, backend);
	const displayOptions = displayOf(variant, backend, backends, level);
	const isNumber = rule.kind === 'choice' && typeof rule.values[0] === 'number';
	if (rule.kind === 'switch')
		return {
			...label,
			type: level === '' ? 'options' : 'boolean',
			...(level === '' ? { options: [MODEL_DEFAULT, ...OFF_AND_ON], default: '' } : { default: rule.default }),
			displayOptions,
		};
	if (rule.kind === 'number' && level === '') return { ...label, type: 'number', default: '', displayOptions };
	if (rule.kind !== 'choice') return { ...label, ...typeOf(variant), displayOptions } as INodeProperties;
	return {
		...label,
		description:
			level === '' ? withSentence(label.description, "Leave empty for the model's default") : label.description,
		type: isNumber ? 'number' : 'string',
		default: level === '' ? '' : rule.default,
		displayOptions,
	};
}

function labelOf({ field, rule, words: { description, placeholder, unit } }: Variant, { catalogue }: Backend) {
	return {
		displayName: nameOfField(field, catalogue),
		name: field,
		description: catalogue.chinaFields?.includes(field)
			? withSentence(description, 'Only with a key of the China region')
			: description,
		...(placeholder ? { placeholder } : {}),
		// a list says it with each value
		...(unit && (rule.kind === 'integer' || rule.kind === 'number') ? { hint: `In ${unit.toLowerCase()}` } : {}),
	};
}

/** A single sentence has no full stop of its own (n8n's rule). */
const withSentence = (description: string, sentence: string): string =>
	`${description.replace(/\.$/, '')}. ${sentence}.`;

function typeOf({ field, rule, words }: Variant) {
	switch (rule.kind) {
		case 'choice':
			return {
				type: 'options',
				options: [
					...(rule.unset === undefined ? [] : [{ name: rule.unset, value: '' }]),
					...rule.values.map((value) => ({ name: labelValue(field, value, words), value })),
				],
				default: rule.unset === undefined ? rule.default : '',
				placeholder: undefined,
			};
		case 'switch':
			return { type: 'boolean', default: rule.default };
		case 'integer':
			return {
				type: 'number',
				default: rule.default ?? rule.min,
				typeOptions: { minValue: rule.min, maxValue: rule.max, numberPrecision: 0 },
			};
		case 'number':
			return {
				type: 'number',
				default: rule.default,
				// with a precision the editor would show 10 as 10.00
				typeOptions: { minValue: rule.min, maxValue: rule.max },
			};
		case 'words':
			return {
				type: 'multiOptions',
				options: rule.values.map((value) => ({ name: labelValue(field, value, words), value })),
				default: [...rule.preset],
				placeholder: undefined,
			};
		case 'lines':
			return { type: 'string', default: '', typeOptions: { rows: 2 } };
		case 'text':
		case 'url':
		case 'urls':
			return { type: 'string', default: '' };
		case 'jsonText':
			return { type: 'json', default: '{}' };
	}
}

/** As its first choice a value that sends nothing. */
function withModelDefault(variant: Variant) {
	const type = typeOf(variant);
	const { rule } = variant;
	const choices = rule.kind === 'switch' ? OFF_AND_ON : 'options' in type ? (type.options ?? []) : undefined;
	return choices ? { ...type, type: 'options', options: [MODEL_DEFAULT, ...choices], default: '' } : type;
}

const MODEL_DEFAULT = { name: 'Model Default', value: '' };
const OFF_AND_ON = [
	{ name: 'Off', value: false },
	{ name: 'On', value: true },
];

function displayOf(variant: Variant, backend: Backend, backends: readonly Backend[], level: Level) {
	const { parameter, values } = variant.onlyBeside ?? {};
	const beside = parameter === undefined ? {} : { [`${level}${parameter}`]: [...(values ?? [])] };
	const show = { ...showEndpoints(backend, backends, variant.endpoints, level).show, ...beside };
	return Object.keys(variant.hide).length > 0 ? { show, hide: variant.hide } : { show };
}

import { z } from 'zod';

import { topFieldsOf, type Catalogue } from '../../catalogue/catalogue';
import type { Endpoint } from '../../catalogue/operations';
import type {
	ChoiceRule,
	EndpointRows,
	FieldLabel,
	FieldName,
	FieldRule,
	ModelRules,
	OperationDeclaration,
	Rules,
} from '../../catalogue/types';
import {
	CHECK_EXPRESSION,
	checkFields,
	checkOpenPrompt,
	describeRule,
	isFailedExpression,
	isLeftOut,
	readNumber,
	readSwitchValue,
	readValue,
	refusalOf,
	toText,
	type FieldFault,
} from '../../core/fields';
import { COGVIDEOX_BACKENDS, CUSTOM_MODEL, VIDU_BACKENDS, type Backend } from '../backends';
import { FIELD_LABELS, labelValue, nameOfField, wordsOf } from '../fields';
import { isPrivateHost } from './addresses';
import { readPublicUrl, unreachable, type Reach } from './publicUrl';
import { invalid, type InvalidInput } from './invalidInput';
import type { ItemParameters } from './parameters';
import { readSources } from './sources';
import { CORRECT, show } from './values';

/** Prompt and fields of an item, as the user set them and as they travel. */

const extraFieldsSchema = z.record(z.string(), z.unknown());

/** Everything the user set, by field. */
export function readValues(
	item: ItemParameters,
	catalogue: Catalogue,
	declaration: OperationDeclaration,
	{ inputs }: EndpointRows,
	rules: Rules | undefined,
): Record<string, unknown> {
	const values: Record<string, unknown> = inputs.some(({ kind }) => kind === 'prompt')
		? { prompt: item.get('prompt') }
		: {};
	for (const [name, value] of Object.entries(item.collection('options')))
		if (name !== 'extraFields') values[name] = value;
	for (const [name, value] of Object.entries(item.collection('files')))
		if (Object.hasOwn(FIELD_LABELS, name)) values[name] = value;
	const model = item.written('model');
	const isOpenPanel = typeof model === 'string' && (model === CUSTOM_MODEL || model.startsWith('='));
	for (const field of topFieldsOf(catalogue, declaration)) {
		const value = item.get(field);
		// untouched in the panel of a custom model or of one given by an expression
		if (isLeftOut(value) || (isOpenPanel && item.written(field) === 0)) continue;
		// off is what a model without the switch does anyway
		if (rules && !rules.fields[field] && isOff(catalogue, field, value)) continue;
		values[field] = value;
	}
	for (const [name, value] of Object.entries(values)) {
		const field = name as FieldName;
		const rule = rules?.fields[field] ?? ruleOf(catalogue, name);
		if (rule?.kind === 'choice') values[name] = fromLabel(rule, wordsOf(field, declaration), value);
	}
	return values;
}

/** What the panel calls a value: "Top Left". */
function fromLabel(rule: ChoiceRule, { values = {} }: FieldLabel, value: unknown): unknown {
	if (typeof value !== 'string') return value;
	const word = value.trim().toLowerCase();
	const offered = rule.values.map(String);
	const labels = Object.entries(values).filter(([key]) => offered.includes(key));
	return labels.find(([, label]) => label.toLowerCase() === word)?.[0] ?? value;
}

/** Addresses among the values, which the service is to call or fetch from, as they travel. */
export function readAddresses(
	catalogue: Catalogue,
	values: Record<string, unknown>,
	rules: Rules | undefined,
	reach: Reach,
): void {
	for (const [name, value] of Object.entries(values)) {
		const field = name as FieldName;
		const rule = rules?.fields[field] ?? ruleOf(catalogue, name);
		if (isLeftOut(value) || (rules && !rules.fields[field])) continue;
		if (rule?.kind === 'urls') {
			const label = nameOfField(field, catalogue);
			values[name] = readSources(value, label, 'sound').map((source) => {
				if (source.mode === 'url') return readPublicUrl(source.value, label, reach, 'sound');
				throw invalid(
					label,
					`${label} must be URLs`,
					'Give the public addresses of the files, starting with https://.',
				);
			});
		}
		if (rule?.kind !== 'url') continue;
		const url = String(value).trim();
		if (reach.allowPrivateUrl || reach.isLocalService || !URL.canParse(url) || !isPrivateHost(url)) continue;
		// not only whole addresses: for a custom model nothing else is checked, and https:localhost leads there as well
		if (/^https?:/i.test(url)) throw unreachable(nameOfField(field, catalogue), url);
	}
}

export function readExtraFields(item: ItemParameters): Record<string, unknown> | undefined {
	const extraFields = item.option('extraFields');
	if (isLeftOut(extraFields)) return undefined;
	let parsed: unknown = extraFields;
	try {
		if (typeof extraFields === 'string') parsed = JSON.parse(extraFields);
	} catch {
		parsed = undefined;
	}
	const result = extraFieldsSchema.safeParse(parsed);
	if (!result.success || Array.isArray(parsed))
		throw invalid(
			'Extra Fields (JSON)',
			'Extra Fields (JSON) is not a JSON object',
			'Write it like {"field_name": "value"}.',
		);
	return Object.keys(result.data).length > 0 ? result.data : undefined;
}

export function checked(
	{ catalogue }: Backend,
	endpoint: Endpoint,
	rules: Rules,
	taker: string,
	values: Record<string, unknown>,
): Record<string, unknown> {
	const result = checkFields(rules, taker, values);
	if ('fields' in result) return result.fields;
	const { field, value } = result.fault;
	const other =
		field === 'prompt'
			? undefined
			: Object.entries(catalogue.models[endpoint] ?? {}).find(([, { fields }]) => {
					const rule = fields[field];
					return rule !== undefined && readValue(rule, value) !== undefined;
				})?.[0];
	const alternative = other !== undefined && other !== taker ? ` ${other} takes it.` : '';
	throw refused(catalogue, result.fault, rules, alternative);
}

function refused(
	catalogue: Catalogue,
	{ field, value, problem, advice }: FieldFault,
	rules?: Rules,
	alternative = '',
): InvalidInput {
	const label = field === 'prompt' ? 'Prompt' : FIELD_LABELS[field] ? nameOfField(field, catalogue) : field;
	const shown = field === 'prompt' ? String(value) : wordFor(field, value, rules?.fields[field]);
	return invalid(label, `${label} ${shown} ${problem}`.replace(/\s+/g, ' '), `${advice}${alternative}`);
}

function wordFor(field: FieldName, value: unknown, rule: FieldRule | undefined): string {
	const word =
		typeof value === 'object'
			? JSON.stringify(value)
			: Object.hasOwn(FIELD_LABELS, field)
				? labelGiven(field, value as string, rule)
				: (toText(value) ?? '');
	return word.length > 60 ? `${word.slice(0, 57)}…` : word;
}

/** A number that has a name only where it is offered: 0 seconds are "Automatic". */
function labelGiven(field: FieldName, value: string | number, rule: FieldRule | undefined): string {
	const { unit } = FIELD_LABELS[field];
	const isOffered = rule?.kind !== 'choice' || rule.values.map(String).includes(String(value));
	return unit !== undefined && !isOffered && /^\d+$/.test(String(value))
		? `${value} ${unit}`
		: labelValue(field, value);
}

/**
 * Values for a model that the user calls by its ID: of the kind that each field has, whatever their range, and as a known
 * model takes them.
 * @throws InvalidInput where an expression found nothing or more than one value, or what is none of the field's kind
 */
export function openFields(
	{ catalogue }: Backend,
	endpoint: Endpoint,
	model: string,
	rules: (Rules & Partial<ModelRules>) | undefined,
	{ prompt, ...values }: Record<string, unknown>,
): Record<string, unknown> {
	const fault = checkOpenPrompt(rules?.prompt, model, prompt);
	if (fault) throw refused(catalogue, fault);
	const fields: Record<string, unknown> = isLeftOut(prompt) ? {} : { prompt: String(prompt) };
	for (const [name, value] of Object.entries(values)) {
		if (isLeftOut(value)) continue;
		const rule = ruleIn(catalogue, endpoint, name) ?? ruleOf(catalogue, name);
		const text = toText(value);
		const label = Object.hasOwn(FIELD_LABELS, name) ? nameOfField(name as FieldName, catalogue) : name;
		// words of a person may read like those of a failed expression
		const mayBeWords = rule?.kind === 'text' && typeof value === 'string';
		if (!mayBeWords && text !== undefined && isFailedExpression(text))
			throw invalid(label, `${label} is "${text}": the expression found no value`, CHECK_EXPRESSION);
		if (text === undefined && rule?.kind !== 'urls' && !takesJson(rule))
			throw invalid(label, `${label} is a list or an object`, 'Give a single value, such as one field of the item.');
		const own = rules?.fields[name as FieldName];
		const known = own && readValue(own, value);
		const read = known === undefined ? readOpen(rule, value) : { value: known };
		if ('problem' in read) throw invalid(label, `${label} "${show(value)}" ${read.problem}`, read.advice);
		fields[name] = read.value;
	}
	return fields;
}

const isOff = (catalogue: Catalogue, field: FieldName, value: unknown): boolean =>
	ruleOf(catalogue, field)?.kind === 'switch' && readSwitchValue(value) === false;

/** As the models of one endpoint have it: a corner is a number in most and a word in some. */
const ruleIn = ({ models }: Catalogue, endpoint: Endpoint, name: string): FieldRule | undefined =>
	Object.values(models[endpoint] ?? {})
		.map(({ fields }) => (Object.hasOwn(fields, name) ? fields[name as FieldName] : undefined))
		.find((rule) => rule !== undefined);

/** The type of a field is nearly always the same: where no model of this backend has it, one of another may. */
function ruleOf(own: Catalogue, name: string): FieldRule | undefined {
	let rules = knownRules.get(own);
	if (!rules) {
		const others = [...VIDU_BACKENDS, ...COGVIDEOX_BACKENDS].map(({ catalogue }) => catalogue);
		rules = new Map(
			[own, ...others]
				.flatMap(({ models, rules: withoutModel }) => [
					...Object.values(models).flatMap((rows) => Object.values(rows)),
					...Object.values(withoutModel),
				])
				.flatMap(({ fields }) => Object.entries(fields))
				// the first counts
				.reverse(),
		);
		knownRules.set(own, rules);
	}
	return rules.get(name);
}

const knownRules = new WeakMap<Catalogue, ReadonlyMap<string, FieldRule>>();

type OpenReading = { value: unknown } | { problem: string; advice: string };

/**
 * A value of the kind that the field has in every model, whatever the range of this one.
 * @returns the value as it travels, or what it is not
 */
function readOpen(rule: FieldRule | undefined, value: unknown): OpenReading {
	switch (rule?.kind) {
		case 'integer':
		case 'number':
			return readOpenNumber(value, -Infinity);
		case 'choice':
			// lengths, frame rates, positions
			return typeof rule.values[0] === 'number' ? readOpenNumber(value, 0) : { value: toText(value) ?? value };
		case 'text':
			return { value: toText(value) ?? JSON.stringify(value) };
		case 'switch':
		case 'url':
		case 'jsonText': {
			const read = readValue(rule, value);
			return read === undefined ? { problem: refusalOf(rule, value, ''), advice: describeRule(rule) } : { value: read };
		}
		case 'urls':
		case 'words':
		case 'lines':
		case undefined:
			return { value };
	}
}

function readOpenNumber(value: unknown, min: number): OpenReading {
	const text = (toText(value) ?? '').trim();
	const plain = Number(text || NaN);
	const number = Number.isNaN(plain) ? readNumber(text) : plain;
	if (!Number.isFinite(number)) return { problem: 'is not a number', advice: CORRECT };
	return number < min ? { problem: `is below ${min}`, advice: CORRECT } : { value: number };
}

const takesJson = (rule: FieldRule | undefined): boolean =>
	rule?.kind === 'jsonText' || (rule?.kind === 'text' && rule.takesJson === true);

import type { FieldName, FieldRule, FieldValue, PromptRule, Rules, TextRule } from '../catalogue/types';
import { readDecimal, readLines, readWords } from './listedFields';
import { findMisfit } from './restrictions';
import { splitUrls } from './urlList';

/** The run-time check of a wish against the catalogue: expressions can set what no dropdown offers. Pure. */

/** What is wrong with one field, as data; the n8n layer adds label, item and model. */
export interface FieldFault {
	field: FieldName | 'prompt';
	value: unknown;
	/** Behind field and value: "is not offered by vidu2.0". */
	problem: string;
	/** What to do: "Choose 4 or 8." */
	advice: string;
}

/** What travels: a single value, or a list of addresses. */
type WireValue = FieldValue | string[];

export type Checked = { fields: Record<string, WireValue> } | { fault: FieldFault };

/**
 * Checks the values a user set against a model's row. Text from a spreadsheet counts as the number or switch it spells.
 * @param model who takes the values, for the words: the model's id, or the name of an operation without one
 * @param values what the user set, by field; undefined, null and '' count as left out
 * @returns the values to send, prompt included, or the first fault
 */
export function checkFields(
	rules: Rules & { prompt?: PromptRule },
	model: string,
	values: Readonly<Record<string, unknown>>,
): Checked {
	const fields: Record<string, WireValue> = {};
	const { prompt, ...others } = values;
	const promptFault = checkPrompt(rules.prompt, model, prompt);
	if (promptFault) return { fault: promptFault };
	if (!isLeftOut(prompt)) fields.prompt = String(prompt);

	for (const [name, value] of Object.entries(others)) {
		if (isLeftOut(value)) continue;
		const field = name as FieldName;
		const rule = rules.fields[field];
		if (!rule)
			return {
				fault: {
					field,
					value,
					problem: `is not taken by ${model}`,
					advice: rules.prompt ? 'Remove it, or choose a model that takes it.' : 'Remove it.',
				},
			};
		const read = readValue(rule, value);
		if (read === undefined)
			return { fault: { field, value, problem: refusalOf(rule, value, model), advice: describeRule(rule) } };
		if (!Array.isArray(read) || read.length > 0) fields[field] = read;
	}
	const misfit = findMisfit(rules, fields);
	if (!misfit) return { fields };
	const { field, allowed, why } = misfit;
	return {
		fault: {
			field,
			value: fields[field],
			problem: `does not fit: ${why}`,
			advice: allowed.length > 0 ? `Choose ${listValues(allowed)}.` : 'Remove it, or change the other field.',
		},
	};
}

const SWITCH_WORDS = new Map([
	...['true', 'yes', 'y', 'on', '1'].map((word) => [word, true] as const),
	...['false', 'no', 'n', 'off', '0'].map((word) => [word, false] as const),
]);

/** What a switch says, also as sheets write it: TRUE, "no", 1. Undefined for anything else. */
export function readSwitchValue(value: unknown): boolean | undefined {
	return SWITCH_WORDS.get((toText(value) ?? '').trim().toLowerCase());
}

/** A value of the rule's type that the rule allows, also as people and sheets spell it; undefined otherwise. */
export function readValue(rule: FieldRule, value: unknown): WireValue | undefined {
	switch (rule.kind) {
		case 'choice':
			return readChoice(rule.values, String(value).trim());
		case 'switch':
			return readSwitchValue(value);
		case 'integer': {
			const number = typeof value === 'string' ? Number(value.trim() || NaN) : value;
			return isWhole(number) && number >= rule.min && number <= rule.max ? number : undefined;
		}
		case 'text': {
			const text = readText(rule, value);
			const isLong = text !== undefined && text.length >= (rule.minChars ?? 0) && text.length <= rule.maxChars;
			return isLong && (rule.pattern?.is.test(text) ?? true) ? text : undefined;
		}
		case 'url':
			return isAddress(String(value).trim()) ? String(value).trim() : undefined;
		case 'urls': {
			const addresses = splitAddresses(value);
			return addresses.length <= rule.max && addresses.every(isAddress) ? addresses : undefined;
		}
		case 'jsonText':
			return readJsonText(value);
		case 'number':
			return readDecimal(rule, value);
		case 'words':
			return readWords(rule, value);
		case 'lines':
			return readLines(rule, value);
	}
}

const splitAddresses = (value: unknown): string[] =>
	(Array.isArray(value) ? value : [value]).flatMap((entry) => splitUrls(String(entry)));

/** "1080P" and 1080 are 1080p, "9x16" is 9:16, "5.0" and "5s" are 5; a reading that fits two values fits none. */
function readChoice(values: ReadonlyArray<string | number>, text: string): string | number | undefined {
	const exact = values.find((allowed) => String(allowed) === text);
	if (exact !== undefined) return exact;
	const alike = values.filter((allowed) =>
		typeof allowed === 'number' ? readNumber(text) === allowed : simplified(allowed) === simplified(text),
	);
	return alike.length === 1 ? alike[0] : undefined;
}

const isWhole = (value: unknown): value is number => Number.isInteger(value);

/** A number with the units that people write behind a length or a frame rate; NaN for any other text. */
export function readNumber(text: string): number {
	const digits = /^(-?\d+(?:\.0+)?)\s*(?:s|secs?|seconds?|sek|sekunden?|秒|fps)?$/i.exec(text)?.[1];
	return Number(digits);
}

const simplified = (text: string): string =>
	text
		.toLowerCase()
		.replace(/(?<=\d)\s*[x×*:：/]\s*(?=\d)/g, ':')
		.replace(/(?<=^\d+)\s*(?:p$|(?=k$))/, '')
		.replace(/[\s_-]+/g, '_');

function readText({ takesJson }: TextRule, value: unknown): string | undefined {
	if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
	return toText(value) ?? (takesJson ? JSON.stringify(value) : undefined);
}

/** What stands behind a value that was refused. */
export function refusalOf(rule: FieldRule, value: unknown, model: string): string {
	switch (rule.kind) {
		case 'choice':
			return `is not offered by ${model}`;
		case 'switch':
			return 'is neither on nor off';
		case 'integer':
			return /^\s*-?\d+(\.\d+)?\s*$/.test(String(value)) ? `is not offered by ${model}` : 'is not a whole number';
		case 'text': {
			const text = readText(rule, value);
			if (text === undefined) return 'must be text';
			if (text.length > rule.maxChars) return `is too long for ${model}`;
			return text.length < (rule.minChars ?? 0) ? `is too short for ${model}` : `is not taken by ${model}`;
		}
		case 'url':
			return 'is not a valid URL';
		case 'urls':
			return splitAddresses(value).length > rule.max ? `holds more than ${rule.max} URLs` : 'is not a valid URL';
		case 'jsonText':
			return 'is not a JSON object';
		case 'number':
		case 'words':
			return `is not offered by ${model}`;
		case 'lines':
			return 'has a line that is too long';
	}
}

/** Whole, as a service takes it. Media are read by `toHttpUrl`, which mends what people paste. */
const isAddress = (text: string): boolean => /^https?:\/\/[^\s/]\S*$/i.test(text) && URL.canParse(text);

function readJsonText(value: unknown): string | undefined {
	try {
		const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
		return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? JSON.stringify(parsed) : undefined;
	} catch {
		return undefined;
	}
}

/** What to do when a value is refused: "Choose 4 or 8." */
export function describeRule(rule: FieldRule): string {
	switch (rule.kind) {
		case 'choice':
			return `Choose ${listValues(rule.values)}.`;
		case 'switch':
			return 'Choose true or false.';
		case 'integer':
			return `Use a whole number from ${rule.min} to ${rule.max}.`;
		case 'text':
			if (rule.pattern) return `Use ${rule.pattern.words}, ${rule.minChars ?? 1} to ${rule.maxChars} characters.`;
			return rule.minChars === undefined
				? `Use at most ${rule.maxChars} characters.`
				: `Use ${rule.minChars} to ${rule.maxChars} characters.`;
		case 'url':
			return 'Use an address that starts with https://.';
		case 'urls':
			return `Use at most ${rule.max} addresses that start with https://, separated by commas or lines.`;
		case 'jsonText':
			return 'Use a JSON object, such as {"name": "value"}.';
		case 'number':
			return `Use a number from ${rule.min} to ${rule.max}.`;
		case 'words':
			return `Choose some of ${rule.values.join(', ')}.`;
		case 'lines':
			return `Use lines of at most ${rule.maxChars} characters.`;
	}
}

/** "4 or 8", "1 to 16", "16:9, 9:16 or 1:1". */
export function listValues(values: ReadonlyArray<string | number>): string {
	const numbers = values.filter((value): value is number => typeof value === 'number');
	const isRange =
		numbers.length === values.length &&
		numbers.length > 2 &&
		numbers.every((number, index) => index === 0 || number - 1 === numbers[index - 1]);
	if (isRange) return `${numbers[0]} to ${numbers[numbers.length - 1]}`;
	return values.length < 2
		? String(values[0] ?? '')
		: `${values.slice(0, -1).join(', ')} or ${values[values.length - 1]}`;
}

function checkPrompt(rule: PromptRule | undefined, model: string, prompt: unknown): FieldFault | undefined {
	const openFault = checkOpenPrompt(rule, model, prompt);
	if (openFault || isLeftOut(prompt)) return openFault;
	const text = String(prompt);
	if (!rule || text.length <= rule.maxChars) return undefined;
	return {
		field: 'prompt',
		value: `of ${text.length} characters`,
		problem: `is too long for ${model}`,
		advice: `Use at most ${rule.maxChars} characters.`,
	};
}

/**
 * What no model can make a video of: no text at all, or what an expression made of a value that is not there.
 * @param rule undefined for a model that the catalogue does not know
 */
export function checkOpenPrompt(rule: PromptRule | undefined, model: string, prompt: unknown): FieldFault | undefined {
	if (typeof prompt === 'object' && prompt !== null)
		return {
			field: 'prompt',
			value: '',
			problem: 'must be text',
			advice: 'Give a text, such as one field of the item.',
		};
	if (isLeftOut(prompt) || String(prompt).trim() === '')
		return rule?.required
			? { field: 'prompt', value: '', problem: `is needed by ${model}`, advice: 'Describe what is wanted.' }
			: undefined;
	const text = String(prompt);
	if (!isFailedExpression(text)) return undefined;
	return {
		field: 'prompt',
		value: `is "${text.length > 60 ? `${text.slice(0, 57)}…` : text}":`,
		problem: 'the expression found no text',
		advice: CHECK_EXPRESSION,
	};
}

/** What to do where an expression found nothing. */
export const CHECK_EXPRESSION = 'Check which field of the item the expression reads.';

/** What JavaScript makes of a value that is not there, of a failed sum and of an object: nobody wants a video of it. */
export const isFailedExpression = (text: string): boolean =>
	/^\s*(NaN|-?Infinity|undefined|null)\s*$/.test(text) || text.includes('[object Object]');

/** A text, number or switch as a text; undefined for a list, an object and what is not there. */
export function toText(value: unknown): string | undefined {
	if (typeof value === 'string') return value;
	return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
		? String(value)
		: undefined;
}

export function isLeftOut(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

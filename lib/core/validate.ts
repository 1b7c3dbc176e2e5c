import type { FieldName, FieldRule, FieldValue, Fields, ModelRules, Restriction } from '../catalogue/types';

/** The run-time check of a wish against the catalogue: expressions can set what no dropdown offers. Pure. */

/** What is wrong with one field, as data; the n8n layer adds label, item and model. */
export interface FieldFault {
	field: FieldName | 'prompt';
	value: unknown;
	/** Behind field and value: "is not offered by vidu2.0". */
	said: string;
	/** What to do: "Choose 4 or 8." */
	todo: string;
}

/** What travels: a single value, or a list of addresses. */
type WireValue = FieldValue | string[];

export type Checked = { fields: Record<string, WireValue> } | { fault: FieldFault };

/**
 * Checks the values a user set against a model's row. Text from a spreadsheet counts as the number or switch it spells.
 * @param model the id, for the words
 * @param values what the user set, by field; undefined, null and '' count as left out
 * @returns the values to send, prompt included, or the first fault
 */
export function checkFields(
	rules: ModelRules,
	model: string,
	values: Readonly<Record<string, unknown>>,
): Checked {
	const fields: Record<string, WireValue> = {};
	const { prompt, ...others } = values;
	const promptFault = checkPrompt(rules, model, prompt);
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
					said: `is not taken by ${model}`,
					todo: 'Remove it, or choose a model that takes it.',
				},
			};
		const read = readValue(rule, value);
		if (read === undefined)
			return {
				fault: { field, value, said: `is not offered by ${model}`, todo: describeRule(rule) },
			};
		if (!Array.isArray(read) || read.length > 0) fields[field] = read;
	}
	const fault = checkRestrictions(rules, fields);
	return fault ? { fault } : { fields };
}

const SWITCH_WORDS = new Map(
	Object.entries({ true: true, yes: true, on: true, '1': true, false: false, no: false, off: false, '0': false }),
);

/** What a switch says, also as sheets write it: TRUE, "no", 1. Undefined for anything else. */
export function readSwitchValue(value: unknown): boolean | undefined {
	if (typeof value === 'boolean') return value;
	return typeof value === 'object' ? undefined : SWITCH_WORDS.get(String(value).trim().toLowerCase());
}

/** A value of the rule's type that the rule allows; undefined otherwise. */
export function readValue(rule: FieldRule, value: unknown): WireValue | undefined {
	switch (rule.kind) {
		case 'choice':
			return rule.values.find((allowed) => String(allowed) === String(value).trim());
		case 'switch':
			return readSwitchValue(value);
		case 'integer': {
			const number = typeof value === 'string' ? Number(value.trim() || NaN) : value;
			return typeof number === 'number' &&
				Number.isInteger(number) &&
				number >= rule.min &&
				number <= rule.max
				? number
				: undefined;
		}
		case 'text': {
			if (typeof value === 'object') return undefined;
			const text = String(value);
			return text.length <= rule.maxChars && text.length >= (rule.minChars ?? 0) ? text : undefined;
		}
		case 'url':
			return isAddress(String(value).trim()) ? String(value).trim() : undefined;
		case 'urls': {
			const addresses = (Array.isArray(value) ? value : [value]).flatMap(splitAddresses);
			return addresses.length <= rule.max && addresses.every(isAddress) ? addresses : undefined;
		}
		case 'jsonText':
			return readJsonText(value);
	}
}

/** Lines, or commas in front of a new address: commas inside an address belong to it. */
const splitAddresses = (value: unknown): string[] =>
	String(value)
		.split(/[\r\n]+|,(?=\s*(?:https?:|$))/i)
		.map((address) => address.trim())
		.filter((address) => address !== '');

const isAddress = (text: string): boolean => /^https?:\/\/[^\s/]+\S*$/i.test(text) && URL.canParse(text);

function readJsonText(value: unknown): string | undefined {
	try {
		const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
		return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
			? JSON.stringify(parsed)
			: undefined;
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
			return rule.minChars === undefined
				? `Use at most ${rule.maxChars} characters.`
				: `Use ${rule.minChars} to ${rule.maxChars} characters.`;
		case 'url':
			return 'Use an address that starts with https://.';
		case 'urls':
			return `Use at most ${rule.max} addresses that start with https://, separated by commas or lines.`;
		case 'jsonText':
			return 'Use a JSON object.';
	}
}

/** "4 or 8", "1 to 16", "16:9, 9:16 or 1:1". */
export function listValues(values: ReadonlyArray<string | number>): string {
	const numbers = values.filter((value): value is number => typeof value === 'number');
	const isRange =
		numbers.length === values.length &&
		numbers.length > 2 &&
		numbers.every((number, index) => index === 0 || number === numbers[index - 1] + 1);
	if (isRange) return `${numbers[0]} to ${numbers[numbers.length - 1]}`;
	return values.length < 2
		? values.join('')
		: `${values.slice(0, -1).join(', ')} or ${values[values.length - 1]}`;
}

function checkPrompt({ prompt: rule }: ModelRules, model: string, prompt: unknown): FieldFault | undefined {
	// an expression that gives an object would order a video of "[object Object]"
	if (typeof prompt === 'object' && prompt !== null)
		return { field: 'prompt', value: '', said: 'is no text', todo: 'Give a text, such as one field of the item.' };
	if (isLeftOut(prompt) || String(prompt).trim() === '')
		return rule.required
			? { field: 'prompt', value: '', said: `is needed by ${model}`, todo: 'Describe the video.' }
			: undefined;
	const text = String(prompt);
	if (text.length <= rule.maxChars) return undefined;
	return {
		field: 'prompt',
		value: `of ${text.length} characters`,
		said: `is too long for ${model}`,
		todo: `Use at most ${rule.maxChars} characters.`,
	};
}

function checkRestrictions(
	{ fields: rules, restrictions = [] }: ModelRules,
	fields: Record<string, WireValue>,
): FieldFault | undefined {
	for (const restriction of restrictions) {
		if (!applies(restriction, rules, fields)) continue;
		for (const [name, allowed] of Object.entries(restriction.allow ?? {})) {
			const value = fields[name];
			if (value !== undefined && !allowed.includes(value as string | number))
				return fault(name, value, restriction, `Choose ${listValues(allowed)}.`);
		}
		for (const name of restriction.without ?? [])
			if (fields[name] !== undefined && fields[name] !== false)
				return fault(name, fields[name], restriction, 'Remove it, or change the other field.');
	}
	return undefined;
}

const fault = (name: string, value: WireValue, { why }: Restriction, todo: string): FieldFault => ({
	field: name as FieldName,
	value,
	said: `does not fit: ${why}`,
	todo,
});

/** A field the user left out counts with the service's default. */
export function applies(
	{ when }: Restriction,
	rules: Fields,
	fields: Readonly<Record<string, unknown>>,
): boolean {
	return Object.entries(when).every(([name, values]) => {
		const rule = rules[name as FieldName];
		const fallback = rule && 'default' in rule ? rule.default : undefined;
		const value = fields[name] ?? fallback;
		return value !== undefined && values.includes(value as FieldValue);
	});
}

export function isLeftOut(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

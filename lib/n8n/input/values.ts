import { z } from 'zod';

import { isFailedExpression, isLeftOut, readSwitchValue } from '../../core/fields';
import { nameOfParameter } from '../labels';
import { invalid } from './invalidInput';

/**
 * Kinds of values as people, sheets and expressions write them, each a schema that gives plain typed data. What a value
 * is not is said behind its name: `Limit "x" is not a whole number above 0`.
 */

export const CORRECT = 'Correct it or remove it.';

/**
 * @param read gives undefined for what is none of this kind; it never sees what was left out
 * @param fallback of a parameter that was left out
 */
function kind<T, F>(
	read: (value: unknown) => T | undefined,
	fallback: F,
	problem: string,
	advice = CORRECT,
): z.ZodType<T | F, z.ZodTypeDef, unknown> {
	return z.unknown().transform((value, context): T | F => {
		if (isLeftOut(value) || (typeof value === 'string' && value.trim() === '')) return fallback;
		const found = read(value);
		if (found !== undefined) return found;
		context.addIssue({ code: 'custom', message: problem, params: { advice } });
		return z.NEVER;
	});
}

/** A number, also as a text that spells it; NaN for all else. */
const toNumber = (value: unknown): number =>
	typeof value === 'number' ? value : typeof value === 'string' ? Number(value.trim() || NaN) : NaN;

/** "TRUE", "no", 1. */
export const onOff = <F>(fallback: F): z.ZodType<boolean | F, z.ZodTypeDef, unknown> =>
	kind(readSwitchValue, fallback, 'is neither on nor off', 'Give true or false, or remove the expression.');

export const aboveZero = <F>(fallback: F): z.ZodType<number | F, z.ZodTypeDef, unknown> =>
	kind(
		(value) => {
			const number = toNumber(value);
			return Number.isFinite(number) && number > 0 ? number : undefined;
		},
		fallback,
		'is not a number above 0',
	);

export const wholeAboveZero = <F>(fallback: F): z.ZodType<number | F, z.ZodTypeDef, unknown> =>
	kind(
		(value) => {
			const number = toNumber(value);
			return Number.isInteger(number) && number > 0 ? number : undefined;
		},
		fallback,
		'is not a whole number above 0',
	);

export const wholeFromZero = <F>(fallback: F): z.ZodType<number | F, z.ZodTypeDef, unknown> =>
	kind(
		(value) => {
			const number = toNumber(value);
			return Number.isInteger(number) && number >= 0 ? number : undefined;
		},
		fallback,
		'is not a whole number from 0',
	);

/** The name of a binary field. Not what an expression makes of nothing: the file would be where nobody looks for it. */
export const fieldName = <F>(fallback: F): z.ZodType<string | F, z.ZodTypeDef, unknown> =>
	kind(
		(value) => {
			const name = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
			return name === '' || name === '__proto__' || isFailedExpression(name) ? undefined : name;
		},
		fallback,
		'is not a name for a field',
		'Give a text such as data.',
	);

/** Whatever an expression gives: a file has a name of its own where this is none. */
export const fileName = z.unknown().transform((value) => {
	const name = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
	return name.trim() === '' ? undefined : name;
});

/** One of the words that the panel offers, in any case. */
export const oneOf = <Word extends string>(
	words: readonly [Word, ...Word[]],
	fallback: Word,
	advice: string,
): z.ZodType<Word, z.ZodTypeDef, unknown> =>
	kind(
		(value) => words.find((word) => typeof value === 'string' && word.toLowerCase() === value.trim().toLowerCase()),
		fallback,
		'is not offered',
		advice,
	);

/**
 * Milliseconds since 1970, or a text with a day in it, as an ISO text. A text needs a year: JavaScript makes a day of
 * "item 3" as well.
 */
export const moment = kind(
	(value) => {
		const [single, ...others] = Array.isArray(value) ? (value as unknown[]) : [value];
		if (others.length > 0 || (typeof single !== 'number' && typeof single !== 'string')) return undefined;
		const time = new Date(single);
		const isDay = typeof single === 'number' || /\d{4}/.test(single);
		return isDay && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
	},
	undefined,
	'is not a date',
	'Give a date such as 2026-11-25 or 2026-11-25T18:00:00Z, or an expression such as {{ $now.minus({ days: 1 }) }}.',
);

/** Words between commas or blanks, or a list of them. */
export const words = (fallback: string[]): z.ZodType<string[], z.ZodTypeDef, unknown> =>
	kind(toWords, fallback, 'is not a list of words', 'Give words between commas, or remove it.');

function toWords(value: unknown): string[] | undefined {
	const isWord = (word: unknown): word is string | number => typeof word === 'string' || Number.isFinite(word);
	const pieces: unknown[] =
		typeof value === 'string' ? value.split(/[\s,;]+/) : Array.isArray(value) ? (value as unknown[]) : [value];
	const given = pieces.filter((word) => !isLeftOut(word));
	if (!given.every(isWord)) return undefined;
	// half a character has no place in an address
	return given
		.map((word) =>
			String(word)
				.trim()
				.replace(/\p{Surrogate}/gu, ''),
		)
		.filter((word) => word !== '');
}

/** Reads one parameter. @throws InvalidInput that names it */
export function readValue<T>(schema: z.ZodType<T, z.ZodTypeDef, unknown>, name: string, value: unknown): T {
	const read: Record<string, T> = readValues(z.record(schema), { [name]: value });
	return read[name] as T;
}

/**
 * Reads parameters by a schema whose keys are their names.
 * @param nameOf how they are called in messages
 * @throws InvalidInput that names the first parameter which is none of its kind
 */
export function readValues<Schema extends z.ZodTypeAny>(
	schema: Schema,
	values: Readonly<Record<string, unknown>>,
	nameOf: (name: string) => string = nameOfParameter,
): z.output<Schema> {
	const result = schema.safeParse(values);
	if (result.success) return result.data as z.output<Schema>;
	const [issue] = result.error.issues;
	const name = String(issue?.path[0]);
	const label = nameOf(name);
	const advice = issue?.code === 'custom' ? (issue.params as { advice?: string } | undefined)?.advice : undefined;
	throw invalid(label, `${label} "${show(values[name])}" ${issue?.message ?? 'cannot be read'}`, advice ?? CORRECT);
}

const SHOWN_CHARACTERS = 60;

/** A value in a message; long ones are cut. */
export function show(value: unknown): string {
	const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
	return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 3)}…` : text;
}

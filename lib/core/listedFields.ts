import type { LinesRule, NumberRule, WordsRule } from '../catalogue/types';

/** Fields of an API that are a number with a fraction, or a list. Pure. */

/** @returns undefined for what is no number within the bounds; a text may spell it, with a decimal comma too */
export function readDecimal({ min, max }: NumberRule, value: unknown): number | undefined {
	const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
	const number = Number(text.replace(/^(-?\d+),(\d+)$/, '$1.$2') || NaN);
	return number >= min && number <= max ? number : undefined;
}

/** Words between commas or lines, or a list of them, each once; undefined where one of them is not offered. */
export function readWords({ values }: WordsRule, value: unknown): string[] | undefined {
	const given = [...new Set(wordsOf(value))];
	return given.every((word) => values.includes(word)) ? given : undefined;
}

/** Words between commas or lines, or those of a list. */
export const wordsOf = (value: unknown): string[] => piecesOf(value, /[\s,;]+/);

/** Lines of a text, or a list of texts; undefined where one of them is none, or too long. */
export function readLines({ maxChars }: LinesRule, value: unknown): string[] | undefined {
	const entries = Array.isArray(value) ? (value as unknown[]) : [value];
	if (!entries.every((entry) => typeof entry === 'string')) return undefined;
	const given = piecesOf(value, /[\r\n]+/);
	return given.every(({ length }) => length <= maxChars) ? given : undefined;
}

const piecesOf = (value: unknown, between: RegExp): string[] =>
	(Array.isArray(value) ? (value as unknown[]) : [value])
		.flatMap((entry) => String(entry).split(between))
		.map((piece) => piece.trim())
		.filter((piece) => piece !== '');

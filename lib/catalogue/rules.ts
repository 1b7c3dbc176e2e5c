import type { ChoiceRule, IntegerRule, JsonTextRule, SwitchRule, TextRule, UrlRule, UrlsRule } from './types';

/** Short spellings for catalogue rows. */

export const oneOf = (
	values: ReadonlyArray<string | number>,
	defaultValue: string | number = values[0],
): ChoiceRule => ({ kind: 'choice', values, default: defaultValue });

/** `wholeSeconds(1, 4)` is 1, 2, 3, 4. */
export const wholeSeconds = (from: number, to: number): number[] =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);

export const onOff = (defaultValue: boolean): SwitchRule => ({ kind: 'switch', default: defaultValue });

export const text = (maxChars: number, minChars?: number): TextRule =>
	minChars === undefined ? { kind: 'text', maxChars } : { kind: 'text', minChars, maxChars };

/** Text that the service hands back with the result. */
export const passthrough = (maxChars: number): TextRule => ({ ...text(maxChars), takesJson: true });

export const integer = (min: number, max: number): IntegerRule => ({ kind: 'integer', min, max });

export const url: UrlRule = { kind: 'url' };
export const urls = (max: number): UrlsRule => ({ kind: 'urls', max });
export const jsonText: JsonTextRule = { kind: 'jsonText' };

/** Bytes. Documents say MB without a definition; the smaller reading is never refused. */
export const MEGABYTE = 1_000_000;

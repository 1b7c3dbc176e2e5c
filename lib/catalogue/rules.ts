import type {
	ChoiceRule,
	EndpointRows,
	IntegerRule,
	JsonTextRule,
	LinesRule,
	NumberRule,
	FieldValue,
	OperationDeclaration,
	Restriction,
	SwitchRule,
	TextRule,
	UrlRule,
	UrlsRule,
	WordsRule,
} from './types';

/** Short spellings for catalogue rows. */

/** @throws for a list that is empty: every choice has a default */
export function oneOf(values: ReadonlyArray<string | number>, defaultValue = values[0]): ChoiceRule {
	if (defaultValue === undefined) throw new Error('A choice needs values');
	return { kind: 'choice', values, default: defaultValue };
}

/** `wholeSeconds(1, 4)` is 1, 2, 3, 4. */
export const wholeSeconds = (from: number, to: number): number[] =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);

export const onOff = (defaultValue: boolean): SwitchRule => ({ kind: 'switch', default: defaultValue });

export const text = (maxChars: number, minChars?: number): TextRule =>
	minChars === undefined ? { kind: 'text', maxChars } : { kind: 'text', minChars, maxChars };

/** Text that the service hands back with the result. */
export const passthrough = (maxChars: number): TextRule => ({ ...text(maxChars), takesJson: true });

export const integer = (min: number, max: number, defaultValue?: number): IntegerRule =>
	defaultValue === undefined ? { kind: 'integer', min, max } : { kind: 'integer', min, max, default: defaultValue };

/** A number with a fraction. */
export const decimal = (min: number, max: number, defaultValue: number): NumberRule => ({
	kind: 'number',
	min,
	max,
	default: defaultValue,
});

/** Some of these words. @param preset what the panel starts with */
export const someOf = (values: readonly string[], preset: readonly string[]): WordsRule => ({
	kind: 'words',
	values,
	preset,
});

/** Texts, one in each line. */
export const lines = (maxChars: number): LinesRule => ({ kind: 'lines', maxChars });

export const url: UrlRule = { kind: 'url' };
export const urls = (max: number): UrlsRule => ({ kind: 'urls', max });
export const jsonText: JsonTextRule = { kind: 'jsonText' };

/** A restriction between fields that an operation alone has, whose names the compiler does not know. */
export const ownRestriction = (restriction: {
	when: Record<string, readonly FieldValue[]>;
	allow?: Record<string, ReadonlyArray<string | number>>;
	without?: readonly string[];
	why: string;
}): Restriction => restriction as Restriction;

/** Keeps the name of an operation for the compiler, and nothing else. */
export const operation = <const Name extends string>(
	declaration: OperationDeclaration<Name>,
): OperationDeclaration<Name> => declaration;

/** An operation of Vidu's as another provider sells it: the same to the user, with rows of its own and one path for all. */
export const soldAs = <Name extends string>(
	{ path: _path, subjects: _subjects, defaultModel: _default, ...declaration }: OperationDeclaration<Name>,
	rows: Pick<EndpointRows, 'models' | 'defaultModel'>,
): OperationDeclaration<Name> => ({ ...declaration, ...rows });

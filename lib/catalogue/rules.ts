import type {
	ChoiceRule,
	EndpointRows,
	IntegerRule,
	JsonTextRule,
	OperationDeclaration,
	SwitchRule,
	TextRule,
	UrlRule,
	UrlsRule,
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

export const integer = (min: number, max: number): IntegerRule => ({ kind: 'integer', min, max });

export const url: UrlRule = { kind: 'url' };
export const urls = (max: number): UrlsRule => ({ kind: 'urls', max });
export const jsonText: JsonTextRule = { kind: 'jsonText' };

/** Keeps the name of an operation for the compiler, and nothing else. */
export const operation = <const Name extends string>(
	declaration: OperationDeclaration<Name>,
): OperationDeclaration<Name> => declaration;

/** An operation of Vidu's as another provider sells it: the same to the user, with rows of its own and one path for all. */
export const soldAs = <Name extends string>(
	{ path: _path, subjects: _subjects, defaultModel: _default, ...declaration }: OperationDeclaration<Name>,
	rows: Pick<EndpointRows, 'models' | 'defaultModel'>,
): OperationDeclaration<Name> => ({ ...declaration, ...rows });

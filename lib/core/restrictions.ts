import type { FieldName, Fields, FieldValue, Restriction, Rules } from '../catalogue/types';

/** Fields that depend on one another. Pure; what a restriction means is written here and nowhere else. */

/** A field that does not fit beside the others. */
export interface Misfit {
	field: FieldName;
	/** The values that would fit; none where the field has to be left out. */
	allowed: ReadonlyArray<string | number>;
	/** Half a sentence for the message. */
	why: string;
}

/** The first field that does not fit beside the others, in the order of the row. A switch that is off asks for nothing. */
export function findMisfit(
	{ fields: rules, restrictions = [] }: Pick<Rules, 'fields' | 'restrictions'>,
	fields: Readonly<Record<string, unknown>>,
): Misfit | undefined {
	for (const restriction of restrictions) {
		if (!applies(restriction, rules, fields)) continue;
		const { allow = {}, without = [], why } = restriction;
		for (const field of [...(Object.keys(allow) as FieldName[]), ...without]) {
			const allowed = allowedBy(restriction, field) ?? [];
			const value = fields[field];
			if (value === undefined || allowed.includes(value as string | number)) continue;
			if (allowed.length > 0 || value !== false) return { field, allowed, why };
		}
	}
	return undefined;
}

/** The restrictions that say something of a field. */
export const restrictionsOn = (field: FieldName, { restrictions = [] }: Rules): readonly Restriction[] =>
	restrictions.filter((restriction) => allowedBy(restriction, field) !== undefined);

/** The values that a restriction leaves a field, none where it forbids it; undefined where it says nothing of the field. */
export const allowedBy = (
	{ allow, without }: Restriction,
	field: FieldName,
): ReadonlyArray<string | number> | undefined => (without?.includes(field) ? [] : allow?.[field]);

/** A field the user left out counts with the service's default. */
export function applies({ when }: Restriction, rules: Fields, fields: Readonly<Record<string, unknown>>): boolean {
	return Object.entries(when).every(([name, values]) => {
		const rule = rules[name as FieldName];
		const fallback = rule && 'default' in rule ? rule.default : undefined;
		return values.includes((fields[name] ?? fallback) as FieldValue);
	});
}

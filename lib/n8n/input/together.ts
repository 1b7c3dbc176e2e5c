import type { OperationDeclaration } from '../../catalogue/types';
import { isLeftOut, listValues } from '../../core/fields';
import { invalid } from './invalidInput';

/** What has to be there together, or of which one has to be there: a service would refuse the order, or make it in vain. */

type Given = Readonly<Record<string, unknown>>;

/** @throws InvalidInput for a field without the one that it needs */
export function assertPartners({ ownFields = {} }: OperationDeclaration, fields: Given): void {
	for (const [field, { name, needs }] of Object.entries(ownFields)) {
		const partner = needs === undefined ? undefined : ownFields[needs];
		if (needs === undefined || partner === undefined) continue;
		if (isLeftOut(fields[field]) || fields[field] === false || !isLeftOut(fields[needs])) continue;
		throw invalid(partner.name, `${partner.name} is missing`, `${name} needs it. Fill it in, or remove ${name}.`);
	}
}

/**
 * @param given everything that is sent beside the operation's own fields, by its name on the wire
 * @throws InvalidInput where there is none of those of which the operation needs one
 */
export function assertAnyOf(
	{ anyOf = [], inputs, ownFields = {} }: OperationDeclaration,
	fields: Given,
	given: Given,
): void {
	if (anyOf.length === 0 || anyOf.some((name) => !isLeftOut(fields[name]) || !isLeftOut(given[name]))) return;
	const labels = anyOf.map(
		(name) =>
			inputs.flatMap((input) => ('name' in input && input.name === name ? [input.label] : []))[0] ??
			ownFields[name]?.name ??
			name,
	);
	const words = listValues(labels);
	throw invalid(
		labels[0] ?? words,
		`${words} is missing`,
		`This row has ${labels.length > 2 ? 'none of them' : 'neither'}. Leave such rows out with a Filter node before this one.`,
	);
}

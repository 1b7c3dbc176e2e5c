import type { Endpoint } from './operations';
import type { Catalogue, EndpointRows, FieldName, OperationDeclaration } from './types';

/** The bodies of an operation, by the endpoint's name. */
export const bodiesOf = (operation: OperationDeclaration): Array<[Endpoint, EndpointRows]> => [
	[operation.name as Endpoint, operation],
	...(operation.subjects ? [['subjectsToVideo', operation.subjects] as [Endpoint, EndpointRows]] : []),
];

/**
 * What a provider offers, from its operations.
 * @param furtherFields that a custom model may take though no row has them: known from other providers' rows
 */
export function catalogue({
	furtherFields = [],
	...facts
}: Omit<Catalogue, 'models' | 'defaultModel' | 'customFields'> & {
	furtherFields?: readonly FieldName[];
}): Catalogue {
	const bodies = facts.operations.flatMap(bodiesOf);
	const rows = bodies.flatMap(([, { models }]) => Object.values(models));
	return {
		...facts,
		models: Object.fromEntries(bodies.map(([endpoint, { models }]) => [endpoint, models])),
		defaultModel: Object.fromEntries(
			bodies.flatMap(([endpoint, { defaultModel }]) => (defaultModel === undefined ? [] : [[endpoint, defaultModel]])),
		),
		customFields: [...new Set([...rows.flatMap(({ fields }) => Object.keys(fields) as FieldName[]), ...furtherFields])],
	};
}

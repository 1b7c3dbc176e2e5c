import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { OPERATIONS } from '../../catalogue/operations';
import type { OperationDeclaration } from '../../catalogue/types';

/** The names that are known, for the list of a parameter that takes any other too. Nothing is asked of the service. */
export function searchNames(context: ILoadOptionsFunctions, filter = ''): INodeListSearchResult {
	const asked = context.getCurrentNodeParameter('operation');
	const declaration: OperationDeclaration | undefined = OPERATIONS.find(({ name }) => name === asked);
	const names = (declaration?.inputs ?? []).flatMap((slot) => (slot.kind === 'name' ? slot.suggestions : []));
	const words = filter
		.trim()
		.toLowerCase()
		.split(/[\s_]+/);
	return {
		results: names
			.filter((name) => words.every((word) => name.toLowerCase().includes(word)))
			.map((name) => ({ name, value: name })),
	};
}

import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Resource } from '../../catalogue/types';
import type { Provider } from '../../core/provider';

/** Calls beside the orders of a resource, which cost nothing: what the account keeps, and what it has made. */

interface FreeCall {
	needs: keyof Pick<Provider, 'subjects' | 'films'>;
	option: INodePropertyOptions;
}

/** By resource, as they stand behind its orders. */
export const FREE_CALLS: Partial<Record<Resource, readonly FreeCall[]>> = {
	film: [
		{
			needs: 'films',
			option: {
				name: 'Get',
				value: 'get',
				action: 'Get film',
				description: 'Get a film with its storyboard, narration and music, and all their versions',
			},
		},
	],
	subject: [
		{
			needs: 'subjects',
			option: {
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many subjects',
				description: 'List the subjects that the account keeps',
			},
		},
	],
};

/** Values of `operation` that order nothing. */
export const FREE_OPERATIONS: string[] = Object.values(FREE_CALLS).flatMap((calls) =>
	calls.map(({ option }) => String(option.value)),
);

export function libraryProperties(): INodeProperties[] {
	const show = { show: { resource: ['subject'], operation: ['getMany'] } };
	return [
		...updateDisplayOptions(show, [
			{
				displayName: 'Return All',
				name: 'returnAll',
				type: 'boolean',
				default: false,
				description: 'Whether to return all results or only up to a given limit',
			},
		]),
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { ...show.show, returnAll: [false] } },
		},
		...updateDisplayOptions(show, [
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add filter',
				default: {},
				options: [
					{
						displayName: 'Ownership',
						name: 'ownership',
						type: 'options',
						options: [
							{ name: 'Private', value: 'private', description: 'Subjects that you have created' },
							{ name: 'System', value: 'system', description: 'Subjects that Vidu offers to everybody' },
						],
						default: 'private',
						description: 'Whose subjects to list',
					},
					{
						displayName: 'Subject IDs',
						name: 'subjectIds',
						type: 'string',
						default: '',
						description: 'Separated by commas',
					},
				],
			},
		]),
	];
}

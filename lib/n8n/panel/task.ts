import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties } from 'n8n-workflow';

import type { Backend } from '../backends';
import { showRoute } from './conditions';
import { downloadProperties } from './download';
import { taskLocator } from './locators';
import { notForTools, taskCollections } from './options';

/** The operations on tasks that exist already. */

/** @param backends the ways of the node, some of which can list tasks */
export function taskProperties(backends: readonly Backend[]): INodeProperties[] {
	const { limits, files } = taskCollections();
	const show = (operations: string[]) => ({ show: { resource: ['task'], operation: operations } });
	const gettingFilms = backends.filter(({ provider }) => provider.films);
	/** A film is fetched like what any other task made. */
	const showFiles = {
		show: { resource: gettingFilms.length > 0 ? ['task', 'film'] : ['task'], operation: ['get', 'wait'] },
	};
	return [
		...backends.map((backend): INodeProperties => ({
			displayName: 'Task ID',
			name: 'taskId',
			...taskLocator(backend.provider.list !== undefined),
			description: 'ID of the task, as the node returned it. Keep it as text: spreadsheets round long numbers.',
			displayOptions: {
				show: { ...show(['get', 'cancel']).show, ...showRoute(backend, backends) },
			},
		})),
		...gettingFilms.map((backend): INodeProperties => ({
			displayName: 'Task ID',
			name: 'taskId',
			...taskLocator(backend.provider.list !== undefined),
			description: 'ID of the film, as the node returned it. Keep it as text: spreadsheets round long numbers.',
			displayOptions: {
				show: { resource: ['film'], operation: ['get'], ...showRoute(backend, backends) },
			},
		})),
		{
			displayName: 'Task IDs',
			name: 'taskIds',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. 876543210123456789, 876543210123456790',
			description:
				'One or more, separated by commas or line breaks, or an expression that returns a list. Keep them as text: spreadsheets round long numbers.',
			displayOptions: show(['wait']),
		},
		{
			// workflows written by hand may well use the name that the other operations have
			displayName: 'Task IDs',
			name: 'taskId',
			type: 'hidden',
			default: '',
			displayOptions: show(['wait']),
		},
		{
			displayName:
				'Each node remembers its own Order Keys: this forgets those that this very node has ordered by, in this workflow. No other node can reach them. To begin anew without changing a node that orders, put a copy in its place: a copy remembers none.',
			name: 'forgetKeysNotice',
			type: 'notice',
			default: '',
			displayOptions: show(['forgetKeys']),
		},
		{
			displayName: 'Order Keys',
			name: 'orderKeys',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. 632910392-850703190',
			description: 'One in each line, or an expression that returns a list. Leave it empty to forget all of them.',
			displayOptions: show(['forgetKeys']),
		},
		...updateDisplayOptions(showFiles, downloadProperties().map(notForTools)),
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: show(['getMany']),
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: {
				show: { resource: ['task'], operation: ['getMany'], returnAll: [false] },
			},
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add filter',
			default: {},
			displayOptions: show(['getMany']),
			options: [
				{
					displayName: 'Created After',
					name: 'createdAfter',
					type: 'dateTime',
					default: '',
					description: 'When left out, Vidu lists the last seven days',
				},
				{
					displayName: 'Created Before',
					name: 'createdBefore',
					type: 'dateTime',
					default: '',
				},
				{
					displayName: 'Model Versions',
					name: 'modelVersions',
					type: 'string',
					default: '',
					placeholder: 'e.g. q2, 2.0',
					description: 'Separated by commas',
				},
				{
					displayName: 'Resolutions',
					name: 'resolutions',
					type: 'string',
					default: '',
					placeholder: 'e.g. 720p, 1080p',
					description: 'Separated by commas',
				},
				{
					displayName: 'States',
					name: 'states',
					type: 'multiOptions',
					default: [],
					options: [
						{ name: 'Created', value: 'created' },
						{ name: 'Failed', value: 'failed' },
						{ name: 'Processing', value: 'processing' },
						{ name: 'Queueing', value: 'queueing' },
						{ name: 'Success', value: 'success' },
					],
				},
				{
					displayName: 'Task IDs',
					name: 'taskIds',
					type: 'string',
					default: '',
					description: 'Separated by commas',
				},
			],
		},
		...updateDisplayOptions(show(['wait']), [limits]),
		...updateDisplayOptions(showFiles, [files]),
	];
}

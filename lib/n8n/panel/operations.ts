import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Backend } from '../backends';
import { showRoute } from './conditions';

/** Provider, resource and operation: what is chosen first. */

export function providerProperty(backends: readonly Backend[]): INodeProperties[] {
	if (backends.length < 2) return [];
	return [
		{
			displayName: 'Provider',
			name: 'provider',
			type: 'options',
			noDataExpression: true,
			options: backends.map(({ catalogue, label, description }) => ({
				name: label,
				value: catalogue.provider,
				description,
			})),
			default: firstProvider(backends),
			description: 'Whose API makes the video and charges for it',
		},
	];
}

const firstProvider = ([first]: readonly Backend[]): string => first?.catalogue.provider ?? '';

/** One property for all ways: n8n lists the actions of every property of this name. */
export function resourceProperties(backends: readonly Backend[]): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resourcesOf(backends),
			default: 'video',
		},
	];
}

function resourcesOf(backends: readonly Backend[]): INodePropertyOptions[] {
	const counting = backends.filter(({ provider }) => provider.credits);
	const account: INodePropertyOptions = {
		name: 'Account',
		value: 'account',
		...(counting.length < backends.length
			? {
					displayOptions: {
						show: { provider: counting.map(({ catalogue }) => catalogue.provider) },
					},
				}
			: {}),
	};
	return [
		{ name: 'Video', value: 'video' },
		{ name: 'Task', value: 'task' },
		...(counting.length > 0 ? [account] : []),
	];
}

/** One property for each way and resource, its operations in the order of the catalogue. */
export function operationProperties(backends: readonly Backend[]): INodeProperties[] {
	return backends.flatMap((backend): INodeProperties[] => {
		const base = { displayName: 'Operation', name: 'operation', noDataExpression: true } as const;
		const { provider } = backend;
		const show = (resource: string) => ({
			displayOptions: { show: { ...showRoute(backend, backends), resource: [resource] } },
		});
		const { operations } = backend.catalogue;
		return [
			{
				...base,
				type: 'options',
				...show('video'),
				options: operations.map(({ name, label, action, description }) => ({
					name: label,
					value: name,
					action,
					description,
				})),
				default: operations[0]?.name,
			},
			{
				...base,
				type: 'options',
				...show('task'),
				options: [
					...(provider.cancel
						? [
								{
									name: 'Cancel',
									value: 'cancel',
									action: 'Cancel task',
									description: 'Cancel a task that has not started running',
								},
							]
						: []),
					{
						name: 'Forget Order Keys',
						value: 'forgetKeys',
						action: 'Forget order keys',
						description: 'Let this node order again what it has ordered by an Order Key',
					},
					{
						name: 'Get',
						value: 'get',
						action: 'Get task',
						description: 'Get the state of a task, and its video once it is done',
					},
					...(provider.list
						? [
								{
									name: 'Get Many',
									value: 'getMany',
									action: 'Get many tasks',
									description: 'List the tasks of the account',
								},
							]
						: []),
					{
						name: 'Wait for Completion',
						value: 'wait',
						action: 'Wait for tasks to complete',
						description: 'Wait for tasks that were ordered earlier and collect their videos',
					},
				],
				default: 'get',
			},
			...(provider.credits
				? [
						{
							...base,
							type: 'options' as const,
							...show('account'),
							options: [
								{
									name: 'Get Credits',
									value: 'getCredits',
									action: 'Get credits',
									description: 'Get the credits left and how many tasks the account may run at once',
								},
							],
							default: 'getCredits',
						},
					]
				: []),
		];
	});
}

/** What a user should know about a way before spending money on it. */
export function notices(backends: readonly Backend[]): INodeProperties[] {
	return backends
		.filter(({ catalogue }) => catalogue.notice !== undefined)
		.map((backend) => ({
			displayName: backend.catalogue.notice!,
			name: 'providerNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { ...showRoute(backend, backends), resource: ['video'] } },
		}));
}

export function referenceTypeProperties(backends: readonly Backend[]): INodeProperties[] {
	return backends
		.filter(({ catalogue }) => catalogue.models.subjectsToVideo)
		.map((backend) => ({
			displayName: 'Reference Type',
			name: 'referenceType',
			type: 'options',
			displayOptions: {
				show: { ...showRoute(backend, backends), resource: ['video'], operation: ['referenceToVideo'] },
			},
			options: [
				{ name: 'Images', value: 'images', description: 'A list of images' },
				{
					name: 'Subjects',
					value: 'subjects',
					description: 'Named subjects, each with images of its own, called @name in the prompt',
				},
			],
			default: 'images',
			noDataExpression: true,
		}));
}

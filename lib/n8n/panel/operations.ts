import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { RESOURCES } from '../../catalogue/resources';
import type { OperationDeclaration, Resource } from '../../catalogue/types';
import { purchaseOf } from '../../core/purchase';
import type { Backend } from '../backends';
import { tellFigure } from '../prices';
import { showRoute } from './conditions';
import { FREE_CALLS } from './library';

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
			description: 'Whose API does the work and charges for it',
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

const RESOURCE_NAMES = Object.entries(RESOURCES).map(([resource, { label }]): [Resource, string] => [
	resource as Resource,
	label,
]);

const offers = ({ catalogue }: Backend, resource: Resource): boolean =>
	catalogue.operations.some((operation) => operation.resource === resource);

function resourcesOf(backends: readonly Backend[]): INodePropertyOptions[] {
	const only = (option: INodePropertyOptions, is: (backend: Backend) => boolean): INodePropertyOptions[] => {
		const takers = backends.filter(is);
		if (takers.length === 0) return [];
		if (takers.length === backends.length) return [option];
		return [{ ...option, displayOptions: { show: { provider: takers.map(({ catalogue }) => catalogue.provider) } } }];
	};
	return [
		...RESOURCE_NAMES.flatMap(([value, name]) => only({ name, value }, (backend) => offers(backend, value))),
		{ name: 'Task', value: 'task' },
		...only({ name: 'Account', value: 'account' }, ({ provider }) => provider.credits !== undefined),
	];
}

/** What it does; without a model, what that costs too. */
function describe({ description, rules, isChinaOnly }: OperationDeclaration): string {
	const price = rules?.price && tellFigure(rules.price, purchaseOf(rules, {}, rules.priceExample));
	return [description, price, isChinaOnly ? 'The global platform may not offer it' : undefined]
		.filter((sentence) => sentence !== undefined)
		.join('. ');
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
			...RESOURCE_NAMES.filter(([resource]) => offers(backend, resource)).map(([resource]): INodeProperties => {
				const own = operations.filter((operation) => operation.resource === resource);
				return {
					...base,
					type: 'options',
					...show(resource),
					options: [
						...own.map((operation) => ({
							name: operation.label,
							value: operation.name,
							action: operation.action,
							description: describe(operation),
						})),
						...(FREE_CALLS[resource] ?? []).filter(({ needs }) => provider[needs]).map(({ option }) => option),
					],
					default: own[0]?.name,
				};
			}),
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
						description: 'Get the state of a task, and what it made once it is done',
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
						description: 'Wait for tasks that were ordered earlier and collect what they made',
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

/** What a user should know about a way or an operation before spending money on it. */
export function notices(backends: readonly Backend[]): INodeProperties[] {
	return backends.flatMap((backend): INodeProperties[] => {
		const { notice, operations } = backend.catalogue;
		const show = showRoute(backend, backends);
		const said = { type: 'notice', default: '' } as const;
		return [
			...(notice === undefined
				? []
				: [
						{
							...said,
							displayName: notice,
							name: 'providerNotice',
							displayOptions: { show: { ...show, resource: ['video'] } },
						},
					]),
			...operations
				.filter(({ isChinaOnly }) => isChinaOnly)
				.map(({ name, resource }) => ({
					...said,
					displayName: CHINA_ONLY,
					name: 'chinaNotice',
					displayOptions: { show: { ...show, resource: [resource], operation: [name] } },
				})),
		];
	});
}

const CHINA_ONLY =
	'Vidu describes this operation on the pages of its China platform only. With a key of the global platform it may be refused, which costs nothing.';

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

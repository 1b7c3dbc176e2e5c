import type { INodeProperties, IWebhookDescription } from 'n8n-workflow';

import type { Backend } from '../backends';
import { callsBack, isWaitedFor } from '../../catalogue/catalogue';
import { hideUnlessOperation, operationsOf, showRoute } from './conditions';
import { downloadSwitch, OUTPUT_FIELD } from './download';

/** How a run waits and what it does with the result. */
export function waitProperties(backends: readonly Backend[]): INodeProperties[] {
	const parking = backends.filter(({ provider }) => provider.callback);
	return [
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: false,
			description: 'Whether to only read and check everything and tell what it would cost. Nothing is ordered.',
		},
		{
			displayName: 'Wait for Completion',
			name: 'waitForCompletion',
			type: 'boolean',
			default: true,
			description: 'Whether to wait until everything is done. When off, the node returns the task IDs at once.',
			...displayed(hideUnlessOperation(backends, isWaitedFor)),
		},
		...parking.map((backend) => ({
			displayName: 'Wait Mode',
			name: 'waitMode',
			type: 'options' as const,
			noDataExpression: true,
			options: [
				{
					name: 'Callback',
					value: 'callback',
					description:
						'Park the execution until the service calls back, so that it takes up no worker. Needs an n8n that the internet can reach.',
				},
				{
					name: 'Poll',
					value: 'poll',
					description: 'Check the state of the tasks at intervals that suit the model',
				},
			],
			default: 'poll',
			displayOptions: {
				show: { ...showRoute(backend, backends), waitForCompletion: [true], '@tool': [false] },
				...hideUnlessOperation([backend], callsBack),
			},
		})),
		...[...downloadSwitches(backends), OUTPUT_FIELD].map((property) => ({
			...property,
			displayOptions: {
				show: { waitForCompletion: [true], '@tool': [false], ...property.displayOptions?.show },
				...hideUnlessOperation(backends, isWaitedFor),
			},
		})),
	];
}

/** One for each resource, called after what it makes. */
function downloadSwitches(backends: readonly Backend[]): INodeProperties[] {
	const byResource = new Map(
		operationsOf(backends)
			.filter(isWaitedFor)
			.map(({ resource, name }) => [resource, name]),
	);
	return [...byResource].map(([resource, operation]) => ({
		...downloadSwitch(operation),
		displayOptions: { show: { resource: [resource] } },
	}));
}

/** Called at the address of `$execution.resumeUrl` while the execution is parked. */
export const RESUME_WEBHOOKS: IWebhookDescription[] = [
	{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: '', restartWebhook: true },
];

const displayed = (displayOptions: NonNullable<INodeProperties['displayOptions']>): Partial<INodeProperties> =>
	Object.keys(displayOptions).length > 0 ? { displayOptions } : {};

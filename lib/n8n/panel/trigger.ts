import { updateDisplayOptions } from 'n8n-workflow';
import type { INodeProperties, TriggerPanelDefinition } from 'n8n-workflow';

import { downloadProperties } from './download';

/** What the Vidu Trigger shows. */

/** What n8n shows beside the parameters, in place of "go to Vidu and make an event happen". */
export const TRIGGER_PANEL: TriggerPanelDefinition = {
	header: 'Receive callbacks from Vidu',
	// while it listens, n8n's own "Go to Vidu and create an event" stands here and cannot be changed: so it is said before
	activationHint:
		'Press the button, then order something with the <b>test URL</b> of this node as its Callback URL. Once the workflow is published, use the <b>production URL</b>.',
	executionsHelp: {
		inactive:
			'<b>While building your workflow</b>, press the listen button, then order something with the <b>test URL</b> of this node as its Callback URL. When it is done, the callback shows up in this editor.<br /><br /><b>Once you\'re happy with your workflow</b>, publish or activate it and use the <b>production URL</b> as Callback URL. Every callback then starts an execution. These show up in the <a data-key="executions">executions list</a>, but not in the editor.',
		active:
			'<b>While building your workflow</b>, press the listen button, then order something with the <b>test URL</b> of this node as its Callback URL. When it is done, the callback shows up in this editor.<br /><br /><b>Your workflow also runs by itself</b>, since it is published: tasks that have the <b>production URL</b> as their Callback URL start it. These executions show up in the <a data-key="executions">executions list</a>, but not in the editor.',
	},
};

export const TRIGGER_PROPERTIES: INodeProperties[] = [
	{
		displayName:
			'Order with a URL of this node as Callback URL, an option of a Vidu node that does not wait: the test URL while this node listens for a test event, the production URL once the workflow is published. What you put into Payload there comes back here.',
		name: 'howTo',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [
			{
				name: 'Task Succeeded',
				value: 'succeeded',
				action: 'On task succeeded',
				description: 'What was ordered is made',
			},
			{
				name: 'Task Failed',
				value: 'failed',
				action: 'On task failed',
				description: 'A task ended without a result',
			},
			{
				name: 'Task Started',
				value: 'processing',
				action: 'On task started',
				description: 'A task left the queue and is being worked on',
			},
		],
		default: ['succeeded', 'failed'],
		description: 'What the workflow starts on',
	},
	{
		displayName: 'Confirm with Vidu',
		name: 'readTask',
		type: 'boolean',
		default: true,
		description:
			'Whether to ask Vidu for the task first. The body of a callback is not signed, so its links cannot be trusted unconfirmed.',
	},
	...updateDisplayOptions({ show: { readTask: [true] } }, downloadProperties()).map((property) =>
		property.name === 'downloadVideo' ? { ...property, default: false } : property,
	),
	{
		displayName: 'Additional Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Replay Window (Minutes)',
				name: 'replayWindowMinutes',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 5,
				description: 'How old a callback may be. Within this time each is taken only once.',
			},
			{
				displayName: 'Require Signature',
				name: 'requireSignature',
				type: 'boolean',
				default: true,
				description: 'Whether to turn away callbacks that are not signed with the API key of the credential',
			},
			{
				displayName: 'Simplify',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description: 'Whether to return a simplified version of the response instead of the raw data',
			},
		],
	},
];

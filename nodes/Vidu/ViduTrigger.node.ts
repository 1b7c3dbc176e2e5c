import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { testViduApi } from '../../lib/n8n/io/credentialTests';
import { VIDU_BACKENDS } from '../../lib/n8n/backends';
import { eventsSubtitle } from '../../lib/n8n/panel/subtitle';
import { TRIGGER_PANEL, TRIGGER_PROPERTIES } from '../../lib/n8n/panel/trigger';

export class ViduTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vidu Trigger',
		name: 'viduTrigger',
		icon: { light: 'file:../../icons/vidu.svg', dark: 'file:../../icons/vidu.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: `={{ ${eventsSubtitle()} }}`,
		// n8n lists this node and the Vidu node as one, with these words
		description:
			'Generate videos from text, images or references with Vidu, films, images and sounds, or start a workflow when one is done',
		eventTriggerDescription: 'Now order something with the test URL of this node as its Callback URL',
		triggerPanel: TRIGGER_PANEL,
		activationMessage: 'Vidu tasks that have the production URL as their Callback URL now start this workflow',
		defaults: { name: 'Vidu Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'viduApi', required: true, testedBy: 'testViduApi' }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'vidu' }],
		properties: TRIGGER_PROPERTIES,
	};

	methods = { credentialTest: { testViduApi } };

	/** Vidu has no register of callbacks: each task names its own, so there is nothing to create or delete. */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return true;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { receiveCallback } = await import('../../lib/n8n/callbacks/trigger');
		return await receiveCallback(this, VIDU_BACKENDS[0]);
	}
}

import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { testViduApi } from '../../lib/n8n/credentialTests';
import { VIDU_ROUTES } from '../../lib/n8n/routes';
import { receiveCallback, TRIGGER_PROPERTIES } from '../../lib/n8n/trigger';

export class ViduTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vidu Trigger',
		name: 'viduTrigger',
		icon: { light: 'file:../../icons/vidu.svg', dark: 'file:../../icons/vidu.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when Vidu calls back about a task',
		eventTriggerDescription: 'Waiting for Vidu to call the test URL',
		activationMessage: 'Vidu tasks with the production URL as Callback URL now start this workflow',
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
		return await receiveCallback(this, VIDU_ROUTES[0]);
	}
}

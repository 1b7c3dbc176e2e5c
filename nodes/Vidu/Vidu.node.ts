import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { testViduApi, testVtrixApi, testZhipuApi } from '../../lib/n8n/io/credentialTests';
import { RESUME_WEBHOOKS } from '../../lib/n8n/panel/wait';
import { videoNodeProperties } from '../../lib/n8n/panel';
import { VIDU_BACKENDS } from '../../lib/n8n/backends';
import { subtitleOf } from '../../lib/n8n/panel/subtitle';

export class Vidu implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Vidu',
		name: 'vidu',
		icon: { light: 'file:../../icons/vidu.svg', dark: 'file:../../icons/vidu.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: `={{ ${subtitleOf(VIDU_BACKENDS)} }}`,
		description: 'Generate videos from text, images or references with Vidu, and films, images and sounds',
		defaults: { name: 'Vidu' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			// by hide: n8n takes a parameter that all credentials show by for a choice of login, and hides it
			{
				name: 'viduApi',
				required: true,
				testedBy: 'testViduApi',
				displayOptions: { hide: { provider: ['zhipu', 'vtrix'] } },
			},
			{
				name: 'zhipuApi',
				required: true,
				testedBy: 'testZhipuApi',
				displayOptions: { hide: { provider: ['vidu', 'vtrix'] } },
			},
			{
				name: 'vtrixApi',
				required: true,
				testedBy: 'testVtrixApi',
				displayOptions: { hide: { provider: ['vidu', 'zhipu'] } },
			},
		],
		webhooks: RESUME_WEBHOOKS,
		waitingNodeTooltip: `={{ "Parked until Vidu calls back: " + ${subtitleOf(VIDU_BACKENDS)} }}`,
		properties: videoNodeProperties(VIDU_BACKENDS),
	};

	methods = {
		credentialTest: { testViduApi, testZhipuApi, testVtrixApi },
		listSearch: {
			async searchNames(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
				const { searchNames } = await import('../../lib/n8n/panel/findNames');
				return searchNames(this, filter);
			},
			async searchTasks(
				this: ILoadOptionsFunctions,
				filter?: string,
				pageToken?: string,
			): Promise<INodeListSearchResult> {
				const { searchTasks } = await import('../../lib/n8n/run/operations/searchTasks');
				return await searchTasks(this, VIDU_BACKENDS[0], filter, pageToken);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { runNode } = await import('../../lib/n8n/run');
		return await runNode(this, VIDU_BACKENDS);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { resumeParked } = await import('../../lib/n8n/callbacks/resume');
		return await resumeParked(this, VIDU_BACKENDS);
	}
}

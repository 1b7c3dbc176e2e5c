import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

import { testZhipuApi } from '../../lib/n8n/io/credentialTests';
import { videoNodeProperties } from '../../lib/n8n/panel';
import { COGVIDEOX_BACKENDS } from '../../lib/n8n/backends';
import { subtitleOf } from '../../lib/n8n/panel/subtitle';

export class CogVideoX implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'CogVideoX',
		name: 'cogVideoX',
		icon: { light: 'file:../../icons/cogvideox.svg', dark: 'file:../../icons/cogvideox.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: `={{ ${subtitleOf(COGVIDEOX_BACKENDS)} }}`,
		description: 'Generate videos from text, images or start and end frames with CogVideoX',
		defaults: { name: 'CogVideoX' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'zhipuApi', required: true, testedBy: 'testZhipuApi' }],
		properties: videoNodeProperties(COGVIDEOX_BACKENDS),
	};

	methods = { credentialTest: { testZhipuApi } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { runNode } = await import('../../lib/n8n/run');
		return await runNode(this, COGVIDEOX_BACKENDS);
	}
}

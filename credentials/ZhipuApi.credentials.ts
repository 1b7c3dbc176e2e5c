import type { IAuthenticateGeneric, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authorization } from '../lib/n8n/io/apiRoots';

const SITES =
	'<a href="https://bigmodel.cn" target="_blank">bigmodel.cn</a> or <a href="https://z.ai" target="_blank">z.ai</a>';

/** Tested by testZhipuApi in lib/n8n/credentialTests.ts. */
export class ZhipuApi implements ICredentialType {
	name = 'zhipuApi';

	displayName = 'Zhipu API';

	icon: Icon = { light: 'file:../icons/zhipu.svg', dark: 'file:../icons/zhipu.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-vidu-cogvideox/n8n-nodes-vidu-cogvideox#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{
					name: 'BigModel',
					value: 'bigmodel',
					description: 'Mainland China, for keys made at bigmodel.cn',
				},
				{
					name: 'Z.AI',
					value: 'zai',
					description: 'International, for keys made at z.ai',
				},
				{
					name: 'Custom',
					value: 'custom',
					description: 'A gateway of your own that speaks the Zhipu API',
				},
			],
			default: 'bigmodel',
			description: 'The site the key was made at. Vidu models may be offered by BigModel only.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			displayOptions: { show: { region: ['custom'] } },
			default: '',
			required: true,
			placeholder: 'e.g. https://open.bigmodel.cn/api/paas/v4',
			description: 'Address of the API, including /api/paas/v4',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: `Get a key under API Keys at ${SITES}. It needs an account with a balance: the key of a GLM Coding Plan cannot make videos.`,
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: authorization('Bearer') } },
	};
}

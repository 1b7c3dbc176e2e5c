import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { apiRootExpression } from '../lib/n8n/hosts';

export class ZhipuApi implements ICredentialType {
	name = 'zhipuApi';

	displayName = 'Zhipu API';

	icon: Icon = { light: 'file:../icons/zhipu.svg', dark: 'file:../icons/zhipu.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-vidu-cogvideox/n8n-nodes-vidu-cogvideox#credentials';

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
			hint: 'The key of a GLM Coding Plan cannot make videos. Use a key of an account with a balance.',
			description: 'Made under API Keys at bigmodel.cn or z.ai',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{ $credentials.apiKey.trim() }}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: apiRootExpression('zhipuApi'), url: '/models' },
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: 'Zhipu does not accept this API key. Check the key and its region.',
				},
			},
		],
	};
}

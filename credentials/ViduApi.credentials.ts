import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

import { apiRootExpression } from '../lib/n8n/hosts';

export class ViduApi implements ICredentialType {
	name = 'viduApi';

	displayName = 'Vidu API';

	icon: Icon = { light: 'file:../icons/vidu.svg', dark: 'file:../icons/vidu.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-vidu-cogvideox/n8n-nodes-vidu-cogvideox#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{
					name: 'Global',
					value: 'global',
					description: 'For keys made at platform.vidu.com',
				},
				{
					name: 'China',
					value: 'china',
					description: 'For keys made at platform.vidu.cn',
				},
				{
					name: 'Custom',
					value: 'custom',
					description: 'A gateway of your own that speaks the Vidu API',
				},
			],
			default: 'global',
			description: 'The site the key was made at. A key works on its own site only.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			displayOptions: { show: { region: ['custom'] } },
			default: '',
			required: true,
			placeholder: 'e.g. https://api.vidu.com',
			description: 'Address of the API, without /ent/v2',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Made under API Keys at platform.vidu.com or platform.vidu.cn',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Token {{ $credentials.apiKey.trim() }}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: apiRootExpression('viduApi'), url: '/ent/v2/credits' },
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: 'Vidu does not accept this API key. Check the key and its region.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'Vidu knows this API key but does not permit its use. Check its region and rights.',
				},
			},
		],
	};
}

import type { IAuthenticateGeneric, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authorization } from '../lib/n8n/io/apiRoots';

const SITES =
	'<a href="https://platform.vidu.com" target="_blank">platform.vidu.com</a>, or in China at <a href="https://platform.vidu.cn" target="_blank">platform.vidu.cn</a>';

/** Tested by testViduApi in lib/n8n/credentialTests.ts. */
export class ViduApi implements ICredentialType {
	name = 'viduApi';

	displayName = 'Vidu API';

	icon: Icon = { light: 'file:../icons/vidu.svg', dark: 'file:../icons/vidu.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-vidu-cogvideox/n8n-nodes-vidu-cogvideox#credentials';

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
			hint: `Get a key under API Keys at ${SITES}`,
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: authorization('Token') } },
	};
}

import type { IAuthenticateGeneric, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authorization, VTRIX_ROOT } from '../lib/n8n/io/apiRoots';

/** Tested by testVtrixApi in lib/n8n/credentialTests.ts. */
export class VtrixApi implements ICredentialType {
	name = 'vtrixApi';

	displayName = 'Vtrix API';

	icon: Icon = { light: 'file:../icons/vtrix.svg', dark: 'file:../icons/vtrix.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-vidu-cogvideox/n8n-nodes-vidu-cogvideox#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: VTRIX_ROOT,
			required: true,
			description: 'Address of the API, without /model/v1. Change it for a gateway of your own.',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'Get a key under API Keys in the dashboard of <a href="https://vtrix.ai" target="_blank">vtrix.ai</a>',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: authorization('Bearer') } },
	};
}

import type { IAuthenticateGeneric, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

import { VTRIX_ROOT } from '../lib/n8n/hosts';

/** Tested by testVtrixApi in lib/n8n/credentialTests.ts: Vtrix has no free call that answers a good key with 200. */
export class VtrixApi implements ICredentialType {
	name = 'vtrixApi';

	displayName = 'Vtrix API';

	icon: Icon = { light: 'file:../icons/vtrix.svg', dark: 'file:../icons/vtrix.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-vidu-cogvideox/n8n-nodes-vidu-cogvideox#credentials';

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
			description: 'Made under API Keys in the dashboard of vtrix.ai',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{ $credentials.apiKey.trim() }}' } },
	};
}

import type { Endpoint, Operation } from '../catalogue/operations';
import type { Catalogue } from '../catalogue/types';
import { viduCatalogue } from '../catalogue/vidu';
import { vtrixCatalogue } from '../catalogue/vtrix';
import { cogVideoXCatalogue, zhipuViduCatalogue } from '../catalogue/zhipu';
import type { Provider } from '../core/types';
import { vidu } from '../providers/vidu';
import { vtrix } from '../providers/vtrix';
import { zhipu } from '../providers/zhipu';
import type { CredentialType } from './io/apiRoots';

/** One way to a provider's models: the only place where catalogue, wire protocol and credential meet. */
export interface Backend {
	catalogue: Catalogue;
	provider: Provider;
	credential: CredentialType;
	/** How the way is called in the Provider list. */
	label: string;
	description: string;
	/** IDs such as a custom model may have, as the provider spells them; none stands in the catalogue. */
	exampleModels: Readonly<Record<Operation, string>>;
}

const forEach = (id: string): Record<Operation, string> => ({
	textToVideo: id,
	imageToVideo: id,
	startEndToVideo: id,
	referenceToVideo: id,
});

export const VIDU_BACKENDS: readonly [Backend, ...Backend[]] = [
	{
		catalogue: viduCatalogue,
		provider: vidu,
		credential: 'viduApi',
		label: 'Vidu',
		description: "Vidu's own API: all models and operations",
		exampleModels: forEach('viduq4-pro'),
	},
	{
		catalogue: zhipuViduCatalogue,
		provider: zhipu,
		credential: 'zhipuApi',
		label: 'Zhipu BigModel / Z.AI',
		description: 'Vidu Q1 and Vidu 2 on open.bigmodel.cn. Z.AI may no longer offer them.',
		exampleModels: {
			textToVideo: 'viduq2-text',
			imageToVideo: 'viduq2-image',
			startEndToVideo: 'viduq2-start-end',
			referenceToVideo: 'viduq2-reference',
		},
	},
	{
		catalogue: vtrixCatalogue,
		provider: vtrix,
		credential: 'vtrixApi',
		label: 'Vtrix',
		description: 'Vidu 2.0, and other Vidu models by their Vtrix ID',
		// doc.vtrix.ai and the vendor's command line tool
		exampleModels: {
			textToVideo: 'viduq3_turbo_text2video',
			imageToVideo: 'viduq3_turbo_img2video',
			startEndToVideo: 'viduq3_turbo_start_end2video',
			referenceToVideo: 'viduq2_reference2video',
		},
	},
];

export const COGVIDEOX_BACKENDS: readonly [Backend, ...Backend[]] = [
	{
		catalogue: cogVideoXCatalogue,
		provider: zhipu,
		credential: 'zhipuApi',
		label: 'Zhipu BigModel / Z.AI',
		description: 'CogVideoX on open.bigmodel.cn and api.z.ai',
		exampleModels: forEach('cogvideox-4'),
	},
];

/** The endpoints of a backend with their models, in the catalogue's order. */
export function endpointsOf({ catalogue }: Backend): Endpoint[] {
	return Object.keys(catalogue.models) as Endpoint[];
}

/** The operation an endpoint belongs to. */
export function operationOf(endpoint: Endpoint): Operation {
	return endpoint === 'subjectsToVideo' ? 'referenceToVideo' : endpoint;
}

/** What a model outside the catalogue is called in the Model list. */
export const CUSTOM_MODEL = 'custom';

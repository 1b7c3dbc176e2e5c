import type { Catalogue, Form, Operation } from '../catalogue/types';
import { viduCatalogue } from '../catalogue/vidu';
import { vtrixCatalogue } from '../catalogue/vtrix';
import { cogVideoXCatalogue, zhipuViduCatalogue } from '../catalogue/zhipu';
import type { Provider } from '../core/types';
import { vidu } from '../providers/vidu';
import { vtrix } from '../providers/vtrix';
import { zhipu } from '../providers/zhipu';
import type { CredentialType } from './hosts';

/** One way to a provider's models: the only place where catalogue, wire protocol and credential meet. */
export interface Route {
	catalogue: Catalogue;
	provider: Provider;
	credential: CredentialType;
	/** How the way is called in the Provider list. */
	label: string;
	description: string;
}

export const VIDU_ROUTES: readonly Route[] = [
	{
		catalogue: viduCatalogue,
		provider: vidu,
		credential: 'viduApi',
		label: 'Vidu',
		description: 'The API of Vidu itself: all models and operations',
	},
	{
		catalogue: zhipuViduCatalogue,
		provider: zhipu,
		credential: 'zhipuApi',
		label: 'Zhipu BigModel / Z.AI',
		description: 'Vidu Q1 and Vidu 2 on open.bigmodel.cn. Z.AI may no longer offer them.',
	},
	{
		catalogue: vtrixCatalogue,
		provider: vtrix,
		credential: 'vtrixApi',
		label: 'Vtrix',
		description: 'Vidu 2.0 and further Vidu models by their Vtrix ID',
	},
];

export const COGVIDEOX_ROUTES: readonly Route[] = [
	{
		catalogue: cogVideoXCatalogue,
		provider: zhipu,
		credential: 'zhipuApi',
		label: 'Zhipu BigModel / Z.AI',
		description: 'CogVideoX on open.bigmodel.cn and api.z.ai',
	},
];

/** The forms of a route with their models, in the catalogue's order. */
export function formsOf({ catalogue }: Route): Form[] {
	return Object.keys(catalogue.models) as Form[];
}

/** The operation a form belongs to. */
export function operationOf(form: Form): Operation {
	return form === 'subjectsToVideo' ? 'referenceToVideo' : form;
}

/** What a model outside the catalogue is called in the Model list. */
export const CUSTOM_MODEL = 'custom';

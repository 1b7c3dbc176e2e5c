import { bodiesOf } from '../catalogue/catalogue';
import { declarationOf, type Endpoint, type Operation } from '../catalogue/operations';
import type { Catalogue } from '../catalogue/catalogue';
import type { EndpointRows, InputSlot, ModelRules, OperationDeclaration, Resource } from '../catalogue/types';
import { viduCatalogue } from '../catalogue/vidu';
import { vtrixCatalogue } from '../catalogue/vtrix';
import { cogVideoXCatalogue, zhipuViduCatalogue } from '../catalogue/zhipu';
import type { Provider } from '../core/provider';
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
	/** An ID such as a custom model may have, as the provider spells it; none stands in the catalogue. */
	exampleModel(operation: Operation): string;
}

/** Providers that name a model after what it makes. */
const KIND_OF_MODEL: Partial<Record<Operation, { zhipu: string; vtrix: string }>> = {
	textToVideo: { zhipu: 'text', vtrix: 'viduq3_turbo_text2video' },
	imageToVideo: { zhipu: 'image', vtrix: 'viduq3_turbo_img2video' },
	startEndToVideo: { zhipu: 'start-end', vtrix: 'viduq3_turbo_start_end2video' },
	referenceToVideo: { zhipu: 'reference', vtrix: 'viduq2_reference2video' },
};

export const VIDU_BACKENDS: readonly [Backend, ...Backend[]] = [
	{
		catalogue: viduCatalogue,
		provider: vidu,
		credential: 'viduApi',
		label: 'Vidu',
		description: "Vidu's own API: all models and operations",
		exampleModel: (operation) => (resourceOf(operation) === 'audio' ? 'audio2.0' : 'viduq4-pro'),
	},
	{
		catalogue: zhipuViduCatalogue,
		provider: zhipu,
		credential: 'zhipuApi',
		label: 'Zhipu BigModel / Z.AI',
		description: 'Vidu Q1 and Vidu 2 on open.bigmodel.cn. Z.AI may no longer offer them.',
		exampleModel: (operation) => `viduq2-${KIND_OF_MODEL[operation]?.zhipu ?? 'text'}`,
	},
	{
		catalogue: vtrixCatalogue,
		provider: vtrix,
		credential: 'vtrixApi',
		label: 'Vtrix',
		description: 'Vidu 2.0, and other Vidu models by their Vtrix ID',
		// doc.vtrix.ai and the vendor's command line tool
		exampleModel: (operation) => KIND_OF_MODEL[operation]?.vtrix ?? 'viduq3_turbo_text2video',
	},
];

export const COGVIDEOX_BACKENDS: readonly [Backend, ...Backend[]] = [
	{
		catalogue: cogVideoXCatalogue,
		provider: zhipu,
		credential: 'zhipuApi',
		label: 'Zhipu BigModel / Z.AI',
		description: 'CogVideoX on open.bigmodel.cn and api.z.ai',
		exampleModel: () => 'cogvideox-4',
	},
];

/** The endpoints of a backend, in the order of its operations. */
export function endpointsOf({ catalogue }: Backend): Endpoint[] {
	return catalogue.operations.flatMap((operation) => bodiesOf(operation).map(([endpoint]) => endpoint));
}

/** What goes into each endpoint. */
export const inputsOf = ({ catalogue }: Backend): Array<[Endpoint, InputSlot]> =>
	catalogue.operations
		.flatMap(bodiesOf)
		.flatMap(([endpoint, { inputs }]) => inputs.map((input): [Endpoint, InputSlot] => [endpoint, input]));

/** An operation of a backend with its bodies; undefined where it is not offered. */
export function operationCalled(
	{ catalogue }: Backend,
	asked: unknown,
): { declaration: OperationDeclaration; bodies: Array<[Endpoint, EndpointRows]> } | undefined {
	const declaration = catalogue.operations.find(({ name }) => name === asked);
	return declaration && { declaration, bodies: bodiesOf(declaration) };
}

/** True for an endpoint whose requests name a model. */
export const hasModels = ({ catalogue }: Backend, endpoint: Endpoint): boolean =>
	catalogue.models[endpoint] !== undefined;

/** The models of an endpoint by their ids; none where a backend does not offer it. */
export const modelsOf = ({ catalogue }: Backend, endpoint: Endpoint): Array<[string, ModelRules]> =>
	Object.entries(catalogue.models[endpoint] ?? {});

/** The operation an endpoint belongs to. */
export function operationOf(endpoint: Endpoint): Operation {
	return endpoint === 'subjectsToVideo' ? 'referenceToVideo' : endpoint;
}

/** What the panel asks for before the operation. */
export const resourceOf = (operation: Operation): Resource => declarationOf(operation)?.resource ?? 'video';

/** What a model outside the catalogue is called in the Model list. */
export const CUSTOM_MODEL = 'custom';

import { asked, askedFor, FREE_PANELS, operationsOn, routeFields, type AskedPanel } from '../../asked';
import {
	COGVIDEOX_BACKENDS,
	endpointsOf,
	operationOf,
	resourceOf,
	VIDU_BACKENDS,
	type Backend,
} from '../../../lib/n8n/backends';

/** Every panel of the nodes: what it is set to, and what it has to ask for. */

export interface PlannedPanel {
	name: string;
	/** Of the node, without the package's name. */
	type: string;
	credential: string;
	parameters: Record<string, string>;
	asks: AskedPanel;
	/** It is the model that a new node has, or the only one. */
	isFirst: boolean;
}

const NODES: ReadonlyArray<[type: string, title: string, backends: readonly Backend[]]> = [
	['vidu', 'Vidu', VIDU_BACKENDS],
	['cogVideoX', 'CogVideoX', COGVIDEOX_BACKENDS],
];

/** @param allModels every model, not the first of each list alone */
export const planPanels = (allModels: boolean): PlannedPanel[] =>
	NODES.flatMap(([type, title, backends]) =>
		backends.flatMap((backend) => [
			...ordering(type, title, backends, backend).filter(({ isFirst }) => isFirst || allModels),
			...free(type, title, backends, backend),
		]),
	);

function ordering(type: string, title: string, backends: readonly Backend[], backend: Backend): PlannedPanel[] {
	const { catalogue, credential } = backend;
	return endpointsOf(backend).flatMap((endpoint) => {
		const operation = operationOf(endpoint);
		const rows = catalogue.models[endpoint];
		// a list without models offers Custom alone, which the unit tests look at
		const models: Array<string | undefined> = rows ? Object.keys(rows) : [undefined];
		return models.map((model) => ({
			name: [title, catalogue.provider, endpoint, model].filter(Boolean).join(' '),
			type,
			credential,
			parameters: {
				...routeOf(backends, backend),
				resource: resourceOf(operation),
				operation,
				...(endpoint === 'subjectsToVideo' ? { referenceType: 'subjects' } : {}),
				...(model === undefined ? {} : { model }),
			},
			asks: askedFor(backends, backend, endpoint, model),
			isFirst: model === undefined || model === (catalogue.defaultModel[endpoint] ?? models[0]),
		}));
	});
}

function free(type: string, title: string, backends: readonly Backend[], backend: Backend): PlannedPanel[] {
	const { provider } = backend.catalogue;
	const route = routeFields(backends, backend);
	return FREE_PANELS.filter(({ only = [provider] }) => only.includes(provider)).map(
		({ resource, operation, fields, collections }) => ({
			name: `${title} ${provider} ${resource} ${operation}`,
			type,
			credential: backend.credential,
			parameters: { ...routeOf(backends, backend), resource, operation },
			asks: {
				fields: [...route, asked('Operation', operationsOn(backend, resource)), ...fields.map((label) => asked(label))],
				collections,
			},
			isFirst: true,
		}),
	);
}

const routeOf = (backends: readonly Backend[], { catalogue }: Backend): Record<string, string> =>
	backends.length > 1 ? { provider: catalogue.provider } : {};

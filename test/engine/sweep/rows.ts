import type { Endpoint } from '../../../lib/catalogue/operations';
import type { FieldName, FieldRule, ModelRules } from '../../../lib/catalogue/types';
import { COGVIDEOX_BACKENDS, endpointsOf, VIDU_BACKENDS, type Backend } from '../../../lib/n8n/backends';

/** One form of one way to a provider: what a node shows after Provider, Operation and Reference Type are chosen. */
export interface Panel {
	node: 'vidu' | 'cogVideoX';
	backend: Backend;
	endpoint: Endpoint;
	models: Record<string, ModelRules>;
}

/** One model in one form: the unit of the catalogue. */
export interface Row {
	panel: Panel;
	model: string;
	rules: ModelRules;
}

const panelsOf = (node: Panel['node'], backends: readonly Backend[]): Panel[] =>
	backends.flatMap((backend) =>
		endpointsOf(backend).map((endpoint) => ({
			node,
			backend,
			endpoint,
			models: backend.catalogue.models[endpoint] ?? {},
		})),
	);

export const PANELS: readonly Panel[] = [
	...panelsOf('vidu', VIDU_BACKENDS),
	...panelsOf('cogVideoX', COGVIDEOX_BACKENDS),
];

export const rowsOf = (panel: Panel): Row[] =>
	Object.entries(panel.models).map(([model, rules]) => ({ panel, model, rules }));

export const ROWS: readonly Row[] = PANELS.flatMap(rowsOf);

/** "Vidu", "Vidu at Zhipu", "Vidu at Vtrix", "CogVideoX": a line of the table of counts. */
export function wayOf({ node, backend: { catalogue } }: Panel): string {
	if (node === 'cogVideoX') return 'CogVideoX';
	return catalogue.provider === 'vidu' ? 'Vidu' : `Vidu at ${catalogue.providerName}`;
}

export const nameOf = ({ panel, model }: Row): string => `${wayOf(panel)}, ${panel.endpoint}, ${model}`;

/** Every field that some model of the panel takes, with the rules of all that take it. */
export function fieldsOf({ models }: Panel): Map<FieldName, FieldRule[]> {
	const fields = new Map<FieldName, FieldRule[]>();
	for (const rules of Object.values(models))
		for (const [name, rule] of Object.entries(rules.fields) as Array<[FieldName, FieldRule]>)
			fields.set(name, [...(fields.get(name) ?? []), rule]);
	return fields;
}

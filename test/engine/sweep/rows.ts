import type { Endpoint } from '../../../lib/catalogue/operations';
import type { FieldName, FieldRule, InputSlot, ModelRules, OperationDeclaration } from '../../../lib/catalogue/types';
import {
	COGVIDEOX_BACKENDS,
	endpointsOf,
	hasModels,
	inputsOf,
	operationCalled,
	operationOf,
	VIDU_BACKENDS,
	type Backend,
} from '../../../lib/n8n/backends';

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
	/** Empty where the operation has none. */
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

const NO_IMAGES: Pick<ModelRules, 'prompt' | 'images'> = {
	prompt: { required: false, maxChars: 0 },
	images: { min: 0, max: 0, rules: { formats: [], maxBytes: 0 } },
};

/** One row for each model; a single one where the operation has none. */
export function rowsOf(panel: Panel): Row[] {
	const alone = panel.backend.catalogue.rules[operationOf(panel.endpoint)];
	if (alone) return [{ panel, model: '', rules: { ...NO_IMAGES, ...alone } }];
	return Object.entries(panel.models).map(([model, rules]) => ({ panel, model, rules }));
}

export const takesModel = ({ backend, endpoint }: Panel): boolean => hasModels(backend, endpoint);

/** All that there is to know of the operation. */
export const declarationOf = ({ backend, endpoint }: Panel): OperationDeclaration =>
	operationCalled(backend, operationOf(endpoint))!.declaration;

/** Fields by their names in the request, as far as those of the operation's own are called otherwise there. */
export const onWire = (panel: Panel, fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
	Object.fromEntries(
		Object.entries(fields).map(([name, value]) => [declarationOf(panel).ownFields?.[name]?.wire ?? name, value]),
	);

const slots = new Map(
	PANELS.map((panel) => [
		panel,
		inputsOf(panel.backend).flatMap(([of, slot]): InputSlot[] => (of === panel.endpoint ? [slot] : [])),
	]),
);

/** What goes into the form. */
export const slotsOf = (panel: Panel): InputSlot[] => slots.get(panel)!;

/** False for an operation that is not told what happens. */
export const takesPrompt = (panel: Panel): boolean => slotsOf(panel).some(({ kind }) => kind === 'prompt');

export const ROWS: readonly Row[] = PANELS.flatMap(rowsOf);

/** "Vidu", "Vidu at Zhipu", "Vidu at Vtrix", "CogVideoX": a line of the table of counts. */
export function wayOf({ node, backend: { catalogue } }: Panel): string {
	if (node === 'cogVideoX') return 'CogVideoX';
	return catalogue.provider === 'vidu' ? 'Vidu' : `Vidu at ${catalogue.providerName}`;
}

export const nameOf = ({ panel, model }: Row): string => `${wayOf(panel)}, ${panel.endpoint}, ${model}`;

/** Every field that some model of the panel takes, with the rules of all that take it. */
export function fieldsOf(panel: Panel): Map<FieldName, FieldRule[]> {
	const fields = new Map<FieldName, FieldRule[]>();
	for (const { rules } of rowsOf(panel))
		for (const [name, rule] of Object.entries(rules.fields) as Array<[FieldName, FieldRule]>)
			fields.set(name, [...(fields.get(name) ?? []), rule]);
	return fields;
}

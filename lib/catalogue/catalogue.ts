import type { Endpoint, Operation } from './operations';
import type {
	EndpointRows,
	FieldName,
	FieldRule,
	ImageRules,
	InputSlot,
	Made,
	Models,
	OperationDeclaration,
	Rules,
	Words,
} from './types';

/** What a provider offers. */
export interface Catalogue {
	/** Value of the `provider` parameter. */
	provider: string;
	/** The provider in words, for messages. */
	providerName: string;
	/** In the order of the list that the user chooses from. */
	operations: readonly OperationDeclaration[];
	/** Models per endpoint. Endpoints that a provider does not serve, or that have no model, are absent. */
	models: Partial<Record<Endpoint, Models>>;
	/** Rules of the operations without a model. */
	rules: Partial<Record<Operation, NonNullable<OperationDeclaration['rules']>>>;
	/** The model a new node starts with, per endpoint. */
	defaultModel: Partial<Record<Endpoint, string>>;
	/** Rules for images of a `custom` model. */
	images: ImageRules;
	/** Fields that stand at the top of the panel; all others wait in a collection. What is an operation's own says so itself. */
	topLevel: readonly FieldName[];
	/** A field at the top is sent only once the user has chosen a value: its first choice is that of the model. */
	hasModelDefault?: true;
	/** Fields offered for a `custom` model, unchecked but for their type. */
	customFields: readonly FieldName[];
	/** Fields that the documents of the provider's China platform alone name. */
	chinaFields?: readonly FieldName[];
	/** Largest request body in bytes, where the service states one. */
	maxBodyBytes?: number;
	/** What a user should know before choosing this way, for the panel. */
	notice?: string;
	/** Day the documents were read. */
	readOn: string;
}

/** The bodies of an operation, by the endpoint's name. */
export const bodiesOf = (operation: OperationDeclaration): Array<[Endpoint, EndpointRows]> => [
	[operation.name as Endpoint, operation],
	...(operation.subjects ? [['subjectsToVideo', operation.subjects] as [Endpoint, EndpointRows]] : []),
];

/** What an operation makes. */
export const madeBy = ({ makes }: OperationDeclaration): Made | 'any' => makes ?? 'video';

/** False where the answer to the order says all there is, and no file comes of it. */
export const isWaitedFor = (operation: OperationDeclaration): boolean => madeBy(operation) !== 'facts';

/** True where the service can call back when the task changes. */
export const callsBack = (operation: OperationDeclaration): boolean =>
	[operation.rules, ...bodiesOf(operation).flatMap(([, { models = {} }]) => Object.values(models))].some(
		(row) => row?.fields.callbackUrl !== undefined,
	);

/** Names of the fields that stand at the top of an operation's panel, in its order. */
export function topFieldsOf(
	{ topLevel }: Pick<Catalogue, 'topLevel'>,
	{ ownFields = {} }: OperationDeclaration,
): FieldName[] {
	const own = Object.entries(ownFields);
	return [
		...own.filter(([, { isTopLevel }]) => isTopLevel).map(([name]) => name as FieldName),
		...topLevel.filter((field) => !Object.hasOwn(ownFields, field)),
	];
}

/** The parameters of a slot. */
export function wordsOf(slot: InputSlot): Words[] {
	switch (slot.kind) {
		case 'prompt':
			return [{ name: 'prompt', label: 'Prompt', description: slot.description ?? 'What happens in the video' }];
		case 'framePair':
			return [slot.first, slot.last];
		case 'voice':
			return [slot.voiceFrom, slot.text, slot.voiceId, slot.audioFile];
		case 'filmPart':
			return [slot.film, slot.type, slot.scene, slot.job];
		case 'filmCut':
			return [slot.film, slot.scenes, slot.jobs, slot.narration, slot.music];
		default:
			return [slot];
	}
}

/**
 * What a provider offers, from its operations.
 * @param furtherFields that a custom model may take though no row has them: known from other providers' rows
 */
export function catalogue({
	furtherFields = [],
	...facts
}: Omit<Catalogue, 'models' | 'rules' | 'defaultModel' | 'customFields'> & {
	furtherFields?: readonly FieldName[];
}): Catalogue {
	const models: Catalogue['models'] = {};
	const rules: Catalogue['rules'] = {};
	const defaultModel: Catalogue['defaultModel'] = {};
	for (const operation of facts.operations) {
		const own = Object.entries(operation.ownFields ?? {});
		const ownRules = Object.fromEntries(own.map(([name, { rule }]) => [name, rule]));
		if (operation.rules) rules[operation.name as Operation] = withFields(operation.rules, ownRules);
		for (const [endpoint, body] of bodiesOf(operation)) {
			if (body.models) models[endpoint] = mapRows(body.models, (row) => withFields(row, ownRules));
			if (body.defaultModel !== undefined) defaultModel[endpoint] = body.defaultModel;
		}
	}
	const rows = Object.values(models).flatMap((byId) => Object.values(byId));
	return {
		...facts,
		models,
		rules,
		defaultModel,
		customFields: [...new Set([...rows.flatMap(({ fields }) => Object.keys(fields) as FieldName[]), ...furtherFields])],
	};
}

const withFields = <R extends Rules>(row: R, fields: Record<string, FieldRule>): R => ({
	...row,
	fields: { ...row.fields, ...fields },
});

const mapRows = (models: Models, map: (row: Models[string]) => Models[string]): Models =>
	Object.fromEntries(Object.entries(models).map(([id, row]) => [id, map(row)]));

import type { IExecuteFunctions } from 'n8n-workflow';

import type { Endpoint, Operation } from '../../catalogue/operations';
import type { Catalogue } from '../../catalogue/catalogue';
import { priceOf, type Purchase } from '../../catalogue/prices';
import type { Amount, EndpointRows, ModelRules, OperationDeclaration, Rules } from '../../catalogue/types';
import { fingerprintOf, leavesOf, passing, wireLengthOf } from '../../core/body';
import { defined } from '../../core/defined';
import { wordsOf } from '../../core/listedFields';
import { CHECK_EXPRESSION, isFailedExpression, isLeftOut, listValues, toText } from '../../core/fields';
import { checkBodyLength } from '../../core/images/rules';
import type { Job } from '../../core/job';
import { purchaseOf } from '../../core/purchase';
import { toCamelCase } from '../../providers/replies';
import { CUSTOM_MODEL, modelsOf, operationCalled, type Backend } from '../backends';
import { nameOfParameter, OPERATION_NAMES } from '../labels';
import { callsBack } from '../operations';
import { invalid, type InvalidInput } from './invalidInput';
import { spellMentions } from './mentions';
import type { ItemParameters } from './parameters';
import { readInputs } from './slots';
import { valueOf } from './slots/name';
import type { AskAbout, Seen } from './slots/slot';
import type { Subject } from './slots/subjects';
import { readSwitch } from './switches';
import { assertAnyOf, assertPartners } from './together';
import { checked, openFields, readAddresses, readExtraFields, readValues } from './fieldValues';
import { oneOf, readValue, show } from './values';

/** An item's parameters become a job, checked against the catalogue. Nothing is ordered here. */

/** A custom model is newer than the catalogue: no rule of ours may stand in its way. */
const CUSTOM_TYPICAL_SECONDS = 60;

/** What an item is read for, beside its own parameters. */
export interface Reading {
	/** Of the credential, so that another account's task is never taken for this one. */
	accountIdentity: string;
	/** Whose prices hold. */
	region: string;
	/** The service is at a private address, and so may be its images. */
	isLocalService?: boolean;
	/** Where the service is to call for this item, in place of the user's own address. */
	callbackUrl?: string;
	/** What is learned of the item's inputs is noted here. */
	seen?: Seen;
	/** Asks about a task whose video goes into the item's, or about a film that is changed. */
	ask: AskAbout;
	/** Looks among the account's tasks for the one that made a video; undefined where none did. Absent where there is no list. */
	taskOf?: (creationId: string) => Promise<string | undefined>;
}

/**
 * Reads and checks one item.
 * @param item its parameters
 * @throws InvalidInput with a message for the user
 */
export async function readJob(
	context: IExecuteFunctions,
	item: ItemParameters,
	backend: Backend,
	{ accountIdentity, region, isLocalService = false, callbackUrl, seen = { duplicateImages: 0 }, ask, taskOf }: Reading,
): Promise<Omit<Job, 'origin'>> {
	const { catalogue, provider } = backend;
	const { itemIndex } = item;
	const [declaration, endpoint, body] = readOperation(item, backend);
	const operation = declaration.name as Operation;
	const { model, modelRules, isCustom } = body.models ? readModel(item, backend, endpoint) : NO_MODEL;
	const rules: (Rules & Partial<ModelRules>) | undefined = modelRules ?? catalogue.rules[operation];
	const taker = model ?? declaration.label;

	const values = readValues(item, catalogue, declaration, body, rules);
	const reach = {
		allowPrivateUrl: readSwitch(item.option('allowPrivateUrls'), 'Allow Private URLs', false),
		isLocalService,
	};
	readAddresses(catalogue, values, rules, reach);
	const extraFields = readExtraFields(item);
	const fields =
		rules && !isCustom
			? checked(backend, endpoint, rules, taker, values)
			: openFields(backend, endpoint, taker, rules, values);
	assertComplete(declaration, fields);
	assertPartners(declaration, fields);
	const audioRule = rules?.fields.audio;
	const audio = (fields.audio ?? (audioRule?.kind === 'switch' && audioRule.default)) === true;
	const rows = modelsOf(backend, endpoint);
	const wish = { item, backend, rows, rules, taker, audio, isLocalService, ask, seen, ...defined({ taskOf }) };
	const { inputs, bought } = await readInputs(context, body.inputs, wish, fields);
	const { path, method, answering } = { ...declaration, ...seen.order };
	assertBeside(declaration, item, fields);
	assertAnyOf(declaration, { ...inOurNames(extraFields), ...fields }, { ...inputs, ...extraFields });
	if (!isCustom) spellPrompt(namesOf(inputs), fields, extraFields);
	const callback = (callsBack(operation) ? callbackUrl : undefined) ?? fields.callbackUrl;
	const request = provider.submit({
		operation,
		...defined({ path: pathWith(path, fields), method, model, extraFields }),
		fields: toWireNames(declaration, {
			...fields,
			...(typeof callback === 'string' ? { callbackUrl: passing(callback) } : {}),
		}),
		inputs,
	});
	assertBodyFits(request.body, catalogue, declaration);
	const price =
		rules &&
		priceAsSent(rules, fields, { extraFields, inputs, bought: { ...sourceOf(rules, seen), ...bought } }, region);
	return {
		itemIndex,
		operation,
		...defined({ model }),
		request,
		...defined({ answering, queryPath: answering?.queryPath }),
		...(fields.offPeak === true ? { isOffPeak: true } : {}),
		typicalSeconds: rules?.typicalSeconds ?? CUSTOM_TYPICAL_SECONDS,
		...defined({ price }),
		fingerprint: fingerprintOf(catalogue.provider, accountIdentity, operation, request.path, request.body),
	};
}

/** Where the source is what counts, its length; of a film what is made of it. */
function sourceOf({ price }: Rules, { sourceSeconds, order }: Seen): Purchase {
	const isBySource = price && 'parts' in price && price.parts.some(({ isOfSource }) => isOfSource);
	return isBySource ? defined({ seconds: sourceSeconds }) : (order?.bought ?? {});
}

interface Bought {
	extraFields: Readonly<Record<string, unknown>> | undefined;
	/** By their names on the wire. */
	inputs: Readonly<Record<string, unknown>>;
	/** What of the inputs counts. */
	bought: Purchase;
}

const inOurNames = (fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
	Object.fromEntries(Object.entries(fields).map(([name, value]) => [toCamelCase(name), value]));

/** Extra Fields are sent as well, and may say another length; a model of theirs has a price that nobody here knows. */
function priceAsSent(
	rules: Rules,
	fields: Readonly<Record<string, unknown>>,
	{ extraFields = {}, inputs, bought }: Bought,
	region: string,
): Amount | undefined {
	if ('model' in extraFields) return undefined;
	// an input of theirs replaces the one that was counted
	const counted = Object.keys(extraFields).some((name) => Object.hasOwn(inputs, name)) ? {} : bought;
	return priceOf(rules.price, purchaseOf(rules, { ...fields, ...inOurNames(extraFields) }, counted), region);
}

/** @throws InvalidInput for what nothing can be ordered without */
function assertComplete({ ownFields = {} }: OperationDeclaration, fields: Readonly<Record<string, unknown>>): void {
	for (const [field, { name, isRequired }] of Object.entries(ownFields)) {
		if (!isRequired || (fields[field] ?? '') !== '') continue;
		throw invalid(
			name,
			`${name} is missing`,
			'This row has none. Leave such rows out with a Filter node before this one.',
		);
	}
}

/** @throws InvalidInput for what means nothing beside the value of another parameter; the panel hides it there */
function assertBeside(
	{ ownFields = {} }: OperationDeclaration,
	item: ItemParameters,
	fields: Readonly<Record<string, unknown>>,
): void {
	for (const [field, { name, onlyBeside }] of Object.entries(ownFields)) {
		if (!onlyBeside || !Object.hasOwn(fields, field)) continue;
		const { parameter, values, why } = onlyBeside;
		const given = valueOf(item.get(parameter));
		const beside = isLeftOut(given) ? [] : wordsOf(given);
		if (beside.length === 0 || beside.some((word) => values.includes(word))) continue;
		throw invalid(name, `${name} does not fit: ${why}`, 'Remove it, or change the other field.');
	}
}

/** What a path is about stands in it, as in the request. */
const pathWith = (path: string | undefined, { id }: Readonly<Record<string, unknown>>): string | undefined =>
	typeof id === 'string' ? path?.replace('{id}', encodeURIComponent(id)) : path;

/** An operation's own fields may be called otherwise in the request. */
const toWireNames = (
	{ ownFields = {} }: OperationDeclaration,
	fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
	Object.fromEntries(Object.entries(fields).map(([field, value]) => [ownFields[field]?.wire ?? field, value]));

interface PickedModel {
	model: string | undefined;
	modelRules: ModelRules | undefined;
	/** Newer than the catalogue, or so the user says: no rule of ours may stand in its way. */
	isCustom: boolean;
}

const NO_MODEL: PickedModel = { model: undefined, modelRules: undefined, isCustom: false };

function readModel(item: ItemParameters, backend: Backend, endpoint: Endpoint): PickedModel {
	const picked = readId(item, 'model');
	const isCustom = picked.toLowerCase() === CUSTOM_MODEL;
	const model = isCustom ? readId(item, 'customModel') : knownSpelling(backend.catalogue, endpoint, picked);
	if (isCustom && model === '') throw invalid('Model ID', 'Model ID is missing', 'Type the ID of the model.');
	const modelRules = rulesOf(backend.catalogue, endpoint, model);
	if (!modelRules && !isCustom) throw unknownModel(backend, endpoint, model);
	return { model, modelRules, isCustom };
}

/** @throws InvalidInput for what is no text, and for what an expression makes of nothing */
function readId(item: ItemParameters, name: 'model' | 'customModel'): string {
	const value = item.get(name);
	if (isLeftOut(value)) return '';
	const text = toText(value);
	if (text !== undefined && !isFailedExpression(text)) return text.trim();
	const label = nameOfParameter(name);
	throw invalid(label, `${label} "${show(value)}" is not the ID of a model`, CHECK_EXPRESSION);
}

/** Sheets write "ViduQ2": the ID as the catalogue spells it, where there is one. */
function knownSpelling({ models }: Catalogue, endpoint: Endpoint, typed: string): string {
	const ids = Object.keys(models[endpoint] ?? {});
	return ids.includes(typed) ? typed : (ids.find((id) => id.toLowerCase() === typed.toLowerCase()) ?? typed);
}

/** Extra Fields are merged in last, and may bring a prompt of their own, or subjects that the node does not know. */
function spellPrompt(
	names: string[],
	fields: Record<string, unknown>,
	extraFields: Record<string, unknown> = {},
): void {
	if (names.length === 0) return;
	if ('subjects' in extraFields || 'auto_subjects' in extraFields) return;
	const home = (extraFields.prompt ?? undefined) === undefined ? fields : extraFields;
	const prompt = toText(home.prompt) ?? '';
	const spelled = spellMentions(prompt, names);
	if (spelled !== prompt) home.prompt = spelled;
}

/** Of the subjects among the inputs. */
const namesOf = ({ subjects }: Record<string, unknown>): string[] =>
	Array.isArray(subjects) ? (subjects as Subject[]).map(({ name }) => name) : [];

/** Names that every object has, such as "constructor", are no models. */
function rulesOf({ models }: Catalogue, endpoint: Endpoint, model: string): ModelRules | undefined {
	const rows = models[endpoint] ?? {};
	return Object.hasOwn(rows, model) ? rows[model] : undefined;
}

const referenceType = oneOf(['images', 'subjects'], 'images', 'Choose Images or Subjects.');

/** @throws InvalidInput where the provider does not offer the operation */
function readOperation(item: ItemParameters, backend: Backend): [OperationDeclaration, Endpoint, EndpointRows] {
	const found = operationCalled(backend, item.get('operation'));
	const isBySubjects =
		found?.declaration.subjects !== undefined &&
		readValue(referenceType, 'referenceType', item.get('referenceType')) === 'subjects';
	const body = found?.bodies[isBySubjects ? 1 : 0];
	if (found && body) return [found.declaration, ...body];
	const { operations, providerName } = backend.catalogue;
	throw invalid(
		'Operation',
		`${providerName} does not offer this operation`,
		`Choose ${listValues(operations.map(({ label }) => label))}.`,
	);
}

function unknownModel({ catalogue }: Backend, endpoint: Endpoint, model: string): InvalidInput {
	const known = Object.keys(catalogue.models[endpoint] ?? {});
	const [elsewhere = ''] = (Object.keys(catalogue.models) as Endpoint[]).flatMap((other) => {
		const id = knownSpelling(catalogue, other, model);
		return rulesOf(catalogue, other, id) ? [` ${id} is for ${endpointName(other)}.`] : [];
	});
	const choice =
		known.length > 0
			? `Choose ${known.join(', ')}, or Custom for a model newer than this node.`
			: 'Choose Custom and type the ID of a model for this operation in Model ID.';
	return model === ''
		? invalid('Model', 'Model is missing', choice)
		: invalid('Model', `Model "${show(model)}" is not offered for this operation`, `${choice}${elsewhere}`);
}

const endpointName = (endpoint: Endpoint): string =>
	endpoint === 'subjectsToVideo' ? `${OPERATION_NAMES.referenceToVideo} with subjects` : OPERATION_NAMES[endpoint];

function assertBodyFits(
	body: unknown,
	{ maxBodyBytes: most, providerName }: Catalogue,
	{ maxBodyBytes = most }: OperationDeclaration,
): void {
	const sizes = leavesOf(body).flatMap(({ sizeBytes }) => (sizeBytes === undefined ? [] : [sizeBytes]));
	const fault = checkBodyLength(wireLengthOf(body), maxBodyBytes, sizes, providerName);
	if (fault) throw invalid('Images', `The request ${fault.what}`, `${fault.allowed}. ${fault.advice}.`);
}

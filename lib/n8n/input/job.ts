import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { Endpoint, Operation } from '../../catalogue/operations';
import type { Catalogue, FieldName, FieldRule, ModelRules } from '../../catalogue/types';
import { checkBodyLength } from '../../core/images/rules';
import type { Job } from '../../core/types';
import {
	CHECK_EXPRESSION,
	checkFields,
	checkOpenPrompt,
	isFailedExpression,
	isLeftOut,
	listValues,
	readSwitchValue,
	readValue,
	type FieldFault,
} from '../../core/fields';
import { isPrivateHost } from './addresses';
import { FIELD_LABELS, labelValue, nameOfField } from '../fields';
import { invalid, type InvalidInput } from './invalidInput';
import { readSources } from './sources';
import { OPERATION_NAMES } from '../labels';
import { imagesOf, readMedia } from './media';
import { spellMentions } from './mentions';
import type { ItemParameters } from './parameters';
import { readPublicUrl, unreachable, type CheckedImage, type ImageSettings } from './image';
import { CUSTOM_MODEL, endpointsOf, operationOf, type Backend } from '../backends';
import { readSwitch } from './switches';

/** An item's parameters become a job, checked against the catalogue. Nothing is sent here. */

/** Options that steer the run and never travel. */
export const RUN_OPTIONS = new Set([
	'allowPrivateUrls',
	'cancelOnStop',
	'checkImageUrls',
	'coverField',
	'extraFields',
	'fileName',
	'maxConcurrency',
	'maxCredits',
	'maxFileMegabytes',
	'maxVideos',
	'maxWaitMinutes',
	'pollIntervalSeconds',
	'removeDuplicateImages',
	'sendBinaryAsSignedUrl',
	'simplify',
]);

/** A custom model is newer than the catalogue: no rule of ours may stand in its way. */
const CUSTOM_TYPICAL_SECONDS = 60;

const extraFieldsSchema = z.record(z.string(), z.unknown());

/**
 * Reads and checks one item.
 * @param item its parameters
 * @param accountIdentity of the credential, so that another account's task is never taken for this one
 * @param isLocalService the service is at a private address, and so may be its images
 * @throws InvalidInput with a message for the user
 */
export async function readJob(
	context: IExecuteFunctions,
	item: ItemParameters,
	backend: Backend,
	accountIdentity: string,
	isLocalService = false,
): Promise<Omit<Job, 'origin'>> {
	const { catalogue } = backend;
	const { itemIndex } = item;
	const operation = item.get('operation') as Operation;
	const endpoint = readEndpoint(item, backend, operation);
	const picked = String(item.get('model') ?? '').trim();
	const isCustom = picked.toLowerCase() === CUSTOM_MODEL;
	const model = isCustom ? String(item.get('customModel') ?? '').trim() : knownSpelling(catalogue, endpoint, picked);
	if (isCustom && model === '') throw invalid('Model ID', 'Model ID is missing', 'Type the ID of the model.');
	const rules = rulesOf(catalogue, endpoint, model);
	if (!rules && !isCustom) throw unknownModel(backend, endpoint, model);

	const values = readValues(item, backend, rules);
	const reach = {
		allowPrivateUrl: readSwitch(item.option('allowPrivateUrls'), 'Allow Private URLs', false),
		isLocalService,
	};
	readAddresses(catalogue, values, rules, reach);
	const extraFields = readExtraFields(item);
	const fields =
		rules && !isCustom ? checked(backend, endpoint, rules, model, values) : openFields(backend, model, rules, values);
	const audioRule = rules?.fields.audio;
	const audio = (fields.audio ?? (audioRule?.kind === 'switch' && audioRule.default)) === true;
	const media = await readMedia(context, item, {
		backend,
		operation,
		endpoint,
		rules,
		model,
		audio,
		isLocalService,
	});
	if (media.subjects && !isCustom) {
		const names = media.subjects.map(({ name }) => name);
		spellPrompt(names, fields, extraFields);
	}
	const job: Omit<Job, 'fingerprint' | 'origin'> = {
		itemIndex,
		operation,
		model,
		fields,
		...media,
		...(extraFields ? { extraFields } : {}),
		typicalSeconds: rules?.typicalSeconds ?? CUSTOM_TYPICAL_SECONDS,
	};
	assertBodyFits(imagesOf(media), job, catalogue);
	return { ...job, fingerprint: fingerprint(job, catalogue.provider, accountIdentity) };
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
	if ('subjects' in extraFields || 'auto_subjects' in extraFields) return;
	const home = (extraFields.prompt ?? undefined) === undefined ? fields : extraFields;
	const prompt = String(home.prompt ?? '');
	const spelled = spellMentions(prompt, names);
	if (spelled !== prompt) home.prompt = spelled;
}

/** Names that every object has, such as "constructor", are no models. */
function rulesOf({ models }: Catalogue, endpoint: Endpoint, model: string): ModelRules | undefined {
	const rows = models[endpoint] ?? {};
	return Object.hasOwn(rows, model) ? rows[model] : undefined;
}

function readEndpoint(item: ItemParameters, backend: Backend, operation: Operation): Endpoint {
	const hasSubjects = operation === 'referenceToVideo' && backend.catalogue.models.subjectsToVideo;
	const endpoint = hasSubjects && item.get('referenceType') === 'subjects' ? 'subjectsToVideo' : operation;
	// an expression may give anything, such as what every object has
	if (typeof operation !== 'string' || !Object.hasOwn(backend.catalogue.models, endpoint))
		throw invalid(
			'Operation',
			`${backend.catalogue.providerName} does not offer this operation`,
			`Choose ${listValues([...new Set(endpointsOf(backend).map(operationOf))].map((other) => OPERATION_NAMES[other]))}.`,
		);
	return endpoint;
}

/** Everything the user set, by field. */
function readValues(
	item: ItemParameters,
	{ catalogue }: Backend,
	rules: ModelRules | undefined,
): Record<string, unknown> {
	const values: Record<string, unknown> = {
		prompt: item.get('prompt'),
	};
	for (const [name, value] of Object.entries(item.collection('options')))
		if (!RUN_OPTIONS.has(name)) values[name] = value;
	const model = item.written('model');
	const isOpenPanel = typeof model === 'string' && (model === CUSTOM_MODEL || model.startsWith('='));
	for (const field of catalogue.topLevel) {
		const value = item.get(field);
		// untouched in the panel of a custom model or of one given by an expression
		if (isLeftOut(value) || (isOpenPanel && item.written(field) === 0)) continue;
		// off is what a model without the switch does anyway
		if (rules && !rules.fields[field] && isOff(catalogue, field, value)) continue;
		values[field] = value;
	}
	for (const [name, value] of Object.entries(values)) values[name] = fromLabel(ruleOf(catalogue, name), name, value);
	return values;
}

/** What the panel calls a value: "Top Left". */
function fromLabel(rule: FieldRule | undefined, name: string, value: unknown): unknown {
	if (rule?.kind !== 'choice' || typeof value !== 'string') return value;
	const word = value.trim().toLowerCase();
	const labels = Object.entries(FIELD_LABELS[name as FieldName].values ?? {});
	return labels.find(([, label]) => label.toLowerCase() === word)?.[0] ?? value;
}

/** Addresses among the values, which the service is to call or fetch from, as they travel. */
function readAddresses(
	catalogue: Catalogue,
	values: Record<string, unknown>,
	rules: ModelRules | undefined,
	reach: Pick<ImageSettings, 'allowPrivateUrl' | 'isLocalService'>,
): void {
	for (const [name, value] of Object.entries(values)) {
		const field = name as FieldName;
		const rule = ruleOf(catalogue, name);
		if (isLeftOut(value) || (rules && !rules.fields[field])) continue;
		if (rule?.kind === 'urls') {
			const label = nameOfField(field, catalogue);
			values[name] = readSources(value, label, 'sound').map((source) => {
				if (source.mode === 'url') return readPublicUrl(source.value, label, reach, 'sound');
				throw invalid(
					label,
					`${label} must be URLs`,
					'Give the public addresses of the files, starting with https://.',
				);
			});
		}
		if (rule?.kind !== 'url') continue;
		const url = String(value).trim();
		if (reach.allowPrivateUrl || reach.isLocalService || !URL.canParse(url) || !isPrivateHost(url)) continue;
		if (/^https?:/i.test(url)) throw unreachable(nameOfField(field, catalogue), url);
	}
}

function readExtraFields(item: ItemParameters): Record<string, unknown> | undefined {
	const extraFields = item.option('extraFields');
	if (isLeftOut(extraFields)) return undefined;
	let parsed: unknown = extraFields;
	try {
		if (typeof extraFields === 'string') parsed = JSON.parse(extraFields);
	} catch {
		parsed = undefined;
	}
	const result = extraFieldsSchema.safeParse(parsed);
	if (!result.success || Array.isArray(parsed))
		throw invalid(
			'Extra Fields (JSON)',
			'Extra Fields (JSON) is not a JSON object',
			'Write it like {"field_name": "value"}.',
		);
	return Object.keys(result.data).length > 0 ? result.data : undefined;
}

function checked(
	{ catalogue }: Backend,
	endpoint: Endpoint,
	rules: ModelRules,
	model: string,
	values: Record<string, unknown>,
): Record<string, unknown> {
	const result = checkFields(rules, model, values);
	if ('fields' in result) return result.fields;
	const { field, value } = result.fault;
	const other =
		field === 'prompt'
			? undefined
			: Object.entries(catalogue.models[endpoint] ?? {}).find(([, { fields }]) => {
					const rule = fields[field];
					return rule !== undefined && readValue(rule, value) !== undefined;
				})?.[0];
	const alternative = other !== undefined && other !== model ? ` ${other} takes it.` : '';
	throw refused(catalogue, result.fault, rules, alternative);
}

function refused(
	catalogue: Catalogue,
	{ field, value, problem, advice }: FieldFault,
	rules?: ModelRules,
	alternative = '',
): InvalidInput {
	const label = field === 'prompt' ? 'Prompt' : FIELD_LABELS[field] ? nameOfField(field, catalogue) : field;
	const shown = field === 'prompt' ? String(value) : wordFor(field, value, rules?.fields[field]);
	return invalid(label, `${label} ${shown} ${problem}`.replace(/\s+/g, ' '), `${advice}${alternative}`);
}

function wordFor(field: FieldName, value: unknown, rule: FieldRule | undefined): string {
	const word =
		typeof value === 'object'
			? JSON.stringify(value)
			: Object.hasOwn(FIELD_LABELS, field)
				? labelGiven(field, value as string, rule)
				: String(value);
	return word.length > 60 ? `${word.slice(0, 57)}…` : word;
}

/** A number that has a name only where it is offered: 0 seconds are "Automatic". */
function labelGiven(field: FieldName, value: string | number, rule: FieldRule | undefined): string {
	const { unit } = FIELD_LABELS[field];
	const isOffered = rule?.kind !== 'choice' || rule.values.map(String).includes(String(value));
	return unit !== undefined && !isOffered && /^\d+$/.test(String(value))
		? `${value} ${unit}`
		: labelValue(field, value);
}

/**
 * Values for a model that the user calls by its ID: as typed, but numbers, switches and JSON in the type that the field
 * has, and as a known model takes them.
 * @throws InvalidInput where an expression found nothing
 */
function openFields(
	{ catalogue }: Backend,
	model: string,
	rules: ModelRules | undefined,
	{ prompt, ...values }: Record<string, unknown>,
): Record<string, unknown> {
	const fault = checkOpenPrompt(rules?.prompt, model, prompt);
	if (fault) throw refused(catalogue, fault);
	const fields: Record<string, unknown> = isLeftOut(prompt) ? {} : { prompt: String(prompt) };
	for (const [name, value] of Object.entries(values)) {
		if (isLeftOut(value)) continue;
		const rule = ruleOf(catalogue, name);
		if (rule?.kind !== 'text' && typeof value !== 'object' && isFailedExpression(String(value))) {
			const label = Object.hasOwn(FIELD_LABELS, name) ? nameOfField(name as FieldName, catalogue) : name;
			throw invalid(label, `${label} is "${String(value)}": the expression found no value`, CHECK_EXPRESSION);
		}
		const own = rules?.fields[name as FieldName];
		fields[name] = (own && readValue(own, value)) ?? typed(rule, value);
	}
	return fields;
}

const isOff = (catalogue: Catalogue, field: FieldName, value: unknown): boolean =>
	ruleOf(catalogue, field)?.kind === 'switch' && readSwitchValue(value) === false;

/** The type of a field is the same in all rows. */
const ruleOf = ({ models }: Catalogue, name: string): FieldRule | undefined =>
	Object.values(models)
		.flatMap((rows) => Object.values(rows))
		.map(({ fields }) => (Object.hasOwn(fields, name) ? fields[name as FieldName] : undefined))
		.find((rule) => rule !== undefined);

function typed(rule: FieldRule | undefined, value: unknown): unknown {
	const isNumeric = rule?.kind === 'integer' || (rule?.kind === 'choice' && typeof rule.values[0] === 'number');
	if (isNumeric && /^\s*\d+\s*$/.test(String(value))) return Number(value);
	if (rule?.kind === 'switch') return readSwitchValue(value) ?? value;
	const isJson = rule?.kind === 'jsonText' || (rule?.kind === 'text' && rule.takesJson);
	return isJson && typeof value === 'object' ? JSON.stringify(value) : value;
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
		: invalid('Model', `Model "${model}" is not offered for this operation`, `${choice}${elsewhere}`);
}

const endpointName = (endpoint: Endpoint): string =>
	endpoint === 'subjectsToVideo' ? `${OPERATION_NAMES.referenceToVideo} with subjects` : OPERATION_NAMES[endpoint];

/** Fields and names travel beside the images. */
function assertBodyFits(
	images: CheckedImage[],
	job: Omit<Job, 'fingerprint' | 'origin'>,
	{ maxBodyBytes, providerName }: Catalogue,
): void {
	const wireBytes = images.reduce((sum, { wireLength }) => sum + wireLength + 3, 0);
	const textBytes = Buffer.byteLength(JSON.stringify([job.fields, job.extraFields ?? {}, job.model])) + 200;
	const sizes = images.flatMap(({ sizeBytes }) => (sizeBytes === undefined ? [] : [sizeBytes]));
	const fault = checkBodyLength(wireBytes + textBytes, maxBodyBytes, sizes, providerName);
	if (fault) throw invalid('Images', `The request ${fault.what}`, `${fault.allowed}. ${fault.advice}.`);
}

/** Stands for request and account. The callback address is left out: it changes with every execution. */
function fingerprint(
	{ operation, model, fields, images, subjects, videos, extraFields }: Omit<Job, 'fingerprint' | 'origin'>,
	provider: string,
	accountIdentity: string,
): string {
	const { callbackUrl: _callbackUrl, ...lasting } = fields;
	const content = JSON.stringify([
		provider,
		accountIdentity,
		operation,
		model,
		Object.entries(lasting).sort(([a], [b]) => a.localeCompare(b)),
		images.map(({ identity }) => identity),
		subjects?.map(({ name, images: own, voiceId }) => [name, own.map(({ identity }) => identity), voiceId]),
		videos,
		extraFields,
	]);
	return createHash('sha256').update(content).digest('hex').slice(0, 24);
}

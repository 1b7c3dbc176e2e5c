import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { FieldName, Form, ModelRules, Operation } from '../catalogue/types';
import { invalidInput } from '../core/trouble';
import type { ImageInput, Job, Subject } from '../core/types';
import { checkFields, isLeftOut, listValues, readValue } from '../core/validate';
import { FIELD_LABELS, labelValue } from './fields';
import { InvalidInput, openImage, readSources } from './images';
import { CUSTOM_MODEL, formsOf, operationOf, type Route } from './routes';

/** An item's parameters become a job, checked against the catalogue. Nothing is sent here. */

/** Options that steer the run and never travel. */
export const RUN_OPTIONS = new Set([
	'cancelOnStop',
	'extraFields',
	'maxConcurrency',
	'maxCredits',
	'maxVideos',
	'maxWaitMinutes',
	'pollIntervalSeconds',
	'simplify',
]);

/** A custom model is newer than the catalogue: no rule of ours may stand in its way. */
const CUSTOM_TYPICAL_SECONDS = 60;

const extraFieldsSchema = z.record(z.string(), z.unknown());

/**
 * Reads and checks one item.
 * @param accountIdentity of the credential, so that another account's task is never taken for this one
 * @throws InvalidInput with a message for the user
 */
export async function readJob(
	context: IExecuteFunctions,
	route: Route,
	accountIdentity: string,
	itemIndex: number,
): Promise<Job> {
	const { catalogue } = route;
	const operation = context.getNodeParameter('operation', itemIndex) as Operation;
	const form = readForm(context, route, operation, itemIndex);
	const picked = String(context.getNodeParameter('model', itemIndex) ?? '').trim();
	const isCustom = picked === CUSTOM_MODEL;
	const model = isCustom
		? String(context.getNodeParameter('customModel', itemIndex, '') ?? '').trim()
		: picked;
	if (model === '') throw invalid('Model ID', 'Model ID is empty', 'Type the ID of the model.');
	const rules = catalogue.models[form]?.[model];
	if (!rules && !isCustom) throw unknownModel(route, form, model);

	const values = readValues(context, route, itemIndex, rules);
	const extraFields = readExtraFields(context, itemIndex);
	const fields = rules && !isCustom ? checked(route, form, rules, model, values) : openFields(values);
	const media = await readMedia(context, operation, form, itemIndex, rules, model);
	const job: Omit<Job, 'fingerprint'> = {
		itemIndex,
		operation,
		model,
		fields,
		...media,
		...(extraFields ? { extraFields } : {}),
		typicalSeconds: rules?.typicalSeconds ?? CUSTOM_TYPICAL_SECONDS,
	};
	checkBodyLength(job, catalogue.maxBodyBytes);
	return { ...job, fingerprint: fingerprint(job, catalogue.provider, accountIdentity) };
}

function readForm(
	context: IExecuteFunctions,
	route: Route,
	operation: Operation,
	itemIndex: number,
): Form {
	const hasSubjects = operation === 'referenceToVideo' && route.catalogue.models.subjectsToVideo;
	const form =
		hasSubjects && context.getNodeParameter('referenceType', itemIndex, 'images') === 'subjects'
			? 'subjectsToVideo'
			: operation;
	if (!route.catalogue.models[form])
		throw invalid(
			'Operation',
			`${route.catalogue.providerName} does not offer this operation`,
			`Choose one of ${formsOf(route).map(operationOf).join(', ')}.`,
		);
	return form;
}

/** Everything the user set, by field. */
function readValues(
	context: IExecuteFunctions,
	{ catalogue }: Route,
	itemIndex: number,
	rules: ModelRules | undefined,
): Record<string, unknown> {
	const values: Record<string, unknown> = {
		prompt: context.getNodeParameter('prompt', itemIndex, ''),
	};
	const options = context.getNodeParameter('options', itemIndex, {}) as Record<string, unknown>;
	for (const [name, value] of Object.entries(options)) if (!RUN_OPTIONS.has(name)) values[name] = value;
	const raw = context.getNode().parameters;
	const isOpenPanel = raw.model === CUSTOM_MODEL || String(raw.model).startsWith('=');
	for (const field of catalogue.topLevel) {
		const value = context.getNodeParameter(field, itemIndex, '') as unknown;
		// untouched in the panel of a custom model or of one given by an expression
		if (isLeftOut(value) || (isOpenPanel && raw[field] === 0)) continue;
		// off is what a model without the switch does anyway
		if (value === false && rules && !rules.fields[field]) continue;
		values[field] = value;
	}
	return values;
}

function readExtraFields(
	context: IExecuteFunctions,
	itemIndex: number,
): Record<string, unknown> | undefined {
	const { extraFields } = context.getNodeParameter('options', itemIndex, {}) as {
		extraFields?: unknown;
	};
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
			'Extra Fields (JSON) is no JSON object',
			'Write it like {"field_name": "value"}.',
		);
	return Object.keys(result.data).length > 0 ? result.data : undefined;
}

function checked(
	{ catalogue }: Route,
	form: Form,
	rules: ModelRules,
	model: string,
	values: Record<string, unknown>,
): Record<string, unknown> {
	const result = checkFields(rules, model, values);
	if ('fields' in result) return result.fields;
	const { field, value, said, todo } = result.fault;
	const label = field === 'prompt' ? 'Prompt' : (FIELD_LABELS[field]?.name ?? field);
	const shown =
		typeof value === 'object' ? JSON.stringify(value) : field === 'prompt' ? value : wordFor(field, value);
	const other =
		field === 'prompt'
			? undefined
			: Object.entries(catalogue.models[form] ?? {}).find(([, { fields }]) => {
					const rule = fields[field];
					return rule !== undefined && readValue(rule, value) !== undefined;
				})?.[0];
	const alternative = other !== undefined && other !== model ? ` ${other} takes it.` : '';
	throw invalid(label, `${label} ${shown} ${said}`.replace(/\s+/g, ' '), `${todo}${alternative}`);
}

const wordFor = (field: FieldName, value: unknown): string => {
	const word = FIELD_LABELS[field] ? labelValue(field, value as string) : String(value);
	return word.length > 60 ? `${word.slice(0, 57)}…` : word;
};

/** Values for a model outside the catalogue: as typed, numbers and switches as such. */
function openFields(values: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(values)
			.filter(([, value]) => !isLeftOut(value))
			.map(([name, value]) => [
				name,
				name === 'duration' && /^\d+$/.test(String(value).trim()) ? Number(value) : value,
			]),
	);
}

function unknownModel({ catalogue }: Route, form: Form, model: string): InvalidInput {
	const known = Object.keys(catalogue.models[form] ?? {});
	const elsewhere = Object.entries(catalogue.models).find(([, models]) => model in models)?.[0];
	const hint = elsewhere ? ` ${model} is for ${elsewhere}.` : '';
	return invalid(
		'Model',
		`Model "${model}" is not offered for this operation`,
		`Choose ${known.length > 0 ? listValues(known) : 'Custom'}, or Custom for a model newer than this node.${hint}`,
	);
}

async function readMedia(
	context: IExecuteFunctions,
	operation: Operation,
	form: Form,
	itemIndex: number,
	rules: ModelRules | undefined,
	model: string,
): Promise<Pick<Job, 'images' | 'subjects' | 'videos'>> {
	const open = async (value: unknown, parameter: string): Promise<ImageInput[]> => {
		const images: ImageInput[] = [];
		for (const source of readSources(value, parameter))
			images.push(await openImage(context, itemIndex, source, parameter));
		return images;
	};
	const one = async (name: string, parameter: string): Promise<ImageInput> => {
		const images = await open(context.getNodeParameter(name, itemIndex, ''), parameter);
		if (images.length !== 1)
			throw invalid(
				parameter,
				images.length === 0 ? `${parameter} is empty` : `${parameter} holds ${images.length} pictures`,
				'Give exactly one picture.',
			);
		return images[0];
	};
	switch (operation) {
		case 'textToVideo':
			return { images: [] };
		case 'imageToVideo':
			return { images: [await one('image', 'Image')] };
		case 'startEndToVideo':
			return { images: [await one('startImage', 'Start Image'), await one('endImage', 'End Image')] };
		case 'referenceToVideo':
			return form === 'subjectsToVideo'
				? { images: [], subjects: await readSubjects(context, itemIndex, rules, model, open) }
				: await readReferences(context, itemIndex, rules, model, open);
	}
}

type Open = (value: unknown, parameter: string) => Promise<ImageInput[]>;

async function readReferences(
	context: IExecuteFunctions,
	itemIndex: number,
	rules: ModelRules | undefined,
	model: string,
	open: Open,
): Promise<Pick<Job, 'images' | 'videos'>> {
	const given = context.getNodeParameter('referenceImages', itemIndex, {}) as { image?: unknown };
	const images = await open(
		typeof given === 'object' && given !== null && !Array.isArray(given) ? given.image : given,
		'Reference Images',
	);
	const videos = readSources(
		context.getNodeParameter('referenceVideos', itemIndex, ''),
		'Reference Videos',
	).map(({ value }) => value);
	if (rules) checkCount(images.length, rules, model, videos.length);
	return { images, ...(videos.length > 0 ? { videos } : {}) };
}

function checkCount(images: number, rules: ModelRules, model: string, videos: number): void {
	const { min, max } = rules.images;
	if (videos > (rules.videos?.max ?? 0))
		throw invalid(
			'Reference Videos',
			rules.videos
				? `Reference Videos holds ${videos} videos`
				: `Reference Videos are not taken by ${model}`,
			rules.videos ? `${model} takes at most ${rules.videos.max}.` : 'Remove them, or choose viduq2-pro.',
		);
	const most = videos > 0 && rules.videos ? rules.videos.maxImagesBeside : max;
	if (images < min || images > most)
		throw invalid(
			'Reference Images',
			`Reference Images holds ${images} ${images === 1 ? 'picture' : 'pictures'}`,
			`${model} takes ${min} to ${most}${videos > 0 ? ' beside a video' : ''}.`,
		);
}

async function readSubjects(
	context: IExecuteFunctions,
	itemIndex: number,
	rules: ModelRules | undefined,
	model: string,
	open: Open,
): Promise<Subject[]> {
	const { subject: rows = [] } = context.getNodeParameter('subjects', itemIndex, {}) as {
		subject?: Array<{ name?: unknown; images?: unknown; voiceId?: unknown }>;
	};
	const limits = rules?.subjects;
	if (rows.length === 0 || (limits && rows.length > limits.max))
		throw invalid(
			'Subjects',
			`Subjects holds ${rows.length} subjects`,
			limits ? `${model} takes 1 to ${limits.max}.` : 'Add a subject.',
		);
	const subjects: Subject[] = [];
	for (const row of rows) {
		const name = String(row.name ?? '').trim();
		if (name === '')
			throw invalid('Subjects', 'A subject has no name', 'The prompt calls each subject @name.');
		if (subjects.some((other) => other.name === name))
			throw invalid('Subjects', `Two subjects are called "${name}"`, 'Give each its own name.');
		const parameter = `Images of subject "${name}"`;
		const images = await open(row.images, parameter);
		if (images.length === 0 || (rules && images.length > rules.images.max))
			throw invalid(
				parameter,
				`${parameter}: ${images.length} pictures`,
				`Give 1 to ${rules?.images.max ?? 3} pictures.`,
			);
		const voiceId = String(row.voiceId ?? '').trim();
		if (voiceId !== '' && limits && !limits.voice)
			throw invalid(
				'Subjects',
				`Voice ID of subject "${name}" has no effect on ${model}`,
				'Remove it, or choose a q2, q1 or 2.0 model.',
			);
		subjects.push({ name, images, ...(voiceId === '' ? {} : { voiceId }) });
	}
	return subjects;
}

function checkBodyLength(job: Omit<Job, 'fingerprint'>, maxBytes: number | undefined): void {
	if (maxBytes === undefined) return;
	const pictures = [...job.images, ...(job.subjects ?? []).flatMap(({ images }) => images)];
	const bytes =
		pictures.reduce((sum, { wireLength }) => sum + wireLength + 3, 0) +
		Buffer.byteLength(JSON.stringify([job.fields, job.extraFields ?? {}, job.model])) +
		200;
	if (bytes <= maxBytes) return;
	const megabytes = (count: number) => `${(count / (1024 * 1024)).toFixed(1)} MB`;
	throw invalid(
		'Images',
		`The pictures make a request of ${megabytes(bytes)}`,
		`The service takes ${megabytes(maxBytes)}, and base64 makes a picture a third longer. Send the pictures as URLs, or make them smaller.`,
	);
}

/** Stands for request and account. The callback address is left out: it changes with every execution. */
function fingerprint(
	{ operation, model, fields, images, subjects, videos, extraFields }: Omit<Job, 'fingerprint'>,
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

function invalid(parameter: string, headline: string, todo: string): InvalidInput {
	return new InvalidInput(invalidInput(parameter, headline, todo));
}

import type { FetchImage, ImageFacts } from '../core/images';
import { areCloseFrames, inspectImage } from '../core/images';
import { findRow } from '../core/rows';
import type { ModelRules, ParameterRule } from './tables';
import { MODELS } from './tables';

/** A refusal; `errorCode` is one of the page's 008005xxx as the integer JSON can carry (docs/api/vtrix.md#codes). */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly errorCode: number,
		message: string,
	) {
		super(message);
	}
}

export interface CheckedRequest {
	model: string;
	rules: ModelRules;
	params: Record<string, unknown>;
}

const IMAGE_MISSING = 8005001;
const PARAMETER_INVALID = 8005002;
const STYLE_INVALID = 8005003;
const IMAGE_INVALID = 8005004;
const DURATION_INVALID = 8005005;
const RESOLUTION_INVALID = 8005006;
const FIELD_CODES: Record<string, number> = {
	images: IMAGE_INVALID,
	style: STYLE_INVALID,
	duration: DURATION_INVALID,
	resolution: RESOLUTION_INVALID,
};

/** docs/api/vtrix.md#fields: whole POST body. */
export const MAX_BODY_BYTES = 20_000_000;

const invalid = (field: string, why: string): Refusal =>
	new Refusal(400, FIELD_CODES[field] ?? PARAMETER_INVALID, `Parameter ${field} invalid: ${why}`);
const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks POST /model/v1/generation: everything but `model` sits in `input[0].params` (docs/api/vtrix.md#request). */
export async function checkRequest(body: unknown, fetchImage: FetchImage | undefined): Promise<CheckedRequest> {
	if (!isRecord(body)) throw invalid('body', 'a JSON object');
	for (const field of Object.keys(body))
		if (!['model', 'input', 'moderation'].includes(field))
			throw new Refusal(400, PARAMETER_INVALID, `Parameter ${field} invalid: it belongs into input[0].params`);
	const { model, input, moderation } = body;
	if (typeof model !== 'string') throw invalid('model', 'a string');
	const rules = findRow(MODELS, model);
	if (rules === undefined) throw new Refusal(400, PARAMETER_INVALID, `Model ${model} not found`);
	if (moderation !== undefined && typeof moderation !== 'boolean') throw invalid('moderation', 'true or false');
	if (!Array.isArray(input) || input.length !== 1 || !isRecord(input[0]))
		throw invalid('input', 'an array of one object');
	for (const field of Object.keys(input[0]))
		if (field !== 'params') throw invalid(`input[0].${field}`, 'only params goes here');
	const { params } = input[0];
	if (!isRecord(params)) throw invalid('input[0].params', 'an object');

	for (const [field, value] of Object.entries(params)) {
		const rule = findRow(rules.parameters, field);
		if (rule === undefined) throw invalid(field, `${model} does not know it`);
		checkValue(field, value, rule);
	}
	if (rules.paramsModel !== undefined && params.model !== rules.paramsModel)
		throw invalid('model', `input[0].params.model must be ${rules.paramsModel}`);
	if (rules.promptRequired && (typeof params.prompt !== 'string' || params.prompt.trim() === ''))
		throw invalid('prompt', 'required');
	if (params.off_peak === true) throw invalid('off_peak', 'temporarily unavailable');
	for (const field of ['voice_id', 'audio_type'])
		if (field in params && params.audio !== true) throw invalid(field, 'it needs audio true');
	const resolutions = rules.resolutionAt?.[(params.duration as number | undefined) ?? 4];
	if (
		resolutions !== undefined &&
		params.resolution !== undefined &&
		!resolutions.includes(params.resolution as string)
	)
		throw invalid('resolution', `${resolutions.join(', ')} at this duration`);
	await checkImages(params.images, rules, fetchImage);
	return { model, rules, params };
}

function checkValue(
	field: string,
	value: unknown,
	{ type, enum: values, min, max, maxLength, isUrl }: ParameterRule,
): void {
	const isRight =
		type === 'integer' ? Number.isInteger(value) : type === 'array' ? Array.isArray(value) : typeof value === type;
	if (!isRight) throw invalid(field, type);
	if (values !== undefined && !values.includes(value as string | number))
		throw invalid(field, `one of ${values.join(', ')}`);
	if (typeof value === 'number' && (value < (min ?? -Infinity) || value > (max ?? Infinity)))
		throw invalid(field, `${min ?? ''} to ${max ?? ''}`);
	if (typeof value === 'string' && value.length > (maxLength ?? Infinity))
		throw invalid(field, `at most ${maxLength} characters`);
	if (isUrl && !(/^https?:\/\//.test(value as string) && URL.canParse(value as string)))
		throw invalid(field, 'an http(s) URL');
}

async function checkImages(
	images: unknown,
	{ images: { min, max } }: ModelRules,
	fetchImage: FetchImage | undefined,
): Promise<void> {
	if (max === 0) return;
	if (images === undefined || (images as unknown[]).length === 0)
		throw new Refusal(400, IMAGE_MISSING, 'Image missing');
	const list = images as unknown[];
	if (list.length < min || list.length > max)
		throw invalid('images', `${min === max ? min : `${min} to ${max}`} images`);
	const facts: (ImageFacts | undefined)[] = [];
	for (const image of list) {
		if (typeof image !== 'string') throw invalid('images', 'an array of strings');
		const verdict = await inspectImage(
			image,
			{ formats: ['png', 'jpeg', 'webp'], maxBytes: 50_000_000, maxRatio: 4, ratioExclusive: true },
			fetchImage,
		);
		if (!verdict.ok) throw invalid('images', verdict.message);
		facts.push(verdict.facts);
	}
	// two images exactly are a first and a last frame
	if (min === 2 && facts[0] && facts[1] && !areCloseFrames(facts[0], facts[1]))
		throw invalid('images', 'start and end frame differ too much');
}

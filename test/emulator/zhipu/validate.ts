import type { FetchImage, ImageFacts, ImageRules } from '../core/images';
import { areCloseFrames, inspectImage } from '../core/images';
import { findRow } from '../core/rows';
import type { ImageShape, ModelRules } from './tables';
import { MODELS } from './tables';

/** A refusal with Zhipu's business code (docs/api/zhipu.md#codes). */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
	) {
		super(message);
	}
}

export interface CheckedRequest {
	model: string;
	price: number;
	fields: Record<string, unknown>;
	requestId: string | undefined;
}

const MAX_PROMPT = 512;
const missing = (field: string): Refusal => new Refusal(400, '1213', `The parameter ${field} was not received`);
const invalid = (field: string, why: string): Refusal =>
	new Refusal(400, '1214', `The parameter ${field} is invalid: ${why}`);

const IMAGES: Record<ModelRules['images'], Omit<ImageRules, 'minSide'>> = {
	cogvideox: { formats: ['png', 'jpeg'], maxBytes: 5_000_000, blankAfterComma: true },
	vidu: {
		formats: ['png', 'jpeg', 'webp'],
		maxBytes: 50_000_000,
		maxRatio: 4,
		ratioExclusive: true,
		blankAfterComma: true,
	},
};

/** In every model's schema. */
const COMMON = ['model', 'prompt', 'image_url', 'request_id', 'user_id'];
/** In some model's schema. What only the SDKs know (off_peak, sensitive_word_check, prompt_opt_model) is not here. */
const OPTIONAL = [
	'quality',
	'with_audio',
	'watermark_enabled',
	'size',
	'fps',
	'duration',
	'aspect_ratio',
	'style',
	'movement_amplitude',
];

/** Checks POST /videos/generations (docs/api/zhipu.md#fields-and-models); throws a Refusal. */
export async function checkRequest(
	body: unknown,
	isZai: boolean,
	fetchImage: FetchImage | undefined,
): Promise<CheckedRequest> {
	if (typeof body !== 'object' || body === null || Array.isArray(body))
		throw new Refusal(400, '1210', 'The request body must be a JSON object');
	// Both official SDKs send every field that the caller left unset as null.
	const fields = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) as Record<
		string,
		unknown
	>;
	const { model } = fields;
	if (model === undefined || model === '') throw missing('model');
	if (typeof model !== 'string') throw invalid('model', 'a string');
	const rules = findRow(MODELS, model);
	if (rules === undefined || (isZai && !rules.onZai))
		throw new Refusal(400, '1211', `The model ${model} does not exist, please check the model code`);

	for (const [field, value] of Object.entries(fields)) {
		if (COMMON.includes(field)) continue;
		if (!OPTIONAL.includes(field)) throw new Refusal(400, '1210', `Wrong call parameters: ${field} is not a parameter`);
		const allowed = findRow(rules.fields, field);
		// Z.AI's newest schema does not have it (docs/api/zhipu.md#in-conflict).
		if (allowed === undefined || (isZai && field === 'watermark_enabled'))
			throw invalid(field, `the current ${field} value is not supported by ${model}`);
		if (allowed === 'boolean' ? typeof value !== 'boolean' : !allowed.includes(value as string | number))
			throw invalid(field, `the current ${field} value is not supported, use ${String(allowed)}`);
	}

	const prompt = readText(fields, 'prompt');
	const hasPrompt = prompt !== undefined && prompt.trim() !== '';
	const hasImage = fields.image_url !== undefined;
	if (rules.needs === 'prompt' && !hasPrompt) throw missing('prompt');
	if (rules.needs === 'image' && !hasImage) throw missing('image_url');
	if (!hasPrompt && !hasImage) throw missing('prompt');
	if (prompt !== undefined && prompt.length > MAX_PROMPT)
		throw new Refusal(400, '1261', `The prompt is too long: ${prompt.length} characters, at most ${MAX_PROMPT}`);
	const requestId = readSized(fields, 'request_id', 6, 64);
	readSized(fields, 'user_id', 6, 128);
	if (hasImage) await checkImages(fields, rules, model, fetchImage);
	// "Frame mode supports only speed" stands on Z.AI's page; BigModel's own frame example sends quality (docs/api/zhipu.md#in-conflict).
	if (isZai && Array.isArray(fields.image_url) && (fields.quality ?? 'speed') !== 'speed')
		throw new Refusal(
			400,
			'1215',
			'The parameters quality and image_url cannot be set at the same time: two frames take speed only',
		);
	return { model, price: rules.price, fields, requestId };
}

async function checkImages(
	fields: Record<string, unknown>,
	rules: ModelRules,
	model: string,
	fetchImage: FetchImage | undefined,
): Promise<void> {
	const images = readImages(fields.image_url, rules.image, model);
	const facts: (ImageFacts | undefined)[] = [];
	for (const image of images) {
		const verdict = await inspectImage(
			image,
			{ ...IMAGES[rules.images], minSide: rules.image === 'references' ? 128 : undefined },
			fetchImage,
		);
		if (!verdict.ok) throw invalid('image_url', `the image ${verdict.message}`);
		facts.push(verdict.facts);
	}
	if (rules.image === 'frames' && facts[0] && facts[1] && !areCloseFrames(facts[0], facts[1]))
		throw invalid('image_url', 'the ratio of first and last frame must be within 0.8 to 1.25');
}

function readImages(value: unknown, shape: ImageShape, model: string): string[] {
	if (shape === 'none') throw invalid('image_url', `${model} takes no image`);
	if (typeof value === 'string') {
		if (shape === 'one' || shape === 'oneOrTwo') return [value];
		throw invalid('image_url', `${model} takes an array`);
	}
	if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string'))
		throw invalid('image_url', 'a string or an array of strings');
	if (shape === 'one') throw invalid('image_url', `${model} takes one image, as a string`);
	const [min, max] = shape === 'references' ? [1, 3] : [2, 2];
	if (value.length < min || value.length > max)
		throw invalid('image_url', `${model} takes ${min === max ? min : `${min} to ${max}`} images in an array`);
	return value;
}

function readText(fields: Record<string, unknown>, field: string): string | undefined {
	const value = fields[field];
	if (value !== undefined && typeof value !== 'string') throw invalid(field, 'a string');
	return value;
}

function readSized(fields: Record<string, unknown>, field: string, min: number, max: number): string | undefined {
	const value = readText(fields, field);
	if (value !== undefined && (value.length < min || value.length > max))
		throw invalid(field, `${min} to ${max} characters`);
	return value;
}

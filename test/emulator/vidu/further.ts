import type { FetchImage } from '../core/images';
import { inspectImage } from '../core/images';
import { findRow } from '../core/rows';
import {
	checkPayload,
	IMAGE_REASONS,
	invalid,
	isRecord,
	lacking,
	parseOrUndefined,
	readBoolean,
	readHttpUrl,
	readInteger,
	readNumber,
	readOneOf,
	readText,
	readTexts,
	Refusal,
	unwanted,
	wrongCount,
	type Body,
} from './fields';
import {
	digitalHumanPriceOf,
	lipSyncPriceOf,
	motionSyncPriceOf,
	segmentsPriceOf,
	TEMPLATE_CREDITS,
	upscalePriceOf,
} from './prices';
import { SEGMENT_CREDITS, UPSCALE_CREDITS } from './tables';

/** The endpoints beyond the four that make clips: docs/api/vidu.md#further-operations. */

/** A checked request with the documented defaults filled in. */
export interface CheckedOrder {
	/** Empty where the endpoint takes none. */
	model: string;
	fields: Record<string, unknown>;
	/** A video of this account that goes in. */
	creationId?: string;
	/** What it costs. @param sourceSeconds of a video that was made here and goes in */
	price(sourceSeconds: number | undefined): number;
	/** The endpoint takes a seed, and picks one itself where none is sent. */
	isSeeded?: true;
}

/** Strict double of one endpoint. */
export interface Double {
	/** All that it knows; anything else is unwanted. */
	fields: readonly string[];
	/** @throws Refusal */
	check(body: Body, fetchImage: FetchImage | undefined): Promise<CheckedOrder> | CheckedOrder;
	/** The create answer does not say what it costs. */
	isSilentOnPrice?: true;
	/** A video where nothing is said. */
	makes?: 'image' | 'sound';
	/** The answer is the result. `queues`: unless the service is told to let it wait. */
	answer?(done: DoneAtOnce): Record<string, unknown>;
	queues?: true;
}

/** What has been made by the time of the answer. */
export interface DoneAtOnce {
	id: string;
	state: string;
	fields: Record<string, unknown>;
	charge: number;
	createdAt: string | number;
	/** Where the file is; empty where it failed or is not there yet. */
	url: string;
}

/** An address may say how long its file is, `clip.mp4?seconds=12`; one that does not leads to as much as this. */
const SECONDS_AT_URL = 5;
/** How long a text takes to be spoken. */
const CHARACTERS_A_SECOND = 30;
const LONGEST_PROMPT = 2_000;

const SIZES = ['540p', '720p', '1080p'];
const EVERYWHERE = ['payload', 'callback_url'];
const MARKS = ['watermark', 'wm_position', 'wm_url', 'meta_data'];
const CORNERS = ['top_left', 'top_right', 'bottom_right', 'bottom_left'];

const IMAGE: ImageLimits = { formats: ['png', 'jpeg', 'webp'], maxBytes: 50_000_000, maxRatio: 4 };

export type ImageLimits = Parameters<typeof inspectImage>[1];

export const FURTHER: Readonly<Record<string, Double>> = {
	// docs/api/vidu.md#upscale
	'upscale-new': {
		fields: [...EVERYWHERE, 'video_url', 'video_creation_id', 'upscale_resolution'],
		check(body) {
			const resolution = readOneOf(body, 'upscale_resolution', Object.keys(UPSCALE_CREDITS)) ?? '1080p';
			return {
				model: '',
				fields: { ...body, upscale_resolution: resolution },
				...readSource(body),
				price: (seconds) => upscalePriceOf(resolution, seconds ?? secondsAt(body.video_url)),
			};
		},
	},

	// docs/api/vidu.md#multi-frame
	multiframe: {
		fields: [...EVERYWHERE, ...MARKS, 'model', 'start_image', 'image_settings', 'resolution'],
		async check(body, fetchImage) {
			const model = readModel(body, SEGMENT_CREDITS);
			const resolution = readOneOf(body, 'resolution', SIZES) ?? '720p';
			checkMarks(body);
			const start = readText(body, 'start_image');
			if (start === undefined) throw lacking('start_image');
			if (start.length > 10_000_000) throw invalid('start_image', 'the request must not exceed 10MB');
			await checkImage(start, 'start_image', IMAGE, fetchImage);
			const { image_settings: given } = body;
			if (given === undefined) throw lacking('image_settings');
			if (!Array.isArray(given)) throw invalid('image_settings', 'an array');
			if (given.length < 2 || given.length > 9) throw wrongCount('image_settings', `${given.length}, not 2 to 9`);
			const settings: Body[] = [];
			for (const [at, entry] of given.entries()) {
				const where = `image_settings[${at}]`;
				if (!isRecord(entry)) throw invalid(where, 'an object');
				refuseUnknown(entry, ['key_image', 'prompt', 'duration'], where);
				const image = readText(entry, 'key_image', where);
				if (image === undefined) throw lacking(`${where}.key_image`);
				await checkImage(image, `${where}.key_image`, IMAGE, fetchImage);
				checkText(entry, 'prompt', LONGEST_PROMPT, where);
				const duration = readInteger(entry, 'duration', where) ?? 5;
				if (duration < 2 || duration > 7) throw invalid(`${where}.duration`, `${duration}, not 2 to 7`);
				settings.push({ prompt: '', ...entry, duration });
			}
			const lengths = settings.map(({ duration }) => duration as number);
			return {
				model,
				fields: { ...body, resolution, image_settings: settings },
				price: () => segmentsPriceOf(model, resolution, lengths),
			};
		},
	},

	// docs/api/vidu.md#template
	template: {
		fields: [
			...[...EVERYWHERE, ...MARKS, 'template', 'images', 'prompt', 'seed', 'aspect_ratio', 'area', 'beast', 'bgm'],
		],
		async check(body, fetchImage) {
			const template = readText(body, 'template');
			if (template === undefined || template.trim() === '') throw lacking('template');
			if (!/^[\w-]+$/.test(template)) throw invalid('template', `${template} is not a template`);
			const images = readTexts(body, 'images');
			if (images === undefined || images.length === 0) throw lacking('images');
			if (images.length > 3) throw wrongCount('images', `${images.length}, not 1 to 3`);
			for (const [at, image] of images.entries()) await checkImage(image, `images[${at}]`, IMAGE, fetchImage);
			checkText(body, 'prompt', LONGEST_PROMPT);
			checkSeed(body);
			const aspectRatio = readOneOf(body, 'aspect_ratio', ['16:9', '9:16', '1:1']) ?? '16:9';
			onlyFor(body, 'area', 'exotic_princess', AREAS);
			onlyFor(body, 'beast', 'beast_companion', BEASTS);
			readBoolean(body, 'bgm');
			checkMarks(body, 'number');
			return {
				model: '',
				fields: { bgm: false, ...body, aspect_ratio: aspectRatio },
				price: () => TEMPLATE_CREDITS,
				isSeeded: true,
			};
		},
	},

	// docs/api/vidu.md#extend
	extend: {
		fields: [
			...[...EVERYWHERE, ...MARKS, 'model', 'video_creation_id', 'video_url', 'images', 'prompt', 'duration'],
			'resolution',
		],
		async check(body, fetchImage) {
			const model = readModel(body, SEGMENT_CREDITS);
			const source = readSource(body);
			const images = readTexts(body, 'images') ?? [];
			if (images.length > 1) throw wrongCount('images', 'at most 1');
			for (const image of images) await checkImage(image, 'images[0]', IMAGE, fetchImage);
			checkText(body, 'prompt', LONGEST_PROMPT);
			const duration = readInteger(body, 'duration') ?? 5;
			if (duration < 1 || duration > 7) throw invalid('duration', `${duration}, not 1 to 7`);
			const resolution = readOneOf(body, 'resolution', SIZES) ?? '720p';
			checkMarks(body);
			return {
				model,
				fields: { ...body, duration, resolution },
				...source,
				price: () => segmentsPriceOf(model, resolution, [duration]),
			};
		},
	},

	// docs/api/vidu.md#lip-sync
	'lip-sync': {
		fields: [...EVERYWHERE, 'video_url', 'audio_url', 'text', 'voice_id', 'speed', 'volume', 'ref_photo_url'],
		isSilentOnPrice: true,
		check(body) {
			if (!('video_url' in body)) throw lacking('video_url');
			readHttpUrl(body, 'video_url');
			const seconds = readVoice(body);
			if ('text' in body && !('audio_url' in body)) {
				const speed = readNumber(body, 'speed');
				if (speed !== undefined && (speed < 0.5 || speed > 2)) throw invalid('speed', '0.5 to 2');
				const volume = readInteger(body, 'volume');
				if (volume !== undefined && (volume < 0 || volume > 10)) throw invalid('volume', '0 to 10');
			} else for (const field of ['speed', 'volume']) if (field in body) throw unwanted(field, 'it needs text');
			readHttpUrl(body, 'ref_photo_url');
			return { model: '', fields: { ...body }, price: () => lipSyncPriceOf(seconds) };
		},
	},

	// docs/api/vidu.md#motion-sync
	image2dance: {
		fields: [...EVERYWHERE, 'image_url', 'video_url'],
		async check(body, fetchImage) {
			const image = readText(body, 'image_url');
			if (image === undefined) throw lacking('image_url');
			const limits: ImageLimits = { ...IMAGE, formats: ['png', 'jpeg', 'bmp', 'webp'], maxBytes: 15_000_000 };
			await checkImage(image, 'image_url', { ...limits, maxRatio: 3, minSide: 200, maxSide: 4096 }, fetchImage);
			if (!('video_url' in body)) throw lacking('video_url');
			readHttpUrl(body, 'video_url');
			const seconds = secondsAt(body.video_url);
			if (seconds < 2 || seconds > 30) throw invalid('video_url', `a video of ${seconds} s, not 2 to 30`);
			return { model: '', fields: { ...body }, price: (source) => motionSyncPriceOf(source ?? seconds) };
		},
	},

	// docs/api/vidu.md#digital-human
	'digital-human': {
		fields: [...EVERYWHERE, 'model', 'image', 'prompt', 'audio_url', 'text', 'voice_id', 'resolution'],
		async check(body, fetchImage) {
			const model = readModel(body, { 'viduq2-turbo': true, 'viduq2-pro': true });
			const image = readText(body, 'image');
			if (image === undefined) throw lacking('image');
			await checkImage(image, 'image', IMAGE, fetchImage);
			checkText(body, 'prompt', LONGEST_PROMPT);
			const seconds = readVoice(body);
			const resolution = readOneOf(body, 'resolution', SIZES) ?? '720p';
			const spoken = 'audio_url' in body ? 0 : String(body.text).length;
			return { model, fields: { ...body, resolution }, price: () => digitalHumanPriceOf(model, seconds, spoken) };
		},
	},
};

/** @throws Refusal */
export async function checkFurther(
	path: string,
	double: Double,
	body: unknown,
	fetchImage?: FetchImage,
): Promise<CheckedOrder> {
	if (!isRecord(body)) throw new Refusal(400, 'BadRequest', 'the body must be a JSON object');
	refuseUnknown(body, double.fields, '', path);
	checkPayload(body);
	readHttpUrl(body, 'callback_url');
	return await double.check(body, fetchImage);
}

/** The creation that a request refers to is none of this account's. */
export const unknownCreation = (id: string): Refusal => invalid('video_creation_id', `creation ${id} is not found`);

export function refuseUnknown(body: Body, known: readonly string[], where: string, who = where): void {
	for (const field of Object.keys(body))
		if (!known.includes(field)) throw unwanted(where === '' ? field : `${where}.${field}`, `${who} does not know it`);
}

export function readModel(body: Body, models: Readonly<Record<string, unknown>>): string {
	const model = readText(body, 'model');
	if (model === undefined || model === '') throw lacking('model');
	if (findRow(models, model) === undefined) throw invalid('model', `model ${model} is not supported`);
	return model;
}

/** One of a video's own id, which wins, and an address. */
function readSource(body: Body): Pick<CheckedOrder, 'creationId'> {
	const creationId = readText(body, 'video_creation_id');
	if (creationId === '') throw invalid('video_creation_id', 'it is empty');
	readHttpUrl(body, 'video_url');
	if (creationId === undefined && !('video_url' in body)) throw lacking('video_url or video_creation_id');
	return creationId === undefined ? {} : { creationId };
}

/** A sound file, which wins, or a text to speak. @returns seconds of speech */
function readVoice(body: Body): number {
	readHttpUrl(body, 'audio_url');
	const text = readText(body, 'text');
	readText(body, 'voice_id');
	if (text === undefined && !('audio_url' in body)) throw lacking('audio_url or text');
	if (text !== undefined) checkSpoken(text);
	if ('audio_url' in body && 'voice_id' in body) throw unwanted('voice_id', 'it needs text');
	return 'audio_url' in body ? secondsAt(body.audio_url) : Math.ceil(String(text).length / CHARACTERS_A_SECOND);
}

/** 4 to 2,000 characters, of which a Chinese one counts two; pauses stand between words, one at a time. */
function checkSpoken(text: string): void {
	const weight = [...text].reduce((sum, letter) => sum + (/\p{Script=Han}/u.test(letter) ? 2 : 1), 0);
	if (weight < 4 || weight > 2_000) throw invalid('text', `${weight} characters, not 4 to 2000`);
	const [first, ...rest] = text.split('<#');
	let before = first;
	for (const piece of rest) {
		const end = piece.indexOf('#>');
		const seconds = piece.slice(0, Math.max(0, end));
		const after = piece.slice(end + 2);
		if (!/^\d{1,2}(\.\d{1,2})?$/.test(seconds) || Number(seconds) < 0.01)
			throw invalid('text', `a pause of ${seconds} seconds, not 0.01 to 99.99`);
		if (![before, after].every((words) => /[\p{L}\p{N}]/u.test(words)))
			throw invalid('text', 'a pause stands between two texts that can be pronounced');
		before = after;
	}
}

export function checkText(body: Body, field: string, max: number, where?: string): void {
	const text = readText(body, field, where);
	if (text !== undefined && text.length > max) throw invalid(field, `${text.length} characters, at most ${max}`);
}

export function checkSeed(body: Body): void {
	const seed = readInteger(body, 'seed');
	if (seed !== undefined && (seed < 0 || seed > 2_147_483_647)) throw invalid('seed', '0 to 2147483647');
}

/** The corner is a word here, where clips and templates take a number. */
function checkMarks(body: Body, corner: 'word' | 'number' = 'word'): void {
	readBoolean(body, 'watermark');
	readHttpUrl(body, 'wm_url');
	if (corner === 'word') readOneOf(body, 'wm_position', CORNERS);
	else if (![undefined, 1, 2, 3, 4].includes(readInteger(body, 'wm_position')))
		throw invalid('wm_position', '1, 2, 3 or 4');
	const meta = readText(body, 'meta_data');
	if (meta !== undefined && !isRecord(parseOrUndefined(meta)))
		throw invalid('meta_data', 'a string that holds a JSON object');
}

const AREAS = 'auto denmark uk africa china mexico switzerland russia italy korea thailand india japan'.split(' ');
const BEASTS = 'auto bear tiger elk snake lion wolf'.split(' ');

function onlyFor(body: Body, field: string, template: string, allowed: readonly string[]): void {
	if (readOneOf(body, field, allowed) !== undefined && body.template !== template)
		throw unwanted(field, `only ${template} takes it`);
}

export async function checkImage(
	image: string,
	field: string,
	limits: ImageLimits,
	fetchImage: FetchImage | undefined,
): Promise<void> {
	const verdict = await inspectImage(image, limits, fetchImage);
	if (!verdict.ok) throw new Refusal(400, IMAGE_REASONS[verdict.trouble], `${field} ${verdict.message}`);
}

function secondsAt(address: unknown): number {
	const told = /[?&]seconds=(\d+(?:\.\d+)?)/.exec(String(address))?.[1];
	return told === undefined ? SECONDS_AT_URL : Number(told);
}

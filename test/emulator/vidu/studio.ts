import type { FetchImage } from '../core/images';
import { checkImage, checkSeed, checkText, readModel, type Double, type ImageLimits } from './further';
import {
	invalid,
	isRecord,
	lacking,
	readInteger,
	readNumber,
	readOneOf,
	readText,
	readHttpUrl,
	readTexts,
	Refusal,
	unwanted,
	wrongCount,
	type Body,
} from './fields';

/** The endpoints for images, sounds, films and what goes into them: docs/api/vidu.md#further-operations. */

const EVERYWHERE = ['payload', 'callback_url'];
const IMAGE: ImageLimits = { formats: ['png', 'jpeg', 'webp'], maxBytes: 50_000_000, maxRatio: 4 };
const REFERENCE: ImageLimits = { ...IMAGE, minSide: 128 };

const FIVE_SHAPES = ['16:9', '9:16', '1:1', '3:4', '4:3'];

/** docs/api/vidu.md#images-made: credits by resolution for no image, one to three, and more. */
const IMAGE_CREDITS: Readonly<Record<string, readonly [none: number, few: number, many: number]>> = {
	'1080p': [6, 8, 10],
	'2K': [8, 12, 16],
	'4K': [10, 20, 30],
};
const Q1_IMAGE_CREDITS = 20;

interface ImageModel {
	images: readonly [min: number, max: number];
	resolutions: readonly string[];
	shapes: readonly string[];
}
const IMAGE_MODELS: Readonly<Record<string, ImageModel>> = {
	viduq2: {
		images: [0, 7],
		resolutions: ['1080p', '2K', '4K'],
		shapes: [...FIVE_SHAPES, '21:9', '2:3', '3:2', 'auto'],
	},
	viduq1: { images: [1, 7], resolutions: ['1080p'], shapes: FIVE_SHAPES },
};

const PROMPT_TYPES = ['img2video', 'template', 'start_end2video', 'e_commerce'];
const SUBJECT_FIELDS = ['name', 'images', 'videos', 'voice_id'];

export const STUDIO: Readonly<Record<string, Double>> = {
	// docs/api/vidu.md#images-made
	reference2image: {
		fields: [...EVERYWHERE, 'model', 'images', 'prompt', 'seed', 'aspect_ratio', 'resolution'],
		makes: 'image',
		async check(body, fetchImage) {
			const model = readModel(body, IMAGE_MODELS);
			const {
				images: [min, max],
				resolutions,
				shapes,
			} = IMAGE_MODELS[model];
			const images = await readImages(body, [min, max], REFERENCE, fetchImage);
			needText(body, 'prompt', 2_000);
			checkSeed(body);
			const resolution = readOneOf(body, 'resolution', resolutions) ?? '1080p';
			const shape = readOneOf(body, 'aspect_ratio', shapes) ?? '16:9';
			const step = images.length === 0 ? 0 : images.length < 4 ? 1 : 2;
			return {
				model,
				fields: { images: [], ...body, resolution, aspect_ratio: shape },
				price: () => (model === 'viduq1' ? Q1_IMAGE_CREDITS : IMAGE_CREDITS[resolution][step]),
				isSeeded: true,
			};
		},
	},

	// docs/api/vidu.md#sound-effects
	text2audio: {
		fields: [...EVERYWHERE, 'model', 'prompt', 'duration', 'seed'],
		makes: 'sound',
		check(body) {
			const model = readModel(body, AUDIO_MODELS);
			needText(body, 'prompt', 1_500);
			return { model, ...readSoundLength(body) };
		},
	},

	// docs/api/vidu.md#sound-effects
	timing2audio: {
		fields: [...EVERYWHERE, 'model', 'timing_prompts', 'duration', 'seed'],
		makes: 'sound',
		check(body) {
			const model = readModel(body, AUDIO_MODELS);
			const sound = readSoundLength(body);
			const { timing_prompts: cues } = body;
			if (cues === undefined) throw lacking('timing_prompts');
			if (!Array.isArray(cues) || cues.length === 0) throw invalid('timing_prompts', 'an array of one or more');
			for (const [at, cue] of cues.entries()) {
				const where = `timing_prompts[${at}]`;
				if (!isRecord(cue)) throw invalid(where, 'an object');
				for (const field of Object.keys(cue))
					if (!['from', 'to', 'prompt'].includes(field)) throw unwanted(`${where}.${field}`, 'not known here');
				const [from, to] = ['from', 'to'].map((field) => readNumber(cue, field, where));
				if (from === undefined || to === undefined) throw lacking(`${where}.from and to`);
				if (from < 0 || to <= from || to > sound.seconds) throw invalid(where, `${from} to ${to} of ${sound.seconds}`);
				needText(cue, 'prompt', 1_500);
			}
			return { model, ...sound };
		},
	},

	// docs/api/vidu.md#speech
	'audio-tts': {
		fields: [
			...['payload', 'text', 'voice_setting_voice_id', 'voice_setting_speed', 'voice_setting_volume'],
			...['voice_setting_pitch', 'voice_setting_emotion', 'pronunciation_dict_tone'],
		],
		makes: 'sound',
		queues: true,
		check(body) {
			const text = needText(body, 'text', 9_999);
			needText(body, 'voice_setting_voice_id', 256);
			within(body, 'voice_setting_speed', 0.5, 2);
			wholeWithin(body, 'voice_setting_volume', 0, 10);
			wholeWithin(body, 'voice_setting_pitch', -12, 12);
			readOneOf(body, 'voice_setting_emotion', EMOTIONS);
			readTexts(body, 'pronunciation_dict_tone');
			return { model: '', fields: { ...body }, price: () => spokenPriceOf(text) };
		},
		answer: ({ id, state, fields, charge, createdAt, url }) => ({
			task_id: id,
			state,
			file_url: url,
			credits: charge,
			payload: fields.payload ?? '',
			created_at: createdAt,
		}),
	},

	// docs/api/vidu.md#cloned-voices
	'audio-clone': {
		fields: ['payload', 'audio_url', 'voice_id', 'text', 'prompt_audio_url', 'prompt_text'],
		makes: 'sound',
		queues: true,
		check(body) {
			if (!('audio_url' in body)) throw lacking('audio_url');
			readHttpUrl(body, 'audio_url');
			const voice = needText(body, 'voice_id', 256);
			if (!/^[A-Za-z][\w-]{6,254}[A-Za-z0-9]$/.test(voice))
				throw invalid('voice_id', `${voice} is no name for a voice`);
			const text = needText(body, 'text', 1_000);
			readHttpUrl(body, 'prompt_audio_url');
			const words = readText(body, 'prompt_text');
			if (words !== undefined && !/\p{P}\s*$/u.test(words))
				throw invalid('prompt_text', 'it ends with a punctuation mark');
			if ((words === undefined) !== !('prompt_audio_url' in body)) throw lacking('prompt_audio_url and prompt_text');
			return { model: '', fields: { ...body }, price: () => 300 + spokenPriceOf(text) };
		},
		answer: ({ id, state, fields, createdAt, url }) => ({
			task_id: id,
			state,
			...(state === 'failed' ? {} : { voice_id: fields.voice_id }),
			demo_audio: url,
			payload: fields.payload ?? '',
			created_at: createdAt,
		}),
	},

	// docs/api/vidu.md#prompts
	'img2video-prompt-recommendation': {
		fields: ['images', 'type', 'count', 'resolution'],
		async check(body, fetchImage) {
			const images = await readImages(body, [1, 1], IMAGE, fetchImage);
			const types = readTexts(body, 'type') ?? [];
			if (types.length === 0) throw lacking('type');
			for (const type of types) if (!PROMPT_TYPES.includes(type)) throw invalid('type', `${type} is not known`);
			wholeWithin(body, 'count', 1, 10);
			const count = readInteger(body, 'count') ?? 5;
			if (readOneOf(body, 'resolution', ['360p', '720p']) !== undefined && !types.includes('template'))
				throw unwanted('resolution', 'only template takes it');
			const price = () => 10 * Math.ceil((types.length * count) / 5);
			return { model: '', fields: { resolution: '360p', ...body, images, count }, price };
		},
		answer: ({ id, fields, createdAt }) => ({
			id,
			images: fields.images,
			count: fields.count,
			prompts: (fields.type as string[]).flatMap((type) =>
				Array.from({ length: Number(fields.count) }, (_, at) => ({
					type,
					content: `${type} ${at + 1}: it turns`,
					...(type === 'template'
						? { prompt: 'Video content', template: 'kissing', resolution: fields.resolution }
						: {}),
				})),
			),
			created_at: createdAt,
		}),
	},

	// docs/api/vidu.md#subjects-kept
	subjects: {
		fields: SUBJECT_FIELDS,
		async check(body, fetchImage) {
			needText(body, 'name', Infinity);
			await checkSubject(body, fetchImage);
			if ((readTexts(body, 'images') ?? readTexts(body, 'videos') ?? []).length === 0) throw lacking('images');
			return { model: '', fields: { ...body }, price: () => 5 };
		},
		answer: ({ id, fields, charge }) => ({ ...showSubject(id, fields), credits: charge }),
	},
};

/** As POST, GET and PUT have it; style and description are the service's own work. */
export const showSubject = (id: string, fields: Record<string, unknown>): Record<string, unknown> => ({
	id,
	name: fields.name,
	images: fields.images ?? [],
	videos: fields.videos ?? [],
	voice_id: fields.voice_id ?? '',
	style: fields.style ?? 'photo',
	description: fields.description ?? 'A subject',
});

async function checkSubject(body: Body, fetchImage: FetchImage | undefined): Promise<void> {
	await readImages(body, [0, 3], IMAGE, fetchImage);
	const videos = readTexts(body, 'videos');
	if (videos !== undefined && videos.length !== 1) throw wrongCount('videos', 'exactly 1');
	// no longer ID of a voice can have been given
	checkText(body, 'voice_id', 256);
}

/** A change of a subject, checked. @throws Refusal */
export async function checkSubjectChange(id: string, body: unknown, fetchImage?: FetchImage): Promise<Body> {
	if (!isRecord(body)) throw new Refusal(400, 'BadRequest', 'the body must be a JSON object');
	for (const field of Object.keys(body))
		if (![...SUBJECT_FIELDS, 'id', 'style', 'description'].includes(field)) throw unwanted(field, 'not known here');
	if ('id' in body && body.id !== id) throw invalid('id', 'it must be the id of the path');
	checkText(body, 'name', 64);
	checkText(body, 'style', 100);
	checkText(body, 'description', 2_000);
	await checkSubject(body, fetchImage);
	return body;
}

const AUDIO_MODELS = { 'audio1.0': true };
const EMOTIONS = ['happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised', 'calm'];

/** Each started block of 500 characters. */
const spokenPriceOf = (text: string): number => 10 * Math.ceil(text.length / 500);

/** "Under 5 s" costs 10; 5 and 10 s themselves are taken for the dearer. */
function readSoundLength(body: Body) {
	const seconds = readNumber(body, 'duration') ?? 10;
	if (seconds < 2 || seconds > 10) throw invalid('duration', `${seconds}, not 2 to 10`);
	checkSeed(body);
	return {
		seconds,
		fields: { ...body, duration: seconds },
		price: () => (seconds < 5 ? 10 : 20),
		isSeeded: true as const,
	};
}

function within(body: Body, field: string, min: number, max: number): void {
	const value = readNumber(body, field);
	if (value !== undefined && (value < min || value > max)) throw invalid(field, `${value}, not ${min} to ${max}`);
}

function wholeWithin(body: Body, field: string, min: number, max: number): void {
	readInteger(body, field);
	within(body, field, min, max);
}

export async function readImages(
	body: Body,
	[min, max]: readonly [min: number, max: number],
	limits: ImageLimits,
	fetchImage: FetchImage | undefined,
): Promise<string[]> {
	const images = readTexts(body, 'images') ?? [];
	if (images.length === 0 && min > 0) throw lacking('images');
	if (images.length < min || images.length > max) throw wrongCount('images', `${images.length}, not ${min} to ${max}`);
	for (const [at, image] of images.entries()) await checkImage(image, `images[${at}]`, limits, fetchImage);
	return images;
}

function needText(body: Body, field: string, max: number): string {
	const text = readText(body, field);
	if (text === undefined || text.trim() === '') throw lacking(field);
	checkText(body, field, max);
	if (text.length > max) throw invalid(field, `at most ${max} characters`);
	return text;
}

import type { FetchImage, ImageFacts } from '../core/images';
import { areCloseFrames, inspectImage, isBase64 } from '../core/images';
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
	readOneOf,
	readText,
	readTexts,
	Refusal,
	unwanted,
	wrongCount,
	type Body,
} from './fields';
import type { ModelRules, Operation } from './tables';
import { MODELS } from './tables';

/** A checked request with the documented defaults filled in. */
export interface CheckedRequest {
	operation: Operation;
	model: string;
	fields: Record<string, unknown>;
	seconds: number;
	resolution: string;
	audio: boolean;
	offPeak: boolean;
	isRec: boolean;
}

/** "20MB" and "50MB" read as decimal, the stricter of two readings (docs/api/vidu.md#images). */
export const MAX_BODY_BYTES = 20_000_000;
const MAX_IMAGE_BYTES = 50_000_000;
const MAX_SEED = 2_147_483_647;

/** Fields any video endpoint knows; anything else is unwanted (error FieldUnwanted, docs/api/vidu.md#errors). Which of them a model takes is decided one by one below. */
const COMMON = [
	'model',
	'prompt',
	'duration',
	'resolution',
	'seed',
	'payload',
	'off_peak',
	'callback_url',
	'watermark',
	'wm_position',
	'wm_url',
	'meta_data',
	'movement_amplitude',
];
const KNOWN: Record<Operation, readonly string[]> = {
	text2video: [...COMMON, 'bgm', 'style', 'aspect_ratio', 'audio'],
	img2video: [...COMMON, 'bgm', 'images', 'is_rec', 'audio', 'audio_type', 'voice_id'],
	'start-end2video': [...COMMON, 'bgm', 'images', 'is_rec', 'audio'],
	'reference2video:subjects': [...COMMON, 'subjects', 'auto_subjects', 'audio', 'audio_type', 'aspect_ratio'],
	'reference2video:media': [...COMMON, 'bgm', 'images', 'videos', 'sounds', 'audio', 'aspect_ratio'],
};

export interface CheckOptions {
	/** Refuse known fields that have no effect on the model; the service ignores them. */
	lint: boolean;
	fetchImage: FetchImage | undefined;
}

/** Checks a create request of docs/api/vidu.md#fields-and-models; throws a Refusal. */
export async function checkRequest(path: string, body: unknown, options: CheckOptions): Promise<CheckedRequest> {
	if (!isRecord(body)) throw new Refusal(400, 'BadRequest', 'the body must be a JSON object');
	const operation = operationOf(path, body);
	for (const field of Object.keys(body))
		if (!KNOWN[operation].includes(field)) throw unwanted(field, `${operation} does not know it`);

	const model = readText(body, 'model');
	if (model === undefined || model === '') throw lacking('model');
	const rules = findRow(MODELS[operation], model);
	if (rules === undefined) throw invalid('model', `model ${model} is not supported`);
	refuseWhatIsNotTaken(body, rules, model);

	checkPrompt(body, rules);
	const seconds = readInteger(body, 'duration') ?? rules.defaultSeconds;
	if (!rules.seconds.includes(seconds)) throw invalid('duration', `${model} takes ${rules.seconds.join(', ')}`);
	const sizes = rules.only?.seconds === seconds ? rules.only : rules;
	const resolution = readOneOf(body, 'resolution', sizes.resolutions) ?? sizes.defaultResolution;
	checkRatio(body, rules);

	const wantedAudio = readBoolean(body, 'audio');
	const audio = rules.audio !== undefined && (wantedAudio ?? rules.audio);
	const isRec = readBoolean(body, 'is_rec') ?? false;
	readOneOf(body, 'audio_type', ['all', 'speech_only', 'sound_effect_only']);
	readText(body, 'voice_id');
	readBoolean(body, 'bgm');
	readOneOf(body, 'movement_amplitude', ['auto', 'small', 'medium', 'large']);
	readOneOf(body, 'style', ['general', 'anime']);
	checkCommon(body);
	if (options.lint) refuseWhatHasNoEffect(body, rules, { model, seconds, audio });
	const offPeak = readBoolean(body, 'off_peak') ?? false;
	if (offPeak) checkOffPeak(rules, model, audio);

	if (operation === 'reference2video:subjects') await checkSubjects(body, rules, audio, options);
	else await checkMedia(body, rules, operation, audio, options.fetchImage);

	const filled: Body = { ...body, duration: seconds, resolution, off_peak: offPeak };
	if (rules.audio !== undefined) filled.audio = audio;
	if (rules.ratios) filled.aspect_ratio ??= '16:9';
	return { operation, model, fields: filled, seconds, resolution, audio, offPeak, isRec };
}

function operationOf(path: string, body: Body): Operation {
	if (path !== 'reference2video') return path as Operation;
	if (!('subjects' in body)) return 'reference2video:media';
	for (const field of ['images', 'videos']) if (field in body) throw unwanted(field, 'it cannot stand beside subjects');
	return 'reference2video:subjects';
}

/** What only other models take, in words such as "only viduq2-pro". */
function refuseWhatIsNotTaken(body: Body, rules: ModelRules, model: string): void {
	refuseUntaken(
		body,
		{ aspect_ratio: rules.ratios, videos: rules.videos, sounds: rules.sounds, is_rec: rules.isRec },
		`${model} does not take it here`,
	);
}

/** What the documents call without effect. */
function refuseWhatHasNoEffect(
	body: Body,
	rules: ModelRules,
	{ model, seconds, audio }: { model: string; seconds: number; audio: boolean },
): void {
	const taken = {
		audio: rules.audio !== undefined,
		audio_type: rules.audioType,
		voice_id: rules.voice,
		bgm: rules.bgm,
		movement_amplitude: rules.movement,
		style: rules.style,
	};
	refuseUntaken(body, taken, `no effect on ${model} here`);
	if (!audio) refuseUntaken(body, { audio_type: false, voice_id: false }, 'no effect without audio true');
	if (body.bgm === true && rules.bgm === 'notAt9Or10' && seconds >= 9)
		throw unwanted('bgm', 'no effect at 9 or 10 seconds');
}

function refuseUntaken(body: Body, taken: Record<string, unknown>, why: string): void {
	for (const [field, isTaken] of Object.entries(taken)) if (field in body && !isTaken) throw unwanted(field, why);
}

function checkPrompt(body: Body, { prompt }: ModelRules): void {
	const text = readText(body, 'prompt');
	if (prompt.required && (text === undefined || text.trim() === '')) throw lacking('prompt');
	if (text !== undefined && text.length > prompt.max)
		throw invalid('prompt', `${text.length} characters, at most ${prompt.max}`);
}

function checkRatio(body: Body, { ratios }: ModelRules): void {
	const ratio = readText(body, 'aspect_ratio');
	if (ratio === undefined || ratios === undefined) return;
	if (ratios === 'any' ? !/^[1-9]\d{0,3}:[1-9]\d{0,3}$/.test(ratio) : !ratios.includes(ratio))
		throw invalid('aspect_ratio', `${ratio} is not one of ${String(ratios)}`);
}

function checkCommon(body: Body): void {
	const seed = readInteger(body, 'seed');
	if (seed !== undefined && (seed < 0 || seed > MAX_SEED)) throw invalid('seed', `0 to ${MAX_SEED}`);
	checkPayload(body);
	readHttpUrl(body, 'callback_url');
	readBoolean(body, 'watermark');
	const position = readInteger(body, 'wm_position');
	if (position !== undefined && ![1, 2, 3, 4].includes(position)) throw invalid('wm_position', '1, 2, 3 or 4');
	readHttpUrl(body, 'wm_url');
	const meta = readText(body, 'meta_data');
	if (meta !== undefined && !isRecord(parseOrUndefined(meta)))
		throw invalid('meta_data', 'a string that holds a JSON object');
}

/** docs/api/vidu.md#off-peak-and-cancel: what counts is the audio the task will have, defaults included. */
function checkOffPeak({ offPeak }: ModelRules, model: string, audio: boolean): void {
	if (offPeak === 'never') throw unwanted('off_peak', `${model} has no off-peak mode`);
	if (offPeak === 'withAudio' && !audio) throw invalid('off_peak', `${model} takes it only with audio true`);
	if (offPeak === 'silent' && audio) throw invalid('off_peak', `${model} takes it only with audio false`);
}

async function checkMedia(
	body: Body,
	rules: ModelRules,
	operation: Operation,
	audio: boolean,
	fetchImage: FetchImage | undefined,
): Promise<void> {
	if (rules.images.max === 0) return;
	const images = readTexts(body, 'images');
	if (images === undefined || images.length === 0) throw lacking('images');
	const videos = readTexts(body, 'videos');
	if (videos !== undefined) {
		if (videos.length < 1 || videos.length > rules.videos!.max) throw wrongCount('videos', `1 to ${rules.videos!.max}`);
		videos.forEach((video, at) => checkVideo(video, `videos[${at}]`));
	}
	const max = videos === undefined ? rules.images.max : rules.videos!.imagesBeside;
	if (images.length < rules.images.min || images.length > max)
		throw wrongCount('images', `${images.length}, not ${rules.images.min} to ${max}`);
	const sounds = readTexts(body, 'sounds');
	if (sounds !== undefined) {
		if (!audio) throw unwanted('sounds', 'it needs audio true');
		if (sounds.length > rules.sounds!) throw wrongCount('sounds', `at most ${rules.sounds}`);
		sounds.forEach((sound, at) => {
			if (!/^https?:\/\/[^\s/]+\//.test(sound) && !/^data:audio\/(mpeg|mp3);base64,/.test(sound))
				throw invalid(`sounds[${at}]`, 'a public URL or a data URI of an MP3');
		});
	}
	const facts = await checkImages(images, 'images', rules, fetchImage);
	if (operation === 'start-end2video' && facts[0] && facts[1] && !areCloseFrames(facts[0], facts[1]))
		throw new Refusal(400, 'PageSizeOutOfRange', 'the ratio between start and end frame must be in 0.8~1.25');
}

/** docs/api/vidu.md#reference-to-video-with-subjects: at most 7 subjects; q2-pro at most 4 beside at most 2 with video, 1 of those if its video is sent ad hoc. */
async function checkSubjects(
	body: Body,
	rules: ModelRules,
	audio: boolean,
	{ lint, fetchImage }: CheckOptions,
): Promise<void> {
	readBoolean(body, 'auto_subjects');
	const { subjects } = body;
	if (!Array.isArray(subjects)) throw invalid('subjects', 'an array');
	if (subjects.length === 0) throw lacking('subjects');
	if (subjects.length > 7) throw wrongCount('subjects', 'at most 7');
	let withVideo = 0;
	const names = new Set<string>();
	for (const [at, subject] of subjects.entries()) {
		const where = `subjects[${at}]`;
		if (!isRecord(subject)) throw invalid(where, 'an object');
		for (const field of Object.keys(subject))
			if (!['name', 'images', 'videos', 'voice_id', 'server_id'].includes(field))
				throw unwanted(`${where}.${field}`, 'a subject has name, images, videos, voice_id, server_id');
		const name = readText(subject, 'name', where);
		if (name === undefined || name === '') throw lacking(`${where}.name`);
		if (names.has(name)) throw invalid(`${where}.name`, `${name} is there twice`);
		names.add(name);
		const serverId = readText(subject, 'server_id', where);
		const images = readTexts(subject, 'images', where) ?? [];
		const videos = readTexts(subject, 'videos', where) ?? [];
		if (images.length + videos.length === 0 && serverId === undefined) throw lacking(`${where}.images`);
		if (images.length + videos.length > 3) throw wrongCount(`${where}.images`, 'images and videos share 3 slots');
		if (videos.length > 0) {
			if (!rules.videos) throw unwanted(`${where}.videos`, 'only viduq2-pro takes videos');
			if (videos.length > 1) throw wrongCount(`${where}.videos`, 'one video');
			checkVideo(videos[0], `${where}.videos[0]`);
			withVideo++;
		}
		const voice = readText(subject, 'voice_id', where);
		if (lint && voice !== undefined && !(rules.voice && audio))
			throw unwanted(`${where}.voice_id`, 'no effect on this model, or without audio true');
		await checkImages(images, `${where}.images`, rules, fetchImage);
	}
	if (withVideo > 1) throw wrongCount('subjects', 'one subject with a video of its own');
	if (rules.videos && subjects.length - withVideo > rules.videos.imagesBeside)
		throw wrongCount('subjects', `at most ${rules.videos.imagesBeside} without video`);
}

async function checkImages(
	images: readonly string[],
	field: string,
	{ minSide, maxRatio = 4 }: ModelRules,
	fetchImage: FetchImage | undefined,
): Promise<(ImageFacts | undefined)[]> {
	const facts: (ImageFacts | undefined)[] = [];
	for (const [at, image] of images.entries()) {
		const verdict = await inspectImage(
			image,
			{ formats: ['png', 'jpeg', 'webp'], maxBytes: MAX_IMAGE_BYTES, maxRatio, minSide },
			fetchImage,
		);
		if (!verdict.ok) throw new Refusal(400, IMAGE_REASONS[verdict.trouble], `${field}[${at}] ${verdict.message}`);
		facts.push(verdict.facts);
	}
	return facts;
}

/** Videos are checked by form and size only; nothing here looks inside. */
function checkVideo(value: string, field: string): void {
	if (/^https?:\/\/[^\s/]+\//.test(value)) return;
	const prefix = /^data:video\/(mp4|avi|x-msvideo|quicktime|mov);base64,/.exec(value)?.[0];
	if (prefix === undefined || !isBase64(value.slice(prefix.length)))
		throw invalid(field, 'a public URL or a data URI of an mp4, avi or mov');
	if ((value.length - prefix.length) * 0.75 >= 20_000_000) throw invalid(field, 'less than 20MB when decoded');
}

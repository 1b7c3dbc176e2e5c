import type { Task } from '../core/tasks';
import {
	checkPayload,
	invalid,
	isRecord,
	lacking,
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
import { MUSIC } from './films';
import { isMade, lengthOf, paramsOf, partsOf, type Part, type Parts } from './filmParts';
import { checkText, refuseUnknown } from './further';

/** Orders on films that exist: docs/api/vidu.md#parts-of-a-film. */

const PATH = /^\/ent\/v2\/(?:(ad-one-click)|(one-click\/mv|one-click\/general_one_click)\/([^/]+))\/(edit|compose)$/;

/** `filmId`: where it stands in the path. */
export interface FilmOrderPath {
	kind: string;
	filmId?: string;
	action: 'edit' | 'compose';
}

export function readFilmOrderPath(path: string): FilmOrderPath | undefined {
	const [, product, other, filmId, action] = PATH.exec(path) ?? [];
	if (action === undefined) return undefined;
	return { kind: product ?? other, filmId, action: action as FilmOrderPath['action'] };
}

/** What is ordered, and what the answer to it is. */
export interface FilmOrder {
	operation: string;
	fields: Record<string, unknown>;
	price: number;
	/** Puts the part that the order makes among those of its film. @returns the answer */
	place(task: Task): Record<string, unknown>;
}

const TYPES = ['generate_video', 'generate_narration', 'generate_bgm'];
/** No page says how long an instruction for a product film's part may be. */
const LONGEST_PROMPT = 3_000;
const CREDITS_A_SECOND = 40;
const MUSIC_A_SECOND = 2;
const SPOKEN = (text: string): number => 10 * Math.ceil(text.length / 500);
const COMPOSE_CREDITS = 1;

/**
 * @param findFilm among those of the account
 * @throws Refusal
 */
export function checkFilmOrder(
	{ kind, filmId, action }: FilmOrderPath,
	body: unknown,
	findFilm: (id: string) => Task | undefined,
): FilmOrder {
	if (!isRecord(body)) throw new Refusal(400, 'BadRequest', 'the body must be an object');
	const isProduct = kind === 'ad-one-click';
	const id = isProduct ? readText(body, 'ad_one_click_task_id') : filmId;
	if (id === undefined) throw lacking('ad_one_click_task_id');
	const film = findFilm(id);
	if (film?.operation !== kind) throw new Refusal(404, 'TaskNotFound', `task ${id} is not found`);
	if (film.state === 'failed') throw new Refusal(400, 'BadRequest', `task ${id} has failed`);
	if (film.state !== 'success') throw new Refusal(400, 'OperationInProcess', `task ${id} is in process`);
	readHttpUrl(body, 'callback_url');
	checkPayload(body);
	const check = isProduct ? { edit: editProduct, compose: composeProduct } : { edit: editJob, compose: composeJobs };
	return check[action](body, film);
}

function needPrompt(body: Body): string {
	const prompt = readText(body, 'prompt');
	if (prompt === undefined || prompt.trim() === '') throw lacking('prompt');
	checkText(body, 'prompt', LONGEST_PROMPT);
	return prompt;
}

const add = (to: Part[], part: Omit<Part, 'id' | 'order'>, order: Task): void => {
	to.push({ ...part, id: order.id, order });
};

function editProduct(body: Body, film: Task): FilmOrder {
	refuseUnknown(
		body,
		['ad_one_click_task_id', 'type', 'storyboard_video_index', 'prompt', 'callback_url', 'payload'],
		'',
		'edit',
	);
	const type = readOneOf(body, 'type', TYPES) as Exclude<Part['type'], 'compose'> | undefined;
	if (type === undefined) throw lacking('type');
	const prompt = needPrompt(body);
	const parts = partsOf(film);
	const at = readInteger(body, 'storyboard_video_index');
	if (type === 'generate_video' && at === undefined) throw lacking('storyboard_video_index');
	if (type !== 'generate_video' && at !== undefined) throw unwanted('storyboard_video_index', `not for ${type}`);
	const index = at ?? 0;
	const scene = parts.scenes[index];
	if (type === 'generate_video' && scene === undefined)
		throw invalid('storyboard_video_index', `${index}, not 0 to ${parts.scenes.length - 1}`);
	const list = type === 'generate_video' ? scene : type === 'generate_narration' ? parts.narration : parts.music;
	const { seconds } = list[0];
	const price = {
		generate_video: () => CREDITS_A_SECOND * Math.ceil(seconds),
		generate_narration: () => SPOKEN(prompt),
		generate_bgm: () => MUSIC_A_SECOND * Math.ceil(lengthOf(film)),
	}[type]();
	return {
		operation: 'ad-one-click/edit',
		fields: body,
		price,
		place(task) {
			add(list, { type, index, prompt, seconds }, task);
			return { ...answerFor(film, 'sub_task_id', task), err_code: '' };
		},
	};
}

const answerFor = (film: Task, name: string, task: Task): Record<string, unknown> => ({
	ad_one_click_task_id: film.id,
	[name]: task.id,
	state: task.state,
	credits: task.charge,
});

function composeProduct(body: Body, film: Task): FilmOrder {
	refuseUnknown(
		body,
		['ad_one_click_task_id', 'video_task_ids', 'bgm_task_id', 'narration_task_id', 'callback_url', 'payload'],
		'',
		'compose',
	);
	const parts = partsOf(film);
	const scenes = readTexts(body, 'video_task_ids');
	if (scenes === undefined) throw lacking('video_task_ids');
	const { length } = parts.scenes;
	if (scenes.length !== length) throw wrongCount('video_task_ids', `${scenes.length}, not ${length}`);
	for (const [index, id] of scenes.entries()) needMade(film, parts.scenes[index], id, `video_task_ids[${index}]`);
	const music = readText(body, 'bgm_task_id');
	if (music === undefined) throw lacking('bgm_task_id');
	needMade(film, parts.music, music, 'bgm_task_id');
	const narration = readText(body, 'narration_task_id');
	if (narration === undefined) throw lacking('narration_task_id');
	needMade(film, parts.narration, narration, 'narration_task_id');
	return {
		operation: 'ad-one-click/compose',
		fields: body,
		price: COMPOSE_CREDITS,
		place(task) {
			const cut = { type: 'compose', index: 0, prompt: '', seconds: lengthOf(film) } as const;
			add(parts.whole, { ...cut, params: paramsOf(scenes, music, narration) }, task);
			return answerFor(film, 'compose_sub_task_id', task);
		},
	};
}

/** @throws Refusal for what is no finished version among these */
function needMade(film: Task, versions: readonly Part[], id: string, where: string): void {
	const found = versions.find((part) => part.id === id);
	if (!found) throw new Refusal(404, 'CreationNotFound', `field ${where}: ${id} is not found`);
	if (!isMade(film, found)) throw invalid(where, `${id} has not succeeded`);
}

function editJob(body: Body, film: Task): FilmOrder {
	refuseUnknown(body, ['job_id', 'prompt', 'callback_url'], '', 'edit');
	const jobId = readText(body, 'job_id');
	if (jobId === undefined) throw lacking('job_id');
	const prompt = needPrompt(body);
	const scene = partsOf(film).scenes.find((versions) => versions.some(({ id }) => id === jobId));
	if (!scene) throw new Refusal(404, 'CreationNotFound', `job ${jobId} is not found`);
	const [{ index, seconds }] = scene;
	return {
		operation: `${film.operation}/edit`,
		fields: body,
		price: rateOf(film) * Math.ceil(seconds),
		place(task) {
			add(scene, { type: 'generate_video', index, prompt, seconds }, task);
			return { id: task.id };
		},
	};
}

/** "Generate and edit" stand in one row of the price page. */
function rateOf({ operation, input }: Task): number {
	if (operation !== 'one-click/mv') return CREDITS_A_SECOND;
	return MUSIC[String(input.quality ?? 'standard')][String(input.resolution ?? '720p')];
}

function composeJobs(body: Body, film: Task): FilmOrder {
	refuseUnknown(body, ['job_ids', 'callback_url'], '', 'compose');
	const ids = readTexts(body, 'job_ids');
	if (ids === undefined || ids.length === 0) throw lacking('job_ids');
	const parts: Parts = partsOf(film);
	if (new Set(ids).size < ids.length) throw invalid('job_ids', 'each once');
	for (const [at, id] of ids.entries()) needMade(film, parts.scenes.flat(), id, `job_ids[${at}]`);
	return {
		operation: `${film.operation}/compose`,
		fields: body,
		price: COMPOSE_CREDITS,
		place(task) {
			add(parts.whole, { type: 'compose', index: 0, prompt: '', seconds: lengthOf(film) }, task);
			return { id: task.id };
		},
	};
}

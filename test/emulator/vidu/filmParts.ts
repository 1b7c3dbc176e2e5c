import type { Cdn, CdnFile } from '../cdn';
import type { Task } from '../core/tasks';
import type { ViduManner } from '../core/world';
import { secondsAt } from './films';
import { stateOf } from './show';

/** What a film is made of, and how it is shown: docs/api/vidu.md#parts-of-a-film. */

export type PartType = 'generate_video' | 'generate_narration' | 'generate_bgm';

/** A version of a scene, of the narration or of the music; or, without a type, a whole film that was put together. */
export interface Part {
	id: string;
	type: PartType | 'compose';
	/** Of the scene; 0 for what there is once. */
	index: number;
	prompt: string;
	/** Of the scene's clip, or of the film. */
	seconds: number;
	/** What ordered it; absent for what came with the film. */
	order?: Task;
	/** Of what a product film is put together. */
	params?: Record<string, unknown>;
}

/** Of a film: its scenes with their versions, the newest last. */
export interface Parts {
	scenes: Part[][];
	narration: Part[];
	music: Part[];
	whole: Part[];
}

export const FILMS_IN_PARTS = ['ad-one-click', 'one-click/mv', 'one-click/general_one_click'];

/** How long a scene is; the last may be shorter. */
const SCENE_SECONDS = 5;
/** A song that is longer ends in clips alone. */
const LONGEST_SONG_SECONDS = 180;

const books = new WeakMap<Task, Parts>();

/** How long a film is: that of a song lasts as long as the song. */
export const lengthOf = ({ input }: Task): number =>
	typeof input.duration === 'number' ? input.duration : secondsAt(input.audio_url);

/** The parts of a film, which are there as soon as it is made. */
export function partsOf(film: Task): Parts {
	const known = books.get(film);
	if (known) return known;
	let last = BigInt(film.id);
	const part = (type: Part['type'], index: number, prompt: string, seconds: number): Part => {
		last += 1n;
		return { id: String(last), type, index, prompt, seconds };
	};
	const seconds = lengthOf(film);
	const isProduct = film.operation === 'ad-one-click';
	const scenes = Array.from({ length: Math.ceil(seconds / SCENE_SECONDS) }, (_, index) => [
		part('generate_video', index, `Scene ${index} is shown`, Math.min(SCENE_SECONDS, seconds - index * SCENE_SECONDS)),
	]);
	const narration = isProduct ? [part('generate_narration', 0, 'Light as a feather', seconds)] : [];
	const music = isProduct ? [part('generate_bgm', 0, 'Calm piano', seconds)] : [];
	const cut = part('compose', 0, '', seconds);
	if (isProduct)
		cut.params = paramsOf(
			scenes.map(([{ id }]) => id),
			music[0].id,
			narration[0].id,
		);
	const parts: Parts = {
		...{ scenes, narration, music },
		whole: isProduct || seconds <= LONGEST_SONG_SECONDS ? [cut] : [],
	};
	books.set(film, parts);
	return parts;
}

export const paramsOf = (scenes: readonly string[], music: string, narration: string): Record<string, unknown> => ({
	video_task_ids: scenes,
	bgm_task_id: music,
	narration_task_id: narration,
});

export const allParts = ({ scenes, narration, music, whole }: Parts): Part[] => [
	...scenes.flat(),
	...narration,
	...music,
	...whole,
];

/** A part that came with its film is as far as the film. */
export const stateOfPart = (film: Task, { order }: Part, manner: ViduManner): string => stateOf(order ?? film, manner);

export const isMade = (film: Task, { order }: Part): boolean => (order ?? film).state === 'success';

export const fileOf = ({ type }: Pick<Part, 'type'>): CdnFile =>
	type === 'generate_narration' || type === 'generate_bgm' ? 'sound.mp3' : 'video.mp4';

/** Before it runs a film has no parts. */
const isThere = ({ state }: Task, { order }: Part): boolean =>
	order !== undefined || (state !== 'created' && state !== 'queueing');

const linkOf = (film: Task, part: Part, cdn: Cdn): string =>
	isMade(film, part) && part.order?.plan.withoutUrl !== true ? cdn.mintUrl(part.order ?? film, fileOf(part)) : '';

const codeOf = (film: Task, { order }: Part): string => (order ?? film).errCode ?? '';

/** GET /ent/v2/ad-one-click/{id}: `stroyboard_id` and the one type of all records are the page's own. */
export function showParts(film: Task, cdn: Cdn, manner: ViduManner): Record<string, unknown> {
	const parts = partsOf(film);
	const record = (part: Part) => ({
		id: part.id,
		type: 'generate_video',
		prompt: part.prompt,
		creation_url: linkOf(film, part, cdn),
		state: stateOfPart(film, part, manner),
		err_code: codeOf(film, part),
	});
	return {
		id: film.id,
		err_code: film.errCode ?? '',
		state: stateOf(film, manner),
		data_records: {
			storyboards: parts.scenes
				.map((versions, index) => ({
					stroyboard_id: index,
					records: versions.filter((part) => isThere(film, part)).map(record),
				}))
				.filter(({ records }) => records.length > 0),
			narration_records: parts.narration.filter((part) => isThere(film, part)).map(record),
			bgm_records: parts.music.filter((part) => isThere(film, part)).map(record),
			completed_creation_records: parts.whole
				.filter((part) => isThere(film, part))
				.map((part) => ({
					id: part.id,
					state: stateOfPart(film, part, manner),
					params: part.params,
					creation_url: linkOf(film, part, cdn),
					err_code: codeOf(film, part),
				})),
		},
	};
}

/** GET /ent/v2/tasks/{id}/creations of a part that came with a product film. */
export function showPartAsTask(film: Task, part: Part, cdn: Cdn, manner: ViduManner): Record<string, unknown> {
	const url = linkOf(film, part, cdn);
	return {
		id: part.id,
		state: stateOfPart(film, part, manner),
		err_code: codeOf(film, part),
		credits: 0,
		payload: '',
		bgm: false,
		off_peak: false,
		creations: isMade(film, part) ? [{ id: String(BigInt(part.id) + 500n), url, cover_url: '' }] : [],
	};
}

/** These know neither a line nor a cancelled task. */
const wordOf = ({ state }: Task): string => (state === 'queueing' ? 'created' : state);

const isoOf = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');

/** GET /one-click/mv/{id} and that of the general film: without progress, credits and payload. */
export function showFilm(film: Task, cdn: Cdn): Record<string, unknown> {
	const { scenes, whole } = partsOf(film);
	const records = [...scenes, whole]
		.map((versions) => versions.filter((part) => isThere(film, part)))
		.filter(({ length }) => length > 0);
	return {
		...envelopeOf(film, film, film.id),
		job_records: records.map((versions) => ({
			type: versions[0].type,
			jobs: versions.map((part) => showJob(film, part, cdn)),
			index: versions[0].index,
		})),
		signed_url:
			film.state === 'success' && whole.length > 0 && !film.plan.withoutUrl ? cdn.mintUrl(film, 'video.mp4') : '',
	};
}

/** The same path with the id of a part. */
export const showPart = (film: Task, part: Part, cdn: Cdn): Record<string, unknown> => ({
	...envelopeOf(film, part.order ?? film, part.id),
	job_records: [],
	signed_url: linkOf(film, part, cdn),
});

const envelopeOf = (film: Task, task: Task, id: string): Record<string, unknown> => ({
	id,
	type: film.operation === 'one-click/mv' ? 'mv' : 'one_click',
	creator_id: '869085108764676096',
	state: wordOf(task),
	input: '',
	created_at: isoOf(task.createdAtMs),
	updated_at: isoOf(task.finishedAtMs ?? task.startedAtMs ?? task.createdAtMs),
	err_code: task.errCode ?? '',
	err_msg: '',
});

function showJob(film: Task, part: Part, cdn: Cdn): Record<string, unknown> {
	const task = part.order ?? film;
	return {
		id: part.id,
		type: part.type,
		input: '',
		output: '',
		state: wordOf(task),
		created_at: isoOf(task.createdAtMs),
		updated_at: isoOf(task.finishedAtMs ?? task.startedAtMs ?? task.createdAtMs),
		err_code: task.errCode ?? '',
		err_msg: '',
		signed_url: linkOf(film, part, cdn),
		...(part.type === 'generate_video'
			? {
					mv_generate_video_input: {
						...{ duration: part.seconds, prompt: part.prompt, lyric_text: 'Prelude', signed_images: [] },
					},
				}
			: {}),
		index: part.index,
	};
}

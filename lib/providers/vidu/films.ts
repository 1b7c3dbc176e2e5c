import { defined } from '../../core/defined';
import type { Film, FilmDesk, FilmOrder, FilmPart, Scene } from '../../core/film';
import { asNumber, asRecord, asText, readExpiry, readTime, toCamelCase } from '../replies';
import { stateOf } from './states';

/** Films in parts, as the pages of the ad film (platform.vidu.cn), of the music film and of the general film have them. */

const PRODUCT = '/ent/v2/ad-one-click';
const MUSIC = '/ent/v2/one-click/mv';
const GENERAL = '/ent/v2/one-click/general_one_click';

export const films: FilmDesk = {
	partsQuery: `${PRODUCT}/{id}`,

	read(body, queryPath = '') {
		const { data_records: parts, job_records: records, type } = asRecord(body);
		if (parts !== undefined && parts !== null) return readProduct(asRecord(parts));
		if (!Array.isArray(records)) return undefined;
		// what the film says of itself comes before where it was found
		const isGeneral = asText(type) === 'one_click' || (asText(type) !== 'mv' && queryPath.startsWith(GENERAL));
		return readJobs(records, isGeneral ? 'general' : 'music');
	},

	edit: (taskId, kind, { type, scene }) =>
		kind === 'product'
			? {
					path: `${PRODUCT}/edit`,
					// spelled as in the table; the sample has `soryboard_video_index`
					inputs: { ...defined({ storyboard_video_index: scene?.index }), ad_one_click_task_id: taskId, type },
					answering: { idField: 'sub_task_id' },
				}
			: ofJobs(taskId, kind, 'edit', defined({ job_id: scene?.versionId })),

	compose: (taskId, kind, { sceneIds, narrationId, musicId }) =>
		kind === 'product'
			? {
					path: `${PRODUCT}/compose`,
					inputs: {
						...{ ad_one_click_task_id: taskId, video_task_ids: sceneIds },
						...defined({ bgm_task_id: musicId, narration_task_id: narrationId }),
					},
					answering: { idField: 'compose_sub_task_id' },
				}
			: // called a String in the table, and a list in the sample
				ofJobs(taskId, kind, 'compose', { job_ids: sceneIds }),
};

/** A job is asked about where its film is. */
function ofJobs(
	taskId: string,
	kind: 'music' | 'general',
	action: 'edit' | 'compose',
	inputs: Record<string, unknown>,
): FilmOrder {
	const path = kind === 'general' ? GENERAL : MUSIC;
	return {
		path: `${path}/${encodeURIComponent(taskId)}/${action}`,
		inputs,
		answering: { idField: 'id', queryPath: `${path}/{id}` },
		// on the page of the ad film alone
		without: ['payload'],
	};
}

const listOf = (value: unknown): Array<Record<string, unknown>> =>
	(Array.isArray(value) ? (value as unknown[]) : []).map(asRecord);

/** In the samples all records have the type of a scene, so what they are says the list that they stand in. */
function readProduct(parts: Record<string, unknown>): Film {
	const { storyboards, narration_records: narration, bgm_records: music, completed_creation_records: whole } = parts;
	return {
		kind: 'product',
		storyboard: inOrder(
			listOf(storyboards).map((scene, at) => ({
				// misspelt on the page
				index: readIndex(scene.stroyboard_id) ?? readIndex(scene.storyboard_id) ?? at,
				versions: listOf(scene.records).flatMap((record) => readRecord(record, 'video')),
			})),
		),
		narration: listOf(narration).flatMap((record) => readRecord(record, 'audio')),
		music: listOf(music).flatMap((record) => readRecord(record, 'audio')),
		versions: listOf(whole).flatMap((record) => readRecord(record, 'video')),
	};
}

/** @returns none for a record without an id, which nothing can be done with */
function readRecord(record: Record<string, unknown>, makes: FilmPart['makes']): FilmPart[] {
	const { params } = record;
	const facts = Object.entries(asRecord(params)).map(([name, value]) => [toCamelCase(name), value] as const);
	return readPart(record, makes, asText(record.creation_url), asText(record.prompt), Object.fromEntries(facts));
}

function readJobs(records: unknown[], kind: 'music' | 'general'): Film {
	const ofType = (wanted: string) => listOf(records).filter(({ type }) => asText(type) === wanted);
	const jobsOf = ({ jobs }: Record<string, unknown>): FilmPart[] => listOf(jobs).flatMap(readJob);
	return {
		kind,
		storyboard: inOrder(
			ofType('generate_video').map((record, at) => ({
				index: readIndex(record.index) ?? at,
				versions: jobsOf(record),
			})),
		),
		versions: ofType('compose').flatMap(jobsOf),
	};
}

/** The general film's page calls what goes into a clip by the name that the music film has for it. */
function readJob(job: Record<string, unknown>): FilmPart[] {
	const input = asRecord(Object.entries(job).find(([name]) => name.endsWith('generate_video_input'))?.[1]);
	const [part] = readPart(
		job,
		'video',
		asText(job.signed_url),
		asText(input.prompt),
		defined({ lyricText: asText(input.lyric_text), createdAt: readTime(job.created_at) }),
	);
	return part ? [{ ...part, ...defined({ durationSeconds: asNumber(input.duration) }) }] : [];
}

function readPart(
	{ id, state, err_code: code }: Record<string, unknown>,
	makes: FilmPart['makes'],
	url: string | undefined,
	prompt: string | undefined,
	facts: Record<string, unknown>,
): FilmPart[] {
	const known = asText(id);
	if (known === undefined) return [];
	return [
		{
			id: known,
			state: stateOf(asText(state), asText(code)),
			makes,
			...defined({ prompt, url, urlExpiresAt: readExpiry(url), code: asText(code) }),
			...(Object.keys(facts).length > 0 ? { facts } : {}),
		},
	];
}

/** Services write the same number as text at times; where it stands would be another scene. */
const readIndex = (value: unknown): number | undefined =>
	typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : asNumber(value);

const inOrder = (scenes: Scene[]): Scene[] => scenes.sort((one, other) => one.index - other.index);

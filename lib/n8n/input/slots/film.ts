import type { Purchase } from '../../../catalogue/prices';
import type { Words } from '../../../catalogue/types';
import type { Film, FilmOrder, FilmPart } from '../../../core/film';
import { isLeftOut } from '../../../core/fields';
import { nameOfParameter } from '../../labels';
import { invalid, type InvalidInput } from '../invalidInput';
import { findIds, isGiven, readTaskId } from '../taskIds';
import { show } from '../values';
import type { Inputs, SlotReader } from './slot';
import { withoutVideo } from './video';

/** A film that exists, looked up for free: what is wanted of it is held against what it has before anything is paid for. */

export interface FoundFilm {
	taskId: string;
	film: Film;
}

const withoutParts = (label: string, taskId: string): InvalidInput =>
	invalid(
		label,
		`${label}: task ${taskId} made no film of parts`,
		'Give the task of a product, music or general film. Other films, and parts of a film, are made in one piece.',
	);

/** @throws InvalidInput where there is none, or none yet */
export async function findFilm({ label }: Words, { item, backend, ask }: SlotReader): Promise<FoundFilm> {
	const taskId = readTaskId(item, backend);
	const asked = await ask(taskId, 'film');
	const { film } = asked;
	if (asked.kind !== 'report') throw withoutVideo(asked, taskId, label, backend.provider.name);
	if (!film) throw withoutParts(label, taskId);
	if (film.storyboard.some(({ versions }) => newestOf(versions) !== undefined)) return { taskId, film };
	if (asked.report.state !== 'succeeded') throw withoutVideo(asked, taskId, label, backend.provider.name);
	// at the address of its film a part is answered as a film without scenes
	if (film.storyboard.length === 0) throw withoutParts(label, taskId);
	throw invalid(label, `${label}: film ${taskId} has no scene that succeeded`, 'Order the film anew.');
}

/** That succeeded; the last is the newest. */
export const newestOf = (versions: readonly FilmPart[]): FilmPart | undefined =>
	versions.filter(({ state }) => state === 'succeeded').at(-1);

/** IDs of versions, in their order; none where none is given. @throws InvalidInput for what holds none */
export function readVersionIds({ name, label }: Words, { item, backend }: SlotReader): string[] {
	const given = item.get(name);
	if (!isGiven(given)) return [];
	const ids = findIds(given, { provider: backend.provider, label, what: `${label}:` });
	if (ids.length > 0) return ids;
	throw invalid(
		label,
		`${label} "${show(given)}" holds no ID`,
		'Give IDs as Film → Get tells them, or leave it empty for what is newest.',
	);
}

/** @throws InvalidInput for more than one */
export function readVersionId(words: Words, reader: SlotReader): string | undefined {
	const [id, ...others] = readVersionIds(words, reader);
	if (others.length === 0) return id;
	throw invalid(words.label, `${words.label} holds ${others.length + 1} IDs`, 'Give one for each item.');
}

export const notInFilm = ({ label }: Words, id: string, { taskId, film }: FoundFilm, what = 'scenes'): InvalidInput =>
	invalid(
		label,
		`${label} ${id} is not among the ${what} of film ${taskId}`,
		`It has ${tellScenes(film)}. Film → Get tells the IDs of all versions.`,
	);

/** "scenes 0 to 2", "scene 0". */
export function tellScenes({ storyboard }: Film): string {
	const [first, ...others] = storyboard.map(({ index }) => index);
	const last = others.at(-1);
	if (first === undefined) return 'no scenes';
	return last === undefined ? `scene ${first} alone` : `scenes ${first} to ${last}`;
}

/** @returns what goes into the request. @throws InvalidInput for a field that such a film's orders do not take */
export function place(order: FilmOrder, { kind }: Film, bought: Purchase, { seen, fields }: SlotReader): Inputs {
	for (const field of order.without ?? []) {
		if (isLeftOut(fields[field])) continue;
		const label = nameOfParameter(field);
		throw invalid(label, `${label} is not taken for a ${kind} film`, 'Remove it.');
	}
	seen.order = { ...order, bought };
	return order.inputs;
}

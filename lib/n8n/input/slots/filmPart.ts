import type { Purchase } from '../../../catalogue/prices';
import type { FilmPartName, SlotOf } from '../../../catalogue/types';
import { standingFor, type Leaf } from '../../../core/body';
import { defined } from '../../../core/defined';
import type { FilmPart } from '../../../core/film';
import { listValues } from '../../../core/fields';
import { invalid } from '../invalidInput';
import { oneOf, readValue, wholeFromZero } from '../values';
import { findFilm, newestOf, notInFilm, place, readVersionId, tellScenes, type FoundFilm } from './film';
import type { Slot, SlotReader } from './slot';

/** Which part of an existing film is to be made anew. */
export const filmPart: Slot<'filmPart'> = {
	async read(slot, reader) {
		const type = readType(slot, reader);
		const part = slot.types[type] ?? 'scene';
		const found = await findFilm(slot.film, reader);
		const { taskId, film } = found;
		// a product film may have lost its own, and gets one again
		if (part !== 'scene' && film[part] === undefined)
			throw invalid(
				slot.type.label,
				`${slot.type.label} does not fit: film ${taskId} has no ${part} of its own`,
				`A ${film.kind} film has ${tellScenes(film)}. Choose Scene.`,
			);
		const scene = part === 'scene' ? readScene(slot, found, reader) : undefined;
		const order = reader.backend.provider.films!.edit(taskId, film.kind, {
			type,
			...(scene ? { scene: { index: scene.index, versionId: scene.versionId } } : {}),
		});
		return place(order, film, boughtOf(part, found, scene?.version), reader);
	},
};

/** By its value, or as the panel calls it. @throws InvalidInput */
function readType({ type, types }: SlotOf<'filmPart'>, { item }: SlotReader): string {
	const [first = '', ...others] = Object.keys(types);
	const names = Object.values(types);
	const given = item.get(type.name);
	const named = Object.entries(types).find(
		([, name]) => typeof given === 'string' && name === given.trim().toLowerCase(),
	);
	const advice = `Choose ${listValues(names)}.`;
	return named?.[0] ?? readValue(oneOf([first, ...others], first, advice), type.name, given);
}

interface PickedScene {
	index: number;
	version: FilmPart;
	versionId: string | Leaf;
}

/** @throws InvalidInput that says which scenes there are */
function readScene(slot: SlotOf<'filmPart'>, found: FoundFilm, reader: SlotReader): PickedScene {
	const { scene, job } = slot;
	const { taskId, film } = found;
	const jobId = readVersionId(job, reader);
	const index = readValue(wholeFromZero(undefined), scene.name, reader.item.get(scene.name));
	const has = `It has ${tellScenes(film)}.`;
	if (jobId !== undefined) {
		const picked = film.storyboard.flatMap((of) =>
			of.versions.flatMap((version) => (version.id === jobId ? [{ index: of.index, version, versionId: jobId }] : [])),
		)[0];
		if (!picked) throw notInFilm(job, jobId, found);
		// 0 is what the panel begins with
		if ((index ?? 0) === 0 || index === picked.index) return picked;
		throw invalid(
			scene.label,
			`${scene.label} ${index} does not fit: ${job.label} ${jobId} is of scene ${picked.index}`,
			'Give one of the two.',
		);
	}
	if (index === undefined) throw invalid(scene.label, `${scene.label} is missing`, has);
	const [asked, ...others] = film.storyboard.filter((of) => of.index === index);
	if (others.length > 0)
		throw invalid(
			scene.label,
			`${scene.label} ${index} is in film ${taskId} ${others.length + 1} times`,
			`Give the ${job.label} of the one that is meant.`,
		);
	if (!asked) throw invalid(scene.label, `${scene.label} ${index} is not in film ${taskId}`, has);
	const version = newestOf(asked.versions) ?? asked.versions.at(-1);
	// the order itself makes another one the newest: asked for again, it is the same wish
	if (version) return { index, version, versionId: standingFor(`newest of scene ${index}`, version.id) };
	throw invalid(scene.label, `${scene.label} ${index} of film ${taskId} has no version yet`, 'Try again later.');
}

/** What a music film's scene costs depends on a quality that nobody tells any more. */
function boughtOf(part: FilmPartName, { film }: FoundFilm, version?: FilmPart): Purchase {
	if (part === 'music') return { isMusic: true };
	if (part === 'narration') return { isNarration: true };
	return film.kind === 'music' ? {} : { isScene: true, ...defined({ seconds: version?.durationSeconds }) };
}

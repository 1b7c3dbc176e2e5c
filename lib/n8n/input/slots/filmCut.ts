import type { SlotOf, Words } from '../../../catalogue/types';
import type { PartsToCompose } from '../../../core/film';
import type { FilmPart, Scene } from '../../../core/film';
import { isGiven } from '../taskIds';
import { invalid, type InvalidInput } from '../invalidInput';
import { findFilm, newestOf, notInFilm, place, readVersionId, readVersionIds, type FoundFilm } from './film';
import type { Slot, SlotReader } from './slot';

/** Which versions an existing film is put together of: those that are named, or the newest that succeeded. */
export const filmCut: Slot<'filmCut'> = {
	async read(slot, reader) {
		const found = await findFilm(slot.film, reader);
		const { taskId, film } = found;
		const parts = film.kind === 'product' ? ofProduct(slot, found, reader) : ofJobs(slot, found, reader);
		return place(reader.backend.provider.films!.compose(taskId, film.kind, parts), film, {}, reader);
	},
};

const MAKE_ANEW = 'Make it anew with Film → Edit Part.';

/** One version of each scene, a narration and a music. */
function ofProduct(slot: SlotOf<'filmCut'>, found: FoundFilm, reader: SlotReader): PartsToCompose {
	assertLeftOut([slot.jobs], found, reader, [slot.scenes, slot.narration, slot.music]);
	const { narration = [], music = [] } = found.film;
	return {
		sceneIds: readScenes(slot.scenes, found, reader),
		narrationId: readOne(slot.narration, narration, 'narrations', found, reader),
		musicId: readOne(slot.music, music, 'music', found, reader),
	};
}

/** @throws InvalidInput where it is not one version of each scene, in their order */
function readScenes(words: Words, found: FoundFilm, reader: SlotReader): string[] {
	const { storyboard } = found.film;
	const ids = readVersionIds(words, reader);
	if (ids.length === 0) return storyboard.map((scene) => newestIn(scene, words, found).id);
	if (ids.length !== storyboard.length)
		throw invalid(
			words.label,
			`${words.label} hold ${ids.length} of ${storyboard.length} scenes of film ${found.taskId}`,
			'Give one version of each scene, in their order, or none for the newest of each.',
		);
	return ids.map((id, at) => {
		const { scene, version } = pick(words, id, found);
		if (scene.index === storyboard[at]?.index) return made(words, version).id;
		throw invalid(
			words.label,
			`${words.label} do not fit: ${id} is of scene ${scene.index}, not of scene ${storyboard[at]?.index}`,
			'Give one version of each scene, in their order.',
		);
	});
}

/** Some of the scenes, or all. */
function ofJobs(slot: SlotOf<'filmCut'>, found: FoundFilm, reader: SlotReader): PartsToCompose {
	assertLeftOut([slot.scenes, slot.narration, slot.music], found, reader, [slot.jobs]);
	const { jobs } = slot;
	const ids = readVersionIds(jobs, reader);
	if (ids.length === 0) return { sceneIds: found.film.storyboard.map((scene) => newestIn(scene, jobs, found).id) };
	const twice = ids.find((id, at) => ids.indexOf(id) !== at);
	if (twice !== undefined) throw invalid(jobs.label, `${jobs.label} hold ${twice} twice`, 'Give each once.');
	return { sceneIds: ids.map((id) => made(jobs, pick(jobs, id, found).version).id) };
}

/** @throws InvalidInput for what another kind of film is put together of */
function assertLeftOut(
	others: readonly Words[],
	{ taskId, film }: FoundFilm,
	{ item }: SlotReader,
	own: readonly Words[],
): void {
	const given = others.find(({ name }) => isGiven(item.get(name)));
	if (given === undefined) return;
	throw invalid(
		given.label,
		`${given.label} does not fit: film ${taskId} is a ${film.kind} film`,
		`Remove it, and use ${own.map(({ label }) => label).join(', ')}, or leave all empty for the newest versions.`,
	);
}

function pick(words: Words, id: string, found: FoundFilm): { scene: Scene; version: FilmPart } {
	for (const scene of found.film.storyboard)
		for (const version of scene.versions) if (version.id === id) return { scene, version };
	throw notInFilm(words, id, found);
}

function newestIn({ index, versions }: Scene, words: Words, { taskId }: FoundFilm): FilmPart {
	const newest = newestOf(versions);
	if (newest) return newest;
	throw invalid(words.label, `Scene ${index} of film ${taskId} has no version that succeeded`, MAKE_ANEW);
}

/** @throws InvalidInput where the film has none, or not this one */
function readOne(
	words: Words,
	versions: readonly FilmPart[],
	what: string,
	found: FoundFilm,
	reader: SlotReader,
): string {
	const id = readVersionId(words, reader);
	if (id === undefined) {
		const newest = newestOf(versions);
		if (newest) return newest.id;
		throw invalid(words.label, `${words.label}: film ${found.taskId} has none that succeeded`, MAKE_ANEW);
	}
	const version = versions.find((one) => one.id === id);
	if (!version) throw notInFilm(words, id, found, what);
	return made(words, version).id;
}

/** @throws InvalidInput for a version that is none yet, or will never be */
function made({ label }: Words, version: FilmPart): FilmPart {
	if (version.state === 'succeeded') return version;
	throw notMade(label, version);
}

const notMade = (label: string, { id, state }: FilmPart): InvalidInput =>
	state === 'failed' || state === 'canceled'
		? invalid(label, `${label}: ${id} has ${state === 'failed' ? 'failed' : 'been cancelled'}`, 'Give another version.')
		: invalid(
				label,
				`${label}: ${id} is not made yet`,
				'Wait for it with Task → Wait for Completion before this node.',
			);

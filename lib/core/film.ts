import type { Answering } from '../catalogue/types';
import type { Leaf } from './body';
import type { TaskState } from './taskState';

/** A film that the service makes out of parts, each of which may be made anew. Lists end with what is newest. */
export interface Film {
	/** By the name of the operation that makes such films. */
	kind: 'product' | 'music' | 'general';
	storyboard: Scene[];
	/** Absent where films of the kind have no such part of their own. */
	narration?: FilmPart[];
	music?: FilmPart[];
	/** Whole films that were put together of the parts. */
	versions: FilmPart[];
}

export interface Scene {
	/** From 0. */
	index: number;
	versions: FilmPart[];
}

/** One version of a part, or of the whole. */
export interface FilmPart {
	/** The service's own, by which another order takes it up. */
	id: string;
	state: TaskState;
	makes: 'video' | 'audio';
	prompt?: string;
	url?: string;
	/** ISO 8601, where the link itself says so. */
	urlExpiresAt?: string;
	durationSeconds?: number;
	/** Why it failed, in the service's code. */
	code?: string;
	/** What else is told of it, by the names of the output. */
	facts?: Record<string, unknown>;
}

/** An order on a film that exists, as far as it does not come from a field. */
export interface FilmOrder {
	/** Below the API root. */
	path: string;
	/** By their names on the wire. */
	inputs: Readonly<Record<string, unknown>>;
	answering: Answering;
	/** Fields of the operation that this order does not take. */
	without?: readonly string[];
}

/** Which part is to be made anew. */
export interface PartToEdit {
	/** As the service calls it. */
	type: string;
	/** The version that is replaced, of a scene. */
	scene?: { index: number; versionId: string | Leaf };
}

/** What a film is to be put together of: versions by their ids, the scenes in their order. */
export interface PartsToCompose {
	sceneIds: readonly string[];
	narrationId?: string;
	musicId?: string;
}

/** How a service tells of its films, and how it changes them. Pure. */
export interface FilmDesk {
	/** Where it tells of the parts of a task, where not in its answer about the task; `{id}` stands for its id. */
	partsQuery: string;
	/**
	 * @param body of an answer about a task
	 * @param queryPath it was asked about at, where not as usual
	 * @returns undefined where it tells of no parts
	 */
	read(body: unknown, queryPath?: string): Film | undefined;
	edit(taskId: string, kind: Film['kind'], part: PartToEdit): FilmOrder;
	compose(taskId: string, kind: Film['kind'], parts: PartsToCompose): FilmOrder;
}

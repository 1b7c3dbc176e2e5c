/**
 * Writes what each operation gives out, as n8n's editor reads it to offer fields before a run: one JSON schema for each
 * node, resource and operation.
 *
 * npm run readme
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { madeBy } from '../lib/catalogue/catalogue';
import type { OperationDeclaration } from '../lib/catalogue/types';
import { COGVIDEOX_BACKENDS, VIDU_BACKENDS, type Backend } from '../lib/n8n/backends';

export interface Schema {
	type: 'string' | 'number' | 'boolean' | 'object' | 'array';
	properties?: Record<string, Schema>;
	items?: Schema;
	/** Of the form, for n8n. */
	version?: 1;
}

const STRING: Schema = { type: 'string' };
const NUMBER: Schema = { type: 'number' };
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties });

const FILE = object({
	fileName: STRING,
	mimeType: STRING,
	sizeBytes: NUMBER,
	width: NUMBER,
	height: NUMBER,
	durationSeconds: NUMBER,
	fps: NUMBER,
	hasAudio: { type: 'boolean' },
});
const TASK = { taskId: STRING, status: STRING, provider: STRING, model: STRING, operation: STRING };

/** Fields of an item by what is made: docs/output.md. */
const ENDED: Readonly<Record<'video' | 'image' | 'audio' | 'any', Record<string, Schema>>> = {
	video: { videoUrl: STRING, coverUrl: STRING, coverUrlExpiresAt: STRING },
	image: { imageUrl: STRING },
	audio: { audioUrl: STRING },
	// a part of a film
	any: { videoUrl: STRING, audioUrl: STRING, coverUrl: STRING, coverUrlExpiresAt: STRING },
};

const finished = (made: keyof typeof ENDED): Record<string, Schema> => ({
	...TASK,
	...ENDED[made],
	creationId: STRING,
	urlExpiresAt: STRING,
	file: FILE,
});

/** What an operation gives out that waits for its result; undefined where its answer is the service's own. */
function outputOf(operation: OperationDeclaration, { provider }: Backend): Schema | undefined {
	const made = madeBy(operation);
	if (made === 'facts') return undefined;
	const { creationId: _, ...plain } = finished(made);
	return object({
		...(provider.credits ? finished(made) : plain),
		...(provider.credits ? { credits: NUMBER } : {}),
		createdAt: STRING,
		waitedSeconds: NUMBER,
	});
}

/** One version of a part of a film. */
const part = (url: 'videoUrl' | 'audioUrl', more: Record<string, Schema> = {}): Schema =>
	object({ id: STRING, status: STRING, prompt: STRING, [url]: STRING, urlExpiresAt: STRING, ...more });
const listOf = (items: Schema): Schema => ({ type: 'array', items });

/** Film → Get: the film, and what it is made of. */
const FILM = object({
	...finished('video'),
	credits: NUMBER,
	film: STRING,
	storyboard: listOf(object({ index: NUMBER, versions: listOf(part('videoUrl', { durationSeconds: NUMBER })) })),
	narration: listOf(part('audioUrl')),
	music: listOf(part('audioUrl')),
	versions: listOf(part('videoUrl', { videoTaskIds: listOf(STRING), bgmTaskId: STRING, narrationTaskId: STRING })),
});

/** Of the operations on tasks, on films and on the account. */
function beside(backends: readonly Backend[]): Record<string, Schema> {
	const task = object({ ...finished('video'), credits: NUMBER, createdAt: STRING });
	const hasFilms = backends.some(({ provider }) => provider.films);
	const lists = backends.some(({ provider }) => provider.list);
	return {
		'task/get': task,
		'task/wait': object({ ...task.properties, waitedSeconds: NUMBER }),
		...(hasFilms ? { 'film/get': FILM } : {}),
		...(lists
			? { 'task/getMany': task, 'task/cancel': object({ taskId: STRING, status: STRING, provider: STRING }) }
			: {}),
	};
}

const NODES: Array<{ folder: string; backends: readonly Backend[] }> = [
	{ folder: 'nodes/Vidu', backends: VIDU_BACKENDS },
	{ folder: 'nodes/CogVideoX', backends: COGVIDEOX_BACKENDS },
];

/** Where n8n looks: n8n-workflow's version of a node in three parts. */
const FOLDER = '__schema__/v1.0.0';

/** All schemas of the package, by the file they stand in. */
export function schemas(): Array<{ file: string; schema: Schema }> {
	return NODES.flatMap(({ folder, backends: [first, ...others] }) => {
		const backends = [first, ...others].filter((backend) => backend !== undefined);
		const outputs = new Map<string, Schema>();
		// of the way that a new node begins with, where it has the operation
		for (const backend of backends)
			for (const operation of backend.catalogue.operations) {
				const path = `${operation.resource}/${operation.name}`;
				const schema = outputOf(operation, backend);
				if (schema && !outputs.has(path)) outputs.set(path, schema);
			}
		for (const [path, schema] of Object.entries(beside(backends))) outputs.set(path, schema);
		return [...outputs].map(([path, schema]) => ({
			file: `${folder}/${FOLDER}/${path}.json`,
			schema: { ...schema, version: 1 },
		}));
	});
}

const ROOT = resolve(__dirname, '..');

if (require.main === module) {
	for (const { folder } of NODES) rmSync(join(ROOT, folder, '__schema__'), { recursive: true, force: true });
	for (const { file, schema } of schemas()) {
		mkdirSync(dirname(join(ROOT, file)), { recursive: true });
		writeFileSync(join(ROOT, file), `${JSON.stringify(schema, undefined, '\t')}\n`);
	}
}

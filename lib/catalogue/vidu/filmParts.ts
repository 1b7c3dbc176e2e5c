import { operation, passthrough, url } from '../rules';
import { FURTHER_PRICES } from './prices';

/**
 * Orders on films that exist, docs/one-click-ad-film and one-click-ai-mv on platform.vidu.com and platform.vidu.cn,
 * one-click-general-film on platform.vidu.cn, read 2026-11-29. The path is that of the film's kind; what stands here is
 * a product film's.
 */

const FILM = {
	name: 'taskId',
	label: 'Task ID',
	description: 'ID of a finished product, music or general film, as the node returned it',
} as const;

/** In the sample of the music film's page a scene took 28 seconds, and putting it together 26. */
const wait = { typicalSeconds: 30, isWaitEstimated: true, maxWaitMinutes: 120 } as const;

export const editFilmPart = operation({
	resource: 'film',
	name: 'editPart',
	label: 'Edit Part',
	action: 'Edit part of film',
	description: 'Make a scene, the narration or the music of a film anew. A music film has its own price a second',
	makes: 'any',
	noun: { one: 'part', many: 'parts', title: 'Parts' },
	path: '/ent/v2/ad-one-click/edit',
	answering: { idField: 'sub_task_id' },
	inputs: [
		{
			kind: 'filmPart',
			film: FILM,
			type: {
				name: 'type',
				label: 'Part',
				description: 'What is made anew. Narration and music are parts of product films alone.',
			},
			types: { generate_video: 'scene', generate_narration: 'narration', generate_bgm: 'music' },
			scene: {
				name: 'storyboardVideoIndex',
				label: 'Scene',
				description: 'Which scene of the storyboard, from 0, as Film → Get tells it',
			},
			job: {
				name: 'jobId',
				label: 'Version ID',
				description: 'ID of the version of a scene to change, in place of the scene. When left out, the newest.',
			},
		},
		{
			kind: 'prompt',
			placeholder: 'e.g. The shoe turns in the rain',
			description: 'What the scene shows, the words that are spoken, or how the music sounds. The length stays.',
		},
	],
	rules: {
		// said of music and general films; of product films nothing is
		prompt: { required: true, maxChars: 3000 },
		fields: { payload: passthrough(1_048_576), callbackUrl: url },
		...wait,
		price: FURTHER_PRICES.film.edit,
	},
});

export const composeFilm = operation({
	resource: 'film',
	name: 'compose',
	label: 'Compose',
	action: 'Compose film',
	description: 'Put a film together again, out of the versions that you choose or the newest',
	path: '/ent/v2/ad-one-click/compose',
	answering: { idField: 'compose_sub_task_id' },
	inputs: [
		{
			kind: 'filmCut',
			film: FILM,
			scenes: {
				name: 'videoTaskIds',
				label: 'Scene Versions',
				description:
					'Product film: IDs of one version of each scene, in their order. When left out, the newest that succeeded.',
			},
			narration: {
				name: 'narrationTaskId',
				label: 'Narration Version',
				description: 'Product film: ID of the narration. When left out, the newest that succeeded.',
			},
			music: {
				name: 'bgmTaskId',
				label: 'Music Version',
				description: 'Product film: ID of the music. When left out, the newest that succeeded.',
			},
			jobs: {
				name: 'jobIds',
				label: 'Job IDs',
				description:
					'Music or general film: IDs of the versions to use. When left out, the newest of each scene that succeeded.',
			},
		},
	],
	rules: { fields: { payload: passthrough(1_048_576), callbackUrl: url }, ...wait, price: FURTHER_PRICES.film.compose },
});

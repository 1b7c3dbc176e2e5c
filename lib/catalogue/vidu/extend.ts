import { oneOf, operation, wholeSeconds } from '../rules';
import type { CreditPrice, ModelRules } from '../types';
import { FURTHER_PRICES } from './prices';
import { IMAGE, MARKED_BY_WORD, PROMPT_2000, R540_TO_1080, SMALL_BODY_BYTES, TASK } from './shared';

/** docs/video-extension, read 2026-11-25 on platform.vidu.com and platform.vidu.cn. */

const extending = (price: CreditPrice): ModelRules => ({
	prompt: PROMPT_2000,
	images: { min: 0, max: 1, rules: IMAGE },
	fields: { duration: oneOf(wholeSeconds(1, 7), 5), resolution: R540_TO_1080, ...TASK, ...MARKED_BY_WORD },
	// as Image to Video on the same models
	typicalSeconds: 90,
	isWaitEstimated: true,
	price,
});

export const extend = operation({
	resource: 'video',
	name: 'extend',
	label: 'Extend Video',
	action: 'Extend video',
	description: 'Let a video go on for one to seven seconds',
	path: '/ent/v2/extend',
	inputs: [
		{
			kind: 'video',
			name: 'video',
			label: 'Video',
			description: 'Video to go on with, of 4 to 60 seconds',
			wire: { url: 'video_url', creationId: 'video_creation_id' },
		},
		{ kind: 'prompt', placeholder: 'e.g. The camera goes on around the sneaker' },
		{
			kind: 'image',
			name: 'endImage',
			label: 'End Image',
			description: 'Last frame of what is added. May be left empty.',
			wire: 'images',
			isOptional: true,
		},
	],
	models: {
		'viduq2-turbo': extending(FURTHER_PRICES.segment['viduq2-turbo']),
		'viduq2-pro': extending(FURTHER_PRICES.segment['viduq2-pro']),
	},
	defaultModel: 'viduq2-turbo',
	maxBodyBytes: SMALL_BODY_BYTES,
});

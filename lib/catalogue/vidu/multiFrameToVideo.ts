import { oneOf, operation, wholeSeconds } from '../rules';
import type { CreditPrice, ModelRules } from '../types';
import { FURTHER_PRICES } from './prices';
import { IMAGE, MARKED_BY_WORD, PROMPT_2000, R540_TO_1080, SMALL_BODY_BYTES, TASK } from './shared';

/** docs/multi-frame, read 2026-11-25 on platform.vidu.com and platform.vidu.cn. */

/** Prompt and images are those of the key images; the first frame of all comes on top. */
const byFrames = (price: CreditPrice): ModelRules => ({
	prompt: PROMPT_2000,
	images: { min: 2, max: 9, rules: IMAGE },
	fields: { resolution: R540_TO_1080, ...TASK, ...MARKED_BY_WORD },
	// no page says how long it takes: a minute for each of three segments
	typicalSeconds: 180,
	isWaitEstimated: true,
	// nine segments may be made one after another
	maxWaitMinutes: 60,
	price,
	priceExample: { seconds: [5, 5] },
});

export const multiFrameToVideo = operation({
	resource: 'video',
	name: 'multiFrameToVideo',
	label: 'Multi-Frame to Video',
	action: 'Generate video from several frames',
	description: 'Make a video that leads through two to nine key images, each reached in its own time',
	path: '/ent/v2/multiframe',
	inputs: [
		{
			kind: 'image',
			name: 'startImage',
			label: 'Start Image',
			description: 'First frame of the video',
			wire: 'start_image',
			isSingle: true,
		},
		{
			kind: 'frames',
			name: 'frames',
			label: 'Frames',
			description: 'Two to nine key images in the order of time. Each costs what its seconds cost.',
			wire: { list: 'image_settings', image: 'key_image' },
			duration: oneOf(wholeSeconds(2, 7), 5),
		},
	],
	models: {
		'viduq2-turbo': byFrames(FURTHER_PRICES.segment['viduq2-turbo']),
		'viduq2-pro': byFrames(FURTHER_PRICES.segment['viduq2-pro']),
	},
	defaultModel: 'viduq2-turbo',
	maxBodyBytes: SMALL_BODY_BYTES,
});

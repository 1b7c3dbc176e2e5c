import { oneOf, onOff, wholeSeconds, operation } from '../rules';
import type { CreditPrice, ModelRules } from '../types';
import { Q3_PRO_PRICE, Q3_TURBO_PRICE, Q2_TEXT_PRICE, Q1_PRICE } from './prices';
import {
	FIVE_RATIOS,
	THREE_RATIOS,
	R540_TO_1080,
	R1080,
	NO_IMAGE,
	COMMON,
	OFF_PEAK,
	BGM,
	MOVES,
	Q3_OFF_PEAK,
	NO_BGM_AT_9_AND_10,
	NEEDS_PROMPT_5000,
	DEFAULT_MODEL,
	SCENE,
} from './shared';

const models: Record<string, ModelRules> = {
	'viduq3-turbo': q3Text(R540_TO_1080, 60, Q3_TURBO_PRICE),
	'viduq3-pro': q3Text(R540_TO_1080, 90, Q3_PRO_PRICE),
	viduq2: {
		prompt: NEEDS_PROMPT_5000,
		images: NO_IMAGE,
		fields: {
			duration: oneOf(wholeSeconds(1, 10), 5),
			resolution: R540_TO_1080,
			aspectRatio: oneOf(FIVE_RATIOS),
			...COMMON,
			...OFF_PEAK,
			...BGM,
		},
		restrictions: [NO_BGM_AT_9_AND_10],
		typicalSeconds: 60,
		price: Q2_TEXT_PRICE,
	},
	viduq1: {
		prompt: NEEDS_PROMPT_5000,
		images: NO_IMAGE,
		fields: {
			duration: oneOf([5]),
			resolution: R1080,
			aspectRatio: oneOf(THREE_RATIOS),
			style: oneOf(['general', 'anime']),
			...COMMON,
			...OFF_PEAK,
			...BGM,
			...MOVES,
		},
		// 194 s on Z.AI, 270 to 300 s at Baidu, which sell the same model
		typicalSeconds: 200,
		price: Q1_PRICE,
	},
};

function q3Text(resolution: typeof R540_TO_1080, typicalSeconds: number, price: CreditPrice): ModelRules {
	return {
		prompt: NEEDS_PROMPT_5000,
		images: NO_IMAGE,
		fields: {
			duration: oneOf(wholeSeconds(1, 16), 5),
			resolution,
			aspectRatio: oneOf(FIVE_RATIOS),
			audio: onOff(true),
			...COMMON,
			...OFF_PEAK,
		},
		restrictions: [Q3_OFF_PEAK],
		typicalSeconds,
		price,
	};
}

export const textToVideo = operation({
	resource: 'video',
	name: 'textToVideo',
	label: 'Text to Video',
	action: 'Generate video from text',
	description: 'Make a video from a prompt',
	path: '/ent/v2/text2video',
	inputs: [{ kind: 'prompt', placeholder: SCENE }],
	models,
	defaultModel: DEFAULT_MODEL,
});

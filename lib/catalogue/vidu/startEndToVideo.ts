import { oneOf, wholeSeconds, operation } from '../rules';
import type { CreditPrice, ModelRules } from '../types';
import { q3Image } from './imageToVideo';
import {
	Q3_PRO_PRICE,
	Q3_TURBO_PRICE,
	Q2_PRO_PRICE,
	Q2_FAST_PRICE,
	Q2_TURBO_PRICE,
	Q1_PRICE,
	VIDU2_PRICE,
} from './prices';
import {
	R540_TO_1080,
	R720_TO_1080,
	R1080,
	R360_TO_1080,
	TWO_FRAMES,
	COMMON,
	OFF_PEAK,
	BGM,
	MOVES,
	VIDU2_LENGTH,
	PROMPT_5000,
	IS_REC,
	DEFAULT_MODEL,
	SCENE,
} from './shared';

const q3Frames = (typicalSeconds: number, price: CreditPrice): ModelRules => ({
	...q3Image(R540_TO_1080, typicalSeconds, price),
	images: TWO_FRAMES,
});
/** Start-end stops at 8 seconds where image to video goes to 10. Sound is a q3 feature on this endpoint. */
const q2Frames = (resolution: typeof R540_TO_1080, typicalSeconds: number, price: CreditPrice): ModelRules => ({
	prompt: PROMPT_5000,
	images: TWO_FRAMES,
	fields: {
		duration: oneOf(wholeSeconds(1, 8), 5),
		resolution,
		...IS_REC,
		...COMMON,
		...OFF_PEAK,
		...BGM,
	},
	typicalSeconds,
	price,
});
const q1Frames: ModelRules = {
	prompt: PROMPT_5000,
	images: TWO_FRAMES,
	fields: {
		duration: oneOf([5]),
		resolution: R1080,
		...IS_REC,
		...COMMON,
		...OFF_PEAK,
		...BGM,
		...MOVES,
	},
	typicalSeconds: 90,
	price: Q1_PRICE,
};

const models: Record<string, ModelRules> = {
	'viduq3-turbo': q3Frames(60, Q3_TURBO_PRICE),
	'viduq3-pro': q3Frames(90, Q3_PRO_PRICE),
	'viduq2-pro': q2Frames(R540_TO_1080, 90, Q2_PRO_PRICE),
	'viduq2-pro-fast': q2Frames(R720_TO_1080, 60, Q2_FAST_PRICE),
	'viduq2-turbo': q2Frames(R540_TO_1080, 60, Q2_TURBO_PRICE),
	viduq1: q1Frames,
	'viduq1-classic': q1Frames,
	'vidu2.0': {
		...q1Frames,
		fields: { ...q1Frames.fields, duration: oneOf([4, 8]), resolution: R360_TO_1080 },
		restrictions: [VIDU2_LENGTH],
		typicalSeconds: 40,
		price: VIDU2_PRICE,
	},
};

export const startEndToVideo = operation({
	resource: 'video',
	name: 'startEndToVideo',
	label: 'Start-End to Video',
	action: 'Generate video from start and end frame',
	description: 'Make a video that leads from one image to another',
	path: '/ent/v2/start-end2video',
	inputs: [
		{ kind: 'prompt', placeholder: SCENE },
		{
			kind: 'framePair',
			first: { name: 'startImage', label: 'Start Image', description: 'First frame of the video' },
			last: {
				name: 'endImage',
				label: 'End Image',
				description: 'Last frame of the video, about the same size as the first',
			},
			wire: 'images',
		},
	],
	models,
	defaultModel: DEFAULT_MODEL,
});

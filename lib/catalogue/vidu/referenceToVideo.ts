import { oneOf, onOff, urls, wholeSeconds, operation } from '../rules';
import type { ImageRules, ModelRules } from '../types';
import {
	Q4_PRICE,
	Q2_REFERENCE_PRICE,
	Q2_PRO_REFERENCE_PRICE,
	Q1_PRICE,
	Q3_TURBO_REFERENCE_PRICE,
	Q3_REFERENCE_PRICE,
	Q3_MIX_PRICE,
	VIDU2_REFERENCE_PRICE,
} from './prices';
import {
	FIVE_RATIOS,
	THREE_RATIOS,
	R540_TO_1080,
	R720_TO_1080,
	R1080,
	R360_720,
	R540_TO_4K,
	AUDIO_TYPES,
	REFERENCE_IMAGE,
	Q4_REFERENCE_IMAGE,
	COMMON,
	Q4_COMMON,
	OFF_PEAK,
	BGM,
	MOVES,
	Q3_OFF_PEAK,
	SILENT_OFF_PEAK,
	VOICE_NEEDS_AUDIO,
	SOUNDS_NEED_AUDIO,
	NO_BGM_AT_9_AND_10,
	NEEDS_PROMPT_5000,
	withFields,
	DEFAULT_MODEL,
	SCENE,
	SUBJECTS_SCENE,
} from './shared';

const references = (max: number, rules: ImageRules = REFERENCE_IMAGE) => ({ min: 1, max, rules });

/**
 * Prompts: 5,000 characters in the subjects endpoint; in the images endpoint 2,000 on the China page, while clients of the global
 * host send 5,000. 4:3 and 3:4 are said to be for q2 only, though the page's own sample sends 3:4 to viduq3-mix.
 */
const q3Reference = (row: Pick<ModelRules, 'typicalSeconds' | 'price'>, offPeak: boolean): ModelRules => ({
	prompt: NEEDS_PROMPT_5000,
	images: references(7),
	fields: {
		duration: oneOf(wholeSeconds(3, 16), 5),
		resolution: R540_TO_1080,
		aspectRatio: oneOf(THREE_RATIOS),
		audio: onOff(true),
		...COMMON,
		...(offPeak ? OFF_PEAK : {}),
	},
	restrictions: offPeak ? [Q3_OFF_PEAK] : [],
	...row,
});
/** In the images endpoint sound is a q3 feature. */
const q2Reference: ModelRules = {
	prompt: NEEDS_PROMPT_5000,
	images: references(7),
	fields: {
		duration: oneOf(wholeSeconds(1, 10), 5),
		resolution: R540_TO_1080,
		aspectRatio: oneOf(FIVE_RATIOS),
		...COMMON,
		...OFF_PEAK,
		...BGM,
	},
	restrictions: [NO_BGM_AT_9_AND_10],
	typicalSeconds: 75,
	price: Q2_REFERENCE_PRICE,
};
const q1Reference: ModelRules = {
	prompt: NEEDS_PROMPT_5000,
	images: references(7),
	fields: {
		duration: oneOf([5]),
		resolution: R1080,
		aspectRatio: oneOf(THREE_RATIOS),
		...COMMON,
		...OFF_PEAK,
		...BGM,
		...MOVES,
	},
	typicalSeconds: 90,
	price: Q1_PRICE,
};

const models = {
	'viduq4-preview': {
		note: 'preview',
		prompt: NEEDS_PROMPT_5000,
		// 15 in one client, 12 at three resellers
		images: references(15, Q4_REFERENCE_IMAGE),
		fields: {
			duration: oneOf(wholeSeconds(3, 16), 5),
			resolution: R540_TO_4K,
			aspectRatio: oneOf(FIVE_RATIOS),
			audio: onOff(true),
			// MP3 of 3 to 12 seconds each, whose voices the video takes over
			sounds: urls(3),
			...Q4_COMMON,
		},
		restrictions: [SOUNDS_NEED_AUDIO],
		typicalSeconds: 100,
		price: Q4_PRICE,
	},
	'viduq3-turbo': q3Reference({ typicalSeconds: 60, price: Q3_TURBO_REFERENCE_PRICE }, true),
	viduq3: q3Reference({ typicalSeconds: 75, price: Q3_REFERENCE_PRICE }, true),
	'viduq3-mix': withFields(
		// the model map adds 540p and 1 to 2 seconds, the endpoint page does not
		q3Reference({ typicalSeconds: 90, price: Q3_MIX_PRICE }, false),
		{ resolution: R720_TO_1080, aspectRatio: oneOf(FIVE_RATIOS) },
	),
	'viduq3-ad': withFields(q3Reference({ typicalSeconds: 90 }, false), {
		duration: oneOf(wholeSeconds(3, 15), 5),
		resolution: R720_TO_1080,
		aspectRatio: oneOf(FIVE_RATIOS),
	}),
	'viduq3-drama': withFields(q3Reference({ typicalSeconds: 90 }, false), {
		// one source starts at 3 s, one has 1080p only, which is why that is picked unasked, one has all five ratios
		duration: oneOf(wholeSeconds(2, 15), 8),
		resolution: oneOf(['720p', '1080p'], '1080p'),
		aspectRatio: oneOf(['9:16', '16:9'], '16:9'),
	}),
	'viduq2-pro': {
		...withFields(q2Reference, { duration: oneOf(wholeSeconds(0, 10), 5) }),
		videos: { max: 2, maxImagesBeside: 4 },
		price: Q2_PRO_REFERENCE_PRICE,
	},
	viduq2: q2Reference,
	viduq1: q1Reference,
	'vidu2.0': {
		...withFields(q1Reference, { duration: oneOf([4]), resolution: R360_720 }),
		// 1 to 3 in older pages, 1 to 7 in newer ones
		images: references(3),
		typicalSeconds: 45,
		price: VIDU2_REFERENCE_PRICE,
	},
} satisfies Record<string, ModelRules>;

/** A subject holds up to three images; up to seven subjects, four on viduq2-pro. No background music in this endpoint. */
const subjectForm = (row: ModelRules, voice: boolean, maxSubjects = 7): ModelRules => {
	const { videos: _videos, ...rest } = row;
	const { bgm: _bgm, ...fields } = row.fields;
	return {
		...rest,
		prompt: NEEDS_PROMPT_5000,
		images: references(3),
		subjects: { max: maxSubjects, voice },
		fields,
	};
};
/** In the subjects endpoint q2, q1 and 2.0 speak too; audio_type splits only there, voice_id goes with the subject. */
const speaking = (row: ModelRules): ModelRules => ({
	...withFields(row, { audio: onOff(false), audioType: AUDIO_TYPES }),
	restrictions: [
		SILENT_OFF_PEAK,
		{ ...VOICE_NEEDS_AUDIO, without: ['audioType'], why: 'an audio type needs Audio switched on' },
	],
});

const subjectModels: Record<string, ModelRules> = {
	'viduq3-turbo': subjectForm(models['viduq3-turbo'], false),
	viduq3: subjectForm(models.viduq3, false),
	// voice_id: the subject page says viduq2-pro ignores it
	'viduq2-pro': subjectForm(speaking(models['viduq2-pro']), false, 4),
	viduq2: subjectForm(speaking(q2Reference), true),
	viduq1: subjectForm(speaking(q1Reference), true),
	'vidu2.0': subjectForm(speaking(models['vidu2.0']), true),
};

export const referenceToVideo = operation({
	resource: 'video',
	name: 'referenceToVideo',
	label: 'Reference to Video',
	action: 'Generate video from references',
	description: 'Make a video that features the people and things in several images',
	path: '/ent/v2/reference2video',
	inputs: [
		{ kind: 'prompt', placeholder: SCENE },
		{
			kind: 'images',
			name: 'referenceImages',
			label: 'Reference Images',
			description: 'Images of what the video should show, in the order in which the prompt refers to them',
			wire: 'images',
		},
		{
			kind: 'videos',
			name: 'referenceVideos',
			label: 'Reference Videos',
			description:
				'URLs of one or two short clips, separated by commas or line breaks: one of up to 8 seconds, or two of up to 5 seconds each',
			wire: 'videos',
		},
	],
	models,
	defaultModel: DEFAULT_MODEL,
	subjects: {
		inputs: [
			{ kind: 'prompt', placeholder: SUBJECTS_SCENE },
			{
				kind: 'subjects',
				name: 'subjects',
				label: 'Subjects',
				description: 'The people and things that the prompt calls @name',
				wire: 'subjects',
			},
		],
		models: subjectModels,
		defaultModel: DEFAULT_MODEL,
	},
});

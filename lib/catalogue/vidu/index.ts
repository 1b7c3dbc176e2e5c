import { integer, jsonText, MEGABYTE, oneOf, onOff, passthrough, text, url, urls, wholeSeconds } from '../rules';
import type { Catalogue, Fields, ImageRules, ModelRules, Restriction } from '../types';

/**
 * Vidu's own API, /ent/v2. Read 2026-11-20 from platform.vidu.com/docs/{text-to-video, image-to-video,
 * start-end-to-video, reference-to-video} and the same pages of platform.vidu.cn.
 *
 * Where pages disagree, the row takes the reading that no page refuses, and says so.
 * A field is offered only where it has an effect: style on viduq1; movement_amplitude on q1 and 2.0;
 * bgm not on q3 and q4; audio_type and voice_id on q2, q1 and 2.0.
 */

const FIVE_RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4'];
const THREE_RATIOS = ['16:9', '9:16', '1:1'];

const R540_TO_1080 = oneOf(['540p', '720p', '1080p'], '720p');
const R720_TO_1080 = oneOf(['720p', '1080p'], '720p');
const R1080 = oneOf(['1080p']);
const R360_720 = oneOf(['360p', '720p'], '360p');
const R360_TO_1080 = oneOf(['360p', '720p', '1080p'], '360p');
const R540_TO_4K = oneOf(['540p', '720p', '1080p', '2K', '4K'], '720p');

const AUDIO_TYPES = oneOf(['all', 'speech_only', 'sound_effect_only']);
const AMPLITUDES = oneOf(['auto', 'small', 'medium', 'large']);

/** Every image field: png, jpeg, webp, 50 MB, 1:4 to 4:1; start-end page: start over end within 0.8 to 1.25. */
const IMAGE: ImageRules = { formats: ['png', 'jpeg', 'webp'], maxBytes: 50 * MEGABYTE, maxAspect: 4 };
const FRAME_PAIR: ImageRules = { ...IMAGE, pairRatio: { min: 0.8, max: 1.25 } };
const REFERENCE_IMAGE: ImageRules = { ...IMAGE, minPixels: 128 };
/** Q4 pages: 1:5 to 5:1. */
const Q4_IMAGE: ImageRules = { ...IMAGE, maxAspect: 5 };
const Q4_REFERENCE_IMAGE: ImageRules = { ...Q4_IMAGE, minPixels: 128 };

const NO_IMAGE = { min: 0, max: 0, rules: IMAGE };
const ONE_IMAGE = { min: 1, max: 1, rules: IMAGE };
const TWO_FRAMES = { min: 2, max: 2, rules: FRAME_PAIR };

/** Fields every video endpoint takes. The watermark fields stand on the China pages only. */
const COMMON: Fields = {
	seed: integer(0, 2_147_483_647),
	payload: passthrough(1_048_576),
	callbackUrl: url,
	watermark: onOff(false),
	wmPosition: oneOf([1, 2, 3, 4], 3),
	wmUrl: url,
	metaData: jsonText,
};
/** Q4 so far documents seed and watermark; payload and callback_url are common to all task endpoints. */
const Q4_COMMON: Fields = {
	seed: integer(0, 2_147_483_647),
	payload: passthrough(1_048_576),
	callbackUrl: url,
	watermark: onOff(false),
};

const OFF_PEAK: Fields = { offPeak: onOff(false) };
const BGM: Fields = { bgm: onOff(false) };
const MOVES: Fields = { movementAmplitude: AMPLITUDES };
const VOICE: Fields = { audioType: AUDIO_TYPES, voiceId: text(256) };

const Q3_OFF_PEAK: Restriction = {
	when: { audio: [false], offPeak: [true] },
	without: ['offPeak'],
	why: 'q3 models run off-peak only with audio on',
};
const SILENT_OFF_PEAK: Restriction = {
	when: { audio: [true], offPeak: [true] },
	without: ['offPeak'],
	why: 'q2, q1 and 2.0 models run off-peak only with audio off',
};
const VOICE_NEEDS_AUDIO: Restriction = {
	when: { audio: [false] },
	without: ['audioType', 'voiceId'],
	why: 'a voice or an audio type needs Audio switched on',
};
const SOUNDS_NEED_AUDIO: Restriction = {
	when: { audio: [false] },
	without: ['sounds'],
	why: 'reference sounds need Audio switched on',
};
const NO_BGM_AT_9_AND_10: Restriction = {
	when: { duration: [9, 10] },
	without: ['bgm'],
	why: 'q2 models add no background music to videos of 9 or 10 seconds',
};
const VIDU2_LENGTH: Restriction = {
	when: { duration: [8] },
	allow: { resolution: ['720p'] },
	why: 'vidu2.0 makes 8-second videos at 720p only',
};

type Price = Pick<ModelRules, 'price' | 'priceFrom'>;
function price(all: string, from = all): Price {
	return { price: all, priceFrom: from };
}

/** Prices are credits; a global credit is USD 0.005. Read 2026-11-20 from the pricing pages. */
const Q3_PRO_PRICE = price('9 / 20 / 24 credits a second at 540p / 720p / 1080p', 'from 9 credits a second');
const Q3_TURBO_PRICE = price(
	'7 / 11 / 13 credits a second at 540p / 720p / 1080p (China 720p: 12)',
	'from 7 credits a second',
);
const Q3_FAST_PRICE = price(
	'20 / 25 credits a second at 720p / 1080p (China: 12 / 15)',
	'from 20 credits a second (China: 12)',
);
/** Not on Vidu's own pages: what resellers and the press name, in credits. */
const Q4_PRICE = price(
	'9 / 19 / 24 / 38 / 78 credits a second at 540p / 720p / 1080p / 2K / 4K (derived)',
	'from about 9 credits a second',
);
const Q2_PRO_PRICE = price(
	'8, 10, then + 5 a second at 540p; 15 + 10 a further second at 720p, 55 + 15 at 1080p',
	'from 8 credits',
);
const Q2_FAST_PRICE = price('8 + 2 a further second at 720p, 16 + 4 at 1080p', 'from 8 credits');
const Q2_TURBO_PRICE = price(
	'6 + 2 a further second at 540p; 8, 10, then + 10 a second at 720p; 35 + 10 at 1080p',
	'from 6 credits',
);
const Q2_TEXT_PRICE = price('10 + 2 a further second at 540p, 15 + 5 at 720p, 20 + 10 at 1080p', 'from 10 credits');
const Q2_REFERENCE_PRICE = price(
	'15 + 5 a further second at 540p, 25 + 5 at 720p, 75 + 10 at 1080p',
	'from 15 credits',
);
const Q2_PRO_REFERENCE_PRICE = price(
	'20 + 5 a further second at 540p, 30 + 5 at 720p, 85 + 10 at 1080p',
	'from 20 credits',
);
const Q1_PRICE = price('80 credits');
const VIDU2_PRICE = price('4 s: 20 / 40 / 100 credits at 360p / 720p / 1080p; 8 s: 100', 'from 20 credits');

const PROMPT_5000 = { required: false, maxChars: 5000 };
const NEEDS_PROMPT_5000 = { required: true, maxChars: 5000 };

const textToVideo: Record<string, ModelRules> = {
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
		...Q2_TEXT_PRICE,
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
		typicalSeconds: 100,
		...Q1_PRICE,
	},
};

function q3Text(resolution: typeof R540_TO_1080, typicalSeconds: number, cost: Price): ModelRules {
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
		...cost,
	};
}

/** is_rec: a prompt written by Vidu; the typed prompt is then ignored. 10 credits more. */
const IS_REC: Fields = { isRec: onOff(false) };

const q3Image = (resolution: typeof R540_TO_1080, typicalSeconds: number, cost: Price): ModelRules => ({
	prompt: PROMPT_5000,
	images: ONE_IMAGE,
	fields: {
		duration: oneOf(wholeSeconds(1, 16), 5),
		resolution,
		audio: onOff(true),
		...IS_REC,
		...COMMON,
		...OFF_PEAK,
	},
	restrictions: [Q3_OFF_PEAK],
	typicalSeconds,
	...cost,
});
const q2Image = (resolution: typeof R540_TO_1080, typicalSeconds: number, cost: Price): ModelRules => ({
	prompt: PROMPT_5000,
	images: ONE_IMAGE,
	fields: {
		duration: oneOf(wholeSeconds(1, 10), 5),
		resolution,
		audio: onOff(false),
		...VOICE,
		...IS_REC,
		...COMMON,
		...OFF_PEAK,
		...BGM,
	},
	restrictions: [SILENT_OFF_PEAK, VOICE_NEEDS_AUDIO, NO_BGM_AT_9_AND_10],
	typicalSeconds,
	...cost,
});
const q1Image: ModelRules = {
	prompt: PROMPT_5000,
	images: ONE_IMAGE,
	fields: {
		duration: oneOf([5]),
		resolution: R1080,
		audio: onOff(false),
		...VOICE,
		...IS_REC,
		...COMMON,
		...OFF_PEAK,
		...BGM,
		...MOVES,
	},
	restrictions: [SILENT_OFF_PEAK, VOICE_NEEDS_AUDIO],
	typicalSeconds: 90,
	...Q1_PRICE,
};

const imageToVideo: Record<string, ModelRules> = {
	'viduq4-preview': {
		note: 'preview',
		prompt: PROMPT_5000,
		images: { min: 1, max: 1, rules: Q4_IMAGE },
		fields: {
			duration: oneOf(wholeSeconds(3, 16), 5),
			resolution: R540_TO_4K,
			audio: onOff(true),
			...IS_REC,
			...Q4_COMMON,
		},
		typicalSeconds: 90,
		...Q4_PRICE,
	},
	'viduq3-turbo': q3Image(R540_TO_1080, 60, Q3_TURBO_PRICE),
	'viduq3-pro': q3Image(R540_TO_1080, 90, Q3_PRO_PRICE),
	'viduq3-pro-fast': q3Image(R720_TO_1080, 60, Q3_FAST_PRICE),
	'viduq2-pro': q2Image(R540_TO_1080, 90, Q2_PRO_PRICE),
	'viduq2-pro-fast': q2Image(R720_TO_1080, 60, Q2_FAST_PRICE),
	'viduq2-turbo': q2Image(R540_TO_1080, 60, Q2_TURBO_PRICE),
	viduq1: q1Image,
	'viduq1-classic': q1Image,
	'vidu2.0': {
		...q1Image,
		fields: { ...q1Image.fields, duration: oneOf([4, 8]), resolution: R360_TO_1080 },
		restrictions: [VIDU2_LENGTH, SILENT_OFF_PEAK, VOICE_NEEDS_AUDIO],
		typicalSeconds: 40,
		...VIDU2_PRICE,
	},
};

const q3Frames = (typicalSeconds: number, cost: Price): ModelRules => ({
	...q3Image(R540_TO_1080, typicalSeconds, cost),
	images: TWO_FRAMES,
});
/** Start-end stops at 8 seconds where image to video goes to 10. Sound is a q3 feature on this endpoint. */
const q2Frames = (resolution: typeof R540_TO_1080, typicalSeconds: number, cost: Price): ModelRules => ({
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
	...cost,
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
	...Q1_PRICE,
};

const startEndToVideo: Record<string, ModelRules> = {
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
		...VIDU2_PRICE,
	},
};

const references = (max: number, rules: ImageRules = REFERENCE_IMAGE) => ({ min: 1, max, rules });

/**
 * Prompts: 5,000 characters in the subjects endpoint; in the images endpoint 2,000 on the China page, while clients of the global
 * host send 5,000. 4:3 and 3:4 are said to be for q2 only, though the page's own sample sends 3:4 to viduq3-mix.
 */
const q3Reference = (
	row: Pick<ModelRules, 'typicalSeconds' | 'price' | 'priceFrom'>,
	offPeak: boolean,
): ModelRules => ({
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
	...Q2_REFERENCE_PRICE,
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
	...Q1_PRICE,
};

const referenceToVideo: Record<string, ModelRules> = {
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
		...Q4_PRICE,
	},
	'viduq3-turbo': q3Reference(
		{ typicalSeconds: 60, ...price('4 / 10 / 13 credits a second at 540p / 720p / 1080p', 'from 4 credits a second') },
		true,
	),
	viduq3: q3Reference(
		{ typicalSeconds: 75, ...price('7 / 12 / 15 credits a second at 540p / 720p / 1080p', 'from 7 credits a second') },
		true,
	),
	'viduq3-mix': withFields(
		// the model map adds 540p and 1 to 2 seconds, the endpoint page does not
		q3Reference(
			{ typicalSeconds: 90, ...price('24 / 29 credits a second at 720p / 1080p', 'from 24 credits a second') },
			false,
		),
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
		...Q2_PRO_REFERENCE_PRICE,
	},
	viduq2: q2Reference,
	viduq1: q1Reference,
	'vidu2.0': {
		...withFields(q1Reference, { duration: oneOf([4]), resolution: R360_720 }),
		// 1 to 3 in older pages, 1 to 7 in newer ones
		images: references(3),
		typicalSeconds: 45,
		...Q1_PRICE,
	},
};

/** A subject holds up to three images; up to seven subjects, four on viduq2-pro. No background music in this endpoint. */
const subjectForm = (row: ModelRules, voice: boolean, maxSubjects = 7): ModelRules => {
	const { bgm: _bgm, ...fields } = row.fields;
	return {
		...row,
		prompt: NEEDS_PROMPT_5000,
		images: references(3),
		subjects: { max: maxSubjects, voice },
		fields,
		videos: undefined,
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

const subjectsToVideo: Record<string, ModelRules> = {
	'viduq3-turbo': subjectForm(referenceToVideo['viduq3-turbo'], false),
	viduq3: subjectForm(referenceToVideo.viduq3, false),
	// voice_id: the subject page says viduq2-pro ignores it
	'viduq2-pro': subjectForm(speaking(referenceToVideo['viduq2-pro']), false, 4),
	viduq2: subjectForm(speaking(q2Reference), true),
	viduq1: subjectForm(speaking(q1Reference), true),
	'vidu2.0': subjectForm(speaking(referenceToVideo['vidu2.0']), true),
};

function withFields(row: ModelRules, fields: Fields): ModelRules {
	return { ...row, fields: { ...row.fields, ...fields } };
}

export const viduCatalogue: Catalogue = {
	provider: 'vidu',
	providerName: 'Vidu',
	models: { textToVideo, imageToVideo, startEndToVideo, referenceToVideo, subjectsToVideo },
	defaultModel: {
		textToVideo: 'viduq3-turbo',
		imageToVideo: 'viduq3-turbo',
		startEndToVideo: 'viduq3-turbo',
		referenceToVideo: 'viduq3-turbo',
		subjectsToVideo: 'viduq3-turbo',
	},
	images: IMAGE,
	topLevel: ['duration', 'resolution', 'aspectRatio', 'audio'],
	customFields: [
		'aspectRatio',
		'audio',
		'audioType',
		'bgm',
		'callbackUrl',
		'duration',
		'isRec',
		'metaData',
		'movementAmplitude',
		'offPeak',
		'payload',
		'resolution',
		'seed',
		'sounds',
		'style',
		'voiceId',
		'watermark',
		'wmPosition',
		'wmUrl',
	],
	chinaFields: ['metaData', 'watermark', 'wmPosition', 'wmUrl'],
	maxBodyBytes: 20 * MEGABYTE,
	readOn: '2026-11-20',
};

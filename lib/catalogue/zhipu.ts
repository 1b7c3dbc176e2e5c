import { catalogue } from './catalogue';
import { oneOf, onOff, soldAs, text } from './rules';
import type { Fields, ImageRules, ModelRules, MoneyPrice } from './types';
import { MEGABYTE } from './units';
import { imageToVideo } from './vidu/imageToVideo';
import { referenceToVideo } from './vidu/referenceToVideo';
import { startEndToVideo } from './vidu/startEndToVideo';
import { textToVideo } from './vidu/textToVideo';

/**
 * Zhipu, POST /videos/generations. Read 2026-11-20 from the API pages of docs.bigmodel.cn and docs.z.ai and the guide
 * pages bigmodel.cn/dev/howuse/video-generation-model/{Vidu2, ViduQ1, CogVideoX-2}.
 *
 * The host is the credential's choice: BigModel serves every row, Z.AI documents only cogvideox-3 since autumn 2026.
 * Where pages disagree, the row takes the reading that no page refuses, yet every page's own example can be said.
 * No row has a seed, a negative prompt or a callback: the API knows none.
 */

const AMPLITUDES = oneOf(['auto', 'small', 'medium', 'large']);
const RATIOS = oneOf(['16:9', '9:16', '1:1']);
const R1080 = oneOf(['1920x1080']);

/** png, jpeg, webp, 50 MB, 1:4 to 4:1; pairs: start over end within 0.8 to 1.25; references from 128x128. */
const VIDU_IMAGE: ImageRules = {
	formats: ['png', 'jpeg', 'webp'],
	maxBytes: 50 * MEGABYTE,
	maxAspect: 4,
	isAspectExclusive: true,
};
const VIDU_FRAME_PAIR: ImageRules = { ...VIDU_IMAGE, pairRatio: { min: 0.8, max: 1.25 } };
const VIDU_REFERENCE: ImageRules = { ...VIDU_IMAGE, minPixels: 128 };
/** No rule for pixels or ratio is stated, for pairs neither. */
const COGVIDEOX_IMAGE: ImageRules = { formats: ['png', 'jpeg'], maxBytes: 5 * MEGABYTE };

const PROMPT = { required: false, maxChars: 512 };
const NEEDS_PROMPT = { required: true, maxChars: 512 };

/** Every model takes an end user's id. */
const COMMON: Fields = { userId: text(128, 6) };
const MOVES: Fields = { movementAmplitude: AMPLITUDES };
/** Background music. On viduq1-image accepted, but documented to be heard in videos of 4 seconds only. */
const MUSIC: Fields = { withAudio: onOff(false) };

const YUAN = 'CNY';
const DOLLAR = 'USD';
/** A video, whatever its length and size. Z.AI named these until the day given and has dropped the models since. */
const viduPrice = (yuan: string, dollars: string): MoneyPrice => ({
	byRegion: {
		bigmodel: { amount: yuan, currency: YUAN },
		zai: { amount: dollars, currency: DOLLAR, readOn: '2026-07-31' },
	},
});
const Q1_PRICE = viduPrice('2.50', '0.40');
const VIDU2_PRICE = viduPrice('1.25', '0.20');
const VIDU2_REFERENCE_PRICE = viduPrice('2.50', '0.40');

/** Times: cloud.baidu.com/doc/VOD/s/dm64ry4hl sells the same models; Zhipu names none. The low end of what was seen. */
const viduText: Record<string, ModelRules> = {
	'viduq1-text': {
		prompt: NEEDS_PROMPT,
		images: { min: 0, max: 0, rules: VIDU_IMAGE },
		fields: {
			duration: oneOf([5]),
			size: R1080,
			aspectRatio: RATIOS,
			style: oneOf(['general', 'anime']),
			...MOVES,
			...COMMON,
		},
		typicalSeconds: 200,
		price: Q1_PRICE,
	},
};

/** The guide's examples send 720x480 to all three Vidu 2 models, the API page lists 1280x720: both are offered. */
const VIDU2_SIZES = ['1280x720', '720x480'];

const viduImage: Record<string, ModelRules> = {
	'viduq1-image': {
		prompt: PROMPT,
		images: { min: 1, max: 1, rules: VIDU_IMAGE },
		fields: { duration: oneOf([5]), size: R1080, ...MOVES, ...MUSIC, ...COMMON },
		typicalSeconds: 120,
		price: Q1_PRICE,
	},
	'vidu2-image': {
		prompt: PROMPT,
		images: { min: 1, max: 1, rules: VIDU_IMAGE },
		fields: { duration: oneOf([4]), size: oneOf(VIDU2_SIZES), ...MOVES, ...MUSIC, ...COMMON },
		typicalSeconds: 40,
		price: VIDU2_PRICE,
	},
};

const viduFrames: Record<string, ModelRules> = {
	'viduq1-start-end': {
		prompt: PROMPT,
		images: { min: 2, max: 2, rules: VIDU_FRAME_PAIR },
		fields: { duration: oneOf([5]), size: R1080, ...MOVES, ...MUSIC, ...COMMON },
		typicalSeconds: 90,
		price: Q1_PRICE,
	},
	'vidu2-start-end': {
		prompt: PROMPT,
		images: { min: 2, max: 2, rules: VIDU_FRAME_PAIR },
		fields: {
			// 5 seconds on a Z.AI card, 4 everywhere else
			duration: oneOf([4]),
			// 480x360 stands in BigModel's API page only
			size: oneOf([...VIDU2_SIZES, '480x360']),
			...MOVES,
			...MUSIC,
			...COMMON,
		},
		typicalSeconds: 40,
		price: VIDU2_PRICE,
	},
};

const viduReference: Record<string, ModelRules> = {
	'vidu2-reference': {
		prompt: PROMPT,
		images: { min: 1, max: 3, rules: VIDU_REFERENCE },
		fields: {
			duration: oneOf([4]),
			size: oneOf(VIDU2_SIZES),
			aspectRatio: RATIOS,
			...MOVES,
			...MUSIC,
			...COMMON,
		},
		typicalSeconds: 45,
		price: VIDU2_REFERENCE_PRICE,
	},
};

export const zhipuViduCatalogue = catalogue({
	provider: 'zhipu',
	providerName: 'Zhipu',
	operations: [
		soldAs(textToVideo, { models: viduText, defaultModel: 'viduq1-text' }),
		soldAs(imageToVideo, { models: viduImage, defaultModel: 'vidu2-image' }),
		soldAs(startEndToVideo, { models: viduFrames, defaultModel: 'vidu2-start-end' }),
		soldAs(referenceToVideo, { models: viduReference, defaultModel: 'vidu2-reference' }),
	],
	images: VIDU_IMAGE,
	// not stated by Zhipu; Vidu's own API behind it caps the request in spite of 50 MB images
	maxBodyBytes: 20 * MEGABYTE,
	topLevel: ['duration', 'size', 'quality', 'withAudio'],
	// Zhipu refuses documented values now and then, so nothing is sent unasked
	hasModelDefault: true,
	furtherFields: ['fps', 'quality', 'watermarkEnabled'],
	notice:
		'Use a BigModel credential here: Z.AI removed the Vidu models from its documentation in 2026 and may refuse them. GLM Coding Plan keys cannot make videos.',
	readOn: '2026-11-20',
});

const NO_IMAGE = { min: 0, max: 0, rules: COGVIDEOX_IMAGE };
const ONE_IMAGE = { min: 1, max: 1, rules: COGVIDEOX_IMAGE };
const TWO_FRAMES = { min: 2, max: 2, rules: COGVIDEOX_IMAGE };

/** Sound effects, and the mark that BigModel adds unless told otherwise. */
const SOUND_AND_MARK: Fields = { withAudio: onOff(false), watermarkEnabled: onOff(true) };

/** Left out, the short side is 1080 and the long side follows the image. */
const COGVIDEOX_3_SIZES = oneOf(
	['1280x720', '720x1280', '1024x1024', '1920x1080', '1080x1920', '2048x1080', '3840x2160'],
	'1920x1080',
);
const COGVIDEOX_2_SIZES = oneOf(
	['720x480', '1024x1024', '1280x960', '960x1280', '1920x1080', '1080x1920', '2048x1080', '3840x2160'],
	'1920x1080',
);
const FPS: Fields = { fps: oneOf([30, 60]) };

/** A prompt or an image is needed, so text to video needs the prompt. */
const cogVideoX3: Omit<ModelRules, 'images' | 'prompt'> = {
	fields: {
		quality: oneOf(['speed', 'quality']),
		size: COGVIDEOX_3_SIZES,
		duration: oneOf([5, 10]),
		...FPS,
		...SOUND_AND_MARK,
		...COMMON,
	},
	// 249 s in a benchmark of 2026-05-21 on Z.AI
	typicalSeconds: 250,
	// 5 and 10 seconds, every size, quality and sound alike
	price: { byRegion: { bigmodel: { amount: '1.00', currency: YUAN }, zai: { amount: '0.20', currency: DOLLAR } } },
};
const cogVideoX2: Omit<ModelRules, 'images' | 'prompt'> = {
	fields: {
		quality: oneOf(['speed', 'quality']),
		size: COGVIDEOX_2_SIZES,
		...FPS,
		...SOUND_AND_MARK,
		...COMMON,
	},
	typicalSeconds: 90,
	// half of it in a batch, which is another API
	price: { byRegion: { bigmodel: { amount: '0.50', currency: YUAN } } },
};
/** quality, size, fps and duration are documented, but users met 400 and 1214 with each of them: not offered. */
const cogVideoXFlash: Omit<ModelRules, 'images' | 'prompt'> = {
	note: 'free',
	fields: { ...SOUND_AND_MARK, ...COMMON },
	typicalSeconds: 60,
	price: { byRegion: { bigmodel: { amount: '0.00', currency: YUAN } } },
};

export const cogVideoXCatalogue = catalogue({
	provider: 'zhipu',
	providerName: 'Zhipu',
	operations: [
		soldAs(textToVideo, {
			defaultModel: 'cogvideox-3',
			models: {
				'cogvideox-3': { ...cogVideoX3, prompt: NEEDS_PROMPT, images: NO_IMAGE },
				'cogvideox-2': { ...cogVideoX2, prompt: NEEDS_PROMPT, images: NO_IMAGE },
				'cogvideox-flash': { ...cogVideoXFlash, prompt: NEEDS_PROMPT, images: NO_IMAGE },
			},
		}),
		soldAs(imageToVideo, {
			defaultModel: 'cogvideox-3',
			models: {
				'cogvideox-3': { ...cogVideoX3, prompt: PROMPT, images: ONE_IMAGE },
				'cogvideox-2': { ...cogVideoX2, prompt: PROMPT, images: ONE_IMAGE },
				'cogvideox-flash': { ...cogVideoXFlash, prompt: PROMPT, images: ONE_IMAGE },
			},
		}),
		soldAs(startEndToVideo, {
			defaultModel: 'cogvideox-3',
			models: {
				'cogvideox-3': {
					...cogVideoX3,
					prompt: PROMPT,
					images: TWO_FRAMES,
					// Z.AI makes two frames at `speed` only; BigModel does not say so. `speed` is also what it does unasked
					fields: { ...cogVideoX3.fields, quality: oneOf(['speed']) },
				},
			},
		}),
	],
	// of a model this version does not know, the API's widest rule is asked
	images: { formats: ['png', 'jpeg', 'webp'], maxBytes: 50 * MEGABYTE },
	topLevel: ['duration', 'size', 'quality', 'withAudio'],
	// Zhipu refuses documented values now and then, so nothing is sent unasked
	hasModelDefault: true,
	furtherFields: ['aspectRatio', 'movementAmplitude', 'style'],
	readOn: '2026-11-20',
});

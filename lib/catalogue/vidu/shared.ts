import { integer, jsonText, oneOf, onOff, passthrough, text, url } from '../rules';
import type { Fields, ImageRules, ModelRules, Restriction } from '../types';
import { MEGABYTE } from '../units';

/**
 * Vidu's own API, /ent/v2. Read 2026-11-20 from platform.vidu.com/docs/{text-to-video, image-to-video,
 * start-end-to-video, reference-to-video} and the same pages of platform.vidu.cn.
 *
 * Where pages disagree, the row takes the reading that no page refuses, and says so.
 * A field is offered only where it has an effect: style on viduq1; movement_amplitude on q1 and 2.0;
 * bgm not on q3 and q4; audio_type and voice_id on q2, q1 and 2.0.
 */

export const FIVE_RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4'];
export const THREE_RATIOS = ['16:9', '9:16', '1:1'];

export const R540_TO_1080 = oneOf(['540p', '720p', '1080p'], '720p');
export const R720_TO_1080 = oneOf(['720p', '1080p'], '720p');
export const R1080 = oneOf(['1080p']);
export const R360_720 = oneOf(['360p', '720p'], '360p');
export const R360_TO_1080 = oneOf(['360p', '720p', '1080p'], '360p');
export const R540_TO_4K = oneOf(['540p', '720p', '1080p', '2K', '4K'], '720p');

export const AUDIO_TYPES = oneOf(['all', 'speech_only', 'sound_effect_only']);
const AMPLITUDES = oneOf(['auto', 'small', 'medium', 'large']);

/** Every image field: png, jpeg, webp, 50 MB, 1:4 to 4:1; start-end page: start over end within 0.8 to 1.25. */
export const IMAGE: ImageRules = { formats: ['png', 'jpeg', 'webp'], maxBytes: 50 * MEGABYTE, maxAspect: 4 };
const FRAME_PAIR: ImageRules = { ...IMAGE, pairRatio: { min: 0.8, max: 1.25 } };
export const REFERENCE_IMAGE: ImageRules = { ...IMAGE, minPixels: 128 };
/** Q4 pages: 1:5 to 5:1. */
export const Q4_IMAGE: ImageRules = { ...IMAGE, maxAspect: 5 };
export const Q4_REFERENCE_IMAGE: ImageRules = { ...Q4_IMAGE, minPixels: 128 };

export const NO_IMAGE = { min: 0, max: 0, rules: IMAGE };
export const ONE_IMAGE = { min: 1, max: 1, rules: IMAGE };
export const TWO_FRAMES = { min: 2, max: 2, rules: FRAME_PAIR };

/** Fields every video endpoint takes. The watermark fields stand on the China pages only. */
export const COMMON: Fields = {
	seed: integer(0, 2_147_483_647),
	payload: passthrough(1_048_576),
	callbackUrl: url,
	watermark: onOff(false),
	wmPosition: oneOf([1, 2, 3, 4], 3),
	wmUrl: url,
	metaData: jsonText,
};
/** Fields of every task, whatever it makes. */
export const TASK: Fields = { payload: passthrough(1_048_576), callbackUrl: url };
/** The watermark of multi-frame and extend, on the China pages only: the corner is a word there. */
export const MARKED_BY_WORD: Fields = {
	watermark: onOff(false),
	wmPosition: oneOf(['top_left', 'top_right', 'bottom_right', 'bottom_left'], 'bottom_right'),
	wmUrl: url,
	metaData: jsonText,
};
/** Pages of the further operations disagree about 10 and 20 MB: below 10 none refuses. */
export const SMALL_BODY_BYTES = 10 * MEGABYTE;

/** Q4 so far documents seed and watermark; payload and callback_url are common to all task endpoints. */
export const Q4_COMMON: Fields = {
	seed: integer(0, 2_147_483_647),
	payload: passthrough(1_048_576),
	callbackUrl: url,
	watermark: onOff(false),
};

export const OFF_PEAK: Fields = { offPeak: onOff(false) };
export const BGM: Fields = { bgm: onOff(false) };
export const MOVES: Fields = { movementAmplitude: AMPLITUDES };
export const VOICE: Fields = { audioType: AUDIO_TYPES, voiceId: text(256) };

export const Q3_OFF_PEAK: Restriction = {
	when: { audio: [false], offPeak: [true] },
	without: ['offPeak'],
	why: 'q3 models run off-peak only with audio on',
};
export const SILENT_OFF_PEAK: Restriction = {
	when: { audio: [true], offPeak: [true] },
	without: ['offPeak'],
	why: 'q2, q1 and 2.0 models run off-peak only with audio off',
};
export const VOICE_NEEDS_AUDIO: Restriction = {
	when: { audio: [false] },
	without: ['audioType', 'voiceId'],
	why: 'a voice or an audio type needs Audio switched on',
};
export const SOUNDS_NEED_AUDIO: Restriction = {
	when: { audio: [false] },
	without: ['sounds'],
	why: 'reference sounds need Audio switched on',
};
export const NO_BGM_AT_9_AND_10: Restriction = {
	when: { duration: [9, 10] },
	without: ['bgm'],
	why: 'q2 models add no background music to videos of 9 or 10 seconds',
};
export const VIDU2_LENGTH: Restriction = {
	when: { duration: [8] },
	allow: { resolution: ['720p'] },
	why: 'vidu2.0 makes 8-second videos at 720p only',
};

export const PROMPT_2000 = { required: false, maxChars: 2000 };
export const PROMPT_5000 = { required: false, maxChars: 5000 };
export const NEEDS_PROMPT_5000 = { required: true, maxChars: 5000 };

/** is_rec: a prompt written by Vidu; the typed prompt is then ignored. 10 credits more. */
export const IS_REC: Fields = { isRec: onOff(false) };

export function withFields(row: ModelRules, fields: Fields): ModelRules {
	return { ...row, fields: { ...row.fields, ...fields } };
}

/** The quickest and least expensive of the newest, in every endpoint. */
export const DEFAULT_MODEL = 'viduq3-turbo';

/** What a prompt may look like. */
export const SCENE = 'e.g. The camera circles the sneaker slowly, soft studio light';
export const SUBJECTS_SCENE = 'e.g. @sneaker stands next to @mug';

import { catalogue } from './catalogue';
import { integer, oneOf, onOff, passthrough, soldAs, text, url } from './rules';
import type { ImageRules, ModelRules } from './types';
import { MEGABYTE } from './units';
import { imageToVideo } from './vidu/imageToVideo';
import { referenceToVideo } from './vidu/referenceToVideo';
import { startEndToVideo } from './vidu/startEndToVideo';
import { textToVideo } from './vidu/textToVideo';

/**
 * Vtrix, POST /model/v1/generation. Read 2026-11-20 from doc.vtrix.ai/docs/api/vidu/vidu20-img2video.
 *
 * Its other Vidu ids, such as viduq1_text2video and viduq2_reference2video, go through `custom`: no values of theirs
 * were read, so the other endpoints have no rows.
 */

/** "Less than 1:4 or 4:1" is read as on Vidu's own page: between 1:4 and 4:1. */
const IMAGE: ImageRules = {
	formats: ['png', 'jpeg', 'webp'],
	maxBytes: 50 * MEGABYTE,
	maxAspect: 4,
	isAspectExclusive: true,
};

const imageModels: Record<string, ModelRules> = {
	vidu20_img2video: {
		prompt: { required: false, maxChars: 2000 },
		images: { min: 1, max: 1, rules: IMAGE },
		fields: {
			duration: oneOf([4, 8]),
			// the default is 720p at 8 seconds
			resolution: oneOf(['360p', '720p', '1080p']),
			audio: onOff(false),
			bgm: onOff(false),
			callbackUrl: url,
			isRec: onOff(false),
			movementAmplitude: oneOf(['auto', 'small', 'medium', 'large']),
			// off_peak is listed as "temporarily unavailable": not offered, so that nobody is refused
			payload: passthrough(1_048_576),
			// 0 is the documented default and means random
			seed: integer(0, 2_147_483_647),
			voiceId: text(256),
			watermark: onOff(false),
			wmPosition: oneOf([1, 2, 3, 4], 3),
			wmUrl: url,
		},
		restrictions: [
			{
				when: { duration: [8] },
				allow: { resolution: ['720p'] },
				why: 'vidu20_img2video makes 8-second videos at 720p only',
			},
			{
				when: { audio: [false] },
				without: ['voiceId'],
				why: 'a voice needs Audio switched on',
			},
		],
		// Vidu 2.0 elsewhere: 35 to 45 s
		typicalSeconds: 40,
	},
};

export const vtrixCatalogue = catalogue({
	provider: 'vtrix',
	providerName: 'Vtrix',
	operations: [
		soldAs(textToVideo, { models: {} }),
		soldAs(imageToVideo, { models: imageModels, defaultModel: 'vidu20_img2video' }),
		soldAs(startEndToVideo, { models: {} }),
		soldAs(referenceToVideo, { models: {} }),
	],
	images: IMAGE,
	topLevel: ['duration', 'resolution', 'aspectRatio', 'audio'],
	furtherFields: ['aspectRatio', 'audioType', 'offPeak', 'style'],
	maxBodyBytes: 20 * MEGABYTE,
	readOn: '2026-11-20',
});

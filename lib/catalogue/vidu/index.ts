import { MEGABYTE } from '../rules';
import type { Catalogue } from '../types';
import { imageToVideo } from './imageToVideo';
import { referenceToVideo, subjectsToVideo } from './referenceToVideo';
import { IMAGE } from './shared';
import { startEndToVideo } from './startEndToVideo';
import { textToVideo } from './textToVideo';

/** Vidu's own API, /ent/v2. */
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

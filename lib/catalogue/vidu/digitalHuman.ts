import { operation } from '../rules';
import type { CreditPrice, ModelRules } from '../types';
import { FURTHER_PRICES } from './prices';
import { ONE_IMAGE, PROMPT_2000, R540_TO_1080, SMALL_BODY_BYTES, TASK } from './shared';
import { SPOKEN } from './spoken';

/** The digital human page of platform.vidu.cn, read 2026-11-25. On the global host one client calls it. */

const speaking = (price: CreditPrice): ModelRules => ({
	prompt: PROMPT_2000,
	images: ONE_IMAGE,
	fields: { resolution: R540_TO_1080, ...TASK },
	// no page says how long it takes, and nobody has measured it
	typicalSeconds: 180,
	isWaitEstimated: true,
	// a sound may have ten minutes
	maxWaitMinutes: 120,
	price,
	priceExample: { seconds: 10, characters: 150 },
});

export const digitalHuman = operation({
	resource: 'video',
	name: 'digitalHuman',
	label: 'Digital Human',
	action: 'Generate video of speaking person',
	description: 'Let the person in an image say a text or a sound file',
	path: '/ent/v2/digital-human',
	isChinaOnly: true,
	inputs: [
		{ kind: 'image', name: 'image', label: 'Image', description: 'Who speaks', wire: 'image', isSingle: true },
		SPOKEN,
		{ kind: 'prompt', placeholder: 'e.g. She smiles at the camera and holds the sneaker up' },
	],
	models: {
		'viduq2-turbo': speaking(FURTHER_PRICES.digitalHuman['viduq2-turbo']),
		'viduq2-pro': speaking(FURTHER_PRICES.digitalHuman['viduq2-pro']),
	},
	defaultModel: 'viduq2-turbo',
	maxBodyBytes: SMALL_BODY_BYTES,
});

import { decimal, integer, operation, passthrough, url } from '../rules';
import type { Fields, ModelRules, OwnField } from '../types';
import { FURTHER_PRICES } from './prices';
import { NO_IMAGE } from './shared';

/**
 * docs/timing-to-audio, read 2026-11-25 on platform.vidu.com and platform.vidu.cn; text-to-audio on platform.vidu.cn, while
 * clients call it on the global host. `payload` stands in no table of the two, and clients send it. Which type the file is
 * of no page says.
 */

const EVERY_SOUND: Fields = {
	seed: integer(0, 2_147_483_647),
	payload: passthrough(1_048_576),
	callbackUrl: url,
};

/** Nothing else is offered. */
const MODEL = 'audio1.0';

const wait = { typicalSeconds: 30, isWaitEstimated: true } as const;

const duration: OwnField = {
	name: 'Duration',
	description: 'Length of the sound in seconds, 2 to 10. Less than 5 seconds cost 10 credits, more cost 20.',
	placeholder: 'e.g. 5',
	unit: 'Seconds',
	rule: decimal(2, 10, 10),
	isTopLevel: true,
};

const sounds = (prompt: ModelRules['prompt']): Record<string, ModelRules> => ({
	[MODEL]: { prompt, images: NO_IMAGE, fields: EVERY_SOUND, ...wait, price: FURTHER_PRICES.soundEffects },
});

export const soundEffects = operation({
	resource: 'audio',
	name: 'soundEffects',
	label: 'Generate Sound Effects',
	action: 'Generate sound effects',
	description: 'Make a sound out of a text, such as rain on a roof',
	makes: 'audio',
	path: '/ent/v2/text2audio',
	inputs: [
		{
			kind: 'prompt',
			placeholder: 'e.g. Footsteps on gravel, then a door',
			description: 'What is heard',
		},
	],
	ownFields: { duration },
	models: sounds({ required: true, maxChars: 1500 }),
	defaultModel: MODEL,
});

export const timedSoundEffects = operation({
	resource: 'audio',
	name: 'timedSoundEffects',
	label: 'Generate Timed Sound Effects',
	action: 'Generate timed sound effects',
	description: 'Make a sound in which each effect is heard from one moment to another',
	makes: 'audio',
	path: '/ent/v2/timing2audio',
	inputs: [
		{
			kind: 'cues',
			name: 'cues',
			label: 'Cues',
			description: 'What is heard from when to when, in seconds. They may overlap. Sound effects only, no music.',
			wire: 'timing_prompts',
			maxChars: 1500,
		},
	],
	ownFields: { duration },
	models: sounds({ required: false, maxChars: 1500 }),
	defaultModel: MODEL,
});

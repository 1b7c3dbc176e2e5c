import { integer, oneOf, operation, passthrough, url } from '../rules';
import type { Fields, ModelRules } from '../types';
import { FURTHER_PRICES } from './prices';
import { FIVE_RATIOS, R1080, REFERENCE_IMAGE } from './shared';

/**
 * docs/reference-to-image, read 2026-11-25 on platform.vidu.com and platform.vidu.cn. `auto` takes the shape of the first
 * image; without one its meaning is not documented.
 */

const EVERY_IMAGE: Fields = {
	seed: integer(0, 2_147_483_647),
	payload: passthrough(1_048_576),
	callbackUrl: url,
};

const prompt = { required: true, maxChars: 2000 };

/** No page says how long it takes; clients look every 3 to 5 seconds and give up after 180 to 270. */
const wait = { typicalSeconds: 30, isWaitEstimated: true } as const;

const models = {
	viduq2: {
		prompt,
		images: { min: 0, max: 7, rules: REFERENCE_IMAGE },
		fields: {
			resolution: oneOf(['1080p', '2K', '4K']),
			aspectRatio: oneOf([...FIVE_RATIOS, '21:9', '2:3', '3:2', 'auto']),
			...EVERY_IMAGE,
		},
		...wait,
		price: FURTHER_PRICES.image.viduq2,
	},
	viduq1: {
		prompt,
		images: { min: 1, max: 7, rules: REFERENCE_IMAGE },
		fields: { resolution: R1080, aspectRatio: oneOf(FIVE_RATIOS), ...EVERY_IMAGE },
		...wait,
		price: FURTHER_PRICES.image.viduq1,
	},
} satisfies Record<string, ModelRules>;

export const generateImage = operation({
	resource: 'image',
	name: 'generate',
	label: 'Generate Image',
	action: 'Generate image',
	description: 'Make an image from a text, change an image, or make a new one from up to seven references',
	makes: 'image',
	path: '/ent/v2/reference2image',
	inputs: [
		{
			kind: 'prompt',
			placeholder: 'e.g. The sneaker on a clean white background, soft shadow',
			description: 'What the image shows, or what is to change in it',
		},
		{
			kind: 'images',
			name: 'images',
			label: 'Images',
			description: 'Images to change or to take over from: up to seven, none for an image out of the text alone',
			wire: 'images',
			isOptional: true,
		},
	],
	models,
	defaultModel: 'viduq2',
});

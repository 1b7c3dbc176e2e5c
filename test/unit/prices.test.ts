import { priceOf, type Purchase } from '../../lib/catalogue/prices';
import type { Amount, CreditPrice, Price } from '../../lib/catalogue/types';
import type { Endpoint } from '../../lib/catalogue/operations';
import { viduCatalogue } from '../../lib/catalogue/vidu';
import { FURTHER_PRICES, UPSCALE_PRICE } from '../../lib/catalogue/vidu/prices';
import { vtrixCatalogue } from '../../lib/catalogue/vtrix';
import { cogVideoXCatalogue, zhipuViduCatalogue } from '../../lib/catalogue/zhipu';
import { purchaseOf } from '../../lib/core/purchase';
import { CLIP_PRICES, ENDPOINTS } from '../fixtures/clipPrices';
import { digitalHumanPriceOf, lipSyncPriceOf, motionSyncPriceOf, segmentsPriceOf } from '../emulator/vidu/prices';
import { tellAmount, tellCredits, tellExample, tellFigure, tellPrice } from '../../lib/n8n/prices';

/** How sure a figure is: what the marks of the lists below stand for. */
const CERTAINTY: Record<string, string> = {
	D: 'certain, printed',
	C: 'certain, computed by a printed rule',
	S: 'certain, seen in an answer',
	X: 'derived',
	U: 'unverified',
};

const CLIPS = CLIP_PRICES.map(([operation, model, seconds, resolution, switches, region, credits, mark]) => ({
	name: `${operation} ${model} ${seconds} s ${resolution} ${switches} ${region}: ${credits} (${CERTAINTY[mark]})`,
	price: viduCatalogue.models[ENDPOINTS[operation]]?.[model].price,
	purchase: {
		seconds: Number(seconds),
		resolution,
		audio: switches.includes('audio'),
		offPeak: switches.includes('off-peak'),
		isRec: switches.includes('is_rec'),
	},
	regions: region === 'both' ? ['global', 'china'] : [region],
	credits: Number(credits),
}));

describe("Vidu's clips", () => {
	test('are all 89 of the list', () => {
		expect(CLIPS).toHaveLength(89);
	});

	test.each(CLIPS)('$name', ({ price, purchase, regions, credits }) => {
		expect(price).toBeDefined();
		for (const region of regions) expect(priceOf(price, purchase, region)).toEqual({ credits });
	});

	test.each([
		[
			'viduq3-mix at off-peak times',
			'referenceToVideo',
			'viduq3-mix',
			{ seconds: 5, resolution: '720p', offPeak: true },
		],
		['viduq3-pro-fast at 540p', 'imageToVideo', 'viduq3-pro-fast', { seconds: 5, resolution: '540p' }],
		['vidu2.0, 8 s at 1080p', 'imageToVideo', 'vidu2.0', { seconds: 8, resolution: '1080p' }],
		['a length that the model picks', 'referenceToVideo', 'viduq2-pro', { seconds: 0, resolution: '720p' }],
		['a length that is not known', 'textToVideo', 'viduq3-pro', { resolution: '720p' }],
		[
			'a resolution named like a property of objects',
			'textToVideo',
			'viduq3-pro',
			{ seconds: 5, resolution: 'constructor' },
		],
		[
			'viduq3-drama, of which none is published',
			'referenceToVideo',
			'viduq3-drama',
			{ seconds: 5, resolution: '720p' },
		],
	] satisfies Array<[string, Endpoint, string, Purchase]>)('no price for %s', (_name, endpoint, model, purchase) => {
		expect(priceOf(viduCatalogue.models[endpoint]![model].price, purchase, 'global')).toBeUndefined();
	});

	test('no price at all for viduq3-pro with references, which is not offered', () => {
		expect(viduCatalogue.models.referenceToVideo).not.toHaveProperty('viduq3-pro');
	});
});

const { image, segment, digitalHuman, film, music } = FURTHER_PRICES;

const FURTHER: Array<[what: string, CreditPrice, Purchase, credits: number, mark: string]> = [
	['a subject', FURTHER_PRICES.createSubject, {}, 5, 'D'],
	['image viduq2, 0 images, 1080p', image.viduq2, { images: 0, resolution: '1080p' }, 6, 'D'],
	['image viduq2, 0 images, 2K', image.viduq2, { images: 0, resolution: '2K' }, 8, 'D'],
	['image viduq2, 0 images, 4K', image.viduq2, { images: 0, resolution: '4K' }, 10, 'D'],
	['image viduq2, 1 image, 2K', image.viduq2, { images: 1, resolution: '2K' }, 12, 'D'],
	['image viduq2, 3 images, 1080p', image.viduq2, { images: 3, resolution: '1080p' }, 8, 'D'],
	['image viduq2, 3 images, 2K', image.viduq2, { images: 3, resolution: '2K' }, 12, 'S'],
	['image viduq2, 3 images, 4K', image.viduq2, { images: 3, resolution: '4K' }, 20, 'D'],
	['image viduq2, 4 images, 1080p', image.viduq2, { images: 4, resolution: '1080p' }, 10, 'D'],
	['image viduq2, 4 images, 2K', image.viduq2, { images: 4, resolution: '2K' }, 16, 'D'],
	['image viduq2, 4 images, 4K', image.viduq2, { images: 4, resolution: '4K' }, 30, 'D'],
	['image viduq2, 7 images, 2K', image.viduq2, { images: 7, resolution: '2K' }, 16, 'D'],
	['image viduq1, 1 image', image.viduq1, { images: 1 }, 20, 'D'],
	['image viduq1, 7 images', image.viduq1, { images: 7 }, 20, 'D'],
	['extend viduq2-turbo, 540p, 5 s', segment['viduq2-turbo'], { resolution: '540p', seconds: 5 }, 18, 'C'],
	['extend viduq2-turbo, 720p, 7 s', segment['viduq2-turbo'], { resolution: '720p', seconds: 7 }, 45, 'C'],
	['extend viduq2-turbo, 1080p, 5 s', segment['viduq2-turbo'], { resolution: '1080p', seconds: 5 }, 80, 'C'],
	['extend viduq2-pro, 540p, 1 s', segment['viduq2-pro'], { resolution: '540p', seconds: 1 }, 15, 'C'],
	['extend viduq2-pro, 720p, 5 s', segment['viduq2-pro'], { resolution: '720p', seconds: 5 }, 70, 'C'],
	['extend viduq2-pro, 1080p, 7 s', segment['viduq2-pro'], { resolution: '1080p', seconds: 7 }, 150, 'C'],
	[
		'frames viduq2-turbo, 1080p, 5 × 5 s',
		segment['viduq2-turbo'],
		{ resolution: '1080p', seconds: [5, 5, 5, 5, 5] },
		400,
		'C',
	],
	['frames viduq2-turbo, 720p, 2 × 5 s', segment['viduq2-turbo'], { resolution: '720p', seconds: [5, 5] }, 70, 'C'],
	['frames viduq2-pro, 720p, 3 + 5 + 7 s', segment['viduq2-pro'], { resolution: '720p', seconds: [3, 5, 7] }, 210, 'C'],
	[
		'frames viduq2-pro, 1080p, 9 × 7 s',
		segment['viduq2-pro'],
		{ resolution: '1080p', seconds: Array<number>(9).fill(7) },
		1350,
		'C',
	],
	['upscale 10 s to 1080p', UPSCALE_PRICE, { seconds: 10, resolution: '1080p' }, 100, 'C'],
	['upscale 10 s to 2K', UPSCALE_PRICE, { seconds: 10, resolution: '2K' }, 200, 'C'],
	['upscale 10 s to 4K', UPSCALE_PRICE, { seconds: 10, resolution: '4K' }, 400, 'C'],
	['upscale 10 s to 8K', UPSCALE_PRICE, { seconds: 10, resolution: '8K' }, 1600, 'C'],
	['upscale 7.4 s to 1080p', UPSCALE_PRICE, { seconds: 7.4, resolution: '1080p' }, 80, 'X'],
	['lip sync 5 s', FURTHER_PRICES.lipSync, { seconds: 5 }, 20, 'C'],
	['lip sync 10 s', FURTHER_PRICES.lipSync, { seconds: 10 }, 40, 'C'],
	['lip sync 12 s', FURTHER_PRICES.lipSync, { seconds: 12 }, 60, 'X'],
	['lip sync 60 s', FURTHER_PRICES.lipSync, { seconds: 60 }, 240, 'C'],
	['motion sync 8 s', FURTHER_PRICES.motionSync, { seconds: 8 }, 80, 'C'],
	['digital human turbo, a sound of 10 s', digitalHuman['viduq2-turbo'], { seconds: 10, characters: 0 }, 160, 'X'],
	['digital human pro, 600 characters in 20 s', digitalHuman['viduq2-pro'], { seconds: 20, characters: 600 }, 300, 'X'],
	['5 recommended prompts', FURTHER_PRICES.recommend, { prompts: 5 }, 10, 'C'],
	['10 recommended prompts', FURTHER_PRICES.recommend, { prompts: 10 }, 20, 'C'],
	['6 recommended prompts', FURTHER_PRICES.recommend, { prompts: 6 }, 20, 'X'],
	['sound effects of 4 s', FURTHER_PRICES.soundEffects, { seconds: 4 }, 10, 'D'],
	['sound effects of 5 s', FURTHER_PRICES.soundEffects, { seconds: 5 }, 20, 'X'],
	['sound effects of 10 s', FURTHER_PRICES.soundEffects, { seconds: 10 }, 20, 'X'],
	['speech of 1 character', FURTHER_PRICES.speech, { characters: 1 }, 10, 'X'],
	['speech of 500 characters', FURTHER_PRICES.speech, { characters: 500 }, 10, 'C'],
	['speech of 501 characters', FURTHER_PRICES.speech, { characters: 501 }, 20, 'X'],
	['speech of 9999 characters', FURTHER_PRICES.speech, { characters: 9999 }, 200, 'C'],
	['a cloned voice that speaks 20 characters', FURTHER_PRICES.cloneVoice, { characters: 20 }, 310, 'X'],
	['an ad of 15 s', film.make, { seconds: 15 }, 600, 'C'],
	['an ad of 28 s', film.make, { seconds: 28 }, 1120, 'C'],
	["an ad's new clip of 5 s", film.edit, { isScene: true, seconds: 5 }, 200, 'C'],
	["an ad's new narration of 300 characters", film.edit, { isNarration: true, characters: 300 }, 10, 'C'],
	["an ad's new music of 15 s", film.edit, { isMusic: true, seconds: 15 }, 30, 'C'],
	['an ad put together', film.compose, {}, 1, 'D'],
	['a trend of 20 s at 540p', FURTHER_PRICES.replicate, { seconds: 20, resolution: '540p' }, 240, 'C'],
	['a trend of 20 s at 720p', FURTHER_PRICES.replicate, { seconds: 20, resolution: '720p' }, 320, 'C'],
	['a trend of 20 s at 1080p', FURTHER_PRICES.replicate, { seconds: 20, resolution: '1080p' }, 400, 'C'],
	['a music video of 60 s, standard, 540p', music, { seconds: 60, resolution: '540p' }, 360, 'C'],
	['a music video of 60 s, standard, 720p', music, { seconds: 60, resolution: '720p' }, 480, 'C'],
	['a music video of 60 s, standard, 1080p', music, { seconds: 60, resolution: '1080p' }, 600, 'C'],
	['a music video of 60 s, high, 720p', music, { isHigh: true, seconds: 60, resolution: '720p' }, 1440, 'C'],
	['a music video of 60 s, high, 1080p', music, { isHigh: true, seconds: 60, resolution: '1080p' }, 1740, 'C'],
	['a music video of 60 s whose lips move', music, { seconds: 60, resolution: '720p', lipSync: true }, 720, 'C'],
	['a music video put together', film.compose, {}, 1, 'D'],
	['a general film of 30 s', film.make, { seconds: 30 }, 1200, 'C'],
	['a general film put together', film.compose, {}, 1, 'D'],
];

describe("Vidu's further operations", () => {
	test.each(
		FURTHER.map(([what, price, purchase, credits, mark]) => ({
			what,
			price,
			purchase,
			credits,
			sure: CERTAINTY[mark],
		})),
	)('$what: $credits ($sure)', ({ price, purchase, credits }) => {
		for (const region of ['global', 'china']) expect(priceOf(price, purchase, region)).toEqual({ credits });
	});

	test('segments cost what the emulator charges, whatever their number and lengths', () => {
		const models = viduCatalogue.models.multiFrameToVideo!;
		for (const [model, rules] of Object.entries({ ...models, ...viduCatalogue.models.extend! }))
			for (const resolution of ['540p', '720p', '1080p'])
				for (const seconds of [[1], [2, 7], [3, 5, 7], Array<number>(9).fill(7)])
					expect(priceOf(rules.price, { resolution, seconds }, 'global')).toEqual({
						credits: segmentsPriceOf(model, resolution, seconds),
					});
	});

	test('what is spoken or danced costs what the emulator charges', () => {
		for (const seconds of [1, 2, 5, 5.1, 8, 10, 12, 30, 60, 600]) {
			const credits = (price: CreditPrice, characters = 0) => priceOf(price, { seconds, characters }, 'global');
			expect(credits(FURTHER_PRICES.lipSync)).toEqual({ credits: lipSyncPriceOf(seconds) });
			expect(credits(FURTHER_PRICES.motionSync)).toEqual({ credits: motionSyncPriceOf(seconds) });
			for (const model of ['viduq2-turbo', 'viduq2-pro'] as const)
				for (const characters of [0, 1, 500, 501, 2000])
					expect(credits(digitalHuman[model], characters)).toEqual({
						credits: digitalHumanPriceOf(model, seconds, characters),
					});
		}
	});

	test('an upscale of a source whose length nobody knows has no price', () => {
		const rules = viduCatalogue.rules.upscale!;
		expect(priceOf(rules.price, purchaseOf(rules, { upscaleResolution: '4K' }), 'global')).toBeUndefined();
		expect(purchaseOf(rules, {})).toMatchObject({ resolution: '1080p' });
	});

	test('a music video of high quality is not sold at 540p', () => {
		expect(priceOf(music, { isHigh: true, seconds: 60, resolution: '540p' }, 'global')).toBeUndefined();
	});
});

const yuan = (amount: string): Amount => ({ cost: { amount, currency: 'CNY' } });
const dollars = (amount: string): Amount => ({ cost: { amount, currency: 'USD' } });
const zhipuPrice = (model: string): Price | undefined =>
	[zhipuViduCatalogue, cogVideoXCatalogue]
		.flatMap(({ models }) => Object.values(models))
		.find((models) => model in models)?.[model].price;

describe('Zhipu', () => {
	test.each<[model: string, region: string, what: Purchase, amount: Amount | undefined, mark: string]>([
		['cogvideox-3', 'bigmodel', { seconds: 5 }, yuan('1.00'), 'D'],
		['cogvideox-3', 'bigmodel', { seconds: 10, audio: true }, yuan('1.00'), 'C'],
		['cogvideox-2', 'bigmodel', {}, yuan('0.50'), 'D'],
		['cogvideox-flash', 'bigmodel', {}, yuan('0.00'), 'D'],
		['viduq1-text', 'bigmodel', { seconds: 5 }, yuan('2.50'), 'D'],
		['viduq1-image', 'bigmodel', { seconds: 5 }, yuan('2.50'), 'D'],
		['viduq1-start-end', 'bigmodel', { seconds: 5 }, yuan('2.50'), 'D'],
		['vidu2-image', 'bigmodel', { seconds: 4 }, yuan('1.25'), 'D'],
		['vidu2-start-end', 'bigmodel', { seconds: 4 }, yuan('1.25'), 'D'],
		['vidu2-reference', 'bigmodel', { seconds: 4 }, yuan('2.50'), 'D'],
		['cogvideox-3', 'zai', { seconds: 5 }, dollars('0.20'), 'D'],
		['cogvideox-3', 'zai', { seconds: 10 }, dollars('0.20'), 'C'],
		['viduq1-text', 'zai', { seconds: 5 }, dollars('0.40'), 'D'],
		['viduq1-image', 'zai', { seconds: 5 }, dollars('0.40'), 'D'],
		['viduq1-start-end', 'zai', { seconds: 5 }, dollars('0.40'), 'D'],
		['vidu2-image', 'zai', { seconds: 4 }, dollars('0.20'), 'D'],
		['vidu2-start-end', 'zai', { seconds: 4 }, dollars('0.20'), 'D'],
		['vidu2-reference', 'zai', { seconds: 4 }, dollars('0.40'), 'D'],
		['cogvideox-2', 'zai', {}, undefined, 'U'],
		['cogvideox-flash', 'zai', {}, undefined, 'U'],
	])('%s on %s, %j: %j (%s)', (model, region, purchase, amount) => {
		expect(zhipuPrice(model)).toBeDefined();
		expect(priceOf(zhipuPrice(model), purchase, region)).toEqual(amount);
	});
});

test('Vtrix publishes no price', () => {
	for (const row of Object.values(vtrixCatalogue.models.imageToVideo!)) expect(row.price).toBeUndefined();
});

describe('what is bought', () => {
	const rules = viduCatalogue.models.imageToVideo!;

	test('counts a field that was left out with its default', () => {
		expect(purchaseOf(rules['viduq3-turbo'], {})).toEqual({
			seconds: 5,
			resolution: '720p',
			audio: true,
			offPeak: false,
			isRec: false,
			lipSync: false,
			isHigh: false,
		});
	});

	test('counts what another field leaves of a default', () => {
		expect(purchaseOf(rules['vidu2.0'], { duration: 8 })).toMatchObject({ seconds: 8, resolution: '720p' });
	});

	test('counts what is given', () => {
		const fields = { duration: 8, resolution: '1080p', audio: false, offPeak: true, isRec: true };
		expect(purchaseOf(rules['viduq3-turbo'], fields)).toEqual({
			seconds: 8,
			resolution: '1080p',
			audio: false,
			offPeak: true,
			isRec: true,
			lipSync: false,
			isHigh: false,
		});
	});
});

describe('in words', () => {
	const { models } = viduCatalogue;

	test.each([
		[96, 'global', '96 credits (about USD 0.48)'],
		[1, 'global', '1 credit (about USD 0.01)'],
		[0, 'global', '0 credits'],
		[100, 'china', '100 credits (about 3.13 yuan)'],
		[600, 'china', '600 credits (about 18.75 yuan)'],
		[55, 'a gateway', '55 credits (about USD 0.28)'],
	])('%i credits, %s: %s', (credits, region, words) => {
		expect(tellCredits(credits, region)).toBe(words);
	});

	test.each([
		[yuan('1.00'), '1.00 yuan'],
		[dollars('0.20'), 'USD 0.20'],
		[yuan('0.00'), 'free'],
		[{ credits: 80 }, '80 credits (about USD 0.40)'],
	])('%j: %s', (amount, words) => {
		expect(tellAmount(amount)).toBe(words);
	});

	test.each([
		['viduq3-turbo', 'textToVideo', '7 / 11 / 13 credits a second at 540p / 720p / 1080p (China 720p: 12)'],
		['viduq3-pro-fast', 'imageToVideo', '20 / 25 credits a second at 720p / 1080p (China: 12 / 15)'],
		['viduq1', 'textToVideo', '80 credits (about USD 0.40)'],
		['vidu2.0', 'referenceToVideo', '80 credits (about USD 0.40)'],
		[
			'viduq2-pro',
			'imageToVideo',
			'8 (2 s: 10) + 5 / 15 + 10 / 55 + 15 credits (first second + each further one) at 540p / 720p / 1080p',
		],
		['vidu2.0', 'imageToVideo', '20 credits for 4 s at 360p; 40 for 4 s, 100 for 8 s at 720p; 100 for 4 s at 1080p'],
		[
			'viduq4-preview',
			'imageToVideo',
			'9 / 19 / 24 / 38 / 78 credits a second at 540p / 720p / 1080p / 2K / 4K (derived)',
		],
	] satisfies Array<[string, Endpoint, string]>)('the whole row of %s in %s: %s', (model, endpoint, words) => {
		expect(tellPrice(models[endpoint]![model].price!)).toBe(words);
	});

	test.each([
		['viduq3-pro-fast', 'imageToVideo', '5 s at 720p: 100 credits (about USD 0.50)'],
		['viduq1', 'textToVideo', '80 credits (about USD 0.40)'],
		['viduq2-turbo', 'imageToVideo', '5 s at 720p: 40 credits (about USD 0.20)'],
		['vidu2.0', 'imageToVideo', '4 s at 360p: 20 credits (about USD 0.10)'],
	] satisfies Array<[string, Endpoint, string]>)('a figure for %s in %s: %s', (model, endpoint, words) => {
		const rules = models[endpoint]![model];
		expect(tellFigure(rules.price!, purchaseOf(rules, {}))).toBe(words);
	});

	test.each<[string, CreditPrice, string]>([
		['motion sync', FURTHER_PRICES.motionSync, '10 credits a second of the source'],
		['lip sync', FURTHER_PRICES.lipSync, '20 credits for each 5 seconds begun'],
		[
			'a digital human',
			digitalHuman['viduq2-turbo'],
			'120 credits + 20 credits for each 5 seconds begun + 10 credits for each 500 spoken characters begun',
		],
	])('what is counted in blocks, and the sum of several parts: %s', (_name, price, words) => {
		expect(tellPrice(price)).toBe(words);
		expect(tellFigure(price, {})).toBeUndefined();
	});

	test('what images cost by their number', () => {
		expect(tellPrice(image.viduq2)).toBe('6 credits / 8 / 10 at 1080p; 8 / 12 / 16 at 2K; 10 / 20 / 30 at 4K');
	});

	test('a price that has ended is told with its day, and not in the list of models', () => {
		const price = zhipuPrice('viduq1-text')!;
		expect(tellPrice(price)).toBe('2.50 yuan on BigModel; USD 0.40 on Z.AI (until 2026-07-31 at least)');
		expect(tellFigure(price, {})).toBe('2.50 yuan on BigModel');
		expect(tellExample(price, {})).toBeUndefined();
	});
});

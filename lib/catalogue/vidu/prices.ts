import type { CreditPrice, PricePart, Rate } from '../types';

/**
 * Vidu's prices in credits. Read 2026-11-20 from the pricing pages of platform.vidu.com and platform.vidu.cn; the numbers
 * of the global page, and China's where they differ. Prices changed three times in 2026: what an answer says is the truth.
 */

const IS_REC: PricePart = { when: 'isRec', rates: 10 };
/** Printed under the prices of q2; q1 and 2.0 by analogy. */
const AUDIO: PricePart = { when: 'audio', rates: 15 };

type Listed = Readonly<Record<string, readonly [normal: number, offPeak: number]>>;

/** So much a second, with rates of their own at off-peak times. q3: sound costs nothing more. */
function aSecond(rates: Listed, china: Listed = {}): CreditPrice {
	const pick = (from: Listed, column: 0 | 1) => ({
		by: Object.fromEntries(Object.entries(from).map(([resolution, row]) => [resolution, row[column]])),
	});
	return {
		parts: [
			{
				counts: 'seconds',
				rates: pick(rates, 0),
				offPeak: pick(rates, 1),
				...(Object.keys(china).length > 0 ? { china: pick(china, 0), chinaOffPeak: pick(china, 1) } : {}),
			},
			IS_REC,
		],
		offPeak: 'listed',
	};
}

/** The same, not sold at off-peak times. */
const onlyASecond = (by: Readonly<Record<string, number>>): CreditPrice => ({
	parts: [{ counts: 'seconds', rates: { by } }, IS_REC],
});

type Steps = Readonly<Record<string, readonly [first: number, further: number, two?: number]>>;

const steps = (rows: Steps): PricePart => ({
	counts: 'seconds',
	rates: {
		by: Object.fromEntries(
			Object.entries(rows).map(([resolution, [first, further, two]]): [string, Rate] => [
				resolution,
				two === undefined ? { first, further } : { first, further, two },
			]),
		),
	},
});

/** q2: half at off-peak times. */
const bySteps = (rows: Steps, ...surcharges: PricePart[]): CreditPrice => ({
	parts: [steps(rows), ...surcharges],
	offPeak: 'half',
});

export const Q3_PRO_PRICE = aSecond({ '540p': [9, 5], '720p': [20, 10], '1080p': [24, 12] });
export const Q3_TURBO_PRICE = aSecond({ '540p': [7, 4], '720p': [11, 6], '1080p': [13, 7] }, { '720p': [12, 6] });
export const Q3_FAST_PRICE = aSecond({ '720p': [20, 10], '1080p': [25, 13] }, { '720p': [12, 6], '1080p': [15, 8] });
export const Q3_TURBO_REFERENCE_PRICE = aSecond({ '540p': [4, 2], '720p': [10, 5], '1080p': [13, 7] });
export const Q3_REFERENCE_PRICE = aSecond({ '540p': [7, 4], '720p': [12, 6], '1080p': [15, 7] });
export const Q3_MIX_PRICE = onlyASecond({ '720p': 24, '1080p': 29 });
/** Not on Vidu's own pages: what resellers and the press name, in credits. */
export const Q4_PRICE: CreditPrice = {
	...onlyASecond({ '540p': 9, '720p': 19, '1080p': 24, '2K': 38, '4K': 78 }),
	isDerived: true,
};

const Q2_TURBO: Steps = { '540p': [6, 2], '720p': [8, 10, 10], '1080p': [35, 10] };
const Q2_PRO: Steps = { '540p': [8, 5, 10], '720p': [15, 10], '1080p': [55, 15] };
export const Q2_TURBO_PRICE = bySteps(Q2_TURBO, AUDIO, IS_REC);
export const Q2_PRO_PRICE = bySteps(Q2_PRO, AUDIO, IS_REC);
export const Q2_FAST_PRICE = bySteps({ '720p': [8, 2], '1080p': [16, 4] }, AUDIO, IS_REC);
export const Q2_TEXT_PRICE = bySteps({ '540p': [10, 2], '720p': [15, 5], '1080p': [20, 10] });
export const Q2_REFERENCE_PRICE = bySteps({ '540p': [15, 5], '720p': [25, 5], '1080p': [75, 10] }, AUDIO);
export const Q2_PRO_REFERENCE_PRICE = bySteps({ '540p': [20, 5], '720p': [30, 5], '1080p': [85, 10] }, AUDIO);

export const Q1_PRICE: CreditPrice = { parts: [{ rates: 80 }, AUDIO, IS_REC], offPeak: 'half' };
export const VIDU2_PRICE: CreditPrice = {
	parts: [
		{
			counts: 'seconds',
			rates: {
				by: { '360p': { only: { 4: 20 } }, '720p': { only: { 4: 40, 8: 100 } }, '1080p': { only: { 4: 100 } } },
			},
		},
		AUDIO,
		IS_REC,
	],
	offPeak: 'half',
};
export const VIDU2_REFERENCE_PRICE: CreditPrice = {
	parts: [{ rates: { by: { '360p': 80, '720p': 80 } } }, AUDIO],
	offPeak: 'half',
};

/** China's page in credits, a second of the source; the global price in dollars agrees. */
export const UPSCALE_PRICE: CreditPrice = {
	parts: [{ counts: 'seconds', isOfSource: true, rates: { by: { '1080p': 10, '2K': 20, '4K': 40, '8K': 160 } } }],
};

const one = (...parts: PricePart[]): CreditPrice => ({ parts });
const each = (credits: number): CreditPrice => one({ rates: credits });
const everySecond = (rates: PricePart['rates']): PricePart => ({ counts: 'seconds', rates });
/** Speech: a block of 500 characters that has begun counts whole. */
const SPOKEN: PricePart = { counts: 'characters', block: 500, rates: 10 };
const LIPS: PricePart = { counts: 'seconds', block: 5, rates: 20 };
const LIPS_IN_MUSIC: PricePart = { when: 'lipSync', counts: 'seconds', rates: 4 };
const byImages = (none: number, upToThree: number, more: number): Rate => ({
	tiers: [
		{ below: 1, credits: none },
		{ below: 4, credits: upToThree },
		{ below: Infinity, credits: more },
	],
});

/** What the operations beyond the four kinds of clips cost, by operation and, where there are several, by model. */
export const FURTHER_PRICES = {
	createSubject: each(5),
	image: {
		viduq2: one({
			counts: 'images',
			rates: { by: { '1080p': byImages(6, 8, 10), '2K': byImages(8, 12, 16), '4K': byImages(10, 20, 30) } },
		}),
		viduq1: each(20),
	},
	/** Seconds that are added; in Multi-Frame to Video, those of each segment. */
	segment: {
		'viduq2-turbo': one(steps({ '540p': [10, 2], '720p': [15, 5], '1080p': [40, 10] })),
		'viduq2-pro': one(steps({ '540p': [15, 5], '720p': [30, 10], '1080p': [60, 15] })),
	},
	lipSync: one(LIPS),
	motionSync: one({ ...everySecond(10), isOfSource: true }),
	/** From a price list of the global platform that was copied by others. */
	digitalHuman: {
		'viduq2-turbo': one({ rates: 120 }, LIPS, SPOKEN),
		'viduq2-pro': one({ rates: 200 }, LIPS, SPOKEN),
	},
	recommend: one({ counts: 'prompts', block: 5, rates: 10 }),
	/** "Under 5 s" and "under 10 s": 5 and 10 themselves are taken for the dearer. */
	soundEffects: one(
		everySecond({
			tiers: [
				{ below: 5, credits: 10 },
				{ below: Infinity, credits: 20 },
			],
		}),
	),
	speech: one(SPOKEN),
	/** The voice, and the text that it speaks for a sample. */
	cloneVoice: one({ rates: 300 }, SPOKEN),
	film: {
		make: one(everySecond(40)),
		/** Seconds of the scene, and for the music of the film. */
		edit: one(
			{ when: 'isScene', ...everySecond(40) },
			{ when: 'isNarration', ...SPOKEN },
			{ when: 'isMusic', ...everySecond(2) },
		),
		compose: each(1),
	},
	replicate: one({ ...everySecond({ by: { '540p': 12, '720p': 16, '1080p': 20 } }), isOfSource: true }),
	/** Seconds of the song. Of high quality 24 and 29 in all, and not sold at 540p. */
	music: one(
		{ ...everySecond({ by: { '540p': 6, '720p': 8, '1080p': 10 } }), isOfSource: true },
		{ when: 'isHigh', ...everySecond({ by: { '720p': 24 - 8, '1080p': 29 - 10 } }) },
		LIPS_IN_MUSIC,
	),
} satisfies Record<string, CreditPrice | Record<string, CreditPrice>>;

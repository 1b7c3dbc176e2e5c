import { SEGMENT_CREDITS, UPSCALE_CREDITS, type Operation } from './tables';

/** What a task is charged for. */
export interface Purchase {
	operation: Operation;
	model: string;
	/** Seconds of video; 0 (automatic) is charged as 5. */
	seconds: number;
	resolution: string;
	offPeak: boolean;
	audio: boolean;
	isRec: boolean;
}

/** Whose account pays. */
export type Region = 'global' | 'china';

/** Per second, [normal, off-peak], on the global host (docs/api/vidu.md#prices). */
const PER_SECOND: Record<string, Record<string, readonly [number, number]>> = {
	'viduq3-pro': { '540p': [9, 5], '720p': [20, 10], '1080p': [24, 12] },
	'viduq3-turbo': { '540p': [7, 4], '720p': [11, 6], '1080p': [13, 7] },
	'viduq3-pro-fast': { '720p': [20, 10], '1080p': [25, 13] },
	'ref viduq3-turbo': { '540p': [4, 2], '720p': [10, 5], '1080p': [13, 7] },
	'ref viduq3': { '540p': [7, 4], '720p': [12, 6], '1080p': [15, 7] },
	'ref viduq3-mix': { '720p': [24, 24], '1080p': [29, 29] },
	// no price is published for these two; charged like mix
	'ref viduq3-drama': { '720p': [24, 24], '1080p': [29, 29] },
	'ref viduq3-ad': { '720p': [24, 24], '1080p': [29, 29] },
	'viduq4-preview': { '540p': [9, 9], '720p': [19, 19], '1080p': [24, 24], '2K': [38, 38], '4K': [78, 78] },
};

/** Where China's page has another figure (docs/api/vidu.md#prices). */
const PER_SECOND_IN_CHINA: typeof PER_SECOND = {
	'viduq3-turbo': { '720p': [12, 6] },
	'viduq3-pro-fast': { '720p': [12, 6], '1080p': [15, 8] },
};

/** First second and each further one; a third number is the price of two seconds where the step there is another. */
const FIRST_AND_NEXT: Record<string, Record<string, readonly [first: number, next: number, two?: number]>> = {
	'viduq2-turbo': { '540p': [6, 2], '720p': [8, 10, 10], '1080p': [35, 10] },
	'viduq2-pro': { '540p': [8, 5, 10], '720p': [15, 10], '1080p': [55, 15] },
	'viduq2-pro-fast': { '720p': [8, 2], '1080p': [16, 4] },
	't2v viduq2': { '540p': [10, 2], '720p': [15, 5], '1080p': [20, 10] },
	'ref viduq2': { '540p': [15, 5], '720p': [25, 5], '1080p': [75, 10] },
	'ref viduq2-pro': { '540p': [20, 5], '720p': [30, 5], '1080p': [85, 10] },
};

/** vidu2.0 by seconds and resolution, [normal, off-peak]. */
const V20: Record<string, readonly [number, number]> = {
	'4 360p': [20, 10],
	'4 720p': [40, 20],
	'4 1080p': [100, 50],
	'8 720p': [100, 50],
};

/** Credits of one task (docs/api/vidu.md#prices): `is_rec` adds 10, sound on q2, q1 and 2.0 adds 15. */
export function priceOf(purchase: Purchase, region: Region = 'global'): number {
	return videoPrice(purchase, region) + (purchase.isRec ? 10 : 0);
}

function videoPrice({ operation, model, seconds, resolution, offPeak, audio }: Purchase, region: Region): number {
	const duration = seconds === 0 ? 5 : seconds;
	const isReference = operation.startsWith('reference');
	const rate = offPeak ? 1 : 0;
	const sound = audio && operation !== 'text2video' ? 15 : 0;
	if (model.startsWith('viduq1')) return [80, 40][rate] + sound;
	if (model === 'vidu2.0') return (isReference ? [80, 40][rate] : V20[`${duration} ${resolution}`][rate]) + sound;
	const row = isReference ? `ref ${model}` : operation === 'text2video' ? `t2v ${model}` : model;
	const inChina = region === 'china' && !isReference ? PER_SECOND_IN_CHINA[model]?.[resolution] : undefined;
	const perSecond = inChina ?? (PER_SECOND[row] ?? PER_SECOND[model])?.[resolution];
	if (perSecond) return perSecond[rate] * duration;
	const [first, next, two] = (FIRST_AND_NEXT[row] ?? FIRST_AND_NEXT[model])[resolution];
	const normal =
		duration === 1 ? first : two === undefined ? first + next * (duration - 1) : two + next * (duration - 2);
	const half = offPeak ? Math.ceil(normal / 2) : normal;
	return half + sound;
}

/** A started second counts as a whole one (docs/api/vidu.md#upscale). */
export const upscalePriceOf = (resolution: string, sourceSeconds: number): number =>
	(UPSCALE_CREDITS[resolution] ?? 0) * Math.ceil(sourceSeconds);

/** Every segment begins with a first second (docs/api/vidu.md#multi-frame). */
export const segmentsPriceOf = (model: string, resolution: string, lengths: readonly number[]): number =>
	lengths.reduce((sum, seconds) => {
		const [first, further] = SEGMENT_CREDITS[model][resolution];
		return sum + first + further * (seconds - 1);
	}, 0);

/** Each started block of five seconds (docs/api/vidu.md#lip-sync). */
export const lipSyncPriceOf = (seconds: number): number => 20 * Math.ceil(seconds / 5);

/** docs/api/vidu.md#motion-sync */
export const motionSyncPriceOf = (seconds: number): number => 10 * Math.ceil(seconds);

/** A video, the movement of its lips, and the speech where a text is spoken (docs/api/vidu.md#digital-human). */
export const digitalHumanPriceOf = (model: string, seconds: number, characters: number): number =>
	(model === 'viduq2-pro' ? 200 : 120) + lipSyncPriceOf(seconds) + 10 * Math.ceil(characters / 500);

/** The price of a template stands in the gallery alone: that of a standard one (docs/api/vidu.md#template). */
export const TEMPLATE_CREDITS = 40;

/** Vidu's own API: which model takes what, typed from docs/api/vidu.md#fields-and-models. Where sources disagree the narrower reading stands. */

export type Operation =
	'text2video' | 'img2video' | 'start-end2video' | 'reference2video:subjects' | 'reference2video:media';

export interface ModelRules {
	/** Whole seconds. */
	seconds: readonly number[];
	defaultSeconds: number;
	resolutions: readonly string[];
	defaultResolution: string;
	/** Another choice of resolutions at one duration. */
	only?: { seconds: number; resolutions: readonly string[]; defaultResolution: string };
	/** Absent: the field is not taken. */
	ratios?: readonly string[] | 'any';
	/** Default of `audio`. Absent: not honoured, so not taken. */
	audio?: boolean;
	/** `audio_type`, only beside `audio: true`. */
	audioType?: true;
	/** `voice_id`, only beside `audio: true`; in the subject form it sits in the subject. */
	voice?: true;
	/** `notAt9Or10`: no effect at 9 or 10 seconds (docs/api/vidu.md#common-fields). */
	bgm?: 'always' | 'notAt9Or10';
	movement?: true;
	style?: true;
	/** docs/api/vidu.md#off-peak-and-cancel */
	offPeak: 'withAudio' | 'silent' | 'never';
	prompt: { max: number; required: boolean };
	images: { min: number; max: number };
	/** Reference videos, and how many images may stand beside them. */
	videos?: { max: number; imagesBeside: number };
	/** Reference audio, docs/api/vidu.md#viduq4-preview */
	sounds?: number;
	/** Shortest side of an image in pixels. */
	minSide?: number;
	/** Widest side ratio of an image. Default 4, for 1:4 to 4:1. */
	maxRatio?: number;
	isRec?: true;
}

const whole = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

const P540 = { resolutions: ['540p', '720p', '1080p'], defaultResolution: '720p' };
const P720 = { resolutions: ['720p', '1080p'], defaultResolution: '720p' };
const P1080 = { resolutions: ['1080p'], defaultResolution: '1080p' };
const Q4_SIZES = { resolutions: ['540p', '720p', '1080p', '2K', '4K'], defaultResolution: '720p' };
/** vidu2.0: any of three at 4 s, 720p alone at 8 s (docs/api/vidu.md#image-to-video). */
const V20_FRAMES = {
	seconds: [4, 8],
	defaultSeconds: 4,
	resolutions: ['360p', '720p', '1080p'],
	defaultResolution: '360p',
	only: { seconds: 8, resolutions: ['720p'], defaultResolution: '720p' },
};
const V20_REFERENCE = { seconds: [4], defaultSeconds: 4, resolutions: ['360p', '720p'], defaultResolution: '360p' };

const S1_16 = { seconds: whole(1, 16), defaultSeconds: 5 };
const S3_16 = { seconds: whole(3, 16), defaultSeconds: 5 };
const S3_15 = { seconds: whole(3, 15), defaultSeconds: 5 };
const S2_15 = { seconds: whole(2, 15), defaultSeconds: 8 };
const S1_10 = { seconds: whole(1, 10), defaultSeconds: 5 };
const S0_10 = { seconds: whole(0, 10), defaultSeconds: 5 };
const S1_8 = { seconds: whole(1, 8), defaultSeconds: 5 };
const S5 = { seconds: [5], defaultSeconds: 5 };

const THREE = ['16:9', '9:16', '1:1'];
const FIVE = ['16:9', '9:16', '3:4', '4:3', '1:1'];
const TWO = ['16:9', '9:16'];

const NO_IMAGE = { images: { min: 0, max: 0 } };
const ONE_IMAGE = { images: { min: 1, max: 1 } };
const TWO_IMAGES = { images: { min: 2, max: 2 } };
const SEVEN_IMAGES = { images: { min: 1, max: 7 }, minSide: 128 };

const asked = { prompt: { max: 5000, required: true } };
const offered = { prompt: { max: 5000, required: false } };

const withAudio = { offPeak: 'withAudio' } as const;
const silent = { offPeak: 'silent' } as const;
const never = { offPeak: 'never' } as const;
const speaking = { audio: true } as const;
const voiced = { audio: false, audioType: true, voice: true } as const;
const q2Music = { bgm: 'notAt9Or10' } as const;
const music = { bgm: 'always' } as const;
const moving = { movement: true } as const;
const rec = { isRec: true } as const;

export const MODELS: Record<Operation, Record<string, ModelRules>> = {
	// docs/api/vidu.md#text-to-video
	text2video: {
		'viduq3-turbo': { ...S1_16, ...P540, ratios: FIVE, ...speaking, ...withAudio, ...asked, ...NO_IMAGE },
		'viduq3-pro': { ...S1_16, ...P540, ratios: FIVE, ...speaking, ...withAudio, ...asked, ...NO_IMAGE },
		viduq2: { ...S1_10, ...P540, ratios: FIVE, ...q2Music, ...silent, ...asked, ...NO_IMAGE },
		viduq1: { ...S5, ...P1080, ratios: THREE, ...music, ...moving, style: true, ...silent, ...asked, ...NO_IMAGE },
	},
	// docs/api/vidu.md#image-to-video and viduq4-preview there; audio splitting and voices have no effect on q3
	img2video: {
		'viduq4-preview': { ...S3_16, ...Q4_SIZES, ...speaking, ...never, ...offered, ...ONE_IMAGE, maxRatio: 5, ...rec },
		'viduq3-turbo': { ...S1_16, ...P540, ...speaking, ...withAudio, ...offered, ...ONE_IMAGE, ...rec },
		'viduq3-pro': { ...S1_16, ...P540, ...speaking, ...withAudio, ...offered, ...ONE_IMAGE, ...rec },
		'viduq3-pro-fast': { ...S1_16, ...P720, ...speaking, ...withAudio, ...offered, ...ONE_IMAGE, ...rec },
		'viduq2-pro-fast': { ...S1_10, ...P720, ...voiced, ...q2Music, ...silent, ...offered, ...ONE_IMAGE, ...rec },
		'viduq2-pro': { ...S1_10, ...P540, ...voiced, ...q2Music, ...silent, ...offered, ...ONE_IMAGE, ...rec },
		'viduq2-turbo': { ...S1_10, ...P540, ...voiced, ...q2Music, ...silent, ...offered, ...ONE_IMAGE, ...rec },
		viduq1: { ...S5, ...P1080, ...voiced, ...music, ...moving, ...silent, ...offered, ...ONE_IMAGE, ...rec },
		'viduq1-classic': { ...S5, ...P1080, ...voiced, ...music, ...moving, ...silent, ...offered, ...ONE_IMAGE, ...rec },
		'vidu2.0': { ...V20_FRAMES, ...voiced, ...music, ...moving, ...silent, ...offered, ...ONE_IMAGE, ...rec },
	},
	// docs/api/vidu.md#start-end-to-video: audio is for q3 alone; q2 reaches 8 s
	'start-end2video': {
		'viduq3-turbo': { ...S1_16, ...P540, ...speaking, ...withAudio, ...offered, ...TWO_IMAGES, ...rec },
		'viduq3-pro': { ...S1_16, ...P540, ...speaking, ...withAudio, ...offered, ...TWO_IMAGES, ...rec },
		'viduq2-pro-fast': { ...S1_8, ...P720, ...q2Music, ...silent, ...offered, ...TWO_IMAGES, ...rec },
		'viduq2-pro': { ...S1_8, ...P540, ...q2Music, ...silent, ...offered, ...TWO_IMAGES, ...rec },
		'viduq2-turbo': { ...S1_8, ...P540, ...q2Music, ...silent, ...offered, ...TWO_IMAGES, ...rec },
		viduq1: { ...S5, ...P1080, ...music, ...moving, ...silent, ...offered, ...TWO_IMAGES, ...rec },
		'viduq1-classic': { ...S5, ...P1080, ...music, ...moving, ...silent, ...offered, ...TWO_IMAGES, ...rec },
		'vidu2.0': { ...V20_FRAMES, ...music, ...moving, ...silent, ...offered, ...TWO_IMAGES, ...rec },
	},
	// docs/api/vidu.md#reference-to-video-with-subjects: no bgm; audio_type as for image to video, so not on q3; voices not on q3 and, says the subject page, not on q2-pro
	'reference2video:subjects': {
		'viduq3-turbo': { ...S3_16, ...P540, ratios: THREE, ...speaking, ...withAudio, ...asked, ...SEVEN_IMAGES },
		viduq3: { ...S3_16, ...P540, ratios: THREE, ...speaking, ...withAudio, ...asked, ...SEVEN_IMAGES },
		'viduq2-pro': {
			...S0_10,
			...P540,
			ratios: 'any',
			audio: false,
			audioType: true,
			...silent,
			...asked,
			...SEVEN_IMAGES,
			videos: { max: 2, imagesBeside: 4 },
		},
		viduq2: { ...S1_10, ...P540, ratios: 'any', ...voiced, ...silent, ...asked, ...SEVEN_IMAGES },
		viduq1: { ...S5, ...P1080, ratios: THREE, ...voiced, ...moving, ...silent, ...asked, ...SEVEN_IMAGES },
		'vidu2.0': { ...V20_REFERENCE, ratios: THREE, ...voiced, ...moving, ...silent, ...asked, ...SEVEN_IMAGES },
	},
	// docs/api/vidu.md#reference-to-video-with-images and viduq4-preview there: audio is for q3 and q4 alone; prompts of 5,000 on the global host, 2,000 on China's
	'reference2video:media': {
		'viduq4-preview': {
			...S3_16,
			...Q4_SIZES,
			ratios: FIVE,
			...speaking,
			...never,
			...asked,
			images: { min: 1, max: 15 },
			minSide: 128,
			maxRatio: 5,
			sounds: 3,
		},
		// its own sample orders 3:4
		'viduq3-mix': { ...S3_16, ...P720, ratios: FIVE, ...speaking, ...never, ...asked, ...SEVEN_IMAGES },
		'viduq3-turbo': { ...S3_16, ...P540, ratios: THREE, ...speaking, ...withAudio, ...asked, ...SEVEN_IMAGES },
		viduq3: { ...S3_16, ...P540, ratios: THREE, ...speaking, ...withAudio, ...asked, ...SEVEN_IMAGES },
		'viduq3-drama': { ...S2_15, ...P720, ratios: TWO, ...speaking, ...never, ...asked, ...SEVEN_IMAGES },
		'viduq3-ad': { ...S3_15, ...P720, ratios: FIVE, ...speaking, ...never, ...asked, ...SEVEN_IMAGES },
		'viduq2-pro': {
			...S0_10,
			...P540,
			ratios: 'any',
			...q2Music,
			...silent,
			...asked,
			...SEVEN_IMAGES,
			videos: { max: 2, imagesBeside: 4 },
		},
		viduq2: { ...S1_10, ...P540, ratios: 'any', ...q2Music, ...silent, ...asked, ...SEVEN_IMAGES },
		viduq1: { ...S5, ...P1080, ratios: THREE, ...music, ...moving, ...silent, ...asked, ...SEVEN_IMAGES },
		'vidu2.0': {
			...V20_REFERENCE,
			ratios: THREE,
			...music,
			...moving,
			...silent,
			...asked,
			images: { min: 1, max: 3 },
			minSide: 128,
		},
	},
};

/** docs/api/vidu.md#listing-tasks: names GET /tasks filters by. */
export const MODEL_VERSIONS: Record<string, string> = {
	'vidu2.0': '2.0',
	viduq1: 'q1',
	viduq2: 'q2',
	'viduq2-pro': 'q2-pro',
	'viduq2-pro-fast': 'q2-pro-fast',
};

/** docs/api/vidu.md#upscale: credits a second of the source by what it is made into. */
export const UPSCALE_CREDITS: Record<string, number> = { '1080p': 10, '2K': 20, '4K': 40, '8K': 160 };

type BySize = Readonly<Record<string, readonly [first: number, further: number]>>;

/** docs/api/vidu.md#extend: credits of the first second that is added and of each further one; a segment of multiframe costs the same. */
export const SEGMENT_CREDITS: Record<string, BySize> = {
	'viduq2-turbo': { '540p': [10, 2], '720p': [15, 5], '1080p': [40, 10] },
	'viduq2-pro': { '540p': [15, 5], '720p': [30, 10], '1080p': [60, 15] },
};

import { invalid, lacking, readBoolean, readHttpUrl, readInteger, readOneOf, readText, unwanted } from './fields';
import { checkText, type Double, type ImageLimits } from './further';
import { readImages } from './studio';

/** The endpoints that make whole films: docs/api/vidu.md#films. */

const IMAGE: ImageLimits = { formats: ['png', 'jpeg', 'webp'], maxBytes: 50_000_000, maxRatio: 4 };
const SHAPES = ['16:9', '9:16', '1:1', '4:3', '3:4'];
const SIZES = ['540p', '720p', '1080p'];
const STORIES = ['love_story', 'workday_feels', 'monkey_king', 'pigsy', 'monk_tang', 'one_shot'];

/** An address may say how long its file is, `song.mp3?seconds=60`. */
export const secondsAt = (address: unknown): number =>
	Number(/[?&]seconds=(\d+(?:\.\d+)?)/.exec(String(address))?.[1] ?? 20);

const CREDITS_A_SECOND = 40;
const REPLICATE: Readonly<Record<string, number>> = { '540p': 12, '720p': 16, '1080p': 20 };
export const MUSIC: Readonly<Record<string, Readonly<Record<string, number>>>> = {
	standard: { '540p': 6, '720p': 8, '1080p': 10 },
	high: { '720p': 24, '1080p': 29 },
};

/** These answer with `id` alone, and are asked about at a path of their own. */
export const OWN_QUERIES = ['one-click/mv', 'one-click/general_one_click'];

export const FILMS: Readonly<Record<string, Double>> = {
	'ad-one-click': {
		fields: ['callback_url', 'images', 'prompt', 'duration', 'aspect_ratio', 'language', 'creative'],
		async check(body, fetchImage) {
			const images = await readImages(body, [1, 7], IMAGE, fetchImage);
			checkText(body, 'prompt', 2_000);
			const duration = readInteger(body, 'duration') ?? 15;
			if (duration < 8 || duration > 60) throw invalid('duration', `${duration}, not 8 to 60`);
			const shape = readOneOf(body, 'aspect_ratio', ['16:9', '9:16', '1:1']) ?? '16:9';
			const language = readOneOf(body, 'language', ['zh', 'en']) ?? 'zh';
			readBoolean(body, 'creative');
			return {
				model: '',
				fields: { ...body, images, duration, aspect_ratio: shape, language },
				price: () => CREDITS_A_SECOND * duration,
			};
		},
	},

	'trending-replicate': {
		fields: ['callback_url', 'video_url', 'images', 'prompt', 'aspect_ratio', 'resolution', 'remove_audio'],
		async check(body, fetchImage) {
			if (!('video_url' in body)) throw lacking('video_url');
			readHttpUrl(body, 'video_url');
			const images = await readImages(body, [1, 7], IMAGE, fetchImage);
			checkText(body, 'prompt', 2_000);
			const shape = readOneOf(body, 'aspect_ratio', SHAPES) ?? '16:9';
			const resolution = readOneOf(body, 'resolution', SIZES) ?? '1080p';
			const removeAudio = readBoolean(body, 'remove_audio') ?? false;
			return {
				model: '',
				fields: { ...body, images, aspect_ratio: shape, resolution, remove_audio: removeAudio },
				price: (seconds) => REPLICATE[resolution] * Math.ceil(seconds ?? secondsAt(body.video_url)),
			};
		},
	},

	'template-story': {
		fields: ['payload', 'callback_url', 'story', 'images'],
		async check(body, fetchImage) {
			if (readOneOf(body, 'story', STORIES) === undefined) throw lacking('story');
			const images = await readImages(body, [1, 7], IMAGE, fetchImage);
			// no price is published: that of a film of 15 seconds
			return { model: '', fields: { ...body, images }, price: () => CREDITS_A_SECOND * 15 };
		},
	},

	'one-click/mv': {
		fields: [
			...['callback_url', 'images', 'audio_url', 'lip_sync', 'lip_ref_url', 'prompt', 'aspect_ratio', 'quality'],
			...['resolution', 'add_subtitle', 'subtitle_color', 'language', 'srt_url'],
		],
		async check(body, fetchImage) {
			const images = await readImages(body, [1, 7], IMAGE, fetchImage);
			if (!('audio_url' in body)) throw lacking('audio_url');
			readHttpUrl(body, 'audio_url');
			const quality = readOneOf(body, 'quality', ['standard', 'high']) ?? 'standard';
			const resolution = readOneOf(body, 'resolution', SIZES) ?? '720p';
			const rate = MUSIC[quality][resolution];
			if (rate === undefined) throw invalid('resolution', `${quality} has no ${resolution}`);
			const lips = readBoolean(body, 'lip_sync') === true && 'lip_ref_url' in body;
			if (lips && resolution === '540p') throw unwanted('lip_sync', 'not at 540p');
			for (const field of ['lip_ref_url', 'srt_url']) readHttpUrl(body, field);
			checkText(body, 'prompt', 3_000);
			readOneOf(body, 'aspect_ratio', SHAPES);
			readBoolean(body, 'add_subtitle');
			if (!/^(#[\dA-Fa-f]{6})?$/.test(readText(body, 'subtitle_color') ?? ''))
				throw invalid('subtitle_color', '#RRGGBB');
			readOneOf(body, 'language', ['en', 'zh']);
			return {
				model: '',
				fields: { ...body, images, resolution },
				price: () => (rate + (lips ? 4 : 0)) * Math.ceil(secondsAt(body.audio_url)),
			};
		},
	},

	'one-click/general_one_click': {
		fields: ['payload', 'callback_url', 'images', 'prompt', 'aspect_ratio', 'duration'],
		async check(body, fetchImage) {
			const images = await readImages(body, [1, 7], IMAGE, fetchImage);
			checkText(body, 'prompt', 3_000);
			readOneOf(body, 'aspect_ratio', SHAPES);
			const duration = readInteger(body, 'duration');
			if (duration === undefined) throw lacking('duration');
			if (duration < 1 || duration > 180) throw invalid('duration', `${duration}, not 1 to 180`);
			return { model: '', fields: { ...body, images }, price: () => CREDITS_A_SECOND * duration };
		},
	},
};

import { integer, oneOf, onOff, operation, ownRestriction, passthrough, text, url } from '../rules';
import type { ImageRules, OwnField } from '../types';
import { FURTHER_PRICES } from './prices';
import { FIVE_RATIOS, IMAGE, THREE_RATIOS } from './shared';

/**
 * docs/one-click-ad-film, one-click-trending-replicate, template-story, one-click-ai-mv, read 2026-11-25 on platform.vidu.com
 * and platform.vidu.cn; one-click-general-film on platform.vidu.cn. Where lengths differ (8 or 10 seconds at least), the row
 * takes what neither page refuses.
 */

const images = (max: number, rules: ImageRules = IMAGE) => ({ min: 1, max, rules });
const PICTURES = {
	kind: 'images',
	name: 'images',
	label: 'Images',
	description: 'One to seven images, the product first',
	wire: 'images',
} as const;

/** A film of eight and a half minutes is on a page; of the others no page says how long they take. */
const wait = { typicalSeconds: 300, isWaitEstimated: true, maxWaitMinutes: 120 } as const;

const LANGUAGES = { en: 'English', zh: 'Chinese' };

export const productFilm = operation({
	resource: 'film',
	name: 'product',
	label: 'Product Film',
	action: 'Make product film',
	description: 'Make a film of 10 to 60 seconds with narration and music out of one to seven images of a product',
	path: '/ent/v2/ad-one-click',
	inputs: [
		PICTURES,
		{
			kind: 'prompt',
			placeholder: 'e.g. Light running shoe, for the city, friendly tone',
			description: 'What the film is to say and show',
		},
	],
	ownFields: {
		duration: {
			name: 'Duration',
			description: 'Length of the film in seconds, 10 to 60. 40 credits a second.',
			placeholder: 'e.g. 15',
			unit: 'Seconds',
			rule: integer(10, 60, 15),
			isTopLevel: true,
		},
		language: {
			name: 'Language',
			description: 'Language that is spoken. An expression that gives none leaves it to the service: Chinese.',
			placeholder: 'e.g. en',
			values: LANGUAGES,
			// the service's own is zh; the panel always sends one, and who reads the panel reads English
			rule: oneOf(['en', 'zh'], 'en'),
			isTopLevel: true,
		},
		creative: { name: 'Creative', description: 'Whether the film may go its own ways', rule: onOff(false) },
	},
	rules: {
		prompt: { required: false, maxChars: 2000 },
		images: images(7),
		fields: { aspectRatio: oneOf(THREE_RATIOS), callbackUrl: url },
		...wait,
		price: FURTHER_PRICES.film.make,
	},
});

export const replicateFilm = operation({
	resource: 'film',
	name: 'replicate',
	label: 'Replicate Video',
	action: 'Replicate video with own images',
	description: 'Make a film like a given one, with your own product in it',
	path: '/ent/v2/trending-replicate',
	inputs: [
		{
			kind: 'video',
			name: 'video',
			label: 'Video',
			description: 'Film to be like: MP4 or MOV, 5 to 180 seconds. 12, 16 or 20 credits a second.',
			wire: { url: 'video_url' },
		},
		PICTURES,
		{ kind: 'prompt', placeholder: 'e.g. Show the sneaker in place of the bottle', description: 'What is to differ' },
	],
	ownFields: {
		removeAudio: {
			name: 'Remove Audio',
			description: 'Whether the sound of the given video is left out',
			rule: onOff(false),
			isTopLevel: true,
		},
	},
	rules: {
		prompt: { required: false, maxChars: 2000 },
		images: images(7),
		fields: {
			aspectRatio: oneOf(FIVE_RATIOS),
			resolution: oneOf(['540p', '720p', '1080p'], '1080p'),
			callbackUrl: url,
		},
		...wait,
		price: FURTHER_PRICES.replicate,
		priceExample: { seconds: 20 },
	},
});

export const storyFilm = operation({
	resource: 'film',
	name: 'story',
	label: 'Story Film',
	action: 'Make story film',
	description: 'Put the people of your images into a story of several scenes',
	path: '/ent/v2/template-story',
	inputs: [
		{ ...PICTURES, description: 'Images of those in the story. The gallery at Vidu says how many each story takes.' },
	],
	ownFields: {
		story: {
			name: 'Story',
			description: 'Which story it is',
			placeholder: 'e.g. love_story',
			values: {
				love_story: 'Love Story',
				monk_tang: 'Monk Tang',
				monkey_king: 'Monkey King',
				one_shot: 'One Shot',
				pigsy: 'Pigsy',
				workday_feels: 'Workday Feels',
			},
			rule: oneOf(['love_story', 'monk_tang', 'monkey_king', 'one_shot', 'pigsy', 'workday_feels']),
			isTopLevel: true,
			isRequired: true,
		},
	},
	rules: {
		// how many each story takes stands in the gallery alone
		images: images(7),
		fields: { payload: passthrough(1_048_576), callbackUrl: url },
		...wait,
	},
});

const subtitles: Record<string, OwnField> = {
	addSubtitle: { name: 'Add Subtitles', description: 'Whether the words of the song are shown', rule: onOff(false) },
	subtitleColor: {
		name: 'Subtitle Color',
		description: 'Color of the subtitles',
		placeholder: 'e.g. #FFFFFF',
		rule: { ...text(7, 7), pattern: { is: /^#[\dA-Fa-f]{6}$/, words: 'a color such as #FFFFFF' } },
	},
	srtUrl: {
		name: 'Subtitle File URL',
		description: 'Address of an SRT file with the words',
		placeholder: 'e.g. https://example.com/song.srt',
		rule: url,
	},
};

export const musicFilm = operation({
	resource: 'film',
	name: 'music',
	label: 'Music Film',
	action: 'Make music film',
	description: 'Make a film to a song out of one to seven images',
	path: '/ent/v2/one-click/mv',
	answering: { idField: 'id', queryPath: '/ent/v2/one-click/mv/{id}' },
	inputs: [
		{ ...PICTURES, description: 'One to seven images of what the film shows' },
		{
			kind: 'sound',
			name: 'audioFile',
			label: 'Audio File',
			description: 'Song: MP3, WAV, AAC or M4A, 10 to 180 seconds; up to 300 seconds for clips without a whole film',
			wire: 'audio_url',
		},
		{ kind: 'prompt', placeholder: 'e.g. Rainy night in a city, neon', description: 'What the film shows' },
	],
	ownFields: {
		lipSync: {
			name: 'Lip Sync',
			description: 'Whether the person of Lip Reference URL sings, for 4 credits a second on top. Not at 540p.',
			rule: onOff(false),
			isTopLevel: true,
			needs: 'lipRefUrl',
		},
		language: {
			name: 'Language',
			description: 'Language of the song',
			placeholder: 'e.g. en',
			values: LANGUAGES,
			rule: { ...oneOf(['en', 'zh']), unset: 'Automatic' },
			isTopLevel: true,
		},
		lipRefUrl: {
			name: 'Lip Reference URL',
			description: 'Address of an image of the face that sings, up to 10 MB. Lip Sync needs it.',
			placeholder: 'e.g. https://example.com/singer.jpg',
			rule: url,
		},
		quality: {
			name: 'Quality',
			description: 'How good the film is. High costs 24 or 29 credits a second in place of 6, 8 or 10.',
			placeholder: 'e.g. standard',
			values: { standard: 'Standard', high: 'High' },
			rule: oneOf(['standard', 'high']),
		},
		...subtitles,
	},
	rules: {
		prompt: { required: false, maxChars: 3000 },
		images: images(7),
		fields: {
			aspectRatio: oneOf(FIVE_RATIOS),
			resolution: oneOf(['540p', '720p', '1080p'], '720p'),
			callbackUrl: url,
		},
		restrictions: [
			ownRestriction({
				when: { resolution: ['540p'] },
				without: ['lipSync'],
				why: 'lips are moved at 720p and 1080p only',
			}),
			ownRestriction({
				when: { resolution: ['540p'] },
				allow: { quality: ['standard'] },
				why: 'films of high quality are sold at 720p and 1080p only',
			}),
		],
		...wait,
		typicalSeconds: 520,
		price: FURTHER_PRICES.music,
		priceExample: { seconds: 60 },
	},
});

export const generalFilm = operation({
	resource: 'film',
	name: 'general',
	label: 'General Film',
	action: 'Make general film',
	description: 'Make a film of up to three minutes out of images and a text',
	isChinaOnly: true,
	path: '/ent/v2/one-click/general_one_click',
	answering: { idField: 'id', queryPath: '/ent/v2/one-click/general_one_click/{id}' },
	inputs: [
		{ ...PICTURES, description: 'One to seven images of what the film shows' },
		{ kind: 'prompt', placeholder: 'e.g. A day at our workshop', description: 'What the film tells' },
	],
	ownFields: {
		duration: {
			name: 'Duration',
			description: 'Length of the film in seconds, 1 to 180. 40 credits a second.',
			placeholder: 'e.g. 30',
			unit: 'Seconds',
			rule: integer(1, 180, 30),
			isTopLevel: true,
			isRequired: true,
		},
	},
	rules: {
		prompt: { required: false, maxChars: 3000 },
		images: images(7),
		fields: { aspectRatio: oneOf(FIVE_RATIOS), payload: passthrough(1_048_576), callbackUrl: url },
		...wait,
		typicalSeconds: 520,
		price: FURTHER_PRICES.film.make,
	},
});

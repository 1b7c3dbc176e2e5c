/** Zhipu's video models and the values each field takes, typed from docs/api/zhipu.md#fields-and-models. */

export type ImageShape =
	/** The model takes no image. */
	| 'none'
	/** A plain string. */
	| 'one'
	/** A string, or an array of exactly two: first and last frame. */
	| 'oneOrTwo'
	/** An array of exactly two. */
	| 'frames'
	/** An array of one to three. */
	| 'references';

export interface ModelRules {
	/** Optional fields and their values; `boolean` for switches. A field that is absent is not in the model's schema. */
	fields: Record<string, readonly (string | number)[] | 'boolean'>;
	image: ImageShape;
	/** Whether prompt and image are both optional as long as one is there, or one of them is a must. */
	needs: 'promptOrImage' | 'prompt' | 'image';
	/** Vidu models: webp too, 50 MB, ratio rules. CogVideoX: png and jpeg, 5 MB (docs/api/zhipu.md#images). */
	images: 'cogvideox' | 'vidu';
	/** Yuan per video (docs/api/zhipu.md#prices). */
	price: number;
	/** Offered on Z.AI too; its newest page knows cogvideox-3 alone (docs/api/zhipu.md#models). */
	onZai?: true;
}

const QUALITY = ['speed', 'quality'];
const FPS = [30, 60];
const RATIOS = ['16:9', '9:16', '1:1'];
const MOVEMENT = ['auto', 'small', 'medium', 'large'];
/** The BigModel page's own examples send 720x480 (docs/api/zhipu.md#in-conflict); the API reference lists 1280x720. Both are documented. */
const VIDU2_SIZES = ['1280x720', '720x480'];

export const MODELS: Record<string, ModelRules> = {
	'cogvideox-3': {
		fields: {
			quality: QUALITY,
			with_audio: 'boolean',
			watermark_enabled: 'boolean',
			size: ['1280x720', '720x1280', '1024x1024', '1920x1080', '1080x1920', '2048x1080', '3840x2160'],
			fps: FPS,
			duration: [5, 10],
		},
		image: 'oneOrTwo',
		needs: 'promptOrImage',
		images: 'cogvideox',
		price: 1,
		onZai: true,
	},
	'cogvideox-2': {
		fields: {
			quality: QUALITY,
			with_audio: 'boolean',
			watermark_enabled: 'boolean',
			size: ['720x480', '1024x1024', '1280x960', '960x1280', '1920x1080', '1080x1920', '2048x1080', '3840x2160'],
			fps: FPS,
		},
		image: 'one',
		needs: 'promptOrImage',
		images: 'cogvideox',
		price: 0.5,
	},
	// Its schema lists quality, size and fps, but the service refuses them, and duration (docs/api/zhipu.md#cogvideox-flash).
	'cogvideox-flash': {
		fields: { with_audio: 'boolean', watermark_enabled: 'boolean' },
		image: 'one',
		needs: 'promptOrImage',
		images: 'cogvideox',
		price: 0,
	},
	'viduq1-text': {
		fields: {
			style: ['general', 'anime'],
			duration: [5],
			aspect_ratio: RATIOS,
			size: ['1920x1080'],
			movement_amplitude: MOVEMENT,
		},
		image: 'none',
		needs: 'prompt',
		images: 'vidu',
		price: 2.5,
	},
	'viduq1-image': {
		fields: { with_audio: 'boolean', duration: [5], size: ['1920x1080'], movement_amplitude: MOVEMENT },
		image: 'one',
		needs: 'image',
		images: 'vidu',
		price: 2.5,
	},
	'viduq1-start-end': {
		fields: { with_audio: 'boolean', duration: [5], size: ['1920x1080'], movement_amplitude: MOVEMENT },
		image: 'frames',
		needs: 'image',
		images: 'vidu',
		price: 2.5,
	},
	'vidu2-image': {
		fields: { with_audio: 'boolean', duration: [4], size: VIDU2_SIZES, movement_amplitude: MOVEMENT },
		image: 'one',
		needs: 'image',
		images: 'vidu',
		price: 1.25,
	},
	'vidu2-start-end': {
		fields: { with_audio: 'boolean', duration: [4], size: [...VIDU2_SIZES, '480x360'], movement_amplitude: MOVEMENT },
		image: 'frames',
		needs: 'image',
		images: 'vidu',
		price: 1.25,
	},
	'vidu2-reference': {
		fields: {
			with_audio: 'boolean',
			duration: [4],
			aspect_ratio: RATIOS,
			size: VIDU2_SIZES,
			movement_amplitude: MOVEMENT,
		},
		image: 'references',
		needs: 'image',
		images: 'vidu',
		price: 2.5,
	},
};

/** GET /models lists chat models only (docs/api/zhipu.md#test-of-a-key). */
export const CHAT_MODELS = [
	'glm-4.5',
	'glm-4.5-air',
	'glm-4.6',
	'glm-4.7',
	'glm-4.7-flash',
	'glm-5',
	'glm-5-turbo',
	'glm-5.1',
];

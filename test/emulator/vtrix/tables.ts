/** Vtrix model ids and their parameters: vidu20_img2video from its page (docs/api/vtrix.md#fields), the rest of docs/api/vtrix.md#models with types only. */

export interface ParameterRule {
	type: 'string' | 'integer' | 'boolean' | 'array';
	enum?: readonly (string | number)[];
	min?: number;
	max?: number;
	/** Characters. */
	maxLength?: number;
	/** An http(s) URL. */
	isUrl?: true;
}

export interface ModelRules {
	parameters: Record<string, ParameterRule>;
	images: { min: number; max: number };
	promptRequired: boolean;
	/** US dollars; not published, only its form is (a string with two digits). */
	price: number;
	/** `params.model` must say this ("domestic" catalogue). */
	paramsModel?: string;
	/** vidu20_img2video: durations bind the resolution. */
	resolutionAt?: Record<number, readonly string[]>;
}

const text = (maxLength?: number): ParameterRule => ({ type: 'string', maxLength });
const flag: ParameterRule = { type: 'boolean' };
const MOVEMENT: ParameterRule = { type: 'string', enum: ['auto', 'small', 'medium', 'large'] };
const POSITION: ParameterRule = { type: 'integer', enum: [1, 2, 3, 4] };
const URL_TEXT: ParameterRule = { type: 'string', isUrl: true };
const PAYLOAD = text(1_048_576);

/** As on the page; `audio_type` is only in the vendor's command-line tool, so it is not here. */
const VIDU20: ModelRules = {
	parameters: {
		images: { type: 'array' },
		prompt: text(2000),
		duration: { type: 'integer', enum: [4, 8] },
		resolution: { type: 'string', enum: ['360p', '720p', '1080p'] },
		seed: { type: 'integer', min: 0 },
		movement_amplitude: MOVEMENT,
		payload: PAYLOAD,
		audio: flag,
		voice_id: text(),
		is_rec: flag,
		bgm: flag,
		watermark: flag,
		wm_position: POSITION,
		wm_url: URL_TEXT,
		callback_url: URL_TEXT,
		off_peak: flag,
	},
	images: { min: 1, max: 1 },
	promptRequired: false,
	price: 0.1,
	resolutionAt: { 4: ['360p', '720p', '1080p'], 8: ['720p'] },
};

const TYPED: Record<string, ParameterRule> = {
	prompt: text(5000),
	duration: { type: 'integer', min: 1, max: 16 },
	resolution: { type: 'string', enum: ['360p', '540p', '720p', '1080p'] },
	aspect_ratio: { type: 'string', enum: ['16:9', '9:16', '1:1', '3:4', '4:3'] },
	style: { type: 'string', enum: ['general', 'anime'] },
	seed: { type: 'integer', min: 0 },
	movement_amplitude: MOVEMENT,
	payload: PAYLOAD,
	audio: flag,
	audio_type: { type: 'string', enum: ['all', 'speech_only', 'sound_effect_only'] },
	voice_id: text(),
	is_rec: flag,
	bgm: flag,
	watermark: flag,
	wm_position: POSITION,
	wm_url: URL_TEXT,
	callback_url: URL_TEXT,
	off_peak: flag,
};

const typed = (min: number, max: number, promptRequired: boolean): ModelRules => ({
	parameters: max === 0 ? TYPED : { ...TYPED, images: { type: 'array' } },
	images: { min, max },
	promptRequired,
	price: 0.2,
});
const TEXT = typed(0, 0, true);
const IMAGE = typed(1, 1, false);
const FRAMES = typed(2, 2, false);
const REFERENCE = typed(1, 7, true);

export const MODELS: Record<string, ModelRules> = {
	vidu20_img2video: VIDU20,
	vidu_20_i2v: IMAGE,
	viduq1_img2video: IMAGE,
	viduq1_text2video: TEXT,
	viduq1_reference2video: REFERENCE,
	viduq2_text2video: TEXT,
	viduq2_reference2video: REFERENCE,
	viduq2_i2v_reference: REFERENCE,
	viduq2_pro_img2video: IMAGE,
	viduq2_pro_start_end2video: FRAMES,
	viduq2_pro_start_end: FRAMES,
	viduq2_pro_reference: REFERENCE,
	viduq2_pro_fast_img2video: IMAGE,
	viduq2_pro_fast_start_end2video: FRAMES,
	viduq2_pro_fast_text2video: TEXT,
	viduq2_turbo_img2video: IMAGE,
	viduq2_turbo_start_end2video: FRAMES,
	viduq2_turbo_start_end: FRAMES,
	viduq3_pro_text2video: TEXT,
	viduq3_pro_img2video: IMAGE,
	viduq3_pro_start_end2video: FRAMES,
	viduq3_turbo_text2video: TEXT,
	viduq3_turbo_img2video: IMAGE,
	viduq3_turbo_start_end2video: FRAMES,
	viduq3_i2v_reference: REFERENCE,
	'vidu-cn-reference2video-vidu2.0': {
		...REFERENCE,
		parameters: { ...REFERENCE.parameters, model: text() },
		paramsModel: 'vidu2.0',
	},
};

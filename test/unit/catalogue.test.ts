import { MEGABYTE } from '../../lib/catalogue/units';
import type { Endpoint } from '../../lib/catalogue/operations';
import type { Catalogue } from '../../lib/catalogue/catalogue';
import type { FieldName, FieldRule, FieldValue, ModelRules } from '../../lib/catalogue/types';
import { viduCatalogue } from '../../lib/catalogue/vidu';
import { vtrixCatalogue } from '../../lib/catalogue/vtrix';
import { cogVideoXCatalogue, zhipuViduCatalogue } from '../../lib/catalogue/zhipu';
import { priceOf as ourPriceOf } from '../../lib/catalogue/prices';
import { checkFields } from '../../lib/core/fields';
import { purchaseOf } from '../../lib/core/purchase';
import { findMisfit } from '../../lib/core/restrictions';
import { describeModel } from '../../lib/n8n/panel/model';
import { priceOf } from '../emulator/vidu/prices';
import type { Operation as ViduPath } from '../emulator/vidu/tables';

const CATALOGUES: Record<string, Catalogue> = {
	vidu: viduCatalogue,
	'Vidu at Zhipu': zhipuViduCatalogue,
	CogVideoX: cogVideoXCatalogue,
	Vtrix: vtrixCatalogue,
};

/** Typed from the providers' pages: every model under every form they document. */
const DOCUMENTED: Record<string, Partial<Record<Endpoint, string[]>>> = {
	vidu: {
		textToVideo: ['viduq3-turbo', 'viduq3-pro', 'viduq2', 'viduq1'],
		imageToVideo: [
			...['viduq4-preview', 'viduq3-turbo', 'viduq3-pro', 'viduq3-pro-fast', 'viduq2-pro', 'viduq2-pro-fast'],
			...['viduq2-turbo', 'viduq1', 'viduq1-classic', 'vidu2.0'],
		],
		startEndToVideo: [
			...['viduq3-turbo', 'viduq3-pro', 'viduq2-pro-fast', 'viduq2-pro', 'viduq2-turbo', 'viduq1'],
			...['viduq1-classic', 'vidu2.0'],
		],
		referenceToVideo: [
			...['viduq4-preview', 'viduq3-turbo', 'viduq3', 'viduq3-mix', 'viduq3-ad', 'viduq3-drama', 'viduq2-pro'],
			...['viduq2', 'viduq1', 'vidu2.0'],
		],
		subjectsToVideo: ['viduq3-turbo', 'viduq3', 'viduq2-pro', 'viduq2', 'viduq1', 'vidu2.0'],
		multiFrameToVideo: ['viduq2-turbo', 'viduq2-pro'],
		extend: ['viduq2-turbo', 'viduq2-pro'],
		digitalHuman: ['viduq2-turbo', 'viduq2-pro'],
		generate: ['viduq2', 'viduq1'],
		soundEffects: ['audio1.0'],
		timedSoundEffects: ['audio1.0'],
	},
	'Vidu at Zhipu': {
		textToVideo: ['viduq1-text'],
		imageToVideo: ['viduq1-image', 'vidu2-image'],
		startEndToVideo: ['viduq1-start-end', 'vidu2-start-end'],
		referenceToVideo: ['vidu2-reference'],
	},
	CogVideoX: {
		textToVideo: ['cogvideox-3', 'cogvideox-2', 'cogvideox-flash'],
		imageToVideo: ['cogvideox-3', 'cogvideox-2', 'cogvideox-flash'],
		startEndToVideo: ['cogvideox-3'],
	},
	// the other forms are open for models without a page
	Vtrix: {
		textToVideo: [],
		imageToVideo: ['vidu20_img2video'],
		startEndToVideo: [],
		referenceToVideo: [],
	},
};

interface Row {
	name: string;
	catalogue: Catalogue;
	endpoint: Endpoint;
	model: string;
	rules: ModelRules;
}
const ROWS: Row[] = Object.entries(CATALOGUES).flatMap(([where, catalogue]) =>
	Object.entries(catalogue.models).flatMap(([endpoint, models]) =>
		Object.entries(models).map(([model, rules]) => ({
			name: `${where}, ${endpoint}, ${model}`,
			catalogue,
			endpoint: endpoint as Endpoint,
			model,
			rules,
		})),
	),
);
const IMAGES_OF_FORM: Partial<Record<Endpoint, [number, number]>> = {
	textToVideo: [0, 0],
	imageToVideo: [1, 1],
	startEndToVideo: [2, 2],
	multiFrameToVideo: [2, 9],
	extend: [0, 1],
	digitalHuman: [1, 1],
	generate: [0, 7],
	soundEffects: [0, 0],
	timedSoundEffects: [0, 0],
};

const isAmong = (rule: FieldRule | undefined, value: FieldValue): boolean =>
	rule?.kind === 'choice'
		? rule.values.includes(value as string | number)
		: rule?.kind === 'switch' && typeof value === 'boolean';

describe.each(Object.entries(CATALOGUES))('%s', (where, catalogue) => {
	test('has every model that is documented, and no other', () => {
		const offered = Object.fromEntries(
			Object.entries(catalogue.models).map(([endpoint, models]) => [endpoint, Object.keys(models).sort()]),
		);
		const documented = Object.fromEntries(
			Object.entries(DOCUMENTED[where]).map(([endpoint, models]) => [endpoint, [...models].sort()]),
		);
		expect(offered).toEqual(documented);
	});

	test('starts a new node with a model that exists', () => {
		for (const [endpoint, models] of Object.entries(catalogue.models)) {
			const model = catalogue.defaultModel[endpoint as Endpoint];
			if (Object.keys(models).length === 0) expect(model).toBeUndefined();
			else expect(Object.keys(models)).toContain(model);
		}
		for (const endpoint of Object.keys(catalogue.defaultModel)) expect(catalogue.models).toHaveProperty(endpoint);
	});

	test('lets a custom model have every field that any model has', () => {
		const used = Object.values(catalogue.models)
			.flatMap((models) => Object.values(models))
			.flatMap(({ fields }) => Object.keys(fields));
		expect(catalogue.customFields).toEqual(expect.arrayContaining([...new Set(used)]));
		expect(new Set(catalogue.customFields).size).toBe(catalogue.customFields.length);
		const withoutModel = Object.values(catalogue.rules).flatMap(({ fields }) => Object.keys(fields));
		const ofModels = catalogue.topLevel.filter((field) => used.includes(field) || !withoutModel.includes(field));
		expect(catalogue.customFields).toEqual(expect.arrayContaining(ofModels));
	});

	test('names the day its pages were read', () => {
		expect(catalogue.readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
	});
});

describe.each(ROWS)('$name', ({ endpoint, model, rules, catalogue }) => {
	test('each default is among its values', () => {
		for (const [name, rule] of Object.entries(rules.fields)) {
			if (rule.kind !== 'choice') continue;
			expect([name, rule.values]).toEqual([name, expect.arrayContaining([rule.default])]);
			expect(new Set(rule.values).size).toBe(rule.values.length);
			expect(new Set(rule.values.map((value) => typeof value)).size).toBe(1);
		}
	});

	test('each bound leaves room', () => {
		for (const rule of Object.values(rules.fields)) {
			if (rule.kind === 'text') expect(rule.maxChars).toBeGreaterThan(rule.minChars ?? 0);
			if (rule.kind === 'urls') expect(rule.max).toBeGreaterThan(0);
			if (rule.kind === 'integer') expect(rule.max).toBeGreaterThan(rule.min);
		}
		expect(rules.prompt.maxChars).toBeGreaterThan(0);
		expect(rules.typicalSeconds).toBeGreaterThan(0);
	});

	test('each restriction names fields and values that exist', () => {
		for (const { when, allow = {}, without = [], why } of rules.restrictions ?? []) {
			expect(Object.keys(when)).not.toEqual([]);
			expect([...Object.keys(allow), ...without]).not.toEqual([]);
			expect(why).not.toMatch(/^$|\.$/);
			for (const [name, values] of Object.entries({ ...when, ...allow }))
				for (const value of values)
					expect([name, value, isAmong(rules.fields[name as FieldName], value)]).toEqual([name, value, true]);
			for (const name of without) expect(rules.fields).toHaveProperty(name);
		}
	});

	test('the defaults together are allowed', () => {
		const defaults = Object.entries(rules.fields).map(([name, rule]) => [name, 'default' in rule && rule.default]);
		// what another field forbids is left out
		const restrictions = (rules.restrictions ?? []).map((restriction) => ({ ...restriction, without: [] }));
		expect(findMisfit({ ...rules, restrictions }, Object.fromEntries(defaults))).toBeUndefined();
	});

	test('takes as many images as its form means', () => {
		const { min, max } = rules.images;
		const form = model === 'viduq1' && endpoint === 'generate' ? [1, 7] : IMAGES_OF_FORM[endpoint];
		expect([min, max]).toEqual(form ?? [1, max]);
		expect(max).toBeGreaterThanOrEqual(min);
		// of timed sounds each cue has a text of its own
		if (max === 0) expect(rules.prompt.required).toBe(endpoint !== 'timedSoundEffects');
		expect(Boolean(rules.subjects)).toBe(endpoint === 'subjectsToVideo');
		expect(rules.images.rules.maxBytes).toBeLessThanOrEqual(catalogue.images.maxBytes);
	});
});

/** Where pages and clients disagree, the row takes the wider reading: a refusal costs nothing, and names the field. */
describe('what Vidu documents for references', () => {
	const { referenceToVideo, subjectsToVideo } = viduCatalogue.models;
	const valuesOf = (model: string, field: FieldName) => {
		const rule = referenceToVideo![model].fields[field];
		return rule?.kind === 'choice' ? [rule.values, rule.default] : undefined;
	};

	test('prompts of up to 5,000 characters', () => {
		for (const models of [referenceToVideo!, subjectsToVideo!])
			for (const { prompt } of Object.values(models)) expect(prompt).toEqual({ required: true, maxChars: 5000 });
	});

	test('viduq4-preview: 1 to 15 images, up to three sounds beside them, with audio only', () => {
		const row = referenceToVideo!['viduq4-preview'];
		expect(row.images).toMatchObject({ min: 1, max: 15 });
		expect(row.fields.sounds).toEqual({ kind: 'urls', max: 3 });
		expect(row.restrictions).toMatchObject([{ when: { audio: [false] }, without: ['sounds'] }]);
		const others = Object.values(viduCatalogue.models).flatMap((models) => Object.values(models));
		expect(others.filter(({ fields }) => fields.sounds)).toEqual([row]);
	});

	test('viduq3-mix: five shapes', () => {
		expect(valuesOf('viduq3-mix', 'aspectRatio')).toEqual([['16:9', '9:16', '1:1', '4:3', '3:4'], '16:9']);
	});

	test('viduq3-drama: 2 to 15 seconds, 720p and 1080p, upright or wide', () => {
		expect(valuesOf('viduq3-drama', 'duration')).toEqual([[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 8]);
		expect(valuesOf('viduq3-drama', 'resolution')).toEqual([['720p', '1080p'], '1080p']);
		expect(valuesOf('viduq3-drama', 'aspectRatio')).toEqual([['9:16', '16:9'], '16:9']);
	});
});

/** Typed from the API pages: field by field, what each Zhipu model takes. Defaults come first. */
describe('what Zhipu documents', () => {
	const AMPLITUDES = ['auto', 'small', 'medium', 'large'];
	const RATIOS = ['16:9', '9:16', '1:1'];
	const SIZES_3 = '1280x720 720x1280 1024x1024 1920x1080 1080x1920 2048x1080 3840x2160'.split(' ');
	const SIZES_2 = '720x480 1024x1024 1280x960 960x1280 1920x1080 1080x1920 2048x1080 3840x2160'.split(' ');
	const COGVIDEOX_3 = { size: SIZES_3, fps: [30, 60], duration: [5, 10], withAudio: false, watermarkEnabled: true };
	const Q1 = { size: ['1920x1080'], duration: [5], movementAmplitude: AMPLITUDES };
	const VIDU_2 = { size: ['1280x720', '720x480'], duration: [4], movementAmplitude: AMPLITUDES, withAudio: false };

	const COGVIDEOX_2 = {
		size: SIZES_2,
		fps: [30, 60],
		quality: ['speed', 'quality'],
		withAudio: false,
		watermarkEnabled: true,
	};
	// quality, size, fps and duration are documented but refused
	const FLASH = { withAudio: false, watermarkEnabled: true };

	test.each<[string, Endpoint, Catalogue, Record<string, unknown>]>([
		['cogvideox-3', 'textToVideo', cogVideoXCatalogue, { ...COGVIDEOX_3, quality: ['speed', 'quality'] }],
		['cogvideox-3', 'imageToVideo', cogVideoXCatalogue, { ...COGVIDEOX_3, quality: ['speed', 'quality'] }],
		['cogvideox-3', 'startEndToVideo', cogVideoXCatalogue, { ...COGVIDEOX_3, quality: ['speed'] }],
		['cogvideox-2', 'textToVideo', cogVideoXCatalogue, COGVIDEOX_2],
		['cogvideox-2', 'imageToVideo', cogVideoXCatalogue, COGVIDEOX_2],
		['cogvideox-flash', 'textToVideo', cogVideoXCatalogue, FLASH],
		['cogvideox-flash', 'imageToVideo', cogVideoXCatalogue, FLASH],
		['viduq1-text', 'textToVideo', zhipuViduCatalogue, { ...Q1, aspectRatio: RATIOS, style: ['general', 'anime'] }],
		['viduq1-image', 'imageToVideo', zhipuViduCatalogue, { ...Q1, withAudio: false }],
		['viduq1-start-end', 'startEndToVideo', zhipuViduCatalogue, { ...Q1, withAudio: false }],
		['vidu2-image', 'imageToVideo', zhipuViduCatalogue, VIDU_2],
		['vidu2-start-end', 'startEndToVideo', zhipuViduCatalogue, { ...VIDU_2, size: ['1280x720', '720x480', '480x360'] }],
		['vidu2-reference', 'referenceToVideo', zhipuViduCatalogue, { ...VIDU_2, aspectRatio: RATIOS }],
	])('%s, %s', (model, endpoint, catalogue, fields) => {
		const row = catalogue.models[endpoint]![model];
		const offered = Object.fromEntries(
			Object.entries(row.fields)
				.filter(([name]) => name !== 'userId')
				.map(([name, rule]) => [name, rule.kind === 'choice' ? rule.values : (rule as { default: unknown }).default]),
		);
		expect(offered).toEqual(fields);
		expect(row.fields.userId).toEqual({ kind: 'text', minChars: 6, maxChars: 128 });
		expect(row.prompt).toEqual({ required: endpoint === 'textToVideo', maxChars: 512 });
	});

	test('images: 5 MB of PNG or JPEG for CogVideoX, 50 MB with ratios for Vidu, 1 to 3 references', () => {
		expect(cogVideoXCatalogue.models.imageToVideo!['cogvideox-2'].images.rules).toEqual({
			formats: ['png', 'jpeg'],
			maxBytes: 5 * MEGABYTE,
		});
		const vidu = { formats: ['png', 'jpeg', 'webp'], maxBytes: 50 * MEGABYTE, maxAspect: 4, isAspectExclusive: true };
		const { imageToVideo, startEndToVideo, referenceToVideo } = zhipuViduCatalogue.models;
		expect(imageToVideo!['viduq1-image'].images.rules).toEqual(vidu);
		expect(startEndToVideo!['vidu2-start-end'].images.rules).toEqual({
			...vidu,
			pairRatio: { min: 0.8, max: 1.25 },
		});
		expect(referenceToVideo!['vidu2-reference'].images).toEqual({
			min: 1,
			max: 3,
			rules: { ...vidu, minPixels: 128 },
		});
	});

	test('what is looked for first stands at the top of the panel, and nothing is sent unasked', () => {
		for (const { topLevel, hasModelDefault } of [zhipuViduCatalogue, cogVideoXCatalogue])
			expect([topLevel, hasModelDefault]).toEqual([['duration', 'size', 'quality', 'withAudio'], true]);
	});
});

/** Typed from the page of vidu20_img2video. */
describe('what Vtrix documents', () => {
	const row = vtrixCatalogue.models.imageToVideo!.vidu20_img2video;

	test('every parameter of the page is offered but the one that is "temporarily unavailable"', () => {
		const page =
			'duration resolution seed movementAmplitude payload audio voiceId isRec bgm watermark wmPosition wmUrl callbackUrl';
		expect(Object.keys(row.fields).sort()).toEqual(page.split(' ').sort());
		expect(row.prompt).toEqual({ required: false, maxChars: 2000 });
		expect(row.fields).toMatchObject({
			duration: { values: [4, 8], default: 4 },
			resolution: { values: ['360p', '720p', '1080p'], default: '360p' },
			movementAmplitude: { values: ['auto', 'small', 'medium', 'large'], default: 'auto' },
			payload: { maxChars: 1_048_576 },
			wmPosition: { values: [1, 2, 3, 4], default: 3 },
		});
		expect(vtrixCatalogue.maxBodyBytes).toBe(20 * MEGABYTE);
	});

	test('8 seconds go with 720p, a voice with audio', () => {
		expect(row.restrictions).toMatchObject([
			{ when: { duration: [8] }, allow: { resolution: ['720p'] } },
			{ when: { audio: [false] }, without: ['voiceId'] },
		]);
	});
});

describe('the model list', () => {
	test.each<[string, Catalogue, Endpoint, string, string]>([
		[
			'viduq3-turbo',
			viduCatalogue,
			'textToVideo',
			'1 to 16 s, 540p, 720p or 1080p, sound',
			'ready in about 60 s · 5 s at 720p: 55 credits (about USD 0.28)',
		],
		[
			'viduq3-pro',
			viduCatalogue,
			'imageToVideo',
			'1 to 16 s, 540p, 720p or 1080p, sound',
			'ready in about 90 s · 5 s at 720p: 100 credits (about USD 0.50)',
		],
		[
			'viduq2-turbo',
			viduCatalogue,
			'imageToVideo',
			'1 to 10 s, 540p, 720p or 1080p, sound',
			'ready in about 60 s · 5 s at 720p: 40 credits (about USD 0.20)',
		],
		['viduq1', viduCatalogue, 'startEndToVideo', '5 s, 1080p', 'ready in about 90 s · 80 credits (about USD 0.40)'],
		[
			'viduq3-drama',
			viduCatalogue,
			'referenceToVideo',
			'2 to 15 s, 720p or 1080p, sound, up to 7 images',
			'ready in about 90 s',
		],
		[
			'viduq2-pro',
			viduCatalogue,
			'subjectsToVideo',
			'1 to 10 s, 540p, 720p or 1080p, sound, up to 4 subjects',
			'ready in about 75 s · 5 s at 720p: 50 credits (about USD 0.25)',
		],
		['cogvideox-flash', cogVideoXCatalogue, 'textToVideo', 'sound', 'ready in about 60 s · free on BigModel'],
		['cogvideox-2', cogVideoXCatalogue, 'textToVideo', '', 'ready in about 90 s · 0.50 yuan on BigModel'],
		[
			'cogvideox-3',
			cogVideoXCatalogue,
			'startEndToVideo',
			'',
			'ready in about 250 s · 1.00 yuan on BigModel or USD 0.20 on Z.AI',
		],
		['vidu20_img2video', vtrixCatalogue, 'imageToVideo', '4 or 8 s, 360p, 720p or 1080p, sound', 'ready in about 40 s'],
	])(
		'of %s (%#) says what it makes, how long it takes and what it costs',
		(model, catalogue, endpoint, makes, rest) => {
			const words = describeModel(catalogue.models[endpoint]![model]);
			expect([words.slice(0, makes.length), words.slice(-rest.length - 3)]).toEqual([makes, ` · ${rest}`]);
		},
	);

	const PATHS: Partial<Record<Endpoint, ViduPath>> = {
		textToVideo: 'text2video',
		imageToVideo: 'img2video',
		startEndToVideo: 'start-end2video',
		referenceToVideo: 'reference2video:media',
		subjectsToVideo: 'reference2video:subjects',
	};
	// the further operations have a table of their own, in prices.test.ts
	const priced = ROWS.filter(
		({ catalogue, endpoint, rules }) =>
			catalogue === viduCatalogue && rules.price !== undefined && PATHS[endpoint] !== undefined,
	);

	test.each(priced)('$name: every price is what the emulator charges', ({ endpoint, model, rules }) => {
		const valuesOf = (name: FieldName): FieldValue[] => {
			const rule = rules.fields[name];
			if (rule?.kind === 'switch') return [false, true];
			return rule?.kind === 'choice' ? [...rule.values] : [false];
		};
		const orders = (['duration', 'resolution', 'audio', 'offPeak', 'isRec'] as const)
			.reduce<Array<Record<string, FieldValue>>>(
				(wishes, name) => wishes.flatMap((wish) => valuesOf(name).map((value) => ({ ...wish, [name]: value }))),
				[{}],
			)
			.map((wish) => Object.fromEntries(Object.entries(wish).filter(([name]) => name in rules.fields)))
			// 0 seconds is a length of the model's own choice
			.filter((wish) => wish.duration !== 0 && 'fields' in checkFields(rules, model, { prompt: 'p', ...wish }));
		const charged = orders.map(({ duration, resolution, audio = false, offPeak = false, isRec = false }) =>
			priceOf({
				operation: PATHS[endpoint]!,
				model,
				seconds: Number(duration),
				resolution: String(resolution),
				audio: Boolean(audio),
				offPeak: Boolean(offPeak),
				isRec: Boolean(isRec),
			}),
		);
		expect(orders.map((wish) => ourPriceOf(rules.price, purchaseOf(rules, wish), 'global'))).toEqual(
			charged.map((credits) => ({ credits })),
		);
	});

	test('says a price wherever one is published', () => {
		const silent = ROWS.filter(({ rules }) => rules.price === undefined).map(({ model }) => model);
		expect([...new Set(silent)]).toEqual(['viduq3-ad', 'viduq3-drama', 'vidu20_img2video']);
	});
});

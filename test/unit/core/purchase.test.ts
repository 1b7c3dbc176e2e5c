import type { Rules } from '../../../lib/catalogue/types';
import { purchaseOf } from '../../../lib/core/purchase';

/** What counts for the price: what was set, and what the service takes where nothing was. */

const rules: Pick<Rules, 'fields' | 'restrictions'> = {
	fields: {
		duration: { kind: 'choice', values: [4, 8], default: 4 },
		resolution: { kind: 'choice', values: ['360p', '720p', '1080p'], default: '360p' },
		audio: { kind: 'switch', default: true },
		offPeak: { kind: 'switch', default: false },
		seed: { kind: 'integer', min: 0, max: 9 },
	},
	restrictions: [
		{ when: { audio: [true] }, without: ['offPeak'], why: 'no sound at off-peak times' },
		{ when: { duration: [8] }, allow: { resolution: ['720p', '1080p'] }, why: 'eight seconds at 720p or 1080p' },
		{
			when: { seed: [9] },
			allow: { resolution: ['360p', '1080p'] },
			why: 'as an example of one that the default fits',
		},
	],
};
const OFF = { audio: false, offPeak: false, isRec: false, lipSync: false, isHigh: false };

test.each<[string, Record<string, unknown>, object]>([
	['nothing is set: the defaults', {}, { ...OFF, seconds: 4, resolution: '360p', audio: true }],
	['all is set', { duration: 4, resolution: '1080p', audio: false }, { ...OFF, seconds: 4, resolution: '1080p' }],
	['a switch is set', { offPeak: true, audio: false }, { ...OFF, seconds: 4, resolution: '360p', offPeak: true }],
	[
		'the default does not fit beside what is set: the first that does',
		{ duration: 8, audio: false },
		{ ...OFF, seconds: 8, resolution: '720p' },
	],
	['a restriction leaves the default in', { seed: 9, audio: false }, { ...OFF, seconds: 4, resolution: '360p' }],
	[
		'a field that this model has not is set, as extra fields may',
		{ isRec: true, audio: false },
		{ ...OFF, seconds: 4, resolution: '360p', isRec: true },
	],
	['a switch holds no switch', { audio: 'true' }, { ...OFF, seconds: 4, resolution: '360p' }],
	[
		'what is made larger counts by what it becomes',
		{ upscaleResolution: '4K', audio: false },
		{ ...OFF, seconds: 4, resolution: '4K' },
	],
])('%s', (_name, fields, purchase) => {
	expect(purchaseOf(rules, fields)).toStrictEqual(purchase);
});

test('an operation without these fields has neither seconds nor resolution', () => {
	expect(
		purchaseOf({ fields: { seed: { kind: 'integer', min: 0, max: 9 } } }, { seed: 1, duration: 'long' }),
	).toStrictEqual(OFF);
});

test('a model without restrictions takes its defaults', () => {
	const { duration } = rules.fields;
	expect(purchaseOf({ fields: { ...(duration ? { duration } : {}) } }, {})).toStrictEqual({ ...OFF, seconds: 4 });
});

test.each<[string, Record<string, unknown>, object]>([
	['a text by its characters', { text: 'a shoe' }, { characters: 6 }],
	['each kind of prompt as often as it is wanted', { types: ['title', 'tags'], count: 3 }, { prompts: 6 }],
	['no prompts where nobody says how many', { types: ['title'] }, {}],
	['no kinds that are no list', { types: 'title', count: 3 }, {}],
	['a text that is none', { text: 7 }, {}],
	['lips that follow the sound', { lipSync: true }, { lipSync: true }],
	['the better of two qualities', { quality: 'high' }, { isHigh: true }],
	['the other quality', { quality: 'standard' }, {}],
])('%s', (_name, fields, purchase) => {
	expect(purchaseOf({ fields: {} }, fields)).toStrictEqual({ ...OFF, ...purchase });
});

test('inputs count as they are', () => {
	expect(purchaseOf({ fields: {} }, {}, { images: 3 })).toStrictEqual({ ...OFF, images: 3 });
});

test('a default that a restriction forbids counts on, for the service says what it takes', () => {
	const { fields } = rules;
	const forbidden = [{ when: { audio: [false] }, without: ['resolution' as const], why: 'x' }];
	expect(purchaseOf({ fields, restrictions: forbidden }, { audio: false })).toMatchObject({ resolution: '360p' });
});

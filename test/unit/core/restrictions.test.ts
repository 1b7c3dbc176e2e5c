import type { Fields, Restriction } from '../../../lib/catalogue/types';
import { allowedBy, applies, findMisfit, restrictionsOn } from '../../../lib/core/restrictions';

const fields: Fields = {
	duration: { kind: 'choice', values: [4, 8], default: 4 },
	resolution: { kind: 'choice', values: ['360p', '720p', '1080p'], default: '360p' },
	audio: { kind: 'switch', default: false },
	style: { kind: 'choice', values: ['general', 'anime'], default: 'general' },
	bgm: { kind: 'switch', default: false },
	seed: { kind: 'integer', min: 0, max: 99 },
};
const eightSeconds: Restriction = {
	when: { duration: [8] },
	allow: { resolution: ['720p'] },
	without: ['bgm'],
	why: 'eight seconds at 720p only',
};
const sound: Restriction = { when: { audio: [true] }, without: ['style'], why: 'there is no style with sound' };
const rules = { fields, restrictions: [eightSeconds, sound], typicalSeconds: 60 };

test('a field that was left out counts with its default', () => {
	expect(applies({ when: { duration: [4] }, why: '' }, fields, {})).toBe(true);
	expect(applies({ when: { duration: [4] }, why: '' }, fields, { duration: 8 })).toBe(false);
	expect(applies({ when: { seed: [1] }, why: '' }, fields, {})).toBe(false);
	expect(applies({ when: { duration: [8], audio: [true] }, why: '' }, fields, { duration: 8 })).toBe(false);
});

test('a restriction never applies for a field that the model does not have', () => {
	expect(applies({ when: { sounds: ['x'] }, why: '' }, fields, {})).toBe(false);
	expect(applies({ when: { sounds: ['x'] }, why: '' }, fields, { sounds: 'x' })).toBe(true);
});

test.each([
	[{}, undefined],
	[{ duration: 8 }, undefined],
	[{ duration: 4, resolution: '1080p' }, undefined],
	[{ duration: 8, resolution: '720p', bgm: false }, undefined],
	[
		{ duration: 8, resolution: '1080p' },
		{ field: 'resolution', allowed: ['720p'], why: eightSeconds.why },
	],
	[
		{ duration: 8, resolution: false },
		{ field: 'resolution', allowed: ['720p'], why: eightSeconds.why },
	],
	[
		{ duration: 8, bgm: true },
		{ field: 'bgm', allowed: [], why: eightSeconds.why },
	],
	[
		{ audio: true, style: 'general' },
		{ field: 'style', allowed: [], why: sound.why },
	],
	[
		{ duration: 8, bgm: true, audio: true, style: 'anime' },
		{ field: 'bgm', allowed: [], why: eightSeconds.why },
	],
])('%j', (values, misfit) => {
	expect(findMisfit(rules, values)).toEqual(misfit);
	expect(findMisfit({ fields }, values)).toBeUndefined();
});

test('what restrictions say of a field', () => {
	expect([allowedBy(eightSeconds, 'resolution'), allowedBy(eightSeconds, 'bgm')]).toEqual([['720p'], []]);
	expect(allowedBy(eightSeconds, 'style')).toBeUndefined();
	expect([restrictionsOn('style', rules), restrictionsOn('resolution', rules)]).toEqual([[sound], [eightSeconds]]);
	expect(restrictionsOn('duration', rules)).toEqual([]);
});

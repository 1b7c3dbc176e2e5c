import type { FieldRule, ModelRules } from '../../../lib/catalogue/types';
import { applies, checkFields, describeRule, isLeftOut, listValues, readValue } from '../../../lib/core/validate';

const seconds: FieldRule = { kind: 'choice', values: [4, 8], default: 4 };
const resolution: FieldRule = { kind: 'choice', values: ['360p', '720p', '1080p'], default: '360p' };

/** As vidu2.0: eight seconds at 720p only; no style with sound. */
const rules: ModelRules = {
	prompt: { required: true, maxChars: 20 },
	images: { min: 0, max: 0, rules: { formats: [], maxBytes: 0 } },
	fields: {
		duration: seconds,
		resolution,
		audio: { kind: 'switch', default: false },
		style: { kind: 'choice', values: ['general', 'anime'], default: 'general' },
		seed: { kind: 'integer', min: 0, max: 99 },
	},
	restrictions: [
		{ when: { duration: [8] }, allow: { resolution: ['720p'] }, why: 'vidu2.0 makes 8 seconds at 720p only' },
		{ when: { audio: [true] }, without: ['style'], why: 'there is no style with sound' },
	],
	typicalSeconds: 60,
};
const check = (values: Record<string, unknown>) => checkFields(rules, 'vidu2.0', { prompt: 'a shoe', ...values });

test.each([
	['nothing but a prompt', {}, {}],
	['numbers as text, as sheets give them', { duration: '8', resolution: '720p', seed: ' 7 ' }, { duration: 8, resolution: '720p', seed: 7 }],
	['switches as text', { audio: 'TRUE' }, { audio: true }],
	['a switch that is off', { audio: false, style: 'anime' }, { audio: false, style: 'anime' }],
	['empty values are left out', { duration: '', resolution: null, seed: undefined }, {}],
	['zero is a value', { seed: 0 }, { seed: 0 }],
	['a restriction that is met', { duration: 8, resolution: '720p' }, { duration: 8, resolution: '720p' }],
	['a restriction that does not apply', { duration: 4, resolution: '1080p' }, { duration: 4, resolution: '1080p' }],
])('%s', (_name, values, fields) => {
	expect(check(values)).toEqual({ fields: { prompt: 'a shoe', ...fields } });
});

test.each([
	['a value that is not offered', { duration: 12 }, { field: 'duration', said: 'is not offered by vidu2.0', todo: 'Choose 4 or 8.' }],
	['a fraction', { seed: 1.5 }, { field: 'seed', todo: 'Use a whole number from 0 to 99.' }],
	['too large', { seed: '100' }, { field: 'seed' }],
	['words for a number', { seed: 'many' }, { field: 'seed' }],
	['words for a switch', { audio: 'loud' }, { field: 'audio', todo: 'Choose true or false.' }],
	['a list for a value', { resolution: ['720p', '360p'] }, { field: 'resolution' }],
	['an object for a value', { resolution: { value: '720p' } }, { field: 'resolution' }],
	['a field the model does not have', { bgm: true }, { field: 'bgm', said: 'is not taken by vidu2.0' }],
	['a pair that does not go together', { duration: 8, resolution: '1080p' }, { field: 'resolution', said: 'does not fit: vidu2.0 makes 8 seconds at 720p only', todo: 'Choose 720p.' }],
	['two fields that exclude each other', { audio: true, style: 'anime' }, { field: 'style', said: 'does not fit: there is no style with sound' }],
	['no prompt', { prompt: '' }, { field: 'prompt', said: 'is needed by vidu2.0' }],
	['a prompt of blanks', { prompt: ' \n ' }, { field: 'prompt', said: 'is needed by vidu2.0' }],
	['a prompt that is too long', { prompt: 'x'.repeat(21) }, { field: 'prompt', value: 'of 21 characters', todo: 'Use at most 20 characters.' }],
])('%s is refused', (_name, values, fault) => {
	expect(check(values)).toMatchObject({ fault });
});

test('a prompt may be missing where the model needs none', () => {
	const relaxed = { ...rules, prompt: { required: false, maxChars: 20 } };
	expect(checkFields(relaxed, 'm', { prompt: '' })).toEqual({ fields: {} });
});

describe('one value', () => {
	const text: FieldRule = { kind: 'text', minChars: 2, maxChars: 4 };
	test.each<[FieldRule, unknown, unknown]>([
		[seconds, 4, 4],
		[seconds, '4', 4],
		[seconds, '4.0', undefined],
		[resolution, ' 720p ', '720p'],
		[resolution, '720P', undefined],
		[{ kind: 'switch', default: true }, false, false],
		[{ kind: 'switch', default: true }, 'False', false],
		[{ kind: 'switch', default: true }, 1, true],
		[{ kind: 'switch', default: true }, ' No ', false],
		[{ kind: 'switch', default: true }, 2, undefined],
		[{ kind: 'switch', default: true }, 'constructor', undefined],
		[{ kind: 'integer', min: -5, max: 5 }, '-5', -5],
		[{ kind: 'integer', min: -5, max: 5 }, ' ', undefined],
		[{ kind: 'integer', min: -5, max: 5 }, Infinity, undefined],
		[{ kind: 'integer', min: -5, max: 5 }, true, undefined],
		[text, 'abcd', 'abcd'],
		[text, 'a', undefined],
		[text, 'abcde', undefined],
		[text, 123, '123'],
		[text, { a: 1 }, undefined],
		[{ kind: 'url' }, ' https://shop.example/hook?a=1 ', 'https://shop.example/hook?a=1'],
		[{ kind: 'url' }, 'ftp://shop.example', undefined],
		[{ kind: 'url' }, 'https://two words', undefined],
		[{ kind: 'url' }, 'shop.example', undefined],
		[{ kind: 'urls', max: 2 }, ' https://a.example/1 ', ['https://a.example/1']],
		[{ kind: 'urls', max: 2 }, 'https://a.example/1,2, https://a.example/3', ['https://a.example/1,2', 'https://a.example/3']],
		[{ kind: 'urls', max: 2 }, ['https://a.example/1', 'https://a.example/2'], ['https://a.example/1', 'https://a.example/2']],
		[{ kind: 'urls', max: 2 }, [], []],
		[{ kind: 'urls', max: 1 }, 'https://a.example/1\nhttps://a.example/2', undefined],
		[{ kind: 'urls', max: 2 }, ['https://a.example/1', 'a.example'], undefined],
		[{ kind: 'urls', max: 2 }, {}, undefined],
		[{ kind: 'jsonText' }, '{"a": 1}', '{"a":1}'],
		[{ kind: 'jsonText' }, { a: 1 }, '{"a":1}'],
		[{ kind: 'jsonText' }, '[1]', undefined],
		[{ kind: 'jsonText' }, 'null', undefined],
		[{ kind: 'jsonText' }, '{a}', undefined],
	])('%j of %j is %j', (rule, value, read) => {
		expect(readValue(rule, value)).toEqual(read);
	});
});

test.each<[FieldRule, string]>([
	[seconds, 'Choose 4 or 8.'],
	[{ kind: 'switch', default: true }, 'Choose true or false.'],
	[{ kind: 'integer', min: 0, max: 9 }, 'Use a whole number from 0 to 9.'],
	[{ kind: 'text', maxChars: 9 }, 'Use at most 9 characters.'],
	[{ kind: 'text', minChars: 2, maxChars: 9 }, 'Use 2 to 9 characters.'],
	[{ kind: 'url' }, 'Use an address that starts with https://.'],
	[{ kind: 'urls', max: 3 }, 'Use at most 3 addresses that start with https://, separated by commas or lines.'],
	[{ kind: 'jsonText' }, 'Use a JSON object.'],
])('%j: %s', (rule, words) => {
	expect(describeRule(rule)).toBe(words);
});

test.each([
	[[4, 8], '4 or 8'],
	[[5], '5'],
	[[1, 2, 3, 4], '1 to 4'],
	[[1, 2, 4], '1, 2 or 4'],
	[['16:9', '9:16', '1:1'], '16:9, 9:16 or 1:1'],
	[[4, 5], '4 or 5'],
	[[], ''],
])('%j reads "%s"', (values, words) => {
	expect(listValues(values)).toBe(words);
});

test('a field that was left out counts with its default', () => {
	expect(applies({ when: { duration: [4] }, why: '' }, rules.fields, {})).toBe(true);
	expect(applies({ when: { duration: [4] }, why: '' }, rules.fields, { duration: 8 })).toBe(false);
	expect(applies({ when: { seed: [1] }, why: '' }, rules.fields, {})).toBe(false);
	expect(applies({ when: { duration: [8], audio: [true] }, why: '' }, rules.fields, { duration: 8 })).toBe(false);
});

test.each([
	[undefined, true],
	[null, true],
	['', true],
	[0, false],
	[false, false],
	[' ', false],
])('%j counts as left out: %s', (value, answer) => {
	expect(isLeftOut(value)).toBe(answer);
});

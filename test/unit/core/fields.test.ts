import type { FieldRule, ModelRules } from '../../../lib/catalogue/types';
import {
	checkFields,
	checkOpenPrompt,
	describeRule,
	isLeftOut,
	listValues,
	readValue,
	type FieldFault,
} from '../../../lib/core/fields';
import { COGVIDEOX_BACKENDS, VIDU_BACKENDS } from '../../../lib/n8n/backends';

const seconds: FieldRule = { kind: 'choice', values: [4, 8], default: 4 };
const resolution: FieldRule = { kind: 'choice', values: ['360p', '720p', '1080p'], default: '360p' };

const SPEED = { kind: 'number', min: 0.5, max: 2, default: 1 } as const;
const SOUNDS = { kind: 'words', values: ['rain', 'wind', 'waves'], preset: [] } as const;
const LINES = { kind: 'lines', maxChars: 8 } as const;

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
		payload: { kind: 'text', maxChars: 30, takesJson: true },
		userId: { kind: 'text', minChars: 2, maxChars: 5 },
		callbackUrl: { kind: 'url' },
		metaData: { kind: 'jsonText' },
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
	[
		'numbers as text, as sheets give them',
		{ duration: '8', resolution: '720p', seed: ' 7 ' },
		{ duration: 8, resolution: '720p', seed: 7 },
	],
	['switches as text', { audio: 'TRUE' }, { audio: true }],
	['a switch that is off', { audio: false, style: 'anime' }, { audio: false, style: 'anime' }],
	['empty values are left out', { duration: '', resolution: null, seed: undefined }, {}],
	['zero is a value', { seed: 0 }, { seed: 0 }],
	[
		'an object as payload, which comes back as data',
		{ payload: { sku: 'A1', n: 3 } },
		{ payload: '{"sku":"A1","n":3}' },
	],
	['a list as payload', { payload: ['A1', 2] }, { payload: '["A1",2]' }],
	[
		'capitals and half a word for a resolution',
		{ duration: 8, resolution: '720P' },
		{ duration: 8, resolution: '720p' },
	],
	['a number for a resolution', { resolution: 1080 }, { resolution: '1080p' }],
	['a length with its unit', { duration: '8 seconds', resolution: '720' }, { duration: 8, resolution: '720p' }],
	['a whole fraction', { duration: '4.0' }, { duration: 4 }],
	[
		'a prompt with a word that looks like a failed expression',
		{ prompt: 'null and void' },
		{ prompt: 'null and void' },
	],
	['a restriction that is met', { duration: 8, resolution: '720p' }, { duration: 8, resolution: '720p' }],
	['a restriction that does not apply', { duration: 4, resolution: '1080p' }, { duration: 4, resolution: '1080p' }],
])('%s', (_name, values, fields) => {
	expect(check(values)).toEqual({ fields: { prompt: 'a shoe', ...fields } });
});

test.each([
	[
		'a value that is not offered',
		{ duration: 12 },
		{ field: 'duration', problem: 'is not offered by vidu2.0', advice: 'Choose 4 or 8.' },
	],
	['a fraction', { seed: 1.5 }, { field: 'seed', advice: 'Use a whole number from 0 to 99.' }],
	['too large', { seed: '100' }, { field: 'seed' }],
	['words for a number', { seed: 'many' }, { field: 'seed', problem: 'is not a whole number' }],
	[
		'words for a switch',
		{ audio: 'loud' },
		{ field: 'audio', problem: 'is neither on nor off', advice: 'Choose true or false.' },
	],
	[
		'a payload that is too long',
		{ payload: { text: 'x'.repeat(30) } },
		{ field: 'payload', problem: 'is too long for vidu2.0', advice: 'Use at most 30 characters.' },
	],
	['a text that is an object', { userId: { id: 7 } }, { field: 'userId', problem: 'must be text' }],
	['a text that is too short', { userId: 'x' }, { field: 'userId', problem: 'is too short for vidu2.0' }],
	[
		'an address without a scheme',
		{ callbackUrl: 'shop.example.com' },
		{ field: 'callbackUrl', problem: 'is not a valid URL' },
	],
	['words for JSON', { metaData: 'Label: 1' }, { field: 'metaData', problem: 'is not a JSON object' }],
	['a list for a value', { resolution: ['720p', '360p'] }, { field: 'resolution' }],
	['an object for a value', { resolution: { value: '720p' } }, { field: 'resolution' }],
	['a field the model does not have', { bgm: true }, { field: 'bgm', problem: 'is not taken by vidu2.0' }],
	[
		'a pair that does not go together',
		{ duration: 8, resolution: '1080p' },
		{ field: 'resolution', problem: 'does not fit: vidu2.0 makes 8 seconds at 720p only', advice: 'Choose 720p.' },
	],
	[
		'two fields that exclude each other',
		{ audio: true, style: 'anime' },
		{
			field: 'style',
			problem: 'does not fit: there is no style with sound',
			advice: expect.stringMatching(/^Remove it/) as string,
		},
	],
	['no prompt', { prompt: '' }, { field: 'prompt', problem: 'is needed by vidu2.0' }],
	['a prompt of blanks', { prompt: ' \n ' }, { field: 'prompt', problem: 'is needed by vidu2.0' }],
	['a prompt that is an object', { prompt: { text: 'a shoe' } }, { field: 'prompt', problem: 'must be text' }],
	[
		'a sum without numbers as prompt',
		{ prompt: NaN },
		{ field: 'prompt', value: 'is "NaN":', problem: 'the expression found no text' },
	],
	[
		'a division by zero as prompt',
		{ prompt: 'Infinity' },
		{ field: 'prompt', problem: 'the expression found no text' },
	],
	[
		'a missing value as prompt',
		{ prompt: ' undefined ' },
		{ field: 'prompt', problem: 'the expression found no text' },
	],
	['null in words as prompt', { prompt: 'null' }, { field: 'prompt', problem: 'the expression found no text' }],
	[
		'an object inside a prompt',
		{ prompt: 'See [object Object]' },
		{ field: 'prompt', problem: 'the expression found no text' },
	],
	[
		'a prompt that is too long',
		{ prompt: 'x'.repeat(21) },
		{ field: 'prompt', value: 'of 21 characters', advice: 'Use at most 20 characters.' },
	],
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
		[seconds, '4.0', 4],
		[seconds, '4.5', undefined],
		[seconds, '-4', undefined],
		[seconds, '4s', 4],
		[seconds, '4 min', undefined],
		[resolution, ' 720p ', '720p'],
		[resolution, '720P', '720p'],
		[resolution, 720, '720p'],
		[resolution, '720 p', '720p'],
		[resolution, '20p', undefined],
		[{ kind: 'choice', values: ['720p', '4k'], default: '4k' }, '4 K', '4k'],
		[{ kind: 'choice', values: ['16:9', '9:16'], default: '16:9' }, '9：16', '9:16'],
		[seconds, '8 Sekunden', 8],
		[seconds, '8 秒', 8],
		[seconds, '8 min', undefined],
		[{ kind: 'switch', default: true }, 'y', true],
		[{ kind: 'switch', default: true }, 'N', false],
		[{ kind: 'choice', values: ['16:9', '9:16'], default: '16:9' }, '9x16', '9:16'],
		[{ kind: 'choice', values: ['16:9', '9:16'], default: '16:9' }, '16 / 9', '16:9'],
		[{ kind: 'choice', values: ['1280x720', '720x1280'], default: '1280x720' }, '720 × 1280', '720x1280'],
		[{ kind: 'choice', values: ['speech_only', 'all'], default: 'all' }, 'Speech Only', 'speech_only'],
		[{ kind: 'choice', values: ['a', 'A'], default: 'a' }, 'A', 'A'],
		[{ kind: 'choice', values: ['a', 'A'], default: 'a' }, ' a ', 'a'],
		[{ kind: 'choice', values: ['2K', '2k'], default: '2K' }, '2_K', undefined],
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
		[text, NaN, undefined],
		[text, true, 'true'],
		[text, 12n, '12'],
		[text, { a: 1 }, undefined],
		[{ kind: 'url' }, ' https://shop.example/hook?a=1 ', 'https://shop.example/hook?a=1'],
		[{ kind: 'url' }, 'ftp://shop.example', undefined],
		[{ kind: 'url' }, 'https://two words', undefined],
		[{ kind: 'url' }, 'shop.example', undefined],
		[{ kind: 'urls', max: 2 }, ' https://a.example/1 ', ['https://a.example/1']],
		[
			{ kind: 'urls', max: 2 },
			'https://a.example/1,2, https://a.example/3',
			['https://a.example/1,2', 'https://a.example/3'],
		],
		[
			{ kind: 'urls', max: 2 },
			['https://a.example/1', 'https://a.example/2'],
			['https://a.example/1', 'https://a.example/2'],
		],
		[
			{ kind: 'urls', max: 2 },
			'https://a.example/1|https://a.example/2; ',
			['https://a.example/1', 'https://a.example/2'],
		],
		[{ kind: 'urls', max: 2 }, [], []],
		[{ kind: 'urls', max: 1 }, 'https://a.example/1\nhttps://a.example/2', undefined],
		[{ kind: 'urls', max: 2 }, ['https://a.example/1', 'a.example'], undefined],
		[{ kind: 'urls', max: 2 }, {}, undefined],
		[SPEED, 1.5, 1.5],
		[SPEED, ' 0,5 ', 0.5],
		[SPEED, '2', 2],
		[SPEED, 0.49, undefined],
		[SPEED, 2.01, undefined],
		[SPEED, '1,5,1', undefined],
		[SPEED, '-1,5', undefined],
		[{ ...SPEED, min: -2 }, '-1,5', -1.5],
		[SPEED, '1.000,5', undefined],
		[{ ...SPEED, max: 99 }, '12,25', 12.25],
		[SPEED, '1,5 x', undefined],
		[{ ...SPEED, max: 99 }, '1e1,5', undefined],
		[SPEED, {}, undefined],
		[SPEED, '', undefined],
		[SPEED, true, undefined],
		[SPEED, ['1'], undefined],
		[SOUNDS, 'rain, wind;rain', ['rain', 'wind']],
		[SOUNDS, [' rain', 'wind\nwaves'], ['rain', 'wind', 'waves']],
		[SOUNDS, 'rain snow', undefined],
		[SOUNDS, ' ', []],
		[LINES, 'one, two\r\n\n three ', ['one, two', 'three']],
		[LINES, ['a', 'b'], ['a', 'b']],
		[LINES, '12345678\n123456789', undefined],
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
	[SPEED, 'Use a number from 0.5 to 2.'],
	[SOUNDS, 'Choose some of rain, wind, waves.'],
	[LINES, 'Use lines of at most 8 characters.'],
	[{ kind: 'url' }, 'Use an address that starts with https://.'],
	[{ kind: 'urls', max: 3 }, 'Use at most 3 addresses that start with https://, separated by commas or lines.'],
	[{ kind: 'jsonText' }, 'Use a JSON object, such as {"name": "value"}.'],
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

test('every choice of the catalogue may be written in capitals, and no two read alike', () => {
	for (const { catalogue } of [...VIDU_BACKENDS, ...COGVIDEOX_BACKENDS])
		for (const { fields } of Object.values(catalogue.models).flatMap((models) => Object.values(models)))
			for (const rule of Object.values(fields))
				for (const value of rule.kind === 'choice' ? rule.values : [])
					expect([value, readValue(rule, String(value).toUpperCase())]).toEqual([value, value]);
});

describe('values as people and sheets write them', () => {
	const choice = (...values: Array<string | number>): FieldRule => ({ kind: 'choice', values, default: values[0] });
	test.each<[FieldRule, unknown, unknown]>([
		...['true', 'Yes', 'Y', 'ON', '1', 1, true].map((word) => [{ kind: 'switch', default: true }, word, true] as never),
		...['false', 'no', 'N', 'Off', '0', 0, false].map(
			(word) => [{ kind: 'switch', default: true }, word, false] as never,
		),
		[{ kind: 'switch', default: true }, ['true'], undefined],
		[{ kind: 'switch', default: true }, null, undefined],
		[{ kind: 'integer', min: -5, max: 5 }, '-6', undefined],
		[{ kind: 'integer', min: -5, max: 5 }, 5, 5],
		[{ kind: 'integer', min: -5, max: 5 }, '6', undefined],
		[{ kind: 'text', minChars: 2, maxChars: 4 }, 'ab', 'ab'],
		[choice('a_b', 'a-b'), 'a b', undefined],
		[choice(4), 'about 4', undefined],
		[choice(12), '12 s', 12],
		[choice(4), '4.00', 4],
		...['4 sec', '4 secs', '4 second', '4 Sekunde', '4 Sek', '4fps'].map((text) => [choice(4), text, 4] as never),
		[choice('9:16'), '91:6', undefined],
		[choice('speech_only'), 'speechonly', undefined],
		[choice('speech_only'), 'Speech - Only', 'speech_only'],
		[choice('v2p'), 'v2', undefined],
		[choice('720p5'), '7205', undefined],
		[choice('4_kb'), '4 kb', '4_kb'],
		[{ kind: 'url' }, 'xhttps://a.example/', undefined],
		[{ kind: 'url' }, 'https://a.example/two words', undefined],
		[{ kind: 'url' }, 'http://a.example', 'http://a.example'],
		[{ kind: 'url' }, 'https:///a.example', undefined],
		[{ kind: 'jsonText' }, '5', undefined],
		[{ kind: 'jsonText' }, 'true', undefined],
	])('%j of %j is %j', (rule, value, read) => {
		expect(readValue(rule, value)).toEqual(read);
	});

	test.each([
		['100', 'is not offered by vidu2.0'],
		[' 100 ', 'is not offered by vidu2.0'],
		['  -12.75  ', 'is not offered by vidu2.0'],
		['v 5', 'is not a whole number'],
		['5 apples', 'is not a whole number'],
		['5.5.5', 'is not a whole number'],
		['5.x', 'is not a whole number'],
		['1e2x', 'is not a whole number'],
	])('a seed of %j %s', (seed, problem) => {
		expect(check({ seed })).toMatchObject({ fault: { field: 'seed', problem } });
	});
});

describe('lists of addresses', () => {
	const A = 'https://a.example/1';
	const withUrls = { ...rules, fields: { ...rules.fields, videos: { kind: 'urls', max: 2 } } } as unknown as ModelRules;
	const checkUrls = (videos: unknown) => checkFields(withUrls, 'vidu2.0', { videos, prompt: 'a shoe' });

	test('travel as a list, and not at all where it is empty', () => {
		expect(checkUrls(`${A}, ${A}`)).toEqual({ fields: { prompt: 'a shoe', videos: [A, A] } });
		expect(checkUrls([])).toEqual({ fields: { prompt: 'a shoe' } });
		expect(checkUrls(' ; ')).toEqual({ fields: { prompt: 'a shoe' } });
	});

	test.each([
		[[A, A, A], 'holds more than 2 URLs'],
		[[A, 'b'], 'is not a valid URL'],
		[['b'], 'is not a valid URL'],
	])('are refused where one is none or there are too many: %j', (videos, problem) => {
		expect(checkUrls(videos)).toMatchObject({ fault: { field: 'videos', problem } });
	});
});

describe('a prompt', () => {
	const promptFault = (prompt: unknown) => (check({ prompt }) as { fault: FieldFault }).fault;

	test('may be as long as the model takes', () => {
		expect(check({ prompt: 'x'.repeat(20) })).toEqual({ fields: { prompt: 'x'.repeat(20) } });
		expect(promptFault('x'.repeat(21)).problem).toBe('is too long for vidu2.0');
	});

	test('may name what a failed expression looks like', () => {
		for (const prompt of ['a shoe named null', 'null is a shoe', 'NaN, twice'])
			expect(check({ prompt })).toEqual({ fields: { prompt } });
	});

	test.each([[null], [undefined], ['']])('is missing where it is %j', (prompt) => {
		expect(promptFault(prompt)).toMatchObject({ value: '', problem: 'is needed by vidu2.0' });
	});

	test('that is an object is not quoted', () => {
		expect(promptFault({ a: 1 })).toMatchObject({ value: '', problem: 'must be text' });
	});

	test('may be missing where the model is not known', () => {
		expect(checkOpenPrompt(undefined, 'viduq9', '')).toBeUndefined();
		expect(checkOpenPrompt(undefined, 'viduq9', 'null')).toMatchObject({ problem: 'the expression found no text' });
	});

	test('that failed is quoted up to 60 characters', () => {
		const long = `[object Object]${'x'.repeat(45)}`;
		expect(checkOpenPrompt(undefined, 'viduq9', long)?.value).toBe(`is "${long}":`);
		expect(checkOpenPrompt(undefined, 'viduq9', `${long}x`)?.value).toBe(`is "${long.slice(0, 57)}…":`);
	});
});

describe('fields that depend on one another', () => {
	const withRestrictions = (restrictions?: ModelRules['restrictions']) => {
		const { restrictions: _, ...bare } = rules;
		return restrictions ? { ...bare, restrictions } : bare;
	};

	test('may be set as they like where the model restricts nothing', () => {
		expect(checkFields(withRestrictions(), 'm', { prompt: 'a', duration: 8, resolution: '1080p' })).toHaveProperty(
			'fields',
		);
	});

	test('do not bind one that was left out', () => {
		expect(check({ duration: 8 })).toEqual({ fields: { prompt: 'a shoe', duration: 8 } });
	});

	test('do not bind a switch that is off', () => {
		const model = withRestrictions([{ when: { style: ['anime'] }, without: ['audio'], why: 'no sound with a style' }]);
		expect(checkFields(model, 'm', { prompt: 'a', style: 'anime', audio: false })).toHaveProperty('fields');
		expect(checkFields(model, 'm', { prompt: 'a', style: 'anime', audio: true })).toMatchObject({
			fault: { field: 'audio', value: true, problem: 'does not fit: no sound with a style' },
		});
	});
});

test.each([
	[[1, 2, 3, 'auto'], '1, 2, 3 or auto'],
	[['1', '11', '111'], '1, 11 or 111'],
	[['auto'], 'auto'],
	[[1, 2, '3'], '1, 2 or 3'],
])('%j reads "%s"', (values, words) => {
	expect(listValues(values)).toBe(words);
});

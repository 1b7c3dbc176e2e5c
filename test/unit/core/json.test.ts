import fc from 'fast-check';

import { readJson } from '../../../lib/core/json';

describe('ids beyond 2^53', () => {
	test.each([
		['18 digits', '{"task_id": 876543210123456789}', { task_id: '876543210123456789' }],
		['16 digits, the first that may round', '{"id":9007199254740993}', { id: '9007199254740993' }],
		['15 digits stay a number', '{"id":900719925474099}', { id: 900719925474099 }],
		['below zero', '[-9007199254740993]', ['-9007199254740993']],
		['already text', '{"id":"876543210123456789"}', { id: '876543210123456789' }],
		['nested', '{"a":[{"b":12345678901234567890}]}', { a: [{ b: '12345678901234567890' }] }],
		['alone', '876543210123456789', '876543210123456789'],
		['text alone', '"876543210123456789"', '876543210123456789'],
		[
			'digits inside a text stay',
			'{"url":"https://x/876543210123456789?a=1"}',
			{ url: 'https://x/876543210123456789?a=1' },
		],
		['digits behind an escaped quote', '{"a":"\\"876543210123456789"}', { a: '"876543210123456789' }],
		['a text that ends in a backslash', '{"a":"\\\\","b":876543210123456789}', { a: '\\', b: '876543210123456789' }],
		['a fraction stays a number', '{"a":1234567890123456.5}', { a: 1234567890123456.5 }],
		['digits behind a point stay', '{"a":0.12345678901234567}', { a: 0.12345678901234567 }],
		['an exponent stays a number', '{"a":1234567890123456e3}', { a: 1234567890123456e3 }],
		['a digit key', '{"876543210123456789":1}', { '876543210123456789': 1 }],
	])('%s', (_name, text, value) => {
		expect(readJson(text)).toEqual(value);
	});
});

test.each([
	['a page', '<html>502</html>'],
	['nothing', ''],
	['JSON that breaks off', '{"task_id": "8765'],
	['JSON that breaks off in a text with an id', '{"a": "876543210123456789'],
	['a bare word', 'ok'],
])('%s stays the text it is', (_name, text) => {
	expect(readJson(text)).toBe(text);
});

test('all other JSON is read as it is', () => {
	const long = /(^|[^\d.eE"])-?\d{16,}/;
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			const text = JSON.stringify(value);
			fc.pre(!long.test(text));
			expect(readJson(text)).toEqual(JSON.parse(text));
		}),
		{ seed: 20_261_120 },
	);
});

test('every id is exact, whatever stands around it', () => {
	/** What a service can send, with integers of any length; `asJson` is its text, `asRead` what we are to make of it. */
	interface Answer {
		asJson: string;
		asRead: unknown;
	}
	const space = fc.constantFrom('', ' ', '\n\t');
	const integer = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map((value): Answer => ({
		asJson: String(value),
		asRead: value > -(10n ** 15n) && value < 10n ** 15n ? Number(value) : String(value),
	}));
	const string = fc
		.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\d"\\{}[\],:.eE-]{0,60}$/))
		.map((value): Answer => ({ asJson: JSON.stringify(value), asRead: value }));
	const other = fc
		.oneof(
			fc.boolean(),
			fc.constant(null),
			fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !/\d{16}/.test(String(value))),
		)
		.map((value): Answer => ({ asJson: JSON.stringify(value), asRead: JSON.parse(JSON.stringify(value)) as unknown }));
	const { answer } = fc.letrec<{ answer: Answer }>((tie) => ({
		answer: fc.oneof(
			{ maxDepth: 4 },
			fc.oneof(integer, string, other),
			fc.tuple(fc.array(tie('answer'), { maxLength: 4 }), space).map(([entries, gap]) => ({
				asJson: `[${gap}${entries.map(({ asJson }) => asJson).join(`${gap},${gap}`)}${gap}]`,
				asRead: entries.map(({ asRead }) => asRead),
			})),
			fc
				.tuple(
					fc.uniqueArray(fc.tuple(string, tie('answer')), { maxLength: 4, selector: ([{ asJson }]) => asJson }),
					space,
				)
				.map(([fields, gap]) => ({
					asJson: `{${gap}${fields.map(([key, { asJson }]) => `${key.asJson}${gap}:${gap}${asJson}`).join(`${gap},${gap}`)}${gap}}`,
					asRead: Object.fromEntries(fields.map(([key, { asRead }]) => [key.asRead as string, asRead])),
				})),
		),
	}));
	fc.assert(
		fc.property(answer, ({ asJson, asRead }) => expect(readJson(asJson)).toEqual(asRead)),
		{ seed: 20_261_125, numRuns: 2_000 },
	);
});

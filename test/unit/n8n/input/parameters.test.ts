import { ExpressionError, type IExecuteFunctions, type IWebhookFunctions } from 'n8n-workflow';

import { InvalidInput } from '../../../../lib/n8n/input/invalidInput';
import {
	ItemParameters,
	itemParameters,
	UnreadableParameter,
	webhookParameters,
} from '../../../../lib/n8n/input/parameters';

/** The one door: what n8n gives becomes plain data, once, and what fails is named. */

const item = (values: Record<string, unknown>, written: Record<string, unknown> = values) =>
	new ItemParameters(0, (name) => values[name], written as never);

function failure(act: () => unknown) {
	try {
		act();
	} catch (cause) {
		if (cause instanceof InvalidInput) return cause.failure;
		throw cause;
	}
	throw new Error('It was taken');
}

const circle: Record<string, unknown> = {};
circle.self = circle;

/** As $now is one: a class of its own, full of tables that point to each other. */
const dateTime = (text: string | null) => ({ toISO: () => text, zone: circle });

test('each parameter is asked for once, one that fails as well', () => {
	const evaluate = jest.fn((name: string) => {
		if (name === 'bad') throw new Error('No such node');
		return Math.random();
	});
	const parameters = new ItemParameters(3, evaluate, {});
	expect(parameters.get('seed')).toBe(parameters.get('seed'));
	for (let time = 0; time < 2; time += 1) expect(() => parameters.get('bad')).toThrow('The expression in bad cannot');
	expect(evaluate.mock.calls).toEqual([['seed'], ['bad']]);
});

test('collections are read as a whole, once each, whichever entries are used', () => {
	const evaluate = jest.fn(() => ({ seed: 1, watermark: '2' }));
	const parameters = new ItemParameters(0, evaluate, {});
	expect([parameters.option('seed'), parameters.option('watermark'), parameters.option('toString')]).toEqual([
		1,
		'2',
		undefined,
	]);
	expect(evaluate).toHaveBeenCalledTimes(1);
});

test.each<[string, unknown, unknown]>([
	['a text', 'x', 'x'],
	['a number', 0, 0],
	['a number that is none', NaN, NaN],
	['a switch', false, false],
	['nothing', undefined, undefined],
	['null', null, undefined],
	['nothing in a list, which keeps its places', [1, null, undefined], [1, null, undefined]],
	['a large whole number', 876543210123456789n, '876543210123456789'],
	['a date', new Date('2026-11-25T10:00:00Z'), '2026-11-25T10:00:00.000Z'],
	['a date of an expression', dateTime('2026-11-25T10:00:00.000Z'), '2026-11-25T10:00:00.000Z'],
	['a date in a list in an object', { on: [new Date(0)] }, { on: ['1970-01-01T00:00:00.000Z'] }],
	['an object of a class', Object.assign(Object.create({ inherited: 1 }) as object, { own: 2 }), { own: 2 }],
	['a resource locator', { __rl: true, mode: 'url', value: 'x' }, { __rl: true, mode: 'url', value: 'x' }],
])('%s becomes plain data', (_name, given, expected) => {
	expect(item({ value: given }).get('value')).toEqual(expected);
});

test.each<[string, unknown, string]>([
	['a function', () => 1, 'The expression gives a function, not data.'],
	['a symbol', Symbol('x'), 'The expression gives a symbol, not data.'],
	['a function in a list', [[() => 1]], 'The expression gives a function, not data.'],
	['what holds itself', circle, 'The expression gives data that is nested too deeply.'],
	['bytes', Buffer.from('x'), 'The expression gives bytes. Name the binary field of the item instead.'],
	['a date that is none', new Date('yesterday'), 'The expression gives a date that does not exist.'],
	['a date of an expression that is none', dateTime(null), 'The expression gives a date that'],
])('%s is refused by the name of the parameter', (_name, given, advice) => {
	const told = failure(() => item({ pollIntervalSeconds: given }).get('pollIntervalSeconds'));
	expect(told).toMatchObject({
		kind: 'invalidInput',
		parameter: 'Poll Interval (Seconds)',
		headline: 'The expression in Poll Interval (Seconds) cannot be read',
	});
	expect(told.description).toContain(advice);
	expect(told.description).toContain('Nothing was sent.');
});

test("an expression that fails keeps n8n's own words, and can be told from a value that is wrong", () => {
	const parameters = new ItemParameters(
		0,
		() => {
			throw new ExpressionError("Referenced node doesn't exist");
		},
		{},
	);
	expect(failure(() => parameters.get('prompt'))).toMatchObject({
		parameter: 'Prompt',
		description: "Referenced node doesn't exist. Nothing was sent.",
	});
	expect(() => parameters.get('prompt')).toThrow(UnreadableParameter);
	expect(() => parameters.get('taskId', 'Task IDs')).toThrow('The expression in Task IDs cannot be read');
});

test('the option whose expression fails is named', () => {
	const evaluate = (name: string): unknown => {
		if (name === 'limits' || name === 'limits.maxVideos') throw new ExpressionError('x is not defined');
		return 1;
	};
	const parameters = new ItemParameters(0, evaluate, {
		limits: { maxKeys: '={{ 1 }}', maxVideos: '={{ x }}' },
	});
	expect(failure(() => parameters.option('maxKeys'))).toMatchObject({
		parameter: 'Max Videos',
		description: 'x is not defined. Nothing was sent.',
	});
});

test('a locator whose expression fails is named itself, and so are rows', () => {
	const evaluate = (): unknown => {
		throw new ExpressionError('x is not defined');
	};
	const parameters = new ItemParameters(0, evaluate, {
		startImage: { __rl: true, mode: 'url', value: '={{ x }}' },
		subjects: { subject: [{ name: '={{ x }}' }] },
	});
	expect(failure(() => parameters.get('startImage')).parameter).toBe('Start Image');
	expect(failure(() => parameters.get('subjects')).parameter).toBe('Subjects');
});

test.each<[string, unknown]>([
	['undefined', undefined],
	['null', null],
	['an empty text', ''],
	['an empty list', []],
	['an empty object', {}],
])('%s is a collection without entries', (_name, options) => {
	expect(item({ options }).collection('options')).toEqual({});
	expect(item({ options }).option('seed')).toBeUndefined();
});

test.each<[string, unknown]>([
	['a text', 'x'],
	['a number', 0],
	['a switch', true],
	['a list', [1]],
])('%s is no collection', (_name, options) => {
	expect(failure(() => item({ options }).option('seed'))).toMatchObject({
		parameter: 'Video Options',
		headline: 'Video Options cannot be read',
	});
});

test('an entry in another collection than its own is told, and where it belongs', () => {
	expect(failure(() => item({ options: { maxVideos: 3 } }).checkPlaces())).toMatchObject({
		parameter: 'Max Videos',
		headline: 'Max Videos is not looked for in Video Options',
		description: 'Move it to Limits and Waiting ("limits"). Nothing was sent.',
	});
	expect(failure(() => item({ limits: { fileName: 'x' } }).checkPlaces()).parameter).toBe('File Name');
	expect(() =>
		item({ options: { seed: 1, nonsense: 1 }, limits: { maxVideos: 3 }, files: { payload: 'x' } }).checkPlaces(),
	).not.toThrow();
});

test('what is written can be told from what it gives', () => {
	const parameters = item({ model: 'viduq3-pro' }, { model: '={{ $json.model }}' });
	expect([parameters.get('model'), parameters.written('model'), parameters.written('toString')]).toEqual([
		'viduq3-pro',
		'={{ $json.model }}',
		undefined,
	]);
});

test('n8n is asked for the item in a run, and for none in a webhook', () => {
	const getNodeParameter = jest.fn(() => 'x');
	const context = { getNodeParameter, getNode: () => ({ parameters: { model: '=x' } }) };
	const ofItem = itemParameters(context as unknown as IExecuteFunctions, 7);
	expect([ofItem.itemIndex, ofItem.get('model'), ofItem.written('model')]).toEqual([7, 'x', '=x']);
	expect(webhookParameters(context as unknown as IWebhookFunctions).get('events')).toBe('x');
	expect(getNodeParameter.mock.calls).toEqual([
		['model', 7, null],
		['events', null],
	]);
});

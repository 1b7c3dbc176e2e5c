import type { IExecuteFunctions } from 'n8n-workflow';

import { VIDU_BACKENDS } from '../../../../lib/n8n/backends';
import { readListing } from '../../../../lib/n8n/input/filters';
import { InvalidInput } from '../../../../lib/n8n/input/invalidInput';
import { ItemParameters } from '../../../../lib/n8n/input/parameters';
import { readDelivery, readSettings, readWait, withTimeLeft } from '../../../../lib/n8n/input/settings';
import { readTarget } from '../../../../lib/n8n/input/target';
import { readTriggerSettings } from '../../../../lib/n8n/input/triggerSettings';

/** What people, sheets and expressions write, and what is made of it: understood, or refused by name. */

type Values = Record<string, unknown>;

const item = (values: Values, written: Values = {}) => new ItemParameters(0, (name) => values[name], written as never);
const context = (type = 'vidu', mode = 'manual') =>
	({ getNode: () => ({ type }), getMode: () => mode }) as unknown as IExecuteFunctions;

function refusal(act: () => unknown): string {
	try {
		act();
	} catch (cause) {
		if (!(cause instanceof InvalidInput)) throw cause;
		expect(cause.failure.headline).toContain(cause.failure.parameter);
		return cause.failure.headline;
	}
	throw new Error('It was taken');
}

/** Of no use to any parameter but those that take whatever there is. */
const ODD: unknown[] = [NaN, [[]], { a: 1 }, [1, 'x', {}]];
const LEFT_OUT: unknown[] = [undefined, null, '', ' '];

const settings = (limits: Values, more: Values = {}) => readSettings(context(), item({ limits, ...more }), true);
const delivery = (files: Values, more: Values = {}) => readDelivery(context(), item({ files, ...more }), true);
const listing = (filters: Values, more: Values = {}) =>
	readListing(item({ filters, ...more }), VIDU_BACKENDS[0].provider);

interface Row {
	name: string;
	label: string;
	read(value: unknown): unknown;
	taken: Array<[unknown, unknown]>;
	refused: unknown[];
	fallback: unknown;
}

const NUMBERS_TAKEN: Array<[unknown, unknown]> = [
	[5, 5],
	['5', 5],
	[' 5 ', 5],
	['1e2', 100],
	[0.5, 0.5],
	[1e21, 1e21],
];
const NO_NUMBERS = [...ODD, 0, -1, '0', 'x', 'FALSE', true, Infinity, 'NaN', [], 'x'.repeat(100_000)];
const ON_OFF: Array<[unknown, unknown]> = [
	[true, true],
	[false, false],
	['FALSE', false],
	['no', false],
	[0, false],
	[1, true],
	[' Yes ', true],
];
const NO_SWITCHES = [...ODD, 2, 'maybe', 'undefined', [], 1e21, 'x'.repeat(100_000)];
const NAMES: Array<[unknown, unknown]> = [
	['clip', 'clip'],
	[7, '7'],
	['FALSE', 'FALSE'],
	['constructor', 'constructor'],
];
const NO_NAMES = [...ODD, true, [], 'undefined', 'null', 'NaN', '[object Object]', '__proto__'];
const DATES: Array<[unknown, unknown]> = [
	['2026-11-25', '2026-11-25T00:00:00.000Z'],
	['2026-11-25T18:00:00+01:00', '2026-11-25T17:00:00.000Z'],
	[0, '1970-01-01T00:00:00.000Z'],
	[['2026-11-25'], '2026-11-25T00:00:00.000Z'],
];
const NO_DATES = [
	...ODD,
	'yesterday',
	'2026-13-45',
	'item 3',
	'5',
	true,
	1e21,
	[],
	'FALSE',
	['2026-11-25', '2026-11-26'],
];
const WORDS: Array<[unknown, unknown]> = [
	['a, b;c', ['a', 'b', 'c']],
	[
		['a', 2],
		['a', '2'],
	],
	[2, ['2']],
	['half\ud800', ['half']],
];
const NO_WORDS = [NaN, [[]], { a: 1 }, [1, {}], true, Infinity];

const ROWS: Row[] = [
	...['maxVideos', 'maxCredits', 'maxConcurrency'].map((name): Row => ({
		name,
		label: { maxVideos: 'Max Videos', maxCredits: 'Max Credits', maxConcurrency: 'Max Concurrency' }[name]!,
		read: (value) => (settings({ [name]: value }) as unknown as Values)[name],
		taken: NUMBERS_TAKEN,
		refused: NO_NUMBERS,
		fallback: undefined,
	})),
	{
		name: 'maxWaitMinutes',
		label: 'Max Wait (Minutes)',
		read: (value) => settings({ maxWaitMinutes: value }).maxWaitMs / 60_000,
		taken: NUMBERS_TAKEN,
		refused: NO_NUMBERS,
		fallback: 30,
	},
	{
		name: 'pollIntervalSeconds',
		label: 'Poll Interval (Seconds)',
		read: (value) => settings({ pollIntervalSeconds: value }).pollIntervalMs,
		taken: NUMBERS_TAKEN.map(([value, number]) => [value, Number(number) * 1000]),
		refused: NO_NUMBERS,
		fallback: undefined,
	},
	{
		name: 'cancelOnStop',
		label: 'Cancel on Stop',
		read: (value) => settings({ cancelOnStop: value }).cancelOnStop,
		taken: ON_OFF,
		refused: NO_SWITCHES,
		fallback: true,
	},
	{
		name: 'waitForCompletion',
		label: 'Wait for Completion',
		read: (value) => readWait(item({ waitForCompletion: value })),
		taken: ON_OFF,
		refused: NO_SWITCHES,
		fallback: true,
	},
	{
		name: 'waitMode',
		label: 'Wait Mode',
		read: (value) => settings({}, { waitMode: value }).parks,
		taken: [
			['poll', false],
			['callback', true],
			[' Callback', true],
		],
		refused: [...ODD, 'x', true, 0, [], 'toString'],
		fallback: false,
	},
	{
		name: 'simplify',
		label: 'Simplify',
		read: (value) => delivery({ simplify: value }).simplify,
		taken: ON_OFF,
		refused: NO_SWITCHES,
		fallback: true,
	},
	{
		name: 'downloadVideo',
		label: 'Download File',
		read: (value) => delivery({}, { downloadVideo: value }).download !== undefined,
		taken: ON_OFF,
		refused: NO_SWITCHES,
		fallback: true,
	},
	{
		name: 'binaryPropertyName',
		label: 'Put Output File in Field',
		read: (value) => delivery({}, { binaryPropertyName: value }).download!.field,
		taken: NAMES,
		refused: NO_NAMES,
		fallback: 'data',
	},
	{
		name: 'coverField',
		label: 'Put Cover Image in Field',
		read: (value) => delivery({ coverField: value }).download!.coverField,
		taken: NAMES,
		refused: NO_NAMES,
		fallback: undefined,
	},
	{
		name: 'maxFileMegabytes',
		label: 'Max File Size (MB)',
		read: (value) => delivery({ maxFileMegabytes: value }).download!.maxBytes,
		taken: [
			[5, 5 * 1024 * 1024],
			['0.5', 512 * 1024],
			// JSON knows no Infinity
			[1e308, Number.MAX_SAFE_INTEGER],
		],
		refused: NO_NUMBERS,
		fallback: 1024 * 1024 * 1024,
	},
	{
		// a file has a name of its own where an expression gives none
		name: 'fileName',
		label: 'File Name',
		read: (value) => delivery({ fileName: value }).download!.givenName,
		taken: [['clip', 'clip'], [7, '7'], ...[{ a: 1 }, [], true].map((odd): [unknown, unknown] => [odd, undefined])],
		refused: [],
		fallback: undefined,
	},
	{
		name: 'returnAll',
		label: 'Return All',
		read: (value) => listing({}, { returnAll: value }).limit === Infinity,
		taken: ON_OFF,
		refused: NO_SWITCHES,
		fallback: false,
	},
	{
		name: 'limit',
		label: 'Limit',
		read: (value) => listing({}, { limit: value }).limit,
		taken: [
			[5, 5],
			['5', 5],
			[1e21, 1e21],
		],
		refused: [...NO_NUMBERS, 0.5, '1.5'],
		fallback: 50,
	},
	...(['createdAfter', 'createdBefore'] as const).map((name): Row => ({
		name,
		label: name === 'createdAfter' ? 'Created After' : 'Created Before',
		read: (value) => listing({ [name]: value }).filters[name],
		taken: DATES,
		refused: NO_DATES,
		fallback: undefined,
	})),
	...(['modelVersions', 'resolutions', 'states'] as const).map((name): Row => ({
		name,
		label: { modelVersions: 'Model Versions', resolutions: 'Resolutions', states: 'States' }[name],
		read: (value) => listing({ [name]: value }).filters[name],
		taken: WORDS,
		refused: NO_WORDS,
		fallback: undefined,
	})),
	{
		name: 'taskIds',
		label: 'Task IDs',
		read: (value) => listing({ taskIds: value }).filters.taskIds,
		taken: [
			['876543210123456789, 876543210123456790', ['876543210123456789', '876543210123456790']],
			[[], undefined],
		],
		refused: ['latest', { a: 1 }, true, [NaN].map(() => 'x y')],
		fallback: undefined,
	},
];

describe.each(ROWS)('$label', ({ label, read, taken, refused, fallback }) => {
	test.each(taken)('understands %j', (value, expected) => {
		expect(read(value)).toEqual(expected);
	});
	test.each(LEFT_OUT.map((value) => [value]))('takes %j as left out', (value) => {
		expect(read(value)).toEqual(fallback);
	});
	if (refused.length > 0)
		test('refuses all else by its name, and shows no more of it than is worth reading', () => {
			for (const value of refused) {
				const headline = refusal(() => read(value));
				expect(headline).toMatch(new RegExp(`^${label.replace(/[()]/g, '\\$&')} `));
				expect(headline.length).toBeLessThan(140);
			}
		});
});

test('off-peak tasks may take two days unless a limit is set', () => {
	expect(settings({}).offPeakWaitMs).toBe(48 * 3_600_000);
	expect(settings({ maxWaitMinutes: 5 }).offPeakWaitMs).toBeUndefined();
});

test('what reading the items took is no time to wait any more, but for a moment to order in', () => {
	const tool = readSettings(context('viduTool'), item({}), true);
	expect([0, 20_000, 90_000].map((tookMs) => withTimeLeft(tool, tookMs).answerWithinMs)).toEqual([
		45_000, 25_000, 5_000,
	]);
	expect(withTimeLeft({ ...tool, answerWithinMs: 3_000 }, 1_000).answerWithinMs).toBe(3_000);
	const run = readSettings(context(), item({}), true);
	expect(withTimeLeft(run, 20_000)).toBe(run);
});

test('a tool neither parks nor downloads, and answers shortly; a sub-workflow polls', () => {
	const tool = { ...context('viduTool') };
	expect(readSettings(tool, item({ waitMode: 'callback' }), true)).toMatchObject({
		parks: false,
		pollsAsSubWorkflow: false,
	});
	for (const wait of [true, false]) expect(readSettings(tool, item({}), wait).answerWithinMs).toBe(45_000);
	expect(readSettings(tool, item({ limits: { maxWaitMinutes: 0.5 } }), true).answerWithinMs).toBe(30_000);
	expect(readSettings(context(), item({}), true).answerWithinMs).toBeUndefined();
	expect(readDelivery(tool, item({ files: { simplify: false } }), true)).toEqual({ simplify: true });
	const asked = { ...context(), isToolExecution: () => true };
	expect(readDelivery(asked as never, item({}), true)).toEqual({ simplify: true });
	expect(readSettings(context('vidu', 'integrated'), item({ waitMode: 'callback' }), true)).toMatchObject({
		parks: false,
		pollsAsSubWorkflow: true,
	});
	expect(readSettings(context(), item({ waitMode: 'callback' }), false)).toMatchObject({
		until: 'submitted',
		parks: false,
	});
	expect(readDelivery(context(), item({}), false)).toEqual({ simplify: true });
});

describe('what a run is to do', () => {
	const target = (values: Values, written: Values = {}, others: Values[] = []) => {
		const { backend, resource, operation } = readTarget(item(values, written), VIDU_BACKENDS, () =>
			others.map((other) => item(other)),
		);
		return [backend.catalogue.provider, resource, operation];
	};
	test('a workflow by hand may leave out what the panel shows first', () => {
		expect(target({ operation: 'textToVideo' })).toEqual(['vidu', 'video', 'textToVideo']);
		expect(target({ provider: 'zhipu', resource: 'task', operation: 'get' })).toEqual(['zhipu', 'task', 'get']);
	});
	test.each<[string, Values, string]>([
		['no operation', {}, 'Operation is missing'],
		['a resource without one', { resource: 'tasks' }, 'Operation of Resource "tasks" is missing'],
		['an unknown provider', { provider: 'kling', operation: 'get' }, 'Provider "kling" is not offered'],
		['a provider that is no text', { provider: 5, operation: 'get' }, 'Provider "5" is not offered'],
		['a resource that is no text', { resource: ['task'], operation: 'get' }, 'Resource "["task"]" is not offered'],
		['an operation that is no text', { operation: {} }, 'Operation "{}" is not offered'],
	])('%s is refused by name', (_name, values, headline) => {
		expect(refusal(() => target(values))).toBe(headline);
	});
	test('what holds for all items must be the same for all', () => {
		const first = { provider: 'vidu', operation: 'textToVideo' };
		const written = { provider: '={{ $json.provider }}', operation: '={{ $json.operation }}' };
		expect(target(first, written, [first, { ...first, operation: 'imageToVideo' }])).toEqual([
			'vidu',
			'video',
			'textToVideo',
		]);
		expect(refusal(() => target(first, written, [first, { ...first, provider: 'zhipu' }]))).toBe(
			'Provider differs from item to item',
		);
		const task = { provider: 'vidu', resource: 'task', operation: 'get' };
		expect(refusal(() => target(task, written, [{ ...task, operation: 'cancel' }]))).toBe(
			'Operation differs from item to item',
		);
	});
});

describe('the trigger', () => {
	const read = (values: Values) => {
		const warnings: string[] = [];
		return { ...readTriggerSettings(item(values), (message) => warnings.push(message)), warnings };
	};
	const SAFE = {
		events: ['succeeded', 'failed'],
		windowMs: 300_000,
		requireSignature: true,
		readTask: true,
		downloadVideo: false,
		field: 'data',
		simplify: true,
	};
	test('left alone it is on the safe side', () => {
		expect(read({})).toEqual({ ...SAFE, warnings: [] });
	});
	test('understands what is set, and no events as none', () => {
		expect(
			read({
				events: [],
				readTask: 'no',
				downloadVideo: 1,
				binaryPropertyName: 'clip',
				options: { replayWindowMinutes: '10', requireSignature: 'FALSE', simplify: 0 },
			}),
		).toEqual({
			events: [],
			windowMs: 600_000,
			requireSignature: false,
			readTask: false,
			downloadVideo: true,
			field: 'clip',
			simplify: false,
			warnings: [],
		});
		expect(read({ events: 'succeeded' }).events).toEqual(['succeeded']);
	});
	test.each<[string, Values, string]>([
		['events', { events: [{}] }, 'Events "[{}]" is not a list of words: taken as succeeded, failed'],
		['a switch', { readTask: 'maybe' }, 'Confirm with Vidu "maybe" is neither on nor off: taken as on'],
		['a field', { binaryPropertyName: {} }, 'Put Output File in Field "{}" is not a name for a field: taken as data'],
		[
			'a number',
			{ options: { replayWindowMinutes: 'x' } },
			'Replay Window (Minutes) "x" is not a number above 0: taken as 5',
		],
	])('%s that is none of its kind is told, and the safe side taken', (_name, values, warning) => {
		expect(read(values)).toEqual({ ...SAFE, warnings: [warning] });
	});
	test('an expression that fails opens nothing', () => {
		const failing = new ItemParameters(
			0,
			() => {
				throw new Error('x is not defined');
			},
			{},
		);
		const warn = jest.fn();
		expect(readTriggerSettings(failing, warn)).toEqual(SAFE);
		expect(warn).toHaveBeenCalledTimes(7);
	});
});

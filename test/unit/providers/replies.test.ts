import {
	asNumber,
	asRecord,
	asText,
	firstOf,
	isTaskId,
	mentionedId,
	readExpiry,
	readTime,
	taskIdFinder,
	toCamelCase,
	toWire,
} from '../../../lib/providers/replies';

describe('until when a link works', () => {
	test.each([
		['Amazon', 'https://a.example/v.mp4?X-Amz-Date=20251227T193032Z&X-Amz-Expires=86400', '2025-12-28T19:30:32.000Z'],
		['Alibaba', 'https://a.example/v.mp4?x-oss-date=20260901T000000Z&x-oss-expires=3600', '2026-09-01T01:00:00.000Z'],
		['a link of the first day that counts', 'https://a.example/v.mp4?Expires=1577836800', '2020-01-01T00:00:00.000Z'],
		['CloudFront', 'https://a.example/v.mp4?Expires=1798761600&Signature=a~b', '2027-01-01T00:00:00.000Z'],
	])('%s says so in the query', (_name, url, expected) => {
		expect(readExpiry(url)).toBe(expected);
	});

	test.each([
		undefined,
		'',
		'no link',
		'https://a.example/v.mp4',
		'https://a.example/v.mp4?Expires=1',
		'https://a.example/v.mp4?Expires=soon',
		'https://a.example/v.mp4?Expires=Thu%2C%2001%20Jan%202027',
		'https://a.example/v.mp4?X-Amz-Date=20251227&X-Amz-Expires=86400',
		'https://a.example/v.mp4?X-Amz-Date=20251227T193032Z',
		'https://a.example/v.mp4?X-Amz-Expires=86400',
		'https://a.example/v.mp4?X-Amz-Date=120251227T193032Z&X-Amz-Expires=86400',
		'https://a.example/v.mp4?X-Amz-Date=20251227T193032ZZ&X-Amz-Expires=86400',
		'https://a.example/v.mp4?X-Amz-Date=20251227T193032Z&X-Amz-Expires=86400s',
		'https://a.example/v.mp4?X-Amz-Date=20251227T193032Z&X-Amz-Expires=in86400',
		'https://a.example/v.mp4?X-Amz-Date=20251227T193032Z&X-Amz-Expires=1234567890',
		'https://a.example/v.mp4?Expires=17987616000',
		'https://a.example/v.mp4?Expires=x1798761600',
		'https://a.example/v.mp4?Expires=1798761600x',
		'https://a.example/v.mp4?Expires=1577836799',
	])('is not known from %j', (url) => {
		expect(readExpiry(url)).toBeUndefined();
	});
});

describe('a task id that an unclear answer mentions', () => {
	const ID = '876543210123456789';
	const OTHER = '876543210123456790';

	test.each<[string, unknown]>([
		['task_id', { task_id: ID }],
		['taskId', { taskId: ID }],
		['id', { id: ID }],
		['data.id', { code: 0, data: { id: ID } }],
		['data.task_id', { data: { task_id: ID } }],
		['data as a list of one', { data: [{ task_id: ID }] }],
		['result.task.id', { result: { task: { id: ID } } }],
		['output.task_id', { output: { task_id: ID }, request_id: OTHER }],
		['metadata.task_id', { code: 409, reason: 'Conflict', metadata: { task_id: ID, trace_id: OTHER } }],
		['error.task_id', { error: { code: 'x', task_id: ID } }],
		...['data', 'result', 'output', 'response', 'task'].map((name): [string, unknown] => [
			`${name}.id`,
			{ [name]: { id: ID } },
		]),
		...['error', 'metadata', 'detail', 'details'].map((name): [string, unknown] => [
			`${name}.taskId`,
			{ [name]: { taskId: ID, id: OTHER } },
		]),
		['the first of several', { task_id: ID, data: { task_id: OTHER } }],
		['an id that only holds the word of another', { task_id: ID, id: 'abc_req-12345678' }],
		['what is called a task before what is called an id', { id: OTHER, data: { task_id: ID } }],
	])('is found as %s', (_name, body) => {
		expect(mentionedId(body, isTaskId)).toBe(ID);
	});

	test('has eight characters or more, and may hold the word of something else', () => {
		expect(mentionedId({ id: '1234567' }, isTaskId)).toBeUndefined();
		expect(mentionedId({ id: '12345678' }, isTaskId)).toBe('12345678');
		expect(mentionedId({ id: 'my-req-12345678' }, isTaskId)).toBe('my-req-12345678');
	});

	test.each(['req-', 'request_', 'trace-', 'log_', 'err-', 'error_', 'MSG-', 'span_', 'user-', 'key_', 'org-'])(
		'does not begin with %s',
		(start) => {
			expect(mentionedId({ task_id: `${start}12345678` }, isTaskId)).toBeUndefined();
		},
	);

	test('is text though it came as a number', () => {
		expect(mentionedId({ task_id: 87654321012345 }, isTaskId)).toBe('87654321012345');
	});

	test.each<[string, unknown]>([
		['a page', `<html>${ID}</html>`],
		['nothing', undefined],
		['a list', [{ task_id: ID }]],
		[
			'request and trace ids',
			{ request_id: ID, requestId: ID, trace_id: ID, metadata: { trace_id: ID, request_id: ID } },
		],
		['the id of an error or of a trace', { error: { id: ID }, metadata: { id: ID } }],
		['the id of a request', { id: 'req-12345678' }],
		['the id of a log entry', { id: 'log_12345678' }],
		['the id of something else', { creations: [{ id: ID }], user: { id: ID }, key_id: ID, data: { user: { id: ID } } }],
		['a price', { credits: 87654321012345, data: { price: ID } }],
		['a short number', { id: 1, data: { id: '42' } }],
		['a rounded number', { task_id: '8.7654321012345e+17' }],
		['a word', { task_id: 'undefined', id: 'NotFound' }],
		['an id too deep', { data: { result: { output: { task_id: ID } } } }],
		['two tasks in a list', { data: [{ task_id: ID }, { task_id: OTHER }] }],
	])('is not taken from %s', (_name, body) => {
		expect(mentionedId(body, isTaskId)).toBeUndefined();
	});
});

describe('a time that a service names', () => {
	test.each([
		['seconds', 1_775_800_000, '2026-04-10T05:46:40.000Z'],
		['seconds as text', '1775800000', '2026-04-10T05:46:40.000Z'],
		['milliseconds', 1_775_800_000_123, '2026-04-10T05:46:40.123Z'],
		['seconds of the year 2001, the first that count', 100_000_000, '1973-03-03T09:46:40.000Z'],
		['milliseconds, the first that cannot be seconds', 100_000_000_000, '1973-03-03T09:46:40.000Z'],
		['a date of ISO 8601, as it came', '2026-04-10T05:46:40+08:00', '2026-04-10T05:46:40+08:00'],
		['another date', '2026-04-10 05:46:40Z', '2026-04-10T05:46:40.000Z'],
		['a date in words', 'Fri, 10 Apr 2026 05:46:40 GMT', '2026-04-10T05:46:40.000Z'],
	])('is read from %s', (_name, value, time) => {
		expect(readTime(value)).toBe(time);
	});

	test.each([undefined, null, '', 'soon', 12, 17_758_000_001_234, NaN, {}, [], true, 'x1775800000', '1775800000x'])(
		'is not known from %j',
		(value) => {
			expect(readTime(value)).toBeUndefined();
		},
	);
});

describe('values of the type they ought to have', () => {
	test.each([
		['a', 'a'],
		['', undefined],
		[7, '7'],
		[0, '0'],
		[NaN, undefined],
		[Infinity, undefined],
		[true, undefined],
		[null, undefined],
		[undefined, undefined],
		[{}, undefined],
		[['a'], undefined],
		[7n, undefined],
	])('%p is the text %j', (value, text) => {
		expect(asText(value)).toBe(text);
	});

	test.each([
		[7, 7],
		[0, 0],
		[NaN, undefined],
		[Infinity, undefined],
		['7', undefined],
		[null, undefined],
		[[7], undefined],
	])('%p is the number %j', (value, number) => {
		expect(asNumber(value)).toBe(number);
	});

	test.each([
		[{ a: 1 }, { a: 1 }],
		[[{ a: 1 }], {}],
		['a', {}],
		[null, {}],
		[undefined, {}],
	])('%j is the object %j', (value, record) => {
		expect(asRecord(value)).toEqual(record);
	});

	test.each([
		[[{ a: 1 }, { b: 2 }], { a: 1 }],
		[[], {}],
		[['a'], {}],
		[{ 0: { a: 1 } }, {}],
		[undefined, {}],
	])('%j begins with the object %j', (value, record) => {
		expect(firstOf(value)).toEqual(record);
	});
});

test('fields travel under the names of the API', () => {
	expect(toWire({ movementAmplitude: 'auto', isRec: true, seed: 0, aB_CD: null })).toEqual({
		movement_amplitude: 'auto',
		is_rec: true,
		seed: 0,
		a_b__c_d: null,
	});
});

test.each([
	['876543210123456789', true],
	['a1', true],
	['x'.repeat(127) + '1', true],
	['x'.repeat(128) + '1', false],
	['1.23E+18', false],
	['abc', false],
	['-1', false],
	['', false],
	['a 1', false],
	['1 a', false],
])('%j can be a task id: %s', (text, is) => {
	expect(isTaskId(text)).toBe(is);
});

describe('ids in a text that was pasted', () => {
	const find = taskIdFinder(/\b\d{8,}\b/g);

	test.each([
		['each once, in order', '12345678, 87654321 and 12345678', ['12345678', '87654321']],
		['none', 'nothing here', []],
		['not those of other addresses', 'see https://a.example/v/12345678.mp4 87654321', ['87654321']],
		['not those of other addresses without TLS', 'see http://a.example/v/12345678', []],
		['but those of tasks', 'GET https://a.example/ent/v2/tasks/12345678/creations', ['12345678']],
		['but that of one task', 'GET http://a.example/v1/task/12345678', ['12345678']],
		['but those of results', 'GET https://a.example/api/async-result/12345678', ['12345678']],
		['in an address up to its end only', '"https://a.example/x" 12345678 /tasks/', ['12345678']],
		[
			'with a task in another address behind it',
			'https://a.example/12345678 https://a.example/tasks/87654321',
			['87654321'],
		],
		['not those of requests', '{"request_id":"12345678","id":"87654321"}', ['87654321']],
		['not those of traces', 'trace id: 12345678', []],
		['not those of logs', 'log-id = 12345678', []],
		['not those of logs in one word', 'LogId:12345678', []],
		['not those of requests behind lines', 'requestId"  :\n "12345678"', []],
		['but one behind another word', 'catalogid 12345678', ['12345678']],
		['not with the rest of the id of a request', 'request_id:ab-12345678', []],
	])('%s', (_name, text, ids) => {
		expect(find(text)).toEqual(ids);
	});
});

test.each([
	['voice_id', 'voiceId'],
	['movement_amplitude_2', 'movementAmplitude_2'],
	['_a_b_c', 'ABC'],
	['model', 'model'],
])('%s is called %s here', (name, called) => {
	expect(toCamelCase(name)).toBe(called);
});

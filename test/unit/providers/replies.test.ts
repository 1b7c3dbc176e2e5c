import { isTaskId, mentionedId, readExpiry } from '../../../lib/providers/replies';

describe('until when a link works', () => {
	test.each([
		['Amazon', 'https://a.example/v.mp4?X-Amz-Date=20251227T193032Z&X-Amz-Expires=86400', '2025-12-28T19:30:32.000Z'],
		['Alibaba', 'https://a.example/v.mp4?x-oss-date=20260901T000000Z&x-oss-expires=3600', '2026-09-01T01:00:00.000Z'],
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
		['what is called a task before what is called an id', { id: OTHER, data: { task_id: ID } }],
	])('is found as %s', (_name, body) => {
		expect(mentionedId(body, isTaskId)).toBe(ID);
	});

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

import type { Order } from '../../../lib/core/job';
import type { HttpReply } from '../../../lib/core/http';
import type { DiagnosisKind } from '../../../lib/core/provider';
import { readJson } from '../../../lib/core/json';
import { zhipu } from '../../../lib/providers/zhipu';
import { reportIn, taskIn } from './read';

const LOG_ID = '20260710221530abc';
const reply = (body: unknown, status = 200): HttpReply => ({
	status,
	headers: { 'x-log-id': LOG_ID },
	body: typeof body === 'string' ? readJson(body) : body,
});
/** The shape recorded on both hosts: the code is a string. */
const refusal = (code: string, status: number, message = 'in the words of Zhipu') =>
	reply({ error: { code, message } }, status);

const order = (changes: Partial<Order>, inputs: Order['inputs'] = {}): Order => ({
	operation: 'imageToVideo',
	model: 'cogvideox-3',
	fields: {},
	inputs,
	...changes,
});

describe('an order', () => {
	test.each([
		['textToVideo', [], undefined],
		['imageToVideo', ['a'], 'a'],
		['startEndToVideo', ['a', 'b'], ['a', 'b']],
		['referenceToVideo', ['a'], ['a']],
		['referenceToVideo', ['a', 'b', 'c'], ['a', 'b', 'c']],
	] as const)('%s of %j has the image_url %j', (operation, images, image_url) => {
		const { body } = zhipu.submit(order({ operation }, images.length > 0 ? { images } : {}));
		expect(body).toStrictEqual({ model: 'cogvideox-3', ...(image_url ? { image_url } : {}) });
	});

	test('holds nothing the user did not add', () => {
		const { body } = zhipu.submit(
			order({ operation: 'textToVideo', model: 'cogvideox-flash', fields: { prompt: 'a cat' } }),
		);
		expect(body).toStrictEqual({ model: 'cogvideox-flash', prompt: 'a cat' });
	});

	test('takes Extra Fields last, so that they win and may hold a request_id', () => {
		const { body } = zhipu.submit(
			order({
				operation: 'textToVideo',
				fields: { prompt: 'a cat', withAudio: false },
				extraFields: { with_audio: true, request_id: 'r-1' },
			}),
		);
		expect(body).toStrictEqual({
			model: 'cogvideox-3',
			prompt: 'a cat',
			with_audio: true,
			request_id: 'r-1',
		});
	});
});

describe('the answer to an order', () => {
	test('names the task, whose id stays text beyond 2^53', () => {
		const task = taskIn(
			zhipu,
			reply('{"id":8868902201637896192,"request_id":"r","model":"cogvideox-3","task_status":"PROCESSING"}'),
		);
		expect(task).toMatchObject({
			taskId: '8868902201637896192',
			state: 'processing',
			providerState: 'PROCESSING',
			model: 'cogvideox-3',
		});
	});

	test('may say FAIL at once; the id survives', () => {
		const task = taskIn(zhipu, reply({ id: '202602131558003a', task_status: 'FAIL' }));
		expect(task).toMatchObject({
			taskId: '202602131558003a',
			state: 'failed',
			diagnosis: { kind: 'transient', traceId: LOG_ID },
		});
	});

	test('without a word on its state counts as not finished', () => {
		expect(taskIn(zhipu, reply({ id: '1' }))).toMatchObject({ taskId: '1', state: 'unknown' });
	});

	test.each([
		['no id', { task_status: 'PROCESSING' }],
		['an empty id', { id: '', task_status: 'PROCESSING' }],
		['FAIL without an id', { task_status: 'FAIL' }],
		['a refusal inside HTTP 200', { msg: 'internal', code: 500 }],
		// recorded on another endpoint of the gateway: the id is of the request, nothing was ordered
		['a refusal that has an id', { id: '1', status: 'failed', error: { code: '1113', message: 'top up' } }],
		['a refusal with a number as code', { id: '1', error: { code: 1302 } }],
		['a page', '<html>502 Bad Gateway</html>'],
		['nothing', ''],
	])('is no task with %s', (_name, body) => {
		expect(taskIn(zhipu, reply(body))).toBeUndefined();
	});

	test.each([201, 202])('is a task with HTTP %i too', (status) => {
		expect(taskIn(zhipu, reply({ id: '1', task_status: 'PROCESSING' }, status))).toMatchObject({ taskId: '1' });
	});

	test('is a task though an error without a code stands beside its id', () => {
		for (const error of [null, {}, { code: '' }, { code: 0, message: 'success' }])
			expect(taskIn(zhipu, reply({ id: '1', error }))).toMatchObject({ taskId: '1' });
	});

	test('is a task though an error with a code stands beside its state', () => {
		const body = { id: '1', task_status: 'PROCESSING', error: { code: '1113' } };
		expect(taskIn(zhipu, reply(body))).toMatchObject({ taskId: '1', state: 'processing' });
	});

	test('is no task with an HTTP error status', () => {
		expect(taskIn(zhipu, reply({ id: '1', task_status: 'PROCESSING' }, 500))).toBeUndefined();
	});
});

describe('the answer to a question', () => {
	test('brings the link as it is', () => {
		const url =
			'https://maas-watermark-prod.cn-wlcb.ufileos.com/v.mp4?UCloudPublicKey=a%2Fb&Signature=x%2B%3D&Expires=1';
		const body = {
			id: '1',
			model: 'viduq1-text',
			request_id: 'r',
			task_status: 'SUCCESS',
			video_result: [{ url, cover_image_url: 'https://example.com/c.png' }],
		};
		expect(reportIn(zhipu, reply(body))).toStrictEqual({
			state: 'succeeded',
			providerState: 'SUCCESS',
			videoUrl: url,
			coverUrl: 'https://example.com/c.png',
			model: 'viduq1-text',
			response: body,
		});
	});

	test.each([
		['PROCESSING', 'processing'],
		['SUBMITTED', 'processing'],
		['QUEUEING', 'unknown'],
		['constructor', 'unknown'],
		['', 'unknown'],
	])('"%s" is %s', (said, state) => {
		expect(reportIn(zhipu, reply({ task_status: said }))).toMatchObject({ state, providerState: said });
	});

	test.each([
		['no list', {}],
		['an empty list', { video_result: [] }],
		['an entry without a link', { video_result: [{ url: '', cover_image_url: 'https://example.com/c' }] }],
	])('SUCCESS with %s stays a success, for the file may be on its way', (_name, result) => {
		const report = reportIn(zhipu, reply({ task_status: 'SUCCESS', ...result }));
		expect(report).toMatchObject({ state: 'succeeded', providerState: 'SUCCESS' });
		expect(report).not.toHaveProperty('videoUrl');
		expect(report).not.toHaveProperty('diagnosis');
	});

	test.each([
		['no reason', {}, { kind: 'transient' }],
		[
			'an object',
			{ error: { code: '1301', message: 'unsafe' } },
			{ kind: 'content', code: '1301', providerMessage: 'unsafe' },
		],
		['a text', { error: 'no GPU' }, { kind: 'transient', providerMessage: 'no GPU' }],
		['a message beside it', { message: 'no GPU' }, { kind: 'transient', providerMessage: 'no GPU' }],
		['a code beside it', { code: 1214, message: 'size' }, { kind: 'permanent', code: '1214', providerMessage: 'size' }],
		['a code nobody documents', { error: { code: '9999' } }, { kind: 'permanent', code: '9999' }],
	])('FAIL with %s is a failed task', (_name, fields, diagnosis) => {
		const body = { task_status: 'FAIL', ...fields };
		expect(reportIn(zhipu, reply(body))).toMatchObject({
			state: 'failed',
			providerState: 'FAIL',
			diagnosis: { ...diagnosis, traceId: LOG_ID },
			response: body,
		});
	});

	test('a failed task is never taken for a busy account', () => {
		const report = reportIn(zhipu, reply({ task_status: 'FAIL', error: { code: '1302' } }));
		expect(report?.diagnosis).toMatchObject({ kind: 'transient', code: '1302' });
		expect(report?.diagnosis).not.toHaveProperty('busy');
	});

	test.each([
		['a refusal inside HTTP 200', { msg: 'internal', code: 500 }, 200],
		['a refusal', { error: { code: '1302', message: 'slow' } }, 429],
		['a page', '<html>', 502],
		['nothing', '', 200],
	])('is not about the task when it is %s', (_name, body, status) => {
		expect(reportIn(zhipu, reply(body, status))).toBeUndefined();
	});
});

/** Typed from the error pages of BigModel and Z.AI, old copies included: code, HTTP status, meaning. */
const DOCUMENTED: Array<[string, number, DiagnosisKind]> = [
	['-1', 500, 'transient'],
	['500', 500, 'transient'],
	['1000', 401, 'auth'],
	['1001', 401, 'auth'],
	['1002', 401, 'auth'],
	['1003', 401, 'auth'],
	['1004', 401, 'auth'],
	['1005', 401, 'auth'],
	['1100', 500, 'permanent'],
	['1110', 429, 'auth'],
	['1111', 429, 'auth'],
	['1112', 429, 'auth'],
	['1113', 429, 'balance'],
	['1120', 429, 'transient'],
	['1121', 429, 'auth'],
	['1200', 500, 'transient'],
	['1210', 400, 'permanent'],
	['1211', 400, 'permanent'],
	['1212', 400, 'permanent'],
	['1213', 400, 'permanent'],
	['1214', 400, 'permanent'],
	['1215', 400, 'permanent'],
	['1220', 403, 'auth'],
	['1221', 400, 'permanent'],
	['1222', 400, 'permanent'],
	['1230', 500, 'transient'],
	['1231', 400, 'permanent'],
	['1232', 400, 'permanent'],
	['1233', 400, 'permanent'],
	['1234', 500, 'transient'],
	['1235', 500, 'transient'],
	['1260', 400, 'permanent'],
	['1261', 400, 'permanent'],
	['1300', 400, 'content'],
	['1301', 400, 'content'],
	['1302', 429, 'transient'],
	['1303', 429, 'transient'],
	['1304', 429, 'balance'],
	['1305', 429, 'transient'],
	['1308', 429, 'balance'],
	['1309', 429, 'balance'],
	['1310', 429, 'balance'],
	['1311', 429, 'balance'],
	['1312', 429, 'transient'],
	['1313', 429, 'auth'],
	['1314', 429, 'balance'],
	['1315', 429, 'auth'],
	['1316', 429, 'balance'],
	['1317', 429, 'balance'],
	['1318', 429, 'balance'],
	['1319', 429, 'balance'],
	['1320', 429, 'balance'],
	['1321', 429, 'balance'],
];

describe('a refusal', () => {
	test.each(DOCUMENTED)('%s (HTTP %i) is %s', (code, status, kind) => {
		const diagnosis = zhipu.diagnose(refusal(code, status));
		expect(diagnosis).toMatchObject({
			kind,
			code,
			httpStatus: status,
			providerMessage: 'in the words of Zhipu',
			traceId: LOG_ID,
		});
		expect(diagnosis.summary).not.toMatch(/this version/);
		// these two repeat an HTTP status, as any gateway may
		expect(diagnosis.isOwnWords).toBe(['-1', '500'].includes(code) ? undefined : true);
	});

	test('is in its own words in the schema of Z.AI too, and not with a code it does not document', () => {
		expect(zhipu.diagnose(reply({ code: 1000, message: 'no' }, 401)).isOwnWords).toBe(true);
		expect(zhipu.diagnose(reply({ error: { code: '9999', message: 'no' } }, 401))).not.toHaveProperty('isOwnWords');
		expect(zhipu.diagnose(reply('', 434))).not.toHaveProperty('isOwnWords');
	});

	test.each([434, 435])('HTTP %i has a meaning of its own', (status) => {
		const { kind, summary } = zhipu.diagnose(reply('', status));
		expect([kind, summary]).toEqual(
			status === 434
				? ['auth', 'This Zhipu account is not allowed to use the API']
				: ['permanent', 'A file is larger than Zhipu accepts'],
		);
	});

	test('only four of the codes mean "busy, try later"', () => {
		const busy = DOCUMENTED.map(([code, status]) => [code, zhipu.diagnose(refusal(code, status)).busy]);
		expect(busy.filter(([, why]) => why)).toEqual([
			['1302', 'concurrency'],
			['1303', 'rate'],
			['1305', 'model'],
			['1312', 'model'],
		]);
	});

	test.each(['1305', '1312'])('%s speaks of the model, not of the account', (code) => {
		expect(zhipu.diagnose(refusal(code, 429)).summary).toBe('The model is overloaded at Zhipu at the moment');
	});

	test('only an unknown id means an unknown task', () => {
		const unknown = DOCUMENTED.filter(([code, status]) => zhipu.diagnose(refusal(code, status)).unknownTask);
		expect(unknown.map(([code]) => code)).toEqual(['1232', '1233']);
	});

	test.each<[string, unknown, number, object]>([
		['429 without a code', '', 429, { kind: 'transient', busy: 'rate' }],
		['429 that only repeats its status', { error: { code: '429' } }, 429, { busy: 'rate' }],
		['429 with a code nobody documents', { error: { code: '1399' } }, 429, { kind: 'permanent' }],
		['401 without a body', '', 401, { kind: 'auth' }],
		['502 with a page', '<html>', 502, { kind: 'transient', httpStatus: 502 }],
		['503 with a code nobody documents', { error: { code: '1999' } }, 503, { kind: 'transient' }],
		['400 with a text', { error: 'no such field' }, 400, { kind: 'permanent', providerMessage: 'no such field' }],
		['the schema of Z.AI', { code: 1113, message: 'top up' }, 429, { kind: 'balance', code: '1113' }],
		[
			'500 inside HTTP 200',
			{ msg: 'internal', code: 500 },
			200,
			{ kind: 'transient', code: '500', providerMessage: 'internal' },
		],
		['404 inside HTTP 200', { msg: 'gone', code: 404 }, 200, { kind: 'permanent', code: '404' }],
		['a code inside HTTP 200', { error: { code: '1301', message: 'no' } }, 200, { kind: 'content' }],
		['a new code inside HTTP 200', { error: { code: '1399', message: 'no' } }, 200, { kind: 'permanent' }],
		['a new code without an error inside HTTP 200', { code: 1399, msg: 'no' }, 200, { kind: 'permanent' }],
		['code 0 inside HTTP 200', { code: 0, msg: 'success' }, 200, { kind: 'transient' }],
		['words inside HTTP 200', { error: { message: 'no' } }, 200, { kind: 'permanent' }],
		[
			'a code beside an id',
			{ id: '1', status: 'failed', error: { code: '1113' } },
			200,
			{ kind: 'balance', code: '1113' },
		],
		['the page of a proxy', '<html>', 200, { kind: 'transient', summary: 'The answer from Zhipu could not be read' }],
		['nothing', '', 200, { kind: 'transient' }],
	])('%s', (_name, body, status, expected) => {
		expect(zhipu.diagnose(reply(body, status))).toMatchObject(expected);
	});

	test.each([
		['the page of a proxy', '<html>', 200],
		['HTTP 500', '', 500],
		['HTTP 500 with a code', { error: { code: '1234' } }, 500],
		['a new code with 429', { error: { code: '1399' } }, 429],
		['no balance with 429', { error: { code: '1113' } }, 429],
	])('is not "busy, try later": %s', (_name, body, status) => {
		expect(zhipu.diagnose(reply(body, status))).not.toHaveProperty('busy');
	});

	test.each(['1308', '1310', '1316', '1321'])('%s names the time of the reset', (code) => {
		const message = 'Usage limit reached for 5 hour. Your limit will reset at 2026-11-21 03:04:05';
		expect(zhipu.diagnose(refusal(code, 429, message)).advice).toMatch(/^The limit resets at 2026-11-21 03:04:05\. /);
		expect(zhipu.diagnose(refusal(code, 429, 'limit')).advice).not.toMatch(/resets at/);
		expect(zhipu.diagnose(refusal(code, 429, 'until 2026-11-21T03:04')).advice).toMatch(
			/^The limit resets at 2026-11-21T03:04\. /,
		);
		expect(zhipu.diagnose(refusal('1302', 429, message)).advice).not.toMatch(/resets at/);
	});

	test.each([
		['1113', /Top up.*Coding Plan/],
		['1211', /BigModel/],
		['1214', /clear Size, FPS, Duration and Quality/],
	])('%s says what to do', (code, hint) => {
		expect(zhipu.diagnose(refusal(code, 400)).advice).toMatch(hint);
	});
});

test.each([
	['876543210123456789', true],
	['8868902201637896192123456', true],
	['202602131558003a9f', true],
	['202602131558003A9F', true],
	['1.23E+18', false],
	['1.23e18', false],
	['=1', false],
	['undefined', false],
	['[object Object]', false],
	['12345678/../models', false],
	['8765 4321', false],
	['', false],
])('%j as a task id: %s', (text, expected) => {
	expect(zhipu.isTaskId(text)).toBe(expected);
});

test('a task cannot be cancelled, and a link works for a day', () => {
	expect(zhipu.cancel).toBeUndefined();
	expect(zhipu.urlLifetimeSeconds).toBe(86_400);
});

/** The account's page bigmodel.cn/usercenter/proj-mgmt/rate-limits tells how many may be under way, model by model. */
test('each model has a limit of its own', () => {
	expect(zhipu.hasLimitsPerModel).toBe(true);
});

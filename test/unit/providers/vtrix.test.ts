import type { Order } from '../../../lib/core/job';
import type { HttpReply } from '../../../lib/core/http';
import type { DiagnosisKind } from '../../../lib/core/provider';
import { readJson } from '../../../lib/core/json';
import { vtrix } from '../../../lib/providers/vtrix';
import { reportIn, taskIn } from './read';

const reply = (body: unknown, status = 200): HttpReply => ({
	status,
	headers: {},
	body: typeof body === 'string' ? readJson(body) : body,
});

const order = (changes: Partial<Order>, inputs: Order['inputs'] = {}): Order => ({
	operation: 'imageToVideo',
	model: 'vidu20_img2video',
	fields: {},
	inputs,
	...changes,
});

const ID = 'd758n65e000000000000';
const BASE = { id: ID, created_at: 1_775_800_000, model: 'vidu20_img2video' };
const OUTPUT = [{ content: [{ type: 'video', url: 'https://cdn.example/out.mp4?sig=a%2Fb%3D' }] }];

describe('an order', () => {
	test('wraps everything but the model', () => {
		const request = vtrix.submit(
			order(
				{ fields: { prompt: 'p', wmPosition: 1, isRec: false } },
				{
					images: ['data:image/png;base64,AAAA'],
				},
			),
		);
		expect(request).toStrictEqual({
			path: '/model/v1/generation',
			body: {
				model: 'vidu20_img2video',
				input: [
					{
						params: {
							images: ['data:image/png;base64,AAAA'],
							prompt: 'p',
							wm_position: 1,
							is_rec: false,
						},
					},
				],
			},
		});
	});

	test('of a custom model has no images where there are none, and takes Extra Fields last', () => {
		const { body } = vtrix.submit(
			order({
				operation: 'textToVideo',
				model: 'vidu-cn-reference2video-vidu2.0',
				fields: { prompt: 'p', duration: 5 },
				extraFields: { duration: 8, model: 'vidu2.0' },
			}),
		);
		expect(body).toStrictEqual({
			model: 'vidu-cn-reference2video-vidu2.0',
			input: [{ params: { prompt: 'p', duration: 8, model: 'vidu2.0' } }],
		});
	});
});

describe('the answer to an order', () => {
	test('names the task and its time', () => {
		expect(taskIn(vtrix, reply({ ...BASE, status: 'in_progress', progress: 0 }))).toMatchObject({
			taskId: ID,
			state: 'processing',
			providerState: 'in_progress',
			createdAt: '2026-04-10T05:46:40.000Z',
			model: 'vidu20_img2video',
		});
	});

	test.each([201, 202])('is a task with HTTP %i too', (status) => {
		expect(taskIn(vtrix, reply({ ...BASE, status: 'in_progress' }, status))).toMatchObject({ taskId: ID });
	});

	test('may bring the video at once', () => {
		expect(taskIn(vtrix, reply({ ...BASE, status: 'completed', output: OUTPUT }))).toMatchObject({
			taskId: ID,
			state: 'succeeded',
			videoUrl: OUTPUT[0].content[0].url,
		});
	});

	test.each([
		['a text', '{"id":"876543210123456789","status":"pending"}'],
		['a number beyond 2^53', '{"id":876543210123456789,"status":"pending"}'],
		['task_id', '{"task_id":"876543210123456789","status":"pending"}'],
	])('has its id as %s', (_name, body) => {
		expect(taskIn(vtrix, reply(body))).toMatchObject({
			taskId: '876543210123456789',
			state: 'queued',
		});
	});

	test('without a word on its state counts as not finished', () => {
		expect(taskIn(vtrix, reply({ id: ID }))).toMatchObject({ state: 'unknown', providerState: '' });
	});

	test('with a task that was cancelled counts although HTTP says 500', () => {
		expect(taskIn(vtrix, reply({ ...BASE, status: 'canceled' }, 500))).toMatchObject({ taskId: ID, state: 'canceled' });
	});

	test('with a task that ended counts although HTTP says 500', () => {
		expect(taskIn(vtrix, reply({ ...BASE, status: 'failed', error: { code: 8005098 } }, 500))).toMatchObject({
			taskId: ID,
			state: 'failed',
			diagnosis: { code: '008005098' },
		});
	});

	test.each([
		['no id', { status: 'in_progress' }, 200],
		['an empty id', { id: '', status: 'in_progress' }, 200],
		['a refusal', { message: 'bad key' }, 401],
		['an id that a gateway gives its refusal', { id: 'req-1', message: 'try later' }, 429],
		['an id and a running task with HTTP 500', { ...BASE, status: 'in_progress' }, 500],
		['a page', '<html>', 200],
	])('is no task with %s', (_name, body, status) => {
		expect(taskIn(vtrix, reply(body, status))).toBeUndefined();
	});
});

describe('the answer to a question', () => {
	test('brings the link as it is, and the cost', () => {
		const body = {
			...BASE,
			status: 'completed',
			output: OUTPUT,
			usage: { cost: '0.10', discount: 1 },
			metadata: {},
		};
		expect(reportIn(vtrix, reply(body))).toStrictEqual({
			state: 'succeeded',
			providerState: 'completed',
			videoUrl: 'https://cdn.example/out.mp4?sig=a%2Fb%3D',
			createdAt: '2026-04-10T05:46:40.000Z',
			model: 'vidu20_img2video',
			cost: { amount: '0.10', currency: 'USD' },
			response: body,
		});
	});

	test('of a task that goes on has no cost, and no reason although an error stands beside it', () => {
		const body = { ...BASE, status: 'in_progress', error: { code: '008005099' } };
		expect(reportIn(vtrix, reply(body))).toStrictEqual({
			state: 'processing',
			providerState: 'in_progress',
			createdAt: '2026-04-10T05:46:40.000Z',
			model: 'vidu20_img2video',
			response: body,
		});
	});

	test.each([
		['the source page, which has no id', { status: 'completed', output: OUTPUT }],
		[
			'the page of the task command',
			{
				task_id: ID,
				status: 'completed',
				created_at: '2026-04-10T05:46:40Z',
				output: [{ content: [{ type: 'video_url', url: 'https://cdn.example/o.mp4' }] }],
			},
		],
		[
			'an image before the video',
			{
				...BASE,
				status: 'completed',
				output: [{ content: [{ type: 'image', url: 'https://cdn.example/o.png' }] }, ...OUTPUT],
			},
		],
		['no type', { ...BASE, status: 'completed', output: [{ content: [{ url: 'https://cdn.example/o.mp4' }] }] }],
		[
			'no type, a cover before it',
			{
				...BASE,
				status: 'completed',
				output: [{ content: [{ url: 'https://cdn.example/c.JPEG?a=1' }, { url: 'https://cdn.example/o.mp4' }] }],
			},
		],
		...['https://cdn.example/c.jpg', 'https://cdn.example/c.png#1'].map((cover): [string, object] => [
			`no type, ${cover} before it`,
			{ ...BASE, status: 'completed', output: [{ content: [{ url: cover }, { url: 'https://cdn.example/o.mp4' }] }] },
		]),
		[
			'no type, and the name of a cover in its query',
			{ ...BASE, status: 'completed', output: [{ url: 'https://cdn.example/o.mp4?cover=c.png' }] },
		],
		['one object as output', { ...BASE, status: 'completed', output: OUTPUT[0] }],
		['one object as content', { ...BASE, status: 'completed', output: { content: OUTPUT[0].content[0] } }],
		['the link in the output itself', { ...BASE, status: 'completed', output: [{ url: 'https://cdn.example/o.mp4' }] }],
		['error: null', { ...BASE, status: 'completed', error: null, output: OUTPUT }],
		['an empty error', { ...BASE, status: 'completed', error: {}, output: OUTPUT }],
		['an error code of nothing but zeros', { ...BASE, status: 'completed', error: { code: '000' }, output: OUTPUT }],
		['error code 0', { ...BASE, status: 'completed', error: { code: 0, message: 'success' }, output: OUTPUT }],
		['an HTTP error status', { ...BASE, status: 'completed', output: OUTPUT }, 500],
	])('is a success with %s', (_name, body, status = 200) => {
		const report = reportIn(vtrix, reply(body, status));
		expect(report).toMatchObject({ state: 'succeeded' });
		expect(report?.videoUrl).toMatch(/\.mp4/);
		expect(report).not.toHaveProperty('diagnosis');
	});

	/** Every word of the vendor's pages, its clients and the family of such protocols. */
	const WORDS = {
		queued: 'created queueing queued pending in_queue starting submitted task_status_queued',
		processing: 'processing in_progress inprogress running task_status_processing',
		succeeded: 'success succeed succeeded completed done task_status_succeed',
		failed: 'fail failed failure error task_status_failed',
		canceled: 'canceled cancelled task_status_canceled',
		unknown: 'paused constructor',
	};
	test.each(
		Object.entries(WORDS).flatMap(([state, words]) =>
			words.split(' ').flatMap((word) => [
				[word, state],
				[word.toUpperCase(), state],
			]),
		),
	)('"%s" is %s', (said, state) => {
		expect(reportIn(vtrix, reply({ ...BASE, status: said, output: OUTPUT }))).toMatchObject({
			state,
			providerState: said,
		});
	});

	test.each<[string, unknown, object]>([
		['a text', 'no GPU', { kind: 'permanent', providerMessage: 'no GPU' }],
		[
			'an object',
			{ code: '008005098', error_message: 'no' },
			{ kind: 'permanent', code: '008005098', providerMessage: 'no' },
		],
		[
			'message instead of error_message',
			{ code: '008005098', message: 'no' },
			{ code: '008005098', providerMessage: 'no' },
		],
		['an integer code', { code: 8005099, error_message: 'later' }, { kind: 'transient', code: '008005099' }],
		['a code that ends in 0', { code: 10 }, { kind: 'permanent', code: '10' }],
		['a code with letters before it', { code: 'E8005098' }, { kind: 'permanent', code: 'E8005098' }],
		['a code with letters behind it', { code: '8005098E' }, { kind: 'permanent', code: '8005098E' }],
		['the code of a sibling page', { code: 2014001 }, { kind: 'permanent', code: '002014001' }],
		['nothing', undefined, { kind: 'permanent' }],
	])('a failed task with %s', (_name, error, diagnosis) => {
		const body = { ...BASE, status: 'failed', ...(error === undefined ? {} : { error }) };
		expect(reportIn(vtrix, reply(body))).toMatchObject({ state: 'failed', diagnosis });
		expect(reportIn(vtrix, reply(body, 400))).toMatchObject({ state: 'failed', diagnosis });
	});

	test('the link of a video is taken before one without a type', () => {
		const content = [{ url: 'https://cdn.example/other' }, ...OUTPUT[0].content];
		expect(reportIn(vtrix, reply({ ...BASE, status: 'completed', output: [{ content }] }))?.videoUrl).toBe(
			OUTPUT[0].content[0].url,
		);
	});

	test('completed with an error is failed', () => {
		const body = { ...BASE, status: 'completed', error: { code: 8005099 }, output: OUTPUT };
		expect(reportIn(vtrix, reply(body))).toMatchObject({
			state: 'failed',
			providerState: 'completed',
			diagnosis: { kind: 'transient', code: '008005099' },
		});
	});

	test.each([
		['no output', {}],
		['an empty output', { output: [] }],
		['an output without content', { output: [{}] }],
		['an image without a type', { output: [{ content: [{ url: 'https://cdn.example/o.png?a=1' }] }] }],
		['a sound', { output: [{ content: [{ type: 'audio', url: 'https://cdn.example/o.mp3' }] }] }],
		['a word for output', { output: 'https://cdn.example/o.mp4 soon' }],
		['an image only', { output: [{ content: [{ type: 'image', url: 'https://cdn.example/o.png' }] }] }],
	])('completed with %s stays a success, for the file may be on its way', (_name, fields) => {
		const report = reportIn(vtrix, reply({ ...BASE, status: 'completed', ...fields }));
		expect(report).toMatchObject({ state: 'succeeded' });
		expect(report).not.toHaveProperty('videoUrl');
		expect(report).not.toHaveProperty('diagnosis');
	});

	test('a cancelled task says so', () => {
		expect(reportIn(vtrix, reply({ ...BASE, status: 'cancelled' }))?.diagnosis).toMatchObject({
			kind: 'permanent',
			summary: 'The task was cancelled',
		});
	});

	test.each([
		['a refusal', { message: 'slow down' }, 429],
		['a gateway that uses a task word', { status: 'error', message: 'bad key' }, 401],
		['a gateway that uses a task word with HTTP 200', { status: 'error', message: 'bad key' }, 200],
		['an envelope', { status: { code: 500, message: 'no' }, data: null }, 200],
		['a running task with an HTTP error status', { ...BASE, status: 'in_progress' }, 502],
		['a page', '<html>', 502],
		['nothing', '', 200],
	])('is not about the task when it is %s', (_name, body, status) => {
		expect(reportIn(vtrix, reply(body, status))).toBeUndefined();
	});

	test('a time that is none is left out', () => {
		for (const created_at of [1e300, 'soon', null])
			expect(reportIn(vtrix, reply({ ...BASE, created_at, status: 'in_progress' }))).not.toHaveProperty('createdAt');
	});
});

/** Typed from the page of vidu20_img2video. */
const DOCUMENTED: Array<[string, DiagnosisKind]> = [
	['008005001', 'permanent'],
	['008005002', 'permanent'],
	['008005003', 'permanent'],
	['008005004', 'permanent'],
	['008005005', 'permanent'],
	['008005006', 'permanent'],
	['008005098', 'permanent'],
	['008005099', 'transient'],
];

describe('a refusal', () => {
	test.each(DOCUMENTED)('%s is %s, as a text and as an integer', (code, kind) => {
		for (const sent of [code, Number(code)]) {
			const diagnosis = vtrix.diagnose(reply({ error: { code: sent, error_message: 'no' } }, 400));
			expect(diagnosis).toMatchObject({ kind, code, providerMessage: 'no', httpStatus: 400 });
			expect(diagnosis).not.toHaveProperty('busy');
			expect(diagnosis.summary).not.toMatch(/this version/);
		}
	});

	test.each(['40201', '40202', '40203', '40204', '40205', '40206', '40207', '40208'])(
		'%s is a lack of credit, whatever HTTP says',
		(error_code) => {
			for (const status of [200, 402])
				expect(
					vtrix.diagnose(
						reply({ status: { code: 402, message: 'no', error_code: Number(error_code) }, data: null }, status),
					),
				).toMatchObject({ kind: 'balance', code: error_code, providerMessage: 'no' });
		},
	);

	test.each<[string, unknown, number, object]>([
		['401', { message: 'bad key' }, 401, { kind: 'auth', providerMessage: 'bad key' }],
		['402', '', 402, { kind: 'balance' }],
		[
			'403',
			{ error: 'forbidden' },
			403,
			{ kind: 'auth', summary: 'The Vtrix account has no balance, or this key is not allowed to make the call' },
		],
		[
			'403 that speaks of money',
			{ message: 'Insufficient balance' },
			403,
			{ kind: 'balance', summary: 'The Vtrix account has no balance, or this key is not allowed to make the call' },
		],
		['400 that speaks of credit', { message: 'no such credit field' }, 400, { kind: 'permanent' }],
		['404', { message: 'task not found' }, 404, { kind: 'permanent', unknownTask: true }],
		['429', { message: 'slow down' }, 429, { kind: 'transient', busy: 'rate' }],
		[
			'429 in an envelope',
			{ status: { code: 429, message: 'slow down' }, data: null },
			429,
			{ busy: 'rate', providerMessage: 'slow down' },
		],
		['429 with a code nobody documents', { error: { code: 8007001 } }, 429, { kind: 'permanent', code: '008007001' }],
		['500', { status: { code: 500, message: 'oops' } }, 500, { kind: 'transient', providerMessage: 'oops' }],
		['502 with a page', '<html>', 502, { kind: 'transient' }],
		['400', { error: 'no such field' }, 400, { kind: 'permanent', providerMessage: 'no such field' }],
		['401 inside HTTP 200', { status: { code: 401, message: 'bad key' }, data: null }, 200, { kind: 'auth' }],
		['a new code inside HTTP 200', { error: { code: 8007001 } }, 200, { kind: 'permanent', code: '008007001' }],
		['a new code of four digits inside HTTP 200', { error: { code: 1401 } }, 200, { kind: 'permanent', code: '1401' }],
		['a new code without an error inside HTTP 200', { status: { code: 8007001 } }, 200, { kind: 'permanent' }],
		['code 0 inside HTTP 200', { code: 0, message: 'success' }, 200, { kind: 'transient' }],
		['words inside HTTP 200', { error: 'no' }, 200, { kind: 'permanent', providerMessage: 'no' }],
		['the page of a proxy', '<html>', 200, { kind: 'transient', summary: 'The answer from Vtrix could not be read' }],
		['a request id', { error: { message: 'no' }, request_id: 'r-1' }, 400, { traceId: 'r-1' }],
	])('%s', (_name, body, status, expected) => {
		expect(vtrix.diagnose(reply(body, status))).toMatchObject(expected);
	});

	test.each<[string, unknown, number]>([
		['a code of its page', { error: { code: 8005002, error_message: 'no' } }, 400],
		['its envelope', { status: { code: 401, message: 'bad key' }, data: null }, 401],
		['its envelope with a code for credit', { status: { code: 402, error_code: 40201 }, data: null }, 402],
		['a message about money', { message: 'Insufficient balance' }, 403],
		['a message to a wrong key', { message: 'invalid or missing API key' }, 401],
		['a message about a task', { message: 'task d758n65e000000000000 not found' }, 404],
		['a text about a task', { error: 'Task does not exist' }, 404],
	])('is in its own words with %s', (_name, body, status) => {
		expect(vtrix.diagnose(reply(body, status)).isOwnWords).toBe(true);
	});

	test.each<[string, unknown, number]>([
		['a message to anything else', { message: 'no' }, 403],
		['a message about a task that HTTP does not call unknown', { message: 'this task is done' }, 400],
		['data without an envelope', { data: null, message: 'no' }, 403],
		['a message that is no text', { message: {} }, 401],
		['a text to a wrong key', { error: 'Unauthorized' }, 401],
		['a message among other things', { message: 'Unauthorized', path: '/model/v1' }, 401],
		['a code nobody documents', { error: { code: 8007001 } }, 404],
		['an envelope without data', { status: { code: 404, message: 'no' } }, 404],
	])('is not surely in its own words with %s', (_name, body, status) => {
		expect(vtrix.diagnose(reply(body, status))).not.toHaveProperty('isOwnWords');
	});

	test.each([
		['the page of a proxy', '<html>', 200],
		['HTTP 500', '', 500],
		['no credit', { status: { error_code: 40201 } }, 429],
		['service unavailable', { error: { code: '008005099' } }, 503],
	])('is not "busy, try later": %s', (_name, body, status) => {
		expect(vtrix.diagnose(reply(body, status))).not.toHaveProperty('busy');
	});
});

test.each([
	[ID, true],
	['876543210123456789', true],
	['0f8fad5b-d9cb-469f-a165-70867728950e', true],
	['1.23E+18', false],
	['undefined', false],
	['a/../b1234', false],
	['two words 1', false],
	['', false],
])('%j as a task id: %s', (text, expected) => {
	expect(vtrix.isTaskId(text)).toBe(expected);
});

test('a task cannot be cancelled, and a link works for a day', () => {
	expect(vtrix.cancel).toBeUndefined();
	expect(vtrix.urlLifetimeSeconds).toBe(86_400);
});

import { viduCatalogue } from '../../../lib/catalogue/vidu';
import type { Order } from '../../../lib/core/job';
import type { HttpReply } from '../../../lib/core/http';
import type { DiagnosisKind } from '../../../lib/core/provider';
import { readJson } from '../../../lib/core/json';
import { vidu } from '../../../lib/providers/vidu';
import { reportIn, taskIn } from './read';

const reply = (body: unknown, status = 200): HttpReply => ({
	status,
	headers: {},
	body: typeof body === 'string' ? readJson(body) : body,
});

/** The envelope of docs/error-code and docs/cancel-generation. */
const refusal = (reason: string, status: number) =>
	reply({ code: status, reason, message: 'in the words of Vidu', metadata: { trace_id: 't-1' } }, status);

const order = (changes: Partial<Order>, inputs: Order['inputs'] = {}): Order => ({
	operation: 'startEndToVideo',
	model: 'viduq3-pro',
	fields: {},
	inputs,
	...changes,
});

describe('an order', () => {
	test.each([
		['textToVideo', '/ent/v2/text2video'],
		['imageToVideo', '/ent/v2/img2video'],
		['startEndToVideo', '/ent/v2/start-end2video'],
		['referenceToVideo', '/ent/v2/reference2video'],
	] as const)('%s goes to %s', (operation, path) => {
		const declared = viduCatalogue.operations.find(({ name }) => name === operation);
		expect(vidu.submit(order({ operation, path: declared?.path ?? '' }))).toMatchObject({ path });
	});

	test('puts every field under the name of the API', () => {
		const { body } = vidu.submit(
			order(
				{
					fields: {
						prompt: 'p',
						isRec: true,
						movementAmplitude: 'small',
						offPeak: false,
						wmPosition: 2,
						wmUrl: 'https://example.com/m.png',
						callbackUrl: 'https://example.com/c',
						metaData: '{"Label":"1"}',
					},
					extraFields: { prompt: 'q', new_field: [1] },
				},
				{ images: ['a', 'b'] },
			),
		);
		expect(body).toStrictEqual({
			model: 'viduq3-pro',
			images: ['a', 'b'],
			prompt: 'q',
			is_rec: true,
			movement_amplitude: 'small',
			off_peak: false,
			wm_position: 2,
			wm_url: 'https://example.com/m.png',
			callback_url: 'https://example.com/c',
			meta_data: '{"Label":"1"}',
			new_field: [1],
		});
	});

	test('of subjects names them, and has no images beside them', () => {
		const { body } = vidu.submit(
			order(
				{ operation: 'referenceToVideo', model: 'viduq2' },
				{
					subjects: [
						{ name: 'cat', images: ['a'], voice_id: 'v-1' },
						{ name: 'dog', images: ['b', 'c'] },
					],
				},
			),
		);
		expect(body).toStrictEqual({
			model: 'viduq2',
			subjects: [
				{ name: 'cat', images: ['a'], voice_id: 'v-1' },
				{ name: 'dog', images: ['b', 'c'] },
			],
		});
	});

	test('may carry reference videos', () => {
		const { body } = vidu.submit(
			order(
				{ operation: 'referenceToVideo', model: 'viduq2-pro' },
				{
					images: ['a'],
					videos: ['https://example.com/v.mp4'],
				},
			),
		);
		expect(body).toMatchObject({ images: ['a'], videos: ['https://example.com/v.mp4'] });
	});
});

test.each([
	[['https://example.com/1.mp3', 'https://example.com/2.mp3']],
	['https://example.com/1.mp3, https://example.com/2.mp3'],
	['https://example.com/1.mp3\nhttps://example.com/2.mp3\n'],
	['http://example.com/1.mp3,http://example.com/2.mp3'],
])('sounds travel as a list: %j', (sounds) => {
	const { body } = vidu.submit(order({ operation: 'referenceToVideo', fields: { sounds } }, { images: ['a'] }));
	const scheme = String(sounds).split(':')[0];
	expect(body).toMatchObject({ sounds: [`${scheme}://example.com/1.mp3`, `${scheme}://example.com/2.mp3`] });
});

describe('the answer to an order', () => {
	test('names the task, whose id stays text beyond 2^53', () => {
		expect(
			taskIn(
				vidu,
				reply(
					'{"task_id":876543210123456789,"state":"created","model":"viduq3-pro","credits":60,"payload":"sku-1","created_at":"2025-01-01T15:41:31.968916Z"}',
				),
			),
		).toMatchObject({
			taskId: '876543210123456789',
			state: 'queued',
			providerState: 'created',
			model: 'viduq3-pro',
			credits: 60,
			payload: 'sku-1',
			createdAt: '2025-01-01T15:41:31.968916Z',
		});
	});

	test.each([201, 202])('is a task with HTTP %i too', (status) => {
		expect(taskIn(vidu, reply({ task_id: '876543210123456789', state: 'created' }, status))).toMatchObject({
			taskId: '876543210123456789',
		});
	});

	test.each([
		['a number', 1_775_800_000, '2026-04-10T05:46:40.000Z'],
		['a number of milliseconds', 1_775_800_000_123, '2026-04-10T05:46:40.123Z'],
		['a text', '1775800000', '2026-04-10T05:46:40.000Z'],
		['a date with nine decimals', '2026-04-10T05:46:40.123456789Z', '2026-04-10T05:46:40.123456789Z'],
	])('gives its time as ISO 8601 when the service writes %s', (_name, created_at, createdAt) => {
		expect(taskIn(vidu, reply({ task_id: '1', state: 'created', created_at }))?.createdAt).toBe(createdAt);
	});

	test.each([['soon'], [null], [1e300], [-1], [{}]])('has no time when the service writes %j', (created_at) => {
		expect(taskIn(vidu, reply({ task_id: '1', state: 'created', created_at }))).not.toHaveProperty('createdAt');
	});

	test('without a word on its state counts as not finished', () => {
		expect(taskIn(vidu, reply({ task_id: '1' }))).toMatchObject({ state: 'unknown', providerState: '' });
	});

	test.each([
		['no id', { state: 'created' }, 200],
		['an empty id', { task_id: '', state: 'created' }, 200],
		['an HTTP error status', { task_id: '1', state: 'created' }, 500],
		['a page', '<html>', 200],
	])('is no task with %s', (_name, body, status) => {
		expect(taskIn(vidu, reply(body, status))).toBeUndefined();
	});
});

describe('the answer to a question', () => {
	test('brings the link as it is', () => {
		const url = 'https://prod-ss-vidu.s3.example/v.mp4?X-Amz-Credential=a%2Fb&X-Amz-Signature=c%2B%3D';
		const body = {
			id: '876543210123456789',
			state: 'success',
			err_code: '',
			credits: 60,
			payload: '',
			creations: [{ id: '1', url, cover_url: 'https://prod-ss-vidu.s3.example/c.png' }],
		};
		expect(reportIn(vidu, reply(body))).toStrictEqual({
			state: 'succeeded',
			providerState: 'success',
			videoUrl: url,
			creationId: '1',
			coverUrl: 'https://prod-ss-vidu.s3.example/c.png',
			credits: 60,
			response: body,
		});
	});

	test.each<[object | null | undefined, object | undefined]>([
		[
			{ duration: 7.85, fps: 16, resolution: { width: 688, height: 384 } },
			{ durationSeconds: 7.85, fps: 16, width: 688, height: 384 },
		],
		[{ duration: 4, fps: 0, resolution: null }, { durationSeconds: 4 }],
		[{ duration: 0, fps: 24, resolution: { width: 688, height: 0 } }, { fps: 24 }],
		[{ duration: '4', fps: -1, resolution: { width: '688', height: '384' } }, undefined],
		// of an image
		[{ duration: 0, fps: 0, resolution: null }, undefined],
		[{}, undefined],
		[null, undefined],
		[undefined, undefined],
	])('says what the video is, as far as %j does', (video, clip) => {
		const found = reportIn(
			vidu,
			reply({ state: 'success', creations: [{ id: '1', url: 'https://a.example/', video }] }),
		);
		expect(found?.clip).toEqual(clip);
		if (clip === undefined) expect(found).not.toHaveProperty('clip');
	});

	describe('with a watermark', () => {
		const [clean, marked] = ['https://example.com/v.mp4?a=1', 'https://example.com/w.mp4?a=2'];
		const read = (creation: object, fields: object = {}) =>
			reportIn(vidu, reply({ state: 'success', creations: [{ id: '1', url: clean, ...creation }], ...fields }));

		test('brings the marked video, and the clean one beside it', () => {
			expect(read({ watermarked_url: marked })).toMatchObject({ videoUrl: marked, unmarkedVideoUrl: clean });
			expect(read({ watermarked_url: marked, url: '' })?.videoUrl).toBe(marked);
		});

		test.each([
			['an empty text', { watermarked_url: '' }, {}],
			['nothing', {}, {}],
			['null', { watermarked_url: null }, {}],
			['a copy that was not asked for', { watermarked_url: marked }, { watermark: false }],
			...[null, 0, 10, 'false', 'untrue', ''].map((watermark): [string, object, object] => [
				`a copy that was not asked for, as ${JSON.stringify(watermark)} says`,
				{ watermarked_url: marked },
				{ watermark },
			]),
		])('off brings the clean video alone: %s', (_name, creation, fields) => {
			expect(read(creation, fields)?.videoUrl).toBe(clean);
			expect(read(creation, fields)).not.toHaveProperty('unmarkedVideoUrl');
		});

		test.each([true, 'true', 'True', 1, '1'])('on, said as %j, brings the marked video', (watermark) => {
			const found = read({ watermarked_url: marked }, { watermark });
			expect(found).toMatchObject({ videoUrl: marked, unmarkedVideoUrl: clean });
		});

		test('brings the only video there is, whatever was asked for', () => {
			expect(read({ watermarked_url: marked, url: '' }, { watermark: false })?.videoUrl).toBe(marked);
			expect(read({}, { watermark: true })?.videoUrl).toBe(clean);
		});
	});

	test('says until when its links work, as they say themselves', () => {
		const creation = {
			url: 'https://example.com/v.mp4?X-Amz-Date=20251227T193032Z&X-Amz-Expires=86400&X-Amz-Signature=a%2B',
			cover_url: 'https://example.com/c.png?Expires=1766867432&Signature=a%2B',
		};
		expect(reportIn(vidu, reply({ state: 'success', creations: [creation] }))).toMatchObject({
			urlExpiresAt: '2025-12-28T19:30:32.000Z',
			coverUrlExpiresAt: '2025-12-27T20:30:32.000Z',
		});
	});

	test.each([
		['created', 'queued'],
		['queueing', 'queued'],
		['processing', 'processing'],
		['success', 'succeeded'],
		['failed', 'failed'],
		['canceled', 'canceled'],
		['cancelled', 'canceled'],
		['scheduled', 'unknown'],
		['constructor', 'unknown'],
	])('"%s" is %s', (said, state) => {
		expect(reportIn(vidu, reply({ state: said, err_code: '' }))).toMatchObject({ state, providerState: said });
	});

	test.each([
		['a code', { err_code: 'CreationPolicyViolation' }, { kind: 'content', code: 'CreationPolicyViolation' }],
		['an empty code', { err_code: '' }, { kind: 'transient' }],
		['a code nobody documents', { err_code: 'NewCode' }, { kind: 'permanent', code: 'NewCode' }],
	])('a failed task with %s', (_name, fields, diagnosis) => {
		expect(reportIn(vidu, reply({ state: 'failed', ...fields }))).toMatchObject({
			state: 'failed',
			diagnosis,
		});
	});

	test('a failed task may say why in err_msg, beside the code or alone', () => {
		const failed = (fields: object) => reportIn(vidu, reply({ state: 'failed', ...fields }))?.diagnosis;
		expect(failed({ err_code: 'AuditFailed', err_msg: 'a face', message: 'no' })).toMatchObject({
			kind: 'content',
			code: 'AuditFailed',
			providerMessage: 'a face',
		});
		expect(failed({ err_code: '', err_msg: 'the image shows a weapon' })).toMatchObject({
			// a reason without a known code may hold the next time too
			kind: 'permanent',
			summary: 'Vidu ended the task',
			providerMessage: 'the image shows a weapon',
		});
		expect(failed({ err_code: '', err_msg: '' })).toMatchObject({
			kind: 'transient',
			summary: 'Vidu ended the task without giving a reason',
		});
	});

	test.each(['canceled', 'cancelled'])('a task that is "%s" says so', (state) => {
		const diagnosis = reportIn(vidu, reply({ state, err_code: '' }))?.diagnosis;
		expect(diagnosis).toMatchObject({ kind: 'permanent', summary: 'The task was cancelled' });
		expect(diagnosis).not.toHaveProperty('code');
	});

	test('a task that the user cancelled is canceled, not failed', () => {
		expect(reportIn(vidu, reply({ state: 'failed', err_code: 'UserCancelled' }))).toMatchObject({
			state: 'canceled',
			providerState: 'failed',
		});
	});

	test.each(['success', 'processing'])('a task that is "%s" is that, whatever code stands beside it', (state) => {
		const report = reportIn(vidu, reply({ state, err_code: 'UserCancelled' }));
		expect(report).not.toHaveProperty('diagnosis');
		expect(report?.state).toBe(state === 'success' ? 'succeeded' : state);
	});

	test.each([
		['a refusal', { code: 404, reason: 'TaskNotFound' }, 404],
		['an answer without a state', { id: '1', creations: [] }, 200],
		['a page', '<html>', 502],
		['nothing', '', 200],
	])('is not about the task when it is %s', (_name, body, status) => {
		expect(reportIn(vidu, reply(body, status))).toBeUndefined();
	});
});

/** Typed from the error pages of platform.vidu.com and platform.vidu.cn: code, HTTP status, meaning. */
const DOCUMENTED: Array<[string, number, DiagnosisKind]> = [
	['BadRequest', 400, 'permanent'],
	['FieldLacking', 400, 'permanent'],
	['FieldUnwanted', 400, 'permanent'],
	['FieldInvalid', 400, 'permanent'],
	['FieldItemCountOutOfRange', 400, 'permanent'],
	['PageSizeOutOfRange', 400, 'permanent'],
	['ImageDownloadFailure', 400, 'transient'],
	['ImageFormatInvalid', 400, 'permanent'],
	['OperationInProcess', 400, 'transient'],
	['TaskPromptPolicyViolation', 400, 'content'],
	['AuditSubmitIllegal', 400, 'content'],
	['CreationPolicyViolation', 400, 'content'],
	['CreditInsufficient', 400, 'balance'],
	['CreditInsufficient', 402, 'balance'],
	['ModelUnavailable', 400, 'permanent'],
	['UserCancelled', 400, 'permanent'],
	['Unauthorized', 401, 'auth'],
	['Forbidden', 403, 'auth'],
	['TaskNotFound', 404, 'permanent'],
	['CreationNotFound', 404, 'permanent'],
	['NotFound', 404, 'permanent'],
	['Conflict', 409, 'permanent'],
	['QuotaExceeded', 429, 'transient'],
	['TooManyRequests', 429, 'transient'],
	['SystemThrottling', 429, 'transient'],
	['Canceled', 499, 'transient'],
	['InternalServiceFailure', 500, 'transient'],
	['Unknown', 500, 'transient'],
	['ImageCheckBodyJointsFailed', 400, 'permanent'],
	['ImageCheckFaceFailed', 400, 'permanent'],
	['ImageObjectsUndetected', 400, 'permanent'],
	['ImageSizeInvalid', 400, 'permanent'],
	['FaceDetectFailure', 400, 'permanent'],
	['FaceDetectNotPass', 400, 'permanent'],
	['NoFaceDetected', 400, 'permanent'],
	['MultiFaceDetected', 400, 'permanent'],
	['PhotoAuditNotPass', 400, 'content'],
	['AuditFailed', 400, 'content'],
	['VideoDownloadFailure', 400, 'transient'],
	['VideoFormatInvalid', 400, 'permanent'],
];

describe('a refusal', () => {
	test.each(DOCUMENTED)('%s (HTTP %i) is %s', (code, status, kind) => {
		expect(vidu.diagnose(refusal(code, status))).toMatchObject({
			kind,
			code,
			httpStatus: status,
			providerMessage: 'in the words of Vidu',
			traceId: 't-1',
			isOwnWords: true,
		});
	});

	test('is in its own words with the code as text too, and not with a code it does not document', () => {
		expect(vidu.diagnose(reply({ code: 'CreditInsufficient', message: 'no' }, 402)).isOwnWords).toBe(true);
		expect(vidu.diagnose(reply({ code: 404, reason: 'RouteNotFound', message: 'no' }, 404))).not.toHaveProperty(
			'isOwnWords',
		);
	});

	test('has no code where a number repeats the HTTP status', () => {
		expect(vidu.diagnose(reply({ code: 400, message: 'no' }, 400))).not.toHaveProperty('code');
	});

	test('a full account and calls that come too fast are told apart', () => {
		const busy = (code: string) => vidu.diagnose(refusal(code, 429)).busy;
		expect(busy('QuotaExceeded')).toBe('concurrency');
		expect(busy('TooManyRequests')).toBe('rate');
		expect(busy('SystemThrottling')).toBe('rate');
	});

	test('a wrong key is answered 403 on the global host, and read as that', () => {
		for (const body of [{ code: 403, reason: 'Forbidden', message: 'no' }, { message: 'no' }]) {
			const { kind, summary, advice } = vidu.diagnose(reply(body, 403));
			expect(kind).toBe('auth');
			expect(summary).toBe('Vidu rejected this API key or does not allow it to make this call');
			expect(advice).toMatch(/Check the key and the region in the credential/);
		}
	});

	test.each(['TaskNotFound', 'CreationNotFound', 'NotFound'])('%s is an unknown task', (code) => {
		expect(vidu.diagnose(refusal(code, 404)).unknownTask).toBe(true);
	});

	test.each<[string, unknown, number, object]>([
		['429 without a code', '', 429, { kind: 'transient', busy: 'rate' }],
		['401 without a body', '', 401, { kind: 'auth' }],
		['402 without a code', { message: 'no credits' }, 402, { kind: 'balance' }],
		['404 with a page', '<html>', 404, { unknownTask: true }],
		['502 with a page', '<html>', 502, { kind: 'transient', httpStatus: 502 }],
		[
			'a code as text',
			{ code: 'CreditInsufficient', message: 'no' },
			402,
			{ kind: 'balance', code: 'CreditInsufficient' },
		],
	])('%s', (_name, body, status, expected) => {
		expect(vidu.diagnose(reply(body, status))).toMatchObject(expected);
	});
});

describe('what only this provider can do', () => {
	test('has no list of hosts that a result may lie on', () => {
		for (const host of [
			'prod-ss-vidu.s3.cn-northwest-1.amazonaws.com.cn',
			'prod-ss-vidu.s3.oss-cn-beijing.aliyuncs.com',
		])
			expect(
				reportIn(vidu, reply({ state: 'success', creations: [{ url: `https://${host}/v.mp4?a=%2F` }] }))?.videoUrl,
			).toBe(`https://${host}/v.mp4?a=%2F`);
	});

	test('reads a page of tasks, ids as text', () => {
		const page = vidu.list!.read(
			reply(
				'{"tasks":[{"id":876543210123456789,"state":"success","model":"viduq3-pro","credits":60,"creations":[{"url":"https://example.com/v.mp4"}]},{"id":"12","state":"failed","err_code":"AuditFailed"}],"next_page_token":"t-2"}',
			),
		);
		expect(page).toMatchObject({
			tasks: [
				{ taskId: '876543210123456789', state: 'succeeded', videoUrl: 'https://example.com/v.mp4' },
				{ taskId: '12', state: 'failed', diagnosis: { kind: 'content' } },
			],
			nextPageToken: 't-2',
		});
		expect(vidu.list!.read(reply({ tasks: [] }))).toStrictEqual({ tasks: [] });
		expect(vidu.list!.read(reply({ tasks: [{ state: 'created' }] }))?.tasks).toMatchObject([{ taskId: '' }]);
	});

	test.each([
		['a refusal', { code: 401, reason: 'Unauthorized' }, 401],
		['a list with an error status', { tasks: [] }, 500],
		['something else', { items: [] }, 200],
	])('knows %s for no list', (_name, body, status) => {
		expect(vidu.list!.read(reply(body, status))).toBeUndefined();
	});

	test.each(['remains', 'remaining_credits'])('adds up the credits under "%s"', (name) => {
		const rows = [
			{ type: 'test', credit_remain: 20, concurrency_limit: 1, current_concurrency: 0, queue_count: 0 },
			{ type: 'metered', credit_remain: 300, concurrency_limit: 5, current_concurrency: 2, queue_count: 4 },
		];
		expect(vidu.credits!.read(reply({ [name]: rows, packages: [] }))).toMatchObject({
			creditsRemaining: 320,
			concurrencyLimit: 6,
			currentConcurrency: 2,
			queueCount: 4,
			remains: rows,
		});
	});
});

test('credits that hold nothing add up to nothing, and a refusal holds none', () => {
	expect(vidu.credits!.read(reply({ remains: null }))).toStrictEqual({
		creditsRemaining: 0,
		concurrencyLimit: 0,
		currentConcurrency: 0,
		queueCount: 0,
		remains: [],
		packages: [],
	});
	expect(vidu.credits!.read(refusal('Unauthorized', 401))).toBeUndefined();
});

test('a link works for a day, a cover for an hour', () => {
	expect([vidu.urlLifetimeSeconds, vidu.coverLifetimeSeconds]).toEqual([86_400, 3_600]);
});

test.each([
	['876543210123456789', true],
	['1.23E+18', false],
	['abc', false],
	['', false],
])('%j as a task id: %s', (text, expected) => {
	expect(vidu.isTaskId(text)).toBe(expected);
});

test.each([
	[{ remains: [{ credit_remain: 40 }, { credit_remain: 2 }] }, 42],
	[{ remaining_credits: [{ credit_remain: 0 }] }, 0],
	[{ remains: [] }, undefined],
	[{ remains: [{}] }, undefined],
	[{ task_id: '1' }, undefined],
	['<html>', undefined],
])('the balance of %j is %p', (body, credits) => {
	expect(vidu.usage?.read({ status: 200, headers: {}, body })?.credits).toBe(credits);
	expect(vidu.usage?.read({ status: 500, headers: {}, body })).toBeUndefined();
});

describe('an order whose answer names its task in another way', () => {
	const ID = '876543210123456789';
	const OTHER = { idField: 'id' } as const;

	test('is in line where nothing else is said of it', () => {
		expect(vidu.readSubmit(reply({ id: ID }), OTHER)).toMatchObject({
			kind: 'accepted',
			task: { taskId: ID, state: 'queued', providerState: 'created' },
		});
	});

	test('is what its state says', () => {
		expect(vidu.readSubmit(reply({ id: ID, state: 'processing' }), OTHER)).toMatchObject({
			kind: 'accepted',
			task: { taskId: ID, state: 'processing' },
		});
	});

	test('and that refuses with an id of its own is no task', () => {
		const answer = vidu.readSubmit(reply({ id: ID, code: 400, reason: 'FieldInvalid', message: 'no' }), OTHER);
		expect(answer.kind).not.toBe('accepted');
	});

	test('and names none is none', () => {
		for (const body of [{ task_id: ID }, { id: '' }, {}])
			expect(vidu.readSubmit(reply(body), OTHER).kind).toBe('unknown');
		expect(vidu.readSubmit(reply({ id: ID }, 500), OTHER).kind).toBe('unknown');
	});
});

test('an order goes out by the method of its operation', () => {
	const order = { operation: 'textToVideo', path: '/x', fields: {}, inputs: {} } as const;
	expect(vidu.submit({ ...order, method: 'PUT' } as never)).toMatchObject({ path: '/x', method: 'PUT' });
	expect('method' in vidu.submit(order)).toBe(false);
});

import type { INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import * as failures from '../../../../lib/core/failure';
import type { Failure } from '../../../../lib/core/failure';
import type { Diagnosis, TaskReport } from '../../../../lib/core/provider';
import { statusOf, toErrorItem, toItem, toJson, type TaskFacts } from '../../../../lib/n8n/run/output';
import { toRunError } from '../../../../lib/n8n/run/runError';
import { VIDU_BACKENDS } from '../../../../lib/n8n/backends';

const [vidu, zhipu, vtrix] = VIDU_BACKENDS.map(({ provider }) => provider);
const ID = '876543210123456789';
const NOW_MS = Date.UTC(2026, 10, 20, 10, 0, 0);
const SIMPLE = { simplify: true, nowMs: NOW_MS };
const NODE = { id: '1', name: 'Vidu', type: 'vidu', typeVersion: 1, position: [0, 0], parameters: {} } as INode;

const report = (more: Partial<TaskReport> = {}): TaskReport => ({
	state: 'succeeded',
	providerState: 'success',
	videoUrl: 'https://video.example.com/1.mp4?Expires=1&Signature=a~b',
	response: { state: 'success' },
	...more,
});
const diagnosis: Diagnosis = {
	kind: 'content',
	summary: 'The clip did not pass the content check',
	advice: 'Change Prompt.',
	code: 'CreationPolicyViolation',
	providerMessage: 'policy',
	httpStatus: 200,
	traceId: 'trace1',
};

describe('the item of a video', () => {
	test('has the fields of the contract, and none without a value', () => {
		const facts: TaskFacts = {
			itemIndex: 0,
			taskId: ID,
			model: 'viduq3-turbo',
			operation: 'startEndToVideo',
			submittedAtMs: NOW_MS - 90_000,
			waitedMs: 84_249,
			report: report({
				coverUrl: 'https://video.example.com/1.jpg',
				credits: 60,
				createdAt: '2026-11-20T09:58:30.123456Z',
			}),
		};
		expect(toJson(vidu, facts, SIMPLE)).toEqual({
			taskId: ID,
			status: 'succeeded',
			provider: 'vidu',
			model: 'viduq3-turbo',
			operation: 'startEndToVideo',
			videoUrl: 'https://video.example.com/1.mp4?Expires=1&Signature=a~b',
			coverUrl: 'https://video.example.com/1.jpg',
			urlExpiresAt: '2026-11-21T10:00:00.000Z',
			coverUrlExpiresAt: '2026-11-20T11:00:00.000Z',
			credits: 60,
			createdAt: '2026-11-20T09:58:30.123456Z',
			waitedSeconds: 84.2,
		});
	});

	test('of a task just ordered has its id and what was asked', () => {
		const facts = { itemIndex: 3, taskId: ID, model: 'viduq2', operation: 'textToVideo', submittedAtMs: NOW_MS };
		expect(toJson(vidu, facts, SIMPLE)).toEqual({
			taskId: ID,
			status: 'queued',
			provider: 'vidu',
			model: 'viduq2',
			operation: 'textToVideo',
			createdAt: '2026-11-20T10:00:00.000Z',
		});
	});

	test('of a task asked for by its id takes model and times from the service', () => {
		const told = { model: 'viduq1', createdAt: '2026-11-19T00:00:00Z', urlExpiresAt: '2026-11-20T00:00:00.000Z' };
		expect(toJson(vidu, { itemIndex: 0, taskId: ID, report: report(told) }, SIMPLE)).toMatchObject(told);
	});

	test('keeps credits of 0, for that is a value', () => {
		expect(toJson(vidu, { itemIndex: 0, taskId: ID, report: report({ credits: 0 }) }, SIMPLE).credits).toBe(0);
	});

	test('has amount and currency from Vtrix, and says whose it is', () => {
		const cost = { amount: '0.10', currency: 'USD' };
		const facts = { itemIndex: 0, taskId: 'd758', report: report({ cost }) };
		expect(toJson(vtrix, facts, SIMPLE)).toMatchObject({ cost, provider: 'vtrix' });
		expect(toJson(zhipu, { itemIndex: 0, taskId: '1', report: report() }, SIMPLE).provider).toBe('zhipu');
	});

	test('has the answer of the service only when asked for', () => {
		const facts = { itemIndex: 0, taskId: ID, report: report() };
		expect(toJson(vidu, facts, SIMPLE)).not.toHaveProperty('response');
		expect(toJson(vidu, facts, { ...SIMPLE, simplify: false }).response).toEqual({ state: 'success' });
	});

	test.each<Partial<TaskReport>>([{ state: 'processing', videoUrl: undefined }, { videoUrl: undefined }])(
		'tells until when a link works only if there is one: %j',
		(more) => {
			const json = toJson(vidu, { itemIndex: 0, taskId: ID, report: report(more) }, SIMPLE);
			expect(json).not.toHaveProperty('urlExpiresAt');
			expect(json).not.toHaveProperty('coverUrlExpiresAt');
		},
	);

	test('tells until when a cover works only where that is known', () => {
		const facts = { itemIndex: 0, taskId: ID, report: report({ coverUrl: 'https://video.example.com/1.jpg' }) };
		expect(toJson(vidu, facts, SIMPLE).coverUrlExpiresAt).toBe('2026-11-20T11:00:00.000Z');
		expect(toJson(zhipu, facts, SIMPLE)).not.toHaveProperty('coverUrlExpiresAt');
		const told = { ...facts, report: { ...facts.report, coverUrlExpiresAt: '2026-11-20T10:30:00.000Z' } };
		for (const provider of [vidu, zhipu])
			expect(toJson(provider, told, SIMPLE).coverUrlExpiresAt).toBe('2026-11-20T10:30:00.000Z');
	});

	test('has the id that other operations take a finished video up by', () => {
		const told = (more: Partial<TaskReport>) =>
			toJson(vidu, { itemIndex: 0, taskId: ID, report: report({ creationId: '5', ...more }) }, SIMPLE);
		expect(told({})).toMatchObject({ creationId: '5' });
		expect(told({ state: 'processing' })).not.toHaveProperty('creationId');
	});

	test('says what a finished file is: what was downloaded, else what the service says', () => {
		const clip = { width: 1280, height: 720, durationSeconds: 4.04, fps: 24 };
		const file = { fileName: `${ID}.mp4`, mimeType: 'video/mp4', sizeBytes: 86_644, hasAudio: false };
		const told = (more: Partial<TaskReport>, facts: Partial<TaskFacts> = {}) =>
			toJson(vidu, { itemIndex: 0, taskId: ID, report: report(more), ...facts }, SIMPLE);
		expect(told({ clip }, { file }).file).toEqual(file);
		expect(told({ clip }).file).toEqual(clip);
		expect(told({})).not.toHaveProperty('file');
		expect(told({ clip, state: 'processing' })).not.toHaveProperty('file');
		expect(toJson(vidu, { itemIndex: 0, report: report({ clip }) }, { ...SIMPLE, simplify: false }).file).toEqual(clip);
	});

	test('with a watermark has the link of the clean video beside it', () => {
		const marked = report({ unmarkedVideoUrl: 'https://video.example.com/clean.mp4?Signature=c~d' });
		expect(toJson(vidu, { itemIndex: 0, taskId: ID, report: marked }, SIMPLE)).toMatchObject({
			videoUrl: 'https://video.example.com/1.mp4?Expires=1&Signature=a~b',
			unmarkedVideoUrl: 'https://video.example.com/clean.mp4?Signature=c~d',
		});
		expect(toJson(vidu, { itemIndex: 0, taskId: ID, report: report() }, SIMPLE)).not.toHaveProperty('unmarkedVideoUrl');
	});

	test.each<[string, unknown]>([
		['{"sku":"17-b","tags":["a"]}', { sku: '17-b', tags: ['a'] }],
		['{"id":876543210123456789}', { id: '876543210123456789' }],
		['[1,2]', [1, 2]],
		['sku 17-b', 'sku 17-b'],
		['17', '17'],
		['null', 'null'],
		['true', 'true'],
		['{broken', '{broken'],
	])('gives payload %s back as it was put in', (payload, expected) => {
		expect(toJson(vidu, { itemIndex: 0, taskId: ID, report: report({ payload }) }, SIMPLE).payload).toEqual(expected);
	});

	test('says why a task asked for by its id has no video, without a top-level error', () => {
		const ended = report({ state: 'failed', videoUrl: undefined, diagnosis });
		const json = toJson(vidu, { itemIndex: 0, taskId: ID, report: ended }, SIMPLE);
		expect(json).toMatchObject({ status: 'failed', code: 'CreationPolicyViolation' });
		expect(json).not.toHaveProperty('error');
	});

	test.each<[TaskReport['state'], string]>([
		['queued', 'queued'],
		['processing', 'processing'],
		['succeeded', 'succeeded'],
		['failed', 'failed'],
		['canceled', 'canceled'],
		['unknown', 'processing'],
	])('%s is shown as %s', (state, status) => {
		expect(statusOf(report({ state }))).toBe(status);
	});

	test('shows a word that only the service knows', () => {
		const facts = { itemIndex: 0, taskId: ID, report: report({ state: 'unknown', providerState: 'PAUSED' }) };
		expect(toJson(vidu, facts, SIMPLE)).toMatchObject({ status: 'processing', providerStatus: 'PAUSED' });
	});

	test('is paired with the item it was made for', () => {
		const binary = { data: { mimeType: 'video/mp4', data: 'filesystem-v2' } };
		expect(toItem({ taskId: ID }, 4)).toEqual({ json: { taskId: ID }, pairedItem: { item: 4 } });
		expect(toItem({ taskId: ID }, 4, binary)).toEqual({ json: { taskId: ID }, binary, pairedItem: { item: 4 } });
	});
});

const TROUBLES: Array<[string, Failure, TaskFacts, Record<string, unknown>]> = [
	[
		'a wish that cannot be sent',
		failures.invalidInput('Duration', 'Duration 12 is not offered by vidu2.0', 'Choose 4 or 8.'),
		{ itemIndex: 2, operation: 'imageToVideo' },
		{ status: 'notStarted', reason: 'invalidInput', parameter: 'Duration', operation: 'imageToVideo' },
	],
	[
		'a refused order',
		failures.refused({ ...diagnosis, httpStatus: 400 }),
		{ itemIndex: 0, model: 'viduq1' },
		{
			...{ status: 'failed', code: 'CreationPolicyViolation', httpStatus: 400 },
			...{ traceId: 'trace1', providerMessage: 'policy', model: 'viduq1' },
		},
	],
	[
		'an order without a clear answer',
		failures.outcomeUnknown(vidu, 'The connection ended with ECONNRESET.'),
		{ itemIndex: 1 },
		{ status: 'unknown', reason: 'outcomeUnknown' },
	],
	[
		'a task that ended without a video',
		failures.endedEmpty('Vidu', ID, diagnosis),
		{
			itemIndex: 1,
			taskId: ID,
			waitedMs: 30_000,
			report: report({ state: 'failed', videoUrl: undefined, credits: 0 }),
		},
		{ taskId: ID, status: 'failed', code: 'CreationPolicyViolation', waitedSeconds: 30, credits: 0 },
	],
	['a cancelled task', failures.canceled(ID), { itemIndex: 0, taskId: ID }, { taskId: ID, status: 'canceled' }],
	[
		'a task that is still running',
		failures.stillRunning('Vidu', ID, 'processing', 60_000),
		{ itemIndex: 0, taskId: ID, waitedMs: 60_000, report: report({ state: 'processing', videoUrl: undefined }) },
		{ taskId: ID, status: 'processing', reason: 'stillRunning' },
	],
	[
		'a task that cannot be read',
		failures.lostTask(ID, diagnosis),
		{ itemIndex: 0, taskId: ID },
		{ taskId: ID, reason: 'lostTask' },
	],
	[
		'a video that did not arrive',
		failures.downloadCutOff(ID, 'The connection broke.', report()),
		{ itemIndex: 0, taskId: ID, report: report() },
		{ taskId: ID, status: 'succeeded', videoUrl: 'https://video.example.com/1.mp4?Expires=1&Signature=a~b' },
	],
	['a cap', failures.notStarted('Max Videos is reached', 'Raise it.'), { itemIndex: 9 }, { status: 'notStarted' }],
	['Stop before the order', failures.stopped(), { itemIndex: 9 }, { status: 'notStarted' }],
	[
		'Stop during the wait',
		failures.stopped(ID),
		{ itemIndex: 9, taskId: ID, report: report({ state: 'processing' }) },
		{ taskId: ID, status: 'processing' },
	],
];

describe('the item of a failure', () => {
	test.each(TROUBLES)('%s: message, item and details, and nothing else', (_name, failure, facts, details) => {
		const item = toErrorItem(vidu, facts, failure);
		expect(Object.keys(item).sort()).toEqual(['json', 'pairedItem']);
		expect(Object.keys(item.json)).toEqual(['error', 'details']);
		expect(item.pairedItem).toEqual({ item: facts.itemIndex });
		expect(item.json.error).toBe(`${failure.headline} [item ${facts.itemIndex}]`);
		expect(item.json.details).toMatchObject({ provider: 'vidu', description: failure.description, ...details });
		expect(Object.values(item.json.details as object)).not.toContain(undefined);
	});

	test.each(TROUBLES)('%s: says what to do next, in the words of n8n', (_name, { headline, description }) => {
		expect(`${headline} ${description}`).not.toMatch(/\b(error|problem|failure|mistake)\b/i);
		expect(headline).not.toMatch(/\.$/);
		expect(description).toMatch(/[.\w]$/);
	});
});

describe('the end of a run', () => {
	const NOUN = { one: 'image', many: 'images', title: 'Images' };
	const failed: Failure = failures.endedEmpty('Vidu', ID, diagnosis, NOUN);
	const operation = 'generate';

	test('leads with the first trouble and lists every task with item and state', () => {
		const error = toRunError(NODE, vidu, [
			{ facts: { itemIndex: 0, operation, taskId: '111', report: report() } },
			{ facts: { itemIndex: 1, taskId: ID, report: report({ state: 'failed' }) }, failure: failed },
			{
				facts: { itemIndex: 2, taskId: '333', report: report({ state: 'processing' }) },
				failure: failures.stillRunning('Vidu', '333', 'processing', 60_000),
			},
			{ facts: { itemIndex: 3 }, failure: failures.notStarted('the run was stopped', 'Run again.') },
		]);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe(`Vidu ended task ${ID} without an image [item 1]`);
		expect(error.description!.split('<br>')).toEqual([
			failed.description,
			'',
			'2 more items did not get an image:',
			'item 2: Task 333 is still "processing" after 1 minute',
			'item 3: Not started: the run was stopped',
			'',
			expect.stringMatching(/^1 of 4 images is made\. To get it: .*Nothing is ordered again\.$/),
			'',
			expect.stringContaining('paste the lines into Task IDs'),
			'succeeded: 111',
			`failed: ${ID}`,
			'processing: 333',
		]);
		const details = { taskId: ID, status: 'failed', code: 'CreationPolicyViolation' };
		expect(error.context).toMatchObject({ itemIndex: 1, data: { details } });
	});

	test('shows what others said as text, not as HTML', () => {
		const failure = failures.refused({ ...diagnosis, providerMessage: '<img src=x onerror=alert(1)> & more' });
		const error = toRunError(NODE, vidu, [{ facts: { itemIndex: 0 }, failure }]);
		expect(error.description).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; more');
		expect(error.description).not.toContain('<img');
	});

	test('tells equal reasons once, and the numbers of the items that are too many to tell', () => {
		const results = Array.from({ length: 200 }, (_, itemIndex) => ({
			facts: { itemIndex },
			failure: failures.invalidInput(
				'Duration',
				`Duration ${itemIndex < 100 ? 99 : itemIndex} is not offered`,
				'Choose 4.',
			),
		}));
		const lines = toRunError(NODE, vidu, results).description!.split('<br>');
		expect(lines).toContain('items 1 to 99: Duration 99 is not offered');
		expect(lines).toContain('item 100: Duration 100 is not offered');
		expect(lines.at(-1)).toBe('and items 149 to 199');
		expect(lines.length).toBeLessThan(60);
	});

	test('says which items another try would order, for it costs money', () => {
		const error = toRunError(NODE, vidu, [
			{ facts: { itemIndex: 0, operation, taskId: '111', report: report() } },
			{ facts: { itemIndex: 1 }, failure: failures.notStarted('no credits', 'Top up.'), isOpen: true },
			{ facts: { itemIndex: 2 }, failure: failures.notStarted('no credits', 'Top up.'), isOpen: true },
			{ facts: { itemIndex: 3, taskId: ID }, failure: failed, isOpen: false },
		]);
		expect(error.description).toContain(
			'What is made is not ordered again; items 1 to 2, which have no image yet, are ordered then.',
		);
		expect(error.description).not.toContain('Nothing is ordered again');
	});

	test('says of a sheet with bad rows that no row was ordered', () => {
		const bad = failures.invalidInput('Duration', 'Duration 99 is not offered', 'Choose 4.');
		const error = toRunError(NODE, vidu, [
			{ facts: { itemIndex: 0 } },
			{ facts: { itemIndex: 1 }, failure: bad },
			{ facts: { itemIndex: 2 } },
			{ facts: { itemIndex: 3 }, failure: bad },
		]);
		expect(error.description!.split('<br>')).toEqual([
			bad.description,
			'',
			'One more item cannot be sent:',
			'item 3: Duration 99 is not offered',
			'The other items were not ordered either.',
		]);
	});

	test('of one call about a task lists no tasks to collect', () => {
		const failure = failures.lostTask(ID, { ...diagnosis, kind: 'permanent', unknownTask: true });
		const error = toRunError(NODE, vidu, [{ facts: { itemIndex: 0, taskId: ID }, failure }], { isPlain: true });
		expect(error.message).toContain('was not found');
		expect(error.description).not.toContain('collect');
	});

	test('tells why each further image was not made', () => {
		const error = toRunError(NODE, vidu, [
			{ facts: { itemIndex: 0, taskId: ID }, failure: failed },
			{ facts: { itemIndex: 1, taskId: '333' }, failure: failures.endedEmpty('Vidu', '333', diagnosis, NOUN) },
		]);
		expect(error.description).toContain(
			'item 1: Vidu ended task 333 without an image: The clip did not pass the content check',
		);
	});

	test('as an AI tool says in the message what to do, for the model is shown no more', () => {
		const failure = failures.invalidInput('Duration', 'Duration 12 is not offered by vidu2.0', 'Choose 4 or 8.');
		const error = toRunError(NODE, vidu, [{ facts: { itemIndex: 0 }, failure }], { isTool: true });
		expect(error.message).toBe('Duration 12 is not offered by vidu2.0 [item 0]. Choose 4 or 8. Nothing was sent.');
		expect(error.description).toBeFalsy();
	});

	test('leads with what went wrong, not with a cap', () => {
		const error = toRunError(NODE, vidu, [
			{ facts: { itemIndex: 0 }, failure: failures.capped('Max Videos of 1 is reached', 'Raise it.') },
			{ facts: { itemIndex: 1, taskId: ID }, failure: failed },
		]);
		expect(error.message).toContain('[item 1]');
	});

	test('of one item without a task says no more than needed', () => {
		const failure = failures.invalidInput('Prompt', 'Prompt is needed by viduq2', 'Describe the video.');
		const error = toRunError(NODE, vidu, [{ facts: { itemIndex: 0 }, failure }]);
		expect(error.message).toBe('Prompt is needed by viduq2 [item 0]');
		expect(error.description).toBe('Describe the video. Nothing was sent.');
	});

	test.each(['ECONNREFUSED', 'ETIMEDOUT', '401', '429', '500'])('keeps its words though they hold %s', (word) => {
		const failure: Failure = { kind: 'refused', headline: `Vidu said ${word}`, description: `The answer was ${word}.` };
		const error = toRunError(NODE, vidu, [{ facts: { itemIndex: 0 }, failure }]);
		expect(error.message).toBe(`Vidu said ${word} [item 0]`);
		expect(error.description).toBe(`The answer was ${word}.`);
	});
});

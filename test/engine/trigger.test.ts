import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import type { INodeParameters } from 'n8n-workflow';

import { callbackHeaders, type ServerOptions } from '../emulator';
import { CREATION, fileOf } from './facts';
import { runNode } from './harness';
import type { Execution, HostOptions } from './webhooks/host';
import { WebhookFixture } from './webhooks/fixture';

/** The Vidu Trigger behind n8n's webhook addresses, fed by Vidu nodes that do not wait. */

let fixture: WebhookFixture;
let host: WebhookFixture['host'];
let emulator: WebhookFixture['emulator'];

async function start(options: ServerOptions = {}, hostOptions: HostOptions = {}): Promise<void> {
	fixture = await WebhookFixture.start({ taskSeconds: 0.3, ...options }, hostOptions);
	({ host, emulator } = fixture);
}

afterEach(async () => await fixture.stop());

/** A Vidu node that orders and does not wait. @returns the task's id */
async function order(callbackUrl: string, files: INodeParameters = {}): Promise<string> {
	const { items } = await runNode(emulator, {
		items: [{ json: { sku: 'A-1', title: 'A mug' } }],
		parameters: {
			operation: 'textToVideo',
			prompt: '={{ $json.title }}',
			waitForCompletion: false,
			files: { callbackUrl, ...files },
		},
	});
	return String(items[0].json.taskId);
}

const until = async (...wait: Parameters<WebhookFixture['until']>) => await fixture.until(...wait);
const callbacksOf = (state: string) => fixture.callbacksOf(state);
const answered = async (count: number, state?: string) => await fixture.answered(count, state);
const started = async (count: number): Promise<Execution[]> => {
	await until(
		`${count} executions`,
		() => host.executions.filter(({ status }) => status === 'success').length >= count,
	);
	await host.idle();
	expect(host.executions).toHaveLength(count);
	return host.executions;
};
const nothingStarted = async () => {
	await host.idle();
	expect(host.executions).toEqual([]);
};

/** A call that Vidu would make; every part can be spoiled. */
function call(
	url: string,
	{ signedFor = url, key = emulator.keys.vidu, ageMs = 0, nonce = `nonce ${Math.random()}` } = {},
): Record<string, string> {
	const date = new Date(Date.now() - ageMs).toUTCString();
	return callbackHeaders({ url: signedFor, date, nonce, key });
}
const success = (taskId: string, more: object = {}) => JSON.stringify({ id: taskId, state: 'success', ...more });

describe('a callback starts the workflow', () => {
	test('with the task as the Vidu node would return it, read again', async () => {
		await start();
		const { production } = host.listen(emulator);
		const taskId = await order(production, { payload: '={{ JSON.stringify({ sku: $json.sku }) }}' });
		const [{ items, data }] = await started(1);
		expect(items).toHaveLength(1);
		const { json, binary } = items[0];
		expect(json).toMatchObject({
			taskId,
			status: 'succeeded',
			provider: 'vidu',
			payload: { sku: 'A-1' },
			isVerified: true,
			...CREATION,
		});
		expect(json).not.toHaveProperty('file');
		expect(json.videoUrl).toMatch(/^http/);
		expect(Date.parse(String(json.urlExpiresAt))).toBeGreaterThan(Date.now());
		expect(json).not.toHaveProperty('response');
		expect(json).not.toHaveProperty('error');
		expect(binary).toBeUndefined();
		expect(data.resultData.runData.Done[0].data?.main[0]).toHaveLength(1);
		await answered(1);
		expect(callbacksOf('success').map(({ status }) => status)).toEqual([200]);
	});

	test('at the test URL as well', async () => {
		await start();
		const { test: url } = host.listen(emulator);
		const taskId = await order(url);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ taskId, isVerified: true });
	});

	test.each(['production', 'test'] as const)('behind a proxy that changes host and path: %s', async (which) => {
		await start({}, { publicUrl: 'https://n8n.example.com/automation' });
		const url = host.listen(emulator)[which];
		expect(url).toMatch(/^https:\/\/n8n\.example\.com\/automation\/webhook/);
		const taskId = await order(`${url}?shop=7&a=%7E`);
		const [{ items }] = await started(1);
		expect(items[0].json.taskId).toBe(taskId);
	});

	test('with the file where one is wanted, after the call is answered', async () => {
		await start();
		emulator.control.fault({ do: 'throttle', bytesPerSecond: 30_000 });
		const { production } = host.listen(emulator, { downloadVideo: true, binaryPropertyName: 'clip' });
		const taskId = await order(production);
		await answered(1);
		expect(host.executions).toEqual([]);
		const [{ items }] = await started(1);
		expect(items[0].binary?.clip).toMatchObject({ mimeType: 'video/mp4', fileName: `${taskId}.mp4` });
		expect(items[0].json).toMatchObject({ ...CREATION, file: fileOf(taskId) });
		expect(emulator.journal.requests.filter(({ kind }) => kind === 'download')).toHaveLength(1);
		expect(emulator.journal.keyLeaks).toEqual([]);
	});

	test('without the file where it does not come: the link is there', async () => {
		await start();
		emulator.control.fault({ do: 'status', status: 500, kind: 'download', times: 'always' });
		const { production } = host.listen(emulator, { downloadVideo: true });
		await order(production);
		await until('the start', () => host.executions.some(({ status }) => status === 'success'));
		const [{ items }] = host.executions;
		expect(items[0].binary).toBeUndefined();
		expect(items[0].json.videoUrl).toMatch(/^http/);
	});

	test('with the raw answer', async () => {
		await start();
		const { production } = host.listen(emulator, { options: { simplify: false } });
		await order(production);
		const [{ items }] = await started(1);
		expect(items[0].json.response).toMatchObject({
			state: 'success',
			creations: [expect.objectContaining({ url: items[0].json.videoUrl })],
		});
	});

	test('with the text of a payload that is no JSON', async () => {
		await start();
		const { production } = host.listen(emulator);
		await order(production, { payload: 'order 17' });
		const [{ items }] = await started(1);
		expect(items[0].json.payload).toBe('order 17');
	});
});

describe('the events', () => {
	test('are success and failure unless told', async () => {
		await start();
		emulator.control.fault({ do: 'failTask', code: 'content', nth: 2 });
		const { production } = host.listen(emulator);
		await order(production, { payload: 'first' });
		await started(1);
		const failedId = await order(production, { payload: 'second' });
		const [, { items }] = await started(2);
		expect(items[0].json).toMatchObject({
			taskId: failedId,
			status: 'failed',
			code: expect.any(String),
			reason: expect.any(String),
			isVerified: true,
		});
		expect(callbacksOf('processing').map(({ status }) => status)).toEqual([200, 200]);
	});

	test.each([
		[['processing'], ['processing']],
		[['succeeded'], ['succeeded']],
		[['failed'], []],
		[
			['processing', 'succeeded', 'failed'],
			['processing', 'succeeded'],
		],
	])('chosen are %j: starts for %j', async (events, statuses) => {
		await start({ taskSeconds: 0.6 });
		const { production } = host.listen(emulator, { events });
		await order(production, { payload: 'mine' });
		await answered(1);
		await host.idle();
		expect(host.executions.map(({ items }) => items[0].json.status)).toEqual(statuses);
		expect(new Set(emulator.journal.callbacks.map(({ status }) => status))).toEqual(new Set([200]));
	});

	test('"processing" that comes when the task has ended is still what it says', async () => {
		await start();
		emulator.control.fault({ do: 'delayCallback', state: 'processing', seconds: 4 });
		const { production } = host.listen(emulator, { events: ['processing', 'succeeded'] });
		const taskId = await order(production, { payload: 'mine' });
		const executions = await started(2);
		expect(executions.map(({ items }) => items[0].json)).toMatchObject([
			{ taskId, status: 'succeeded' },
			{ taskId, status: 'processing' },
		]);
		expect(executions[1].items[0].json).not.toHaveProperty('videoUrl');
	});
});

describe('a task without an id in its callback', () => {
	test('is found by its video among many', async () => {
		await start();
		const { production } = host.listen(emulator);
		for (let count = 0; count < 4; count += 1) await order('', {});
		const taskId = await order(production);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ taskId, isVerified: true });
	});

	test('and without a video is found by its payload', async () => {
		await start();
		emulator.control.fault({ do: 'failTask', code: 'content', times: 'always' });
		const { production } = host.listen(emulator);
		const ids = [];
		for (const payload of ['{"sku":"A-1"}', '{"sku":"A-2"}', '{"sku":"A-3"}'])
			ids.push(await order(production, { payload }));
		const executions = await started(3);
		const found = executions
			.map(({ items: [{ json }] }) => [(json.payload as { sku: string }).sku, json.taskId])
			.sort();
		expect(found).toEqual([
			['A-1', ids[0]],
			['A-2', ids[1]],
			['A-3', ids[2]],
		]);
	});

	test('nor anything else to know it by is told as it came, and as not verified', async () => {
		await start();
		emulator.control.fault({ do: 'failTask', code: 'content' });
		const { production } = host.listen(emulator);
		await order(production);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ status: 'failed', isVerified: false });
		expect(items[0].json).not.toHaveProperty('taskId');
	});
});

describe('a call is turned away', () => {
	test.each([
		['forged', () => ({ key: 'vda_another' }), 401],
		['signed for another address', (url: string) => ({ signedFor: url.replace('/vidu', '/other') }), 401],
		['signed for another query', (url: string) => ({ signedFor: `${url}?a=1` }), 401],
		['six minutes old', () => ({ ageMs: 6 * 60_000 }), 401],
		['six minutes early', () => ({ ageMs: -6 * 60_000 }), 401],
		['four minutes old', () => ({ ageMs: 4 * 60_000 }), 200],
	])('when %s', async (_, spoil, status) => {
		await start();
		emulator.control.holdTasks();
		const { production } = host.listen(emulator);
		const taskId = await order(production);
		emulator.control.fault({ do: 'loseCallback', times: 'always' });
		emulator.control.finishTask(taskId);
		expect(await host.deliver(production, call(production, spoil(production)), success(taskId))).toBe(status);
		await host.idle();
		expect(host.executions).toHaveLength(status === 200 ? 1 : 0);
	});

	test('when it has no signature at all', async () => {
		await start();
		const { production } = host.listen(emulator);
		expect(await host.deliver(production, { 'content-type': 'application/json' }, success('1234567890123456'))).toBe(
			401,
		);
		await nothingStarted();
	});

	test.each(['', 'null', '[]', '"text"', '{"hello":1}'])('when it is about no task: %s', async (body) => {
		await start();
		const { production } = host.listen(emulator);
		expect(await host.deliver(production, call(production), body)).toBe(400);
		await nothingStarted();
	});

	test('when the task does not exist', async () => {
		await start();
		const { production } = host.listen(emulator);
		expect(await host.deliver(production, call(production), success('1234567890123456789'))).toBe(404);
		await nothingStarted();
	});

	test('for now, when Vidu says that the task has not ended: it calls again', async () => {
		await start();
		emulator.control.holdTasks();
		const { production } = host.listen(emulator);
		const taskId = await order(production);
		expect(await host.deliver(production, call(production), success(taskId))).toBe(503);
		await nothingStarted();
		emulator.control.finishTask(taskId);
		await started(1);
	});

	test('not when its answers lag a moment behind its calls: the task is asked again', async () => {
		await start({ callbackRetrySeconds: [] });
		emulator.control.fault({ do: 'unknownStatus', word: 'processing', kind: 'ask' });
		const { production } = host.listen(emulator);
		const taskId = await order(production);
		emulator.control.fault({ do: 'loseCallback', times: 'always' });
		emulator.control.finishTask(taskId);
		expect(await host.deliver(production, call(production), success(taskId))).toBe(200);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ taskId, status: 'succeeded', isVerified: true });
	});

	test('for now: then the very same call is taken when it comes again', async () => {
		await start();
		emulator.control.holdTasks();
		const { production } = host.listen(emulator);
		const taskId = await order(production);
		emulator.control.fault({ do: 'loseCallback', times: 'always' });
		const headers = call(production);
		expect(await host.deliver(production, headers, success(taskId))).toBe(503);
		emulator.control.finishTask(taskId);
		expect(await host.deliver(production, headers, success(taskId))).toBe(200);
		await started(1);
		expect(await host.deliver(production, headers, success(taskId))).toBe(200);
		await started(1);
	});

	test('an unsigned one is taken where no signature is required', async () => {
		await start();
		emulator.control.holdTasks();
		const { production } = host.listen(emulator, { options: { requireSignature: false } });
		const taskId = await order(production);
		emulator.control.fault({ do: 'loseCallback', times: 'always' });
		emulator.control.finishTask(taskId);
		expect(
			await host.deliver(
				production,
				{ 'content-type': 'application/json' },
				success(taskId, { creations: [{ url: 'https://evil.example.com/x.mp4' }] }),
			),
		).toBe(200);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ taskId, isVerified: true });
		expect(items[0].json.videoUrl).not.toContain('evil');
	});

	test('with a wider window an older one is taken', async () => {
		await start();
		emulator.control.holdTasks();
		const { production } = host.listen(emulator, { options: { replayWindowMinutes: 60 } });
		const taskId = await order(production);
		emulator.control.fault({ do: 'loseCallback', times: 'always' });
		emulator.control.finishTask(taskId);
		expect(await host.deliver(production, call(production, { ageMs: 50 * 60_000 }), success(taskId))).toBe(200);
		await started(1);
	});
});

describe('what the unsigned body says', () => {
	const EVIL = 'https://evil.example.com';
	const forged = { creations: [{ id: 'made up', url: `${EVIL}/x.mp4`, cover_url: `${EVIL}/x.jpeg` }], credits: 999 };

	test.each([true, false])('gives no link where no task is found for it (Simplify %s)', async (simplify) => {
		await start();
		const { production } = host.listen(emulator, { downloadVideo: true, options: { simplify } });
		expect(
			await host.deliver(
				production,
				call(production),
				JSON.stringify({ state: 'success', payload: 'mine', ...forged }),
			),
		).toBe(200);
		const [{ items }] = await started(1);
		expect(items[0].json).toEqual({ status: 'succeeded', provider: 'vidu', payload: 'mine', isVerified: false });
		expect(items[0].binary).toBeUndefined();
	});

	test.each([true, false])('gives no link where Vidu cannot be asked (Simplify %s)', async (simplify) => {
		await start();
		const { production } = host.listen(emulator, { options: { simplify } });
		emulator.control.outage({ target: 'vidu', seconds: 60 });
		expect(await host.deliver(production, call(production), success('1234567890123456', forged))).toBe(200);
		const [{ items }] = await started(1);
		expect(items[0].json).toEqual({
			taskId: '1234567890123456',
			status: 'succeeded',
			provider: 'vidu',
			isVerified: false,
		});
	});

	test('adds nothing to a task that Vidu confirms', async () => {
		await start();
		emulator.control.fault({ do: 'failTask', code: 'content' }, { do: 'loseCallback', times: 'always' });
		const { production } = host.listen(emulator, { options: { simplify: false } });
		const taskId = await order(production);
		await until('the end of the task', () => emulator.journal.task(taskId)?.state === 'failed');
		expect(
			await host.deliver(production, call(production), JSON.stringify({ id: taskId, state: 'failed', ...forged })),
		).toBe(200);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ taskId, status: 'failed', isVerified: true });
		expect(JSON.stringify(items[0].json)).not.toContain(EVIL);
	});

	test('gives no link to a "processing" that comes late', async () => {
		await start();
		emulator.control.fault({ do: 'loseCallback', times: 'always' });
		const { production } = host.listen(emulator, { events: ['processing'], options: { simplify: false } });
		const taskId = await order(production, { payload: 'mine' });
		await until('the end of the task', () => emulator.journal.task(taskId)?.state === 'success');
		expect(
			await host.deliver(
				production,
				call(production),
				JSON.stringify({ id: taskId, state: 'processing', payload: 'not mine', ...forged }),
			),
		).toBe(200);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ taskId, status: 'processing', payload: 'mine', isVerified: true });
		expect(JSON.stringify(items[0].json)).not.toContain(EVIL);
	});

	test.each([
		['half a character', '\ud800'],
		['a path', '../../ent/v2/credits'],
		['no word', '1 OR 1'],
		['without end', '1'.repeat(5_000)],
	])('names an id that cannot be one: %s', async (_, id) => {
		await start();
		for (const readTask of [true, false]) {
			const { production } = host.listen(emulator, { readTask });
			expect(await host.deliver(production, call(production), JSON.stringify({ id, state: 'success' }))).toBe(400);
		}
		await nothingStarted();
		expect(emulator.journal.requests).toEqual([]);
	});
});

describe('settings that come from expressions', () => {
	/** A task that has ended and of which nobody was told. */
	async function endedTask(url: string): Promise<string> {
		emulator.control.holdTasks();
		const taskId = await order(url);
		emulator.control.fault({ do: 'loseCallback', times: 'always' });
		emulator.control.finishTask(taskId);
		return taskId;
	}

	test.each(['five', 'NaN', 'Infinity', 0, -5, true, [60], { minutes: 60 }])(
		'a Replay Window of %j is that of 5 minutes',
		async (replayWindowMinutes) => {
			await start();
			const { production } = host.listen(emulator, { options: { replayWindowMinutes } as INodeParameters });
			const taskId = await endedTask(production);
			for (const ageMs of [6 * 60_000, 365 * 24 * 3_600_000])
				expect(await host.deliver(production, call(production, { ageMs }), success(taskId))).toBe(401);
			expect(await host.deliver(production, call(production, { ageMs: 4 * 60_000 }), success(taskId))).toBe(200);
			await started(1);
		},
	);

	test('a Replay Window as text is read', async () => {
		await start();
		const { production } = host.listen(emulator, { options: { replayWindowMinutes: ' 60 ' } });
		const taskId = await endedTask(production);
		expect(await host.deliver(production, call(production, { ageMs: 50 * 60_000 }), success(taskId))).toBe(200);
		await started(1);
	});

	test('switches are read as sheets write them', async () => {
		await start();
		const { production } = host.listen(emulator, {
			readTask: '={{ "TRUE" }}',
			downloadVideo: 1,
			options: { requireSignature: 'no', simplify: 'FALSE' },
		});
		const taskId = await endedTask(production);
		expect(await host.deliver(production, { 'content-type': 'application/json' }, success(taskId))).toBe(200);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ taskId, isVerified: true, response: { state: 'success' } });
		expect(items[0].binary?.data).toMatchObject({ mimeType: 'video/mp4' });
	});

	test('Confirm with Vidu "false" is off', async () => {
		await start();
		const { production } = host.listen(emulator, { readTask: 'false' });
		expect(await host.deliver(production, call(production), success('1234567890123456'))).toBe(200);
		await started(1);
		expect(emulator.journal.requests).toEqual([]);
	});

	test('a switch that is neither on nor off is on the safe side, and the log calls it as the panel does', async () => {
		await start();
		const warn = jest.spyOn(Container.get(Logger), 'warn');
		const { production } = host.listen(emulator, {
			readTask: '={{ "perhaps" }}',
			downloadVideo: 'perhaps',
			options: { requireSignature: 'perhaps', simplify: 'perhaps' },
		});
		const taskId = await endedTask(production);
		expect(await host.deliver(production, { 'content-type': 'application/json' }, success(taskId))).toBe(401);
		expect(await host.deliver(production, call(production), success(taskId))).toBe(200);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ taskId, isVerified: true });
		expect(items[0].json).not.toHaveProperty('response');
		expect(items[0].binary).toBeUndefined();
		const logged = warn.mock.calls.map(([message]) => message).join('\n');
		warn.mockRestore();
		for (const label of ['Require Signature', 'Confirm with Vidu', 'Download File', 'Simplify'])
			expect(logged).toContain(label);
	});

	test('a credential that cannot be used gets 503; the same call is taken once it can', async () => {
		await start();
		const viduApi = { region: 'custom', baseUrl: 'not an address', apiKey: emulator.keys.vidu };
		const { production } = host.listen(emulator, {}, { viduApi });
		const taskId = await endedTask(production);
		const headers = call(production);
		expect(await host.deliver(production, headers, success(taskId))).toBe(503);
		await nothingStarted();
		viduApi.baseUrl = emulator.urls.vidu;
		expect(await host.deliver(production, headers, success(taskId))).toBe(200);
		await started(1);
	});
});

describe('each event starts the workflow once', () => {
	beforeEach(async () => {
		await start();
		emulator.control.holdTasks();
	});
	const ended = async (url: string): Promise<string> => {
		const taskId = await order(url);
		emulator.control.fault({ do: 'loseCallback', times: 'always' });
		emulator.control.finishTask(taskId);
		return taskId;
	};

	test('though the same call comes again, now or at the same moment', async () => {
		const { production } = host.listen(emulator);
		const taskId = await ended(production);
		const headers = call(production);
		const send = async () => await host.deliver(production, headers, success(taskId));
		expect(await Promise.all([send(), send(), send()])).toEqual([200, 200, 200]);
		expect(await send()).toBe(200);
		await started(1);
	});

	test('though Vidu repeats it with a new nonce', async () => {
		const { production } = host.listen(emulator);
		const taskId = await ended(production);
		for (let times = 0; times < 3; times += 1)
			expect(await host.deliver(production, call(production), success(taskId))).toBe(200);
		await started(1);
	});

	test('though a replayed call claims another task', async () => {
		const { production } = host.listen(emulator);
		const first = await ended(production);
		const second = await order(production);
		emulator.control.finishTask(second);
		const headers = call(production);
		expect(await host.deliver(production, headers, success(first))).toBe(200);
		expect(await host.deliver(production, headers, success(second))).toBe(200);
		const [{ items }] = await started(1);
		expect(items[0].json.taskId).toBe(first);
	});

	test.each(['toString', '__proto__', 'constructor', 'hasOwnProperty'])(
		'and is taken though its nonce is "%s"',
		async (nonce) => {
			const { production } = host.listen(emulator);
			const [first, second] = [await ended(production), await ended(production)];
			const headers = call(production, { nonce });
			for (const taskId of [first, second]) expect(await host.deliver(production, headers, success(taskId))).toBe(200);
			const [{ items }] = await started(1);
			expect(items[0].json.taskId).toBe(first);
		},
	);

	test('in each workflow', async () => {
		const [one, two] = [host.listen(emulator), host.listen(emulator)];
		const taskId = await ended(one.production);
		for (const { production } of [one, two])
			expect(await host.deliver(production, call(production), success(taskId))).toBe(200);
		await started(2);
	});
});

describe('when Vidu does not answer', () => {
	test('one bad answer costs nothing', async () => {
		await start();
		emulator.control.holdTasks();
		const { production } = host.listen(emulator);
		const taskId = await order(production);
		emulator.control.fault({ do: 'status', status: 502, html: true, kind: 'ask' });
		emulator.control.finishTask(taskId);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ taskId, isVerified: true });
	});

	test('the event is not lost, but marked as not verified', async () => {
		await start({ callbackRetrySeconds: [] });
		emulator.control.holdTasks();
		const { production } = host.listen(emulator);
		const taskId = await order(production);
		emulator.control.fault({ do: 'loseCallback', times: 'always' });
		emulator.control.finishTask(taskId);
		emulator.control.outage({ target: 'vidu', seconds: 60 });
		expect(await host.deliver(production, call(production), success(taskId))).toBe(200);
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({ taskId, status: 'succeeded', isVerified: false });
	});

	test('nor is asked, the callback is taken at its word', async () => {
		await start();
		const { production } = host.listen(emulator, { readTask: false });
		await order(production, { payload: 'x' });
		const [{ items }] = await started(1);
		expect(items[0].json).toMatchObject({
			status: 'succeeded',
			isVerified: false,
			payload: 'x',
			videoUrl: expect.stringMatching(/^http/),
		});
		expect(emulator.journal.requests.filter(({ kind }) => kind === 'ask' || kind === 'list')).toEqual([]);
	});
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ExecuteContext } from 'n8n-core';
import type { INodeParameters } from 'n8n-workflow';

import { callbackHeaders, type ServerOptions, type TaskRecord } from '../emulator';
import { ASSETS } from '../emulator/cdn';
import { simplestVideo } from '../videos';
import { CREATION, fileOf } from './facts';
import type { Execution, HostOptions, Order } from './webhooks/host';
import { WebhookFixture } from './webhooks/fixture';

/** `waitMode: callback` in n8n's real engine: parked as JSON, called back over HTTP, gone on. */

let fixture: WebhookFixture;
let host: WebhookFixture['host'];
let emulator: WebhookFixture['emulator'];

/** The tasks of this fixture begin in a moment and end only when the test says so. */
async function start(options: ServerOptions = {}, hostOptions: HostOptions = {}): Promise<void> {
	fixture = await WebhookFixture.start({ taskSeconds: 0.5, ...options }, hostOptions);
	({ host, emulator } = fixture);
	emulator.control.holdTasks();
}

afterEach(async () => await fixture.stop());

const parameters = ({ files, ...more }: INodeParameters = {}): INodeParameters => ({
	operation: 'textToVideo',
	prompt: '={{ $json.prompt }}',
	waitMode: 'callback',
	...more,
	files: { allowPrivateUrls: true, ...(files as INodeParameters) },
});
const itemsFor = (...prompts: string[]) => prompts.map((prompt) => ({ json: { prompt, sku: `sku of ${prompt}` } }));
const run = async ({
	parameters: given,
	...order
}: Omit<Order, 'parameters'> & { parameters?: INodeParameters } = {}) =>
	await host.run(emulator, { items: itemsFor('A', 'B', 'C'), ...order, parameters: parameters(given) });

/** By their prompts, as the items stand: orders may overtake one another on their way. */
const tasks = (): TaskRecord[] =>
	[...emulator.journal.tasks].sort((a, b) => String(a.input.prompt).localeCompare(String(b.input.prompt)));
const finish = (...indexes: number[]) => indexes.forEach((index) => emulator.control.finishTask(tasks()[index].id));
const callbacksOf = (state: string) => fixture.callbacksOf(state);
const answered = async (count: number, state?: string) => await fixture.answered(count, state);

const until = async (...wait: Parameters<WebhookFixture['until']>) => await fixture.until(...wait);
async function reaches({ id }: Execution, status: Execution['status']): Promise<Execution> {
	await until(`execution ${id} as ${status}`, () => [status, 'error'].includes(host.execution(id).status));
	const execution = host.execution(id);
	if (execution.status !== status)
		throw new Error(`execution ${id}: ${execution.error?.message} ${execution.error?.description}`);
	return execution;
}

/** Ends its tasks well. @returns the execution that went on */
async function delivers(parked: Execution): Promise<Execution> {
	expect(parked.status).toBe('waiting');
	emulator.control.finishTasks();
	return await reaches(parked, 'success');
}

/** A call that Vidu would make; every part can be spoiled. */
function call(
	url: string,
	{ signedFor = url, key = emulator.keys.vidu, date = new Date().toUTCString(), nonce = 'nonce-1' } = {},
): Record<string, string> {
	return callbackHeaders({ url: signedFor, date, nonce, key });
}
const callbackUrl = (index: number) => String(tasks()[index].input.callback_url);
const post = async (url: string, headers: Record<string, string>, body: string) =>
	await host.deliver(url, headers, body);

describe('callbacks end the wait', () => {
	test('with one item per input item, in order, each with its video', async () => {
		await start();
		const parked = await run();
		expect(parked.items.map(({ json }) => json.status)).toEqual(['processing', 'processing', 'processing']);
		expect(emulator.journal.counts()).toMatchObject({ created: 3, downloads: 0 });
		const { items, data } = await delivers(parked);
		expect(items.map(({ json }) => json.taskId)).toEqual(tasks().map(({ id }) => id));
		for (const [index, { json, binary, pairedItem }] of items.entries()) {
			expect(json).toMatchObject({
				status: 'succeeded',
				provider: 'vidu',
				model: 'viduq3-turbo',
				operation: 'textToVideo',
				credits: expect.any(Number),
				...CREATION,
				file: fileOf(String(json.taskId)),
			});
			expect(json).not.toHaveProperty('error');
			expect(json.waitedSeconds).toBeGreaterThanOrEqual(0);
			expect(pairedItem).toEqual({ item: index });
			expect(binary?.data).toMatchObject({ mimeType: 'video/mp4', fileName: `${String(json.taskId)}.mp4` });
		}
		expect(data.resultData.runData.Done[0].data?.main[0]).toHaveLength(3);
		expect(data.resultData.runData.Source[0].data?.main[0]?.map(({ json }) => json.prompt)).toEqual(['A', 'B', 'C']);
		expect(emulator.journal.counts()).toMatchObject({ created: 3, downloads: 3, keyLeaks: 0 });
	});

	test.each([
		['textToVideo', 'text2video'],
		['imageToVideo', 'img2video'],
		['startEndToVideo', 'start-end2video'],
		['referenceToVideo', 'reference2video:media'],
		['subjectsToVideo', 'reference2video:subjects'],
	] as const)('in every operation: %s', async (endpoint, path) => {
		await start();
		const parameters = simplestVideo(endpoint, emulator.urls.images);
		const parked = await run({ parameters, items: [{}] });
		expect(emulator.journal.counts().created).toBe(1);
		const { items } = await delivers(parked);
		expect(tasks()[0]).toMatchObject({
			operation: path,
			input: { prompt: parameters.prompt, callback_url: expect.stringContaining('/webhook-waiting/') },
		});
		expect(items).toMatchObject([
			{
				json: { taskId: tasks()[0].id, status: 'succeeded', operation: parameters.operation },
				binary: { data: { mimeType: 'video/mp4' } },
			},
		]);
		expect(emulator.journal.counts()).toMatchObject({ created: 1, downloads: 1 });
	});

	test('however many at once, by fewer than ten requests a second of the account', async () => {
		await start();
		const parked = await Promise.all(
			Array.from({ length: 15 }, async (_, index) => await run({ items: itemsFor(`Execution ${index}`) })),
		);
		expect(parked.map(({ status }) => status)).toEqual(Array(15).fill('waiting'));
		const { requests } = emulator.journal;
		const before = requests.length;
		emulator.control.finishTasks();
		for (const execution of parked) await reaches(execution, 'success');
		const asks = requests.slice(before).filter(({ kind }) => kind === 'ask');
		expect(asks).toHaveLength(15);
		// whatever holds the machine up, they follow one another
		const [first, last] = [asks[0]?.atMs ?? 0, asks.at(-1)?.atMs ?? 0];
		expect(last - first).toBeGreaterThanOrEqual(14 * 100);
	});

	test('only when every task has ended', async () => {
		await start();
		const parked = await run();
		finish(1, 0);
		await answered(2);
		await host.idle();
		expect(callbacksOf('success').map(({ status }) => status)).toEqual([200, 200]);
		expect(host.execution(parked.id).status).toBe('waiting');
		expect(emulator.journal.counts().downloads).toBe(0);
		finish(2);
		const { items } = await reaches(parked, 'success');
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
	});

	test('without asking for all tasks as long as one is open', async () => {
		await start();
		await run({ items: itemsFor(...'ABCDEFGH') });
		await answered(8, 'processing');
		const before = emulator.journal.counts().asks;
		finish(0, 1, 2);
		await answered(3);
		await host.idle();
		expect(emulator.journal.counts().asks - before).toBeLessThanOrEqual(3 * 3);
	});

	test('even if all arrive in the same moment: the videos are fetched once', async () => {
		await start({ latencyMs: (kind) => (kind === 'ask' ? 100 : 0) });
		const parked = await run({ items: itemsFor(...'ABCDE') });
		emulator.control.finishTasks();
		const { items } = await reaches(parked, 'success');
		await answered(5);
		expect(items).toHaveLength(5);
		expect(emulator.journal.counts().downloads).toBe(5);
		expect(host.lostClaims).toBe(0);
	});

	test('with the settings of the node', async () => {
		await start();
		const parked = await run({
			items: itemsFor('A'),
			parameters: {
				binaryPropertyName: 'clip',
				files: {
					coverField: 'cover',
					fileName: 'Für Elise',
					simplify: false,
					payload: '={{ JSON.stringify({ sku: $json.sku }) }}',
				},
			},
		});
		const { items } = await delivers(parked);
		expect(items[0].json).toMatchObject({
			payload: { sku: 'sku of A' },
			file: { ...fileOf(String(items[0].json.taskId)), fileName: 'Für Elise.mp4' },
			response: { state: 'success' },
		});
		expect(items[0].binary).toMatchObject({
			clip: { fileName: 'Für Elise.mp4', mimeType: 'video/mp4' },
			cover: { mimeType: 'image/jpeg' },
		});
		expect(tasks()[0].input.payload).toBe('{"sku":"sku of A"}');
	});

	test('without a file where none is wanted', async () => {
		await start();
		const parked = await run({ parameters: { downloadVideo: false } });
		const { items } = await delivers(parked);
		expect(items.every(({ binary }) => binary === undefined)).toBe(true);
		expect(items[0].json.videoUrl).toMatch(/^http/);
		expect(items[0].json).toMatchObject(CREATION);
		expect(items[0].json).not.toHaveProperty('file');
		expect(emulator.journal.counts().downloads).toBe(0);
	});

	test.each([`It's`, `"Vidu"`, 'a\\b', '{{ 1 }}', '`${x}`'])('of a node with a difficult name: %s', async (name) => {
		await start();
		const parked = await run({ name });
		const { items } = await delivers(parked);
		expect(items).toHaveLength(3);
	});

	test('of tasks that a busy account took one after another', async () => {
		await start({ concurrency: 2, whenFull: 'refuse', taskSeconds: ({ ordinal }) => (ordinal <= 3 ? 0.3 : 3_600) });
		emulator.control.clearFaults();
		const parked = await run({ items: itemsFor(...'ABCDE'), parameters: { limits: { pollIntervalSeconds: 0.2 } } });
		const { items } = await delivers(parked);
		expect(items.map(({ json }) => json.taskId)).toEqual(tasks().map(({ id }) => id));
		expect(emulator.journal.counts()).toMatchObject({ created: 5, downloads: 5 });
		expect(emulator.journal.maxTasks.vidu).toBe(2);
	});
});

describe('a sub-workflow', () => {
	const HINT = 'In a sub-workflow the node waits by polling: n8n hands back only one of several parked sub-executions.';

	test('waits by polling, and says so', async () => {
		await start();
		emulator.control.clearFaults();
		const { status, items, hints, waitTill } = await run({
			mode: 'integrated',
			parameters: { limits: { pollIntervalSeconds: 0.2 }, files: { allowPrivateUrls: false } },
		});
		expect(status).toBe('success');
		expect(waitTill).toBeUndefined();
		expect(items.map(({ json, binary }) => [json.status, binary?.data?.mimeType])).toEqual(
			Array(3).fill(['succeeded', 'video/mp4']),
		);
		expect(hints).toEqual([HINT]);
		expect(tasks().map(({ input }) => input.callback_url)).toEqual([undefined, undefined, undefined]);
	});

	test.each([{ waitMode: 'poll' }, { waitForCompletion: false }])(
		'that would not park has nothing to say: %j',
		async (parameters) => {
			await start();
			emulator.control.clearFaults();
			const { status, hints } = await run({
				mode: 'integrated',
				parameters: { ...parameters, limits: { pollIntervalSeconds: 0.2 } },
			});
			expect([status, hints]).toEqual(['success', []]);
		},
	);

	test.each(['manual', 'webhook', 'trigger'] as const)('is not what was started by %s: that parks', async (mode) => {
		await start();
		const parked = await run({ mode });
		expect(parked.hints).toEqual([]);
		const { items, hints } = await delivers(parked);
		expect(items).toHaveLength(3);
		expect(hints).toEqual([]);
	});
});

describe('the address of the callbacks', () => {
	test('is that of the execution, with the number of the item', async () => {
		await start();
		const parked = await run();
		for (const [index] of tasks().entries()) {
			const url = new URL(callbackUrl(index));
			expect(url.pathname).toBe(`/webhook-waiting/${parked.id}`);
			expect(url.searchParams.get('signature')).toBe(parked.data.resumeToken);
			expect(url.searchParams.get('item')).toBe(String(index));
		}
		await delivers(parked);
	});

	test('loses one item alone to an option whose expression fails for it, the first one too', async () => {
		await start();
		const parked = await run({
			onError: 'continueErrorOutput',
			parameters: { files: { payload: "={{ $json.prompt === 'A' ? $('Nowhere').first().json.x : 'p' }}" } },
		});
		expect(emulator.journal.counts().created).toBe(2);
		const { items, failed } = await delivers(parked);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 2 }]);
		expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
	});

	test('goes on with what a cap let through, and nothing else', async () => {
		await start();
		const parked = await run({ parameters: { limits: { maxVideos: 2 } } });
		expect(parked.hints).toEqual(['1 of 3 videos was not started: Max Videos of 2 is reached.']);
		const { items } = await delivers(parked);
		expect(items.map(({ json, pairedItem }) => [json.status, pairedItem])).toEqual([
			['succeeded', { item: 0 }],
			['succeeded', { item: 1 }],
		]);
	});

	test.each(['https://n8n.example.com/automation/n8n', 'https://flows.example.org:8443'])(
		'verifies behind a proxy that changes host and path: %s',
		async (publicUrl) => {
			await start({}, { publicUrl });
			const parked = await run({ parameters: { files: { allowPrivateUrls: false } } });
			expect(callbackUrl(0).startsWith(`${publicUrl}/webhook-waiting/`)).toBe(true);
			const { items } = await delivers(parked);
			expect(items).toHaveLength(3);
		},
	);

	test.each([
		'http://localhost:5678',
		'http://127.0.0.1:5678',
		'http://192.168.1.20:5678',
		'http://10.1.2.3',
		'http://[::1]:5678',
		'http://n8n:5678',
		'https://n8n.internal',
	])('is refused before anything is ordered when nobody can reach it: %s', async (publicUrl) => {
		await start({}, { publicUrl });
		const { status, error } = await run({ parameters: { files: { allowPrivateUrls: false } } });
		expect(status).toBe('error');
		expect(error?.message).toMatch(/^Wait Mode "Callback" needs an n8n that the service can reach \[item 0\]$/);
		expect(error?.description).toContain(new URL(publicUrl).host);
		expect(error?.description).toMatch(
			/N8N_WEBHOOK_URL \(WEBHOOK_URL in older n8n\) to the public.*Poll.*Allow Private URLs/,
		);
		expect(emulator.journal.counts().submits).toBe(0);
	});
});

describe('a callback that does not count', () => {
	beforeEach(async () => {
		await start();
	});

	test('is forged: it gets 401, asks for nothing and resumes nothing; the genuine one does', async () => {
		const parked = await run({ items: itemsFor('A') });
		await answered(1, 'processing');
		emulator.control.fault({ do: 'forgeCallback', state: 'success' });
		emulator.control.set({ callbackRetrySeconds: [] });
		const before = emulator.journal.counts().asks;
		finish(0);
		await answered(1);
		expect(callbacksOf('success')).toMatchObject([{ status: 401, forged: true }]);
		expect(host.execution(parked.id).status).toBe('waiting');
		expect(emulator.journal.counts().asks).toBe(before);
		await emulator.control.sendCallback(tasks()[0].id);
		await reaches(parked, 'success');
	});

	test('was signed for another item, another execution or another query', async () => {
		const [first, second] = [await run({ items: itemsFor('A', 'B') }), await run({ items: itemsFor('C', 'D') })];
		const [own, sibling, foreign] = [callbackUrl(0), callbackUrl(1), callbackUrl(2)];
		emulator.control.finishTasks();
		await answered(4);
		await reaches(first, 'success');
		await reaches(second, 'success');
		const third = await run({ items: itemsFor('E') });
		const target = callbackUrl(4);
		const body = JSON.stringify({ state: 'success' });
		for (const signedFor of [
			own,
			sibling,
			foreign,
			target.replace('item=0', 'item=1'),
			target.replace(/\?.*/, ''),
			`${target}&x=1`,
		]) {
			expect(await post(target, call(target, { signedFor }), body)).toBe(401);
		}
		// what n8n or a proxy adds to a query is not what was signed: the call counts, only that its task has not ended
		expect(await post(`${target}&x=1`, call(target), body)).toBe(200);
		expect(host.execution(third.id).status).toBe('waiting');
	});

	test.each([
		['no headers', () => ({ 'content-type': 'application/json' })],
		['no signature', (url: string) => ({ ...call(url), 'X-HMAC-SIGNATURE': '' })],
		['no date', (url: string) => ({ ...call(url), Date: '' })],
		['the key of another account', (url: string) => call(url, { key: 'vda_another' })],
		['no key at all', (url: string) => call(url, { key: '' })],
	])('has %s', async (_, headersFor) => {
		const parked = await run({ items: itemsFor('A') });
		emulator.control.fault({ do: 'loseCallback', state: 'success' });
		finish(0);
		const url = callbackUrl(0);
		expect(await post(url, headersFor(url) as Record<string, string>, '{"state":"success"}')).toBe(401);
		expect(host.execution(parked.id).status).toBe('waiting');
		expect(emulator.journal.counts().downloads).toBe(0);
	});

	test.each([
		['no item', (url: string) => url.replace(/&item=\d+/, '')],
		['an item that is none', (url: string) => url.replace(/item=\d+/, 'item=abc')],
		['two items', (url: string) => `${url}&item=1`],
	])('names %s in its query, which no address had', async (_, change) => {
		const parked = await run({ items: itemsFor('A') });
		const url = change(callbackUrl(0));
		expect(await post(url, call(url), '{"state":"success"}')).toBe(401);
		expect(host.execution(parked.id).status).toBe('waiting');
	});

	test('says what it likes in its body: the tasks are asked', async () => {
		const parked = await run({ items: itemsFor('A') });
		const url = callbackUrl(0);
		const bodies = [
			'',
			'null',
			'[]',
			'"text"',
			'{',
			'{"state":17}',
			'{"state":"success","creations":[{"url":"https://evil.example.com/x.mp4"}]}',
			'{"state":"failed","err_code":"x"}',
		];
		for (const body of bodies) expect(await post(url, call(url), body)).toBe(200);
		expect(host.execution(parked.id).status).toBe('waiting');
		finish(0);
		const { items } = await reaches(parked, 'success');
		expect(items[0].json.videoUrl).not.toContain('evil');
	});
});

describe('callbacks in disorder', () => {
	test.each([
		['manual', 500],
		['webhook', 409],
	] as const)(
		'one that comes before the execution is parked is repeated by Vidu and then ends the wait (%s)',
		async (mode, refusal) => {
			await start();
			let keep: () => void = () => undefined;
			const isKept = new Promise<void>((resolve) => (keep = resolve));
			host.beforeKeeping = async () => {
				host.beforeKeeping = async () => undefined;
				finish(0);
				await answered(1);
				expect(callbacksOf('success')[0].status).toBe(refusal);
				keep();
			};
			const parked = await run({ items: itemsFor('A'), mode });
			await isKept;
			expect(parked.status).toBe('waiting');
			const { items } = await reaches(parked, 'success');
			expect(items[0].json.status).toBe('succeeded');
			expect(callbacksOf('success').map(({ status, attempt }) => [attempt, status])).toEqual([
				[1, refusal],
				[2, 200],
			]);
		},
	);

	test.each([
		['manual', 500],
		['webhook', 409],
	] as const)('tasks that end while others are still being ordered need no callback (%s)', async (mode, refusal) => {
		await start({
			callbackRetrySeconds: [],
			latencyMs: (kind) => (kind === 'submit' ? 250 : 0),
			taskSeconds: ({ input }) => (input.prompt === 'D' ? 3_600 : 0.05),
		});
		emulator.control.clearFaults();
		const parked = await run({ items: itemsFor(...'ABCD'), mode });
		expect(callbacksOf('success').map(({ status }) => status)).toContain(refusal);
		const { items } = await delivers(parked);
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
	});

	test('where all have ended right before parking, the node delivers at once', async () => {
		await start({ callbackRetrySeconds: [] });
		emulator.control.fault({ do: 'completeAtOnce', times: 'always' });
		const { status, items, data } = await run();
		expect(status).toBe('success');
		expect(items.map(({ binary }) => binary?.data?.mimeType)).toEqual(['video/mp4', 'video/mp4', 'video/mp4']);
		expect(data.waitTill).toBeUndefined();
		expect(emulator.journal.counts()).toMatchObject({ created: 3, downloads: 3 });
	});

	test('"processing" may come last, success twice, and the order of items does not matter', async () => {
		await start();
		emulator.control.fault(
			{ do: 'loseCallback', state: 'processing', times: 'always' },
			{ do: 'repeatCallback', state: 'success', copies: 3, times: 'always' },
		);
		const parked = await run();
		const { items, data } = await delivers(parked);
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		await answered(9);
		for (const { id } of tasks()) await emulator.control.sendCallback(id, { state: 'processing' });
		expect(emulator.journal.counts()).toMatchObject({ created: 3, downloads: 3 });
		expect(data.resultData.runData.Done).toHaveLength(1);
		// n8n says so to whatever comes late
		expect(
			callbacksOf('processing')
				.map(({ status }) => status)
				.filter((status) => status !== 'lost'),
		).toEqual([409, 409, 409]);
	});

	test('the same genuine call again does no harm', async () => {
		await start();
		const parked = await run({ items: itemsFor('A', 'B') });
		const headers = call(callbackUrl(0));
		finish(0);
		await answered(1);
		for (let times = 0; times < 3; times += 1)
			expect(await post(callbackUrl(0), headers, '{"state":"success"}')).toBe(200);
		expect(host.execution(parked.id).status).toBe('waiting');
		finish(1);
		await reaches(parked, 'success');
		expect(await post(callbackUrl(0), headers, '{"state":"success"}')).toBe(409);
		expect(emulator.journal.counts()).toMatchObject({ created: 2, downloads: 2 });
	});

	test('a lost one is made good by any other', async () => {
		await start();
		emulator.control.fault({ do: 'loseCallback', state: 'success', task: 1 });
		const parked = await run({ items: itemsFor('A', 'B') });
		finish(0);
		await answered(1);
		finish(1);
		const { items } = await reaches(parked, 'success');
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded']);
	});
});

describe('when Vidu is out while it calls back', () => {
	test('the call gets 503, the execution stays parked, a later call ends the wait', async () => {
		await start({ callbackRetrySeconds: [0.5] });
		const parked = await run({ items: itemsFor('A') });
		finish(0);
		emulator.control.outage({ target: 'vidu', seconds: 600 });
		await answered(1);
		expect(callbacksOf('success')[0].status).toBe(503);
		expect(host.execution(parked.id).status).toBe('waiting');
		emulator.control.endOutage('vidu');
		const { items } = await reaches(parked, 'success');
		expect(items[0].json.status).toBe('succeeded');
	});

	test('and its answers lag behind its calls: the task is asked again', async () => {
		await start({ callbackRetrySeconds: [] });
		const parked = await run({ items: itemsFor('A', 'B') });
		finish(0);
		await answered(1);
		emulator.control.fault({ do: 'unknownStatus', word: 'processing', kind: 'ask', task: 2 });
		finish(1);
		const { items } = await reaches(parked, 'success');
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded']);
		expect(callbacksOf('success').map(({ status }) => status)).toEqual([200, 200]);
	});

	test('one bad answer costs nothing', async () => {
		await start();
		const parked = await run({ items: itemsFor('A') });
		await answered(1, 'processing');
		emulator.control.fault({ do: 'status', status: 502, html: true, kind: 'ask' });
		finish(0);
		const { items } = await reaches(parked, 'success');
		expect(items[0].json.status).toBe('succeeded');
		expect(callbacksOf('success').map(({ status }) => status)).toEqual([200]);
	});

	test('pages of proxies and gateways in place of its answers end no wait', async () => {
		await start({ callbackRetrySeconds: [0.1, 0.1] });
		const parked = await run({ items: itemsFor('A') });
		await answered(1, 'processing');
		const page = { do: 'status', kind: 'ask' } as const;
		emulator.control.fault(
			{ ...page, status: 404, html: true },
			{ ...page, status: 401, html: true },
			{ ...page, status: 403, body: { message: 'Forbidden' } },
			{ ...page, status: 404, body: { message: 'no Route matched with those values' } },
			{ ...page, status: 401, body: { code: 401, message: 'Unauthorized' } },
			{ ...page, status: 404, body: {} },
		);
		finish(0);
		await answered(2);
		expect(callbacksOf('success').map(({ status }) => status)).toEqual([503, 503]);
		expect(host.execution(parked.id).status).toBe('waiting');
		const { items } = await reaches(parked, 'success');
		expect(items[0].json).toMatchObject({ taskId: tasks()[0].id, status: 'succeeded' });
		await answered(3);
		expect(callbacksOf('success').map(({ status }) => status)).toEqual([503, 503, 200]);
	});

	test.each(['TaskNotFound', 'Unauthorized'])('its own word is not believed at once: %s', async (code) => {
		await start({ callbackRetrySeconds: [] });
		const parked = await run({ items: itemsFor('A') });
		await answered(1, 'processing');
		emulator.control.fault({ do: 'status', status: code === 'Unauthorized' ? 401 : 404, code, kind: 'ask' });
		finish(0);
		const { items } = await reaches(parked, 'success');
		expect(items[0].json).toMatchObject({ taskId: tasks()[0].id, status: 'succeeded' });
	});

	test('its own word and then only pages leave the execution parked', async () => {
		await start({ callbackRetrySeconds: [] });
		const parked = await run({ items: itemsFor('A') });
		await answered(1, 'processing');
		emulator.control.fault(
			{ do: 'status', status: 404, code: 'TaskNotFound', kind: 'ask' },
			{ do: 'status', status: 404, html: true, kind: 'ask', times: 'always' },
		);
		finish(0);
		await answered(1);
		expect(callbacksOf('success')).toMatchObject([{ status: 503 }]);
		expect(host.execution(parked.id).status).toBe('waiting');
	});

	test.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'a task it denies twice in its own words comes out with its id, beside the video of the other (%s)',
		async (onError) => {
			await start();
			const parked = await run({ items: itemsFor('A', 'B'), onError });
			await answered(2, 'processing');
			const [made, lost] = tasks();
			emulator.control.fault({
				do: 'status',
				status: 404,
				code: 'TaskNotFound',
				kind: 'ask',
				task: lost.id,
				times: 'always',
			});
			const { items, failed } = await delivers(parked);
			const [first, second] = onError === 'continueErrorOutput' ? [items[0], failed[0]] : items;
			expect([...items, ...failed]).toHaveLength(2);
			expect(first.json).toMatchObject({ taskId: made.id, status: 'succeeded' });
			expect(second.json).toMatchObject({
				error: expect.stringMatching(/was not found.*\[item 1\]$/),
				details: { taskId: lost.id, reason: 'lostTask', code: 'TaskNotFound' },
			});
			expect(second.json).not.toHaveProperty('status');
		},
	);

	test('a video that cannot be stored leaves link and id', async () => {
		await start();
		const parked = await run({ items: itemsFor('A', 'B'), parameters: { files: { maxFileMegabytes: 0.001 } } });
		const { items } = await delivers(parked);
		for (const [index, { json }] of items.entries())
			expect(json).toMatchObject({
				error: expect.stringContaining(`did not arrive whole [item ${index}]`),
				details: { taskId: tasks()[index].id, videoUrl: expect.stringMatching(/^http/) },
			});
	});

	test('a key that is gone in the meantime makes no crash', async () => {
		await start();
		const credentials: Record<string, { region: string; baseUrl: string; apiKey: string }> = {
			viduApi: { region: 'custom', baseUrl: emulator.urls.vidu, apiKey: emulator.keys.vidu },
		};
		const parked = await run({ items: itemsFor('A'), credentials });
		const { order } = (host as unknown as { stored: Map<string, { order: Order }> }).stored.get(parked.id)!;
		const { viduApi } = order.credentials!;
		for (const broken of [undefined, { ...viduApi, baseUrl: 'not an address' }, {}]) {
			order.credentials!.viduApi = broken as never;
			expect([401, 503]).toContain(await post(callbackUrl(0), call(callbackUrl(0)), '{"state":"success"}'));
			expect(host.execution(parked.id).status).toBe('waiting');
		}
		order.credentials!.viduApi = viduApi;
		finish(0);
		await reaches(parked, 'success');
	});
});

describe('an item that fails', () => {
	const prompts = itemsFor('Prompt A', 'Prompt B', 'Prompt C');

	test('stays beside the others under Continue, with its task id', async () => {
		await start();
		const parked = await run({ items: prompts, onError: 'continueRegularOutput' });
		emulator.control.failTask(tasks()[1].id, 'CreationPolicyViolation');
		const { items, failed } = await delivers(parked);
		expect(items.map(({ json }) => json.status ?? 'failed')).toEqual(['succeeded', 'failed', 'succeeded']);
		expect(Object.keys(items[1].json).sort()).toEqual(['details', 'error']);
		expect(items[1].json.details).toMatchObject({ taskId: tasks()[1].id, status: 'failed' });
		expect(failed).toEqual([]);
	});

	test('goes to the error output with its input and its task id', async () => {
		await start();
		const parked = await run({ items: prompts, onError: 'continueErrorOutput' });
		emulator.control.failTask(tasks()[1].id, 'CreationPolicyViolation');
		const { items, failed, data } = await delivers(parked);
		expect(items.map(({ json }) => json.taskId)).toEqual([tasks()[0].id, tasks()[2].id]);
		expect(failed).toHaveLength(1);
		expect(failed[0].json).toMatchObject({
			sku: 'sku of Prompt B',
			error: expect.stringContaining('[item 1]'),
			details: { taskId: tasks()[1].id },
		});
		expect(data.resultData.runData.Failed[0].data?.main[0]).toHaveLength(1);
		expect(data.resultData.runData.Done[0].data?.main[0]).toHaveLength(2);
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'when ordered does not keep the others from parking (%s)',
		async (onError) => {
			await start();
			emulator.control.fault({ do: 'status', status: 400, code: 'FieldInvalid', kind: 'submit', contains: 'Prompt A' });
			const parked = await run({ items: prompts, onError });
			const { items, failed } = await delivers(parked);
			const all = onError === 'continueErrorOutput' ? [...failed, ...items] : items;
			expect(all).toHaveLength(3);
			expect(all[0].json).toMatchObject({ error: expect.stringContaining('[item 0]'), details: { status: 'failed' } });
			expect(all.slice(1).map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded']);
			expect(emulator.journal.counts().created).toBe(2);
		},
	);

	test('first, with Retry On Fail, does not make the node order again what is parked', async () => {
		await start();
		emulator.control.fault({ do: 'status', status: 400, code: 'FieldInvalid', kind: 'submit', contains: 'Prompt A' });
		const parked = await run({ items: prompts, onError: 'continueRegularOutput', maxTries: 3 });
		expect(parked.status).toBe('waiting');
		expect(emulator.journal.counts().created).toBe(2);
		finish(0, 1);
		const { items } = await reaches(parked, 'success');
		expect(items.map(({ json }) => json.status ?? 'failed')).toEqual(['failed', 'succeeded', 'succeeded']);
		expect(tasks().map(({ input }) => input.prompt)).toEqual(['Prompt B', 'Prompt C']);
	});

	test('ends the run at once where it is to stop, and names every task', async () => {
		await start();
		emulator.control.fault({ do: 'status', status: 400, code: 'FieldInvalid', kind: 'submit', contains: 'Prompt B' });
		const { status, error, data } = await run({ items: prompts });
		expect(status).toBe('error');
		expect(data.waitTill).toBeUndefined();
		expect(error?.message).toContain('[item 1]');
		expect(tasks()).toHaveLength(2);
		for (const { id } of tasks()) expect(error?.description).toContain(id);
	});

	test('in every way leaves nothing to park for', async () => {
		await start();
		emulator.control.fault({ do: 'status', status: 400, code: 'FieldInvalid', kind: 'submit', times: 'always' });
		const { status, items } = await run({ items: prompts, onError: 'continueRegularOutput' });
		expect(status).toBe('success');
		expect(items).toHaveLength(3);
		for (const { json } of items) expect(json.details).toMatchObject({ reason: 'refused', code: 'FieldInvalid' });
		expect(emulator.journal.counts().submits).toBe(3);
	});

	test('after an order without an answer is reported as unknown, not ordered again', async () => {
		await start();
		emulator.control.fault({ do: 'resetAfter', kind: 'submit', contains: 'Prompt C' });
		const parked = await run({ items: prompts, onError: 'continueRegularOutput' });
		const { items } = await delivers(parked);
		expect(items.map(({ json }) => json.status ?? (json.details as { status: string }).status)).toEqual([
			'succeeded',
			'succeeded',
			'unknown',
		]);
		expect(emulator.journal.counts().created).toBe(3);
	});
});

describe('Retry after an earlier execution', () => {
	test('polls, because callbacks of its tasks do not come to it', async () => {
		await start({ callbackRetrySeconds: [] });
		emulator.control.fault({ do: 'status', status: 400, code: 'FieldInvalid', kind: 'submit', contains: 'B' });
		const failed = await run();
		expect(failed.status).toBe('error');
		finish(0, 1);
		emulator.control.clearFaults();
		const prompt = '={{ $json.prompt === "B" ? "A better B" : $json.prompt }}';
		const retried = await host.retry(failed.id, {
			parameters: parameters({ prompt, limits: { pollIntervalSeconds: 0.2 } }),
		});
		expect([retried.status, retried.error?.message, retried.error?.description]).toEqual([
			'success',
			undefined,
			undefined,
		]);
		expect(retried.items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect(tasks().map(({ input }) => input.prompt)).toEqual(['A', 'A better B', 'C']);
		expect(emulator.journal.counts().downloads).toBe(3);
	});
});

describe('where the workflow is to stop', () => {
	test('a task that failed while parked comes out with its error and its id, not as a video; what is made goes on', async () => {
		await start();
		const parked = await run({ items: itemsFor('Prompt A', 'Prompt B', 'Prompt C') });
		emulator.control.failTask(tasks()[1].id, 'CreationPolicyViolation');
		// n8n gives webhook() no way to fail a parked run
		const { items, data } = await delivers(parked);
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', undefined, 'succeeded']);
		expect(Object.keys(items[1].json).sort()).toEqual(['details', 'error']);
		expect(items[1].json).toMatchObject({
			error: expect.stringContaining('[item 1]'),
			details: { taskId: tasks()[1].id, status: 'failed', reason: 'endedEmpty' },
		});
		expect(items[1].binary).toBeUndefined();
		expect(data.resultData.runData.Done[0].data?.main[0]).toHaveLength(3);
	});
});

describe('at the deadline', () => {
	test('the run goes on with pending records that hold the ids', async () => {
		await start();
		const startMs = Date.now();
		const parked = await run({ parameters: { limits: { maxWaitMinutes: 10 }, files: { payload: 'mine' } } });
		const [waitTillMs, limitMs] = [parked.waitTill!.getTime(), 10 * 60_000];
		expect(waitTillMs).toBeGreaterThanOrEqual(startMs + limitMs);
		expect(waitTillMs).toBeLessThanOrEqual(Date.now() + limitMs);
		const { status, items, data } = await host.wake(parked.id);
		expect(status).toBe('success');
		for (const [index, { json, pairedItem, binary }] of items.entries()) {
			expect(json).toMatchObject({
				taskId: tasks()[index].id,
				status: 'processing',
				provider: 'vidu',
				model: 'viduq3-turbo',
				operation: 'textToVideo',
				payload: 'mine',
			});
			expect(json).not.toHaveProperty('error');
			expect(binary).toBeUndefined();
			expect(pairedItem).toMatchObject({ item: index });
		}
		expect(data.resultData.runData.Done[0].data?.main[0]?.map(({ json }) => json.taskId)).toEqual(
			tasks().map(({ id }) => id),
		);
		expect(data.resultData.runData.Source[0].data?.main[0]?.map(({ json }) => json)).toEqual(
			itemsFor('A', 'B', 'C').map(({ json }) => json),
		);
		finish(0, 1, 2);
		await answered(3);
		expect(new Set(callbacksOf('success').map(({ status: code }) => code))).toEqual(new Set([409]));
	});

	test('is never sooner than n8n can park for', async () => {
		await start();
		const startMs = Date.now();
		const { waitTill } = await run({ items: itemsFor('A'), parameters: { limits: { maxWaitMinutes: 0.1 } } });
		expect(waitTill!.getTime() - startMs).toBeGreaterThanOrEqual(65_000);
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'an item that failed when ordered comes out as such (%s)',
		async (onError) => {
			await start();
			emulator.control.fault({ do: 'status', status: 400, code: 'FieldInvalid', kind: 'submit', contains: 'B' });
			const parked = await run({ onError });
			const { items, failed } = await host.wake(parked.id);
			const pending = (onError === 'continueErrorOutput' ? items : [items[0], items[2]]).map(({ json }) => json);
			expect(pending).toMatchObject(tasks().map(({ id }) => ({ taskId: id, status: 'processing' })));
			const [item] = onError === 'continueErrorOutput' ? failed : [items[1]];
			expect(item.json).toMatchObject({ error: expect.stringContaining('[item 1]'), details: { status: 'failed' } });
		},
	);

	test('a callback that comes in the same moment does not run the workflow twice', async () => {
		await start();
		const parked = await run();
		finish(0, 1, 2);
		await Promise.all([host.wake(parked.id), answered(3)]);
		const { data } = await reaches(parked, 'success');
		expect(data.resultData.runData.Done).toHaveLength(1);
	});
});

describe('what is kept of a parked execution', () => {
	/** The beginning of an image's bytes, however short the rest was cut. */
	const BYTES = /;base64,[A-Za-z0-9+/]{8}/;

	test('holds no key and is small', async () => {
		await start();
		const { data } = await run({ items: itemsFor(...'ABCDEFGHIJ') });
		const kept = JSON.stringify(data);
		expect(kept).not.toContain(emulator.keys.vidu);
		expect(kept.length / 10).toBeLessThan(4_000);
	});

	test('holds no image, though the answer to the order repeats it and Simplify is off', async () => {
		await start();
		const photo = { bytes: readFileSync(join(ASSETS, 'sneaker.png')), mimeType: 'image/png' };
		const image = { __rl: true, mode: 'binary', value: 'photo' };
		const parked = await run({
			items: [{ files: { photo } }],
			parameters: { operation: 'imageToVideo', prompt: '', image, files: { simplify: false } },
		});
		expect(parked.items[0].json.response).toMatchObject({
			task_id: tasks()[0].id,
			images: [expect.stringMatching(/^data:image/)],
		});
		expect(BYTES.exec(JSON.stringify(parked.data))?.[0]).toBeUndefined();
		const { items } = await host.wake(parked.id);
		expect(items[0].json).toMatchObject({ taskId: tasks()[0].id, status: 'processing' });
		expect(BYTES.exec(JSON.stringify(items))?.[0]).toBeUndefined();
	});
});

describe('an execution that n8n cannot park', () => {
	test.each(['continueErrorOutput', 'continueRegularOutput', 'stopWorkflow'] as const)(
		'tells every task and calls none a success (%s)',
		async (onError) => {
			await start();
			const parking = jest
				.spyOn(ExecuteContext.prototype, 'putExecutionToWait')
				.mockRejectedValue(new Error('The database is gone'));
			try {
				const { status, items, failed, error } = await run({ onError });
				const told = onError === 'stopWorkflow' ? `${error?.description}` : JSON.stringify([...items, ...failed]);
				for (const { id } of tasks()) expect(told).toContain(id);
				expect(tasks()).toHaveLength(3);
				expect(status).toBe(onError === 'stopWorkflow' ? 'error' : 'success');
				if (onError === 'continueErrorOutput') expect(items).toEqual([]);
				for (const { json } of [...items, ...failed]) expect(json).toMatchObject({ error: expect.any(String) });
			} finally {
				parking.mockRestore();
			}
		},
	);
});

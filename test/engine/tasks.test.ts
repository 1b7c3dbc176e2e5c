import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../emulator';
import { until } from '../until';
import { CREATION, fileOf } from './facts';
import { AT_ONCE_MS, runNode, useEmulators, type RunOptions } from './harness';

/** Tasks that exist already, and the account, through n8n's engine. */

const open = useEmulators();
const QUICK = { pollIntervalSeconds: 0.1 };
const NOBODYS = '876543210123456789';

const task = (operation: string, more: INodeParameters = {}): INodeParameters => ({
	resource: 'task',
	operation,
	downloadVideo: false,
	...more,
});

/** Orders videos and does not wait for them. */
async function order(emulator: Emulator, count = 3, node: RunOptions['node'] = 'vidu'): Promise<string[]> {
	const { items, error } = await runNode(emulator, {
		node,
		parameters: {
			operation: 'textToVideo',
			prompt: '={{ $json.prompt }}',
			waitForCompletion: false,
			...(node === 'cogVideoX' ? { model: 'cogvideox-3' } : {}),
		},
		items: Array.from({ length: count }, (_, index) => ({ json: { prompt: `Video ${index}` } })),
	});
	expect(error).toBeUndefined();
	return items.map(({ json }) => String(json.taskId));
}

describe('Get', () => {
	test.concurrent('tells where a task stands, and fetches its video when there is one', async () => {
		// it ends when the test says so
		const emulator = await open({ taskSeconds: 600 });
		const [taskId] = await order(emulator, 1);
		const parameters = task('get', { taskId: '={{ $json.taskId }}', downloadVideo: true });
		const early = await runNode(emulator, { parameters, items: [{ json: { taskId } }] });
		expect(early.items[0].json).toMatchObject({ taskId, provider: 'vidu' });
		expect(early.items[0].json.status).toMatch(/queued|processing/);
		expect(early.items[0].binary).toBeUndefined();
		emulator.control.finishTask(taskId);
		const late = await runNode(emulator, { parameters, items: [{ json: { taskId } }] });
		expect(late.items[0]).toMatchObject({
			json: {
				taskId,
				status: 'succeeded',
				videoUrl: expect.any(String),
				credits: 55,
				...CREATION,
				file: fileOf(taskId),
			},
			binary: { data: { fileName: `${taskId}.mp4`, mimeType: 'video/mp4' } },
			pairedItem: { item: 0 },
		});
		expect(emulator.journal.keyLeaks).toEqual([]);
	});

	test.concurrent.each([
		['unknown', NOBODYS, /has no task/],
		['rounded by a sheet, as a number', 876543210123456800, /was rounded/],
		['rounded by a sheet, as text', '8.76543E+17', /was rounded/],
		['rounded by a sheet, with zeros', '876543210123456800', /was rounded/],
		['no ID', 'my task', /holds no task ID/],
		['two of them', `${NOBODYS}, 876543210123456790`, /holds 2 task IDs/],
		['of another service', 'd758n65e000000000000', /Vidu does not take d758n65e000000000000 as a task ID/],
		['missing', '', /is missing/],
	])('an ID that is %s is told as such', async (_name, taskId, words) => {
		const emulator = await open();
		const { items } = await runNode(emulator, {
			parameters: task('get', { taskId: '={{ $json.taskId }}' }),
			items: [{ json: { taskId } }],
			onError: 'continueRegularOutput',
		});
		expect(items[0].json.error).toMatch(words);
		expect(items[0].json.error).toMatch(/\[item 0\]$/);
		// and at the paths of films, which are asked about elsewhere
		expect(emulator.journal.counts().asks).toBeLessThanOrEqual(3);
		// nothing that does not exist is waited for or collected
		expect(JSON.stringify(items[0].json)).not.toMatch(/still be running|collect|Extra Fields/);
	});

	test.concurrent('an item that was put into Payload comes back as data', async () => {
		const emulator = await open();
		const ordered = await runNode(emulator, {
			parameters: {
				operation: 'textToVideo',
				prompt: 'A sneaker',
				waitForCompletion: false,
				files: { payload: '={{ $json }}' },
			},
			items: [{ json: { sku: 'A1', sizes: [41, 42] } }],
		});
		expect(ordered.error).toBeUndefined();
		const { items } = await runNode(emulator, {
			parameters: task('get', { taskId: '={{ $json }}' }),
			items: [{ json: ordered.items[0].json }],
		});
		expect(items[0].json.payload).toEqual({ sku: 'A1', sizes: [41, 42] });
	});

	test.concurrent('the item of another node is enough', async () => {
		const emulator = await open();
		const [taskId] = await order(emulator, 1);
		const { items, error } = await runNode(emulator, {
			parameters: task('get', { taskId: '={{ $json }}' }),
			items: [{ json: { taskId, status: 'queued', videoUrl: 'https://cdn.example.com/876500000000000001' } }],
		});
		expect(error).toBeUndefined();
		expect(items[0].json.taskId).toBe(taskId);
	});
});

describe('Wait for Completion', () => {
	test.concurrent('collects what is left behind, one or many IDs per item, with the videos', async () => {
		const emulator = await open({ taskSeconds: 1 });
		const ids = await order(emulator, 4);
		const { items, error } = await runNode(emulator, {
			parameters: task('wait', { taskId: '={{ $json.ids }}', downloadVideo: true, limits: QUICK }),
			items: [{ json: { ids: ids[0] } }, { json: { ids: ids.slice(1, 3) } }, { json: { ids: `${ids[3]}` } }],
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json, pairedItem }) => [json.taskId, json.status, pairedItem])).toEqual([
			[ids[0], 'succeeded', { item: 0 }],
			[ids[1], 'succeeded', { item: 1 }],
			[ids[2], 'succeeded', { item: 1 }],
			[ids[3], 'succeeded', { item: 2 }],
		]);
		expect(items.map(({ binary }) => binary?.data.fileName)).toEqual(ids.map((id) => `${id}.mp4`));
		for (const { json } of items) expect(json).toMatchObject({ ...CREATION, file: fileOf(String(json.taskId)) });
		expect(emulator.journal.counts()).toMatchObject({ submits: 4, downloads: 4 });
	});

	test.concurrent('reads the IDs out of the description of the run that failed, each video once', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'Video 1' });
		const failed = await runNode(emulator, {
			parameters: { operation: 'textToVideo', prompt: '={{ $json.prompt }}', downloadVideo: false, limits: QUICK },
			items: Array.from({ length: 3 }, (_, index) => ({ json: { prompt: `Video ${index}` } })),
		});
		const ids = emulator.journal.tasks.map(({ id }) => id);
		const { items, failed: ended } = await runNode(emulator, {
			parameters: task('wait', { taskId: '={{ $json.text }}', limits: QUICK }),
			items: [{ json: { text: failed.error!.description! } }],
			onError: 'continueErrorOutput',
		});
		const collected = [...items.map(({ json }) => json), ...ended.map(({ json }) => json.details as IDataObject)];
		expect(collected.map(({ taskId }) => taskId).sort()).toEqual([...ids].sort());
		expect(emulator.journal.counts().submits).toBe(3);
	});

	test.concurrent(
		'a list that comes again with every item is collected once, and items of one ID keep their pair',
		async () => {
			const emulator = await open();
			const ids = await order(emulator, 2);
			const all = await runNode(emulator, {
				parameters: task('wait', { taskId: "={{ $('Source').all() }}", limits: QUICK }),
				items: ids.map((taskId) => ({ json: { taskId } })),
			});
			expect(all.items.map(({ json }) => json.taskId)).toEqual(ids);
			const twice = await runNode(emulator, {
				parameters: task('wait', { taskId: '={{ $json.taskId }}', limits: QUICK }),
				items: [{ json: { taskId: ids[0] } }, { json: { taskId: ids[0] } }],
			});
			expect(twice.items.map(({ json, pairedItem }) => [json.taskId, pairedItem])).toEqual([
				[ids[0], { item: 0 }],
				[ids[0], { item: 1 }],
			]);
		},
	);

	test.concurrent('an unknown ID fails for itself, the others arrive', async () => {
		const emulator = await open();
		const [id] = await order(emulator, 1);
		const { items, failed } = await runNode(emulator, {
			parameters: task('wait', { taskId: '={{ $json.id }}', limits: QUICK }),
			items: [{ json: { id: NOBODYS } }, { json: { id } }],
			onError: 'continueErrorOutput',
		});
		expect(items).toMatchObject([{ json: { taskId: id, status: 'succeeded' }, pairedItem: { item: 1 } }]);
		expect(failed).toMatchObject([
			{ json: { details: { taskId: NOBODYS, reason: 'lostTask' } }, pairedItem: { item: 0 } },
		]);
	});

	test.concurrent('at its limit it says where the task stands', async () => {
		const emulator = await open({ taskSeconds: 3_600 });
		const [id] = await order(emulator, 1);
		const { error } = await runNode(emulator, {
			parameters: task('wait', { taskId: id, limits: { ...QUICK, maxWaitMinutes: 0.01 } }),
		});
		expect(error!.message).toMatch(new RegExp(`^Task ${id} is still "\\w+" after 1 second \\[item 0\\]$`));
	});

	test.concurrent('Stop leaves the tasks alone', async () => {
		const emulator = await open({ taskSeconds: 3_600, queueShare: 0.9 });
		const [id] = await order(emulator, 1);
		const { stopMs } = await runNode(emulator, {
			parameters: task('wait', { taskId: id, limits: QUICK }),
			stopWhen: () => emulator.journal.counts().asks > 0,
		});
		expect(stopMs).toBeLessThan(AT_ONCE_MS);
		expect(emulator.journal.counts().cancelled).toBe(0);
	});

	test.concurrent('works for CogVideoX too', async () => {
		const emulator = await open();
		const ids = await order(emulator, 2, 'cogVideoX');
		const { items, error } = await runNode(emulator, {
			node: 'cogVideoX',
			parameters: task('wait', { taskId: '={{ $json.id }}', limits: QUICK }),
			items: ids.map((id) => ({ json: { id } })),
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => [json.taskId, json.status])).toEqual(ids.map((id) => [id, 'succeeded']));
	});
});

describe('Get Many', () => {
	test.concurrent('lists the newest first, up to the limit', async () => {
		const emulator = await open({ taskSeconds: 3_600, concurrency: 20 });
		const ids = await order(emulator, 5);
		const { items, error } = await runNode(emulator, { parameters: task('getMany', { limit: 3 }) });
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.taskId)).toEqual([...ids].reverse().slice(0, 3));
		expect(items[0].json).toMatchObject({ provider: 'vidu', model: 'viduq3-turbo', credits: 55 });
	});

	test.concurrent('Return All turns every page', async () => {
		const emulator = await open({ taskSeconds: 3_600, concurrency: 300, whenFull: 'queue' });
		await order(emulator, 3);
		const model = 'viduq3-turbo';
		// straight to the service: the node would take its time over so many
		await Promise.all(
			Array.from(
				{ length: 120 },
				async () =>
					await emulator.send({
						method: 'POST',
						target: `${emulator.urls.vidu}/ent/v2/text2video`,
						headers: { Authorization: `Token ${emulator.keys.vidu}`, 'Content-Type': 'application/json' },
						body: { model, prompt: 'x' },
					}),
			),
		);
		const { items } = await runNode(emulator, { parameters: task('getMany', { returnAll: true }) });
		expect(items).toHaveLength(123);
		expect(new Set(items.map(({ json }) => json.taskId)).size).toBe(123);
	});

	test.concurrent('filters by state and ID', async () => {
		const emulator = await open({ taskSeconds: 3_600, concurrency: 20 });
		const ids = await order(emulator, 3);
		emulator.control.finishTask(ids[1]);
		const byState = await runNode(emulator, { parameters: task('getMany', { filters: { states: ['success'] } }) });
		expect(byState.items.map(({ json }) => [json.taskId, json.status])).toEqual([[ids[1], 'succeeded']]);
		// nothing was downloaded: this is what the service says
		const file = { width: 1280, height: 720, durationSeconds: 5, fps: 24 };
		expect(byState.items[0].json).toMatchObject({ ...CREATION, file });
		expect(byState.items[0].json.file).toEqual(file);
		const byId = await runNode(emulator, {
			parameters: task('getMany', { filters: { taskIds: `${ids[0]}, ${ids[2]}` } }),
		});
		expect(byId.items.map(({ json }) => json.taskId)).toEqual([ids[2], ids[0]]);
	});
});

describe('Get Many, of values that expressions bring', () => {
	test.concurrent.each<[string, INodeParameters, RegExp]>([
		['a date that is none', { filters: { createdAfter: 'yesterday' } }, /^Created After "yesterday" is not a date/],
		['a limit in words', { limit: '={{ "many" }}' }, /^Limit "many" is not a whole number above 0/],
		['a limit of nothing', { limit: 0 }, /^Limit "0" is not a whole number above 0/],
		['IDs that are none', { filters: { taskIds: 'latest' } }, /^Task IDs "latest" hold no task ID/],
		['a switch that is none', { returnAll: '={{ "maybe" }}' }, /^Return All "maybe" is neither on nor off/],
	])('%s is refused in words, and nothing is asked', async (_name, parameters, words) => {
		const emulator = await open();
		const { items, failed } = await runNode(emulator, {
			parameters: task('getMany', parameters),
			onError: 'continueErrorOutput',
		});
		expect(items).toEqual([]);
		expect(failed[0].json.error).toMatch(words);
		expect(emulator.journal.requests).toEqual([]);
	});

	test.concurrent('switches, numbers, dates and items are read as sheets and expressions write them', async () => {
		const emulator = await open({ taskSeconds: 3_600, concurrency: 20 });
		const ids = await order(emulator, 3);
		const all = await runNode(emulator, { parameters: task('getMany', { returnAll: '={{ "TRUE" }}', limit: 1 }) });
		expect(all.items).toHaveLength(3);
		const some = await runNode(emulator, {
			parameters: task('getMany', {
				limit: '={{ "2" }}',
				filters: { createdAfter: '={{ $now.minus({ days: 1 }) }}', taskIds: '={{ $json.rows }}' },
			}),
			items: [{ json: { rows: ids.map((taskId) => ({ taskId })) } }],
		});
		expect(some.items.map(({ json }) => json.taskId)).toEqual([ids[2], ids[1]]);
	});
});

describe('Cancel', () => {
	test.concurrent('ends what stands in the queue; what runs is told as running', async () => {
		const emulator = await open({ taskSeconds: 3_600, queueShare: 0.9, concurrency: 20 });
		emulator.control.fault({ do: 'slowTask', seconds: 0.5, contains: 'Video 1' });
		emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'Video 1' });
		const ids = await order(emulator, 2);
		await until('the second to begin', () => emulator.journal.task(ids[1])?.state === 'processing', 10);
		const { items } = await runNode(emulator, {
			parameters: task('cancel', { taskId: '={{ $json.id }}' }),
			items: ids.map((id) => ({ json: { id } })),
			onError: 'continueRegularOutput',
		});
		expect(items[0].json).toEqual({ taskId: ids[0], status: 'canceled', provider: 'vidu' });
		expect(items[1].json).toMatchObject({
			error: `Task ${ids[1]} can no longer be cancelled [item 1]`,
			details: { taskId: ids[1], status: 'processing', reason: 'notCanceled' },
		});
		expect((items[1].json.details as IDataObject).description).toMatch(
			/^Vidu cancels only tasks that have not begun\. Task → Get shows its state\. /,
		);
		expect(emulator.journal.counts()).toMatchObject({ cancelled: 1 });
	});

	test.concurrent('of what is made tells that it is made; of what does not exist, that it does not', async () => {
		const emulator = await open({ taskSeconds: 3_600 });
		const [id] = await order(emulator, 1);
		emulator.control.finishTask(id);
		const { items } = await runNode(emulator, {
			parameters: task('cancel', { taskId: '={{ $json.id }}' }),
			items: [{ json: { id } }, { json: { id: NOBODYS } }],
			onError: 'continueRegularOutput',
		});
		expect(items[0].json).toMatchObject({
			error: `Task ${id} can no longer be cancelled [item 0]`,
			details: { taskId: id, status: 'succeeded', reason: 'notCanceled' },
		});
		expect(items[1].json).toMatchObject({
			error: expect.stringMatching(/has no task with this ID/),
			details: { taskId: NOBODYS },
		});
	});
});

describe('Get Credits', () => {
	test.concurrent('tells what is left and how many tasks may run', async () => {
		const emulator = await open({ taskSeconds: 3_600, credits: { vidu: 1_000 } });
		await order(emulator, 2);
		const { items, error } = await runNode(emulator, { parameters: { resource: 'account', operation: 'getCredits' } });
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ creditsRemaining: 890, concurrencyLimit: 5 });
	});

	test.concurrent('a refused key is told as such', async () => {
		const emulator = await open();
		const { error } = await runNode(emulator, {
			parameters: { resource: 'account', operation: 'getCredits' },
			credentials: { viduApi: { region: 'custom', baseUrl: emulator.urls.vidu, apiKey: 'wrong' } },
		});
		expect(error!.message).toBe('Vidu does not accept this API key [item 0]');
	});
});

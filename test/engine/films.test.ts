import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../emulator';
import { until } from '../until';
import { runNode, useEmulators } from './harness';
import { startProxy, viduAt } from './proxy';

/** Films that exist already, and the parts that they are made of, through n8n's engine. */

const open = useEmulators();

const QUICK = { limits: { pollIntervalSeconds: 0.1 } };
const url = (value: string): INodeParameters => ({ __rl: true, mode: 'url', value });
const NOBODYS = '876543210123456789';

const FILMS: Record<string, INodeParameters> = {
	product: { duration: 15 },
	music: { audioFile: url('https://files.example/song.mp3?seconds=15') },
	general: { duration: 15 },
	replicate: { video: url('https://files.example/trend.mp4?seconds=5') },
	story: { story: 'one_shot' },
};

/** Orders a film, and gives its item. */
async function make(emulator: Emulator, operation: string, more: INodeParameters = {}): Promise<IDataObject> {
	const { items, error } = await runNode(emulator, {
		parameters: {
			...{ ...QUICK, resource: 'film', operation, downloadVideo: false },
			images: { image: [{ image: url('https://files.example/1.png') }] },
			...FILMS[operation],
			...more,
		},
	});
	expect(error).toBeUndefined();
	return items[0].json;
}

const askedOf = ({ journal }: Emulator, since = 0): string[] =>
	journal.requests
		.slice(since)
		.filter(({ kind }) => kind === 'ask')
		.map(({ path }) => path);

describe('Get', () => {
	const get = (taskId: unknown, more: INodeParameters = {}): INodeParameters => ({
		...{ resource: 'film', operation: 'get', taskId: taskId as string, downloadVideo: false },
		...more,
	});

	test.concurrent(
		'of a product film tells its scenes, narration, music and versions, and fetches the film',
		async () => {
			const emulator = await open();
			const taskId = String((await make(emulator, 'product')).taskId);
			const since = emulator.journal.requests.length;
			const { items, error } = await runNode(emulator, { parameters: get(taskId, { downloadVideo: true }) });
			expect(error).toBeUndefined();
			expect(askedOf(emulator, since)).toEqual([`/ent/v2/tasks/${taskId}/creations`, `/ent/v2/ad-one-click/${taskId}`]);
			const { json, binary } = items[0];
			expect(json).toMatchObject({
				...{ taskId, status: 'succeeded', provider: 'vidu', film: 'product', credits: 600 },
				videoUrl: expect.stringContaining('/video.mp4?'),
				coverUrl: expect.any(String),
				creationId: expect.any(String),
				file: { fileName: `${taskId}.mp4`, mimeType: 'video/mp4' },
			});
			expect(binary?.data).toMatchObject({ fileName: `${taskId}.mp4`, mimeType: 'video/mp4' });
			const part = { id: expect.stringMatching(/^\d{18,19}$/), status: 'succeeded', prompt: expect.any(String) };
			const film = { ...part, videoUrl: expect.stringContaining('/video.mp4?'), urlExpiresAt: expect.any(String) };
			const sound = { ...part, audioUrl: expect.stringContaining('/sound.mp3?'), urlExpiresAt: expect.any(String) };
			expect(json.storyboard).toEqual([0, 1, 2].map((index) => ({ index, versions: [film] })));
			expect(json.narration).toEqual([sound]);
			expect(json.music).toEqual([sound]);
			const idsOf = (list: unknown) => (list as IDataObject[]).map(({ id }) => id);
			expect(json.versions).toEqual([
				{
					...{ id: expect.any(String), status: 'succeeded' },
					...{ videoUrl: expect.any(String), urlExpiresAt: expect.any(String) },
					videoTaskIds: (json.storyboard as IDataObject[]).flatMap(({ versions }) => idsOf(versions)),
					bgmTaskId: idsOf(json.music)[0],
					narrationTaskId: idsOf(json.narration)[0],
				},
			]);
			expect(emulator.journal.counts()).toMatchObject({ submits: 1, created: 1 });
		},
	);

	test.concurrent.each([
		['music', '/ent/v2/one-click/mv'],
		['general', '/ent/v2/one-click/general_one_click'],
	])('of a %s film tells its scenes and versions', async (operation, path) => {
		const emulator = await open();
		const taskId = String((await make(emulator, operation)).taskId);
		const since = emulator.journal.requests.length;
		const { items, error } = await runNode(emulator, { parameters: get(taskId) });
		expect(error).toBeUndefined();
		expect(askedOf(emulator, since).at(-1)).toBe(`${path}/${taskId}`);
		const { json } = items[0];
		expect(json).toMatchObject({ taskId, status: 'succeeded', film: operation, videoUrl: expect.any(String) });
		expect(json.storyboard).toEqual(
			[0, 1, 2].map((index) => ({
				index,
				versions: [
					{
						...{ id: expect.any(String), status: 'succeeded', prompt: `Scene ${index} is shown` },
						...{ videoUrl: expect.any(String), urlExpiresAt: expect.any(String), durationSeconds: 5 },
						...{ lyricText: 'Prelude', createdAt: expect.stringMatching(/^\d{4}-/) },
					},
				],
			})),
		);
		expect(json.versions).toMatchObject([{ status: 'succeeded', videoUrl: expect.any(String) }]);
		// the service tells of none
		expect(json).not.toHaveProperty('narration');
		expect(json).not.toHaveProperty('music');
	});

	test.concurrent('of a song of more than three minutes there are clips, and no whole film', async () => {
		const emulator = await open();
		const audioFile = url('https://files.example/song.mp3?seconds=190');
		const taskId = String((await make(emulator, 'music', { audioFile })).taskId);
		const { items } = await runNode(emulator, { parameters: get(taskId) });
		expect(items[0].json).toMatchObject({ status: 'succeeded', film: 'music', versions: [] });
		expect(items[0].json.storyboard).toHaveLength(38);
		expect(items[0].json).not.toHaveProperty('videoUrl');
	});

	test.concurrent.each(['replicate', 'story'])(
		'of a %s film, which has no parts, tells the film',
		async (operation) => {
			const emulator = await open();
			const taskId = String((await make(emulator, operation)).taskId);
			const { items, error } = await runNode(emulator, { parameters: get(taskId) });
			expect(error).toBeUndefined();
			expect(items[0].json).toMatchObject({ taskId, status: 'succeeded', videoUrl: expect.any(String) });
			for (const name of ['film', 'storyboard', 'versions']) expect(items[0].json).not.toHaveProperty(name);
		},
	);

	test.concurrent('of a film that is being made tells how far it is', async () => {
		const emulator = await open({ taskSeconds: 600, queueShare: 0 });
		const taskId = String((await make(emulator, 'product', { waitForCompletion: false })).taskId);
		const { items, error } = await runNode(emulator, { parameters: get(taskId, { downloadVideo: true }) });
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ taskId, status: 'processing', progress: 50, versions: [{}] });
		expect(items[0].json.storyboard).toMatchObject([0, 1, 2].map((index) => ({ index, versions: [{}] })));
		expect(items[0].json.narration).toEqual([
			{ id: expect.any(String), status: 'processing', prompt: expect.any(String) },
		]);
		expect(items[0].binary).toBeUndefined();
	});

	test.concurrent('of a film that failed says why, like Task → Get', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'failTask', code: 'content' });
		const ordered = await make(emulator, 'product', { waitForCompletion: false });
		await until('the film has failed', () => emulator.journal.tasks[0].state === 'failed');
		const [film, task] = await Promise.all(
			['film', 'task'].map(
				async (resource) =>
					(await runNode(emulator, { parameters: { ...get(ordered.taskId), resource } })).items[0].json,
			),
		);
		expect(film).toMatchObject({ ...task, status: 'failed', code: 'CreationPolicyViolation', film: 'product' });
		expect(film.versions).toMatchObject([{ status: 'failed', code: 'CreationPolicyViolation' }]);
	});

	test.concurrent.each([
		['unknown', NOBODYS, /^Task 876543210123456789 was not found: Vidu has no task with this ID/],
		['rounded', '876543210123456800', /was rounded/],
		['no ID', 'my film', /holds no task ID/],
		['missing', '', /is missing/],
	])('an ID that is %s is told as Task → Get does', async (_name, taskId, words) => {
		const emulator = await open();
		const [film, task] = await Promise.all(
			['film', 'task'].map(
				async (resource) =>
					(
						await runNode(emulator, {
							parameters: { ...get('={{ $json.taskId }}'), resource },
							items: [{ json: { taskId } }],
							onError: 'continueRegularOutput',
						})
					).items[0].json,
			),
		);
		expect(film.error).toMatch(words);
		expect(withoutTrace(film)).toEqual(withoutTrace(task));
	});

	/** Every answer has a trace of its own. */
	const withoutTrace = (json: IDataObject): unknown =>
		JSON.parse(JSON.stringify(json).replace(/\b[0-9a-f]{32}\b/g, 'trace'));

	test.concurrent('is not said to have no parts where nobody told', async () => {
		const emulator = await open();
		const taskId = String((await make(emulator, 'product')).taskId);
		const proxy = await startProxy(emulator.urls.vidu, async ({ path }, forward) =>
			path.includes('/ad-one-click/')
				? { status: 503, body: '<html><body>Later</body></html>', type: 'text/html' }
				: await forward(),
		);
		try {
			const { items, error } = await runNode(emulator, {
				credentials: viduAt(proxy.url, emulator.keys.vidu),
				parameters: get(taskId),
			});
			expect(items).toEqual([]);
			expect(error?.message).toContain(`Task ${taskId} cannot be read`);
		} finally {
			await proxy.stop();
		}
	});

	test.concurrent('hands on the answer where Simplify is off', async () => {
		const emulator = await open();
		const taskId = String((await make(emulator, 'general')).taskId);
		const { items } = await runNode(emulator, { parameters: get(taskId, { files: { simplify: false } }) });
		expect(items[0].json.response).toMatchObject({ id: taskId, type: 'one_click' });
	});

	test.concurrent('is offered at Vidu alone', async () => {
		const emulator = await open();
		const { error } = await runNode(emulator, { parameters: { ...get(NOBODYS), provider: 'zhipu' } });
		expect(error?.message).toMatch(/Operation of Resource "film" is missing/);
		expect(emulator.journal.requests).toEqual([]);
	});
});

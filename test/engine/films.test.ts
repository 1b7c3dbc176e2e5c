import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../emulator';
import { until } from '../until';
import { runNode, useEmulators } from './harness';
import { GENERAL, KEPT, MUSIC, PRODUCT } from './keptFilms';
import { startProxy, viduAt } from './proxy';
import './seenValues';

/** Films that exist already, and the parts that they are made of, through n8n's engine. */

const open = useEmulators();

const QUICK = { limits: { pollIntervalSeconds: 0.1 } };
const url = (value: string): INodeParameters => ({ __rl: true, mode: 'url', value });
const NOBODYS = '876543210123456789';

/** Of a kept film: scenes, and for a product film narration, music and the whole, one after the other. */
const partOf = (film: string, at: number): string => String(BigInt(film) + 1n + BigInt(at));
const SCENES = [0, 1, 2];
const [NARRATION, SOUND] = [3, 4].map((at) => partOf(PRODUCT, at));

const FILMS: Record<string, INodeParameters> = {
	product: { duration: 15 },
	music: { audioFile: url('https://files.example/song.mp3?seconds=15') },
	general: { duration: 15 },
	replicate: { video: url('https://files.example/trend.mp4?seconds=5') },
	story: { story: 'one_shot' },
};

const ordersOf = ({ journal }: Emulator): Array<{ path: string; body: IDataObject }> =>
	journal.requests
		.filter(({ kind }) => kind === 'submit')
		.map(({ path, body }) => ({ path, body: body as IDataObject }));

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

const film = (operation: string, taskId: string, more: INodeParameters = {}): INodeParameters => ({
	...{ ...QUICK, resource: 'film', operation, taskId, downloadVideo: false },
	...more,
});
const edit = (taskId: string, more: INodeParameters = {}): INodeParameters =>
	film('editPart', taskId, { prompt: 'The shoe turns in the rain', ...more });
const compose = (taskId: string, more: INodeParameters = {}): INodeParameters => film('compose', taskId, more);

describe('Edit Part', () => {
	const ofScene = { type: 'generate_video', storyboardVideoIndex: 2 };

	test.concurrent.each<[string, INodeParameters, IDataObject, IDataObject]>([
		[
			'a scene',
			ofScene,
			{ type: 'generate_video', storyboard_video_index: 2 },
			{ videoUrl: expect.stringContaining('/video.mp4?'), credits: 200, file: { mimeType: 'video/mp4' } },
		],
		[
			'a scene by one of its versions',
			{ type: 'generate_video', jobId: partOf(PRODUCT, 1) },
			{ type: 'generate_video', storyboard_video_index: 1 },
			{ videoUrl: expect.stringContaining('/video.mp4?'), credits: 200 },
		],
		[
			'the narration, which is a sound',
			{ type: 'generate_narration', prompt: 'Light as a feather.' },
			{ type: 'generate_narration', prompt: 'Light as a feather.' },
			{ audioUrl: expect.stringContaining('/sound.mp3?'), credits: 10, file: { mimeType: 'audio/mpeg' } },
		],
		[
			'the music, as a sheet calls it',
			{ type: '={{ "Music" }}', prompt: 'Drums' },
			{ type: 'generate_bgm', prompt: 'Drums' },
			{ audioUrl: expect.stringContaining('/sound.mp3?'), credits: 30 },
		],
	])('of a product film makes %s anew', async (_name, parameters, body, told) => {
		const emulator = await open(KEPT);
		const { items, error } = await runNode(emulator, {
			parameters: edit(PRODUCT, { ...parameters, downloadVideo: true }),
		});
		expect(error).toBeUndefined();
		expect(ordersOf(emulator)).toEqual([
			{
				path: '/ent/v2/ad-one-click/edit',
				body: { ad_one_click_task_id: PRODUCT, prompt: 'The shoe turns in the rain', ...body },
			},
		]);
		const taskId = String(items[0].json.taskId);
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation: 'editPart', ...told });
		const links = Object.keys(items[0].json).filter((name) => /^(video|image|audio)Url$/.test(name));
		expect(links).toEqual([told.audioUrl ? 'audioUrl' : 'videoUrl']);
		expect(items[0].binary?.data.fileName).toBe(`${taskId}.${told.audioUrl ? 'mp3' : 'mp4'}`);
		expect(new Set(askedOf(emulator).slice(2))).toEqual(new Set([`/ent/v2/tasks/${taskId}/creations`]));
		// it is a version of the film
		const { json } = (await runNode(emulator, { parameters: film('get', PRODUCT) })).items[0];
		expect(JSON.stringify([json.storyboard, json.narration, json.music])).toContain(`"id":"${taskId}"`);
	});

	test.concurrent.each([
		['music', MUSIC, '/ent/v2/one-click/mv', 40],
		['general', GENERAL, '/ent/v2/one-click/general_one_click', 200],
	])('of a %s film makes a scene anew, by the newest of its versions', async (_kind, taskId, path, charged) => {
		const emulator = await open(KEPT);
		const { items, error } = await runNode(emulator, { parameters: edit(taskId, ofScene) });
		expect(error).toBeUndefined();
		const again = await runNode(emulator, { parameters: edit(taskId, { ...ofScene, prompt: 'And snow' }) });
		expect(again.error).toBeUndefined();
		const [first, second] = [items, again.items].map(([{ json }]) => String(json.taskId));
		expect(ordersOf(emulator)).toEqual([
			{
				path: `${path}/${taskId}/edit`,
				body: { job_id: partOf(taskId, 2), prompt: 'The shoe turns in the rain' },
			},
			{ path: `${path}/${taskId}/edit`, body: { job_id: first, prompt: 'And snow' } },
		]);
		expect(again.items[0].json).toMatchObject({ status: 'succeeded', videoUrl: expect.any(String) });
		expect(askedOf(emulator).at(-1)).toBe(`${path}/${second}`);
		// each at its film's address at once, and not where it is unknown
		for (const id of [first, second]) expect(askedOf(emulator)).not.toContain(`/ent/v2/tasks/${id}/creations`);
		expect(emulator.journal.counts().charged).toBe(2 * charged);
	});

	test.concurrent.each<[string, string, INodeParameters, RegExp, RegExp]>([
		[
			'a scene that is not there',
			PRODUCT,
			{ storyboardVideoIndex: 7 },
			/^Scene 7 is not in film 9013\d+ \[item 0\]/,
			/It has scenes 0 to 2\./,
		],
		[
			'a scene of words',
			PRODUCT,
			{ storyboardVideoIndex: '={{ "last" }}' },
			/^Scene "last" is not a whole number/,
			/./,
		],
		['no scene', PRODUCT, { storyboardVideoIndex: '={{ undefined }}' }, /^Scene is missing/, /It has scenes 0 to 2\./],
		[
			'a version of another film',
			MUSIC,
			{ jobId: partOf(PRODUCT, 0) },
			/^Version ID 901300000000000002 is not among the scenes/,
			/It has scenes 0 to 2\. Film → Get/,
		],
		[
			'a version that is a narration',
			PRODUCT,
			{ jobId: NARRATION },
			/^Version ID \d+ is not among the scenes of film/,
			/./,
		],
		[
			'a version of another scene',
			PRODUCT,
			{ jobId: partOf(PRODUCT, 1), storyboardVideoIndex: 2 },
			/^Scene 2 does not fit: Version ID \d+ is of scene 1/,
			/one of the two/,
		],
		[
			'two versions',
			PRODUCT,
			{ jobId: `${partOf(PRODUCT, 1)}, ${partOf(PRODUCT, 2)}` },
			/^Version ID holds 2 IDs/,
			/./,
		],
		['no version', PRODUCT, { jobId: 'first' }, /^Version ID "first" holds no ID/, /Film → Get/],
		[
			'a narration of a music film',
			MUSIC,
			{ type: 'generate_narration' },
			/^Part does not fit: film 9014\d+ has no narration of its own/,
			/A music film has scenes 0 to 2\. Choose Scene/,
		],
		[
			'a part that nobody knows',
			PRODUCT,
			{ type: '={{ "title" }}' },
			/^Part "title" is not offered/,
			/Choose scene, narration or music/,
		],
		[
			'a payload of a general film',
			GENERAL,
			{ files: { payload: 'sku' } },
			/^Payload is not taken for a general film/,
			/Remove it/,
		],
		['no prompt', PRODUCT, { prompt: '' }, /^Prompt/, /./],
		['a film that nobody knows', NOBODYS, {}, /^Task ID: task 876543210123456789 is not known to Vidu/, /./],
		['no film', '={{ "film" }}', {}, /^Task ID "film" holds no task ID/, /./],
	])('%s is refused before anything is ordered', async (_name, taskId, more, headline, advice) => {
		const emulator = await open(KEPT);
		const { error } = await runNode(emulator, { parameters: edit(taskId, { ...ofScene, ...more }) });
		expect(error?.message).toMatch(headline);
		expect(error?.description).toMatch(advice);
		expect(ordersOf(emulator)).toEqual([]);
	});

	test.concurrent.each(['replicate', 'story'])('a %s film is told to have no parts', async (operation) => {
		const emulator = await open();
		const taskId = String((await make(emulator, operation)).taskId);
		const { error } = await runNode(emulator, { parameters: edit(taskId, ofScene) });
		expect(error?.message).toContain(`Task ID: task ${taskId} made no film of parts`);
		expect(ordersOf(emulator)).toHaveLength(1);
	});

	test.concurrent('a film that is not finished is told so, and one that failed', async () => {
		const emulator = await open({ taskSeconds: 600 });
		const taskId = String((await make(emulator, 'product', { waitForCompletion: false })).taskId);
		const early = await runNode(emulator, { parameters: edit(taskId, ofScene) });
		expect(early.error?.message).toContain(`Task ID: task ${taskId} has not finished yet`);
		emulator.control.fault({ do: 'failTask', code: 'content', afterSeconds: 0.1 });
		const failed = String((await make(emulator, 'general', { waitForCompletion: false })).taskId);
		await until('the film has failed', () => emulator.journal.task(failed)?.state === 'failed');
		const late = await runNode(emulator, { parameters: edit(failed, ofScene) });
		expect(late.error?.message).toContain(`Task ID: task ${failed} ended without a video`);
		expect(ordersOf(emulator)).toHaveLength(2);
	});

	test.concurrent('one item that cannot be ordered keeps all others from being ordered', async () => {
		const emulator = await open(KEPT);
		const { error } = await runNode(emulator, {
			parameters: edit(PRODUCT, { type: 'generate_video', storyboardVideoIndex: '={{ $json.scene }}' }),
			items: [0, 1, 9].map((scene) => ({ json: { scene } })),
		});
		expect(error?.message).toContain('Scene 9 is not in film');
		expect(ordersOf(emulator)).toEqual([]);
	});

	test.concurrent('many parts of one film are ordered at once, and the film is looked up once', async () => {
		const emulator = await open(KEPT);
		const { items, error } = await runNode(emulator, {
			parameters: edit(PRODUCT, { type: 'generate_video', storyboardVideoIndex: '={{ $json.scene }}' }),
			items: SCENES.map((scene) => ({ json: { scene } })),
		});
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect(ordersOf(emulator).map(({ body }) => body.storyboard_video_index)).toEqual(SCENES);
		expect(askedOf(emulator).filter((path) => path === `/ent/v2/ad-one-click/${PRODUCT}`)).toHaveLength(1);
	});

	test.concurrent('a retry orders nothing twice, and looks up no film again for what is ordered', async () => {
		const emulator = await open(KEPT);
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'second', times: 'always' });
		const { calls } = await runNode(emulator, {
			parameters: edit(MUSIC, { ...ofScene, prompt: '={{ $json.name }}' }),
			items: [{ json: { name: 'first' } }, { json: { name: 'second' } }],
			maxTries: 3,
		});
		expect(calls).toBe(3);
		expect(ordersOf(emulator)).toHaveLength(2);
		expect(askedOf(emulator).filter((path) => path === `/ent/v2/one-click/mv/${MUSIC}`)).toHaveLength(1);
	});

	test.concurrent('an order without a clear answer is not repeated', async () => {
		const emulator = await open(KEPT);
		emulator.control.fault({ do: 'resetAfter', kind: 'submit' });
		const { error, calls } = await runNode(emulator, { parameters: edit(PRODUCT, ofScene), maxTries: 3 });
		expect(error?.message).toMatch(/^No clear answer/);
		expect([calls, ordersOf(emulator).length]).toEqual([3, 1]);
	});

	test.concurrent('an order key is bought once', async () => {
		const emulator = await open(KEPT);
		const parameters = edit(PRODUCT, { ...ofScene, limits: { ...QUICK.limits, orderKey: '={{ $json.sku }}' } });
		const { items, hints } = await runNode(emulator, {
			parameters,
			items: [{ json: { sku: 'A1' } }, { json: { sku: 'A1' } }],
		});
		expect(items).toHaveLength(1);
		expect(hints.join()).toContain('1 of 2 items was left out');
		expect(ordersOf(emulator)).toHaveLength(1);
	});

	test.concurrent.each<[string, string, INodeParameters, number | undefined]>([
		['of a product film, whose length nobody tells', PRODUCT, ofScene, undefined],
		['of a general film', GENERAL, ofScene, 200],
		['of a music film, whose quality nobody tells', MUSIC, ofScene, undefined],
		['that is spoken', PRODUCT, { type: 'generate_narration', prompt: 'x'.repeat(501) }, 20],
		['that is played', PRODUCT, { type: 'generate_bgm' }, undefined],
	])('a dry run of a part %s orders nothing and tells what is known', async (_name, taskId, more, credits) => {
		const emulator = await open(KEPT);
		const { items, error } = await runNode(emulator, { parameters: edit(taskId, { ...more, dryRun: true }) });
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ status: 'planned', operation: 'editPart', request: expect.any(Object) });
		expect(items[0].json.credits).toBe(credits);
		expect(ordersOf(emulator)).toEqual([]);
	});

	test.concurrent('Payload travels with a part of a product film', async () => {
		const emulator = await open(KEPT);
		const { items } = await runNode(emulator, {
			parameters: edit(PRODUCT, { ...ofScene, files: { payload: '={{ $json }}' } }),
			items: [{ json: { sku: 'A1' } }],
		});
		expect(items[0].json.payload).toEqual({ sku: 'A1' });
	});

	test.concurrent('Stop cancels what has not begun', async () => {
		const emulator = await open({ ...KEPT, taskSeconds: 600, queueShare: 1 });
		const { run } = await runNode(emulator, {
			parameters: edit(PRODUCT, ofScene),
			stopWhen: () => emulator.journal.counts().created === 1,
		});
		expect(run.status).not.toBe('success');
		await until('the part is cancelled', () => emulator.journal.counts().cancelled === 1);
	});
});

describe('Compose', () => {
	const sent = (taskId: string, path: string, body: object) => ({
		path: `/ent/v2/${path.replace('{id}', taskId)}`,
		body,
	});
	const scenesOf = (taskId: string) => SCENES.map((at) => partOf(taskId, at));
	const ofProduct = (more: object = {}) =>
		sent(PRODUCT, 'ad-one-click/compose', {
			...{ ad_one_click_task_id: PRODUCT, video_task_ids: scenesOf(PRODUCT) },
			...{ narration_task_id: NARRATION, bgm_task_id: SOUND },
			...more,
		});

	test.concurrent('of a product film takes the newest versions that succeeded', async () => {
		const emulator = await open(KEPT);
		const part = async (more: INodeParameters) =>
			String((await runNode(emulator, { parameters: edit(PRODUCT, more) })).items[0].json.taskId);
		const scene = await part({ type: 'generate_video', storyboardVideoIndex: 1 });
		const narration = await part({ type: 'generate_narration' });
		emulator.control.fault({ do: 'failTask', code: 'content' });
		await runNode(emulator, { parameters: edit(PRODUCT, { type: 'generate_bgm', waitForCompletion: false }) });
		await until('the music has failed', () => emulator.journal.counts().failed === 1);
		const { items, error } = await runNode(emulator, { parameters: compose(PRODUCT, { downloadVideo: true }) });
		expect(error).toBeUndefined();
		expect(ordersOf(emulator).at(-1)).toEqual(
			ofProduct({ video_task_ids: [partOf(PRODUCT, 0), scene, partOf(PRODUCT, 2)], narration_task_id: narration }),
		);
		const taskId = String(items[0].json.taskId);
		expect(items[0].json).toMatchObject({
			...{ status: 'succeeded', operation: 'compose', credits: 1 },
			videoUrl: expect.stringContaining('/video.mp4?'),
			file: { fileName: `${taskId}.mp4`, mimeType: 'video/mp4' },
		});
		const { json } = (await runNode(emulator, { parameters: film('get', PRODUCT) })).items[0];
		expect((json.versions as IDataObject[]).at(-1)).toMatchObject({ id: taskId, narrationTaskId: narration });
	});

	test.concurrent.each([
		['one-click/mv/{id}/compose', MUSIC],
		['one-click/general_one_click/{id}/compose', GENERAL],
	])('at %s takes the newest version of each scene', async (path, taskId) => {
		const emulator = await open(KEPT);
		const { items, error } = await runNode(emulator, { parameters: compose(taskId) });
		expect(error).toBeUndefined();
		expect(ordersOf(emulator)).toEqual([sent(taskId, path, { job_ids: scenesOf(taskId) })]);
		expect(items[0].json).toMatchObject({ status: 'succeeded', videoUrl: expect.any(String) });
		expect(emulator.journal.counts().charged).toBe(1);
	});

	test.concurrent.each<[string, string, INodeParameters, object]>([
		[
			'a product film, in a text',
			PRODUCT,
			{ videoTaskIds: scenesOf(PRODUCT).join(', '), narrationTaskId: NARRATION, bgmTaskId: SOUND },
			ofProduct(),
		],
		[
			'a product film, as Film → Get gives them',
			PRODUCT,
			{ videoTaskIds: '={{ $json.ids.map((id) => ({ id, status: "succeeded" })) }}' },
			ofProduct(),
		],
		[
			'a music film, some of them',
			MUSIC,
			{ jobIds: `={{ ["${partOf(MUSIC, 2)}", "${partOf(MUSIC, 0)}"] }}` },
			sent(MUSIC, 'one-click/mv/{id}/compose', { job_ids: [partOf(MUSIC, 2), partOf(MUSIC, 0)] }),
		],
	])('takes the versions that are chosen for %s', async (_name, taskId, more, order) => {
		const emulator = await open(KEPT);
		const { error } = await runNode(emulator, {
			parameters: compose(taskId, more),
			items: [{ json: { ids: scenesOf(PRODUCT) } }],
		});
		expect(error).toBeUndefined();
		expect(ordersOf(emulator)).toEqual([order]);
	});

	test.concurrent.each<[string, string, INodeParameters, RegExp]>([
		[
			'too few scenes',
			PRODUCT,
			{ videoTaskIds: partOf(PRODUCT, 0) },
			/^Scene Versions hold 1 of 3 scenes of film 9013/,
		],
		[
			'scenes in another order',
			PRODUCT,
			{ videoTaskIds: [1, 0, 2].map((at) => partOf(PRODUCT, at)).join() },
			/^Scene Versions do not fit: \d+ is of scene 1, not of scene 0/,
		],
		[
			'a scene of another film',
			PRODUCT,
			{ videoTaskIds: [0, 1].map((at) => partOf(PRODUCT, at)).join() + `,${partOf(MUSIC, 2)}` },
			/^Scene Versions 901400000000000004 is not among the scenes of film 9013/,
		],
		[
			'a narration for the music',
			PRODUCT,
			{ bgmTaskId: NARRATION },
			/^Music Version \d+ is not among the music of film/,
		],
		['two narrations', PRODUCT, { narrationTaskId: `${NARRATION}, ${SOUND}` }, /^Narration Version holds 2 IDs/],
		[
			'jobs of a product film',
			PRODUCT,
			{ jobIds: partOf(PRODUCT, 0) },
			/^Job IDs does not fit: film 9013\d+ is a product film/,
		],
		[
			'a narration of a music film',
			MUSIC,
			{ narrationTaskId: NARRATION },
			/^Narration Version does not fit: film 9014\d+ is a music film/,
		],
		[
			'a job twice',
			GENERAL,
			{ jobIds: `={{ ["${partOf(GENERAL, 0)}", "${partOf(GENERAL, 0)}"] }}` },
			/^Job IDs hold \d+ twice/,
		],
		[
			'a job of another film',
			GENERAL,
			{ jobIds: partOf(MUSIC, 0) },
			/^Job IDs \d+ is not among the scenes of film 9015/,
		],
		['the film itself as job', MUSIC, { jobIds: MUSIC }, /^Job IDs \d+ is not among the scenes/],
		['a payload of a music film', MUSIC, { files: { payload: 'sku' } }, /^Payload is not taken for a music film/],
	])('%s is refused before anything is ordered', async (_name, taskId, more, headline) => {
		const emulator = await open(KEPT);
		const { error } = await runNode(emulator, { parameters: compose(taskId, more) });
		expect(error?.message).toMatch(headline);
		expect(error?.message).toContain('[item 0]');
		expect(ordersOf(emulator)).toEqual([]);
	});

	test.concurrent('a version that is not made yet, and one that failed, are told so', async () => {
		const emulator = await open({ ...KEPT, taskSeconds: 600 });
		const ordered = await runNode(emulator, {
			parameters: edit(MUSIC, { type: 'generate_video', storyboardVideoIndex: 1, waitForCompletion: false }),
		});
		const jobIds = String(ordered.items[0].json.taskId);
		const early = await runNode(emulator, { parameters: compose(MUSIC, { jobIds }) });
		expect(early.error?.message).toContain(`Job IDs: ${jobIds} is not made yet`);
		emulator.control.failTask(jobIds, 'CreationPolicyViolation');
		const late = await runNode(emulator, { parameters: compose(MUSIC, { jobIds }) });
		expect(late.error?.message).toContain(`Job IDs: ${jobIds} has failed`);
		expect(ordersOf(emulator)).toHaveLength(1);
	});

	test.concurrent('a dry run tells the price of a credit and what would be sent', async () => {
		const emulator = await open(KEPT);
		const { items } = await runNode(emulator, { parameters: compose(GENERAL, { dryRun: true }) });
		expect(items[0].json).toMatchObject({ status: 'planned', credits: 1, request: { job_ids: scenesOf(GENERAL) } });
		expect(ordersOf(emulator)).toEqual([]);
	});

	test.concurrent('a retry orders nothing twice, though a newer version has come', async () => {
		const emulator = await open(KEPT);
		emulator.control.fault({ do: 'failTask', code: 'content', times: 'always', contains: 'refuse' });
		const { calls } = await runNode(emulator, {
			parameters: compose(PRODUCT, { files: { payload: '={{ $json.name }}' } }),
			items: [{ json: { name: 'take' } }, { json: { name: 'refuse' } }],
			maxTries: 2,
			beforeCall: async (call) => {
				if (call === 2)
					await runNode(emulator, { parameters: edit(PRODUCT, { type: 'generate_video', storyboardVideoIndex: 0 }) });
			},
		});
		expect(calls).toBe(2);
		expect(ordersOf(emulator).filter(({ path }) => path.endsWith('/compose'))).toHaveLength(2);
	});
});

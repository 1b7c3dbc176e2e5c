import { createEmulator, readReply, VirtualClock, type EmulatorOptions } from '../emulator';

/** The emulator's films in parts, in the words of docs/api/vidu.md#parts-of-a-film. */

function setUp(options: EmulatorOptions = {}) {
	const clock = new VirtualClock();
	const emulator = createEmulator({ clock, taskSeconds: 10, queueShare: 0, ...options });
	const call = async (method: string, path: string, body?: object) => {
		const reply = await emulator.send({
			method,
			target: `${emulator.urls.vidu}/ent/v2/${path}`,
			headers: { authorization: `Token ${emulator.keys.vidu}`, 'Content-Type': 'application/json' },
			body,
		});
		// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the matchers say what has to be in it
		return { status: reply.status, body: JSON.parse((await readReply(reply)).toString()) as Record<string, any> };
	};
	const order = async (path: string, body: object): Promise<string> => {
		const { body: answer } = await call('POST', path, { images: ['https://shop.example/1.png'], ...body });
		return String(answer.task_id ?? answer.id);
	};
	return { clock, emulator, call, order };
}

const SONG = { audio_url: 'https://shop.example/song.mp3?seconds=12' };

test('a product film has scenes of five seconds, a narration, a music and a version, each read like a clip', async () => {
	const { clock, call, order } = setUp();
	const id = await order('ad-one-click', { duration: 12 });
	const early = await call('GET', `ad-one-click/${id}`);
	expect(early.body.data_records).toEqual({
		...{ storyboards: [], narration_records: [], bgm_records: [], completed_creation_records: [] },
	});
	await clock.advance(10_000);
	const { body } = await call('GET', `ad-one-click/${id}`);
	const {
		storyboards,
		narration_records: narration,
		bgm_records: music,
		completed_creation_records: whole,
	} = body.data_records;
	expect(body).toMatchObject({ id, state: 'success', err_code: '' });
	expect(storyboards).toMatchObject(
		[0, 1, 2].map((index) => ({ stroyboard_id: index, records: [{ state: 'success' }] })),
	);
	expect(whole).toMatchObject([
		{
			params: {
				video_task_ids: storyboards.map((scene: { records: Array<{ id: string }> }) => scene.records[0].id),
				...{ bgm_task_id: music[0].id, narration_task_id: narration[0].id },
			},
		},
	]);
	const read = await call('GET', `tasks/${narration[0].id}/creations`);
	expect(read.body).toMatchObject({
		id: narration[0].id,
		state: 'success',
		creations: [{ url: expect.stringContaining('/sound.mp3') }],
	});
	expect((await call('GET', `tasks/${id}/creations`)).body).toMatchObject({ progress: 100, credits: 480 });
});

test.each([
	['one-click/mv', SONG, 'mv'],
	['one-click/general_one_click', { duration: 12 }, 'one_click'],
])('%s has jobs, read at the path of the film', async (path, body, type) => {
	const { clock, call, order } = setUp();
	const id = await order(path, body);
	await clock.advance(10_000);
	const film = await call('GET', `${path}/${id}`);
	expect(film.body).toMatchObject({ id, type, state: 'success', signed_url: expect.any(String) });
	expect(film.body.job_records.map(({ type: kind, index }: Record<string, unknown>) => [kind, index])).toEqual([
		...[0, 1, 2].map((index) => ['generate_video', index]),
		['compose', 0],
	]);
	const [{ jobs }] = film.body.job_records;
	expect(jobs[0].mv_generate_video_input).toMatchObject({ duration: 5 });
	const job = await call('GET', `${path}/${jobs[0].id}`);
	expect(job.body).toMatchObject({ id: jobs[0].id, state: 'success', signed_url: expect.any(String) });
	expect((await call('GET', `tasks/${jobs[0].id}/creations`)).status).toBe(404);
});

test('a film is known at its own path alone', async () => {
	const { clock, call, order } = setUp();
	const ids = {
		'ad-one-click': await order('ad-one-click', {}),
		'one-click/mv': await order('one-click/mv', SONG),
		'one-click/general_one_click': await order('one-click/general_one_click', { duration: 5 }),
	};
	const story = await order('template-story', { story: 'pigsy' });
	await clock.advance(10_000);
	for (const path of Object.keys(ids)) {
		for (const [own, id] of [...Object.entries(ids), ['template-story', story]])
			expect([path, own, (await call('GET', `${path}/${id}`)).status]).toEqual([path, own, own === path ? 200 : 404]);
	}
});

describe('a film that is kept from the start', () => {
	const FILM = '901300000000000001';
	const scene = (index: number) => String(BigInt(FILM) + 1n + BigInt(index));
	const [narration, music] = [String(BigInt(FILM) + 4n), String(BigInt(FILM) + 5n)];

	test('is there, costs nothing and is in no book', async () => {
		const { call, emulator } = setUp({ keptFilms: { [FILM]: 'ad-one-click' } });
		const { body } = await call('GET', `ad-one-click/${FILM}`);
		expect(body).toMatchObject({ id: FILM, state: 'success' });
		expect(body.data_records.storyboards[2].records[0].id).toBe(scene(2));
		expect(emulator.journal.counts('vidu')).toMatchObject({ created: 0, charged: 0 });
	});

	const edit = (more: object) => ({ ad_one_click_task_id: FILM, type: 'generate_bgm', prompt: 'Louder', ...more });
	const compose = (more: object) => ({
		...{ ad_one_click_task_id: FILM, video_task_ids: [0, 1, 2].map(scene) },
		...{ narration_task_id: narration, bgm_task_id: music, ...more },
	});

	test.each<[string, string, object, number, number]>([
		['a scene', 'edit', edit({ type: 'generate_video', storyboard_video_index: 2 }), 200, 200],
		['a narration', 'edit', edit({ type: 'generate_narration', prompt: 'x'.repeat(501) }), 200, 20],
		['a music', 'edit', edit({ payload: 'sku' }), 200, 30],
		['no scene', 'edit', edit({ type: 'generate_video' }), 400, 0],
		['a scene beyond the last', 'edit', edit({ type: 'generate_video', storyboard_video_index: 3 }), 400, 0],
		['the sample, misspelt', 'edit', edit({ type: 'generate_video', soryboard_video_index: 2 }), 400, 0],
		['a scene for the music', 'edit', edit({ storyboard_video_index: 0 }), 400, 0],
		['no prompt', 'edit', edit({ prompt: '' }), 400, 0],
		['a job', 'edit', edit({ job_id: scene(0) }), 400, 0],
		['another type', 'edit', edit({ type: 'compose' }), 400, 0],
		['a film that nobody has', 'edit', edit({ ad_one_click_task_id: '901300000000000009' }), 404, 0],
		['the parts', 'compose', compose({}), 200, 1],
		['too few scenes', 'compose', compose({ video_task_ids: [scene(0), scene(1)] }), 400, 0],
		['scenes out of order', 'compose', compose({ video_task_ids: [1, 0, 2].map(scene) }), 404, 0],
		['a narration as music', 'compose', compose({ bgm_task_id: narration }), 404, 0],
		['no narration', 'compose', compose({ narration_task_id: undefined }), 400, 0],
	])('%s: %s', async (_name, path, body, status, charged) => {
		const { call, emulator } = setUp({ keptFilms: { [FILM]: 'ad-one-click' } });
		const answer = await call('POST', `ad-one-click/${path}`, body);
		expect([answer.status, emulator.journal.counts('vidu').charged]).toEqual([status, charged]);
		if (status === 200)
			expect(answer.body).toMatchObject({
				...{ ad_one_click_task_id: FILM, state: 'created', credits: charged },
				[path === 'edit' ? 'sub_task_id' : 'compose_sub_task_id']: expect.stringMatching(/^\d{18,19}$/),
			});
	});

	test.each<[string, string, object, number, number]>([
		['one-click/mv', 'edit', { job_id: scene(1), prompt: 'Rain' }, 200, 8 * 5],
		['one-click/general_one_click', 'edit', { job_id: scene(1), prompt: 'Rain' }, 200, 40 * 5],
		['one-click/mv', 'edit', { job_id: FILM, prompt: 'Rain' }, 404, 0],
		['one-click/mv', 'edit', { job_id: scene(1), prompt: 'x'.repeat(3_001) }, 400, 0],
		['one-click/mv', 'edit', { job_id: scene(1), prompt: 'Rain', payload: 'sku' }, 400, 0],
		['one-click/mv', 'compose', { job_ids: [0, 1, 2].map(scene) }, 200, 1],
		['one-click/general_one_click', 'compose', { job_ids: [scene(2)] }, 200, 1],
		['one-click/mv', 'compose', { job_ids: [] }, 400, 0],
		['one-click/mv', 'compose', { job_ids: scene(0) }, 400, 0],
		['one-click/mv', 'compose', { job_ids: [scene(0), scene(0)] }, 400, 0],
	])('%s/%s %j: %i', async (kind, action, body, status, charged) => {
		const { call, emulator } = setUp({ keptFilms: { [FILM]: kind as 'one-click/mv' } });
		const answer = await call('POST', `${kind}/${FILM}/${action}`, body);
		expect([answer.status, emulator.journal.counts('vidu').charged]).toEqual([status, charged]);
		if (status === 200) expect(Object.keys(answer.body)).toEqual(['id']);
	});

	test('has the new version behind the others once it is made, and takes it up', async () => {
		const { call, clock } = setUp({ keptFilms: { [FILM]: 'ad-one-click' } });
		const { body } = await call(
			'POST',
			'ad-one-click/edit',
			edit({ type: 'generate_video', storyboard_video_index: 0 }),
		);
		const id = body.sub_task_id as string;
		const cut = compose({ video_task_ids: [id, scene(1), scene(2)] });
		// not before it is made
		expect((await call('POST', 'ad-one-click/compose', cut)).status).toBe(400);
		await clock.advance(10_000);
		expect((await call('GET', `tasks/${id}/creations`)).body).toMatchObject({ id, state: 'success', credits: 200 });
		expect((await call('POST', 'ad-one-click/compose', cut)).status).toBe(200);
		await clock.advance(10_000);
		const film = (await call('GET', `ad-one-click/${FILM}`)).body.data_records;
		expect(film.storyboards[0].records).toMatchObject([{ id: scene(0) }, { id, prompt: 'Louder', state: 'success' }]);
		expect(film.completed_creation_records).toMatchObject([
			{},
			{ params: { video_task_ids: [id, scene(1), scene(2)] } },
		]);
	});
});

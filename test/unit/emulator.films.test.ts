import { createEmulator, readReply, VirtualClock } from '../emulator';

/** The emulator's films in parts, in the words of docs/api/vidu.md#parts-of-a-film. */

function setUp() {
	const clock = new VirtualClock();
	const emulator = createEmulator({ clock, taskSeconds: 10, queueShare: 0 });
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

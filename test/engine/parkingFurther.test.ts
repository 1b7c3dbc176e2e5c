import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { OPERATIONS, type Operation } from '../../lib/catalogue/operations';
import { callsBack, madeBy } from '../../lib/n8n/operations';
import { FURNISHED, simplestVideo } from '../videos';
import { WebhookFixture } from './webhooks/fixture';
import type { Execution } from './webhooks/host';

/** Parking is no matter of videos: every operation whose orders the service calls back about parks, whatever it makes. */

const CLIPS: readonly Operation[] = ['textToVideo', 'imageToVideo', 'startEndToVideo', 'referenceToVideo'];
const further = OPERATIONS.filter(({ name }) => !CLIPS.includes(name)).map(({ name }) => name);
const LINKS = { video: 'videoUrl', image: 'imageUrl', audio: 'audioUrl', facts: '' } as const;
const ENDINGS = { video: 'mp4', image: 'png', audio: 'mp3', facts: '' } as const;

let fixture: WebhookFixture;
beforeEach(async () => {
	fixture = await WebhookFixture.start({ taskSeconds: 0.5, ...FURNISHED });
	fixture.emulator.control.holdTasks();
});
afterEach(async () => await fixture.stop());

async function run(operation: Operation, more: INodeParameters = {}): Promise<Execution> {
	const { host, emulator } = fixture;
	return await host.run(emulator, {
		items: [{}],
		parameters: {
			...simplestVideo(operation, emulator.urls.images),
			...more,
			waitMode: 'callback',
			limits: { pollIntervalSeconds: 0.1 },
			files: { allowPrivateUrls: true },
		},
	});
}

async function ends(parked: Execution): Promise<IDataObject> {
	expect(parked.status).toBe('waiting');
	const [item] = parked.items;
	expect(item.json).toMatchObject({ status: 'processing', taskId: expect.stringMatching(/^\d{18,19}$/) });
	fixture.emulator.control.finishTasks();
	await fixture.until('the end', () => fixture.host.execution(parked.id).status === 'success');
	const [done] = fixture.host.execution(parked.id).items;
	expect(done.json.taskId).toBe(item.json.taskId);
	return { ...done.json, binary: done.binary?.data };
}

describe('goes on when Vidu calls back, with the file', () => {
	test.each(further.filter(callsBack))('%s', async (operation) => {
		const made = madeBy(operation) ?? 'video';
		const done = await ends(await run(operation));
		const { taskId } = done as { taskId: string };
		expect(fixture.emulator.journal.task(taskId)?.input.callback_url).toContain('/webhook-waiting/');
		expect(done).toMatchObject({
			...{ status: 'succeeded', operation, urlExpiresAt: expect.stringMatching(/^\d{4}-/) },
			[LINKS[made]]: expect.stringContaining(`/${taskId}/`),
			file: { fileName: `${taskId}.${ENDINGS[made]}`, mimeType: expect.stringMatching(`^${made}/`) },
			binary: { fileName: `${taskId}.${ENDINGS[made]}`, mimeType: expect.stringMatching(`^${made}/`) },
		});
		const links = Object.keys(done).filter((name) => /^(video|image|audio)Url$/.test(name));
		expect(links).toEqual([LINKS[made]]);
		expect(fixture.emulator.journal.counts()).toMatchObject({ created: 1, keyLeaks: 0 });
	});

	test.each(['generate_narration', 'generate_bgm'])('editPart, where the part is a sound: %s', async (type) => {
		const done = await ends(await run('editPart', { type }));
		expect(done).toMatchObject({
			...{ status: 'succeeded', operation: 'editPart', audioUrl: expect.stringContaining('/sound.mp3?') },
			binary: { fileName: `${String(done.taskId)}.mp3`, mimeType: 'audio/mpeg' },
		});
		expect(done).not.toHaveProperty('videoUrl');
	});

	test.each([
		['editPart', { jobId: '901300000000000103' }, '/ent/v2/one-click/mv'],
		['compose', {}, '/ent/v2/one-click/mv'],
	] as const)('%s of a music film, which is asked about at the path of its film', async (operation, more, path) => {
		const film = '901300000000000101';
		fixture.emulator.control.set({ keptFilms: { [film]: 'one-click/mv' } });
		const done = await ends(await run(operation, { ...more, taskId: film }));
		expect(done).toMatchObject({ status: 'succeeded', operation, videoUrl: expect.any(String) });
		const asked = fixture.emulator.journal.requests.filter(({ kind }) => kind === 'ask');
		expect(asked.at(-1)?.path).toBe(`${path}/${String(done.taskId)}`);
	});

	test('two images, where the task made two', async () => {
		fixture.emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
		const parked = await run('generate');
		const done = await ends(parked);
		expect(done.creations).toEqual(Array(2).fill(expect.objectContaining({ imageUrl: expect.any(String) })));
		const [{ binary = {} }] = fixture.host.execution(parked.id).items;
		expect(Object.values(binary).map(({ fileName }) => fileName)).toEqual([
			`${String(done.taskId)}.png`,
			`${String(done.taskId)}-2.png`,
		]);
	});

	test('music, where a long song ends in clips alone', async () => {
		fixture.emulator.control.fault({ do: 'withoutUrl', times: 'always' });
		const done = await ends(await run('music'));
		expect(done).toMatchObject({ status: 'succeeded', operation: 'music' });
		// a song of 20 seconds in scenes of five
		expect(done.clips).toEqual(
			[0, 1, 2, 3].map((index) => ({
				...{ index, jobId: expect.any(String), videoUrl: expect.stringContaining('.mp4?') },
			})),
		);
		expect(done).not.toHaveProperty('videoUrl');
		expect(done.binary).toBeUndefined();
	});
});

describe('waits by itself where Vidu does not call back, as the panel offers it', () => {
	test.each(further.filter((operation) => !callsBack(operation)))('%s', async (operation) => {
		const { status, items } = await run(operation);
		expect(status).toBe('success');
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation });
		const [order] = fixture.emulator.journal.requests.filter(({ kind }) => kind === 'submit');
		expect(order.body).not.toHaveProperty('callback_url');
	});
});

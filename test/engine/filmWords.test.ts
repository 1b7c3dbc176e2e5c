import type { INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../emulator';
import { runNode, useEmulators } from './harness';
import { editScene, film, KEPT, KINDS, ordersOf, PRODUCT } from './keptFilms';
import { changed, startProxy, viduAt } from './proxy';

/** What is told of orders on films that cannot be placed, and of what they cost. */

const open = useEmulators();

test.concurrent('the price of a narration is that of the text which is sent', async () => {
	const emulator = await open(KEPT);
	const extraFields = { prompt: 'x'.repeat(501) };
	const { items } = await runNode(emulator, {
		parameters: editScene(PRODUCT, { type: 'generate_narration', dryRun: true, options: { extraFields } }),
	});
	expect(items[0].json.credits).toBe(20);
});

test.concurrent.each(KINDS)('a part in place of its %s film is told to be none', async (_kind, taskId) => {
	const emulator = await open(KEPT);
	const part = String((await runNode(emulator, { parameters: editScene(taskId) })).items[0].json.taskId);
	for (const operation of ['editPart', 'compose']) {
		const { error } = await runNode(emulator, { parameters: { ...editScene(part), operation } });
		expect(error?.message).toContain(`Task ID: task ${part} made no film of parts`);
		expect(error?.description).toContain('parts of a film');
	}
	expect(ordersOf(emulator)).toHaveLength(1);
});

test.concurrent.each([
	['jobId', 'Version ID'],
	['taskId', 'Task ID'],
])('a %s that was rounded is called by its name', async (parameter, label) => {
	const emulator = await open(KEPT);
	const { error } = await runNode(emulator, {
		parameters: editScene(PRODUCT, { [parameter]: '={{ 901300000000000002 }}' }),
	});
	expect(error?.message).toMatch(new RegExp(`^${label}:? 901300000000000000 was rounded`));
	expect(ordersOf(emulator)).toEqual([]);
});

describe('a film that is not as its page says', () => {
	interface Told {
		data_records: { storyboards: Array<{ stroyboard_id: number }>; narration_records: unknown };
	}

	/** One order on the product film, of which the service tells otherwise. */
	async function order(emulator: Emulator, change: (told: Told) => void, parameters: INodeParameters) {
		const proxy = await startProxy(emulator.urls.vidu, async ({ path }, forward) =>
			path.endsWith(`/ad-one-click/${PRODUCT}`)
				? await changed(forward, (body) => {
						change(body as unknown as Told);
						return body;
					})
				: await forward(),
		);
		try {
			return await runNode(emulator, { credentials: viduAt(proxy.url, emulator.keys.vidu), parameters });
		} finally {
			await proxy.stop();
		}
	}

	test.concurrent.each([[[]], [null]])('and has lost its narration (%j) gets one again', async (records) => {
		const emulator = await open(KEPT);
		const { error } = await order(
			emulator,
			(told) => Object.assign(told.data_records, { narration_records: records }),
			editScene(PRODUCT, { type: 'generate_narration' }),
		);
		expect(error).toBeUndefined();
		expect(ordersOf(emulator).map(({ body }) => body)).toMatchObject([{ type: 'generate_narration' }]);
	});

	test.concurrent('is asked which of several scenes with one number is meant', async () => {
		const emulator = await open(KEPT);
		const { error } = await order(
			emulator,
			({ data_records: { storyboards } }) => storyboards.forEach((scene) => Object.assign(scene, { stroyboard_id: 1 })),
			editScene(PRODUCT),
		);
		expect(error?.message).toMatch(/^Scene 1 is in film 9013\d+ 3 times/);
		expect(error?.description).toContain('Give the Version ID of the one that is meant.');
		expect(ordersOf(emulator)).toEqual([]);
	});

	test.concurrent('is put together in the order of its numbers, however they come', async () => {
		const emulator = await open(KEPT);
		await order(emulator, ({ data_records: { storyboards } }) => storyboards.reverse(), film('compose', PRODUCT));
		expect(ordersOf(emulator).map(({ body }) => (body as { video_task_ids: string[] }).video_task_ids)).toEqual([
			[1n, 2n, 3n].map((at) => String(BigInt(PRODUCT) + at)),
		]);
	});
});

import { runNode, useEmulators, type RunOptions } from './harness';
import { editScene, KEPT, KINDS, MUSIC, ordersOf } from './keptFilms';

/** An order on a film changes the film, and so what the same words mean the next time: they are the same wish all the same. */

const open = useEmulators();

const TOOL = { asTool: true, onError: 'continueRegularOutput' } satisfies Partial<RunOptions>;

describe.each(KINDS)('a scene of a %s film', (_kind, taskId) => {
	test.concurrent('is made once, however often an agent repeats its call', async () => {
		const emulator = await open(KEPT);
		await runNode(emulator, { ...TOOL, parameters: editScene(taskId), rounds: 3 });
		expect(ordersOf(emulator)).toHaveLength(1);
	});

	test.concurrent('is made once, however often a call is repeated outside any execution', async () => {
		const emulator = await open(KEPT);
		const call = { ...TOOL, executionId: null, parameters: editScene(taskId) };
		const ids = [];
		for (let calls = 0; calls < 3; calls += 1) ids.push((await runNode(emulator, call)).items[0].json.taskId);
		expect(new Set(ids).size).toBe(1);
		expect(ordersOf(emulator)).toHaveLength(1);
	});

	test.concurrent('that was made is not made again when the node was mended for another item', async () => {
		const emulator = await open(KEPT);
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'bad', times: 'always' });
		const items = ['good', 'bad'].map((name) => ({ json: { name } }));
		const failed = await runNode(emulator, { parameters: editScene(taskId, { prompt: '={{ $json.name }}' }), items });
		expect(failed.error).toBeDefined();
		const prompt = '={{ $json.name.replace("bad", "better") }}';
		const { error } = await runNode(emulator, {
			...{ parameters: editScene(taskId, { prompt }), items, retryOf: failed.data, executionId: '2' },
		});
		expect(error).toBeUndefined();
		expect(
			ordersOf(emulator)
				.map(({ body }) => (body as { prompt: string }).prompt)
				.sort(),
		).toEqual([...['bad', 'better', 'good']]);
	});

	test.concurrent('by another prompt, of another scene and by a version is made of its own', async () => {
		const emulator = await open(KEPT);
		const wishes = [
			{},
			{ prompt: 'Snow' },
			{ storyboardVideoIndex: 2 },
			{ storyboardVideoIndex: 0, jobId: '={{ $json.id }}' },
		];
		for (const more of wishes)
			await runNode(emulator, {
				...{ ...TOOL, executionId: null, parameters: editScene(taskId, more) },
				items: [{ json: { id: String(BigInt(taskId) + 1n) } }],
			});
		expect(ordersOf(emulator)).toHaveLength(wishes.length);
	});
});

test.concurrent('a dry run shows the version that would be sent', async () => {
	const emulator = await open(KEPT);
	const { items } = await runNode(emulator, { parameters: editScene(MUSIC, { dryRun: true }) });
	expect(items[0].json.request).toEqual({
		job_id: String(BigInt(MUSIC) + 2n),
		prompt: 'The shoe turns in the rain',
	});
});

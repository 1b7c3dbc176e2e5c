import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { until } from '../until';
import { runNode, useEmulators, type RunOptions, type RunResult } from './harness';
import { startProxy, viduAt } from './proxy';

/** As the tool of an AI agent, through n8n's engine: what its model is told, and that no call buys what an earlier one bought. */

const open = useEmulators();
/** Where tasks end, the 45 seconds that a tool waits. */
const QUICK = { pollIntervalSeconds: 0.1 };
/** Three seconds in place of them, where tasks are held. */
const SOON = { ...QUICK, maxWaitMinutes: 0.05 };
const text = (more: INodeParameters = {}): INodeParameters => ({
	operation: 'textToVideo',
	prompt: '={{ $json.prompt }}',
	limits: SOON,
	...more,
});
/** A held task stands in the queue first. */
const NOT_ENDED = expect.stringMatching(/^(queued|processing)$/) as string;
const url = (value: string): INodeParameters => ({ __rl: true, mode: 'url', value });
const item = (name: string) => ({ json: { prompt: `Video ${name}.` } });
const TOOL = { asTool: true, items: [item('a')], onError: 'continueRegularOutput' } satisfies Partial<RunOptions>;
/** Zhipu refuses what it has no place for. */
const ONE_PLACE = { concurrency: { vidu: 30, zhipu: 1, vtrix: 30 }, whenFull: 'refuse' } as const;

/** What each call answered its model with. */
const answersOf = ({ run }: RunResult): IDataObject[][] =>
	(run.data.resultData.runData['Under Test'] ?? []).map(({ data }) => (data?.main[0] ?? []).map(({ json }) => json));
const idsOf = (result: RunResult): unknown[][] => answersOf(result).map((items) => items.map(({ taskId }) => taskId));

describe('a repeated call', () => {
	test.concurrent('orders anew what ended for a passing reason, once it has told so', async () => {
		const emulator = await open();
		emulator.control.holdTasks();
		const result = await runNode(emulator, {
			...TOOL,
			parameters: text({ limits: { ...SOON, maxWaitMinutes: '={{ $runIndex < 2 ? 0.05 : 1 }}' } }),
			rounds: 4,
			beforeCall: (call) => {
				if (call !== 3) return;
				emulator.control.clearFaults();
				emulator.control.failTask(emulator.journal.tasks[0].id, 'InternalServiceFailure');
			},
		});
		const [lost, made] = emulator.journal.tasks.map(({ id }) => id);
		expect(emulator.journal.counts().created).toBe(2);
		expect(answersOf(result)).toMatchObject([
			[{ taskId: lost, status: NOT_ENDED }],
			[{ taskId: lost, status: NOT_ENDED }],
			[{ details: { taskId: lost, status: 'failed' } }],
			[{ taskId: made, status: 'succeeded' }],
		]);
	});

	test.concurrent('is told again of what ended for a reason that stays', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'failTask', code: 'content' });
		const result = await runNode(emulator, { ...TOOL, parameters: text({ limits: QUICK }), rounds: 3 });
		expect(emulator.journal.counts().created).toBe(1);
		expect(answersOf(result)).toMatchObject(Array(3).fill([{ details: { status: 'failed' } }]));
	});

	test.concurrent('with two items that read alike takes up the task of each', async () => {
		const emulator = await open();
		emulator.control.holdTasks();
		const items = [item('a'), item('a')];
		const result = await runNode(emulator, { ...TOOL, parameters: text(), items, rounds: 3 });
		const [first, ...others] = idsOf(result).map((ids) => [...ids].sort());
		expect(new Set(first)).toEqual(new Set(emulator.journal.tasks.map(({ id }) => id)));
		expect(others).toEqual([first, first]);
		expect(emulator.journal.counts().created).toBe(2);
	});

	test.concurrent('takes up no task of another prompt', async () => {
		const emulator = await open();
		const own = await runNode(emulator, {
			...TOOL,
			parameters: text({ prompt: '={{ $json.prompt + $runIndex % 2 }}' }),
			rounds: 4,
		});
		const [[one], [two], ...again] = idsOf(own);
		expect(one).not.toBe(two);
		expect(again).toEqual([[one], [two]]);
		expect(emulator.journal.counts().created).toBe(2);
	});

	test.concurrent('takes up the result that an order was answered with', async () => {
		const emulator = await open();
		const result = await runNode(emulator, {
			...TOOL,
			parameters: { resource: 'audio', operation: 'speech', text: 'Hello', voiceId: 'Trustworthy', limits: QUICK },
			rounds: 2,
		});
		const [{ id }] = emulator.journal.tasks;
		expect(answersOf(result)).toMatchObject(
			Array(2).fill([{ taskId: id, status: 'succeeded', audioUrl: expect.stringContaining('http') as string }]),
		);
		expect(emulator.journal.counts().created).toBe(1);
	});

	test.concurrent('that changes a subject back does so', async () => {
		const emulator = await open();
		const { items } = await runNode(emulator, {
			parameters: {
				...{ resource: 'subject', operation: 'create', name: 'hero' },
				images: { image: [{ image: url('https://files.example/hero.png') }] },
			},
		});
		const name = "={{ $runIndex === 1 ? 'second' : 'first' }}";
		const parameters = { resource: 'subject', operation: 'update', id: String(items[0].json.id), name };
		const result = await runNode(emulator, { ...TOOL, parameters, rounds: 3 });
		expect(answersOf(result)).toMatchObject([[{ name: 'first' }], [{ name: 'second' }], [{ name: 'first' }]]);
		expect(emulator.journal.requests.filter(({ method }) => method === 'PUT')).toHaveLength(3);
	});

	test.concurrent('in a dry run costs nothing, and names the task that is ordered', async () => {
		const emulator = await open();
		emulator.control.holdTasks();
		const parameters = text({ dryRun: '={{ $runIndex === 1 }}' });
		const result = await runNode(emulator, { ...TOOL, parameters, rounds: 3 });
		const [{ id }] = emulator.journal.tasks;
		expect(answersOf(result)).toMatchObject([
			[{ taskId: id }],
			[{ taskId: id, status: 'planned', credits: 0 }],
			[{ taskId: id }],
		]);
		expect(emulator.journal.counts().created).toBe(1);
	});
});

describe('called outside any execution, as by an MCP server', () => {
	const CALL = { ...TOOL, executionId: null } satisfies Partial<RunOptions>;

	test.concurrent(
		'a repeated call takes up the video that the first one ordered, and tells when it is made',
		async () => {
			const emulator = await open();
			emulator.control.holdTasks();
			const answers: unknown[] = [];
			for (const call of [1, 2, 3]) {
				if (call === 3) emulator.control.finishTasks();
				const parameters = text({ limits: call === 3 ? QUICK : SOON });
				answers.push(...(await runNode(emulator, { ...CALL, parameters })).items.map(({ json }) => json));
			}
			const [{ id: taskId }] = emulator.journal.tasks;
			expect(answers).toMatchObject([
				{ taskId, status: NOT_ENDED, nextStep: expect.stringContaining(taskId) as string },
				{ taskId, status: NOT_ENDED },
				{ taskId, status: 'succeeded', videoUrl: expect.stringContaining('http') as string },
			]);
			expect(emulator.journal.counts().created).toBe(1);
		},
	);

	test.concurrent('a call with another prompt is another wish', async () => {
		const emulator = await open();
		for (const name of ['a', 'b', 'a']) await runNode(emulator, { ...CALL, items: [item(name)], parameters: text() });
		expect(emulator.journal.counts().created).toBe(2);
	});

	test.concurrent('calls at the same time take up one video', async () => {
		const emulator = await open();
		emulator.control.holdTasks();
		const calls = [1, 2, 3].map(async () => await runNode(emulator, { ...CALL, parameters: text() }));
		const answers = (await Promise.all(calls)).flatMap(({ items }) => items.map(({ json }) => json));
		expect(answers).toMatchObject(Array(3).fill({ taskId: emulator.journal.tasks[0].id, status: NOT_ENDED }));
		expect(emulator.journal.counts().created).toBe(1);
	});

	test.concurrent(
		'a call at the same time orders nothing where it is not known in time what the other ordered',
		async () => {
			const emulator = await open({ latencyMs: (kind) => (kind === 'submit' ? 6_000 : 0) });
			const parameters = text();
			const first = runNode(emulator, { ...CALL, parameters: text({ limits: { ...SOON, maxWaitMinutes: 0.2 } }) });
			await until('the first is on its way', () => emulator.journal.requests.some(({ kind }) => kind === 'submit'));
			const { items } = await runNode(emulator, { ...CALL, parameters });
			expect(items).toMatchObject([
				{
					json: {
						error: expect.stringMatching(/^Not started: another call is about to order the same/) as string,
						details: { description: expect.stringMatching(/^Call again with the same values/) as string },
					},
				},
			]);
			expect((await first).items).toMatchObject([{ json: { taskId: expect.any(String) as string } }]);
			expect(emulator.journal.counts().created).toBe(1);
		},
	);

	test.concurrent('what was cancelled is ordered again when it is asked for again', async () => {
		const emulator = await open();
		emulator.control.holdTasks('queueing');
		const [{ json }] = (await runNode(emulator, { ...CALL, parameters: text() })).items;
		const cancel = { resource: 'task', operation: 'cancel', taskId: { __rl: true, mode: 'id', value: json.taskId } };
		await runNode(emulator, { ...CALL, parameters: cancel as INodeParameters });
		await runNode(emulator, { ...CALL, parameters: text() });
		await runNode(emulator, { ...CALL, parameters: text() });
		expect(emulator.journal.counts().created).toBe(2);
	});
});

test.concurrent('a look-up that is not answered ends with the time that a caller waits', async () => {
	const FILM = '901300000000000001';
	const emulator = await open({ keptFilms: { [FILM]: 'ad-one-click' } });
	let stop = (): void => {};
	const stopped = new Promise<void>((resolve) => (stop = resolve));
	const proxy = await startProxy(emulator.urls.vidu, async ({ path }, forward) => {
		if (!path.includes('/ad-one-click/')) return await forward();
		await stopped;
		return { status: 503, body: '' };
	});
	try {
		const beganMs = Date.now();
		const { items } = await runNode(emulator, {
			...{ ...TOOL, credentials: viduAt(proxy.url, emulator.keys.vidu) },
			parameters: {
				...{ resource: 'film', operation: 'editPart', taskId: FILM, type: 'generate_video', limits: SOON },
				prompt: '={{ $json.prompt }}',
			},
		});
		expect(items.map(({ json }) => json.error)).toEqual([expect.stringContaining('could not be asked about')]);
		// not the 30 seconds of an answer
		expect(Date.now() - beganMs).toBeLessThan(20_000);
		expect(emulator.journal.counts().created).toBe(0);
	} finally {
		stop();
		await proxy.stop();
	}
});

describe('what its model is told', () => {
	test.concurrent('a full account, and the task that is ordered beside', async () => {
		const emulator = await open(ONE_PLACE);
		emulator.control.holdTasks();
		const parameters = { ...text(), model: 'cogvideox-3' };
		const { error } = await runNode(emulator, {
			...{ node: 'cogVideoX', asTool: true, parameters },
			items: [item('a'), item('b')],
		});
		const [{ id }] = emulator.journal.tasks;
		expect(error!.message).toMatch(
			/no free place for another task within 3 seconds \[item 1\]\. Ask again in a minute/,
		);
		expect(error!.message).toContain(`: ${id}`);
		expect(emulator.journal.counts().created).toBe(1);
	});

	test.concurrent('a cap that lets nothing start', async () => {
		const emulator = await open();
		const { items, error } = await runNode(emulator, {
			...{ asTool: true, items: [item('a')] },
			parameters: text({ limits: { ...SOON, maxCredits: 10 } }),
		});
		expect(error).toBeUndefined();
		expect(items).toMatchObject([
			{
				json: {
					error: expect.stringMatching(/^Not started: Max Credits of 10 is reached/) as string,
					details: { status: 'notStarted' },
				},
			},
		]);
		expect(emulator.journal.counts().created).toBe(0);
	});

	test.concurrent.each<[string, INodeParameters, RegExp]>([
		['off-peak', { options: { offPeak: true } }, /^The video .* later: made off-peak, it may take up to 48 hours\.$/],
		['an image', { resource: 'image', operation: 'generate' }, /^The image .* in (about \d+ seconds|a moment)\.$/],
		[
			'a film that is asked about at a path of its own',
			{
				...{ resource: 'film', operation: 'music', audioFile: url('https://files.example/song.mp3') },
				images: { image: [{ image: url('https://files.example/hero.png') }] },
			},
			/^The film .* ask for task ID \d+ with Task → Get in about \d+ seconds\.$/,
		],
		['not waited for', { waitForCompletion: false }, /^The video .* in about \d+ seconds\.$/],
	])('when to ask again: %s', async (_name, more, nextStep) => {
		const emulator = await open();
		emulator.control.holdTasks();
		const { items, error } = await runNode(emulator, { asTool: true, items: [item('a')], parameters: text(more) });
		expect(error).toBeUndefined();
		expect(items[0].json.nextStep).toMatch(nextStep);
	});
});

import type { INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../emulator';
import { sleep, until } from '../until';
import { AT_ONCE_MS, credentialsFor, runNode, useEmulators, type RunOptions } from './harness';

/** Retry On Fail, the Retry button, loops and Stop through n8n's engine: what is paid for stays paid for once. */

const open = useEmulators();

const QUICK = { pollIntervalSeconds: 0.1 };
const text = (more: INodeParameters = {}): INodeParameters => ({
	operation: 'textToVideo',
	prompt: '={{ $json.prompt }}',
	downloadVideo: false,
	limits: QUICK,
	...more,
});
const THREE = [0, 1, 2].map((index) => ({ json: { prompt: `Video of item ${index}.` } }));
const tasksOf = (emulator: Emulator, itemIndex: number) =>
	emulator.journal.tasks.filter(({ input }) => String(input.prompt).startsWith(`Video of item ${itemIndex}.`));
const idsOf = (emulator: Emulator): string[] => [0, 1, 2].map((index) => tasksOf(emulator, index)[0].id);

describe('Retry On Fail', () => {
	const modes: Array<[NonNullable<RunOptions['onError']>, number]> = [
		['stopWorkflow', 0],
		['stopWorkflow', 1],
		['continueRegularOutput', 0],
		['continueRegularOutput', 2],
		['continueErrorOutput', 0],
	];
	test.concurrent.each(modes)(
		'%s: three videos, item %i refused for its content, three tasks over all tries',
		async (onError, bad) => {
			const emulator = await open();
			emulator.control.fault({ do: 'failTask', code: 'content', contains: `item ${bad}.`, times: 'always' });
			const { items, failed, error, calls } = await runNode(emulator, {
				parameters: text(),
				items: THREE,
				onError,
				maxTries: 3,
			});
			expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3, failed: 1 });
			const good = [0, 1, 2].filter((index) => index !== bad);
			if (onError === 'stopWorkflow') {
				expect(calls).toBe(3);
				for (const id of idsOf(emulator)) expect(error!.description).toContain(id);
				return;
			}
			const delivered = items.filter(({ json }) => json.status === 'succeeded');
			expect(delivered.map(({ json }) => json.taskId)).toEqual(good.map((index) => idsOf(emulator)[index]));
			const troubled = onError === 'continueErrorOutput' ? failed : items.filter(({ json }) => json.error);
			expect(troubled).toMatchObject([{ json: { details: { taskId: idsOf(emulator)[bad] } } }]);
		},
	);

	test.concurrent('a video that failed for a passing reason is made by the next try', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'failTask', code: 'internal', contains: 'item 1.' });
		const { items, error, calls } = await runNode(emulator, { parameters: text(), items: THREE, maxTries: 3 });
		expect(error).toBeUndefined();
		expect(calls).toBe(2);
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect([0, 1, 2].map((index) => tasksOf(emulator, index).length)).toEqual([1, 2, 1]);
	});

	test.concurrent(
		'a task that someone cancels is not ordered again by the next try, but by the Retry button',
		async () => {
			const emulator = await open();
			emulator.control.fault({ do: 'failTask', code: 'UserCancelled', contains: 'item 1.' });
			const first = await runNode(emulator, { parameters: text(), items: THREE, maxTries: 3, executionId: '7' });
			expect(first.calls).toBe(3);
			expect(first.error!.message).toMatch(/^Task \d+ was cancelled \[item 1\]$/);
			expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3 });
			const { items } = await runNode(emulator, {
				parameters: text(),
				items: THREE,
				retryOf: first.data,
				executionId: '8',
			});
			expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
			expect(emulator.journal.counts()).toMatchObject({ submits: 4, created: 4 });
		},
	);

	test.concurrent('an order whose answer was lost is not repeated', async () => {
		const emulator = await open();
		emulator.control.fault({ kind: 'submit', do: 'resetAfter', contains: 'item 1.' });
		const { error, calls } = await runNode(emulator, { parameters: text(), items: THREE, maxTries: 2 });
		expect(calls).toBe(2);
		expect(error!.message).toMatch(/^No clear answer came back after ordering .* \[item 1\]$/);
		expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3 });
	});
});

describe('the Retry button', () => {
	const stuck = async (maxWaitMinutes = 0.02) => {
		const emulator = await open();
		emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'item 1.' });
		const parameters = text({ limits: { ...QUICK, maxWaitMinutes } });
		const first = await runNode(emulator, { parameters, items: THREE, executionId: '7' });
		expect(first.error!.message).toContain('is still "processing"');
		expect(first.error!.description).toContain('Task → Wait for Completion');
		emulator.control.finishTask(tasksOf(emulator, 1)[0].id);
		return { emulator, parameters, retryOf: first.data };
	};

	test.concurrent('takes up the same tasks and orders none', async () => {
		const { emulator, parameters, retryOf } = await stuck();
		const { items, error } = await runNode(emulator, { parameters, items: THREE, retryOf, executionId: '8' });
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.taskId)).toEqual(idsOf(emulator));
		expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3 });
	});

	test.concurrent('after the prompt was edited, the changed items are ordered and the others taken up', async () => {
		const { emulator, parameters, retryOf } = await stuck();
		const edited = {
			...parameters,
			prompt: "={{ $json.prompt.includes('item 1.') ? $json.prompt + ' In the rain.' : $json.prompt }}",
		};
		const { items } = await runNode(emulator, { parameters: edited, items: THREE, retryOf, executionId: '8' });
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect([0, 1, 2].map((index) => tasksOf(emulator, index).length)).toEqual([1, 2, 1]);
		expect(items[1].json.taskId).toBe(tasksOf(emulator, 1)[1].id);
	});

	test.concurrent('with the key of another account everything is ordered there', async () => {
		const { emulator, parameters, retryOf } = await stuck();
		const key = emulator.control.setAccount('vidu', {}, 'vda_another_account_000000');
		const { viduApi } = credentialsFor(emulator);
		const { items } = await runNode(emulator, {
			parameters,
			items: THREE,
			retryOf,
			credentials: { viduApi: { ...viduApi, apiKey: key } },
		});
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect(emulator.journal.tasks.filter((task) => task.key === key)).toHaveLength(3);
	});

	test.concurrent('keeps no key and no prompt in the data of the execution but the input', async () => {
		const { emulator, retryOf } = await stuck();
		const context = JSON.stringify(retryOf.executionData?.contextData);
		expect(context).toContain(idsOf(emulator)[0]);
		expect(context).not.toContain('Video of item');
		expect(context).not.toContain(emulator.keys.vidu);
	});
});

test.concurrent('each round of a loop orders its own videos, and leaves nothing behind', async () => {
	const emulator = await open({ concurrency: 20 });
	const { run, error, calls } = await runNode(emulator, { parameters: text(), items: THREE, rounds: 3 });
	expect(error).toBeUndefined();
	expect(calls).toBe(3);
	const rounds = run.data.resultData.runData['Under Test'];
	const ids = rounds.flatMap(({ data }) => data!.main[0]!.map(({ json }) => json.taskId));
	expect(new Set(ids).size).toBe(9);
	expect(emulator.journal.counts()).toMatchObject({ submits: 9, created: 9 });
	expect(JSON.stringify(run.data.executionData?.contextData)).not.toContain(ids[0]);
});

describe('Stop', () => {
	/** Stops at this moment, and looks again a while later. */
	async function stopWhen(emulator: Emulator, is: () => boolean, options: Partial<RunOptions> = {}) {
		const result = await runNode(emulator, {
			parameters: text(),
			items: [...THREE, ...THREE],
			stopWhen: is,
			...options,
		});
		expect(result.stopMs).toBeLessThan(AT_ONCE_MS);
		const { submits } = emulator.journal.counts();
		await sleep(400);
		expect(emulator.journal.counts().submits).toBe(submits);
		return result;
	}
	const count = (emulator: Emulator, name: 'created' | 'asks' | 'cancelled') => emulator.journal.counts()[name];
	const cancelled = async (emulator: Emulator, tasks: number) =>
		await until(`${tasks} cancelled`, () => count(emulator, 'cancelled') === tasks, 10);

	test('while orders go out: no further one, and those accepted are cancelled', async () => {
		const emulator = await open({ taskSeconds: 3_600, queueShare: 0.9 });
		const { error } = await stopWhen(emulator, () => count(emulator, 'created') > 0);
		expect(error!.message).toContain('Stopped');
		const created = count(emulator, 'created');
		expect(created).toBeLessThan(6);
		await cancelled(emulator, created);
	});

	test('while an order is on the wire: its task is logged and cancelled', async () => {
		const emulator = await open({ taskSeconds: 3_600, queueShare: 0.9 });
		emulator.control.fault({ kind: 'submit', do: 'hang', handled: true, seconds: 4 });
		const { error, log } = await stopWhen(emulator, () => count(emulator, 'created') > 0, { items: THREE });
		expect(error!.message).toMatch(/^No clear answer came back .* \[item 0\]$/);
		await cancelled(emulator, 1);
		expect(count(emulator, 'created')).toBe(1);
		expect(log.join()).toContain(tasksOf(emulator, 0)[0].id);
	});

	test('while all wait: the queued are cancelled, the running are not', async () => {
		const emulator = await open({ taskSeconds: 3_600, queueShare: 0.9, concurrency: 20 });
		emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'item 1.', times: 'always' });
		emulator.control.fault({ do: 'slowTask', seconds: 0.2, contains: 'item 1.', times: 'always' });
		const running = () => tasksOf(emulator, 1).filter(({ state }) => state === 'processing').length;
		await stopWhen(emulator, () => count(emulator, 'created') === 6 && running() === 2);
		await cancelled(emulator, 4);
		expect(emulator.journal.counts()).toMatchObject({ created: 6, unfinished: 2 });
	});

	test('with Retry On Fail, which tries on after Stop: nothing is ordered and nothing waits', async () => {
		const emulator = await open({ taskSeconds: 3_600 });
		emulator.control.fault({ kind: 'cancel', do: 'hang', times: 'always' });
		const { calls } = await stopWhen(emulator, () => count(emulator, 'created') === 3, { maxTries: 3, items: THREE });
		expect(calls).toBe(3);
		expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3 });
	});

	test('with Continue the workflow does not go on', async () => {
		const emulator = await open({ taskSeconds: 3_600 });
		const { run } = await stopWhen(emulator, () => count(emulator, 'created') === 3, {
			onError: 'continueRegularOutput',
			items: THREE,
		});
		expect(run.data.resultData.runData.Done).toBeUndefined();
	});

	test('while a video is being fetched', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'throttle', bytesPerSecond: 2_000 });
		const isFetching = () => emulator.journal.requests.some(({ kind }) => kind === 'download');
		await stopWhen(emulator, isFetching, { parameters: text({ downloadVideo: true }), items: THREE.slice(0, 1) });
		expect(emulator.journal.counts().succeeded).toBe(1);
	});

	test('while the service does not answer', async () => {
		const emulator = await open({ taskSeconds: 3_600 });
		emulator.control.fault({ kind: ['ask', 'cancel'], do: 'hang', times: 'always' });
		await stopWhen(emulator, () => count(emulator, 'created') === 3 && count(emulator, 'asks') > 0, { items: THREE });
	});
});

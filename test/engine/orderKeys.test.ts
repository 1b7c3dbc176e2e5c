import type { INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../emulator';

import { runNode, useEmulators, type RunOptions, type RunResult } from './harness';
import { seenValues } from './seenValues';
import { WebhookFixture } from './webhooks/fixture';

/** One video for each order key, however many executions ask: in n8n's engine, with its store for seen values. */

const open = useEmulators();

const LEFT_OUT = /left out: the same Order Key was ordered before/;

const LIMITS = { pollIntervalSeconds: 0.1, orderKey: '={{ $json.id }}' };
const parameters = (more: INodeParameters = {}): INodeParameters => ({
	operation: 'textToVideo',
	prompt: '={{ $json.prompt }}',
	downloadVideo: false,
	limits: LIMITS,
	...more,
});
const itemsOf = (...ids: unknown[]) =>
	ids.map((id, index) => ({ json: { id: id as string, prompt: `Video of ${String(id)}, item ${index}.` } }));
/** One run for these keys. */
const order = async (emulator: Emulator, ids: unknown[], more: Partial<RunOptions> = {}): Promise<RunResult> =>
	await runNode(emulator, { parameters: parameters(), items: itemsOf(...ids), ...more });
const createdBy = ({ journal }: Emulator): number => journal.counts().created;

/** Keys of a test are its own: all run in one workflow. */
let tests = 0;
const keyOf = (name: string): string => `${name} ${(tests += 1)}`;

describe('a key that was ordered', () => {
	test.concurrent('by an earlier execution leaves its item out, without an error', async () => {
		const emulator = await open();
		const key = keyOf('earlier');
		const first = await order(emulator, [key], { executionId: '1' });
		const second = await order(emulator, [key], { executionId: '2' });
		expect(first.items).toMatchObject([{ json: { status: 'succeeded' } }]);
		expect(first.hints).toEqual([]);
		expect(second.items).toEqual([]);
		expect(second.error).toBeUndefined();
		expect(second.run.status).toBe('success');
		expect(second.hints).toEqual([expect.stringMatching(/^1 of 1 items was left out/)]);
		expect(createdBy(emulator)).toBe(1);
	});

	test.concurrent('at the same instant, by five executions, is ordered by one of them', async () => {
		const emulator = await open();
		const key = keyOf('instant');
		const runs = await Promise.all(
			[1, 2, 3, 4, 5].map(async (id) => await order(emulator, [key], { executionId: String(id) })),
		);
		expect(runs.flatMap(({ items }) => items)).toMatchObject([{ json: { status: 'succeeded' } }]);
		expect(runs.flatMap(({ error }) => error ?? [])).toEqual([]);
		expect(runs.flatMap(({ hints }) => hints)).toHaveLength(4);
		expect(createdBy(emulator)).toBe(1);
	});

	test.concurrent('by an item before it leaves the second out, and the others keep their pairs', async () => {
		const emulator = await open();
		const [mug, lamp] = [keyOf('mug'), keyOf('lamp')];
		const { items, hints } = await order(emulator, [mug, mug, lamp]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(hints).toEqual([expect.stringMatching(/^1 of 3 items was/)]);
		expect(hints[0]).toMatch(LEFT_OUT);
		expect(createdBy(emulator)).toBe(2);
	});

	test.concurrent('also with waitForCompletion off', async () => {
		const emulator = await open();
		const key = keyOf('waitForCompletion off');
		const submits = { parameters: parameters({ waitForCompletion: false }) };
		await order(emulator, [key], submits);
		const { items, error, hints } = await order(emulator, [key], submits);
		expect([items, error]).toEqual([[], undefined]);
		expect(hints).toHaveLength(1);
		expect(createdBy(emulator)).toBe(1);
	});

	test.concurrent('of a whole catalogue: only what is new is ordered, and that is known soon', async () => {
		const emulator = await open({ concurrency: 100 });
		const keys = Array.from({ length: 12 }, () => keyOf('catalogue'));
		await order(emulator, keys.slice(0, 10));
		const callsBefore = emulator.journal.requests.length;
		const nothing = await order(emulator, keys.slice(0, 10));
		expect(nothing.items).toEqual([]);
		expect(emulator.journal.requests.length).toBe(callsBefore);
		const { items, hints } = await order(emulator, keys);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 10 }, { item: 11 }]);
		expect(hints).toEqual([expect.stringMatching(/^10 of 12 items were left out/)]);
		expect(createdBy(emulator)).toBe(12);
	});

	test.concurrent('under Continue leaves no error item either', async () => {
		const emulator = await open();
		const [mug, lamp] = [keyOf('mug'), keyOf('lamp')];
		await order(emulator, [mug]);
		emulator.control.fault({ kind: 'submit', do: 'status', status: 400, code: 'FieldInvalid' });
		const { items, failed } = await order(emulator, [mug, lamp], { onError: 'continueErrorOutput' });
		expect(items).toEqual([]);
		expect(failed).toMatchObject([{ pairedItem: { item: 1 } }]);
	});
});

describe('a key', () => {
	test.concurrent('is free again when the order was refused', async () => {
		const emulator = await open();
		const key = keyOf('refused');
		emulator.control.fault({ kind: 'submit', do: 'status', status: 400, code: 'FieldInvalid' });
		const refused = await order(emulator, [key]);
		expect(refused.error?.message).toBeDefined();
		const { items } = await order(emulator, [key], { executionId: '2' });
		expect(items).toMatchObject([{ json: { status: 'succeeded' } }]);
	});

	test.concurrent('of what a cap kept from starting is free', async () => {
		const emulator = await open();
		const [mug, lamp] = [keyOf('mug'), keyOf('lamp')];
		const capped = parameters({ limits: { ...LIMITS, maxVideos: 1 } });
		const { items, hints } = await order(emulator, [mug, lamp], { parameters: capped });
		expect(items).toHaveLength(1);
		expect(hints).toEqual(['1 of 2 videos was not started: Max Videos of 1 is reached.']);
		expect((await order(emulator, [lamp])).items).toHaveLength(1);
	});

	test.concurrent('of an order without a clear answer stays taken', async () => {
		const emulator = await open();
		const key = keyOf('unknown');
		emulator.control.fault({ kind: 'submit', do: 'resetAfter' });
		const { error } = await order(emulator, [key]);
		expect(error?.message).toMatch(/^No clear answer/);
		expect((await order(emulator, [key], { executionId: '2' })).items).toEqual([]);
		expect(createdBy(emulator)).toBe(1);
	});

	test.concurrent(
		'does not stand in the way of Retry On Fail, whether its task goes on or failed for a passing reason',
		async () => {
			const emulator = await open();
			const [mug, lamp] = [keyOf('mug'), keyOf('lamp')];
			emulator.control.fault({ do: 'failTask', code: 'internal', contains: lamp });
			const { items, calls } = await order(emulator, [mug, lamp], { maxTries: 2 });
			expect(calls).toBe(2);
			expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded']);
			expect(createdBy(emulator)).toBe(3);
		},
	);

	test.concurrent('does not stand in the way of the Retry button', async () => {
		const emulator = await open();
		const [mug, lamp] = [keyOf('mug'), keyOf('lamp')];
		emulator.control.fault({ kind: 'submit', do: 'status', status: 400, code: 'FieldInvalid', contains: lamp });
		const failed = await order(emulator, [mug, lamp]);
		expect(failed.error).toBeDefined();
		// the refused one is remembered: whoever retries has changed something
		const mended = parameters({ prompt: '={{ $json.prompt }} Now in red.' });
		const { items, hints } = await order(emulator, [mug, lamp], {
			...{ retryOf: failed.data, executionId: '2', parameters: mended },
			onError: 'continueErrorOutput',
		});
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(hints).toEqual([]);
	});

	test.concurrent('is free again when the task of an earlier try fails for a passing reason', async () => {
		const emulator = await open();
		const key = keyOf('late');
		emulator.control.holdTasks();
		const cancelsNothing = parameters({ limits: { ...LIMITS, cancelOnStop: false } });
		const stopped = await order(emulator, [key], {
			stopWhen: () => createdBy(emulator) === 1,
			parameters: cancelsNothing,
		});
		const [task] = emulator.journal.tasks;
		emulator.control.failTask(task?.id ?? '', 'InternalServiceFailure');
		const failed = await order(emulator, [key], {
			retryOf: stopped.data,
			executionId: '2',
			parameters: cancelsNothing,
		});
		expect(failed.error?.message).toMatch(/ended task/);
		emulator.control.clearFaults();
		const { items } = await order(emulator, [key], { retryOf: failed.data, executionId: '3' });
		expect(items).toMatchObject([{ json: { status: 'succeeded' } }]);
		expect((await order(emulator, [key], { executionId: '4' })).items).toEqual([]);
		expect(createdBy(emulator)).toBe(2);
	});

	test.concurrent('lets the same execution order another wish after its content was refused', async () => {
		const emulator = await open();
		const key = keyOf('content');
		emulator.control.fault({ do: 'failTask', code: 'content' });
		const failed = await order(emulator, [key]);
		expect(failed.error?.message).toMatch(/ended task/);
		expect((await order(emulator, [key], { executionId: '7' })).items).toEqual([]);
		const mended = parameters({ prompt: '={{ $json.prompt }} Now in red.' });
		const { items } = await order(emulator, [key], { retryOf: failed.data, executionId: '2', parameters: mended });
		expect(items).toMatchObject([{ json: { status: 'succeeded' } }]);
		expect(createdBy(emulator)).toBe(2);
	});

	test.concurrent('that a later try gives back and takes anew is taken for all others', async () => {
		const emulator = await open();
		const key = keyOf('anew');
		emulator.control.fault({ do: 'failTask', code: 'content' });
		const failed = await order(emulator, [key]);
		expect(failed.error?.message).toMatch(/ended task/);
		emulator.control.fault({ do: 'status', status: 429, code: 'TooManyRequests', kind: 'submit' });
		const mended = parameters({ prompt: '={{ $json.prompt }} Now in red.' });
		const { items } = await order(emulator, [key], { retryOf: failed.data, executionId: '2', parameters: mended });
		expect(items).toMatchObject([{ json: { status: 'succeeded' } }]);
		expect((await order(emulator, [key], { executionId: '3' })).items).toEqual([]);
		expect(createdBy(emulator)).toBe(2);
	});

	test.concurrent.each([[''], [null], [undefined], ['-'], [' '], [true], [['a']]])('may not be %j', async (id) => {
		const emulator = await open();
		const { error } = await order(emulator, [keyOf('good'), id]);
		expect(error?.message).toMatch(/^Order Key .*\[item 1\]$/);
		expect(error?.description).toMatch(/Nothing was sent/);
		expect(createdBy(emulator)).toBe(0);
	});
});

test.concurrent('an AI agent is told what another execution has ordered, and not to order it again', async () => {
	const emulator = await open();
	const key = keyOf('tool');
	const first = await order(emulator, [key], { executionId: '1', asTool: true });
	const second = await order(emulator, [key], { executionId: '2', asTool: true });
	expect(first.items).toMatchObject([{ json: { status: 'succeeded' } }]);
	expect(second.error).toBeUndefined();
	expect(second.items).toEqual([
		{
			json: {
				error: 'Not started: the same Order Key was ordered before, or is being ordered [item 0]',
				details: expect.objectContaining({
					status: 'notStarted',
					description: expect.stringMatching(/^Do not order it again: ask for the task ID/) as string,
				}) as object,
			},
			pairedItem: { item: 0 },
		},
	]);
	expect(second.hints).toHaveLength(1);
	expect(createdBy(emulator)).toBe(1);
});

test.concurrent(
	'a call outside any execution takes up what its order key ordered before, within the hour',
	async () => {
		const emulator = await open();
		const key = keyOf('call');
		const call = { executionId: null, asTool: true } satisfies Partial<RunOptions>;
		const first = await order(emulator, [key], call);
		const second = await order(emulator, [key], call);
		expect(second.items).toMatchObject([{ json: { taskId: first.items[0].json.taskId, status: 'succeeded' } }]);
		expect(createdBy(emulator)).toBe(1);
	},
);

describe('a parked execution', () => {
	test('orders a key once, and one that has nothing left to wait for is not parked', async () => {
		const fixture = await WebhookFixture.start({ taskSeconds: 0.3 });
		const { host, emulator } = fixture;
		try {
			const key = keyOf('parked');
			const parked = { items: itemsOf(key, keyOf('other')) };
			const given = parameters({ waitMode: 'callback', files: { allowPrivateUrls: true } });
			const first = await host.run(emulator, { ...parked, parameters: given });
			const second = await host.run(emulator, { items: itemsOf(key), parameters: given });
			expect(second.status).toBe('success');
			expect(second.items).toEqual([]);
			await fixture.until('the end of the first', () => host.execution(first.id).status === 'success');
			expect(host.execution(first.id).items.map(({ json }) => json.status)).toEqual(['succeeded', 'succeeded']);
			expect(createdBy(emulator)).toBe(2);
		} finally {
			await fixture.stop();
		}
	});
});

describe('the store', () => {
	test('is not asked where no item has a key', async () => {
		const emulator = await open();
		// not all calls: what earlier runs gave back is looked for once more after they ended
		const record = jest.spyOn(seenValues, 'checkProcessedAndRecord');
		await order(emulator, ['a', 'a'], { parameters: parameters({ limits: { maxKeys: 5, pollIntervalSeconds: 0.1 } }) });
		expect(createdBy(emulator)).toBe(2);
		expect(record).not.toHaveBeenCalled();
		record.mockRestore();
	});

	test('that is broken keeps the items with a key from being ordered, and says so', async () => {
		const emulator = await open();
		seenValues.fault = 'SQLITE_BUSY: database is locked';
		try {
			const { error } = await order(emulator, [keyOf('broken')]);
			expect(error?.message).toBe("Not started: n8n's store for seen keys cannot be used [item 0]");
			expect(error?.description).toMatch(/n8n said: SQLITE_BUSY: database is locked\. Nothing was ordered/);
			expect(createdBy(emulator)).toBe(0);
		} finally {
			seenValues.fault = undefined;
		}
	});

	test('holds hashes, no keys', async () => {
		const emulator = await open();
		const key = keyOf('secret');
		const record = jest.spyOn(seenValues, 'checkProcessedAndRecord');
		await order(emulator, [key]);
		for (const [values] of record.mock.calls)
			for (const value of values) expect(value).toMatch(/^[0-9a-f]{64}$|^[0-9a-f-]{36}$/);
		record.mockRestore();
	});
});

describe('Task → Forget Order Keys', () => {
	const forget = (orderKeys: unknown): RunOptions => ({
		parameters: { resource: 'task', operation: 'forgetKeys', orderKeys: orderKeys as string },
		items: [{ json: {} }],
		credentials: {},
	});

	test('forgets the keys it is given, and no others', async () => {
		const emulator = await open();
		const [mug, lamp, shoe] = [keyOf('mug'), keyOf('lamp'), keyOf('shoe')];
		await order(emulator, [mug, lamp, shoe]);
		const { items } = await runNode(emulator, forget(`${mug}\n${lamp}\n`));
		expect(items).toMatchObject([{ json: { deleted: true, orderKeys: [mug, lamp] } }]);
		const again = await order(emulator, [mug, lamp, shoe]);
		expect(again.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	test('forgets all of them when it is given none', async () => {
		const emulator = await open();
		const [mug, lamp] = [keyOf('mug'), keyOf('lamp')];
		await order(emulator, [mug, lamp]);
		const { items } = await runNode(emulator, forget(''));
		expect(items.map(({ json }) => json)).toEqual([{ deleted: true }]);
		expect((await order(emulator, [mug, lamp])).items).toHaveLength(2);
	});

	test.each(['={{ $json.missing }}', '={{ [] }}', '={{ null }}'])('does not take %s for all of them', async (keys) => {
		const emulator = await open();
		const key = keyOf('kept');
		await order(emulator, [key]);
		const { error } = await runNode(emulator, forget(keys));
		expect(error?.message).toMatch(/^Order Keys .*\[item 0\]$/);
		expect((await order(emulator, [key])).items).toEqual([]);
	});
});

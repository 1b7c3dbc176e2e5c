import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import { collectionOf, type CollectionName } from '../../dist/lib/n8n/collections';
import type { Emulator } from '../emulator';
import { credentialsFor, runNode, useEmulators, type RunOptions } from './harness';

/**
 * Expressions that read differently on every try: within one execution they make no other wish, so nothing is bought again,
 * by Retry On Fail or by the Retry button. What the user changes does.
 */

const open = useEmulators();

const QUICK = { pollIntervalSeconds: 0.1 };
const THREE = [0, 1, 2].map((index) => ({ json: { prompt: `Video of item ${index}.`, sku: `A${index}` } }));

const addedTo = (collection: CollectionName, added: INodeParameters): INodeParameters =>
	Object.fromEntries(Object.entries(added).filter(([name]) => collectionOf(name) === collection));
/** @param added by the user, to whichever collection has it */
const parametersWith = (more: INodeParameters = {}, added: INodeParameters = {}): INodeParameters => ({
	operation: 'textToVideo',
	prompt: '={{ $json.prompt }}',
	downloadVideo: false,
	...more,
	options: addedTo('options', added),
	limits: { ...QUICK, ...addedTo('limits', added) },
	files: addedTo('files', added),
});

const VOLATILE: Array<[string, INodeParameters]> = [
	['a random seed', parametersWith({}, { seed: '={{ Math.floor(Math.random() * 1000000) }}' })],
	['the time in the payload', parametersWith({}, { payload: '={{ $now.toISO() }} {{ Math.random() }}' })],
	['the execution in the payload', parametersWith({}, { payload: '={{ $execution.id }} {{ Math.random() }}' })],
	['a random word in the prompt', parametersWith({ prompt: '={{ $json.prompt }} {{ Math.random() }}' })],
	['a random length', parametersWith({ duration: '={{ 4 + Math.floor(Math.random() * 8) }}' })],
	['a random model', parametersWith({ model: "={{ Math.random() < 0.5 ? 'viduq3-turbo' : 'viduq3-pro' }}" })],
	[
		'the time in Extra Fields',
		parametersWith({}, { extraFields: '={{ { seed: Math.floor(Math.random() * 1000000) } }}' }),
	],
	[
		'the time in an image address',
		{
			...parametersWith({ operation: 'imageToVideo' }),
			image: { __rl: true, mode: 'url', value: '=https://shop.example/a.png?at={{ Math.random() }}' },
		},
	],
];

const tasksOf = (emulator: Emulator, itemIndex: number) =>
	emulator.journal.tasks.filter(({ input }) => String(input.prompt).startsWith(`Video of item ${itemIndex}.`));

/** Item 1 fails for its content, whatever is tried. */
async function withFailure(): Promise<Emulator> {
	const emulator = await open({ concurrency: 20 });
	emulator.control.fault({ do: 'failTask', code: 'content', contains: 'item 1.', times: 'always' });
	return emulator;
}

describe.each(VOLATILE)('%s', (_name, parameters) => {
	test.concurrent.each<NonNullable<RunOptions['onError']>>([
		'stopWorkflow',
		'continueRegularOutput',
		'continueErrorOutput',
	])('Retry On Fail, %s: three bought, over all tries', async (onError) => {
		const emulator = await withFailure();
		// the first item must fail for n8n to try again under Continue
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'item 0.', times: 'always' });
		const { calls } = await runNode(emulator, { parameters, items: THREE, maxTries: 3, onError });
		expect(calls).toBe(3);
		expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3 });
	});

	test.concurrent('the Retry button, twice: three bought', async () => {
		const emulator = await withFailure();
		const first = await runNode(emulator, { parameters, items: THREE, executionId: '7' });
		expect(first.error!.message).toContain('without a video');
		const second = await runNode(emulator, { parameters, items: THREE, retryOf: first.data, executionId: '8' });
		const third = await runNode(emulator, {
			parameters,
			items: THREE,
			retryOf: second.data,
			executionId: '9',
			onError: 'continueErrorOutput',
		});
		expect(third.items.map(({ json }) => json.taskId)).toEqual([0, 2].map((index) => tasksOf(emulator, index)[0].id));
		expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3 });
	});
});

describe('Retry with the currently saved workflow', () => {
	const parameters = parametersWith({}, { seed: '={{ Math.floor(Math.random() * 1000000) }}' });
	const failedRun = async () => {
		const emulator = await withFailure();
		const first = await runNode(emulator, { parameters, items: THREE, executionId: '7' });
		return { emulator, retryOf: first.data };
	};

	test.concurrent.each<[string, INodeParameters]>([
		['how to wait', { ...parameters, limits: { ...QUICK, maxWaitMinutes: 5 } }],
		['the download', { ...parameters, downloadVideo: true }],
		['a cap', { ...parameters, limits: { ...QUICK, maxVideos: 10 } }],
	])('a change of %s buys nothing again', async (_name, changed) => {
		const { emulator, retryOf } = await failedRun();
		await runNode(emulator, { parameters: changed, items: THREE, retryOf, executionId: '8' });
		expect(emulator.journal.counts().created).toBe(3);
	});

	test.concurrent('a changed prompt is ordered, and the details name the task ordered before', async () => {
		const { emulator, retryOf } = await failedRun();
		const earlier = [0, 1, 2].map((index) => tasksOf(emulator, index)[0].id);
		const { failed, items } = await runNode(emulator, {
			parameters: { ...parameters, prompt: '={{ $json.prompt }} In the rain.' },
			items: THREE,
			retryOf,
			executionId: '8',
			onError: 'continueErrorOutput',
		});
		expect(emulator.journal.counts().created).toBe(6);
		expect(items).toHaveLength(2);
		expect(failed[0].json.details).toMatchObject({
			taskId: tasksOf(emulator, 1)[1].id,
			earlierTaskIds: [earlier[1]],
		});
	});

	test.concurrent('a change that cannot be sent still names the task that is paid for', async () => {
		const { emulator, retryOf } = await failedRun();
		const { failed } = await runNode(emulator, {
			parameters: { ...parameters, duration: 99 },
			items: THREE,
			retryOf,
			executionId: '8',
			onError: 'continueErrorOutput',
		});
		expect(failed.map(({ json }) => (json.details as { earlierTaskIds: string[] }).earlierTaskIds)).toEqual(
			[0, 1, 2].map((index) => [tasksOf(emulator, index)[0].id]),
		);
		expect(emulator.journal.counts().created).toBe(3);
	});

	test.concurrent('an order that was refused is not sent again because an expression reads differently', async () => {
		const emulator = await open();
		emulator.control.fault({
			kind: 'submit',
			do: 'status',
			status: 400,
			code: 'AuditSubmitIllegal',
			contains: 'item 1.',
		});
		const first = await runNode(emulator, { parameters, items: THREE, executionId: '7' });
		expect(first.error!.description).toContain('Nothing is ordered again.');
		await runNode(emulator, { parameters, items: THREE, retryOf: first.data, executionId: '8' });
		expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 2 });
	});

	test.concurrent('an order that was refused is sent again when an option makes another request of it', async () => {
		const emulator = await open();
		emulator.control.fault({ kind: 'submit', do: 'status', status: 400, code: 'FieldInvalid' });
		const references = (removeDuplicateImages: boolean): INodeParameters => ({
			...parametersWith({ operation: 'referenceToVideo', model: 'viduq2' }, { removeDuplicateImages }),
			referenceImages: {
				image: [1, 2].map(() => ({ image: { __rl: true, mode: 'url', value: 'https://shop.example/a.png' } })),
			},
		});
		const items = THREE.slice(0, 1);
		const first = await runNode(emulator, { parameters: references(false), items, executionId: '7' });
		expect(first.error).toBeDefined();
		const { error } = await runNode(emulator, {
			parameters: references(true),
			items,
			retryOf: first.data,
			executionId: '8',
		});
		expect(error).toBeUndefined();
		expect(emulator.journal.counts()).toMatchObject({ submits: 2, created: 1 });
	});

	test.concurrent('the key of another account is another wish', async () => {
		const { emulator, retryOf } = await failedRun();
		const apiKey = emulator.control.setAccount('vidu', {}, 'vda_another_account_000000');
		const { viduApi } = credentialsFor(emulator);
		await runNode(emulator, { parameters, items: THREE, retryOf, credentials: { viduApi: { ...viduApi, apiKey } } });
		expect(emulator.journal.tasks.filter(({ key }) => key === apiKey)).toHaveLength(3);
	});
});

describe('an item that can no longer be read on the next try still gets the video it was ordered for', () => {
	/** A run whose one video takes longer than it waits, and which is then made. */
	async function timedOut(
		parameters: INodeParameters,
	): Promise<{ emulator: Emulator; retry: () => ReturnType<typeof runNode> }> {
		const emulator = await open();
		emulator.control.holdTasks();
		const items = THREE.slice(0, 1);
		const first = await runNode(emulator, { parameters, items, executionId: '7' });
		expect(first.error!.message).toContain('is still');
		emulator.control.finishTasks();
		return {
			emulator,
			retry: async () => await runNode(emulator, { parameters, items, retryOf: first.data, executionId: '8' }),
		};
	}
	const SHORT = { maxWaitMinutes: 0.02 };

	test.concurrent('its length is out of range by then', async () => {
		const { emulator, retry } = await timedOut(
			parametersWith({ duration: "={{ $execution.id === '7' ? 5 : 99 }}" }, SHORT),
		);
		const { items, error } = await retry();
		expect(error).toBeUndefined();
		expect(items[0].json.taskId).toBe(tasksOf(emulator, 0)[0].id);
		expect(emulator.journal.counts().submits).toBe(1);
	});

	test.concurrent('its image is gone', async () => {
		const png = readFileSync(join(__dirname, '../emulator/assets/sneaker.png'));
		const shop = createServer((_, response) => response.end(png)).listen(0, '127.0.0.1');
		await once(shop, 'listening');
		const { port } = shop.address() as AddressInfo;
		const { emulator, retry } = await timedOut({
			...parametersWith({ operation: 'imageToVideo' }, { ...SHORT, checkImageUrls: true }),
			image: { __rl: true, mode: 'url', value: `http://127.0.0.1:${port}/a.png` },
		});
		shop.close();
		shop.closeAllConnections();
		const { items, error } = await retry();
		expect(error).toBeUndefined();
		expect(items[0].json.taskId).toBe(tasksOf(emulator, 0)[0].id);
	});
});

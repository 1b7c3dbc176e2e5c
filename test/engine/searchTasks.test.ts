import { LoadOptionsContext } from 'n8n-core';
import { Workflow, type INodeListSearchResult, type INodeParameters } from 'n8n-workflow';

import { Vidu } from '../../dist/nodes/Vidu/Vidu.node';
import type { Emulator } from '../emulator';
import { additionalDataFor, credentialsFor, runNode, toNode, useEmulators } from './harness';

/** Task ID → From List, asked the way the editor asks: through n8n's own context for it. */

const open = useEmulators();

async function search(
	emulator: Emulator,
	filter?: string,
	pageToken?: string,
	credentials = credentialsFor(emulator),
): Promise<INodeListSearchResult> {
	const vidu = new Vidu();
	const node = {
		...toNode('Vidu', 'vidu', { resource: 'task', operation: 'get' }),
		credentials: { viduApi: { id: 'viduApi', name: 'viduApi' } },
	};
	const nodeTypes = { getByName: () => vidu, getByNameAndVersion: () => vidu, getKnownTypes: () => ({}) };
	const workflow = new Workflow({ id: '1', nodes: [node], connections: {}, active: false, nodeTypes });
	const context = new LoadOptionsContext(workflow, node, additionalDataFor('1', credentials), 'parameters.taskId');
	return await vidu.methods.listSearch.searchTasks.call(context, filter, pageToken);
}

async function order(emulator: Emulator, prompts: string[], parameters: INodeParameters = {}): Promise<string[]> {
	const { items } = await runNode(emulator, {
		parameters: { operation: 'textToVideo', prompt: '={{ $json.prompt }}', waitForCompletion: false, ...parameters },
		items: prompts.map((prompt) => ({ json: { prompt } })),
	});
	return items.map(({ json }) => String(json.taskId));
}

test('names each task by its time, model, state and ID, and takes it by the ID', async () => {
	const emulator = await open();
	emulator.control.holdTasks();
	const [taskId] = await order(emulator, ['a']);
	const { results } = await search(emulator);
	expect(results).toEqual([
		{
			name: expect.stringMatching(
				new RegExp(`^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d, .*, (queued|processing), ${taskId}$`),
			),
			value: taskId,
		},
	]);
	const { items } = await runNode(emulator, {
		parameters: {
			resource: 'task',
			operation: 'get',
			taskId: { __rl: true, mode: 'list', value: results[0].value, cachedResultName: results[0].name },
			downloadVideo: false,
		},
	});
	expect(items[0].json).toMatchObject({ taskId });
});

test('goes on page by page, until all tasks are there once', async () => {
	const emulator = await open();
	const ids = await order(
		emulator,
		Array.from({ length: 30 }, (_, index) => `Video ${index}`),
	);
	const found: unknown[] = [];
	let token: string | undefined;
	do {
		const page = await search(emulator, undefined, token);
		found.push(...page.results.map(({ value }) => value));
		token = page.paginationToken;
	} while (token !== undefined);
	expect(found.sort()).toEqual(ids.sort());
});

test('looks for an ID at the service, and for words in what is shown', async () => {
	const emulator = await open();
	const ids = await order(emulator, ['a', 'b']);
	const [other] = await order(emulator, ['c'], { model: 'viduq1', resolution: '1080p', audio: '' });
	expect((await search(emulator, ids[1])).results).toMatchObject([{ value: ids[1] }]);
	expect((await search(emulator, 'VIDUQ1')).results.map(({ value }) => value)).toEqual(
		(await search(emulator)).results.flatMap(({ name, value }) => (name.includes('viduq1') ? [value] : [])),
	);
	expect(other).toBeDefined();
	expect((await search(emulator, 'nothing of this kind')).results).toEqual([]);
});

test('finds words behind pages that have none, for an empty list cannot be scrolled', async () => {
	const emulator = await open();
	const [oldest] = await order(emulator, ['c'], { model: 'viduq1', resolution: '1080p', audio: '' });
	await order(
		emulator,
		Array.from({ length: 60 }, (_, index) => `Video ${index}`),
	);
	expect(await search(emulator, 'viduq1')).toEqual({ results: [expect.objectContaining({ value: oldest })] });
	expect(await search(emulator, 'nothing of this kind')).toEqual({ results: [] });
});

test('says what is wrong with the key, and not the key', async () => {
	const emulator = await open();
	const apiKey = 'vda_wrong_0123456789abcdef';
	const wrong = { viduApi: { region: 'custom', baseUrl: emulator.urls.vidu, apiKey } };
	const failure = await search(emulator, undefined, undefined, wrong).catch((cause: unknown) => cause as Error);
	expect((failure as Error).message).toBe('Vidu does not accept this API key');
	expect(JSON.stringify(failure)).not.toContain(apiKey);
});

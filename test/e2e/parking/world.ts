import { strict as assert } from 'node:assert';

import type { Emulator } from '../../emulator';
import {
	errorOf,
	inspectMp4,
	itemsOf,
	viduNode,
	webhookTrigger,
	type Credential,
	type Execution,
	type ExecutionStatus,
	type Item,
	type N8nApi,
	type SavedWorkflow,
	type WorkflowFile,
} from '../harness';
import { until } from '../../until';

/** What the checks of parking share: an n8n, the emulator, and ways to look at both. */
export interface World {
	api: N8nApi;
	emulator: Emulator;
	credentials: Credential[];
}

/** Addresses of this machine are private, and a test need not wait as long as a real video takes. */
const LOCAL = { limits: { pollIntervalSeconds: 2 }, files: { allowPrivateUrls: true } };

type Part = ReturnType<typeof viduNode>;

/** A Vidu node that parks. */
export function parkingNode(
	{ limits, files, ...parameters }: Record<string, unknown> = {},
	part: Parameters<typeof viduNode>[1] = {},
): Part {
	return viduNode(
		{
			waitMode: 'callback',
			prompt: '={{ $json.prompt }}',
			...parameters,
			limits: { ...LOCAL.limits, ...(limits as object) },
			files: { ...LOCAL.files, ...(files as object) },
		},
		part,
	);
}

/** Starts in n8n's production mode, with the items in the body. */
export function called(path: string): Part[] {
	return [
		webhookTrigger(path),
		{ type: 'n8n-nodes-base.splitOut', name: 'Items', parameters: { fieldToSplitOut: 'body.items', options: {} } },
	];
}

export async function importWorkflow({ api, credentials }: World, workflow: WorkflowFile): Promise<SavedWorkflow> {
	return await api.importWorkflow(workflow, credentials);
}

/** Imports and publishes a workflow that starts at a webhook. */
export async function publish(world: World, workflow: WorkflowFile): Promise<SavedWorkflow> {
	const saved = await importWorkflow(world, workflow);
	return await world.api.activate(saved);
}

/** How many executions of a workflow are in a state, as n8n counts them. */
export async function countOf({ api }: World, workflowId: string, status: ExecutionStatus): Promise<number> {
	const query = new URLSearchParams({ filter: JSON.stringify({ workflowId, status: [status] }), limit: '1' });
	const { count } = (await api.call('GET', `/rest/executions?${query.toString()}`)) as { count: number };
	return count;
}

/** Waits until that many executions of a workflow are in a state. */
export async function reached(world: World, workflowId: string, status: ExecutionStatus, count: number): Promise<void> {
	let have = 0;
	const is = async () => (have = await countOf(world, workflowId, status)) >= count;
	await until(`${count} executions ${status}`, is, 500).catch((error: Error) => {
		throw new Error(`${error.message}: ${have} are`);
	});
}

/** All executions of a workflow with their data, oldest first. */
export async function executionsOf({ api }: World, workflowId: string): Promise<Execution[]> {
	const list = await api.executions({ workflowId });
	return await Promise.all(list.reverse().map(async ({ id }) => await api.execution(id)));
}

export function assertSucceeded(execution: Execution): void {
	const error = errorOf(execution);
	assert.equal(
		execution.status,
		'success',
		`execution ${execution.id} is ${execution.status}: ${error?.message} (${error?.description ?? 'no description'})`,
	);
}

/** The Vidu node's items hold the videos of these prompts, in this order; each task's own, made once. */
export async function assertDelivered(
	world: World,
	execution: Execution,
	prompts: readonly string[],
	{ node = 'Vidu', opens = true } = {},
): Promise<Item[]> {
	assertSucceeded(execution);
	const items = itemsOf(execution, node);
	assert.deepEqual(
		items.map(({ json }) => world.emulator.journal.task(String(json.taskId))?.input.prompt),
		prompts,
	);
	for (const { json, binary } of items) {
		assert.equal(json.status, 'succeeded', JSON.stringify(json));
		assert.equal(binary?.data?.fileName, `${String(json.taskId)}.mp4`);
		if (opens) inspectMp4(await world.api.binary(binary.data));
	}
	return items;
}

/** Tasks that this prompt made. */
export function tasksOf({ emulator }: World, prompt: string): Array<Emulator['journal']['tasks'][number]> {
	return emulator.journal.tasks.filter(({ input }) => input.prompt === prompt);
}

const CALLBACKS_AT_ONCE = 5;

/**
 * Ends every open task, the next one when few callbacks are unanswered: real tasks do not all end in one instant either.
 * @param key of one account; all have to do where none is named
 */
export async function finishInTurn({ emulator: { journal, control } }: World, key?: string): Promise<void> {
	let called = 0;
	const unanswered = () =>
		called - journal.callbacks.filter(({ state, attempt }) => state === 'success' && attempt === 1).length;
	for (const { id, input } of journal.tasks.filter((task) => key === undefined || task.key === key)) {
		await until('answers to callbacks', () => unanswered() < CALLBACKS_AT_ONCE, 20);
		control.finishTask(id);
		if (input.callback_url !== undefined) called += 1;
	}
	await until('the last answers to callbacks', () => unanswered() === 0, 20);
}

/** Starts from nothing at the emulator. */
export function reset({ emulator }: World, taskSeconds = 3): void {
	emulator.control.reset();
	emulator.control.set({ taskSeconds, callbackRetrySeconds: [1, 4, 15] });
}

export const prompted = (...prompts: string[]) => prompts.map((prompt) => ({ prompt }));

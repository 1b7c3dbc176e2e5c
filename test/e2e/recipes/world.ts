import { strict as assert } from 'node:assert';

import { request } from 'undici';

import type { Emulator } from '../../emulator';
import type { Shops } from '../../shops';
import { until } from '../../until';
import {
	errorOf,
	readExample,
	type Credential,
	type Execution,
	type ExecutionSummary,
	type N8n,
	type N8nApi,
	type SavedWorkflow,
	type WorkflowFile,
} from '../harness';

/** What the checks of the recipes share: one n8n, the emulator, and the doubles of the shops. */
export interface RecipeWorld {
	n8n: N8n;
	api: N8nApi;
	emulator: Emulator;
	shops: Shops;
	credentials: Credential[];
}

/**
 * Starts from nothing at the emulator.
 * @param taskSeconds how long a video takes: less than the nodes wait before they ask
 */
export function reset({ emulator }: RecipeWorld, taskSeconds = 1): void {
	emulator.control.reset();
	emulator.control.set({ taskSeconds, callbackRetrySeconds: [1, 4, 15] });
}

/** Imports a recipe as it is shipped. */
export async function importRecipe({ api, credentials }: RecipeWorld, file: string): Promise<SavedWorkflow> {
	return await api.importWorkflow(quick(readExample(file)), credentials);
}

/** Shops are doubles that are ready when asked; longer waits are what a recipe is about. */
const LONGEST_PAUSE_SECONDS = 10;

/** A test need not wait as long as a real video and a real shop take; nothing else of a recipe is changed. */
function quick(workflow: WorkflowFile): WorkflowFile {
	const nodes = workflow.nodes.map((node) => {
		const { parameters } = node;
		const { resource = 'video', operation, waitForCompletion, amount, unit } = parameters;
		if (node.type === 'n8n-nodes-base.wait' && unit === 'seconds' && Number(amount) <= LONGEST_PAUSE_SECONDS)
			return { ...node, parameters: { ...parameters, amount: 1 } };
		const isWaiting = resource === 'task' ? operation === 'wait' : waitForCompletion !== false;
		return /\.(vidu|cogVideoX)(Tool)?$/.test(node.type) && isWaiting
			? { ...node, parameters: { ...parameters, limits: { pollIntervalSeconds: 1, ...(parameters.limits as object) } } }
			: node;
	});
	return { ...workflow, nodes };
}

/** Publishes a recipe for as long as the work takes, so that it starts on nothing that the next checks do. */
export async function whilePublished(
	world: RecipeWorld,
	file: string,
	work: (workflow: SavedWorkflow) => Promise<void>,
): Promise<void> {
	const workflow = await world.api.activate(await importRecipe(world, file));
	try {
		await work(workflow);
	} finally {
		await world.api.call('POST', `/rest/workflows/${workflow.id}/deactivate`, {});
	}
}

/** Runs a recipe that is started by hand. */
export async function runByHand({ api }: RecipeWorld, { id }: SavedWorkflow, trigger?: string): Promise<Execution> {
	return await api.waitFor(await api.run(id, trigger));
}

/** Waits until a recipe has that many executions and all are over; oldest first, with their data. */
export async function executionsWhenOver(
	{ api }: RecipeWorld,
	{ id, name }: SavedWorkflow,
	count: number,
): Promise<Execution[]> {
	let seen: ExecutionSummary[] = [];
	const over = await until(`${count} executions of "${name}" that are over`, async () => {
		seen = await api.executions({ workflowId: id });
		return seen.length >= count && seen.every(({ status }) => !['new', 'running', 'waiting'].includes(status)) && seen;
	}).catch(async (error: Error) => {
		const told = await Promise.all(seen.map(async (one) => `${one.status} (${reasonOf(await api.execution(one.id))})`));
		throw new Error(`${error.message}; there are: ${[...new Set(told)].join('; ')}`);
	});
	return await Promise.all(over.reverse().map(async ({ id: one }) => await api.execution(one)));
}

export function assertSucceeded(execution: Execution): void {
	assert.equal(execution.status, 'success', `execution ${execution.id} is ${execution.status}: ${reasonOf(execution)}`);
}

/** Nothing but the doubles was asked for, and no key of the video services left their hosts. */
export function assertClean({ shops, emulator }: RecipeWorld): void {
	assert.deepEqual(shops.gate.strangers, [], 'n8n asked for hosts that are no doubles');
	assert.equal(emulator.journal.counts().keyLeaks, 0);
}

/** Calls a published webhook as a system on the internet would; right after publishing n8n answers 404 for a moment. */
export async function post(
	{ api }: RecipeWorld,
	path: string,
	body: unknown,
	headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
	return await until(`a webhook at ${path}`, async () => {
		const reply = await request(`${api.url}/webhook/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body),
		});
		const text = await reply.body.text();
		if (reply.statusCode === 404) return undefined;
		return { status: reply.statusCode, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
	});
}

function reasonOf(execution: Execution): string {
	const error = errorOf(execution);
	const at = `at "${execution.data.resultData?.lastNodeExecuted}"`;
	return error ? `${at}: ${error.message}, ${error.description ?? 'no description'}` : at;
}

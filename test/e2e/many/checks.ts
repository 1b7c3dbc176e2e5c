import { strict as assert } from 'node:assert';

import { chain, itemsOf, type Checks, type Credential, type Execution, type Say } from '../harness';
import {
	assertDelivered,
	called,
	finishInTurn,
	parkingNode,
	prompted,
	publish,
	reached,
	reset,
	type World,
} from '../parking/world';

const EXECUTIONS = 200;
/** Tasks that an account makes at once; it lets the others stand in line. */
const TIER = 5;
const TASK_SECONDS = 1;
/**
 * Fewer than ten a second. Over so many seconds, for what a busy machine holds up arrives close behind one another; that it holds
 * in any second is shown on a clock that stands still meanwhile.
 */
const MOST_IN = { seconds: 5, requests: 50 };
const WAYS = ['poll', 'callback'] as const;

/** A shop's import, event by event: one execution for each item, all of one account. Each way to wait has an account of its own. */
export async function checkMany(checks: Checks, world: World, say: Say): Promise<void> {
	await checks.check(
		`${EXECUTIONS} executions of one item on an account of tier ${TIER}, polling and parked: all delivered, none bought twice`,
		async () => {
			reset(world, TASK_SECONDS);
			const startMs = Date.now();
			// side by side, for it is the pace of an account that takes the time
			const imports = await Promise.all(WAYS.map(async (way) => await order(world, way)));
			const [, parked] = imports;
			await reached(world, parked.workflowId, 'waiting', EXECUTIONS);
			await finishInTurn(world, parked.key);
			for (const { workflowId } of imports) await reached(world, workflowId, 'success', EXECUTIONS);
			const executions = await executionsUpTo(
				world,
				imports.map(({ workflowId }) => workflowId),
			);
			for (const [index, { key, workflowId, prompts }] of imports.entries()) {
				const own = executions.filter((execution) => execution.workflowId === workflowId);
				const most = await assertImported(world, own, key, prompts);
				say(`          ${WAYS[index].padEnd(8)} ${most} requests in the busiest second`);
			}
			say(`          ${((Date.now() - startMs) / 1000).toFixed(0)} s for both`);
		},
	);
}

interface Import {
	key: string;
	workflowId: string;
	prompts: string[];
}

/** Calls a webhook once for each video. */
async function order(world: World, waitMode: (typeof WAYS)[number]): Promise<Import> {
	const { api, emulator } = world;
	const { control } = emulator;
	const key = control.setAccount('vidu', { concurrency: TIER, whenFull: 'queue' }, `vda_many_${waitMode}`);
	// an n8n that stores hundreds of executions takes longer to park one than such a task to end, which none of the service does
	if (waitMode === 'callback')
		control.fault(
			{ do: 'stickTask', at: 'processing', times: 'always', key },
			{ do: 'loseCallback', state: 'processing', times: 'always', key },
		);
	const data = { region: 'custom', baseUrl: emulator.urls.vidu, apiKey: key };
	const credential: Credential = await api.createCredential(`Vidu of tier ${TIER}, ${waitMode}`, 'viduApi', data);
	const path = `many-${waitMode}`;
	const { id } = await publish(
		{ ...world, credentials: [credential] },
		chain(`Many: ${waitMode}`, [
			...called(path),
			parkingNode({ waitMode, limits: { pollIntervalSeconds: TASK_SECONDS } }),
		]),
	);
	const prompts = Array.from({ length: EXECUTIONS }, (_, index) => `${waitMode}, product ${index}`);
	const call = async (prompt: string): Promise<unknown> =>
		await api.callWebhook(path, { body: { items: prompted(prompt) } });
	await call(prompts[0]); // waits until the webhook is registered
	await Promise.all(prompts.slice(1).map(call));
	return { key, workflowId: id, prompts };
}

/** Every execution ended green with the one video of its own prompt. @returns requests of the account in its busiest second */
async function assertImported(
	world: World,
	executions: readonly Execution[],
	key: string,
	prompts: readonly string[],
): Promise<number> {
	const { journal } = world.emulator;
	assert.equal(executions.length, EXECUTIONS);
	const delivered: string[] = [];
	for (const execution of executions) {
		const [{ json }] = itemsOf(execution, 'Items');
		await assertDelivered(world, execution, [String(json.prompt)], { opens: false });
		delivered.push(String(json.prompt));
	}
	assert.deepEqual([...delivered].sort(), [...prompts].sort());
	const tasks = journal.tasks.filter((task) => task.key === key);
	assert.equal(tasks.length, EXECUTIONS, 'bought');
	assert.equal(new Set(tasks.map(({ input }) => input.prompt)).size, EXECUTIONS);
	for (const { id, downloads } of tasks) assert.equal(downloads, 1, `downloads of task ${id}`);
	const atMs = journal.requests.filter((request) => request.key === key).map((request) => request.atMs);
	const most = mostWithin(MOST_IN.seconds, atMs);
	assert.ok(most <= MOST_IN.requests, `${most} requests in ${MOST_IN.seconds} seconds`);
	return mostWithin(1, atMs);
}

/** Most of these moments in so many seconds, wherever those begin. @param atMs in order */
function mostWithin(seconds: number, atMs: readonly number[]): number {
	let most = 0;
	for (let last = 0, first = 0; last < atMs.length; last += 1) {
		while (atMs[last] - atMs[first] >= seconds * 1000) first += 1;
		most = Math.max(most, last - first + 1);
	}
	return most;
}

/** By their ids: n8n's list skips some where many ended in the same moment. */
async function executionsUpTo({ api }: World, workflowIds: readonly string[]): Promise<Execution[]> {
	const listed = (
		await Promise.all(workflowIds.map(async (workflowId) => await api.executions({ workflowId })))
	).flat();
	const numbers = listed.map(({ id }) => Number(id));
	const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
	const ids = Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
	return await Promise.all(ids.map(async (id) => await api.execution(id)));
}

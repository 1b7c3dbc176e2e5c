import { strict as assert } from 'node:assert';

import {
	chain,
	errorOf,
	itemsOf,
	listOf,
	manualTrigger,
	runsOf,
	viduNode,
	type Checks,
	type Execution,
	type N8n,
	type SavedWorkflow,
} from '../harness';
import {
	assertDelivered,
	assertSucceeded,
	called,
	executionsOf,
	importWorkflow,
	publish,
	reached,
	reset,
	tasksOf,
	type World,
} from '../parking/world';
import type { QueueWorld } from '../queue/checks';
import { until } from '../../until';

/** One video for each order key, in n8n's own database: at the same instant, days apart, in one process and in several. */

const LIMITS = { pollIntervalSeconds: 1, orderKey: '={{ $json.id }}' };

const keyedNode = (more: Record<string, unknown> = {}) =>
	viduNode({ prompt: '={{ $json.prompt }}', limits: LIMITS, ...more });

const productOf = (id: string) => ({ id, prompt: `A video of ${id}` });

/** Green, and without an item. */
function assertLeftOut(execution: Execution): void {
	assertSucceeded(execution);
	assert.equal(runsOf(execution, 'Vidu').length, 1);
	assert.deepEqual(itemsOf(execution, 'Vidu'), []);
}

/** What was ordered before the restart, for what comes after it. */
export interface Ordered {
	workflow: SavedWorkflow;
	id: string;
}

/** In one process. @returns what a later event must not order again */
export async function checkOrderKeys(checks: Checks, world: World, n8n: N8n): Promise<Ordered | undefined> {
	const { api, emulator } = world;
	let ordered: Ordered | undefined;

	await checks.check(
		'an order key: of two manual runs at the same instant one orders, a third finds it ordered',
		async () => {
			reset(world, 1);
			const workflow = await importWorkflow(
				world,
				chain('Keyed by hand', [manualTrigger, ...listOf([productOf('by-hand')]), keyedNode()]),
			);
			const ids = await Promise.all([api.run(workflow.id), api.run(workflow.id)]);
			const runs = await Promise.all(ids.map(async (id) => await api.waitFor(id)));
			const [bought] = runs.filter((execution) => itemsOf(execution, 'Vidu').length > 0);
			await assertDelivered(world, bought, ['A video of by-hand']);
			for (const execution of runs) if (execution !== bought) assertLeftOut(execution);
			assertLeftOut(await api.waitFor(await api.run(workflow.id)));
			assert.equal(emulator.journal.counts().created, 1);
			ordered = { workflow, id: 'by-hand' };
		},
	);

	await checks.check('an order key: the event that writing back causes is not ordered again', async () => {
		reset(world, 1);
		const writeBack = {
			type: 'n8n-nodes-base.httpRequest',
			name: 'Write back',
			typeVersion: 4.2,
			parameters: {
				method: 'POST',
				url: `${n8n.url}/webhook/write-back`,
				sendBody: true,
				specifyBody: 'json',
				jsonBody: `={{ JSON.stringify({ items: [$('Items').item.json] }) }}`,
				options: {},
			},
		};
		const workflow = await publish(
			world,
			chain('Keyed, writes back', [...called('write-back'), keyedNode({ downloadVideo: false }), writeBack]),
		);
		await api.callWebhook('write-back', { body: { items: [productOf('written-back')] } });
		await reached(world, workflow.id, 'success', 2);
		const executions = await executionsOf(world, workflow.id);
		assert.equal(executions.filter((execution) => itemsOf(execution, 'Vidu').length > 0).length, 1);
		assert.equal(emulator.journal.counts().created, 1);
	});

	await checks.check('an order key does not stand in the way of Retry', async () => {
		reset(world, 1);
		emulator.control.fault({ do: 'failTask', code: 'internal', contains: 'retry-b' });
		const workflow = await importWorkflow(
			world,
			chain('Keyed, retried', [manualTrigger, ...listOf(['retry-a', 'retry-b'].map(productOf)), keyedNode()]),
		);
		const failed = await api.waitFor(await api.run(workflow.id));
		assert.equal(failed.status, 'error');
		assert.match(errorOf(failed)?.message ?? '', /ended task/);
		const retried = await api.waitFor(await api.retry(failed.id));
		await assertDelivered(world, retried, ['A video of retry-a', 'A video of retry-b']);
		assert.equal(tasksOf(world, 'A video of retry-a').length, 1);
		assert.equal(tasksOf(world, 'A video of retry-b').length, 2);
	});

	return ordered;
}

/** Days later, after n8n was started anew. */
export async function checkOrderKeysLater(checks: Checks, world: World, ordered: Ordered | undefined): Promise<void> {
	const { api, emulator } = world;
	await checks.check(
		'an order key is remembered until Forget Order Keys, also by an n8n that was started anew',
		async () => {
			assert.ok(ordered, 'nothing was ordered before');
			reset(world, 1);
			const { workflow, id } = ordered;
			assertLeftOut(await api.waitFor(await api.run(workflow.id)));
			assert.equal(emulator.journal.counts().created, 0);
			const found = await api.workflow(workflow.id);
			const withNode = async (parameters: Record<string, unknown>) =>
				await api.updateWorkflow({
					...(await api.workflow(workflow.id)),
					nodes: found.nodes.map((node) =>
						node.name === 'Vidu' ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
					),
				});
			await withNode({ resource: 'task', operation: 'forgetKeys', orderKeys: id });
			const forgotten = await api.waitFor(await api.run(workflow.id));
			assertSucceeded(forgotten);
			assert.deepEqual(
				itemsOf(forgotten, 'Vidu').map(({ json }) => json),
				[{ deleted: true, orderKeys: [id] }],
			);
			await withNode({});
			await assertDelivered(world, await api.waitFor(await api.run(workflow.id)), [`A video of ${id}`]);
			assert.equal(emulator.journal.counts().created, 1);
		},
	);
}

/** Every execution of a workflow that ran alone: n8n's list skips some where many ended in the same moment, their ids do not. */
async function allOf({ api }: World, { id }: SavedWorkflow): Promise<Execution[]> {
	const listed = (await api.executions({ workflowId: id })).map((execution) => Number(execution.id));
	const [first, last] = [Math.min(...listed), Math.max(...listed)];
	const ids = Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
	return await Promise.all(ids.map(async (execution) => await api.execution(execution)));
}

const EVENTS = 100;
const DELIVERIES = 3;

/** On two workers that share one database. */
export async function checkSharedOrderKeys(checks: Checks, world: QueueWorld): Promise<void> {
	const { emulator, cluster } = world;
	const call = async (path: string, ids: readonly string[]) =>
		await Promise.all(
			ids.map(async (id) => await cluster.webhook.api.callWebhook(path, { body: { items: [productOf(id)] } })),
		);
	const idsOf = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`);

	await checks.check(
		`${EVENTS} product events, each delivered ${DELIVERIES} times at once to two workers: each is ordered and delivered once`,
		async () => {
			reset(world, 1);
			const workflow = await publish(world, chain('Keyed events', [...called('events'), keyedNode()]));
			await call('events', ['first']); // waits until the webhook is registered
			const ids = idsOf('event', EVENTS);
			await call(
				'events',
				ids.flatMap((id) => Array.from({ length: DELIVERIES }, () => id)),
			);
			const count = EVENTS * DELIVERIES + 1;
			await reached(world, workflow.id, 'success', count);
			const executions = await allOf(world, workflow);
			assert.equal(executions.length, count);
			const [bought, others] = [true, false].map((is) =>
				executions.filter((execution) => itemsOf(execution, 'Vidu').length > 0 === is),
			);
			for (const execution of others) assertLeftOut(execution);
			assert.equal(others.length, EVENTS * (DELIVERIES - 1));
			for (const execution of bought)
				await assertDelivered(world, execution, [String(itemsOf(execution, 'Items')[0].json.prompt)], { opens: false });
			assert.equal(emulator.journal.counts().created, EVENTS + 1);
			for (const id of ids) assert.equal(tasksOf(world, `A video of ${id}`).length, 1, id);
		},
	);

	await checks.check('kill -9 of both workers with keys taken: the same events order nothing again', async () => {
		reset(world, 1);
		emulator.control.holdTasks();
		const workflow = await publish(world, chain('Keyed at a death', [...called('keyed-at-a-death'), keyedNode()]));
		await call('keyed-at-a-death', ['first']);
		const ids = ['first', ...idsOf('dying', 9)];
		await call('keyed-at-a-death', ids.slice(1));
		await until('all orders', () => emulator.journal.counts().created === ids.length);
		await Promise.all(cluster.workers.map(async (worker) => await worker.kill()));
		emulator.control.finishTasks();
		await Promise.all(cluster.workers.map(async (worker) => await worker.restart()));
		await call('keyed-at-a-death', ids);
		await reached(world, workflow.id, 'success', ids.length);
		const executions = await executionsOf(world, workflow.id);
		for (const execution of executions.filter(({ status }) => status === 'success')) assertLeftOut(execution);
		assert.equal(emulator.journal.counts().created, ids.length);
	});
}

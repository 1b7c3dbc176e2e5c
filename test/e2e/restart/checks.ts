import { strict as assert } from 'node:assert';

import { chain, itemsOf, OWNER, type Checks, type N8n } from '../harness';
import { until } from '../../until';
import {
	assertDelivered,
	assertSucceeded,
	called,
	executionsOf,
	reset,
	parkingNode,
	prompted,
	publish,
	reached,
	tasksOf,
	type World,
} from '../parking/world';

const PARKED = 10;

/** kill -9 while executions are parked: Vidu goes on, n8n comes back, and nothing is lost or bought again. */
export async function checkRestart(checks: Checks, world: World, n8n: N8n): Promise<void> {
	const { api, emulator } = world;
	const promptOf = (index: number) => `Parked ${index}`;

	await checks.check(
		`kill -9 with ${PARKED} executions parked: called back after the restart, all deliver, lost callbacks end at the deadline`,
		async () => {
			reset(world);
			emulator.control.holdTasks();
			emulator.control.set({ callbackRetrySeconds: [0.5] });
			const parked = await publish(world, chain('Parked over a restart', [...called('restart'), parkingNode()]));
			const lost = await publish(
				world,
				chain('Never called back', [...called('lost'), parkingNode({ limits: { maxWaitMinutes: 0.5 } })]),
			);
			await Promise.all(
				Array.from(
					{ length: PARKED },
					async (_, index) => await api.callWebhook('restart', { body: { items: prompted(promptOf(index)) } }),
				),
			);
			await reached(world, parked.id, 'waiting', PARKED);
			const lostMs = Date.now();
			await api.callWebhook('lost', { body: { items: prompted('Lost 0', 'Lost 1') } });
			await reached(world, lost.id, 'waiting', 1);
			assert.equal(emulator.journal.counts().created, PARKED + 2);

			await n8n.kill();
			const ids = Array.from({ length: PARKED }, (_, index) => tasksOf(world, promptOf(index))[0].id);
			emulator.control.fault({ do: 'loseCallback', contains: 'Lost', times: 'always' });
			emulator.control.finishTasks();
			await until('all callbacks to fail', () =>
				ids.every(
					(id) =>
						emulator.journal.callbacks.filter(
							({ taskId, state, status }) => taskId === id && state === 'success' && status === 'failed',
						).length === 2,
				),
			);
			await n8n.restart();
			await api.signIn(OWNER);
			await reached(world, parked.id, 'waiting', PARKED);

			// Vidu calls again, all at once and each twice
			await Promise.all([...ids, ...ids].map(async (id) => await emulator.control.sendCallback(id)));
			await reached(world, parked.id, 'success', PARKED);
			const executions = await executionsOf(world, parked.id);
			assert.equal(executions.length, PARKED);
			for (const execution of executions) {
				const [{ json }] = itemsOf(execution, 'Items');
				await assertDelivered(world, execution, [String(json.prompt)]);
			}
			assert.equal(emulator.journal.counts().created, PARKED + 2);

			await reached(world, lost.id, 'success', 1);
			const [{ id }] = await api.executions({ workflowId: lost.id });
			const execution = await api.execution(id);
			assertSucceeded(execution);
			assert.ok(Date.parse(String(execution.stoppedAt)) - lostMs >= 65_000, 'it went on before its time');
			const items = itemsOf(execution, 'Vidu');
			assert.deepEqual(
				items.map(({ json }) => [json.taskId, json.status]),
				['Lost 0', 'Lost 1'].map((prompt) => [tasksOf(world, prompt)[0].id, 'processing']),
			);
			assert.deepEqual(
				itemsOf(execution, 'Items').map(({ json }) => json.prompt),
				['Lost 0', 'Lost 1'],
			);
			assert.equal(emulator.journal.counts().created, PARKED + 2);
		},
	);
}

import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';

import { callbackHeaders } from '../../emulator';
import { chain, itemsOf, listOf, manualTrigger, REPOSITORY, runsOf, viduNode, type Checks, type N8n } from '../harness';
import { sleep, until } from '../../until';
import { Editor, findChromium } from '../harness/browser';
import {
	assertDelivered,
	assertSucceeded,
	called,
	executionsOf,
	reset,
	parkingNode,
	prompted,
	publish,
	importWorkflow,
	reached,
	tasksOf,
	type World,
} from './world';

const IMAGES = join(REPOSITORY, 'test-output', 'parking');

/** Parking and the trigger through n8n's own webhook addresses. */
export async function checkParking(checks: Checks, world: World, n8n: N8n): Promise<void> {
	const { api, emulator } = world;

	await checkParkedByHand(checks, world);

	await checks.check('a published workflow parks as well, and goes on with the node behind', async () => {
		reset(world);
		emulator.control.holdTasks();
		const after = {
			type: 'n8n-nodes-base.set',
			name: 'After',
			typeVersion: 3.4,
			parameters: {
				mode: 'raw',
				jsonOutput: '={{ { id: $json.taskId, was: $("Items").item.json.prompt } }}',
				includeOtherFields: true,
				options: {},
			},
		};
		const workflow = await publish(world, chain('Parked', [...called('parked'), parkingNode(), after]));
		await api.callWebhook('parked', { body: { items: prompted('D', 'E') } });
		await reached(world, workflow.id, 'waiting', 1);
		emulator.control.finishTasks();
		await reached(world, workflow.id, 'success', 1);
		const [execution] = await executionsOf(world, workflow.id);
		await assertDelivered(world, execution, ['D', 'E']);
		assert.deepEqual(
			itemsOf(execution, 'After').map(({ json }) => json.was),
			['D', 'E'],
		);
		assert.deepEqual(
			itemsOf(execution, 'Items').map(({ json }) => json.prompt),
			['D', 'E'],
		);
	});

	await checks.check('a loop parks once in each round', async () => {
		reset(world);
		const loop = chain('Loop', [
			manualTrigger,
			...listOf(prompted('F', 'G')),
			{ type: 'n8n-nodes-base.splitInBatches', name: 'Loop', typeVersion: 3, parameters: { options: {} } },
			parkingNode(),
		]);
		loop.connections.Loop = { main: [[], [{ node: 'Vidu', type: 'main', index: 0 }]] };
		loop.connections.Vidu = { main: [[{ node: 'Loop', type: 'main', index: 0 }]] };
		const workflow = await importWorkflow(world, loop);
		const execution = await api.waitFor(await api.run(workflow.id));
		assertSucceeded(execution);
		assert.deepEqual(
			[0, 1].map(
				(run) => emulator.journal.task(String(itemsOf(execution, 'Vidu', { run })[0].json.taskId))?.input.prompt,
			),
			['F', 'G'],
		);
		assert.equal(runsOf(execution, 'Vidu').length, 2);
		assert.equal(emulator.journal.counts().created, 2);
	});

	await checks.check('a sub-workflow called once for each item gives back every video: it polls', async () => {
		reset(world);
		const called = {
			type: 'n8n-nodes-base.executeWorkflowTrigger',
			name: 'Called',
			typeVersion: 1.1,
			parameters: { inputSource: 'passthrough' },
		};
		const child = await publish(world, chain('Sub-workflow', [called, parkingNode()]));
		const call = {
			type: 'n8n-nodes-base.executeWorkflow',
			name: 'Each',
			typeVersion: 1.2,
			parameters: { workflowId: { __rl: true, mode: 'id', value: child.id }, mode: 'each', options: {} },
		};
		const parent = await importWorkflow(
			world,
			chain('Calls for each item', [manualTrigger, ...listOf(prompted('M', 'N', 'O')), call]),
		);
		const execution = await api.waitFor(await api.run(parent.id));
		assertSucceeded(execution);
		assert.deepEqual(
			itemsOf(execution, 'Each').map(({ json }) => emulator.journal.task(String(json.taskId))?.input.prompt),
			['M', 'N', 'O'],
		);
		assert.deepEqual(
			itemsOf(execution, 'Each').map(({ json }) => json.status),
			['succeeded', 'succeeded', 'succeeded'],
		);
		assert.equal(emulator.journal.counts().created, 3);
	});

	await checks.check('a failed item takes the error output with its task id, the others go on', async () => {
		reset(world);
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'Bad' });
		const workflow = await importWorkflow(
			world,
			chain('Parked, one fails', [
				manualTrigger,
				...listOf(prompted('Good', 'Bad', 'Fine')),
				parkingNode({}, { onError: 'continueErrorOutput' }),
			]),
		);
		const execution = await api.waitFor(await api.run(workflow.id));
		await assertDelivered(world, execution, ['Good', 'Fine']);
		const [failed] = itemsOf(execution, 'Vidu', { output: 1 });
		assert.equal(
			(failed?.json.details as { taskId?: string } | undefined)?.taskId,
			tasksOf(world, 'Bad')[0].id,
			JSON.stringify(failed),
		);
		assert.equal(failed.json.prompt, 'Bad');
	});

	await checks.check('forged calls and wrong tokens get 401 and resume nothing', async () => {
		reset(world);
		emulator.control.holdTasks();
		const workflow = await importWorkflow(
			world,
			chain('Attacked', [manualTrigger, ...listOf(prompted('H')), parkingNode()]),
		);
		const id = await api.run(workflow.id);
		await api.waitFor(id, { states: new Set(['waiting']) });
		const [task] = tasksOf(world, 'H');
		const url = String(task.input.callback_url);
		emulator.control.fault({ do: 'loseCallback', times: 'always' });
		emulator.control.finishTask(task.id);
		assert.equal(await callBack(url, { key: 'vda_another' }), 401);
		assert.equal(await callBack(url, { signedFor: url.replace('item=0', 'item=1'), key: emulator.keys.vidu }), 401);
		assert.equal(
			await callBack(url.replace(/signature=\w{8}/, 'signature=00000000'), { signedFor: url, key: emulator.keys.vidu }),
			401,
		);
		assert.equal((await api.execution(id)).status, 'waiting');
		assert.equal(await callBack(url, { key: emulator.keys.vidu }), 200);
		await assertDelivered(world, await api.waitFor(id), ['H']);
		assert.equal(await callBack(url, { key: emulator.keys.vidu }), 409);
	});

	await checks.check('an n8n that nobody can reach is told so before anything is ordered', async () => {
		reset(world);
		const workflow = await importWorkflow(
			world,
			chain('Unreachable', [
				manualTrigger,
				...listOf(prompted('I')),
				parkingNode({ files: { allowPrivateUrls: false } }),
			]),
		);
		const { status, data } = await api.waitFor(await api.run(workflow.id));
		assert.equal(status, 'error');
		assert.match(String(data.resultData?.error?.message), /needs an n8n that the service can reach/);
		assert.match(String(data.resultData?.error?.description), /WEBHOOK_URL/);
		assert.equal(emulator.journal.counts().submits, 0);
	});

	await checks.check(
		'Vidu Trigger starts a workflow for a task that another workflow ordered, once, with its video',
		async () => {
			reset(world);
			const trigger = {
				type: 'n8n-nodes-vidu-cogvideox.viduTrigger',
				name: 'Vidu Trigger',
				webhookId: 'vidu-e2e',
				credentials: { viduApi: { id: null, name: 'Vidu API' } },
				parameters: { events: ['succeeded'], downloadVideo: true, options: {} },
			};
			const fed = await publish(
				world,
				chain('Fed by callbacks', [trigger, { type: 'n8n-nodes-base.noOp', name: 'Done' }]),
			);
			const url = `${n8n.url}/webhook/vidu-e2e/vidu`;
			await until('the trigger to listen', async () => (await callBack(url, { key: 'none' })) === 401);
			const ordering = await importWorkflow(
				world,
				chain('Orders only', [
					manualTrigger,
					...listOf([{ prompt: 'J', sku: 'A-1' }]),
					viduNode({
						prompt: '={{ $json.prompt }}',
						waitForCompletion: false,
						files: { callbackUrl: url, payload: '={{ JSON.stringify({ sku: $json.sku }) }}' },
					}),
				]),
			);
			const ordered = await api.waitFor(await api.run(ordering.id));
			assertSucceeded(ordered);
			await reached(world, fed.id, 'success', 1);
			const [execution] = await executionsOf(world, fed.id);
			const [item] = await assertDelivered(world, execution, ['J'], { node: 'Vidu Trigger' });
			assert.equal(item.json.isVerified, true);
			assert.deepEqual(item.json.payload, { sku: 'A-1' });
			// the same genuine call again, also after what n8n remembers has gone through its database
			const headers = signed(url, { key: emulator.keys.vidu });
			for (let times = 0; times < 2; times += 1)
				assert.equal(await send(url, headers, { state: 'success', id: item.json.taskId }), 200);
			assert.equal((await api.executions({ workflowId: fed.id })).length, 1);
		},
	);

	await checks.check('its test URL works while the editor listens', async () => {
		reset(world);
		const trigger = {
			type: 'n8n-nodes-vidu-cogvideox.viduTrigger',
			name: 'Vidu Trigger',
			webhookId: 'vidu-test',
			credentials: { viduApi: { id: null, name: 'Vidu API' } },
			parameters: { options: {} },
		};
		const workflow = await importWorkflow(
			world,
			chain('Listening', [trigger, { type: 'n8n-nodes-base.noOp', name: 'Done' }]),
		);
		const answer = (await api.call('POST', `/rest/workflows/${workflow.id}/run`, {
			workflowData: workflow,
			triggerToStartFrom: { name: 'Vidu Trigger' },
		})) as { waitingForWebhook?: boolean };
		assert.equal(answer.waitingForWebhook, true);
		const ordering = await importWorkflow(
			world,
			chain('Orders for the test URL', [
				manualTrigger,
				...listOf(prompted('K')),
				viduNode({
					prompt: '={{ $json.prompt }}',
					waitForCompletion: false,
					files: { callbackUrl: `${n8n.url}/webhook-test/vidu-test/vidu` },
				}),
			]),
		);
		assertSucceeded(await api.waitFor(await api.run(ordering.id)));
		await reached(world, workflow.id, 'success', 1);
		const [execution] = await executionsOf(world, workflow.id);
		assert.equal(itemsOf(execution, 'Vidu Trigger')[0].json.taskId, tasksOf(world, 'K')[0].id);
	});

	await checks.check('the canvas says what a parked node waits for', async () => {
		if (!findChromium()) throw new Error("no Chromium here: install Debian's chromium or set CHROMIUM_PATH");
		reset(world);
		emulator.control.holdTasks();
		const workflow = await importWorkflow(
			world,
			chain('Parked on the canvas', [manualTrigger, ...listOf(prompted('L')), parkingNode()]),
		);
		const editor = await Editor.open(n8n);
		const { page } = editor;
		mkdirSync(IMAGES, { recursive: true });
		await editor.openWorkflow(workflow.id);
		await page.getByTestId('execute-workflow-button').click();
		await until('the task', () => tasksOf(world, 'L').length === 1);
		const node = page.locator('[data-test-id="canvas-node"][data-node-name="Vidu"]').first();
		await node.getByText('1 item').waitFor(); // the pending one
		await editor.fitCanvas();
		await editor.screenshot(join(IMAGES, 'canvas.png'));
		await editor.openNode('Vidu');
		await page
			.getByText('Parked until Vidu calls back')
			.waitFor()
			.finally(async () => await editor.screenshot(join(IMAGES, 'panel.png')));
		emulator.control.finishTasks();
		await page
			.getByText(`${tasksOf(world, 'L')[0].id}.mp4`)
			.waitFor()
			.finally(async () => await editor.screenshot(join(IMAGES, 'resumed.png')));
		await editor.close();
	});
}

/** Parks, is called back and goes on, once. */
export async function checkParkedByHand(checks: Checks, world: World): Promise<void> {
	const { api, emulator } = world;
	await checks.check('a run by hand parks, is called back and delivers its videos in order', async () => {
		reset(world);
		emulator.control.holdTasks();
		const workflow = await importWorkflow(
			world,
			chain('Parked by hand', [manualTrigger, ...listOf(prompted('A', 'B', 'C')), parkingNode()]),
		);
		const id = await api.run(workflow.id);
		const parked = await api.waitFor(id, { states: new Set(['waiting', 'error', 'success']) });
		assert.equal(parked.status, 'waiting');
		assert.ok(Date.parse(String(parked.waitTill)) > Date.now() + 29 * 60_000, 'parked until the wait limit');
		assert.deepEqual(
			itemsOf(parked, 'Vidu').map(({ json }) => json.status),
			['processing', 'processing', 'processing'],
		);
		emulator.control.finishTasks();
		await assertDelivered(world, await api.waitFor(id), ['A', 'B', 'C']);
		assert.equal(emulator.journal.counts().created, 3);
		// n8n itself answers 500 to a call while a run by hand goes on, of which it has stored nothing, and to one that it reads while another resumes the run
		for (const { status } of emulator.journal.callbacks)
			assert.ok([200, 409, 500].includes(Number(status)), `a callback got ${status}`);
		const taken = ({ id: taskId }: { id: string }) =>
			emulator.journal.callbacks.some(
				(call) => call.taskId === taskId && call.state === 'success' && (call.status === 200 || call.status === 409),
			);
		await until('an answer to each call', () => emulator.journal.tasks.every(taken));
	});

	await checks.check(
		'a call that n8n refuses while a run by hand is still ordering loses nothing, even if it is not repeated',
		async () => {
			reset(world);
			emulator.control.holdTasks();
			emulator.control.set({ callbackRetrySeconds: [] });
			emulator.control.fault({ do: 'hang', seconds: 5, handled: true, kind: 'submit', contains: 'Slow' });
			const workflow = await importWorkflow(
				world,
				chain('Called while ordering', [manualTrigger, ...listOf(prompted('Quick', 'Slow')), parkingNode()]),
			);
			const id = await api.run(workflow.id);
			await until('the first task', () => tasksOf(world, 'Quick').length === 1);
			const [quick] = tasksOf(world, 'Quick');
			emulator.control.finishTask(quick.id);
			const refused = () =>
				emulator.journal.callbacks.find(({ taskId, state }) => taskId === quick.id && state === 'success');
			await until('an answer to its call', () => refused() !== undefined);
			assert.equal(refused()?.status, 500);
			const parked = await api.waitFor(id, { states: new Set(['waiting', 'error', 'success']) });
			assert.equal(parked.status, 'waiting');
			emulator.control.finishTasks();
			await assertDelivered(world, await api.waitFor(id), ['Quick', 'Slow']);
			assert.equal(emulator.journal.counts().created, 2);
		},
	);

	await checks.check('calls from every side while a run by hand parks and goes on deliver once', async () => {
		reset(world);
		emulator.control.holdTasks();
		const workflow = await importWorkflow(
			world,
			chain('Called all the time', [manualTrigger, ...listOf(prompted('A', 'B', 'C')), parkingNode()]),
		);
		const id = await api.run(workflow.id);
		const statuses = new Map<number, number>();
		let isOver = false;
		const call = async () => {
			while (!isOver) {
				await sleep(20);
				for (const { input } of emulator.journal.tasks) {
					const status = await callBack(String(input.callback_url), { key: emulator.keys.vidu });
					statuses.set(status, (statuses.get(status) ?? 0) + 1);
				}
			}
		};
		const calls = Promise.all([call(), call(), call()]);
		try {
			await api.waitFor(id, { states: new Set(['waiting', 'error', 'success']) });
			emulator.control.finishTasks();
			await assertDelivered(world, await api.waitFor(id), ['A', 'B', 'C']);
		} finally {
			isOver = true;
			await calls;
		}
		assert.deepEqual(
			[...statuses.keys()].filter((status) => ![200, 409, 500].includes(status)),
			[],
			JSON.stringify([...statuses]),
		);
		assert.deepEqual([emulator.journal.counts().created, emulator.journal.counts().downloads], [3, 3]);
	});
}

interface Signing {
	key?: string;
	signedFor?: string;
}

function signed(url: string, { key = '', signedFor = url }: Signing): Record<string, string> {
	const [date, nonce] = [new Date().toUTCString(), `nonce-${Math.random()}`];
	return callbackHeaders({ url: signedFor, date, nonce, key });
}

/** A call as Vidu makes it. */
async function callBack(url: string, signing: Signing): Promise<number> {
	return await send(url, signed(url, signing), { state: 'success' });
}

async function send(url: string, headers: Record<string, string>, body: object): Promise<number> {
	const reply = await request(url, { method: 'POST', headers, body: JSON.stringify(body) });
	await reply.body.dump();
	return reply.statusCode;
}

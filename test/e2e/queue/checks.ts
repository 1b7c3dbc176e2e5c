import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';

import { ASSETS } from '../../emulator/cdn';
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
	type Say,
} from '../harness';
import { sleep, until } from '../../until';
import {
	assertDelivered,
	called,
	countOf,
	executionsOf,
	finishInTurn,
	reset,
	parkingNode,
	prompted,
	publish,
	importWorkflow,
	reached,
	type World,
} from '../parking/world';
import { SLOTS, type Cluster } from './cluster';
import type { Held, Span } from './held';

/** An n8n in queue mode; `api` is its main process's. */
export interface QueueWorld extends World {
	cluster: Cluster;
	held: Held;
}

const EXECUTIONS = 60;
const VIDEOS_EACH = 3;
const VIDEOS = EXECUTIONS * VIDEOS_EACH;
const TASK_SECONDS = 10;
const VIDEO = readFileSync(join(ASSETS, 'video.mp4'));

/** What became of one way to wait. */
interface Figures {
	/** from the first call to the last video */
	wallMs: number;
	whileWaiting: Span;
	/** while n8n was given new ones as soon as it had answered */
	callbacksPerSecond?: number;
}

/** Many executions, parked and polling, and what they hold; then the death of a worker. */
export async function checkQueue(checks: Checks, world: QueueWorld, say: Say): Promise<void> {
	const { api, emulator, cluster, held } = world;
	let parked: Figures | undefined;
	let polling: Figures | undefined;

	await checks.check(
		`${EXECUTIONS} parked executions hold no worker, and each of their ${VIDEOS} videos is delivered once`,
		async () => {
			reset(world);
			holdQuietly(world);
			const workflow = await publish(world, chain('Parked', [...called('parked'), parkingNode()]));
			const startMs = Date.now();
			await start(world, 'parked', EXECUTIONS, VIDEOS_EACH);
			await reached(world, workflow.id, 'waiting', EXECUTIONS);
			assert.equal(emulator.journal.counts().created, VIDEOS);
			for (const { input } of emulator.journal.tasks)
				assert.ok(
					String(input.callback_url).startsWith(`${cluster.webhook.url}/webhook-waiting/`),
					String(input.callback_url),
				);
			await held.none();
			const parkedMs = Date.now();
			await sleep(TASK_SECONDS * 1000);
			assert.equal(await countOf(world, workflow.id, 'running'), 0);
			assert.equal(await countOf(world, workflow.id, 'waiting'), EXECUTIONS);
			const whileWaiting = held.span(parkedMs, Date.now());
			const finishMs = Date.now();
			await finishInTurn(world);
			const callbacksPerSecond = (VIDEOS * 1000) / (Date.now() - finishMs);
			await reached(world, workflow.id, 'success', EXECUTIONS);
			parked = { wallMs: Date.now() - startMs, whileWaiting, callbacksPerSecond };
			assert.ok(whileWaiting.samples > TASK_SECONDS, 'Redis was hardly asked');
			assert.deepEqual([whileWaiting.mostSlots, whileWaiting.mostWorkers], [0, 0]);
			await assertAllDelivered(world, workflow.id, EXECUTIONS, VIDEOS_EACH);
			assert.equal(emulator.journal.counts().created, VIDEOS);
		},
	);

	await checks.check(
		`${EXECUTIONS} polling executions take turns on ${2 * SLOTS} slots, and deliver as well`,
		async () => {
			reset(world, TASK_SECONDS);
			const workflow = await publish(world, chain('Polling', [...called('polling'), pollingNode()]));
			const startMs = Date.now();
			await start(world, 'polling', EXECUTIONS, VIDEOS_EACH);
			await reached(world, workflow.id, 'success', EXECUTIONS);
			polling = { wallMs: Date.now() - startMs, whileWaiting: held.span(startMs, Date.now()) };
			assert.deepEqual([polling.whileWaiting.mostSlots, polling.whileWaiting.mostWorkers], [2 * SLOTS, 2]);
			await assertAllDelivered(world, workflow.id, EXECUTIONS, VIDEOS_EACH);
			assert.equal(emulator.journal.counts().created, VIDEOS);
		},
	);

	say('');
	say(`${EXECUTIONS} executions x ${VIDEOS_EACH} videos of ${TASK_SECONDS} s each, 2 workers x ${SLOTS} slots`);
	say(figuresOf('parked', parked));
	say(figuresOf('polling', polling));
	say('');

	await checks.check("main serves no production webhook: calls and callbacks are the webhook process's", async () => {
		for (const path of ['webhook/parked', 'webhook-waiting/1']) {
			const reply = await request(`${cluster.main.url}/${path}`, { method: 'POST' });
			await reply.body.dump();
			assert.equal(reply.statusCode, 404, path);
		}
	});

	await checks.check(
		'kill -9 of a worker: parked executions go on at the other, what polled on it ends with its task ids in the log',
		async () => {
			const [victim] = cluster.workers;
			const [parkedCount, pollingCount] = [15, SLOTS + 4]; // more than one worker can hold
			reset(world);
			holdQuietly(world);
			const parkedFlow = await publish(
				world,
				chain('Parked at a death', [...called('parked-at-a-death'), parkingNode()]),
			);
			const pollingFlow = await publish(
				world,
				chain('Polling at a death', [...called('polling-at-a-death'), pollingNode()]),
			);
			await start(world, 'parked-at-a-death', parkedCount, VIDEOS_EACH);
			await reached(world, parkedFlow.id, 'waiting', parkedCount);
			await start(world, 'polling-at-a-death', pollingCount, VIDEOS_EACH);
			const bought = (parkedCount + pollingCount) * VIDEOS_EACH;
			await until('all orders', () => emulator.journal.counts().created === bought);
			// the answer to an order may still be on its way to the worker
			await until('all task ids in the logs', () => {
				const logged = idsIn(...cluster.workers);
				return emulator.journal.tasks.every(({ id }) => logged.has(id));
			});

			const lost = held.of(victim);
			assert.ok(lost.length >= 4, 'it has some of those that poll');
			const killedMs = Date.now();
			await victim.kill();
			await finishInTurn(world);
			await reached(world, parkedFlow.id, 'success', parkedCount);
			say(`          ${parkedCount} parked executions delivered ${secondsFrom(killedMs)} after the death`);
			await assertAllDelivered(world, parkedFlow.id, parkedCount, VIDEOS_EACH);
			await reached(world, pollingFlow.id, 'success', pollingCount - lost.length);

			const ends = await Promise.all(lost.map(async (id) => await api.waitFor(id)));
			say(
				`          ${lost.length} polling executions ended ${secondsFrom(killedMs)} after it, as ${[...new Set(ends.map(endOf))].join(' / ')}`,
			);
			for (const { status } of ends) assert.notEqual(status, 'success');
			const alive = (await executionsOf(world, pollingFlow.id)).filter(({ id }) => !lost.includes(id));
			assert.equal(alive.length, pollingCount - lost.length);
			for (const execution of alive) await assertVideos(world, execution, VIDEOS_EACH);

			const delivered = new Set(
				[...alive, ...(await executionsOf(world, parkedFlow.id))].flatMap((execution) =>
					itemsOf(execution, 'Vidu').map(({ json }) => String(json.taskId)),
				),
			);
			const undelivered = emulator.journal.tasks.map(({ id }) => id).filter((id) => !delivered.has(id));
			assert.equal(undelivered.length, lost.length * VIDEOS_EACH);
			const logged = idsIn(victim);
			assert.deepEqual(
				undelivered.filter((id) => !logged.has(id)),
				[],
				'task ids that are in no log',
			);
			assert.equal(emulator.journal.counts().created, bought, 'nothing is bought twice');

			const collecting = await importWorkflow(
				world,
				chain('Collect', [
					manualTrigger,
					...listOf(undelivered.map((taskId) => ({ taskId }))),
					viduNode({ resource: 'task', operation: 'wait', taskId: '={{ $json.taskId }}' }),
				]),
			);
			const collected = await api.waitFor(await api.run(collecting.id));
			await assertDelivered(
				world,
				collected,
				undelivered.map((id) => String(emulator.journal.task(id)?.input.prompt)),
				{ opens: false },
			);
			assert.equal(emulator.journal.counts().created, bought);
		},
	);
}

/** The tasks that the logs of these workers name. */
const idsIn = (...workers: readonly N8n[]) =>
	new Set(
		workers.flatMap(({ log }) => log.lines.flatMap((line) => /task (\S+) created for item/.exec(line)?.[1] ?? [])),
	);

/** A Vidu node that holds its worker while it waits. */
const pollingNode = () => parkingNode({ waitMode: 'poll' });

/** Calls a workflow's webhook so many times; every video's prompt is its own. */
async function start({ cluster }: QueueWorld, path: string, count: number, videosEach: number): Promise<void> {
	const call = async (index: number) =>
		await cluster.webhook.api.callWebhook(path, { body: { items: promptsOf(index, videosEach) } });
	await call(0); // waits until the webhook is registered
	await Promise.all(Array.from({ length: count - 1 }, async (_, index) => await call(index + 1)));
}

/**
 * Tasks end only when the test says so, and only their ends are called back. n8n answers few callbacks a second on two cores
 * (the figures say how many): 180 tasks that begin in the same seconds, which no account's limit of running tasks allows, would keep it busy for long.
 */
function holdQuietly(world: QueueWorld): void {
	world.emulator.control.holdTasks();
	world.emulator.control.fault({ do: 'loseCallback', state: 'processing', times: 'always' });
}

const promptsOf = (index: number, count: number) =>
	prompted(...Array.from({ length: count }, (_, item) => `Execution ${index}, video ${item}`));

/** Every execution of the workflow holds the videos of its own prompts, and no two those of the same. */
async function assertAllDelivered(
	world: QueueWorld,
	workflowId: string,
	count: number,
	videosEach: number,
): Promise<void> {
	const executions = await executionsOf(world, workflowId);
	assert.equal(executions.length, count);
	for (const execution of executions) await assertVideos(world, execution, videosEach);
	const prompts = executions.flatMap((execution) => itemsOf(execution, 'Items').map(({ json }) => json.prompt));
	assert.equal(new Set(prompts).size, count * videosEach);
}

/** As many items out as in, each with the video of its own task, fetched once and byte for byte. */
async function assertVideos(world: QueueWorld, execution: Execution, count: number): Promise<void> {
	const prompts = itemsOf(execution, 'Items').map(({ json }) => String(json.prompt));
	assert.equal(prompts.length, count);
	assert.equal(runsOf(execution, 'Vidu').length, 1);
	const items = await assertDelivered(world, execution, prompts, { opens: false });
	for (const { json, binary } of items) {
		assert.ok(
			(await world.api.binary(binary!.data)).equals(VIDEO),
			`not the video's bytes: task ${String(json.taskId)}`,
		);
		assert.equal(world.emulator.journal.task(String(json.taskId))?.downloads, 1);
	}
}

function figuresOf(name: string, figures: Figures | undefined): string {
	if (!figures) return `  ${name.padEnd(8)} not measured`;
	const { wallMs, whileWaiting, callbacksPerSecond } = figures;
	const { mostWorkers, mostSlots, meanSlots, samples } = whileWaiting;
	const called =
		callbacksPerSecond === undefined ? '' : `; ${callbacksPerSecond.toFixed(1)} callbacks answered a second`;
	const perMinute = Math.round(VIDEOS / (wallMs / 60_000));
	return `  ${name.padEnd(8)} ${perMinute} videos a minute (${(wallMs / 1000).toFixed(1)} s), while waiting ${mostWorkers} workers and ${mostSlots} slots held, ${meanSlots.toFixed(1)} on average (${samples} looks)${called}`;
}

const endOf = (execution: Execution) => `${execution.status}: ${errorOf(execution)?.message ?? 'no message'}`;

const secondsFrom = (startMs: number) => `${((Date.now() - startMs) / 1000).toFixed(0)} s`;

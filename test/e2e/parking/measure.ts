import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { WebSocket } from 'undici';

import { chain, freePort, itemsOf, type Checks, type N8n, type Say } from '../harness';
import { sleep, until } from '../../until';
import {
	assertDelivered,
	called,
	countOf,
	executionsOf,
	reset,
	parkingNode,
	prompted,
	publish,
	reached,
	type World,
} from './world';

const EXECUTIONS = 200;
/** Enough to load what a run of either kind needs, before anything is measured. */
const WARM_UP = 5;
/** Videos that end at the same moment. */
const WAVE = 20;

interface Cost {
	/** executions that hold a place of n8n's concurrency limit, and with it a worker */
	held: number;
	waiting: number;
	/** JavaScript objects alive right after a collection of garbage, above the same before */
	heapBytes: number;
	/** the process's resident set, above the same before */
	residentBytes: number;
	/** of one processor, while they wait */
	cpuShare: number;
}

/** What 200 waiting executions cost an n8n: polling inside the node, and parked. */
export async function measureWaiting(checks: Checks, world: World, n8n: N8n, say: Say): Promise<void> {
	await checks.check(`${EXECUTIONS} executions wait: polling holds a place each, parked none`, async () => {
		const inspector = await Inspector.attach(n8n);
		try {
			const polling = await measure(world, n8n, inspector, 'poll');
			const parked = await measure(world, n8n, inspector, 'callback');
			assert.deepEqual([polling.held, polling.waiting], [EXECUTIONS, 0]);
			assert.deepEqual([parked.held, parked.waiting], [0, EXECUTIONS]);
			say(`          ${EXECUTIONS} executions waiting     running  waiting  heap       resident set  processor`);
			for (const [name, cost] of Object.entries({ polling, parked }))
				say(
					`          ${name.padEnd(26)} ${String(cost.held).padStart(7)}  ${String(cost.waiting).padStart(7)}  ${megabytes(cost.heapBytes).padEnd(9)}  ${megabytes(cost.residentBytes).padEnd(12)}  ${(cost.cpuShare * 100).toFixed(1)} %`,
				);
		} finally {
			inspector.close();
		}
	});
}

async function measure(world: World, n8n: N8n, inspector: Inspector, waitMode: 'poll' | 'callback'): Promise<Cost> {
	const { api, emulator } = world;
	const path = `waits-${waitMode}`;
	const workflow = await publish(
		world,
		chain(`Waits: ${waitMode}`, [...called(path), parkingNode({ waitMode, limits: { pollIntervalSeconds: 10 } })]),
	);
	const start = async (prompts: readonly string[]) => {
		for (const prompt of prompts) await api.callWebhook(path, { body: { items: prompted(prompt) } });
		await until('all tasks', () => emulator.journal.counts().created === prompts.length);
	};
	reset(world, 1);
	await start(Array.from({ length: WARM_UP }, (_, index) => `Warm-up ${index}`));
	await reached(world, workflow.id, 'success', WARM_UP);

	reset(world);
	emulator.control.holdTasks();
	const before = await inspector.memory();
	const prompts = Array.from({ length: EXECUTIONS }, (_, index) => `${waitMode} ${index}`);
	await start(prompts);
	if (waitMode === 'callback') {
		await reached(world, workflow.id, 'waiting', EXECUTIONS);
		// Vidu also calls when a task begins: that is no part of waiting
		await until(
			'answers to the first callbacks',
			() => new Set(emulator.journal.callbacks.map(({ taskId }) => taskId)).size === EXECUTIONS,
		);
	}
	const after = await inspector.memory();
	const [cpuMs, sinceMs] = [cpuMsOf(n8n), Date.now()];
	await sleep(10_000);
	const cpuShare = (cpuMsOf(n8n) - cpuMs) / (Date.now() - sinceMs);
	const cost: Cost = {
		held: await countOf(world, workflow.id, 'running'),
		waiting: await countOf(world, workflow.id, 'waiting'),
		heapBytes: after.heapBytes - before.heapBytes,
		residentBytes: after.residentBytes - before.residentBytes,
		cpuShare,
	};

	// callbacks come in waves, as an account's places end them: an n8n on SQLite chokes on 200 at once, whatever node waits for them
	const waves = waitMode === 'callback' ? [WAVE, 2 * WAVE] : [EXECUTIONS];
	// executions overtake one another on their way to the service: a wave is of prompts, not of the first tasks or executions
	for (const ended of waves) {
		const wave = new Set(prompts.slice(0, ended));
		emulator.control.finishTasks(({ input }) => wave.has(String(input.prompt)));
		await reached(world, workflow.id, 'success', WARM_UP + ended);
	}
	const delivered = waves.at(-1)!;
	assert.equal(emulator.journal.counts().created, EXECUTIONS);
	if (delivered < EXECUTIONS) assert.equal(await countOf(world, workflow.id, 'waiting'), EXECUTIONS - delivered);
	const executions = new Map(
		(await executionsOf(world, workflow.id)).map((execution) => [
			itemsOf(execution, 'Items')[0].json.prompt,
			execution,
		]),
	);
	for (const [index, prompt] of prompts.slice(0, delivered).entries())
		await assertDelivered(world, executions.get(prompt)!, [prompt], { opens: index % 20 === 0 });
	return cost;
}

/** Node's own inspector in a running n8n: collects its garbage and reads its memory. */
class Inspector {
	private nextId = 0;
	private readonly waiting = new Map<number, (result: unknown) => void>();

	private constructor(private readonly socket: WebSocket) {
		socket.addEventListener('message', ({ data }) => {
			const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown };
			this.waiting.get(id)?.(result);
			this.waiting.delete(id);
		});
	}

	/** @param n8n started with `inspectable()` in its environment */
	static async attach(n8n: N8n): Promise<Inspector> {
		process.kill(n8n.pid!, 'SIGUSR1');
		const line = await until("n8n's inspector", () => n8n.log.find(/Debugger listening on ws:/));
		const socket = new WebSocket(line.slice(line.indexOf('ws:')));
		await new Promise((resolve, reject) => {
			socket.addEventListener('open', resolve);
			socket.addEventListener('error', reject);
		});
		return new Inspector(socket);
	}

	private async send(method: string, params: object = {}): Promise<unknown> {
		this.nextId += 1;
		const id = this.nextId;
		return await new Promise((resolve) => {
			this.waiting.set(id, resolve);
			this.socket.send(JSON.stringify({ id, method, params }));
		});
	}

	async memory(): Promise<{ heapBytes: number; residentBytes: number }> {
		await this.send('HeapProfiler.collectGarbage');
		const { result } = (await this.send('Runtime.evaluate', {
			expression: 'JSON.stringify(process.memoryUsage())',
		})) as { result: { value: string } };
		const { heapUsed, external, rss } = JSON.parse(result.value) as NodeJS.MemoryUsage;
		return { heapBytes: heapUsed + external, residentBytes: rss };
	}

	close(): void {
		this.socket.close();
	}
}

/** An n8n started with these settings opens Node's inspector, on a port of its own, when it gets SIGUSR1. */
export async function inspectable(): Promise<Record<string, string>> {
	return { NODE_OPTIONS: `--inspect-port=127.0.0.1:${await freePort()}` };
}

/** Processor time that n8n has used, its task runner not counted. Linux tells it in hundredths of a second. */
function cpuMsOf({ pid }: N8n): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /, '')
		.split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

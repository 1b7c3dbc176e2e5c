/**
 * A real n8n runs the built package against the emulator: loads it, tests a key, runs every example, is stopped, retried and killed.
 *
 *   tsx test/e2e/smoke.ts [--only TEXT] [--report FILE] [--log FILE] [--n8n FOLDER]
 *
 * --n8n: a folder whose package.json and lock file pin another n8n than the demo's
 */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startEmulator } from '../emulator';
import { KEPT, KINDS } from '../engine/keptFilms';
import {
	argument,
	chain,
	Checks,
	ensureBuilt,
	ensureInstalled,
	errorOf,
	EXAMPLE_IMAGES,
	inspectMp4,
	itemsOf,
	listOf,
	manualTrigger,
	N8n,
	onEnd,
	ourNodes,
	OWNER,
	PACKAGE,
	readExample,
	REPOSITORY,
	runMain,
	viduNode,
	webhookTrigger,
	withLimits,
	withImages,
	type Execution,
	type Item,
	type WorkflowFile,
} from './harness';
import { until } from '../until';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Tasks end quickly here, so the nodes need not wait for half of what a real video takes. */
const QUICK = { pollIntervalSeconds: 2 };
const EXAMPLES = [
	'text-to-video.json',
	'image-to-video.json',
	'start-end-to-video.json',
	'reference-to-video.json',
	'product-catalogue-to-video.json',
];

async function main(): Promise<number> {
	const installation = await ensureInstalled({ folder: argument('n8n'), say });
	await ensureBuilt(say);
	const emulator = await startEmulator({ taskSeconds: 2, ...KEPT });
	onEnd(async () => await emulator.stop());
	const n8n = await N8n.start({ installation, logFile: argument('log'), say });
	const { api } = n8n;
	await api.signIn(OWNER);
	const keyData = { region: 'custom', baseUrl: emulator.urls.vidu, apiKey: emulator.keys.vidu };
	const credential = await api.createCredential('Vidu API', 'viduApi', keyData);
	const zhipuData = { region: 'custom', baseUrl: emulator.urls.zhipu, apiKey: emulator.keys.zhipu };
	const zhipuCredential = await api.createCredential('Zhipu API', 'zhipuApi', zhipuData);
	const vtrixData = { baseUrl: emulator.urls.vtrix, apiKey: emulator.keys.vtrix };
	const vtrixCredential = await api.createCredential('Vtrix API', 'vtrixApi', vtrixData);
	const checks = new Checks(say, argument('only'));

	const importWorkflow = async (workflow: WorkflowFile) =>
		await api.importWorkflow(withLimits(withImages(workflow, EXAMPLE_IMAGES, emulator.urls.images), QUICK), [
			credential,
			zhipuCredential,
		]);
	const begin = async (workflow: WorkflowFile) => await api.run((await importWorkflow(workflow)).id);
	const run = async (workflow: WorkflowFile) => await api.waitFor(await begin(workflow));
	const reset = () => {
		emulator.control.reset();
		emulator.control.set({ taskSeconds: 2 });
	};
	const assertPlays = async (item: Item) => {
		assert.ok(item.binary?.data, `no video beside ${JSON.stringify(item.json)}`);
		inspectMp4(await api.binary(item.binary.data));
	};
	const created = async (count: number) =>
		await until(`${count} tasks at Vidu`, () => emulator.journal.counts().created >= count);

	await checks.check('n8n loads the package under its published type names', async () => {
		const { n8n: lists } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
			n8n: { nodes: string[] };
		};
		const wanted = lists.nodes.map((file) =>
			file.replace(
				/^.*\/(\w)(\w*)\.node\.js$/,
				(_, first: string, rest: string) => `${PACKAGE}.${first.toLowerCase()}${rest}`,
			),
		);
		const loaded = (await api.nodeTypes()).map(({ name }) => name);
		assert.deepEqual(
			wanted.filter((name) => !loaded.includes(name)),
			[],
			'not loaded',
		);
		assert.equal(n8n.log.find(new RegExp(`(fail|error|could not).*${PACKAGE}`, 'i')), undefined);
	});

	for (const [name, saved, data] of [
		['Vidu', credential, keyData],
		['Zhipu', zhipuCredential, zhipuData],
		['Vtrix', vtrixCredential, vtrixData],
	] as const)
		await checks.check(`a right key passes the test of the ${name} credential, a wrong one does not`, async () => {
			const right = await api.testCredential(saved, data);
			assert.equal(right.status, 'OK', JSON.stringify(right));
			const wrong = await api.testCredential(saved, { ...data, apiKey: 'wrong' });
			assert.equal(wrong.status, 'Error', JSON.stringify(wrong));
		});

	for (const file of EXAMPLES) {
		await checks.check(`examples/${file} delivers videos that play`, async () => {
			reset();
			const workflow = readExample(file);
			const execution = await run(workflow);
			assertSucceeded(execution);
			const items = ourNodes(workflow).flatMap((node) => itemsOf(execution, node));
			assert.ok(items.length > 0, 'no items came out');
			for (const item of items) {
				assert.equal(item.json.status, 'succeeded', JSON.stringify(item.json));
				await assertPlays(item);
			}
			const { created: tasks, keyLeaks } = emulator.journal.counts();
			assert.equal(tasks, items.length);
			assert.equal(keyLeaks, 0);
		});
	}

	await checks.check('the sample workflow ends in a table of results', async () => {
		reset();
		const execution = await run(readExample('product-catalogue-to-video.json'));
		const rows = itemsOf(execution, 'Results').map(({ json }) => json);
		assert.equal(rows.length, 12);
		assert.deepEqual([...new Set(rows.map(({ product }) => product))].sort(), [
			'Globe lamp',
			'Morning mug',
			'Runner sneaker',
		]);
		for (const row of rows) {
			assert.match(String(row.taskId), /^[\da-f]{15,}$/);
			assert.match(String(row.videoUrl), /^http/);
			assert.equal(row.status, 'succeeded');
			assert.ok(Number(row.secondsWaited) > 0, JSON.stringify(row));
		}
	});

	await checks.check('in the sample workflow a product without a video keeps its row, with the reason', async () => {
		reset();
		const workflow = readExample('product-catalogue-to-video.json');
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'Steam rises', provider: 'vidu' });
		const execution = await run(workflow);
		assertSucceeded(execution);
		const rows = itemsOf(execution, 'Results').map(({ json }) => json);
		assert.equal(rows.length, 12);
		const failed = rows.filter(({ status }) => status !== 'succeeded');
		assert.deepEqual(
			failed.map(({ product, operation }) => [product, operation]),
			[['Morning mug', 'imageToVideo']],
		);
		assert.match(String(failed[0].status), /^failed: /);
		assert.match(String(failed[0].taskId), /^\d{15,}$/);
	});

	await checks.check('examples/collect-unfinished-tasks.json delivers what another run ordered', async () => {
		reset();
		const ordered = await run(
			chain('Order only', [manualTrigger, ...listOf([{ n: 1 }, { n: 2 }]), viduNode({ waitForCompletion: false })]),
		);
		assertSucceeded(ordered);
		const ids = itemsOf(ordered, 'Vidu').map(({ json }) => String(json.taskId));
		assert.equal(ids.length, 2);
		const collected = await run(collect(ids));
		assertSucceeded(collected);
		const items = itemsOf(collected, 'Wait for Completion');
		assert.deepEqual(
			items.map(({ json }) => json.taskId),
			ids,
		);
		for (const item of items) await assertPlays(item);
		assert.equal(emulator.journal.counts().created, 2);
	});

	for (const [kind, filmId] of KINDS)
		await checks.check(
			`examples/change-a-scene-of-a-film.json puts a ${kind} film together with the new scene`,
			async () => {
				reset();
				const workflow = readExample('change-a-scene-of-a-film.json');
				const wish = workflow.nodes.find(({ name }) => name === 'Wish')!;
				wish.parameters.jsonOutput = JSON.stringify({ ...JSON.parse(String(wish.parameters.jsonOutput)), filmId });
				const execution = await run(workflow);
				assertSucceeded(execution);
				const [scene] = itemsOf(execution, 'New Scene');
				const [film] = itemsOf(execution, 'Put Together');
				const { body } = emulator.journal.requests.find(({ path }) => path.endsWith('/compose'))!;
				const { video_task_ids: chosen, job_ids: jobs } = body as Record<string, string[] | undefined>;
				assert.equal((chosen ?? jobs)?.[1], scene.json.taskId);
				await assertPlays(film);
				assert.equal(emulator.journal.counts().created, 2);
			},
		);

	await checks.check('a published workflow runs from its webhook', async () => {
		reset();
		const workflow = await importWorkflow(
			chain('From a webhook', [webhookTrigger('smoke'), viduNode({ prompt: '={{ $json.body.title }}' })]),
		);
		await api.activate(workflow);
		await api.callWebhook('smoke', { body: { title: 'A red kite over the dunes' } });
		const [{ id }] = await until('the execution', async () => {
			const list = await api.executions({ workflowId: workflow.id });
			return list.length > 0 && list;
		});
		const execution = await api.waitFor(id);
		assertSucceeded(execution);
		assert.equal(execution.mode, 'webhook');
		assert.equal(emulator.journal.tasks[0]?.input.prompt, 'A red kite over the dunes');
	});

	await checks.check('an item that fails goes to the Error output with its task id', async () => {
		reset();
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'Prompt B' });
		const prompts = ['Prompt A', 'Prompt B', 'Prompt C'].map((prompt) => ({ prompt }));
		const execution = await run(
			chain('Error output', [
				manualTrigger,
				...listOf(prompts),
				viduNode({ prompt: '={{ $json.prompt }}' }, { onError: 'continueErrorOutput' }),
			]),
		);
		assertSucceeded(execution);
		assert.equal(itemsOf(execution, 'Vidu').length, 2);
		const [failed] = itemsOf(execution, 'Vidu', { output: 1 });
		const details = failed?.json.details as { taskId?: string; status?: string } | undefined;
		assert.match(String(details?.taskId), /^\d{15,}$/, JSON.stringify(failed));
		assert.equal(details?.status, 'failed');
		assert.equal(failed.json.prompt, 'Prompt B');
	});

	await checks.check('a batch larger than the account takes is delivered whole, each video bought once', async () => {
		reset();
		emulator.control.setAccount('vidu', { concurrency: 5, whenFull: 'refuse' });
		const products = Array.from({ length: 12 }, (_, n) => ({ n }));
		const execution = await run(
			chain('A batch', [manualTrigger, ...listOf(products), viduNode({ prompt: '=Product {{ $json.n }}' })]),
		);
		emulator.control.setAccount('vidu', { whenFull: 'queue' });
		assertSucceeded(execution);
		const items = itemsOf(execution, 'Vidu');
		assert.deepEqual(
			items.map(({ json }) => json.status),
			products.map(() => 'succeeded'),
		);
		const { created, keyLeaks } = emulator.journal.counts();
		assert.equal(created, 12);
		assert.equal(keyLeaks, 0);
		assert.ok((emulator.journal.maxTasks.vidu ?? 0) <= 5, `${emulator.journal.maxTasks.vidu} tasks at once`);
		assert.deepEqual(
			items.map(({ json }) => emulator.journal.task(String(json.taskId))?.input.prompt),
			products.map(({ n }) => `Product ${n}`),
		);
	});

	await checks.check('an outage while waiting costs time and no video', async () => {
		reset();
		const id = await begin(chain('An outage', [manualTrigger, ...listOf([{ n: 1 }, { n: 2 }, { n: 3 }]), viduNode()]));
		await created(3);
		emulator.control.outage({ target: 'vidu', seconds: 8 });
		const execution = await api.waitFor(id);
		assertSucceeded(execution);
		assert.equal(itemsOf(execution, 'Vidu').length, 3);
		assert.equal(emulator.journal.counts().created, 3);
	});

	await checks.check('Stop ends the run, orders nothing more and cancels what waits in the queue', async () => {
		reset();
		emulator.control.holdTasks('queueing');
		const id = await begin(
			chain('To be stopped', [manualTrigger, ...listOf([{ n: 1 }, { n: 2 }, { n: 3 }]), viduNode()]),
		);
		await created(3);
		await api.stop(id);
		const execution = await api.waitFor(id);
		assert.equal(execution.status, 'canceled');
		await until('the tasks to be canceled at Vidu', () => emulator.journal.counts().cancelled === 3);
		assert.equal(emulator.journal.counts().created, 3);
		emulator.control.clearFaults();
	});

	await checks.check('Retry of a failed execution takes up the same tasks and orders none again', async () => {
		reset();
		emulator.control.holdTasks();
		const failed = await run(
			chain('To be retried', [
				manualTrigger,
				...listOf([{ n: 1 }, { n: 2 }]),
				viduNode({ prompt: '=Product {{ $json.n }}', limits: { maxWaitMinutes: 0.08 } }),
			]),
		);
		assert.equal(failed.status, 'error');
		const ids = emulator.journal.tasks.map((task) => task.id);
		for (const id of ids)
			assert.ok(
				`${errorOf(failed)?.message} ${errorOf(failed)?.description}`.includes(id),
				`task ${id} is not named: ${JSON.stringify(errorOf(failed))}`,
			);
		emulator.control.finishTasks();
		const retried = await api.waitFor(await api.retry(failed.id));
		assertSucceeded(retried);
		assert.deepEqual(
			itemsOf(retried, 'Vidu').map(({ json }) => emulator.journal.task(String(json.taskId))?.input.prompt),
			['Product 1', 'Product 2'],
		);
		assert.equal(emulator.journal.counts().created, 2);
	});

	await checks.check('after kill -9 the log names every task, and they can be collected', async () => {
		reset();
		emulator.control.holdTasks();
		const before = n8n.log.lines.length;
		const id = await begin(chain('To be killed', [manualTrigger, ...listOf([{ n: 1 }, { n: 2 }]), viduNode()]));
		await created(2);
		await until('both tasks in the log', () => idsIn(n8n.log.lines.slice(before)).length === 2);
		await n8n.kill();
		emulator.control.finishTasks();
		await n8n.restart();
		await api.signIn(OWNER);
		assert.equal((await api.execution(id)).status, 'crashed');
		const ids = idsIn(n8n.log.lines.slice(before));
		const collected = await run(collect(ids));
		assertSucceeded(collected);
		for (const item of itemsOf(collected, 'Wait for Completion')) await assertPlays(item);
		assert.equal(emulator.journal.counts().created, 2);
	});

	const code = checks.end(argument('report'));
	if (code !== 0) say(['n8n said last:', ...n8n.log.tail(40).map((line) => `    ${line}`)].join('\n'));
	return code;
}

function assertSucceeded(execution: Execution): void {
	const error = errorOf(execution);
	assert.equal(execution.status, 'success', error && `${error.message} (${error.description ?? 'no description'})`);
}

function collect(taskIds: readonly string[]): WorkflowFile {
	const workflow = readExample('collect-unfinished-tasks.json');
	const list = workflow.nodes.find(({ name }) => name === 'Task IDs')!;
	list.parameters.jsonOutput = JSON.stringify({ taskIds });
	return workflow;
}

/** Task ids that the node has logged, each once. */
function idsIn(lines: readonly string[]): string[] {
	return [...new Set(lines.flatMap((line) => line.match(/\b\d{17,20}\b/g) ?? []))];
}

runMain(main);

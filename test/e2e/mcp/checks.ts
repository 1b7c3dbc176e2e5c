import { strict as assert } from 'node:assert';

import { startEmulator } from '../../emulator';
import { until } from '../../until';
import {
	chain,
	onEnd,
	PACKAGE,
	viduNode,
	type Checks,
	type Installation,
	type N8n,
	type WorkflowFile,
} from '../harness';
import { publish, reset, type World } from '../parking/world';
import { connect, textOf, type McpAnswer, type McpClient } from './client';

/** n8n's MCP Server Trigger with our nodes as its tools, and the protocol's own client. */

interface McpWorld {
	world: World;
	n8n: N8n;
	installation: Installation;
}

const MAKE = 'Make_a_Clip';
const LOOK = 'Look_for_a_Clip';
/** A client that has no patience of its own ends a call after 60 seconds; the node promises an answer before that. */
const PROMISED_MS = 50_000;
/** A check need not wait for 45 seconds each time. */
const SOON = { pollIntervalSeconds: 1, maxWaitMinutes: 0.05 };
const SOON_MS = 10_000;

/** As the editor writes what is left to the model. */
const fromAi = (name: string, what: string) =>
	`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${name}', \`${what}\`, 'string') }}`;

const PROMPT = 'What happens in the clip, in English';
const TASK_ID = 'The task ID that making the clip answered';

/** Two tools, as docs/ai-agents.md has them. */
function mcpWorkflow(path: string, limits: Record<string, unknown> = {}): WorkflowFile {
	const trigger = 'MCP Server';
	const workflow = chain(`MCP at ${path}`, [
		{
			type: '@n8n/n8n-nodes-langchain.mcpTrigger',
			name: trigger,
			typeVersion: 2,
			webhookId: path,
			parameters: { path, authentication: 'none' },
		},
		viduNode(
			{
				descriptionType: 'manual',
				toolDescription: 'Makes one clip of 5 seconds. Costs 55 credits.',
				prompt: fromAi('Prompt', PROMPT),
				limits: { maxVideos: 1, ...limits },
			},
			{ name: MAKE.replaceAll('_', ' '), type: `${PACKAGE}.viduTool` },
		),
		viduNode(
			{
				resource: 'task',
				operation: 'get',
				taskId: { __rl: true, mode: 'id', value: fromAi('Task_ID', TASK_ID) },
			},
			{ name: LOOK.replaceAll('_', ' '), type: `${PACKAGE}.viduTool` },
		),
	]);
	const toTrigger = { ai_tool: [[{ node: trigger, type: 'ai_tool', index: 0 }]] };
	workflow.connections = Object.fromEntries(workflow.nodes.slice(1).map(({ name }) => [name, toTrigger]));
	return workflow;
}

/** Publishes the workflow, and opens a session with it. */
async function publishMcp(mcp: McpWorld, workflow: WorkflowFile): Promise<McpClient> {
	await publish(mcp.world, workflow);
	return await openMcp(mcp, String(workflow.nodes[0].parameters.path));
}

/** Right after publishing n8n answers 404 for a moment. */
async function openMcp({ n8n, installation }: McpWorld, path: string): Promise<McpClient> {
	return await until(
		`a session at ${path}`,
		async () =>
			await connect(installation, `${n8n.url}/mcp/${path}`).catch((error: Error) => {
				if (!/not registered/.test(error.message)) throw error;
				return undefined;
			}),
	);
}

const make = async (client: McpClient, Prompt: string): Promise<McpAnswer> =>
	await client.callTool({ name: MAKE, arguments: { Prompt } });

/** The one item of an answer that is none of a failure. */
function itemOf(answer: McpAnswer): Record<string, unknown> {
	assert.notEqual(answer.isError, true, textOf(answer));
	const items = JSON.parse(textOf(answer)) as Array<Record<string, unknown>>;
	assert.equal(items.length, 1, textOf(answer));
	return items[0];
}

export async function checkMcp(checks: Checks, mcp: McpWorld): Promise<void> {
	const { world } = mcp;
	const { emulator } = world;
	const answers: McpAnswer[] = [];
	const heard = (answer: McpAnswer): McpAnswer => {
		answers.push(answer);
		return answer;
	};

	await checks.check(
		'MCP: the tools say what they do and take; a call answers in time with task, price and next step, a second one collects, a repeated one buys nothing',
		async () => {
			reset(world);
			emulator.control.holdTasks();
			const client = await publishMcp(mcp, mcpWorkflow('mcp-clips', SOON));
			const { tools } = await client.listTools();
			assert.deepEqual(
				tools
					.map(({ name, description, inputSchema: { type, properties, required } }) => ({
						...{ name, description, type, properties, required },
					}))
					.sort((a, b) => a.name.localeCompare(b.name)),
				[
					{
						name: LOOK,
						description: 'Get task in Vidu',
						type: 'object',
						properties: { Task_ID: { type: 'string', description: TASK_ID } },
						required: ['Task_ID'],
					},
					{
						name: MAKE,
						description: 'Makes one clip of 5 seconds. Costs 55 credits.',
						type: 'object',
						properties: { Prompt: { type: 'string', description: PROMPT } },
						required: ['Prompt'],
					},
				],
			);

			const beganMs = Date.now();
			const ordered = itemOf(heard(await make(client, 'A red kite over the dunes')));
			assert.ok(Date.now() - beganMs < SOON_MS, `it took ${Date.now() - beganMs} ms`);
			const [{ id }] = emulator.journal.tasks;
			const { taskId, status, credits, expectedSeconds, nextStep } = ordered;
			assert.deepEqual({ taskId, status, credits }, { taskId: id, status: 'processing', credits: 55 });
			assert.ok(Number(expectedSeconds) > 0, JSON.stringify(ordered));
			assert.match(String(nextStep), new RegExp(`Do not order it again: ask for task ID ${id} with Task → Get`));

			const again = itemOf(heard(await make(client, 'A red kite over the dunes')));
			assert.equal(again.taskId, id);
			assert.equal(emulator.journal.counts().created, 1, 'the same call bought a second clip');

			const look = async () => itemOf(heard(await client.callTool({ name: LOOK, arguments: { Task_ID: id } })));
			assert.equal((await look()).status, 'processing');
			emulator.control.finishTasks();
			const made = await look();
			assert.equal(made.status, 'succeeded');
			assert.match(String(made.videoUrl), /^http/);
			assert.equal(itemOf(heard(await make(client, 'A red kite over the dunes'))).status, 'succeeded');
			assert.equal(emulator.journal.counts().created, 1);
			await client.leave();
		},
	);

	await checks.check('MCP: a call that is refused is an error that says what to do, and tells no secret', async () => {
		reset(world, 1);
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'Refused' });
		const client = await publishMcp(mcp, mcpWorkflow('mcp-refused', SOON));
		const tooLong = heard(await make(client, 'x'.repeat(6_000)));
		assert.equal(tooLong.isError, true, textOf(tooLong));
		assert.match(textOf(tooLong), /6000 characters is too long.*Use at most 5000 characters\. Nothing was sent\./);
		assert.equal(emulator.journal.counts().created, 0);
		const refused = heard(await make(client, 'Refused by the content check'));
		assert.equal(refused.isError, true, textOf(refused));
		assert.match(textOf(refused), /did not pass Vidu's content check\. Change Prompt or the images and run again/);
		assert.equal(emulator.journal.counts().created, 1);
		await client.leave();
		const secrets = Object.values(emulator.keys);
		assert.ok(answers.length >= 2 && secrets.length > 0);
		assert.deepEqual(
			answers.map(textOf).filter((text) => secrets.some((secret) => text.includes(secret))),
			[],
		);
		assert.equal(emulator.journal.counts().keyLeaks, 0);
	});
}

const KEYED = 'mcp-keyed';
const KEYED_PROMPT = 'A blue kite over the sea';

/** @returns the process that orders */
export async function checkMcpKey(checks: Checks, mcp: McpWorld): Promise<number | undefined> {
	const { world } = mcp;
	await checks.check('MCP: with an order key a repeated call takes up the clip as well', async () => {
		reset(world, 1);
		const client = await publishMcp(mcp, mcpWorkflow(KEYED, { ...SOON, orderKey: fromAi('Prompt', PROMPT) }));
		const { taskId } = itemOf(await make(client, KEYED_PROMPT));
		assert.equal(itemOf(await make(client, KEYED_PROMPT)).taskId, taskId);
		assert.equal(world.emulator.journal.counts().created, 1);
		await client.leave();
	});
	return mcp.n8n.pid;
}

/**
 * In an n8n that was started anew, which only its database tells what was ordered.
 * @param before the process that ordered
 */
export async function checkMcpKeyLater(checks: Checks, mcp: McpWorld, before: number | undefined): Promise<void> {
	const { world, n8n } = mcp;
	await checks.check('MCP: an n8n that was started anew tells the model that its order key was ordered', async () => {
		reset(world, 1);
		if (n8n.pid === before) await n8n.restart();
		const client = await openMcp(mcp, KEYED);
		const { error, details } = itemOf(await make(client, KEYED_PROMPT));
		assert.match(String(error), /^Not started: the same Order Key was ordered before/);
		assert.match(JSON.stringify(details), /Do not order it again: ask for the task ID/);
		assert.equal(world.emulator.journal.counts().created, 0);
		await client.leave();
	});
}

/**
 * The longest answer, beside the other checks: nothing is shortened, and its clip is not made meanwhile.
 * @returns waits for the end of it
 */
export async function beginPatientCall(checks: Checks, mcp: McpWorld): Promise<() => Promise<void>> {
	const emulator = await startEmulator();
	onEnd(async () => await emulator.stop());
	emulator.control.holdTasks();
	const { api } = mcp.world;
	const credential = await api.createCredential('Vidu API of the patient call', 'viduApi', {
		region: 'custom',
		baseUrl: emulator.urls.vidu,
		apiKey: emulator.keys.vidu,
	});
	const patient = { ...mcp, world: { ...mcp.world, emulator, credentials: [credential] } };
	const call = (async () => {
		const client = await publishMcp(patient, mcpWorkflow('mcp-patient'));
		const beganMs = Date.now();
		const item = itemOf(await make(client, 'A clip that takes its time'));
		const tookMs = Date.now() - beganMs;
		await client.leave();
		return { item, tookMs };
	})();
	call.catch(() => undefined); // told by the check
	return async () =>
		await checks.check('MCP: a clip that takes long is answered before the client gives up', async () => {
			const answered = await call;
			assert.ok(answered.tookMs < PROMISED_MS, `it took ${answered.tookMs} ms`);
			assert.equal(answered.item.taskId, emulator.journal.tasks[0].id);
			assert.equal(answered.item.status, 'processing');
			assert.equal(emulator.journal.counts().created, 1);
		});
}

import { strict as assert } from 'node:assert';

import { request, WebSocket } from 'undici';

import { PUBLIC_N8N } from '../../shops';
import type { Message } from '../../shops/model';
import type { SlackMessage } from '../../shops/slack';
import { until } from '../../until';
import { errorOf, inspectMp4, type Checks } from '../harness';
import { assertClean, assertSucceeded, importRecipe, post, reset, whilePublished, type RecipeWorld } from './world';

/** Recipes in which a person says yes or no: Slack's buttons lead to n8n under its public name. */

async function click({ api }: RecipeWorld, message: SlackMessage, label: string): Promise<void> {
	const url = message.buttons[label];
	assert.ok(url, `no button ${label} in ${JSON.stringify(message)}`);
	const headers = { 'user-agent': 'Mozilla/5.0 (X11) Firefox/145.0' };
	// nobody is as quick as a test: n8n may not have put the execution to wait yet, and says so
	const status = await until(`an answer to ${label}`, async () => {
		const reply = await request(url.replace(PUBLIC_N8N, api.url), { headers });
		await reply.body.dump();
		return reply.statusCode !== 409 && reply.statusCode;
	});
	assert.equal(status, 200);
}

/**
 * The calendar's wait is longer than a minute, so that n8n puts the execution into its database: it is started before
 * the other checks, at an emulator of its own, and looked at after them.
 */
export async function beginCalendar(world: RecipeWorld): Promise<() => Promise<void>> {
	const { api, shops, emulator } = world;
	const { sheets, slack, instagram } = shops;
	reset(world);
	const file = 'calendar-to-approved-post.json';
	// n8n's own day may have begun later than this machine's
	const due = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
	const workflow = await importRecipe(world, file);
	sheets.put('your-spreadsheet-id', {
		Calendar: [
			['date', 'prompt', 'caption', 'status', 'task', 'post'],
			['2026-01-01', 'An old post', 'Old', 'posted', 'x', '1'],
			[due, 'A paper boat on a rainy street', 'New boats are in', '', '', ''],
			['2099-01-01', 'Later', 'Later', '', '', ''],
		],
	});
	const id = await api.run(workflow.id);
	await api.waitFor(id, { states: new Set(['waiting', 'error', 'success']) });
	const parked = await api.execution(id);
	assert.equal(parked.status, 'waiting', `in the database, not in memory: ${errorOf(parked)?.message}`);
	return async () => {
		const message = await until('the question in Slack', () =>
			slack.messages.find(({ text }) => text.includes('New boats are in')),
		);
		await click(world, message, 'Post it');
		const execution = await api.waitFor(id);
		assertSucceeded(execution);
		const [order] = emulator.journal.tasks;
		assert.equal(emulator.journal.counts().created, 1);
		assert.equal(order.input.size, '1080x1920');
		const [published] = instagram.posts;
		assert.equal(published.caption, 'New boats are in');
		inspectMp4(published.bytes);
		const rows = sheets.rows('your-spreadsheet-id', 'Calendar');
		assert.deepEqual(
			rows.map(({ status, task, post: posted }) => [status, task, posted]),
			[
				['posted', 'x', '1'],
				['posted', order.id, published.id],
				['', '', ''],
			],
		);
		assert.deepEqual([slack.refused, instagram.refused, sheets.refused], [[], [], []]);
		assertClean(world);
	};
}

/** The agent is n8n's own, its model scripted. */
export async function checkAgent(checks: Checks, world: RecipeWorld): Promise<void> {
	const { api, shops, emulator } = world;
	const { model, slack } = shops;
	const file = 'agent-with-approval.json';
	const asked = async (words: string) =>
		await until(`a question about ${words}`, () => slack.messages.find(({ text }) => text.includes(words)));

	await checks.check(
		`${file}: nothing is ordered before a yes, nothing after a no, and one clip for one yes`,
		async () => {
			reset(world);
			model.script = ({ messages, tools }) => {
				const last = messages.at(-1);
				const said = textOf(last);
				const call = (name: RegExp, given: Record<string, unknown>) => {
					const tool = tools.find((one) => name.test(one.name));
					// behind an approval, n8n asks for what the tool takes and what the approval takes apart
					const isGated = tool?.takes.includes('toolParameters') ?? false;
					return { call: tool?.name ?? '', with: isGated ? { toolParameters: given, hitlParameters: {} } : given };
				};
				if (last?.role === 'tool') return { say: `The tool said: ${said}` };
				if (!/ready/i.test(said)) return call(/make/i, { Prompt: said.replace(/^Make a clip of /, '') });
				const taskId = /\d{15,}/.exec(messages.map(textOf).join(' '))?.[0] ?? '';
				return call(/look/i, { Task_ID: taskId });
			};
			await whilePublished(world, file, async (workflow) => {
				const path = `${String(workflow.nodes.find(({ name }) => name === 'Chat')?.webhookId)}/chat`;
				// who chats is logged in to n8n
				const cookie = `n8n-auth=${api.token}`;
				const message = (chatInput: string) => ({ action: 'sendMessage', sessionId: 'one', chatInput });
				assert.equal((await post(world, path, message('x'))).status, 401);
				const say = async (chatInput: string) => {
					const { status, body } = await post(world, path, message(chatInput), { cookie });
					assert.equal(status, 200, JSON.stringify(body));
					return await openChat(world, body as { executionId: string; resumeToken?: string }, cookie);
				};

				const first = await say('Make a clip of a red kite over the dunes');
				const declined = await asked('red kite');
				assert.match(declined.text, /55 credits/);
				assert.equal(emulator.journal.counts().created, 0, 'nothing is ordered before the answer');
				await click(world, declined, 'No');
				assertSucceeded(await api.waitFor(first.executionId));
				assert.equal(emulator.journal.counts().created, 0, 'nothing is ordered after a no');

				const second = await say('Make a clip of a blue kite over the sea');
				await click(world, await asked('blue kite'), 'Make it');
				assertSucceeded(await api.waitFor(second.executionId));
				assert.equal(emulator.journal.counts().created, 1);
				const [order] = emulator.journal.tasks;
				assert.equal(order.input.prompt, 'a blue kite over the sea');
				assert.match(second.heard.join('\n'), new RegExp(order.id), 'the task is told');

				const third = await say('Is it ready?');
				assertSucceeded(await api.waitFor(third.executionId));
				assert.match(third.heard.join('\n'), /succeeded/);
				assert.equal(emulator.journal.counts().created, 1);
				const questions = slack.messages.filter(({ text }) => text.includes('kite'));
				assert.equal(questions.length, 2, 'looking is free and asks nobody');
				assert.deepEqual(model.refused, []);
				assertClean(world);
			});
		},
	);
}

const textOf = (message: Message | undefined): string =>
	typeof message?.content === 'string' ? message.content : JSON.stringify(message?.content ?? '');

/** The chat's window: hears what the workflow says, and stays open while somebody is asked. */
async function openChat({ api }: RecipeWorld, started: { executionId: string; resumeToken?: string }, cookie: string) {
	const { executionId, resumeToken } = started;
	const query = new URLSearchParams({ sessionId: 'one', executionId, isPublic: 'true' });
	if (resumeToken !== undefined) query.set('token', resumeToken);
	const heard: string[] = [];
	const socket = new WebSocket(`${api.url.replace('http', 'ws')}/chat?${query.toString()}`, { headers: { cookie } });
	socket.addEventListener('message', ({ data }) => {
		if (data === 'n8n|heartbeat') socket.send('n8n|heartbeat-ack');
		else if (data !== 'n8n|continue') heard.push(String(data));
	});
	await until('the chat to open', () => socket.readyState === WebSocket.OPEN);
	return { executionId, heard };
}

import { jsonReply, lowerHeaders, readObject, type EmulatorRequest, type Reply, type Service } from './http';
import { HOSTS } from './names';

/**
 * A scripted model behind OpenAI's chat completions: it says what the script says, and refuses conversations that OpenAI would refuse.
 * https://platform.openai.com/docs/api-reference/chat/create
 */

export const MODEL_KEY = 'sk-only-for-tests';

export interface Message {
	role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
	content?: unknown;
	tool_calls?: Array<{ id: string; function: { name: string; arguments: string } }>;
	tool_call_id?: string;
}

/** A tool that is offered, with the names of what it takes. */
export interface Tool {
	name: string;
	takes: readonly string[];
}

export interface Turn {
	messages: readonly Message[];
	tools: readonly Tool[];
}

/** What the model does next: speak, or call a tool. */
export type Move = { say: string } | { call: string; with: Record<string, unknown> };

export class ScriptedModel {
	/** Decides on each turn. */
	script: (turn: Turn) => Move = () => ({ say: 'There is no script.' });
	readonly turns: Turn[] = [];
	readonly refused: string[] = [];
	private calls = 0;

	get services(): Record<string, Service> {
		return { [HOSTS.model]: { handle: async (request) => await this.handle(request) } };
	}

	private async handle(request: EmulatorRequest): Promise<Reply> {
		const refuse = (status: number, message: string): Reply => {
			this.refused.push(message);
			return jsonReply(status, { error: { message, type: 'invalid_request_error', param: null, code: null } });
		};
		if (lowerHeaders(request.headers).authorization !== `Bearer ${MODEL_KEY}`)
			return refuse(401, 'Incorrect API key provided.');
		const path = request.target.split('?')[0];
		if (path === '/v1/models') return jsonReply(200, { object: 'list', data: [{ id: 'gpt-5-mini', object: 'model' }] });
		if (path !== '/v1/chat/completions') return refuse(404, `Unknown request URL: ${path}`);
		const body = (await readObject(request)) as
			| {
					model?: string;
					stream?: boolean;
					messages?: Message[];
					tools?: Array<{ function: { name: string; parameters?: object } }>;
			  }
			| undefined;
		const messages = body?.messages ?? [];
		const tools = (body?.tools ?? []).map(({ function: tool }) => tool);
		if (body?.model === undefined || messages.length === 0) return refuse(400, 'you must provide a model and messages');
		for (const { name, parameters } of tools)
			if (!/^[A-Za-z0-9_-]{1,64}$/.test(name) || (parameters as { type?: string } | undefined)?.type !== 'object')
				return refuse(400, `Invalid 'tools': ${name}`);
		const open = unanswered(messages);
		if (open !== undefined) return refuse(400, open);
		const takes = (schema: object | undefined) =>
			Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});
		const turn = { messages, tools: tools.map(({ name, parameters }) => ({ name, takes: takes(parameters) })) };
		this.turns.push(turn);
		const move = this.script(turn);
		const called = 'call' in move ? turn.tools.find(({ name }) => name === move.call) : undefined;
		if ('call' in move && !Object.keys(move.with).every((name) => called?.takes.includes(name)))
			return refuse(
				500,
				`The script calls ${move.call} with ${JSON.stringify(move.with)}, which takes ${called?.takes.join(', ')}`,
			);
		const message =
			'say' in move
				? { role: 'assistant', content: move.say }
				: {
						role: 'assistant',
						content: null,
						tool_calls: [
							{
								index: 0,
								id: `call_${(this.calls += 1)}`,
								type: 'function',
								function: { name: move.call, arguments: JSON.stringify(move.with) },
							},
						],
					};
		const finish_reason = 'say' in move ? 'stop' : 'tool_calls';
		const shared = { id: `chatcmpl-${this.turns.length}`, created: Math.floor(Date.now() / 1_000), model: body.model };
		if (!body.stream)
			return jsonReply(200, {
				...shared,
				object: 'chat.completion',
				choices: [{ index: 0, message, finish_reason }],
				usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
			});
		const chunks = [
			{ ...shared, object: 'chat.completion.chunk', choices: [{ index: 0, delta: message, finish_reason: null }] },
			{ ...shared, object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason }] },
		];
		return {
			status: 200,
			headers: { 'content-type': 'text/event-stream' },
			body: [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'].join(''),
		};
	}
}

/** Each call of a tool has to be answered before anything else is said. */
function unanswered(messages: readonly Message[]): string | undefined {
	let open = new Set<string>();
	for (const { role, tool_calls: calls, tool_call_id: id } of messages) {
		if (role === 'tool') {
			if (!open.delete(id ?? ''))
				return "messages with role 'tool' must be a response to a preceding message with 'tool_calls'";
			continue;
		}
		if (open.size > 0)
			return `An assistant message with 'tool_calls' must be followed by tool messages: ${[...open].join()}`;
		open = new Set((calls ?? []).map((call) => call.id));
	}
	return open.size > 0
		? `An assistant message with 'tool_calls' must be followed by tool messages: ${[...open].join()}`
		: undefined;
}

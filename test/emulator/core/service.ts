import type { Account } from './account';
import { shortenImages } from './journal';
import type { AnswerFault, FaultTarget, TaskFault } from './faults';
import type { EmulatorRequest, Headers, ProviderName, ReadBody, Reply, RequestKind, Service } from './messages';
import { ConnectionLost, jsonReply, lowerHeaders, readBody } from './messages';
import { randomText } from './random';
import type { TaskPlan } from './tasks';
import { trickle } from './trickle';
import type { World } from './world';

/** A request as a provider's routes see it. */
export interface Call {
	method: string;
	path: string;
	query: URLSearchParams;
	headers: Headers;
	kind: RequestKind;
	taskId?: string;
	bodyBytes: number;
	/** The parsed body; undefined when it is not JSON. */
	body: unknown;
	/** The body as text with data URIs shortened: goes into the task for later matching. */
	text: string;
	/** Fault `unknownStatus`: say this instead of the task's true status. */
	statusWord?: string;
	/** Draws the faults for a task about to be created; call it once, after every check has passed. */
	planTask(): TaskPlan;
}

/** A JSON answer. `taskId` and `errCode` are for the journal. */
export interface Answer {
	status: number;
	body: unknown;
	/** An HTML page of a gateway instead of `body`. */
	html?: boolean;
	taskId?: string;
	errCode?: string;
}

export interface ProviderRules {
	name: ProviderName;
	/** What the request is for; never looks at the body. */
	classify(method: string, path: string): { kind: RequestKind; taskId?: string };
	/** The key in the Authorization header, if its scheme is this provider's. */
	readKey(authorization: string | undefined): string | undefined;
	answer(call: Call, account: Account | undefined): Promise<Answer> | Answer;
	/** The provider's error body, for faults. */
	errorBody(status: number, code?: string, message?: string): unknown;
	/** Headers on every JSON answer. */
	headers?(): Headers;
	failCodes: Record<'content' | 'image' | 'internal', string>;
}

const HTML_ERROR = (status: number): Reply => ({
	status,
	headers: { 'content-type': 'text/html' },
	body: `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
});

/** Wraps a provider's routes with what happens on the way: journal, outages, latency, faults. */
export function createProviderService(world: World, rules: ProviderRules): Service {
	const { journal, faults, clock } = world;

	async function answerCall(
		request: EmulatorRequest,
		target: FaultTarget,
		call: Omit<Call, 'bodyBytes' | 'body' | 'text' | 'planTask'>,
		record: ReturnType<typeof journal.open>,
	): Promise<Reply> {
		const outage = world.outageOf(rules.name);
		if (outage?.how === 'refuse') throw new ConnectionLost('ECONNREFUSED');
		let body: ReadBody | undefined;
		if (faults.wantsText(target)) {
			const early = await readBody(request.body);
			body = early;
			target.text = () => early.text();
		}
		const fault = faults.take('answer', target);
		if (fault) record.fault = fault.do;
		if (fault?.do === 'resetBefore') throw new ConnectionLost('ECONNRESET');
		const read = body ?? (await readBody(request.body));
		target.text ??= () => read.text();
		record.bodyBytes = read.bytes;
		const parsed = parse(read);
		const shortened = shortenImages(parsed);
		if (call.kind === 'submit') record.body = shortened;
		const { latencyMs } = world.settings;
		const pauseMs = typeof latencyMs === 'function' ? latencyMs(call.kind, world.random) : latencyMs;
		if (pauseMs > 0) await clock.sleep(pauseMs);
		if (outage) return HTML_ERROR(503);

		if (fault && !takesEffect(fault)) return await faultyReply(fault, call.taskId);
		const whole: Call = {
			...call,
			statusWord: fault?.do === 'unknownStatus' ? fault.word : undefined,
			bodyBytes: read.bytes,
			body: parsed,
			text: parsed === undefined ? read.text() : JSON.stringify(shortened),
			planTask: () => ({
				...planOf(faults.takeAll('task', target), rules),
				clip: world.settings.clips === 'byProduct' ? world.clipFor?.(parsed) : undefined,
			}),
		};
		const answer = await rules.answer(whole, world.account(rules.name, target.key));
		record.taskId = answer.taskId ?? record.taskId;
		record.errCode = answer.errCode;
		if (fault?.do === 'resetAfter') throw new ConnectionLost('ECONNRESET');
		const reply = answer.html ? HTML_ERROR(answer.status) : jsonReply(answer.status, answer.body, rules.headers?.());
		if (fault?.do === 'garble')
			return {
				...reply,
				status: 200,
				body: (reply.body as string).slice(0, Math.ceil((reply.body as string).length / 2)),
			};
		if (fault?.do === 'hang') await hang(fault.seconds);
		if (fault?.do === 'status') return await faultyReply(fault, answer.taskId);
		return fault?.do === 'trickle' ? trickle(reply, fault, clock) : reply;
	}

	async function faultyReply(fault: AnswerFault, taskId: string | undefined): Promise<Reply> {
		if (fault.do === 'hang') {
			await hang(fault.seconds);
			return HTML_ERROR(504);
		}
		if (fault.do === 'okWithError') return jsonReply(200, errorInside(fault), rules.headers?.());
		if (fault.do === 'trickle')
			return trickle(
				jsonReply(fault.status!, rules.errorBody(fault.status!, fault.code, fault.message), rules.headers?.()),
				fault,
				clock,
			);
		if (fault.do !== 'status') throw new Error(`Fault ${fault.do} has no reply of its own`);
		const retryAfter: Headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
		if (fault.html) return { ...HTML_ERROR(fault.status), headers: { 'content-type': 'text/html', ...retryAfter } };
		const body =
			fault.body === undefined
				? rules.errorBody(fault.status, fault.code, fault.message)
				: withTaskId(fault.body, taskId);
		const reply = jsonReply(fault.status, body, { ...rules.headers?.(), ...retryAfter });
		return typeof body === 'string'
			? { ...reply, headers: { ...reply.headers, 'content-type': 'text/plain' }, body }
			: reply;
	}

	function errorInside({ shape, code, message }: Extract<AnswerFault, { do: 'okWithError' }>): unknown {
		if (shape !== 'failed') return { msg: message ?? 'Internal service error', code: code ?? 500 };
		return {
			id: randomText(world.random, 20, '0123456789'),
			status: 'failed',
			error: {
				code: code ?? '1113',
				message: message ?? 'Insufficient balance or no resource package. Please recharge.',
			},
		};
	}

	/** Never ends without `seconds`. */
	const hang = (seconds: number | undefined): Promise<void> =>
		seconds === undefined ? new Promise(() => undefined) : clock.sleep(seconds * 1000);

	return {
		async handle(request) {
			const headers = lowerHeaders(request.headers);
			const { path, query } = splitTarget(request.target);
			const method = request.method.toUpperCase();
			const { kind, taskId } = rules.classify(method, path);
			const key = rules.readKey(headers.authorization);
			const task = taskId === undefined ? undefined : world.boards[rules.name].find(taskId);
			const record = journal.open({ provider: rules.name, kind, method, path: request.target, key, taskId });
			request.signal?.addEventListener('abort', () => journal.close(record, 'aborted'));
			try {
				const target: FaultTarget = { provider: rules.name, kind, key, task };
				const reply = await answerCall(request, target, { method, path, query, headers, kind, taskId }, record);
				if (typeof reply.body !== 'string' && !Buffer.isBuffer(reply.body))
					return { ...reply, body: closing(reply.body, () => journal.close(record, reply.status)) };
				journal.close(record, reply.status);
				return reply;
			} catch (error) {
				if (error instanceof ConnectionLost) journal.close(record, error.code === 'ECONNRESET' ? 'reset' : 'refused');
				else {
					world.log(`Emulator bug at ${method} ${request.target}: ${(error as Error).stack}`);
					journal.close(record, 599);
				}
				throw error;
			}
		},
	};
}

/** Fills in `{{taskId}}`, wherever it stands in a text or in JSON. */
function withTaskId(body: unknown, taskId: string | undefined): unknown {
	if (taskId === undefined) return body;
	const fill = (text: string): string => text.replaceAll('{{taskId}}', taskId);
	return typeof body === 'string' ? fill(body) : (JSON.parse(fill(JSON.stringify(body))) as unknown);
}

/** Tells when the last byte was handed over, or nobody wants more. */
async function* closing(body: AsyncIterable<Buffer>, done: () => void): AsyncGenerator<Buffer> {
	try {
		yield* body;
	} finally {
		done();
	}
}

function takesEffect(fault: AnswerFault): boolean {
	if (fault.do === 'status' || fault.do === 'hang') return fault.handled === true;
	if (fault.do === 'trickle') return fault.status === undefined;
	return fault.do !== 'okWithError';
}

function planOf(faults: TaskFault[], rules: ProviderRules): TaskPlan {
	const plan: TaskPlan = {};
	for (const fault of faults) {
		if (fault.do === 'failTask') {
			const code = fault.code ?? 'internal';
			plan.fail = {
				code: code in rules.failCodes ? rules.failCodes[code as keyof typeof rules.failCodes] : code,
				shape: fault.shape,
				message: fault.message,
			};
			if (fault.afterSeconds !== undefined) plan.seconds = fault.afterSeconds;
		} else if (fault.do === 'stickTask') plan.stuckAt = fault.at;
		else if (fault.do === 'slowTask') plan.seconds = fault.seconds;
		else if (fault.do === 'completeAtOnce') plan.atOnce = true;
		else if (fault.do === 'severalCreations') plan.creations = fault.count;
		else if (fault.do === 'resultForm') Object.assign(plan, { untyped: fault.untyped, oneObject: fault.oneObject });
		else plan.withoutUrl = true;
	}
	return plan;
}

function parse(body: ReadBody): unknown {
	if (body.bytes === 0) return undefined;
	try {
		return body.json();
	} catch {
		return undefined;
	}
}

export function splitTarget(target: string): { path: string; query: URLSearchParams } {
	const at = target.indexOf('?');
	return at < 0
		? { path: target, query: new URLSearchParams() }
		: { path: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1)) };
}

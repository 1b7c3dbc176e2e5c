import type { Cdn } from '../cdn';
import type { Account } from '../core/account';
import { shortenImages } from '../core/journal';
import type { Service } from '../core/messages';
import { randomHex, randomText, randomUuid } from '../core/random';
import type { Answer, Call, ProviderRules } from '../core/service';
import { createProviderService } from '../core/service';
import type { Task } from '../core/tasks';
import type { World } from '../core/world';
import { CHAT_MODELS } from './tables';
import { readToken } from './token';
import { checkRequest, Refusal } from './validate';

const ROOT = '/api/paas/v4';
const RESULT = /^\/api\/paas\/v4\/async-result\/([^/]+)$/;

/** Zhipu's video generation under /api/paas/v4, as BigModel or as Z.AI, from docs/api/zhipu.md. */
export function createZhipu(world: World, cdn: Cdn): Service {
	const board = world.boards.zhipu;
	/** Business codes are strings (docs/api/zhipu.md#errors). */
	const errorBody = (status: number, code = CODES[status] ?? String(status), message = `Error ${code}`): unknown => ({
		error: { code, message },
	});
	const refuse = (status: number, code: string, message: string): Answer => ({
		status,
		body: errorBody(status, code, message),
		errCode: code,
	});

	/** Long decimal and timestamp-like hex in turns, as seen in the wild (docs/api/zhipu.md#answers). */
	const newId = (): string => {
		if (board.size % 2 === 0)
			return `${1 + Math.floor(world.random() * 9)}${randomText(world.random, 20, '0123456789')}`;
		const stamp = new Date(world.clock.nowMs()).toISOString().replace(/\D/g, '').slice(0, 14);
		return `${stamp}${randomHex(world.random, 18)}`;
	};

	/** A raw key, or on BigModel, whose pages say so, a token made of one. Undefined for what is neither. */
	function readBearer(authorization: string | undefined): { key: string; isExpired: boolean } | undefined {
		// Whether a key without Bearer, as in the old pages, is still taken is unverified, so it is not.
		const key = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
		if (key === undefined) return undefined;
		const token = world.settings.zai ? undefined : readToken(key, world.allKeys('zhipu'), world.clock.nowMs());
		return token ?? { key, isExpired: false };
	}

	async function create(call: Call, account: Account): Promise<Answer> {
		const { model, price, fields, requestId } = await checkRequest(
			call.body,
			world.settings.zai,
			world.settings.fetchImages ? world.fetchImage : undefined,
		);
		if (requestId !== undefined && account.requestIds.has(requestId))
			return refuse(400, '1231', `You already have a request: ${requestId}`);
		if (!account.canPay(price))
			return refuse(429, '1113', 'Insufficient balance or no resource package. Please recharge.');
		if (account.isFull())
			return refuse(429, '1302', 'Rate limit reached for requests: too many concurrent tasks for your account');
		const id = requestId ?? randomUuid(world.random);
		account.requestIds.add(id);
		const task = board.create({
			account,
			id: newId(),
			creationId: id,
			operation: operationOf(model, fields),
			model,
			input: { ...(shortenImages(fields) as Record<string, unknown>), request_id: id },
			text: call.text,
			charge: price,
			plan: call.planTask(),
		});
		return { status: 200, taskId: task.id, body: { id: task.id, request_id: id, model, task_status: statusOf(task) } };
	}

	/**
	 * GET /async-result/{id} (docs/api/zhipu.md#answers). BigModel's page has one schema for chat and video, so a video's answer also
	 * holds an id, a usage and a content filter; Z.AI's page has a schema of four fields. A failed task has no error field
	 * in either; the fault shape `object` adds one.
	 */
	function show(task: Task, statusWord: string | undefined): unknown {
		const { zai } = world.settings;
		const common = {
			...(zai ? {} : { id: task.id, created: Math.floor(task.createdAtMs / 1000) }),
			request_id: task.creationId,
			model: task.model,
			task_status: statusWord ?? statusOf(task),
		};
		if (task.state === 'failed')
			return task.plan.fail?.shape === 'object'
				? {
						...common,
						error: { code: task.errCode, message: task.plan.fail.message ?? 'The video could not be generated' },
					}
				: common;
		if (task.state !== 'success') return common;
		return {
			...common,
			video_result: task.plan.withoutUrl
				? []
				: [{ url: cdn.mintUrl(task, 'video.mp4'), cover_image_url: cdn.mintUrl(task, 'cover.jpeg') }],
			...(zai
				? {}
				: {
						usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
						content_filter: [{ role: 'assistant', level: 3 }],
					}),
		};
	}

	async function route(call: Call, account: Account | undefined): Promise<Answer> {
		const { method, path, taskId } = call;
		if (call.headers.authorization === undefined)
			return refuse(401, '1001', 'Header did not receive the Authorization parameter, unable to authenticate');
		const bearer = readBearer(call.headers.authorization);
		if (bearer?.isExpired) return refuse(401, '1003', 'The Authorization token has expired');
		if (account === undefined) return refuse(401, '1000', 'Authentication failed');
		if (method === 'GET' && path === `${ROOT}/models`) {
			const data = CHAT_MODELS.map((id) => ({ id, object: 'model', created: 1_760_000_000, owned_by: 'z-ai' }));
			return { status: 200, body: { object: 'list', data } };
		}
		if (method === 'POST' && path === `${ROOT}/videos/generations`) {
			if (!/^application\/json\b/.test(call.headers['content-type'] ?? '') || call.body === undefined)
				return refuse(400, '1210', 'The request must be JSON with Content-Type application/json');
			return await create(call, account);
		}
		if (method === 'GET' && taskId !== undefined) {
			const task = board.find(taskId);
			if (task?.account !== account) return refuse(400, '1233', `The task ${taskId} does not exist`);
			task.polls++;
			return { status: 200, taskId, body: show(task, call.statusWord) };
		}
		return refuse(400, '1222', `The API ${method} ${path} does not exist`);
	}

	const rules: ProviderRules = {
		name: 'zhipu',
		classify(method, path) {
			if (method === 'POST' && path === `${ROOT}/videos/generations`) return { kind: 'submit' };
			if (path === `${ROOT}/models`) return { kind: 'models' };
			const taskId = RESULT.exec(path)?.[1];
			return taskId === undefined ? { kind: 'other' } : { kind: 'ask', taskId };
		},
		readKey: (authorization) => readBearer(authorization)?.key,
		async answer(call, account) {
			try {
				return await route(call, account);
			} catch (error) {
				if (error instanceof Refusal) return refuse(error.status, error.code, error.message);
				throw error;
			}
		},
		errorBody,
		// on every recorded answer (docs/api/zhipu.md#errors)
		headers: () => ({ 'x-log-id': randomHex(world.random, 32) }),
		failCodes: { content: '1301', image: '1214', internal: '1230' },
	};
	return createProviderService(world, rules);
}

const CODES: Record<number, string> = { 400: '1210', 401: '1000', 403: '1220', 429: '1302', 500: '1230', 503: '1230' };

function statusOf({ state }: Task): string {
	if (state === 'success') return 'SUCCESS';
	return state === 'failed' ? 'FAIL' : 'PROCESSING';
}

function operationOf(model: string, fields: Record<string, unknown>): string {
	if (model.endsWith('-reference')) return 'reference';
	if (Array.isArray(fields.image_url)) return 'startEnd';
	return fields.image_url === undefined ? 'text' : 'image';
}

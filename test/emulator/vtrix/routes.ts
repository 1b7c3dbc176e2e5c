import type { Cdn } from '../cdn';
import type { Account } from '../core/account';
import { shortenImages } from '../core/journal';
import type { Service } from '../core/messages';
import { randomText } from '../core/random';
import type { Answer, Call, ProviderRules } from '../core/service';
import { findRow } from '../core/rows';
import { createProviderService } from '../core/service';
import type { Task } from '../core/tasks';
import type { World } from '../core/world';
import { MODELS } from './tables';
import { checkRequest, MAX_BODY_BYTES, Refusal } from './validate';

const GENERATION = '/model/v1/generation';
const TASK = /^\/model\/v1\/generation\/task\/([^/]+)$/;
const SPEC = /^\/api\/v1\/skill\/models(?:\/([^/]+)\/spec)?$/;

/** Vtrix's generation protocol and its model-spec service, from docs/api/vtrix.md. */
export function createVtrix(world: World, cdn: Cdn): Service {
	const board = world.boards.vtrix;

	/** Three shapes of error body were seen (docs/api/vtrix.md#errors); which comes when is not known, so each has its statuses here. */
	const errorBody = (status: number, code?: string, message = MESSAGES[status] ?? 'error'): unknown => {
		if (status === 401) return { message };
		if (status === 403 || status === 429) return { error: message };
		return { status: { code: status, message, error_code: code === undefined ? status : Number(code) }, data: null };
	};
	const refuse = (status: number, code: string, message: string): Answer => ({
		status,
		body: errorBody(status, code, message),
		errCode: code,
	});

	/** Looks like an xid: 20 letters of base 32. */
	const newId = (): string => `d${randomText(world.random, 19, '0123456789abcdefghijklmnopqrstuv')}`;

	async function create(call: Call, account: Account): Promise<Answer> {
		if (call.bodyBytes > MAX_BODY_BYTES && world.settings.tooLargeStatus === 413)
			return { status: 413, body: undefined, html: true };
		if (call.bodyBytes > MAX_BODY_BYTES) return refuse(400, '8005002', 'HTTP request POST body must not exceed 20MB');
		const { model, rules, params } = await checkRequest(
			call.body,
			world.settings.fetchImages ? world.fetchImage : undefined,
		);
		if (!account.canPay(rules.price)) return refuse(403, '403', 'insufficient balance');
		if (account.isFull()) return refuse(429, '429', 'rate limit exceeded');
		const task = board.create({
			account,
			id: newId(),
			creationId: newId(),
			operation: model,
			model,
			input: shortenImages(params) as Record<string, unknown>,
			text: call.text,
			charge: rules.price,
			plan: call.planTask(),
		});
		return { status: 200, taskId: task.id, body: show(task, undefined) };
	}

	/** Create and poll answer with the same object (docs/api/vtrix.md#task). */
	function show(task: Task, statusWord: string | undefined): unknown {
		const common = {
			id: task.id,
			created_at: Math.floor(task.createdAtMs / 1000),
			status: statusWord ?? statusOf(task),
			model: task.model,
		};
		if (task.state === 'failed') return { ...common, error: showError(task) };
		if (task.state !== 'success')
			return { ...common, progress: progressOf(task, world.clock.nowMs(), world.settings.timeScale) };
		return {
			...common,
			output: showOutput(task),
			usage: { cost: task.charge.toFixed(2), discount: 1 },
			metadata: {},
		};
	}

	function showOutput(task: Task): unknown {
		const { withoutUrl, untyped, oneObject } = task.plan;
		if (withoutUrl) return [];
		const output = { content: [{ ...(untyped ? {} : { type: 'video' }), url: cdn.mintUrl(task, 'video.mp4') }] };
		return oneObject ? output : [output];
	}

	async function route(call: Call, account: Account | undefined): Promise<Answer> {
		const { method, path, taskId } = call;
		// The spec service is asked without a key (docs/api/vtrix.md#endpoints).
		const spec = SPEC.exec(path);
		if (method === 'GET' && spec) return spec[1] === undefined ? listModels(call.query) : showSpec(spec[1]);
		if (account === undefined) return refuse(401, '401', 'invalid or missing API key');
		if (method === 'POST' && path === GENERATION) {
			if (!/^application\/json\b/.test(call.headers['content-type'] ?? '') || call.body === undefined)
				return refuse(400, '8005002', 'The request must be JSON with Content-Type application/json');
			return await create(call, account);
		}
		if (method === 'GET' && taskId !== undefined) {
			const task = board.find(taskId);
			if (task?.account !== account) return refuse(404, '404', `task ${taskId} not found`);
			task.polls++;
			return { status: 200, taskId, body: show(task, call.statusWord) };
		}
		return refuse(404, '404', `${method} ${path} not found`);
	}

	const good = (data: unknown): Answer => ({ status: 200, body: { status: { code: 0, message: 'success' }, data } });

	/** As the vendor's command-line tool reads it; it asks for 20 a page. */
	function listModels(query: URLSearchParams): Answer {
		const page = Number(query.get('page') ?? 1);
		const pageSize = Number(query.get('page_size') ?? 20);
		if (!(page >= 1 && pageSize >= 1)) return refuse(400, '400', 'page and page_size are whole numbers from 1');
		const isMeant = (id: string): boolean =>
			id.includes(query.get('keywords') ?? '') && ['video', null].includes(query.get('type')?.toLowerCase() ?? null);
		const found = Object.keys(MODELS).filter(isMeant);
		const models = found.slice((page - 1) * pageSize, page * pageSize).map((id) => ({
			id,
			name: id,
			type: 'Video',
			description: '',
			input_modalities: MODELS[id].images.max > 0 ? ['Text', 'Image'] : ['Text'],
			output_modalities: ['Video'],
		}));
		return good({
			models,
			total: found.length,
			page,
			page_size: pageSize,
			total_pages: Math.ceil(found.length / pageSize),
		});
	}

	function showSpec(id: string): Answer {
		const rules = findRow(MODELS, id);
		if (rules === undefined) return refuse(404, '404', `model ${id} not found`);
		return good({
			model_id: id,
			name: id,
			vendor: 'Vidu',
			type: 'video',
			api: {
				endpoint: `${world.urls.vtrix}${GENERATION}`,
				method: 'POST',
				headers: { 'Content-Type': 'application/json' },
			},
			parameters: Object.entries(rules.parameters).map(([name, { type, enum: values, min, max, maxLength }]) => ({
				name,
				path: `input[0].params.${name}`,
				type,
				required: name === 'images' || (name === 'prompt' && rules.promptRequired),
				description: '',
				// values are strings there, of numbers too
				constraints: {
					enum: values?.map(String),
					min,
					max,
					max_length: maxLength,
					...(name === 'images' ? { max_items: rules.images.max } : {}),
				},
			})),
			agent_prompt: '',
		});
	}

	const rules: ProviderRules = {
		name: 'vtrix',
		classify(method, path) {
			if (method === 'POST' && path === GENERATION) return { kind: 'submit' };
			if (SPEC.test(path)) return { kind: 'spec' };
			const taskId = TASK.exec(path)?.[1];
			return taskId === undefined ? { kind: 'other' } : { kind: 'ask', taskId };
		},
		readKey: (authorization) => /^Bearer (\S+)$/.exec(authorization ?? '')?.[1],
		async answer(call, account) {
			try {
				return await route(call, account);
			} catch (error) {
				if (error instanceof Refusal) return refuse(error.status, String(error.errorCode), error.message);
				throw error;
			}
		},
		errorBody,
		failCodes: { content: '8005098', image: '8005004', internal: '8005099' },
	};
	return createProviderService(world, rules);
}

const MESSAGES: Record<number, string> = {
	401: 'invalid or missing API key',
	403: 'permission denied',
	404: 'not found',
	429: 'rate limit exceeded',
	500: 'internal server error',
};

const TASK_ERRORS: Record<string, string> = {
	'8005001': 'Image missing',
	'8005002': 'Parameter invalid',
	'8005003': 'Style invalid',
	'8005004': 'Image invalid',
	'8005005': 'Duration invalid',
	'8005006': 'Resolution invalid',
	'8005098': 'Generation failed',
	'8005099': 'Service unavailable',
};

/** A task error is an object or a plain string; its code an integer (no leading zeros in JSON) or a string (docs/api/vtrix.md#codes). */
function showError({ errCode = '8005098', plan }: Task): unknown {
	const message = plan.fail?.message ?? TASK_ERRORS[String(Number(errCode))] ?? errCode;
	switch (plan.fail?.shape) {
		case 'text':
			return message;
		case 'code':
			return { code: errCode.padStart(9, '0'), error_message: message };
		case 'message':
			return { code: errCode.padStart(9, '0'), message };
		default:
			return { code: Number(errCode), error_message: message };
	}
}

function statusOf({ state }: Task): string {
	if (state === 'success') return 'completed';
	return state === 'failed' ? 'failed' : 'in_progress';
}

/** 0 to 0.99 while the task runs. */
function progressOf({ startedAtMs, seconds }: Task, nowMs: number, timeScale: number): number {
	if (startedAtMs === undefined || seconds === 0) return 0;
	return Math.min(0.99, Math.round(((nowMs - startedAtMs) * timeScale) / (seconds * 10)) / 100);
}

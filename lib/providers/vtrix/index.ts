import { z } from 'zod';

import { defined } from '../../core/defined';
import type { HttpReply } from '../../core/http';
import type { Diagnosis, Provider, TaskReport } from '../../core/provider';
import { diagnoseByStatus, listed, quoting } from '../codes';
import type { CodeRow } from '../codes';
import { judgePace, judgeStatus, judgeSubmit } from '../judge';
import { asRecord, asText, isTaskId, mentionedId, readExpiry, readTime, taskIdFinder, toWire } from '../replies';
import { CANCELED, ENDED_SILENTLY, UNLISTED_REFUSAL, VTRIX_CODES, VTRIX_STATUSES } from './codes';

/**
 * Vtrix's generation protocol, as described on doc.vtrix.ai and docs.vtrix.ai and used by the vendor's own client.
 * The pages list the parameters flat; on the wire all but `model` stand in `input[0].params`.
 */

/** The pages, the vendor's client and its sister host use different words; compared in lower case. */
const STATES = new Map<string, TaskReport['state']>(
	Object.entries({
		queued: ['created', 'queueing', 'queued', 'pending', 'in_queue', 'starting', 'submitted', 'task_status_queued'],
		processing: ['processing', 'in_progress', 'inprogress', 'running', 'task_status_processing'],
		succeeded: ['success', 'succeed', 'succeeded', 'completed', 'done', 'task_status_succeed'],
		failed: ['fail', 'failed', 'failure', 'error', 'task_status_failed'],
		canceled: ['canceled', 'cancelled', 'task_status_canceled'],
	}).flatMap(([state, words]) => words.map((word) => [word, state as TaskReport['state']] as const)),
);

/** The source page has `id`, the page of the client's task command `task_id`. */
const id = z.union([z.string().min(1), z.number()]);
const submitted = z.union([z.object({ id }), z.object({ task_id: id })]);
const report = z.object({ status: z.string() });

/** Not stated by Vtrix; Vidu's own links work for 24 hours. */
const URL_LIFETIME_SECONDS = 24 * 60 * 60;

/** A nine-digit code that travels as an integer has lost its leading zeros. */
const CODE_DIGITS = 9;

export const vtrix: Provider = {
	id: 'vtrix',
	name: 'Vtrix',
	urlLifetimeSeconds: URL_LIFETIME_SECONDS,

	submit: ({ model, fields, inputs: { images }, extraFields }) => ({
		path: '/model/v1/generation',
		body: {
			...defined({ model }),
			input: [
				{
					params: {
						...defined({ images }),
						...toWire(fields),
						// a new field belongs to the model, and some models want a second `model` in here
						...extraFields,
					},
				},
			],
		},
	}),

	readSubmit(reply) {
		const { status, body } = reply;
		const taskId = readId(body);
		return taskId !== undefined && isAboutTask(status, body)
			? { kind: 'accepted', task: { ...readTask(body), taskId } }
			: judgeSubmit(reply, diagnose(reply), mentionedTaskId(reply));
	},

	mentionedTaskId,

	ask: (taskId) => ({
		method: 'GET',
		path: `/model/v1/generation/task/${encodeURIComponent(taskId)}`,
	}),

	readStatus(reply) {
		const { status, body } = reply;
		return report.safeParse(body).success && isAboutTask(status, body)
			? { kind: 'report', report: readTask(body), ...judgePace(status) }
			: judgeStatus(reply, diagnose(reply));
	},

	diagnose,

	isTaskId,
	// seen: 20 letters and digits that begin with a time (a "d" until 2029); further kinds of ids, in case
	findTaskIds: taskIdFinder(
		/(?<![\w.-])(?:[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}|(?=[a-f]*\d)[\da-f]{32}|(?=[a-z]*\d)[c-e][\da-v]{19}|cgt-\d{14}-[\da-z]+)(?![\w-])/g,
	),
};

function diagnose({ status, body }: HttpReply): Diagnosis {
	const failure = readFault(body);
	return {
		...quoting(rowFor(failure, status, isFaulty(body)), failure.providerMessage),
		...failure,
		...(isOwnWords(status, body, failure) ? { isOwnWords: true } : {}),
		...defined({ traceId: asText(asRecord(body).request_id) }),
		httpStatus: status,
	};
}

function mentionedTaskId({ body }: HttpReply): string | undefined {
	return mentionedId(body, isTaskId);
}

/**
 * A task that has ended may arrive with an HTTP error status: then its id and its end must both be there. With success,
 * a failure that names neither a task nor a reason is a gateway's, such as `{status: "error", message}`.
 */
function isAboutTask(status: number, body: unknown): boolean {
	const { state } = readTask(body);
	const hasId = readId(body) !== undefined;
	if (status >= 300) return hasId && (state === 'succeeded' || state === 'failed' || state === 'canceled');
	return hasId || state !== 'failed' || isFaulty(body);
}

function readId(body: unknown): string | undefined {
	const parsed = submitted.safeParse(body);
	if (!parsed.success) return undefined;
	return String('id' in parsed.data ? parsed.data.id : parsed.data.task_id);
}

/** The create answer and the query have the same shape, and the first may bring the result already. */
function readTask(body: unknown): TaskReport {
	const fields = asRecord(body);
	const providerState = typeof fields.status === 'string' ? fields.status : '';
	const word = STATES.get(providerState.toLowerCase()) ?? 'unknown';
	const videoUrl = readVideoUrl(fields.output);
	const why = whyEmpty(word, isFaulty(body));
	const cost = asText(asRecord(fields.usage).cost);
	return {
		state: why && word === 'succeeded' ? 'failed' : word,
		providerState,
		...defined({
			videoUrl,
			urlExpiresAt: readExpiry(videoUrl),
			// Unix seconds in the vendor's code, ISO 8601 on one of its pages
			createdAt: readTime(fields.created_at),
			model: asText(fields.model),
			cost: cost === undefined ? undefined : { amount: cost, currency: 'USD' },
			diagnosis: why && diagnoseEnd(body, why),
		}),
		response: body,
	};
}

/** What an end without a video means where no code tells; undefined for a video and for a task that goes on. */
function whyEmpty(state: TaskReport['state'], hasError: boolean): CodeRow | undefined {
	if (state === 'canceled') return CANCELED;
	return state === 'failed' || (state === 'succeeded' && hasError) ? ENDED_SILENTLY : undefined;
}

function diagnoseEnd(body: unknown, otherwise: CodeRow): Diagnosis {
	const failure = readFault(body);
	return { ...quoting(listed(VTRIX_CODES, failure.code) ?? otherwise, failure.providerMessage), ...failure };
}

/**
 * `output[].content[]`: the type is `video` in the vendor's code and `video_url` on one of its pages. Clients met answers
 * without a type, and one object in place of a list.
 */
function readVideoUrl(output: unknown): string | undefined {
	const entries = listOf(output).map(asRecord);
	const found = [...entries.flatMap(({ content }) => listOf(content)), ...entries]
		.map(asRecord)
		.map(({ type, url }) => ({ type: asText(type), url: asText(url) }))
		.filter(({ url }) => url !== undefined);
	const typed = found.find(({ type }) => type === 'video' || type === 'video_url');
	return (typed ?? found.find(({ type, url }) => type === undefined && !IS_IMAGE.test(url!)))?.url;
}

/** A cover may stand beside the video. */
const IS_IMAGE = /^[^?#]*\.(png|jpe?g|webp|gif)([?#]|$)/i;

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

type VtrixTrouble = Pick<Diagnosis, 'code' | 'providerMessage'>;

/** A text, or an object with `code` and `error_message` or `message`. Code 0 means that all is well. */
function readError(value: unknown): VtrixTrouble {
	const error = asRecord(value);
	const code = readCode(error.code);
	if (code !== undefined && /^0+$/.test(code)) return {};
	return defined({
		code,
		providerMessage: asText(value) ?? asText(error.error_message) ?? asText(error.message),
	});
}

function isFaulty(body: unknown): boolean {
	return Object.keys(readError(asRecord(body).error)).length > 0;
}

/** Refusals come as `{message}`, `{error}` and `{status: {code, message, error_code}, data: null}`. */
function readFault(body: unknown): VtrixTrouble {
	const fields = asRecord(body);
	const status = asRecord(fields.status);
	const { code, providerMessage } = readError(fields.error);
	return defined({
		code: code ?? readCode(status.error_code) ?? readCode(fields.code) ?? readCode(status.code),
		providerMessage: providerMessage ?? asText(status.message) ?? asText(fields.message),
	});
}

/**
 * A code of its tables, or its envelope `{status: {code, message}, data}`. A wrong key is answered with a bare `{message}`,
 * which gateways send too, but rarely with 401; and only Vtrix knows of tasks.
 */
function isOwnWords(status: number, body: unknown, { code, providerMessage }: VtrixTrouble): boolean {
	const fields = asRecord(body);
	if (listed(VTRIX_CODES, code)) return true;
	if ('data' in fields && asText(asRecord(fields.status).code) !== undefined) return true;
	if (status === 401) return Object.keys(fields).join() === 'message' && asText(fields.message) !== undefined;
	if (status === 403) return speaksOfBalance(providerMessage);
	return status === 404 && /\btask\b/i.test(providerMessage ?? '');
}

const speaksOfBalance = (message = ''): boolean => /balance|credit|fund|arrear/i.test(message);

function readCode(value: unknown): string | undefined {
	const code = asText(value);
	return code !== undefined && /^\d{7,9}$/.test(code) ? code.padStart(CODE_DIGITS, '0') : code;
}

function rowFor({ code, providerMessage }: VtrixTrouble, status: number, hasError: boolean): CodeRow {
	const row = listed(VTRIX_CODES, code);
	if (row) return row;
	// an envelope may carry the HTTP status that its own 200 hides
	const isHttpStatus = code !== undefined && /^[1-5]\d\d$/.test(code);
	const told = status < 300 && isHttpStatus ? Number(code) : status;
	const isOwnCode = code !== undefined && !isHttpStatus && code !== '0';
	if (isOwnCode && (told < 300 || told === 429)) return UNLISTED_REFUSAL;
	if (told < 300 && hasError) return UNLISTED_REFUSAL;
	if (told === 403 && speaksOfBalance(providerMessage)) return { ...VTRIX_STATUSES['403'], kind: 'balance' };
	return listed(VTRIX_STATUSES, String(told)) ?? diagnoseByStatus(told, 'Vtrix');
}

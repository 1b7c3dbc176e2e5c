import { z } from 'zod';

import { defined } from '../../core/defined';
import type { HttpReply } from '../../core/http';
import type { Order } from '../../core/job';
import type { Diagnosis, Provider, TaskReport } from '../../core/provider';
import { diagnoseByStatus, listed, quoting } from '../codes';
import type { CodeRow } from '../codes';
import { judgeStatus, judgeSubmit } from '../judge';
import { asRecord, asText, firstOf, isTaskId, mentionedId, readExpiry, taskIdFinder, toWire } from '../replies';
import { ENDED_SILENTLY, ENDED_UNLISTED, UNLISTED_REFUSAL, ZHIPU_CODES } from './codes';

/**
 * Zhipu on BigModel and Z.AI, as described on docs.bigmodel.cn and docs.z.ai. Paths stand below /api/paas/v4.
 *
 * No request_id is sent: Zhipu makes one, and refuses a repeated one (1231). There is no way to cancel a task.
 */

/** Documented for Z.AI; a recorded exchange shows that BigModel heeds it too. Without it messages are in Chinese. */
const HEADERS = { 'Accept-Language': 'en-US,en' };

/** `image_url` is a string in image to video, and a list elsewhere. */
const imageUrl = ({ operation, inputs: { images } }: Order): unknown =>
	operation === 'imageToVideo' && Array.isArray(images) ? images[0] : images;

/** SUBMITTED stands only in the official SDK's sample loop. */
const STATES = new Map<string, TaskReport['state']>([
	['SUBMITTED', 'processing'],
	['PROCESSING', 'processing'],
	['SUCCESS', 'succeeded'],
	['FAIL', 'failed'],
]);

const submitted = z.object({ id: z.union([z.string().min(1), z.number()]) });
const report = z.object({ task_status: z.string() });

/** Guide pages of Vidu 2 and Vidu Q1: one day. Nothing is said of CogVideoX. */
const URL_LIFETIME_SECONDS = 24 * 60 * 60;

export const zhipu: Provider = {
	id: 'zhipu',
	name: 'Zhipu',
	// open.bigmodel.cn's page of rate limits lists how many requests of each model may be under way
	hasLimitsPerModel: true,
	urlLifetimeSeconds: URL_LIFETIME_SECONDS,

	submit: (order) => ({
		path: '/videos/generations',
		headers: HEADERS,
		body: {
			...defined({ model: order.model, image_url: imageUrl(order) }),
			...toWire(order.fields),
			...order.extraFields,
		},
	}),

	readSubmit(reply) {
		const parsed = submitted.safeParse(reply.body);
		return reply.status < 300 && parsed.success && !isRefusal(reply)
			? { kind: 'accepted', task: { ...readTask(reply), taskId: String(parsed.data.id) } }
			: judgeSubmit(reply, diagnose(reply), mentionedTaskId(reply));
	},

	mentionedTaskId,

	ask: (taskId) => ({
		method: 'GET',
		path: `/async-result/${encodeURIComponent(taskId)}`,
		headers: HEADERS,
	}),

	readStatus: (reply) =>
		reply.status < 300 && report.safeParse(reply.body).success
			? { kind: 'report', report: readTask(reply) }
			: judgeStatus(reply, diagnose(reply)),

	diagnose,

	// seen: 19 to 25 digits, and hexadecimal that begins with a time
	isTaskId,
	findTaskIds: taskIdFinder(/(?<![\w.-])(?:\d{16,25}|20\d{12}[\da-f]{4,})(?![\w-])/gi),
};

function diagnose(reply: HttpReply): Diagnosis {
	const failure = readFault(reply);
	return {
		...quoting(withResetTime(rowFor(failure.code, reply), failure.providerMessage), failure.providerMessage),
		...failure,
		...(isOwnCode(failure.code) && listed(ZHIPU_CODES, failure.code) ? { isOwnWords: true } : {}),
		httpStatus: reply.status,
	};
}

function mentionedTaskId({ body }: HttpReply): string | undefined {
	return mentionedId(body, isTaskId);
}

/** `{id, status: "failed", error: {code}}` with HTTP 200: the id is of the request, for a task has a task_status. */
function isRefusal({ body }: HttpReply): boolean {
	const { task_status, error } = asRecord(body);
	const code = asText(asRecord(error).code);
	return task_status === undefined && code !== undefined && code !== '0';
}

/** The common fields of the create answer and the query. */
function readTask(reply: HttpReply): TaskReport {
	const fields = asRecord(reply.body);
	const providerState = asText(fields.task_status) ?? '';
	const result = firstOf(fields.video_result);
	const state = STATES.get(providerState) ?? 'unknown';
	// watermark_enabled marks the one file there is
	const videoUrl = asText(result.url);
	const coverUrl = asText(result.cover_image_url);
	return {
		state,
		providerState,
		...defined({
			videoUrl,
			urlExpiresAt: readExpiry(videoUrl),
			coverUrl,
			coverUrlExpiresAt: readExpiry(coverUrl),
			model: asText(fields.model),
		}),
		...(state === 'failed' ? { diagnosis: diagnoseEnd(reply) } : {}),
		response: reply.body,
	};
}

/** Why a task ended without a video, as far as anything in the answer tells. */
function diagnoseEnd(reply: HttpReply): Diagnosis {
	const failure = readFault(reply);
	// the task had begun, so a code for "busy" or "unknown" speaks of something inside Zhipu
	const row = listed(ZHIPU_CODES, failure.code) ?? (failure.code === undefined ? ENDED_SILENTLY : ENDED_UNLISTED);
	const { kind, summary, advice } = quoting(withResetTime(row, failure.providerMessage), failure.providerMessage);
	return { kind, summary, advice, ...failure };
}

/** `{error: {code, message}}` on both hosts; `{code, message}` in Z.AI's schema; `{code, msg}` seen with HTTP 200. */
function readFault({ body, headers }: HttpReply): Pick<Diagnosis, 'code' | 'providerMessage' | 'traceId'> {
	const fields = asRecord(body);
	const error = asRecord(fields.error);
	return defined({
		code: asText(error.code) ?? asText(fields.code),
		providerMessage: asText(error.message) ?? asText(fields.error) ?? asText(fields.message) ?? asText(fields.msg),
		traceId: headers['x-log-id'],
	});
}

const isHttpStatus = (code: string | undefined): boolean => code !== undefined && /^[1-5]\d\d$/.test(code);

/** A code that only Zhipu has: any gateway may repeat an HTTP status, and -1 and 0 mean nothing. */
const isOwnCode = (code: string | undefined): boolean =>
	code !== undefined && !isHttpStatus(code) && code !== '0' && code !== '-1';

function rowFor(code: string | undefined, { status, body }: HttpReply): CodeRow {
	// 434, 435 and 500 are codes of the table that come as HTTP status
	const row = listed(ZHIPU_CODES, code) ?? listed(ZHIPU_CODES, String(status));
	if (row) return row;
	// a body may carry the HTTP status that its own 200 hides
	const told = status < 300 && isHttpStatus(code) ? Number(code) : status;
	if (isOwnCode(code) && (told < 300 || told === 429)) return UNLISTED_REFUSAL;
	if (told < 300 && asRecord(body).error) return UNLISTED_REFUSAL;
	return diagnoseByStatus(told, 'Zhipu');
}

/** A used-up plan names the moment of its reset in the message, in the time of the service. */
function withResetTime(row: CodeRow, message: string | undefined): CodeRow {
	const at = /\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?/.exec(message ?? '')?.[0];
	return at !== undefined && row.kind === 'balance'
		? { ...row, advice: `The limit resets at ${at}. ${row.advice}` }
		: row;
}

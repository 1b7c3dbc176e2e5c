import { z } from 'zod';

import { defined } from '../../core/defined';
import type { HttpReply } from '../../core/http';
import type { Diagnosis, Provider, TaskReport } from '../../core/provider';
import { diagnoseByStatus, listed, quoting } from '../codes';
import { judgeStatus, judgeSubmit } from '../judge';
import { asNumber, asRecord, asText, firstOf, isTaskId, mentionedId, readTime, taskIdFinder, toWire } from '../replies';
import { readCredits, readUsage } from './account';
import { verifyViduCallback } from './callback';
import { VIDU_CODES } from './codes';
import { films } from './films';
import { stateOf } from './states';
import { subjects } from './subjects';
import { readCreations } from './creations';
import { readClips, readOtherFile, readProgress, withResult } from './results';

/** Vidu's own API, /ent/v2, as described on platform.vidu.com/docs. */

/** docs/start-end-to-video, response body: the id is `task_id` here and `id` in the query. */
const ID_FIELD = 'task_id';
const answeredId = z.union([z.string().min(1), z.number()]);

/** A list repeats the images of its tasks, so not many; but no fewer than the usual account runs at once. */
const RUNNING_LOOKED_AT = 25;

/** Ids seen have 18 digits. */
const TASK_ID = /^\d{15,19}$/;

/** docs/get-generation. */
const report = z.object({ state: z.string() });

/** get-generation: links work for 24 hours (older pages: one). */
const URL_LIFETIME_SECONDS = 24 * 60 * 60;
/** Signed links of covers in answers of 2024 to 2026: an hour. */
const COVER_LIFETIME_SECONDS = 60 * 60;

export const vidu: Provider = {
	id: 'vidu',
	name: 'Vidu',
	urlLifetimeSeconds: URL_LIFETIME_SECONDS,
	coverLifetimeSeconds: COVER_LIFETIME_SECONDS,

	submit: ({ path = '', method, model, fields, inputs, extraFields }) => ({
		path,
		...defined({ method }),
		body: { ...defined({ model }), ...inputs, ...toWire(fields), ...toSounds(fields.sounds), ...extraFields },
	}),

	readSubmit(reply, { idField = ID_FIELD, isResult, ...answering } = {}) {
		const fields = asRecord(reply.body);
		// the pages' tables and samples do not agree in every endpoint which of the two it is
		const id = answeredId.safeParse(fields[idField] ?? (isResult ? fields[ID_FIELD] : undefined));
		const diagnosis = diagnose(reply);
		const isUsual = idField === ID_FIELD && !isResult;
		if (reply.status < 300 && id.success && (isUsual || !diagnosis.isOwnWords)) {
			const read = readTask(reply);
			const hasState = isUsual || asText(fields.state) !== undefined;
			const task = isResult ? withResult(read, answering) : hasState ? read : queued(read);
			if (task) return { kind: 'accepted', task: { ...task, taskId: String(id.data) } };
		}
		return judgeSubmit(reply, diagnosis, mentionedTaskId(reply));
	},

	mentionedTaskId,

	ask: (taskId, queryPath = '/ent/v2/tasks/{id}/creations') => ({
		method: 'GET',
		path: queryPath.replace('{id}', encodeURIComponent(taskId)),
	}),

	otherQueries: ['/ent/v2/one-click/mv/{id}', '/ent/v2/one-click/general_one_click/{id}'],

	readStatus: (reply) =>
		reply.status < 300 && report.safeParse(reply.body).success
			? { kind: 'report', report: readTask(reply) }
			: judgeStatus(reply, diagnose(reply)),

	diagnose,

	hasCanceled: ({ status }) => status < 300,
	// docs/cancel-generation repeats the id in the body
	cancel: (taskId) => ({
		method: 'POST',
		path: `/ent/v2/tasks/${encodeURIComponent(taskId)}/cancel`,
		body: { id: taskId },
	}),

	isTaskId,
	// 64-bit integers; 18 and 19 digits seen, and telephone numbers have up to 15
	findTaskIds: taskIdFinder(/(?:(?<![\w.-])|(?<=\btask[_-]|\d{17}-))\d{17,19}(?!\w|-(?!\d{17}))/gi),

	// docs/tasks-list: the page misspells two of the three pager fields; the third and the China page do not
	list: {
		page: (filters, pageSize, pageToken) => ({
			method: 'GET',
			path: `/ent/v2/tasks?${toQuery([
				['created_at.from', filters.createdAfter],
				['created_at.to', filters.createdBefore],
				['task_ids', filters.taskIds],
				['model_versions', filters.modelVersions],
				['resolutions', filters.resolutions],
				['states', filters.states],
				['pager.pagesz', String(pageSize)],
				['pager.page_token', pageToken],
			])}`,
		}),
		read(reply) {
			const fields = asRecord(reply.body);
			if (reply.status >= 300 || !Array.isArray(fields.tasks)) return undefined;
			return {
				tasks: fields.tasks.map((task: unknown) => ({
					...readTask({ ...reply, body: task }),
					taskId: asText(asRecord(task).id) ?? '',
				})),
				...defined({ nextPageToken: asText(fields.next_page_token) }),
			};
		},
	},

	subjects,

	films,

	credits: {
		request: () => ({ method: 'GET', path: '/ent/v2/credits?show_detail=true' }),
		read: ({ status, body }) => (status < 300 ? readCredits(asRecord(body)) : undefined),
	},

	usage: {
		request: () => ({ method: 'GET', path: '/ent/v2/credits?show_detail=false' }),
		read: ({ status, body }) => (status < 300 ? readUsage(asRecord(body)) : undefined),
		// in which order a list comes is not said (docs/tasks-list)
		running: {
			request: () => ({
				method: 'GET',
				path: `/ent/v2/tasks?${toQuery([
					['states', ['processing']],
					['pager.pagesz', String(RUNNING_LOOKED_AT)],
				])}`,
			}),
			read: ({ status, body }) => {
				const { tasks } = asRecord(body);
				if (status >= 300 || !Array.isArray(tasks)) return undefined;
				return tasks.map((task: unknown) => asText(asRecord(task).id) ?? '').sort();
			},
		},
	},

	callback: {
		verify: verifyViduCallback,
		// docs/callback: the body is that of the query, and in one sample without the task's id
		read(body) {
			const fields = asRecord(body);
			if (!report.safeParse(body).success) return undefined;
			return {
				report: readTask({ status: 200, headers: {}, body }),
				...defined({
					taskId: asText(fields.id) ?? asText(fields.task_id),
					creationId: asText(firstOf(fields.creations).id),
				}),
			};
		},
	},
};

function mentionedTaskId({ body }: HttpReply): string | undefined {
	return mentionedId(body, (text) => TASK_ID.test(text));
}

/** Lists repeat their name, as in the documented samples of other lists. */
function toQuery(entries: Array<[string, string | string[] | undefined]>): string {
	return entries
		.flatMap(([name, value]) =>
			(Array.isArray(value) ? value : [value])
				.filter((entry) => entry !== undefined)
				.map((entry) => `${name}=${encodeURIComponent(entry)}`),
		)
		.join('&');
}

/** As typed for a custom model, whose values nothing has read: a list is what travels. */
function toSounds(sounds: unknown): Record<string, unknown> {
	if (typeof sounds !== 'string') return {};
	return { sounds: sounds.split(/[\s,]+(?=https?:|$)/i).filter((address) => address !== '') };
}

/** An order that is taken, of which nothing else is said. */
const queued = (report: TaskReport): TaskReport => ({ ...report, state: 'queued', providerState: 'created' });

/** The common fields of the create answer, the query and the callback. */
function readTask({ body }: HttpReply): TaskReport {
	const fields = asRecord(body);
	const providerState = asText(fields.state) ?? '';
	const code = asText(fields.err_code);
	const state = stateOf(providerState, code);
	const hasEndedEmpty = state === 'failed' || state === 'canceled';
	return {
		state,
		providerState,
		...defined({
			...readOtherFile(fields),
			...readCreations(fields),
			progress: readProgress(fields),
			facts: state === 'succeeded' ? readClips(fields) : undefined,
			credits: asNumber(fields.credits),
			// a date on the pages, Unix seconds at gateways that pass the rest through
			createdAt: readTime(fields.created_at),
			payload: asText(fields.payload),
			model: asText(fields.model),
		}),
		...(hasEndedEmpty
			? {
					diagnosis: diagnoseEnd(state, code, asText(fields.err_msg) ?? asText(fields.message)),
				}
			: {}),
		response: body,
	};
}

function diagnoseEnd(state: TaskReport['state'], code: string | undefined, providerMessage?: string): Diagnosis {
	const isSilent = code === undefined && providerMessage === undefined;
	const row = listed(VIDU_CODES, state === 'canceled' ? 'UserCancelled' : code) ?? {
		// a reason this version does not know may hold the next time too: better not to buy it again unasked
		kind: isSilent ? ('transient' as const) : ('permanent' as const),
		summary: isSilent ? 'Vidu ended the task without giving a reason' : 'Vidu ended the task',
		advice: 'Failed tasks are not charged.',
	};
	return { ...quoting(row, providerMessage), ...defined({ code, providerMessage }) };
}

/** docs/error-code: `reason` holds the code; `code` repeats the HTTP status or, in one fixture, the code. */
function diagnose(reply: HttpReply): Diagnosis {
	const fields = asRecord(reply.body);
	const code = asText(fields.reason) ?? (typeof fields.code === 'string' ? asText(fields.code) : undefined);
	const providerMessage = asText(fields.message);
	const own = listed(VIDU_CODES, code);
	return {
		...quoting(own ?? diagnoseByStatus(reply.status, 'Vidu'), providerMessage),
		...(own ? { isOwnWords: true } : {}),
		...defined({
			code,
			providerMessage,
			traceId: asText(asRecord(fields.metadata).trace_id),
		}),
		httpStatus: reply.status,
	};
}

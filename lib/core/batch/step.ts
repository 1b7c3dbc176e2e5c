import type { Asked } from '../ask';
import { defined } from '../defined';
import { lostTask, stillRunning } from '../failure';
import type { Failure } from '../failure';
import type { Diagnosis, TaskReport } from '../provider';
import type { Task } from './entry';
import { backoffMs, nextPauseMs, readRetryAfterMs } from '../account/schedule';

/** What follows from an answer about a task. */

/** A provider's no to a status check is believed when it is said so often in a row. */
const FINAL_REFUSALS = 2;
/** Successes without a link are asked again this often. */
const ANSWERS_WITHOUT_URL = 3;
/** A task seen waiting in line may be short once it runs. */
const LONGEST_PAUSE_IN_LINE_MS = 15_000;

export type Step =
	| { kind: 'ask'; atMs: number }
	| { kind: 'succeeded'; report: TaskReport }
	/** Ended without a video. */
	| { kind: 'failed'; diagnosis: Diagnosis | undefined }
	| { kind: 'canceled'; diagnosis: Diagnosis | undefined }
	/** It goes on, or nobody knows, and this run waits no longer. */
	| { kind: 'leave'; failure: Failure };

/** What a step depends on beside the task. */
export interface Conditions {
	nowMs: number;
	/** In [0, 1), drawn only where it is needed. */
	random: () => number;
	/** Usual milliseconds from start to result. */
	typicalMs: number;
	/** The user's fixed interval. */
	pollIntervalMs: number | undefined;
	providerName: string;
}

/** Notes an answer, or its absence, in the task. */
export function applyAnswer(task: Task, asked: Asked, conditions: Conditions): Step {
	if (asked.kind === 'silent') return askLater(task, 0, conditions);
	if (asked.kind === 'report') {
		task.failedChecks = 0;
		task.finalRefusals = 0;
		return applyReport(task, asked.report, conditions);
	}
	const { kind, diagnosis, retryAfter } = asked;
	task.finalRefusals = kind === 'gone' ? task.finalRefusals + 1 : 0;
	if (kind === 'gone' && diagnosis.kind === 'content') return { kind: 'failed', diagnosis };
	if (task.finalRefusals >= FINAL_REFUSALS) return { kind: 'leave', failure: lostTask(task.taskId, diagnosis) };
	return askLater(task, readRetryAfterMs(retryAfter, conditions.nowMs), conditions);
}

/** Notes what the provider says about a task. */
export function applyReport(task: Task, report: TaskReport, conditions: Conditions): Step {
	const { nowMs, random, typicalMs, pollIntervalMs } = conditions;
	const isFirst = task.report === undefined;
	task.report = withLastingFacts(task.report, report);
	task.waitedMs = nowMs - task.submittedAtMs;
	switch (report.state) {
		case 'succeeded':
			return report.videoUrl === undefined
				? retryMissingUrl(task, conditions)
				: { kind: 'succeeded', report: task.report };
		case 'failed':
		case 'canceled':
			return { kind: report.state, diagnosis: report.diagnosis };
		case 'queued':
			task.beganAtMs = nowMs;
	}
	const pauseMs = pollIntervalMs ?? nextPauseMs(nowMs - task.beganAtMs, typicalMs, random());
	const isQueuedStill = report.state === 'queued' && !isFirst;
	return askAt(task, nowMs + (isQueuedStill ? Math.min(pauseMs, LONGEST_PAUSE_IN_LINE_MS) : pauseMs), conditions);
}

/** The answer to the order knows things that later answers leave out. */
export function withLastingFacts(known: TaskReport | undefined, report: TaskReport): TaskReport {
	if (!known) return report;
	const { createdAt, credits, payload, model } = known;
	return { ...defined({ createdAt, credits, payload, model }), ...report };
}

/** A success without a link is asked again: the file may be on its way to the store. */
function retryMissingUrl(task: Task, conditions: Conditions): Step {
	const { nowMs, random, providerName } = conditions;
	task.missingUrls += 1;
	if (task.missingUrls < ANSWERS_WITHOUT_URL && nowMs < task.deadlineMs)
		return askAt(task, nowMs + backoffMs(task.missingUrls + 1, random()), conditions);
	return {
		kind: 'leave',
		failure: {
			kind: 'lostTask',
			headline: `${providerName} says task ${task.taskId} succeeded but gives no link`,
			description: `Collect it later with Task → Get and task ID ${task.taskId}, or ask the support of ${providerName}.`,
		},
	};
}

function askLater(task: Task, retryAfterMs: number, conditions: Conditions): Step {
	const { nowMs, random, pollIntervalMs } = conditions;
	task.failedChecks += 1;
	task.waitedMs = nowMs - task.submittedAtMs;
	const pauseMs = backoffMs(task.failedChecks, random(), retryAfterMs);
	return askAt(task, nowMs + Math.max(pauseMs, pollIntervalMs ?? 0), conditions);
}

/** Plans the next question, the last one being at the deadline. */
function askAt(task: Task, atMs: number, { nowMs, providerName }: Conditions): Step {
	if (nowMs >= task.deadlineMs) {
		const said = task.failedChecks > 0 ? undefined : task.report?.providerState;
		return waitIsOver(task, said ?? NOT_ANSWERING, providerName, nowMs);
	}
	task.lastAskMs = nowMs;
	return { kind: 'ask', atMs: Math.min(atMs, task.deadlineMs) };
}

export const NOT_ANSWERING = 'not answering';

export function waitIsOver(
	task: Task,
	said: string,
	providerName: string,
	nowMs: number,
): Extract<Step, { kind: 'leave' }> {
	task.waitedMs = nowMs - task.submittedAtMs;
	return { kind: 'leave', failure: stillRunning(providerName, task.taskId, said, task.waitedMs) };
}

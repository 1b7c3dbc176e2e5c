import type { Asked } from '../ask';
import { defined } from '../defined';
import { lostTask, stillRunning } from '../failure';
import type { Failure } from '../failure';
import { hasAllLinks, hasResult, type Diagnosis, type TaskReport } from '../provider';
import type { Lane } from '../account/lane';
import { backoffMs, nextPauseMs, readRetryAfterMs, type Expectation } from '../account/schedule';
import { deadlineOf, isInLine, type Task } from './entry';
import { BEGINS_WITHIN_MS, learnOfLine, pauseInLineMs } from './standing';

/** What follows from an answer about a task. */

/** A provider's no to a status check is believed when it is said so often in a row. */
const FINAL_REFUSALS = 2;
/** Successes without a link are asked again this often. */
const ANSWERS_WITHOUT_URL = 3;
/** In a shorter wait nothing of the account moves that would say anything. */
const WORTH_A_LOOK_MS = 60_000;
/** At the deadline the account gets a moment to answer whether it moves. */
const LOOK_MS = 2_000;

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
	/** When it ends, from its start. */
	expected: Expectation;
	lane: Lane;
	/** The last one that may go before it is known how many run at once is looked at soon: does it stand in line? */
	isScout: boolean;
	/**
	 * Nothing moved since then, and the task stands in line: whether the account was asked about it, as far as it can be. It is
	 * asked now where not.
	 */
	hasLookedSince: (sinceMs: number) => boolean;
	/** The user's fixed interval. */
	pollIntervalMs: number | undefined;
	providerName: string;
}

/** Notes the answer to the order. */
export function firstStep(task: Task, submitted: TaskReport, conditions: Conditions): Step {
	const step = applyReport(task, submitted, conditions);
	if (step.kind !== 'ask' || !conditions.isScout || conditions.pollIntervalMs !== undefined) return step;
	return { ...step, atMs: Math.min(step.atMs, task.submittedAtMs + BEGINS_WITHIN_MS) };
}

/** Notes an answer, or its absence, in the task. */
export function applyAnswer(task: Task, asked: Asked, conditions: Conditions): Step {
	if (asked.kind === 'silent') return askLater(task, 0, conditions);
	if (asked.kind === 'report') {
		task.failedChecks = 0;
		task.finalRefusals = 0;
		learnOfLine(task, asked.report, conditions);
		return applyReport(task, asked.report, conditions);
	}
	const { kind, diagnosis, retryAfter } = asked;
	task.finalRefusals = kind === 'gone' ? task.finalRefusals + 1 : 0;
	if (kind === 'gone' && diagnosis.kind === 'content') return { kind: 'failed', diagnosis };
	if (task.finalRefusals >= FINAL_REFUSALS) return { kind: 'leave', failure: lostTask(task.taskId, diagnosis) };
	return askLater(task, readRetryAfterMs(retryAfter, conditions.nowMs), conditions);
}

/** Notes what the provider says about a task. */
function applyReport(task: Task, report: TaskReport, conditions: Conditions): Step {
	const { nowMs, random, expected, lane, pollIntervalMs } = conditions;
	const isFirst = task.report === undefined;
	// of a task that an earlier try ordered nobody knows when it began
	if (task.report?.state === 'queued' && report.state !== 'queued') {
		task.progressMs = nowMs;
		lane.progressMs = nowMs;
	}
	task.report = withLastingFacts(task.report ?? task.ordered, report);
	task.waitedMs = nowMs - task.submittedAtMs;
	switch (report.state) {
		case 'succeeded':
			if (hasResult(report) && hasAllLinks(report)) return { kind: 'succeeded', report: task.report };
			return retryMissingUrl(task, task.report, conditions);
		case 'failed':
		case 'canceled':
			return { kind: report.state, diagnosis: report.diagnosis };
		case 'queued':
			task.beganAtMs = task.placedAtMs ?? nowMs;
	}
	if (pollIntervalMs !== undefined) return askAt(task, nowMs + pollIntervalMs, conditions);
	const pauseMs = nextPauseMs(nowMs - task.beganAtMs, expected, random());
	const isInLineStill = report.state === 'queued';
	return askAt(task, nowMs + (isInLineStill ? pauseInLineMs(task, pauseMs, isFirst, conditions) : pauseMs), conditions);
}

/** Its turn has come, by the end of one before it. @returns when to ask for it now, should that be another time */
export function askWhenPlaced(task: Task, beganAtMs: number, conditions: Conditions): number | undefined {
	const { nowMs, expected, lane, random, pollIntervalMs } = conditions;
	// seen to run before the end of the one before it was: no surprise, and now it is known since when
	if (!isInLine(task)) {
		if (task.placedAtMs !== undefined || beganAtMs <= task.beganAtMs) return undefined;
		lane.noteOrder(true);
	}
	task.beganAtMs = beganAtMs;
	task.placedAtMs = beganAtMs;
	if (pollIntervalMs !== undefined) return undefined;
	return Math.min(nowMs + nextPauseMs(nowMs - beganAtMs, expected, random()), deadlineOf(task, lane));
}

/** The answer to the order knows things that later answers leave out. */
export function withLastingFacts(known: Partial<TaskReport> | undefined, report: TaskReport): TaskReport {
	if (!known) return report;
	const { createdAt, credits, payload, model, facts } = known;
	return { ...defined({ createdAt, credits, payload, model, facts }), ...report };
}

/** A success without a link is asked again: the file may be on its way to the store. */
function retryMissingUrl(task: Task, report: TaskReport, conditions: Conditions): Step {
	const { nowMs, random, providerName } = conditions;
	task.missingUrls += 1;
	if (task.missingUrls < ANSWERS_WITHOUT_URL && nowMs < deadlineOf(task, conditions.lane))
		return askAt(task, nowMs + backoffMs(task.missingUrls + 1, random()), conditions);
	// what has its link is worth having; the item names the others by their IDs
	if (hasResult(report)) return { kind: 'succeeded', report };
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
function askAt(task: Task, atMs: number, { nowMs, providerName, lane, hasLookedSince }: Conditions): Step {
	const deadlineMs = deadlineOf(task, lane);
	// what the account says half-way is what it is compared with at the end
	const halfMs = deadlineMs - task.maxWaitMs / 2;
	const isWorthIt = isInLine(task) && task.maxWaitMs >= WORTH_A_LOOK_MS;
	const hasLooked = !isWorthIt || nowMs < halfMs || hasLookedSince(nowMs < deadlineMs ? halfMs : deadlineMs);
	if (nowMs >= deadlineMs) {
		if (!hasLooked) return { kind: 'ask', atMs: nowMs + LOOK_MS };
		const said = task.failedChecks > 0 ? undefined : task.report?.providerState;
		return waitIsOver(task, said ?? NOT_ANSWERING, providerName, nowMs);
	}
	task.lastAskMs = nowMs;
	return { kind: 'ask', atMs: Math.min(atMs, deadlineMs) };
}

const NOT_ANSWERING = 'not answering';

function waitIsOver(task: Task, said: string, providerName: string, nowMs: number): Extract<Step, { kind: 'leave' }> {
	task.waitedMs = nowMs - task.submittedAtMs;
	return { kind: 'leave', failure: stillRunning(providerName, task.taskId, said, task.waitedMs) };
}

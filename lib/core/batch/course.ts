import { modelOf, type Job } from '../job';
import { askForTask } from '../ask';
import { NoReply } from '../http';
import { canceled, endedEmpty, internalFault, outcomeUnknown, refused, turnedAway } from '../failure';
import type { SubmittedTask, TaskReport } from '../provider';
import { newTask, submittedState, taskOf, type End, type Entry, type Order, type Task } from './entry';
import type { Member } from '../account/member';
import type { AccountPool } from '../account/pool';
import type { Gate } from './gate';
import { expectationOf, learnPace, notePlaceFree } from './learning';
import type { InLine, OrderLine } from './line';
import type { BatchParts, BatchSettings } from './parts';
import { ASK_TIMEOUT_MS, hungUntilMs, type Asking, type Delivering, type Roster, type Submitting } from './roster';
import { readRetryAfterMs } from '../account/schedule';
import { applyAnswer, askWhenPlaced, firstStep, withLastingFacts, type Conditions, type Step } from './step';
import { cancelTasks } from './stop';
import { submitJob, type Submission } from './submit';

const SILENCE = new NoReply('No answer came.', true);

/** What is done with one item, and what its answers change: ordered, asked for, delivered, settled. */

export interface CourseParts<Result> {
	settings: BatchSettings;
	parts: BatchParts<Result>;
	pool: AccountPool;
	/** Whom the pool serves. */
	member: Member;
	gate: Gate;
	line: OrderLine<Result>;
	roster: Roster<Result>;
	/** Something reported back. */
	wakeUp: () => void;
}

export class Course<Result> {
	/** Nothing more is ordered, and what is accepted late is cancelled. */
	isStopped = false;
	/** Whoever called has its answer: nothing more is ordered, and what is accepted late goes on. */
	isAnswered = false;
	private readonly random = (): number => this.run.parts.clock.random();

	constructor(private readonly run: CourseParts<Result>) {}

	startSubmission(inLine: InLine<Result>): void {
		const { line, roster } = this.run;
		const { entry, order } = inLine;
		line.take(inLine);
		const submitting = roster.submit(entry, order);
		this.start(
			entry,
			async () => await this.submit(submitting),
			() => roster.submitted(submitting),
		);
	}

	/** Asks for the task that is due first. */
	startAsking(): void {
		const { parts, roster } = this.run;
		const asking = roster.ask(parts.clock.nowMs());
		if (!asking) return;
		this.start(
			asking.entry,
			async () => await this.ask(asking),
			() => roster.asked(asking),
		);
	}

	startDelivery(): void {
		const { roster } = this.run;
		const delivering = roster.deliver();
		if (!delivering) return;
		this.start(
			delivering.entry,
			async () => await this.deliver(delivering),
			() => roster.delivering.delete(delivering),
		);
	}

	/** A question may hang for longer than it is given: its place is for the others, and its task is asked for anew. */
	giveUpHung(nowMs: number): void {
		const { roster } = this.run;
		for (const asking of roster.asking) {
			if (nowMs < hungUntilMs(asking)) continue;
			roster.asked(asking);
			const { entry, state } = asking;
			this.follow(
				entry,
				state.task,
				applyAnswer(state.task, { kind: 'silent', cause: SILENCE }, this.conditions(entry)),
			);
		}
	}

	/** Ends an entry; a place that its task held is free for another, whatever became of it. */
	settle(entry: Entry<Result>, end: End<Result>, task = taskOf(entry)): void {
		this.run.roster.end(entry, task, end);
	}

	/** Lets an action run: a fault of ours costs its item only, and not its task id. */
	private start(entry: Entry<Result>, action: () => Promise<void>, over: () => void): void {
		void action()
			.catch((cause: unknown) => {
				const task = taskOf(entry);
				this.settle(entry, { failure: internalFault(cause, task?.taskId, task?.report) });
			})
			.finally(() => {
				over();
				this.run.wakeUp();
			});
	}

	private async submit({ entry, state }: Submitting<Result>): Promise<void> {
		const { order } = state;
		const { parts, pool } = this.run;
		const submission = await submitJob(
			order.job,
			{ ...parts, wire: pool.wire, turn: async () => await pool.turn(parts.signal) },
			() => (state.isOnTheWay = !this.isStopped && !this.isAnswered),
		);
		state.isOnTheWay = false;
		this.applySubmission(entry, order, submission);
	}

	private applySubmission(entry: Entry<Result>, order: Order, submission: Submission): void {
		const { gate, line, parts, pool, roster } = this.run;
		const { ledger, provider } = parts;
		const { job } = order;
		const nowMs = parts.clock.nowMs();
		switch (submission.kind) {
			case 'withdrawn':
				return;
			case 'leftOut':
				return this.settle(entry, { isLeftOut: true });
			case 'notSent':
				return this.settle(entry, { failure: submission.failure });
			case 'notReached': {
				ledger?.forget(job);
				const failure = gate.noteNotReached(submission.cause, nowMs, this.random);
				if (failure) this.settle(entry, { failure });
				else {
					roster.putBack(entry, order);
					line.putBackUnsent({ entry, order });
				}
				return;
			}
			case 'silent':
				this.outcomeUnknown(entry, job, submission.reason);
				return;
		}
		gate.noteReachable();
		if (submission.kind === 'accepted') return this.accepted(entry, job, submission.task);
		if (submission.kind === 'unknown')
			return this.outcomeUnknown(entry, job, submission.reason, submission.mentionedTaskId);
		const { diagnosis } = submission;
		ledger?.forget(job);
		gate.noteRefused(diagnosis);
		if (submission.kind === 'busy') {
			const { why, retryAfter } = submission;
			const { underWay, window } = entry.lane;
			const hadRoom = underWay === 0 || window.isKnownToHaveRoom(underWay);
			roster.putBack(entry, order);
			line.putBack({ entry, order }, diagnosis, hadRoom);
			const retryAfterMs = readRetryAfterMs(retryAfter, nowMs);
			if (why === 'model') pool.models.refused(modelOf(job), nowMs, this.random, retryAfterMs);
			else window.refused(why, underWay, nowMs, this.random(), retryAfterMs);
			return;
		}
		if (submission.isTurnedAway) {
			gate.noteTurnedAway(diagnosis);
			this.settle(entry, { failure: turnedAway(provider.name, diagnosis) });
			return;
		}
		if (diagnosis.kind === 'auth' || diagnosis.kind === 'balance') gate.noteAccountRefused(diagnosis);
		else if (diagnosis.kind !== 'transient') ledger?.write(job, { state: 'closed', atMs: nowMs, diagnosis });
		this.settle(entry, { failure: refused(diagnosis) });
	}

	private accepted(entry: Entry<Result>, job: Job, submitted: SubmittedTask): void {
		const { gate, parts, pool, roster, settings } = this.run;
		const { ledger, clock, onTask } = parts;
		const { taskId, credits } = submitted;
		const nowMs = clock.nowMs();
		const { lane } = entry;
		const task = newTask(taskId, nowMs, entry.item.maxWaitMs ?? settings.maxWaitMs);
		// before anything that may fail: from here on the id is never lost, and the caps count it
		roster.hold(entry, task, nowMs);
		gate.noteAccepted(job, credits);
		if (submitted.state !== 'queued') lane.progressMs = nowMs;
		ledger?.write(job, submittedState(job, submitted, ledger.execution, nowMs));
		onTask?.(entry.item, taskId);
		if (task.number !== undefined) lane.succeeds(task.number, (beganAtMs) => this.placed(entry, task, beganAtMs));
		pool.models.accepted(modelOf(job));
		lane.window.accepted(lane.underWay, nowMs);
		if (this.isStopped && (!this.isAnswered || parts.signal?.aborted)) {
			if (settings.cancelOnStop) void cancelTasks([task], parts, () => parts.keys?.giveBack(job));
		} else this.follow(entry, task, firstStep(task, submitted, this.conditions(entry)));
	}

	private outcomeUnknown(entry: Entry<Result>, job: Job, reason: string, taskId?: string): void {
		const { gate, parts } = this.run;
		const { clock, ledger, onTask, provider } = parts;
		const nowMs = clock.nowMs();
		ledger?.write(job, { state: 'unknown', atMs: nowMs, ...(taskId === undefined ? {} : { taskId }) });
		gate.noteUnknown(job, nowMs, this.random);
		const task = taskId === undefined ? undefined : newTask(taskId, entry.openedAtMs, 0);
		this.settle(entry, { failure: outcomeUnknown(provider, reason, taskId) }, task);
		if (taskId !== undefined) onTask?.(entry.item, taskId);
	}

	private async ask({ entry, state }: Asking<Result>): Promise<void> {
		const { task } = state;
		const { gate, parts, pool } = this.run;
		const asked = await askForTask(parts, task.taskId, ASK_TIMEOUT_MS, entry.item.job?.queryPath);
		if (asked.kind !== 'silent') {
			gate.noteReachable();
			pool.requests.heard(asked.isTooFast === true, parts.clock.nowMs());
		}
		// it may have been given up before the answer came
		if (entry.state === state) this.follow(entry, task, applyAnswer(task, asked, this.conditions(entry)));
	}

	private follow(entry: Entry<Result>, task: Task, step: Step): void {
		const { parts, settings } = this.run;
		const { clock, keys, ledger, provider } = parts;
		const { name } = provider;
		const { job } = entry.item;
		if (step.kind === 'succeeded' || step.kind === 'failed' || step.kind === 'canceled')
			notePlaceFree(entry, task, clock.nowMs());
		switch (step.kind) {
			case 'ask':
				this.run.roster.wait(entry, task, step.atMs);
				return;
			case 'succeeded':
				this.succeeded(entry, task, step.report);
				return;
			case 'failed':
				if (job) ledger?.rememberEnd(job, task.taskId, step.diagnosis, clock.nowMs());
				if (job && (step.diagnosis?.kind ?? 'transient') === 'transient') keys?.giveBack(job);
				this.settle(entry, { failure: endedEmpty(name, task.taskId, step.diagnosis, settings.noun) });
				return;
			case 'canceled':
				if (job) ledger?.rememberCanceled(job, task.taskId, step.diagnosis, clock.nowMs());
				if (job) keys?.giveBack(job);
				this.settle(entry, { failure: canceled(task.taskId, step.diagnosis) });
				return;
			case 'leave':
				entry.lane.givenUpMs = clock.nowMs();
				this.settle(entry, { failure: step.failure });
		}
	}

	/** Its turn has come at the provider. */
	private placed(entry: Entry<Result>, task: Task, beganAtMs: number): void {
		const atMs = askWhenPlaced(task, beganAtMs, this.conditions(entry));
		if (atMs === undefined || entry.state.kind !== 'waiting') return;
		this.run.roster.wait(entry, task, atMs);
		this.run.wakeUp();
	}

	private succeeded(entry: Entry<Result>, task: Task, report: TaskReport): void {
		const { parts, pool, roster } = this.run;
		learnPace(pool.paces, entry, task, roster.underWay, parts.clock.nowMs());
		if (parts.finish) roster.makeReady(entry, task, report);
		else this.settle(entry, {});
	}

	private async deliver({ entry, state: { task, report } }: Delivering<Result>): Promise<void> {
		const { parts, pool } = this.run;
		const inTurn = { ...parts, http: pool.paced(parts.http, parts.signal) };
		const askAgain = async () => {
			const asked = await askForTask(inTurn, task.taskId, ASK_TIMEOUT_MS, entry.item.job?.queryPath);
			const isThere = asked.kind === 'report' && asked.report.videoUrl !== undefined;
			return isThere ? withLastingFacts(task.report, asked.report) : task.report;
		};
		const done = await parts.finish?.(task.taskId, report, askAgain, entry.item);
		if (done?.report) task.report = done.report;
		this.settle(entry, done ?? {});
	}

	private conditions({ item, lane }: Entry<Result>): Conditions {
		const { member, parts, pool, settings } = this.run;
		return {
			nowMs: parts.clock.nowMs(),
			random: this.random,
			expected: expectationOf(pool.paces, item),
			lane,
			isScout: !member.ordersAhead && parts.provider.usage !== undefined && lane.isAtItsEdge,
			hasLookedSince: (sinceMs) => pool.hasLookedSince(member, sinceMs),
			pollIntervalMs: settings.pollIntervalMs,
			providerName: parts.provider.name,
		};
	}
}

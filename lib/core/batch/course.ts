import { creditsOf, modelOf } from '../job';
import { askForTask } from '../ask';
import { canceled, endedEmpty, internalFault, outcomeUnknown, refused, turnedAway } from '../failure';
import type { Job } from '../job';
import type { SubmittedTask, TaskReport } from '../provider';
import { newTask, taskOf, type End, type Entry, type Order, type Task } from './entry';
import type { Gate } from './gate';
import type { Learned } from './learned';
import type { InLine, OrderLine } from './line';
import type { BatchParts, BatchSettings } from './parts';
import { ASK_TIMEOUT_MS, hungUntilMs, type Asking, type Delivering, type Roster, type Submitting } from './roster';
import { readRetryAfterMs } from '../account/schedule';
import {
	applyAnswer,
	applyReport,
	NOT_ANSWERING,
	waitIsOver,
	withLastingFacts,
	type Conditions,
	type Step,
} from './step';
import { cancelTasks } from './stop';
import { submitJob, wireLengthOf, type Submission } from './submit';

/** What is done with one item, and what its answers change: ordered, asked for, delivered, settled. */

export interface CourseParts<Result> {
	settings: BatchSettings;
	parts: BatchParts<Result>;
	learned: Learned;
	gate: Gate;
	line: OrderLine<Result>;
	roster: Roster<Result>;
	/** Something reported back. */
	wakeUp: () => void;
}

export class Course<Result> {
	/** Nothing more is ordered, and what is accepted late is cancelled. */
	isStopped = false;
	/** Characters of media in submissions without an answer yet. */
	onWire = 0;
	private readonly random = (): number => this.run.parts.clock.random();

	constructor(private readonly run: CourseParts<Result>) {}

	startSubmission(inLine: InLine<Result>): void {
		const { line, roster } = this.run;
		const { entry, order } = inLine;
		const length = wireLengthOf(order.job);
		line.take(inLine);
		this.onWire += length;
		const submitting = roster.submit(entry, order);
		this.start(
			entry,
			async () => await this.submit(submitting).finally(() => (this.onWire -= length)),
			() => roster.submitting.delete(submitting),
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
			() => roster.asking.delete(asking),
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

	/** A question may hang for longer than it is given: the deadline holds without its answer. */
	giveUpHung(nowMs: number): void {
		const { parts, roster } = this.run;
		for (const asking of roster.asking) {
			if (nowMs < hungUntilMs(asking)) continue;
			// its place is for the others; should the answer come yet, nobody counts it
			roster.asking.delete(asking);
			this.follow(
				asking.entry,
				asking.state.task,
				waitIsOver(asking.state.task, NOT_ANSWERING, parts.provider.name, nowMs),
			);
		}
	}

	/** Ends an entry; a place that its task held is free for another, whatever became of it. */
	settle(entry: Entry<Result>, end: End<Result>, task = taskOf(entry)): void {
		const { gate, line, parts, roster } = this.run;
		const isFetched = entry.state.kind === 'delivering';
		roster.end(entry, task, end);
		if (!task) return;
		gate.noteProgress(parts.clock.nowMs());
		if (!isFetched) line.placeFreed();
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
		const submission = await submitJob(order.job, this.run.parts, () => (state.isOnTheWay = !this.isStopped));
		state.isOnTheWay = false;
		this.applySubmission(entry, order, submission);
	}

	private applySubmission(entry: Entry<Result>, order: Order, submission: Submission): void {
		const { gate, learned, line, parts, roster } = this.run;
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
			const underWay = roster.underWay.size;
			const hadRoom = underWay === 0 || learned.window.isKnownToHaveRoom(underWay);
			roster.putBack(entry, order);
			line.putBack({ entry, order }, diagnosis, hadRoom);
			const retryAfterMs = readRetryAfterMs(retryAfter, nowMs);
			if (why === 'model') learned.models.refused(modelOf(job), nowMs, this.random, retryAfterMs);
			else learned.window.refused(why, underWay, nowMs, this.random(), retryAfterMs);
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
		const { gate, learned, parts, roster, settings } = this.run;
		const { ledger, clock, onTask } = parts;
		const { taskId, credits } = submitted;
		const nowMs = clock.nowMs();
		const task = newTask(taskId, nowMs, nowMs + (entry.item.maxWaitMs ?? settings.maxWaitMs));
		// before anything that may fail: from here on the id is never lost, and the caps count it
		roster.hold(entry, task, nowMs);
		gate.noteAccepted(credits ?? creditsOf(job) ?? 0, nowMs);
		ledger?.write(job, {
			state: 'submitted',
			atMs: nowMs,
			taskId,
			execution: ledger.execution,
			...(credits === undefined ? {} : { credits }),
		});
		onTask?.(entry.item, taskId);
		learned.models.accepted(modelOf(job));
		learned.window.accepted(roster.underWay.size, nowMs);
		if (this.isStopped) {
			if (settings.cancelOnStop) void cancelTasks([task], parts, () => parts.keys?.giveBack(job));
		} else this.follow(entry, task, applyReport(task, submitted, this.conditions(entry)));
	}

	private outcomeUnknown(entry: Entry<Result>, job: Job, reason: string, taskId?: string): void {
		const { gate, parts } = this.run;
		const { clock, ledger, onTask, provider } = parts;
		const nowMs = clock.nowMs();
		ledger?.write(job, { state: 'unknown', atMs: nowMs, ...(taskId === undefined ? {} : { taskId }) });
		gate.noteUnknown(nowMs, this.random, creditsOf(job));
		const task = taskId === undefined ? undefined : newTask(taskId, entry.openedAtMs, nowMs);
		this.settle(entry, { failure: outcomeUnknown(provider, reason, taskId) }, task);
		if (taskId !== undefined) onTask?.(entry.item, taskId);
	}

	private async ask({ entry, state: { task } }: Asking<Result>): Promise<void> {
		const { gate, learned, parts } = this.run;
		const asked = await askForTask(parts, task.taskId, ASK_TIMEOUT_MS);
		if (asked.kind !== 'silent') {
			gate.noteReachable();
			learned.requests.heard(asked.isTooFast === true, parts.clock.nowMs());
		}
		// its time may have been over before the answer came
		if (entry.state.kind !== 'ended') this.follow(entry, task, applyAnswer(task, asked, this.conditions(entry)));
	}

	private follow(entry: Entry<Result>, task: Task, step: Step): void {
		const { clock, keys, ledger, provider } = this.run.parts;
		const { name } = provider;
		const { job } = entry.item;
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
				this.settle(entry, { failure: endedEmpty(name, task.taskId, step.diagnosis) });
				return;
			case 'canceled':
				if (job) ledger?.rememberCanceled(job, task.taskId, step.diagnosis, clock.nowMs());
				if (job) keys?.giveBack(job);
				this.settle(entry, { failure: canceled(task.taskId, step.diagnosis) });
				return;
			case 'leave':
				this.settle(entry, { failure: step.failure });
		}
	}

	private succeeded(entry: Entry<Result>, task: Task, report: TaskReport): void {
		const { gate, learned, line, parts, roster } = this.run;
		const nowMs = parts.clock.nowMs();
		if (entry.item.job) {
			// it ended somewhere between the last two answers
			const endedMs = (Math.max(task.lastAskMs, task.beganAtMs) + nowMs) / 2;
			learned.pace.add((endedMs - task.beganAtMs) / entry.item.typicalSeconds, this.pendingPaces(nowMs));
		}
		gate.noteProgress(nowMs);
		if (parts.finish) {
			roster.makeReady(entry, task, report);
			line.placeFreed();
		} else this.settle(entry, {});
	}

	private *pendingPaces(nowMs: number): Generator<number> {
		for (const [{ item }, { beganAtMs }] of this.run.roster.underWay) yield (nowMs - beganAtMs) / item.typicalSeconds;
	}

	private async deliver({ entry, state: { task, report } }: Delivering<Result>): Promise<void> {
		const { parts } = this.run;
		const askAgain = async () => {
			const asked = await askForTask(parts, task.taskId, ASK_TIMEOUT_MS);
			if (asked.kind === 'report') task.report = withLastingFacts(task.report, asked.report);
			return task.report;
		};
		const done = (await parts.finish?.(task.taskId, report, askAgain, entry.item)) ?? {};
		this.settle(entry, done);
	}

	private conditions({ item }: Entry<Result>): Conditions {
		const { learned, parts, settings } = this.run;
		return {
			nowMs: parts.clock.nowMs(),
			random: this.random,
			typicalMs: item.typicalSeconds * learned.pace.msPerTypicalSecond,
			pollIntervalMs: settings.pollIntervalMs,
			providerName: parts.provider.name,
		};
	}
}

import type { Account } from './account';
import type { Clock } from './clock';
import type { ProviderName } from './messages';
import type { Random } from './random';

/** Vidu's words; the other providers translate (docs/api/vidu.md#states). */
export type TaskState = 'created' | 'queueing' | 'processing' | 'success' | 'failed';

/** Files of the assets folder that stand in for what a task makes. */
export interface Clip {
	readonly video: string;
	readonly cover: string;
}

/** What is settled about a task before it begins: how it is meant to go wrong, set by faults, see `faults.ts`; and its clip. */
export interface TaskPlan {
	fail?: { code: string; shape?: string; message?: string };
	stuckAt?: 'queueing' | 'processing';
	seconds?: number;
	/** Absent: the one that all tasks share. */
	clip?: Clip;
	/** Ended before the create call is answered. */
	atOnce?: boolean;
	withoutUrl?: boolean;
	/** Vidu: how many creations it ends in; one where nothing is said. */
	creations?: number;
	/** Vtrix: the video's entry has no `type`. */
	untyped?: boolean;
	/** Vtrix: `output` is an object, not a list of one. */
	oneObject?: boolean;
}

export interface Task {
	readonly provider: ProviderName;
	readonly id: string;
	/** 1 for the provider's first task since start or reset. */
	readonly ordinal: number;
	readonly account: Account;
	readonly operation: string;
	readonly model: string;
	/** The accepted request with defaults filled in, data URIs shortened. */
	readonly input: Readonly<Record<string, unknown>>;
	/** The request's text, data URIs shortened: what a fault's `contains` looks at. */
	readonly text: string;
	/** JSON of the images as sent, for answers that repeat them; absent when `input` has them whole. */
	readonly images?: Buffer;
	readonly charge: number;
	readonly creationId: string;
	/** From getting a place to the end; unscaled seconds. */
	readonly seconds: number;
	readonly plan: TaskPlan;
	readonly createdAtMs: number;
	state: TaskState;
	startedAtMs?: number;
	finishedAtMs?: number;
	/** The provider's own error code. */
	errCode?: string;
	cancelled: boolean;
	refunded: number;
	polls: number;
	downloads: number;
}

export interface NewTask {
	account: Account;
	id: string;
	creationId: string;
	operation: string;
	model: string;
	input: Record<string, unknown>;
	text: string;
	images?: Buffer;
	charge: number;
	plan: TaskPlan;
}

export interface TaskTiming {
	taskSeconds:
		| number
		| ((
				task: {
					provider: ProviderName;
					model: string;
					operation: string;
					input: Readonly<Record<string, unknown>>;
					ordinal: number;
				},
				random: Random,
		  ) => number);
	/** Share of a task's time shown as created, then queueing, before processing. */
	queueShare: number;
	timeScale: number;
}

/** A provider's tasks and their walk through the states. Ended tasks give back their place, and their credits where the provider says so. */
export class TaskBoard {
	private readonly byId = new Map<string, Task>();
	/** What was there before the emulator: nobody ordered it here, so no book counts it. */
	private readonly kept = new Map<string, Task>();
	private readonly timers = new Map<Task, () => void>();
	private readonly listeners: ((task: Task) => void)[] = [];

	constructor(
		readonly provider: ProviderName,
		private readonly clock: Clock,
		private readonly random: Random,
		private readonly timing: TaskTiming,
		/** Vidu charges nothing for failed and cancelled tasks (docs/api/vidu.md#prices); the others say nothing, so nothing comes back. */
		private readonly refundsFailures: boolean,
	) {}

	onChange(listener: (task: Task) => void): void {
		this.listeners.push(listener);
	}

	/** How many tasks were ever created. */
	get size(): number {
		return this.byId.size;
	}

	all(): Task[] {
		return [...this.byId.values()];
	}

	find(id: string): Task | undefined {
		return this.byId.get(id) ?? this.kept.get(id);
	}

	/** Puts a task there that has ended well long ago. */
	keep({ account, plan, ...rest }: NewTask): Task {
		const nowMs = this.clock.nowMs();
		const task: Task = {
			...{ ...rest, provider: this.provider, account, plan, ordinal: 0, seconds: 0, createdAtMs: nowMs },
			...{
				state: 'success',
				startedAtMs: nowMs,
				finishedAtMs: nowMs,
				cancelled: false,
				refunded: 0,
				polls: 0,
				downloads: 0,
			},
		};
		this.kept.set(task.id, task);
		return task;
	}

	create(newTask: NewTask): Task {
		const { account, plan, ...rest } = newTask;
		const ordinal = this.byId.size + 1;
		const about = {
			provider: this.provider,
			model: newTask.model,
			operation: newTask.operation,
			input: newTask.input,
			ordinal,
		};
		const { taskSeconds } = this.timing;
		const task: Task = {
			...rest,
			provider: this.provider,
			account,
			plan,
			ordinal,
			seconds: plan.seconds ?? (typeof taskSeconds === 'function' ? taskSeconds(about, this.random) : taskSeconds),
			createdAtMs: this.clock.nowMs(),
			state: 'created',
			cancelled: false,
			refunded: 0,
			polls: 0,
			downloads: 0,
		};
		this.byId.set(task.id, task);
		account.unfinished.add(task);
		account.charge(task.charge);
		if (plan.atOnce) this.finish(task);
		else if (account.placed.size < account.concurrency) this.place(task, task.seconds * this.timing.queueShare);
		else {
			account.waiting.push(task);
			this.schedule(task, (task.seconds * this.timing.queueShare) / 2, () => this.move(task, 'queueing'));
		}
		return task;
	}

	/** Only before processing (docs/api/vidu.md#off-peak-and-cancel); false when too late. */
	cancel(task: Task, errCode: string): boolean {
		if (task.state !== 'created' && task.state !== 'queueing') return false;
		task.cancelled = true;
		this.fail(task, errCode);
		return true;
	}

	/** Ends a task well, whatever its time. */
	finish(task: Task): void {
		this.end(task, 'success');
	}

	fail(task: Task, errCode: string): void {
		if (isEnded(task)) return;
		task.errCode = errCode;
		if (this.refundsFailures) {
			task.refunded = task.charge;
			task.account.refund(task.charge);
		}
		this.end(task, 'failed');
	}

	clear(): void {
		for (const cancel of this.timers.values()) cancel();
		this.timers.clear();
		this.byId.clear();
		this.kept.clear();
	}

	/** Gives the task a place; it runs after `queueSeconds` and ends `task.seconds` from now. */
	private place(task: Task, queueSeconds: number): void {
		task.account.placed.add(task);
		const { stuckAt } = task.plan;
		const process = (): void => {
			if (stuckAt === 'queueing') return;
			task.startedAtMs = this.clock.nowMs();
			this.move(task, 'processing');
			if (stuckAt !== 'processing') this.schedule(task, task.seconds - queueSeconds, () => this.conclude(task));
		};
		if (queueSeconds === 0 && task.state !== 'created') return process();
		this.schedule(task, queueSeconds / 2, () => {
			this.move(task, 'queueing');
			this.schedule(task, queueSeconds / 2, process);
		});
	}

	private conclude(task: Task): void {
		if (task.plan.fail) this.fail(task, task.plan.fail.code);
		else this.finish(task);
	}

	private end(task: Task, state: 'success' | 'failed'): void {
		if (isEnded(task)) return;
		this.timers.get(task)?.();
		this.timers.delete(task);
		task.finishedAtMs = this.clock.nowMs();
		const { account } = task;
		account.unfinished.delete(task);
		account.placed.delete(task);
		const waitingAt = account.waiting.indexOf(task);
		if (waitingAt >= 0) account.waiting.splice(waitingAt, 1);
		this.move(task, state);
		while (account.waiting.length > 0 && account.placed.size < account.concurrency)
			this.startWaiting(account.waiting.shift()!);
	}

	private startWaiting(task: Task): void {
		this.timers.get(task)?.();
		if (task.state === 'created') this.move(task, 'queueing');
		this.place(task, 0);
	}

	private move(task: Task, state: TaskState): void {
		task.state = state;
		for (const listener of this.listeners) listener(task);
	}

	private schedule(task: Task, seconds: number, fn: () => void): void {
		const cancel = this.clock.setTimer((Math.max(0, seconds) * 1000) / this.timing.timeScale, () => {
			this.timers.delete(task);
			fn();
		});
		this.timers.set(task, cancel);
	}
}

export const isEnded = (task: Task): boolean => task.state === 'success' || task.state === 'failed';

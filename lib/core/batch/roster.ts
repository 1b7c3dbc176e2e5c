import type { TaskReport } from '../provider';
import { Heap } from '../account/heap';
import type { Places } from '../account/places';
import type { End, Entry, EntryState, Order, Task } from './entry';

/** Who is in which state. Every change of a state goes through here, so what is next is known without looking at all. */

export const ASK_TIMEOUT_MS = 30_000;
const HUNG_AFTER_MS = 5_000;

type In<Result, Kind> = Extract<EntryState<Result>, { kind: Kind }>;

interface Placed<Result, Kind> {
	entry: Entry<Result>;
	state: In<Result, Kind>;
}

export type Submitting<Result> = Placed<Result, 'submitting'>;
export type Asking<Result> = Placed<Result, 'asking'>;
export type Delivering<Result> = Placed<Result, 'delivering'>;

export class Roster<Result> {
	/** Actions that have not reported back. A question that hangs is taken out before it does. */
	readonly submitting = new Set<Submitting<Result>>();
	readonly asking = new Set<Asking<Result>>();
	readonly delivering = new Set<Delivering<Result>>();
	/** Tasks that this run, or a try before, ordered and that hold a place at the provider; in the order they were taken. */
	readonly underWay = new Map<Entry<Result>, Task>();
	private readonly waiting = new Heap<Placed<Result, 'waiting'>>(
		(one, other) => one.state.dueMs - other.state.dueMs || one.entry.place - other.entry.place,
	);
	private readonly ready = new Heap<Placed<Result, 'ready'>>((one, other) => one.entry.place - other.entry.place);
	/** Those that wait for a task of an earlier run. */
	private readonly unordered = new Set<Entry<Result>>();
	private unended = 0;

	constructor(private readonly places: Places) {}

	/** Takes an entry in, in whatever state it begins. */
	add(entry: Entry<Result>): void {
		const { state } = entry;
		if (state.kind !== 'ended') this.unended += 1;
		if (state.kind === 'waiting') this.wait(entry, state.task, state.dueMs);
		if (state.kind === 'ready') this.makeReady(entry, state.task, state.report);
	}

	get areAllEnded(): boolean {
		return this.unended === 0;
	}

	/** When the next task is to be asked for; Infinity where none waits. */
	get nextDueMs(): number {
		return this.firstWaiting?.state.dueMs ?? Infinity;
	}

	get hasReady(): boolean {
		return this.ready.first !== undefined;
	}

	submit(entry: Entry<Result>, order: Order): Submitting<Result> {
		const state: In<Result, 'submitting'> = { kind: 'submitting', order, isOnTheWay: false };
		const submitting = { entry, state };
		entry.state = state;
		this.submitting.add(submitting);
		this.places.submitting(entry.lane, 1);
		return submitting;
	}

	/** The order is answered, and what follows from the answer is done. */
	submitted(submitting: Submitting<Result>): void {
		if (this.submitting.delete(submitting)) this.places.submitting(submitting.entry.lane, -1);
	}

	putBack(entry: Entry<Result>, order: Order): void {
		entry.state = { kind: 'new', order };
	}

	/** Notes the task of an order that was accepted, before anything else is known of it. */
	hold(entry: Entry<Result>, task: Task, nowMs: number): void {
		entry.state = { kind: 'waiting', task, dueMs: nowMs };
		this.keep(entry, task);
	}

	wait(entry: Entry<Result>, task: Task, dueMs: number): void {
		const state: In<Result, 'waiting'> = { kind: 'waiting', task, dueMs };
		entry.state = state;
		this.waiting.push({ entry, state });
		this.keep(entry, task);
	}

	/** The task that is due first, to be asked for. */
	ask(nowMs: number): Asking<Result> | undefined {
		const due = this.firstWaiting;
		if (!due) return undefined;
		this.waiting.pop();
		const state: In<Result, 'asking'> = { kind: 'asking', task: due.state.task, askedAtMs: nowMs };
		const asking = { entry: due.entry, state };
		due.entry.state = state;
		this.asking.add(asking);
		this.places.asking(1);
		return asking;
	}

	/** A question is answered, or given up: its place is for the others. */
	asked(asking: Asking<Result>): void {
		if (this.asking.delete(asking)) this.places.asking(-1);
	}

	makeReady(entry: Entry<Result>, task: Task, report: TaskReport): void {
		const state: In<Result, 'ready'> = { kind: 'ready', task, report };
		entry.state = state;
		this.ready.push({ entry, state });
		this.letGo(entry);
	}

	/** The first of those that succeeded, to be delivered. */
	deliver(): Delivering<Result> | undefined {
		const ready = this.ready.pop();
		if (!ready) return undefined;
		const { task, report } = ready.state;
		const state: In<Result, 'delivering'> = { kind: 'delivering', task, report };
		const delivering = { entry: ready.entry, state };
		ready.entry.state = state;
		this.delivering.add(delivering);
		return delivering;
	}

	end(entry: Entry<Result>, task: Task | undefined, end: End<Result>): void {
		if (entry.state.kind !== 'ended') this.unended -= 1;
		entry.state = { ...end, kind: 'ended', ...(task ? { task } : {}) };
		this.letGo(entry);
	}

	/** Past wishes of tasks that are to be asked for at another time by now are dropped on the way. */
	private get firstWaiting(): Placed<Result, 'waiting'> | undefined {
		let { first } = this.waiting;
		for (; first && first.entry.state !== first.state; { first } = this.waiting) this.waiting.pop();
		return first;
	}

	/** What an earlier run ordered stands in line in an order that nobody knows. */
	private keep(entry: Entry<Result>, task: Task): void {
		if (entry.item.job === undefined) {
			if (!this.unordered.has(entry)) this.places.unordered(entry.lane, 1);
			this.unordered.add(entry);
			return;
		}
		if (this.underWay.has(entry)) return;
		this.underWay.set(entry, task);
		const number = this.places.takeTask(entry.lane);
		if (number !== undefined) task.number = number;
	}

	private letGo(entry: Entry<Result>): void {
		if (this.unordered.delete(entry)) this.places.unordered(entry.lane, -1);
		const task = this.underWay.get(entry);
		if (this.underWay.delete(entry)) this.places.giveTaskBack(entry.lane, task?.number);
	}
}

/** Until when the answer to a question is waited for, should not even its own time-out end it. */
export const hungUntilMs = ({ state: { askedAtMs } }: Asking<unknown>): number =>
	askedAtMs + ASK_TIMEOUT_MS + HUNG_AFTER_MS;

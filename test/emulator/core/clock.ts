/** The emulator's only source of time, so that it runs on the wall clock or, in a bench, on a virtual one. */
export interface Clock {
	/** Milliseconds since the Unix epoch. */
	nowMs(): number;
	/** Calls `fn` once after `ms` milliseconds; returns the way to call it off. */
	setTimer(ms: number, fn: () => void): () => void;
}

export const wallClock: Clock = {
	nowMs: () => Date.now(),
	setTimer: (ms, fn) => {
		// Node fires at once when asked for more than 2^31 - 1 ms; nothing here waits 24 days in earnest.
		const timer = setTimeout(fn, Math.min(ms, 2_147_483_647));
		return () => clearTimeout(timer);
	},
};

interface Timer {
	atMs: number;
	order: number;
	fn: () => void;
	cancelled: boolean;
}

// Taken when the module loads: a test may replace the global one.
const nextTurn = setImmediate;
const settle = (): Promise<void> => new Promise((resolve) => nextTurn(resolve));

/** A clock that moves only when told to. Timers fire in order of time, then of creation. */
export class VirtualClock implements Clock {
	private heap: Timer[] = [];
	private order = 0;

	/** @param startMs Unix time the clock starts at, milliseconds. */
	constructor(private now = Date.UTC(2026, 10, 20, 10, 0, 0)) {}

	nowMs(): number {
		return this.now;
	}

	setTimer(ms: number, fn: () => void): () => void {
		const timer: Timer = { atMs: this.now + Math.max(0, ms), order: this.order++, fn, cancelled: false };
		this.push(timer);
		return () => {
			timer.cancelled = true;
		};
	}

	sleep(ms: number): Promise<void> {
		return new Promise((resolve) => this.setTimer(ms, resolve));
	}

	/** Moves `ms` milliseconds on; promises settle between timers. */
	async advance(ms: number): Promise<void> {
		const untilMs = this.now + ms;
		await settle();
		while (this.fireNext(untilMs)) await settle();
		this.now = untilMs;
		await settle();
	}

	/** Moves on until `promise` settles, and gives its value. Throws when no timer is left that could settle it. */
	async runUntil<T>(promise: Promise<T>): Promise<T> {
		let done = false;
		const watched = promise.finally(() => {
			done = true;
		});
		watched.catch(() => undefined);
		for (;;) {
			await settle();
			if (done) return await watched;
			if (!this.fireNext(Infinity)) {
				for (let turns = 0; turns < 50 && !done; turns++) await settle();
				if (!done && this.heap.length === 0)
					throw new Error('The virtual clock has no timer left, but the promise is still open');
			}
		}
	}

	/** Fires every timer of the next instant that is due until then. */
	private fireNext(untilMs: number): boolean {
		let atMs: number | undefined;
		for (;;) {
			const timer = this.heap[0];
			if (timer === undefined) break;
			if (timer.cancelled) {
				this.pop();
				continue;
			}
			if (timer.atMs > untilMs || (atMs !== undefined && timer.atMs > atMs)) break;
			this.pop();
			atMs = timer.atMs;
			this.now = Math.max(this.now, timer.atMs);
			timer.fn();
		}
		return atMs !== undefined;
	}

	private push(timer: Timer): void {
		const { heap } = this;
		let at = heap.push(timer) - 1;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (!isBefore(timer, heap[parent])) break;
			heap[at] = heap[parent]!;
			at = parent;
		}
		heap[at] = timer;
	}

	private pop(): void {
		const { heap } = this;
		const last = heap.pop()!;
		if (heap.length === 0) return;
		let at = 0;
		for (;;) {
			let child = 2 * at + 1;
			if (child >= heap.length) break;
			if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
			if (!isBefore(heap[child], last)) break;
			heap[at] = heap[child]!;
			at = child;
		}
		heap[at] = last;
	}
}

const isBefore = (a: Timer, b: Timer): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** A clock whose open timers can all be called off: for `stop()` and `reset()`. */
export class OwnedClock implements Clock {
	private open = new Set<() => void>();

	constructor(private readonly clock: Clock) {}

	nowMs(): number {
		return this.clock.nowMs();
	}

	setTimer(ms: number, fn: () => void): () => void {
		const forget = (): void => {
			this.open.delete(cancel);
		};
		const cancelInner = this.clock.setTimer(ms, () => {
			forget();
			fn();
		});
		const cancel = (): void => {
			forget();
			cancelInner();
		};
		this.open.add(cancel);
		return cancel;
	}

	sleep(ms: number): Promise<void> {
		return new Promise((resolve) => this.setTimer(ms, resolve));
	}

	cancelAll(): void {
		for (const cancel of [...this.open]) cancel();
	}
}

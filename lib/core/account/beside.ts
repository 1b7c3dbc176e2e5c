import { NoReply } from '../http';

/** Calls beside the runs, such as for a file's place or the balance: each waits for its turn, and gives it back on Stop. */
export class CallsBeside {
	/** In the order they came. */
	private readonly waiting = new Set<() => void>();

	get areWaiting(): boolean {
		return this.waiting.size > 0;
	}

	/** @throws NoReply where the run is stopped before its turn has come */
	async turn(signal: AbortSignal | undefined, wake: () => void): Promise<void> {
		if (signal?.aborted) throw stopped();
		await new Promise<void>((resolve, reject) => {
			const stop = (): void => {
				this.waiting.delete(start);
				reject(stopped());
			};
			const start = (): void => {
				signal?.removeEventListener('abort', stop);
				resolve();
			};
			signal?.addEventListener('abort', stop, { once: true });
			this.waiting.add(start);
			wake();
		});
	}

	/** The first may go. @returns false where none waits */
	startFirst(): boolean {
		const [start] = this.waiting;
		if (!start) return false;
		this.waiting.delete(start);
		start();
		return true;
	}
}

const stopped = (): NoReply => new NoReply('The run was stopped.', false);

import type { Diagnosis, Job } from './types';

/**
 * What became of each job, written around every submission. It lives in n8n's node context, which survives Retry On
 * Fail and the Retry button, so a second try resumes the tasks of the first instead of buying them again.
 */

export type LedgerEntry =
	/** Written before the request leaves: if nothing follows, the outcome is unknown. */
	| { state: 'submitting'; atMs: number }
	| { state: 'unknown'; atMs: number }
	| { state: 'submitted'; atMs: number; taskId: string; execution: string; credits?: number }
	/** Refused, or ended without a video, for a reason that a second try cannot change. */
	| { state: 'closed'; atMs: number; taskId?: string; diagnosis: Diagnosis };

export class Ledger {
	/**
	 * @param entries a JSON-safe object that outlives the run
	 * @param runIndex n8n's run index: a loop enters the node once per round
	 * @param execution id of this execution, to tell a later one apart
	 */
	constructor(
		private readonly entries: Record<string, LedgerEntry>,
		private readonly runIndex: number,
		readonly execution: string,
	) {}

	read(job: Job): LedgerEntry | undefined {
		return this.entries[this.key(job)];
	}

	write(job: Job, entry: LedgerEntry): void {
		this.entries[this.key(job)] = entry;
	}

	/** The provider refused and nothing was started, or the task ended for a passing reason: it may be tried again. */
	forget(job: Job): void {
		delete this.entries[this.key(job)];
	}

	/** Everything of this run is delivered, so no try can follow. */
	forgetRun(): void {
		for (const key of Object.keys(this.entries))
			if (key.startsWith(`${this.runIndex}:`)) delete this.entries[key];
	}

	private key(job: Job): string {
		return `${this.runIndex}:${job.itemIndex}:${job.fingerprint}`;
	}
}

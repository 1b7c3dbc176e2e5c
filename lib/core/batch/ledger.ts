import type { Job } from '../job';
import type { Diagnosis, TaskReport } from '../provider';
import { Claims } from './claims';
import { readRecord, RECORD_VERSION, type RecordRead } from './records';

/**
 * What became of each job, written around every submission. It lives in n8n's node context, which survives Retry On
 * Fail and the Retry button, so a second try resumes the tasks of the first instead of buying them again.
 *
 * Within one execution run index and item index are the wish. An entry stands for it although an expression ($now, a
 * random seed) reads differently on the next try: that is told from a changed wish by the job's `origin`. Only a job
 * with another origin and another fingerprint is another wish.
 */

/** What every entry knows of the job it stands for, so that a later try need not read the item again. */
export type WishFacts = Pick<
	Job,
	'fingerprint' | 'origin' | 'operation' | 'model' | 'typicalSeconds' | 'isOffPeak' | 'price' | 'orderKey' | 'queryPath'
>;

/** What became of a job. */
export type JobState =
	/** Written before the request leaves: if nothing follows, the outcome is unknown. */
	| { state: 'submitting'; atMs: number }
	/** `taskId` where the unclear answer named one. */
	| { state: 'unknown'; atMs: number; taskId?: string }
	/** `result`: what was made, where the answer to the order said it and nobody can be asked again. */
	| {
			state: 'submitted';
			atMs: number;
			taskId: string;
			execution: string;
			credits?: number;
			result?: TaskReport;
			facts?: Record<string, unknown>;
	  }
	/** Refused, or ended without a video, for a reason that a second try cannot change. */
	| {
			state: 'closed';
			atMs: number;
			taskId?: string;
			diagnosis: Diagnosis;
			/** Cancelled: holds for the tries of this execution; whoever starts a later one wants it made. */
			canceledIn?: string;
	  }
	/** Nothing is under way for it; kept only for what was ordered earlier. */
	| { state: 'free' };

export type LedgerEntry = JobState & {
	wish: WishFacts;
	/** Tasks of the same place that were ordered for another wish, oldest first. */
	earlierTaskIds?: string[];
};

/** An entry that says what became of its job. */
export type HeldEntry = Exclude<LedgerEntry, { state: 'free' }>;

/** Something is written in this place that this version cannot read: whether the job was ordered, nobody knows. */
export interface UnreadableEntry {
	state: 'unreadable';
	taskId?: string;
}

export class Ledger {
	private readonly warned = new Set<string>();
	/** Where the entries stand that other calls wrote and items of this one stand for. */
	private readonly adopted = new Map<number, string>();
	private readonly claims: Claims;

	/**
	 * @param entries a JSON-safe object that outlives the run, and the version of this package that began it
	 * @param runIndex n8n's run index: a loop enters the node once per round
	 * @param execution id of this execution, to tell a later one apart
	 * @param warn told of each entry that cannot be read, once
	 */
	constructor(
		private readonly entries: Record<string, unknown>,
		private readonly runIndex: number,
		readonly execution: string,
		private readonly warn: (message: string) => void = () => {},
	) {
		this.claims = new Claims(entries);
	}

	/** What became of this job on an earlier try; undefined for another wish in its place. */
	read(job: Job): HeldEntry | UnreadableEntry | undefined {
		const record = this.recordOf(job.itemIndex);
		if (record?.kind === 'unreadable') {
			const taskId = record.taskIds.at(-1);
			return { state: 'unreadable', ...(taskId === undefined ? {} : { taskId }) };
		}
		const entry = record?.entry;
		return entry && isSameWish(entry.wish, job) && this.holds(entry) ? entry : undefined;
	}

	/**
	 * The job of an earlier try, where the item and the node as written are what they were. It holds what it takes to
	 * wait for its task: what was ordered needs no second reading, for its expressions may read differently by now.
	 */
	recall(itemIndex: number, origin: string): Job | undefined {
		const entry = this.entryOf(itemIndex);
		if (!entry || entry.wish.origin !== origin || !this.holds(entry)) return undefined;
		return { itemIndex, ...entry.wish };
	}

	/** True when a later execution would order this item: nothing is under way for it, and nothing has ended it for good. */
	isOpen(itemIndex: number): boolean {
		const record = this.recordOf(itemIndex);
		if (record?.kind === 'unreadable') return false;
		const entry = record?.entry;
		return !entry || entry.state === 'free' || (entry.state === 'closed' && entry.canceledIn !== undefined);
	}

	/** Any task ever ordered in this item's place, the last one first. */
	taskIdsOf(itemIndex: number): string[] {
		const record = this.recordOf(itemIndex);
		if (record?.kind === 'unreadable') return [...record.taskIds].reverse();
		return record ? [...(record.entry.earlierTaskIds ?? []), ...idOf(record.entry)].reverse() : [];
	}

	/** The order key that what was ordered in this item's place has for good: nobody gave it back. */
	orderKeyOf(itemIndex: number): string | undefined {
		const entry = this.entryOf(itemIndex);
		if (!entry || entry.state === 'free') return undefined;
		if (entry.state === 'closed' && (entry.taskId === undefined || entry.canceledIn !== undefined)) return undefined;
		return entry.wish.orderKey;
	}

	/** Tasks ordered in this job's place for another wish. */
	earlierTaskIds(job: Job): string[] {
		const record = this.recordOf(job.itemIndex);
		if (record?.kind === 'unreadable') return record.taskIds.slice(0, -1);
		const entry = this.entryOf(job.itemIndex);
		if (!entry) return [];
		return [...(entry.earlierTaskIds ?? []), ...(isSameWish(entry.wish, job) ? [] : idOf(entry))];
	}

	/** Leaves alone what it cannot read. */
	write(job: Job, state: JobState): void {
		const { fingerprint, origin, operation, model, typicalSeconds, isOffPeak, price, orderKey, queryPath } = job;
		if (this.recordOf(job.itemIndex)?.kind === 'unreadable') return;
		const earlierTaskIds = this.earlierTaskIds(job);
		const entry: LedgerEntry & { version: number } = {
			version: RECORD_VERSION,
			...state,
			wish: {
				...{ fingerprint, origin, operation, typicalSeconds },
				...(model === undefined ? {} : { model }),
				...(isOffPeak ? { isOffPeak } : {}),
				...(price === undefined ? {} : { price }),
				...(orderKey === undefined ? {} : { orderKey }),
				...(queryPath === undefined ? {} : { queryPath }),
			},
			...(earlierTaskIds.length > 0 ? { earlierTaskIds } : {}),
		};
		this.entries[this.key(job.itemIndex)] = entry;
		if (state.state !== 'submitting' && state.state !== 'free') this.claims.release(job.itemIndex);
	}

	/**
	 * What another call of this execution ordered for the same request stands for this job: a model that repeats its call asks
	 * for the same video, and not for another. The entry stays where it is, so that all calls see what becomes of it, and
	 * stands for one item of each call: items of one call that read alike are two wishes.
	 * @param orders the job is ordered where nothing stands for it, so that other calls wait for its entry
	 * @returns false where another call is about to order the same: then it is to be asked again
	 */
	adopt(job: Job, orders = true): boolean {
		if (this.recordOf(job.itemIndex) !== undefined) return true;
		if (this.claims.mustWaitFor(job.fingerprint)) return false;
		const taken = new Set(this.adopted.values());
		let found: string | undefined;
		for (const [key, value] of Object.entries(this.entries)) {
			if (this.isOfRun(key) || taken.has(key)) continue;
			const record = readRecord(value) as RecordRead<LedgerEntry> | undefined;
			if (record?.kind !== 'entry' || record.entry.wish.fingerprint !== job.fingerprint) continue;
			if (!this.holds(record.entry)) continue;
			found ??= key;
			// what nobody knows the end of leads nowhere
			if (idOf(record.entry).length === 0) continue;
			found = key;
			break;
		}
		if (found !== undefined) this.adopted.set(job.itemIndex, found);
		else if (orders) this.claims.take(job.itemIndex, job.fingerprint);
		return true;
	}

	/** This call orders nothing more: other calls need not wait for it. */
	letGo(): void {
		this.claims.releaseAll();
	}

	/** The provider refused and nothing was started, or the task ended for a passing reason: it may be tried again. */
	forget(job: Job): void {
		if (this.earlierTaskIds(job).length > 0) this.write(job, { state: 'free' });
		else if (this.recordOf(job.itemIndex)?.kind === 'entry') delete this.entries[this.key(job.itemIndex)];
	}

	/** A task that ended for good is remembered as such; one that ended for a passing reason may be ordered again. */
	rememberEnd(job: Job, taskId: string, diagnosis: Diagnosis | undefined, nowMs: number): void {
		if (!diagnosis || diagnosis.kind === 'transient') this.forget(job);
		else this.write(job, { state: 'closed', atMs: nowMs, taskId, diagnosis });
	}

	/** Somebody did not want it: Retry On Fail must not order it again, but who runs it again by hand does want it. */
	rememberCanceled(job: Job, taskId: string, said: Diagnosis | undefined, nowMs: number): void {
		const diagnosis: Diagnosis = said ?? { kind: 'permanent', summary: 'The task was cancelled', advice: '' };
		this.write(job, { state: 'closed', atMs: nowMs, taskId, diagnosis, canceledIn: this.execution });
	}

	/** Everything of this run is delivered, so no try can follow. */
	forgetRun(): void {
		for (const key of Object.keys(this.entries)) if (this.isOfRun(key)) delete this.entries[key];
	}

	private isOfRun(key: string): boolean {
		return key.startsWith(`${this.runIndex}:`);
	}

	private entryOf(itemIndex: number): LedgerEntry | undefined {
		const record = this.recordOf(itemIndex);
		return record?.kind === 'entry' ? record.entry : undefined;
	}

	private recordOf(itemIndex: number): RecordRead<LedgerEntry> | undefined {
		const key = this.key(itemIndex);
		// absent fields stay absent, which the schema's type does not say
		const record = readRecord(this.entries[key]) as RecordRead<LedgerEntry> | undefined;
		if (record?.kind === 'unreadable' && !this.warned.has(key)) {
			this.warned.add(key);
			this.warn(
				`What an earlier try noted for item ${itemIndex} cannot be read, so nothing is ordered for it: ${record.why}.`,
			);
		}
		return record;
	}

	private holds(entry: LedgerEntry): entry is HeldEntry {
		if (entry.state === 'free') return false;
		return entry.state !== 'closed' || entry.canceledIn === undefined || entry.canceledIn === this.execution;
	}

	private key(itemIndex: number): string {
		return this.adopted.get(itemIndex) ?? `${this.runIndex}:${itemIndex}`;
	}
}

/**
 * The same request is the same wish, whatever was edited around it; and so is another request out of the same item and
 * the same node as written, for then nothing but a changing expression made it another.
 */
const isSameWish = (one: WishFacts, other: WishFacts): boolean =>
	one.fingerprint === other.fingerprint || one.origin === other.origin;

const idOf = (entry: LedgerEntry): string[] => ('taskId' in entry && entry.taskId !== undefined ? [entry.taskId] : []);

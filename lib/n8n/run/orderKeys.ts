import type { BatchItem } from '../../core/batch';
import type { Ledger } from '../../core/batch/ledger';
import type { OrderKeys } from '../../core/batch/parts';
import { notStarted, type Failure } from '../../core/failure';
import type { Job } from '../../core/job';
import type { KeyDesk } from '../../core/orderKeys/desk';
import { KeyRun } from '../../core/orderKeys/store';
import { keyDeskOf, keyStoreOf } from '../io/keyStore';
import type { NodeRun } from './nodeRun';

/** The order keys of one run: bought once, however many executions ask. */

/** From so many on, keys are looked up together before the first order: one by one they wait for a place each. */
const LOOK_FROM = 5;

export class RunKeys implements OrderKeys {
	/** Of items that an earlier try of this execution ordered: their keys are this run's own. */
	private readonly own = new Set<number>();
	private readonly givenBack = new Set<Promise<void>>();

	private constructor(
		private readonly desk: KeyDesk,
		private readonly keyRun: KeyRun,
	) {
		desk.join(keyRun);
	}

	/** @returns undefined where no item has a key: then nothing is kept */
	static open({ context }: NodeRun, items: readonly BatchItem[], maxKeys: number): RunKeys | undefined {
		if (items.every(({ job }) => job?.orderKey === undefined)) return undefined;
		return new RunKeys(keyDeskOf(context), new KeyRun(keyStoreOf(context), maxKeys));
	}

	/**
	 * Parts the items whose key is taken from those that may be ordered: by an item before it, by another run of this
	 * process, or long since. What the ledger knows is never left out.
	 * @param lookFrom fewer keys than this are not looked up
	 * @returns the items to leave out
	 */
	async sort(
		items: readonly BatchItem[],
		ledger: Ledger,
		signal?: AbortSignal,
		lookFrom = LOOK_FROM,
	): Promise<Set<BatchItem>> {
		const left = new Set<BatchItem>();
		const mine = new Set<string>();
		const asking = new Map<string, BatchItem>();
		const isKnown = ({ job }: BatchItem): boolean => job !== undefined && ledger.read(job) !== undefined;
		for (const item of items) {
			const { job, itemIndex } = item;
			if (job?.orderKey === undefined) continue;
			const isTaken = ledger.orderKeyOf(itemIndex) === job.orderKey;
			if (!isKnown(item) && !isTaken) continue;
			this.own.add(itemIndex);
			mine.add(job.orderKey);
			if (isTaken) this.keyRun.inherit(job.orderKey);
		}
		for (const item of items) {
			const key = item.job?.orderKey;
			if (key === undefined || this.own.has(item.itemIndex)) continue;
			if (mine.has(key) || this.desk.isHeld(key)) left.add(item);
			else asking.set(key, item);
			mine.add(key);
		}
		if (asking.size < lookFrom) return left;
		const stopped = new Promise<Set<string>>((resolve) =>
			signal?.addEventListener('abort', () => resolve(new Set()), { once: true }),
		);
		const taken = await Promise.race([this.desk.look(this.keyRun, [...asking.keys()]), stopped]);
		for (const [key, item] of asking) if (taken.has(key)) left.add(item);
		return left;
	}

	async take({ itemIndex, orderKey }: Job): Promise<'ours' | 'taken' | Failure> {
		if (orderKey === undefined || this.own.has(itemIndex)) return 'ours';
		const answer = await this.desk.take(this.keyRun, orderKey);
		switch (answer.kind) {
			case 'contested':
				return notStarted(
					'its Order Key could not be reserved, for too many executions ask at once',
					'Run the item again later.',
				);
			case 'unusable':
				return notStarted(
					"n8n's store for seen keys cannot be used",
					`Order Key needs it: save the workflow, and see that n8n's database works. n8n said: ${answer.reason.replace(/[.\s]+$/, '')}.`,
				);
			default:
				return answer.kind;
		}
	}

	giveBack({ itemIndex, orderKey }: Job): void {
		if (orderKey === undefined) return;
		// another try of the order asks anew
		this.own.delete(itemIndex);
		const giving = this.desk.giveBack(this.keyRun, orderKey).finally(() => this.givenBack.delete(giving));
		this.givenBack.add(giving);
	}

	/** The run is over. Resolves when what was given back is free. */
	async close(): Promise<void> {
		this.desk.leave(this.keyRun);
		await Promise.all(this.givenBack);
	}
}

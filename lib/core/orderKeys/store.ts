import { randomUUID } from 'node:crypto';

/** What the keys of orders are kept in, and who wants them. */

/** A store of texts that has seen what it was told. Read and written as a whole; either may throw. */
export interface SeenStore {
	/**
	 * Records what is new.
	 * @param maxEntries the oldest beyond this are forgotten
	 * @returns what was there before
	 */
	record(values: readonly string[], maxEntries: number): Promise<ReadonlySet<string>>;
	remove(values: readonly string[]): Promise<void>;
}

/** One run that orders by keys. */
export class KeyRun {
	/** What it has, with the token beside it in the store. */
	readonly taken = new Map<string, string>();

	/** @param maxKeys how many keys are kept, about */
	constructor(
		readonly store: SeenStore,
		readonly maxKeys: number,
	) {}

	/** An earlier try took it, and may have been another process: what stands beside it in the store is not known any more. */
	inherit(key: string): void {
		if (!this.taken.has(key)) this.taken.set(key, newToken());
	}
}

/** Stands in the store beside what one process recorded. */
export const newToken = (): string => randomUUID();

export type KeyAnswer =
	| { kind: 'ours' }
	/** Somebody ordered it, or is about to. */
	| { kind: 'taken' }
	/** Processes overwrite each other without an end. */
	| { kind: 'contested' }
	| { kind: 'unusable'; reason: string };

import type { KeyRun } from './store';

/**
 * What is to be taken out of the store. Another process may overwrite a removal with what it read before. The token tells:
 * when it is not found any more after a pause, what stood beside it is gone for sure. While it is found, nobody else has
 * recorded those keys, so they may be taken out once more.
 */

const TRIES = 5;

export interface Removal {
	run: KeyRun;
	/** May be none: then only the token is swept out, and nobody cares whether that lasts. */
	keys: readonly string[];
	token: string;
	/** Was tried once. */
	tried?: () => void;
	/** Is over, well or not. */
	over?: () => void;
}

interface Pending extends Removal {
	step: 'remove' | 'confirm';
	tries: number;
}

export class Removals {
	private readonly pending = new Map<string, Pending>();

	get size(): number {
		return this.pending.size;
	}

	add(removal: Removal): void {
		this.pending.set(removal.token, { ...removal, step: 'remove', tries: 0 });
	}

	/** Ends the removal of this token, if there is one: done, or not wanted any more. */
	end(token: string): void {
		const removal = this.pending.get(token);
		if (!removal) return;
		this.pending.delete(token);
		removal.tried?.();
		removal.over?.();
	}

	/** Those whose token is to be looked for. */
	get confirming(): Pending[] {
		return [...this.pending.values()].filter(({ step }) => step === 'confirm');
	}

	/** Writes what is to be taken out. */
	async takeOut(): Promise<void> {
		const removals = [...this.pending.values()].filter(({ step }) => step === 'remove');
		const [first] = removals;
		if (!first) return;
		// what failed may have been written all the same: the token tells
		await first.run.store.remove(removals.flatMap(({ keys, token }) => [...keys, token])).catch(() => undefined);
		for (const removal of removals) {
			removal.tries += 1;
			removal.step = 'confirm';
			if (removal.keys.length === 0) this.endSame(removal);
			removal.tried?.();
		}
	}

	/** @param seen undefined where the store could not be asked */
	confirm(removal: Pending, seen: ReadonlySet<string> | undefined): void {
		const { run, token } = removal;
		if (this.pending.get(token) !== removal) return;
		if (seen?.has(token) && removal.tries < TRIES) {
			removal.step = 'remove';
			return;
		}
		this.end(token);
		// looking for it has recorded it
		this.add({ run, keys: [], token });
	}

	/** A key that is given back and wanted again is not removed any more, and another removal may have its token by then. */
	private endSame(removal: Pending): void {
		if (this.pending.get(removal.token) === removal) this.end(removal.token);
	}
}

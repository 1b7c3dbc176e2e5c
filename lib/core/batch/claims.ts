/**
 * What a call is about to order, told to the other calls that share its entries: between looking for an order and noting
 * one in the ledger pass seconds, and a model may say the same twice at the same time.
 */
export class Claims {
	/** Of all calls under way, by the entries that they share. */
	private static readonly all = new WeakMap<object, Set<Claims>>();
	/** Fingerprints by item. */
	private readonly held = new Map<number, string>();

	constructor(private readonly entries: object) {}

	/**
	 * True where another call is about to order the same. A call that has claims itself waits for nobody: two calls would
	 * wait for each other.
	 */
	mustWaitFor(fingerprint: string): boolean {
		if (this.held.size > 0) return false;
		const others = [...(Claims.all.get(this.entries) ?? [])];
		return others.some((other) => other !== this && [...other.held.values()].includes(fingerprint));
	}

	take(itemIndex: number, fingerprint: string): void {
		const calls = Claims.all.get(this.entries) ?? new Set();
		Claims.all.set(this.entries, calls.add(this));
		this.held.set(itemIndex, fingerprint);
	}

	/** What became of the order is noted, so that others find it. */
	release(itemIndex: number): void {
		this.held.delete(itemIndex);
		if (this.held.size === 0) Claims.all.get(this.entries)?.delete(this);
	}

	releaseAll(): void {
		for (const itemIndex of [...this.held.keys()]) this.release(itemIndex);
	}
}

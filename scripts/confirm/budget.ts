/** What may still be spent. Counts in one unit: credits, a currency, or orders. */
export class Budget {
	#spent = 0;
	#stopped: string | undefined;

	constructor(readonly limit: number) {}

	get spent(): number {
		return rounded(this.#spent);
	}

	get left(): number {
		return Math.max(0, rounded(this.limit - this.#spent));
	}

	/** Why nothing may be ordered any more; undefined while something may. */
	get stopped(): string | undefined {
		return this.#stopped;
	}

	/** @returns why so much may not be spent, or undefined where it may */
	refusal(amount: number | undefined): string | undefined {
		if (this.#stopped !== undefined) return this.#stopped;
		if (amount === undefined) return 'nobody publishes a price for it here, so no cap could be kept';
		return amount > this.left ? `it may cost ${amount}, and ${this.left} of ${this.limit} are left` : undefined;
	}

	/** Counts what was ordered. What is given back is not put back: the cap is on orders. */
	spend(amount: number): void {
		this.#spent += amount;
	}

	/** The prices that the cap is kept with do not hold: nothing more is ordered. */
	stop(why: string): void {
		this.#stopped ??= why;
	}
}

/** Sums of cents are no whole numbers. */
const rounded = (amount: number): number => Math.round(amount * 100) / 100;

import type { ProviderName } from './messages';
import type { Task } from './tasks';

/** What a full account does with one more task: refuse it (429), or take it and let it queue (docs/api/vidu.md#limits names both). */
export type WhenFull = 'refuse' | 'queue';

export interface AccountSettings {
	/** Vidu: credits. Zhipu: yuan. Vtrix: US dollars. */
	credits: number;
	/** Tasks at once. */
	concurrency: number;
	whenFull: WhenFull;
}

/** One API key with its balance and its tasks. */
export class Account {
	credits: number;
	concurrency: number;
	whenFull: WhenFull;
	/** Sums over the account's life, same unit as `credits`. */
	charged = 0;
	refunded = 0;
	/** Every task that has not ended. */
	readonly unfinished = new Set<Task>();
	/** Tasks that hold one of the `concurrency` places. */
	readonly placed = new Set<Task>();
	/** Accepted tasks without a place, first come first served. */
	readonly waiting: Task[] = [];
	/** Zhipu: `request_id`s seen, code 1231. */
	readonly requestIds = new Set<string>();

	constructor(
		readonly provider: ProviderName,
		readonly key: string,
		settings: AccountSettings,
	) {
		this.credits = settings.credits;
		this.concurrency = settings.concurrency;
		this.whenFull = settings.whenFull;
	}

	/** True when one more task would be refused. */
	isFull(): boolean {
		return this.whenFull === 'refuse' && this.unfinished.size >= this.concurrency;
	}

	canPay(amount: number): boolean {
		return this.credits >= amount;
	}

	charge(amount: number): void {
		this.credits = round(this.credits - amount);
		this.charged = round(this.charged + amount);
	}

	refund(amount: number): void {
		this.credits = round(this.credits + amount);
		this.refunded = round(this.refunded + amount);
	}
}

/** Money in cents and credits alike: no binary dust in the sums. */
const round = (amount: number): number => Math.round(amount * 10_000) / 10_000;

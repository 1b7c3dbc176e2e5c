import type { Http } from '../http';
import type { Provider, UsageQuery } from '../provider';

/** What the account says of itself, for free: how many tasks it runs at once, and whether anything moves. */

const TIMEOUT_MS = 30_000;
/** What is known of the tier is asked for anew after this. */
const KNOWN_FOR_MS = 600_000;
/** A look that failed is tried again no sooner. */
const AFTER_FAILURE_MS = 15_000;

interface Account {
	provider: Provider;
	http: Http;
	/** The same, waiting for its turn. */
	paced: Http;
}

export class UsageLook {
	isUnderWay = false;
	/** When the last look was answered, or failed. */
	endedMs = -Infinity;
	private tierKnownMs = -Infinity;
	private isWanted = false;
	private isMovingWanted = false;
	private seen: { running: number; inLine: number } | undefined;
	/** Ids of tasks that ran. */
	private seenToRun: string | undefined;

	/** Wanted because a batch begins, unless it is known. */
	wantTier(nowMs: number): void {
		if (nowMs - this.tierKnownMs > KNOWN_FOR_MS && nowMs - this.endedMs > AFTER_FAILURE_MS) this.isWanted = true;
	}

	/** Wanted because somebody is about to give up. */
	want(): void {
		this.isWanted = true;
		this.isMovingWanted = true;
	}

	/** Nobody is there who can ask. */
	giveUp(): false {
		this.isWanted = false;
		this.isMovingWanted = false;
		return false;
	}

	get isDue(): boolean {
		return this.isWanted && !this.isUnderWay;
	}

	/**
	 * Its failure harms nothing.
	 * @returns how many tasks run at once and whether that many do, where told; and whether anything moved since the look before
	 */
	async look(account: Account, now: () => number): Promise<{ atOnce?: number; isFull?: boolean; hasMoved: boolean }> {
		const isMovingWanted = this.isMovingWanted;
		this.isWanted = false;
		this.isMovingWanted = false;
		const { usage } = account.provider;
		if (!usage) return { hasMoved: false };
		this.isUnderWay = true;
		try {
			const told = await this.count(account, usage, now);
			const hasBegun = isMovingWanted && (await this.hasAnyBegun(account, usage));
			return { ...told, hasMoved: told.hasMoved || hasBegun };
		} finally {
			this.isUnderWay = false;
			this.endedMs = now();
		}
	}

	private async count(
		{ http }: Account,
		usage: UsageQuery,
		now: () => number,
	): Promise<{ atOnce?: number; isFull?: boolean; hasMoved: boolean }> {
		try {
			const found = usage.read(await http.send({ ...usage.request(), timeoutMs: TIMEOUT_MS }));
			if (!found) return { hasMoved: false };
			const { atOnce, running = 0, inLine = 0 } = found;
			// a line that gets longer only shows that somebody orders
			const hasMoved = this.seen !== undefined && (running !== this.seen.running || inLine < this.seen.inLine);
			this.seen = { running, inLine };
			if (atOnce === undefined) return { hasMoved };
			this.tierKnownMs = now();
			return { hasMoved, atOnce, isFull: running >= atOnce };
		} catch {
			return { hasMoved: false };
		}
	}

	/** A full account whose line gets longer counts the same while its tasks end: which of them run tells. */
	private async hasAnyBegun({ paced }: Account, { running }: UsageQuery): Promise<boolean> {
		if (!running) return false;
		try {
			const ids = running.read(await paced.send({ ...running.request(), timeoutMs: TIMEOUT_MS }))?.join();
			if (ids === undefined) return false;
			const hasBegun = this.seenToRun !== undefined && ids !== this.seenToRun;
			this.seenToRun = ids;
			return hasBegun;
		} catch {
			return false;
		}
	}
}

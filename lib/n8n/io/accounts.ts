import { AccountPool } from '../../core/account/pool';
import { createRunClock } from './clock';

/**
 * The accounts that nodes of this process order with, each shared by all executions. Other processes, such as the workers of
 * queue mode, have their own: they meet at the service only.
 */

/** What was learned of an account is kept so long after its last run. Shorter than a step at which a clock counts as set. */
const KEPT_MS = 9 * 60_000;

const pools = new Map<string, { pool: AccountPool; usedMs: number }>();

/** @param identity of host and key, see `ApiClient` */
export function poolOf(identity: string): AccountPool {
	const nowMs = Date.now();
	for (const [key, { pool, usedMs }] of pools) if (pool.isIdle && Math.abs(nowMs - usedMs) > KEPT_MS) pools.delete(key);
	const known = pools.get(identity);
	if (known) {
		known.usedMs = nowMs;
		return known.pool;
	}
	const entry = {
		pool: new AccountPool(createRunClock(), () => {
			entry.usedMs = Date.now();
		}),
		usedMs: nowMs,
	};
	pools.set(identity, entry);
	return entry.pool;
}

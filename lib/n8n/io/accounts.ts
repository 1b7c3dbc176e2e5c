import { AccountPool } from '../../core/account/pool';
import { createRunClock } from './clock';
import type { ApiClient } from './http';

/**
 * The accounts that nodes of this process order with, each shared by all executions. Other processes, such as the workers of
 * queue mode, have their own: they meet at the service only.
 */

/** What was learned of an account is kept so long after its last run. Shorter than a step at which a clock counts as set. */
const KEPT_MS = 9 * 60_000;

const pools = new Map<string, { pool: AccountPool; usedMs: number }>();

/** @param account host and key, see `ApiClient`, and the wire protocol, for a gateway may speak several */
export function poolOf({ identity }: { identity: string }, { id }: { id: string }): AccountPool {
	const name = `${id} ${identity}`;
	const nowMs = Date.now();
	for (const [key, { pool, usedMs }] of pools) if (pool.isIdle && Math.abs(nowMs - usedMs) > KEPT_MS) pools.delete(key);
	const known = pools.get(name);
	if (known) {
		known.usedMs = nowMs;
		// a clock that nobody looks at for long counts the time as one that was set
		known.pool.clock.nowMs();
		return known.pool;
	}
	const entry = {
		pool: new AccountPool(createRunClock(), () => {
			entry.usedMs = Date.now();
		}),
		usedMs: nowMs,
	};
	pools.set(name, entry);
	return entry.pool;
}

/**
 * The client for calls beside batches, such as what a callback asks for: each waits for its turn among all that the account
 * is sent.
 * @param signal gives the turn back on Stop
 */
export function pacedClient(client: ApiClient, provider: { id: string }, signal?: AbortSignal): ApiClient {
	return { ...client, http: poolOf(client, provider).paced(client.http, signal) };
}

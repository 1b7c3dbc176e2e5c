import type { Http } from './http';
import type { Provider } from './provider';

/** What the account can pay, where the service tells it for free. */

const TIMEOUT_MS = 15_000;

/** In credits. @returns undefined where it cannot be read: nothing depends on it but what is told */
export async function readBalance({ credits }: Provider, http: Http): Promise<number | undefined> {
	if (!credits) return undefined;
	try {
		return credits.balance(await http.send({ ...credits.request(), timeoutMs: TIMEOUT_MS }));
	} catch {
		return undefined;
	}
}

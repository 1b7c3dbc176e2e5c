import type { Http } from './http';
import type { Provider } from './provider';

/** What the account can pay, where the service tells it for free. */

const TIMEOUT_MS = 15_000;

/** In credits. @returns undefined where it cannot be read: nothing depends on it but what is told */
export async function readBalance({ usage }: Provider, http: Http): Promise<number | undefined> {
	if (!usage) return undefined;
	try {
		return usage.read(await http.send({ ...usage.request(), timeoutMs: TIMEOUT_MS }))?.credits;
	} catch {
		return undefined;
	}
}

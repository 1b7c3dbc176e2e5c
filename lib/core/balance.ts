import type { Http } from './http';
import type { Provider } from './provider';

/** What the account can pay, where the service tells it for free. */

const TIMEOUT_MS = 30_000;

/** In credits. @returns undefined where it cannot be read: nothing depends on it but what is told */
export async function readBalance({ credits }: Provider, http: Http): Promise<number | undefined> {
	if (!credits) return undefined;
	try {
		const { creditsRemaining } = credits.read(await http.send({ ...credits.request(), timeoutMs: TIMEOUT_MS })) ?? {};
		return typeof creditsRemaining === 'number' ? creditsRemaining : undefined;
	} catch {
		return undefined;
	}
}

import { NoReply, type Diagnosis, type Http, type Provider, type TaskReport } from '../core/types';
import { systemClock } from './clock';
import { unexpected } from './http';

/** Asks for a task outside a run: in webhooks, where nothing waits for hours but one bad answer must not count. */

export const ASK_TIMEOUT_MS = 10_000;
const ASK_TRIES = 3;
const ASK_PAUSE_MS = 1_000;
const LAG_PAUSES_MS = [300, 700, 1_000];

/** @returns the report, or why there is none for good; neither where the service gives no clear answer now */
export async function askPatiently(
	provider: Provider,
	http: Http,
	taskId: string,
): Promise<{ report?: TaskReport; refusal?: Diagnosis }> {
	for (let tries = 1; tries <= ASK_TRIES; tries += 1) {
		if (tries > 1) await systemClock.sleep(ASK_PAUSE_MS * tries);
		try {
			const reply = await http.send({ ...provider.ask(taskId), timeoutMs: ASK_TIMEOUT_MS });
			const report = provider.readReport(reply);
			if (report) return { report };
			if (reply.status === 401 || reply.status === 404) return { refusal: provider.diagnose(reply) };
		} catch (cause) {
			if (!(cause instanceof NoReply)) throw unexpected(cause);
		}
	}
	return {};
}

/**
 * Asks again for two seconds while the answer is behind what a callback says: the service's answers may lag a moment
 * behind its calls, and whether it calls again after a refusal is not documented (vidu.md 5).
 * @returns the last answer
 */
export async function askPastLag<T>(ask: () => Promise<T>, isBehind: (answer: T) => boolean): Promise<T> {
	let answer = await ask();
	for (const pauseMs of LAG_PAUSES_MS) {
		if (!isBehind(answer)) break;
		await systemClock.sleep(pauseMs);
		answer = await ask();
	}
	return answer;
}

import { isFinalForTask } from '../../core/batch';
import { NoReply, type Clock, type Diagnosis, type Http, type Provider, type TaskReport } from '../../core/types';
import { systemClock } from '../io/clock';
import { unexpected } from '../io/http';

/** Asks for a task outside a run: in webhooks, where nothing waits for hours but one bad answer must not count. */

/** Of one answer. */
export const ASK_TIMEOUT_MS = 10_000;
/** Of all looks at one task together: the service waits for the answer to its call. */
const ASK_LIMIT_MS = 15_000;
const ASK_PAUSES_MS = [1_000, 2_000];
const LAG_PAUSES_MS = [300, 700, 1_000];

/**
 * @returns the report, or why there is none for good, which takes two answers in the service's own words; neither where
 * it gives no clear answer now
 */
export async function askPatiently(
	provider: Provider,
	http: Http,
	taskId: string,
	clock: Pick<Clock, 'nowMs' | 'sleep'> = systemClock,
): Promise<{ report?: TaskReport; refusal?: Diagnosis }> {
	const lastMs = clock.nowMs() + ASK_LIMIT_MS;
	let isRefusedBefore = false;
	for (const pauseMs of [...ASK_PAUSES_MS, undefined]) {
		const leftMs = lastMs - clock.nowMs();
		try {
			const reply = await http.send({ ...provider.ask(taskId), timeoutMs: Math.min(ASK_TIMEOUT_MS, leftMs) });
			const report = provider.readReport(reply);
			if (report) return { report };
			const refusal = provider.diagnose(reply);
			if (isFinalForTask(refusal)) {
				if (isRefusedBefore) return { refusal };
				isRefusedBefore = true;
			}
		} catch (cause) {
			if (!(cause instanceof NoReply)) throw unexpected(cause);
		}
		if (pauseMs === undefined || clock.nowMs() + pauseMs >= lastMs) break;
		await clock.sleep(pauseMs);
	}
	return {};
}

/**
 * Asks again for two seconds while the answer is behind what a callback says: the service's answers may lag a moment
 * behind its calls, and whether it calls again after a refusal is not documented (docs/api/vidu.md#callbacks).
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

import { askPatiently } from '../../core/ask';
import type { Clock } from '../../core/clock';
import type { Http } from '../../core/http';
import type { Diagnosis, Provider, TaskReport } from '../../core/provider';
import { systemClock } from '../io/clock';

/** Asks for a task outside a run: in webhooks, where nothing waits for hours but one bad answer must not count. */

/** Of one answer. */
export const ASK_TIMEOUT_MS = 10_000;
/** Of all looks at one task together: the service waits for the answer to its call. */
const ASK_LIMIT_MS = 15_000;
const LAG_PAUSES_MS = [300, 700, 1_000];

/**
 * @returns the report, or why there is none for good, which takes two answers in the service's own words; neither where
 * it gives no clear answer now
 */
export async function askInWebhook(
	provider: Provider,
	http: Http,
	taskId: string,
	{ clock = systemClock, queryPath }: { clock?: Pick<Clock, 'nowMs' | 'sleep'>; queryPath?: string | undefined } = {},
): Promise<{ report?: TaskReport; refusal?: Diagnosis }> {
	const asked = await askPatiently({ provider, http, clock }, taskId, {
		answerMs: ASK_TIMEOUT_MS,
		allMs: ASK_LIMIT_MS,
		...(queryPath === undefined ? {} : { queryPath }),
	});
	if (asked.kind === 'report') return { report: asked.report };
	return asked.kind === 'gone' ? { refusal: asked.diagnosis } : {};
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

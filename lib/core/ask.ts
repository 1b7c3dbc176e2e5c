import type { Clock } from './clock';
import { NoReply, type Http } from './http';
import type { Provider, StatusAnswer } from './provider';

/** One question about one task; `silent` where no answer came. */
export type Asked = StatusAnswer | { kind: 'silent'; cause: NoReply };

export async function askForTask(
	parts: { provider: Provider; http: Http },
	taskId: string,
	timeoutMs: number,
	queryPath?: string,
): Promise<Asked> {
	const asked = await askAt(parts, taskId, timeoutMs, queryPath);
	const isUnknown = asked.kind === 'gone' && asked.diagnosis.unknownTask === true;
	if (!isUnknown || queryPath !== undefined) return asked;
	let doubt: Asked | undefined;
	for (const other of parts.provider.otherQueries ?? []) {
		const found = await askAt(parts, taskId, timeoutMs, other);
		if (found.kind === 'report') return found;
		if (found.kind !== 'gone') doubt ??= found;
	}
	// it may be where no clear answer came: unknown is only what is unknown everywhere
	return doubt ?? asked;
}

async function askAt(
	{ provider, http }: { provider: Provider; http: Http },
	taskId: string,
	timeoutMs: number,
	queryPath: string | undefined,
): Promise<Asked> {
	try {
		return provider.readStatus(await http.send({ ...provider.ask(taskId, queryPath), timeoutMs }));
	} catch (cause) {
		if (cause instanceof NoReply) return { kind: 'silent', cause };
		throw cause;
	}
}

const PAUSES_MS = [1_000, 2_000];

/**
 * Asks up to three times, for one bad answer says nothing: until the task is reported, or said twice in the service's own
 * words to be gone.
 * @param limits of one answer, and of all looks together, in milliseconds; and where to ask, where not as usual
 * @returns the last answer; one that was said to be gone only once is `unclear`
 */
export async function askPatiently(
	{
		clock,
		signal,
		...parts
	}: { provider: Provider; http: Http; clock: Pick<Clock, 'nowMs' | 'sleep'>; signal?: AbortSignal },
	taskId: string,
	limits: { answerMs: number; allMs: number; queryPath?: string },
): Promise<Asked> {
	const lastMs = clock.nowMs() + limits.allMs;
	let timesGone = 0;
	for (let looks = 0; ; looks += 1) {
		const asked = await askForTask(parts, taskId, Math.min(limits.answerMs, lastMs - clock.nowMs()), limits.queryPath);
		if (asked.kind === 'gone') timesGone += 1;
		if (asked.kind === 'report' || timesGone > 1) return asked;
		const pauseMs = PAUSES_MS[looks] ?? Infinity;
		if (signal?.aborted || clock.nowMs() + pauseMs >= lastMs)
			return asked.kind === 'gone' ? { ...asked, kind: 'unclear' } : asked;
		await clock.sleep(pauseMs, signal);
	}
}

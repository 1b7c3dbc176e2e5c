import type { Clock } from './clock';
import { defined } from './defined';
import type { Film } from './film';
import { NoReply, type Http } from './http';
import type { Provider, StatusAnswer } from './provider';

/** One question about one task; `silent` where no answer came. */
export type Asked =
	/** `queryPath`: where it is known, where not at the usual place. */
	(StatusAnswer & { queryPath?: string }) | { kind: 'silent'; cause: NoReply };

/** The same of a film; a report of a task without parts has none. */
export type AskedForFilm = Asked & { film?: Film };

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
		if (found.kind === 'report') return { ...found, queryPath: other };
		if (found.kind !== 'gone') doubt ??= found;
	}
	// it may be where no clear answer came: unknown is only what is unknown everywhere
	return doubt ?? asked;
}

/**
 * Asks about a task, and about the parts that it may be made of.
 * @returns a report only where it is known whether there are any
 */
export async function askForFilm(
	parts: { provider: Provider; http: Http },
	taskId: string,
	timeoutMs: number,
): Promise<AskedForFilm> {
	const asked = await askForTask(parts, taskId, timeoutMs);
	const { films } = parts.provider;
	if (asked.kind !== 'report' || !films) return asked;
	const own = films.read(asked.report.response, asked.queryPath);
	if (own) return { ...asked, film: own };
	if (asked.queryPath !== undefined) return asked;
	const told = await askAt(parts, taskId, timeoutMs, films.partsQuery);
	if (told.kind === 'report') return { ...asked, ...defined({ film: films.read(told.report.response) }) };
	// what was made at once has no parts
	return told.kind === 'gone' && told.diagnosis.kind === 'permanent' ? asked : told;
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

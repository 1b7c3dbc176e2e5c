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

/** Who asks, and when it is time to stop asking. */
export interface Asking {
	provider: Provider;
	http: Http;
	clock: Pick<Clock, 'nowMs' | 'sleep'>;
	signal?: AbortSignal;
}

/** Of one answer, and of all looks together, in milliseconds. */
export interface Patience {
	answerMs: number;
	allMs: number;
}

/**
 * Asks up to three times, for one bad answer says nothing: until the task is reported, or said twice in the service's own
 * words to be gone.
 * @param limits and where to ask, where not as usual
 * @returns the last answer; one that was said to be gone only once is `unclear`
 */
export const askPatiently = async (
	asking: Asking,
	taskId: string,
	limits: Patience & { queryPath?: string },
): Promise<Asked> =>
	await patiently(asking, limits, async (timeoutMs) => await askForTask(asking, taskId, timeoutMs, limits.queryPath));

/** The same for a film. */
export const askForFilmPatiently = async (asking: Asking, taskId: string, limits: Patience): Promise<AskedForFilm> =>
	await patiently(asking, limits, async (timeoutMs) => await askForFilm(asking, taskId, timeoutMs));

async function patiently(
	{ clock, signal }: Asking,
	limits: Patience,
	ask: (timeoutMs: number) => Promise<AskedForFilm>,
): Promise<AskedForFilm> {
	const lastMs = clock.nowMs() + limits.allMs;
	let timesGone = 0;
	for (let looks = 0; ; looks += 1) {
		const asked = await ask(Math.min(limits.answerMs, lastMs - clock.nowMs()));
		if (asked.kind === 'gone') timesGone += 1;
		if (asked.kind === 'report' || timesGone > 1) return asked;
		const pauseMs = PAUSES_MS[looks] ?? Infinity;
		if (signal?.aborted || clock.nowMs() + pauseMs >= lastMs)
			return asked.kind === 'gone' ? { ...asked, kind: 'unclear' } : asked;
		await clock.sleep(pauseMs, signal);
	}
}

import type { Clock } from './clock';
import { NoReply, type Http } from './http';
import type { Provider } from './provider';

/** Which task made a video, where only the service's id of the video is known: no call tells, so the list of tasks is read. */

const PAGE_SIZE = 25;
/** The list goes back seven days; a thousand tasks are as much as a run looks through. */
const MOST_PAGES = 40;
/** A list repeats the images of its tasks. */
const PAGE_TIMEOUT_MS = 120_000;
const PAUSES_MS = [1_000, 2_000];

interface Page {
	taskByCreation: ReadonlyMap<string, string>;
	next?: string;
}

/**
 * @returns looks a task up by the id of its video: undefined where the list does not hold it, or cannot be read. Each page
 *   is read once, whoever asks. Undefined where the service lists nothing.
 */
export function creationFinder(
	{ list }: Provider,
	http: Http,
	clock: Pick<Clock, 'sleep'>,
	signal?: AbortSignal,
): ((creationId: string) => Promise<string | undefined>) | undefined {
	if (!list) return undefined;
	const pages: Array<Promise<Page | undefined>> = [];
	const readPage = async (token: string | undefined): Promise<Page | undefined> => {
		for (const pauseMs of [...PAUSES_MS, undefined]) {
			const page = await askOnce(token);
			if (page || pauseMs === undefined || signal?.aborted) return page;
			await clock.sleep(pauseMs, signal);
		}
		return undefined;
	};
	const askOnce = async (token: string | undefined): Promise<Page | undefined> => {
		try {
			const reply = await http.send({ ...list.page({}, PAGE_SIZE, token), timeoutMs: PAGE_TIMEOUT_MS });
			const found = list.read(reply);
			if (!found) return undefined;
			const entries = found.tasks.flatMap(({ creationId, further = [], taskId }): Array<[string, string]> =>
				[creationId, ...further.map((made) => made.creationId)].flatMap((id): Array<[string, string]> =>
					id === undefined || taskId === '' ? [] : [[id, taskId]],
				),
			);
			const next = found.tasks.length > 0 ? found.nextPageToken : undefined;
			return { taskByCreation: new Map(entries), ...(next === undefined ? {} : { next }) };
		} catch (cause) {
			if (cause instanceof NoReply) return undefined;
			throw cause;
		}
	};
	return async (creationId) => {
		let token: string | undefined;
		for (let number = 0; number < MOST_PAGES; number += 1) {
			const page = await (pages[number] ??= readPage(token));
			const taskId = page?.taskByCreation.get(creationId);
			if (taskId !== undefined || page?.next === undefined) return taskId;
			token = page.next;
		}
		return undefined;
	};
}

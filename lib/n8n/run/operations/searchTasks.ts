import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import type { SubmittedTask } from '../../../core/provider';
import type { Backend } from '../../backends';
import { createClient } from '../../io/http';
import { statusOf } from '../output';

/** The list that Task ID is chosen from. */

const PAGE_SIZE = 25;
/** Of pages without a hit before the editor is asked to scroll, which an empty list cannot. */
const MOST_PAGES = 8;
/** A list repeats the images of its tasks. */
const TIMEOUT_MS = 60_000;

/**
 * One page of the account's tasks of the last seven days, the newest first as Vidu lists them; of words, the next page that
 * has them.
 * @param filter what the user typed: an ID is looked for at the service, words in what is shown
 * @param pageToken of the page before
 * @throws Error in the user's words when the service does not list them
 */
export async function searchTasks(
	context: ILoadOptionsFunctions,
	{ credential, provider }: Backend,
	filter: string | undefined,
	pageToken: string | undefined,
): Promise<INodeListSearchResult> {
	const { list } = provider;
	if (!list) return { results: [] };
	const { http } = await createClient(context, credential);
	const words = filter?.trim().toLowerCase() ?? '';
	const taskIds = provider.findTaskIds?.(words) ?? [];
	let next = pageToken;
	for (let pages = 1; ; pages += 1) {
		const reply = await http.send({
			...list.page(taskIds.length > 0 ? { taskIds } : {}, PAGE_SIZE, next),
			timeoutMs: TIMEOUT_MS,
		});
		const page = list.read(reply);
		if (!page) throw new Error(provider.diagnose(reply).summary);
		const results = page.tasks
			.map((task) => ({ name: nameOf(task), value: task.taskId }))
			.filter(({ name }) => taskIds.length > 0 || name.toLowerCase().includes(words));
		next = page.tasks.length === 0 ? undefined : page.nextPageToken;
		if (next === undefined) return { results };
		if (results.length > 0 || pages === MOST_PAGES) return { results, paginationToken: next };
	}
}

/** "2026-11-20 10:00, viduq3-turbo, succeeded, 876543210123456789" */
const nameOf = (task: SubmittedTask): string =>
	[task.createdAt?.slice(0, 16).replace('T', ' '), task.model, statusOf(task), task.taskId].filter(Boolean).join(', ');

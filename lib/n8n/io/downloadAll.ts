import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { Clock } from '../../core/clock';
import { defined } from '../../core/defined';
import type { FileFacts } from '../../core/download';
import type { MadeFile, TaskReport } from '../../core/provider';
import { storeVideo, type Destination } from './download';

/** A task may make several files: each gets a field of its own, named like the first with its number. */

/**
 * Fetches everything that a finished task made: `data`, `data2`, `data3`, as `<name>.png`, `<name>-2.png` and so on. A cover
 * is fetched of the first alone.
 * @returns as `storeVideo`: a failure where one of them did not arrive, and the report with the links that were tried last
 */
export async function storeAll(
	context: IExecuteFunctions | IWebhookFunctions,
	task: Parameters<typeof storeVideo>[1],
	to: Destination,
	clock: Clock,
	signal?: AbortSignal,
): ReturnType<typeof storeVideo> {
	const first = await storeVideo(context, task, to, clock, signal);
	if ('failure' in first || first.report.further === undefined) return first;
	const further = [...first.report.further];
	const report: TaskReport = { ...first.report, further };
	const { maxBytes, made } = to;
	const { binary, file } = first.result;
	const furtherFiles: FileFacts[] = [];
	for (const [at, one] of further.entries()) {
		const number = at + 2;
		const done = await storeVideo(
			context,
			{
				taskId: task.taskId,
				report: reportOn(one, report),
				askAgain: async () => {
					const fresh = await task.askAgain();
					const again = fresh?.further?.[at];
					return again && reportOn(again, report);
				},
			},
			{ field: `${to.field}${number}`, fileName: numbered(to.fileName, number), maxBytes, ...defined({ made }) },
			clock,
			signal,
		);
		const { videoUrl = one.videoUrl, urlExpiresAt } = done.report;
		further[at] = { ...one, videoUrl, ...defined({ urlExpiresAt }) };
		if ('failure' in done) return { report, failure: done.failure };
		Object.assign(binary, done.result.binary);
		furtherFiles.push(done.result.file);
	}
	return { report, result: { binary, file, furtherFiles } };
}

/** One of several, as if the task had made it alone. */
const reportOn = (made: MadeFile, { state, providerState, response }: TaskReport): TaskReport => ({
	...{ state, providerState, response },
	...made,
});

/** "sneaker-2.png". */
const numbered = (fileName: string, number: number): string => fileName.replace(/(?=\.[^.]*$)|$/, `-${number}`);

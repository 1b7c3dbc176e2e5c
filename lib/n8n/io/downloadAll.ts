import type { IBinaryKeyData, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { Clock } from '../../core/clock';
import { defined } from '../../core/defined';
import type { FileFacts, FinishedTask } from '../../core/download';
import type { MadeFile, TaskReport } from '../../core/provider';
import { withNumber } from '../../core/fileType';
import { storeVideo, type Destination, type Storing, type StoredVideo } from './download';

/** A task may make several files: each gets a field of its own, named like the first with its number. */

/**
 * Fetches everything that a finished task made: `data`, `data2`, `data3`, as `<name>.png`, `<name>-2.png` and so on. A cover
 * is fetched of the first alone.
 * @returns as `storeVideo`: a failure where one of them did not arrive, and the report with the links that were tried last
 */
export async function storeAll(
	context: IExecuteFunctions | IWebhookFunctions,
	task: FinishedTask,
	to: Destination,
	clock: Clock,
	signal?: AbortSignal,
): Promise<Storing> {
	const { taskId, report } = task;
	if (report.further === undefined) return await storeVideo(context, task, to, clock, signal);
	const tried: MadeFile[] = [report, ...report.further];
	const binary: IBinaryKeyData = {};
	const files: Array<FileFacts | undefined> = [];
	const stored = ([file, ...furtherFiles]: typeof files): StoredVideo | undefined =>
		file && { binary, file, furtherFiles };
	for (const [at, made] of [...tried.entries()]) {
		if (made.videoUrl === undefined) {
			files.push(undefined);
			continue;
		}
		const one = {
			taskId,
			report: reportOn(made, report),
			askAgain: async () => {
				const again = sameIn(await task.askAgain(), made, at);
				return again && reportOn(again, report);
			},
		};
		const done = await storeVideo(context, one, at === 0 ? to : destinationOf(at, to), clock, signal);
		tried[at] = { ...made, ...linksOf(done.report) };
		if ('failure' in done)
			return { report: withTried(report, tried), failure: done.failure, ...defined({ arrived: stored(files) }) };
		Object.assign(binary, done.result.binary);
		files.push(done.result.file);
	}
	return { report: withTried(report, tried), result: stored(files)! };
}

/** One of several, as if the task had made it alone. */
const reportOn = (made: MadeFile, { state, providerState, response }: TaskReport): TaskReport => ({
	...{ state, providerState, response },
	...made,
});

/** The same file in a later answer: by its ID, for nothing promises the order; without one by its place. */
function sameIn(again: TaskReport | undefined, made: MadeFile, at: number): MadeFile | undefined {
	const all = again ? [again, ...(again.further ?? [])] : [];
	return made.creationId === undefined ? all[at] : all.find(({ creationId }) => creationId === made.creationId);
}

const linksOf = ({ videoUrl, urlExpiresAt }: MadeFile): Pick<MadeFile, 'videoUrl' | 'urlExpiresAt'> =>
	defined({ videoUrl, urlExpiresAt });

const withTried = (report: TaskReport, [first, ...further]: readonly MadeFile[]): TaskReport => ({
	...report,
	...(first ? linksOf(first) : {}),
	further,
});

/** The first is in the field that the user named, the others in numbered ones: `data2`, but for one that the cover has. */
function destinationOf(at: number, { field, fileName, coverField, maxBytes, made }: Destination): Destination {
	const number = at + 1;
	const isBehindCover = Array.from({ length: at }, (_, below) => `${field}${below + 2}`).includes(coverField ?? '');
	return {
		...{ field: `${field}${isBehindCover ? number + 1 : number}`, fileName: withNumber(fileName, number), maxBytes },
		...defined({ made }),
	};
}

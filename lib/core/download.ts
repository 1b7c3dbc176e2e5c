import { downloadCutOff, type Failure } from './failure';
import type { Clock } from './clock';
import type { ClipFacts } from './mp4';
import type { TaskReport } from './provider';

/** What one attempt to fetch a video came to. */
export type Fetched<Stored> =
	| { kind: 'stored'; stored: Stored }
	/** The link is refused for being too old. */
	| { kind: 'expired' }
	| { kind: 'refused'; status: number }
	/** The connection broke, stood still, or brought something that is no video. */
	| { kind: 'broken'; reason: string }
	/** Trying again cannot help, such as a file over the user's cap. */
	| { kind: 'given up'; reason: string };

/** What a finished video's file is. */
export interface FileFacts extends ClipFacts {
	fileName: string;
	mimeType: string;
	/** As counted on arrival. */
	sizeBytes: number;
}

/** A finished task whose video is fetched. */
export interface FinishedTask {
	taskId: string;
	report: TaskReport;
	/** The task's report once more, undefined when it cannot be had now. */
	askAgain(): Promise<TaskReport | undefined>;
}

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 2_000;

/**
 * Fetches a finished video, up to four times, each further time with a freshly asked link.
 * @param fetchVideo one attempt, with the link byte for byte as the service gave it
 * @param askAgain the task's report once more, undefined when it cannot be had now
 * @param noun what it is, for messages
 * @returns the stored file, or a failure that holds the link and the id; and the report whose link was tried last
 */
export async function deliverVideo<Stored>(
	taskId: string,
	report: TaskReport,
	askAgain: () => Promise<TaskReport | undefined>,
	fetchVideo: (url: string) => Promise<Fetched<Stored>>,
	clock: Clock,
	signal?: AbortSignal,
	noun = 'video',
): Promise<{ report: TaskReport } & ({ stored: Stored } | { failure: Failure })> {
	let current = report;
	let reason = '';
	for (let attempt = 1; attempt <= ATTEMPTS && !signal?.aborted; attempt += 1) {
		if (attempt > 1) {
			await clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 2), signal);
			if (signal?.aborted) break;
			const fresh = await askAgain();
			if (fresh?.videoUrl !== undefined) current = fresh;
		}
		const fetched = await fetchVideo(current.videoUrl!);
		if (fetched.kind === 'stored') return { stored: fetched.stored, report: current };
		reason = describe(fetched);
		if (fetched.kind === 'given up') break;
	}
	return { failure: downloadCutOff(taskId, reason, current, noun), report: current };
}

function describe(fetched: Exclude<Fetched<unknown>, { kind: 'stored' }>): string {
	switch (fetched.kind) {
		case 'expired':
			return 'The link has expired, and the service gave no newer one.';
		case 'refused':
			return `The file server answered HTTP ${fetched.status}.`;
		default:
			return `${fetched.reason.replace(/\.$/, '')}.`;
	}
}

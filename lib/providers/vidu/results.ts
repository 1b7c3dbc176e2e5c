import type { Answering } from '../../catalogue/types';
import { defined } from '../../core/defined';
import type { ClipFacts } from '../../core/mp4';
import type { Diagnosis, TaskReport } from '../../core/provider';
import { asNumber, asRecord, asText, readExpiry, toCamelCase } from '../replies';

/** Answers of the endpoints that are not asked about like a clip: the result itself, or films in parts. */

/** An answer without a state is told apart by what it brings. */
const NO_PROMPT: Diagnosis = {
	kind: 'permanent',
	summary: 'Vidu has no prompt to recommend for this image',
	advice: 'Try another image, or another of the Types.',
};

/**
 * What the answer to an order says of its result (docs/text-to-speech, voice-clone, prompt-rec; the subjects' page).
 * @param report the same answer, read like that of any task
 * @returns undefined where it neither brings a result nor says that one is being made
 */
export function withResult(
	report: TaskReport,
	{ tells = [] as const }: { tells?: NonNullable<Answering['tells']> | readonly [] },
): TaskReport | undefined {
	const fields = asRecord(report.response);
	const isToCome = report.state !== 'succeeded' && asText(fields.state) !== undefined;
	const told = tells.filter((name) => (fields[name] ?? '') !== '');
	const facts = Object.fromEntries(told.map((name) => [toCamelCase(name), fields[name]]));
	// under way, failed, or a word that nobody knows: asked about like any task, whose answers do not tell this again
	if (isToCome) return told.length === 0 || report.state === 'failed' ? report : { ...report, facts };
	const [needed] = tells;
	if (needed === undefined)
		return report.videoUrl === undefined && report.state !== 'succeeded' ? undefined : done(report);
	const value = fields[needed];
	if (Array.isArray(value) && value.length === 0)
		return { ...report, state: 'failed', providerState: 'empty', credits: 0, diagnosis: NO_PROMPT };
	if (value === undefined || value === null || value === '') return undefined;
	return { ...done(report), facts };
}

const done = (report: TaskReport): TaskReport => ({
	...report,
	state: 'succeeded',
	providerState: report.providerState === '' ? 'success' : report.providerState,
});

/** Files that stand beside the creations: speech, the sample of a voice, a film with its own query. */
export function readOtherFile(
	fields: Readonly<Record<string, unknown>>,
): Pick<TaskReport, 'videoUrl' | 'urlExpiresAt'> {
	const videoUrl = asText(fields.file_url) ?? asText(fields.demo_audio) ?? asText(fields.signed_url);
	return defined({ videoUrl, urlExpiresAt: readExpiry(videoUrl) });
}

/**
 * The clips of a film that is not put together: a song of more than three minutes ends in clips alone (docs/one-click-ai-mv).
 * @returns undefined where there is a film, or no clip
 */
export function readClips(
	fields: Readonly<Record<string, unknown>>,
): { clips: Array<Record<string, unknown>> } | undefined {
	if (asText(fields.signed_url) !== undefined || !Array.isArray(fields.job_records)) return undefined;
	const clips = fields.job_records.flatMap((record: unknown) => {
		const { type, jobs, index } = asRecord(record);
		// the last of them is the newest
		const job = asRecord(Array.isArray(jobs) ? (jobs as unknown[]).at(-1) : undefined);
		const videoUrl = asText(job.signed_url);
		return type === 'generate_video' && videoUrl !== undefined ? [{ index, jobId: asText(job.id), videoUrl }] : [];
	});
	return clips.length > 0 ? { clips } : undefined;
}

/** In percent, where it is told and makes sense. */
export function readProgress({ progress }: Readonly<Record<string, unknown>>): number | undefined {
	const percent = asNumber(progress);
	return percent !== undefined && percent >= 0 && percent <= 100 ? percent : undefined;
}

/** docs/tasks-list, seen in answers about one task too: all zero and null where the creation is an image. */
export function readClip(video: unknown): ClipFacts | undefined {
	const { duration, fps, resolution } = asRecord(video);
	const { width, height } = asRecord(resolution);
	const positive = (value: unknown) => ((asNumber(value) ?? 0) > 0 ? asNumber(value) : undefined);
	const [across, down] = [positive(width), positive(height)];
	const clip: ClipFacts = defined({
		...(across === undefined || down === undefined ? {} : { width: across, height: down }),
		durationSeconds: positive(duration),
		fps: positive(fps),
	});
	return Object.keys(clip).length > 0 ? clip : undefined;
}

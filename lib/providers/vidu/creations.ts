import { defined } from '../../core/defined';
import type { MadeFile, TaskReport } from '../../core/provider';
import { asRecord, asText, readExpiry } from '../replies';
import { readClip } from './results';

/** What a task made (get-generation): nearly always one. */

/**
 * The creations of an answer: the first that has a link, and all others in their order, also those without a link.
 * @param fields of the answer about a task
 */
export function readCreations({ creations, watermark }: Readonly<Record<string, unknown>>): Partial<TaskReport> {
	const all = (Array.isArray(creations) ? (creations as unknown[]) : []).map((creation) =>
		readCreation(asRecord(creation), watermark),
	);
	const first = all.find(({ videoUrl }) => videoUrl !== undefined) ?? all[0] ?? {};
	const further = all.filter((made) => made !== first);
	return { ...first, ...(further.length > 0 ? { further } : {}) };
}

function readCreation(creation: Record<string, unknown>, watermark: unknown): MadeFile {
	const coverUrl = asText(creation.cover_url);
	return defined({
		...readLinks(creation, watermark),
		creationId: asText(creation.id),
		clip: readClip(creation.video),
		coverUrl,
		coverUrlExpiresAt: readExpiry(coverUrl),
	});
}

/**
 * get-generation of platform.vidu.cn: `watermarked_url` is the copy with the mark, there when `watermark` was on, and
 * `url` stays clean. A service that fills it unasked tells by `watermark` what was asked for.
 */
function readLinks(
	creation: Record<string, unknown>,
	watermark: unknown,
): Pick<MadeFile, 'videoUrl' | 'urlExpiresAt' | 'unmarkedVideoUrl'> {
	const clean = asText(creation.url);
	const marked = asText(creation.watermarked_url);
	const wantsMark = watermark === undefined || watermark === true || /^(true|1)$/i.test(asText(watermark) ?? '');
	const videoUrl = wantsMark ? (marked ?? clean) : (clean ?? marked);
	return defined({
		videoUrl,
		urlExpiresAt: readExpiry(videoUrl),
		unmarkedVideoUrl: videoUrl === clean ? undefined : clean,
	});
}

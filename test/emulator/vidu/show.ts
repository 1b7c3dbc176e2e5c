import type { Cdn } from '../cdn';
import type { Task } from '../core/tasks';
import type { ViduManner } from '../core/world';
import { DOUBLES } from './doubles';

/** The object of GET /tasks/{id}/creations and of callbacks (docs/api/vidu.md#reading-a-task). URLs are fresh each time. */
export function showTask(
	task: Task,
	cdn: Cdn,
	manner: ViduManner,
	{ withId, statusWord }: { withId: boolean; statusWord?: string },
): Record<string, unknown> {
	const { input } = task;
	return {
		...(withId ? { id: task.id } : {}),
		state: statusWord ?? stateOf(task, manner),
		err_code: task.errCode ?? '',
		...(task.state === 'failed' && task.plan.fail?.message !== undefined ? { err_msg: task.plan.fail.message } : {}),
		credits: task.charge - task.refunded,
		payload: input.payload ?? '',
		bgm: input.bgm ?? false,
		off_peak: input.off_peak ?? false,
		creations: showCreations(task, cdn),
		...(TELL_PROGRESS.includes(task.operation) ? { progress: PROGRESS[task.state] } : {}),
	};
}

/** docs/api/vidu.md#films: of these the pages have a progress, in percent. */
const TELL_PROGRESS = ['ad-one-click', 'trending-replicate'];
const PROGRESS = { created: 0, queueing: 0, processing: 50, success: 100, failed: 0 } as const;

/** The word for a task's state. No page has one for cancelled tasks; `failTask` can say it was Vidu who cancelled. */
export function stateOf({ state, cancelled, plan }: Task, { cancelledState }: ViduManner): string {
	if (state !== 'failed') return state;
	if (cancelled) return cancelledState;
	return plan.fail?.shape === 'canceled' || plan.fail?.shape === 'cancelled' ? plan.fail.shape : state;
}

/** ISO 8601 with that many digits of fraction, or Unix seconds. */
export function showTime(ms: number, { createdAt }: ViduManner, digits: 3 | 6): string | number {
	if (createdAt === 'unixSeconds') return Math.floor(ms / 1000);
	return new Date(ms).toISOString().replace('Z', digits === 6 ? '000Z' : 'Z');
}

/** The images of a request, those of its subjects too. */
export function imagesOf({ images, subjects }: Readonly<Record<string, unknown>>): string[] {
	if (!Array.isArray(subjects)) return (images as string[] | undefined) ?? [];
	return (subjects as { images?: string[] }[]).flatMap((subject) => subject.images ?? []);
}

const FILES = { video: 'video.mp4', image: 'image.png', sound: 'sound.mp3' } as const;

export function showCreations(task: Task, cdn: Cdn): Record<string, unknown>[] {
	if (task.state !== 'success') return [];
	return creationIdsOf(task).map((id) => ({ id, ...showLinks(task, cdn) }));
}

/** Ids that nobody else has, as long as the first. */
export const creationIdsOf = ({ creationId, plan }: Task): string[] =>
	Array.from({ length: plan.creations ?? 1 }, (_, at) => String(BigInt(creationId) + BigInt(at)));

/** A part of a film may be a sound (docs/api/vidu.md#parts-of-a-film). */
const SOUNDS = ['generate_narration', 'generate_bgm'];

const madeOf = ({ operation, input }: Task): keyof typeof FILES =>
	operation === 'ad-one-click/edit' && SOUNDS.includes(String(input.type))
		? 'sound'
		: (DOUBLES[operation]?.makes ?? 'video');

function showLinks(task: Task, cdn: Cdn): Record<string, unknown> {
	return task.plan.withoutUrl
		? { url: '', cover_url: '' }
		: {
				url: cdn.mintUrl(task, FILES[madeOf(task)]),
				cover_url: cdn.mintUrl(task, 'cover.jpeg'),
				...(task.input.watermark === true ? { watermarked_url: cdn.mintUrl(task, 'watermarked.mp4') } : {}),
			};
}

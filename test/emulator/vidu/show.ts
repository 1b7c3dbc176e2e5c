import type { Cdn } from '../cdn';
import type { Task } from '../core/tasks';

/** The object of GET /tasks/{id}/creations and of callbacks (vidu.md 3.15). URLs are fresh each time. */
export function showTask(task: Task, cdn: Cdn, { withId, statusWord }: { withId: boolean; statusWord?: string }): Record<string, unknown> {
	const { wish } = task;
	return {
		...(withId ? { id: task.id } : {}),
		state: statusWord ?? task.state,
		err_code: task.errCode ?? '',
		...(task.state === 'failed' && task.plan.fail?.message !== undefined ? { err_msg: task.plan.fail.message } : {}),
		credits: task.charge - task.refunded,
		payload: wish.payload ?? '',
		bgm: wish.bgm ?? false,
		off_peak: wish.off_peak ?? false,
		creations: showCreations(task, cdn),
	};
}

/** The pictures of a request, those of its subjects too. */
export function picturesOf({ images, subjects }: Readonly<Record<string, unknown>>): string[] {
	if (!Array.isArray(subjects)) return (images as string[] | undefined) ?? [];
	return (subjects as { images?: string[] }[]).flatMap((subject) => subject.images ?? []);
}

export function showCreations(task: Task, cdn: Cdn): Record<string, unknown>[] {
	if (task.state !== 'success') return [];
	const urls = task.plan.withoutUrl
		? { url: '', cover_url: '' }
		: {
				url: cdn.mintUrl(task, 'video.mp4'),
				cover_url: cdn.mintUrl(task, 'cover.jpeg'),
				...(task.wish.watermark === true ? { watermarked_url: cdn.mintUrl(task, 'watermarked.mp4') } : {}),
			};
	return [{ id: task.creationId, ...urls }];
}

import type { SlotOf } from '../../../catalogue/types';
import type { Asked } from '../../../core/ask';
import type { Leaf } from '../../../core/body';
import { ROUNDED_ID } from '../../../core/failure';
import { toText } from '../../../core/fields';
import { kindOfLink } from '../../../core/fileType';
import type { MadeFile, TaskReport } from '../../../core/provider';
import { invalid, type InvalidInput } from '../invalidInput';
import { findIds } from '../taskIds';
import { show } from '../values';
import { fetchedSources, openFetched } from './fetched';
import type { Inputs, Slot, SlotReader } from './slot';

/** One video: an address, a file of the item, the service's own id of a video, or the task that made it. */
export const video: Slot<'video'> = {
	async read({ name, label, wire }, reader) {
		const [source, ...others] = sourcesOf(reader.item.get(name), label, reader);
		if (source === undefined)
			throw invalid(
				label,
				`${label} is empty`,
				'This row has no video. Give one, or leave such rows out with a Filter node before this one.',
			);
		if (others.length > 0)
			throw invalid(label, `${label} holds ${others.length + 1} videos`, 'Give exactly one for each item.');
		switch (source.mode) {
			case 'url':
			case 'binary':
				return { [wire.url]: openFetched(source, label, 'video', reader) };
			case 'creationId':
				noteSeconds(reader, reader.secondsInItem(source.value));
				if (wire.creationId !== undefined) return { [wire.creationId]: source.value };
				return { [wire.url]: await linkToCreation(source.value, label, reader) };
			case 'taskId':
				noteSeconds(reader, reader.secondsInItem(source.value));
				return await readTaskOf(source.value, wire, label, reader);
		}
	},
};

type VideoSource = ReturnType<typeof fetchedSources>[number] | { mode: 'creationId' | 'taskId'; value: string };

function sourcesOf(given: unknown, label: string, { backend }: SlotReader): VideoSource[] {
	const { mode, value } = locatorOf(given);
	if (mode === 'creationId')
		return creationIdsIn(value, label).map((id) => {
			if (backend.provider.isTaskId(id)) return { mode, value: id };
			throw invalid(
				label,
				`${label} "${show(id)}" is not a creation ID`,
				'Give the creationId that the node returned with the video.',
			);
		});
	if (mode === 'taskId') {
		const ids = [...new Set(findIds(value, { provider: backend.provider, label }))];
		if (ids.length > 0 || isBlank(value)) return ids.map((id) => ({ mode, value: id }));
		throw invalid(label, `${label} "${show(value)}" holds no task ID`, 'Give the taskId that the node returned.');
	}
	return fetchedSources(given, label, 'video');
}

const locatorOf = (given: unknown): { mode?: unknown; value?: unknown } =>
	typeof given === 'object' && given !== null && !Array.isArray(given) ? given : {};

const isBlank = (value: unknown): boolean =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** Out of a text, a list, or items of this node. */
function creationIdsIn(value: unknown, label: string): string[] {
	if (isBlank(value)) return [];
	if (Array.isArray(value)) return value.flatMap((entry) => creationIdsIn(entry, label));
	if (typeof value === 'object') {
		const { creationId, json } = value as Record<string, unknown>;
		if (isBlank(creationId) && typeof json === 'object') return creationIdsIn(json, label);
		if (!isBlank(creationId)) return creationIdsIn(creationId, label);
		throw invalid(label, `${label} holds no creation ID`, 'Give the creationId of a finished video that Vidu made.');
	}
	if (typeof value === 'number' && !Number.isSafeInteger(value))
		throw invalid(label, `${label}: creation ID ${value} was rounded`, ROUNDED_ID);
	return (toText(value) ?? '').split(/[\s,;]+/).filter((id) => id !== '');
}

/** By the service's own id where it is taken and the video has one: a film that is asked about at a path of its own has none. */
async function readTaskOf(
	taskId: string,
	wire: SlotOf<'video'>['wire'],
	label: string,
	reader: SlotReader,
): Promise<Inputs> {
	const made = await findMade(taskId, label, reader);
	if (wire.creationId !== undefined && made.creationId !== undefined) return { [wire.creationId]: made.creationId };
	return { [wire.url]: linkTo(taskId, made, label) };
}

/** A task may have made several videos: the link is that of the one that is meant. */
async function linkToCreation(creationId: string, label: string, reader: SlotReader): Promise<Leaf> {
	const taskId = await findTask(creationId, label, reader);
	return linkTo(taskId, await findMade(taskId, label, reader, creationId), label);
}

/** What a task has made. @param creationId of which of its videos, where it made several. @throws InvalidInput where there is no video, or none yet */
async function findMade(taskId: string, label: string, reader: SlotReader, creationId?: string): Promise<MadeFile> {
	const { ask, backend } = reader;
	const asked = await ask(taskId);
	if (asked.kind !== 'report' || asked.report.state !== 'succeeded')
		throw withoutVideo(asked, taskId, label, backend.provider.name);
	const made = creationId === undefined ? asked.report : oneOf(asked.report, creationId);
	const kind = kindOfLink(made.videoUrl);
	if (kind !== undefined)
		throw invalid(
			label,
			`${label}: task ${taskId} made ${kind === 'image' ? 'an image' : 'a sound'}, not a video`,
			'Give a task that made a video.',
		);
	noteSeconds(reader, made.clip?.durationSeconds);
	return made;
}

/** One that the answer does not name has no link: it is never another. A film at a path of its own names none. */
function oneOf(report: TaskReport, creationId: string): MadeFile {
	if (report.creationId === undefined) return report;
	return [report, ...(report.further ?? [])].find((made) => made.creationId === creationId) ?? { creationId };
}

/** A clip of four seconds may last a frame longer than it was ordered and is charged for. */
const A_FRAME_SECONDS = 0.1;

/** What the service says comes last, and counts. */
function noteSeconds({ seen }: SlotReader, seconds: number | undefined): void {
	if (seconds === undefined) return;
	const whole = Math.round(seconds);
	seen.sourceSeconds = whole > 0 && Math.abs(seconds - whole) <= A_FRAME_SECONDS ? whole : seconds;
}

/** Each asking signs the link anew: what the wish is about is the video. @throws InvalidInput where there is no link */
function linkTo(taskId: string, { creationId, videoUrl }: MadeFile, label: string): Leaf {
	if (videoUrl === undefined)
		throw invalid(label, `${label}: task ${taskId} has no link to its video`, 'Give the URL of the video.');
	return {
		identity: creationId ?? taskId,
		wireLength: videoUrl.length,
		media: 'video',
		load: async () => videoUrl,
	};
}

/** Who takes addresses alone does not know a video by its id. @throws InvalidInput where no task is known to have made it */
async function findTask(creationId: string, label: string, { taskOf, taker }: SlotReader): Promise<string> {
	const taskId = await taskOf?.(creationId);
	if (taskId !== undefined) return taskId;
	throw invalid(
		label,
		`${label}: no task was found that made ${creationId}`,
		`${taker} takes an address. Give the taskId or the videoUrl that came with the video.`,
	);
}

/** Why there is no video of a task. */
export function withoutVideo(asked: Asked, taskId: string, label: string, providerName: string): InvalidInput {
	const task = `${label}: task ${taskId}`;
	if (asked.kind === 'silent')
		return invalid(label, `${task} could not be asked about`, `${asked.cause.message} Try again later.`);
	if (asked.kind !== 'report') {
		const { summary, advice, unknownTask } = asked.diagnosis;
		return unknownTask
			? invalid(label, `${task} is not known to ${providerName}`, 'Check the ID, and whose key the credential holds.')
			: invalid(label, `${task} could not be asked about`, `${summary}. ${advice}`);
	}
	const { state, diagnosis } = asked.report;
	if (state === 'failed' || state === 'canceled')
		return invalid(
			label,
			`${task} ended without a video`,
			`${diagnosis ? `${diagnosis.summary}. ` : ''}Give a task that succeeded.`,
		);
	return invalid(
		label,
		`${task} has not finished yet`,
		`It is ${state === 'unknown' ? 'processing' : state}. Wait for task ${taskId} with Task → Wait for Completion before this node.`,
	);
}

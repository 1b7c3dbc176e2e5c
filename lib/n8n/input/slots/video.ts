import type { IBinaryData } from 'n8n-workflow';

import type { Asked } from '../../../core/ask';
import type { Leaf } from '../../../core/body';
import { ROUNDED_ID } from '../../../core/failure';
import { toText } from '../../../core/fields';
import { SIGNED_URL_LENGTH, storedName } from '../binary';
import { readPublicUrl } from '../publicUrl';
import { invalid, type InvalidInput } from '../invalidInput';
import { readSources } from '../sources';
import { findIds } from '../taskIds';
import { show } from '../values';
import type { Slot, SlotReader } from './slot';

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
				return { [wire.url]: readPublicUrl(source.value, label, reader.settings, 'video') };
			case 'binary':
				return { [wire.url]: openBinary(source.value, label, reader) };
			case 'creationId':
				return { [wire.creationId]: source.value };
			case 'taskId':
				return { [wire.creationId]: await findCreation(source.value, label, reader) };
		}
	},
};

type VideoSource =
	{ mode: 'url' | 'creationId' | 'taskId'; value: string } | { mode: 'binary'; value: string | IBinaryData };

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
	return readSources(given, label, 'video').map((source) => {
		if (source.mode !== 'base64') return source;
		throw invalid(
			label,
			`${label} cannot be sent as base64`,
			'Give its URL, or the name of the binary field it is in.',
		);
	});
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

/** What a cover, a page or a list is stored as. */
const NO_VIDEO = /^(image|text|audio)\/|^application\/json/i;

/** The service fetches it from this n8n: the address is made again for the order, but what cannot have one is told before. */
function openBinary(value: string | IBinaryData, label: string, { binaries }: SlotReader): Leaf {
	const binary = binaries.find(value, label, 'video');
	const { id, mimeType } = binary;
	if (NO_VIDEO.test(mimeType))
		throw invalid(
			label,
			`${label}: the binary field holds ${mimeType}, not a video`,
			'Name the field that holds the clip.',
		);
	if (id === undefined)
		throw invalid(
			label,
			`${label}: n8n keeps this file in memory, where the service cannot fetch it`,
			'Set N8N_DEFAULT_BINARY_DATA_MODE to filesystem, or give the URL of the video.',
		);
	const sign = (): string => binaries.signedUrl(binary, label, 'video');
	sign();
	return { identity: storedName(id), wireLength: SIGNED_URL_LENGTH, isVideo: true, load: async () => sign() };
}

/** The video that a task has made. @throws InvalidInput where there is none, or none yet */
async function findCreation(taskId: string, label: string, { ask, backend }: SlotReader): Promise<string> {
	const asked = await ask(taskId);
	const creationId =
		asked.kind === 'report' && asked.report.state === 'succeeded' ? asked.report.creationId : undefined;
	if (creationId === undefined) throw withoutVideo(asked, taskId, label, backend.provider.name);
	return creationId;
}

function withoutVideo(asked: Asked, taskId: string, label: string, providerName: string): InvalidInput {
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
	if (state === 'succeeded') return invalid(label, `${task} has no creation ID`, 'Give the URL of its video.');
	return invalid(
		label,
		`${task} has not finished yet`,
		`It is ${state === 'unknown' ? 'processing' : state}. Wait for task ${taskId} with Task → Wait for Completion before this node.`,
	);
}

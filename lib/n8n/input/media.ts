import type { IExecuteFunctions } from 'n8n-workflow';

import type { Endpoint, Operation } from '../../catalogue/operations';
import type { ModelRules } from '../../catalogue/types';
import { listValues } from '../../core/fields';
import { invalid } from './invalidInput';
import { readSources } from './sources';
import { OPERATION_NAMES } from '../labels';
import { ImageReader, readPublicUrl, type CheckedImage, type ImageSettings } from './image';
import { endpointsOf, type Backend } from '../backends';
import type { ItemParameters } from './parameters';
import { readSwitch } from './switches';

/** The images, subjects and reference videos of an item, counted and checked against the model's row. */

export interface ImageSubject {
	name: string;
	images: CheckedImage[];
	voiceId?: string;
}

/** All images of a job, those of its subjects included. */
export function imagesOf<P>({ images, subjects = [] }: { images: P[]; subjects?: Array<{ images: P[] }> }): P[] {
	return [...images, ...subjects.flatMap((subject) => subject.images)];
}

/** The wish as far as images depend on it. */
export interface MediaWish {
	backend: Backend;
	operation: Operation;
	endpoint: Endpoint;
	/** Undefined for a custom model. */
	rules: ModelRules | undefined;
	model: string;
	/** Whether the video comes with sound, unless asked for otherwise. */
	audio: boolean;
	/** The service is at a private address. */
	isLocalService: boolean;
}

/**
 * Opens and checks the images of one item.
 * @throws InvalidInput with a message for the user
 */
export async function readMedia(
	context: IExecuteFunctions,
	item: ItemParameters,
	wish: MediaWish,
): Promise<{ images: CheckedImage[]; subjects?: ImageSubject[]; videos?: string[] }> {
	const { backend, operation, endpoint, rules, model } = wish;
	const settings: ImageSettings = {
		checkUrls: readSwitch(item.option('checkImageUrls'), 'Check Image URLs', false),
		asSignedUrl: readSwitch(item.option('sendBinaryAsSignedUrl'), 'Send Binary as Signed URL', false),
		allowPrivateUrl: readSwitch(item.option('allowPrivateUrls'), 'Allow Private URLs', false),
		isLocalService: wish.isLocalService,
	};
	const isOnce = readSwitch(item.option('removeDuplicateImages'), 'Remove Duplicate Images', false);
	const reader = new ImageReader(
		context,
		item.itemIndex,
		rules?.images.rules ?? backend.catalogue.images,
		model,
		settings,
	);
	const open = async (value: unknown, parameter: string): Promise<CheckedImage[]> => {
		const images: CheckedImage[] = [];
		for (const source of readSources(value, parameter)) images.push(await reader.open(source, parameter));
		return isOnce ? withoutDuplicates(images) : images;
	};
	const one = async (name: string, parameter: string): Promise<CheckedImage> => {
		const images = await open(item.get(name), parameter);
		if (images.length === 1) return images[0];
		if (images.length === 0)
			throw invalid(
				parameter,
				`${parameter} is empty`,
				'This row has no image. Give one, or leave such rows out with a Filter node before this one.',
			);
		const other =
			operation === 'imageToVideo' && endpointsOf(backend).includes('referenceToVideo')
				? `, or use ${OPERATION_NAMES.referenceToVideo}`
				: '';
		throw invalid(
			parameter,
			`${parameter} holds ${images.length} images`,
			`Give exactly one, for example {{ $json.images[0].src }}${other}.`,
		);
	};
	const readFrames = async (): Promise<CheckedImage[]> => {
		const frames = [await one('startImage', 'Start Image'), await one('endImage', 'End Image')];
		reader.checkPair(frames[0], frames[1]);
		return frames;
	};
	switch (operation) {
		case 'textToVideo':
			return { images: [] };
		case 'imageToVideo':
			return { images: [await one('image', 'Image')] };
		case 'startEndToVideo':
			return { images: await readFrames() };
		case 'referenceToVideo':
			return endpoint === 'subjectsToVideo'
				? { images: [], subjects: await readSubjects(item, wish, open) }
				: await readReferences(item, wish, settings, open);
	}
}

type Open = (value: unknown, parameter: string) => Promise<CheckedImage[]>;

async function readReferences(
	item: ItemParameters,
	wish: MediaWish,
	settings: ImageSettings,
	open: Open,
): Promise<{ images: CheckedImage[]; videos?: string[] }> {
	const { rules } = wish;
	const given = item.get('referenceImages');
	const images = await open(
		typeof given === 'object' && given !== null && 'image' in given ? given.image : given,
		'Reference Images',
	);
	const label = 'Reference Videos';
	const videos = readSources(item.get('referenceVideos'), label, 'video').map(({ mode, value }) => {
		if (mode === 'url') return readPublicUrl(value, label, settings, 'video');
		throw invalid(label, `${label} must be URLs`, 'Give the public addresses of the clips, starting with https://.');
	});
	if (rules) checkCount(images.length, rules, wish, videos.length);
	return { images, ...(videos.length > 0 ? { videos } : {}) };
}

function checkCount(images: number, rules: ModelRules, { backend, endpoint, model }: MediaWish, videos: number): void {
	const { min, max } = rules.images;
	const rows = Object.entries(backend.catalogue.models[endpoint] ?? {});
	if (videos > (rules.videos?.max ?? 0))
		throw invalid(
			'Reference Videos',
			rules.videos ? `Reference Videos holds ${videos} videos` : `Reference Videos are not taken by ${model}`,
			rules.videos
				? `${model} takes at most ${rules.videos.max}.`
				: `Remove them${orModels(rows.filter(([, row]) => row.videos))}.`,
		);
	const most = videos > 0 && rules.videos ? rules.videos.maxImagesBeside : max;
	if (images >= min && images <= most) return;
	const roomier = videos > 0 ? [] : rows.filter(([, row]) => row.images.max >= images);
	const advice =
		images < min
			? 'This row has too few images. Leave such rows out with a Filter node before this one.'
			: `Pass the first ${most} only, for example {{ $json.images.slice(0, ${most}) }}${orModels(roomier)}.`;
	throw invalid(
		'Reference Images',
		`Reference Images holds ${images} ${images === 1 ? 'image' : 'images'}`,
		`${model} takes ${min} to ${most}${videos > 0 ? ' beside a video' : ''}. ${advice}`,
	);
}

const orModels = (rows: Array<[string, ModelRules]>): string =>
	rows.length > 0 ? `, or choose ${listValues(rows.map(([id]) => id))}` : '';

interface SubjectRow {
	name?: unknown;
	images?: unknown;
	voiceId?: unknown;
}

async function readSubjects(
	item: ItemParameters,
	{ rules, model, audio, backend, endpoint }: MediaWish,
	open: Open,
): Promise<ImageSubject[]> {
	const rows = subjectRows(item.get('subjects'));
	const limits = rules?.subjects;
	if (rows.length === 0 || (limits && rows.length > limits.max))
		throw invalid(
			'Subjects',
			rows.length === 0 ? 'Subjects are missing' : `There are ${rows.length} Subjects`,
			limits ? `${model} takes 1 to ${limits.max}.` : 'Add a subject.',
		);
	const subjects: ImageSubject[] = [];
	for (const row of rows) {
		const name = readSubjectName(row.name);
		if (subjects.some((other) => other.name === name))
			throw invalid('Subjects', `Two of the Subjects are called "${name}"`, 'Give each a name of its own.');
		const parameter = `Images of subject "${name}"`;
		const images = await open(row.images, parameter);
		const most = rules?.images.max ?? 3;
		if (images.length === 0 || (rules && images.length > most))
			throw invalid(
				parameter,
				images.length === 0 ? `${parameter} are missing` : `${parameter}: there are ${images.length} images`,
				images.length === 0
					? `Give 1 to ${most} images.`
					: `Give 1 to ${most}, for example {{ $json.images.slice(0, ${most}) }}.`,
			);
		const voiceId = String(row.voiceId ?? '').trim();
		if (voiceId !== '' && limits && !limits.voice)
			throw invalid(
				'Subjects',
				`Voice ID of subject "${name}" has no effect on ${model}`,
				`Remove it${orModels(Object.entries(backend.catalogue.models[endpoint] ?? {}).filter(([, other]) => other.subjects?.voice))}.`,
			);
		if (voiceId !== '' && rules && !audio)
			throw invalid('Subjects', `Voice ID of subject "${name}" needs Audio`, 'Switch Audio on, or remove the voice.');
		subjects.push({ name, images, ...(voiceId === '' ? {} : { voiceId }) });
	}
	return subjects;
}

/** A row that nobody has filled in, such as the first one of a new node, is none. */
function subjectRows(given: unknown): SubjectRow[] {
	const list = Array.isArray(given) ? given : ((given as { subject?: unknown } | null)?.subject ?? []);
	return (Array.isArray(list) ? list : [list])
		.filter((row): row is SubjectRow => typeof row === 'object' && row !== null)
		.filter(
			({ name, images, voiceId }) =>
				!isBlank(name) || !isBlank(voiceId) || readSources(images, 'Images of a subject').length > 0,
		);
}

const isBlank = (value: unknown): boolean => String(value ?? '').trim() === '';

/** People write the name as the prompt has it: @sneaker, [@sneaker]. */
function readSubjectName(given: unknown): string {
	const name = String(given ?? '')
		.trim()
		.replace(/^\[\s*@([^\]]*)\]$/, '$1')
		.replace(/^@+/, '')
		.trim();
	if (name === '') throw invalid('Subjects', 'One of the Subjects has no name', 'The prompt calls each subject @name.');
	if (/[@[\]\r\n]/.test(name))
		throw invalid(
			'Subjects',
			`Subject "${name}" cannot be called by its name`,
			'The prompt calls it @name, so use a name without @, brackets and line breaks.',
		);
	return name;
}

function withoutDuplicates(images: CheckedImage[]): CheckedImage[] {
	return images.filter(({ identity }, index) => images.findIndex((other) => other.identity === identity) === index);
}

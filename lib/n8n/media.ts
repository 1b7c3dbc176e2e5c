import type { IExecuteFunctions } from 'n8n-workflow';

import type { Form, ModelRules, Operation } from '../catalogue/types';
import { invalid, readSources } from './images';
import { PictureReader, type Picture } from './pictures';
import type { Route } from './routes';

/** The pictures, subjects and reference videos of an item, counted and checked against the model's row. */

export interface PictureSubject {
	name: string;
	images: Picture[];
	voiceId?: string;
}

/** All pictures of a job, those of its subjects included. */
export function picturesOf<P>({ images, subjects = [] }: { images: P[]; subjects?: Array<{ images: P[] }> }): P[] {
	return [...images, ...subjects.flatMap((subject) => subject.images)];
}

/** The wish as far as pictures depend on it. */
export interface MediaWish {
	route: Route;
	operation: Operation;
	form: Form;
	itemIndex: number;
	/** Undefined for a custom model. */
	rules: ModelRules | undefined;
	model: string;
	/** Whether the video comes with sound, unless asked for otherwise. */
	audio: boolean;
}

/**
 * Opens and checks the pictures of one item.
 * @throws InvalidInput with a message for the user
 */
export async function readMedia(
	context: IExecuteFunctions,
	{ route, operation, form, itemIndex, rules, model, audio }: MediaWish,
): Promise<{ images: Picture[]; subjects?: PictureSubject[]; videos?: string[] }> {
	const options = context.getNodeParameter('options', itemIndex, {}) as Record<string, unknown>;
	const reader = new PictureReader(context, itemIndex, rules?.images.rules ?? route.catalogue.images, model, {
		checkUrls: options.checkImageUrls === true,
		asSignedUrl: options.sendBinaryAsSignedUrl === true,
		allowPrivateUrl: options.allowPrivateUrls === true,
	});
	const open = async (value: unknown, parameter: string): Promise<Picture[]> => {
		const images: Picture[] = [];
		for (const source of readSources(value, parameter)) images.push(await reader.open(source, parameter));
		return options.removeDuplicateImages === true ? withoutDuplicates(images) : images;
	};
	const one = async (name: string, parameter: string): Promise<Picture> => {
		const images = await open(context.getNodeParameter(name, itemIndex, ''), parameter);
		if (images.length !== 1)
			throw invalid(
				parameter,
				images.length === 0 ? `${parameter} is empty` : `${parameter} holds ${images.length} pictures`,
				'Give exactly one picture.',
			);
		return images[0];
	};
	const readFrames = async (): Promise<Picture[]> => {
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
			return form === 'subjectsToVideo'
				? { images: [], subjects: await readSubjects(context, itemIndex, rules, model, audio, open) }
				: await readReferences(context, itemIndex, rules, model, open);
	}
}

type Open = (value: unknown, parameter: string) => Promise<Picture[]>;

async function readReferences(
	context: IExecuteFunctions,
	itemIndex: number,
	rules: ModelRules | undefined,
	model: string,
	open: Open,
): Promise<{ images: Picture[]; videos?: string[] }> {
	const given = context.getNodeParameter('referenceImages', itemIndex, {}) as { image?: unknown };
	const images = await open(
		typeof given === 'object' && given !== null && !Array.isArray(given) ? given.image : given,
		'Reference Images',
	);
	const videos = readSources(
		context.getNodeParameter('referenceVideos', itemIndex, ''),
		'Reference Videos',
	).map(({ mode, value }) => {
		if (mode === 'url' && /^https?:\/\//i.test(value) && URL.canParse(value)) return value;
		throw invalid(
			'Reference Videos',
			'Reference Videos holds something that is no address',
			'Give the public addresses of the clips, starting with https://.',
		);
	});
	if (rules) checkCount(images.length, rules, model, videos.length);
	return { images, ...(videos.length > 0 ? { videos } : {}) };
}

function checkCount(images: number, rules: ModelRules, model: string, videos: number): void {
	const { min, max } = rules.images;
	if (videos > (rules.videos?.max ?? 0))
		throw invalid(
			'Reference Videos',
			rules.videos
				? `Reference Videos holds ${videos} videos`
				: `Reference Videos are not taken by ${model}`,
			rules.videos ? `${model} takes at most ${rules.videos.max}.` : 'Remove them, or choose viduq2-pro.',
		);
	const most = videos > 0 && rules.videos ? rules.videos.maxImagesBeside : max;
	if (images < min || images > most)
		throw invalid(
			'Reference Images',
			`Reference Images holds ${images} ${images === 1 ? 'picture' : 'pictures'}`,
			`${model} takes ${min} to ${most}${videos > 0 ? ' beside a video' : ''}.`,
		);
}

async function readSubjects(
	context: IExecuteFunctions,
	itemIndex: number,
	rules: ModelRules | undefined,
	model: string,
	audio: boolean,
	open: Open,
): Promise<PictureSubject[]> {
	const { subject: rows = [] } = context.getNodeParameter('subjects', itemIndex, {}) as {
		subject?: Array<{ name?: unknown; images?: unknown; voiceId?: unknown }>;
	};
	const limits = rules?.subjects;
	if (rows.length === 0 || (limits && rows.length > limits.max))
		throw invalid(
			'Subjects',
			`Subjects holds ${rows.length} subjects`,
			limits ? `${model} takes 1 to ${limits.max}.` : 'Add a subject.',
		);
	const subjects: PictureSubject[] = [];
	for (const row of rows) {
		const name = String(row.name ?? '').trim();
		if (name === '')
			throw invalid('Subjects', 'One of the Subjects has no name', 'The prompt calls each subject @name.');
		if (subjects.some((other) => other.name === name))
			throw invalid('Subjects', `Two of the Subjects are called "${name}"`, 'Give each its own name.');
		const parameter = `Images of subject "${name}"`;
		const images = await open(row.images, parameter);
		if (images.length === 0 || (rules && images.length > rules.images.max))
			throw invalid(
				parameter,
				`${parameter}: ${images.length} pictures`,
				`Give 1 to ${rules?.images.max ?? 3} pictures.`,
			);
		const voiceId = String(row.voiceId ?? '').trim();
		if (voiceId !== '' && limits && !limits.voice)
			throw invalid(
				'Subjects',
				`Voice ID of subject "${name}" has no effect on ${model}`,
				'Remove it, or choose a q2, q1 or 2.0 model.',
			);
		if (voiceId !== '' && rules && !audio)
			throw invalid(
				'Subjects',
				`Voice ID of subject "${name}" needs Audio`,
				'Switch Audio on, or remove the voice.',
			);
		subjects.push({ name, images, ...(voiceId === '' ? {} : { voiceId }) });
	}
	return subjects;
}

function withoutDuplicates(images: Picture[]): Picture[] {
	return images.filter(
		({ identity }, index) => images.findIndex((other) => other.identity === identity) === index,
	);
}

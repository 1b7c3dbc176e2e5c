import type { Noun, OperationDeclaration, Resource } from './types';

/** What the panel asks for first, in the order in which people look for it, and how panel and messages call what it makes. */
export const RESOURCES: Readonly<Record<Resource, { label: string; noun: Noun }>> = {
	video: { label: 'Video', noun: { one: 'video', many: 'videos', title: 'Videos' } },
	film: { label: 'Film', noun: { one: 'film', many: 'films', title: 'Films' } },
	image: { label: 'Image', noun: { one: 'image', many: 'images', title: 'Images' } },
	audio: { label: 'Audio', noun: { one: 'sound', many: 'sounds', title: 'Sounds' } },
	subject: { label: 'Subject', noun: { one: 'subject', many: 'subjects', title: 'Subjects' } },
	prompt: { label: 'Prompt', noun: { one: 'recommendation', many: 'recommendations', title: 'Recommendations' } },
};

/** How what an operation makes is called. */
export const nounOf = ({ noun, resource }: Pick<OperationDeclaration, 'noun' | 'resource'>): Noun =>
	noun ?? RESOURCES[resource].noun;

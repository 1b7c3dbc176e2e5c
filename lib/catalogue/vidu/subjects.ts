import { operation, text, urls } from '../rules';
import type { OwnField } from '../types';
import { FURTHER_PRICES } from './prices';
import { IMAGE } from './shared';

/**
 * The page of subjects on platform.vidu.cn, read 2026-11-25; no page of the global host names them, though resellers do. A
 * name's 64 characters stand in the table of changes alone. An answer is all there is: a subject is no task.
 */

const TOLD = ['id', 'name', 'images', 'videos', 'voice_id', 'style', 'description'] as const;

const voiceId: OwnField = {
	name: 'Voice ID',
	description: 'Voice of the subject where a video has sound, for the models that take one',
	placeholder: 'e.g. English_Trustworthy_Man',
	rule: text(256, 1),
};

const wait = { typicalSeconds: 10, isWaitEstimated: true } as const;

export const createSubject = operation({
	resource: 'subject',
	name: 'create',
	label: 'Create',
	action: 'Create subject',
	description: 'Keep a person or a thing for many videos',
	makes: 'facts',
	isChinaOnly: true,
	path: '/ent/v2/subjects',
	answering: { idField: 'id', isResult: true, tells: TOLD },
	inputs: [
		{
			kind: 'images',
			name: 'images',
			label: 'Images',
			description: 'One to three images of the subject',
			wire: 'images',
			isOptional: true,
		},
	],
	anyOf: ['images', 'videos'],
	ownFields: {
		name: {
			name: 'Name',
			description: 'What the subject is called in prompts, best a name that you have not used yet',
			placeholder: 'e.g. sneaker',
			rule: text(64, 1),
			isTopLevel: true,
			isRequired: true,
		},
		videos: {
			name: 'Videos',
			description: 'Address of one video of the subject of up to 5 seconds, for Reference to Video on viduq2-pro',
			placeholder: 'e.g. https://example.com/sneaker.mp4',
			rule: urls(1),
		},
		voiceId,
	},
	rules: { images: { min: 0, max: 3, rules: IMAGE }, fields: {}, ...wait, price: FURTHER_PRICES.createSubject },
});

export const updateSubject = operation({
	resource: 'subject',
	name: 'update',
	label: 'Update',
	action: 'Update subject',
	description: 'Change a subject that you have kept',
	makes: 'facts',
	isChinaOnly: true,
	method: 'PUT',
	path: '/ent/v2/subjects/{id}',
	answering: { idField: 'id', isResult: true, tells: TOLD },
	inputs: [
		{
			kind: 'images',
			name: 'images',
			label: 'Images',
			description: 'Up to three images, in place of those that it has. Leave them out to keep those.',
			wire: 'images',
			isOptional: true,
		},
	],
	// no page says what comes of a change that changes nothing
	anyOf: ['name', 'images', 'style', 'description', 'videos', 'voiceId'],
	ownFields: {
		id: {
			name: 'Subject ID',
			description: 'ID of the subject, as Create and Get Many return it',
			placeholder: 'e.g. 901200000000000001',
			rule: text(64, 1),
			isTopLevel: true,
			isRequired: true,
		},
		name: {
			name: 'Name',
			description: 'New name of the subject',
			placeholder: 'e.g. sneaker',
			rule: text(64, 1),
			isTopLevel: true,
		},
		style: { name: 'Style', description: 'What the subject looks like, in words', rule: text(100, 1) },
		description: { name: 'Description', description: 'What the subject is, in words', rule: text(2_000, 1) },
		videos: {
			name: 'Videos',
			description: 'Address of one video in place of the one that it has, for a subject made of a video',
			placeholder: 'e.g. https://example.com/sneaker.mp4',
			rule: urls(1),
		},
		voiceId,
	},
	rules: { images: { min: 0, max: 3, rules: IMAGE }, fields: {}, ...wait, price: { parts: [{ rates: 0 }] } },
});

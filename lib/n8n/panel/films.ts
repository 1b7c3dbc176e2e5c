import type { INodeProperties } from 'n8n-workflow';

import type { SlotOf, Words } from '../../catalogue/types';
import { taskLocator } from './locators';

/** A film that exists, and what is wanted of it. */

const filmProperty = ({ name, label, description }: Words): INodeProperties => ({
	displayName: label,
	name,
	...taskLocator(true),
	description,
});

const idProperty = ({ name, label, description }: Words, placeholder: string): INodeProperties => ({
	displayName: label,
	name,
	type: 'string',
	default: '',
	placeholder,
	description,
});

const ONE_ID = 'e.g. 891101095923822592';
const IDS = 'e.g. 891101095923822592, 891101095923822593';

const upperFirst = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The number of a scene counts where a scene is picked. */
export function filmPartProperties({ film, type, types, scene, job }: SlotOf<'filmPart'>): INodeProperties[] {
	const scenes = Object.keys(types).filter((value) => types[value] === 'scene');
	const ofScene = { displayOptions: { show: { [type.name]: scenes } } };
	return [
		filmProperty(film),
		// eslint-disable-next-line n8n-nodes-base/node-param-default-missing -- it is there, as the first of the scenes
		{
			displayName: type.label,
			name: type.name,
			type: 'options',
			options: Object.entries(types).map(([value, part]) => ({ name: upperFirst(part), value })),
			default: scenes[0],
			description: type.description,
		},
		{
			displayName: scene.label,
			name: scene.name,
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 0,
			description: scene.description,
			...ofScene,
		},
		{ ...idProperty(job, ONE_ID), ...ofScene },
	];
}

export const filmCutProperties = ({ film, scenes, jobs, narration, music }: SlotOf<'filmCut'>): INodeProperties[] => [
	filmProperty(film),
	{ ...idProperty(scenes, IDS), typeOptions: { rows: 2 } },
	{ ...idProperty(jobs, IDS), typeOptions: { rows: 2 } },
	idProperty(narration, ONE_ID),
	idProperty(music, ONE_ID),
];

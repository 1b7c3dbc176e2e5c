import type { INodeProperties } from 'n8n-workflow';

import type { Endpoint } from '../../catalogue/operations';
import type { InputSlot, ModelRules, SlotOf } from '../../catalogue/types';
import { inputsOf as inputsOfBackend, modelsOf, type Backend } from '../backends';
import { imageLocator, VIDEO_LOCATOR } from './locators';
import { HIDE_ALL_BUT_CUSTOM, HIDE_CUSTOM, hideKnownModels, showEndpoints } from './conditions';

/** What goes into an operation, shown wherever it is declared. */

export function promptProperties(backends: readonly Backend[]): INodeProperties[] {
	return inputsOf(backends).flatMap(([backend, endpoint, input]) => {
		if (input.kind !== 'prompt') return [];
		const rows = modelsOf(backend, endpoint);
		const { show } = showEndpoints(backend, backends, [endpoint]);
		const isRequired = rows.length > 0 && rows.every(([, { prompt }]) => prompt.required);
		return propertiesOf(input).flatMap((property) =>
			isRequired
				? [
						{ ...property, required: true, displayOptions: { show, hide: HIDE_CUSTOM } },
						// a model newer than this version may do without
						{ ...property, displayOptions: { show, hide: HIDE_ALL_BUT_CUSTOM } },
					]
				: [{ ...property, displayOptions: { show } }],
		);
	});
}

/** Everything but the prompt. */
export function mediaProperties(backends: readonly Backend[]): INodeProperties[] {
	return inputsOf(backends).flatMap(([backend, endpoint, input]) => {
		if (input.kind === 'prompt') return [];
		const display = showEndpoints(backend, backends, [endpoint]);
		const isTaken = IS_TAKEN[input.kind];
		const takers =
			isTaken &&
			modelsOf(backend, endpoint)
				.filter(([, rules]) => isTaken(rules))
				.map(([id]) => id);
		if (takers?.length === 0) return [];
		const hide = takers ? { hide: hideKnownModels(backends, '', takers) } : {};
		return propertiesOf(input).map((property) => ({ ...property, displayOptions: { ...display, ...hide } }));
	});
}

const inputsOf = (backends: readonly Backend[]): Array<[Backend, Endpoint, InputSlot]> =>
	backends.flatMap((backend) =>
		inputsOfBackend(backend).map(([endpoint, input]): [Backend, Endpoint, InputSlot] => [backend, endpoint, input]),
	);

/** Inputs that only some models take; all others are for every model, custom ones too. */
const IS_TAKEN: { [Kind in InputSlot['kind']]?: (rules: ModelRules) => boolean } = {
	videos: (rules) => rules.videos !== undefined,
};

/** The parameters of each kind of input. */
const PROPERTIES: { [Kind in InputSlot['kind']]: (input: SlotOf<Kind>) => INodeProperties[] } = {
	prompt: ({ placeholder }) => [
		{
			displayName: 'Prompt',
			name: 'prompt',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			placeholder,
			description: 'What happens in the video',
		},
	],
	image: ({ name, label, description }) => [{ displayName: label, name, ...imageLocator(false), description }],
	framePair: ({ first, last }) =>
		[first, last].map(({ name, label, description }) => ({
			displayName: label,
			name,
			...imageLocator(false),
			description,
		})),
	images: ({ name, label, description }) => [
		{
			displayName: label,
			name,
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add image',
			default: { image: [{ image: { __rl: true, mode: 'url', value: '' } }] },
			description,
			options: [
				{
					displayName: 'Image',
					name: 'image',
					values: [{ displayName: 'Image', name: 'image', ...imageLocator(true) }],
				},
			],
		},
	],
	subjects: ({ name, label, description }) => [
		{
			displayName: label,
			name,
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add subject',
			default: { subject: [{ name: '', images: { __rl: true, mode: 'url', value: '' }, voiceId: '' }] },
			description,
			options: [
				{
					displayName: 'Subject',
					name: 'subject',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							required: true,
							placeholder: 'e.g. sneaker',
							description: 'Written @sneaker in the prompt',
						},
						{
							displayName: 'Images',
							name: 'images',
							...imageLocator(true),
							description: 'One to three images of the subject',
						},
						{
							displayName: 'Voice ID',
							name: 'voiceId',
							type: 'string',
							default: '',
							description: 'Voice of the subject, for models that take one. Audio has to be on.',
						},
					],
				},
			],
		},
	],
	videos: ({ name, label, description }) => [
		{
			displayName: label,
			name,
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/clip.mp4',
			description,
		},
	],
	video: ({ name, label, description }) => [{ displayName: label, name, ...VIDEO_LOCATOR, description }],
};

const propertiesOf = <Kind extends InputSlot['kind']>(input: SlotOf<Kind> & { kind: Kind }): INodeProperties[] =>
	PROPERTIES[input.kind](input);

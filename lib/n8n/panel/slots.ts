import type { INodeProperties } from 'n8n-workflow';

import type { Endpoint } from '../../catalogue/operations';
import type { ChoiceRule, InputSlot, ModelRules, SlotOf } from '../../catalogue/types';
import { inputsOf as inputsOfBackend, modelsOf, type Backend } from '../backends';
import { labelValue } from '../fields';
import { filmCutProperties, filmPartProperties } from './films';
import { voiceProperties } from './voice';
import { imageLocator, nameLocator, SOUND_LOCATOR, VIDEO_LOCATOR } from './locators';
import { HIDE_ALL_BUT_CUSTOM, HIDE_CUSTOM, hideKnownModels, showEndpoints } from './conditions';
import { CUES } from './cues';

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
		return propertiesOf(input).map((property) => ({
			...property,
			// a slot of several parameters may show some only beside a value of another
			displayOptions: { show: { ...display.show, ...property.displayOptions?.show }, ...hide },
		}));
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
	prompt: ({ placeholder, description = 'What happens in the video' }) => [
		{
			displayName: 'Prompt',
			name: 'prompt',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			placeholder,
			description,
		},
	],
	image: ({ name, label, description, isOptional }) => [
		{ displayName: label, name, ...imageLocator(false), ...(isOptional ? { required: false } : {}), description },
	],
	framePair: ({ first, last }) =>
		[first, last].map(({ name, label, description }) => ({
			displayName: label,
			name,
			...imageLocator(false),
			description,
		})),
	images: ({ name, label, description, isOptional }) => [
		// eslint-disable-next-line n8n-nodes-base/node-param-default-missing -- it is there, after a question
		{
			displayName: label,
			name,
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add image',
			default: isOptional ? {} : { image: [{ image: { __rl: true, mode: 'url', value: '' } }] },
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
	cues: ({ name, label, description }) => [{ displayName: label, name, ...CUES, default: CUES.default, description }],
	subjects: ({ name, label, description }) => [
		{
			displayName: label,
			name,
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add subject',
			default: { subject: [{ name: '', images: { __rl: true, mode: 'url', value: '' }, voiceId: '', serverId: '' }] },
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
							required: false,
							description: 'One to three images of the subject, or none where Subject ID is given',
						},
						{
							displayName: 'Subject ID',
							name: 'serverId',
							type: 'string',
							default: '',
							placeholder: 'e.g. 901200000000000001',
							description: 'ID of a subject that you keep at Vidu, as Subject → Create returns it',
						},
						{
							displayName: 'Voice ID',
							name: 'voiceId',
							type: 'string',
							default: '',
							placeholder: 'e.g. English_Trustworthy_Man',
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
	frames: ({ name, label, description, duration }) => [
		{
			displayName: label,
			name,
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, sortable: true },
			placeholder: 'Add frame',
			default: { frame: [emptyFrame(duration), emptyFrame(duration)] },
			description,
			options: [
				{
					displayName: 'Frame',
					name: 'frame',
					values: [
						{
							displayName: 'Image',
							name: 'image',
							...imageLocator(false),
							description:
								'Last frame of this part of the video, and first of the next. A list makes a frame of each image.',
						},
						{
							displayName: 'Prompt',
							name: 'prompt',
							type: 'string',
							typeOptions: { rows: 2 },
							default: '',
							placeholder: 'e.g. The camera rises above the table',
							description: 'What happens on the way to this image',
						},
						{
							displayName: 'Duration',
							name: 'duration',
							...lengths(duration),
							description: 'How long the way to this image takes',
						},
					],
				},
			],
		},
	],
	filmPart: filmPartProperties,
	filmCut: filmCutProperties,
	voice: voiceProperties,
	sound: ({ name, label, description }) => [{ displayName: label, name, ...SOUND_LOCATOR, description }],
	name: ({ name, label, description, placeholder }) => [
		{ displayName: label, name, ...nameLocator(placeholder), description },
	],
};

const lengths = ({ values, default: preset }: ChoiceRule): Pick<INodeProperties, 'type' | 'options' | 'default'> => ({
	type: 'options',
	options: values.map((value) => ({ name: labelValue('duration', value), value })),
	default: preset,
});

const emptyFrame = ({ default: duration }: ChoiceRule) => ({
	image: { __rl: true, mode: 'url', value: '' },
	prompt: '',
	duration,
});

const propertiesOf = <Kind extends InputSlot['kind']>(input: SlotOf<Kind> & { kind: Kind }): INodeProperties[] =>
	PROPERTIES[input.kind](input);

import type { INodeProperties } from 'n8n-workflow';

/** A list of sounds, each from one moment to another. */
export const CUES: Pick<INodeProperties, 'type' | 'typeOptions' | 'placeholder' | 'default' | 'options'> = {
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add cue',
	default: { cue: [{ from: 0, to: 0, prompt: '' }] },
	options: [
		{
			displayName: 'Cue',
			name: 'cue',
			values: [
				{
					displayName: 'From (Seconds)',
					name: 'from',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 0,
					description: 'When it begins',
				},
				{
					displayName: 'To (Seconds)',
					name: 'to',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 0,
					description: 'When it ends',
				},
				{
					displayName: 'Prompt',
					name: 'prompt',
					type: 'string',
					default: '',
					placeholder: 'e.g. A door falls shut',
					description: 'What is heard',
				},
			],
		},
	],
};

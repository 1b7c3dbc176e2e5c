import type { INodeProperties } from 'n8n-workflow';

import type { SlotOf } from '../../catalogue/types';
import { SOUND_LOCATOR } from './locators';

/** What is spoken: a text and its voice, or a sound file, whichever is picked. */
export function voiceProperties({ voiceFrom, text, voiceId, audioFile }: SlotOf<'voice'>): INodeProperties[] {
	const beside = (value: string) => ({ displayOptions: { show: { [voiceFrom.name]: [value] } } });
	return [
		{
			displayName: voiceFrom.label,
			name: voiceFrom.name,
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Audio', value: 'audio', description: 'A sound file' },
				{ name: 'Text', value: 'text', description: 'A text that the service speaks' },
			],
			default: 'text',
			description: voiceFrom.description,
		},
		{
			displayName: text.label,
			name: text.name,
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			required: true,
			placeholder: 'e.g. Light as a feather. <#0.5#> Made for every day.',
			description: text.description,
			...beside('text'),
		},
		{
			displayName: voiceId.label,
			name: voiceId.name,
			type: 'string',
			default: '',
			placeholder: 'e.g. English_Trustworthy_Man',
			description: voiceId.description,
			...beside('text'),
		},
		{
			displayName: audioFile.label,
			name: audioFile.name,
			...SOUND_LOCATOR,
			description: audioFile.description,
			...beside('audio'),
		},
	];
}

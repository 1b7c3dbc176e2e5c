import type { SlotOf } from '../types';

/** What is spoken by the operations that move lips: a text in a voice, or a sound file. Their pages say the same of both. */
export const SPOKEN: SlotOf<'voice'> = {
	kind: 'voice',
	wire: { text: 'text', voiceId: 'voice_id', audio: 'audio_url' },
	voiceFrom: { name: 'voiceFrom', label: 'Voice From', description: 'Where what is said comes from' },
	text: {
		name: 'text',
		label: 'Text',
		description:
			'What is said, in 4 to 2,000 characters, of which a Chinese one counts two. <#1.5#> between two words is a pause of 1.5 seconds.',
	},
	voiceId: {
		name: 'voiceId',
		label: 'Voice ID',
		description: 'Voice that speaks, one of the service or a cloned one. Leave empty for an automatic choice.',
	},
	audioFile: {
		name: 'audioFile',
		label: 'Audio File',
		description: 'WAV, MP3, WMA, M4A, AAC or OGG of more than 1 and less than 600 seconds, up to 100 MB',
	},
};

/** What a text has and a sound file has not. */
export const ONLY_SPOKEN = { parameter: 'voiceFrom', values: ['text'], why: 'a sound file is played as it is' };

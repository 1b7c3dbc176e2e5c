import { operation, passthrough, text, url } from '../rules';
import { FURTHER_PRICES } from './prices';

/**
 * docs/voice-clone, read 2026-11-25 on platform.vidu.com and platform.vidu.cn. Answered at once, or `queueing`. Which code an
 * ID that exists already gets no page says; `Conflict` fits.
 */

export const cloneVoice = operation({
	resource: 'audio',
	name: 'cloneVoice',
	label: 'Clone Voice',
	action: 'Clone voice',
	description:
		'Make a voice of your own from a recording. It speaks a sample, and is lost if nothing uses it for a week',
	makes: 'audio',
	noun: { one: 'voice', many: 'voices', title: 'Voices' },
	path: '/ent/v2/audio-clone',
	answering: { isResult: true, tells: ['voice_id'] },
	inputs: [
		{
			kind: 'sound',
			name: 'audioFile',
			label: 'Audio File',
			description: 'Recording of the voice: MP3, M4A or WAV, 10 seconds to 5 minutes, up to 20 MB',
			wire: 'audio_url',
		},
	],
	ownFields: {
		text: {
			name: 'Text',
			description: 'What the new voice speaks as a sample, up to 1,000 characters. It costs what speech costs, on top.',
			placeholder: 'e.g. Hello, this is my voice',
			rule: text(1_000, 1),
			isTopLevel: true,
			isRequired: true,
		},
		voiceId: {
			name: 'Voice ID',
			description:
				'New name: 8 to 256 letters, digits, - and _, a letter first, neither - nor _ last. 300 credits for each voice.',
			placeholder: 'e.g. ShopVoice01',
			rule: {
				...text(256, 8),
				pattern: {
					is: /^[A-Za-z][A-Za-z0-9_-]*[A-Za-z0-9]$/,
					words: 'letters, digits, - and _, a letter first and neither - nor _ last',
				},
			},
			isTopLevel: true,
			isRequired: true,
		},
		promptAudioUrl: {
			name: 'Prompt Audio URL',
			description: 'Recording of less than 8 seconds, to be more alike. It needs its words in Prompt Text.',
			placeholder: 'e.g. https://example.com/sample.mp3',
			rule: url,
			needs: 'promptText',
		},
		promptText: {
			name: 'Prompt Text',
			description: 'The exact words of Prompt Audio URL, with a full stop or the like at the end',
			placeholder: 'e.g. Good morning.',
			rule: {
				...text(1_000, 1),
				pattern: { is: /\p{P}\s*$/u, words: 'words with a full stop or the like at their end' },
			},
			needs: 'promptAudioUrl',
		},
	},
	rules: {
		fields: { payload: passthrough(1_048_576) },
		typicalSeconds: 15,
		isWaitEstimated: true,
		price: FURTHER_PRICES.cloneVoice,
	},
});

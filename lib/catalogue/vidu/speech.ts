import { decimal, integer, lines, oneOf, operation, passthrough, text } from '../rules';
import { FURTHER_PRICES } from './prices';

/** docs/text-to-speech, read 2026-11-25 on platform.vidu.com and platform.vidu.cn. Answered at once, or `queueing`. */

export const speech = operation({
	resource: 'audio',
	name: 'speech',
	label: 'Generate Speech',
	action: 'Generate speech',
	description: 'Speak a text in a voice of the library, or in one that you have cloned',
	makes: 'audio',
	path: '/ent/v2/audio-tts',
	answering: { isResult: true },
	inputs: [],
	ownFields: {
		text: {
			name: 'Text',
			description:
				'What is spoken, below 10,000 characters, 10 credits for each 500. &lt;#0.5#&gt; between two words is a pause of half a second.',
			placeholder: 'e.g. Meet the sneaker that runs with you',
			rule: text(9_999, 1),
			isTopLevel: true,
			isRequired: true,
		},
		voiceId: {
			name: 'Voice ID',
			description: 'Voice that speaks: of the list at Vidu, or the ID of a cloned one',
			placeholder: 'e.g. English_Trustworthy_Man',
			rule: text(256, 1),
			isTopLevel: true,
			isRequired: true,
			wire: 'voice_setting_voice_id',
		},
		speed: {
			name: 'Speed',
			description: 'How fast the voice speaks, 0.5 to 2',
			rule: decimal(0.5, 2, 1),
			isTopLevel: true,
			wire: 'voice_setting_speed',
		},
		volume: {
			name: 'Volume',
			description: 'How loud the voice is, 0 to 10',
			rule: integer(0, 10, 0),
			isTopLevel: true,
			wire: 'voice_setting_volume',
		},
		pitch: {
			name: 'Pitch',
			description: 'How high the voice is, -12 to 12',
			rule: integer(-12, 12, 0),
			isTopLevel: true,
			wire: 'voice_setting_pitch',
		},
		emotion: {
			name: 'Emotion',
			description: 'How the voice feels',
			placeholder: 'e.g. happy',
			values: {
				angry: 'Angry',
				calm: 'Calm',
				disgusted: 'Disgusted',
				fearful: 'Fearful',
				happy: 'Happy',
				sad: 'Sad',
				surprised: 'Surprised',
			},
			rule: {
				...oneOf(['angry', 'calm', 'disgusted', 'fearful', 'happy', 'sad', 'surprised']),
				unset: 'Automatic',
			},
			isTopLevel: true,
			wire: 'voice_setting_emotion',
		},
		pronunciationDictTone: {
			name: 'Pronunciation',
			description: 'How words are spoken, one in each line, such as omg/oh my god',
			placeholder: 'e.g. omg/oh my god',
			rule: lines(1_000),
		},
	},
	rules: {
		fields: { payload: passthrough(1_048_576) },
		// clients give the answer 60 seconds
		typicalSeconds: 5,
		isWaitEstimated: true,
		price: FURTHER_PRICES.speech,
	},
});

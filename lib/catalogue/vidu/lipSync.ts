import { decimal, integer, operation, url } from '../rules';
import { FURTHER_PRICES } from './prices';
import { TASK } from './shared';
import { ONLY_SPOKEN, SPOKEN } from './spoken';

/** docs/lip-sync, read 2026-11-25 on platform.vidu.com and platform.vidu.cn. */

export const lipSync = operation({
	resource: 'video',
	name: 'lipSync',
	label: 'Lip Sync',
	action: 'Sync lips of video with speech',
	description: 'Let the person in a video say a text or a sound file',
	path: '/ent/v2/lip-sync',
	inputs: [
		{
			kind: 'video',
			name: 'video',
			label: 'Video',
			description:
				'MP4, MOV or AVI of 1 to 600 seconds, best 10 to 120, that shows a face from the front. Each side has 360 to 4,096 pixels.',
			wire: { url: 'video_url' },
		},
		SPOKEN,
	],
	ownFields: {
		refPhotoUrl: {
			name: 'Reference Photo URL',
			description:
				'Photo of who is to speak, where several faces are in the video. The largest one is taken otherwise.',
			placeholder: 'e.g. https://example.com/face.jpg',
			rule: url,
		},
		speed: {
			name: 'Speed',
			description: 'How fast the text is spoken, 0.5 to 2',
			rule: decimal(0.5, 2, 1),
			onlyBeside: ONLY_SPOKEN,
		},
		volume: {
			name: 'Volume',
			description: 'How loud the text is spoken, 0 to 10',
			rule: integer(0, 10),
			onlyBeside: ONLY_SPOKEN,
		},
	},
	rules: {
		// payload is missing in the table of fields and there in the sample of the answer: clients send it
		fields: TASK,
		// no page says how long it takes, and nobody has measured it
		typicalSeconds: 180,
		isWaitEstimated: true,
		// a video may have ten minutes
		maxWaitMinutes: 120,
		price: FURTHER_PRICES.lipSync,
		priceExample: { seconds: 10 },
	},
});

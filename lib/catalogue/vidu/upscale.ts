import { oneOf, operation, passthrough, url } from '../rules';
import { UPSCALE_PRICE } from './prices';

/** docs/upscale-pro, read 2026-11-25 on platform.vidu.com and platform.vidu.cn. */

export const upscale = operation({
	resource: 'video',
	name: 'upscale',
	label: 'Upscale Video',
	action: 'Upscale video',
	description: 'Make a sharper copy of a video, in up to 8K',
	path: '/ent/v2/upscale-new',
	inputs: [
		{
			kind: 'video',
			name: 'video',
			label: 'Video',
			description: 'Video to make sharper, of at most 300 seconds and below 60 frames a second',
			wire: { url: 'video_url', creationId: 'video_creation_id' },
		},
	],
	ownFields: {
		upscaleResolution: {
			name: 'Upscale Resolution',
			description:
				'How sharp the video becomes, more than it is or the task fails. Each second of the source costs 10, 20, 40 or 160 credits.',
			placeholder: 'e.g. 1080p',
			rule: oneOf(['1080p', '2K', '4K', '8K']),
			isTopLevel: true,
		},
	},
	rules: {
		fields: { payload: passthrough(1_048_576), callbackUrl: url },
		// no page says how long it takes, and nobody has measured it
		typicalSeconds: 120,
		isWaitEstimated: true,
		price: UPSCALE_PRICE,
	},
});

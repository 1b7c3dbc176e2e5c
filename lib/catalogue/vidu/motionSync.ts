import { operation } from '../rules';
import { MEGABYTE } from '../units';
import { FURTHER_PRICES } from './prices';
import { SMALL_BODY_BYTES, TASK } from './shared';

/** docs/motion-sync, read 2026-11-25 on platform.vidu.com and platform.vidu.cn. */

export const motionSync = operation({
	resource: 'video',
	name: 'motionSync',
	label: 'Motion Sync',
	action: 'Sync person in image with motion of video',
	description: 'Let the person in an image move like the one in a video',
	path: '/ent/v2/image2dance',
	inputs: [
		{
			kind: 'image',
			name: 'image',
			label: 'Image',
			description: 'Who moves: one person from the front, in an image of up to 5 MB. The video gets its shape.',
			wire: 'image_url',
			isSingle: true,
		},
		{
			kind: 'video',
			name: 'video',
			label: 'Video',
			description: 'MP4, AVI or MOV of 2 to 30 seconds with the motion to follow, of up to 2,048 pixels and 200 MB',
			wire: { url: 'video_url' },
		},
	],
	rules: {
		images: {
			min: 1,
			max: 1,
			rules: {
				formats: ['png', 'jpeg', 'bmp', 'webp'],
				// 15 MB on the China page: nobody refuses 5
				maxBytes: 5 * MEGABYTE,
				minPixels: 200,
				maxPixels: 4096,
				maxAspect: 3,
			},
		},
		fields: TASK,
		// no page says how long it takes, and nobody has measured it
		typicalSeconds: 180,
		isWaitEstimated: true,
		price: FURTHER_PRICES.motionSync,
		priceExample: { seconds: 10 },
	},
	maxBodyBytes: SMALL_BODY_BYTES,
});

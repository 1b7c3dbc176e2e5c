import { integer, oneOf, operation, someOf } from '../rules';
import { FURTHER_PRICES } from './prices';
import { ONE_IMAGE } from './shared';

/**
 * docs/prompt-rec, read 2026-11-25 on platform.vidu.com and platform.vidu.cn. The answer's table calls its id `task_id`, its
 * sample `id`. `start_end2video` and `e_commerce` stand on China's page alone.
 */

export const recommendPrompts = operation({
	resource: 'prompt',
	name: 'recommend',
	label: 'Recommend Prompts',
	action: 'Recommend prompts',
	description: 'Get prompts that suit an image, to make videos of it',
	makes: 'facts',
	path: '/ent/v2/img2video-prompt-recommendation',
	answering: { idField: 'id', isResult: true, tells: ['prompts'] },
	inputs: [
		{ kind: 'image', name: 'image', label: 'Image', description: 'Image that the prompts are for', wire: 'images' },
	],
	ownFields: {
		types: {
			name: 'Types',
			description: 'What the prompts are for. Start-End to Video and E-Commerce only with a key of the China region.',
			values: {
				img2video: 'Image to Video',
				e_commerce: 'E-Commerce (China)',
				start_end2video: 'Start-End to Video (China)',
				template: 'Template',
			},
			rule: someOf(['e_commerce', 'img2video', 'start_end2video', 'template'], ['img2video']),
			isTopLevel: true,
			isRequired: true,
			wire: 'type',
		},
		count: {
			name: 'Count',
			description: 'How many prompts of each type, 1 to 10. Each 5 prompts cost 10 credits.',
			rule: integer(1, 10, 5),
			isTopLevel: true,
		},
		resolution: {
			name: 'Resolution',
			description: 'Of the template that is recommended',
			placeholder: 'e.g. 360p',
			rule: oneOf(['360p', '720p']),
			onlyBeside: { parameter: 'types', values: ['template'], why: 'a recommended template alone has a resolution' },
		},
	},
	rules: {
		images: ONE_IMAGE,
		fields: {},
		typicalSeconds: 10,
		isWaitEstimated: true,
		price: FURTHER_PRICES.recommend,
	},
});

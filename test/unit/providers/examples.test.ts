import { cogVideoXCatalogue, zhipuViduCatalogue } from '../../../lib/catalogue/zhipu';
import { viduCatalogue } from '../../../lib/catalogue/vidu';
import { vtrixCatalogue } from '../../../lib/catalogue/vtrix';
import type { Catalogue, FieldName, Operation } from '../../../lib/catalogue/types';
import type { Job, Provider } from '../../../lib/core/types';
import { vidu } from '../../../lib/providers/vidu';
import { vtrix } from '../../../lib/providers/vtrix';
import { zhipu } from '../../../lib/providers/zhipu';

/** The requests of the providers' own pages, each as the page has it, said with the catalogue's fields. */

const PETER_RABBIT = 'Peter Rabbit drives a small car along the road, his face filled with joy and happiness.';
const BIRD =
	'The camera zooms in on the bird, which then flies to the right. The bird flight is smooth and natural, with a red light effect following and surrounding it from behind.';
const FRAMES = [
	'https://prod-ss-images.s3.cn-northwest-1.amazonaws.com.cn/vidu-maas/template/startend2video-1.jpeg',
	'https://prod-ss-images.s3.cn-northwest-1.amazonaws.com.cn/vidu-maas/template/startend2video-2.jpeg',
];

interface Example {
	page: string;
	provider: Provider;
	catalogue: Catalogue;
	operation: Operation;
	model: string;
	fields: { prompt?: string } & Partial<Record<FieldName, unknown>>;
	images?: string[];
	path: string;
	/** Copied from the page. */
	body: string;
}

const ZHIPU = { provider: zhipu, catalogue: zhipuViduCatalogue, path: '/videos/generations' };

const EXAMPLES: Example[] = [
	{
		...ZHIPU,
		page: 'Vidu 2, image to video',
		operation: 'imageToVideo',
		model: 'vidu2-image',
		images: ['https://example.com/path/to/your/image.jpg'],
		fields: { prompt: PETER_RABBIT, duration: 4, size: '720x480', movementAmplitude: 'auto' },
		body: `{
    "model":"vidu2-image",
    "image_url":"https://example.com/path/to/your/image.jpg",
    "prompt":"Peter Rabbit drives a small car along the road, his face filled with joy and happiness.",
    "duration":4,
    "size":"720x480",
    "movement_amplitude":"auto"
}`,
	},
	{
		...ZHIPU,
		page: 'Vidu 2, start and end frame',
		operation: 'startEndToVideo',
		model: 'vidu2-start-end',
		images: ['https://example.com/path/to/your/image1.jpg', 'https://example.com/path/to/your/image2.jpg'],
		fields: { prompt: PETER_RABBIT, duration: 4, size: '720x480', movementAmplitude: 'auto' },
		body: `{
    "model":"vidu2-start-end",
    "image_url":["https://example.com/path/to/your/image1.jpg","https://example.com/path/to/your/image2.jpg"],
    "prompt":"Peter Rabbit drives a small car along the road, his face filled with joy and happiness.",
    "duration":4,
    "size":"720x480",
    "movement_amplitude":"auto"
}`,
	},
	{
		...ZHIPU,
		page: 'Vidu 2, reference',
		operation: 'referenceToVideo',
		model: 'vidu2-reference',
		images: [
			'https://example.com/path/to/your/image1.jpg',
			'https://example.com/path/to/your/image2.jpg',
			'https://example.com/path/to/your/image3.jpg',
		],
		fields: {
			prompt: PETER_RABBIT,
			duration: 4,
			aspectRatio: '16:9',
			size: '720x480',
			movementAmplitude: 'auto',
			withAudio: true,
		},
		body: `{
    "model":"vidu2-reference",
    "image_url":["https://example.com/path/to/your/image1.jpg","https://example.com/path/to/your/image2.jpg","https://example.com/path/to/your/image3.jpg"],
    "prompt":"Peter Rabbit drives a small car along the road, his face filled with joy and happiness.",
    "duration":4,
    "aspect_ratio":"16:9",
    "size":"720x480",
    "movement_amplitude":"auto",
    "with_audio":true
}`,
	},
	{
		...ZHIPU,
		page: 'Vidu Q1, text to video',
		operation: 'textToVideo',
		model: 'viduq1-text',
		fields: {
			style: 'anime',
			prompt: PETER_RABBIT,
			duration: 5,
			aspectRatio: '16:9',
			size: '1920x1080',
			movementAmplitude: 'auto',
		},
		body: `{
    "model": "viduq1-text",
    "style": "anime",
    "prompt": "Peter Rabbit drives a small car along the road, his face filled with joy and happiness.",
    "duration": 5,
    "aspect_ratio": "16:9",
    "size": "1920x1080",
    "movement_amplitude": "auto"
}`,
	},
	{
		...ZHIPU,
		page: 'Vidu Q1, image to video',
		operation: 'imageToVideo',
		model: 'viduq1-image',
		images: ['https://example.com/path/to/your/image.jpg'],
		fields: { prompt: PETER_RABBIT, duration: 5, size: '1920x1080', movementAmplitude: 'auto' },
		body: `{
    "model":"viduq1-image",
    "image_url":"https://example.com/path/to/your/image.jpg",
    "prompt":"Peter Rabbit drives a small car along the road, his face filled with joy and happiness.",
    "duration":5,
    "size":"1920x1080",
    "movement_amplitude":"auto"
}`,
	},
	{
		...ZHIPU,
		page: 'Vidu Q1, start and end frame',
		operation: 'startEndToVideo',
		model: 'viduq1-start-end',
		images: ['https://example.com/path/to/your/image.jpg', 'https://example.com/path/to/your/image1.jpg'],
		fields: { prompt: PETER_RABBIT, duration: 5, size: '1920x1080', movementAmplitude: 'auto' },
		body: `{
    "model":"viduq1-start-end",
    "image_url":["https://example.com/path/to/your/image.jpg","https://example.com/path/to/your/image1.jpg"],
    "prompt":"Peter Rabbit drives a small car along the road, his face filled with joy and happiness.",
    "duration":5,
    "size":"1920x1080",
    "movement_amplitude":"auto"
}`,
	},
	{
		...ZHIPU,
		catalogue: cogVideoXCatalogue,
		// a Python call: the SDK sends its arguments as they are
		page: 'CogVideoX-2',
		operation: 'textToVideo',
		model: 'cogvideox-2',
		fields: {
			prompt:
				'Peter Rabbit is driving a small car, wandering along the road, with a joyful and happy expression on his face.',
			quality: 'quality',
			withAudio: true,
			size: '1920x1080',
			fps: 30,
		},
		body: `{
    "model":"cogvideox-2",
    "prompt":"Peter Rabbit is driving a small car, wandering along the road, with a joyful and happy expression on his face.",
    "quality":"quality",
    "with_audio":true,
    "size":"1920x1080",
    "fps":30
}`,
	},
	{
		provider: vidu,
		catalogue: viduCatalogue,
		path: '/ent/v2/start-end2video',
		// the page has the answer, which repeats the request; seed is a placeholder in it
		page: 'Vidu, start and end frame',
		operation: 'startEndToVideo',
		model: 'viduq3-pro',
		images: FRAMES,
		fields: { prompt: BIRD, duration: 5, seed: 7, resolution: '1080p', audio: true, offPeak: false },
		body: `{
  "model": "viduq3-pro",
  "images": ["https://prod-ss-images.s3.cn-northwest-1.amazonaws.com.cn/vidu-maas/template/startend2video-1.jpeg","https://prod-ss-images.s3.cn-northwest-1.amazonaws.com.cn/vidu-maas/template/startend2video-2.jpeg"],
  "prompt": "The camera zooms in on the bird, which then flies to the right. The bird flight is smooth and natural, with a red light effect following and surrounding it from behind.",
  "duration": 5,
  "seed": 7,
  "resolution": "1080p",
  "audio": true,
  "off_peak": false
}`,
	},
	{
		provider: vtrix,
		catalogue: vtrixCatalogue,
		path: '/model/v1/generation',
		// the page lists parameters; all that are available, in the envelope that the vendor's own client sends
		page: 'Vtrix, image to video',
		operation: 'imageToVideo',
		model: 'vidu20_img2video',
		images: ['https://example.com/first.png'],
		fields: {
			prompt: 'slow push-in',
			duration: 4,
			resolution: '360p',
			seed: 0,
			movementAmplitude: 'auto',
			payload: 'sku-1',
			audio: true,
			voiceId: 'voice-1',
			isRec: false,
			bgm: false,
			watermark: true,
			wmPosition: 3,
			wmUrl: 'https://example.com/mark.png',
			callbackUrl: 'https://example.com/callback',
		},
		body: `{
  "model": "vidu20_img2video",
  "input": [
    { "params": {
        "images": ["https://example.com/first.png"],
        "prompt": "slow push-in",
        "duration": 4,
        "resolution": "360p",
        "seed": 0,
        "movement_amplitude": "auto",
        "payload": "sku-1",
        "audio": true,
        "voice_id": "voice-1",
        "is_rec": false,
        "bgm": false,
        "watermark": true,
        "wm_position": 3,
        "wm_url": "https://example.com/mark.png",
        "callback_url": "https://example.com/callback"
    } }
  ]
}`,
	},
];

const jobOf = ({ operation, model, fields }: Example): Job => ({
	itemIndex: 0,
	operation,
	model,
	fields,
	images: [],
	typicalSeconds: 60,
	fingerprint: 'f',
	origin: 'o',
});

describe.each(EXAMPLES)('the example of the page "$page"', (example) => {
	test('leaves as the page has it', () => {
		const request = example.provider.submit(jobOf(example), { images: example.images ?? [] });
		expect(request).toMatchObject({ method: 'POST', path: example.path });
		expect(request.body).toEqual(JSON.parse(example.body));
	});

	test('says only what the catalogue offers', () => {
		const row = example.catalogue.models[example.operation]?.[example.model];
		const { prompt, ...fields } = example.fields;
		expect(prompt?.length).toBeLessThanOrEqual(row!.prompt.maxChars);
		const count = example.images?.length ?? 0;
		expect(count).toBeGreaterThanOrEqual(row!.images.min);
		expect(count).toBeLessThanOrEqual(row!.images.max);
		for (const [name, value] of Object.entries(fields)) {
			const rule = row!.fields[name as FieldName];
			expect([name, rule?.kind]).not.toEqual([name, undefined]);
			if (rule?.kind === 'choice') expect(rule.values).toContain(value);
		}
	});
});

test('all nine examples of the source pages are here', () => {
	expect(EXAMPLES.map(({ model }) => model)).toEqual([
		'vidu2-image',
		'vidu2-start-end',
		'vidu2-reference',
		'viduq1-text',
		'viduq1-image',
		'viduq1-start-end',
		'cogvideox-2',
		'viduq3-pro',
		'vidu20_img2video',
	]);
});

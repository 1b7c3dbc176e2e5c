import type { Order } from '../../../lib/core/job';
import { vidu } from '../../../lib/providers/vidu';
import { vtrix } from '../../../lib/providers/vtrix';
import { zhipu } from '../../../lib/providers/zhipu';

/** Everything an adapter asks of the wire, whole: method, path, headers and body, and nothing beside them. */

const ORDER: Order = {
	operation: 'imageToVideo',
	path: '/ent/v2/img2video',
	model: 'm-1',
	fields: { prompt: 'a cat', movementAmplitude: 'small', offPeak: false },
	inputs: { images: ['https://example.com/1.png'] },
	extraFields: { seed: 7, prompt: 'a dog' },
};
const WITHOUT_MODEL: Order = { operation: 'upscale', path: '/ent/v2/upscale-new', fields: {}, inputs: {} };
const ENGLISH = { 'Accept-Language': 'en-US,en' };
const EVERY_FILTER = {
	createdAfter: '2026-11-20T00:00:00.000Z',
	createdBefore: '2026-11-21T00:00:00.000Z',
	taskIds: ['1', '2'],
	modelVersions: ['viduq3-pro'],
	resolutions: ['720p', '1080p'],
	states: ['success', 'failed'],
};

test.each([
	[
		'an order at Vidu',
		vidu.submit(ORDER),
		{
			path: '/ent/v2/img2video',
			body: {
				model: 'm-1',
				images: ['https://example.com/1.png'],
				prompt: 'a dog',
				movement_amplitude: 'small',
				off_peak: false,
				seed: 7,
			},
		},
	],
	['an order of what has no model', vidu.submit(WITHOUT_MODEL), { path: '/ent/v2/upscale-new', body: {} }],
	[
		'an order at Zhipu',
		zhipu.submit(ORDER),
		{
			path: '/videos/generations',
			headers: ENGLISH,
			body: {
				model: 'm-1',
				image_url: 'https://example.com/1.png',
				prompt: 'a dog',
				movement_amplitude: 'small',
				off_peak: false,
				seed: 7,
			},
		},
	],
	[
		'an order at Vtrix',
		vtrix.submit(ORDER),
		{
			path: '/model/v1/generation',
			body: {
				model: 'm-1',
				input: [
					{
						params: {
							images: ['https://example.com/1.png'],
							prompt: 'a dog',
							movement_amplitude: 'small',
							off_peak: false,
							seed: 7,
						},
					},
				],
			},
		},
	],
	['a question to Vidu', vidu.ask('12'), { method: 'GET', path: '/ent/v2/tasks/12/creations' }],
	['a question to Zhipu', zhipu.ask('12'), { method: 'GET', path: '/async-result/12', headers: ENGLISH }],
	['a question to Vtrix', vtrix.ask('d1'), { method: 'GET', path: '/model/v1/generation/task/d1' }],
	['a cancellation', vidu.cancel!('1/2'), { method: 'POST', path: '/ent/v2/tasks/1%2F2/cancel', body: { id: '1/2' } }],
	['a list', vidu.list!.page({}, 100, undefined), { method: 'GET', path: '/ent/v2/tasks?pager.pagesz=100' }],
	[
		'a list by everything it can be narrowed by',
		vidu.list!.page(EVERY_FILTER, 20, 't&2'),
		{
			method: 'GET',
			path:
				'/ent/v2/tasks?created_at.from=2026-11-20T00%3A00%3A00.000Z&created_at.to=2026-11-21T00%3A00%3A00.000Z' +
				'&task_ids=1&task_ids=2&model_versions=viduq3-pro&resolutions=720p&resolutions=1080p' +
				'&states=success&states=failed&pager.pagesz=20&pager.page_token=t%262',
		},
	],
	['the credits', vidu.credits!.request(), { method: 'GET', path: '/ent/v2/credits?show_detail=true' }],
	['the usage', vidu.usage!.request(), { method: 'GET', path: '/ent/v2/credits?show_detail=false' }],
])('%s', (_name, request, whole) => {
	expect(request).toStrictEqual(whole);
});

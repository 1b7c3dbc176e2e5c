import { vidu } from '../../../lib/providers/vidu';
import { films } from '../../../lib/providers/vidu/films';

/** The samples of the pages of films in parts, read: platform.vidu.cn, ad film, music film and general film. */

const record = (id: string) => ({
	id,
	// the sample has this type for all of them
	type: 'generate_video',
	prompt: 'string',
	creation_url: `https://example.com/${id}`,
	state: 'success',
	err_code: '',
});
const AD = {
	id: '891100896237203456',
	err_code: '',
	state: 'success',
	data_records: {
		storyboards: [
			{ stroyboard_id: 0, records: [record('891101095923822592'), record('891101095923822593')] },
			{ stroyboard_id: 1, records: [record('891101095923822594')] },
			{ stroyboard_id: 2, records: [record('891101095923822595')] },
		],
		narration_records: [record('891101095923822596')],
		bgm_records: [record('891101095923822597')],
		completed_creation_records: [
			{
				id: '891100914109132807',
				state: 'success',
				params: {
					video_task_ids: ['891101095923822593', '891101095923822594', '891101095923822595'],
					bgm_task_id: '891101095923822597',
					narration_task_id: '891101095923822596',
				},
				creation_url: 'https://example.com/film',
				err_code: '',
			},
		],
	},
};
const part = (id: string, makes: string) => ({
	...{ id, state: 'succeeded', makes, prompt: 'string', url: `https://example.com/${id}` },
});

test('the sample of the ad film, whose records do not say what they are', () => {
	expect(films.read(AD)).toStrictEqual({
		kind: 'product',
		storyboard: [
			{ index: 0, versions: [part('891101095923822592', 'video'), part('891101095923822593', 'video')] },
			{ index: 1, versions: [part('891101095923822594', 'video')] },
			{ index: 2, versions: [part('891101095923822595', 'video')] },
		],
		narration: [part('891101095923822596', 'audio')],
		music: [part('891101095923822597', 'audio')],
		versions: [
			{
				...{ id: '891100914109132807', state: 'succeeded', makes: 'video', url: 'https://example.com/film' },
				facts: {
					videoTaskIds: ['891101095923822593', '891101095923822594', '891101095923822595'],
					bgmTaskId: '891101095923822597',
					narrationTaskId: '891101095923822596',
				},
			},
		],
	});
});

test.each([
	[{ stroyboard_id: 1 }, { stroyboard_id: 0 }],
	[{ storyboard_id: 1 }, { storyboard_id: 0 }],
])('scenes %j and %j are put in order, however their number is spelled', (one, other) => {
	const storyboards = [
		{ ...one, records: [record('12')] },
		{ ...other, records: [record('11')] },
	];
	expect(films.read({ data_records: { storyboards } })?.storyboard.map(({ versions }) => versions[0].id)).toEqual([
		'11',
		'12',
	]);
});

test('a scene that has no number has that of its place', () => {
	const storyboards = [{ records: [record('11')] }, { records: [record('12')] }];
	expect(films.read({ data_records: { storyboards } })?.storyboard.map(({ index }) => index)).toEqual([0, 1]);
});

test('what failed or was cancelled says so, with its code', () => {
	const failed = { ...record('11'), state: 'failed', creation_url: '' };
	const bgm_records = [
		{ ...failed, err_code: 'CreationPolicyViolation' },
		{ ...failed, err_code: 'UserCancelled' },
		{ ...failed, state: 'resting' },
	];
	expect(films.read({ data_records: { bgm_records } })?.music).toMatchObject([
		{ state: 'failed', code: 'CreationPolicyViolation' },
		{ state: 'canceled', code: 'UserCancelled' },
		{ state: 'unknown' },
	]);
});

const job = (type: string, more: object = {}) => ({
	type,
	jobs: [
		{
			...{ id: type === 'compose' ? '901245503243554816' : '901245331704909824', type, input: '', output: '' },
			...{ state: 'success', created_at: '2025-12-24T02:59:06.937309Z', updated_at: '2025-12-24T02:59:35.473978Z' },
			...{ err_code: '', err_msg: '', signed_url: 'https://example.com/clip?Expires=1800000000' },
			...more,
			index: 0,
		},
	],
	index: 0,
});
const INPUT = { duration: 3, prompt: '2.5d', lyric_text: '前奏', signed_images: [] };
const MV = {
	...{ id: '901243326567555072', type: 'mv', state: 'success', input: '' },
	job_records: [job('generate_video', { mv_generate_video_input: INPUT }), job('compose')],
};

test('the sample of the music film', () => {
	const made = {
		...{ state: 'succeeded', makes: 'video', url: 'https://example.com/clip?Expires=1800000000' },
		urlExpiresAt: '2027-01-15T08:00:00.000Z',
	};
	const createdAt = '2025-12-24T02:59:06.937309Z';
	expect(films.read(MV, '/ent/v2/one-click/mv/{id}')).toStrictEqual({
		kind: 'music',
		storyboard: [
			{
				index: 0,
				versions: [
					{
						...{ id: '901245331704909824', ...made, prompt: '2.5d', durationSeconds: 3 },
						facts: { lyricText: '前奏', createdAt },
					},
				],
			},
		],
		versions: [{ id: '901245503243554816', ...made, facts: { createdAt } }],
	});
});

test.each([
	['one_click', '/ent/v2/one-click/mv/{id}', 'general'],
	['mv', '/ent/v2/one-click/general_one_click/{id}', 'music'],
	[undefined, '/ent/v2/one-click/general_one_click/{id}', 'general'],
	[undefined, '/ent/v2/one-click/mv/{id}', 'music'],
])('a film that calls itself %s, found at %s, is a %s film', (type, path, kind) => {
	expect(films.read({ ...MV, type }, path)?.kind).toBe(kind);
});

test('the input of a clip is read whatever film it is called after', () => {
	const film = { ...MV, job_records: [job('generate_video', { one_click_generate_video_input: INPUT })] };
	expect(films.read(film)?.storyboard[0].versions[0]).toMatchObject({ prompt: '2.5d', durationSeconds: 3 });
});

test.each([
	['a clip', { id: '1', state: 'success', creations: [] }],
	['nothing', undefined],
	['a text', 'film'],
	['no list', { job_records: 'none' }],
	['null', { data_records: null }],
])('%s is no film in parts', (_name, body) => {
	expect(films.read(body)).toBeUndefined();
});

test('what has no ID, or is no list, is left out and costs nothing else', () => {
	expect(
		films.read({ data_records: { storyboards: {}, narration_records: [{ state: 'success' }, record('11'), null] } }),
	).toStrictEqual({
		...{ kind: 'product', storyboard: [], music: [], versions: [] },
		narration: [part('11', 'audio')],
	});
});

describe('the samples of orders on a film', () => {
	test('a scene of an ad film, by its number, spelled as in the table', () => {
		expect(
			films.edit('123', 'product', { type: 'generate_video', scene: { index: 2, versionId: '891101095923822595' } }),
		).toStrictEqual({
			path: '/ent/v2/ad-one-click/edit',
			inputs: { ad_one_click_task_id: '123', type: 'generate_video', storyboard_video_index: 2 },
			answering: { idField: 'sub_task_id' },
		});
	});

	test.each(['generate_narration', 'generate_bgm'])('%s of an ad film, which has no number', (type) => {
		expect(films.edit('123', 'product', { type }).inputs).toStrictEqual({ ad_one_click_task_id: '123', type });
	});

	test('an ad film put together', () => {
		const parts = { sceneIds: ['1', '2', '3'], musicId: '4', narrationId: '5' };
		expect(films.compose('123', 'product', parts)).toStrictEqual({
			path: '/ent/v2/ad-one-click/compose',
			inputs: {
				...{ ad_one_click_task_id: '123', video_task_ids: ['1', '2', '3'] },
				...{ bgm_task_id: '4', narration_task_id: '5' },
			},
			answering: { idField: 'compose_sub_task_id' },
		});
	});

	test.each([
		['music', '/ent/v2/one-click/mv'],
		['general', '/ent/v2/one-click/general_one_click'],
	] as const)('a %s film, by its path', (kind, path) => {
		const scene = { index: 0, versionId: '901334076999344129' };
		const answering = { idField: 'id', queryPath: `${path}/{id}` };
		expect(films.edit('9', kind, { type: 'generate_video', scene })).toStrictEqual({
			...{ path: `${path}/9/edit`, inputs: { job_id: '901334076999344129' }, answering, without: ['payload'] },
		});
		expect(films.compose('9', kind, { sceneIds: ['1', '2'] })).toStrictEqual({
			...{ path: `${path}/9/compose`, inputs: { job_ids: ['1', '2'] }, answering, without: ['payload'] },
		});
	});
});

test('a scene is known by its number, written as text or not', () => {
	const ofProduct = ['2', '0', 1].map((stroyboard_id, at) => ({
		stroyboard_id,
		records: [record(`89110109592382250${at}`)],
	}));
	const ofMusic = ['2', '0', 1].map((index) => ({ type: 'generate_video', index, jobs: [] }));
	const told = [{ data_records: { storyboards: ofProduct } }, { job_records: ofMusic }].map((body) => films.read(body));
	expect(told.map((film) => film?.storyboard.map(({ index }) => index))).toEqual([
		[0, 1, 2],
		[0, 1, 2],
	]);
	expect(told[0]?.storyboard.map(({ versions: [{ id }] }) => id.at(-1))).toEqual(['1', '2', '0']);
});

test.each([
	['12', 12],
	['1a', 0],
	['a1', 0],
	['0123456789', 0],
	[true, 0],
])('the number %p of a scene is %i: what is none is the place where it stands', (given, index) => {
	const film = films.read({ job_records: [{ type: 'generate_video', index: given, jobs: [] }] });
	expect(film?.storyboard).toEqual([{ index, versions: [] }]);
});

test('the parts of a film are asked for where an ad film tells them', () => {
	expect(films.partsQuery).toBe('/ent/v2/ad-one-click/{id}');
});

test('a task that is unknown where most are is looked for where music and general films are', () => {
	expect(vidu.otherQueries).toEqual(['/ent/v2/one-click/mv/{id}', '/ent/v2/one-click/general_one_click/{id}']);
});

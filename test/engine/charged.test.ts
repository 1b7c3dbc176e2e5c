import dns from 'node:dns';

import type { INodeParameters } from 'n8n-workflow';

import type { Operation } from '../../lib/catalogue/operations';
import type { Emulator, EmulatorOptions } from '../emulator';
import { CLIP_PRICES, ENDPOINTS } from '../fixtures/clipPrices';
import { operationOf } from '../../lib/n8n/backends';
import { FURNISHED, simplestVideo } from '../videos';
import { runNode, useEmulators, type RunResult } from './harness';

/**
 * Every price that the documents name, ordered through n8n's engine: what the emulator charges, by tables of its own, is the
 * figure, and a dry run tells it before where what counts is known.
 */

const open = useEmulators();

const RICH = { concurrency: 10_000, credits: 1_000_000, taskSeconds: 600 };

let emulator: Emulator;
let china: Emulator;
beforeAll(async () => {
	emulator = await open({ ...RICH, keptFilms: KEPT_FILMS });
	china = await open({ ...RICH, vidu: { region: 'china' } });
	nameChina();
});
afterAll(() => jest.restoreAllMocks());

/** Whose prices hold is told by the host's name, so China's emulator has it. */
const CHINA_HOST = 'api.vidu.cn';

function nameChina(): void {
	const lookup = dns.lookup.bind(dns) as (...args: unknown[]) => void;
	jest
		.spyOn(dns, 'lookup')
		.mockImplementation((name: string, ...args: unknown[]) =>
			lookup(name === CHINA_HOST ? '127.0.0.1' : name, ...args),
		);
}

async function run(parameters: INodeParameters, at = emulator): Promise<RunResult> {
	const { url, key } = { url: new URL(at.urls.vidu), key: at.keys.vidu };
	if (at === china) url.hostname = CHINA_HOST;
	return await runNode(at, {
		parameters: { waitForCompletion: false, files: { allowPrivateUrls: true }, ...parameters },
		credentials: { viduApi: { region: 'custom', baseUrl: url.href, apiKey: key } },
	});
}

/** @returns what was told before, and what was charged in the end */
async function order(
	parameters: INodeParameters,
	at = emulator,
): Promise<{ told: unknown; charged: number; said: unknown }> {
	const before = at.journal.counts();
	const dry = await run({ ...parameters, dryRun: true }, at);
	expect(dry.error).toBeUndefined();
	expect(at.journal.counts()).toMatchObject({ created: before.created, charged: before.charged });
	const { items, error } = await run(parameters, at);
	expect(error).toBeUndefined();
	const after = at.journal.counts();
	expect(after.created).toBe(before.created + 1);
	return { told: dry.items[0].json.credits, charged: after.charged - before.charged, said: items[0].json.credits };
}

describe('clips', () => {
	test('are all of the list', () => {
		expect(CLIP_PRICES).toHaveLength(89);
	});

	test.each(CLIP_PRICES.map((row) => [row.slice(0, 6).join(' '), Number(row[6]), row] as const))(
		'%s: %i',
		async (_name, credits, [form, model, seconds, resolution, switches, region]) => {
			const has = (word: string) => switches.split(',').includes(word);
			// with references the older models speak for named subjects alone
			const endpoint = form === 'ref' && has('audio') && /^viduq[12]/.test(model) ? 'subjectsToVideo' : ENDPOINTS[form];
			const operation = operationOf(endpoint);
			const at = region === 'china' ? china : emulator;
			const { told, charged, said } = await order(
				{
					...simplestVideo(endpoint, at.urls.images),
					...{ operation, model, resolution, duration: Number(seconds) },
					...(switches === '-' || switches === 'off-peak' ? {} : { audio: has('audio') }),
					options: { ...(has('off-peak') ? { offPeak: true } : {}), ...(has('is_rec') ? { isRec: true } : {}) },
				},
				at,
			);
			expect({ told, charged, said }).toEqual({ told: credits, charged: credits, said: credits });
		},
	);

	test.each<[what: string, parameters: INodeParameters]>([
		['viduq3-mix off-peak', { operation: 'referenceToVideo', model: 'viduq3-mix', options: { offPeak: true } }],
		[
			'viduq2-turbo with sound off-peak',
			{ operation: 'imageToVideo', model: 'viduq2-turbo', audio: true, options: { offPeak: true } },
		],
		['viduq3-pro-fast at 540p', { operation: 'imageToVideo', model: 'viduq3-pro-fast', resolution: '540p' }],
		['viduq3-pro with references', { operation: 'referenceToVideo', model: 'viduq3-pro' }],
		['vidu2.0, 8 s at 1080p', { operation: 'imageToVideo', model: 'vidu2.0', duration: 8, resolution: '1080p' }],
		['viduq1, 3 s', { operation: 'imageToVideo', model: 'viduq1', duration: 3 }],
	])('%s has no price, and is not ordered', async (_what, parameters) => {
		const before = emulator.journal.counts().created;
		// by expressions, which no dropdown narrows
		const said: INodeParameters = Object.fromEntries(
			Object.entries(parameters).map(([name, value]) =>
				typeof value === 'object' || name === 'operation' ? [name, value] : [name, `={{ ${JSON.stringify(value)} }}`],
			),
		);
		const simplest = simplestVideo(parameters.operation as Operation, emulator.urls.images);
		const { error } = await run({ ...simplest, ...said });
		expect(error?.message).toContain('[item 0]');
		expect(emulator.journal.counts().created).toBe(before);
	});
});

const at = (value: string): INodeParameters => ({ __rl: true, mode: 'url', value });
const file = (name: string, seconds: number) => at(`https://files.example/${name}?seconds=${seconds}`);
const images = (count: number): INodeParameters => ({
	image: Array.from({ length: count }, (_, index) => ({ image: at(`https://files.example/${index}.png`) })),
});
const frames = (...seconds: number[]): INodeParameters => ({
	frame: seconds.map((duration, index) => ({ image: at(`https://files.example/${index}.png`), duration })),
});

const GENERAL_FILM = '901300000000000101';
const MUSIC_FILM = '901300000000000201';
const KEPT_FILMS: EmulatorOptions['keptFilms'] = {
	...FURNISHED.keptFilms,
	[GENERAL_FILM]: 'one-click/general_one_click',
	[MUSIC_FILM]: 'one-click/mv',
};

/** `UNKNOWN`: the length of a file at an address counts, and nobody can tell it before. */
const UNKNOWN = 'unknown';

const image = (model: string, count: number, resolution: string): [Operation, INodeParameters] => [
	'generate',
	{ model, resolution, images: images(count) },
];
const extend = (model: string, resolution: string, duration: number): [Operation, INodeParameters] => [
	'extend',
	{ model, resolution, duration },
];
const multi = (model: string, resolution: string, ...seconds: number[]): [Operation, INodeParameters] => [
	'multiFrameToVideo',
	{ model, resolution, frames: frames(...seconds) },
];
const upscale = (seconds: number, upscaleResolution: string): [Operation, INodeParameters] => [
	'upscale',
	{ video: file('clip.mp4', seconds), upscaleResolution },
];
const lips = (seconds: number): [Operation, INodeParameters] => [
	'lipSync',
	{ voiceFrom: 'audio', audioFile: file('voice.mp3', seconds) },
];
const music = (resolution: string, options: INodeParameters = {}, lipSync = false): [Operation, INodeParameters] => [
	'music',
	{ audioFile: file('song.mp3', 60), resolution, options, ...(lipSync ? { lipSync } : {}) },
];
const prompts = (types: string[], count: number): [Operation, INodeParameters] => ['recommend', { types, count }];
const speech = (length: number): [Operation, INodeParameters] => ['speech', { text: 'x'.repeat(length) }];

const FURTHER: Array<[...[Operation, INodeParameters], credits: number, told?: typeof UNKNOWN]> = [
	['create', {}, 5],
	['update', {}, 0],
	[...image('viduq2', 0, '1080p'), 6],
	[...image('viduq2', 0, '2K'), 8],
	[...image('viduq2', 0, '4K'), 10],
	[...image('viduq2', 1, '2K'), 12],
	[...image('viduq2', 3, '1080p'), 8],
	[...image('viduq2', 3, '2K'), 12],
	[...image('viduq2', 3, '4K'), 20],
	[...image('viduq2', 4, '1080p'), 10],
	[...image('viduq2', 4, '2K'), 16],
	[...image('viduq2', 4, '4K'), 30],
	[...image('viduq2', 7, '2K'), 16],
	[...image('viduq1', 1, '1080p'), 20],
	[...image('viduq1', 7, '1080p'), 20],
	[...extend('viduq2-turbo', '540p', 5), 18],
	[...extend('viduq2-turbo', '720p', 7), 45],
	[...extend('viduq2-turbo', '1080p', 5), 80],
	[...extend('viduq2-pro', '540p', 1), 15],
	[...extend('viduq2-pro', '720p', 5), 70],
	[...extend('viduq2-pro', '1080p', 7), 150],
	[...multi('viduq2-turbo', '1080p', 5, 5, 5, 5, 5), 400],
	[...multi('viduq2-turbo', '720p', 5, 5), 70],
	[...multi('viduq2-pro', '720p', 3, 5, 7), 210],
	[...multi('viduq2-pro', '1080p', 7, 7, 7, 7, 7, 7, 7, 7, 7), 1350],
	[...upscale(10, '1080p'), 100, UNKNOWN],
	[...upscale(10, '2K'), 200, UNKNOWN],
	[...upscale(10, '4K'), 400, UNKNOWN],
	[...upscale(10, '8K'), 1600, UNKNOWN],
	[...upscale(7.4, '1080p'), 80, UNKNOWN],
	[...lips(5), 20, UNKNOWN],
	[...lips(10), 40, UNKNOWN],
	[...lips(12), 60, UNKNOWN],
	[...lips(60), 240, UNKNOWN],
	['motionSync', { video: file('dance.mp4', 8) }, 80, UNKNOWN],
	['digitalHuman', { voiceFrom: 'audio', audioFile: file('voice.mp3', 10) }, 160, UNKNOWN],
	// the emulator speaks 30 characters a second
	['digitalHuman', { model: 'viduq2-pro', text: 'x'.repeat(600) }, 300, UNKNOWN],
	[...prompts(['img2video'], 5), 10],
	[...prompts(['img2video'], 10), 20],
	[...prompts(['img2video', 'template'], 3), 20],
	...(['soundEffects', 'timedSoundEffects'] as const).flatMap((operation): typeof FURTHER => [
		[operation, { duration: 4 }, 10],
		[operation, { duration: 5 }, 20],
		[operation, { duration: 10 }, 20],
	]),
	[...speech(1), 10],
	[...speech(500), 10],
	[...speech(501), 20],
	[...speech(9_999), 200],
	['cloneVoice', { text: 'x'.repeat(20) }, 310],
	['product', { duration: 15 }, 600],
	['product', { duration: 28 }, 1120],
	['replicate', { video: file('trend.mp4', 20), resolution: '540p' }, 240, UNKNOWN],
	['replicate', { video: file('trend.mp4', 20), resolution: '720p' }, 320, UNKNOWN],
	['replicate', { video: file('trend.mp4', 20), resolution: '1080p' }, 400, UNKNOWN],
	[...music('540p'), 360, UNKNOWN],
	[...music('720p'), 480, UNKNOWN],
	[...music('1080p', { quality: 'standard' }), 600, UNKNOWN],
	[...music('720p', { quality: 'high' }), 1440, UNKNOWN],
	[...music('1080p', { quality: 'high' }), 1740, UNKNOWN],
	[...music('720p', { lipRefUrl: 'https://files.example/face.jpg' }, true), 720, UNKNOWN],
	['general', { duration: 30 }, 1200],
	['editPart', { type: 'generate_video', storyboardVideoIndex: 1 }, 200, UNKNOWN],
	['editPart', { type: 'generate_narration', prompt: 'x'.repeat(300) }, 10],
	['editPart', { type: 'generate_narration', prompt: 'x'.repeat(501) }, 20],
	['editPart', { type: 'generate_bgm' }, 30, UNKNOWN],
	['editPart', { taskId: GENERAL_FILM }, 200],
	['editPart', { taskId: MUSIC_FILM }, 40, UNKNOWN],
	['compose', {}, 1],
	['compose', { taskId: GENERAL_FILM }, 1],
	['compose', { taskId: MUSIC_FILM }, 1],
];

/** No page says that these answers name the price: what was charged is seen in the account alone. */
const SILENT: readonly Operation[] = ['lipSync', 'cloneVoice', 'recommend', 'music', 'general', 'update'];

/** Nor do those of what is ordered on these films. */
const OF_OTHER_FILMS: unknown[] = [GENERAL_FILM, MUSIC_FILM];

describe('further operations', () => {
	test.each(
		FURTHER.map(([operation, more, credits, told]) => ({
			operation,
			more,
			credits,
			told,
			what: JSON.stringify(more)
				.replace(/(x{3})x+/g, '$1…')
				.slice(0, 120),
		})),
	)('$operation $what: $credits', async ({ operation, more, credits, told }) => {
		if (operation === 'update') emulator.control.set({ keptSubjects: FURNISHED.keptSubjects });
		const simplest = simplestVideo(operation, emulator.urls.images);
		const before = emulator.journal.counts().charged;
		const parameters = { ...simplest, ...more };
		if (operation === 'update') {
			expect((await run({ ...parameters, dryRun: true })).items[0].json).toMatchObject({ credits: 0 });
			expect((await run(parameters)).error).toBeUndefined();
			expect(emulator.journal.counts().charged).toBe(before);
			return;
		}
		const bill = await order(parameters);
		expect(bill).toEqual({
			told: told === UNKNOWN ? undefined : credits,
			charged: credits,
			said: SILENT.includes(operation) || OF_OTHER_FILMS.includes(more.taskId) ? undefined : credits,
		});
	});

	test('a replica of a video of this account is told by its length', async () => {
		const json = { taskId: '1', file: { durationSeconds: 20 } };
		const own = await open();
		const made = await runNode(own, {
			parameters: { operation: 'textToVideo', prompt: 'It turns', limits: { pollIntervalSeconds: 0.1 }, duration: 8 },
		});
		const { taskId } = made.items[0].json;
		const { items, error } = await runNode(own, {
			parameters: {
				...simplestVideo('replicate', own.urls.images),
				...{ video: { __rl: true, mode: 'taskId', value: '={{ $json.taskId }}' }, resolution: '720p', dryRun: true },
				files: { allowPrivateUrls: true },
			},
			items: [{ json: { ...json, taskId } }],
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ status: 'planned', credits: 320 });
	});
});

import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { collectionOf } from '../../dist/lib/n8n/collections';
import { vidu } from '../../dist/lib/providers/vidu';
import type { Emulator } from '../emulator';
import { credentialsFor, runNode, useEmulators, type RunOptions, type SourceItem } from './harness';
// order keys are kept there
import './seenValues';

/**
 * Success means success: under both kinds of Continue every item that comes in goes out, with a video by the success output
 * or with an `error`, whatever the settings, the credential or an expression hold. Nothing leaves as it came in.
 */

const open = useEmulators();

const SEED = 20_261_125;
const RUNS = 60;

type Case = Pick<RunOptions, 'node' | 'parameters'> & { name: string };

const IMAGE = { __rl: true, mode: 'url', value: 'https://shop.example/a.png' };
const MEDIA_BY_OPERATION: Record<string, INodeParameters> = {
	textToVideo: {},
	imageToVideo: { image: IMAGE },
	startEndToVideo: { startImage: IMAGE, endImage: IMAGE },
	referenceToVideo: { referenceImages: { image: [{ image: IMAGE }] } },
};
const video = (provider: string | undefined, operation: string, model?: string): Case => ({
	name: `${provider ?? 'cogVideoX'} ${operation}`,
	node: provider === undefined ? 'cogVideoX' : 'vidu',
	parameters: {
		...(provider === undefined ? {} : { provider }),
		...(model === undefined ? {} : { model }),
		operation,
		prompt: '={{ $json.prompt }}',
		...MEDIA_BY_OPERATION[operation],
	},
});
const plain = (provider: string | undefined, resource: string, operation: string): Case => ({
	name: `${provider ?? 'cogVideoX'} ${resource} ${operation}`,
	node: provider === undefined ? 'cogVideoX' : 'vidu',
	parameters: { ...(provider === undefined ? {} : { provider }), resource, operation, taskId: '={{ $json.taskId }}' },
});
const CASES: Case[] = [
	...Object.keys(MEDIA_BY_OPERATION).map((operation) => video('vidu', operation, 'viduq3-turbo')),
	video('zhipu', 'textToVideo', 'viduq1-text'),
	video('zhipu', 'imageToVideo', 'vidu2-image'),
	video('zhipu', 'startEndToVideo', 'vidu2-start-end'),
	video('zhipu', 'referenceToVideo', 'vidu2-reference'),
	video('vtrix', 'imageToVideo', 'vidu20_img2video'),
	...['textToVideo', 'imageToVideo', 'startEndToVideo'].map((operation) => video(undefined, operation, 'cogvideox-3')),
	...['vidu', 'zhipu', 'vtrix', undefined].flatMap((provider) => [
		plain(provider, 'task', 'get'),
		plain(provider, 'task', 'wait'),
		plain(provider, 'task', 'cancel'),
		plain(provider, 'task', 'getMany'),
	]),
	plain('vidu', 'account', 'getCredits'),
	plain('vidu', 'account', 'get'),
	plain('zhipu', 'account', 'getCredits'),
	plain('vidu', 'task', 'toString'),
	plain('vidu', 'nonsense', 'get'),
	video('vidu', 'constructor'),
	video('nonsense', 'textToVideo', 'viduq3-turbo'),
];

const ODD = [
	0,
	-1,
	'x',
	'',
	' ',
	null,
	true,
	[],
	{},
	'NaN',
	'1e3',
	'__proto__',
	"={{ $('Nowhere').item.json.x }}",
	'={{ $json.a.b.c }}',
	'={{ undefined }}',
];
const ADDED = [
	...['maxVideos', 'maxCredits', 'maxConcurrency', 'maxWaitMinutes', 'pollIntervalSeconds', 'maxFileMegabytes'],
	...[
		'cancelOnStop',
		'checkImageUrls',
		'sendBinaryAsSignedUrl',
		'removeDuplicateImages',
		'allowPrivateUrls',
		'simplify',
	],
	...['fileName', 'coverField', 'extraFields', 'payload', 'seed', 'callbackUrl', 'offPeak', 'nonsense'],
	...['orderKey', 'maxKeys'],
];
const TOP_LEVEL = [
	...[
		'waitForCompletion',
		'waitMode',
		'downloadVideo',
		'binaryPropertyName',
		'dryRun',
		'model',
		'prompt',
		'duration',
		'resolution',
		'audio',
	],
	...['image', 'startImage', 'referenceImages', 'taskId', 'taskIds', 'limit', 'returnAll', 'filters'],
	...['options', 'limits', 'files'],
	...['provider', 'resource', 'operation'],
];
const CREDENTIALS: Array<[string, (emulator: Emulator) => Record<string, unknown>]> = [
	['as it should be', () => ({})],
	['without a base URL', () => ({ baseUrl: '' })],
	['with words for a base URL', () => ({ baseUrl: 'not a url' })],
	['with a path of another kind', ({ urls }) => ({ baseUrl: `${urls.control}/nowhere` })],
	['with a number for a base URL', () => ({ baseUrl: 7 })],
	['with a key of another', () => ({ apiKey: 'wrong' })],
	['without a key', () => ({ apiKey: undefined })],
	['of no known region', () => ({ region: 'mars', baseUrl: '' })],
];

interface Trial {
	picked: Case;
	onError: 'continueRegularOutput' | 'continueErrorOutput';
	changes: Array<{ place: 'added' | 'top'; name: string; value: unknown }>;
	credential: number;
	items: number;
}

/** Where there is neither a text nor a locator for the task ID n8n itself does not begin. */
const change = fc
	.oneof(
		fc.record({
			place: fc.constant('added' as const),
			name: fc.constantFrom(...ADDED),
			value: fc.constantFrom<unknown>(...ODD),
		}),
		fc.record({
			place: fc.constant('top' as const),
			name: fc.constantFrom(...TOP_LEVEL),
			value: fc.constantFrom<unknown>(...ODD),
		}),
	)
	.filter(({ name, value }) => name !== 'taskId' || (typeof value === 'string' && value !== ''));
/** What leaves an item out, or buys nothing for it, on purpose. */
const wish = fc.oneof(
	fc.record({
		place: fc.constant('top' as const),
		name: fc.constant('dryRun'),
		value: fc.constantFrom<unknown>(true, 'yes', '={{ $json.raw === 1 }}', '={{ $json.a.b.c }}', 'perhaps'),
	}),
	fc.record({
		place: fc.constant('added' as const),
		name: fc.constant('orderKey'),
		value: fc.constantFrom<unknown>(
			'one for all',
			'={{ $json.raw }}',
			'={{ $json.raw > 1 }}',
			'={{ $json.a.b.c }}',
			'',
		),
	}),
	fc.record({
		place: fc.constant('added' as const),
		name: fc.constantFrom('maxVideos', 'maxCredits', 'maxKeys'),
		value: fc.constantFrom<unknown>(1, 2.5, '2', 60, '={{ $json.raw }}'),
	}),
);
const trials: fc.Arbitrary<Trial> = fc.record({
	picked: fc.constantFrom(...CASES),
	onError: fc.constantFrom('continueRegularOutput' as const, 'continueErrorOutput' as const),
	changes: fc.array(fc.oneof({ weight: 2, arbitrary: change }, { weight: 1, arbitrary: wish }), { maxLength: 2 }),
	credential: fc.oneof(
		{ weight: 3, arbitrary: fc.constant(0) },
		{ weight: 2, arbitrary: fc.nat({ max: CREDENTIALS.length - 1 }) },
	),
	items: fc.integer({ min: 1, max: 4 }),
});

async function play(emulator: Emulator, { picked, onError, changes, credential, items }: Trial): Promise<void> {
	const ids = emulator.journal.tasks
		.filter(({ provider }) => provider === (picked.parameters.provider ?? 'zhipu'))
		.map(({ id }) => id);
	const parameters: INodeParameters = {
		...picked.parameters,
		limits: { pollIntervalSeconds: 0.1, maxWaitMinutes: 0.05 },
	};
	for (const { place, name, value } of changes)
		if (place === 'top') parameters[name] = value as never;
		else {
			const collection = (parameters[collectionOf(name)] ??= {});
			if (typeof collection === 'object') (collection as IDataObject)[name] = value as never;
		}
	const source: SourceItem[] = Array.from({ length: items }, (_, index) => ({
		json: { raw: index, prompt: `Video of item ${index}.`, taskId: ids[index] ?? '123456789012345678' },
	}));
	const patch = CREDENTIALS[credential][1](emulator);
	const credentials = Object.fromEntries(
		Object.entries(credentialsFor(emulator)).map(([name, fields]) => [name, { ...fields, ...patch } as IDataObject]),
	);
	const before = emulator.journal.counts().created;
	const result = await runNode(emulator, { ...picked, parameters, items: source, onError, credentials });
	expect(result.error).toBeUndefined();
	const byError = onError === 'continueErrorOutput';
	const good = result.items.filter(({ json }) => byError || json.error === undefined);
	const bad = byError ? result.failed : result.items.filter(({ json }) => json.error !== undefined);

	for (const { json } of bad) {
		expect(json.error).toEqual(expect.stringMatching(/\S/));
		expect(json.details).toEqual(
			expect.objectContaining({ status: expect.any(String), description: expect.stringMatching(/\S/) }),
		);
	}
	for (const { json } of good) {
		// n8n adds the input on the error output alone
		expect(json).not.toHaveProperty('raw');
		expect(Object.keys(json).length).toBeGreaterThan(0);
	}
	const told = new Set([...good, ...bad].map(({ pairedItem }) => (pairedItem as { item: number }).item));
	const isList = parameters.operation === 'getMany';
	const left = Number(
		/^(\d+) of \d+ items w(?:as|ere) left out/.exec(
			result.hints.find((hint) => hint.includes('left out')) ?? '',
		)?.[1] ?? 0,
	);
	if (left > 0) expect((parameters.limits as IDataObject).orderKey).toBeTruthy();
	if (!isList)
		expect([...told].sort()).toEqual(source.map((_, index) => index).filter((index) => left === 0 || told.has(index)));
	if (!isList) expect(told.size).toBe(items - left);
	const isOrder = (parameters.resource ?? 'video') === 'video' || parameters.operation === 'wait';
	const waits = parameters.waitForCompletion === undefined || parameters.waitForCompletion === true;
	if (isOrder && waits && !(parameters.waitMode === 'callback'))
		for (const { json } of good)
			if (json.status === 'planned') expect(parameters.dryRun).toBeTruthy();
			else expect(json).toMatchObject({ status: 'succeeded', videoUrl: expect.stringContaining('http') });
	if (parameters.dryRun === true) expect(emulator.journal.counts().created).toBe(before);
}

test(`${RUNS} random settings, credentials and operations, seed ${SEED}`, async () => {
	const emulator = await open({ concurrency: 50, taskSeconds: 0.1, credits: 1e9 });
	// tasks of every provider, to get and to wait for
	for (const picked of CASES.filter(({ name }) =>
		['vidu textToVideo', 'zhipu textToVideo', 'vtrix imageToVideo'].includes(name),
	))
		await play(emulator, { picked, onError: 'continueErrorOutput', changes: [], credential: 0, items: 4 });
	await fc.assert(
		fc.asyncProperty(trials, async (trial) => await play(emulator, trial)),
		{ seed: SEED, numRuns: Number(process.env.FUZZ_RUNS ?? RUNS), verbose: true },
	);
});

describe.each(['continueRegularOutput', 'continueErrorOutput'] as const)('%s', (onError) => {
	test.concurrent.each(CASES)('$name: three in, three out, whatever the credential', async (picked) => {
		const emulator = await open({ concurrency: 50, taskSeconds: 0.1 });
		for (let credential = 1; credential < CREDENTIALS.length; credential += 1)
			await play(emulator, { picked, onError, changes: [], credential, items: 3 });
	});

	test.concurrent.each([
		['a callback without a public address', { waitMode: 'callback' }],
		['a setting that is no number', { limits: { maxVideos: 'x' } }],
		['a switch that is neither on nor off', { waitForCompletion: 'maybe' }],
	] as Array<[string, INodeParameters]>)(
		'%s: every item has it as its error, and nothing is bought',
		async (_name, more) => {
			const emulator = await open();
			const items = [0, 1, 2].map((index) => ({ json: { raw: index, prompt: 'A sneaker' } }));
			const result = await runNode(emulator, {
				parameters: { operation: 'textToVideo', prompt: '={{ $json.prompt }}', ...more },
				items,
				onError,
			});
			const bad = onError === 'continueErrorOutput' ? result.failed : result.items;
			expect(onError === 'continueErrorOutput' ? result.items : []).toEqual([]);
			expect(bad.map(({ json, pairedItem }) => [typeof json.error, pairedItem])).toEqual(
				items.map((_, index) => ['string', { item: index }]),
			);
			expect(emulator.journal.counts().submits).toBe(0);
		},
	);
});

describe('a fault of our own', () => {
	afterEach(() => jest.restoreAllMocks());

	test.each(['submit', 'readSubmit', 'ask', 'readStatus', 'isTaskId'] as const)(
		'in %s is the error of every item it hits, and no task id is lost',
		async (member) => {
			for (const onError of ['continueErrorOutput', 'stopWorkflow'] as const) {
				const emulator = await open({ concurrency: 20, taskSeconds: 0.1 });
				jest.spyOn(vidu, member).mockImplementation(() => {
					throw new RangeError('Maximum call stack size exceeded');
				});
				const isWait = member === 'isTaskId';
				const { items, failed, error } = await runNode(emulator, {
					parameters: {
						...(isWait
							? { resource: 'task', operation: 'wait', taskId: '123456789012345678' }
							: { operation: 'textToVideo' }),
						prompt: '={{ $json.prompt }}',
						limits: { pollIntervalSeconds: 0.1 },
					},
					items: [0, 1].map((index) => ({ json: { raw: index, prompt: `Video of item ${index}.` } })),
					onError,
				});
				expect(items).toEqual([]);
				const ids = emulator.journal.tasks.map(({ id }) => id);
				if (onError === 'stopWorkflow') for (const id of ids) expect(error!.description).toContain(id);
				else {
					expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
					if (member === 'ask' || member === 'readStatus')
						expect(failed.map(({ json }) => (json.details as IDataObject).taskId).sort()).toEqual([...ids].sort());
				}
			}
		},
	);
});

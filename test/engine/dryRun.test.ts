import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../emulator';
import { runNode, useEmulators, type RunOptions } from './harness';
import { seenValues } from './seenValues';
import { WebhookFixture } from './webhooks/fixture';

/** Dry runs through n8n's engine: all is read and checked and priced, and nothing is bought. */

const ASSETS = join(__dirname, '../emulator/assets');
const open = useEmulators();

const QUICK = { pollIntervalSeconds: 0.1 };
const dry = (more: INodeParameters = {}): INodeParameters => ({
	operation: 'textToVideo',
	prompt: '={{ $json.prompt }}',
	dryRun: true,
	limits: QUICK,
	...more,
});
const THREE = [0, 1, 2].map((index) => ({ json: { prompt: `Video of item ${index}.` } }));
const sentTo = (emulator: Emulator): string[] => emulator.journal.requests.map(({ kind }) => kind);

async function plan(options: RunOptions, emulator?: Emulator) {
	const service = emulator ?? (await open());
	const result = await runNode(service, options);
	return { ...result, emulator: service };
}

/** What costs nothing may be asked for; what costs was not. */
function expectNothingBought(emulator: Emulator): void {
	expect(emulator.journal.counts()).toMatchObject({ submits: 0, created: 0, downloads: 0 });
	expect(emulator.journal.tasks).toEqual([]);
}

describe('a dry run', () => {
	test.concurrent('gives one item each with its price, its time and what would be sent', async () => {
		const { items, error, hints, emulator } = await plan({ parameters: dry(), items: THREE });
		expect(error).toBeUndefined();
		expect(items).toEqual(
			THREE.map(({ json }, item) => ({
				json: {
					status: 'planned',
					credits: 55,
					expectedSeconds: 60,
					provider: 'vidu',
					model: 'viduq3-turbo',
					operation: 'textToVideo',
					request: expect.objectContaining({ model: 'viduq3-turbo', duration: 5, resolution: '720p', ...json }),
				},
				pairedItem: { item },
			})),
		);
		expect(hints).toEqual([
			'Dry run, nothing was ordered: 3 videos would be ordered, 165 credits (about USD 0.83). The account holds 1000000 credits (about USD 5000.00).',
		]);
		expectNothingBought(emulator);
		expect(sentTo(emulator)).toEqual(['credits']);
		expect(JSON.stringify(items)).not.toContain(emulator.keys.vidu);
	});

	test.concurrent('shows an image by its size or its address, and checks it like an order does', async () => {
		const sneaker = readFileSync(join(ASSETS, 'sneaker.png'));
		const parameters = dry({
			operation: 'imageToVideo',
			prompt: 'It turns',
			image: { __rl: true, mode: 'binary', value: 'data' },
		});
		const { items, emulator } = await plan({
			parameters,
			items: [{ files: { data: { bytes: sneaker, mimeType: 'image/png' } } }],
		});
		expect((items[0].json.request as IDataObject).images).toEqual([`(image, ${sneaker.length} bytes)`]);
		expect(JSON.stringify(items)).not.toContain(sneaker.toString('base64').slice(0, 40));
		expectNothingBought(emulator);

		const broken = await plan({
			parameters,
			items: [{ files: { data: { bytes: Buffer.from('no image at all'), mimeType: 'image/png' } } }],
		});
		expect(broken.error!.message).toContain('Image');
		expectNothingBought(broken.emulator);
	});

	test.concurrent('looks at images by their addresses too, where that is asked for', async () => {
		const emulator = await open();
		const url = `${emulator.urls.cdn}/nowhere.png`;
		const { error } = await plan(
			{
				parameters: dry({
					operation: 'imageToVideo',
					prompt: 'It turns',
					image: { __rl: true, mode: 'url', value: url },
					limits: QUICK,
					files: { checkImageUrls: true, allowPrivateUrls: true },
				}),
			},
			emulator,
		);
		expect(error!.message).toContain('Image');
		expectNothingBought(emulator);
	});

	test.concurrent('of an item that cannot be sent fails as a real run does', async () => {
		const items = [THREE[0], { json: { prompt: '' } }, THREE[2]];
		const stopped = await plan({ parameters: dry(), items });
		expect(stopped.error!.message).toMatch(/^Prompt is needed by viduq3-turbo \[item 1\]$/);
		expect(stopped.items).toEqual([]);
		const {
			items: planned,
			failed,
			hints,
			emulator,
		} = await plan({
			parameters: dry(),
			items,
			onError: 'continueErrorOutput',
		});
		expect(planned.map(({ json, pairedItem }) => [json.status, pairedItem])).toEqual([
			['planned', { item: 0 }],
			['planned', { item: 2 }],
		]);
		expect(failed).toMatchObject([{ json: { details: { status: 'notStarted' } }, pairedItem: { item: 1 } }]);
		expect(hints[0]).toContain('2 videos would be ordered, 110 credits (about USD 0.55), 1 cannot be sent.');
		expectNothingBought(emulator);
	});

	test.concurrent('warns where the account cannot pay', async () => {
		const emulator = await open({ credits: { vidu: 100 } });
		const { data, hints } = await plan({ parameters: dry(), items: THREE }, emulator);
		expect(hints[0]).toContain(
			'165 credits (about USD 0.83). The account holds 100 credits (about USD 0.50): too little.',
		);
		const taken = data.resultData.runData['Under Test'].at(-1)!;
		expect(taken.hints).toMatchObject([{ type: 'warning' }]);
	});

	test.concurrent.each([
		['Max Videos', { maxVideos: 2 }],
		['Max Credits', { maxCredits: 119 }],
	])('counts no more than %s lets start, and the balance for those', async (_name, limits) => {
		const emulator = await open({ credits: { vidu: 110 } });
		const parameters = dry({ limits: { ...QUICK, ...limits } });
		const { items, hints } = await plan({ parameters, items: THREE }, emulator);
		expect(items.map(({ json }) => json.credits)).toEqual([55, 55, 55]);
		expect(hints).toEqual([
			'Dry run, nothing was ordered: 2 videos would be ordered, 110 credits (about USD 0.55), 1 not started for a cap. The account holds 110 credits (about USD 0.55).',
		]);
	});

	test.concurrent(
		'counts no order without a published price behind a Max Credits that is reached, like a real run',
		async () => {
			const emulator = await open();
			const items = ['viduq3-turbo', 'viduq3-next'].map((id) => ({ json: { prompt: 'A sneaker', id } }));
			const model = "={{ $json.id === 'viduq3-next' ? 'custom' : $json.id }}";
			const more = { model, customModel: '={{ $json.id }}', limits: { ...QUICK, maxCredits: 55 } };
			const { hints } = await plan({ parameters: dry(more), items }, emulator);
			expect(hints[0]).toContain(': 1 video would be ordered, 55 credits (about USD 0.28), 1 not started for a cap.');
			const real = await plan({ parameters: dry({ ...more, dryRun: false, downloadVideo: false }), items }, emulator);
			expect(real.error).toBeUndefined();
			expect(emulator.journal.counts().submits).toBe(1);
		},
	);

	test.concurrent('orders an order key of the run once, and takes none', async () => {
		const parameters = dry({ limits: { ...QUICK, orderKey: "={{ $json.prompt.includes('item 1.') ? 'b' : 'a' }}" } });
		const { items, hints } = await plan({ parameters, items: THREE });
		expect(items.map(({ json }) => json.credits)).toEqual([55, 55, 0]);
		expect(hints[0]).toContain(
			'2 videos would be ordered, 110 credits (about USD 0.55), 1 left out for the Order Key.',
		);
		expect(seenValues.calls).toBe(0);
	});

	test.concurrent('tells no balance where it cannot be read, and is no worse for it', async () => {
		const emulator = await open();
		emulator.control.fault({ kind: 'credits', do: 'status', status: 500, times: 'always' });
		const { items, hints } = await plan({ parameters: dry(), items: THREE }, emulator);
		expect(items).toHaveLength(3);
		expect(hints).toEqual(['Dry run, nothing was ordered: 3 videos would be ordered, 165 credits (about USD 0.83).']);
	});

	test.concurrent.each([
		['without waiting', { waitForCompletion: false }, {}],
		['where it would park', { waitMode: 'callback', limits: QUICK, files: { allowPrivateUrls: true } }, {}],
		['as the tool of an AI agent', {}, { asTool: true }],
	] satisfies Array<[string, INodeParameters, Partial<RunOptions>]>)('is the same %s', async (_name, more, options) => {
		const { items, run, emulator } = await plan({ parameters: dry(more), items: THREE, ...options });
		expect(items.map(({ json }) => [json.status, json.credits])).toEqual(Array(3).fill(['planned', 55]));
		expect(run.status).toBe('success');
		expectNothingBought(emulator);
	});

	test.concurrent('tells money where the service takes money, and nothing where it names no price', async () => {
		const paid = await plan({
			node: 'cogVideoX',
			parameters: dry({ model: 'cogvideox-3' }),
			items: THREE,
		});
		expect(paid.items[0].json).toMatchObject({
			status: 'planned',
			cost: { amount: '1.00', currency: 'CNY' },
			expectedSeconds: 250,
		});
		expect(paid.hints).toEqual(['Dry run, nothing was ordered: 3 videos would be ordered, 3.00 yuan.']);
		const unknown = await plan({
			parameters: dry({ provider: 'vtrix', model: 'custom', customModel: 'viduq1_text2video' }),
			items: THREE,
		});
		expect(unknown.items[0].json).not.toHaveProperty('cost');
		expect(unknown.items[0].json).not.toHaveProperty('credits');
		expect(unknown.hints).toEqual([
			'Dry run, nothing was ordered: 3 videos would be ordered, 3 without a published price.',
		]);
		for (const { emulator } of [paid, unknown]) expectNothingBought(emulator);
	});

	test.concurrent('counts what Extra Fields change, and knows no price for a model of theirs', async () => {
		const price = async (extraFields: string) => {
			const { items } = await plan({
				parameters: dry({ options: { extraFields } }),
				items: THREE.slice(0, 1),
			});
			return items[0].json.credits;
		};
		expect(await price('{"duration": 10, "resolution": "1080p"}')).toBe(130);
		expect(await price('{"model": "viduq9"}')).toBeUndefined();
	});

	test.concurrent('says yes or no for each item: those it is off for are ordered', async () => {
		const { items, emulator } = await plan({
			parameters: dry({ dryRun: "={{ $json.prompt.includes('item 1.') }}" }),
			items: THREE,
		});
		expect(items.map(({ json }) => json.status)).toEqual(['succeeded', 'planned', 'succeeded']);
		expect(emulator.journal.counts()).toMatchObject({ submits: 2, created: 2 });
	});

	test.concurrent('whose switch is neither on nor off orders nothing', async () => {
		const { error, emulator } = await plan({ parameters: dry({ dryRun: 'perhaps' }), items: THREE });
		expect(error!.message).toContain('Dry Run');
		expectNothingBought(emulator);
	});

	test.concurrent('of a retry costs nothing for what an earlier try ordered, and takes none of it away', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'item 1.' });
		const parameters = dry({ dryRun: false, limits: { ...QUICK, maxWaitMinutes: 0.02 } });
		const first = await runNode(emulator, { parameters, items: THREE, executionId: '7' });
		expect(first.error!.message).toContain('is still "processing"');
		const rehearsal = await runNode(emulator, {
			parameters: { ...parameters, dryRun: true },
			items: THREE,
			retryOf: first.data,
			executionId: '8',
		});
		expect(rehearsal.items.map(({ json }) => [json.status, json.credits, json.taskId])).toEqual(
			[0, 1, 2].map((index) => [
				'planned',
				0,
				emulator.journal.tasks.find(({ input }) => String(input.prompt).includes(`item ${index}.`))!.id,
			]),
		);
		expect(rehearsal.hints[0]).toContain('0 videos would be ordered, 3 ordered by an earlier try already.');
		emulator.control.finishTask(
			emulator.journal.tasks.find(({ input }) => String(input.prompt).includes('item 1.'))!.id,
		);
		const kept = rehearsal.data.executionData!.contextData['node:Under Test'] as { tasks: IDataObject };
		expect(Object.keys(kept.tasks)).toHaveLength(3);
		const last = await runNode(emulator, { parameters, items: THREE, retryOf: first.data, executionId: '9' });
		expect(last.items.map(({ json }) => json.status)).toEqual(Array(3).fill('succeeded'));
		expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3 });
	});
});

test('a dry run in Wait Mode Callback ends at once and is not parked', async () => {
	const fixture = await WebhookFixture.start({ taskSeconds: 0.5 });
	try {
		const { status, items, waitTill } = await fixture.host.run(fixture.emulator, {
			items: THREE,
			parameters: dry({ waitMode: 'callback', files: { allowPrivateUrls: true } }),
		});
		expect([status, waitTill]).toEqual(['success', undefined]);
		expect(items.map(({ json }) => json.status)).toEqual(Array(3).fill('planned'));
		expect((items[0].json.request as IDataObject).callback_url).toBe('(set when it is ordered)');
		expectNothingBought(fixture.emulator);
	} finally {
		await fixture.stop();
	}
});

test('an order that is not waited for says how long it usually takes', async () => {
	const emulator = await open();
	const run = async (more: INodeParameters) =>
		(
			await runNode(emulator, {
				parameters: dry({ dryRun: false, waitForCompletion: false, ...more }),
				items: THREE.slice(0, 1),
			})
		).items[0].json;
	expect(await run({})).toMatchObject({ status: 'queued', expectedSeconds: 60 });
	expect(await run({ waitForCompletion: true })).not.toHaveProperty('expectedSeconds');
	expect(await run({ options: { offPeak: true } })).not.toHaveProperty('expectedSeconds');
});

test('what is expected is what the account was seen to take, once enough of the model has ended', async () => {
	const emulator = await open({ concurrency: 20 });
	const items = Array.from({ length: 10 }, (_, index) => ({ json: { prompt: `Video of item ${index}.` } }));
	const expected = async (more: INodeParameters) => {
		const { items: told } = await runNode(emulator, { parameters: dry(more), items: items.slice(0, 1) });
		return told[0].json.expectedSeconds as number;
	};
	expect(await expected({})).toBe(60);
	await runNode(emulator, { parameters: dry({ dryRun: false, downloadVideo: false }), items });
	// the videos of the emulator take no second, and what is documented counts on as much as eight of them
	const learned = await expected({});
	expect(learned).toBeLessThan(35);
	expect(Number.isInteger(learned)).toBe(true);
	expect(await expected({ dryRun: false, waitForCompletion: false })).toBe(learned);
	// of another model nothing is known
	expect(await expected({ model: 'viduq3-pro' })).toBeGreaterThan(60);
});

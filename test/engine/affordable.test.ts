import type { INodeParameters } from 'n8n-workflow';

import { runNode, useEmulators, type RunOptions } from './harness';
// order keys are kept there
import './seenValues';

/** A run that the account cannot pay, through n8n's engine: said before the first order. */

const open = useEmulators();
const QUICK = { pollIntervalSeconds: 0.1 };
const THREE = [0, 1, 2].map((index) => ({ json: { prompt: `Video of item ${index}.` } }));

async function run(
	credits: number,
	limits: INodeParameters = {},
	{ broken = false, ...more }: Partial<RunOptions> & { broken?: boolean } = {},
) {
	const emulator = await open({ credits: { vidu: credits } });
	if (broken) emulator.control.fault({ kind: 'credits', do: 'status', status: 500, times: 'always' });
	const parameters = {
		...{ operation: 'textToVideo', prompt: '={{ $json.prompt }}', downloadVideo: false },
		limits: { ...QUICK, ...limits },
	};
	const result = await runNode(emulator, { parameters, items: THREE, ...more });
	const { created, submits } = emulator.journal.counts();
	return { ...result, emulator, created, submits };
}

test.concurrent('orders nothing under Stop Workflow, and says what it would cost', async () => {
	const { error, submits, items } = await run(164);
	expect([submits, items]).toEqual([0, []]);
	expect(error!.message).toBe(
		'Not started: the account holds 164 credits (about USD 0.82), and this run costs 165 [item 0]',
	);
	expect(error!.description).toContain('Nothing was ordered');
});

test.concurrent('orders what it can under Continue', async () => {
	const { error, created, items, failed } = await run(120, {}, { onError: 'continueErrorOutput' });
	expect(error).toBeUndefined();
	expect([created, items.length, failed.length]).toEqual([2, 2, 1]);
});

test.concurrent('asks once, and orders where the account can just pay', async () => {
	const { error, created, emulator } = await run(165);
	expect(error).toBeUndefined();
	expect(created).toBe(3);
	expect(emulator.journal.requests.filter(({ kind }) => kind === 'credits')).toHaveLength(1);
});

test.concurrent.each([
	['Max Videos', { maxVideos: 2 }],
	['Max Credits', { maxCredits: 119 }],
])('counts no more than %s allows', async (_name, limits) => {
	const { error, created } = await run(110, limits);
	expect(error).toBeUndefined();
	expect(created).toBe(2);
});

test.concurrent('changes nothing where the balance cannot be read', async () => {
	const { created, error } = await run(120, {}, { broken: true });
	expect(created).toBe(2);
	expect(error!.message).toContain('[item');
});

test.concurrent('counts no item that an earlier try has ordered', async () => {
	const emulator = await open({ credits: { vidu: 165 } });
	emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'item 1.' });
	const parameters = {
		...{ operation: 'textToVideo', prompt: '={{ $json.prompt }}', downloadVideo: false },
		limits: { ...QUICK, maxWaitMinutes: 0.02 },
	};
	const first = await runNode(emulator, { parameters, items: THREE, executionId: '7' });
	expect(first.error!.message).toContain('is still "processing"');
	for (const { id, state } of emulator.journal.tasks) if (state !== 'success') emulator.control.finishTask(id);
	const { items, error } = await runNode(emulator, { parameters, items: THREE, retryOf: first.data, executionId: '8' });
	expect(error).toBeUndefined();
	expect(items).toHaveLength(3);
	expect(emulator.journal.counts()).toMatchObject({ submits: 3, created: 3 });
});

test.concurrent.each([
	['Max Videos', { maxVideos: 2 }],
	['Max Credits', { maxCredits: 110 }],
])('of another try counts what %s still allows, which may be nothing', async (_name, limits) => {
	const emulator = await open({ credits: { vidu: 120 } });
	emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'item 1.' });
	const parameters = {
		...{ operation: 'textToVideo', prompt: '={{ $json.prompt }}', downloadVideo: false },
		limits: { ...QUICK, ...limits, maxWaitMinutes: 0.02 },
	};
	const items = Array.from({ length: 6 }, (_, index) => ({ json: { prompt: `Video of item ${index}.` } }));
	const first = await runNode(emulator, { parameters, items, executionId: '7' });
	expect(first.error!.message).toContain('is still "processing"');
	emulator.control.finishTasks(({ state }) => state !== 'success');
	const again = await runNode(emulator, { parameters, items, retryOf: first.data, executionId: '8' });
	expect(again.error).toBeUndefined();
	expect(again.items).toHaveLength(2);
	expect(emulator.journal.counts()).toMatchObject({ submits: 2, created: 2 });
});

test.concurrent('counts nothing for items whose order key was ordered before', async () => {
	const emulator = await open({ credits: { vidu: 220 } });
	const parameters = {
		...{ operation: 'textToVideo', prompt: '={{ $json.prompt }}', downloadVideo: false },
		limits: { ...QUICK, orderKey: '=affordable {{ $json.prompt }}' },
	};
	await runNode(emulator, { parameters, items: THREE, executionId: '7' });
	const four = [...THREE, { json: { prompt: 'Video of item 3.' } }];
	const { error, items, hints } = await runNode(emulator, { parameters, items: four, executionId: '8' });
	expect(error).toBeUndefined();
	expect(items).toHaveLength(1);
	expect(hints).toEqual([expect.stringMatching(/^3 of 4 items were left out/)]);
	const fresh = ['a', 'b'].map((name) => ({ json: { prompt: `Video ${name}.` } }));
	const poor = await runNode(emulator, { parameters, items: fresh, executionId: '9' });
	expect(poor.error!.message).toContain('the account holds 0 credits, and this run costs 110');
	expect(emulator.journal.counts().created).toBe(4);
});

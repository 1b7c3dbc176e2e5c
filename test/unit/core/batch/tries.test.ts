import type { LedgerEntry } from '../../../../lib/core/batch/ledger';
import { Ledger } from '../../../../lib/core/batch/ledger';
import type { Fault, ProviderName } from '../../../emulator';
import { PROVIDERS, VirtualWorld } from './virtual/world';

/** Retry On Fail and the Retry button: what a second try resumes, and what it may order anew. */

const MINUTE_MS = 60_000;

/** Ended for the clip's content, so that a second try would end the same way. */
const CONTENT: Record<ProviderName, Fault> = {
	vidu: { do: 'failTask', code: 'content' },
	zhipu: { do: 'failTask', code: 'content', shape: 'object' },
	vtrix: { do: 'failTask', code: 'content' },
};
const PASSING: Record<ProviderName, Fault> = {
	vidu: { do: 'failTask', code: 'internal' },
	zhipu: { do: 'failTask', code: 'internal', shape: 'object' },
	vtrix: { do: 'failTask', code: 'internal' },
};

/** What outlives a try: n8n keeps it as JSON. */
class Store {
	entries: Record<string, LedgerEntry> = {};
	/** As it comes back from the database. */
	reload(): this {
		this.entries = JSON.parse(JSON.stringify(this.entries)) as Record<string, LedgerEntry>;
		return this;
	}
}

describe.each(PROVIDERS)('another try at %s', (name) => {
	test('three videos, one refused for its content: three tasks over all tries', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		world.emulator.control.fault({ ...CONTENT[name], contains: 'item 1.', times: 'always' });
		const store = new Store();
		for (let attempt = 1; attempt <= 5; attempt += 1) {
			const { outcomes } = await world.run(world.works(3), store);
			expect([0, 2].map((itemIndex) => outcomes[itemIndex].report?.state)).toEqual(['succeeded', 'succeeded']);
			expect(outcomes[1]).toMatchObject({ taskId: world.tasksOf(1)[0].id, failure: { kind: 'endedEmpty' } });
		}
		expect(world.counts).toMatchObject({ created: 3, submits: 3 });
	});

	test('a video that failed for a passing reason is ordered again, the others are not', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		world.emulator.control.fault({ ...PASSING[name], contains: 'item 1.' });
		const store = new Store();
		await world.run(world.works(3), store);
		const { outcomes } = await world.run(world.works(3), store);
		expect(outcomes.filter(({ report }) => report?.state === 'succeeded')).toHaveLength(3);
		expect([0, 1, 2].map((itemIndex) => world.tasksOf(itemIndex).length)).toEqual([1, 2, 1]);
	});

	test('an order refused for good is not sent again', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'submit', do: 'status', status: 400, times: 'always' });
		const store = new Store();
		await world.run(world.works(1), store);
		const { outcomes } = await world.run(world.works(1), store);
		expect(world.counts.submits).toBe(1);
		expect(outcomes[0].failure).toMatchObject({ kind: 'refused' });
		expect(outcomes[0].failure?.description).toContain('earlier try');
	});

	test('after a top-up the rest is ordered, and only the rest', async () => {
		const price = { vidu: 55, zhipu: 1, vtrix: 0.1 }[name];
		const world = new VirtualWorld(name, { concurrency: 50, credits: { [name]: 4 * price } });
		const store = new Store();
		await world.run(world.works(10), store);
		expect(world.counts.created).toBe(4);
		world.emulator.control.setAccount(name, { credits: 1000 * price });
		const { outcomes } = await world.run(world.works(10), store);
		expect(world.counts.created).toBe(10);
		expect(outcomes.filter(({ report }) => report?.state === 'succeeded')).toHaveLength(10);
	});

	test.each<[string, Fault]>([
		['an answer that never came', { do: 'hang', handled: true }],
		['a reset', { do: 'resetAfter' }],
		['a 502', { do: 'status', status: 502, handled: true }],
	])('%s: reported again, never ordered again', async (_name, fault) => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'submit', ...fault });
		const store = new Store();
		for (let attempt = 1; attempt <= 3; attempt += 1) {
			const { outcomes } = await world.run(world.works(1), store.reload());
			expect(outcomes[0].failure).toMatchObject({ kind: 'outcomeUnknown' });
		}
		expect(world.counts).toMatchObject({ submits: 1, created: 1 });
	});

	test('a success without a link is read again, not bought again', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ do: 'withoutUrl' });
		const store = new Store();
		await world.run(world.works(1), store);
		await world.run(world.works(1), store);
		expect(world.counts.created).toBe(1);
	});

	test('a video that did not arrive is fetched again, not bought again', async () => {
		const world = new VirtualWorld(name);
		const store = new Store();
		const cutOff = { kind: 'download' as const, headline: 'cut off', description: '' };
		await world.run(world.works(2), { ...store, finish: async () => ({ failure: cutOff }) });
		const { outcomes } = await world.run(world.works(2), {
			...store,
			finish: async (taskId) => ({ result: `${taskId}.mp4` }),
		});
		expect(outcomes.map(({ result, taskId }) => result === `${taskId}.mp4`)).toEqual([true, true]);
		expect(world.counts.created).toBe(2);
	});

	test('the wait limit of an execution counts over its tries', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ do: 'stickTask', at: 'processing' });
		const store = new Store();
		await world.run(world.works(1), { ...store, maxWaitMs: 5 * MINUTE_MS });
		const { outcomes, tookMs } = await world.run(world.works(1), { ...store, maxWaitMs: 5 * MINUTE_MS });
		expect(tookMs).toBeLessThan(1_000);
		expect(outcomes[0]).toMatchObject({ taskId: world.tasks[0].id, failure: { kind: 'stillRunning' } });
	});

	test('the Retry button resumes the same tasks, hours later, with a wait limit of its own', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		world.emulator.control.fault({ do: 'slowTask', seconds: 3_720, contains: 'item 0.' });
		const store = new Store();
		await world.run(world.works(3), { ...store, maxWaitMs: 5 * MINUTE_MS, execution: '7' });
		await world.clock.advance(56 * MINUTE_MS);
		const { outcomes } = await world.run(world.works(3), {
			...store.reload(),
			maxWaitMs: 5 * MINUTE_MS,
			execution: '8',
		});
		expect(outcomes.map(({ report }) => report?.state)).toEqual(Array(3).fill('succeeded'));
		expect(world.counts).toMatchObject({ created: 3, submits: 3 });
	});

	test('a changed prompt is a new order; the unchanged ones are resumed', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		const store = new Store();
		await world.run(world.works(3), store);
		const works = [world.work(0), world.work(1, {}, ' In the rain.'), world.work(2)];
		const { outcomes } = await world.run(works, { ...store.reload(), execution: '2' });
		expect(world.counts.created).toBe(4);
		expect(world.emulator.journal.task(outcomes[1].taskId!)?.input.prompt).toContain('rain');
	});

	test('items that changed places are not taken for one another', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		const store = new Store();
		await world.run(world.works(2), store);
		const swapped = world.works(2).map((work, index, all) => ({
			...work,
			job: { ...all[1 - index].job!, itemIndex: index },
		}));
		const { outcomes } = await world.run(swapped, store);
		for (const [index, { taskId }] of outcomes.entries())
			expect(world.emulator.journal.task(taskId!)?.input.prompt).toContain(`item ${1 - index}.`);
	});

	test('equal items are ordered once each', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		const store = new Store();
		const twins = [0, 1].map((itemIndex) => ({
			...world.work(0),
			itemIndex,
			job: { ...world.work(0).job!, itemIndex },
		}));
		for (let attempt = 1; attempt <= 2; attempt += 1) {
			const { outcomes } = await world.run(twins, store);
			expect(new Set(outcomes.map(({ taskId }) => taskId)).size).toBe(2);
		}
		expect(world.counts.created).toBe(2);
	});

	test('each round of a loop orders its own', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		const store = new Store();
		for (let runIndex = 0; runIndex < 3; runIndex += 1) await world.run(world.works(2), { ...store, runIndex });
		expect(world.counts.created).toBe(6);
		await world.run(world.works(2), { ...store, runIndex: 1 });
		expect(world.counts.created).toBe(6);
	});

	test('a round that is delivered is forgotten, the others are kept', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		const store = new Store();
		for (const runIndex of [1, 11]) await world.run(world.works(2), { ...store, runIndex });
		new Ledger(store.entries, 1, '1').forgetRun();
		expect(Object.keys(store.entries).every((key) => key.startsWith('11:'))).toBe(true);
		expect(Object.keys(store.entries)).toHaveLength(2);
	});

	test('a try that crashed while ordering leaves the outcome unknown', async () => {
		const world = new VirtualWorld(name);
		const store = new Store();
		new Ledger(store.entries, 0, '1').write(world.work(0).job!, { state: 'submitting', atMs: world.clock.nowMs() });
		const { outcomes } = await world.run(world.works(2), store);
		expect(outcomes[0].failure).toMatchObject({ kind: 'outcomeUnknown' });
		expect(outcomes[1].report?.state).toBe('succeeded');
		expect(world.tasksOf(0)).toEqual([]);
	});

	test('a try stopped while an order is on its way does not order it again', async () => {
		const world = new VirtualWorld(name);
		const store = new Store();
		world.emulator.control.fault({ kind: 'submit', do: 'hang', handled: true, contains: 'item 0.' });
		await world.run(world.works(1), { ...store, stopAfterMs: 1_000 });
		const { outcomes } = await world.run(world.works(2), store.reload());
		expect(outcomes[0].failure).toMatchObject({ kind: 'outcomeUnknown' });
		expect(outcomes[1].report?.state).toBe('succeeded');
		expect(world.tasksOf(0)).toHaveLength(1);
	});

	test('Max Videos counts what earlier tries started', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		const store = new Store();
		for (let attempt = 1; attempt <= 3; attempt += 1) await world.run(world.works(10), { ...store, maxVideos: 4 });
		expect(world.counts.created).toBe(4);
	});
});

test('Max Credits counts what earlier tries spent', async () => {
	const world = new VirtualWorld('vidu', { concurrency: 20 });
	const store = new Store();
	for (let attempt = 1; attempt <= 3; attempt += 1)
		await world.run(world.works(10), { ...store.reload(), maxCredits: 150 });
	expect(world.counts).toMatchObject({ created: 3, charged: 165 });
});

test('a run that was stopped and is tried again takes up what still runs', async () => {
	const world = new VirtualWorld('vidu', { concurrency: 20 });
	const store = new Store();
	// all run by then, so none is cancelled
	await world.run(world.works(5), { ...store, stopAfterMs: 40_000 });
	const { outcomes } = await world.run(world.works(5), store.reload());
	expect(outcomes.map(({ report }) => report?.state)).toEqual(Array(5).fill('succeeded'));
	expect(world.counts.created).toBe(5);
});

test('the ledger holds no prompt, no image and no key', async () => {
	const world = new VirtualWorld('vidu', { concurrency: 20 });
	const store = new Store();
	const works = world.works(3).map((work) => ({ ...work, job: { ...work.job!, fingerprint: 'f00d' } }));
	await world.run(works, store);
	const text = JSON.stringify(store.entries);
	expect(text).not.toContain('Video of item');
	expect(text).not.toContain(world.emulator.keys.vidu);
	expect(text.length).toBeLessThan(1_000);
});

import { NoReply } from '../../../../lib/core/http';
import type { Fault, ProviderName } from '../../../emulator';
import { FULL, TOO_FAST } from './virtual/busy';
import { PROVIDERS, VirtualWorld } from './virtual/world';

/** Bad minutes of network and provider: what they cost, and that nothing is lost or bought twice. */

const MINUTE_MS = 60_000;

describe.each(PROVIDERS)('waiting at %s', (name) => {
	const bad: Array<[string, Fault]> = [
		['a 429', TOO_FAST[name]],
		['a 500', { do: 'status', status: 500 }],
		['a 502 of a proxy', { do: 'status', status: 502, html: true }],
		['a 503 with Retry-After', { do: 'status', status: 503, retryAfter: 20 }],
		['a 504', { do: 'status', status: 504, html: true }],
		['a 403 page of a firewall', { do: 'status', status: 403, html: true }],
		['a reset connection', { do: 'resetBefore' }],
		['a reset after the answer left', { do: 'resetAfter' }],
		['a hung check', { do: 'hang' }],
		['an HTML page with status 200', { do: 'status', status: 200, html: true }],
		['JSON that breaks off', { do: 'garble' }],
		['an error inside a 200', { do: 'okWithError' }],
		['an empty body', { do: 'status', status: 200, body: '' }],
		['a status word nobody knows', { do: 'unknownStatus', word: 'polishing' }],
	];
	test.each(bad)('%s costs one pause, not the video', async (_name, fault) => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'ask', nth: 2, ...fault });
		const { outcomes, tookMs } = await world.run(world.works(1));
		expect(outcomes[0].failure).toBeUndefined();
		expect(outcomes[0].report?.state).toBe('succeeded');
		expect(world.emulator.control.pendingFaults()).toEqual([]);
		expect(world.counts).toMatchObject({ created: 1, submits: 1 });
		// a hung check is given up after 30 s
		expect(tookMs).toBeLessThanOrEqual(fault.do === 'hang' ? 75_000 : 66_000);
	});

	test.each([
		['one minute of 503', 60, '503'],
		['three minutes of 503', 180, '503'],
		['one minute without a listener', 60, 'refuse'],
		['three minutes without a listener', 180, 'refuse'],
	] as const)('%s in the middle loses nothing of a batch', async (_name, seconds, how) => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		world.clock.setTimer(40_000, () => world.emulator.control.outage({ target: name, seconds, how }));
		const { outcomes, tookMs } = await world.run(world.works(20));
		expect(outcomes.filter(({ report }) => report?.state !== 'succeeded')).toEqual([]);
		expect(world.counts).toMatchObject({ created: 20, submits: 20 });
		// its end is noticed within a quarter of a minute
		expect(tookMs).toBeLessThanOrEqual(Math.max(66_000, 40_000 + (seconds + 17) * 1000));
	});

	test('Retry-After on a check is heeded', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'ask', ...TOO_FAST[name], retryAfter: 45 } as Fault);
		await world.run(world.works(1));
		const [first, second] = world.requests('ask');
		expect(second.atMs - first.atMs).toBeGreaterThanOrEqual(45_000);
	});

	test('the wait of each video ends at its own limit, and says how to collect it', async () => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		world.emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'item 0.' });
		world.emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'item 2.' });
		// one at a time: item 2 is ordered when items 0 and 1 are through
		const { outcomes } = await world.run(world.works(3), { maxWaitMs: 5 * MINUTE_MS, maxConcurrency: 1 });
		expect(outcomes[1].report?.state).toBe('succeeded');
		for (const stuck of [outcomes[0], outcomes[2]]) {
			// Vidu's answer to an order does not say whether it runs; the first check does, and there the time begins
			expect(stuck.waitedMs).toBeGreaterThanOrEqual(5 * MINUTE_MS);
			expect(stuck.waitedMs).toBeLessThanOrEqual((name === 'vidu' ? 5.75 : 5) * MINUTE_MS);
			expect(stuck.failure?.kind).toBe('stillRunning');
			expect(stuck.failure?.headline).toContain(stuck.taskId);
			expect(stuck.failure?.headline).toMatch(name === 'vidu' ? /after [56] minutes/ : /after 5 minutes/);
			expect(stuck.failure?.description).toContain('may still finish');
			expect(stuck.failure?.description).toContain('Task → Wait for Completion');
		}
		expect(outcomes[2].submittedAtMs - outcomes[0].submittedAtMs).toBeGreaterThanOrEqual(6 * MINUTE_MS);
	});

	test('a word nobody knows counts as running, and is said at the limit', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'ask', do: 'unknownStatus', word: 'polishing', times: 'always' });
		const { outcomes } = await world.run(world.works(1), { maxWaitMs: 3 * MINUTE_MS });
		expect(outcomes[0].failure).toMatchObject({ kind: 'stillRunning' });
		expect(outcomes[0].failure?.headline).toContain('"polishing"');
	});

	test('a service that stays dumb to the limit is said as such', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'ask', do: 'status', status: 502, times: 'always' });
		const { outcomes, tookMs } = await world.run(world.works(1), { maxWaitMs: 10 * MINUTE_MS });
		expect(tookMs).toBeLessThanOrEqual(10 * MINUTE_MS + 5_000);
		expect(outcomes[0].failure?.headline).toContain('"not answering"');
		expect(world.counts.asks).toBeLessThan(60);
	});

	test('a key that is taken away ends the wait at the second look', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'ask', do: 'status', status: 401, times: 'always' });
		const { outcomes, tookMs } = await world.run(world.works(1));
		expect(world.counts.asks).toBe(2);
		expect(tookMs).toBeLessThan(45_000);
		expect(outcomes[0].failure?.kind).toBe('lostTask');
		expect(outcomes[0].failure?.headline).toContain(outcomes[0].taskId);
	});

	test('a task of another account ends the wait at the second look', async () => {
		const world = new VirtualWorld(name);
		await world.run(world.works(1), { until: 'submitted' });
		const [{ id }] = world.tasks;
		const key = world.emulator.control.setAccount(name, {}, '11111111111111111111111111111111.anotherSecret');
		const { outcomes } = await world.run([{ itemIndex: 0, taskId: id, typicalSeconds: 60 }], { key });
		// Vidu's films are kept elsewhere, in two places, which are asked too
		expect(world.counts.asks).toBe(name === 'vidu' ? 6 : 2);
		expect(outcomes[0]).toMatchObject({ taskId: id, failure: { kind: 'lostTask', diagnosis: { unknownTask: true } } });
	});

	test('a success that comes with the order needs no long wait', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ do: 'completeAtOnce' });
		const { outcomes, tookMs } = await world.run(world.works(1));
		expect(outcomes[0].report).toMatchObject({ state: 'succeeded', videoUrl: expect.stringContaining('http') });
		expect(tookMs).toBeLessThanOrEqual(name === 'zhipu' ? 35_000 : 5_000);
	});

	test('a success without a link at the wait limit is not called running', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ do: 'withoutUrl' });
		const { outcomes } = await world.run(world.works(1), { maxWaitMs: MINUTE_MS });
		expect(outcomes[0].failure).toMatchObject({ kind: 'lostTask', headline: expect.stringContaining('gives no link') });
	});

	test('a success without a link is asked again, and never shown as a video', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		world.emulator.control.fault({ do: 'withoutUrl', contains: 'item 0.' });
		const { outcomes } = await world.run(world.works(2));
		expect(outcomes[0]).toMatchObject({ report: { state: 'succeeded' }, failure: { kind: 'lostTask' } });
		expect(outcomes[0].failure?.headline).toContain(outcomes[0].taskId);
		const [{ id, finishedAtMs }] = world.tasksOf(0);
		const after = world.requests('ask').filter(({ taskId, atMs }) => taskId === id && atMs >= finishedAtMs!);
		expect(after).toHaveLength(3);
		expect(outcomes[1].failure).toBeUndefined();
	});
});

describe.each(PROVIDERS)('ordering at %s', (name) => {
	const silent: Array<[string, Fault, number]> = [
		['no answer, nothing made', { do: 'hang' }, 0],
		['no answer, but a task was made', { do: 'hang', handled: true }, 1],
		['a reset before', { do: 'resetBefore' }, 0],
		['a reset after a task was made', { do: 'resetAfter' }, 1],
		['a 500', { do: 'status', status: 500 }, 0],
		['a 500 though a task was made', { do: 'status', status: 500, handled: true }, 1],
		['a 502 of a proxy though a task was made', { do: 'status', status: 502, html: true, handled: true }, 1],
		['a 503 with Retry-After', { do: 'status', status: 503, retryAfter: 5 }, 0],
		['a 504 though a task was made', { do: 'status', status: 504, html: true, handled: true }, 1],
		['a 408', { do: 'status', status: 408, handled: true }, 1],
		['a page with status 200', { do: 'status', status: 200, html: true, handled: true }, 1],
		['JSON that breaks off', { do: 'garble' }, 1],
		['an error inside a 200', { do: 'okWithError' }, 0],
	];
	test.each(silent)('%s: reported, never repeated, and the others go on', async (_name, fault, made) => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		world.emulator.control.fault({ kind: 'submit', contains: 'item 1.', times: 'always', ...fault });
		const { outcomes } = await world.run(world.works(4));
		expect(world.counts.submits).toBe(4);
		expect(world.tasksOf(1)).toHaveLength(made);
		expect(outcomes[1]).toMatchObject({ failure: { kind: 'outcomeUnknown' } });
		expect(outcomes[1].failure?.description).toMatch(/may have started and charged .* not repeated\. Look in /);
		expect([0, 2, 3].map((itemIndex) => outcomes[itemIndex].report?.state)).toEqual(Array(3).fill('succeeded'));
	});

	test('a few orders in a row without a clear answer end the ordering', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		world.emulator.control.fault({ kind: 'submit', do: 'status', status: 502, handled: true, times: 'always' });
		const { outcomes } = await world.run(world.works(200));
		expect(world.counts.submits).toBeLessThanOrEqual(6);
		const unknown = outcomes.filter(({ failure }) => failure?.kind === 'outcomeUnknown');
		const unstarted = outcomes.filter(({ failure }) => failure?.kind === 'notStarted');
		expect(unknown).toHaveLength(world.counts.submits);
		expect(unknown.length + unstarted.length).toBe(200);
	});

	test.each([
		['a full account', FULL[name]],
		['too many calls', TOO_FAST[name]],
	])('%s is tried again with longer and longer pauses', async (_name, fault) => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'submit', times: 4, ...fault });
		const { outcomes } = await world.run(world.works(1));
		expect(outcomes[0].report?.state).toBe('succeeded');
		expect(world.counts).toMatchObject({ created: 1, submits: 5 });
		const orders = world.requests('submit').map(({ atMs }) => atMs);
		const pauses = orders.slice(1).map((atMs, index) => atMs - orders[index]);
		expect(pauses[0]).toBeGreaterThanOrEqual(1_600);
		expect(pauses[0]).toBeLessThanOrEqual(6_000);
		// chance moves each by a fifth
		expect(pauses[2]).toBeGreaterThan(1.5 * pauses[0]);
		expect(Math.max(...pauses)).toBeLessThanOrEqual(72_000);
	});

	test.each([
		['a full account', FULL[name]],
		['too many calls', TOO_FAST[name]],
	])('%s with Retry-After waits that long', async (_name, fault) => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'submit', ...fault, retryAfter: 50 } as Fault);
		await world.run(world.works(1));
		const [first, second] = world.requests('submit');
		expect(second.atMs - first.atMs).toBeGreaterThanOrEqual(50_000);
	});

	test('an account that stays full to the limit: nothing is bought, and that is said once', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.fault({ kind: 'submit', times: 'always', ...FULL[name] });
		const { outcomes, tookMs } = await world.run(world.works(20), { maxWaitMs: 10 * MINUTE_MS });
		expect(world.counts).toMatchObject({ created: 0, asks: 0 });
		expect(tookMs).toBeLessThanOrEqual(12 * MINUTE_MS);
		expect(new Set(outcomes.map(({ failure }) => failure?.headline)).size).toBe(1);
		expect(outcomes[0].failure).toMatchObject({ kind: 'notStarted' });
	});

	test('a key without credit costs one order of 200, and one clear reason', async () => {
		const world = new VirtualWorld(name, { credits: 0 });
		const { outcomes, tookMs } = await world.run(world.works(200));
		expect(world.counts).toMatchObject({ submits: 1, created: 0 });
		expect(tookMs).toBeLessThan(1_000);
		expect(outcomes[0].failure).toMatchObject({
			kind: 'refused',
			diagnosis: { kind: expect.stringMatching('balance') },
		});
		const others = outcomes.slice(1).map(({ failure }) => failure!);
		expect(new Set(others.map(({ headline }) => headline))).toEqual(
			new Set([`Not started: ${outcomes[0].failure?.headline}`]),
		);
	});

	test('credit that runs out on the way ends the ordering, not the waiting', async () => {
		const price = { vidu: 55, zhipu: 1, vtrix: 0.1 }[name];
		const world = new VirtualWorld(name, { concurrency: 100, credits: { [name]: 20 * price } });
		const { outcomes } = await world.run(world.works(200));
		const { created, submits } = world.counts;
		expect(created).toBeGreaterThan(0);
		expect(created).toBeLessThan(200);
		expect(submits - created).toBeLessThanOrEqual(4);
		expect(outcomes.filter(({ report }) => report?.state === 'succeeded')).toHaveLength(created);
	});

	test('a wrong key costs one order', async () => {
		const world = new VirtualWorld(name);
		const { outcomes } = await world.run(world.works(200), { key: 'wrong' });
		expect(world.counts.submits).toBe(1);
		expect(outcomes[0].failure).toMatchObject({ kind: 'refused', diagnosis: { kind: 'auth' } });
		expect(outcomes[199].failure).toMatchObject({ kind: 'notStarted' });
	});

	test('an order refused for its content costs that item alone', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		world.emulator.control.fault({ kind: 'submit', contains: 'item 1.', do: 'status', status: 400, times: 'always' });
		const { outcomes } = await world.run(world.works(5));
		expect(world.counts).toMatchObject({ submits: 5, created: 4 });
		expect(outcomes[1].failure?.kind).toBe('refused');
		expect(outcomes.filter(({ report }) => report?.state === 'succeeded')).toHaveLength(4);
	});

	test('nobody listens: given up after some minutes, nothing bought', async () => {
		const world = new VirtualWorld(name);
		world.emulator.control.outage({ target: name, seconds: 3600, how: 'refuse' });
		const { outcomes, tookMs } = await world.run(world.works(20));
		expect(tookMs).toBeLessThanOrEqual(5 * MINUTE_MS);
		expect(world.counts.created).toBe(0);
		expect(outcomes.map(({ failure }) => failure?.headline)).toEqual(
			Array(20).fill(expect.stringContaining('cannot be reached')),
		);
	});

	test('nobody listens in the first minute: all are ordered afterwards', async () => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		world.emulator.control.outage({ target: name, seconds: 60, how: 'refuse' });
		const { outcomes, tookMs } = await world.run(world.works(20));
		expect(outcomes.filter(({ report }) => report?.state !== 'succeeded')).toEqual([]);
		expect(world.counts.created).toBe(20);
		expect(tookMs).toBeLessThanOrEqual(3 * MINUTE_MS);
	});

	test('a host whose name nobody knows is given up soon', async () => {
		const world = new VirtualWorld(name);
		const { outcomes, tookMs } = await world.run(world.works(3), {
			http: () => ({
				send: async () => {
					throw new NoReply('The connection ended with ENOTFOUND.', false, false, true);
				},
			}),
		});
		expect(tookMs).toBeLessThanOrEqual(40_000);
		expect(outcomes.map(({ failure }) => failure?.headline)).toEqual(
			Array(3).fill(expect.stringContaining('cannot be reached')),
		);
	});

	test('nobody listens for three minutes in the middle: the rest is ordered afterwards', async () => {
		const world = new VirtualWorld(name, { concurrency: 5, whenFull: 'refuse' });
		world.clock.setTimer(50_000, () => world.emulator.control.outage({ target: name, seconds: 180, how: 'refuse' }));
		const { outcomes } = await world.run(world.works(12));
		expect(outcomes.filter(({ report }) => report?.state !== 'succeeded')).toEqual([]);
		expect(world.counts.created).toBe(12);
	});
});

describe('tasks that end without a video', () => {
	test.each<[ProviderName, Fault, object]>([
		['vidu', { do: 'failTask', code: 'content' }, { kind: 'content', code: 'CreationPolicyViolation' }],
		['vidu', { do: 'failTask', code: 'image' }, { kind: 'permanent', code: 'ImageObjectsUndetected' }],
		['vidu', { do: 'failTask', code: 'internal' }, { kind: 'transient', code: 'InternalServiceFailure' }],
		['zhipu', { do: 'failTask', code: 'content', shape: 'object' }, { kind: 'content', code: '1301' }],
		['zhipu', { do: 'failTask', code: 'internal', shape: 'object' }, { kind: 'transient' }],
		['zhipu', { do: 'failTask', code: 'content', shape: 'bare' }, { kind: 'transient' }],
		['vtrix', { do: 'failTask', code: 'content' }, { kind: 'permanent', code: '008005098' }],
		['vtrix', { do: 'failTask', code: 'internal' }, { kind: 'transient', code: '008005099' }],
		['vtrix', { do: 'failTask', code: 'content', shape: 'text' }, { kind: 'permanent' }],
	])('%s: %j names the task and the reason, and the others arrive', async (name, fault, diagnosis) => {
		const world = new VirtualWorld(name, { concurrency: 20 });
		world.emulator.control.fault({ ...fault, contains: 'item 1.' });
		const { outcomes } = await world.run(world.works(3));
		expect(outcomes[1].failure).toMatchObject({ kind: 'endedEmpty', diagnosis });
		expect(outcomes[1].failure?.headline).toContain(outcomes[1].taskId);
		expect([0, 2].map((itemIndex) => outcomes[itemIndex].report?.state)).toEqual(['succeeded', 'succeeded']);
	});

	test('a task cancelled by someone else is told as cancelled', async () => {
		const world = new VirtualWorld('vidu');
		world.emulator.control.fault({ do: 'stickTask', at: 'queueing' });
		world.clock.setTimer(20_000, () => world.emulator.control.failTask(world.tasks[0].id, 'UserCancelled'));
		const { outcomes } = await world.run(world.works(1));
		expect(outcomes[0].failure?.kind).toBe('canceled');
	});
});

describe('caps', () => {
	test('Max Videos holds though writing down a task fails, and no id is lost', async () => {
		const vidu = new VirtualWorld('vidu');
		const onTask = () => {
			throw new Error('the log is full');
		};
		const { outcomes } = await vidu.run(vidu.works(4), { maxVideos: 1, onTask });
		expect(vidu.counts.submits).toBe(1);
		expect(outcomes[0]).toMatchObject({ taskId: vidu.told[0]?.taskId, failure: { kind: 'internal' } });
	});

	test('Max Videos starts no more, delivers those, and says so for the rest', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 100 });
		const { outcomes } = await world.run(world.works(30), { maxVideos: 7 });
		expect(world.counts).toMatchObject({ submits: 7, created: 7 });
		expect(outcomes.slice(0, 7).map(({ report }) => report?.state)).toEqual(Array(7).fill('succeeded'));
		for (const { failure } of outcomes.slice(7))
			expect(failure).toMatchObject({ kind: 'notStarted', headline: 'Not started: Max Videos of 7 is reached' });
	});

	test('an order of unknown outcome counts as a video', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 100 });
		world.emulator.control.fault({ kind: 'submit', do: 'resetAfter' });
		await world.run(world.works(30), { maxVideos: 7 });
		expect(world.counts).toMatchObject({ submits: 7, created: 7 });
	});

	test('a refused order does not', async () => {
		const world = new VirtualWorld('vidu', { concurrency: 100 });
		world.emulator.control.fault({ kind: 'submit', do: 'status', status: 400, code: 'FieldInvalid', times: 2 });
		const { outcomes } = await world.run(world.works(30), { maxVideos: 7 });
		expect(world.counts).toMatchObject({ submits: 9, created: 7 });
		expect(outcomes.filter(({ report }) => report?.state === 'succeeded')).toHaveLength(7);
	});

	test.each([
		[1, 1],
		[55, 1],
		[56, 2],
		[500, 10],
	])('Max Credits of %i starts %i videos of 55', async (maxCredits, created) => {
		const world = new VirtualWorld('vidu', { concurrency: 100, latencyMs: 400 });
		const { outcomes } = await world.run(world.works(30), { maxCredits });
		expect(world.counts).toMatchObject({ submits: created, created, charged: 55 * created });
		expect(outcomes.at(-1)?.failure).toMatchObject({ kind: 'notStarted' });
		expect(outcomes.at(-1)?.failure?.headline).toContain(`${55 * created} spent`);
	});

	test('a service that says nothing of credits is not held up by Max Credits', async () => {
		const world = new VirtualWorld('zhipu', { concurrency: 100 });
		await world.run(world.works(10), { maxCredits: 1 });
		expect(world.counts.created).toBe(10);
	});
});

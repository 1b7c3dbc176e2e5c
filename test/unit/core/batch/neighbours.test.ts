import type { Http } from '../../../../lib/core/http';
import type { Fault } from '../../../emulator';
import { FULL, TOO_FAST } from './virtual/busy';
import { PROVIDERS, VirtualWorld, type VirtualRun } from './virtual/world';

/** One bad neighbour: what is wrong with one item, one model or one answer costs the others nothing. */

const MINUTE_MS = 60_000;

const deliveredOf = ({ outcomes }: VirtualRun): number[] =>
	outcomes.filter(({ report, failure }) => report?.state === 'succeeded' && !failure).map(({ work }) => work.itemIndex);
const allBut = (count: number, ...items: number[]): number[] =>
	Array.from({ length: count }, (_, index) => index).filter((index) => !items.includes(index));

describe.each(PROVIDERS)('one item at %s', (name) => {
	test.each([
		['that is always busy, first in line', FULL[name], 0],
		['that is always busy, in the middle', FULL[name], 7],
		['that always comes too fast', TOO_FAST[name], 0],
		['that is told to come back in an hour', { ...TOO_FAST[name], retryAfter: 3_600 }, 0],
	] as Array<[string, Fault, number]>)('%s: all others are delivered, and soon', async (_name, fault, bad) => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		world.emulator.control.fault({ kind: 'submit', times: 'always', ...fault, contains: `item ${bad}.` });
		const run = await world.run(world.works(20));
		expect(deliveredOf(run)).toEqual(allBut(20, bad));
		expect(run.outcomes[bad].failure).toMatchObject({ kind: 'notStarted' });
		expect(world.counts.created).toBe(19);
		// the last of them is there long before the bad one is given up
		const lastMs = Math.max(...world.tasks.map(({ finishedAtMs }) => finishedAtMs!));
		expect(lastMs - run.startedAtMs).toBeLessThan(6 * MINUTE_MS);
	});

	test.each([
		['two that are always busy, first in line', [0, 1]],
		['five of them', [0, 1, 2, 3, 4]],
		['five of them in the middle', [7, 8, 9, 10, 11]],
	] as Array<[string, number[]]>)('%s: all others are delivered, and soon', async (_name, bad) => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		for (const item of bad)
			world.emulator.control.fault({
				kind: 'submit',
				times: 'always',
				...FULL[name],
				contains: `item ${item}.`,
			});
		const run = await world.run(world.works(30));
		expect(deliveredOf(run)).toEqual(allBut(30, ...bad));
		const lastMs = Math.max(...world.tasks.map(({ finishedAtMs }) => finishedAtMs!));
		expect(lastMs - run.startedAtMs).toBeLessThan(8 * MINUTE_MS);
	});

	test('that is always busy, after an account that was full for a moment: all others are delivered', async () => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		world.emulator.control.fault({ kind: 'submit', times: 'always', ...FULL[name], contains: 'item 1.' });
		world.emulator.control.fault({ kind: 'submit', times: 1, ...FULL[name], contains: 'item 0.' });
		expect(deliveredOf(await world.run(world.works(20)))).toEqual(allBut(20, 1));
	});

	test('and its neighbours behind a firewall, in a run that is being served: all others are delivered', async () => {
		const world = new VirtualWorld(name, { concurrency: 50 });
		for (const item of [10, 11, 12, 13])
			world.emulator.control.fault({
				kind: 'submit',
				do: 'status',
				status: 403,
				html: true,
				times: 'always',
				contains: `item ${item}.`,
			});
		const run = await world.run(world.works(40));
		expect(deliveredOf(run)).toEqual(allBut(40, 10, 11, 12, 13));
		expect(world.counts.submits).toBe(40);
	});

	test.each([401, 402, 403])(
		'behind a firewall that answers %i with a page: all others are delivered',
		async (status) => {
			const world = new VirtualWorld(name, { concurrency: 30 });
			world.emulator.control.fault({
				kind: 'submit',
				do: 'status',
				status,
				html: true,
				times: 'always',
				contains: 'item 3.',
			});
			const run = await world.run(world.works(20));
			expect(deliveredOf(run)).toEqual(allBut(20, 3));
			expect(run.outcomes[3].failure).toMatchObject({
				kind: 'refused',
				headline: expect.stringContaining('turned away'),
			});
			expect(world.counts).toMatchObject({ submits: 20, created: 19 });
		},
	);

	test('and all others behind a firewall: three orders, not two hundred', async () => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		world.emulator.control.fault({ kind: 'submit', do: 'status', status: 403, html: true, times: 'always' });
		const { outcomes } = await world.run(world.works(200));
		expect(world.counts).toMatchObject({ submits: 3, created: 0 });
		expect(outcomes.slice(3).every(({ failure }) => failure?.kind === 'notStarted')).toBe(true);
	});

	const PAGES: Array<[string, Fault]> = [
		['a 404 page', { do: 'status', status: 404, html: true }],
		['a 401 page', { do: 'status', status: 401, html: true }],
		['a 403 page', { do: 'status', status: 403, html: true }],
		['"Forbidden" of a gateway', { do: 'status', status: 403, body: { message: 'Forbidden' } }],
		['an empty 404', { do: 'status', status: 404, body: '' }],
	];
	test.each(PAGES)('whose checks bring %s for minutes still gets its video', async (_name, fault) => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		world.emulator.control.fault({ kind: 'ask', times: 8, ...fault });
		const run = await world.run(world.works(5));
		expect(deliveredOf(run)).toEqual(allBut(5));
	});

	test('that the service itself does not know for one moment still gets its video', async () => {
		const world = new VirtualWorld(name);
		const code = { vidu: 'TaskNotFound', zhipu: '1233', vtrix: undefined }[name];
		world.emulator.control.fault({
			kind: 'ask',
			do: 'status',
			status: name === 'zhipu' ? 400 : 404,
			...(code ? { code } : {}),
		});
		expect(deliveredOf(await world.run(world.works(1)))).toEqual([0]);
	});

	test('whose checks never answer ends at its own limit, the others before', async () => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		// silence that not even a time-out ends
		const hung = (usual: Http): Http => ({
			send: async (request) =>
				request.method === 'GET' && request.path.includes(world.tasksOf(1)[0]?.id ?? '-')
					? await new Promise(() => {})
					: await usual.send(request),
		});
		const run = await world.run(world.works(3), { http: hung, maxWaitMs: 10 * MINUTE_MS });
		expect(deliveredOf(run)).toEqual([0, 2]);
		expect(run.outcomes[1].failure).toMatchObject({ kind: 'stillRunning' });
		// at Vidu it may stand in line for all that is known, and the others that end are a sign that the line moves
		expect(run.tookMs).toBeLessThanOrEqual(12.5 * MINUTE_MS);
	});

	test('and seven more whose checks never answer: all end at their limit, the others are delivered', async () => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		const isHung = (path: string): boolean =>
			Array.from({ length: 8 }, (_, item) => world.tasksOf(item)[0]?.id).some(
				(id) => id !== undefined && path.includes(id),
			);
		const hung = (usual: Http): Http => ({
			send: async (request) =>
				request.method === 'GET' && isHung(request.path) ? await new Promise(() => {}) : await usual.send(request),
		});
		const run = await world.run(world.works(12), { http: hung, maxWaitMs: 10 * MINUTE_MS });
		expect(deliveredOf(run)).toEqual([8, 9, 10, 11]);
		expect(run.tookMs).toBeLessThanOrEqual(20 * MINUTE_MS);
	});

	test('that cannot be delivered for a fault of ours keeps its id, and the others arrive', async () => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		const run = await world.run(world.works(3), {
			finish: async (taskId, _report, _askAgain, { itemIndex }) => {
				if (itemIndex === 1) throw new TypeError('x is not a function');
				return { result: taskId };
			},
		});
		expect(deliveredOf(run)).toEqual([0, 2]);
		expect(run.outcomes[1]).toMatchObject({
			taskId: world.tasksOf(1)[0].id,
			failure: { kind: 'internal', description: expect.stringContaining(world.tasksOf(1)[0].id) },
		});
	});

	test('whose order ends in a fault of ours may have been made: that is said of it alone', async () => {
		const world = new VirtualWorld(name, { concurrency: 30 });
		const broken = (usual: Http): Http => ({
			send: async (request) => {
				if (JSON.stringify(request.body ?? '').includes('item 1.')) throw new TypeError('x is not a function');
				return await usual.send(request);
			},
		});
		const run = await world.run(world.works(3), { http: broken });
		expect(deliveredOf(run)).toEqual([0, 2]);
		expect(run.outcomes[1].failure).toMatchObject({ kind: 'outcomeUnknown' });
	});
});

describe('an overloaded model at zhipu', () => {
	/** Items 0 to 4 want cogvideox-3, the others cogvideox-2. */
	const mixed = (world: VirtualWorld) =>
		world.works(10).map((work) => {
			const model = work.itemIndex < 5 ? 'cogvideox-3' : 'cogvideox-2';
			const { request } = work.job!;
			return { ...work, job: { ...work.job!, model, request: { ...request!, body: { ...request!.body, model } } } };
		});

	test.each(['1305', '1312'])('%s for ever: the other model is made at once', async (code) => {
		const world = new VirtualWorld('zhipu', { concurrency: 30 });
		world.emulator.control.fault({
			kind: 'submit',
			do: 'status',
			status: 429,
			code,
			contains: 'cogvideox-3',
			times: 'always',
		});
		const run = await world.run(mixed(world));
		expect(deliveredOf(run)).toEqual([5, 6, 7, 8, 9]);
		const lastMs = Math.max(...world.tasks.map(({ finishedAtMs }) => finishedAtMs!));
		expect(lastMs - run.startedAtMs).toBeLessThan(70_000);
		expect(run.outcomes[0].failure).toMatchObject({ kind: 'notStarted', diagnosis: { code } });
		expect(run.outcomes[0].failure?.headline).toContain('overloaded');
	});

	test.each([[[0]], [[5]], [[0, 1, 2]]])(
		'for items %j alone, for ever: all others of that model are made',
		async (bad) => {
			for (const latencyMs of [0, 50, 300]) {
				const world = new VirtualWorld('zhipu', { concurrency: 30, latencyMs });
				for (const item of bad)
					world.emulator.control.fault({
						kind: 'submit',
						do: 'status',
						status: 429,
						code: '1305',
						contains: `item ${item}.`,
						times: 'always',
					});
				expect(deliveredOf(await world.run(world.works(20)))).toEqual(allBut(20, ...bad));
			}
		},
	);

	test('for a blink of an eye: it costs a few seconds', async () => {
		const world = new VirtualWorld('zhipu', { concurrency: 30, latencyMs: 500 });
		world.emulator.control.fault({ kind: 'submit', do: 'status', status: 429, code: '1305', nth: 3, times: 4 });
		const run = await world.run(world.works(20));
		expect(deliveredOf(run)).toEqual(allBut(20));
		expect(run.tookMs).toBeLessThan(80_000);
	});

	test('for five minutes: all are made, and it is asked less and less often', async () => {
		const world = new VirtualWorld('zhipu', { concurrency: 30 });
		world.emulator.control.fault({
			kind: 'submit',
			do: 'status',
			status: 429,
			code: '1305',
			contains: 'cogvideox-3',
			times: 'always',
		});
		world.clock.setTimer(5 * MINUTE_MS, () => world.emulator.control.clearFaults());
		const run = await world.run(mixed(world));
		expect(deliveredOf(run)).toEqual(allBut(10));
		expect(world.counts.submits - world.counts.created).toBeLessThanOrEqual(15);
	});
});

test.each([5, 3])('calls limited to %i a second cost little time, and no video', async (perSecond) => {
	const world = new VirtualWorld('vidu', { concurrency: 30 });
	const calls: number[] = [];
	const limited = (usual: Http): Http => ({
		send: async (request) => {
			const nowMs = world.clock.nowMs();
			while (calls.length > 0 && nowMs - calls[0] >= 1000) calls.shift();
			if (calls.length >= perSecond)
				return {
					status: 429,
					headers: {},
					body: { code: 429, reason: 'TooManyRequests', message: 'too many', metadata: {} },
				};
			calls.push(nowMs);
			return await usual.send(request);
		},
	});
	const free = await new VirtualWorld('vidu', { concurrency: 30 }).run(world.works(100));
	const run = await world.run(world.works(100), { http: limited });
	expect(deliveredOf(run)).toEqual(allBut(100));
	expect(run.tookMs).toBeLessThan(1.5 * free.tookMs);
});

test.each([
	['zhipu', 4],
	// its 429 says neither that the account is full nor that the calls came too fast
	['vtrix', 14],
] as const)(
	'an account at its tier takes the items of %s about in their order, within %i minutes of a run of 21',
	async (name, minutes) => {
		const world = new VirtualWorld(name, { concurrency: 5, whenFull: 'refuse', latencyMs: 300 });
		const run = await world.run(world.works(100));
		expect(deliveredOf(run)).toEqual(allBut(100));
		for (let item = 0; item < 100; item += 1) {
			const [{ createdAtMs }] = world.tasksOf(item);
			// waves of five a minute
			const dueMs = Math.floor(item / 5) * 62_000;
			expect(Math.abs(createdAtMs - run.startedAtMs - dueMs)).toBeLessThan(minutes * MINUTE_MS);
		}
	},
);

test.each([
	[100, 130_000],
	[300, 200_000],
])('a quarter of a minute of refused checks slows a run of %i down for no longer', async (items, limitMs) => {
	const world = new VirtualWorld('vidu', { concurrency: 400 });
	let fromMs: number | undefined;
	const burst = (usual: Http): Http => ({
		send: async (request) => {
			if (request.method === 'GET') fromMs ??= world.clock.nowMs();
			return request.method === 'GET' && world.clock.nowMs() - fromMs! < 15_000
				? { status: 429, headers: {}, body: { code: 429, reason: 'TooManyRequests', message: 'x', metadata: {} } }
				: await usual.send(request);
		},
	});
	const run = await world.run(world.works(items), { http: burst });
	expect(deliveredOf(run)).toEqual(allBut(items));
	expect(run.tookMs).toBeLessThan(limitMs);
});

test('a conflict that names a task: the id is kept, and it is not called refused', async () => {
	const world = new VirtualWorld('vidu');
	const conflict = (usual: Http): Http => ({
		send: async (request) => {
			const reply = await usual.send(request);
			const { task_id: taskId } = reply.body as { task_id?: string };
			return request.method === 'POST' && taskId
				? { ...reply, status: 409, body: { code: 409, reason: 'Duplicate', data: { task_id: taskId } } }
				: reply;
		},
	});
	const { outcomes } = await world.run(world.works(1), { http: conflict });
	expect(outcomes[0]).toMatchObject({ taskId: world.tasks[0].id, failure: { kind: 'outcomeUnknown' } });
});

test('an order without a clear answer that names a task: the id is kept and told', async () => {
	const world = new VirtualWorld('vidu');
	const named = (usual: Http): Http => ({
		send: async (request) => {
			const reply = await usual.send(request);
			const { task_id: taskId } = reply.body as { task_id?: string };
			return request.method === 'POST' && taskId
				? { ...reply, status: 500, body: { data: { task_id: taskId } } }
				: reply;
		},
	});
	const entries = {};
	const { outcomes } = await world.run(world.works(1), { http: named, entries });
	const [{ id }] = world.tasks;
	expect(outcomes[0]).toMatchObject({
		taskId: id,
		failure: { kind: 'outcomeUnknown', description: expect.stringContaining(`task ${id}`) },
	});
	expect(world.told).toEqual([{ itemIndex: 0, taskId: id }]);
	// and by the next try too
	const again = await world.run(world.works(1), { entries });
	expect(again.outcomes[0]).toMatchObject({ taskId: id, failure: { kind: 'outcomeUnknown' } });
	expect(world.counts.created).toBe(1);
});

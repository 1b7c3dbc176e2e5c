import type { Lane } from '../../../../lib/core/account/lane';
import type { Member } from '../../../../lib/core/account/member';
import { AccountPool } from '../../../../lib/core/account/pool';
import {
	runBatch,
	type BatchItem,
	type BatchParts,
	type BatchSettings,
	type Outcome,
} from '../../../../lib/core/batch';
import { NoReply, type HttpReply, type HttpRequest } from '../../../../lib/core/http';
import type { Provider, StatusAnswer, SubmitAnswer } from '../../../../lib/core/provider';
import { vidu } from '../../../../lib/providers/vidu';
import { ID, job, MAX_WAIT_MS, NOW_MS, report, submitted, why } from './oneItem';

/** A run as its account sees it: when it wants to be looked at, which order it has, when it gives up and when it is over. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** Half of the time that an order waits for a place, and all of it. */
const [HALF_MS, END_MS] = [NOW_MS + MAX_WAIT_MS / 2, NOW_MS + MAX_WAIT_MS];

/** An account that does nothing by itself: the test takes its part. */
class ToldPool extends AccountPool {
	member!: Member;
	touches = 0;
	/** Moments that a run wanted the account to have been looked at since. */
	readonly lookedSince: number[] = [];
	isLooked = true;

	override join(member: Member): void {
		this.member = member;
	}

	override touch(): void {
		this.touches += 1;
	}

	override hasLookedSince(_member: Member, sinceMs: number): boolean {
		this.lookedSince.push(sinceMs);
		return this.isLooked;
	}
}

interface Changes extends Partial<BatchSettings> {
	items?: Array<Partial<BatchItem>>;
	provider?: Partial<Provider>;
	parts?: Partial<BatchParts<string>>;
	/** The answers to orders; without one none comes. */
	answers?: SubmitAnswer[];
	statuses?: StatusAnswer[];
	/** Whether cancelling is answered. */
	isCancelAnswered?: boolean;
}

const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** A run that has begun, and everything beside it. */
function begun({
	items = [{}],
	provider,
	parts,
	answers = [],
	statuses = [],
	isCancelAnswered = true,
	...settings
}: Changes = {}) {
	const time = { nowMs: NOW_MS };
	const pauses: Array<{ ms: number; end: () => void }> = [];
	const clock = {
		nowMs: () => time.nowMs,
		random: () => 0.5,
		sleep: async (ms: number, signal?: AbortSignal) =>
			await new Promise<void>((end) => {
				pauses.push({ ms, end });
				signal?.addEventListener('abort', () => end(), { once: true });
			}),
	};
	const sent: HttpRequest[] = [];
	const reply: HttpReply = { status: 200, headers: {}, body: {} };
	const pool = new ToldPool(clock);
	const stop = new AbortController();
	const works = items.map((item, itemIndex) => ({
		...{ itemIndex, job: { ...job, itemIndex, fingerprint: `f${itemIndex}` }, typicalSeconds: 60 },
		...item,
	}));
	let outcomes: Array<Outcome<string>> | undefined;
	const run = runBatch<string>(
		works,
		{ until: 'ended', maxWaitMs: MAX_WAIT_MS, cancelOnStop: true, ...settings },
		{
			provider: {
				...vidu,
				readSubmit: () => answers.shift()!,
				readStatus: () => statuses.shift()!,
				...provider,
			},
			http: {
				send: async (request) => {
					sent.push(request);
					const isAnswered = request.path.endsWith('text2video')
						? answers.length > 0
						: statuses.length > 0 || (isCancelAnswered && request.path.endsWith('/cancel'));
					return isAnswered ? await Promise.resolve(reply) : await new Promise<HttpReply>(() => {});
				},
			},
			clock,
			signal: stop.signal,
			...parts,
		},
		pool,
	).then((all) => (outcomes = all));
	const { member } = pool;
	const lane = pool.laneOf('');
	/** Looks at the run at a moment. @returns false where it left */
	const look = (atMs = time.nowMs): boolean => {
		time.nowMs = atMs;
		return member.look(atMs);
	};
	const turn = (isOpen: (lane: Lane) => boolean = () => true) => member.nextOrder(time.nowMs, isOpen);
	/** Lets its first order leave. */
	const order = async (): Promise<void> => {
		turn()!.start();
		await settled();
	};
	const ask = async (): Promise<void> => {
		member.ask();
		await settled();
	};
	return {
		...{ pool, member, lane, time, look, turn, order, ask, sent, stop, run, pauses },
		/** How it ended; undefined while it goes on. */
		ended: async () => {
			await settled();
			return outcomes?.map(({ failure, taskId, result, report: last }) =>
				failure ? failure.kind : (result ?? taskId ?? last?.state),
			);
		},
		failures: () => outcomes?.map(({ failure }) => failure?.headline),
	};
}

const accepted = (taskId = ID): SubmitAnswer => ({ kind: 'accepted', task: submitted('queued', { taskId }) });

describe('what it is', () => {
	test.each<[Changes, number, boolean]>([
		[{}, Infinity, false],
		[{ maxConcurrency: 3 }, 3, false],
		[{ until: 'submitted' }, Infinity, true],
		[{ answerWithinMs: 45_000 }, Infinity, true],
	])('%j', (changes, cap, ordersAhead) => {
		const { member } = begun(changes);
		expect([member.cap, member.ordersAhead]).toEqual([cap, ordersAhead]);
	});

	test('its orders stand in a lane for each model where the service limits models', () => {
		const { pool } = begun({ provider: { hasLimitsPerModel: true } });
		expect([pool.laneOf('m').inLine, pool.laneOf('').inLine]).toEqual([1, 0]);
		const { pool: shared } = begun({ items: [{}, {}] });
		expect(shared.laneOf('').inLine).toBe(2);
	});

	test('it wants to ask for its tasks; one that does not wait only while it has orders', async () => {
		const waits = begun({ answers: [accepted()] });
		await waits.order();
		expect(waits.member.nextAskMs).toBeLessThan(NOW_MS + MINUTE_MS);
		const leaves = begun({ until: 'submitted', answers: [accepted()], items: [{}, {}] });
		await leaves.order();
		expect([leaves.member.hasOrders, leaves.member.nextAskMs < NOW_MS + MINUTE_MS]).toEqual([true, true]);
		const last = begun({ until: 'submitted', answers: [accepted()] });
		await last.order();
		expect([last.member.hasOrders, last.member.nextAskMs]).toEqual([false, Infinity]);
	});
});

describe('which order it has', () => {
	test('the first in line, in an open lane; one at a time until one was taken', async () => {
		const { turn, order, member } = begun({ items: [{}, {}], answers: [accepted(), accepted('2')] });
		expect(turn(() => false)).toBeUndefined();
		turn()!.start();
		expect([turn(), member.hasOrders]).toEqual([undefined, true]);
		await settled();
		await order();
		expect([turn(), member.hasOrders]).toEqual([undefined, false]);
	});

	test('none beyond Max Credits; what is left ends in the next round', async () => {
		const priced = { ...job, price: { credits: 10 } };
		const { turn, order, look, pool, ended } = begun({
			maxCredits: 15,
			items: [{ job: priced }, { job: { ...priced, fingerprint: 'g' } }],
			answers: [accepted()],
			until: 'submitted',
		});
		await order();
		const before = pool.touches;
		expect(turn()).toBeUndefined();
		expect(pool.touches).toBe(before + 1);
		expect(look()).toBe(false);
		expect(await ended()).toEqual([ID, 'notStarted']);
	});

	test('none whose price has no room beside what is on its way', async () => {
		const priced = { ...job, price: { credits: 10 } };
		const items = ['f', 'g', 'h'].map((fingerprint) => ({ job: { ...priced, fingerprint } }));
		const { turn, order, pool } = begun({ maxCredits: 25, items, answers: [accepted()] });
		await order();
		turn()!.start();
		const before = pool.touches;
		expect(turn()).toBeUndefined();
		expect(pool.touches).toBe(before);
	});

	test('it tells the account when it is answered', async () => {
		const { order, pool } = begun({ answers: [accepted()] });
		const before = pool.touches;
		await order();
		expect(pool.touches).toBeGreaterThan(before);
	});

	test('none in vain: where nothing moved for its time, and the account would let it stand in line', () => {
		const { turn, lane, time } = begun();
		time.nowMs = END_MS - 1;
		expect(turn()).toBeDefined();
		time.nowMs = END_MS;
		expect(turn()).toBeUndefined();
		lane.isFull = false;
		expect(turn()).toBeDefined();
		lane.isFull = true;
		expect(turn()).toBeUndefined();
		lane.progressMs = NOW_MS + 1;
		expect(turn()).toBeDefined();
	});

	test('one all the same where no account tells whether it is full', () => {
		const { usage: _usage, ...silent } = vidu;
		const { turn, time } = begun({ parts: { provider: silent } });
		time.nowMs = END_MS;
		expect(turn()).toBeDefined();
	});
});

describe('when it wants to be looked at', () => {
	test('half-way to the end of its patience, and at its end', () => {
		const { member, time } = begun();
		expect(member.nextLookMs).toBe(HALF_MS);
		time.nowMs = HALF_MS;
		expect(member.nextLookMs).toBe(END_MS);
	});

	test('again in two seconds where it is over, and the account has not said whether it moves', () => {
		const { member, time } = begun();
		time.nowMs = END_MS;
		expect(member.nextLookMs).toBe(END_MS + 2 * SECOND_MS);
	});

	test('by the item that waits longest', () => {
		const { member } = begun({ items: [{ maxWaitMs: 2 * MAX_WAIT_MS }, {}] });
		expect(member.nextLookMs).toBe(NOW_MS + MAX_WAIT_MS);
	});

	test('counted from the last progress of the account, not from before it began', () => {
		const { member, lane } = begun();
		lane.progressMs = NOW_MS - MAX_WAIT_MS;
		expect(member.nextLookMs).toBe(HALF_MS);
		lane.progressMs = NOW_MS + MINUTE_MS;
		expect(member.nextLookMs).toBe(HALF_MS + MINUTE_MS);
	});

	test('later where a task was given up, for its place comes free', () => {
		const { usage: _usage, ...silent } = vidu;
		const { member, lane, time } = begun({ parts: { provider: silent } });
		lane.givenUpMs = END_MS - 10 * SECOND_MS;
		time.nowMs = END_MS - SECOND_MS;
		expect(member.nextLookMs).toBe(END_MS + 80 * SECOND_MS);
	});

	test('not for its patience while an order is on its way', async () => {
		const { member, order } = begun({ items: [{}, {}] });
		await order();
		expect(member.nextLookMs).toBe(Infinity);
	});

	test('not for its patience once nothing waits in line', async () => {
		const { member, order } = begun({ answers: [accepted()] });
		await order();
		expect(member.nextLookMs).toBe(Infinity);
	});

	test('when a question has hung for 35 seconds', async () => {
		const { member, order, ask, time } = begun({ answers: [accepted()] });
		await order();
		time.nowMs = NOW_MS + MINUTE_MS;
		await ask();
		expect(member.nextLookMs).toBe(NOW_MS + MINUTE_MS + 35 * SECOND_MS);
	});

	test('when its answer is due, and five seconds later', () => {
		const { member, time } = begun({ answerWithinMs: 45 * SECOND_MS });
		expect(member.nextLookMs).toBe(NOW_MS + 45 * SECOND_MS);
		time.nowMs = NOW_MS + 45 * SECOND_MS;
		expect(member.nextLookMs).toBe(NOW_MS + 50 * SECOND_MS);
	});

	test('when a pause of its orders ends, and when a model that takes none opens', async () => {
		const unreached = new NoReply('ECONNREFUSED', false);
		const { member, order } = begun({
			parts: { http: { send: async () => await Promise.reject(unreached) } },
		});
		await order();
		expect(member.nextLookMs).toBeGreaterThan(NOW_MS);
		expect(member.nextLookMs).toBeLessThanOrEqual(NOW_MS + 3 * SECOND_MS);
		const { member: other, pool } = begun();
		pool.models.refused('m', NOW_MS, () => 0.5, 0);
		expect(other.nextLookMs).toBe(pool.models.opensMs('m'));
	});
});

describe('when it gives up', () => {
	test('after its time without progress, once the account was looked at half-way and at the end', async () => {
		const { look, pool, ended } = begun();
		expect(look(HALF_MS - 1)).toBe(true);
		expect(pool.lookedSince).toEqual([]);
		expect(look(HALF_MS)).toBe(true);
		expect(look(END_MS - 1)).toBe(true);
		expect(pool.lookedSince).toEqual([HALF_MS, HALF_MS]);
		pool.isLooked = false;
		expect(look(END_MS)).toBe(true);
		pool.isLooked = true;
		expect(look(END_MS + 1)).toBe(false);
		expect(pool.lookedSince).toEqual([HALF_MS, HALF_MS, END_MS, END_MS]);
		expect(await ended()).toEqual(['notStarted']);
	});

	test('not while a task of its own holds a place, whose end comes first', async () => {
		const { look, order, pool } = begun({ items: [{}, {}], answers: [accepted()] });
		await order();
		expect(look(END_MS + 1)).toBe(true);
		expect(pool.lookedSince).toEqual([]);
	});

	test('not while an order is on its way, which may be taken', async () => {
		const { look, order, pool } = begun({ items: [{}, {}] });
		await order();
		expect(look(END_MS + 1)).toBe(true);
		expect(pool.lookedSince).toEqual([]);
	});

	test('a minute and a half later where a task was given up: its place is for the next', () => {
		const { usage: _usage, ...silent } = vidu;
		const { look, lane } = begun({ parts: { provider: silent } });
		lane.givenUpMs = END_MS - 10 * SECOND_MS;
		expect(look(END_MS + 80 * SECOND_MS - 1)).toBe(true);
		expect(look(END_MS + 80 * SECOND_MS)).toBe(false);
	});

	test('and not later where the account is full', () => {
		const { look, lane } = begun();
		lane.givenUpMs = END_MS - 10 * SECOND_MS;
		lane.isFull = true;
		expect(look(END_MS)).toBe(false);
	});

	test('at once, of everything, for a reason that holds for all', async () => {
		const { look, order, ended, failures } = begun({
			items: [{}, {}],
			answers: [{ kind: 'refused', diagnosis: why('auth', { summary: 'The key is wrong' }) }],
		});
		await order();
		expect(look()).toBe(false);
		expect(await ended()).toHaveLength(2);
		expect(failures()!.every((headline) => headline!.includes('The key is wrong'))).toBe(true);
	});
});

describe('when it is over', () => {
	test('with the last result, and not before that is delivered', async () => {
		const finished: Array<(done: { result: string }) => void> = [];
		const { look, order, ask, ended, time, member } = begun({
			answers: [accepted()],
			statuses: [{ kind: 'report', report: report('succeeded', { videoUrl: 'https://example.com/v.mp4' }) }],
			parts: { finish: async () => await new Promise((done) => finished.push(done)) },
		});
		expect(look()).toBe(true);
		await order();
		expect(look()).toBe(true);
		time.nowMs = NOW_MS + MINUTE_MS;
		await ask();
		expect([look(), member.nextAskMs]).toEqual([true, Infinity]);
		finished[0]({ result: 'fetched' });
		await settled();
		expect(look()).toBe(false);
		expect(await ended()).toEqual(['fetched']);
	});

	test('three results are fetched at once', async () => {
		let under = 0;
		const items = Array.from({ length: 5 }, () => ({ job: undefined, taskId: ID }));
		const { look, ask, time } = begun({
			items: items,
			statuses: items.map(() => ({ kind: 'report', report: report('succeeded', { videoUrl: 'https://e.com/v' }) })),
			parts: {
				finish: async () => {
					under += 1;
					return await new Promise(() => {});
				},
			},
		});
		time.nowMs = NOW_MS + 1;
		for (let count = 0; count < 5; count += 1) await ask();
		look();
		await settled();
		expect(under).toBe(3);
	});

	test('one that does not wait: with the last order, and not while its answer is to come', async () => {
		const { look, order, turn, ended } = begun({
			until: 'submitted',
			items: [{}, {}],
			answers: [accepted(), accepted('2')],
		});
		await order();
		expect(look()).toBe(true);
		turn()!.start();
		expect(look()).toBe(true);
		await settled();
		expect(look()).toBe(false);
		expect(await ended()).toEqual([ID, '2']);
	});

	test('one that does not wait: not while it asks', async () => {
		const { look, order, ask, time, ended } = begun({
			until: 'submitted',
			items: [{}, {}],
			answers: [accepted(), accepted('2')],
		});
		await order();
		time.nowMs = NOW_MS + MINUTE_MS;
		await ask();
		await order();
		expect(look()).toBe(true);
		expect(await ended()).toBeUndefined();
	});

	test('all the same where nobody can stop it', async () => {
		const { look, order, ended } = begun({
			until: 'submitted',
			answers: [accepted()],
			parts: { signal: undefined as never },
		});
		await order();
		expect(look()).toBe(false);
		expect(await ended()).toEqual([ID]);
	});
});

describe('within the time of its caller', () => {
	const answerWithinMs = 45 * SECOND_MS;
	const DUE_MS = NOW_MS + answerWithinMs;

	test('what has a task by then is told, and what waits is refused', async () => {
		const { look, order, ended, failures } = begun({ answerWithinMs, items: [{}, {}], answers: [accepted()] });
		await order();
		expect(look(DUE_MS - 1)).toBe(true);
		expect(look(DUE_MS)).toBe(false);
		expect(await ended()).toEqual([ID, 'notStarted']);
		expect(failures()![1]).toContain('45 seconds');
	});

	test('an order on the wire gets five seconds more, and the next call finds what comes of it', async () => {
		const { look, order, ended } = begun({ answerWithinMs });
		await order();
		expect(look(DUE_MS)).toBe(true);
		expect(look(DUE_MS + 5 * SECOND_MS - 1)).toBe(true);
		expect(look(DUE_MS + 5 * SECOND_MS)).toBe(false);
		expect(await ended()).toEqual(['outcomeUnknown']);
	});

	test('a result that is being fetched is waited for', async () => {
		const finished: Array<(done: { result: string }) => void> = [];
		const { look, order, ask, time, ended } = begun({
			answerWithinMs,
			answers: [accepted()],
			statuses: [{ kind: 'report', report: report('succeeded', { videoUrl: 'https://example.com/v.mp4' }) }],
			parts: { finish: async () => await new Promise((done) => finished.push(done)) },
		});
		await order();
		time.nowMs = NOW_MS + 40 * SECOND_MS;
		await ask();
		look();
		expect(look(DUE_MS)).toBe(true);
		expect(look(DUE_MS + 60 * SECOND_MS)).toBe(true);
		finished[0]({ result: 'fetched' });
		await settled();
		expect(look()).toBe(false);
		expect(await ended()).toEqual(['fetched']);
	});

	test('nothing leaves any more once it is over', async () => {
		const { look, turn, ended, sent } = begun({ answerWithinMs });
		const late = turn()!;
		expect(look(DUE_MS)).toBe(false);
		await ended();
		late.start();
		await settled();
		expect(sent).toEqual([]);
	});
});

describe('Stop', () => {
	test('ends it at the next look, with 800 ms for orders on the wire and cancelling', async () => {
		const { look, order, stop, pauses, ended, pool, time } = begun({ items: [{}, {}] });
		look();
		await order();
		const before = pool.touches;
		stop.abort();
		expect(pool.touches).toBe(before + 1);
		expect(look()).toBe(false);
		expect(await ended()).toBeUndefined();
		expect(pauses.at(-1)!.ms).toBe(800);
		time.nowMs += 800;
		pauses.at(-1)!.end();
		expect(await ended()).toEqual(['outcomeUnknown', 'stopped']);
	});

	test('is over as soon as nothing is on the wire and all is cancelled', async () => {
		const { look, order, stop, ended, sent } = begun({ answers: [accepted()] });
		look();
		await order();
		stop.abort();
		expect(look()).toBe(false);
		await settled();
		expect(await ended()).toEqual(['stopped']);
		expect(sent.at(-1)!.path).toContain(`${ID}/cancel`);
	});

	test('cancels nothing where the user wants it so', async () => {
		const { look, order, stop, ended, sent } = begun({ answers: [accepted()], cancelOnStop: false });
		look();
		await order();
		stop.abort();
		look();
		expect(await ended()).toEqual(['stopped']);
		expect(sent).toHaveLength(1);
	});

	test('waits 800 ms for a cancelling that hangs, and no longer', async () => {
		const { look, order, stop, ended, pauses, time } = begun({ answers: [accepted()], isCancelAnswered: false });
		look();
		await order();
		stop.abort();
		look();
		expect([await ended(), pauses.at(-1)!.ms]).toEqual([undefined, 800]);
		time.nowMs += 800;
		pauses.at(-1)!.end();
		expect(await ended()).toEqual(['stopped']);
	});

	test('of a run that has all it wanted cancels nothing', async () => {
		const { look, order, stop, ended, sent } = begun({ until: 'submitted', answers: [accepted()] });
		look();
		await order();
		stop.abort();
		expect(look()).toBe(false);
		expect(await ended()).toEqual([ID]);
		expect(sent).toHaveLength(1);
	});

	test('gives back the keys of what was cancelled', async () => {
		const given: unknown[] = [];
		const { look, order, stop, ended } = begun({
			answers: [accepted()],
			provider: { hasCanceled: () => true },
			parts: { keys: { take: async () => await Promise.resolve('ours' as const), giveBack: (own) => given.push(own) } },
		});
		look();
		await order();
		await settled();
		stop.abort();
		look();
		await ended();
		expect(given).toEqual([expect.objectContaining({ fingerprint: 'f0' })]);
	});

	test('before it began takes no time', async () => {
		const { look, stop, ended, pauses } = begun();
		stop.abort();
		expect(look()).toBe(false);
		expect(await ended()).toEqual(['stopped']);
		expect(pauses).toEqual([]);
	});

	test('of what is done changes nothing, and nothing hears of it', async () => {
		const { look, order, stop, ended, pool } = begun({ until: 'submitted', answers: [accepted()] });
		await order();
		expect(look()).toBe(false);
		expect(await ended()).toEqual([ID]);
		const before = pool.touches;
		stop.abort();
		expect([await ended(), pool.touches]).toEqual([[ID], before]);
	});
});

describe('what it held', () => {
	test('is given back, and what is answered late counts no more', async () => {
		const { look, order, lane, ended } = begun({ items: [{}, {}], answers: [accepted()], answerWithinMs: 1_000 });
		await order();
		expect([lane.underWay, lane.inLine]).toEqual([1, 1]);
		look(NOW_MS + 1_000);
		await ended();
		expect([lane.underWay, lane.inLine, lane.submitting]).toEqual([0, 0, 0]);
	});

	test('a fault of ours ends it, and gives all back', async () => {
		const { run, member, lane } = begun({ items: [{}, {}] });
		const failed = expect(run).rejects.toThrow('a fault of ours');
		member.fail(new Error('a fault of ours'));
		await failed;
		expect(lane.inLine).toBe(0);
	});
});

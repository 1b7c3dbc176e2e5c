import fc from 'fast-check';

import { KeyDesk } from '../../../../lib/core/orderKeys/desk';
import { KeyRun } from '../../../../lib/core/orderKeys/store';
import { seedRandom, VirtualClock } from '../../../emulator';
import { clockOf, SharedRow } from './sharedRow';

/** A key has one owner, whatever the processes that want it do at the same time. */

const SEED = 20_261_128;
/** Longest time of a read, and of the write after it. */
const SLOW_MS = 40;

/** Processes that share one row. */
function cluster(count: number, seed = SEED, slowMs = SLOW_MS, fails = 0) {
	const clock = new VirtualClock();
	const row = new SharedRow(clock);
	const chance = seedRandom(seed);
	let idle = 0;
	const processes = Array.from({ length: count }, () => {
		const store = row.wayIn(
			() => slowMs * chance() ** 2,
			() => chance() < fails,
		);
		const desk = new KeyDesk(clockOf(clock, chance), () => (idle += 1));
		return {
			desk,
			run: (maxKeys = 10_000): KeyRun => {
				const run = new KeyRun(store, maxKeys);
				desk.join(run);
				return run;
			},
		};
	});
	return { clock, row, processes, idle: () => idle };
}

/** A wish: when it is made, and what becomes of it. */
const wishes = fc.array(
	fc.record({
		process: fc.nat({ max: 2 }),
		key: fc.constantFrom('mug', 'lamp', 'shoe'),
		atMs: fc.oneof(fc.constant(0), fc.nat({ max: 40 }), fc.nat({ max: 3_000 })),
		/** Given back after so long; kept where null. */
		backAfterMs: fc.oneof(fc.constant(null), fc.nat({ max: 2_000 })),
		/** The run ends with it, or lives on. */
		leaves: fc.boolean(),
	}),
	{ minLength: 2, maxLength: 14 },
);

describe('many processes', () => {
	test('a key that an earlier try took in another process is free once its later try gives it back', async () => {
		const { clock, processes } = cluster(3);
		const [first, second, third] = processes;
		const earlier = first.run();
		expect(await clock.runUntil(first.desk.take(earlier, 'mug'))).toEqual({ kind: 'ours' });
		first.desk.leave(earlier);
		const later = second.run();
		later.inherit('mug');
		expect(await clock.runUntil(third.desk.take(third.run(), 'mug'))).toEqual({ kind: 'taken' });
		await clock.runUntil(second.desk.giveBack(later, 'mug'));
		expect(await clock.runUntil(third.desk.take(third.run(), 'mug'))).toEqual({ kind: 'ours' });
		expect(await clock.runUntil(second.desk.take(later, 'mug'))).toEqual({ kind: 'taken' });
	});

	test('no key has two owners, and one that was given back is free', async () => {
		await fc.assert(
			fc.asyncProperty(wishes, fc.nat(), fc.nat({ max: 1 }), async (wanted, seed, isFaulty) => {
				const { clock, row, processes } = cluster(3, seed, SLOW_MS, isFaulty * 0.1);
				const owners = new Map<string, number>();
				const kept = new Set<string>();
				const act = wanted.map(async ({ process, key, atMs, backAfterMs, leaves }) => {
					const { desk, run: begin } = processes[process];
					await clock.sleep(atMs);
					const run = begin();
					const answer = await desk.take(run, key);
					if (answer.kind === 'ours') {
						owners.set(key, (owners.get(key) ?? 0) + 1);
						expect(owners.get(key)).toBe(1);
						if (backAfterMs === null) kept.add(key);
						else {
							await clock.sleep(backAfterMs);
							owners.set(key, 0);
							await desk.giveBack(run, key);
						}
					}
					if (leaves) desk.leave(run);
					return answer;
				});
				const answers = await clock.runUntil(Promise.all(act));
				await clock.advance(20_000);
				expect(answers.filter(({ kind }) => kind === 'contested')).toEqual([]);
				for (const key of new Set(wanted.map((wish) => wish.key))) {
					const mine = answers.filter((_, index) => wanted[index].key === key);
					const isUsable = mine.every(({ kind }) => kind !== 'unusable');
					if (isUsable) expect(mine.map(({ kind }) => kind)).toContain('ours');
					if (isFaulty) continue;
					const stranger = new KeyDesk(clockOf(clock, () => 0.5));
					const answer = await clock.runUntil(
						stranger.take(
							new KeyRun(
								row.wayIn(() => 1),
								10_000,
							),
							key,
						),
					);
					expect(answer.kind).toBe(kept.has(key) ? 'taken' : 'ours');
				}
			}),
			{ seed: SEED, numRuns: 300 },
		);
	});

	test('one that dies keeps what it has taken', async () => {
		const { clock, processes } = cluster(2);
		const [dying, other] = processes;
		void dying.desk.take(dying.run(), 'mug');
		await clock.advance(SLOW_MS * 2);
		expect(await clock.runUntil(other.desk.take(other.run(), 'mug'))).toEqual({ kind: 'taken' });
	});
});

describe('one process', () => {
	/** In its own time, of the virtual clock. */
	const timed = async <T>(clock: VirtualClock, promise: Promise<T>): Promise<[T, number]> => {
		const startMs = clock.nowMs();
		return [await clock.runUntil(promise), clock.nowMs() - startMs];
	};

	test('a new key takes about a second, a taken one is told at once', async () => {
		const { clock, row, processes } = cluster(2, SEED, 10);
		const [one, other] = processes;
		const [ours, ourMs] = await timed(clock, one.desk.take(one.run(), 'mug'));
		expect(ours).toEqual({ kind: 'ours' });
		expect(ourMs).toBeGreaterThanOrEqual(1_000);
		expect(ourMs).toBeLessThan(1_600);
		const [taken, takenMs] = await timed(clock, other.desk.take(other.run(), 'mug'));
		expect(taken).toEqual({ kind: 'taken' });
		expect(takenMs).toBeLessThan(50);
		await clock.advance(5_000);
		expect(row.values).toHaveLength(2);
	});

	test('of two runs at once the second is turned away without a look at the store, until the key is given back', async () => {
		const { clock, processes } = cluster(1);
		const [{ desk, run }] = processes;
		const [first, second] = [run(), run()];
		const taking = desk.take(first, 'mug');
		expect(desk.isHeld('mug')).toBe(true);
		expect(await desk.take(second, 'mug')).toEqual({ kind: 'taken' });
		await clock.runUntil(taking);
		expect(await desk.take(second, 'mug')).toEqual({ kind: 'taken' });
		void desk.giveBack(first, 'mug');
		expect(desk.isHeld('mug')).toBe(false);
		expect(await clock.runUntil(desk.take(second, 'mug'))).toEqual({ kind: 'ours' });
	});

	test('a run that ended keeps its keys; one that left too early may still give back', async () => {
		const { clock, row, processes } = cluster(1);
		const [{ desk, run }] = processes;
		const ended = run();
		await clock.runUntil(desk.take(ended, 'mug'));
		desk.leave(ended);
		expect(desk.isHeld('mug')).toBe(false);
		expect(await clock.runUntil(desk.take(run(), 'mug'))).toEqual({ kind: 'taken' });
		const stopped = run();
		const taking = desk.take(stopped, 'lamp');
		desk.leave(stopped);
		expect(desk.isHeld('lamp')).toBe(true);
		expect(await clock.runUntil(taking)).toEqual({ kind: 'ours' });
		expect(desk.isHeld('lamp')).toBe(false);
		await clock.runUntil(desk.giveBack(stopped, 'lamp'));
		await clock.advance(5_000);
		expect(row.values).toHaveLength(2);
		expect(await clock.runUntil(desk.take(run(), 'lamp'))).toEqual({ kind: 'ours' });
	});

	test('a key is given back and taken anew again and again, and leaves nothing behind', async () => {
		const { clock, row, processes } = cluster(1);
		const [{ desk, run }] = processes;
		const busy = run();
		for (let time = 0; time < 20; time += 1) {
			expect(await clock.runUntil(desk.take(busy, 'mug'))).toEqual({ kind: 'ours' });
			if (time % 2) await clock.runUntil(desk.giveBack(busy, 'mug'));
			else void desk.giveBack(busy, 'mug');
			await clock.advance((time % 3) * 700);
		}
		await clock.advance(5_000);
		expect(row.values).toEqual([]);
	});

	test('runs wait for a visit together', async () => {
		const { clock, row, processes } = cluster(1);
		const [{ desk, run }] = processes;
		const takes = Array.from({ length: 200 }, async (_, index) => await desk.take(run(), `key ${index}`));
		const [answers, tookMs] = await timed(clock, Promise.all(takes));
		expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['ours']));
		expect(tookMs).toBeLessThan(4_000);
		expect(row.writes).toBeLessThan(6);
	});

	test('looks at a whole catalogue in one visit, and leaves it as it was', async () => {
		const { clock, row, processes } = cluster(2);
		const [{ desk, run }, other] = processes;
		const catalogue = Array.from({ length: 2_000 }, (_, index) => `key ${index}`);
		const bought = other.run();
		await clock.runUntil(Promise.all(catalogue.slice(0, 5).map(async (key) => await other.desk.take(bought, key))));
		await clock.advance(5_000);
		const before = [...row.values!];
		const looking = run();
		void desk.take(looking, 'key 9');
		const [taken, tookMs] = await timed(clock, desk.look(looking, catalogue));
		expect([...taken]).toEqual([...catalogue.slice(0, 5), 'key 9']);
		expect(tookMs).toBeLessThan(2_500);
		await clock.advance(5_000);
		expect(row.values!.slice(0, before.length)).toEqual(before);
		expect(row.values).toHaveLength(before.length + 2);
		expect(await clock.runUntil(desk.take(looking, 'key 10'))).toEqual({ kind: 'ours' });
	});

	test('forgets the oldest keys, and no sooner than told', async () => {
		const { clock, processes } = cluster(1);
		const [{ desk, run }] = processes;
		for (let round = 0; round < 4; round += 1) {
			const buying = run(100);
			const takes = Array.from({ length: 100 }, async (_, index) => await desk.take(buying, `${round}:${index}`));
			await clock.runUntil(Promise.all(takes));
			desk.leave(buying);
		}
		const again = run(100);
		expect(await clock.runUntil(desk.take(again, '3:0'))).toEqual({ kind: 'taken' });
		expect(await clock.runUntil(desk.take(again, '0:0'))).toEqual({ kind: 'ours' });
	});

	test('a store that fails a few times will do; one that always fails is told as such, and nobody has the key', async () => {
		const [flaky, broken] = [cluster(1, SEED, SLOW_MS, 0.4), cluster(1, SEED, SLOW_MS, 1)];
		const [{ desk, run }] = flaky.processes;
		expect(await flaky.clock.runUntil(desk.take(run(), 'mug'))).toEqual({ kind: 'ours' });
		const [dead] = broken.processes;
		const answer = await broken.clock.runUntil(dead.desk.take(dead.run(), 'mug'));
		expect(answer).toEqual({ kind: 'unusable', reason: 'The database is locked' });
		expect(dead.desk.isHeld('mug')).toBe(false);
		expect(await broken.clock.runUntil(dead.desk.look(dead.run(), ['mug']))).toEqual(new Set());
	});

	test('says when it is no longer needed', async () => {
		const { clock, processes, idle } = cluster(1);
		const [{ desk, run }] = processes;
		const only = run();
		await clock.runUntil(desk.take(only, 'mug'));
		await clock.advance(5_000);
		expect(idle()).toBe(0);
		desk.leave(only);
		await clock.advance(5_000);
		expect(idle()).toBe(1);
	});
});

import { chanceFrom, VirtualWorld } from './world';
import type { ProviderName } from '../../../../emulator';

/** How well results are noticed: what the checks cost, and how late they come. */
export interface Detection {
	tasks: number;
	/** Status checks per task. */
	polls: number;
	/** From a task's end to the answer that told of it, milliseconds. */
	meanLagMs: number;
	worstLagMs: number;
	/** polls x mean lag / (T/2). Checks at a fixed interval score 1 from the first second on, whatever the interval. */
	score: number;
}

/** Runs batches whose tasks take 0.5 to 1.5 times as long as is typical: chance picks within even steps, and the order. */
export async function measureDetection(
	name: ProviderName,
	{ typicalSeconds, size, seeds }: { typicalSeconds: number; size: number; seeds: number },
): Promise<Detection> {
	const lengths = evenlySpread(size * seeds);
	let [tasks, polls, lagMs, worstLagMs, lengthMs] = [0, 0, 0, 0, 0];
	for (let seed = 1; seed <= seeds; seed += 1) {
		const world = new VirtualWorld(name, {
			seed,
			concurrency: size,
			taskSeconds: ({ ordinal }) => typicalSeconds * (0.5 + lengths[(seed - 1) * size + ordinal - 1]),
		});
		const { outcomes } = await world.run(world.works(size, { typicalSeconds }));
		for (const { taskId, submittedAtMs, waitedMs } of outcomes) {
			const task = world.emulator.journal.task(taskId!)!;
			const ownLagMs = submittedAtMs + waitedMs - task.finishedAtMs!;
			tasks += 1;
			polls += task.polls;
			lagMs += ownLagMs;
			worstLagMs = Math.max(worstLagMs, ownLagMs);
			lengthMs += task.finishedAtMs! - task.createdAtMs;
		}
	}
	const meanLagMs = lagMs / tasks;
	return {
		tasks,
		polls: polls / tasks,
		meanLagMs,
		worstLagMs,
		score: ((polls / tasks) * meanLagMs) / (lengthMs / tasks / 2),
	};
}

/** Numbers in [0, 1), one from each of `count` equal parts, shuffled. */
function evenlySpread(count: number): number[] {
	const chance = chanceFrom(count);
	return Array.from({ length: count }, (_, index) => ({ value: (index + chance()) / count, place: chance() }))
		.sort((a, b) => a.place - b.place)
		.map(({ value }) => value);
}

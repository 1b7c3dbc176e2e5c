import type { BatchItem } from '../../lib/core/batch';
import type { Fault, ProviderName } from '../emulator';
import { promptOf, PROVIDERS, VirtualWorld } from '../unit/core/batch/virtual/world';
import { seconds, type Row } from './report';

/** What one item that cannot be ordered costs the others of its batch: nothing but its own video. */

const MINUTE_MS = 60_000;
const MAX_WAIT_MS = 30 * MINUTE_MS;
const COUNT = 20;
const SEEDS = 5;
/** What a call to the service takes: 0.1 to 0.7 s. */
const latencyMs = (_kind: unknown, random: () => number): number => 100 + 600 * random();

/** The rows of all bad neighbours. */
export async function neighbours(): Promise<Row[]> {
	return [
		await alwaysBusy(),
		await firewall('first', 0),
		await firewall('middle', COUNT / 2),
		await overloadedModel('1305'),
		await overloadedModel('1312'),
	];
}

interface Batch {
	works: BatchItem[];
	/** Items that the service never takes. */
	bad: number[];
	/** How it refuses their orders, for ever. */
	faults: Fault[];
}

interface Run {
	/** Good items that were delivered. */
	delivered: number;
	/** When the last of them was there, from the start. */
	deliveredMs: number;
	/** Bad items that ended in a trouble of their own, without a task. */
	told: number;
	created: number;
	/** Orders beyond the first of an item. */
	repeated: number;
	tookMs: number;
}

async function run(name: ProviderName, seed: number, batch: (world: VirtualWorld) => Batch): Promise<Run> {
	const world = new VirtualWorld(name, { latencyMs, seed, concurrency: COUNT });
	const { works, bad, faults } = batch(world);
	world.emulator.control.fault(
		...faults.map((fault) => ({ ...fault, provider: name, kind: 'submit', times: 'always' }) as const),
	);
	const startMs = world.clock.nowMs();
	let deliveredMs = 0;
	const { outcomes, tookMs } = await world.run(works, {
		maxWaitMs: MAX_WAIT_MS,
		finish: async (taskId) => {
			deliveredMs = world.clock.nowMs() - startMs;
			return await Promise.resolve({ result: taskId });
		},
	});
	const orders = world.requests('submit').map(({ body }) => JSON.stringify(body));
	const isBad = ({ work }: (typeof outcomes)[number]): boolean => bad.includes(work.itemIndex);
	return {
		delivered: outcomes.filter(
			(outcome) => !isBad(outcome) && outcome.result !== undefined && outcome.failure === undefined,
		).length,
		deliveredMs,
		told: outcomes.filter((outcome) => isBad(outcome) && outcome.failure !== undefined && outcome.taskId === undefined)
			.length,
		created: world.counts.created,
		repeated: orders.length - new Set(orders).size,
		tookMs,
	};
}

async function everySeed(
	names: readonly ProviderName[],
	work: (name: ProviderName, seed: number) => Promise<Run>,
): Promise<Run[]> {
	const runs: Run[] = [];
	for (const name of names) for (let seed = 1; seed <= SEEDS; seed += 1) runs.push(await work(name, seed));
	return runs;
}

const fewest = (runs: readonly Run[], figure: keyof Run): number => Math.min(...runs.map((each) => each[figure]));
const most = (runs: readonly Run[], figure: keyof Run): number => Math.max(...runs.map((each) => each[figure]));

/** A full account, in each service's words. */
const BUSY: Record<ProviderName, Fault> = {
	vidu: { do: 'status', status: 429, code: 'QuotaExceeded' },
	zhipu: { do: 'status', status: 429, code: '1302' },
	vtrix: { do: 'status', status: 429 },
};

async function alwaysBusy(): Promise<Row> {
	const runs = await everySeed(
		PROVIDERS,
		async (name, seed) =>
			await run(name, seed, (world) => ({
				works: world.works(COUNT),
				bad: [0],
				faults: [{ ...BUSY[name], contains: promptOf(0) }],
			})),
	);
	const others = COUNT - 1;
	const endedMs = runs.map(({ tookMs }) => tookMs);
	return {
		what: `The first of ${COUNT} items answered 429 for ever, each service`,
		target: `${others} delivered; the one ends by itself after its limit of ${seconds(MAX_WAIT_MS)}`,
		measured: `${fewest(runs, 'delivered')} delivered within ${seconds(most(runs, 'deliveredMs'))}; the one ends after ${seconds(Math.min(...endedMs))} to ${seconds(Math.max(...endedMs))}`,
		// an order that is on its way at the limit may still be answered, and pauses end at most a minute after it
		ok: runs.every(
			({ delivered, told, created, tookMs }) =>
				delivered === others &&
				told === 1 &&
				created === others &&
				tookMs >= MAX_WAIT_MS &&
				tookMs <= MAX_WAIT_MS + 2 * MINUTE_MS,
		),
	};
}

/** Firewalls before a service refuse some texts with a page of their own; that says nothing of the key. */
async function firewall(place: string, item: number): Promise<Row> {
	const runs = await everySeed(
		PROVIDERS,
		async (name, seed) =>
			await run(name, seed, (world) => ({
				works: world.works(COUNT),
				bad: [item],
				faults: [{ do: 'status', status: 403, html: true, contains: promptOf(item) }],
			})),
	);
	const others = COUNT - 1;
	return {
		what: `The ${place} of ${COUNT} items answered with a firewall's page (403, HTML), each service`,
		target: `${others} delivered, 0 extra orders`,
		measured: `${fewest(runs, 'delivered')} delivered, ${most(runs, 'repeated')} extra order${most(runs, 'repeated') === 1 ? '' : 's'}`,
		ok: runs.every(
			({ delivered, told, created, repeated }) =>
				delivered === others && told === 1 && created === others && repeated === 0,
		),
	};
}

/** Zhipu's 1305 and 1312 speak of the model, not of the account (https://docs.bigmodel.cn/cn/faq/api-code). */
async function overloadedModel(code: string): Promise<Row> {
	const isGood = ({ itemIndex }: BatchItem): boolean => itemIndex % 2 === 1;
	/** Every other item is for the overloaded model, the first of all among them. */
	const mixed = (world: VirtualWorld): BatchItem[] =>
		world.works(COUNT).map((work) => {
			const model = isGood(work) ? 'cogvideox-2' : 'cogvideox-3';
			const { request } = work.job!;
			return { ...work, job: { ...work.job!, model, request: { ...request!, body: { ...request!.body, model } } } };
		});
	const together = await everySeed(
		['zhipu'],
		async (name, seed) =>
			await run(name, seed, (world) => {
				const works = mixed(world);
				const bad = works.filter((work) => !isGood(work)).map(({ itemIndex }) => itemIndex);
				return { works, bad, faults: [{ do: 'status', status: 429, code, contains: 'cogvideox-3' }] };
			}),
	);
	const alone = await everySeed(
		['zhipu'],
		async (name, seed) =>
			await run(name, seed, (world) => ({ works: mixed(world).filter(isGood), bad: [], faults: [] })),
	);
	const limitMs = 1.25 * most(alone, 'deliveredMs');
	const half = COUNT / 2;
	return {
		what: `${half} items for a model that Zhipu calls overloaded (${code}) for ever, among ${half} for another`,
		target: `${half} delivered within ${seconds(limitMs)}: alone they take ${seconds(most(alone, 'deliveredMs'))}`,
		measured: `${fewest(together, 'delivered')} delivered within ${seconds(most(together, 'deliveredMs'))}`,
		ok: together.every(
			({ delivered, told, created, deliveredMs }) =>
				delivered === half && told === half && created === half && deliveredMs <= limitMs,
		),
	};
}

import type { ProviderName, WhenFull } from '../emulator';
import { VirtualWorld, chanceFrom, type VirtualRun } from '../unit/core/batch/virtual/world';
import { seconds, targetTable, type Row, type Table } from './report';

/** Many runs and one account: lib/core with the real adapters against the emulator, on one virtual clock. */

const MINUTE_MS = 60_000;
const SEEDS = 5;
/** What a call to the service takes: 0.1 to 0.7 s. */
const latencyMs = (_kind: unknown, random: () => number): number => 100 + 600 * random();

interface Kind {
	name: ProviderName;
	whenFull: WhenFull;
}
const QUEUES: readonly Kind[] = [{ name: 'vidu', whenFull: 'queue' }];
const REFUSES: readonly Kind[] = [
	{ name: 'vidu', whenFull: 'refuse' },
	{ name: 'zhipu', whenFull: 'refuse' },
	{ name: 'vtrix', whenFull: 'refuse' },
];

interface Scenario {
	tier: number;
	/** Items of each run of one process. */
	runs: readonly number[];
	processes?: number;
	kinds: readonly Kind[];
}

interface Measured {
	delivered: number;
	/** From the start until the last is there, as a share of what the tier allows. */
	timeShare: number;
	requestsPerVideo: number;
	refusedPerVideo: number;
	mostInOneSecond: number;
	runs: VirtualRun[];
	/** Of the processor. */
	usedMs: number;
}

const deliveredOf = ({ outcomes }: VirtualRun): number =>
	outcomes.filter(({ report, failure }) => report?.state === 'succeeded' && failure === undefined).length;

const times = (count: number, items: number): number[] => Array<number>(count).fill(items);

async function play(
	{ tier, runs, processes = 1 }: Scenario,
	{ name, whenFull }: Kind,
	seed: number,
): Promise<Measured> {
	const world = new VirtualWorld(name, { concurrency: tier, whenFull, latencyMs, seed });
	const cpu = process.cpuUsage();
	let videos = 0;
	const started = Array.from({ length: processes }, () => world.newPool()).flatMap((pool, index) =>
		runs.map(async (count, run) => {
			const works = Array.from({ length: count }, (_, item) => world.work(videos + item));
			videos += count;
			return await world.start(works, { pool, execution: `${index}-${run}` });
		}),
	);
	const done = await world.clock.runUntil(Promise.all(started));
	const { user, system } = process.cpuUsage(cpu);
	return {
		delivered: done.reduce((sum, run) => sum + deliveredOf(run), 0),
		timeShare: Math.max(...done.map(({ tookMs }) => tookMs)) / (Math.ceil(videos / tier) * MINUTE_MS),
		requestsPerVideo: world.emulator.journal.requests.filter(({ provider }) => provider === name).length / videos,
		refusedPerVideo: world.requests('submit').filter(({ status }) => status === 429).length / videos,
		mostInOneSecond: world.mostInOneSecond,
		runs: done,
		usedMs: (user + system) / 1000,
	};
}

async function playAll(scenario: Scenario): Promise<Measured[]> {
	const all: Measured[] = [];
	for (const kind of scenario.kinds)
		for (let seed = 1; seed <= SEEDS; seed += 1) all.push(await play(scenario, kind, seed));
	return all;
}

const least = (all: readonly Measured[], figure: 'delivered'): number => Math.min(...all.map((each) => each[figure]));
const most = (
	all: readonly Measured[],
	figure: 'timeShare' | 'requestsPerVideo' | 'refusedPerVideo' | 'mostInOneSecond',
): number => Math.max(...all.map((each) => each[figure]));

async function oneRun(videos: number, tier: number, kinds: readonly Kind[], which: string): Promise<Row> {
	const all = await playAll({ tier, runs: [videos], kinds });
	const [delivered, share, requests] = [least(all, 'delivered'), most(all, 'timeShare'), most(all, 'requestsPerVideo')];
	return {
		what: `One run of ${videos}, tier ${tier}, ${which}: delivered / time ÷ bound / requests per video`,
		target: `${videos} / ≤ 1.05 / ≤ 10`,
		measured: `${delivered} / ${share.toFixed(3)} / ${requests.toFixed(1)}`,
		ok: delivered === videos && share <= 1.05 && requests <= 10,
	};
}

async function manyRuns(): Promise<Row[]> {
	const all = await playAll({ tier: 5, runs: times(500, 1), kinds: [...QUEUES, ...REFUSES] });
	const [delivered, share, refused] = [least(all, 'delivered'), most(all, 'timeShare'), most(all, 'refusedPerVideo')];
	const inOneSecond = most(all, 'mostInOneSecond');
	return [
		{
			what: '500 executions of one item, tier 5, any service: delivered / time ÷ bound',
			target: '500 / ≤ 1.05',
			measured: `${delivered} / ${share.toFixed(3)}`,
			ok: delivered === 500 && share <= 1.05,
		},
		{
			what: '… orders refused per video',
			target: '≤ 0.05',
			measured: refused.toFixed(3),
			ok: refused <= 0.05,
		},
		{ what: '… most requests in any second', target: '≤ 10', measured: String(inOneSecond), ok: inOneSecond <= 10 },
	];
}

async function smallBesideLarge(): Promise<Row> {
	const runs = [300, ...times(60, 3)];
	const all = await playAll({ tier: 5, runs, kinds: [...QUEUES, ...REFUSES] });
	const longestMs = Math.max(...all.flatMap(({ runs: done }) => done.slice(1).map(({ tookMs }) => tookMs)));
	// with equal turns three items are through once every run has had three
	const fairMs = ((3 * runs.length) / 5) * MINUTE_MS;
	return {
		what: '60 executions of 3 items beside a run of 300, tier 5: longest wait of a small one',
		target: `≤ 2 × its fair share of ${seconds(fairMs)}`,
		measured: `${seconds(longestMs)} (${(longestMs / fairMs).toFixed(2)} ×), ${least(all, 'delivered')} of 480 delivered`,
		ok: longestMs <= 2 * fairMs && least(all, 'delivered') === 480,
	};
}

async function fourProcesses(): Promise<Row> {
	const all = await playAll({ tier: 5, runs: times(50, 1), processes: 4, kinds: REFUSES });
	const [delivered, share, refused] = [least(all, 'delivered'), most(all, 'timeShare'), most(all, 'refusedPerVideo')];
	return {
		what: '4 processes × 50 executions of one item, tier 5, a service that refuses: delivered / time ÷ bound / refused per video',
		target: '200 / ≤ 1.15 / ≤ 1',
		measured: `${delivered} / ${share.toFixed(3)} / ${refused.toFixed(2)}`,
		ok: delivered === 200 && share <= 1.15 && refused <= 1,
	};
}

/** Twenty tasks have ended within 15 % of each other, half as long or half as long again as the catalogue says. */
async function learnedDetection(): Promise<Row> {
	const scores: number[] = [];
	for (const factor of [0.5, 1.5])
		for (const typicalSeconds of [60, 90, 150, 300, 600])
			for (const size of [1, 5, 30]) scores.push(await detectionAfterTwenty(factor, typicalSeconds, size));
	const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
	return {
		what: 'Detection once the pool has learned (20 ended within ± 15 %, the catalogue off by half): checks × mean lag ÷ (T/2)',
		target: '≤ 0.25',
		measured: `${mean.toFixed(2)}, worst case ${Math.max(...scores).toFixed(2)}`,
		ok: mean <= 0.25,
	};
}

async function detectionAfterTwenty(factor: number, typicalSeconds: number, size: number): Promise<number> {
	const chance = chanceFrom(7);
	const world = new VirtualWorld('zhipu', {
		concurrency: 30,
		taskSeconds: () => typicalSeconds * factor * (0.85 + 0.3 * chance()),
	});
	const pool = world.newPool();
	await world.run(world.works(20, { typicalSeconds }), { pool });
	let [tasks, polls, lagMs, lengthMs] = [0, 0, 0, 0];
	for (let round = 0; round < 120 / size; round += 1) {
		const works = Array.from({ length: size }, (_, item) => world.work(100 + round * size + item, { typicalSeconds }));
		const { outcomes } = await world.run(works, { pool });
		for (const { taskId, submittedAtMs, waitedMs } of outcomes) {
			const task = world.emulator.journal.task(taskId!)!;
			tasks += 1;
			polls += task.polls;
			lagMs += submittedAtMs + waitedMs - task.finishedAtMs!;
			lengthMs += task.finishedAtMs! - task.createdAtMs;
		}
	}
	return ((polls / tasks) * (lagMs / tasks)) / (lengthMs / tasks / 2);
}

/** One account moves, the other has tasks that never end. */
async function besideOneThatHangs(): Promise<Row> {
	const waits: Array<{ hungMs: number; movingMs: number; delivered: number }> = [];
	for (const { name, whenFull } of [...QUEUES, ...REFUSES]) {
		const world = new VirtualWorld(name, { concurrency: 5, whenFull, latencyMs });
		const other = new VirtualWorld(name, { concurrency: 5, whenFull, latencyMs });
		other.emulator.control.fault({ do: 'stickTask', at: 'processing', times: 'always' });
		const moving = await world.run(world.works(100), { pool: world.newPool() });
		const hung = await other.run(other.works(100), { pool: other.newPool() });
		waits.push({ hungMs: hung.tookMs, movingMs: moving.tookMs, delivered: deliveredOf(moving) });
	}
	const hungMs = Math.max(...waits.map((wait) => wait.hungMs));
	const movingMs = Math.max(...waits.map((wait) => wait.movingMs));
	return {
		what: 'An account whose tasks never end, Max Wait 30 min, and one that moves, 100 items each: ends after / the other after',
		target: '≤ 35 min / ≤ 1.06 × 20 min',
		measured: `${(hungMs / MINUTE_MS).toFixed(1)} min / ${(movingMs / MINUTE_MS).toFixed(1)} min`,
		ok:
			hungMs <= 35 * MINUTE_MS &&
			movingMs <= 1.06 * 20 * MINUTE_MS &&
			waits.every(({ delivered }) => delivered === 100),
	};
}

/** What the engine costs does not grow faster than the items. */
async function engineSpeed(): Promise<Row> {
	const usedPerItem: number[] = [];
	for (const videos of [200, 200, 2_000, 10_000]) {
		const { usedMs } = await play({ tier: 100, runs: [videos], kinds: QUEUES }, QUEUES[0], 1);
		usedPerItem.push(usedMs / videos);
	}
	// the first warms the machine up
	const [, few, many, most10] = usedPerItem;
	const worst = Math.max(many, most10) / few;
	return {
		what: 'Processor time per item in runs of 2,000 and 10,000, against 200, emulator included',
		target: '≤ 1.5 ×',
		measured: `${few.toFixed(2)} ms, ${many.toFixed(2)} ms, ${most10.toFixed(2)} ms (${worst.toFixed(2)} ×)`,
		ok: worst <= 1.5,
	};
}

export async function measureAccount(_folder: string, say: (line: string) => void): Promise<Table> {
	const rows: Row[] = [];
	const measures = [
		async () => await oneRun(500, 5, QUEUES, 'a service that lets orders stand in line'),
		async () => await oneRun(2_000, 30, [...QUEUES, ...REFUSES], 'any service'),
		manyRuns,
		smallBesideLarge,
		fourProcesses,
		learnedDetection,
		besideOneThatHangs,
		engineSpeed,
	];
	for (const measure of measures)
		for (const row of [await measure()].flat()) {
			rows.push(row);
			say(`  ${row.what}: ${row.measured}${row.ok ? '' : `  (target ${row.target})`}`);
		}
	return targetTable(
		'One account, many runs',
		[
			`One-minute videos, a tier the node does not know, calls of 0.1–0.7 s, ${SEEDS} seeds, the worst counts. The bound is the videos divided by the tier, in minutes.`,
		],
		rows,
	);
}

import type { VirtualRun } from '../unit/core/batch/virtual/world';
import { VirtualWorld } from '../unit/core/batch/virtual/world';
import type { ProviderName, WhenFull } from '../emulator';
import { seconds, targetTable, trim, type Row, type Table } from './report';

/** Many runs and one account: what its pool makes of them. */

const MINUTE_MS = 60_000;
const SEEDS = 5;
/** What a call to the service takes: 0.1 to 0.7 s. */
const latencyMs = (_kind: unknown, random: () => number): number => 100 + 600 * random();

/** How a service behaves when its account is full. */
const KINDS: ReadonlyArray<{ name: ProviderName; whenFull: WhenFull }> = [
	{ name: 'vidu', whenFull: 'queue' },
	{ name: 'vidu', whenFull: 'refuse' },
	{ name: 'zhipu', whenFull: 'refuse' },
];

interface Scenario {
	tier: number;
	/** Items of each run of one process. */
	runs: number[];
	processes?: number;
	kinds?: typeof KINDS;
	seeds?: number;
}

interface Measured {
	delivered: number;
	/** From the start until the last is there, as a share of what the tier allows. */
	timeShare: number;
	requestsPerVideo: number;
	refusedPerVideo: number;
	mostInOneSecond: number;
	runs: VirtualRun[];
	cpuMs: number;
}

const deliveredOf = ({ outcomes }: VirtualRun): number =>
	outcomes.filter(({ report, failure }) => report?.state === 'succeeded' && failure === undefined).length;

async function measure({ tier, runs, processes = 1, kinds = KINDS, seeds = SEEDS }: Scenario): Promise<Measured[]> {
	const measured: Measured[] = [];
	for (const { name, whenFull } of kinds)
		for (let seed = 1; seed <= seeds; seed += 1) {
			const world = new VirtualWorld(name, { concurrency: tier, whenFull, latencyMs, seed });
			const cpu = process.cpuUsage();
			let first = 0;
			const all = Array.from({ length: processes }, () => world.newPool()).flatMap((pool, process) =>
				runs.map(async (count, run) => {
					const works = Array.from({ length: count }, (_, index) => world.work(first + index));
					first += count;
					return await world.start(works, { pool, execution: `${process}-${run}` });
				}),
			);
			const done = await world.clock.runUntil(Promise.all(all));
			const { user, system } = process.cpuUsage(cpu);
			const videos = first;
			const tookMs = Math.max(...done.map((run) => run.tookMs));
			measured.push({
				delivered: done.reduce((sum, run) => sum + deliveredOf(run), 0),
				timeShare: tookMs / (Math.ceil(videos / tier) * MINUTE_MS),
				requestsPerVideo: world.emulator.journal.requests.filter(({ provider }) => provider === name).length / videos,
				refusedPerVideo: world.requests('submit').filter(({ status }) => status === 429).length / videos,
				mostInOneSecond: world.mostInOneSecond,
				runs: done,
				cpuMs: (user + system) / 1000,
			});
		}
	return measured;
}

const worst = (all: readonly Measured[]) => ({
	delivered: Math.min(...all.map(({ delivered }) => delivered)),
	timeShare: Math.max(...all.map(({ timeShare }) => timeShare)),
	requestsPerVideo: Math.max(...all.map(({ requestsPerVideo }) => requestsPerVideo)),
	refusedPerVideo: Math.max(...all.map(({ refusedPerVideo }) => refusedPerVideo)),
	mostInOneSecond: Math.max(...all.map(({ mostInOneSecond }) => mostInOneSecond)),
	longestMs: Math.max(...all.flatMap(({ runs }) => runs.map(({ tookMs }) => tookMs))),
});

export { measure, worst };
void seconds;
void targetTable;
void trim;
export type { Row, Table };

import type { Fault, ProviderName } from '../emulator';
import { measureDetection, type Detection } from '../unit/core/batch/virtual/detection';
import { chanceFrom, PROVIDERS, VirtualWorld, type VirtualRun } from '../unit/core/batch/virtual/world';
import type { LedgerEntry } from '../../lib/core/batch/ledger';
import { initBinaryData } from './engine';
import { neighbours } from './neighbours';
import { play } from './peers/scenario';
import { thisPackage } from './peers/contestants';
import { seconds, targetTable, trim, type Row, type Table } from './report';

/** The engine of lib/core with the real adapters against the strict emulator, all on one virtual clock. */

const MINUTE_MS = 60_000;
const SEEDS = 5;
/** What a call to the service takes: 0.1 to 0.7 s. */
const latencyMs = (_kind: unknown, random: () => number): number => 100 + 600 * random();

export async function measureBatch(folder: string, say: (line: string) => void): Promise<Table> {
	await initBinaryData();
	const rows: Row[] = [];
	const measures = [
		fiveVideos,
		async () => await hundredVideos(5),
		async () => await hundredVideos(30),
		detection,
		pollFaults,
		async () => await outage(60),
		async () => await outage(180),
		async () => await retryOnFail(folder, 'throw'),
		async () => await retryOnFail(folder, 'continue'),
		async () => await retryButton(folder),
		unknownOutcomes,
		busy,
		neighbours,
		noCredit,
		stop,
		async () => await errorOutput(folder),
		maxVideos,
		maxCredits,
		fiveHundred,
	];
	for (const measure of measures)
		for (const row of [await measure()].flat()) {
			rows.push(row);
			say(`  ${row.what}: ${row.measured}${row.ok ? '' : `  (target ${row.target})`}`);
		}
	return targetTable(
		'The batch engine',
		[
			`lib/core with the real adapters of Vidu, Zhipu and Vtrix against the strict emulator in process, on a virtual clock: hours of waiting take seconds. A figure is the worst of the three services and of ${SEEDS} seeds where it does not say otherwise; every call takes 0.1–0.7 s. Retry On Fail, the Retry button and the Error output run the compiled Vidu node in n8n-core's engine.`,
			'Detection is the figure of the side-by-side table below: checks × mean lag ÷ (T/2), with task times spread evenly over 0.5–1.5 × the typical time and a service that answers at once. A fixed interval scores 1.0 whatever its length. With more than some 130 tasks under way at once, nine requests a second cannot ask each of them within 15 s: the longest lag then grows with their number, to about 50 s for 500.',
		],
		rows,
	);
}

const isDelivered = ({ report, failure }: VirtualRun['outcomes'][number]): boolean =>
	report?.state === 'succeeded' && failure === undefined;

const deliveredOf = ({ outcomes }: VirtualRun): number => outcomes.filter(isDelivered).length;

/** Runs `work` for every service and seed. */
async function everywhere<T>(work: (name: ProviderName, seed: number) => Promise<T>): Promise<T[]> {
	const results: T[] = [];
	for (const name of PROVIDERS) for (let seed = 1; seed <= SEEDS; seed += 1) results.push(await work(name, seed));
	return results;
}

async function fiveVideos(): Promise<Row> {
	const runs = await everywhere(async (name, seed) => {
		const world = new VirtualWorld(name, { concurrency: 5, whenFull: 'refuse', latencyMs, seed });
		const run = await world.run(world.works(5));
		return { tookMs: run.tookMs, isWhole: deliveredOf(run) === 5 && world.counts.created === 5 };
	});
	const worstMs = Math.max(...runs.map(({ tookMs }) => tookMs));
	return {
		what: '5 one-minute tasks, free tier',
		target: '≤ 66 s',
		measured: seconds(worstMs),
		ok: worstMs <= 66_000 && runs.every(({ isWhole }) => isWhole),
	};
}

async function hundredVideos(tier: number): Promise<Row> {
	const limitMs = 1.1 * Math.ceil(100 / tier) * MINUTE_MS;
	const runs = await everywhere(async (name, seed) => {
		const world = new VirtualWorld(name, { concurrency: tier, whenFull: 'refuse', latencyMs, seed });
		const run = await world.run(world.works(100));
		return { tookMs: run.tookMs, isWhole: deliveredOf(run) === 100 && world.counts.created === 100 };
	});
	const worstMs = Math.max(...runs.map(({ tookMs }) => tookMs));
	return {
		what: `100 one-minute tasks, account tier ${tier}, unknown to the node`,
		target: `≤ ${seconds(limitMs)}`,
		measured: seconds(worstMs),
		ok: worstMs <= limitMs && runs.every(({ isWhole }) => isWhole),
	};
}

async function detection(): Promise<Row[]> {
	const measured: Array<Detection & { size: number }> = [];
	for (const size of [1, 5, 30])
		for (const [name, typicalSeconds] of [
			['vidu', 40],
			['zhipu', 60],
			['vtrix', 90],
			['vidu', 150],
			['zhipu', 300],
			['vtrix', 600],
		] as const)
			measured.push({ size, ...(await measureDetection(name, { typicalSeconds, size, seeds: 600 / size })) });
	const mean = (size: number) => {
		const own = measured.filter((each) => each.size === size);
		return own.reduce((sum, { score }) => sum + score, 0) / own.length;
	};
	const scores = [mean(1), mean(5), mean(30)];
	const worst = measured.reduce((most, each) => (each.score > most.score ? each : most));
	const worstLagMs = Math.max(...measured.map(({ worstLagMs: own }) => own));
	return [
		{
			what: 'Detection: checks × mean lag ÷ (T/2), for 1 / 5 / 30 tasks at a time, mean over T = 40, 60, 90, 150, 300 and 600 s',
			target: '≤ 0.5',
			measured: `${scores.map((score) => score.toFixed(2)).join(' / ')}; worst single case ${worst.score.toFixed(2)} (${trim(worst.polls)} checks, ${seconds(worst.meanLagMs)} late)`,
			ok: scores.every((score) => score <= 0.5),
		},
		{ what: 'Detection: longest lag', target: '≤ 15 s', measured: seconds(worstLagMs), ok: worstLagMs <= 15_000 },
	];
}

/** Bad answers to a status check. */
const POLL_FAULTS: readonly Fault[] = [
	{ do: 'status', status: 429 },
	{ do: 'status', status: 429, retryAfter: 10 },
	{ do: 'status', status: 500 },
	{ do: 'status', status: 502, html: true },
	{ do: 'status', status: 503, retryAfter: 10 },
	{ do: 'status', status: 200, html: true },
	{ do: 'resetBefore' },
	{ do: 'resetAfter' },
	{ do: 'hang' },
	{ do: 'garble' },
	{ do: 'okWithError' },
	{ do: 'unknownStatus', word: 'polishing' },
];

async function pollFaults(): Promise<Row> {
	let tried = 0;
	let survived = 0;
	let worstMs = 0;
	for (const name of PROVIDERS)
		for (const fault of POLL_FAULTS) {
			const world = new VirtualWorld(name, { latencyMs });
			world.emulator.control.fault({ ...fault, provider: name, kind: 'ask', nth: 2 });
			const run = await world.run(world.works(1));
			tried += 1;
			if (deliveredOf(run) === 1 && world.counts.created === 1) survived += 1;
			worstMs = Math.max(worstMs, run.tookMs);
		}
	return {
		what: 'One bad status check: 429, 500, 502, 503, HTML page, reset, hang, broken JSON, error in a 200, unknown word; each service',
		target: 'all survive',
		measured: `${survived} of ${tried}, done after ${seconds(worstMs)} at worst (the hang)`,
		ok: survived === tried,
	};
}

async function outage(outageSeconds: number): Promise<Row> {
	const runs: Array<{ delivered: number; created: number; noticedMs: number }> = [];
	for (const how of ['503', 'refuse'] as const)
		runs.push(
			...(await everywhere(async (name, seed) => {
				const world = new VirtualWorld(name, { concurrency: 20, latencyMs, seed });
				const beginMs = world.clock.nowMs() + 40_000;
				world.clock.setTimer(40_000, () =>
					world.emulator.control.outage({ target: name, seconds: outageSeconds, how }),
				);
				const run = await world.run(world.works(20));
				return {
					delivered: deliveredOf(run),
					created: world.counts.created,
					noticedMs: run.endedAtMs - (beginMs + outageSeconds * 1000),
				};
			})),
		);
	const fewest = Math.min(...runs.map(({ delivered }) => delivered));
	const lateMs = Math.max(...runs.map(({ noticedMs }) => noticedMs));
	return {
		what: `${outageSeconds} s outage while waiting (503, or nobody listening), 20 items`,
		target: '20 delivered, 20 ordered',
		measured: `${fewest} delivered, ${Math.max(...runs.map(({ created }) => created))} ordered; all there ${seconds(lateMs)} after its end at the latest`,
		ok: fewest === 20 && runs.every(({ created }) => created === 20),
	};
}

async function retryOnFail(folder: string, mode: 'throw' | 'continue'): Promise<Row> {
	const onError = mode === 'throw' ? 'stopWorkflow' : 'continueRegularOutput';
	const { open } = thisPackage(folder);
	const paid: number[] = [];
	for (const refused of [0, 1, 2]) {
		const scenario = open();
		scenario.refuseContent(refused);
		await play(scenario, { count: 3, maxTries: 3, onError });
		paid.push(scenario.tasks().length);
	}
	return {
		what: `Retry On Fail, ${mode} mode, 3 items, the first / second / third refused for its content: paid submissions over all tries`,
		target: '3',
		measured: paid.join(' / '),
		ok: paid.every((count) => count === 3),
	};
}

async function retryButton(folder: string): Promise<Row> {
	const scenario = thisPackage(folder).open({ taskSeconds: (ordinal) => (ordinal === 2 ? 200 : 60) });
	const parameters = { limits: { maxWaitMinutes: 2 } };
	const first = await play(scenario, { count: 3, parameters });
	await scenario.clock.advance(3 * MINUTE_MS);
	const second = await play(scenario, { count: 3, parameters, retryOf: first.run.data, executionId: '2' });
	const ordered = scenario.tasks().length;
	const items = second.run.error ? 0 : second.run.items.length;
	return {
		what: "n8n's Retry button after a run of 3 that waited too short for one",
		target: '0 new tasks, 3 videos',
		measured: `${ordered - 3} new tasks, ${items} videos`,
		ok: first.run.error !== undefined && ordered === 3 && items === 3,
	};
}

/** Answers to an order that leave open whether it was taken. */
const LOST_ANSWERS: readonly Fault[] = [
	{ do: 'resetAfter' },
	{ do: 'hang', handled: true },
	{ do: 'hang' },
	{ do: 'status', status: 500, handled: true },
	{ do: 'status', status: 502, html: true, handled: true },
	{ do: 'status', status: 503, handled: true },
	{ do: 'status', status: 504, html: true, handled: true },
	{ do: 'garble' },
];

async function unknownOutcomes(): Promise<Row> {
	let tried = 0;
	let repeated = 0;
	let reported = 0;
	for (const name of PROVIDERS)
		for (const fault of LOST_ANSWERS) {
			const world = new VirtualWorld(name, { latencyMs });
			world.emulator.control.fault({ ...fault, provider: name, kind: 'submit' });
			const entries: Record<string, LedgerEntry> = {};
			tried += 1;
			for (let again = 0; again < 3; again += 1) {
				const { outcomes } = await world.run(world.works(1), { entries });
				if (again === 2 && outcomes[0].failure?.kind === 'outcomeUnknown') reported += 1;
			}
			if (world.counts.submits > 1) repeated += 1;
		}
	return {
		what: 'Order answered by time-out, reset, 5xx or half an answer, 3 tries, each service',
		target: 'never repeated, reported as unknown',
		measured: `repeated ${repeated} of ${tried}, reported ${reported} of ${tried}`,
		ok: repeated === 0 && reported === tried,
	};
}

const BUSY: Record<ProviderName, Fault> = {
	vidu: { do: 'status', status: 429, code: 'QuotaExceeded' },
	zhipu: { do: 'status', status: 429, code: '1302' },
	vtrix: { do: 'status', status: 429 },
};

async function busy(): Promise<Row> {
	const runs = await everywhere(async (name, seed) => {
		const world = new VirtualWorld(name, { latencyMs, seed, concurrency: 20 });
		world.emulator.control.fault({ ...BUSY[name], provider: name, kind: 'submit', times: 3, retryAfter: 12 } as Fault);
		const run = await world.run(world.works(5));
		const orders = world.requests('submit').filter(({ status }) => status === 429);
		const all = world.requests('submit');
		const pausesMs = orders.map((order) => (all.find(({ n }) => n > order.n)?.atMs ?? Infinity) - order.atMs);
		return { delivered: deliveredOf(run), created: world.counts.created, pauseMs: Math.min(...pausesMs) };
	});
	const fewest = Math.min(...runs.map(({ delivered }) => delivered));
	const pauseMs = Math.min(...runs.map((run) => run.pauseMs));
	return {
		what: 'Order refused as busy three times, Retry-After 12 s, 5 items',
		target: '5 delivered, pauses ≥ 12 s',
		measured: `${fewest} delivered, shortest pause ${seconds(pauseMs)}`,
		ok: fewest === 5 && pauseMs >= 12_000 && runs.every(({ created }) => created === 5),
	};
}

async function noCredit(): Promise<Row> {
	const runs = await everywhere(async (name, seed) => {
		const world = new VirtualWorld(name, { latencyMs, seed, credits: 0 });
		const { outcomes } = await world.run(world.works(200));
		return { submits: world.counts.submits, kinds: new Set(outcomes.map(({ failure }) => failure?.diagnosis?.kind)) };
	});
	const most = Math.max(...runs.map(({ submits }) => submits));
	return {
		what: 'Key without credit, 200 items',
		target: '≤ 5 submissions, one reason',
		measured: `${most} submission${most === 1 ? '' : 's'}, one reason`,
		ok: most <= 5 && runs.every(({ kinds }) => kinds.size === 1 && kinds.has('balance')),
	};
}

async function stop(): Promise<Row> {
	const chance = chanceFrom(2);
	let worstMs = 0;
	let late = 0;
	let queued = 0;
	let cancelled = 0;
	let gone = 0;
	const runs = 60;
	for (const name of PROVIDERS)
		for (let round = 0; round < runs; round += 1) {
			const world = new VirtualWorld(name, {
				seed: round + 1,
				latencyMs,
				concurrency: 5,
				...(name === 'vidu' ? { whenFull: 'queue' } : {}),
			});
			const stopAfterMs = 100_000 * chance() ** 2;
			let waiting: string[] = [];
			world.clock.setTimer(stopAfterMs, () => {
				waiting = world.tasks.filter(({ state }) => state === 'created' || state === 'queueing').map(({ id }) => id);
			});
			const { startedAtMs, endedAtMs } = await world.run(world.works(20), { stopAfterMs });
			const stoppedAtMs = startedAtMs + stopAfterMs;
			await world.clock.advance(10_000);
			worstMs = Math.max(worstMs, endedAtMs - stoppedAtMs);
			late += world.requests('submit').filter(({ atMs }) => atMs > stoppedAtMs).length;
			if (name !== 'vidu') continue;
			const queuedThen = world.tasks.filter(({ id }) => waiting.includes(id));
			queued += queuedThen.length;
			cancelled += queuedThen.filter(({ cancelled: own }) => own).length;
			// running by the time the call arrived, as one that waited half a second for its turn may be
			gone += queuedThen.filter(({ cancelled: own, startedAtMs: ran }) => !own && ran! <= stoppedAtMs + 2_000).length;
		}
	return {
		what: `Stop at ${runs} random moments of a run of 20, each service`,
		target: 'ends ≤ 1 s, 0 new tasks, queued Vidu tasks cancelled',
		measured: `ends after ${seconds(worstMs)} at worst, ${late} orders after Stop, ${cancelled} of ${queued} queued cancelled (${gone} began to run before the call arrived)`,
		ok: worstMs <= 1_000 && late === 0 && cancelled + gone === queued,
	};
}

async function errorOutput(folder: string): Promise<Row> {
	const scenario = thisPackage(folder).open();
	scenario.refuseContent(1);
	const { run } = await play(scenario, { count: 3, onError: 'continueErrorOutput' });
	const [failed] = run.failed;
	const details = failed?.json.details as { taskId?: string } | undefined;
	const pairs = failed?.pairedItem as { item: number } | undefined;
	const isThere = run.failed.length === 1 && run.items.length === 2;
	const isNamed = details?.taskId === scenario.tasks()[1].id;
	return {
		what: 'Failed item under "Continue (using error output)"',
		target: 'on the Error output, task id in details, paired',
		measured: `${isThere ? 'on the Error output' : 'wrong output'}, ${isNamed ? 'task id in details' : 'no task id'}, ${pairs?.item === 1 ? 'paired' : 'not paired'}`,
		ok: isThere && isNamed && pairs?.item === 1,
	};
}

async function maxVideos(): Promise<Row> {
	const runs = await everywhere(async (name, seed) => {
		const world = new VirtualWorld(name, { latencyMs, seed, concurrency: 20 });
		const { outcomes } = await world.run(world.works(20), { maxVideos: 7 });
		return {
			created: world.counts.created,
			told: outcomes.filter(({ failure }) => failure?.kind === 'notStarted').length,
		};
	});
	return {
		what: 'maxVideos 7, 20 items',
		target: '7 started, 13 reported as not started',
		measured: `${Math.max(...runs.map(({ created }) => created))} started, ${Math.min(...runs.map(({ told }) => told))} reported`,
		ok: runs.every(({ created, told }) => created === 7 && told === 13),
	};
}

async function maxCredits(): Promise<Row> {
	const price = 55;
	const run = async (count: number, settings: { maxCredits?: number }) => {
		const world = new VirtualWorld('vidu', { latencyMs, concurrency: 20 });
		const works = world.works(count).map((work) => ({ ...work, job: { ...work.job!, price: { credits: price } } }));
		const { outcomes, tookMs } = await world.run(works, settings);
		return { ...world.counts, tookMs, told: outcomes.filter(({ failure }) => failure?.kind === 'notStarted').length };
	};
	const capped = await run(20, { maxCredits: 4 * price });
	const uncapped = await run(4, {});
	const share = capped.tookMs / uncapped.tookMs;
	return {
		what: `maxCredits ${4 * price} (four videos of ${price}), 20 items at once, Vidu`,
		target: '4 started, 16 reported as not started, makespan within 5 % of four without a cap',
		measured: `${capped.created} started for ${capped.charged} credits, ${capped.told} reported, ${trim(100 * share)} % of the makespan`,
		ok: capped.created === 4 && capped.charged === 4 * price && capped.told === 16 && share <= 1.05,
	};
}

async function fiveHundred(): Promise<Row> {
	const runs = await Promise.all(
		PROVIDERS.map(async (name) => {
			const world = new VirtualWorld(name, {
				concurrency: 500,
				whenFull: 'refuse',
				latencyMs: (_kind, random) => 100 + 900 * random(),
			});
			const run = await world.run(world.works(500));
			return {
				delivered: deliveredOf(run),
				perSecond: world.mostInOneSecond,
				asks: world.emulator.journal.maxInFlight[`${name}.ask`],
				tookMs: run.tookMs,
			};
		}),
	);
	const perSecond = Math.max(...runs.map((run) => run.perSecond));
	const asks = Math.max(...runs.map((run) => run.asks));
	return {
		what: '500 items, calls of 0.1–1 s: most requests in any one second, most checks in flight',
		target: '≤ 10, ≤ 5',
		measured: `${perSecond}, ${asks} (all there after ${seconds(Math.max(...runs.map(({ tookMs }) => tookMs)))})`,
		ok: perSecond <= 10 && asks <= 5 && runs.every(({ delivered }) => delivered === 500),
	};
}

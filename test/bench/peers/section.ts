import { chanceFrom } from '../../unit/core/batch/virtual/world';
import { initBinaryData } from '../engine';
import { whyNoRoom } from '../memory/measure';
import { megabytes, seconds, trim, type Table } from '../report';
import { delivered, play, type Scenario, type BadAnswer, type Contestant } from './scenario';
import { loadPeers, peersVersion, thisPackage, whyNoPeers } from './contestants';

/** n8n's own video operations and this package in the same scenarios, in n8n's engine, on a virtual clock. */

interface Comparison {
	what: string;
	run(contestant: Contestant): Promise<string>;
}

const POLL_FAULTS: Array<[BadAnswer['what'], string]> = [
	['429', '429'],
	['502', '502'],
	['reset', 'reset'],
	['silence', 'no answer'],
	['html', 'HTML page'],
];
const LOST_ORDERS: Array<[BadAnswer['what'], string]> = [
	['reset', 'reset'],
	['502', '502'],
	['silence', 'no answer'],
];
const TYPICAL_SECONDS = 60;
const DETECTIONS = 120;
const VIDEO_BYTES = 200_000_000;
const STOP_AFTER_MS = [2_000, 12_000, 33_000, 61_000, 95_000];

const COMPARISONS: readonly Comparison[] = [
	{
		what: '5 one-minute videos',
		run: async ({ open }) => {
			const played = await play(open({ tier: 5 }), { count: 5 });
			return `${seconds(played.tookMs)}${delivered(played) === 5 ? '' : `, ${delivered(played)} delivered`}`;
		},
	},
	{
		what: '100 one-minute videos, account runs 30 at once',
		run: async ({ open }) => {
			const played = await play(open({ tier: 30 }), { count: 100 });
			return `${seconds(played.tookMs)}${delivered(played) === 100 ? '' : `, ${delivered(played)} delivered`}`;
		},
	},
	{ what: `Noticing the end of tasks of 30–90 s: checks × mean lag ÷ (T/2)`, run: detection },
	{
		what: 'One bad status check (429, 502, reset, no answer, HTML page): videos that survive',
		run: async ({ open }) => {
			const lost: string[] = [];
			for (const [what, words] of POLL_FAULTS) {
				const scenario = open();
				scenario.spoil({ kind: 'ask', nth: 2, what });
				if (delivered(await play(scenario, { count: 1 })) === 0) lost.push(words);
			}
			const survived = `${POLL_FAULTS.length - lost.length} of ${POLL_FAULTS.length}`;
			return lost.length > 0 ? `${survived}; lost: ${lost.join(', ')}` : survived;
		},
	},
	...[60, 180].map((outageSeconds) => ({
		what: `${outageSeconds} s without the service while waiting, 3 items under Continue: delivered of paid`,
		run: async ({ open }: Contestant) => {
			const scenario = open();
			scenario.clock.setTimer(25_000, () => scenario.outage(outageSeconds));
			const played = await play(scenario, { count: 3, onError: 'continueRegularOutput' });
			return `${delivered(played)} of ${scenario.tasks().length}`;
		},
	})),
	...(['stopWorkflow', 'continueRegularOutput'] as const).map((onError) => ({
		what: `Retry On Fail (3 tries${onError === 'stopWorkflow' ? '' : ', Continue'}), 3 items, one refused for its content: videos paid when it is the first / second / third`,
		run: async ({ open }: Contestant) => {
			const paid: number[] = [];
			for (const refused of [0, 1, 2]) {
				const scenario = open();
				scenario.refuseContent(refused);
				await play(scenario, { count: 3, maxTries: 3, onError });
				paid.push(scenario.tasks().length);
			}
			return paid.join(' / ');
		},
	})),
	{
		what: 'Retry button after 3 items of which the third was refused for its content: videos paid in both executions',
		run: async ({ open }) => {
			const scenario = open();
			scenario.refuseContent(2);
			const { run } = await play(scenario, { count: 3 });
			await play(scenario, { count: 3, retryOf: run.data, executionId: '2' });
			return String(scenario.tasks().length);
		},
	},
	{
		what: 'The answer to an order is lost (reset, 502, no answer), Retry On Fail: orders paid for one item',
		run: async ({ open }) => {
			const paid: number[] = [];
			let isNamed = true;
			for (const [what] of LOST_ORDERS) {
				const scenario = open();
				scenario.spoil({ kind: 'submit', what, taken: true });
				const { run } = await play(scenario, { count: 1, maxTries: 3 });
				paid.push(scenario.tasks().length);
				isNamed &&= /not repeated/.test(run.error?.description ?? '');
			}
			return `${paid.join(' / ')}${isNamed ? ', reported as unknown' : ''}`;
		},
	},
	{
		what: 'An order is refused as busy (429, Retry-After 5 s)',
		run: async ({ open }) => {
			const scenario = open();
			scenario.spoil({ kind: 'submit', what: '429', retryAfterSeconds: 5 });
			return delivered(await play(scenario, { count: 1 })) === 1 ? 'ordered again later' : 'item lost';
		},
	},
	{
		what: 'Key without credit, 200 items under Continue: orders sent',
		run: async ({ open }) => {
			const scenario = open();
			scenario.empty();
			await play(scenario, { count: 200, onError: 'continueRegularOutput' });
			return String(scenario.orderedAtMs().length);
		},
	},
	...(['stopWorkflow', 'continueRegularOutput'] as const).map((onError) => ({
		what: `Stop, 8 items${onError === 'stopWorkflow' ? '' : ' under Continue'}, at ${STOP_AFTER_MS.length} moments: code goes on for, orders after Stop`,
		run: async ({ open }: Contestant) => await stop(open, onError),
	})),
	{
		what: 'One of 3 items fails under Continue (error output): on the Error output, with its task id',
		run: async ({ open }) => {
			const scenario = open();
			scenario.refuseContent(1);
			const { run } = await play(scenario, { count: 3, onError: 'continueErrorOutput' });
			const { id } = scenario.tasks()[1];
			const onBranch = run.failed.length === 1 && run.items.length === 2;
			const withId = [...run.failed, ...run.items].some(({ json }) =>
				JSON.stringify(json.details ?? json.error ?? '').includes(id),
			);
			return `${onBranch ? 'yes' : 'no'}, ${withId ? 'with the id' : 'id lost'}`;
		},
	},
	{
		what: `Download of one video of ${megabytes(VIDEO_BYTES)}: memory grows by`,
		run: async ({ download }) => {
			const noRoom = whyNoRoom({ count: 1, bytes: VIDEO_BYTES });
			return noRoom === undefined ? megabytes(await download(VIDEO_BYTES)) : `not run: ${noRoom}`;
		},
	},
];

export async function measurePeers(folder: string, say: (line: string) => void): Promise<Table> {
	await initBinaryData();
	const skipped = whyNoPeers();
	const contestants = [thisPackage(folder), ...(skipped === undefined ? loadPeers() : [])];
	const rows: string[][] = [];
	for (const { what, run } of COMPARISONS) {
		const row = [what];
		for (const contestant of contestants) row.push(await attempt(contestant, run));
		rows.push(row);
		say(`  ${what}: ${row.slice(1).join(' | ')}`);
	}
	return {
		title: "Side by side with n8n's own video operations",
		notes: [
			skipped === undefined
				? `The execute() code of the installed ${peersVersion()} and of this package, unchanged, in n8n-core's engine with n8n's own HTTP client; timers, dates and the wire are virtual. The services are doubles that answer every call in 0.3 s: this package's strict emulator for Vidu, and for the others the few calls their operations make. ${contestants.map(({ name, what }) => `${name}: ${what}`).join('; ')}. Downloads are off where the node can switch them off, but for the last row: that one runs in real time, each node in a process of its own.`
				: `n8n's own operations were skipped: ${skipped}.`,
			'Checks × mean lag ÷ (T/2) is 1.0 for any fixed interval that begins one interval after the order. A first check right after the order costs extra (MiniMax, Qwen Cloud), and so does a last pause after the good news (OpenAI): the lag runs from the end of a task until the node goes on. For this figure the services answer at once. "Videos paid" counts tasks the service accepted; a task that ends for its content counts, since it was ordered.',
		],
		columns: ['Comparison', ...contestants.map(({ name }) => name)],
		rows,
		missed: [],
	};
}

/** A contestant that cannot play says why instead of ending the bench. */
async function attempt(contestant: Contestant, run: Comparison['run']): Promise<string> {
	try {
		return await run(contestant);
	} catch (cause) {
		return `not run: ${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}`;
	}
}

async function detection({ open }: Contestant): Promise<string> {
	const chance = chanceFrom(DETECTIONS);
	let [polls, lagMs, worstLagMs, lengthMs] = [0, 0, 0, 0];
	for (let index = 0; index < DETECTIONS; index += 1) {
		const runsSeconds = TYPICAL_SECONDS * (0.5 + (index + chance()) / DETECTIONS);
		const scenario = open({ taskSeconds: () => runsSeconds, latencyMs: 0 });
		const { codeEndedAtMs } = await play(scenario, { count: 1 });
		const [task] = scenario.tasks();
		const ownLagMs = codeEndedAtMs! - task.endedAtMs!;
		polls += task.polls;
		lagMs += ownLagMs;
		worstLagMs = Math.max(worstLagMs, ownLagMs);
		lengthMs += runsSeconds * 1000;
	}
	const score = ((polls / DETECTIONS) * (lagMs / DETECTIONS)) / (lengthMs / DETECTIONS / 2);
	return `**${score.toFixed(2)}** (${trim(polls / DETECTIONS)} checks, ${seconds(lagMs / DETECTIONS)} late, at worst ${seconds(worstLagMs)})`;
}

async function stop(open: Contestant['open'], onError: 'stopWorkflow' | 'continueRegularOutput'): Promise<string> {
	let worstMs = 0;
	let isEndless = false;
	let late = 0;
	for (const stopAfterMs of STOP_AFTER_MS) {
		const scenario: Scenario = open({ tier: 3 });
		const { stoppedAtMs, codeEndedAtMs } = await play(scenario, { count: 8, stopAfterMs, onError });
		if (codeEndedAtMs === undefined) isEndless = true;
		else worstMs = Math.max(worstMs, codeEndedAtMs - stoppedAtMs!);
		late = Math.max(late, scenario.orderedAtMs().filter((atMs) => atMs > stoppedAtMs!).length);
	}
	return `${isEndless ? 'over 3 hours' : `up to ${seconds(worstMs)}`}, ${late}`;
}

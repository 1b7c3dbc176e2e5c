import type { EmulatorRequest, Reply, VirtualClock } from '../../emulator';
import { inVirtualTime } from '../virtualTime';
import { runInEngine, type EngineRun, type RunOptions, type Subject } from '../engine';

/** A node, its service and their clock: the same scenarios run for every contestant. */

/** One answer that goes wrong. `taken`: the service acts on the request first, so an order is made and paid. */
export interface BadAnswer {
	kind: 'submit' | 'ask';
	/** 1 for the next one of that kind. */
	nth?: number;
	what: '429' | '502' | 'reset' | 'silence' | 'html';
	taken?: boolean;
	retryAfterSeconds?: number;
}

export interface TaskFacts {
	id: string;
	endedAtMs?: number;
	polls: number;
}

export interface Scenario {
	clock: VirtualClock;
	subject: Subject;
	network(request: EmulatorRequest): Promise<Reply>;
	spoil(answer: BadAnswer): void;
	/** Every request is answered 503 for that long. */
	outage(seconds: number): void;
	/** The task of that item is paid, runs, and ends for its content. */
	refuseContent(itemIndex: number): void;
	/** Orders are refused because the account is empty. */
	empty(): void;
	/** In the order they were made. */
	tasks(): TaskFacts[];
	/** When each order arrived, refused ones included. */
	orderedAtMs(): number[];
}

export interface ScenarioOptions {
	/** By ordinal, from 1. */
	taskSeconds?: (ordinal: number) => number;
	/** Tasks the account runs at once; more are refused. */
	tier?: number;
	/** How long the service takes to answer any call. Default 300 ms. */
	latencyMs?: number;
}

export const LATENCY_MS = 300;

export interface Contestant {
	name: string;
	/** What was run, in words: node version, model. */
	what: string;
	open(options?: ScenarioOptions): Scenario;
	/** Downloads one video in real time, in a process of its own. @returns what the process grew by */
	download(bytes: number): Promise<number>;
}

export const promptOf = (itemIndex: number): string => `Video of item ${itemIndex}.`;

export interface Played {
	run: EngineRun;
	/** From the start until n8n had the result. */
	tookMs: number;
	/** When the node's own code ended for the last time; undefined when it still ran three hours later. */
	codeEndedAtMs: number | undefined;
	stoppedAtMs: number | undefined;
	startedAtMs: number;
}

const PATIENCE_MS = 3 * 3_600_000;

export async function play(
	scenario: Scenario,
	options: Omit<RunOptions, 'items'> & { count: number; stopAfterMs?: number },
): Promise<Played> {
	const { clock, subject } = scenario;
	const { count, stopAfterMs, ...rest } = options;
	const startedAtMs = clock.nowMs();
	let open = 0;
	let codeEndedAtMs: number | undefined;
	let stoppedAtMs: number | undefined;
	const run = await inVirtualTime(
		clock,
		async (request) => await scenario.network(request),
		async () =>
			await runInEngine(subject, {
				...rest,
				items: Array.from({ length: count }, (_, itemIndex) => ({ json: { prompt: promptOf(itemIndex) } })),
				onStart: (stop) => {
					if (stopAfterMs === undefined) return;
					clock.setTimer(stopAfterMs, () => {
						stoppedAtMs = clock.nowMs();
						stop();
					});
				},
				onExecute: (moment) => {
					open += moment === 'begin' ? 1 : -1;
					codeEndedAtMs = open === 0 ? clock.nowMs() : undefined;
				},
			}),
	);
	const tookMs = clock.nowMs() - startedAtMs;
	// after Stop n8n has its result at once, the node's code may go on
	const giveUpMs = clock.nowMs() + PATIENCE_MS;
	if (stoppedAtMs !== undefined)
		await inVirtualTime(
			clock,
			async (request) => await scenario.network(request),
			async () => {
				while (open > 0 && clock.nowMs() < giveUpMs) await clock.sleep(50);
			},
		);
	return { run, tookMs, codeEndedAtMs, stoppedAtMs, startedAtMs };
}

/** Items that brought a video. */
export function delivered({ run }: Played): number {
	return run.error ? 0 : run.items.filter(({ json }) => json.error === undefined).length;
}

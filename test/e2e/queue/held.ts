import { until } from '../../until';
import { launch, type N8n } from '../harness';
import type { Servers } from './servers';

/** How often Redis is asked, seconds. */
const EVERY_SECONDS = 0.1;

interface Sample {
	atMs: number;
	/** jobs that are in a worker's hands, as the queue counts them */
	slots: number;
	/** workers that have any, as their logs tell */
	workers: number;
}

/** What was held in a span of time. */
export interface Span {
	samples: number;
	mostSlots: number;
	meanSlots: number;
	mostWorkers: number;
}

/** Watches what the workers hold, from both ends: n8n's queue in Redis and the workers' own logs. */
export class Held {
	private readonly samples: Sample[] = [];
	private readonly executions = new Map<N8n, Set<string>>();

	constructor({ redisCli }: Servers, workers: readonly N8n[]) {
		for (const worker of workers) {
			const held = new Set<string>();
			this.executions.set(worker, held);
			worker.log.onLine((line) => {
				const [, verb, id] = /Worker (started|finished) execution (\d+)/.exec(line) ?? [];
				if (verb === 'started') held.add(id);
				if (verb === 'finished') held.delete(id);
			});
		}
		const [command, ...args] = redisCli;
		const asking = launch(command, [...args, '-r', '-1', '-i', String(EVERY_SECONDS), 'LLEN', 'bull:jobs:active']);
		asking.log.onLine((line) => {
			const busy = [...this.executions.values()].filter(({ size }) => size > 0);
			this.samples.push({ atMs: Date.now(), slots: Number(line), workers: busy.length });
		});
	}

	/** Executions that a worker is at. */
	of(worker: N8n): string[] {
		return [...this.executions.get(worker)!];
	}

	span(fromMs: number, toMs: number): Span {
		const samples = this.samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
		const most = (field: 'slots' | 'workers') => Math.max(...samples.map((sample) => sample[field]));
		return {
			samples: samples.length,
			mostSlots: most('slots'),
			mostWorkers: most('workers'),
			meanSlots: samples.reduce((sum, { slots }) => sum + slots, 0) / samples.length,
		};
	}

	/** Waits until no worker holds anything. */
	async none(): Promise<void> {
		await until('all workers to be free', () => {
			const last = this.samples.at(-1);
			return last?.slots === 0 && last.workers === 0;
		});
	}
}

import { readFileSync, writeFileSync } from 'node:fs';

import type { MemoryReport } from './measure';

/** A collection of all garbage takes tens of milliseconds. */
const SAMPLE_EVERY_MS = { plain: 20, collecting: 200 };

/** Samples the process, after a collection where it is told to: then the figure is what is held, not what lies around. */
export class Watch {
	private readonly start = { rss: 0, held: 0 };
	private readonly most = { rss: 0, held: 0 };
	private timer?: NodeJS.Timeout;

	constructor(private readonly collects: boolean) {}

	begin(): void {
		collect();
		Object.assign(this.start, sample());
		resetPeak();
		this.timer = setInterval(() => this.look(), SAMPLE_EVERY_MS[this.collects ? 'collecting' : 'plain']);
	}

	end(): void {
		this.look();
		clearInterval(this.timer);
		this.most.rss = Math.max(this.most.rss, readPeak() ?? 0);
	}

	report(): MemoryReport {
		return {
			grownBytes: this.most.rss - this.start.rss,
			heldBytes: this.most.held - this.start.held,
		};
	}

	private look(): void {
		if (this.collects) collect();
		const { rss, held } = sample();
		this.most.rss = Math.max(this.most.rss, rss);
		this.most.held = Math.max(this.most.held, held);
	}
}

/** V8 gives dead buffers back in the background after a collection; the next collection waits for that. */
function collect(): void {
	globalThis.gc!();
	globalThis.gc!();
}

function sample(): { rss: number; held: number } {
	const { rss, heapUsed, external } = process.memoryUsage();
	return { rss, held: heapUsed + external };
}

/** Linux keeps the peak itself, between samples too. */
function resetPeak(): void {
	try {
		writeFileSync('/proc/self/clear_refs', '5');
	} catch {
		// elsewhere the samples have to do
	}
}

function readPeak(): number | undefined {
	try {
		const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
		return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
	} catch {
		return undefined;
	}
}

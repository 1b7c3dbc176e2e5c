import { sleep } from 'n8n-workflow';

import type { Clock } from '../core/types';

/** Longest single sleep: n8n's sleep of versions before 2.35 takes no signal, so its timer outlives a wake-up. */
const SLICE_MS = 1_000;

/**
 * The real clock, for a run: it starts at the time of day and then only goes on. Were it to follow the machine's clock when
 * that is set, a run would sleep for the hour it is set back, or give up tasks for the hour it is set forward.
 */
export function createRunClock(): Clock {
	const offsetMs = Date.now() - performance.now();
	return { ...systemClock, nowMs: () => offsetMs + performance.now() };
}

/**
 * The real clock. Its sleep is n8n's, since n8n's rules forbid timers in nodes. It lasts as long as it says when the
 * machine's time of day is set back or forward: else an order under way would seem to have had its time.
 */
export const systemClock: Clock = {
	nowMs: () => Date.now(),
	random: () => Math.random(),
	async sleep(ms, signal) {
		if (signal?.aborted) return;
		const untilMs = performance.now() + ms;
		const woken = new Promise<void>((resolve) => {
			signal?.addEventListener('abort', () => resolve(), { once: true });
		});
		for (let leftMs = ms; leftMs > 0 && !signal?.aborted; leftMs = untilMs - performance.now())
			await Promise.race([sleep(Math.min(leftMs, SLICE_MS), signal).catch(() => undefined), woken]);
	},
};

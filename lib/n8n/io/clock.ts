import { sleep } from 'n8n-workflow';

import type { Clock } from '../../core/clock';

/** Longest single sleep: n8n's sleep of versions before 2.35 takes no signal, so its timer outlives a wake-up. */
const SLICE_MS = 1_000;

/** The machine's clock was set when it moves by more than this between two looks: a run looks at least once a minute. */
const LONGEST_STEP_MS = 10 * 60_000;

/**
 * The real clock. Its sleep is n8n's, since n8n's rules forbid timers in nodes. It lasts as long as it says when the
 * machine's clock is set back or forward: else an order under way would seem to have had its time.
 */
export const systemClock: Clock = {
	nowMs: () => Date.now(),
	random: () => Math.random(),
	async sleep(ms, signal) {
		if (signal?.aborted) return;
		let wake = (): void => undefined;
		const woken = new Promise<void>((resolve) => {
			wake = resolve;
		});
		signal?.addEventListener('abort', wake);
		try {
			for (let leftMs = ms; leftMs > 0 && !signal?.aborted; leftMs -= SLICE_MS)
				await Promise.race([sleep(Math.min(leftMs, SLICE_MS), signal).catch(() => undefined), woken]);
		} finally {
			// a run and a long transfer sleep many times on one signal
			signal?.removeEventListener('abort', wake);
		}
	},
};

/**
 * The real clock, for a run: it starts at the time of day and goes on from there. Were it to follow the machine's clock when
 * that is set, a run would sleep for the hour it is set back, or give up tasks for the hour it is set forward.
 */
export function createRunClock(): Clock {
	let seenMs = Date.now();
	let offsetMs = 0;
	return {
		...systemClock,
		nowMs() {
			const wallMs = Date.now();
			const stepMs = wallMs - seenMs;
			seenMs = wallMs;
			if (stepMs < 0 || stepMs > LONGEST_STEP_MS) offsetMs -= stepMs;
			return wallMs + offsetMs;
		},
	};
}

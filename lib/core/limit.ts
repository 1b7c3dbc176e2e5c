import type { Clock } from './clock';

/** Ends what would go on for ever, such as an answer that trickles in: limits on silence never end that. */

/** The work was given up. The message says why, without a full stop. */
export class GivenUp extends Error {
	constructor(reason: string) {
		super(reason);
		this.name = 'GivenUp';
	}
}

/**
 * Waits for the work, and for no longer than the watch allows.
 * @param watch resolves with the reason to give the work up, or with undefined to let it be; its signal says that the
 * work is over, so that no timer outlives it
 * @throws GivenUp at once, even where the work goes on; what it still brings is dropped
 */
export async function unlessGivenUp<T>(
	watch: (over: AbortSignal) => Promise<string | undefined>,
	work: Promise<T>,
): Promise<T> {
	const over = new AbortController();
	const giveUp = watch(over.signal).then(async (reason) => {
		if (reason === undefined) return await work;
		throw new GivenUp(reason);
	});
	try {
		return await Promise.race([work, giveUp]);
	} finally {
		over.abort('over');
	}
}

/**
 * Gives the work so much time and no more.
 * @param start is given a signal that aborts when the time is over, and when the work is
 * @throws GivenUp when the time is over
 */
export async function withinTime<T>(
	limitMs: number,
	clock: Clock,
	start: (cutOff: AbortSignal) => Promise<T>,
): Promise<T> {
	const cutOff = new AbortController();
	try {
		return await unlessGivenUp(async (over) => {
			await clock.sleep(limitMs, over);
			return `No complete answer came within ${Math.round(limitMs / 1000)} seconds`;
		}, start(cutOff.signal));
	} finally {
		cutOff.abort();
	}
}

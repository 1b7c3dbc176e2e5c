/** Waits, where tests and tools run in real time. */
export const sleep = async (ms: number) => await new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Only what will never come is waited for as long, however busy the machine is. */
export const PATIENCE_MS = 180_000;

/** Asks until the answer is neither undefined nor false. `what` names what was waited for when the time is over. */
export async function until<T>(
	what: string,
	ask: () => Promise<T | undefined | false> | T | undefined | false,
	everyMs = 250,
	limitMs = PATIENCE_MS,
): Promise<T> {
	const endMs = Date.now() + limitMs;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined && answer !== false) return answer;
		if (Date.now() >= endMs) throw new Error(`${what} did not happen within ${Math.round(limitMs / 1000)} s`);
		await sleep(everyMs);
	}
}

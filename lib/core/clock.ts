/** Time, chance and sleep come in through this interface, so that everything in lib/core runs on any clock. */
export interface Clock {
	/** Milliseconds since 1970. */
	nowMs(): number;
	/** Resolves after `ms`, or at once when the signal aborts; never rejects. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
	/** In [0, 1). */
	random(): number;
}

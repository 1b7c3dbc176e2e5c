/** An overloaded model is tried again after this, twice as long each further time. */
const PAUSE_MS = { first: 5_000, longest: 60_000 };

/** Custom models may be many. */
const MODELS_REMEMBERED = 50;

/** Models that the provider says are overloaded. What is said of a model holds up that model alone. */
export class ModelPauses {
	private readonly overloaded = new Map<string, { untilMs: number; pauseMs: number }>();

	/** When the model takes orders again; 0 where nothing is known against it. */
	opensMs(model: string): number {
		return this.overloaded.get(model)?.untilMs ?? 0;
	}

	accepted(model: string): void {
		this.overloaded.delete(model);
	}

	/** @param random in [0, 1), drawn where it is needed */
	refused(model: string, nowMs: number, random: () => number, retryAfterMs: number): void {
		const known = this.overloaded.get(model);
		// sent before that was known: it says nothing new
		if (known && nowMs < known.untilMs) return;
		const pauseMs = known?.pauseMs ?? PAUSE_MS.first;
		this.overloaded.delete(model);
		this.overloaded.set(model, {
			untilMs: nowMs + Math.max(pauseMs * (0.8 + 0.4 * random()), retryAfterMs),
			pauseMs: Math.min(2 * pauseMs, PAUSE_MS.longest),
		});
		const [oldest] = this.overloaded.keys();
		if (this.overloaded.size > MODELS_REMEMBERED && oldest !== undefined) this.overloaded.delete(oldest);
	}
}

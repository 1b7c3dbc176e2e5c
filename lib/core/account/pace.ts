import { correctedTypicalMs, observedMedianMs, type Expectation } from './schedule';

/** What the catalogue says: a second takes a second. */
const AS_TYPICAL = 1000;
/** Tasks that are remembered: enough to know their spread, few enough to follow a service that gets slower. */
const REMEMBERED = 40;
/** So many have to have ended before their earliest and latest are trusted. */
const ENOUGH_FOR_A_WINDOW = 12;
/** They tell more than the usual time does where they lie within this share of it. */
const NARROW_SHARE = 0.5;
/** How far beyond the earliest and the latest seen the next may lie, for each task seen: the more, the less. */
const MARGIN_OF_ONE = 0.4;

/**
 * A first check that finds a task ended is taken to be late by this share of its time, more where little is known. A little too
 * much: else tasks that get quicker would go unseen.
 */
const LATE_SHARE = { usually: 0.05, atFirst: 0.2 };

/**
 * How late the end of a task was seen, as far as known.
 * @param sinceMs milliseconds since the answer before
 * @param ranMs milliseconds it ran until this answer
 * @param isKnown how long such tasks take
 */
export const seenLateMs = (sinceMs: number, ranMs: number, isKnown: boolean): number =>
	Math.min(sinceMs / 2, LATE_SHARE[isKnown ? 'usually' : 'atFirst'] * ranMs);

/** How long tasks of one kind take, measured in the typical times of the catalogue, learned from those that ended lately. */
export class LearnedPace {
	/** 1000 while nothing is known. */
	private msPerTypicalSecond = AS_TYPICAL;
	private window: { earliest: number; latest: number } | undefined;
	/** Of the tasks that ended lately, in the order they ended. */
	private readonly ended: number[] = [];

	/**
	 * @param pace milliseconds per typical second that a task took
	 * @param pending the same of tasks that have not ended, so far, the oldest first; not read to its end
	 */
	add(pace: number, pending: Iterable<number>): void {
		this.ended.push(pace);
		if (this.ended.length > REMEMBERED) this.ended.shift();
		const sorted = [...this.ended].sort((one, other) => one - other);
		const seen = observedMedianMs(sorted, pending);
		if (seen === undefined) return;
		this.msPerTypicalSecond = correctedTypicalMs(AS_TYPICAL, seen, sorted.length);
		const [earliest, latest] = [sorted[0], sorted.at(-1)];
		if (sorted.length < ENOUGH_FOR_A_WINDOW || earliest === undefined || latest === undefined) return;
		const margin = (MARGIN_OF_ONE * (latest - earliest)) / sorted.length;
		const isNarrow = latest - earliest + 2 * margin <= (NARROW_SHARE * (earliest + latest)) / 2;
		this.window = isNarrow ? { earliest: earliest - margin, latest: latest + margin } : undefined;
	}

	/**
	 * A task has ended somewhere between the last two answers; where the one before lies far back, about when it was expected.
	 * @param sinceMs milliseconds since the answer before
	 * @param ranMs milliseconds it ran until this answer
	 */
	addSeen(sinceMs: number, ranMs: number, typicalSeconds: number, pending: Iterable<number>): void {
		const lateMs = seenLateMs(sinceMs, ranMs, this.window !== undefined);
		this.add((ranMs - lateMs) / typicalSeconds, pending);
	}

	/** @param typicalSeconds of the catalogue */
	expectationOf(typicalSeconds: number): Expectation {
		if (!this.window) return { typicalMs: typicalSeconds * this.msPerTypicalSecond };
		const { earliest, latest } = this.window;
		return {
			typicalMs: (typicalSeconds * (earliest + latest)) / 2,
			window: { earliestMs: typicalSeconds * earliest, latestMs: typicalSeconds * latest },
		};
	}
}

/** Kinds of tasks that are remembered; custom models may be many. */
const KINDS_REMEMBERED = 50;

/** What is learned of each kind of tasks, as far as lately used. */
export class Paces {
	private readonly kinds = new Map<string, LearnedPace>();

	/** @param kind tasks of one kind take about the same time */
	of(kind: string): LearnedPace {
		const pace = this.kinds.get(kind) ?? new LearnedPace();
		this.kinds.delete(kind);
		this.kinds.set(kind, pace);
		const [oldest] = this.kinds.keys();
		if (this.kinds.size > KINDS_REMEMBERED && oldest !== undefined) this.kinds.delete(oldest);
		return pace;
	}
}

/** One line for the person who watches. */
export type Say = (line: string) => void;

/** A step of a set-up or a test that did not work: which one, why, and what the program said last. */
export class StepFailed extends Error {
	constructor(
		readonly step: string,
		readonly why: string,
		readonly tail: readonly string[] = [],
		options?: ErrorOptions,
	) {
		super([`${step}: ${why}`, ...tail.map((line) => `    ${line}`)].join('\n'), options);
		this.name = 'StepFailed';
	}
}

/** Runs one step; whatever goes wrong inside comes out named after it. A StepFailed from deeper inside is already named. */
export async function step<T>(name: string, work: () => Promise<T>, tail?: () => readonly string[]): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof StepFailed) throw error;
		throw new StepFailed(name, messageOf(error), tail?.() ?? [], { cause: error });
	}
}

export function messageOf(error: unknown): string {
	if (error instanceof AggregateError && !error.message) return error.errors.map(messageOf).join('; ');
	return error instanceof Error ? error.message : String(error);
}

export function secondsSince(startMs: number): string {
	return `${((Date.now() - startMs) / 1000).toFixed(1)} s`;
}

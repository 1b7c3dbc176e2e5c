import { invalidInput, type Failure } from '../../core/failure';
import type { TaskReport } from '../../core/provider';

/** A parameter could not be read as what it should be. Carries the failure for the item. */
export class InvalidInput extends Error {
	constructor(
		readonly failure: Failure,
		/** The task that the item is about, for the details. */
		readonly task: { taskId?: string; report?: TaskReport } = {},
	) {
		super(failure.headline);
		this.name = 'InvalidInput';
	}
}

/** Shorthand for what an item is at fault for. */
export function invalid(parameter: string, headline: string, advice: string): InvalidInput {
	return new InvalidInput(invalidInput(parameter, headline, advice));
}

import { z } from 'zod';

import type { Provider, SubjectFilters, TaskFilters } from '../../core/provider';
import { invalid } from './invalidInput';
import type { ItemParameters } from './parameters';
import { findIds, isGiven } from './taskIds';
import { moment, onOff, oneOf, readValue, readValues, show, wholeAboveZero, words } from './values';

/** Which tasks Task → Get Many lists. */

const DEFAULT_LIMIT = 50;

export interface Listing {
	/** Infinity for all. */
	limit: number;
	filters: TaskFilters;
}

const filtersSchema = z.object({
	createdAfter: moment,
	createdBefore: moment,
	modelVersions: words([]),
	resolutions: words([]),
	states: words([]),
});

/** @throws InvalidInput that names the parameter or filter */
export function readListing(item: ItemParameters, provider: Provider): Listing {
	return { limit: readLimit(item), filters: readFilters(item.collection('filters'), provider) };
}

function readLimit(item: ItemParameters): number {
	const isAll = readValue(onOff(false), 'returnAll', item.get('returnAll'));
	return isAll ? Infinity : readValue(wholeAboveZero(DEFAULT_LIMIT), 'limit', item.get('limit'));
}

const subjectFiltersSchema = z.object({
	ownership: oneOf(['private', 'system'], 'private', 'Choose Private or System.'),
	subjectIds: words([]),
});

/** Which subjects Subject → Get Many lists. @throws InvalidInput that names the parameter or filter */
export function readSubjectFilters(item: ItemParameters): { limit: number; filters: SubjectFilters } {
	return { limit: readLimit(item), filters: readValues(subjectFiltersSchema, item.collection('filters')) };
}

function readFilters(given: Readonly<Record<string, unknown>>, provider: Provider): TaskFilters {
	const { createdAfter, createdBefore, modelVersions, resolutions, states } = readValues(filtersSchema, given);
	const taskIds = isGiven(given.taskIds) ? [...new Set(findIds(given.taskIds, { provider, label: 'Task IDs' }))] : [];
	if (isGiven(given.taskIds) && taskIds.length === 0)
		throw invalid(
			'Task IDs',
			`Task IDs "${show(given.taskIds)}" hold no task ID`,
			'Give the IDs as the node returned them, or remove the filter.',
		);
	return {
		...(createdAfter === undefined ? {} : { createdAfter }),
		...(createdBefore === undefined ? {} : { createdBefore }),
		...(taskIds.length > 0 ? { taskIds } : {}),
		...(modelVersions.length > 0 ? { modelVersions } : {}),
		...(resolutions.length > 0 ? { resolutions } : {}),
		...(states.length > 0 ? { states } : {}),
	};
}

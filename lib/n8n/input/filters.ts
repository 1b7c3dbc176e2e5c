import { z } from 'zod';

import type { Provider, TaskFilters } from '../../core/provider';
import { invalid } from './invalidInput';
import type { ItemParameters } from './parameters';
import { findIds, isGiven } from './taskIds';
import { moment, onOff, readValue, readValues, show, wholeAboveZero, words } from './values';

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
	const isAll = readValue(onOff(false), 'returnAll', item.get('returnAll'));
	const limit = isAll ? Infinity : readValue(wholeAboveZero(DEFAULT_LIMIT), 'limit', item.get('limit'));
	return { limit, filters: readFilters(item.collection('filters'), provider) };
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

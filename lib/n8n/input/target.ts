import type { Backend } from '../backends';
import { nameOfParameter } from '../labels';
import { listValues } from '../../core/fields';
import { invalid } from './invalidInput';
import type { ItemParameters } from './parameters';
import { show } from './values';

/** What a run is to do, and where: the parameters that hold for all items alike. */

export interface Target {
	backend: Backend;
	resource: string;
	operation: string;
}

/** A workflow written by hand may leave out what the panel shows first. */
const DEFAULT_RESOURCE = 'video';

/**
 * @param backends of the node; one alone is not asked for
 * @param itemsOf the parameters of every item, for expressions that differ from item to item
 * @throws InvalidInput that names the parameter
 */
export function readTarget(
	first: ItemParameters,
	backends: readonly [Backend, ...Backend[]],
	others: () => Iterable<ItemParameters>,
): Target {
	const backend = backends.length > 1 ? readBackend(first, backends) : backends[0];
	const resource = readWord(first, 'resource') ?? DEFAULT_RESOURCE;
	const operation = readWord(first, 'operation');
	// n8n drops the operation of a resource that it does not know
	const whose = resource === DEFAULT_RESOURCE ? '' : ` of Resource "${show(resource)}"`;
	if (operation === undefined) throw invalid('Operation', `Operation${whose} is missing`, 'Choose one.');
	const varying = ['provider', 'resource', ...(resource === DEFAULT_RESOURCE ? [] : ['operation'])].filter((name) =>
		isExpression(first.written(name)),
	);
	if (varying.length > 0)
		for (const item of others())
			for (const name of varying)
				if (item.get(name) !== first.get(name)) {
					const label = nameOfParameter(name);
					throw invalid(label, `${label} differs from item to item`, 'Use a node for each, behind an If or a Switch.');
				}
	return { backend, resource, operation };
}

function readBackend(first: ItemParameters, backends: readonly [Backend, ...Backend[]]): Backend {
	const given = readWord(first, 'provider');
	if (given === undefined) return backends[0];
	const found = backends.find(({ catalogue }) => catalogue.provider === given);
	if (found) return found;
	throw invalid(
		'Provider',
		`Provider "${show(given)}" is not offered`,
		`Choose ${listValues(backends.map(({ label }) => label))}.`,
	);
}

/** @returns undefined where nothing is given */
function readWord(item: ItemParameters, name: string): string | undefined {
	const value = item.get(name);
	if (value === undefined) return undefined;
	if (typeof value === 'string') return value;
	const label = nameOfParameter(name);
	throw invalid(label, `${label} "${show(value)}" is not offered`, 'Choose one that the node offers.');
}

const isExpression = (written: unknown): boolean => typeof written === 'string' && written.startsWith('=');

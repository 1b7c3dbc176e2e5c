import { isLeftOut } from '../../core/fields';
import { ROUNDED_ID } from '../../core/failure';
import { readJson } from '../../core/json';
import type { Provider } from '../../core/provider';
import type { Backend } from '../backends';
import { invalid, type InvalidInput } from './invalidInput';
import type { ItemParameters } from './parameters';
import { show } from './values';

/** Ids of tasks that exist already, out of whatever people and nodes hand over. */

/**
 * The task ids of one item, each once: out of a text, whatever words stand around them, a list, an item, or a list of
 * items.
 * @param seen ids that earlier items of the run named. An item that lists several leaves these out, since a list made by
 *   an expression comes again with every item; an item with one id keeps it, so that it has its result.
 * @throws InvalidInput with a message for the user; a number that a spreadsheet rounded is told as such
 */
export function readTaskIds(
	item: ItemParameters,
	{ provider }: Backend,
	names: readonly string[],
	label: string,
	seen: Set<string> = new Set(),
): string[] {
	const given = names.map((name) => item.get(name, label)).filter(isGiven);
	const isMany = label.endsWith('s');
	if (given.length === 0)
		throw invalid(label, `${label} ${isMany ? 'are' : 'is'} missing`, 'Give the ID that the node returned.');
	const ids = [...new Set(given.flatMap((value) => findIds(value, { provider, label })))];
	if (ids.length === 0)
		throw invalid(
			label,
			`${label} "${show(given.length === 1 ? given[0] : given)}" ${isMany ? 'hold' : 'holds'} no task ID`,
			'Give the ID as the node returned it, a text that holds it, or an item of the node.',
		);
	const fresh = ids.length > 1 ? ids.filter((id) => !seen.has(id)) : ids;
	for (const id of ids) seen.add(id);
	return fresh;
}

export function readTaskId(item: ItemParameters, backend: Backend): string {
	const label = 'Task ID';
	const [taskId, ...others] = readTaskIds(item, backend, ['taskId'], label);
	if (taskId !== undefined && others.length === 0) return taskId;
	throw invalid(
		label,
		`${label} holds ${others.length + 1} task IDs`,
		'Give one ID per item. Task → Wait for Completion takes several.',
	);
}

export const isGiven = (value: unknown): boolean =>
	Array.isArray(value)
		? value.some(isGiven)
		: !isLeftOut(value) && !(typeof value === 'string' && /^[\s,;]*$/.test(value));

interface IdReader {
	provider: Provider;
	label: string;
	/** What of: a task, unless said otherwise. */
	what?: string;
}

/** Where items, the output of a task, an error's details and a resource locator keep an id. */
const ID_KEYS = ['taskId', 'taskIds', 'task_id', 'details', 'json'];

export function findIds(value: unknown, reader: IdReader): string[] {
	if (typeof value === 'string') return findIdsInText(value, reader);
	if (Array.isArray(value)) return value.flatMap((entry) => findIds(entry, reader));
	if (typeof value === 'number') {
		if (!Number.isSafeInteger(value)) throw rounded(value, reader);
		return reader.provider.isTaskId(String(value)) ? [String(value)] : [];
	}
	if (typeof value !== 'object' || value === null) return [];
	const entry = value as Record<string, unknown>;
	for (const key of '__rl' in entry ? ['value'] : ID_KEYS) {
		const ids = key in entry ? findIds(entry[key], reader) : [];
		if (ids.length > 0) return ids;
	}
	return findIdsInAnswer(entry, reader);
}

/** A service's own answer, whose id may stand in a wrapper, or be called `id` as much else is. */
function findIdsInAnswer(body: Record<string, unknown>, reader: IdReader): string[] {
	const { provider } = reader;
	if (Number.isInteger(body.id) && !Number.isSafeInteger(body.id)) throw rounded(Number(body.id), reader);
	const id = provider.mentionedTaskId({ status: 200, headers: {}, body });
	return id !== undefined && provider.findTaskIds?.(id).includes(id) ? [id] : [];
}

/** What a spreadsheet shows of a long number: one digit in front, and in running text an exponent of an id's length. */
const ROUNDED = /^\d([.,]\d+)?[eE]\+?\d{1,2}$/;
const ROUNDED_INSIDE = /(?<![\w.,])\d[.,]\d{2,}[eE]\+?(1[4-9]|2\d)(?!\w)/;
/** What a spreadsheet shows of a long number in the format for numbers: 876,543,210,123,456,789. */
const GROUPED = /^\d{1,3}(?:([.,'’ \u00a0\u202f])\d{3})(?:\1\d{3}){3,}$/;

function findIdsInText(text: string, reader: IdReader): string[] {
	const { provider } = reader;
	const trimmed = text.trim();
	if (ROUNDED.test(trimmed)) throw rounded(trimmed, reader);
	if (GROUPED.test(trimmed)) return [trimmed.replace(/\D/g, '')];
	if (provider.isTaskId(trimmed)) {
		// "task_876543210123456789"
		const inside = provider.findTaskIds?.(trimmed) ?? [];
		return inside.length > 0 ? inside : [trimmed];
	}
	if (/^[[{]/.test(trimmed)) {
		const data = readJson(trimmed);
		const ids = typeof data === 'object' ? findIds(data, reader) : [];
		if (ids.length > 0) return ids;
	}
	const [spoiled] = ROUNDED_INSIDE.exec(trimmed) ?? [];
	if (spoiled !== undefined) throw rounded(spoiled, reader);
	const found = provider.findTaskIds?.(trimmed) ?? [];
	if (found.length > 0) return found;
	// ids of a kind that the provider does not document yet, as long as nothing else is there
	const words = trimmed.split(/[\s,;|]+/).filter((word) => word !== '');
	return words.every(provider.isTaskId) ? words : [];
}

const rounded = (id: string | number, { label, what = 'Task ID' }: IdReader): InvalidInput =>
	invalid(label, `${what} ${id} was rounded`, ROUNDED_ID);

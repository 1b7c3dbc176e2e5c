import { NodeOperationError } from 'n8n-workflow';
import type { INode } from 'n8n-workflow';

import type { Failure } from '../../core/failure';
import { RESULT, tellNumber, withArticle, type Noun } from '../../core/noun';
import type { Provider } from '../../core/provider';
import { nounOf } from '../operations';
import { detailsOf, failedStatusOf, headlineOf, statusOf, type TaskFacts } from './output';

/** A run that fails becomes one error of n8n, about all its items. */

/** What is known of one item when a run ends. */
export interface ItemResult {
	facts: TaskFacts;
	failure?: Failure;
	/** Another try would order this item. */
	isOpen?: boolean;
}

/** Items that are told one by one; a longer list of them would be read by nobody. */
const ITEMS_TOLD = 50;

/**
 * One error for the run: the first failure leads, every further one follows in a line of its own, then how much is
 * made and the way to have them, then every task id, by state and ready to be pasted into Task IDs. n8n shows the
 * description as HTML, so lines end in `<br>` and what came from outside is escaped.
 * @param options.isTool an AI agent shows its model the message alone, so the advice goes into it
 * @param options.isPlain one call about one task, which the message names already
 */
export function toRunError(
	node: INode,
	provider: Provider,
	results: readonly ItemResult[],
	{ isTool = false, isPlain = false } = {},
): NodeOperationError {
	const troubled = results.filter(isTroubled);
	const lead = troubled.find(({ failure: { isCap } }) => !isCap) ?? troubled[0];
	if (!lead) throw new TypeError('A run without a failure has no error');
	const { facts, failure } = lead;
	const advice = [
		failure.description,
		...tellOthers(
			troubled.filter((other) => other !== lead),
			results,
		),
		...(isPlain ? [] : [...tellMade(results), ...tellTasks(results)]),
	];
	const headline = headlineOf(facts, failure);
	const tasks = results.length > 1 ? tellTasks(results).filter(Boolean) : [];
	const message = isTool ? [`${headline}. ${failure.description}`, ...tasks].join(' ') : headline;
	const error = new NodeOperationError(node, message, {
		...(isTool ? {} : { description: advice.map(escapeHtml).join('<br>') }),
		itemIndex: facts.itemIndex,
	});
	// n8n swaps texts in which it finds an error code
	error.message = message;
	error.context.data = { details: detailsOf(provider, facts, failure) };
	return error;
}

type TroubledResult = ItemResult & { failure: Failure };

const isTroubled = (result: ItemResult): result is TroubledResult => result.failure !== undefined;

/** Every item with its reason, so that a sheet is mended in one go; equal reasons in a row share a line. */
function tellOthers(others: readonly TroubledResult[], results: readonly ItemResult[]): string[] {
	const groups: Array<{ items: number[]; reason: string }> = [];
	for (const { facts, failure } of others) {
		const last = groups.at(-1);
		const reason = whyOf(failure);
		if (last?.reason === reason) last.items.push(facts.itemIndex);
		else groups.push({ items: [facts.itemIndex], reason });
	}
	if (groups.length === 0) return [];
	const told = groups.slice(0, ITEMS_TOLD).map(({ items, reason }) => `${tellItems(items)}: ${reason}`);
	const rest = groups.slice(ITEMS_TOLD).flatMap(({ items }) => items);
	// checked before anything is ordered: the good items were not ordered either
	const isRefused = results.every(
		({ facts, failure }) => facts.taskId === undefined && (failure?.kind ?? 'invalidInput') === 'invalidInput',
	);
	const what = isRefused ? 'cannot be sent' : `did not get ${withArticle(nounOfAll(results).one)}`;
	return [
		'',
		`${others.length === 1 ? 'One more item' : `${others.length} more items`} ${what}:`,
		...told,
		...(rest.length > 0 ? [`and ${tellItems(rest)}`] : []),
		...(isRefused && others.length + 1 < results.length ? ['The other items were not ordered either.'] : []),
	];
}

/** In one line: "Vidu ended task 8462… without a video: Vidu found no face in the image". */
function whyOf({ headline, diagnosis }: Failure): string {
	return diagnosis && !headline.includes(diagnosis.summary) ? `${headline}: ${diagnosis.summary}` : headline;
}

/** "item 3", "items 3 to 7, 9". */
function tellItems(items: readonly number[]): string {
	const ranges: Array<[number, number]> = [];
	for (const item of items) {
		const last = ranges.at(-1);
		if (last && item === last[1] + 1) last[1] = item;
		else ranges.push([item, item]);
	}
	const list = ranges.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ');
	return `${items.length === 1 ? 'item' : 'items'} ${list}`;
}

/**
 * The way to what is made: n8n hands on nothing of a node that fails. What another try would order is said, for
 * it costs money.
 */
function tellMade(results: readonly ItemResult[]): string[] {
	const made = results.filter(({ facts, failure }) => !failure && facts.report?.state === 'succeeded').length;
	if (made === 0) return [];
	const noun = nounOfAll(results);
	const open = results.filter(({ isOpen }) => isOpen).map(({ facts }) => facts.itemIndex);
	const again =
		open.length === 0
			? 'Nothing is ordered again.'
			: `What is made is not ordered again; ${tellItems(open)}, which ${open.length === 1 ? `has no ${noun.one} yet, is` : `have no ${noun.one} yet, are`} ordered then.`;
	return [
		'',
		`${made} of ${tellNumber(results.length, noun)} ${made === 1 ? 'is' : 'are'} made. To get ${made === 1 ? 'it' : 'them'}: in the node open Settings, ` +
			'set On Error to "Continue (using error output)" and save; then open Executions, choose this one and press ' +
			`Retry → "Retry with currently saved workflow". ${again}`,
	];
}

/** All items of a run are for one operation; tasks that are waited for have none. */
const nounOfAll = ([first]: readonly ItemResult[]): Noun => nounOf(first?.facts.operation) ?? RESULT;

/** Ids by state, without words between them: Task → Wait for Completion takes the whole text. */
function tellTasks(results: readonly ItemResult[]): string[] {
	const idsByState = new Map<string, string[]>();
	for (const { facts, failure } of results) {
		if (facts.taskId === undefined || (failure?.kind === 'lostTask' && failure.diagnosis?.unknownTask)) continue;
		const state = failure ? failedStatusOf(failure, facts) : statusOf(facts.report);
		idsByState.set(state, [...(idsByState.get(state) ?? []), facts.taskId]);
	}
	if (idsByState.size === 0) return [];
	return [
		'',
		'Tasks of this run, in the order of the items (Task → Wait for Completion collects them; paste the lines into Task IDs):',
		...[...idsByState].map(([state, ids]) => `${state}: ${ids.join(', ')}`),
	];
}

const escapeHtml = (text: string): string =>
	text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!);

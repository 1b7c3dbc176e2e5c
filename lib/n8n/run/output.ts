import { NodeOperationError } from 'n8n-workflow';
import type { IBinaryKeyData, IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import type { FileFacts } from '../../core/download';
import { readJson } from '../../core/json';
import type { Failure } from '../../core/failure';
import { hasEnded, type Diagnosis, type Provider, type TaskReport } from '../../core/provider';
import { publishedIfOther, type Amount } from '../prices';

/** Outcomes become n8n items and n8n errors; the output contract lives here. */

/** What is known of a task when its item is written. */
export interface TaskFacts {
	itemIndex: number;
	taskId?: string;
	report?: TaskReport;
	model?: string;
	operation?: string;
	/** When this node ordered it, where the provider does not say. */
	submittedAtMs?: number;
	waitedMs?: number;
	/** By the published prices. */
	price?: Amount;
	/** How long such a task usually takes, for a workflow that waits for it itself. */
	expectedSeconds?: number;
	/** Of the video, where it was downloaded. */
	file?: FileFacts;
	/** Tasks ordered in this item's place before the user changed the wish. */
	earlierTaskIds?: string[];
}

/** The fields of a task's item. Those without a value are left out; there is never a top-level `error`. */
export function toJson(
	provider: Provider,
	facts: TaskFacts,
	{ simplify, nowMs }: { simplify: boolean; nowMs: number },
): IDataObject {
	const { taskId, report, operation, waitedMs } = facts;
	const isDone = report?.state === 'succeeded';
	/** Links are signed when the task is read, which may be a while before the item is written: what they say themselves comes first. */
	const expiry = (told: string | undefined, url: string | undefined, lifetimeSeconds: number | undefined) =>
		url === undefined || lifetimeSeconds === undefined
			? told
			: (told ?? new Date(nowMs + lifetimeSeconds * 1000).toISOString());
	return withoutEmpty({
		taskId,
		status: statusOf(report),
		provider: provider.id,
		model: facts.model ?? report?.model,
		operation,
		videoUrl: report?.videoUrl,
		unmarkedVideoUrl: report?.unmarkedVideoUrl,
		coverUrl: report?.coverUrl,
		...(isDone
			? {
					creationId: report.creationId,
					urlExpiresAt: expiry(report.urlExpiresAt, report.videoUrl, provider.urlLifetimeSeconds),
					coverUrlExpiresAt: expiry(report.coverUrlExpiresAt, report.coverUrl, provider.coverLifetimeSeconds),
				}
			: {}),
		file: isDone ? (facts.file ?? report.clip) : undefined,
		credits: report?.credits,
		cost: report?.cost ? { ...report.cost } : undefined,
		createdAt:
			report?.createdAt ??
			(facts.submittedAtMs === undefined ? undefined : new Date(facts.submittedAtMs).toISOString()),
		expectedSeconds: report && hasEnded(report.state) ? undefined : facts.expectedSeconds,
		payload: readPayload(report?.payload),
		waitedSeconds: waitedMs === undefined ? undefined : Math.round(waitedMs / 100) / 10,
		...(report?.state === 'unknown' ? { providerStatus: report.providerState } : {}),
		...(report?.diagnosis ? { code: report.diagnosis.code, reason: reasonOf(report.diagnosis) } : {}),
		...(simplify ? {} : { response: report?.response }),
	});
}

/** Why a task ended without a video. */
function reasonOf({ summary, advice, providerMessage }: Diagnosis): string {
	return [`${summary}.`, advice, ...(providerMessage ? [`The service said: ${providerMessage}`] : [])].join(' ');
}

/** The five states of the contract; a word the provider invented counts as not finished. */
export function statusOf(report: TaskReport | undefined): string {
	if (report === undefined) return 'queued';
	return report.state === 'unknown' ? 'processing' : report.state;
}

/** An item's own data put into Payload as JSON comes back as data. */
function readPayload(payload: string | undefined): unknown {
	if (payload === undefined) return undefined;
	const parsed = readJson(payload);
	return typeof parsed === 'object' && parsed !== null ? parsed : payload;
}

export function toItem(json: IDataObject, itemIndex: number, binary?: IBinaryKeyData): INodeExecutionData {
	return { json, ...(binary ? { binary } : {}), pairedItem: { item: itemIndex } };
}

/**
 * An item that failed under Continue. Nothing but `error` and `details` at the top and no `item.error`: so n8n sends it
 * to the Error output and keeps the details.
 */
export function toErrorItem(provider: Provider, facts: TaskFacts, failure: Failure): INodeExecutionData {
	return {
		json: { error: headlineOf(facts, failure), details: detailsOf(provider, facts, failure) },
		pairedItem: { item: facts.itemIndex },
	};
}

function detailsOf(provider: Provider, facts: TaskFacts, failure: Failure): IDataObject {
	const { taskId, report, model, operation, waitedMs } = facts;
	const { kind, description, diagnosis, parameter } = failure;
	return withoutEmpty({
		taskId,
		status: failedStatusOf(failure, facts),
		reason: kind,
		description,
		parameter,
		code: diagnosis?.code,
		httpStatus: diagnosis?.httpStatus,
		traceId: diagnosis?.traceId,
		providerMessage: diagnosis?.providerMessage,
		provider: provider.id,
		model: model ?? report?.model,
		operation,
		videoUrl: report?.videoUrl,
		credits: report?.credits,
		publishedCredits: publishedIfOther(facts.price, report?.credits),
		earlierTaskIds: facts.earlierTaskIds,
		waitedSeconds: taskId !== undefined && waitedMs !== undefined ? Math.round(waitedMs / 100) / 10 : undefined,
	});
}

function failedStatusOf({ kind }: Failure, { taskId, report }: TaskFacts): string {
	switch (kind) {
		case 'invalidInput':
		case 'notStarted':
			return 'notStarted';
		case 'outcomeUnknown':
			return 'unknown';
		case 'notCanceled':
			return report === undefined ? 'unknown' : statusOf(report);
		case 'canceled':
			return 'canceled';
		case 'stopped':
			return taskId === undefined ? 'notStarted' : statusOf(report);
		case 'stillRunning':
		case 'download':
			return statusOf(report);
		case 'lostTask':
			return report ? statusOf(report) : 'unknown';
		case 'internal':
			return taskId === undefined ? 'unknown' : statusOf(report);
		default:
			return 'failed';
	}
}

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
 * One error for the run: the first failure leads, every further one follows in a line of its own, then how many videos are
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
	const message = isTool ? `${headline}. ${failure.description}` : headline;
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
	const what = isRefused ? 'cannot be sent' : 'did not get a video';
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
 * The way to the videos that are made: n8n hands on nothing of a node that fails. What another try would order is said, for
 * it costs money.
 */
function tellMade(results: readonly ItemResult[]): string[] {
	const made = results.filter(({ facts, failure }) => !failure && facts.report?.state === 'succeeded').length;
	if (made === 0) return [];
	const open = results.filter(({ isOpen }) => isOpen).map(({ facts }) => facts.itemIndex);
	const again =
		open.length === 0
			? 'Nothing is ordered again.'
			: `What is made is not ordered again; ${tellItems(open)}, which ${open.length === 1 ? 'has no video yet, is' : 'have no video yet, are'} ordered then.`;
	return [
		'',
		`${made} of ${results.length} videos ${made === 1 ? 'is' : 'are'} made. To get ${made === 1 ? 'it' : 'them'}: in the node open Settings, ` +
			'set On Error to "Continue (using error output)" and save; then open Executions, choose this one and press ' +
			`Retry → "Retry with currently saved workflow". ${again}`,
	];
}

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

function headlineOf({ itemIndex }: TaskFacts, { headline }: Failure): string {
	return `${headline} [item ${itemIndex}]`;
}

function withoutEmpty(fields: Record<string, unknown>): IDataObject {
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
	) as IDataObject;
}

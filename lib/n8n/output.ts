import { NodeOperationError } from 'n8n-workflow';
import type { IBinaryKeyData, IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { readJson } from '../core/json';
import type { Trouble } from '../core/trouble';
import type { Diagnosis, Provider, TaskReport } from '../core/types';

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
					urlExpiresAt: expiry(report.urlExpiresAt, report.videoUrl, provider.urlLifetimeSeconds),
					coverUrlExpiresAt: expiry(report.coverUrlExpiresAt, report.coverUrl, provider.coverLifetimeSeconds),
				}
			: {}),
		credits: report?.credits,
		cost: report?.cost ? { ...report.cost } : undefined,
		createdAt:
			report?.createdAt ??
			(facts.submittedAtMs === undefined ? undefined : new Date(facts.submittedAtMs).toISOString()),
		payload: readPayload(report?.payload),
		waitedSeconds: waitedMs === undefined ? undefined : Math.round(waitedMs / 100) / 10,
		...(report?.state === 'unknown' ? { providerStatus: report.said } : {}),
		...(report?.diagnosis ? { code: report.diagnosis.code, reason: reasonOf(report.diagnosis) } : {}),
		...(simplify ? {} : { response: report?.response as IDataObject }),
	});
}

/** Why a task ended without a video. */
function reasonOf({ said, hint, providerMessage }: Diagnosis): string {
	return [`${said}.`, hint, ...(providerMessage ? [`The service said: ${providerMessage}`] : [])].join(' ');
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
export function toErrorItem(provider: Provider, facts: TaskFacts, trouble: Trouble): INodeExecutionData {
	return {
		json: { error: headlineOf(facts, trouble), details: detailsOf(provider, facts, trouble) },
		pairedItem: { item: facts.itemIndex },
	};
}

export function detailsOf(provider: Provider, facts: TaskFacts, trouble: Trouble): IDataObject {
	const { taskId, report, model, operation, waitedMs } = facts;
	const { kind, description, diagnosis, parameter } = trouble;
	return withoutEmpty({
		taskId,
		status: failedStatusOf(trouble, facts),
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
		waitedSeconds: taskId !== undefined && waitedMs !== undefined ? Math.round(waitedMs / 100) / 10 : undefined,
	});
}

function failedStatusOf({ kind }: Trouble, { taskId, report }: TaskFacts): string {
	switch (kind) {
		case 'invalidInput':
		case 'notStarted':
			return 'notStarted';
		case 'outcomeUnknown':
			return 'unknown';
		case 'canceled':
			return 'canceled';
		case 'stopped':
			return taskId === undefined ? 'notStarted' : statusOf(report);
		case 'stillRunning':
		case 'lostTask':
		case 'download':
			return statusOf(report);
		default:
			return 'failed';
	}
}

/** One error for the run: the first trouble leads, and every task id follows with item and state. */
export function toRunError(
	node: INode,
	provider: Provider,
	results: ReadonlyArray<{ facts: TaskFacts; trouble?: Trouble }>,
): NodeOperationError {
	const troubled = results.filter(({ trouble }) => trouble !== undefined);
	const { facts, trouble } = troubled[0] as { facts: TaskFacts; trouble: Trouble };
	const others = troubled.length - 1;
	const also = others > 0 ? ` And ${others} more ${others === 1 ? 'item' : 'items'} failed.` : '';
	const tasks = results
		.filter(({ facts: { taskId } }) => taskId !== undefined)
		.map(
			({ facts: own, trouble: reason }) =>
				`item ${own.itemIndex}: task ${own.taskId} ${reason ? failedStatusOf(reason, own) : statusOf(own.report)}`,
		);
	const list =
		tasks.length > 0
			? `\nTasks of this run (Task → Wait for Completion collects them):\n${tasks.join('\n')}`
			: '';
	const message = headlineOf(facts, trouble);
	const error = new NodeOperationError(node, message, {
		description: `${trouble.description}${also}${list}`,
		itemIndex: facts.itemIndex,
	});
	// n8n swaps texts in which it finds an error code
	error.message = message;
	error.context.data = { details: detailsOf(provider, facts, trouble) };
	return error;
}

function headlineOf({ itemIndex }: TaskFacts, { headline }: Trouble): string {
	return `${headline} [item ${itemIndex}]`;
}

function withoutEmpty(fields: Record<string, unknown>): IDataObject {
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
	) as IDataObject;
}

import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { FileFacts } from '../../core/download';
import { readJson } from '../../core/json';
import type { Failure } from '../../core/failure';
import { defined } from '../../core/defined';
import { hasEnded, type Diagnosis, type MadeFile, type Provider, type TaskReport } from '../../core/provider';
import type { StoredVideo } from '../io/download';
import { publishedIfOther, type Amount } from '../prices';
import { madeBy } from '../operations';
import { linkNameOf } from './links';

/** Outcomes become n8n items; the output contract lives here. */

/** What is known of a task when its item is written. */
export interface TaskFacts {
	itemIndex: number;
	taskId?: string;
	report?: TaskReport;
	model?: string;
	operation?: string;
	/** Where its task is asked about, where not as usual. */
	queryPath?: string;
	/** When this node ordered it, where the provider does not say. */
	submittedAtMs?: number;
	waitedMs?: number;
	/** By the published prices. */
	price?: Amount;
	/** How long such a task usually takes, for a workflow that waits for it itself. */
	expectedSeconds?: number;
	/** Of the video, where it was downloaded. */
	file?: FileFacts;
	/** Of what its task made beside it. */
	furtherFiles?: ReadonlyArray<FileFacts | undefined>;
	/** For the model of an AI agent: what it is to do now. */
	nextStep?: string;
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
	return withoutEmpty({
		// what is told at once is no task
		taskId: isDone && madeBy(operation) === 'facts' ? undefined : taskId,
		status: statusOf(report),
		provider: provider.id,
		model: facts.model ?? report?.model,
		operation,
		[linkNameOf(facts)]: report?.videoUrl,
		unmarkedVideoUrl: report?.unmarkedVideoUrl,
		coverUrl: report?.coverUrl,
		...(isDone
			? {
					creationId: report.creationId,
					...expiriesOf(report, provider, nowMs),
					creations: creationsOf(facts, (made) => expiriesOf(made, provider, nowMs)),
				}
			: {}),
		...(isDone ? report.facts : {}),
		file: isDone ? (facts.file ?? report.clip) : undefined,
		...priceOf(facts),
		progress: report && hasEnded(report.state) ? undefined : report?.progress,
		createdAt:
			report?.createdAt ??
			(facts.submittedAtMs === undefined ? undefined : new Date(facts.submittedAtMs).toISOString()),
		expectedSeconds: report && hasEnded(report.state) ? undefined : facts.expectedSeconds,
		nextStep: facts.nextStep,
		payload: readPayload(report?.payload),
		waitedSeconds: waitedMs === undefined ? undefined : Math.round(waitedMs / 100) / 10,
		...(report?.state === 'unknown' ? { providerStatus: report.providerState } : {}),
		...(report?.diagnosis ? { code: report.diagnosis.code, reason: reasonOf(report.diagnosis) } : {}),
		...(simplify ? {} : { response: report?.response }),
	});
}

/** Links are signed when the task is read, which may be a while before the item is written: what they say themselves comes first. */
function expiriesOf(made: MadeFile, provider: Provider, nowMs: number): IDataObject {
	const expiry = (told: string | undefined, url: string | undefined, lifetimeSeconds: number | undefined) =>
		url === undefined || lifetimeSeconds === undefined
			? told
			: (told ?? new Date(nowMs + lifetimeSeconds * 1000).toISOString());
	return {
		urlExpiresAt: expiry(made.urlExpiresAt, made.videoUrl, provider.urlLifetimeSeconds),
		coverUrlExpiresAt: expiry(made.coverUrlExpiresAt, made.coverUrl, provider.coverLifetimeSeconds),
	};
}

/** Where a task made several files, all of them, the one of the item first; undefined where it made one. */
function creationsOf(facts: TaskFacts, more: (made: MadeFile) => IDataObject = () => ({})): IDataObject[] | undefined {
	const { report, file, furtherFiles = [] } = facts;
	if (report?.further === undefined) return undefined;
	const files = [file, ...furtherFiles];
	return [report, ...report.further].map((made, at) =>
		withoutEmpty({
			creationId: made.creationId,
			[linkNameOf(facts)]: made.videoUrl,
			unmarkedVideoUrl: made.unmarkedVideoUrl,
			coverUrl: made.coverUrl,
			...more(made),
			file: files[at] ?? made.clip,
		}),
	);
}

/** What an item says of the files that it holds. */
export const filesOf = ({
	file,
	furtherFiles,
}: Pick<StoredVideo, 'file' | 'furtherFiles'>): Pick<TaskFacts, 'file' | 'furtherFiles'> =>
	defined({ file, furtherFiles });

/** What the service says; where it says nothing, a model that is to tell a person gets the published price. */
function priceOf({ report, nextStep, price }: TaskFacts): IDataObject {
	if (report?.credits === undefined && report?.cost === undefined && nextStep !== undefined) return { ...price };
	return { credits: report?.credits, cost: report?.cost ? { ...report.cost } : undefined };
}

/** Why a task ended without a video. */
function reasonOf({ summary, advice, providerMessage }: Diagnosis): string {
	return [`${summary}.`, advice, ...(providerMessage ? [`The service said: ${providerMessage}`] : [])].join(' ');
}

const hasEndedEmpty = (report: TaskReport | undefined): boolean =>
	report?.state === 'failed' || report?.state === 'canceled';

/** The five states of the contract; a word the provider invented counts as not finished. */
export const statusOf = (report: TaskReport | undefined): string =>
	report === undefined ? 'queued' : statusWord(report.state);

export const statusWord = (state: TaskReport['state']): string => (state === 'unknown' ? 'processing' : state);

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

export function detailsOf(provider: Provider, facts: TaskFacts, failure: Failure): IDataObject {
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
		[linkNameOf(facts)]: report?.videoUrl,
		creationId: report?.state === 'succeeded' ? report.creationId : undefined,
		creations: report?.state === 'succeeded' ? creationsOf(facts) : undefined,
		// what was bought beside a file that did not arrive: the ID of a voice, the clips of a film
		...(report?.state === 'succeeded' ? report.facts : {}),
		credits: report?.credits,
		// what ended without a video is not charged, whatever is published
		publishedCredits: hasEndedEmpty(report) ? undefined : publishedIfOther(facts.price, report?.credits),
		earlierTaskIds: facts.earlierTaskIds,
		waitedSeconds: taskId !== undefined && waitedMs !== undefined ? Math.round(waitedMs / 100) / 10 : undefined,
	});
}

export function failedStatusOf({ kind }: Failure, { taskId, report }: TaskFacts): string {
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

export function headlineOf({ itemIndex }: TaskFacts, { headline }: Failure): string {
	return `${headline} [item ${itemIndex}]`;
}

function withoutEmpty(fields: Record<string, unknown>): IDataObject {
	return Object.fromEntries(
		Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
	) as IDataObject;
}

import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { defined } from '../../core/defined';
import { withoutImages } from '../../core/echo';
import { mapPooled } from '../../core/pool';
import { NoReply, type Http } from '../../core/http';
import { hasEnded, type CallbackProtocol, type SubmittedTask, type TaskReport } from '../../core/provider';
import { ASK_TIMEOUT_MS, askPastLag, askInWebhook } from './findTask';
import { systemClock } from '../io/clock';
import type { StoredVideo } from '../io/download';
import { storeAll } from '../io/downloadAll';
import { cleanKey } from '../io/apiRoots';
import { pacedClient } from '../io/accounts';
import { createClient, unexpected, type ApiClient } from '../io/http';
import { filesOf, statusOf, toJson } from '../run/output';
import type { Backend } from '../backends';
import { readSignedCall, respond, targetOf } from './signedCall';
import { webhookParameters } from '../input/parameters';
import { DEFAULT_MAX_FILE_BYTES } from '../input/settings';
import { readTriggerSettings } from '../input/triggerSettings';

/** The Vidu Trigger: a callback starts a workflow with the task as the Vidu node would return it. */

/** The latest tasks that are looked through for the one a callback without an id is about. */
const TASKS_LOOKED_THROUGH = 500;
/** A list repeats the images of its tasks, so its pages are small. */
const PAGE_SIZE = 50;
/** How many of them are asked for their payload. */
const TASKS_ASKED = 20;
const ASKS_AT_ONCE = 5;

/** What a callback says about its task. */
type Told = NonNullable<ReturnType<CallbackProtocol['read']>>;

/** The task a callback is about, as far as the service confirms it. */
interface FoundTask {
	taskId?: string;
	/** As the service says now; absent where it cannot be had. */
	report?: TaskReport;
	/** The service does not know the task. */
	isUnknown?: boolean;
}

/** n8n's webhook() of the Vidu Trigger. Answers 401 to a bad signature; starts the workflow for the chosen events. */
export async function receiveCallback(context: IWebhookFunctions, backend: Backend): Promise<IWebhookResponseData> {
	const reception = new Reception(context, backend);
	try {
		return await reception.run();
	} catch (cause) {
		// thrown on, n8n would keep a failed execution for whoever calls
		context.logger.warn(`A callback could not be processed: ${cause instanceof Error ? cause.message : String(cause)}`);
		return reception.turnAway(503, 'Not now');
	}
}

class Reception {
	private memory?: Memory;
	/** What tells this call from others, once it is remembered. */
	private noted?: string;

	constructor(
		private readonly context: IWebhookFunctions,
		private readonly backend: Backend,
	) {}

	async run(): Promise<IWebhookResponseData> {
		const { context } = this;
		const { provider, credential } = this.backend;
		const settings = readTriggerSettings(webhookParameters(context), (message) => context.logger.warn(message));
		const memory = (this.memory = new Memory(context, 2 * settings.windowMs));
		const { verify, read } = provider.callback!;
		let nonce: string | undefined;
		if (settings.requireSignature) {
			const { apiKey } = await context.getCredentials(credential);
			const signed = verify(readSignedCall(context, targetsOf(context)), cleanKey(apiKey));
			if (!signed) return respond(context, 401, 'The signature does not match');
			if (Math.abs(Date.now() - signed.dateMs) > settings.windowMs)
				return respond(context, 401, 'The callback is too old');
			({ nonce } = signed);
		}
		const account = settings.readTask ? pacedClient(await createClient(context, credential), provider) : undefined;
		if (nonce !== undefined) {
			// beside the events, so that no nonce can look like one
			const key = `call ${nonce}`;
			if (!memory.isNew(key)) return respond(context, 200, 'Taken already');
			this.noted = key;
		}
		const told = read(withoutImages(context.getBodyData()));
		if (!told) return this.turnAway(400, 'This is not about a task');
		if (told.taskId !== undefined && !provider.isTaskId(told.taskId))
			return this.turnAway(400, 'This is not the ID of a task');
		const isBehind = ({ report }: FoundTask): boolean =>
			report !== undefined && hasEnded(told.report.state) && !hasEnded(report.state);
		const found: FoundTask = account
			? await askPastLag(async () => await findTask(told, provider, account), isBehind)
			: defined({ taskId: told.taskId });
		if (found.isUnknown) return this.turnAway(404, 'There is no such task');
		if (isBehind(found)) return this.turnAway(503, 'The task has not ended');
		const report = account ? confirmed(told.report, found.report) : told.report;
		const event = eventOf(report);
		if (!settings.events.includes(event)) return respond(context, 200, 'Not waited for');
		// a repeated call may have a nonce of its own
		if (found.taskId !== undefined && !memory.isNew(`task ${event} ${found.taskId}`))
			return respond(context, 200, 'Taken already');
		// before the download: the service does not wait for that
		const reply = respond(context, 200, 'The workflow starts');
		const nowMs = Date.now();
		const video =
			account && settings.downloadVideo ? await download(context, settings.field, provider, account, found) : undefined;
		const json: IDataObject = {
			...toJson(
				provider,
				{ itemIndex: 0, report, ...defined({ taskId: found.taskId }), ...(video ? filesOf(video) : {}) },
				{ simplify: settings.simplify, nowMs },
			),
			isVerified: found.report !== undefined,
		};
		if (report.videoUrl === undefined) delete json.urlExpiresAt;
		const item: INodeExecutionData = { json, ...defined({ binary: video?.binary }) };
		return { ...reply, workflowData: [[item]] };
	}

	/** The service may call again, and nothing says that it takes another nonce then. */
	turnAway(status: number, message: string): IWebhookResponseData {
		if (this.noted !== undefined) this.memory?.forget(this.noted);
		return respond(this.context, status, message);
	}
}

/**
 * What leaves of a callback where the task is to be read again: what the service confirms. Without that, no more than
 * that something happened, and the user's own text to know it by: the body is not signed, so its links may be anybody's.
 */
function confirmed(told: TaskReport, found: TaskReport | undefined): TaskReport {
	const { state, providerState } = told;
	if (found === undefined)
		return {
			state,
			providerState,
			...defined({ payload: told.payload, diagnosis: told.diagnosis }),
			response: undefined,
		};
	if (hasEnded(told.state) || !hasEnded(found.state)) return found;
	// a task that has ended meanwhile did begin to run, and tells its end in a call of its own
	const { payload, model, createdAt } = found;
	return { state, providerState, ...defined({ payload, model, createdAt }), response: undefined };
}

function eventOf(report: TaskReport): string {
	const status = statusOf(report);
	if (status === 'canceled') return 'failed';
	return status === 'queued' ? 'processing' : status;
}

/**
 * Path and query the callback can have been signed for: the path as registered, which a proxy may have changed on the
 * way, or as received; the query as received, for the user may have added to it.
 */
function targetsOf(context: IWebhookFunctions): string[] {
	const { originalUrl, url } = context.getRequestObject();
	const received = originalUrl ?? url;
	const query = received.includes('?') ? received.slice(received.indexOf('?')) : '';
	// the second knows the test URL from the production URL; versions of n8n without it have the first
	const registered = [
		context.getNodeWebhookUrl('default'),
		(context as Partial<Pick<IWebhookFunctions, 'getWebhookResourceUrl'>>).getWebhookResourceUrl?.('default'),
	];
	return [received, ...registered.map((address) => `${targetOf(address ?? '').split('?')[0]}${query}`)];
}

/** What this process has seen; n8n's static data, read again for every call, is shared and lasts, but is written late. */
const seenHere = new Map<string, number>();

/** Remembers callbacks for as long as they would still be taken. */
class Memory {
	private readonly store: { seen?: Record<string, number> };
	private readonly place: string;

	constructor(
		context: IWebhookFunctions,
		private readonly keepMs: number,
	) {
		this.store = context.getWorkflowStaticData('node');
		this.place = `${context.getWorkflow().id}:${context.getNode().id}`;
	}

	/** True the first time. */
	isNew(key: string): boolean {
		const nowMs = Date.now();
		const isFresh = ([, seenMs]: [string, number]): boolean => nowMs - seenMs <= this.keepMs;
		const seen = Object.fromEntries(Object.entries(this.store.seen ?? {}).filter(isFresh));
		for (const entry of seenHere) if (!isFresh(entry)) seenHere.delete(entry[0]);
		const here = `${this.place} ${key}`;
		const isKnown = Object.hasOwn(seen, key) || seenHere.has(here);
		this.store.seen = { ...seen, [key]: nowMs };
		seenHere.set(here, nowMs);
		return !isKnown;
	}

	/** The same call may come again. */
	forget(key: string): void {
		this.store.seen = Object.fromEntries(Object.entries(this.store.seen ?? {}).filter(([name]) => name !== key));
		seenHere.delete(`${this.place} ${key}`);
	}
}

/** Asks for the task called about. A callback may leave the id out: then the latest tasks are looked through. */
async function findTask(told: Told, provider: Backend['provider'], { http }: ApiClient): Promise<FoundTask> {
	const taskId = told.taskId ?? (await findTaskId(told, provider, http));
	if (taskId === undefined) return {};
	const { report, refusal } = await askInWebhook(provider, http, taskId);
	return { taskId, ...defined({ report }), ...(refusal?.unknownTask ? { isUnknown: true } : {}) };
}

/** By the id of the video, which lists hold; else by the payload, which only the task itself repeats. */
async function findTaskId(
	{ creationId, report: { payload } }: Told,
	provider: Backend['provider'],
	http: Http,
): Promise<string | undefined> {
	const tasks = await latestTasks(provider, http);
	if (creationId !== undefined)
		return tasks.find(({ response }) => provider.callback!.read(response)?.creationId === creationId)?.taskId;
	if (payload === undefined) return undefined;
	const matches = await mapPooled(tasks.slice(0, TASKS_ASKED), ASKS_AT_ONCE, async ({ taskId }) => {
		const { report } = await askInWebhook(provider, http, taskId);
		return report?.payload === payload ? [taskId] : [];
	});
	const ids = matches.flat();
	return ids.length === 1 ? ids[0] : undefined;
}

async function latestTasks({ list, isTaskId }: Backend['provider'], http: Http): Promise<SubmittedTask[]> {
	const tasks: SubmittedTask[] = [];
	let pageToken: string | undefined;
	try {
		do {
			const reply = await http.send({ ...list!.page({}, PAGE_SIZE, pageToken), timeoutMs: ASK_TIMEOUT_MS });
			const page = list!.read(reply);
			tasks.push(...(page?.tasks ?? []).filter(({ taskId }) => isTaskId(taskId)));
			pageToken = page?.nextPageToken;
		} while (pageToken !== undefined && tasks.length < TASKS_LOOKED_THROUGH);
	} catch (cause) {
		if (!(cause instanceof NoReply)) throw unexpected(cause);
	}
	return tasks;
}

async function download(
	context: IWebhookFunctions,
	field: string,
	provider: Backend['provider'],
	{ http }: ApiClient,
	{ taskId, report }: FoundTask,
): Promise<StoredVideo | undefined> {
	if (taskId === undefined || report?.videoUrl === undefined) return undefined;
	const askAgain = async () => (await askInWebhook(provider, http, taskId)).report;
	const done = await storeAll(
		context,
		{ taskId, report, askAgain },
		{
			field,
			fileName: taskId,
			made: 'any',
			maxBytes: DEFAULT_MAX_FILE_BYTES,
		},
		systemClock,
	);
	// the link is in the item; a file that does not come is no reason to lose the event
	return 'result' in done ? done.result : done.arrived;
}

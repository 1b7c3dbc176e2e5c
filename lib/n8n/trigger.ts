import type {
	IBinaryKeyData,
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { NoReply, type TaskReport } from '../core/types';
import { systemClock } from './clock';
import { storeVideo } from './download';
import { openAccount, unexpected, type Account } from './http';
import { statusOf, toJson } from './output';
import type { Route } from './routes';
import { readSignedCall, respond, targetOf } from './signedCall';

/** The Vidu Trigger: a callback starts a workflow with the task as the Vidu node would return it. */

const ASK_TIMEOUT_MS = 10_000;
const MINUTE_MS = 60_000;
const MEGABYTE = 1024 * 1024;
/** Callbacks of this many tasks are looked through for one that names no id. */
const TASKS_LOOKED_THROUGH = 100;

export const TRIGGER_PROPERTIES: INodeProperties[] = [
	{
		displayName:
			'Put the production URL of this node into Callback URL under Additional Options of a Vidu node that does not wait. What you write into Payload there comes back here.',
		name: 'howTo',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: [
			{ name: 'Failed', value: 'failed', description: 'A task ended without a video' },
			{ name: 'Processing', value: 'processing', description: 'A task began to run' },
			{ name: 'Succeeded', value: 'succeeded', description: 'A video is made' },
		],
		default: ['succeeded', 'failed'],
		description: 'What starts the workflow',
	},
	{
		displayName: 'Read Task Anew',
		name: 'readTask',
		type: 'boolean',
		default: true,
		description:
			'Whether to ask Vidu for the task before the workflow starts. The body of a callback is not signed, so its links are not to be trusted.',
	},
	{
		displayName: 'Download Video',
		name: 'downloadVideo',
		type: 'boolean',
		default: false,
		description: 'Whether to store the video file in the item. The link to it works for a day only.',
		displayOptions: { show: { readTask: [true] } },
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show: { readTask: [true], downloadVideo: [true] } },
	},
	{
		displayName: 'Additional Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Replay Window (Minutes)',
				name: 'replayWindowMinutes',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 5,
				description: 'How old a callback may be. Within this time each is taken only once.',
			},
			{
				displayName: 'Require Signature',
				name: 'requireSignature',
				type: 'boolean',
				default: true,
				description: 'Whether to turn away callbacks that are not signed with the API key of the credential',
			},
			{
				displayName: 'Simplify',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description: 'Whether to return a simplified version of the response instead of the raw data',
			},
		],
	},
];

interface TriggerOptions {
	replayWindowMinutes?: number;
	requireSignature?: boolean;
	simplify?: boolean;
}

/** n8n's webhook() of the Vidu Trigger. Answers 401 to a bad signature; starts the workflow for the chosen events. */
export async function receiveCallback(
	context: IWebhookFunctions,
	{ provider, credential }: Route,
): Promise<IWebhookResponseData> {
	const options = context.getNodeParameter('options', {}) as TriggerOptions;
	const { verify, read } = provider.callback!;
	if (options.requireSignature !== false) {
		const { apiKey } = await context.getCredentials(credential);
		const signed = verify(readSignedCall(context, targetsOf(context)), String(apiKey).trim());
		if (!signed) return respond(context, 401, 'The signature does not fit');
		const windowMs = (options.replayWindowMinutes ?? 5) * MINUTE_MS;
		if (Math.abs(Date.now() - signed.dateMs) > windowMs)
			return respond(context, 401, 'The callback is too old');
		if (isKnownNonce(context, signed.nonce, windowMs)) return respond(context, 200, 'Taken already');
	}
	const told = read(context.getBodyData());
	if (!told) return respond(context, 400, 'This is not about a task');
	const readsAnew = context.getNodeParameter('readTask', true) === true;
	const account = readsAnew ? await openAccount(context, credential) : undefined;
	const found = account ? await findTask(told, provider, account) : { taskId: told.taskId };
	const report: TaskReport = { ...told.report, ...found.report };
	const events = context.getNodeParameter('events', []) as string[];
	if (!events.includes(eventOf(report))) return respond(context, 200, 'Not waited for');

	const json: IDataObject = {
		...toJson(
			provider,
			{ itemIndex: 0, report, ...(found.taskId === undefined ? {} : { taskId: found.taskId }) },
			{ simplify: options.simplify !== false, nowMs: Date.now() },
		),
		isVerified: found.report !== undefined,
	};
	const binary = account && (await download(context, provider, account, found));
	const item: INodeExecutionData = { json, ...(binary ? { binary } : {}) };
	return { workflowData: [[item]] };
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
	const registered = targetOf(context.getNodeWebhookUrl('default') ?? '');
	return [`${registered.split('?')[0]}${query}`, received];
}

/** Remembers nonces for as long as their callback would still be taken. */
function isKnownNonce(context: IWebhookFunctions, nonce: string, windowMs: number): boolean {
	if (nonce === '') return false;
	const store = context.getWorkflowStaticData('node') as { nonces?: Record<string, number> };
	const nowMs = Date.now();
	const nonces = Object.fromEntries(
		Object.entries(store.nonces ?? {}).filter(([, seenMs]) => nowMs - seenMs <= 2 * windowMs),
	);
	const isKnown = nonce in nonces;
	store.nonces = { ...nonces, [nonce]: nowMs };
	return isKnown;
}

interface FoundTask {
	taskId?: string;
	/** As the provider says now; absent where it cannot be had. */
	report?: TaskReport;
}

/** Asks for the task called about. A callback may leave the id out: then the latest tasks are looked through. */
async function findTask(
	told: { taskId?: string; creationId?: string; report: TaskReport },
	provider: Route['provider'],
	{ http }: Account,
): Promise<FoundTask> {
	const taskId = told.taskId ?? (await findTaskId(told, provider, { http }));
	if (taskId === undefined) return {};
	try {
		const report = provider.readReport(await http.send({ ...provider.ask(taskId), timeoutMs: ASK_TIMEOUT_MS }));
		return { taskId, ...(report ? { report } : {}) };
	} catch (cause) {
		if (cause instanceof NoReply) return { taskId };
		throw unexpected(cause);
	}
}

async function findTaskId(
	told: { creationId?: string; report: TaskReport },
	{ list, callback }: Route['provider'],
	{ http }: Pick<Account, 'http'>,
): Promise<string | undefined> {
	if (!list) return undefined;
	try {
		const page = list.read(
			await http.send({ ...list.page({}, TASKS_LOOKED_THROUGH, undefined), timeoutMs: ASK_TIMEOUT_MS }),
		);
		const matching = (page?.tasks ?? []).filter((task) =>
			told.creationId !== undefined
				? callback!.read(task.response)?.creationId === told.creationId
				: told.report.payload !== undefined && task.payload === told.report.payload,
		);
		return matching.length === 1 ? matching[0].taskId : undefined;
	} catch (cause) {
		if (cause instanceof NoReply) return undefined;
		throw unexpected(cause);
	}
}

async function download(
	context: IWebhookFunctions,
	provider: Route['provider'],
	{ http }: Account,
	{ taskId, report }: FoundTask,
): Promise<IBinaryKeyData | undefined> {
	if (context.getNodeParameter('downloadVideo', false) !== true) return undefined;
	if (taskId === undefined || report?.videoUrl === undefined) return undefined;
	const askAgain = async () =>
		provider.readReport(await http.send({ ...provider.ask(taskId), timeoutMs: ASK_TIMEOUT_MS }));
	const done = await storeVideo(
		context,
		{ taskId, report, askAgain },
		{
			field: String(context.getNodeParameter('binaryPropertyName', 'data')),
			fileName: `${taskId}.mp4`,
			maxBytes: 1024 * MEGABYTE,
		},
		systemClock,
	);
	// the link is in the item; a file that does not come is no reason to lose the event
	return 'result' in done ? done.result : undefined;
}

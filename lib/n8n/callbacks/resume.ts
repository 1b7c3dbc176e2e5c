import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import type { Noun } from '../../core/noun';
import { defined } from '../../core/defined';
import { mapPooled } from '../../core/pool';
import { endedEmpty, canceled, lostTask, type Failure } from '../../core/failure';
import { hasAllLinks, hasResult, type TaskReport } from '../../core/provider';
import { askPastLag, askInWebhook } from './findTask';
import { pacedClient } from '../io/accounts';
import { systemClock } from '../io/clock';
import { storeAll } from '../io/downloadAll';
import { cleanKey } from '../io/apiRoots';
import { createClient, type ApiClient } from '../io/http';
import { nounOf } from '../operations';
import { filesOf, toErrorItem, toItem, toJson, type TaskFacts } from '../run/output';
import { callbackUrlFor } from '../run/park';
import { PARKED, readParked, type Parked, type ParkedItem } from '../run/parked';
import type { Backend } from '../backends';
import { readSignedCall, respond, targetOf } from './signedCall';

/**
 * The service calls a parked execution back. The call is only a reason to ask: while any task is open the execution
 * stays parked; when all have ended it goes on with one item per input item. Nothing here may throw, for then n8n would
 * resume the run with an empty item.
 */

const ASKS_AT_ONCE = 5;
const DOWNLOADS_AT_ONCE = 3;

/** What a callback is about, and what it says of it. */
interface Claimed {
	itemIndex: number;
	isEnded: boolean;
}

/** What asking for one parked task came to. */
type Answer = { kind: 'open' } | { kind: 'silent' } | { kind: 'ended'; report?: TaskReport; failure?: Failure };

/** How long n8n may take to note that an execution goes on; until then it still hands callbacks over. */
const RESUMING_MS = 10_000;

/**
 * One callback at a time per parking, so that the last two do not both fetch all videos. Resolves to true when the
 * execution goes on.
 */
const turns = new Map<string, { isResumed: Promise<boolean>; endedMs?: number }>();

/** n8n's webhook() of the Vidu node. @returns workflowData only when the execution shall go on */
export async function resumeParked(
	context: IWebhookFunctions,
	backends: readonly Backend[],
): Promise<IWebhookResponseData> {
	try {
		return await new Resumption(context, backends).run();
	} catch (cause) {
		context.logger.warn(`A callback could not be processed: ${cause instanceof Error ? cause.message : String(cause)}`);
		return respond(context, 503, 'Not now');
	}
}

class Resumption {
	constructor(
		private readonly context: IWebhookFunctions,
		private readonly backends: readonly Backend[],
	) {}

	async run(): Promise<IWebhookResponseData> {
		const { context } = this;
		const found = readParked(this.readRecord());
		if (found.kind === 'none') return respond(context, 200, 'Nothing is parked here');
		if (found.kind !== 'parked') return this.leaveParked(tellUnread(found));
		const { parked } = found;
		const backend = this.backends.find(({ catalogue }) => catalogue.provider === parked.provider);
		if (!backend?.provider.callback)
			return this.leaveParked('is of a provider that this version of the node does not know');
		const itemIndex = Number((context.getQueryData() as IDataObject).item);
		// from what was registered: a proxy may have changed host and path on the way
		const target = targetOf(callbackUrlFor(parked.registered, itemIndex));
		const { apiKey } = await context.getCredentials(backend.credential);
		const call = readSignedCall(context, [target]);
		if (!backend.provider.callback.verify(call, cleanKey(apiKey)))
			return respond(context, 401, 'The signature does not match');
		const claimed = backend.provider.callback.read(context.getBodyData())?.report.state;
		if (claimed === 'queued' || claimed === 'processing') return respond(context, 200, 'Waiting on');

		return await inTurn(
			// a loop parks the same execution again, with other tasks
			[parked.registered, ...parked.items.map(({ taskId }) => taskId)].join(),
			async () =>
				await this.goOnIfAllEnded(parked, backend, {
					itemIndex,
					isEnded: claimed !== undefined && claimed !== 'unknown',
				}),
			() => respond(context, 200, 'Resumed already'),
		);
	}

	private async goOnIfAllEnded(parked: Parked, backend: Backend, claimed: Claimed): Promise<IWebhookResponseData> {
		const { context } = this;
		const account = pacedClient(await createClient(context, backend.credential), backend.provider);
		const answers = await this.askAll(parked, backend, account, claimed);
		if (answers === 'open') return respond(context, 200, 'Waiting on');
		// it may call again after a refusal
		if (answers === 'silent') return respond(context, 503, 'The tasks cannot be read now');
		// before the downloads: the service does not wait for those
		const reply = respond(context, 200, 'Resumed');
		const items = await mapPooled(
			parked.items,
			DOWNLOADS_AT_ONCE,
			async (item) => await this.toOutput(item, answers.get(item.itemIndex), parked, backend, account),
		);
		// n8n itself moves those that failed to the error output
		return { ...reply, workflowData: [items] };
	}

	/** Asks in the order that finds an open task soonest: the one called about, then the last ordered. */
	private async askAll(
		{ items }: Parked,
		backend: Backend,
		account: ApiClient,
		claimed: Claimed,
	): Promise<Map<number, Answer & { kind: 'ended' }> | 'open' | 'silent'> {
		const queue = items
			.filter(({ taskId }) => taskId !== undefined)
			.sort(
				(a, b) =>
					Number(b.itemIndex === claimed.itemIndex) - Number(a.itemIndex === claimed.itemIndex) ||
					b.itemIndex - a.itemIndex,
			);
		const answers = new Map<number, Answer & { kind: 'ended' }>();
		let verdict: 'open' | 'silent' | undefined;
		// few at first: one open task is enough to know
		for (let atOnce = 1; queue.length > 0 && !verdict; atOnce = Math.min(2 * atOnce, ASKS_AT_ONCE))
			await Promise.all(
				queue.splice(0, atOnce).map(async (item) => {
					const isSaidToBeEnded = claimed.isEnded && item.itemIndex === claimed.itemIndex;
					const answer = await askPastLag(
						async () => await ask(backend, account, item),
						(told) => (isSaidToBeEnded && told.kind === 'open') || isHalfThere(told),
					);
					if (answer.kind === 'ended') answers.set(item.itemIndex, answer);
					else verdict ??= answer.kind;
				}),
			);
		return verdict ?? answers;
	}

	private async toOutput(
		item: ParkedItem,
		answer: (Answer & { kind: 'ended' }) | undefined,
		{ simplify }: Parked,
		backend: Backend,
		account: ApiClient,
	): Promise<INodeExecutionData> {
		const { itemIndex, taskId, record, destination, submittedAtMs, model, operation } = item;
		if (taskId === undefined || !answer) return toItem(record, itemIndex);
		const facts: TaskFacts = {
			itemIndex,
			taskId,
			submittedAtMs,
			waitedMs: Date.now() - submittedAtMs,
			...(model === undefined ? {} : { model }),
			...(operation === undefined ? {} : { operation }),
			...(answer.report ? { report: answer.report } : {}),
		};
		if (answer.failure) return toErrorItem(backend.provider, facts, answer.failure);
		const nowMs = Date.now();
		const tell = (known: TaskFacts) => ({ ...kept(record), ...toJson(backend.provider, known, { simplify, nowMs }) });
		// a film may end in clips alone
		if (!destination || answer.report?.videoUrl === undefined) return toItem(tell(facts), itemIndex);
		const askAgain = async () => {
			const again = await ask(backend, account, item);
			return again.kind === 'ended' ? again.report : undefined;
		};
		const { coverField, made, ...file } = destination;
		const to = { ...file, ...defined({ coverField, made }) };
		const done = await storeAll(this.context, { taskId, report: answer.report, askAgain }, to, systemClock);
		// the link that worked may be a later one
		const told = { ...facts, report: done.report };
		return 'failure' in done
			? toErrorItem(backend.provider, told, done.failure)
			: toItem(tell({ ...told, ...filesOf(done.result) }), itemIndex, done.result.binary);
	}

	/** The service calls again, perhaps when the package has changed; at the deadline n8n goes on with the pending records. */
	private leaveParked(why: string): IWebhookResponseData {
		this.context.logger.warn(`A callback came for a parked execution whose record ${why}. It stays parked.`);
		return respond(this.context, 503, 'Not now');
	}

	private readRecord(): unknown {
		// two braces would end the expression
		const name = JSON.stringify(this.context.getNode().name).replaceAll('}', '\\u007d');
		return this.context.evaluateExpression(`{{ $node[${name}].context[${JSON.stringify(PARKED)}] }}`, 0);
	}
}

/** Ids and places only: a record holds addresses with tokens. */
function tellUnread(found: Exclude<ReturnType<typeof readParked>, { kind: 'parked' | 'none' }>): string {
	if (found.kind === 'newer') return `has version ${found.version}, which a later version of this package wrote`;
	const ids = found.taskIds.length > 0 ? found.taskIds.join(', ') : 'none can be read';
	return `is damaged (${found.where}); its tasks: ${ids}`;
}

/** Waits until no other callback of the same parking is worked on; when one of them resumed it, there is no more to do. */
async function inTurn(
	key: string,
	work: () => Promise<IWebhookResponseData>,
	tooLate: () => IWebhookResponseData,
): Promise<IWebhookResponseData> {
	for (const [old, { endedMs }] of turns)
		if (endedMs !== undefined && Date.now() - endedMs > RESUMING_MS) turns.delete(old);
	for (let other = turns.get(key); other; other = turns.get(key)) if (await other.isResumed) return tooLate();
	const working = work();
	const turn: { isResumed: Promise<boolean>; endedMs?: number } = {
		isResumed: working.then(
			({ workflowData }) => {
				if (workflowData === undefined) turns.delete(key);
				else turn.endedMs = Date.now();
				return workflowData !== undefined;
			},
			() => {
				turns.delete(key);
				return false;
			},
		),
	};
	turns.set(key, turn);
	return await working;
}

async function ask({ provider }: Backend, { http }: ApiClient, parked: ParkedItem): Promise<Answer> {
	const { taskId = '', queryPath } = parked;
	const noun = nounOf(parked.operation);
	const { report, refusal } = await askInWebhook(provider, http, taskId, { queryPath });
	if (refusal)
		return {
			kind: 'ended',
			failure:
				refusal.kind === 'content' ? endedEmpty(provider.name, taskId, refusal, noun) : lostTask(taskId, refusal),
		};
	return report ? readEnd(provider.name, taskId, report, noun) : { kind: 'silent' };
}

const isHalfThere = (answer: Answer): boolean =>
	answer.kind === 'ended' && answer.report !== undefined && !hasAllLinks(answer.report);

function readEnd(name: string, taskId: string, report: TaskReport, noun?: Noun): Answer {
	switch (report.state) {
		case 'succeeded':
			return hasResult(report) ? { kind: 'ended', report } : { kind: 'silent' };
		case 'failed':
			return { kind: 'ended', report, failure: endedEmpty(name, taskId, report.diagnosis, noun) };
		case 'canceled':
			return { kind: 'ended', report, failure: canceled(taskId, report.diagnosis) };
		default:
			return { kind: 'open' };
	}
}

/** What the order's answer knew and later ones leave out. */
function kept(record: IDataObject): IDataObject {
	return Object.fromEntries(
		['createdAt', 'credits', 'payload'].filter((name) => name in record).map((name) => [name, record[name]]),
	);
}

import { leavesOf, loadBody, mediaLengthOf } from '../body';
import type { Wire } from '../account/wire';
import type { Clock } from '../clock';
import type { Failure } from '../failure';
import { NoReply, type Http, type HttpReply } from '../http';
import type { Job } from '../job';
import { withinTime } from '../limit';
import type { Provider, SubmitAnswer } from '../provider';
import type { Ledger } from './ledger';
import type { OrderKeys } from './parts';

/** One order on its way: its key taken, its media loaded, the ledger told, sent once, its answer read. */

/** An order must be answered within this time; an image of 20 MB travels in it. */
const SUBMIT_TIMEOUT_MS = 180_000;
/** Of reading its files out of n8n's storage, which has no limit of its own. */
const LOAD_TIMEOUT_MS = 120_000;

export type Submission =
	/** The provider answered. */
	| SubmitAnswer
	/** No answer came, and the order may have arrived. */
	| { kind: 'silent'; reason: string }
	/** It cannot have arrived. */
	| { kind: 'notReached'; cause: NoReply }
	/** It never left. */
	| { kind: 'notSent'; failure: Failure }
	| { kind: 'withdrawn' }
	/** Its key is another's. */
	| { kind: 'leftOut' };

export interface SubmitParts {
	provider: Provider;
	http: Http;
	clock: Clock;
	ledger?: Ledger;
	keys?: OrderKeys;
	wire: Wire;
	/** Resolves when the next request of the account may leave. @throws NoReply where the run is stopped before */
	turn: () => Promise<void>;
}

/**
 * A key is taken before the order has a place on the wire: nothing that hangs there keeps the others back.
 * @param leave the order is about to leave; false where it shall not any more
 */
export async function submitJob(job: Job, parts: SubmitParts, leave: () => boolean): Promise<Submission> {
	const { keys } = parts;
	if (!keys) return await sendInTurn(job, parts, leave);
	const key = await keys.take(job);
	if (key === 'taken') return { kind: 'leftOut' };
	if (key !== 'ours') return { kind: 'notSent', failure: key };
	const submission = await sendKeyed(job, parts, leave);
	if (BOUGHT_NOTHING.includes(submission.kind)) keys.giveBack(job);
	return submission;
}

/** Taking a key takes its time, and keys are had many at once: the turn that the order had is past. */
async function sendKeyed(job: Job, parts: SubmitParts, leave: () => boolean): Promise<Submission> {
	if (job.orderKey !== undefined)
		try {
			await parts.turn();
		} catch (cause) {
			if (cause instanceof NoReply) return { kind: 'withdrawn' };
			throw cause;
		}
	return await sendInTurn(job, parts, leave);
}

/** All else was bought, or may have been. */
const BOUGHT_NOTHING: ReadonlyArray<Submission['kind']> = ['notSent', 'withdrawn', 'notReached', 'busy', 'refused'];

async function sendInTurn(job: Job, parts: SubmitParts, leave: () => boolean): Promise<Submission> {
	return await parts.wire.use(wireLengthOf(job), async () => await send(job, parts, leave));
}

async function send(job: Job, parts: SubmitParts, leave: () => boolean): Promise<Submission> {
	const { provider, http, clock, ledger } = parts;
	let body: Record<string, unknown>;
	try {
		if (!job.request) throw new Error('What an earlier try has ordered is not read again');
		const { request } = job;
		body = await withinTime(LOAD_TIMEOUT_MS, clock, async () => await loadBody(request.body));
	} catch (cause) {
		return { kind: 'notSent', failure: unreadableFile(job, cause) };
	}
	if (!leave()) return { kind: 'withdrawn' };
	const request = { method: 'POST' as const, ...job.request, body, timeoutMs: SUBMIT_TIMEOUT_MS };
	ledger?.write(job, { state: 'submitting', atMs: clock.nowMs() });
	let reply: HttpReply;
	try {
		reply = await http.send(request);
	} catch (cause) {
		return cause instanceof NoReply && !cause.sent
			? { kind: 'notReached', cause }
			: { kind: 'silent', reason: messageOf(cause) };
	}
	return readAnswer(provider, reply, job);
}

/** A fault of ours in reading what came back must not hide that it came, nor the id that stands in it. */
function readAnswer(provider: Provider, reply: HttpReply, { answering }: Job): SubmitAnswer {
	try {
		return provider.readSubmit(reply, answering);
	} catch (cause) {
		const mentionedTaskId = provider.mentionedTaskId(reply);
		return {
			kind: 'unknown',
			reason: `The answer could not be read: ${messageOf(cause)}.`,
			...(mentionedTaskId === undefined ? {} : { mentionedTaskId }),
		};
	}
}

/** Characters of a job's media on the wire. */
export const wireLengthOf = ({ request }: Job): number => mediaLengthOf(request?.body);

function unreadableFile({ request }: Job, cause: unknown): Failure {
	const isImage = leavesOf(request?.body).every(({ media }) => media === undefined);
	return {
		kind: 'invalidInput',
		headline: `${isImage ? 'An image' : 'A file'} of this item cannot be read`,
		description: `${messageOf(cause)}. Nothing was sent.`,
	};
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

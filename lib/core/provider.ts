import type { Answering } from '../catalogue/types';
import type { HttpReply, HttpRequest } from './http';
import type { PreparedRequest } from './body';
import type { FilmDesk } from './film';
import type { Order } from './job';
import type { TaskState } from './taskState';
import type { ClipFacts } from './mp4';

/** A provider's wire protocol, and what it says, in our words. */

/** A code of the provider, sorted by what it means for the money and for a retry. */
export type DiagnosisKind = 'permanent' | 'transient' | 'auth' | 'balance' | 'content';

/** What a provider's refusal or failure means, read from a table of its codes. */
export interface Diagnosis {
	kind: DiagnosisKind;
	/** For transient refusals: the account is full, the calls came too fast, or this model is overloaded; nothing was started. */
	busy?: 'concurrency' | 'rate' | 'model';
	/** The call named a task that does not exist (for this key). */
	unknownTask?: boolean;
	/** True only where the service itself speaks, in its documented envelope: no gateway, firewall or page in between. */
	isOwnWords?: boolean;
	/** What happened, in words, without a full stop. */
	summary: string;
	/** What the user can do. One or two sentences. */
	advice: string;
	code?: string;
	/** The provider's own words. */
	providerMessage?: string;
	httpStatus?: number;
	/** Trace or log id for the provider's support. */
	traceId?: string;
}

export interface Cost {
	amount: string;
	currency: string;
}

/** A file that a task made, and what belongs to it. */
export interface MadeFile {
	/** A video mostly: as it was asked for, with the watermark where one was. Absent where it is not there yet. */
	videoUrl?: string;
	/** ISO 8601, where the link itself says so. */
	urlExpiresAt?: string;
	/** The same video without the watermark, where the service gives both. */
	unmarkedVideoUrl?: string;
	/** The service's own id of the video, by which other orders of the same account take it up. */
	creationId?: string;
	/** What the service says of the video itself. */
	clip?: ClipFacts;
	coverUrl?: string;
	/** ISO 8601, where the link itself says so. */
	coverUrlExpiresAt?: string;
}

/** What the provider says about a task, in our words. Its file stands in it; those beside it are `further`. */
export interface TaskReport extends MadeFile {
	state: TaskState;
	/** The provider's own word. */
	providerState: string;
	/** What the task made beside that file, where it made several. */
	further?: readonly MadeFile[];
	/** What the answer tells beside a file, or in its place, by the names of the output. A success without both is none. */
	facts?: Record<string, unknown>;
	/** How far it is, in percent, where the service tells. */
	progress?: number;
	/** ISO 8601. */
	createdAt?: string;
	credits?: number;
	cost?: Cost;
	/** The user's passthrough text. */
	payload?: string;
	model?: string;
	/** Why it ended without a video. */
	diagnosis?: Diagnosis;
	/** The provider's answer as it came. */
	response: unknown;
}

export interface SubmittedTask extends TaskReport {
	taskId: string;
}

/** True when the task will not change any more. */
export function hasEnded(state: TaskReport['state']): boolean {
	return state === 'succeeded' || state === 'failed' || state === 'canceled';
}

/** A success without a file and without facts is none yet: the file may be on its way to the store. */
export const hasResult = ({ videoUrl, facts }: TaskReport): boolean => videoUrl !== undefined || facts !== undefined;

/** Of several files some may be there before the others. */
export const hasAllLinks = ({ further = [] }: TaskReport): boolean =>
	further.every(({ videoUrl }) => videoUrl !== undefined);

/** What the answer to an order came to. */
export type SubmitAnswer =
	| { kind: 'accepted'; task: SubmittedTask }
	/**
	 * Nothing was started. `isTurnedAway`: not the provider said so but something in between, such as a firewall, which may
	 * stumble over this order alone.
	 */
	| { kind: 'refused'; diagnosis: Diagnosis; isTurnedAway?: true }
	/** Nothing was started, and the very same order may go again. */
	| { kind: 'busy'; diagnosis: Diagnosis; why: NonNullable<Diagnosis['busy']>; retryAfter?: string }
	/** The order may have been taken. The id may be its task's. */
	| { kind: 'unknown'; reason: string; mentionedTaskId?: string };

/** What the answer to a status check came to. `isTooFast`: checks come faster than the service allows. */
export type StatusAnswer = (
	| { kind: 'report'; report: TaskReport }
	/** The service itself says that asking is in vain: the key is refused, the task unknown, its content not allowed. */
	| { kind: 'gone'; diagnosis: Diagnosis; retryAfter?: string }
	/** Says nothing about the task: ask again. */
	| { kind: 'unclear'; diagnosis: Diagnosis; retryAfter?: string }
) & { isTooFast?: true };

/**
 * One wire protocol. Pure: no clock, no loop, no n8n. What a provider cannot do is absent; shared code looks whether
 * `cancel` is there, never which provider it is.
 */
export interface Provider {
	/** Value of the `provider` parameter. */
	id: string;
	/** In words, for messages. */
	name: string;
	/** What orders it. */
	submit(order: Order): PreparedRequest;
	/** @param answering how the service answers this order, where not as usual */
	readSubmit(reply: HttpReply, answering?: Answering): SubmitAnswer;
	/**
	 * An id that an answer to an order mentions although it is no acceptance: an error with a task in it, a success in an
	 * unknown shape. It may be the order's, so it is worth telling; undefined where nothing looks like a task's id.
	 */
	mentionedTaskId(reply: HttpReply): string | undefined;
	/** @param queryPath where this task is asked about, where not as usual; `{id}` stands for its id */
	ask(taskId: string, queryPath?: string): HttpRequest;
	readStatus(reply: HttpReply): StatusAnswer;
	/** Where else a task may be that is not known at the usual place; of one whose operation nobody remembers. */
	otherQueries?: readonly string[];
	/** What a reply that is not a success means, to a call that neither orders nor asks for one task. */
	diagnose(reply: HttpReply): Diagnosis;
	/** True when the text can be an id of this provider. */
	isTaskId(text: string): boolean;
	/** What looks like an id of this provider in running text, such as a pasted message; each once, in order. */
	findTaskIds?(text: string): string[];
	/** Only what is not running yet can be cancelled. */
	cancel?(taskId: string): HttpRequest;
	/** What the answer to that came to. */
	hasCanceled?(reply: HttpReply): boolean;
	list?: TaskListing;
	/** Persons and things that the account keeps for its videos. */
	subjects?: SubjectListing;
	/** Films that are made of parts. */
	films?: FilmDesk;
	credits?: CreditsQuery;
	/** The account tells for free how many tasks it runs at once; more than that stand in line. */
	usage?: UsageQuery;
	/** Each model has a limit of its own at the service, instead of the account. */
	hasLimitsPerModel?: true;
	/** The service can call back when a task changes. */
	callback?: CallbackProtocol;
	/** How long the link of a video works, in seconds. */
	urlLifetimeSeconds: number;
	/** How long the link of a cover works, in seconds; absent where nothing is known. */
	coverLifetimeSeconds?: number;
}

/** Page through the account's tasks. */
export interface TaskListing {
	page(filters: TaskFilters, pageSize: number, pageToken: string | undefined): HttpRequest;
	/** Undefined when the reply is not a list. */
	read(reply: HttpReply): { tasks: SubmittedTask[]; nextPageToken?: string } | undefined;
}

export interface TaskFilters {
	/** ISO 8601. */
	createdAfter?: string;
	/** ISO 8601. */
	createdBefore?: string;
	taskIds?: string[];
	modelVersions?: string[];
	resolutions?: string[];
	states?: string[];
}

/** Page through what the account keeps. */
export interface SubjectListing {
	page(filters: SubjectFilters, size: number, pageToken: string | undefined): HttpRequest;
	/** By the names of the output; undefined when the reply is not a list. */
	read(reply: HttpReply): { rows: Array<Record<string, unknown>>; nextPageToken?: string } | undefined;
}

export interface SubjectFilters {
	/** The user's own, or those of the service. */
	ownership?: string;
	subjectIds?: string[];
}

export interface CreditsQuery {
	request(): HttpRequest;
	/** What the account holds, ready for the output; undefined when the reply is something else. */
	read(reply: HttpReply): Record<string, unknown> | undefined;
}

/** What the account says of itself. */
export interface Usage {
	/** How many tasks run at once. */
	atOnce?: number;
	running?: number;
	/** How many tasks stand in line. */
	inLine?: number;
	/** What is left of the balance. */
	credits?: number;
}

export interface UsageQuery {
	request(): HttpRequest;
	/** Undefined when the reply is something else. */
	read(reply: HttpReply): Usage | undefined;
	/** Which tasks run: as many as tell that another has begun. */
	running?: RunningQuery;
}

export interface RunningQuery {
	request(): HttpRequest;
	/** Their ids, always in the same order; undefined when the reply is something else. */
	read(reply: HttpReply): string[] | undefined;
}

/** A call that claims to come from the service. */
export interface SignedCall {
	method: string;
	/** Lower-case names. */
	headers: Readonly<Record<string, string>>;
	/** Path and query the call can have been signed for, percent escapes untouched; any may match. */
	targets: readonly string[];
}

export interface CallbackProtocol {
	/**
	 * @param key the API key the task was made with
	 * @returns undefined for a call that is not signed with the key
	 */
	verify(call: SignedCall, key: string): { nonce: string; dateMs: number } | undefined;
	/** What the body says; it is not signed, so it is no more than a hint. */
	read(body: unknown): { taskId?: string; creationId?: string; report: TaskReport } | undefined;
}

import type { ProviderName, RequestKind } from './messages';

/** Which requests a fault is for. What is left out matches everything. */
export interface FaultMatcher {
	provider?: ProviderName;
	/** Default: `submit` for task faults, `download` for download faults, any API request for the rest. */
	kind?: RequestKind | RequestKind[];
	/** Fires from the nth matching request on (1 = the next one). Default 1. */
	nth?: number;
	/** How many times it fires. Default 1. */
	times?: number | 'always';
	/** Task id, or the task's ordinal at its provider (1 = first created). */
	task?: string | number;
	/** Text in the submit's body, for example a prompt or a payload; on ask, cancel, download and callback, in the body that made the task. */
	contains?: string;
	/** Only requests with this API key. */
	key?: string;
}

/** Faults of a single answer. `handled: true`: the request takes effect first (a task is made and charged), then the answer goes wrong. */
export type AnswerFault =
	/**
	 * Any status. Without `body` or `html`, the provider's own error body for `code` and `message`. `retryAfter` is sent as
	 * Retry-After. `{{taskId}}` in a `body` becomes the id of the task that the request made or asks for, so with `handled`
	 * a 409 can hold the id, or a 200 hold it under a name no document knows.
	 */
	| {
			do: 'status';
			status: number;
			code?: string;
			message?: string;
			body?: unknown;
			html?: boolean;
			retryAfter?: number | string;
			handled?: boolean;
	  }
	/** The connection is reset before the body is read. Nothing is created. */
	| { do: 'resetBefore' }
	/** The request takes effect (a task is created and charged), then the connection is reset: the answer is lost. */
	| { do: 'resetAfter' }
	/** No answer for `seconds`, or ever. Then the true answer if `handled` (the task existed all along), else an HTML 504 and nothing was created. */
	| { do: 'hang'; seconds?: number; handled?: boolean }
	/** HTTP 200 with JSON that breaks off; the request takes effect. */
	| { do: 'garble' }
	/**
	 * HTTP 200 with an error inside; no effect. `shape`: `msg` (default), `{"msg":"…","code":500}`, or `failed`,
	 * `{"id":"…","status":"failed","error":{"code":"1113","message":"…"}}`, both recorded at Zhipu (docs/api/zhipu.md#errors).
	 */
	| { do: 'okWithError'; message?: string; code?: number | string; shape?: 'msg' | 'failed' }
	/** The task's status under a word no document knows. Kind `ask`. */
	| { do: 'unknownStatus'; word: string }
	/**
	 * Headers at once, then `bytes` (default 1) of the body every `everyMs`, the first after `everyMs`. Without `status` the
	 * true answer, and the request takes effect; with it, the provider's error body for `code` and `message`, and it does not.
	 */
	| { do: 'trickle'; everyMs: number; bytes?: number; status?: number; code?: string; message?: string };

/** Faults in the life of a task, fixed when it is created. */
export type TaskFault =
	/**
	 * The task ends as failed. `code`: `content`, `image`, `internal`, or the provider's own code.
	 * `shape`: how the failure looks. Vtrix: `integer` (default), `text`, `code` (string with leading zeros), `message`.
	 * Zhipu: `bare` (default; the documented body has no error field) or `object` (`error: {code, message}`).
	 * Vidu: `canceled` or `cancelled`, the word its state then has, as if Vidu had cancelled the task (docs/api/vidu.md#states).
	 * `message` is the reason in words: Vidu then has an `err_msg` beside `err_code`, Vtrix and Zhipu put it into the error.
	 */
	| {
			do: 'failTask';
			code?: 'content' | 'image' | 'internal' | (string & {});
			message?: string;
			shape?: 'integer' | 'text' | 'code' | 'message' | 'bare' | 'object' | 'canceled' | 'cancelled';
			afterSeconds?: number;
	  }
	/** Never leaves that state; keeps its place in the account. */
	| { do: 'stickTask'; at: 'queueing' | 'processing' }
	/** Takes this long instead of `taskSeconds`. */
	| { do: 'slowTask'; seconds: number }
	/** Already ended, well, in the answer to the create call. */
	| { do: 'completeAtOnce' }
	/** Ends well but its answer names no video. */
	| { do: 'withoutUrl' }
	/** Vidu: ends in that many creations, each with an id and links of its own. */
	| { do: 'severalCreations'; count: number }
	/** Vtrix: the result has another form: its entry in `content[]` has no `type`, `output` is an object instead of a list. */
	| { do: 'resultForm'; untyped?: boolean; oneObject?: boolean };

/** Faults of a download; the answer faults work there too, with `kind: 'download'`. */
export type DownloadFault =
	/** The full Content-Length is announced, the connection breaks after `bytes` (default: half). */
	| { do: 'truncate'; bytes?: number }
	/** At most this many bytes per second. */
	| { do: 'throttle'; bytesPerSecond: number }
	/** The signed URL answers as if its time were over. */
	| { do: 'expire' }
	/** A 200 with this instead of the file (default: an HTML page), still called a video unless `contentType` says otherwise. */
	| { do: 'replaceBody'; body?: string; contentType?: string };

/** Faults of one callback delivery (Vidu). `state` limits them to one kind of delivery. */
export type CallbackFault =
	/** Never sent. */
	| { do: 'loseCallback'; state?: string }
	/** Sent late. Delaying `processing` past the end also puts callbacks out of order. */
	| { do: 'delayCallback'; seconds: number; state?: string }
	/** Sent `copies` times (default 2) with fresh nonces. */
	| { do: 'repeatCallback'; copies?: number; state?: string }
	/** Signed with a wrong key. */
	| { do: 'forgeCallback'; state?: string };

export type Fault = FaultMatcher & (AnswerFault | TaskFault | DownloadFault | CallbackFault);

const SCOPES = {
	status: 'answer',
	resetBefore: 'answer',
	resetAfter: 'answer',
	hang: 'answer',
	garble: 'answer',
	okWithError: 'answer',
	unknownStatus: 'answer',
	trickle: 'answer',
	failTask: 'task',
	stickTask: 'task',
	slowTask: 'task',
	completeAtOnce: 'task',
	withoutUrl: 'task',
	severalCreations: 'task',
	resultForm: 'task',
	truncate: 'download',
	throttle: 'download',
	expire: 'download',
	replaceBody: 'download',
	loseCallback: 'callback',
	delayCallback: 'callback',
	repeatCallback: 'callback',
	forgeCallback: 'callback',
} as const satisfies Record<Fault['do'], string>;

type Scope = (typeof SCOPES)[keyof typeof SCOPES];
type FaultOf<S extends Scope> = Extract<
	Fault,
	{ do: { [K in keyof typeof SCOPES]: (typeof SCOPES)[K] extends S ? K : never }[keyof typeof SCOPES] }
>;

/** What is known about the request or delivery a fault may hit. */
export interface FaultTarget {
	provider: ProviderName;
	kind: RequestKind;
	key?: string;
	/** Absent on submit. */
	task?: { id: string; ordinal: number; text: string };
	/** The body of a submit; a function because it is read only when a fault asks for it. */
	text?: () => string;
	callbackState?: string;
}

interface Queued {
	fault: Fault;
	seen: number;
	fired: number;
}

const FAULT_KINDS: Record<Scope, RequestKind[] | undefined> = {
	answer: undefined,
	task: ['submit'],
	download: ['download'],
	callback: ['callback'],
};

/** Faults wait in order; the first that matches fires. */
export class FaultQueue {
	private queue: Queued[] = [];

	add(fault: Fault): void {
		if (!(fault.do in SCOPES))
			throw new Error(`There is no fault "${String(fault.do)}"; choose from ${Object.keys(SCOPES).join(', ')}`);
		this.queue.push({ fault, seen: 0, fired: 0 });
	}

	clear(): void {
		this.queue = [];
	}

	/** Faults that have not fired as often as asked: a test's stubs left unused. */
	pending(): Fault[] {
		return this.queue
			.filter(({ fault, fired }) => fired < (fault.times === 'always' ? 1 : (fault.times ?? 1)))
			.map(({ fault }) => fault);
	}

	/** True when an answer or task fault wants to see the body before it can decide. */
	wantsText(target: FaultTarget): boolean {
		return this.queue.some(
			({ fault }) => fault.contains !== undefined && isFor(fault, 'answer', { ...target, text: undefined }, true),
		);
	}

	/** The first fault that fits; the others still count the request for their `nth`. */
	take<S extends Scope>(scope: S, target: FaultTarget): FaultOf<S> | undefined {
		return this.fire(scope, target, 1)[0];
	}

	/** Every fault that fits, each at most once: a task can be slow and then fail. */
	takeAll<S extends Scope>(scope: S, target: FaultTarget): FaultOf<S>[] {
		return this.fire(scope, target, Infinity);
	}

	private fire<S extends Scope>(scope: S, target: FaultTarget, most: number): FaultOf<S>[] {
		const fired: FaultOf<S>[] = [];
		for (const entry of this.queue) {
			const { fault } = entry;
			if (SCOPES[fault.do] !== scope || !isFor(fault, scope, target, false)) continue;
			entry.seen++;
			if (fired.length >= most || entry.seen < (fault.nth ?? 1) || entry.fired >= limitOf(fault)) continue;
			entry.fired++;
			fired.push(fault as FaultOf<S>);
		}
		return fired;
	}
}

const limitOf = ({ times = 1 }: Fault): number => (times === 'always' ? Infinity : times);

function isFor(fault: Fault, scope: Scope, target: FaultTarget, ignoreText: boolean): boolean {
	if (fault.provider !== undefined && fault.provider !== target.provider) return false;
	if (fault.key !== undefined && fault.key !== target.key) return false;
	const kinds = fault.kind === undefined ? FAULT_KINDS[scope] : [fault.kind].flat();
	if (kinds !== undefined && !kinds.includes(target.kind)) return false;
	if (kinds === undefined && target.kind === 'download') return false;
	if (fault.task !== undefined && fault.task !== target.task?.id && fault.task !== target.task?.ordinal) return false;
	if ('state' in fault && fault.state !== undefined && fault.state !== target.callbackState) return false;
	if (fault.contains === undefined || ignoreText) return true;
	return (target.task?.text ?? target.text?.() ?? '').includes(fault.contains);
}

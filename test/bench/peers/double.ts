import { ConnectionLost, VirtualClock, type EmulatorRequest, type Reply } from '../../emulator';
import type { Subject } from '../engine';
import { LATENCY_MS, promptOf, type ScenarioOptions, type BadAnswer, type TaskFacts } from './scenario';

/**
 * A bench double: the few calls that one of n8n's own video operations makes, written from the operation's code and the
 * service's public documents. It checks next to nothing; the strict emulators are in test/emulator.
 */
export interface Protocol {
	/** What a request is for; undefined for one that the operation never makes. */
	classify(method: string, path: string): { kind: 'submit' } | { kind: 'ask' | 'file'; id: string } | undefined;
	accepted(id: string): unknown;
	running(id: string): unknown;
	/** @param fileUrl where the video would be */
	succeeded(id: string, fileUrl: string): unknown;
	failed(id: string, message: string): unknown;
	refusal(status: number, message: string): unknown;
	/** Status of the answer to an order the account cannot pay. */
	noCreditStatus: number;
}

interface Task extends TaskFacts {
	endsAtMs: number;
	isRefused: boolean;
}

const VIDEO = Buffer.from('00000018667479706d70343200000000', 'hex');

export interface DoubleOptions extends ScenarioOptions {
	/** Where the files of finished tasks are. */
	fileRoot?: () => string;
	/** What such a file is. */
	video?: () => Pick<Reply, 'headers' | 'body'>;
}

/** @template S the node that plays against it, where one does in this process */
export class PeerDouble<S extends Subject | undefined = Subject> {
	private readonly made: Task[] = [];
	private readonly orders: number[] = [];
	private readonly spoiled: Array<BadAnswer & { seen: number; isUsed?: boolean }> = [];
	private readonly refusedPrompts: string[] = [];
	private outageUntilMs = 0;
	private isEmpty = false;

	constructor(
		private readonly protocol: Protocol,
		readonly subject: S,
		private readonly options: DoubleOptions = {},
		readonly clock = new VirtualClock(),
	) {}

	async network(request: EmulatorRequest): Promise<Reply> {
		const path = request.target.replace(/^https?:\/\/[^/]+/, '');
		const call = this.protocol.classify(request.method, path);
		if (!call) return json(404, this.protocol.refusal(404, `Nothing at ${request.method} ${path}`));
		if (call.kind === 'submit') this.orders.push(this.clock.nowMs());
		const { latencyMs = LATENCY_MS } = this.options;
		if (latencyMs > 0) await this.clock.sleep(latencyMs);
		if (this.clock.nowMs() < this.outageUntilMs) return html(503);
		const bad = call.kind === 'file' ? undefined : this.nextBad(call.kind);
		if (bad && !bad.taken) return await spoil(bad, this.protocol);
		const reply = call.kind === 'submit' ? await this.order(request) : this.answer(call.kind, call.id);
		return bad ? await spoil(bad, this.protocol) : reply;
	}

	spoil(answer: BadAnswer): void {
		this.spoiled.push({ ...answer, seen: 0 });
	}

	outage(seconds: number): void {
		this.outageUntilMs = this.clock.nowMs() + seconds * 1000;
	}

	refuseContent(itemIndex: number): void {
		this.refusedPrompts.push(promptOf(itemIndex));
	}

	empty(): void {
		this.isEmpty = true;
	}

	tasks(): TaskFacts[] {
		return this.made.map(({ id, polls, endsAtMs }) => ({
			...{ id, polls },
			...(endsAtMs <= this.clock.nowMs() ? { endedAtMs: endsAtMs } : {}),
		}));
	}

	orderedAtMs(): number[] {
		return this.orders;
	}

	private nextBad(kind: BadAnswer['kind']): BadAnswer | undefined {
		for (const bad of this.spoiled) {
			if (bad.kind !== kind || bad.isUsed) continue;
			bad.seen += 1;
			if (bad.seen < (bad.nth ?? 1)) continue;
			bad.isUsed = true;
			return bad;
		}
		return undefined;
	}

	private async order({ body }: EmulatorRequest): Promise<Reply> {
		const text = typeof body === 'function' ? (await body()).toString() : String(body);
		const { protocol, options, clock } = this;
		if (this.isEmpty)
			return json(protocol.noCreditStatus, protocol.refusal(protocol.noCreditStatus, 'The balance is used up'));
		const ordinal = this.made.length + 1;
		const id = `task-${ordinal}`;
		const runsSeconds = options.taskSeconds?.(ordinal) ?? 60;
		const isRefused = this.refusedPrompts.some((prompt) => text.includes(prompt));
		this.made.push({ id, polls: 0, endsAtMs: clock.nowMs() + runsSeconds * 1000, isRefused });
		return json(200, protocol.accepted(id));
	}

	private answer(kind: 'ask' | 'file', id: string): Reply {
		const { protocol, clock } = this;
		const task = this.made.find((made) => made.id === id);
		if (!task) return json(404, protocol.refusal(404, `No task ${id}`));
		if (kind === 'file') {
			const { headers, body } = this.options.video?.() ?? { headers: {}, body: VIDEO };
			return { status: 200, headers: { 'content-type': 'video/mp4', ...headers }, body };
		}
		task.polls += 1;
		if (clock.nowMs() < task.endsAtMs) return json(200, protocol.running(id));
		if (task.isRefused) return json(200, protocol.failed(id, 'The content was not accepted'));
		return json(200, protocol.succeeded(id, `${this.options.fileRoot?.() ?? 'https://files.bench'}/${id}/video.mp4`));
	}
}

async function spoil({ what, retryAfterSeconds }: BadAnswer, protocol: Protocol): Promise<Reply> {
	switch (what) {
		case 'reset':
			throw new ConnectionLost('ECONNRESET');
		case 'silence':
			return await new Promise<never>(() => undefined);
		case 'html':
			return html(200);
		case '502':
			return html(502);
		case '429': {
			const reply = json(429, protocol.refusal(429, 'Too many requests'));
			return retryAfterSeconds === undefined
				? reply
				: { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfterSeconds) } };
		}
	}
}

const json = (status: number, body: unknown): Reply => ({
	status,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(body),
});

const html = (status: number): Reply => ({
	status,
	headers: { 'content-type': 'text/html' },
	body: `<html><head><title>${status}</title></head><body>nginx</body></html>`,
});

import { setTimeout as pause } from 'node:timers/promises';

import { readJson } from '../../lib/core/json';
import type { HttpReply, HttpRequest } from '../../lib/core/http';
import { HEAD_BYTES, readFileType } from '../../lib/core/fileType';
import { loadBody } from '../../lib/core/body';
import { Mp4Reader } from '../../lib/core/mp4';
import { hasEnded, type Diagnosis, type Provider, type SubmittedTask, type TaskReport } from '../../lib/core/provider';
import type { Budget } from './budget';
import { answeringOf, highestPrice, orderOf, publishedPrice } from './price';
import type { Checklist, Wish } from './types';

export interface SessionOptions {
	list: Checklist;
	provider: Provider;
	/** API root, without a slash at its end. */
	root: string;
	/** Whose prices hold. */
	region: string;
	key: string;
	budget: Budget;
	/** API root of the vendor's other host, where the owner wants the key tried there. */
	otherRoot?: string;
	/** Between two questions about a task. */
	pollMs: number;
	/** How long a task is waited for. */
	waitMs: number;
}

/** How a request differs from a usual one. */
export interface Manner {
	/** The whole header; null sends none. */
	authorization?: string | null;
	root?: string;
}

/** What an order came to. */
export type Ordered =
	| { taken: true; task: SubmittedTask; reply: HttpReply; atMs: number }
	| { taken: false; diagnosis: Diagnosis; reply: HttpReply };

/** A task that was waited for. */
export interface Ended {
	report: TaskReport;
	/** The service's own words for its state, in order, each once. */
	states: string[];
	/** From the order to the first question that found it ended. */
	seconds: number;
	reply: HttpReply;
}

/** The service answered in a way that lets nothing follow; the check is unclear. */
export class CannotTell extends Error {}

const REQUEST_MS = 60_000;
/** A clip of some seconds has a few megabytes. */
const MOST_BYTES = 200 * 1024 * 1024;

/** Talks to one service with the owner's key, and orders what the current check has announced and nothing else. */
export class Session {
	/** Tasks that were made, for the report: they can be read again by their ids. */
	readonly tasks: Array<{ taskId: string; check: string; price: number; charged?: number }> = [];
	/** What checks hand on to later ones, such as a clip to extend. */
	readonly made = new Map<string, Ended & { taskId: string }>();
	private check = '';
	private announced: Wish[] = [];

	constructor(private readonly options: SessionOptions) {}

	get provider(): Provider {
		return this.options.provider;
	}

	get otherRoot(): string | undefined {
		return this.options.otherRoot;
	}

	/** The key as the package sends it. */
	get authorization(): string {
		return `${this.options.list.scheme} ${this.options.key}`;
	}

	get key(): string {
		return this.options.key;
	}

	/** A check begins: these may be ordered, each once. */
	begin(check: string, orders: readonly Wish[]): void {
		this.check = check;
		this.announced = [...orders];
	}

	/** A call that orders nothing. @throws CannotTell where no reply came */
	async ask(request: HttpRequest, manner: Manner = {}): Promise<HttpReply> {
		return await this.send(request, manner);
	}

	/**
	 * A POST that lacks what an order cannot do without, to see whether the address is known. Were it taken all the same,
	 * nothing further is ordered, for then no cap can be kept.
	 */
	async probe(request: HttpRequest): Promise<HttpReply> {
		const reply = await this.send(request, {});
		if (reply.status < 300) this.options.budget.stop('an order without its content was taken, at an unknown price');
		return reply;
	}

	/**
	 * Orders what was announced, and counts it.
	 * @param late inputs that only an earlier order could make
	 * @throws CannotTell where it is not known whether it was taken; it counts as if it were
	 */
	async order(wish: Wish, late?: Readonly<Record<string, unknown>>): Promise<Ordered> {
		const { budget, list, region } = this.options;
		const highest = highestPrice(wish, list, region);
		const place = this.announced.indexOf(wish);
		const refusal = place < 0 ? 'it was not announced' : budget.refusal(highest);
		if (refusal !== undefined || highest === undefined) throw new CannotTell(`not ordered: ${refusal ?? ''}`);
		this.announced.splice(place, 1);
		const price = publishedPrice(wish, list, region);
		const { path, method = 'POST', headers, body } = this.provider.submit(orderOf(wish, late));
		const request: HttpRequest = { method, path, body: await loadBody(body), ...(headers ? { headers } : {}) };
		const atMs = Date.now();
		let reply: HttpReply;
		try {
			reply = await this.send(request, {});
		} catch (error) {
			budget.spend(highest);
			throw error;
		}
		const answer = this.provider.readSubmit(reply, answeringOf(wish));
		if (answer.kind === 'unknown') {
			budget.spend(highest);
			throw new CannotTell(`it is not known whether the order was taken: ${answer.reason}`);
		}
		if (answer.kind !== 'accepted') return { taken: false, diagnosis: answer.diagnosis, reply };
		const { task } = answer;
		const charged = list.cap.counts === 'credits' ? task.credits : undefined;
		budget.spend(charged ?? price ?? highest);
		if (charged !== undefined && charged > highest)
			budget.stop(`${this.check} was charged ${charged} where at most ${highest} were announced`);
		this.tasks.push({
			taskId: task.taskId,
			check: this.check,
			price: price ?? highest,
			...(charged === undefined ? {} : { charged }),
		});
		return { taken: true, task, reply, atMs };
	}

	/** Asks until it has ended. @throws CannotTell where it has not in time, or cannot be read */
	async end({ task, atMs }: Extract<Ordered, { taken: true }>, queryPath?: string): Promise<Ended> {
		const states = [task.providerState];
		for (;;) {
			const reply = await this.send(this.provider.ask(task.taskId, queryPath), {});
			const answer = this.provider.readStatus(reply);
			if (answer.kind === 'gone')
				throw new CannotTell(`task ${task.taskId} cannot be read: ${answer.diagnosis.summary}`);
			const seconds = (Date.now() - atMs) / 1000;
			if (answer.kind === 'report') {
				const { report } = answer;
				if (report.providerState !== states.at(-1)) states.push(report.providerState);
				if (hasEnded(report.state)) return { report, states, seconds, reply };
			}
			if (Date.now() - atMs > this.options.waitMs)
				throw new CannotTell(`task ${task.taskId} had not ended after ${Math.round(seconds)} s`);
			await pause(this.options.pollMs);
		}
	}

	/** Fetches what a link leads to, without the key. */
	async fetchFile(url: string): Promise<{ status: number; type?: string; seconds?: number }> {
		try {
			const reply = await fetch(url, { signal: AbortSignal.timeout(this.options.waitMs) });
			if (!reply.ok || !reply.body) return { status: reply.status };
			const reader = new Mp4Reader();
			let head = Buffer.alloc(0);
			let length = 0;
			for await (const part of reply.body) {
				const chunk = Buffer.from(part as Uint8Array);
				reader.feed(chunk);
				if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
				length += chunk.length;
				if (length > MOST_BYTES) break;
			}
			const claimed = reply.headers.get('content-type') ?? '';
			const type = ['video', 'image', 'audio']
				.map((wanted) => readFileType(head, claimed, wanted as 'video'))
				.find((found) => found !== undefined);
			const { durationSeconds } = reader.facts();
			return {
				status: reply.status,
				...(type === undefined ? {} : { type }),
				...(durationSeconds === undefined ? {} : { seconds: durationSeconds }),
			};
		} catch (error) {
			throw new CannotTell(`the file could not be fetched (${nameOf(error)})`);
		}
	}

	private async send(
		{ method, path, headers, body }: HttpRequest,
		{ authorization = this.authorization, root = this.options.root }: Manner,
	): Promise<HttpReply> {
		try {
			const reply = await fetch(root + path, {
				method,
				// a redirect would carry the key to another host
				redirect: 'manual',
				signal: AbortSignal.timeout(REQUEST_MS),
				headers: {
					...headers,
					...(authorization === null ? {} : { Authorization: authorization }),
					...(body ? { 'Content-Type': 'application/json' } : {}),
				},
				...(body ? { body: JSON.stringify(body) } : {}),
			});
			return {
				status: reply.status,
				headers: Object.fromEntries(reply.headers),
				body: readJson(await reply.text()),
			};
		} catch (error) {
			throw new CannotTell(`no answer came (${nameOf(error)})`);
		}
	}
}

/** "ECONNREFUSED"; never the whole message, which may hold an address with a token. */
function nameOf(error: unknown): string {
	for (let link = error; link instanceof Error; link = link.cause) {
		const { code } = link as { code?: unknown };
		if (typeof code === 'string') return code;
	}
	return error instanceof Error ? error.name : 'unknown';
}

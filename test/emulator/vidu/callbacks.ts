import { createHmac } from 'node:crypto';

import type { Cdn } from '../cdn';
import { randomUuid } from '../core/random';
import type { Task } from '../core/tasks';
import { isEnded } from '../core/tasks';
import type { World } from '../core/world';
import { showTask } from './show';

/** What goes into a callback's signature. */
export interface SignedParts {
	method: string;
	/** The callback URL as registered. */
	url: string;
	date: string;
	nonce: string;
	key: string;
}

/**
 * HMAC-SHA256 over the lines of docs/api/vidu.md#signature, base64. The query goes in raw and in its own order, the path undecoded;
 * the last line ends with a line feed too. The key is the API key that created the task.
 */
export function signCallback({ method, url, date, nonce, key }: SignedParts): string {
	const [, path, query] = /^https?:\/\/[^/?#]*([^?#]*)(?:\?([^#]*))?/.exec(url)!;
	const lines = [method, path || '/', query ?? '', 'vidu', date, `Date:${date}`, `x-request-nonce:${nonce}`];
	return createHmac('sha256', key)
		.update(`${lines.join('\n')}\n`)
		.digest('base64');
}

/** The headers of a callback with its signature (docs/api/vidu.md#signature); names as Vidu writes them, HTTP does not mind their case. */
export function callbackHeaders(parts: Omit<SignedParts, 'method'>): Record<string, string> {
	return {
		'Content-Type': 'application/json',
		Date: parts.date,
		'x-request-nonce': parts.nonce,
		'X-HMAC-SIGNED-HEADERS': 'Date;x-request-nonce',
		'X-HMAC-ALGORITHM': 'hmac-sha256',
		'X-HMAC-ACCESS-KEY': 'vidu',
		'X-HMAC-SIGNATURE': signCallback({ method: 'POST', ...parts }),
	};
}

interface Delivery {
	task: Task;
	/** The body and its state as they were when the status changed. */
	state: string;
	body: string;
	forged: boolean;
}

/** Sends `processing`, `success` and `failed` to a task's callback_url; the last two are tried four times in all (docs/api/vidu.md#callbacks). */
export class Callbacks {
	constructor(
		private readonly world: World,
		private readonly cdn: Cdn,
		private readonly send: (url: string, headers: Record<string, string>, body: string) => Promise<number>,
	) {
		world.boards.vidu.onChange((task) => {
			if (task.input.callback_url !== undefined && (task.state === 'processing' || isEnded(task))) this.announce(task);
		});
	}

	/** Sends the task's present state now, or one made up, whatever the faults say. */
	sendNow(
		task: Task,
		{ state = task.state, forged = false }: { state?: string; forged?: boolean } = {},
	): Promise<void> {
		return this.deliver({ task, state, forged, body: this.bodyOf(task, state) }, 1);
	}

	private announce(task: Task): void {
		const { faults, clock } = this.world;
		const { state } = task;
		const target = { provider: 'vidu', kind: 'callback', key: task.account.key, task, callbackState: state } as const;
		const hits = faults.takeAll('callback', target);
		const url = String(task.input.callback_url);
		if (hits.some((fault) => fault.do === 'loseCallback')) {
			this.world.journal.noteCallback({
				taskId: task.id,
				url,
				state,
				attempt: 1,
				atMs: clock.nowMs(),
				status: 'lost',
				forged: false,
			});
			return;
		}
		const delivery: Delivery = {
			task,
			state,
			body: this.bodyOf(task, state),
			forged: hits.some((fault) => fault.do === 'forgeCallback'),
		};
		let copies = 1;
		let delayMs = 0;
		for (const fault of hits) {
			if (fault.do === 'repeatCallback') copies = fault.copies ?? 2;
			if (fault.do === 'delayCallback') delayMs += fault.seconds * 1000;
		}
		for (let copy = 0; copy < copies; copy++) clock.setTimer(delayMs, () => void this.deliver(delivery, 1));
	}

	private async deliver(delivery: Delivery, attempt: number): Promise<void> {
		const { clock, journal, settings, random } = this.world;
		const { task, state, body, forged } = delivery;
		const url = String(task.input.callback_url);
		const date = new Date(clock.nowMs()).toUTCString();
		const nonce = randomUuid(random);
		const headers = callbackHeaders({ url, date, nonce, key: forged ? 'not-the-key' : task.account.key });
		const atMs = clock.nowMs();
		const status = await this.send(url, headers, body).catch(() => 'failed' as const);
		journal.noteCallback({ taskId: task.id, url, state, attempt, atMs, status, forged });
		const arrived = typeof status === 'number' && status >= 200 && status < 300;
		const pause = settings.callbackRetrySeconds[attempt - 1];
		if (!arrived && state !== 'processing' && pause !== undefined)
			clock.setTimer((pause * 1000) / settings.timeScale, () => void this.deliver(delivery, attempt + 1));
	}

	/** As GET creations but without `id`, which the official sample lacks. */
	private bodyOf(task: Task, state: string): string {
		return JSON.stringify(
			showTask(task, this.cdn, this.world.settings.vidu, {
				withId: false,
				statusWord: state === task.state ? undefined : state,
			}),
		);
	}
}

import { createRequire } from 'node:module';
import { Readable } from 'node:stream';

import { ConnectionLost, readReply, type EmulatorRequest, type Reply, type VirtualClock } from '../emulator';

/**
 * n8n's engine on a virtual clock: timers and dates come from the clock, and n8n's HTTP client, axios, gets its answers
 * in process. Everything between the node and the wire is n8n's own.
 */

type Network = (request: EmulatorRequest) => Promise<Reply>;

/** Runs `work` with the global timers, Date and axios replaced. Not for two works at once. */
export async function inVirtualTime<T>(clock: VirtualClock, network: Network, work: () => Promise<T>): Promise<T> {
	const restore = [replaceTime(clock), replaceNetwork(clock, network)];
	try {
		return await clock.runUntil(work());
	} finally {
		for (const undo of restore) undo();
	}
}

function replaceTime(clock: VirtualClock): () => void {
	const { setTimeout, clearTimeout, setInterval, clearInterval, Date: RealDate } = globalThis;
	const start =
		(again: boolean) =>
		(fn: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
			let cancel = () => {};
			const timer = {
				ref: () => timer,
				unref: () => timer,
				hasRef: () => true,
				refresh: () => {
					cancel();
					arm();
					return timer;
				},
				close: () => cancel(),
				stop: () => cancel(),
			};
			const arm = () => {
				cancel = clock.setTimer(Math.max(again ? 1 : 0, Number(ms) || 0), () => {
					if (again) arm();
					fn(...args);
				});
			};
			arm();
			return timer;
		};
	const clear = (timer?: { stop?: () => void }) => timer?.stop?.();
	const VirtualDate = new Proxy(RealDate, {
		construct: (target, args, newTarget) =>
			Reflect.construct(target, args.length > 0 ? args : [clock.nowMs()], newTarget) as object,
		get: (target, name) => (name === 'now' ? () => clock.nowMs() : (Reflect.get(target, name) as unknown)),
	});
	Object.assign(globalThis, {
		setTimeout: start(false),
		clearTimeout: clear,
		setInterval: start(true),
		clearInterval: clear,
		Date: VirtualDate,
	});
	return () => Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval, Date: RealDate });
}

/** The part of axios used here; n8n-core brings it. */
interface Axios {
	defaults: { adapter: unknown };
	getUri(config: AxiosConfig): string;
	AxiosError: {
		new (message: string, code: string, config: AxiosConfig, request: object, response?: object): Error;
		from(cause: Error, code: string | undefined, config: AxiosConfig, request: object): Error;
	};
	CanceledError: new (message: undefined, config: AxiosConfig, request: object) => Error;
}
interface AxiosConfig {
	method?: string;
	url?: string;
	data?: unknown;
	headers: { toJSON(): Record<string, string> };
	timeout?: number;
	responseType?: string;
	signal?: AbortSignal;
	validateStatus?: (status: number) => boolean;
}

const fromCore = createRequire(require.resolve('n8n-core'));
const axios = createRequire(fromCore.resolve('@n8n/backend-network'))('axios') as Axios;

function replaceNetwork(clock: VirtualClock, network: Network): () => void {
	const { adapter } = axios.defaults;
	axios.defaults.adapter = async (config: AxiosConfig) => await send(clock, network, config);
	return () => {
		axios.defaults.adapter = adapter;
	};
}

/** What axios's own adapter makes of a reply, a broken connection, a time-out and an abort. */
async function send(clock: VirtualClock, network: Network, config: AxiosConfig): Promise<object> {
	const request = { path: config.url };
	const { AxiosError } = axios;
	const hangUp = new AbortController();
	let cancelTimer = () => {};
	const cutOff = new Promise<never>((_, reject) => {
		const cut = (error: Error) => {
			hangUp.abort();
			reject(error);
		};
		const canceled = () => cut(new axios.CanceledError(undefined, config, request));
		if (config.signal?.aborted) canceled();
		else config.signal?.addEventListener('abort', canceled, { once: true });
		if (config.timeout)
			cancelTimer = clock.setTimer(config.timeout, () =>
				cut(new AxiosError(`timeout of ${config.timeout}ms exceeded`, 'ECONNABORTED', config, request)),
			);
	});
	cutOff.catch(() => undefined);
	if (hangUp.signal.aborted) return await cutOff;
	try {
		const answered = network({
			method: (config.method ?? 'get').toUpperCase(),
			target: axios.getUri(config),
			headers: config.headers.toJSON(),
			...(config.data === undefined || config.data === null ? {} : { body: bytesOf(config.data) }),
			signal: hangUp.signal,
		});
		answered.catch(() => undefined);
		const reply = await Promise.race([answered, cutOff]);
		const response = {
			status: reply.status,
			statusText: '',
			headers: reply.headers,
			data: shapeOf(await readReply(reply), config.responseType),
			config,
			request,
		};
		if ((config.validateStatus ?? (() => true))(reply.status)) return response;
		throw new AxiosError(
			`Request failed with status code ${reply.status}`,
			reply.status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST',
			config,
			request,
			response,
		);
	} catch (cause) {
		if (!(cause instanceof ConnectionLost)) throw cause;
		throw AxiosError.from(Object.assign(new Error(cause.message), { code: cause.code }), cause.code, config, request);
	} finally {
		cancelTimer();
	}
}

/** A form is a stream of parts in memory; everything else is text already. */
function bytesOf(data: unknown): string | Buffer {
	if (typeof data === 'string' || Buffer.isBuffer(data)) return data;
	const form = data as { getBuffer?: () => Buffer };
	return form.getBuffer ? form.getBuffer() : JSON.stringify(data);
}

function shapeOf(bytes: Buffer, responseType: string | undefined): unknown {
	if (responseType === 'stream') return Readable.from([bytes], { objectMode: false });
	return responseType === 'arraybuffer' ? bytes : bytes.toString();
}

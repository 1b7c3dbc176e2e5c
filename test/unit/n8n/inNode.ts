import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';

import type { IExecuteFunctions } from 'n8n-workflow';

import { Vidu } from '../../../dist/nodes/Vidu/Vidu.node';
import { systemClock } from '../../../lib/n8n/io/clock';
import { createEmulator } from '../../emulator';
import { runNode } from '../../engine/harness';

/** What tests of code that talks to the network need: n8n's own helpers, real servers, and a hand on the clock. */

export const KEY = 'vda_secret';

/** Lets a test act where the node does: inside n8n-core's engine, with its real helpers and a credential. */
export async function inNode<T>(baseUrl: string, act: (context: IExecuteFunctions) => Promise<T>): Promise<T> {
	let acting: Promise<T> | undefined;
	jest.spyOn(Vidu.prototype, 'execute').mockImplementation(async function (this: IExecuteFunctions) {
		acting = act(this);
		await acting.catch(() => undefined);
		return [[]];
	});
	const credentials = { viduApi: { region: 'custom', baseUrl, apiKey: KEY } };
	await runNode(createEmulator(), { parameters: { operation: 'textToVideo', prompt: 'A paper boat' }, credentials });
	return await acting!;
}

const servers = new Map<TcpServer, Set<Socket>>();
afterEach(async () => {
	jest.restoreAllMocks();
	await Promise.all([...servers.keys()].map(close));
});

export async function close(server: TcpServer): Promise<void> {
	servers.get(server)?.forEach((socket) => socket.destroy());
	servers.delete(server);
	await new Promise((resolve) => server.close(resolve));
}

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A server that has read the whole request before it does what the test says. It ends with the test. */
export async function serve(handler: Handler): Promise<string> {
	return `http://127.0.0.1:${await listen(createServer(afterBody(handler)))}`;
}

export const afterBody = (handler: Handler) => (request: IncomingMessage, response: ServerResponse) => {
	const parts: Buffer[] = [];
	request.on('data', (part: Buffer) => parts.push(part));
	request.on('end', () => handler(request, response, Buffer.concat(parts).toString()));
};

/** @returns the port; the server ends with the test */
export async function listen(server: TcpServer): Promise<number> {
	const sockets = new Set<Socket>();
	servers.set(server, sockets);
	server.on('connection', (socket: Socket) => sockets.add(socket));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

/** The clock stands still until the test lets time pass. */
export interface StandingClock {
	/** Sleeps asked for whose time is not over. */
	sleeps: Array<{ ms: number; wake: () => void }>;
	/** All sleeps so far, in milliseconds. */
	asked: number[];
	/** Lets the time pass that everybody sleeps for now. */
	pass(): void;
}

/** Replaces the sleep of the real clock until the test ends. */
export function stopClock(): StandingClock {
	const clock: StandingClock = {
		sleeps: [],
		asked: [],
		pass: () => clock.sleeps.splice(0).forEach(({ wake }) => wake()),
	};
	jest.spyOn(systemClock, 'sleep').mockImplementation(
		async (ms, signal) =>
			await new Promise((resolve) => {
				const sleep = { ms, wake: resolve };
				clock.asked.push(ms);
				clock.sleeps.push(sleep);
				signal?.addEventListener('abort', () => {
					clock.sleeps = clock.sleeps.filter((other) => other !== sleep);
					resolve();
				});
			}),
	);
	return clock;
}

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import type { EmulatorRequest, Service } from './core/messages';
import { ConnectionLost } from './core/messages';

/** A service on a port of 127.0.0.1. */
export interface ListeningService {
	url: string;
	/** Stops listening and drops every connection, as in an outage; `resume` takes the same port again. */
	suspend(): Promise<void>;
	resume(): Promise<void>;
	stop(): Promise<void>;
}

/** More than any provider takes; their own limits answer before it. */
const MAX_READ_BYTES = 200_000_000;

export async function listen(service: Service, port: number, log: (line: string) => void): Promise<ListeningService> {
	const sockets = new Set<Socket>();
	const server = createServer((request, response) => {
		answer(service, request, response).catch((error: Error) => {
			log(`Emulator server: ${error.stack}`);
			request.socket.destroy();
		});
	});
	server.keepAliveTimeout = 60_000;
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	await open(server, port);
	const bound = (server.address() as AddressInfo).port;
	// One step at a time: an outage may end while its beginning is still under way.
	let step = Promise.resolve();
	const close = async (): Promise<void> => {
		if (!server.listening) return;
		const closed = new Promise<void>((resolve) => server.close(() => resolve()));
		for (const socket of sockets) socket.destroy();
		await closed;
	};
	return {
		url: `http://127.0.0.1:${bound}`,
		suspend: () => (step = step.then(close)),
		resume: () => (step = step.then(async () => (server.listening ? undefined : await open(server, bound)))),
		stop: () => (step = step.then(close)),
	};
}

function open(server: Server, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			server.off('error', reject);
			resolve();
		});
	});
}

/** Lets a service answer one request of a server. */
export async function answer(service: Service, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
	const gone = new AbortController();
	response.on('close', () => {
		if (!response.writableFinished) gone.abort();
	});
	const request: EmulatorRequest = {
		method: incoming.method ?? 'GET',
		target: incoming.url ?? '/',
		headers: incoming.headers,
		body: () => readAll(incoming),
		signal: gone.signal,
	};
	try {
		const reply = await service.handle(request);
		if (response.destroyed) return;
		const headers = { ...reply.headers };
		if (typeof reply.body === 'string' || Buffer.isBuffer(reply.body))
			headers['content-length'] ??= String(Buffer.byteLength(reply.body));
		response.writeHead(reply.status, headers);
		if (incoming.method === 'HEAD' || typeof reply.body === 'string' || Buffer.isBuffer(reply.body)) {
			response.end(incoming.method === 'HEAD' ? undefined : reply.body);
			incoming.resume();
			return;
		}
		// a slow body must not hold its headers back
		response.flushHeaders();
		for await (const chunk of reply.body) {
			if (response.destroyed) return;
			if (!response.write(chunk)) await drained(response);
		}
		response.end();
	} catch (error) {
		if (error instanceof ConnectionLost) {
			// What was written so far still goes out: a truncated download shows its bytes, then a reset.
			if (response.headersSent) await flushed(response);
			incoming.socket.resetAndDestroy();
			return;
		}
		if (!response.headersSent) response.writeHead(599, { 'content-type': 'text/plain' });
		response.end(`Emulator bug: ${(error as Error).message}`);
	}
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of incoming as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes > MAX_READ_BYTES) throw new ConnectionLost('ECONNRESET');
			chunks.push(chunk);
		}
	} catch {
		throw new ConnectionLost('ECONNRESET');
	}
	return Buffer.concat(chunks);
}

const drained = (response: ServerResponse): Promise<void> =>
	new Promise((resolve) => {
		const done = (): void => {
			response.off('drain', done);
			response.off('close', done);
			resolve();
		};
		response.on('drain', done);
		response.on('close', done);
	});

/** The reset would overtake bytes that are still on their way. */
async function flushed({ socket }: ServerResponse): Promise<void> {
	for (let tries = 0; tries < 250 && socket && !socket.destroyed && (tries === 0 || socket.writableLength > 0); tries++)
		await new Promise((resolve) => setTimeout(resolve, 20));
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

import { generate } from 'selfsigned';

import { jsonReply, type Service } from '../emulator/core/messages';
import { answer } from '../emulator/server';

/**
 * The only way out for an n8n: a proxy that leads the names it knows to doubles on this machine and turns all others away.
 * So n8n's own nodes speak to a double under the service's real name, over TLS, and nothing in n8n or the workflow is changed.
 */
export interface Gate {
	/** For the environment of an n8n. */
	readonly env: Record<string, string>;
	/** Names that were asked for and are not known here; with `passThrough` these went to the internet. */
	readonly strangers: string[];
	/** What a browser at a double sees; it follows no redirect. */
	visit(url: string): Promise<{ status: number; location?: string; body: string }>;
	stop(): Promise<void>;
}

export interface GateOptions {
	/** by host name */
	services: Readonly<Record<string, Service>>;
	/** Lets other names through instead of turning them away. */
	passThrough?: boolean;
	log?: (line: string) => void;
}

export async function openGate({ services, passThrough = false, log = () => {} }: GateOptions): Promise<Gate> {
	const names = Object.keys(services);
	const { private: key, cert } = generate([{ name: 'commonName', value: 'Doubles of shops' }], {
		days: 30,
		keySize: 2048,
		algorithm: 'sha256',
		extensions: [
			{ name: 'basicConstraints', cA: true },
			{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
		],
	});
	const folder = mkdtempSync(join(tmpdir(), 'shops-'));
	const certFile = join(folder, 'doubles.pem');
	writeFileSync(certFile, cert);

	const doubles = createTlsServer({ key, cert }, (request, response) => {
		const host = (request.headers.host ?? '').split(':')[0];
		const service = services[host] ?? unknownHost(host);
		answer(service, request, response).catch((error: Error) => {
			log(`Double of ${host}: ${error.stack}`);
			request.socket.destroy();
		});
	});
	const inside = await listen(doubles);

	const strangers: string[] = [];
	const sockets = new Set<Duplex>();
	const proxy = createServer((_request, response) => response.writeHead(405).end('Only CONNECT'));
	proxy.on('connect', (request, client: Socket, head: Buffer) => {
		const [name = '', port = '443'] = (request.url ?? '').split(':');
		const isKnown = names.includes(name) && port === '443';
		if (!isKnown) strangers.push(name);
		if (!isKnown && !passThrough) {
			client.end('HTTP/1.1 403 Not a double\r\n\r\n');
			return;
		}
		const target = isKnown ? connect(inside, '127.0.0.1') : connect(Number(port), name);
		target.once('connect', () => {
			client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			if (head.length > 0) target.write(head);
			target.pipe(client);
			client.pipe(target);
		});
		for (const [one, other] of [
			[client, target],
			[target, client],
		]) {
			sockets.add(one);
			one.on('error', () => other.destroy());
			one.on('close', () => {
				sockets.delete(one);
				other.destroy();
			});
		}
	});
	const outside = await listen(proxy);

	return {
		env: { HTTPS_PROXY: `http://127.0.0.1:${outside}`, NODE_EXTRA_CA_CERTS: certFile },
		strangers,
		async visit(url) {
			const { hostname, pathname, search } = new URL(url);
			const service = services[hostname] ?? unknownHost(hostname);
			const { status, headers, body } = await service.handle({ method: 'GET', target: pathname + search });
			const { location } = headers;
			return { status, ...(location === undefined ? {} : { location }), body: String(body) };
		},
		async stop() {
			const closed = [doubles, proxy].map((server) => new Promise((resolve) => server.close(resolve)));
			for (const socket of sockets) socket.destroy();
			doubles.closeAllConnections();
			proxy.closeAllConnections();
			await Promise.all(closed);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

const unknownHost = (host: string): Service => ({
	handle: async () => await Promise.resolve(jsonReply(421, { error: `No double of ${host}` })),
});

async function listen(server: Server): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', resolve);
	});
	return (server.address() as AddressInfo).port;
}

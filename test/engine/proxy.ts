import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IDataObject } from 'n8n-workflow';

/** Stands before the emulator (or alone) and changes answers. */
export interface Answer {
	status: number;
	body: string | Buffer;
	type?: string;
}
export interface Seen {
	method: string;
	path: string;
	body: string;
}
export async function startProxy(
	target: string,
	hook: (seen: Seen, forward: () => Promise<Answer>) => Promise<Answer>,
): Promise<{ url: string; stop: () => Promise<void> }> {
	const server = createServer((request, response) => {
		void (async () => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			const body = Buffer.concat(chunks).toString();
			const { method = 'GET', url: path = '/' } = request;
			const forward = async (): Promise<Answer> => {
				const headers = Object.fromEntries(
					Object.entries(request.headers).filter(
						([name]) => !['host', 'connection', 'content-length', 'transfer-encoding'].includes(name),
					),
				) as Record<string, string>;
				const reply = await fetch(target + path, { method, headers, ...(body === '' ? {} : { body }) });
				return {
					status: reply.status,
					body: await reply.text(),
					type: reply.headers.get('content-type') ?? 'application/json',
				};
			};
			const answer = await hook({ method, path, body }, forward);
			response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json' });
			response.end(answer.body);
		})();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		stop: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}

/** Changes the JSON of an answer. */
export async function changed(
	forward: () => Promise<Answer>,
	change: (body: IDataObject & { creations?: IDataObject[] }) => unknown,
): Promise<Answer> {
	const answer = await forward();
	return { ...answer, body: JSON.stringify(change(JSON.parse(answer.body.toString()) as IDataObject)) };
}

export const json = (body: unknown, status = 200): Answer => ({ status, body: JSON.stringify(body) });

export const viduAt = (url: string, apiKey: string): Record<string, IDataObject> => ({
	viduApi: { region: 'custom', baseUrl: url, apiKey },
});

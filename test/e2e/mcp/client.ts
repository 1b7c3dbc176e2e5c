import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Installation } from '../harness';

/** The protocol's own client, the one that n8n's MCP Client node uses: it comes with n8n, at the version that n8n is pinned to. */

export interface McpTool {
	name: string;
	description?: string;
	inputSchema: {
		type: string;
		properties?: Record<string, { type?: string; description?: string }>;
		required?: string[];
	};
}

export interface McpAnswer {
	isError?: boolean;
	content: Array<{ type: string; text?: string }>;
}

interface Client {
	connect(transport: object): Promise<void>;
	listTools(): Promise<{ tools: McpTool[] }>;
	callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<McpAnswer>;
	getServerVersion(): { name: string; version: string } | undefined;
	getInstructions(): string | undefined;
	close(): Promise<void>;
}

interface Sdk {
	Client: new (self: { name: string; version: string }) => Client;
	StreamableHTTPClientTransport: new (url: URL) => { terminateSession(): Promise<void> };
}

function sdkOf({ folder }: Installation): Sdk {
	const load = createRequire(join(folder, 'package.json'));
	return {
		...(load('@modelcontextprotocol/sdk/client/index.js') as Pick<Sdk, 'Client'>),
		...(load('@modelcontextprotocol/sdk/client/streamableHttp.js') as Pick<Sdk, 'StreamableHTTPClientTransport'>),
	};
}

export type McpClient = Client & { leave(): Promise<void> };

/** Opens a session, with the client's own patience: 60 seconds for an answer. */
export async function connect(installation: Installation, url: string): Promise<McpClient> {
	const sdk = sdkOf(installation);
	const client = new sdk.Client({ name: 'n8n-nodes-vidu-cogvideox', version: '0' });
	const transport = new sdk.StreamableHTTPClientTransport(new URL(url));
	await client.connect(transport);
	return Object.assign(client, {
		leave: async () => {
			await transport.terminateSession();
			await client.close();
		},
	});
}

export const textOf = ({ content }: McpAnswer): string => content.map(({ text = '' }) => text).join('\n');

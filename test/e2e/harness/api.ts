import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Agent, request, type Dispatcher } from 'undici';

import { parseFlatted, type BinaryFile, type Execution, type ExecutionStatus } from './executions';
import { PATIENCE_MS, until } from '../../until';
import { messageOf } from './report';

export interface Owner {
	email: string;
	firstName: string;
	lastName: string;
	password: string;
}

export interface WorkflowNode {
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string | null; name: string }>;
	[field: string]: unknown;
}

/** A workflow as exported from the editor. */
export interface WorkflowFile {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	[field: string]: unknown;
}

export interface SavedWorkflow extends WorkflowFile {
	id: string;
	versionId: string;
	/** the version that is published, in n8n 2.x */
	activeVersionId?: string | null;
	active: boolean;
}

export interface Credential {
	id: string;
	name: string;
	type: string;
}

export interface ExecutionSummary {
	id: string;
	status: ExecutionStatus;
	mode: string;
	workflowId: string;
	retryOf?: string | null;
	startedAt?: string;
	stoppedAt?: string | null;
}

/** n8n refused or broke. */
export class N8nRefused extends Error {
	constructor(
		readonly method: string,
		readonly path: string,
		readonly statusCode: number,
		readonly body: string,
	) {
		super(`n8n answered ${statusCode} to ${method} ${path}: ${body.slice(0, 600)}`);
		this.name = 'N8nRefused';
	}
}

const OVER: ReadonlySet<ExecutionStatus> = new Set(['success', 'error', 'canceled', 'crashed']);

/** The editor's own REST interface, as the browser uses it. Log in (or set the owner up) first. */
export class N8nApi {
	private cookie = '';
	/** retries and webhooks answer only when the run is over */
	private readonly agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

	constructor(readonly url: string) {}

	/** Creates the owner account of a fresh n8n, or logs in to one that has it. */
	async signIn(owner: Owner): Promise<void> {
		const { showSetupOnFirstLoad } = await this.userManagement();
		if (showSetupOnFirstLoad) await this.call('POST', '/rest/owner/setup', owner);
		else await this.call('POST', '/rest/login', { emailOrLdapLoginId: owner.email, password: owner.password });
	}

	private async userManagement(): Promise<{ showSetupOnFirstLoad: boolean }> {
		const settings = (await this.call('GET', '/rest/settings')) as {
			userManagement: { showSetupOnFirstLoad: boolean };
		};
		return settings.userManagement;
	}

	async createCredential(name: string, type: string, data: Record<string, unknown>): Promise<Credential> {
		return (await this.call('POST', '/rest/credentials', { name, type, data })) as Credential;
	}

	async credentials(): Promise<Credential[]> {
		return (await this.call('GET', '/rest/credentials')) as Credential[];
	}

	/** Creates the credential, or gives the one of this name and type new data. */
	async putCredential(name: string, type: string, data: Record<string, unknown>): Promise<Credential> {
		const old = (await this.credentials()).find((one) => one.name === name && one.type === type);
		if (!old) return await this.createCredential(name, type, data);
		return (await this.call('PATCH', `/rest/credentials/${old.id}`, { name, type, data })) as Credential;
	}

	/**
	 * "Connect my account" of an OAuth2 credential.
	 * @param consent is the person at the service: opens the address and says where the service sent the browser back to
	 */
	async connect(credential: Credential, consent: (url: string) => Promise<string>): Promise<void> {
		const query = new URLSearchParams({ id: credential.id });
		const url = (await this.call('GET', `/rest/oauth2-credential/auth?${query.toString()}`)) as string;
		const back = new URL(await consent(url));
		const page = await this.call('GET', `${back.pathname}${back.search}`);
		if (typeof page === 'string' && /error/i.test(/<title>(.*?)<\/title>/i.exec(page)?.[1] ?? ''))
			throw new Error(`"${credential.name}" was not connected: ${page.replace(/<[^>]*>/g, ' ').slice(0, 600)}`);
	}

	/** What the editor's "Test" does. */
	async testCredential(
		credential: Credential,
		data: Record<string, unknown>,
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		const { id, name, type } = credential;
		return (await this.call('POST', '/rest/credentials/test', { credentials: { id, name, type, data } })) as {
			status: 'OK' | 'Error';
			message: string;
		};
	}

	/** The node types n8n has loaded. */
	async nodeTypes(): Promise<Array<{ name: string; properties: unknown[] }>> {
		const { body } = await this.send('GET', '/types/nodes.json');
		return (await body.json()) as Array<{ name: string; properties: unknown[] }>;
	}

	/** Imports a workflow file; its nodes get the credentials given, by credential type. */
	async importWorkflow(file: WorkflowFile, credentials: readonly Credential[] = []): Promise<SavedWorkflow> {
		const { id: _id, versionId: _versionId, active: _active, ...workflow } = withCredentials(file, credentials);
		return (await this.call('POST', '/rest/workflows', { settings: {}, ...workflow, active: false })) as SavedWorkflow;
	}

	async workflows(): Promise<Array<{ id: string; name: string }>> {
		return (await this.call('GET', '/rest/workflows')) as Array<{ id: string; name: string }>;
	}

	async workflow(id: string): Promise<SavedWorkflow> {
		return (await this.call('GET', `/rest/workflows/${id}`)) as SavedWorkflow;
	}

	async updateWorkflow(workflow: SavedWorkflow): Promise<SavedWorkflow> {
		const { id, name, nodes, connections, settings, versionId } = workflow;
		return (await this.call('PATCH', `/rest/workflows/${id}`, {
			name,
			nodes,
			connections,
			settings,
			versionId,
		})) as SavedWorkflow;
	}

	/** Publishes the saved version; its webhooks and triggers listen a moment later. */
	async activate(workflow: SavedWorkflow): Promise<SavedWorkflow> {
		try {
			return (await this.call('POST', `/rest/workflows/${workflow.id}/activate`, {
				versionId: workflow.versionId,
			})) as SavedWorkflow;
		} catch (error) {
			if (!(error instanceof N8nRefused && error.statusCode === 404)) throw error;
			// n8n 1.x has a switch instead of published versions
			return (await this.call('PATCH', `/rest/workflows/${workflow.id}`, {
				active: true,
				versionId: workflow.versionId,
			})) as SavedWorkflow;
		}
	}

	/** Unpublishes a workflow; what it registered with services is taken back. */
	async deactivate(id: string): Promise<void> {
		await this.call('POST', `/rest/workflows/${id}/deactivate`, {});
	}

	/** Calls a production webhook; right after activation n8n answers 404 for a moment, which is waited out. */
	async callWebhook(
		path: string,
		{ method = 'POST', body }: { method?: Dispatcher.HttpMethod; body?: unknown } = {},
	): Promise<unknown> {
		return await until(`a webhook at ${path}`, async () => {
			const reply = await this.send(method, `/webhook/${path}`, body);
			const text = await reply.body.text();
			if (reply.statusCode === 404) return undefined;
			if (reply.statusCode >= 400) throw new N8nRefused(method, `/webhook/${path}`, reply.statusCode, text);
			return { reply: readJson(text) };
		}).then(({ reply }) => reply);
	}

	/**
	 * "Execute workflow": a manual run from the trigger named (or the only one).
	 * @returns the execution's id; the run goes on
	 */
	async run(workflowId: string, trigger?: string): Promise<string> {
		const workflow = await this.workflow(workflowId);
		const name = trigger ?? workflow.nodes.find((node) => /trigger$|\.webhook$/i.test(node.type))?.name;
		if (!name) throw new Error(`workflow "${workflow.name}" has no trigger to start from`);
		// n8n 1.x takes the workflow from the request, 2.x from its database
		const answer = (await this.call('POST', `/rest/workflows/${workflowId}/run`, {
			workflowData: workflow,
			triggerToStartFrom: { name },
		})) as { executionId?: string };
		if (!answer.executionId) throw new Error(`n8n did not start "${workflow.name}": ${JSON.stringify(answer)}`);
		return answer.executionId;
	}

	async execution(id: string): Promise<Execution> {
		const raw = (await this.call('GET', `/rest/executions/${id}`)) as Omit<Execution, 'data'> & { data: string };
		return { ...raw, data: parseFlatted(raw.data) as Execution['data'] };
	}

	/** All that match, newest first. */
	async executions(filter: { workflowId?: string; status?: ExecutionStatus[] } = {}): Promise<ExecutionSummary[]> {
		const all: ExecutionSummary[] = [];
		let cursor: string | null | undefined; // n8n 1.x has none, and puts more onto a page
		do {
			const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: '100', ...(cursor && { cursor }) });
			const page = (await this.call('GET', `/rest/executions?${query.toString()}`)) as {
				results: ExecutionSummary[];
				nextCursor?: string | null;
			};
			all.push(...page.results);
			cursor = page.nextCursor;
		} while (cursor);
		return all;
	}

	/** Waits until an execution is over (or in one of the states given). */
	async waitFor(
		id: string,
		{ limitMs = PATIENCE_MS, states = OVER }: { limitMs?: number; states?: ReadonlySet<ExecutionStatus> } = {},
	): Promise<Execution> {
		return await until(
			`the end of execution ${id}`,
			async () => {
				const execution = await this.execution(id);
				// n8n 1.x writes the state before the data
				return states.has(execution.status) && Boolean(execution.data) && execution;
			},
			undefined,
			limitMs,
		);
	}

	/** The Stop button. Answers when n8n has told the run to end. */
	async stop(id: string): Promise<void> {
		await this.call('POST', `/rest/executions/${id}/stop`);
	}

	/** The Retry button; `loadWorkflow` retries with the currently saved workflow. Answers when the new run is over, with its id. */
	async retry(id: string, { loadWorkflow = false } = {}): Promise<string> {
		const answer = (await this.call('POST', `/rest/executions/${id}/retry`, { loadWorkflow })) as { id: string };
		return answer.id;
	}

	/** A file out of n8n's binary storage. */
	async binary(file: BinaryFile): Promise<Buffer> {
		if (!file.id) return Buffer.from(file.data, 'base64');
		const reply = await this.openBinary(file.id);
		return Buffer.from(await reply.body.arrayBuffer());
	}

	async saveBinary(file: BinaryFile, path: string): Promise<void> {
		if (!file.id) throw new Error("the file is not in n8n's storage");
		const reply = await this.openBinary(file.id);
		await pipeline(reply.body, createWriteStream(path));
	}

	private async openBinary(id: string): Promise<Dispatcher.ResponseData> {
		const path = `/rest/binary-data?${new URLSearchParams({ id, action: 'download' }).toString()}`;
		const reply = await this.send('GET', path);
		if (reply.statusCode !== 200) throw new N8nRefused('GET', path, reply.statusCode, await reply.body.text());
		return reply;
	}

	/** Any REST call; the answer without its `data` wrapper. */
	async call(method: Dispatcher.HttpMethod, path: string, body?: unknown): Promise<unknown> {
		const reply = await this.send(method, path, body);
		const text = await reply.body.text();
		if (reply.statusCode >= 400) throw new N8nRefused(method, path, reply.statusCode, text);
		const answer = readJson(text);
		return answer !== null && typeof answer === 'object' && 'data' in answer ? answer.data : answer;
	}

	private async send(method: Dispatcher.HttpMethod, path: string, body?: unknown): Promise<Dispatcher.ResponseData> {
		const headers: Record<string, string> = {};
		if (this.cookie) headers.cookie = this.cookie;
		if (body !== undefined) headers['content-type'] = 'application/json';
		const payload = body === undefined ? undefined : JSON.stringify(body);
		let reply: Dispatcher.ResponseData;
		try {
			reply = await request(this.url + path, { method, headers, body: payload, dispatcher: this.agent });
		} catch (error) {
			throw new Error(`n8n did not answer ${method} ${path}: ${messageOf(error)}`, { cause: error });
		}
		const cookies = [reply.headers['set-cookie'] ?? []].flat();
		const login = cookies.map((one) => one.split(';')[0]).find((one) => one.startsWith('n8n-auth='));
		if (login) this.cookie = login;
		return reply;
	}

	/** The login as a cookie's value, for a browser. */
	get token(): string {
		return this.cookie.replace(/^n8n-auth=/, '');
	}

	async close(): Promise<void> {
		await this.agent.destroy();
	}
}

function withCredentials(file: WorkflowFile, credentials: readonly Credential[]): WorkflowFile {
	const byType = new Map(credentials.map((one) => [one.type, { id: one.id, name: one.name }]));
	const nodes = file.nodes.map((node) => {
		if (!node.credentials) return node;
		const filled = Object.entries(node.credentials).map(([type, old]) => [type, byType.get(type) ?? old]);
		return { ...node, credentials: Object.fromEntries(filled) as WorkflowNode['credentials'] };
	});
	return { ...file, nodes };
}

function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

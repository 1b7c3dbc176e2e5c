import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Request, Response } from 'express';
import { WebhookContext, WorkflowExecute } from 'n8n-core';
import { createRunExecutionData, Workflow } from 'n8n-workflow';
import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	IRunExecutionData,
	IWebhookData,
	IWebhookResponseData,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { request } from 'undici';

import { ViduTrigger } from '../../../dist/nodes/Vidu/ViduTrigger.node';
import type { Emulator } from '../../emulator';
import {
	additionalDataFor,
	CREDENTIAL_TYPES,
	credentialsFor,
	initBinaryData,
	NODES,
	passThrough,
	retryData,
	Source,
	toNode,
	type SourceItem,
	hintsOf,
} from '../harness';

/**
 * What n8n's server adds to its engine: executions kept as JSON, /webhook-waiting, /webhook, /webhook-test and the timer of waiting
 * executions, step by step as in n8n 2.41 (waiting-webhooks.js, webhook-helpers.js, live-webhooks.js, wait-tracker.js). Engine and contexts are
 * n8n's own.
 */

export interface Order {
	parameters: INodeParameters;
	items?: SourceItem[];
	onError?: INode['onError'];
	/** Retry On Fail with this many tries. */
	maxTries?: number;
	credentials?: Record<string, IDataObject>;
	/** The name of the node under test. */
	name?: string;
	/** What started it: a hand unless told. */
	mode?: WorkflowExecuteMode;
}

export interface Execution {
	id: string;
	status: 'running' | 'waiting' | 'success' | 'error';
	waitTill?: Date;
	data: IRunExecutionData;
	/** Items of the node under test's first output; of the trigger, in its workflow. */
	items: INodeExecutionData[];
	/** Items of its error output. */
	failed: INodeExecutionData[];
	/** What n8n shows beside its output. */
	hints: string[];
	summary?: string;
	error?: { message: string; description?: string | null };
}

interface Stored {
	status: Execution['status'];
	json: string;
	waitTill?: Date;
	order: Order;
	subject: string;
}

/** A webhook's answer as the caller got it. */
export interface Answer {
	status: number;
	body: unknown;
}

export interface HostOptions {
	/** What n8n believes its address to be; the local one unless told. A proxy stands between where it differs. */
	publicUrl?: string;
}

const SUBJECT = 'Under Test';

export class WebhookHost {
	/** What webhook() threw, which it never may. */
	readonly thrown: unknown[] = [];
	/** Answers in the order they were given. */
	readonly answers: Answer[] = [];
	/** Held between the end of a run and its being kept as waiting. */
	beforeKeeping: () => Promise<void> = async () => undefined;
	/** How often a resumption came second and was not let through. */
	lostClaims = 0;
	private readonly stored = new Map<string, Stored>();
	private readonly triggers = new Map<
		string,
		{ parameters: INodeParameters; credentials: Record<string, IDataObject>; staticData: IDataObject }
	>();
	private readonly running = new Set<Promise<unknown>>();
	private lastId = 0;

	private constructor(
		private readonly server: Server,
		readonly localUrl: string,
		readonly publicUrl: string,
	) {}

	static async start({ publicUrl }: HostOptions = {}): Promise<WebhookHost> {
		await initBinaryData();
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const localUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const host = new WebhookHost(server, localUrl, publicUrl ?? localUrl);
		server.on('request', (incoming, response) => void host.answer(incoming, response));
		return host;
	}

	async stop(): Promise<void> {
		await this.idle();
		await new Promise((resolve) => {
			this.server.close(resolve);
			this.server.closeAllConnections();
		});
	}

	/** Everything that was started has ended. */
	async idle(): Promise<void> {
		while (this.running.size > 0) await Promise.all(this.running);
	}

	/** The way from the service to n8n, through the proxy: for the emulator's `sendCallback`. */
	readonly deliver = async (url: string, headers: Record<string, string>, body: string): Promise<number> => {
		if (!url.startsWith(this.publicUrl)) throw new Error(`nobody listens at ${url}`);
		return (await this.post(url.slice(this.publicUrl.length), headers, body)).status;
	};

	/** A request as it arrives at n8n. */
	async post(path: string, headers: Record<string, string>, body: string): Promise<Answer> {
		const reply = await request(`${this.localUrl}${path}`, { method: 'POST', headers, body });
		const text = await reply.body.text();
		const answer = { status: reply.statusCode, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
		this.answers.push(answer);
		return answer;
	}

	/** Runs Source → node under test → Done until it is over or parked. */
	async run(emulator: Emulator, order: Order): Promise<Execution> {
		const id = String((this.lastId += 1));
		const whole: Order = { ...order, credentials: { ...credentialsFor(emulator), ...order.credentials } };
		const subject = order.name ?? SUBJECT;
		this.stored.set(id, { status: 'running', json: '', order: whole, subject });
		const engine = new WorkflowExecute(this.additionalData(id, whole.credentials!), modeOf(whole));
		const workflow = this.workflow(whole, subject);
		return await this.track(this.keep(id, engine.run({ workflow, startNode: workflow.getNode('Source')! })));
	}

	/** n8n's Retry button, with the currently saved workflow where it was edited. */
	async retry(id: string, edited: Partial<Order> = {}): Promise<Execution> {
		const { subject, json, order: old } = this.stored.get(id)!;
		const order = { ...old, ...edited };
		const newId = String((this.lastId += 1));
		this.stored.set(newId, { status: 'running', json: '', order, subject });
		const data = retryData(createRunExecutionData(JSON.parse(json) as IRunExecutionData));
		const workflow = this.workflow(order, subject);
		for (const entry of data.executionData!.nodeExecutionStack) entry.node = workflow.getNode(entry.node.name)!;
		const engine = new WorkflowExecute(this.additionalData(newId, order.credentials!), 'retry', data);
		return await this.track(this.keep(newId, engine.processRunExecutionData(workflow)));
	}

	/** The time of a waiting execution is up. */
	async wake(id: string): Promise<Execution> {
		const { order, subject } = this.stored.get(id)!;
		const data = this.read(id);
		if (!this.claim(id)) return this.execution(id);
		const engine = new WorkflowExecute(this.additionalData(id, order.credentials!), modeOf(order), data);
		return await this.track(this.keep(id, engine.processRunExecutionData(this.workflow(order, subject))));
	}

	/** Changes what the database holds of an execution, as another version of the package would have written it. */
	rewrite(id: string, edit: (data: IRunExecutionData) => void): void {
		const stored = this.stored.get(id)!;
		const data = JSON.parse(stored.json) as IRunExecutionData;
		edit(data);
		stored.json = JSON.stringify(data);
	}

	execution(id: string): Execution {
		const { status, waitTill, subject, json } = this.stored.get(id)!;
		const data = json === '' ? createRunExecutionData({}) : this.read(id);
		const taken = data.resultData.runData[subject]?.at(-1);
		return {
			id,
			status,
			...(waitTill ? { waitTill } : {}),
			data,
			items: taken?.data?.main[0] ?? [],
			failed: taken?.data?.main[1] ?? [],
			...hintsOf(taken?.hints),
			...(data.resultData.error ? { error: data.resultData.error } : {}),
		};
	}

	get executions(): Execution[] {
		return [...this.stored.keys()].map((id) => this.execution(id));
	}

	/** Publishes a workflow that starts with the trigger. */
	listen(
		emulator: Emulator,
		parameters: INodeParameters = {},
		credentials: Record<string, IDataObject> = {},
	): { production: string; test: string } {
		const webhookId = randomUUID();
		this.triggers.set(webhookId, {
			parameters,
			credentials: { ...credentialsFor(emulator), ...credentials },
			staticData: {},
		});
		return {
			production: `${this.publicUrl}/webhook/${webhookId}/vidu`,
			test: `${this.publicUrl}/webhook-test/${webhookId}/vidu`,
		};
	}

	private async track<T>(work: Promise<T>): Promise<T> {
		this.running.add(work);
		try {
			return await work;
		} finally {
			this.running.delete(work);
		}
	}

	private read(id: string): IRunExecutionData {
		const data = createRunExecutionData(JSON.parse(this.stored.get(id)!.json) as IRunExecutionData);
		if (data.waitTill) data.waitTill = new Date(data.waitTill);
		return data;
	}

	/** The database lets one resumption through. */
	private claim(id: string): boolean {
		const stored = this.stored.get(id)!;
		if (stored.status !== 'waiting') {
			this.lostClaims += 1;
			return false;
		}
		stored.status = 'running';
		return true;
	}

	private async keep(id: string, running: ReturnType<WorkflowExecute['processRunExecutionData']>): Promise<Execution> {
		const { data, status, waitTill } = await running;
		await this.beforeKeeping();
		const stored = this.stored.get(id)!;
		Object.assign(stored, { json: JSON.stringify(data), status, waitTill: waitTill ?? undefined });
		return this.execution(id);
	}

	private workflow(order: Order, subject: string): Workflow {
		const onError = order.onError ?? 'stopWorkflow';
		return new Workflow({
			id: 'workflow1',
			name: 'Parking',
			active: false,
			nodeTypes: typesOf({
				source: new Source(order.items ?? [{ json: {} }]).bind(),
				vidu: NODES.vidu,
				done: passThrough('done'),
				failed: passThrough('failed'),
			}),
			settings: { executionOrder: 'v1' },
			nodes: [
				toNode('Source', 'source', {}),
				{
					...toNode(subject, 'vidu', order.parameters),
					onError,
					...(order.maxTries ? { retryOnFail: true, maxTries: order.maxTries, waitBetweenTries: 1 } : {}),
					credentials: CREDENTIALS,
				},
				toNode('Done', 'done', {}),
				toNode('Failed', 'failed', {}),
			],
			connections: {
				Source: { main: [[{ node: subject, type: 'main', index: 0 }]] },
				[subject]: {
					main: [
						[{ node: 'Done', type: 'main', index: 0 }],
						...(onError === 'continueErrorOutput' ? [[{ node: 'Failed', type: 'main' as const, index: 0 }]] : []),
					],
				},
			},
		});
	}

	private additionalData(
		id: string | undefined,
		credentials: Record<string, IDataObject>,
	): IWorkflowExecuteAdditionalData {
		return {
			...additionalDataFor(id ?? 'none', credentials, []),
			executionId: id,
			webhookBaseUrl: `${this.publicUrl}/webhook`,
			webhookWaitingBaseUrl: `${this.publicUrl}/webhook-waiting`,
			webhookTestBaseUrl: `${this.publicUrl}/webhook-test`,
		};
	}

	private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const call = await Call.read(incoming, outgoing);
		try {
			const [, kind, id] = /^\/(webhook-waiting|webhook|webhook-test)\/([^/]+)/.exec(call.path) ?? [];
			if (kind === 'webhook-waiting') await this.track(this.resume(id, call));
			else if (this.triggers.has(id)) await this.track(this.trigger(id, kind === 'webhook-test', call));
			else call.response.status(404).json({ message: 'not registered' });
		} catch (cause) {
			this.thrown.push(cause);
			if (!outgoing.headersSent) call.response.status(500).json({ message: String(cause) });
		}
	}

	/** waiting-webhooks.js, then executeWebhook of webhook-helpers.js. */
	private async resume(id: string, call: Call): Promise<void> {
		const stored = this.stored.get(id);
		if (!stored) return call.refuse(404, `The execution "${id}" does not exist.`);
		// n8n stores no data of a run by hand before it is over or parked, and looks for the token in it
		if (stored.json === '' && modeOf(stored.order) === 'manual')
			return call.refuse(500, "Cannot read properties of undefined (reading 'resumeToken')");
		if (stored.status === 'running') return call.refuse(409, `The execution "${id}" is running already.`);
		const data = this.read(id);
		if (call.query.signature !== data.resumeToken) return call.refuse(401, 'Invalid token');
		if (stored.status !== 'waiting') return call.refuse(409, `The execution "${id}" has finished already.`);
		const { order, subject } = stored;
		const entry = data.executionData!.nodeExecutionStack[0];
		entry.node.disabled = true;
		data.waitTill = undefined;
		data.resultData.runData[data.resultData.lastNodeExecuted!].pop();
		const workflow = this.workflow(order, subject);
		const additionalData = {
			...this.additionalData(id, order.credentials!),
			httpRequest: call.request,
			httpResponse: call.response,
		};
		const node = workflow.getNode(subject)!;
		const context = new WebhookContext(
			workflow,
			node,
			additionalData,
			modeOf(order),
			webhookOf(workflow, node, false),
			[],
			data,
		);
		const type = workflow.nodeTypes.getByNameAndVersion(node.type);
		let result: IWebhookResponseData;
		try {
			result = await type.webhook!.call(context);
		} catch (cause) {
			this.thrown.push(cause);
			if (!call.response.headersSent) call.refuse(500, 'There was a problem executing the workflow');
			data.resultData = { runData: {}, lastNodeExecuted: subject, error: cause as never };
			result = { noWebhookResponse: true, workflowData: [[{ json: {} }]] };
		}
		if (!result.noWebhookResponse && !call.response.headersSent)
			call.response.status(200).json(result.webhookResponse ?? { message: 'Webhook call received' });
		if (result.workflowData === undefined) return;
		entry.data.main = result.workflowData;
		entry.metadata = { ...entry.metadata, forwardAllOutputs: true };
		if (!this.claim(id)) return;
		const engine = new WorkflowExecute(this.additionalData(id, order.credentials!), modeOf(order), data);
		await this.keep(id, engine.processRunExecutionData(workflow));
	}

	/** live-webhooks.js and test-webhooks.js, then executeWebhook of webhook-helpers.js. */
	private async trigger(webhookId: string, isTest: boolean, call: Call): Promise<void> {
		const { parameters, credentials, staticData } = this.triggers.get(webhookId)!;
		const workflow = new Workflow({
			id: `workflow-${webhookId}`,
			name: 'Called',
			active: !isTest,
			nodeTypes: typesOf({ viduTrigger: new ViduTrigger(), done: passThrough('done') }),
			settings: { executionOrder: 'v1' },
			// every call reads the database anew; a test call starts from nothing
			staticData: isTest ? {} : structuredClone(staticData),
			nodes: [
				{ ...toNode('Vidu Trigger', 'viduTrigger', parameters), webhookId, credentials: CREDENTIALS },
				toNode('Done', 'done', {}),
			],
			connections: { 'Vidu Trigger': { main: [[{ node: 'Done', type: 'main', index: 0 }]] } },
		});
		const node = workflow.getNode('Vidu Trigger')!;
		const additionalData = {
			...this.additionalData(undefined, credentials),
			httpRequest: call.request,
			httpResponse: call.response,
		};
		const webhook = webhookOf(workflow, node, isTest);
		const context = new WebhookContext(
			workflow,
			node,
			additionalData,
			isTest ? 'manual' : 'webhook',
			webhook,
			[],
			null,
		);
		const result = await workflow.nodeTypes.getByNameAndVersion(node.type).webhook!.call(context);
		if (!isTest && workflow.staticData.__dataChanged)
			Object.assign(staticData, JSON.parse(JSON.stringify(workflow.staticData)));
		if (result.workflowData === undefined) return;
		if (!result.noWebhookResponse) call.response.status(200).json({ message: 'Workflow was started' });
		const id = String((this.lastId += 1));
		this.stored.set(id, { status: 'running', json: '', order: { parameters, credentials }, subject: 'Vidu Trigger' });
		const data = createRunExecutionData({
			executionData: { nodeExecutionStack: [{ node, data: { main: result.workflowData }, source: null }] },
		});
		const engine = new WorkflowExecute(this.additionalData(id, credentials), 'webhook', data);
		await this.keep(id, engine.processRunExecutionData(workflow));
	}
}

const modeOf = ({ mode = 'manual' }: Order): WorkflowExecuteMode => mode;

const CREDENTIALS = Object.fromEntries(Object.keys(CREDENTIAL_TYPES).map((name) => [name, { id: name, name }]));

function typesOf(types: Record<string, INodeType>): INodeTypes {
	return { getByName: (name) => types[name], getByNameAndVersion: (name) => types[name], getKnownTypes: () => ({}) };
}

function webhookOf({ id, nodeTypes }: Workflow, node: INode, isTest: boolean): IWebhookData {
	const [webhookDescription] = nodeTypes.getByNameAndVersion(node.type).description.webhooks!;
	return {
		httpMethod: 'POST',
		node: node.name,
		path: '',
		webhookDescription,
		workflowId: id,
		isTest,
		workflowExecuteAdditionalData: {} as never,
	};
}

/** A request and its response with the parts of Express that n8n's contexts hand on. */
class Call {
	private constructor(
		readonly path: string,
		readonly query: Record<string, string | string[]>,
		readonly request: Request,
		readonly response: Response,
	) {}

	static async read(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Call> {
		const chunks: Buffer[] = [];
		for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
		const { pathname, searchParams } = new URL(incoming.url!, 'http://n8n');
		const query = Object.fromEntries(
			[...new Set(searchParams.keys())].map((name) => [
				name,
				searchParams.getAll(name).length > 1 ? searchParams.getAll(name) : searchParams.get(name)!,
			]),
		);
		Object.assign(incoming, {
			originalUrl: incoming.url,
			query,
			params: {},
			body: readJson(Buffer.concat(chunks).toString()),
		});
		const response = Object.assign(outgoing, {
			status(code: number) {
				outgoing.statusCode = code;
				return response;
			},
			json(body: unknown) {
				outgoing.setHeader('content-type', 'application/json');
				outgoing.end(JSON.stringify(body));
			},
		});
		return new Call(pathname, query, incoming as Request, response as unknown as Response);
	}

	refuse(status: number, message: string): void {
		this.response.status(status).json({ message });
	}
}

function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return {};
	}
}

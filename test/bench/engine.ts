import 'reflect-metadata';

import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService, ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import { createRunExecutionData, NodeHelpers, Workflow } from 'n8n-workflow';
import type {
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	IRunExecutionData,
	IVersionedNodeType,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

/** Any node in n8n-core's real engine: Source, the node, and the items of its outputs. */

export interface Subject {
	node: INodeType | IVersionedNodeType;
	typeVersion: number;
	parameters: INodeParameters;
	credential: { type: ICredentialType; data: IDataObject };
}

export interface RunOptions {
	/** Items for the node, or what makes them in n8n's context, such as ones with files. */
	items: INodeExecutionData[] | ((context: IExecuteFunctions) => Promise<INodeExecutionData[]>);
	parameters?: INodeParameters;
	onError?: INode['onError'];
	/** Retry On Fail with this many tries, one second apart as in n8n. */
	maxTries?: number;
	executionId?: string;
	/** Continue this run's data, as the Retry button does. */
	retryOf?: IRunExecutionData;
	/** Given the means to press Stop. */
	onStart?: (stop: () => void) => void;
	/** Called right before and right after execute() of the node. */
	onExecute?: (moment: 'begin' | 'end') => void;
}

export interface EngineRun {
	items: INodeExecutionData[];
	failed: INodeExecutionData[];
	error?: { message: string; description?: string | null };
	data: IRunExecutionData;
}

const NAME = 'Under Test';

/** Binary data on disk as in a default n8n, or in memory where time is virtual and no file may be waited for. */
export async function initBinaryData(folder?: string): Promise<void> {
	Container.set(
		BinaryDataConfig,
		Object.assign(Object.create(BinaryDataConfig.prototype) as object, {
			mode: folder === undefined ? 'default' : 'filesystem',
			availableModes: folder === undefined ? [] : ['filesystem'],
			localStoragePath: folder ?? '',
			signingSecret: 'bench',
		}),
	);
	if (folder !== undefined) await Container.get(BinaryDataService).init();
}

export async function runInEngine(subject: Subject, options: RunOptions): Promise<EngineRun> {
	const { items, onError = 'stopWorkflow', executionId = '1', onExecute } = options;
	const plain = NodeHelpers.getVersionedNodeType(subject.node, subject.typeVersion);
	const watched = Object.assign(Object.create(plain) as INodeType, {
		description: plain.description,
		async execute(this: IExecuteFunctions) {
			onExecute?.('begin');
			try {
				return await plain.execute!.call(this);
			} finally {
				onExecute?.('end');
			}
		},
	});
	const source = {
		description: {
			displayName: 'Source',
			name: 'source',
			group: ['input'],
			version: 1,
			description: '',
			defaults: {},
			inputs: [],
			outputs: ['main'],
			properties: [],
		},
		async execute(this: IExecuteFunctions) {
			return [typeof items === 'function' ? await items(this) : items];
		},
	} as unknown as INodeType;
	const types: Record<string, INodeType> = { source, subject: watched };
	const toNode = (name: string, type: string, parameters: INodeParameters, typeVersion: number): INode => ({
		...{ id: name, name, type, typeVersion, parameters, position: [0, 0] },
	});
	const workflow = new Workflow({
		id: 'bench',
		name: 'Bench',
		active: false,
		settings: {},
		nodeTypes: {
			getByName: (name) => types[name],
			getByNameAndVersion: (name) => types[name],
			getKnownTypes: () => ({}),
		},
		nodes: [
			toNode('Source', 'source', {}, 1),
			{
				...toNode(NAME, 'subject', { ...subject.parameters, ...options.parameters }, subject.typeVersion),
				onError,
				...(options.maxTries ? { retryOnFail: true, maxTries: options.maxTries, waitBetweenTries: 1_000 } : {}),
				credentials: { [subject.credential.type.name]: { id: '1', name: 'Bench' } },
			},
		],
		connections: { Source: { main: [[{ node: NAME, type: 'main', index: 0 }]] } },
	});
	const data = options.retryOf ? retryData(options.retryOf) : undefined;
	const engine = new WorkflowExecute(additionalData(executionId, subject.credential), 'manual', data);
	const running = data
		? engine.processRunExecutionData(workflow)
		: engine.run({ workflow, startNode: workflow.getNode('Source')! });
	options.onStart?.(() => running.cancel());
	const run = await running;
	const taken = run.data.resultData.runData[NAME]?.at(-1)?.data?.main;
	const { error } = run.data.resultData;
	return {
		items: taken?.[0] ?? [],
		failed: taken?.[1] ?? [],
		...(error ? { error: { message: error.message, description: error.description } } : {}),
		data: run.data,
	};
}

/** What n8n's Retry button does to a failed execution's data: the failed node goes back on the stack. */
function retryData(failed: IRunExecutionData): IRunExecutionData {
	const data = structuredClone({ ...failed, resultData: { ...failed.resultData, error: undefined } });
	const { lastNodeExecuted, runData } = data.resultData;
	if (lastNodeExecuted) {
		runData[lastNodeExecuted].pop();
		if (runData[lastNodeExecuted].length === 0) delete runData[lastNodeExecuted];
	}
	return createRunExecutionData(data);
}

function additionalData(executionId: string, { type, data }: Subject['credential']): IWorkflowExecuteAdditionalData {
	return {
		executionId,
		hooks: new ExecutionLifecycleHooks('manual', executionId, {} as never),
		currentNodeParameters: undefined,
		restApiUrl: 'http://localhost',
		instanceBaseUrl: 'http://localhost/',
		formWaitingBaseUrl: 'http://localhost/form-waiting',
		webhookBaseUrl: 'http://localhost/webhook',
		webhookWaitingBaseUrl: 'http://localhost/webhook-waiting',
		webhookTestBaseUrl: 'http://localhost/webhook-test',
		userId: 'user',
		variables: {},
		executionTimeoutTimestamp: undefined,
		credentialsHelper: {
			getParentTypes: () => [],
			isCredentialUsableByNode: () => true,
			getDecrypted: async () => ({ ...data }),
			preAuthentication: async () => undefined,
			authenticate: async (
				values: IDataObject,
				_name: string,
				request: IHttpRequestOptions,
				workflow: Workflow,
				node: INode,
			) => await authenticate(type, values, request, workflow, node),
		},
	} as unknown as IWorkflowExecuteAdditionalData;
}

/** As n8n's CredentialsHelper does: a function of the credential, or templates for headers and query. */
async function authenticate(
	{ authenticate: rule }: ICredentialType,
	values: IDataObject,
	request: IHttpRequestOptions,
	workflow: Workflow,
	node: INode,
): Promise<IHttpRequestOptions> {
	if (typeof rule === 'function') return await rule(values as never, request);
	const { headers, qs } = (rule?.properties ?? {}) as Record<string, Record<string, string> | undefined>;
	const fill = (templates: Record<string, string> = {}) =>
		Object.fromEntries(
			Object.entries(templates).map(([name, template]) => [
				name,
				workflow.expression.getSimpleParameterValue(node, template, 'internal', { $credentials: values }) as string,
			]),
		);
	return {
		...request,
		headers: { ...request.headers, ...fill(headers) },
		...(qs ? { qs: { ...(request.qs as IDataObject), ...fill(qs) } } : {}),
	};
}

import 'reflect-metadata';

import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService, ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import { createRunExecutionData, Workflow } from 'n8n-workflow';
import type {
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	IRun,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import { ViduApi } from '../../dist/credentials/ViduApi.credentials';
import { VtrixApi } from '../../dist/credentials/VtrixApi.credentials';
import { ZhipuApi } from '../../dist/credentials/ZhipuApi.credentials';
import { CogVideoX } from '../../dist/nodes/CogVideoX/CogVideoX.node';
import { Vidu } from '../../dist/nodes/Vidu/Vidu.node';
import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator';
import { until } from '../until';

/** Runs the built nodes in n8n-core's real engine: Source → node under test → Done, and Failed on the error output. */

export const CREDENTIAL_TYPES: Record<string, ICredentialType> = {
	viduApi: new ViduApi(),
	zhipuApi: new ZhipuApi(),
	vtrixApi: new VtrixApi(),
};

/** An item for the node under test; bytes become binary fields. */
export interface SourceItem {
	json?: IDataObject;
	files?: Record<string, { bytes: Buffer; mimeType?: string; fileName?: string }>;
}

export interface RunOptions {
	node?: 'vidu' | 'cogVideoX';
	/** As the tool of an AI agent: n8n gives the node's type the ending Tool. */
	asTool?: boolean;
	parameters: INodeParameters;
	items?: SourceItem[];
	onError?: INode['onError'];
	/** Retry On Fail with this many tries and no pause. */
	maxTries?: number;
	credentials?: Record<string, IDataObject>;
	/** Continue this run's data, as the Retry button does. */
	retryOf?: IRunExecutionData;
	/** `null`: called outside any execution, as by n8n's MCP Server Trigger. Default '1'. */
	executionId?: string | null;
	/** How often the node is entered in this execution, as in a loop, each time with all items. Default 1. */
	rounds?: number;
	/** Before execute() of the node under test is called for the nth time, from 1. */
	beforeCall?: (call: number) => Promise<void> | void;
	/** As in an n8n that knows no hints on the canvas. */
	withoutHints?: boolean;
	/** The run is stopped as soon as this is so. */
	stopWhen?: () => boolean;
}

export interface RunResult {
	run: IRun;
	/** Items of the first output. */
	items: INodeExecutionData[];
	/** Items of the error output. */
	failed: INodeExecutionData[];
	error?: { message: string; description?: string | null; context?: IDataObject; name: string };
	data: IRunExecutionData;
	/** Hints on the canvas, but for the one that sums the run up. */
	hints: string[];
	/** What the run came to, as the canvas says it. */
	summary?: string;
	/** What was logged since the run began, as "level message"; grows with what comes later. */
	log: string[];
	/** How often execute() of the node under test was called. */
	calls: number;
	/** From Stop until execute() of the node under test settled for the last time; undefined where nothing was stopped. */
	stopMs?: number;
}

/** One each, as in n8n. */
export const NODES = { vidu: new Vidu(), cogVideoX: new CogVideoX() };

const SUBJECT = 'Under Test';

/** Less than the time-out of an order or a status check, so that a Stop which waits for one is seen. How fast it is, the virtual clock and the bench say. */
export const AT_ONCE_MS = 10_000;

export class Source implements INodeType {
	description = {
		displayName: 'Source',
		name: 'source',
		group: ['transform' as const],
		version: 1,
		description: '',
		defaults: {},
		inputs: [],
		outputs: ['main' as const],
		properties: [],
	};

	constructor(private readonly items: SourceItem[]) {}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		// `this` is n8n's context here, so the items come through the closure below
		throw new Error('replaced');
	}

	bind(): INodeType {
		const { items } = this;
		this.execute = async function execute(this: IExecuteFunctions) {
			const output: INodeExecutionData[] = [];
			for (const { json = {}, files = {} } of items) {
				const binary: INodeExecutionData['binary'] = {};
				// without a type n8n looks into the file, with a module that jest cannot load
				for (const [name, { bytes, fileName, mimeType = 'application/octet-stream' }] of Object.entries(files))
					binary[name] = await this.helpers.prepareBinaryData(bytes, fileName, mimeType);
				output.push({ json, ...(Object.keys(binary).length > 0 ? { binary } : {}) });
			}
			return [output];
		};
		return this;
	}
}

export const passThrough = (name: string): INodeType => ({
	description: {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: '',
		defaults: {},
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	},
	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	},
});

/**
 * Gives tests a way to start emulators, one each, so that tests may run side by side. They end with the file. Their
 * video tasks take a moment only.
 */
export function useEmulators(): (options?: EmulatorOptions) => Promise<Emulator> {
	const open: Emulator[] = [];
	afterAll(async () => {
		await Promise.all(open.map(async (emulator) => await emulator.stop()));
	});
	return async (options) => {
		const emulator = await startEmulator({ taskSeconds: 0.3, ...options });
		open.push(emulator);
		return emulator;
	};
}

/** Where the run at hand logs to. */
const logOf = new AsyncLocalStorage<string[]>();
const recorder = Object.fromEntries(
	['error', 'warn', 'info', 'debug'].map((level) => [
		level,
		(message: string, metadata?: unknown) =>
			logOf.getStore()?.push(`${level} ${message}${metadata === undefined ? '' : ` ${JSON.stringify(metadata)}`}`),
	]),
);

let binaryFolder: string | undefined;
afterAll(() => {
	if (binaryFolder) rmSync(binaryFolder, { recursive: true, force: true, maxRetries: 5 });
});

let isReady: Promise<void> | undefined;

/** Binary data on disk, as in a default n8n. */
export async function initBinaryData(): Promise<void> {
	isReady ??= (async () => {
		Container.set(Logger, { ...recorder, scoped: () => recorder } as unknown as Logger);
		binaryFolder = mkdtempSync(join(tmpdir(), 'engine-binary-'));
		Container.set(
			BinaryDataConfig,
			Object.assign(Object.create(BinaryDataConfig.prototype) as object, {
				mode: 'filesystem',
				availableModes: ['filesystem'],
				localStoragePath: binaryFolder,
				signingSecret: 'test',
			}),
		);
		await Container.get(BinaryDataService).init();
	})();
	await isReady;
}

/** The credentials of a user who points at the emulator. */
export function credentialsFor(emulator: Emulator): Record<string, IDataObject> {
	return {
		viduApi: { region: 'custom', baseUrl: emulator.urls.vidu, apiKey: emulator.keys.vidu },
		zhipuApi: { region: 'custom', baseUrl: emulator.urls.zhipu, apiKey: emulator.keys.zhipu },
		vtrixApi: { baseUrl: emulator.urls.vtrix, apiKey: emulator.keys.vtrix },
	};
}

export async function runNode(emulator: Emulator, options: RunOptions): Promise<RunResult> {
	await initBinaryData();
	const log: string[] = [];
	return await logOf.run(log, async () => await runLogged(emulator, options, log));
}

async function runLogged(emulator: Emulator, options: RunOptions, log: string[]): Promise<RunResult> {
	const { node: kind = 'vidu', items = [{ json: {} }], executionId = '1', rounds = 1 } = options;
	const subject = NODES[kind];
	const type = options.asTool ? `${kind}Tool` : kind;
	let settledMs = 0;
	let stoppedMs: number | undefined;
	let calls = 0;
	const execute = subject.execute;
	const timed = Object.assign(Object.create(Object.getPrototypeOf(subject) as object) as INodeType, subject, {
		async execute(this: IExecuteFunctions) {
			calls += 1;
			await options.beforeCall?.(calls);
			try {
				if (options.withoutHints) Object.assign(this, { addExecutionHints: undefined });
				return await execute.call(this);
			} finally {
				settledMs = Date.now();
			}
		},
	});
	const types: Record<string, INodeType> = {
		source: new Source(items).bind(),
		[type]: timed,
		done: passThrough('done'),
		failed: passThrough('failed'),
		round: passThrough('round'),
	};
	const roundNames = Array.from({ length: rounds }, (_, index) => `Round ${index}`);
	const nodeTypes: INodeTypes = {
		getByName: (name) => types[name],
		getByNameAndVersion: (name) => types[name],
		getKnownTypes: () => ({}),
	};
	const onError = options.onError ?? 'stopWorkflow';
	const workflow = new Workflow({
		id: 'workflow1',
		name: 'Engine test',
		active: false,
		nodeTypes,
		settings: {},
		nodes: [
			toNode('Source', 'source', {}),
			...roundNames.map((name) => toNode(name, 'round', {})),
			{
				...toNode(SUBJECT, type, options.parameters),
				onError,
				...(options.maxTries ? { retryOnFail: true, maxTries: options.maxTries, waitBetweenTries: 1 } : {}),
				credentials: Object.fromEntries(Object.keys(CREDENTIAL_TYPES).map((name) => [name, { id: name, name }])),
			},
			toNode('Done', 'done', {}),
			toNode('Failed', 'failed', {}),
		],
		connections: {
			Source: { main: [roundNames.map((name) => ({ node: name, type: 'main' as const, index: 0 }))] },
			...Object.fromEntries(
				roundNames.map((name) => [name, { main: [[{ node: SUBJECT, type: 'main' as const, index: 0 }]] }]),
			),
			[SUBJECT]: {
				main: [
					[{ node: 'Done', type: 'main', index: 0 }],
					...(onError === 'continueErrorOutput' ? [[{ node: 'Failed', type: 'main' as const, index: 0 }]] : []),
				],
			},
		},
	});
	const additionalData = additionalDataFor(executionId, { ...credentialsFor(emulator), ...options.credentials });
	const data = options.retryOf ? retryData(options.retryOf) : undefined;
	// "Retry with currently saved workflow": the node as it is now
	for (const entry of data?.executionData?.nodeExecutionStack ?? []) entry.node = workflow.getNode(entry.node.name)!;
	const engine = new WorkflowExecute(additionalData, 'manual', data);
	const running = data
		? engine.processRunExecutionData(workflow)
		: engine.run({ workflow, startNode: workflow.getNode('Source')! });
	if (options.stopWhen) {
		await until('the moment to stop', options.stopWhen, 5);
		stoppedMs = Date.now();
		running.cancel();
	}
	const run = await running;
	const taken = run.data.resultData.runData[SUBJECT]?.at(-1);
	return {
		run,
		items: taken?.data?.main[0] ?? [],
		failed: taken?.data?.main[1] ?? [],
		...(run.data.resultData.error
			? { error: run.data.resultData.error as unknown as NonNullable<RunResult['error']> }
			: {}),
		data: run.data,
		...hintsOf(taken?.hints),
		log,
		calls,
		...(stoppedMs === undefined ? {} : { stopMs: settledMs - stoppedMs }),
	};
}

export function toNode(name: string, type: string, parameters: INodeParameters): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}

/** What n8n's Retry button does to a failed execution's data: the failed node goes back on the stack. */
export function retryData(failed: IRunExecutionData): IRunExecutionData {
	const data = structuredClone({ ...failed, resultData: { ...failed.resultData, error: undefined } });
	const { lastNodeExecuted } = data.resultData;
	if (lastNodeExecuted) {
		data.resultData.runData[lastNodeExecuted].pop();
		if (data.resultData.runData[lastNodeExecuted].length === 0) delete data.resultData.runData[lastNodeExecuted];
	}
	return createRunExecutionData(data);
}

export function additionalDataFor(
	executionId: string | null,
	credentials: Record<string, IDataObject>,
	_log: string[] = [],
): IWorkflowExecuteAdditionalData {
	const hooks = new ExecutionLifecycleHooks('manual', executionId ?? '', {} as never);
	return {
		executionId: executionId ?? undefined,
		hooks,
		currentNodeParameters: undefined,
		restApiUrl: 'http://localhost',
		instanceBaseUrl: 'http://localhost/',
		formWaitingBaseUrl: 'http://localhost/form-waiting',
		webhookBaseUrl: 'http://localhost/webhook',
		webhookWaitingBaseUrl: 'http://localhost/webhook-waiting',
		webhookTestBaseUrl: 'http://localhost/webhook-test',
		userId: 'user1',
		variables: {},
		executionTimeoutTimestamp: undefined,
		credentialsHelper: {
			getParentTypes: () => [],
			isCredentialUsableByNode: () => true,
			getDecrypted: async (_data: unknown, _info: unknown, type: string) => credentials[type],
			preAuthentication: async () => undefined,
			authenticate: async (
				data: IDataObject,
				type: string,
				request: IHttpRequestOptions,
				workflow: Workflow,
				node: INode,
			) => {
				const { authenticate } = CREDENTIAL_TYPES[type];
				const headers = (authenticate as { properties: { headers: Record<string, string> } }).properties.headers;
				const resolved = Object.fromEntries(
					Object.entries(headers).map(([name, value]) => [
						name,
						workflow.expression.getSimpleParameterValue(node, value, 'internal', {
							$credentials: data,
						}) as string,
					]),
				);
				return { ...request, headers: { ...request.headers, ...resolved } };
			},
		},
	} as unknown as IWorkflowExecuteAdditionalData;
}

/** "10 videos, 550 credits (about USD 2.75), 74 s.", "1 image, …". */
const SUMMARY = /^\d+ \w+( ordered)?,.*\d s\b/;

/** Nearly every run has one, and few tests are about it. */
export function hintsOf(hints: Array<{ message: string }> = []): { hints: string[]; summary?: string } {
	const messages = hints.map(({ message }) => message);
	const summary = messages.find((message) => SUMMARY.test(message));
	return {
		hints: messages.filter((message) => message !== summary),
		...(summary === undefined ? {} : { summary }),
	};
}

/** n8n's items as a client reads them. */
export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, BinaryFile>;
	pairedItem?: unknown;
	error?: unknown;
}

export interface BinaryFile {
	/** where n8n keeps it; absent when the bytes are in `data` */
	id?: string;
	/** base64, or the name of the storage */
	data: string;
	mimeType: string;
	fileName?: string;
	bytes?: number;
}

export type ExecutionStatus = 'new' | 'running' | 'waiting' | 'success' | 'error' | 'canceled' | 'crashed' | 'unknown';

export interface NodeRun {
	executionStatus?: string;
	startTime: number;
	executionTime: number;
	error?: ExecutionError;
	data?: { main?: Array<Item[] | null> };
}

export interface ExecutionError {
	message: string;
	description?: string | null;
	context?: Record<string, unknown>;
	node?: { name: string };
}

export interface Execution {
	id: string;
	workflowId: string;
	status: ExecutionStatus;
	mode: string;
	finished: boolean;
	startedAt: string;
	stoppedAt?: string | null;
	waitTill?: string | null;
	retryOf?: string | null;
	data: {
		resultData?: { runData?: Record<string, NodeRun[]>; error?: ExecutionError; lastNodeExecuted?: string };
		executionData?: { contextData?: Record<string, unknown> };
	};
}

/** Runs of one node, the first first; empty when it has not run. */
export function runsOf(execution: Execution, node: string): NodeRun[] {
	return execution.data.resultData?.runData?.[node] ?? [];
}

/** What a node put out: its last run unless told, first output unless told. */
export function itemsOf(execution: Execution, node: string, { output = 0, run = -1 } = {}): Item[] {
	return runsOf(execution, node).at(run)?.data?.main?.[output] ?? [];
}

export function errorOf(execution: Execution): ExecutionError | undefined {
	return execution.data.resultData?.error;
}

/**
 * Reads the form in which n8n sends an execution's data: a JSON list whose first entry is the value and where every string inside
 * an object or list is the index of another entry (https://github.com/WebReflection/flatted).
 */
export function parseFlatted(text: string): unknown {
	const entries = JSON.parse(text) as unknown[];
	const done = new Map<number, unknown>();
	const resolve = (index: number): unknown => {
		if (done.has(index)) return done.get(index);
		const entry = entries[index];
		if (entry === null || typeof entry !== 'object') return entry;
		const value: Record<string, unknown> | unknown[] = Array.isArray(entry) ? [] : {};
		done.set(index, value);
		for (const [key, part] of Object.entries(entry)) {
			(value as Record<string, unknown>)[key] = typeof part === 'string' ? resolve(Number(part)) : part;
		}
		return value;
	};
	return resolve(0);
}

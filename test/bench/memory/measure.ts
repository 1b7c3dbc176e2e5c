import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { request } from 'undici';

import type { Emulator, ServerOptions } from '../../emulator';

export interface MemoryJob extends Pick<Emulator, 'urls' | 'keys'> {
	kind: 'videos' | 'images';
	/** Runs of the node at the same time, each an execution of its own. */
	executions: number;
	/** Items of each. */
	count: number;
	/** Of each video or image. */
	bytes: number;
	/** Collect garbage before every sample: what is left is held. */
	collects: boolean;
	/** The compiled package. */
	packageFolder: string;
	/** n8n's binary data. */
	folder: string;
}

export interface MemoryReport {
	/** Peak of the resident set over what it was when execute() began. */
	grownBytes: number;
	/** The same for heap and buffers; without garbage where the job collects. */
	heldBytes: number;
}

export interface MemoryResult extends MemoryReport {
	/** Most submissions on their way at one moment. */
	submitsInFlight: number;
	/** Orders sent, whatever became of them; the one that warms up is among them. */
	submits: number;
}

type MemoryOptions = Pick<MemoryJob, 'kind' | 'count' | 'bytes' | 'packageFolder'> &
	Partial<Pick<MemoryJob, 'executions' | 'collects'>> & {
		/** The emulated service; every task has a place unless told. */
		service?: Pick<ServerOptions, 'concurrency' | 'whenFull' | 'latencyMs'>;
	};

const LIMIT_MS = 300_000;

/** @returns why this machine cannot take the run; undefined when it can */
export function whyNoRoom({ count, bytes }: Pick<MemoryJob, 'count' | 'bytes'>): string | undefined {
	const { bavail, bsize } = statfsSync(tmpdir());
	const neededBytes = count * bytes * 1.2;
	return bavail * bsize > neededBytes
		? undefined
		: `${tmpdir()} has ${Math.round((bavail * bsize) / 1e9)} GB free, the run needs ${Math.round(neededBytes / 1e9)} GB`;
}

/**
 * What one submission takes while it is on its way: the file as read, and its base64 text as a value, inside the JSON
 * text of the body, and as the bytes on the wire.
 */
export const neededBytes = (fileBytes: number): number => fileBytes + 3 * ((fileBytes * 4) / 3);

/** The node in n8n's engine, in its own process, against an emulator in another. Leaves no files. */
export async function measureMemory({
	collects = false,
	executions = 1,
	service = { concurrency: 1000 },
	...job
}: MemoryOptions): Promise<MemoryResult> {
	const folder = temporaryFolder();
	const options: ServerOptions = {
		taskSeconds: 1,
		// an image stays on its way long enough to be seen there
		latencyMs: job.kind === 'images' ? 500 : 0,
		...(job.kind === 'videos' ? { videoBytes: job.bytes } : {}),
		...service,
	};
	const emulator = start('emulator.ts', options);
	try {
		const addresses = await firstMessage<Pick<Emulator, 'urls' | 'keys'>>(emulator);
		const report = await firstMessage<MemoryReport>(
			start('child.ts', { ...job, ...addresses, executions, collects, folder }),
		);
		const journal = await request(`${addresses.urls.control}/journal`);
		const { maxInFlight, counts } = (await journal.body.json()) as {
			maxInFlight: Record<string, number>;
			counts: { submits: number };
		};
		return { ...report, submitsInFlight: maxInFlight['vidu.submit'], submits: counts.submits };
	} finally {
		emulator.disconnect();
		rmSync(folder, { recursive: true, force: true });
	}
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'bench-memory-'));

/** @param file beside this one */
export function start(file: string, job: object): ChildProcess {
	return fork(join(__dirname, file), [JSON.stringify(job)], {
		execArgv: ['--import', 'tsx', '--expose-gc'],
		env: { ...process.env, N8N_LOG_LEVEL: 'silent' },
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
	});
}

/** Waits for what the process has to say; it has five minutes. */
export async function firstMessage<T>(child: ChildProcess): Promise<T> {
	let said = '';
	child.stderr!.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4_000)));
	const timer = setTimeout(() => child.kill(), LIMIT_MS);
	try {
		return await new Promise<T>((resolve, reject) => {
			child.once('message', (message) => resolve(message as T));
			child.once('exit', (code) => reject(new Error(`The measured process ended with code ${code}: ${said}`)));
		});
	} finally {
		clearTimeout(timer);
	}
}

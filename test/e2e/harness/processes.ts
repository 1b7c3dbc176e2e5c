import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createServer } from 'node:net';

import { sleep } from '../../until';
import { messageOf } from './report';

/** What a program printed, line by line. Keeps the last `keep` lines in memory and, when asked, everything in a file. */
export class Log {
	readonly lines: string[] = [];
	private readonly listeners = new Set<(line: string) => void>();
	private readonly file?: WriteStream;
	private rest = '';

	constructor(
		file?: string,
		private readonly keep = 20_000,
	) {
		if (file) this.file = createWriteStream(file, { flags: 'a' });
	}

	write(chunk: string): void {
		this.file?.write(chunk);
		const lines = (this.rest + chunk).split(/\r?\n/);
		this.rest = lines.pop() ?? '';
		for (const line of lines) {
			this.lines.push(line);
			for (const listener of this.listeners) listener(line);
		}
		if (this.lines.length > this.keep) this.lines.splice(0, this.lines.length - this.keep);
	}

	/** @returns a function that ends the listening */
	onLine(listener: (line: string) => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	tail(count = 25): string[] {
		return [...this.lines, this.rest].filter((line) => line.trim()).slice(-count);
	}

	find(pattern: RegExp): string | undefined {
		return this.lines.find((line) => pattern.test(line));
	}

	close(): void {
		this.file?.end();
	}
}

export interface LaunchOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	log?: Log;
}

/** A program with everything it starts in turn: on POSIX it leads a process group, so that a signal reaches its task runner too. */
export class Running {
	readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
	private ended = false;

	constructor(
		readonly child: ChildProcess,
		readonly log: Log,
	) {
		this.exited = new Promise((resolve) => {
			const end = (code: number | null, signal: NodeJS.Signals | null) => {
				if (this.ended) return;
				this.ended = true;
				running.delete(this);
				resolve({ code, signal });
			};
			child.once('exit', end);
			child.once('error', (error) => {
				log.write(`${messageOf(error)}\n`);
				end(null, null);
			});
		});
		running.add(this);
	}

	get isOver(): boolean {
		return this.ended;
	}

	signal(signal: NodeJS.Signals): void {
		const { pid } = this.child;
		if (pid === undefined) return;
		try {
			if (process.platform === 'win32') this.child.kill(signal);
			else process.kill(-pid, signal);
		} catch {
			// the group is gone already
		}
	}

	/** Asks it to end, and ends it by force after `graceMs`. */
	async stop(graceMs = 10_000): Promise<void> {
		if (!this.ended) this.signal('SIGTERM');
		await Promise.race([this.exited, sleep(graceMs)]);
		this.signal('SIGKILL'); // also what the program left behind in its group
		await this.exited;
	}

	/** kill -9, at once, the whole group. */
	async kill(): Promise<void> {
		this.signal('SIGKILL');
		await this.exited;
	}
}

export function launch(command: string, args: readonly string[], options: LaunchOptions = {}): Running {
	const child = spawn(command, args, {
		cwd: options.cwd,
		env: options.env ?? process.env,
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: process.platform !== 'win32',
		windowsHide: true,
	});
	const log = options.log ?? new Log();
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8');
		stream?.on('data', (chunk: string) => log.write(chunk));
	}
	return new Running(child, log);
}

/** Runs npm itself: the one that runs us, where there is one, so that it needs neither a shell nor a PATH. */
export function launchNpm(args: readonly string[], options: LaunchOptions = {}): Running {
	const cli = process.env.npm_execpath;
	return cli?.endsWith('npm-cli.js') ? launch(process.execPath, [cli, ...args], options) : launch('npm', args, options);
}

const running = new Set<Running>();
const cleanups: Array<() => Promise<void>> = [];

/** Something to undo when the program ends, whichever way it ends. The last one registered is undone first. */
export function onEnd(cleanup: () => Promise<void>): void {
	cleanups.push(cleanup);
}

let ending: Promise<void> | undefined;

/** Undoes everything registered, once. */
export async function endAll(): Promise<void> {
	ending ??= (async () => {
		for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) {
			try {
				await cleanup();
			} catch (error) {
				process.stderr.write(`While shutting down: ${messageOf(error)}\n`);
			}
		}
		await Promise.all([...running].map(async (one) => await one.stop(2_000)));
	})();
	await ending;
	ending = undefined;
}

/**
 * Runs a program's main function and ends the process properly: everything registered with `onEnd` is undone after it returns,
 * after it throws, and on Ctrl-C (exit code 130, or what `onInterrupt` returns); a second Ctrl-C leaves at once.
 */
export function runMain(main: () => Promise<number>, onInterrupt: () => number = () => 130): void {
	const leave = (code: number) => {
		void endAll().finally(() => process.exit(code));
	};
	let interruptedMs = 0;
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			// one Ctrl-C arrives twice: from the terminal, and passed on by the program that runs this one
			if (interruptedMs > 0 && Date.now() - interruptedMs > 1_000) process.exit(130);
			if (interruptedMs > 0) return;
			interruptedMs = Date.now();
			leave(onInterrupt());
		});
	}
	process.on('exit', () => {
		for (const one of running) one.signal('SIGKILL');
	});
	main().then(
		(code) => {
			if (interruptedMs === 0) leave(code);
		},
		(error: unknown) => {
			if (interruptedMs > 0) return;
			process.stderr.write(
				`\n${error instanceof Error && error.name !== 'StepFailed' ? error.stack : messageOf(error)}\n`,
			);
			leave(1);
		},
	);
}

/** The first free TCP port on 127.0.0.1, from `wanted` upwards; without it, any. */
export async function freePort(wanted = 0, taken: ReadonlySet<number> = new Set()): Promise<number> {
	for (let port = wanted; port < 65_536; port += 1) {
		if (taken.has(port)) continue;
		const free = await canListen(port);
		if (free !== undefined) return free;
	}
	throw new Error(`no free port from ${wanted} upwards`);
}

async function canListen(port: number): Promise<number | undefined> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(undefined));
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
		});
	});
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { N8N_FOLDER } from './paths';
import { launchNpm, Log } from './processes';
import { sleep } from '../../until';
import { secondsSince, StepFailed, type Say } from './report';

/** An n8n on this machine, ready to be started. */
export interface Installation {
	folder: string;
	/** for example 2.41.1 */
	version: string;
	/** n8n's command, a JavaScript file */
	command: string;
	/** the Node that runs it */
	node: string;
	/** for example 24.21.0 */
	nodeVersion: string;
}

export interface InstallOptions {
	/** a folder with a package.json and a lock file that pin n8n; the demo's own unless told */
	folder?: string;
	say?: Say;
}

const PROGRESS_EVERY_MS = 15_000;

/** Installs the pinned n8n unless this very lock file was installed here before. About four minutes and 2.7 GB the first time. */
export async function ensureInstalled({
	folder = N8N_FOLDER,
	say = () => {},
}: InstallOptions = {}): Promise<Installation> {
	const stampFile = join(folder, 'node_modules', '.complete');
	const stamp = stampOf(folder);
	if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
		const startMs = Date.now();
		say(`Installing n8n ${pinnedVersion(folder)} into ${folder} (once; a few minutes, about 3 GB of disk)`);
		await npm(folder, 'Installing n8n', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], say, () =>
			unpacked(folder),
		);
		// n8n's only native part without a prebuilt binary in its package; N-API, so any Node can build it for any other
		await npm(folder, 'Building SQLite for n8n', ['rebuild', 'sqlite3', '--ignore-scripts=false'], say);
		writeFileSync(stampFile, stamp);
		say(`n8n is installed (${secondsSince(startMs)})`);
	}
	const node = pickNode(folder);
	return {
		folder,
		version: pinnedVersion(folder),
		command: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
		node,
		nodeVersion:
			node === process.execPath
				? process.versions.node
				: execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim(),
	};
}

/** What a complete install depends on: the lock file and the machine's kind. */
function stampOf(folder: string): string {
	const lock = createHash('sha256')
		.update(readFileSync(join(folder, 'package-lock.json')))
		.digest('hex');
	return `${lock} ${process.platform}-${process.arch}\n`;
}

function pinnedVersion(folder: string): string {
	const { dependencies } = readJson(join(folder, 'package.json')) as { dependencies: { n8n: string } };
	return dependencies.n8n;
}

interface LockedPackage {
	os?: string | string[];
	cpu?: string | string[];
}

/** How far npm is: packages of the lock file that are unpacked, of those that this machine gets. */
function unpacked(folder: string): string {
	const { packages } = readJson(join(folder, 'package-lock.json')) as { packages: Record<string, LockedPackage> };
	const takes = (allowed: string | string[] | undefined, mine: string) =>
		allowed === undefined ||
		[allowed].flat().some((name) => name === mine || (name.startsWith('!') && name !== `!${mine}`));
	const ours = Object.entries(packages).filter(
		([path, { os, cpu }]) => path !== '' && takes(os, process.platform) && takes(cpu, process.arch),
	);
	const there = ours.filter(([path]) => existsSync(join(folder, path, 'package.json')));
	return there.length === 0 ? 'reading the list of packages' : `${there.length} of about ${ours.length} packages`;
}

async function npm(folder: string, step: string, args: string[], say: Say, progress?: () => string): Promise<void> {
	const startMs = Date.now();
	const log = new Log();
	const run = launchNpm(args, { cwd: folder, env: npmEnvironment(), log });
	let isOver = false;
	const done = run.exited.finally(() => {
		isOver = true;
	});
	while (!isOver) {
		await Promise.race([done, sleep(PROGRESS_EVERY_MS)]);
		if (!isOver) say(`  ${step} … ${Math.round((Date.now() - startMs) / 1000)} s${progress ? `, ${progress()}` : ''}`);
	}
	const { code } = await done;
	if (code === 0) return;
	const errors = log.lines.filter((line) => /npm error|gyp ERR|error:/i.test(line)).slice(-25);
	throw new StepFailed(
		step,
		`npm ${args[0]} ended with code ${String(code)} in ${folder}`,
		errors.length > 0 ? errors : log.tail(),
	);
}

/** npm hands its own settings down to what it runs; the checkout's (`ignore-scripts`, its prefix) must not reach this folder. */
function npmEnvironment(): NodeJS.ProcessEnv {
	const ours =
		/^npm_(config_(ignore_scripts|local_prefix|prefix|global_prefix|workspace|before|omit|include)|lifecycle_|package_|command|execpath|node_execpath)/i;
	const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
	return { ...env, JOBS: 'max' }; // node-gyp compiles on all cores
}

/** The host's Node when n8n takes it, else the binary that came with the install. */
export function pickNode(folder: string): string {
	const { engines } = readJson(join(folder, 'node_modules', 'n8n', 'package.json')) as { engines: { node: string } };
	if (fitsEngine(process.versions.node, engines.node)) return process.execPath;
	const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
	const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	if (existsSync(binary)) return binary;
	throw new StepFailed(
		'Looking for a Node.js that n8n takes',
		`n8n ${pinnedVersion(folder)} needs Node.js ${engines.node}, this is ${process.versions.node}, and no binary is published for ` +
			`${process.platform}-${process.arch}: install Node.js 24 and run the command again`,
	);
}

/**
 * Whether a version is inside an `engines` range made of comparators, such as `>=24.0.0` or `>=20.19 <= 24.x`.
 * Only what n8n's own range uses: `>=`, `<=`, `<`, `>` joined by spaces.
 */
export function fitsEngine(version: string, range: string): boolean {
	const have = version.split('.').map(Number);
	return [...range.matchAll(/(>=|<=|>|<)\s*v?([\d.x]+)/g)].every(([, sign, wanted]) => {
		const parts = wanted.split('.');
		let order = 0;
		for (let i = 0; i < parts.length && order === 0; i += 1) {
			if (parts[i] === 'x') break; // 24.x stands for all of 24
			order = Math.sign(have[i] - Number(parts[i]));
		}
		return sign === '>=' ? order >= 0 : sign === '<=' ? order <= 0 : sign === '>' ? order > 0 : order < 0;
	});
}

function readJson(file: string): unknown {
	return JSON.parse(readFileSync(file, 'utf8'));
}

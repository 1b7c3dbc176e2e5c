import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { freePort, launch, onEnd, StepFailed, type Running, type Say } from '../harness';
import { until } from '../../until';

/** Redis and PostgreSQL, running on ports and in folders of their own. */
export interface Servers {
	/** settings that lead n8n to both */
	env: Record<string, string>;
	/** command line that asks this Redis */
	redisCli: readonly string[];
}

/** What this machine has not got, and cannot get. */
export class Lacking extends Error {}

/** Debian's package of each program. PostgreSQL's programs are in no PATH there. */
const PACKAGES = {
	'redis-server': 'redis-server',
	'redis-cli': 'redis-tools',
	initdb: 'postgresql',
	postgres: 'postgresql',
} as const;
const DEBIANS_POSTGRES = '/usr/lib/postgresql';

type Program = keyof typeof PACKAGES;

const isRoot = process.getuid?.() === 0;

/**
 * Starts both servers on loopback and waits until they answer; they end, and their data goes, with the program.
 * @throws Lacking where they are neither installed nor installable
 */
export async function startServers(say: Say): Promise<Servers> {
	const programs = await findOrInstall(say);
	const redisPort = await startRedis(programs['redis-server'], say);
	const postgresPort = await startPostgres(programs, say);
	return {
		env: {
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redisPort),
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgresPort),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'n8n',
		},
		redisCli: [programs['redis-cli'], '-p', String(redisPort)],
	};
}

async function startRedis(program: string, say: Say): Promise<number> {
	const folder = ownFolder('redis');
	const port = await freePort();
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
	await startServer('Redis', [program, ...args], folder, say);
	return port;
}

async function startPostgres({ initdb, postgres }: Record<Program, string>, say: Say): Promise<number> {
	const folder = ownFolder('postgres');
	const data = join(folder, 'data');
	// it refuses to run as root
	const as = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--'] : [];
	if (isRoot) execFileSync('chown', ['postgres:', folder]);
	const create = [...as, initdb, '-D', data, '-U', 'n8n', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
	say(`PostgreSQL's folder: ${shown(create)}`);
	const creating = launch(create[0], create.slice(1), { cwd: folder });
	const { code } = await creating.exited;
	if (code !== 0)
		throw new StepFailed("Creating PostgreSQL's folder", `initdb ended with code ${String(code)}`, creating.log.tail());
	const port = await freePort();
	const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, fsync: 'off' };
	const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	await startServer('PostgreSQL', [...as, postgres, '-D', data, ...args], folder, say);
	return port;
}

async function startServer(name: string, command: readonly string[], folder: string, say: Say): Promise<Running> {
	say(`${name}: ${shown(command)}`);
	say(`    until the end of the test (SIGTERM, then ${folder} is removed)`);
	const running = launch(command[0], command.slice(1), { cwd: folder });
	onEnd(async () => await running.stop());
	await until(
		`the start of ${name}`,
		() => running.isOver || running.log.find(/ready to accept connections/i) !== undefined,
	).catch((error: Error) => {
		throw new StepFailed(`Starting ${name}`, error.message, running.log.tail());
	});
	if (running.isOver) throw new StepFailed(`Starting ${name}`, 'it ended at once', running.log.tail());
	return running;
}

function ownFolder(name: string): string {
	const folder = mkdtempSync(join(tmpdir(), `n8n-queue-${name}-`));
	onEnd(async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
	return folder;
}

async function findOrInstall(say: Say): Promise<Record<Program, string>> {
	const missing = missingPackages();
	if (missing.length > 0) await install(missing, say);
	const stillMissing = missingPackages();
	if (stillMissing.length > 0)
		throw new StepFailed('Looking for the servers', `not found after their installation: ${stillMissing.join(', ')}`);
	return Object.fromEntries(programs().map((name) => [name, find(name)])) as Record<Program, string>;
}

const programs = () => Object.keys(PACKAGES) as Program[];

const missingPackages = () => [
	...new Set(
		programs()
			.filter((name) => !find(name))
			.map((name) => PACKAGES[name]),
	),
];

function find(name: Program): string | undefined {
	const versions = existsSync(DEBIANS_POSTGRES) ? readdirSync(DEBIANS_POSTGRES) : [];
	const newestFirst = versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => join(DEBIANS_POSTGRES, version, 'bin'));
	return [...(process.env.PATH ?? '').split(delimiter), ...newestFirst]
		.map((folder) => join(folder, name))
		.find(existsSync);
}

/**
 * Debian's packages start servers of their own where a machine has an init system; ours have other ports and folders, so
 * that they do not meet.
 */
async function install(packages: readonly string[], say: Say): Promise<void> {
	const lacks = `${packages.join(', ')} missing here`;
	if (!existsSync('/usr/bin/apt-get')) throw new Lacking(`${lacks}, and this is no Debian that could install them`);
	const as = isRoot ? [] : ['sudo', '-n'];
	if (!isRoot && (await run([...as, 'true'])).code !== 0)
		throw new Lacking(`${lacks}, and installing them takes root or a sudo without password`);
	for (const args of [
		['update', '-qq'],
		['install', '-y', '-qq', '--no-install-recommends', ...packages],
	]) {
		const command = [...as, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
		say(shown(command));
		const { code, tail } = await run(command);
		// stale lists may still do
		if (code !== 0 && args[0] === 'install')
			throw new StepFailed('Installing the servers', `apt-get ended with code ${String(code)}`, tail);
	}
}

async function run(command: readonly string[]): Promise<{ code: number | null; tail: string[] }> {
	const running = launch(command[0], command.slice(1));
	const { code } = await running.exited;
	return { code, tail: running.log.tail() };
}

const shown = (command: readonly string[]) =>
	command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');

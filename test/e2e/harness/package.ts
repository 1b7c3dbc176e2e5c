import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY } from './paths';
import { launchNpm } from './processes';
import { secondsSince, StepFailed, type Say } from './report';

/** What the build reads. */
const SOURCES = ['nodes', 'credentials', 'lib', 'icons', 'package.json', 'gulpfile.js', 'tsconfig.json'];

/** Builds the package when dist is missing or older than its sources. */
export async function ensureBuilt(say: Say = () => {}): Promise<void> {
	const stampFile = join(REPOSITORY, '.cache', 'dist.sha256');
	const stamp = hashOf(SOURCES.map((name) => join(REPOSITORY, name)));
	if (entries(REPOSITORY).every(existsSync) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp)
		return;
	const startMs = Date.now();
	say('Building the package');
	const run = launchNpm(['run', 'build'], { cwd: REPOSITORY });
	const { code } = await run.exited;
	if (code !== 0)
		throw new StepFailed('Building the package', `npm run build ended with code ${String(code)}`, run.log.tail());
	mkdirSync(join(REPOSITORY, '.cache'), { recursive: true });
	writeFileSync(stampFile, stamp);
	say(`The package is built (${secondsSince(startMs)})`);
}

/**
 * Puts a built package where n8n's own installer puts community packages, so that its types carry their published names
 * (`n8n-nodes-vidu-cogvideox.vidu`). n8n needs the package.json and dist, no database row.
 */
export function placePackage(userFolder: string, packageFolder = REPOSITORY): void {
	const missing = entries(packageFolder).filter((file) => !existsSync(file));
	if (missing.length > 0) throw new StepFailed('Placing the package', `not built: ${missing.join(', ')}`);
	const { name } = manifest(packageFolder);
	const target = join(userFolder, '.n8n', 'nodes', 'node_modules', name);
	rmSync(target, { recursive: true, force: true });
	mkdirSync(target, { recursive: true });
	for (const part of ['package.json', 'dist'])
		cpSync(join(packageFolder, part), join(target, part), { recursive: true });
}

interface Manifest {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
}

function manifest(folder: string): Manifest {
	return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The files n8n loads from a package. */
function entries(folder: string): string[] {
	const { n8n } = manifest(folder);
	return [...n8n.nodes, ...n8n.credentials].map((file) => join(folder, file));
}

function hashOf(paths: readonly string[]): string {
	const hash = createHash('sha256');
	const add = (path: string) => {
		if (!existsSync(path)) return;
		if (statSync(path).isDirectory()) {
			for (const name of readdirSync(path).sort()) add(join(path, name));
		} else {
			hash.update(path).update('\0').update(readFileSync(path));
		}
	};
	paths.forEach(add);
	return hash.digest('hex');
}

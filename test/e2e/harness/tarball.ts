import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPOSITORY } from './paths';

/**
 * The package as npm packs it. @param folder where it goes
 * @returns its path
 */
export function packTarball(folder: string): string {
	const out = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
		cwd: REPOSITORY,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [{ filename }] = JSON.parse(out) as [{ filename: string }];
	return join(folder, filename);
}

export interface Installed {
	/** n8n's own list of what is installed. */
	ledger: string;
	folder: string;
}

const placesOf = (userFolder: string, name: string): Installed => {
	const nodes = join(userFolder, '.n8n', 'nodes');
	return { ledger: join(nodes, 'package.json'), folder: join(nodes, 'node_modules', name) };
};

/**
 * Does what `downloadPackage` of n8n's community-packages.service.js does behind Settings > Community nodes: unpacks the
 * tarball, drops what n8n drops from its package.json, has npm install what it depends on, and notes the version.
 *
 * What differs: the tarball comes from this machine and not from npm's registry, which n8n replaces by another only with
 * a licence; and no row of n8n's database names the package, so the list under Settings does not show it.
 *
 * @param version in place of its own
 */
export function installTarball(userFolder: string, tarball: string, name: string, version?: string): void {
	const { ledger, folder } = placesOf(userFolder, name);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
	const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
	const { devDependencies: _dev, peerDependencies: _peer, optionalDependencies: _optional, ...kept } = manifest;
	const installed = version ?? String(kept.version);
	writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...kept, version: installed }, null, 2));
	execFileSync(
		'npm',
		['install', '--audit=false', '--fund=false', '--bin-links=false', '--ignore-scripts', '--offline'],
		{
			cwd: folder,
			stdio: 'ignore',
		},
	);
	note(ledger, (dependencies) => ({ ...dependencies, [name]: installed }));
}

/** What n8n's Uninstall leaves: neither folder nor note. */
export function removeInstalled(userFolder: string, name: string): void {
	const { ledger, folder } = placesOf(userFolder, name);
	rmSync(folder, { recursive: true, force: true });
	note(ledger, ({ [name]: _gone, ...others }) => others);
}

type Dependencies = Record<string, string>;

function note(ledger: string, edit: (dependencies: Dependencies) => Dependencies): void {
	const empty = { name: 'installed-nodes', private: true, dependencies: {} };
	const before = existsSync(ledger) ? (JSON.parse(readFileSync(ledger, 'utf8')) as typeof empty) : empty;
	writeFileSync(ledger, JSON.stringify({ ...before, dependencies: edit(before.dependencies) }, null, 2));
}

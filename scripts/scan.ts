/**
 * Runs n8n's community package scanner the way n8n does after a release, without the registry: on the source checkout
 * and on the unpacked tarball. Also holds the tarball to what it may ship.
 *
 * npm run scan
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Scanner {
	analyzePackage(folder: string, patterns: string[]): Promise<{ passed: boolean; message?: string; details?: string }>;
	SOURCE_FILE_PATTERNS: string[];
}
const SCANNER = '@n8n/scan-community-package/scanner/scanner.mjs';

/** What the scanner lints in a tarball (analyzePackageByName in scanner.mjs). */
const TARBALL_FILE_PATTERNS = ['**/*.js', 'package.json'];
const SHIPPED = ['LICENSE', 'README.md', 'dist', 'package.json'];
const SHIPPED_IN_DIST = ['credentials', 'icons', 'lib', 'nodes'];

const root = resolve(__dirname, '..');

async function main(): Promise<boolean> {
	const { analyzePackage, SOURCE_FILE_PATTERNS } = (await import(SCANNER)) as Scanner;
	const scratch = mkdtempSync(join(tmpdir(), 'scan-'));
	try {
		const unpacked = unpackTarball(scratch);
		const source = await analyzePackage(root, SOURCE_FILE_PATTERNS);
		const tarball = await analyzePackage(unpacked, TARBALL_FILE_PATTERNS);
		return [
			report('source', source.passed, source.details ?? source.message),
			report('tarball', tarball.passed, tarball.details ?? tarball.message),
			reportContent('content', unpacked, SHIPPED),
			reportContent('content of dist', join(unpacked, 'dist'), SHIPPED_IN_DIST),
		].every(Boolean);
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

function unpackTarball(scratch: string): string {
	const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', scratch], {
		cwd: root,
		encoding: 'utf8',
		shell: process.platform === 'win32',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const [{ filename, entryCount, size }] = JSON.parse(packed);
	console.log(`${filename}: ${entryCount} files, ${Math.ceil(size / 1024)} kB`);
	const folder = join(scratch, 'package');
	mkdirSync(folder);
	execFileSync('tar', ['-xzf', filename, '-C', 'package', '--strip-components=1'], { cwd: scratch });
	return folder;
}

function reportContent(what: string, folder: string, expected: string[]): boolean {
	const found = readdirSync(folder).sort();
	const passed = found.join() === expected.join();
	return report(what, passed, `found ${found.join(', ')}; expected ${expected.join(', ')}`);
}

function report(what: string, passed: boolean, findings?: string): boolean {
	console.log(passed ? `${what}: passed` : `${what}: failed\n${findings ?? ''}`);
	return passed;
}

main().then(
	(passed) => process.exit(passed ? 0 : 1),
	(error) => {
		console.error(error);
		process.exit(1);
	},
);

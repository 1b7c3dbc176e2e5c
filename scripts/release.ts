/**
 * Makes a version: Unreleased of CHANGELOG.md becomes it, with its day; package.json and the lock file name it; both are
 * committed and tagged. Pushes nothing: the tag is what publishes, so the push is the owner's.
 *
 *   npm run release -- minor         or major, patch, or a version such as 0.1.0, which may be that of package.json
 *   npm run release -- minor --dry   says what it would do
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const UNRELEASED = '## [Unreleased]';
const VERSION = /^\d+\.\d+\.\d+$/;

class NotNow extends Error {}

function main(words: string[], folder: string): void {
	const [wanted = ''] = words.filter((word) => word !== '--dry');
	const run = (command: string, ...args: string[]): string =>
		execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
	const { version: last } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
	const next = versionAfter(last, wanted);
	if (run('git', 'status', '--porcelain') !== '') throw new NotNow('Commit first: the release is a commit of its own');
	if (run('git', 'tag', '--list', next) !== '') throw new NotNow(`There is a tag ${next} already`);
	const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
	const written = withVersion(changelog, next, new Date().toISOString().slice(0, 10));
	if (words.includes('--dry')) {
		console.log(`${last} would become ${next}, with ${changesOf(changelog).length} lines of the changelog`);
		return;
	}
	writeFileSync(join(folder, 'CHANGELOG.md'), written);
	run('npm', 'version', next, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts');
	run('git', 'add', 'CHANGELOG.md', 'package.json', 'package-lock.json');
	run('git', 'commit', '--quiet', '--message', `Release ${next}`);
	run('git', 'tag', '--annotate', next, '--message', `Release ${next}`);
	console.log(`Release ${next} is committed and tagged. It is published by: git push origin HEAD ${next}`);
}

function versionAfter(last: string, wanted: string): string {
	if (VERSION.test(wanted)) {
		if (compare(wanted, last) < 0) throw new NotNow(`${wanted} is older than ${last}`);
		return wanted;
	}
	const [major = 0, minor = 0, patch = 0] = last.split('.').map(Number);
	if (wanted === 'major') return `${major + 1}.0.0`;
	if (wanted === 'minor') return `${major}.${minor + 1}.0`;
	if (wanted === 'patch') return `${major}.${minor}.${patch + 1}`;
	throw new NotNow('Say which: npm run release -- major, minor, patch, or a version such as 0.1.0');
}

const compare = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true });

/** Lines under Unreleased. @throws NotNow where there are none */
function changesOf(changelog: string): string[] {
	const [, after] = changelog.split(`${UNRELEASED}\n`);
	const [section = ''] = (after ?? '').split(/^## /m);
	const lines = section.split('\n').filter((line) => line.startsWith('- '));
	if (lines.length === 0) throw new NotNow('CHANGELOG.md says nothing under Unreleased');
	return lines;
}

function withVersion(changelog: string, version: string, day: string): string {
	changesOf(changelog);
	return changelog.replace(`${UNRELEASED}\n`, `${UNRELEASED}\n\n## [${version}] - ${day}\n`);
}

try {
	main(process.argv.slice(2), process.cwd());
} catch (error) {
	if (!(error instanceof NotNow)) throw error;
	console.error(error.message);
	process.exitCode = 1;
}

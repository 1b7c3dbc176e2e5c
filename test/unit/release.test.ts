import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `npm run release`, on a scratch repository with the papers of this one. */

const ROOT = join(__dirname, '../..');
const FILES = ['package.json', 'package-lock.json', 'CHANGELOG.md', '.npmrc'];

let folder: string;
const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const versions = (): string[] =>
	FILES.slice(0, 2).map((file) => (JSON.parse(read(file)) as { version: string }).version);

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'release-'));
	for (const file of FILES) copyFileSync(join(ROOT, file), join(folder, file));
	// whatever this checkout's are
	for (const file of FILES.slice(0, 2))
		writeFileSync(join(folder, file), read(file).replace(/"version": "[^"]+"/g, '"version": "0.1.0"'));
	writeFileSync(join(folder, 'CHANGELOG.md'), '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A node.\n');
	git('init', '--quiet');
	git('config', 'user.name', 'Test');
	git('config', 'user.email', 'test@example.com');
	git('add', '.');
	git('commit', '--quiet', '--message', 'Begin');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function release(...args: string[]): { code: number | null; said: string } {
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		['--import', join(ROOT, 'node_modules/tsx/dist/loader.mjs'), join(ROOT, 'scripts/release.ts'), ...args],
		{ cwd: folder, encoding: 'utf8' },
	);
	return { code: status, said: `${stdout}${stderr}` };
}

test('a minor version: changelog, package.json, lock file, one commit, one tag as publish.yml expects it', () => {
	expect(release('minor')).toMatchObject({ code: 0, said: expect.stringContaining('git push origin HEAD 0.2.0') });
	expect(versions()).toEqual(['0.2.0', '0.2.0']);
	expect(read('CHANGELOG.md')).toMatch(
		/^## \[Unreleased\]\n\n## \[0\.2\.0\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- A node\.$/m,
	);
	expect(git('log', '--format=%s')).toBe('Release 0.2.0\nBegin');
	expect(git('tag', '--points-at', 'HEAD')).toBe('0.2.0');
	expect(git('status', '--porcelain')).toBe('');
	const [, pattern = ''] =
		/tags: \['([^']+)'\]/.exec(readFileSync(join(ROOT, '.github/workflows/publish.yml'), 'utf8')) ?? [];
	expect('0.2.0').toMatch(new RegExp(`^${pattern.replaceAll('.', '\\.')}$`));
	// nothing has changed since
	expect(release('patch')).toEqual({ code: 1, said: 'CHANGELOG.md says nothing under Unreleased\n' });
});

test('the first release is of the version that package.json has', () => {
	expect(release('0.1.0').code).toBe(0);
	expect(versions()).toEqual(['0.1.0', '0.1.0']);
	expect(git('tag')).toBe('0.1.0');
	expect(release('0.1.0')).toMatchObject({ code: 1, said: 'There is a tag 0.1.0 already\n' });
});

test('what is not committed, an older version and a word that is none change nothing', () => {
	expect(release('0.0.9')).toEqual({ code: 1, said: '0.0.9 is older than 0.1.0\n' });
	expect(release('big').said).toMatch(/^Say which/);
	expect(release('minor', '--dry').said).toBe('0.1.0 would become 0.2.0, with 1 lines of the changelog\n');
	writeFileSync(join(folder, 'new'), '');
	expect(release('minor').said).toMatch(/^Commit first/);
	expect(git('log', '--format=%s')).toBe('Begin');
	expect(git('tag')).toBe('');
});

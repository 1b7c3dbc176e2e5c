import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

/**
 * Papers that code and papers point at: the file is in the repository, and so is the heading. `docs/api/vidu.md#callbacks`
 * is how code says it; papers link. And the files and folders that papers name in code are where they say.
 */

const ROOT = join(__dirname, '../..');
/** Written by tools, made by others, or not ours to read. */
const LEFT_OUT =
	/(^|\/)(node_modules|dist|coverage|test-output|output|\.git|\.cache|\.n8n-data|\.stryker-tmp|reports)(\/|$)/;
const READ = /\.(ts|mjs|js|md|yml|yaml)$|^\.ci\/run$/;
/** This file, for its samples. */
const SELF = 'test/unit/references.test.ts';

/** What a reference can point at. */
interface Repository {
	/** Path from the root, `/` between folders. */
	has(path: string): boolean;
	/** Headings of a paper, as GitHub names them in addresses. */
	anchorsOf(path: string): string[];
}

const repository: Repository = {
	has: (path) => existsSync(join(ROOT, path)),
	anchorsOf: (path) => anchorsIn(readFileSync(join(ROOT, path), 'utf8')),
};

test('every paper that is pointed at is here, with its heading', () => {
	const files = filesIn('.');
	const found = files.flatMap((file) => referencesIn(file, readFileSync(join(ROOT, file), 'utf8')));
	expect(found.flatMap((reference) => faultOf(reference, repository) ?? [])).toEqual([]);
	// nothing found would be nothing proved
	expect(found.filter(({ target }) => target.startsWith('docs/api/')).length).toBeGreaterThan(50);
});

/** The rule above would pass unseen if these readers found nothing. */
describe('the readers of this test', () => {
	const paper = '# A\n## Two words, `code` & more\n### Twice\n### Twice\n```\n# no heading\n```\n';
	const papers: Record<string, string> = { 'README.md': '# Name\n', 'docs/a.md': paper };
	const small: Repository = {
		has: (path) => path in papers || path === 'docs' || path === 'lib/x.ts',
		anchorsOf: (path) => anchorsIn(papers[path] ?? ''),
	};
	const faultsOf = (file: string, text: string): string[] =>
		referencesIn(file, text).flatMap((reference) => faultOf(reference, small) ?? []);

	test('headings get the names that GitHub gives them', () => {
		expect(anchorsIn(paper)).toEqual(['a', 'two-words-code--more', 'twice', 'twice-1']);
	});

	test.each([
		['lib/x.ts', '/** As docs/a.md says. */'],
		['lib/x.ts', '// docs/a.md#twice'],
		['lib/x.ts', '// (docs/a.md#two-words-code--more): so'],
		['lib/x.ts', "const README = '../README.md'"],
		['lib/x.ts', '// https://example.com/b.md#c is a page'],
		['README.md', '[A](docs/a.md), [heading](docs/a.md#twice-1), [here](#name), ![image](docs/a.md)'],
		['docs/a.md', '[up](../README.md) [page](https://example.com/x.md) [folder](../docs)'],
		['docs/a.md', '```\n[no link](nowhere.md)\n```'],
		['docs/a.md', '[code](../lib/x.ts)'],
		['docs/a.md', 'In `lib/x.ts`, not in `lib/<name>.ts` or `lib/*/y.ts`; `npm test`, `docs/`'],
	])('%s: %s is right', (file, text) => {
		expect(faultsOf(file, text)).toEqual([]);
	});

	test.each([
		['lib/x.ts', '// as b.md says', 'no b.md'],
		['lib/x.ts', '// a.md', 'no a.md'],
		['lib/x.ts', '// docs/b.md#c', 'no docs/b.md'],
		['lib/x.ts', '// docs/a.md#nowhere', 'no heading nowhere in docs/a.md'],
		['lib/x.ts', '// docs/a.md 3.2', 'a section by number'],
		['lib/x.ts', '// see § 3', 'a section by number'],
		['lib/x.ts', '// (sources/002)', 'a paper outside'],
		['lib/x.ts', '// ../shared/notes', 'a paper outside'],
		['README.md', '[A](docs/b.md)', 'no docs/b.md'],
		['README.md', '[A](docs/a.md#nowhere)', 'no heading nowhere in docs/a.md'],
		['README.md', '[A](#nowhere)', 'no heading nowhere in README.md'],
		['docs/a.md', '![image](b.png)', 'no docs/b.png'],
		['docs/a.md', 'says docs/b.md#c', 'no docs/b.md'],
		['README.md', 'In `lib/y.ts`', 'no lib/y.ts'],
	])('%s: %s is wrong', (file, text, fault) => {
		expect(faultsOf(file, text)).toEqual([`${file}:1 ${fault}`]);
	});
});

interface Reference {
	file: string;
	line: number;
	/** As it is written, without the heading. */
	target: string;
	heading?: string;
	/** Paths it can mean, from the root. */
	paths: string[];
	fault?: string;
}

/** A paper by name, with its heading, and not as part of a page's address. */
const PAPER = /(?<![\w./:@#-])((?:\.{1,2}\/)*(?:[\w.-]+\/)*[\w-][\w.-]*\.md)\b(?:#([\w-]+))?/g;
/** A section that only its number names, which moves. */
const NUMBERED = /§|\.md,? \d/g;
/** Papers that this repository does not have. */
const OUTSIDE = /\bsources\/\d|(?:^|[\s('"`])(?:\.\.\/)*shared\/|\/work\//g;
/** What is left of an address on the web. */
const PAGE = 'page:';
/** A file or folder of the repository, named whole. */
const CODE_PATH = /`((?:lib|nodes|credentials|test|scripts|demo|docs|examples|\.ci|\.github)\/[\w./-]*)`/g;
const LINK = /\]\(([^()\s]+)\)/g;

function referencesIn(file: string, text: string): Reference[] {
	const isPaper = file.endsWith('.md');
	return (isPaper ? withoutFences(text) : text).split('\n').flatMap((line, index) => {
		const place = { file, line: index + 1 };
		const words = withoutAddresses(line);
		const links = isPaper
			? all(LINK, words)
					.filter(([, target]) => target !== PAGE)
					.map(([, target = '']) => toReference(place, target, 'link'))
			: [];
		const names = all(PAPER, isPaper ? words.replace(LINK, '') : words).map(([written]) =>
			toReference(place, written, isPaper ? 'paper' : 'code'),
		);
		const code = isPaper ? all(CODE_PATH, words).filter(([, path = '']) => !LEFT_OUT.test(path)) : [];
		const files = code.map(([, path = '']) => ({ ...place, target: path, paths: [toPath(path)] }));
		const faults = [
			...all(NUMBERED, words).map(() => 'a section by number'),
			...all(OUTSIDE, words).map(() => 'a paper outside'),
		].map((fault) => ({ ...place, target: '', paths: [], fault }));
		return [...links, ...names, ...files, ...faults];
	});
}

/** A link starts at the file's folder; a name in the text at the root, or, in a paper, beside it. */
function toReference(
	{ file, line }: { file: string; line: number },
	written: string,
	from: 'link' | 'paper' | 'code',
): Reference {
	const [target = '', heading] = written.split('#');
	const beside = toPath(normalize(join(dirname(file), target)));
	const fromRoot = toPath(normalize(target)).replace(/^(\.\.\/)+/, '');
	const paths = { link: [target === '' ? file : beside], paper: [fromRoot, beside], code: [fromRoot] }[from];
	return { file, line, target, paths, ...(heading === undefined ? {} : { heading }) };
}

function faultOf({ file, line, target, heading, paths, fault }: Reference, papers: Repository): string | undefined {
	const say = (what: string): string => `${file}:${line} ${what}`;
	if (fault !== undefined) return say(fault);
	const path = paths.find((candidate) => papers.has(candidate));
	if (path === undefined) return say(`no ${paths[0] ?? target}`);
	if (heading === undefined || papers.anchorsOf(path).includes(heading)) return undefined;
	return say(`no heading ${heading} in ${path}`);
}

/** As GitHub does it: small letters, no punctuation, a hyphen for each blank, a number behind what came before. */
function anchorsIn(paper: string): string[] {
	const seen = new Map<string, number>();
	return all(/^#{1,6} +(.+?) *#*$/gm, withoutFences(paper)).map(([, heading = '']) => {
		const name = heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
			.replaceAll(' ', '-');
		const times = seen.get(name) ?? 0;
		seen.set(name, times + 1);
		return times === 0 ? name : `${name}-${times}`;
	});
}

/** Blocks of code become empty lines, so that lines keep their numbers. */
const withoutFences = (paper: string): string =>
	paper.replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1 *$/gm, (block) => block.replace(/[^\n]/g, ''));

const withoutAddresses = (line: string): string => line.replace(/\b[a-z][a-z0-9+]*:\/\/[^\s)\]>'"`]*/gi, PAGE);

const all = (pattern: RegExp, text: string): RegExpMatchArray[] => [...text.matchAll(pattern)];

const toPath = (path: string): string => path.split(sep).join('/').replace(/\/$/, '');

function filesIn(folder: string): string[] {
	return readdirSync(join(ROOT, folder)).flatMap((name) => {
		const path = toPath(relative('.', join(folder, name)));
		if (LEFT_OUT.test(path) || path === SELF) return [];
		if (statSync(join(ROOT, path)).isDirectory()) return filesIn(path);
		return READ.test(path) ? [path] : [];
	});
}

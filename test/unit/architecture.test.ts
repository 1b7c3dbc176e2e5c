import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

import ts from 'typescript';

import { COGVIDEOX_BACKENDS, VIDU_BACKENDS } from '../../lib/n8n/backends';

/** Says nothing about batches or services: without it each adapter would need a copy of its own. */
const DEFINED = 'lib/core/defined.ts';
/**
 * What each room may import beside itself: other rooms, a single file of one, packages. `type` means types only. A file is
 * of the room with the longest name that fits. docs/architecture.md#arrows draws this.
 */
const ARROWS: Record<string, string[]> = {
	nodes: ['lib/n8n/callbacks', 'lib/n8n/run', 'lib/n8n/panel', 'lib/n8n/io', 'lib/n8n', 'n8n-workflow'],
	credentials: ['lib/n8n/io', 'n8n-workflow'],

	'lib/n8n/callbacks': [
		'lib/n8n/run',
		'lib/n8n/input',
		'lib/n8n/io',
		'lib/n8n',
		'lib/core',
		'lib/core/batch',
		'lib/providers',
		'n8n-workflow',
		'zod',
		'node:crypto',
	],
	'lib/n8n/run': [
		'lib/n8n/input',
		'lib/n8n/io',
		'lib/n8n',
		'lib/core',
		'lib/core/batch',
		'lib/core/orderKeys',
		'lib/providers',
		'n8n-workflow',
		'zod',
		'node:crypto',
	],
	'lib/n8n/input': [
		'lib/n8n/io',
		'lib/n8n',
		'lib/core',
		'lib/core/images',
		'type lib/core/batch',
		'lib/providers',
		'lib/catalogue',
		'n8n-workflow',
		'zod',
		'node:crypto',
	],
	'lib/n8n/panel': ['lib/n8n', 'lib/core', 'lib/catalogue', 'n8n-workflow'],
	'lib/n8n/io': [
		'lib/core',
		'lib/core/account',
		'lib/core/orderKeys',
		'lib/core/images',
		'lib/providers',
		'n8n-workflow',
		'zod',
		'node:crypto',
	],
	// backends, labels, fields: the one place that puts a catalogue, an adapter and a credential together
	'lib/n8n': [
		'lib/catalogue',
		'lib/providers/vidu',
		'lib/providers/zhipu',
		'lib/providers/vtrix',
		'type lib/core',
		'type lib/n8n/io',
	],

	'lib/core/batch': ['lib/core/account', 'lib/core', 'zod'],
	'lib/core/account': ['lib/core'],
	'lib/core/orderKeys': ['lib/core', 'node:crypto'],
	// messages name a limit in the megabytes that its row is written in
	'lib/core/images': ['lib/core', 'lib/catalogue/units.ts', 'type lib/catalogue'],
	'lib/core': ['type lib/catalogue', 'zod', 'node:crypto'],

	'lib/providers/vidu': ['lib/providers', DEFINED, 'type lib/core', 'type lib/catalogue', 'zod', 'node:crypto'],
	'lib/providers/zhipu': ['lib/providers', DEFINED, 'type lib/core', 'type lib/catalogue', 'zod', 'node:crypto'],
	'lib/providers/vtrix': ['lib/providers', DEFINED, 'type lib/core', 'type lib/catalogue', 'zod', 'node:crypto'],
	'lib/providers': ['type lib/core', 'type lib/catalogue', 'zod'],

	'lib/catalogue': [],
};
const ROOMS = Object.keys(ARROWS).sort((a, b) => b.length - a.length);

/** Files of lib are read whole, so they stay short; tables are looked things up in. */
const LONGEST_FILE = 300;
const TABLES = /^lib\/(catalogue\/|providers\/[a-z]+\/codes\.ts$|n8n\/(fields|labels)\.ts$)/;

const ROOT = join(__dirname, '../..');
/** Home of the knowledge about each provider; elsewhere no code asks which provider it is. */
const KNOWS_PROVIDERS = ['lib/providers', 'lib/catalogue'];
const PROVIDER_IDS = new Set(
	[...VIDU_BACKENDS, ...COGVIDEOX_BACKENDS].flatMap(({ catalogue, provider }) => [catalogue.provider, provider.id]),
);

interface Import {
	from: string;
	typeOnly: boolean;
	/** True for a module that is loaded when the code gets there, not with the file. */
	late: boolean;
}

const FILES = ['nodes', 'credentials', 'lib'].flatMap(filesOf);

describe.each(Object.keys(ARROWS))('%s', (room) => {
	const files = FILES.filter((file) => roomOf(file) === room);

	test('is there, and imports only what it may', () => {
		expect(files).not.toEqual([]);
		const wrong = files.flatMap((file) =>
			importsOf(parse(file))
				.map(({ from, typeOnly }) => ({ target: targetOf(file, from), typeOnly }))
				.filter(({ target, typeOnly }) => !isAllowed(room, target, typeOnly))
				.map(({ target, typeOnly }) => `${file} -> ${typeOnly ? 'type ' : ''}${target}`),
		);
		expect(wrong).toEqual([]);
	});

	if (!KNOWS_PROVIDERS.some((layer) => room.startsWith(layer)))
		test('never asks which provider it is', () => {
			expect(files.flatMap((file) => providerQuestions(parse(file), PROVIDER_IDS))).toEqual([]);
		});
});

test('every file of lib belongs to a room', () => {
	expect(FILES.filter((file) => roomOf(file) === undefined)).toEqual([]);
});

test('no rooms import each other in a circle, types included', () => {
	const rooms = ROOMS.map((room): [string, string[]] => [
		room,
		(ARROWS[room] ?? []).map((arrow) => arrow.replace(/^type /, '')).filter((target) => target in ARROWS),
	]);
	expect(circlesIn(new Map(rooms))).toEqual([]);
});

test('no files import each other in a circle, types included', () => {
	const files = FILES.map((file): [string, string[]] => [
		file,
		importsOf(parse(file)).map(({ from }) => targetOf(file, from)),
	]);
	expect(circlesIn(new Map(files))).toEqual([]);
});

test('parameters are read through one door', () => {
	const asking = ['nodes', 'credentials', 'lib']
		.flatMap(filesOf)
		.filter((file) => names(parse(file), 'getNodeParameter'));
	expect(asking).toEqual(['lib/n8n/input/parameters.ts']);
});

test('a node that n8n loads at its start loads nothing of a run', () => {
	const loaded = new Set(FILES.filter((file) => file.startsWith('nodes/')));
	// a set goes on with what is added to it
	for (const file of loaded)
		if (file.endsWith('.ts'))
			importsOf(parse(file))
				.filter(({ typeOnly, late }) => !typeOnly && !late)
				.forEach(({ from }) => loaded.add(targetOf(file, from)));
	expect(loaded.has('lib/catalogue/vidu/index.ts')).toBe(true);
	const runs = ['lib/n8n/run', 'lib/n8n/callbacks', 'lib/core/batch', 'lib/core/account', 'lib/core/orderKeys'];
	expect([...loaded].filter((file) => runs.includes(roomOf(file) ?? ''))).toEqual([]);
});

test(`no file of lib has more than ${LONGEST_FILE} lines, tables aside`, () => {
	const long = filesOf('lib')
		.filter((file) => !TABLES.test(file))
		.map((file): [string, number] => [file, readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length])
		.filter(([, lines]) => lines > LONGEST_FILE);
	expect(long).toEqual([]);
});

/** The rules above would pass unseen if these readers found nothing. */
describe('the readers of this test', () => {
	const source = (text: string) => ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);

	test.each([
		["import { a } from 'b'", false],
		["import 'b'", false],
		["import a from 'b'", false],
		["import { a, type C } from 'b'", false],
		["import type { A } from 'b'", true],
		["import { type A } from 'b'", true],
		["export * from 'b'", false],
		["export type { A } from 'b'", true],
		["const a = require('b')", false],
		["const a = import('b')", false],
		["type A = import('b').A", true],
	])('%s', (text, typeOnly) => {
		expect(importsOf(source(text))).toEqual([{ from: 'b', typeOnly, late: text.includes(' import(') && !typeOnly }]);
	});

	test('a room is the longest that fits', () => {
		const files = [
			'lib/core/provider.ts',
			'lib/core/batch/index.ts',
			'lib/n8n/run/operations/task.ts',
			'nodes/A/A.node.ts',
		];
		expect(files.map(roomOf)).toEqual(['lib/core', 'lib/core/batch', 'lib/n8n/run', 'nodes']);
	});

	test('an arrow for types lets no value through, and a room reaches only what it names', () => {
		expect(isAllowed('lib/providers/vidu', 'lib/core/provider.ts', true)).toBe(true);
		expect(isAllowed('lib/providers/vidu', 'lib/core/provider.ts', false)).toBe(false);
		expect(isAllowed('lib/providers/vidu', 'lib/providers/zhipu/codes.ts', true)).toBe(false);
		expect(isAllowed('lib/n8n/panel', 'lib/n8n/input/job.ts', true)).toBe(false);
		expect(isAllowed('lib/core', 'node:fs', false)).toBe(false);
	});

	test.each([
		[{ a: ['b'], b: ['c'], c: [] }, []],
		[{ a: ['b'], b: ['a'] }, ['a -> b -> a']],
		[{ a: ['b'], b: ['c'], c: ['b'] }, ['b -> c -> b']],
		[{ a: ['a'] }, ['a -> a']],
		[{ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
	])('circles in %j', (graph, circles) => {
		expect(circlesIn(new Map<string, string[]>(Object.entries(graph)))).toEqual(circles);
	});

	test.each([
		['context.getNodeParameter(name)', true],
		["context['getNodeParameter'](name)", true],
		['const { getNodeParameter } = context', true],
		['// getNodeParameter', false],
		['getNodeParameters(name)', false],
	])('%s', (text, expected) => {
		expect(names(source(text), 'getNodeParameter')).toBe(expected);
	});

	test.each([
		["if (id === 'vidu') run()", 1],
		["const a = 'vidu' !== id", 1],
		["switch (id) { case 'vidu': run() }", 1],
		["const a = ['vidu'].includes(id)", 1],
		["const label = 'vidu'", 0],
		["if (id === 'video') run()", 0],
	])('%s', (text, count) => {
		expect(providerQuestions(source(text), new Set(['vidu']))).toHaveLength(count);
	});
});

/** True where the code, not a comment, uses this name. */
function names(source: ts.Node, name: string): boolean {
	const visit = (node: ts.Node): boolean =>
		((ts.isIdentifier(node) || ts.isStringLiteralLike(node)) && node.text === name) ||
		ts.forEachChild(node, visit) === true;
	return visit(source);
}

function filesOf(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name).split(sep).join('/'));
}

function parse(file: string): ts.SourceFile {
	return ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
}

/** `lib/core/batch` for lib/core/batch/stop.ts, `nodes` for nodes/Vidu/Vidu.node.ts. */
function roomOf(file: string): string | undefined {
	return ROOMS.find((room) => file.startsWith(`${room}/`));
}

/** The file that an import means, or the package. */
function targetOf(file: string, from: string): string {
	if (!from.startsWith('.')) return from;
	const path = normalize(join(dirname(file), from))
		.split(sep)
		.join('/');
	const [found = path] = [`${path}.ts`, `${path}/index.ts`].filter((candidate) => existsSync(join(ROOT, candidate)));
	return found;
}

function isAllowed(room: string, target: string, typeOnly: boolean): boolean {
	const arrows = ARROWS[room] ?? [];
	const place = roomOf(target) ?? target;
	return (
		place === room ||
		arrows.includes(place) ||
		arrows.includes(target) ||
		(typeOnly && arrows.includes(`type ${place}`))
	);
}

/** One circle for each place where going along the arrows leads back. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
	const circles: string[] = [];
	const done = new Set<string>();
	const walk = (node: string, path: readonly string[]): void => {
		const begin = path.indexOf(node);
		if (begin >= 0) circles.push([...path.slice(begin), node].join(' -> '));
		if (begin >= 0 || done.has(node)) return;
		for (const next of graph.get(node) ?? []) walk(next, [...path, node]);
		done.add(node);
	};
	for (const node of graph.keys()) walk(node, []);
	return circles;
}

function importsOf(source: ts.SourceFile): Import[] {
	const found: Import[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node))
			found.push({ from: textOf(node.moduleSpecifier), typeOnly: isTypeImport(node.importClause), late: false });
		else if (ts.isExportDeclaration(node) && node.moduleSpecifier)
			found.push({ from: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly, late: false });
		else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
			found.push({ from: textOf(node.argument.literal), typeOnly: true, late: false });
		else if (ts.isCallExpression(node) && isLoader(node.expression))
			found.push({ from: textOf(node.arguments[0]), typeOnly: false, late: isLate(node.expression) });
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
	if (clause === undefined) return false;
	if (clause.isTypeOnly) return true;
	const names = clause.namedBindings;
	return !clause.name && !!names && ts.isNamedImports(names) && names.elements.every((name) => name.isTypeOnly);
}

const isLoader = (callee: ts.Expression): boolean =>
	callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');

const isLate = (callee: ts.Expression): boolean => callee.kind === ts.SyntaxKind.ImportKeyword;

const textOf = (node: ts.Node): string => (ts.isStringLiteralLike(node) ? node.text : node.getText());

/** Places where a provider's id is compared with something. */
function providerQuestions(source: ts.SourceFile, ids: ReadonlySet<string>): string[] {
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isStringLiteralLike(node) && ids.has(node.text) && isCompared(node)) {
			const { line } = source.getLineAndCharacterOfPosition(node.getStart());
			found.push(`${source.fileName}:${line + 1} ${node.parent.getText()}`);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

const EQUALITY = new Set([
	ts.SyntaxKind.EqualsEqualsEqualsToken,
	ts.SyntaxKind.ExclamationEqualsEqualsToken,
	ts.SyntaxKind.EqualsEqualsToken,
	ts.SyntaxKind.ExclamationEqualsToken,
]);

function isCompared(literal: ts.Node): boolean {
	const { parent } = literal;
	if (ts.isCaseClause(parent)) return true;
	if (ts.isBinaryExpression(parent)) return EQUALITY.has(parent.operatorToken.kind);
	return (
		ts.isArrayLiteralExpression(parent) &&
		ts.isPropertyAccessExpression(parent.parent) &&
		['includes', 'indexOf', 'some'].includes(parent.parent.name.text)
	);
}

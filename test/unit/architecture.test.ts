import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

import ts from 'typescript';

import { COGVIDEOX_BACKENDS, VIDU_BACKENDS } from '../../lib/n8n/backends';

/** What each layer may import. `type` means types only. */
const ARROWS: Record<string, string[]> = {
	nodes: ['lib/n8n', 'n8n-workflow'],
	credentials: ['lib/n8n', 'n8n-workflow'],
	'lib/n8n': ['lib/n8n', 'lib/core', 'lib/providers', 'lib/catalogue', 'n8n-workflow', 'zod', 'node:crypto'],
	'lib/core': ['lib/core', 'type lib/catalogue', 'zod', 'node:crypto'],
	'lib/providers': ['lib/providers', 'type lib/core', 'type lib/catalogue', 'zod', 'node:crypto'],
	'lib/catalogue': ['lib/catalogue'],
};

const ROOT = join(__dirname, '../..');
/** Home of the knowledge about each provider; elsewhere no code asks which provider it is. */
const KNOWS_PROVIDERS = ['lib/providers', 'lib/catalogue'];
const PROVIDER_IDS = new Set(
	[...VIDU_BACKENDS, ...COGVIDEOX_BACKENDS].flatMap(({ catalogue, provider }) => [catalogue.provider, provider.id]),
);

interface Import {
	from: string;
	typeOnly: boolean;
}

describe.each(Object.keys(ARROWS))('%s', (layer) => {
	const files = filesOf(layer);

	test('imports only what lies below it', () => {
		const wrong = files.flatMap((file) =>
			importsOf(parse(file))
				.map(({ from, typeOnly }) => ({ target: targetOf(file, from), typeOnly }))
				.filter(({ target, typeOnly }) => !isAllowed(layer, target, typeOnly))
				.map(({ target, typeOnly }) => `${file} -> ${typeOnly ? 'type ' : ''}${target}`),
		);
		expect(wrong).toEqual([]);
	});

	if (!KNOWS_PROVIDERS.includes(layer))
		test('never asks which provider it is', () => {
			expect(files.flatMap((file) => providerQuestions(parse(file), PROVIDER_IDS))).toEqual([]);
		});
});

test('every file of lib belongs to a layer', () => {
	expect(filesOf('lib').filter((file) => !(layerOf(file) in ARROWS))).toEqual([]);
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
		expect(importsOf(source(text))).toEqual([{ from: 'b', typeOnly }]);
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

function filesOf(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name).split(sep).join('/'));
}

function parse(file: string): ts.SourceFile {
	return ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
}

/** `lib/core` for lib/core/batch.ts, `nodes` for nodes/Vidu/Vidu.node.ts. */
function layerOf(file: string): string {
	const parts = file.split('/');
	return parts[0] === 'lib' ? parts.slice(0, 2).join('/') : parts[0];
}

function targetOf(file: string, from: string): string {
	return from.startsWith('.')
		? normalize(join(dirname(file), from))
				.split(sep)
				.join('/')
		: from;
}

function isAllowed(layer: string, target: string, typeOnly: boolean): boolean {
	const arrows = ARROWS[layer];
	const place = Object.keys(ARROWS).includes(layerOf(target)) ? layerOf(target) : target;
	return arrows.includes(place) || (typeOnly && arrows.includes(`type ${place}`));
}

function importsOf(source: ts.SourceFile): Import[] {
	const found: Import[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node))
			found.push({ from: textOf(node.moduleSpecifier), typeOnly: isTypeImport(node.importClause) });
		else if (ts.isExportDeclaration(node) && node.moduleSpecifier)
			found.push({ from: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly });
		else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
			found.push({ from: textOf(node.argument.literal), typeOnly: true });
		else if (ts.isCallExpression(node) && isLoader(node.expression))
			found.push({ from: textOf(node.arguments[0]), typeOnly: false });
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

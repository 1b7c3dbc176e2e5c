import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

/**
 * What an answer means is decided in lib/providers alone: lib/core hands replies on without a look at their status, body or
 * headers. The answers of file servers never get here: core/download.ts is told what an attempt came to.
 */

const ROOT = join(__dirname, '../../..');
const OPTIONS: ts.CompilerOptions = {
	strict: true,
	target: ts.ScriptTarget.ES2022,
	lib: ['lib.es2022.d.ts'],
	types: [],
};

/** Places that read a member of a reply. */
function readsOfReplies(program: ts.Program, source: ts.SourceFile): string[] {
	const checker = program.getTypeChecker();
	const isReply = (node: ts.Node): boolean => {
		const type = checker.getTypeAtLocation(node);
		return (type.isUnionOrIntersection() ? type.types : [type]).some(({ symbol }) => symbol?.name === 'HttpReply');
	};
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		const isRead =
			((ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) && isReply(node.expression)) ||
			(ts.isObjectBindingPattern(node) && isReply(node)) ||
			(ts.isSpreadAssignment(node) && isReply(node.expression));
		if (isRead) found.push(node.getText());
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

test('lib/core looks into no reply', () => {
	const files = readdirSync(join(ROOT, 'lib/core'), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(ROOT, 'lib/core', name));
	const program = ts.createProgram(files, OPTIONS);
	const found = files.flatMap((file) => readsOfReplies(program, program.getSourceFile(file) as ts.SourceFile));
	expect(found).toEqual([]);
}, 60_000);

test('the reader of this test finds what it looks for', () => {
	const name = join(ROOT, 'lib/core/made-up.ts');
	const text = `
		import type { Http, HttpReply } from './http';
		export async function f(http: Http, reply: HttpReply, other: { status: number }, { body }: HttpReply) {
			const { status } = await http.send({ method: 'GET', path: '' });
			return [reply.status, reply['headers'], { ...reply }, (await http.send({ method: 'GET', path: '' })).body, other.status, body, status];
		}`;
	const host = ts.createCompilerHost(OPTIONS);
	const { getSourceFile, fileExists } = host;
	host.fileExists = (file) => file === name || fileExists(file);
	host.getSourceFile = (file, ...rest) =>
		file === name ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true) : getSourceFile(file, ...rest);
	const program = ts.createProgram([name], OPTIONS, host);
	expect(readsOfReplies(program, program.getSourceFile(name) as ts.SourceFile)).toHaveLength(6);
}, 60_000);

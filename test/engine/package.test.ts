import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

import type { ICredentialType, INodeType } from 'n8n-workflow';

import manifest from '../../package.json';

/** What npm and n8n get: the manifest, and the build in dist that it points at (npm run build). */

const ROOT = resolve(__dirname, '../..');
const at = (path: string) => join(ROOT, path);

const sources = (folder: string, ending: string): string[] =>
	readdirSync(at(folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith(ending))
		.map((name) => join(folder, name).split(sep).join('/'));
const built = (source: string): string => `dist/${source.replace(/\.ts$/, '.js')}`;

const NODES = sources('nodes', '.node.ts');
const CREDENTIALS = sources('credentials', '.credentials.ts');

describe('package.json', () => {
	test('brings nothing along: n8n hosts what the nodes import', () => {
		for (const group of ['dependencies', 'optionalDependencies', 'bundledDependencies', 'overrides'])
			expect(manifest).not.toHaveProperty(group);
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	});

	test('ships the build only', () => {
		expect(manifest.files).toEqual(['dist']);
	});

	test('can be found as a community node', () => {
		expect(manifest.name).toMatch(/^n8n-nodes-/);
		expect(manifest.keywords).toContain('n8n-community-node-package');
		expect(manifest.license).toBe('MIT');
	});

	test('runs nothing on install', () => {
		const hooks = Object.keys(manifest.scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name));
		expect(hooks).toEqual([]);
	});

	test('lists every node and every credential', () => {
		expect([...manifest.n8n.nodes].sort()).toEqual(NODES.map(built).sort());
		expect([...manifest.n8n.credentials].sort()).toEqual(CREDENTIALS.map(built).sort());
	});
});

test.each(['package-lock.json', 'demo/package-lock.json'])('%s names no download host', (path) => {
	expect(readFileSync(at(path), 'utf8')).not.toMatch(/"resolved"|https?:\/\/(registry|npm)\b/);
});

const load = (path: string): INodeType | ICredentialType => {
	const name = basename(path).split('.')[0];
	const { [name]: type } = jest.requireActual(at(path));
	return new type();
};

describe.each([...manifest.n8n.nodes, ...manifest.n8n.credentials])('%s', (path) => {
	test('exports the class its file is named after, or n8n skips the whole package', () => {
		expect(load(path)).toBeDefined();
	});

	test('finds in dist what each operation gives out', () => {
		const written = sources('nodes', '.json').filter((file) => file.includes('/__schema__/'));
		expect(written.length).toBeGreaterThan(10);
		expect(written.filter((file) => !existsSync(at(`dist/${file}`)))).toEqual([]);
	});

	test('finds a light and a dark icon in dist', () => {
		const type = load(path);
		const icon = 'description' in type ? type.description.icon : type.icon;
		const files: string[] = Object.values(icon ?? {});
		expect(files).toHaveLength(2);
		for (const file of files) expect(existsSync(join(dirname(at(path)), file.replace(/^file:/, '')))).toBe(true);
	});
});

const codexOf = (path: string): { node: string; alias: string[] } =>
	JSON.parse(readFileSync(at(path.replace(/\.js$/, '.json')), 'utf8'));

/** What people type who do not know the name of any service. n8n looks through names and aliases only. */
const PURPOSES = [
	'video',
	'ai video',
	'generate video',
	'video generation',
	'video generator',
	'create video',
	'product video',
	'animate',
	'animate image',
	'text to video',
	'text-to-video',
	'image to video',
	'image-to-video',
	'img2video',
	'start end frame',
	'first last frame',
	'mp4',
	'ecommerce',
	'e-commerce',
];
const REFERENCES = ['reference', 'reference to video'];

test.each([
	['CogVideoX/CogVideoX', PURPOSES],
	['Vidu/Vidu', [...PURPOSES, ...REFERENCES]],
	// n8n lists it with the Vidu node, or alone where only triggers are asked for
	['Vidu/ViduTrigger', [...PURPOSES, ...REFERENCES]],
])('%s is found by what it does', (name, purposes) => {
	const { alias } = codexOf(`dist/nodes/${name}.node.js`);
	expect(purposes.filter((purpose) => !alias.some((entry) => entry.includes(purpose)))).toEqual([]);
});

test('the Vidu Trigger is introduced in words that hold for the Vidu node too: n8n shows them for both', () => {
	const { description } = load('dist/nodes/Vidu/ViduTrigger.node.js') as INodeType;
	expect(description.description).toMatch(
		/^Generate videos from text, images or references with Vidu\b.*\bstart a workflow\b/,
	);
});

test.each(manifest.n8n.nodes)('%s has its codex file beside it', (path) => {
	const { description } = load(path) as INodeType;
	expect(codexOf(path).node).toBe(`${manifest.name}.${description.name}`);
});

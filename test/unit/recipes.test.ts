import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { NodeHelpers, type INode, type INodeTypeDescription } from 'n8n-workflow';

import { CogVideoX } from '../../nodes/CogVideoX/CogVideoX.node';
import { Vidu } from '../../nodes/Vidu/Vidu.node';
import { ViduTrigger } from '../../nodes/Vidu/ViduTrigger.node';
import { asTool, descriptionOf, strayParameters } from '../recipes/parameters';

/** Rules of n8n's template library, and our own, for what people import. */

const FOLDER = join(__dirname, '../../examples');
const PICTURES = join(__dirname, '../../docs/recipes');
const PACKAGE = 'n8n-nodes-vidu-cogvideox';
const NODES = [new Vidu(), new CogVideoX(), new ViduTrigger()].map(
	({ description }) => description as INodeTypeDescription & { version: number | number[] },
);
const OURS = [...NODES, ...NODES.map(asTool)];
/** First steps, started by hand: named in README. All others are recipes. */
const FIRST_STEPS = [
	'change-a-scene-of-a-film.json',
	'collect-unfinished-tasks.json',
	'image-to-video.json',
	'product-catalogue-to-video.json',
	'reference-to-video.json',
	'start-end-to-video.json',
	'text-to-video.json',
];
/** What a title begins with. */
const VERBS = /^(Add|Announce|Ask|Approve|Collect|Fall|Fill|Let|List|Make|Order|Plan|Publish|Store|Turn)\b/;
const WORDS = { overview: { min: 100, max: 300 }, section: 60 };

interface Recipe {
	name: string;
	nodes: INode[];
	connections: Record<string, Record<string, Array<Array<{ node: string; type: string; index: number }>>>>;
	settings?: Record<string, unknown>;
	pinData?: Record<string, unknown>;
}

const read = (file: string): Recipe => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Recipe;
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const recipes = files.filter((file) => !FIRST_STEPS.includes(file));
const isNote = ({ type }: INode) => type === 'n8n-nodes-base.stickyNote';
const textOf = ({ parameters }: INode) => String(parameters.content);
const wordsOf = (text: string) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

test('the first steps are still there', () => {
	expect(files).toEqual(expect.arrayContaining(FIRST_STEPS));
});

test('each recipe has a picture of its canvas, and no other picture is kept (npx tsx test/e2e/editor.ts --docs)', () => {
	const pictures = readdirSync(PICTURES);
	expect(pictures.sort()).toEqual(recipes.map((file) => file.replace(/json$/, 'webp')));
	for (const picture of pictures) {
		const bytes = readFileSync(join(PICTURES, picture));
		expect({ picture, kind: bytes.toString('latin1', 8, 12) }).toEqual({ picture, kind: 'WEBP' });
		expect({ picture, isSmall: bytes.length <= 100_000 }).toEqual({ picture, isSmall: true });
	}
});

describe.each(recipes)('%s', (file) => {
	const recipe = read(file);
	const { nodes, connections } = recipe;
	const notes = nodes.filter(isNote);
	const steps = nodes.filter((node) => !isNote(node));
	const yellow = notes.filter(({ parameters }) => parameters.color === undefined || parameters.color === 1);

	test('has a title of verb, object and place', () => {
		expect(recipe.name).toMatch(VERBS);
		expect(recipe.name).toMatch(/\b(to|in|from|on|with|for|as|by|before|after)\b/);
		expect(recipe.name.length).toBeLessThanOrEqual(80);
	});

	test('has one yellow overview with how it works and how to set it up', () => {
		expect(yellow).toHaveLength(1);
		const text = textOf(yellow[0]);
		expect(wordsOf(text)).toBeGreaterThanOrEqual(WORDS.overview.min);
		expect(wordsOf(text)).toBeLessThanOrEqual(WORDS.overview.max);
		expect(text).toContain('### How it works\n');
		expect(text).toContain('### Setup\n');
		expect(text).toContain(PACKAGE);
		expect(text).toMatch(/self-hosted/i);
		expect(text).toMatch(/\bcost/i);
	});

	test('has small notes beside the steps, in another colour', () => {
		const others = notes.filter((note) => !yellow.includes(note));
		expect(others.length).toBeGreaterThanOrEqual(1);
		for (const note of others) expect(wordsOf(textOf(note))).toBeLessThanOrEqual(WORDS.section);
	});

	test('is more than a demo of one node, and has no code where a node does it', () => {
		expect(steps.length).toBeGreaterThanOrEqual(5);
		expect(steps.filter(({ type }) => /\.(code|function|functionItem|executeCommand|aiTransform)$/.test(type))).toEqual(
			[],
		);
		expect(steps.some(({ type }) => type.startsWith(`${PACKAGE}.`))).toBe(true);
	});

	test('brings no keys, no account and no data of anybody', () => {
		const ids = nodes.flatMap(({ credentials = {} }) => Object.values(credentials).map(({ id }) => id));
		expect(ids.filter((id) => id !== null)).toEqual([]);
		expect(recipe.pinData ?? {}).toEqual({});
		const text = JSON.stringify(recipe);
		expect(text).not.toMatch(/vda_|sk-[A-Za-z0-9]|shp(at|ss|ca)_|Bearer [A-Za-z0-9]|AKIA|xox[bp]-|instanceId/);
		expect(text).not.toMatch(/127\.0\.0\.1|localhost/);
	});

	test('names its nodes each once, and speaks only of nodes that are there', () => {
		const names = nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		const spoken = [...JSON.stringify(nodes).matchAll(/\$\('([^']+)'\)/g)].map(([, name]) => name);
		expect(spoken.filter((name) => !names.includes(name))).toEqual([]);
	});

	test('connects every step', () => {
		const targets = Object.entries(connections).flatMap(([from, kinds]) =>
			Object.values(kinds).flatMap((outputs) =>
				outputs.flatMap((links) => links.map(({ node }) => ({ from, to: node }))),
			),
		);
		const connected = new Set(targets.flatMap(({ from, to }) => [from, to]));
		expect(steps.map(({ name }) => name).filter((name) => !connected.has(name))).toEqual([]);
		expect([...connected].filter((name) => !steps.some((step) => step.name === name))).toEqual([]);
	});

	test('lays out no two nodes upon another', () => {
		for (const [index, one] of steps.entries())
			for (const other of steps.slice(index + 1)) {
				const isApart =
					Math.abs(one.position[0] - other.position[0]) >= 96 || Math.abs(one.position[1] - other.position[1]) >= 96;
				expect({ one: one.name, other: other.name, isApart }).toMatchObject({ isApart: true });
			}
	});
});

describe.each(files)('%s', (file) => {
	const ours = read(file).nodes.filter(({ type }) => type.startsWith(`${PACKAGE}.`));

	test.each(ours.map((node) => [node.name, node] as const))(
		'sets in "%s" only what the node shows, to values it takes',
		(_name, node) => {
			const description = descriptionOf(node, OURS);
			expect(description).toBeDefined();
			if (!description) return;
			expect(strayParameters(node, description)).toEqual([]);
			// as n8n has it once it is open: with the values that are left at their defaults
			const parameters =
				NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {};
			const issues = NodeHelpers.getNodeParametersIssues(description.properties, { ...node, parameters }, description);
			expect(issues?.parameters ?? {}).toEqual({});
		},
	);
});

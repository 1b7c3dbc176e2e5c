import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import { ViduApi } from '../../credentials/ViduApi.credentials';
import { VtrixApi } from '../../credentials/VtrixApi.credentials';
import { ZhipuApi } from '../../credentials/ZhipuApi.credentials';
import type { Diagnosis, TaskReport } from '../../lib/core/provider';
import * as failures from '../../lib/core/failure';
import type { Failure } from '../../lib/core/failure';
import { CogVideoX } from '../../nodes/CogVideoX/CogVideoX.node';
import { Vidu } from '../../nodes/Vidu/Vidu.node';
import { ViduTrigger } from '../../nodes/Vidu/ViduTrigger.node';
import { HOSTS } from '../shops';

/** What people read says what is there: commands, workflows, images, parameters, messages. Links: references.test.ts. */

const ROOT = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const namesIn = (folder: string, ending: string): string[] =>
	readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(ending));

/** For users of the nodes. */
const PAGES = [
	'README.md',
	'examples/README.md',
	...namesIn('docs', '.md')
		.map((name) => `docs/${name}`)
		.filter((file) => !/(architecture|benchmarks|mutation|publishing)\.md$/.test(file)),
];
const PAPERS = [
	...PAGES,
	'CONTRIBUTING.md',
	'SECURITY.md',
	'docs/architecture.md',
	'docs/benchmarks.md',
	'docs/publishing.md',
];
const { scripts, repository, engines } = JSON.parse(read('package.json')) as {
	scripts: Record<string, string>;
	repository: { url: string };
	engines: { node: string };
};

const all = (pattern: RegExp, text: string): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);

describe.each(PAPERS)('%s', (file) => {
	const text = read(file);

	test('names commands that package.json has', () => {
		const named = all(/\bnpm run (?:-s )?([a-z][\w:]*)/g, text);
		expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
	});

	test('names workflows that are there', () => {
		const named = all(/\bexamples\/([\w.-]+\.json)\b/g, text);
		expect(named.filter((name) => !existsSync(join(ROOT, 'examples', name)))).toEqual([]);
	});

	test('shows images that are there', () => {
		const shown = all(/\bsrc="([^"]+)"/g, text);
		expect(shown.filter((path) => !existsSync(join(ROOT, dirname(file), path)))).toEqual([]);
	});
});

test('examples/README.md lists every workflow', () => {
	const listed = all(/\]\(([\w-]+\.json)\)/g, read('examples/README.md'));
	expect([...new Set(listed)].sort()).toEqual(namesIn('examples', '.json').sort());
});

describe('README.md', () => {
	const text = read('README.md');
	const headings = all(/^#+ (.+)$/gm, text);

	test.each(['Installation', 'Operations', 'Credentials', 'Compatibility', 'Usage', 'Resources', 'Version history'])(
		'has the heading %s, which reviewers of community nodes look for',
		(heading) => {
			expect(headings).toContain(heading);
		},
	);

	test('says the clone before the two commands', () => {
		const clone = `git clone ${repository.url.replace(/^git\+/, '')}`;
		const lines = text.split('\n').map((line) => line.replace(/ +#.*/, ''));
		const places = [clone, 'npm ci && npm run demo', 'npm ci && npm test'].map((line) => lines.indexOf(line));
		expect(places).not.toContain(-1);
		expect(places).toEqual([...places].sort((one, other) => one - other));
	});

	test('names the oldest Node that package.json allows', () => {
		expect(text).toContain(`Node ${engines.node.replace('>=', '')}`);
	});

	test('says what the first video costs, as the list of models does', () => {
		const [price = ''] = all(/That clip costs (\d+ credits \([^)]+\))/g, text);
		const { properties } = new Vidu().description;
		const presetOf = (wanted: string) =>
			properties.find(
				({ name, displayOptions }) =>
					name === wanted && JSON.stringify(displayOptions?.show?.operation ?? '').includes('textToVideo'),
			)?.default;
		const [model, seconds, resolution] = ['model', 'duration', 'resolution'].map(presetOf);
		const [, table = ''] = read('docs/models.md').split('### Text to Video');
		const row = table.split('\n').find((line) => line.startsWith(`| \`${String(model)}\``));
		expect(row).toContain(`${String(seconds)} s at ${String(resolution)}: ${price} |`);
		expect(row).toContain(price);
		expect(read('docs/models.md')).toMatch(/`cogvideox-flash` \(free\)/);
	});

	test('is English, and calls nothing of ours what n8n sells', () => {
		expect(text).not.toMatch(/\p{Script=Han}/u);
		expect(text).not.toMatch(/concurrency control/i);
		expect(text.match(/\bqueue\b(?! mode)/gi) ?? []).toEqual([]);
	});

	test("calls the demo's shop as its double is called, and links what the demo runs", () => {
		const [, demo = ''] = text.split('## Try it without an account');
		expect(demo).toContain(`name is \`${HOSTS.shopify.split('.')[0]}\``);
		const [recipe = ''] = all(/RECIPE = '([\w-]+\.json)'/g, read('demo/shop.ts'));
		expect(demo.split('\n## ')[0]).toContain(`(examples/${recipe})`);
	});

	test('links every page for users', () => {
		const pages = PAGES.filter((file) => file.startsWith('docs/'));
		expect(pages.filter((file) => !text.includes(`](${file})`))).toEqual([]);
	});
});

/** All names that the editor shows for our nodes and credentials. */
function shownNames(): Set<string> {
	const names = new Set<string>();
	const add = (entry: unknown): void => {
		if (Array.isArray(entry)) return entry.forEach(add);
		if (typeof entry !== 'object' || entry === null) return;
		const { displayName, name, options, values, modes } = entry as Partial<INodeProperties> & { values?: unknown };
		if (displayName !== undefined) names.add(displayName);
		// a choice has no other name
		else if (name !== undefined) names.add(name);
		[options, values, modes].forEach(add);
	};
	for (const { description } of [new Vidu(), new CogVideoX(), new ViduTrigger()]) {
		names.add(description.displayName);
		add(description.properties);
	}
	for (const credential of [new ViduApi(), new ZhipuApi(), new VtrixApi()]) {
		names.add(credential.displayName);
		add(credential.properties);
	}
	return names;
}

describe('parameters', () => {
	/** n8n's own, and the services'. */
	const OTHERS = new Set(
		`Settings, Install, Retry, Executions, Execute step, Execute workflow, View, JSON, Continue, Stop Workflow, API Keys,
		Continue (using error output), Retry On Fail, Retry with currently saved workflow, Community nodes, Binary, Tool,
		MCP Server Trigger, Import from file, Shopify OAuth2 API, Page, Published, Unpublish,
		Conflicting Trigger Path`.split(/,\s+/),
	);
	/** Every word but the small ones begins with a capital; then it may be a parameter. */
	const LOOKS_LIKE_ONE = /^[A-Z][\w-]*(?: (?:on|of|in|to|and|as|for|with|or|[A-Z(][\w()-]*))*$/;
	const names = shownNames();

	test.each(PAGES.filter((file) => file !== 'docs/troubleshooting.md'))('that %s names in italics exist', (file) => {
		const italics = all(/(?<![*\w])\*([^*\n]+)\*(?![*\w])/g, read(file));
		const unknown = italics.filter((name) => LOOKS_LIKE_ONE.test(name) && !names.has(name) && !OTHERS.has(name));
		expect(unknown.filter((name) => !isNodeOfWorkflow(name))).toEqual([]);
	});

	test('that are renamed are noticed', () => {
		expect([...names]).toEqual(expect.arrayContaining(['Max Videos', 'Order Key', 'Limits and Waiting', 'Base URL']));
		expect(LOOKS_LIKE_ONE.test('Max Wait (Minutes)')).toBe(true);
	});

	function isNodeOfWorkflow(name: string): boolean {
		return namesIn('examples', '.json').some((file) => read(`examples/${file}`).includes(`"name": "${name}"`));
	}
});

test('docs/while-you-build.md says where Dry Run stands', () => {
	const [next = ''] = all(
		/The switch stands in each operation that orders, above \*([^*]+)\*/g,
		read('docs/while-you-build.md'),
	);
	const shown = new Vidu().description.properties.map(({ displayName }) => displayName);
	const place = shown.lastIndexOf('Dry Run');
	expect(shown.indexOf('Dry Run')).toBeGreaterThan(shown.indexOf('Prompt'));
	expect(shown[place + 1]).toBe(next);
});

describe('docs/destinations.md', () => {
	/** Rows of the models' table of references to video at Vidu. */
	const [, , ...tables] = read('docs/models.md').split(/^### /m);
	const table = tables.find((text) => text.startsWith('Reference to Video\n')) ?? '';
	const rowOf = (model: string) => table.split('\n').find((line) => line.startsWith(`| \`${model}\``));

	test.each(['viduq2', 'viduq2-pro', 'viduq3-mix'])('%s takes the shapes it says', (model) => {
		expect(read('docs/destinations.md')).toContain(`\`${model}\``);
		expect(rowOf(model)).toMatch(/16:9, 9:16, 1:1, 4:3, 3:4/);
	});

	test('viduq3-turbo takes the lengths it says', () => {
		expect(rowOf('viduq3-turbo')).toContain('| 3–16 s |');
	});
});

test("docs/ai-agents.md quotes the node's own words", () => {
	const quoted = all(/"nextStep": "The video([^"]+?) \d+ with/g, read('docs/ai-agents.md'));
	expect(quoted).toHaveLength(1);
	expect(sourceOf('lib/n8n/run')).toContain(quoted[0]);
});

describe('docs/troubleshooting.md', () => {
	const [byHand = ''] = read('docs/troubleshooting.md').split('<!-- codes:start -->');
	const rows = all(/^\| (\*.+?\*[^|]*) \|/gm, byHand);
	const messages = rows.flatMap((row) => all(/\*([^*]+)\*/g, row));
	const patterns = messages.map((message) => ({
		message,
		pattern: new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ ?… ?/g, '.*')}$`),
	}));
	/** Rows that would take anything. */
	const CATCH_ALL = ['Not started: …'];
	const rowOf = (headline: string): string | undefined =>
		patterns.find(({ message, pattern }) => !CATCH_ALL.includes(message) && pattern.test(headline))?.message;

	const diagnosis: Diagnosis = { kind: 'permanent', summary: 'Vidu has no task with this ID', advice: 'Check the ID.' };
	const report: TaskReport = { state: 'succeeded', providerState: 'success' } as TaskReport;
	const provider = { name: 'Vidu' };
	/** A sample of each failure; those whose headline is handed in have rows of their own. */
	const SAMPLES: Record<string, Failure[]> = {
		unreachable: [failures.unreachable('Vidu', '')],
		turnedAway: [failures.turnedAway('Vidu', { ...diagnosis, httpStatus: 403 })],
		outcomeUnknown: [failures.outcomeUnknown(provider, '')],
		unreadableRecord: [failures.unreadableRecord(provider)],
		endedEmpty: [failures.endedEmpty('Vidu', '1', undefined)],
		canceled: [failures.canceled('1')],
		stillRunning: [failures.stillRunning('Vidu', '1', 'queueing', 1_800_000)],
		lostTask: [
			failures.lostTask('1', diagnosis),
			failures.lostTask('1', { ...diagnosis, unknownTask: true }),
			failures.lostTask('1234567890123400', { ...diagnosis, unknownTask: true }),
		],
		unreadableTask: [failures.unreadableTask('Vidu', '1', diagnosis)],
		notCanceled: [failures.notCanceled('Vidu', '1', diagnosis)],
		notCancelable: [failures.notCancelable('Vidu', '1', diagnosis)],
		noPlaceYet: [failures.noPlaceYet('Vidu', 45_000)],
		orderedBefore: [failures.orderedBefore()],
		orderedBeside: [failures.orderedBeside()],
		internalFault: [failures.internalFault(new Error('x'))],
		downloadCutOff: [failures.downloadCutOff('1', '', report)],
		stopped: [failures.stopped(), failures.stopped('1')],
	};
	const GIVEN_A_HEADLINE = ['invalidInput', 'refused', 'notStarted', 'capped'];

	test('knows every failure that there is', () => {
		const made = Object.entries(failures).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
		expect([...Object.keys(SAMPLES), ...GIVEN_A_HEADLINE].sort()).toEqual(made.sort());
	});

	test.each(Object.values(SAMPLES).flatMap((samples) => samples.map(({ headline }) => headline)))(
		'has a row for "%s"',
		(headline) => {
			expect(rowOf(headline)).toBeDefined();
		},
	);

	const source = sourceOf('lib').replace(/\\(['"`])/g, '$1');

	test('has a row for every reason not to order', () => {
		const reasons = [...source.matchAll(/\b(?:notStarted|capped)\(\s*(?:`([^`]*)|'([^']*)|"([^"]*))/g)]
			.map(([, ...texts]) => texts.find((text) => text !== undefined) ?? '')
			// what follows an inner template is an addition
			.map((text) => `Not started: ${text.replace(/\$\{[^}]*(?:\}|$)/g, '7')}`);
		expect(reasons.length).toBeGreaterThan(7);
		const isTold = (reason: string) => rowOf(reason) ?? rowOf(reason.replace(/7+$/, 'minutes'));
		expect(reasons.filter((reason) => isTold(reason) === undefined)).toEqual([]);
	});

	test('names no message that the nodes do not have', () => {
		const parts = messages.flatMap((message) =>
			message
				.replace(/^Not started: /, '')
				.split('…')
				.map((part) => part.trim().replace(/:$/, ''))
				.filter((part) => part.length >= 5),
		);
		expect(parts.length).toBeGreaterThan(60);
		expect(parts.filter((part) => !source.includes(part))).toEqual([]);
	});
});

describe('docs/output.md', () => {
	const text = read('docs/output.md');
	const source = read('lib/n8n/run/output.ts');
	const fieldsOf = (name: string): string[] => {
		const [body = ''] = new RegExp(`function ${name}\\([\\s\\S]*?\\n}\\n`).exec(source) ?? [];
		const [, written = ''] = body.split('return withoutEmpty(');
		return all(/(?:^\t+|\{ )(\w+)(?::|,$)/gm, written).filter((field) => field !== 'kind');
	};

	test.each([
		['toJson', 15],
		['detailsOf', 10],
	])('names every field that %s writes', (name, least) => {
		const fields = fieldsOf(name);
		expect(fields.length).toBeGreaterThan(least);
		expect(fields.filter((field) => !new RegExp(`[\`"]${field}[\`"]`).test(text))).toEqual([]);
	});
});

test('docs/output.md explains every reason of an error item', () => {
	const [, kinds = ''] = /kind:\n([\s\S]*?);/.exec(read('lib/core/failure.ts')) ?? [];
	const reasons = all(/\| '(\w+)'/g, kinds);
	expect(reasons.length).toBeGreaterThan(10);
	const explained = all(/^\| `(\w+)` \| [^|]+ \| [^|]+ \|$/gm, read('docs/output.md'));
	expect(explained).toEqual(expect.arrayContaining(reasons));
});

function sourceOf(folder: string): string {
	return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
		.join('\n');
}

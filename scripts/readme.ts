/**
 * Writes the tables of README.md and docs/models.md from the catalogue, README's recipes from the workflows, and the codes
 * of docs/troubleshooting.md from the adapters.
 *
 * npm run readme
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { MEGABYTE } from '../lib/catalogue/units';
import { OPERATIONS } from '../lib/catalogue/operations';
import { wordsOf } from '../lib/catalogue/catalogue';
import { RESOURCES } from '../lib/catalogue/resources';
import type { Endpoint, Operation } from '../lib/catalogue/operations';
import type { FieldName, ImageRules, InputSlot, ModelRules, OperationDeclaration, Rules } from '../lib/catalogue/types';
import { purchaseOf } from '../lib/core/purchase';
import { OPERATION_NAMES } from '../lib/n8n/labels';
import { tellExample, tellPrice } from '../lib/n8n/prices';
import { diagnoseByStatus, type CodeRow, type CodeTable } from '../lib/providers/codes';
import { VIDU_CODES } from '../lib/providers/vidu/codes';
import { VTRIX_CODES, VTRIX_STATUSES } from '../lib/providers/vtrix/codes';
import { ZHIPU_CODES } from '../lib/providers/zhipu/codes';
import {
	COGVIDEOX_BACKENDS,
	endpointsOf,
	operationCalled,
	operationOf,
	VIDU_BACKENDS,
	type Backend,
} from '../lib/n8n/backends';

const inRepository = (file: string): string => resolve(__dirname, '..', file);

const nameOf = (endpoint: Endpoint): string =>
	endpoint === 'subjectsToVideo' ? `${OPERATION_NAMES.referenceToVideo}, named subjects` : OPERATION_NAMES[endpoint];

/** A model's row, or that of an operation without one. */
type Row = Rules & Partial<ModelRules>;

type Column = [heading: string, cell: (rules: Row) => string];

const COLUMNS: Column[] = [
	['Images', imageCount],
	['Duration', (rules) => choices(rules, 'duration').map(seconds).reduce(joinRanges, '')],
	['Resolution', (rules) => choices(rules, 'resolution', 'size').join(', ')],
	['Aspect ratio', (rules) => choices(rules, 'aspectRatio').join(', ')],
	['Sound', sound],
	[
		'Typical wait',
		({ typicalSeconds, isWaitEstimated }) => `${typicalSeconds} s${isWaitEstimated ? ' (estimate)' : ''}`,
	],
	['Price', priceCell],
];

function priceCell(rules: Row): string {
	const { price } = rules;
	if (!price) return 'not published';
	const example = tellExample(price, purchaseOf(rules, {}, rules.priceExample));
	return [tellPrice(price), ...(example === undefined ? [] : [example])].join('. ');
}

/** Each page with its tables, by the names of their markers. */
const PAGES: ReadonlyArray<{ file: string; tables: Readonly<Record<string, () => string>> }> = [
	{ file: inRepository('README.md'), tables: { recipes, operations } },
	{ file: inRepository('docs/models.md'), tables: { catalogue, images: imageRules } },
	{ file: inRepository('docs/troubleshooting.md'), tables: { codes } },
];

/** The pages as they are, and as they have to be. */
export const pages = (): Array<{ file: string; text: string; fresh: string }> =>
	PAGES.map(({ file, tables }) => {
		const text = readFileSync(file, 'utf8');
		const fresh = Object.entries(tables).reduce((page, [name, draw]) => between(page, name, draw()), text);
		return { file, text, fresh };
	});

/**
 * @param name of the markers in the page
 * @throws Error for a page without them
 */
export function between(page: string, name: string, content: string): string {
	const [first, last] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
	const start = page.indexOf(first);
	const end = page.indexOf(last);
	if (start < 0 || end < start) throw new Error(`The page has no ${first} … ${last}`);
	return `${page.slice(0, start + first.length)}\n\n${content}\n\n${page.slice(end)}`;
}

interface Way {
	/** The node, and its provider where the node asks for one. */
	title: string;
	backend: Backend;
}
const WAYS: Way[] = [
	...VIDU_BACKENDS.map((backend) => ({ title: `Vidu node, provider ${backend.label}`, backend })),
	...COGVIDEOX_BACKENDS.map((backend) => ({ title: 'CogVideoX node', backend })),
];

interface Workflow {
	name: string;
	nodes: Array<{ type: string; parameters: { content?: string } }>;
}

/** The workflows that have an overview, by title and with its first sentence. */
function recipes(): string {
	const folder = inRepository('examples');
	const rows = readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.flatMap((file) => {
			const { name, nodes } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Workflow;
			const overview = nodes.map(({ parameters }) => parameters.content ?? '').find((text) => OVERVIEW.test(text));
			const [, what = ''] = OVERVIEW.exec(overview ?? '') ?? [];
			const picture = `docs/recipes/${file.replace(/\.json$/, '.webp')}`;
			return overview === undefined
				? []
				: [[`[${name}](examples/${file})`, what.replace(/\s+/g, ' ').trim(), `[picture](${picture})`]];
		});
	return table(['Recipe', 'What it does', 'On the canvas'], rows);
}

/** A recipe's yellow note: its title, what it does in a sentence or two, how it works. */
const OVERVIEW = /^## .+\n+([^#]+?)\n+### How it works\n/;

/** Where the panel has each operation, what goes into it, and where it is offered. */
function operations(): string {
	return table(
		['Resource', 'Operation', 'Goes in', ...WAYS.map(({ title }) => title)],
		OPERATIONS.map((declaration: OperationDeclaration<Operation>) => [
			RESOURCES[declaration.resource].label,
			declaration.label,
			sentence(ingredientsOf(declaration)),
			...WAYS.map(({ backend }) => offered(backend, declaration.name)),
		]),
	);
}

function offered(backend: Backend, operation: Operation): string {
	if (operationCalled(backend, operation) === undefined) return '–';
	const count = modelsOf(backend, operation).length;
	if (count > 0) return count === 1 ? '1 model' : `${count} models`;
	return operation in backend.catalogue.rules ? 'yes' : 'by model ID';
}

/** What it cannot do without, where nothing goes in but fields. */
function ingredientsOf({ inputs, ownFields = {} }: OperationDeclaration<Operation>): string[] {
	if (inputs.length > 0) return inputs.flatMap(inputWords);
	const required = Object.values(ownFields).filter(({ isRequired }) => isRequired);
	return required.map(({ name }) => lowerFirst(name));
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const inputWords = (slot: InputSlot): string[] =>
	slot.kind === 'prompt' ? ['prompt'] : wordsOf(slot).map(({ label }) => lowered(label));

/** "voice ID" */
const lowered = (label: string): string =>
	label.replace(/\w+/g, (word) => (/^IDs?$/.test(word) ? word : word.toLowerCase()));

const sentence = (words: readonly string[]): string => {
	const text = words.join(', ');
	return text.charAt(0).toUpperCase() + text.slice(1);
};

function catalogue(): string {
	return [overview(), ...WAYS.map(details)].join('\n\n');
}

function overview(): string {
	const endpoints = OPERATIONS.map(({ name }) => name);
	return table(
		['Operation', ...WAYS.map(({ title }) => title)],
		endpoints.map((endpoint) => [
			nameOf(endpoint),
			...WAYS.map(({ backend }) => {
				const names = modelsOf(backend, endpoint).map(([model]) => `\`${model}\``);
				if (names.length) return names.join(', ');
				if (endpoint in backend.catalogue.rules) return 'without a model';
				return endpoint in backend.catalogue.models ? 'by model ID' : '–';
			}),
		]),
	);
}

const details = ({ title, backend }: Way): string =>
	[
		`## ${title}`,
		`As documented on ${backend.catalogue.readOn}.`,
		...endpointsOf(backend)
			.map((endpoint) => formTable(backend, endpoint))
			.filter((text) => text !== undefined),
	].join('\n\n');

function formTable(backend: Backend, endpoint: Endpoint): string | undefined {
	const own = Object.entries(operationCalled(backend, operationOf(endpoint))?.declaration.ownFields ?? {});
	const ownColumns = own.map(([name, { name: heading }]): Column => [
		heading,
		(rules) => choices(rules, name as FieldName).join(', '),
	]);
	const alone = backend.catalogue.rules[operationOf(endpoint)];
	const models = rowsOf(backend, endpoint);
	if (models.length === 0) return undefined;
	const columns = [...ownColumns, ...COLUMNS].filter(([, cell]) => models.some(([, rules]) => cell(rules) !== ''));
	const limits = new Set(models.flatMap(([, { restrictions = [] }]) => restrictions.map(({ why }) => why)));
	return [
		`### ${nameOf(endpoint)}`,
		table(
			[...(alone ? [] : ['Model']), ...columns.map(([heading]) => heading)],
			models.map(([model, rules]) => [
				...(alone ? [] : [`\`${model}\`${rules.note ? ` (${rules.note})` : ''}`]),
				...columns.map(([, cell]) => cell(rules) || '–'),
			]),
		),
		...(limits.size ? [`Limits: ${[...limits].join('; ')}.`] : []),
	].join('\n\n');
}

/** What services accept as an image, one row per rule set. */
function imageRules(): string {
	const rows = new Map<
		string,
		{ rules: ImageRules; endpoints: Set<string>; title: string; maxBodyBytes: number | undefined }
	>();
	for (const { title, backend } of WAYS)
		for (const endpoint of endpointsOf(backend))
			for (const [model, { images, note }] of rowsOf(backend, endpoint)) {
				if (!images || images.max === 0) continue;
				const ofAll = backend.catalogue.maxBodyBytes;
				const { maxBodyBytes = ofAll } = operationCalled(backend, operationOf(endpoint))?.declaration ?? {};
				const key = JSON.stringify([title, images.rules, maxBodyBytes]);
				const row = rows.get(key) ?? { rules: images.rules, endpoints: new Set(), title, maxBodyBytes };
				row.endpoints.add(note === 'preview' ? `${nameOf(endpoint)} on \`${model}\`` : nameOf(endpoint));
				rows.set(key, row);
			}
	return table(
		['Way', 'For', 'Formats', 'One image', 'Pixels', 'Shape', 'Pair', 'Whole request'],
		[...rows.values()].map(({ rules, endpoints, title, maxBodyBytes }) => [
			title,
			[...endpoints].join(', '),
			rules.formats.map((format) => (format === 'webp' ? 'WebP' : format.toUpperCase())).join(', '),
			`${rules.maxBytes / MEGABYTE} MB`,
			pixels(rules),
			rules.maxAspect === undefined ? '–' : `1:${rules.maxAspect} to ${rules.maxAspect}:1`,
			rules.pairRatio === undefined
				? '–'
				: `start to end ${rules.pairRatio.min} to ${rules.pairRatio.max} in width, height and shape`,
			maxBodyBytes === undefined ? 'not stated' : `${maxBodyBytes / MEGABYTE} MB`,
		]),
	);
}

/** What services say, by service and code; codes that mean the same share a row. */
function codes(): string {
	return [
		['Vidu', codeTable(VIDU_CODES)],
		['Zhipu BigModel, Z.AI', codeTable(ZHIPU_CODES)],
		['Vtrix', codeTable({ ...VTRIX_CODES, ...VTRIX_STATUSES })],
		['Any service, without a code', codeTable(STATUSES)],
	]
		.map(([title, rows]) => `### ${title}\n\n${rows}`)
		.join('\n\n');
}

const STATUSES: CodeTable = Object.fromEntries(
	[200, 302, 400, 401, 402, 403, 404, 429, 503].map((status) => [`HTTP ${status}`, diagnoseByStatus(status, '…')]),
);

function codeTable(rows: CodeTable): string {
	const groups = new Map<string, { row: CodeRow; names: string[] }>();
	for (const [name, row] of Object.entries(rows)) {
		const key = JSON.stringify([row.summary, row.advice]);
		const group = groups.get(key) ?? { row, names: [] };
		group.names.push(`\`${name}\``);
		groups.set(key, group);
	}
	return table(
		['Code', 'What you read', 'What to do'],
		[...groups.values()].map(({ row: { summary, advice, quotesMessage }, names }) => [
			names.join(', '),
			`*${summary}${quotesMessage ? ': …' : ''}*`,
			advice,
		]),
	);
}

const square = (side: number): string => `${side} × ${side}`;

function pixels({ minPixels, maxPixels }: ImageRules): string {
	if (minPixels === undefined) return '–';
	return maxPixels === undefined ? `at least ${square(minPixels)}` : `${square(minPixels)} to ${square(maxPixels)}`;
}

/** The models of a form, or the operation itself where it has none. */
const rowsOf = (backend: Backend, endpoint: Endpoint): Array<[model: string, Row]> => {
	const alone = backend.catalogue.rules[operationOf(endpoint)];
	return alone ? [['', alone]] : modelsOf(backend, endpoint);
};

const modelsOf = ({ catalogue }: Backend, endpoint: Endpoint): Array<[string, ModelRules]> =>
	Object.entries(catalogue.models[endpoint] ?? {});

function choices({ fields }: Rules, ...names: FieldName[]): Array<string | number> {
	return names.flatMap((name) => {
		const rule = fields[name];
		return rule?.kind === 'choice' ? [...rule.values] : [];
	});
}

function imageCount({ images, subjects, videos, fields: { sounds } }: Row): string {
	if (!images) return '';
	const count = images.min === images.max ? `${images.max}` : `${images.min}–${images.max}`;
	if (subjects) return `up to ${subjects.max} subjects with ${count} each`;
	if (videos) return `${count}, or up to ${videos.max} videos and ${videos.maxImagesBeside} images`;
	if (sounds?.kind === 'urls') return `${count}, and up to ${sounds.max} sounds`;
	return images.max === 0 ? '' : count;
}

function sound({ fields: { audio, withAudio, bgm } }: Rules): string {
	const speech = audio ?? withAudio;
	if (speech?.kind !== 'switch') return bgm ? 'music only' : '';
	return `${speech.default ? 'on by default' : 'optional'}${bgm ? ', music' : ''}`;
}

/** Vidu lets 0 stand for a length of the model's own choice. */
const seconds = (value: string | number): string => (value === 0 ? 'auto' : `${value} s`);

/** Reducer: "1 s", "2 s", "3 s", "8 s" becomes "1–3 s, 8 s". */
function joinRanges(text: string, value: string): string {
	const last = /(?:(\d+)–)?(\d+) s$/.exec(text);
	if (last === null || Number(last[2]) + 1 !== parseInt(value, 10)) return text === '' ? value : `${text}, ${value}`;
	return `${text.slice(0, last.index)}${last[1] ?? last[2]}–${value}`;
}

function table(heading: string[], rows: string[][]): string {
	return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

if (require.main === module) for (const { file, fresh } of pages()) writeFileSync(file, fresh);

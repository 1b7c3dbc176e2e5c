/**
 * Writes the models tables of README.md from the catalogue.
 *
 * npm run readme
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { MEGABYTE } from '../lib/catalogue/rules';
import { OPERATIONS } from '../lib/catalogue/types';
import type { FieldName, Form, ImageRules, ModelRules } from '../lib/catalogue/types';
import { OPERATION_LABELS } from '../lib/n8n/panel';
import { COGVIDEOX_ROUTES, formsOf, VIDU_ROUTES, type Route } from '../lib/n8n/backends';

export const README = resolve(__dirname, '../README.md');

const nameOf = (form: Form): string =>
	form === 'subjectsToVideo'
		? `${OPERATION_LABELS.referenceToVideo.name}, named subjects`
		: OPERATION_LABELS[form].name;

type Column = [heading: string, cell: (rules: ModelRules) => string];

const COLUMNS: Column[] = [
	['Pictures', pictures],
	['Duration', (rules) => choices(rules, 'duration').map(seconds).reduce(joinRanges, '')],
	['Resolution', (rules) => choices(rules, 'resolution', 'size').join(', ')],
	['Aspect ratio', (rules) => choices(rules, 'aspectRatio').join(', ')],
	['Sound', sound],
	['Typical wait', ({ typicalSeconds }) => `${typicalSeconds} s`],
	['Price', ({ price }) => price ?? 'not published'],
];

/** The README with fresh tables between their markers. */
export function withTables(readme: string): string {
	return between(between(readme, 'catalogue', tables()), 'pictures', pictureRules());
}

function between(readme: string, name: string, content: string): string {
	const [first, last] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
	const start = readme.indexOf(first);
	const end = readme.indexOf(last);
	if (start < 0 || end < start) throw new Error(`README.md has no ${first} … ${last}`);
	return `${readme.slice(0, start + first.length)}\n\n${content}\n\n${readme.slice(end)}`;
}

interface Way {
	/** The node, and its provider where the node asks for one. */
	title: string;
	route: Route;
}
const WAYS: Way[] = [
	...VIDU_ROUTES.map((route) => ({ title: `Vidu node, provider ${route.label}`, route })),
	...COGVIDEOX_ROUTES.map((route) => ({ title: 'CogVideoX node', route })),
];

const tables = (): string => [overview(), ...WAYS.map(details)].join('\n\n');

function overview(): string {
	const forms = OPERATIONS;
	return table(
		['Operation', ...WAYS.map(({ title }) => title)],
		forms.map((form) => [
			nameOf(form),
			...WAYS.map(({ route }) => {
				const names = modelsOf(route, form).map(([model]) => `\`${model}\``);
				if (names.length) return names.join(', ');
				return form in route.catalogue.models ? 'by model ID' : '–';
			}),
		]),
	);
}

const details = ({ title, route }: Way): string =>
	[
		`<details><summary>${title}: what each model takes, as documented on ${route.catalogue.readOn}</summary>`,
		...formsOf(route)
			.filter((form) => modelsOf(route, form).length)
			.map((form) => formTable(route, form)),
		'</details>',
	].join('\n\n');

function formTable(route: Route, form: Form): string {
	const models = modelsOf(route, form);
	const columns = COLUMNS.filter(([, cell]) => models.some(([, rules]) => cell(rules) !== ''));
	const limits = new Set(models.flatMap(([, { restrictions = [] }]) => restrictions.map(({ why }) => why)));
	return [
		`**${nameOf(form)}**`,
		table(
			['Model', ...columns.map(([heading]) => heading)],
			models.map(([model, rules]) => [
				`\`${model}\`${rules.note ? ` (${rules.note})` : ''}`,
				...columns.map(([, cell]) => cell(rules) || '–'),
			]),
		),
		...(limits.size ? [`Limits: ${[...limits].join('; ')}.`] : []),
	].join('\n\n');
}

/** What services accept as a picture, one row per rule set. */
function pictureRules(): string {
	const rows = new Map<
		string,
		{ rules: ImageRules; forms: Set<string>; title: string; maxBodyBytes: number | undefined }
	>();
	for (const { title, route } of WAYS)
		for (const form of formsOf(route))
			for (const [model, { images, note }] of modelsOf(route, form)) {
				if (images.max === 0) continue;
				const key = JSON.stringify([title, images.rules]);
				const { maxBodyBytes } = route.catalogue;
				const row = rows.get(key) ?? { rules: images.rules, forms: new Set(), title, maxBodyBytes };
				row.forms.add(note === 'preview' ? `${nameOf(form)} on \`${model}\`` : nameOf(form));
				rows.set(key, row);
			}
	return table(
		['Way', 'For', 'Formats', 'One picture', 'Smallest', 'Shape', 'Pair', 'Whole request'],
		[...rows.values()].map(({ rules, forms, title, maxBodyBytes }) => [
			title,
			[...forms].join(', '),
			rules.formats.map((format) => (format === 'webp' ? 'WebP' : format.toUpperCase())).join(', '),
			`${rules.maxBytes / MEGABYTE} MB`,
			rules.minPixels === undefined ? '–' : `${rules.minPixels} × ${rules.minPixels} pixels`,
			rules.maxAspect === undefined ? '–' : `1:${rules.maxAspect} to ${rules.maxAspect}:1`,
			rules.pairRatio === undefined
				? '–'
				: `start to end ${rules.pairRatio.min} to ${rules.pairRatio.max} in width, height and shape`,
			maxBodyBytes === undefined ? 'not stated' : `${maxBodyBytes / MEGABYTE} MB`,
		]),
	);
}

const modelsOf = ({ catalogue }: Route, form: Form): Array<[string, ModelRules]> =>
	Object.entries(catalogue.models[form] ?? {});

function choices({ fields }: ModelRules, ...names: FieldName[]): Array<string | number> {
	return names.flatMap((name) => {
		const rule = fields[name];
		return rule?.kind === 'choice' ? [...rule.values] : [];
	});
}

function pictures({ images, subjects, videos, fields: { sounds } }: ModelRules): string {
	const count = images.min === images.max ? `${images.max}` : `${images.min}–${images.max}`;
	if (subjects) return `up to ${subjects.max} subjects with ${count} each`;
	if (videos) return `${count}, or up to ${videos.max} videos and ${videos.maxImagesBeside} pictures`;
	if (sounds?.kind === 'urls') return `${count}, and up to ${sounds.max} sounds`;
	return images.max === 0 ? '' : count;
}

function sound({ fields: { audio, withAudio, bgm } }: ModelRules): string {
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

if (require.main === module) writeFileSync(README, withTables(readFileSync(README, 'utf8')));

import type { Endpoint } from '../../../lib/catalogue/operations';
import type {
	FieldName,
	FieldRule,
	FieldValue,
	ModelRules,
	OperationDeclaration,
	Restriction,
	TextRule,
} from '../../../lib/catalogue/types';
import { badTrials, goodTrials, leastOf, mentionOf, pngHead, PROMPT, type Media, type Subject } from './media';
import { ROWS, declarationOf, fieldsOf, nameOf, slotsOf, takesModel, takesPrompt, type Panel, type Row } from './rows';
import { SPECIAL_TEXTS } from './texts';

/** What users may ask for: all that a row of the catalogue allows, and what lies right beside it. */

export interface Case {
	panel: Panel;
	/** For the list of what went wrong. */
	what: string;
	model: unknown;
	/** Prompt and fields as set in the panel. */
	fields: Record<string, unknown>;
	media: Media;
}

/** A case that has to be accepted. */
export interface GoodCase extends Case {
	row: Row;
	/** The checked fields that travel, where they differ from what was set. */
	sent?: Record<string, unknown>;
	/** Only values that the lists and switches of the panel offer. */
	isFromPanel: boolean;
}

/** A case that has to be refused before anything is sent. */
export interface BadCase extends Case {
	/** Display names of the parameters that may be named as the culprit. */
	culprits: string[];
	/** What stays in a saved node when another model is picked: values and fields that only others have. */
	isLeftOver?: true;
}

/* What a row allows. */

/** Everything the row allows, each value at least once. */
export function goodCases(row: Row): GoodCase[] {
	const { rules } = row;
	const cases = [
		good(row, 'nothing but what is needed', {}),
		allDefaults(row),
		manyFields(row),
		...goodPrompts(row),
		...(Object.entries(rules.fields) as Array<[FieldName, FieldRule]>).flatMap(([field, rule]) =>
			goodValues(rule).map(({ value, sent, isFromPanel }) =>
				good(row, `${field} ${show(value)}`, withCompanions(rules, { [field]: value }), {
					sent: sent === undefined ? undefined : withCompanions(rules, { [field]: sent }),
					isFromPanel,
				}),
			),
		),
		...combinations(row)
			.filter(({ broken }) => broken === undefined)
			.map(({ fields }) => good(row, show(fields), fields, { isFromPanel: true })),
		...goodMedia(row),
		...(rules.fields.audio || !row.panel.backend.catalogue.topLevel.includes('audio')
			? []
			: [good(row, 'audio off, which it is anyway', { audio: false }, { sent: {} })]),
	];
	return unique(cases);
}

function good(
	row: Row,
	what: string,
	asked: Record<string, unknown>,
	more: Partial<Pick<GoodCase, 'sent' | 'isFromPanel' | 'media'>> = {},
): GoodCase {
	const given = withAnyOf(row, asked, more.media ?? leastMedia(row));
	const prompt = {
		...(row.rules.prompt.required && !('prompt' in asked) ? { prompt: promptFor(given.media) } : {}),
		...given.fields,
		...neededBeside(row, asked),
	};
	const { fields, media } = together(row, asked, given.media);
	return {
		row,
		panel: row.panel,
		what: `${nameOf(row)}: ${what}`,
		model: row.model,
		fields: { ...prompt, ...fields },
		media,
		isFromPanel: more.isFromPanel ?? false,
		...(more.sent ? { sent: { ...prompt, ...more.sent } } : {}),
	};
}

/** Fields of the operation's own that nothing can be ordered without, and those that the asked ones need. */
function neededBeside({ panel, rules }: Row, asked: Record<string, unknown>): Record<string, unknown> {
	const own = declarationOf(panel).ownFields ?? {};
	const isOn = (name: string) => asked[name] !== undefined && asked[name] !== false;
	const partners = Object.entries(own).flatMap(([name, { needs }]) => (needs && isOn(name) ? [needs] : []));
	return Object.fromEntries(
		Object.entries(own)
			.filter(([name, { isRequired }]) => (isRequired || partners.includes(name)) && !(name in asked))
			.map(([name]) => [name, valuesOf(rules.fields[name as FieldName]!)[0]]),
	);
}

/** Where an operation needs one of several, one of them: an input, or a field in a case without that input. */
function withAnyOf(row: Row, asked: Record<string, unknown>, media: Media): Pick<Case, 'fields' | 'media'> {
	const { anyOf = [] }: OperationDeclaration = declarationOf(row.panel);
	const isThere = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
	if (anyOf.length === 0 || anyOf.some((name) => isThere(asked[name]) || isThere(media[name])))
		return { fields: {}, media };
	const slot = slotsOf(row.panel).find((one) => 'name' in one && anyOf.includes(one.name) && !(one.name in media));
	if (slot) {
		const images = { ...row.rules.images, min: 1 };
		return { fields: {}, media: { ...media, ...leastOf(slot, { ...row.rules, images }) } };
	}
	const field = anyOf.find((name) => name in row.rules.fields && !(name in asked)) as FieldName;
	return { fields: { [field]: valuesOf(row.rules.fields[field]!)[0] }, media };
}

/** Fields that mean something beside one value of an input alone, with that value; of two that need different ones the first. */
function together(
	{ panel }: Row,
	asked: Record<string, unknown>,
	given: Media,
): { fields: Record<string, unknown>; media: Media } {
	const { ownFields = {} } = declarationOf(panel);
	const beside: Media = {};
	const fields = Object.entries(asked).filter(([name]) => {
		const { parameter, values } = ownFields[name]?.onlyBeside ?? {};
		if (parameter === undefined || !(parameter in given)) return true;
		const value = (beside[parameter] ??= values![0]);
		return values!.includes(value as string);
	});
	return { fields: Object.fromEntries(fields), media: { ...given, ...beside } };
}

/** A prompt that calls every subject by its name. */
const promptFor = ({ subjects: named }: Media): string =>
	named ? mentionOf((named as Subject[]).length) + PROMPT : PROMPT;

export interface GoodValue {
	value: unknown;
	/** What travels for it. */
	sent?: unknown;
	isFromPanel?: boolean;
}

function goodValues(rule: FieldRule): GoodValue[] {
	switch (rule.kind) {
		case 'choice':
			return [
				...rule.values.map((value) => ({ value, isFromPanel: true })),
				// as a spreadsheet writes it
				{ value: ` ${rule.default} `, sent: rule.default },
				...otherCase(String(rule.default)).map((value) => ({ value, sent: rule.default })),
			];
		case 'switch':
			return [
				{ value: true, isFromPanel: true },
				{ value: false, isFromPanel: true },
				{ value: 'TRUE', sent: true },
				{ value: 'false', sent: false },
				{ value: 'yes', sent: true },
				{ value: 0, sent: false },
			];
		case 'integer':
			return [{ value: rule.min }, { value: rule.max }, { value: String(rule.max), sent: rule.max }];
		case 'text':
			return (
				SPECIAL_TEXTS.get(rule)?.good ?? [
					{ value: 'x'.repeat(rule.maxChars) },
					...(rule.maxChars < 10_000 ? [{ value: '影'.repeat(rule.maxChars) }] : []),
					{ value: 'x'.repeat(rule.minChars ?? 1) },
					{ value: 7_654_321, sent: '7654321' },
					...(rule.takesJson
						? [
								{ value: { sku: 'A1', n: 3 }, sent: '{"sku":"A1","n":3}' },
								{ value: ['A1'], sent: '["A1"]' },
							]
						: []),
				]
			);
		case 'url':
			return [
				{ value: 'https://shop.example.com/hook/3f2?item=1&name=a%20b' },
				{ value: 'http://203.0.113.7:5678/webhook/3f2' },
			];
		case 'urls': {
			const sounds = Array.from(
				{ length: rule.max },
				(_, index) => `https://shop.example.com/voices/${index}.mp3?a=1,2`,
			);
			return [
				{ value: sounds[0], sent: [sounds[0]] },
				{ value: sounds },
				{ value: sounds.join(', '), sent: sounds },
				{ value: `${sounds.join('\n')}\n`, sent: sounds },
			];
		}
		case 'number':
			return [
				{ value: rule.min },
				{ value: rule.max },
				{ value: (rule.min + rule.max) / 2 },
				{ value: ` ${rule.min} `, sent: rule.min },
			];
		case 'words':
			return [
				...rule.values.map((value) => ({ value: [value], isFromPanel: true })),
				{ value: [...rule.values], isFromPanel: true },
				{ value: rule.values.join(', '), sent: [...rule.values] },
			];
		case 'lines':
			return [
				{ value: 'omg/oh my god', sent: ['omg/oh my god'] },
				{ value: 'omg/oh my god\nSKU/es kay you', sent: ['omg/oh my god', 'SKU/es kay you'] },
				{ value: ['omg/oh my god'] },
			];
		case 'jsonText':
			return [{ value: '{"Label":"1","ProduceID":"sku 17"}' }, { value: { Label: '1' }, sent: '{"Label":"1"}' }];
	}
}

function goodPrompts(row: Row): GoodCase[] {
	if (!takesPrompt(row.panel)) return [];
	const mention = row.panel.endpoint === 'subjectsToVideo' ? mentionOf(1) : '';
	const left = row.rules.prompt.maxChars - mention.length;
	return [
		good(row, 'a prompt of one character', { prompt: mention === '' ? 'x' : '@subject 1' }),
		good(row, `a prompt of ${left} characters`, { prompt: mention + 'x'.repeat(left) }),
		good(row, `a prompt of ${left} Chinese characters`, { prompt: mention + '影'.repeat(left) }),
		good(row, `a prompt of ${left / 2} emoji, two UTF-16 units each`, { prompt: mention + '🎬'.repeat(left / 2) }),
		mention === ''
			? good(row, 'a prompt that is a number', { prompt: 2026 }, { sent: { prompt: '2026' } })
			: good(row, 'a mention in brackets', { prompt: 'It turns: [@subject 1]' }),
	];
}

/** Each slot in turn, the others with the least that they take. */
function goodMedia(row: Row): GoodCase[] {
	const taker = { rules: row.rules, models: Object.values(row.panel.models) };
	return slotsOf(row.panel)
		.flatMap((slot) => goodTrials(slot, taker))
		.map(({ what, media, fields = {} }) => good(row, what, fields, { media: { ...leastMedia(row), ...media } }));
}

/** As little as the form takes. */
export const leastMedia = ({ panel, rules }: Pick<Row, 'panel' | 'rules'>): Media =>
	Object.assign({}, ...slotsOf(panel).map((slot) => leastOf(slot, rules))) as Media;

/** Models that Vtrix sells and the catalogue has no page of. */
const UNLISTED: Partial<Record<Endpoint, string>> = {
	textToVideo: 'viduq2_text2video',
	startEndToVideo: 'viduq2_pro_start_end2video',
	referenceToVideo: 'viduq2_reference2video',
};

/** The model as one that is newer than the catalogue: its fields are the open ones of the panel. */
export function customCase(panel: Panel): GoodCase {
	const [model = UNLISTED[panel.endpoint]!, rules = UNLISTED_RULES] = Object.entries(panel.models)[0] ?? [];
	const { fields, ...testCase } = manyFields({ panel, model, rules });
	return { ...testCase, model: 'custom', fields: { customModel: model, ...fields }, sent: fields };
}

const UNLISTED_RULES: ModelRules = {
	prompt: { required: true, maxChars: 1 },
	images: { min: 2, max: 2, rules: { formats: [], maxBytes: 0 } },
	fields: {
		duration: { kind: 'choice', values: [5], default: 5 },
		resolution: { kind: 'choice', values: ['720p'], default: '720p' },
	},
	typicalSeconds: 1,
};

/** A request of about this many bytes, most of it images and the rest a prompt of many bytes a character. */
export function bigCase(row: Row, bodyBytes: number): GoodCase {
	const prompt = '影"'.repeat(1_000);
	const count = row.rules.images.max;
	const promptBytes = Buffer.byteLength(JSON.stringify(prompt));
	const each = Math.floor(((bodyBytes - promptBytes - 300) / count - 30) * 0.75);
	const image = (index: number) =>
		`data:image/png;base64,${Buffer.concat([pngHead(160, 160 + index), Buffer.alloc(each)]).toString('base64')}`;
	const images = Array.from({ length: count }, (_, index) => image(index));
	return good(
		row,
		`a request of ${bodyBytes} bytes`,
		{ prompt },
		{
			media: row.panel.endpoint === 'imageToVideo' ? { image: images[0] } : { referenceImages: images },
		},
	);
}

/* What lies beside it. */

/** What the row does not allow, each case wrong in one thing only. */
export function badCases(row: Row, labels: Labels): BadCase[] {
	const { panel, rules } = row;
	const cases = [...badPrompts(row), ...badMedia(row), ...lonely(row, labels)];
	for (const [field, siblings] of fieldsOf(panel)) {
		const rule = rules.fields[field];
		const offered = siblings.flatMap(valuesOf);
		const testCase = (value: unknown, what = ''): BadCase => ({
			...bad(row, `${field} ${show(value)}${what}`, [labels.of(field)], { [field]: value }),
			...(offered.includes(value as FieldValue) ? { isLeftOver: true } : {}),
		});
		// nothing is no value of a field that may be left out
		const isRequired = declarationOf(panel).ownFields?.[field]?.isRequired === true;
		const isWrong = (value: unknown) => value !== '' || isRequired;
		if (rule)
			cases.push(
				...badValues(rule, offered)
					.filter(isWrong)
					.map((value) => testCase(value)),
			);
		else {
			// off is what a model without the switch does anyway
			const values = [...new Set(offered)].filter((value) => value !== false).slice(0, 2);
			cases.push(...values.map((value) => testCase(value, ', which it does not take')));
		}
	}
	for (const { fields, broken } of combinations(row))
		if (broken) {
			const culprits = broken.map((field) => labels.of(field));
			cases.push({ ...bad(row, show(fields), culprits, fields), isLeftOver: true });
		}
	return unique(cases);
}

/** Fields without the ones that they need, and an order without any of those of which it needs one. */
function lonely(row: Row, labels: Labels): BadCase[] {
	const { ownFields = {}, anyOf }: OperationDeclaration = declarationOf(row.panel);
	const alone = Object.entries(ownFields).flatMap(([name, { needs }]): BadCase[] => {
		if (needs === undefined) return [];
		const value = valuesOf(row.rules.fields[name as FieldName]!)[0];
		const testCase = bad(row, `${name} without ${needs}`, [labels.of(needs as FieldName)], { [name]: value });
		const { [needs]: _left, ...fields } = testCase.fields;
		return [{ ...testCase, fields }];
	});
	if (anyOf === undefined) return alone;
	const testCase = bad(row, `none of ${anyOf.join()}`, slotsOf(row.panel).flatMap(labelIn), {});
	const kept = (given: object) => Object.fromEntries(Object.entries(given).filter(([name]) => !anyOf.includes(name)));
	return [...alone, { ...testCase, fields: kept(testCase.fields), media: kept(testCase.media) }];
}

const labelIn = (slot: object): string[] => ('label' in slot ? [String(slot.label)] : []);

/** Finds out how a field is called in the panel. */
export interface Labels {
	of(field: FieldName): string;
}

function bad(
	row: Row,
	what: string,
	culprits: string[],
	fields: Record<string, unknown>,
	given: Media = leastMedia(row),
): BadCase {
	const { fields: oneOf, media } = withAnyOf(row, fields, given);
	const prompt = {
		...oneOf,
		...(row.rules.prompt.required && !('prompt' in fields) ? { prompt: promptFor(media) } : {}),
		...neededBeside(row, fields),
	};
	return {
		panel: row.panel,
		what: `${nameOf(row)}: ${what}`,
		model: row.model,
		fields: { ...prompt, ...fields },
		media,
		culprits,
	};
}

/** @param offered values that models of the same form take */
function badValues(rule: FieldRule, offered: readonly FieldValue[]): unknown[] {
	switch (rule.kind) {
		case 'choice': {
			const isNumber = typeof rule.values[0] === 'number';
			const [first, last] = [rule.values[0], rule.values[rule.values.length - 1]];
			const near = isNumber
				? [
						...(rule.values as number[]).flatMap((value) => [value - 1, value + 1]),
						...[-Number(first), Number(last) + 0.5, 'soon'],
					]
				: [`${last}x`, String(last).slice(0, -2), 7];
			return without([...offered, ...near, true, {}, ['a', 'b']], rule.values);
		}
		case 'switch':
			return ['maybe', 'loud', 2, -1, {}, [true, false]];
		case 'integer':
			return [rule.min - 1, rule.max + 1, rule.min + 0.5, 'many', String(rule.max + 1), true, {}, [1, 2]];
		case 'number':
			return [rule.min - 0.1, rule.max + 0.1, 'many', true, {}, [1, 2]];
		case 'words':
			return ['other', [rule.values[0], 'other'], {}];
		case 'lines':
			return ['x'.repeat(rule.maxChars + 1)];
		case 'text':
			return [
				'x'.repeat(rule.maxChars + 1),
				...(rule.minChars ? ['x'.repeat(rule.minChars - 1)] : []),
				...(SPECIAL_TEXTS.get(rule)?.bad ?? []),
				...(rule.takesJson ? [] : [{ text: 'x'.repeat(rule.minChars ?? 1) }, ['x'.repeat(rule.minChars ?? 1)]]),
			];
		case 'url':
			return [
				...['shop.example.com/hook', 'ftp://shop.example.com/hook', 'https://', 'https:///hook', '/hook'],
				...['https://shop.example.com/a b', 'https://[', 'https://shop.example.com:99999/hook', 5, {}],
			];
		case 'urls':
			return [
				Array.from({ length: rule.max + 1 }, (_, index) => `https://shop.example.com/voices/${index}.mp3`),
				...['shop.example.com/voice.mp3', 'ftp://shop.example.com/voice.mp3', 5, {}, ['voice']],
			];
		case 'jsonText':
			return ['{"Label":', '["Label"]', '"Label"', '5', 'Label', 5, true, ['Label']];
	}
}

const otherCase = (text: string): string[] =>
	[text.toUpperCase(), text.toLowerCase()].filter((other) => other !== text);

function badPrompts(row: Row): BadCase[] {
	if (!takesPrompt(row.panel)) return [];
	const { maxChars, required } = row.rules.prompt;
	const prompt = (what: string, value: unknown) => bad(row, what, ['Prompt'], { prompt: value });
	return [
		prompt(`a prompt of ${maxChars + 1} characters`, 'x'.repeat(maxChars + 1)),
		prompt(`a prompt of ${maxChars + 1} Chinese characters`, '影'.repeat(maxChars + 1)),
		prompt('a prompt that is an object', { text: PROMPT }),
		prompt('a prompt that is a list', [PROMPT, PROMPT]),
		...['NaN', 'undefined', 'null', '[object Object]'].map((word) => prompt(`${word} as prompt`, word)),
		...(required
			? [prompt('no prompt', undefined), prompt('an empty prompt', ''), prompt('a blank prompt', ' \n')]
			: []),
	];
}

function badMedia(row: Row): BadCase[] {
	const taker = { rules: row.rules, models: Object.values(row.panel.models) };
	return slotsOf(row.panel)
		.flatMap((slot) => badTrials(slot, taker))
		.map(({ what, culprit, media, fields = {}, isLeftOver }) => ({
			...bad(row, what, [culprit], fields, { ...leastMedia(row), ...media }),
			...(isLeftOver ? { isLeftOver } : {}),
		}));
}

/** Models that the panel does not have: of other operations, other providers, mistyped and missing. */
export function badModels(panel: Panel): BadCase[] {
	if (!takesModel(panel)) return [];
	const [known] = Object.keys(panel.models);
	const foreign = [...new Set(ROWS.map(({ model }) => model))].filter((model) => !(model in panel.models));
	const mistyped = known === undefined ? [] : [`${known}x`, `${known}-`, known.slice(0, -1)];
	// the fullest of media, so that nothing else is missing
	const rules = panel.models[known ?? ''] ?? ANY_RULES;
	// names that every object has must not pass for models
	return [...foreign, ...mistyped, 'constructor', '', undefined, null, 2, {}].map((model) => ({
		panel,
		what: `${panel.backend.catalogue.provider}, ${panel.endpoint}: model ${show(model)}`,
		model,
		fields: { prompt: PROMPT },
		media: leastMedia({ panel, rules }),
		culprits: ['Model'],
	}));
}

const ANY_RULES: ModelRules = {
	prompt: { required: false, maxChars: 1 },
	images: { min: 1, max: 1, rules: { formats: [], maxBytes: 0 } },
	fields: {},
	typicalSeconds: 1,
};

/* Values and their combinations. */

const VOICES = ['https://shop.example.com/voices/1.mp3'];

/** Representative values of a field, for combinations. */
export function valuesOf(rule: FieldRule): FieldValue[] {
	switch (rule.kind) {
		case 'choice':
			return [...rule.values];
		case 'switch':
			return [true, false];
		case 'integer':
		case 'number':
			return [rule.max];
		case 'words':
			return [[...rule.values] as unknown as FieldValue];
		case 'lines':
			return [['omg/oh my god'] as unknown as FieldValue];
		case 'text':
			return [textOf(rule)];
		case 'url':
			return ['https://shop.example.com/hook'];
		case 'urls':
			return [VOICES as unknown as FieldValue];
		case 'jsonText':
			return ['{"Label":"1"}'];
	}
}

function textOf(rule: TextRule): string {
	const [special] = SPECIAL_TEXTS.get(rule)?.good ?? [];
	if (!special && rule.pattern) throw new Error(`Nobody says which texts are ${rule.pattern.words}`);
	return special ? String(special.value) : 'x'.repeat(Math.max(rule.minChars ?? 0, 8));
}

/** Values, and absence, of the fields that a restriction ties together; of long lists the ends and what matters. */
function combinations(row: Row): Combination[] {
	const { rules } = row;
	return (rules.restrictions ?? []).flatMap(({ when, allow = {}, without = [] }) => {
		const tied = [...new Set([...Object.keys(when), ...Object.keys(allow), ...without])] as FieldName[];
		const valuesFor = (field: FieldName) => thinned(valuesOf(rules.fields[field]!), tiedValues(row, field));
		return product(tied.map((field) => [undefined, ...valuesFor(field)])).map((values) => {
			const fields = Object.fromEntries(
				tied.map((field, index) => [field, values[index]]).filter(([, value]) => value !== undefined),
			) as Record<string, FieldValue>;
			return { fields, tied, broken: brokenFields(rules, fields) };
		});
	});
}

interface Combination {
	fields: Record<string, FieldValue>;
	/** The fields that the restriction looks at. */
	tied: FieldName[];
	/** Those at fault. */
	broken?: FieldName[];
}

/** The fields that a restriction forbids beside the others; undefined when all go together. */
export function brokenFields(
	{ fields: rules, restrictions = [] }: ModelRules,
	fields: Readonly<Record<string, unknown>>,
): FieldName[] | undefined {
	const broken = restrictions.flatMap((restriction) => brokenBy(restriction, rules, fields));
	return broken.length > 0 ? broken : undefined;
}

function brokenBy(
	{ when, allow = {}, without = [] }: Restriction,
	rules: ModelRules['fields'],
	fields: Readonly<Record<string, unknown>>,
): FieldName[] {
	const valueOf = (name: string) => {
		const rule = rules[name as FieldName];
		return fields[name] ?? (rule && 'default' in rule ? rule.default : undefined);
	};
	if (!Object.entries(when).every(([name, values]) => values.includes(valueOf(name) as FieldValue))) return [];
	const narrowed = Object.entries(allow).filter(
		([name, values]) => fields[name] !== undefined && !values.includes(fields[name] as string),
	);
	const forbidden = without.filter((name) => fields[name] !== undefined && fields[name] !== false);
	return [...narrowed.map(([name]) => name as FieldName), ...forbidden];
}

/** Combinations that are allowed though a restriction looks at them: a few of each. */
export function tightCombinations(row: Row): GoodCase[] {
	const tight = combinations(row).filter(
		({ fields, tied, broken }) => broken === undefined && Object.keys(fields).length === tied.length,
	);
	const perRestriction = new Map<string, GoodCase[]>();
	for (const { fields, tied } of tight.reverse()) {
		const known = perRestriction.get(tied.join()) ?? [];
		if (known.length < 2) perRestriction.set(tied.join(), [...known, good(row, show(fields), fields)]);
	}
	return [...perRestriction.values()].flat();
}

/**
 * Every two values of two fields: of long lists the ends and what matters, beside them one value that only other models
 * of the form take; no two free texts.
 */
export function pairs(row: Row): Case[] {
	const offers = [...fieldsOf(row.panel)].map(([field, rules]) => {
		const rule = row.rules.fields[field];
		const own = rule ? valuesOf(rule) : [];
		const foreign = rules.flatMap(valuesOf).filter((value) => !own.includes(value));
		return {
			field,
			values: [...thinned(own, tiedValues(row, field)), ...foreign.slice(0, 1)],
			isFree: !rules.some((other) => 'default' in other),
		};
	});
	return offers.flatMap((first, index) =>
		offers
			.slice(index + 1)
			.filter((second) => !(first.isFree && second.isFree))
			.flatMap((second) =>
				product([first.values, second.values]).map(([one, other]) => ({
					...good(row, '', { [first.field]: one, [second.field]: other }),
					what: `${nameOf(row)}: ${first.field} ${show(one)}, ${second.field} ${show(other)}`,
				})),
			),
	);
}

/** Values of the field that a restriction of the row names. */
const tiedValues = ({ rules }: Row, field: FieldName): FieldValue[] =>
	(rules.restrictions ?? []).flatMap(({ when, allow }) => [...(when[field] ?? []), ...(allow?.[field] ?? [])]);

/** Of a long list the ends and what must stay; every value is tried elsewhere. */
const thinned = (values: FieldValue[], keep: FieldValue[]): FieldValue[] =>
	values.length < 4
		? values
		: [...new Set([values[0], ...keep, values[values.length - 1]])].filter((value) => values.includes(value));

/** Adds what a value needs beside it, such as audio for a voice. */
function withCompanions(rules: ModelRules, fields: Record<string, unknown>): Record<string, unknown> {
	if (!brokenFields(rules, fields)) return fields;
	for (const { when } of rules.restrictions ?? [])
		for (const name of Object.keys(when) as FieldName[])
			for (const value of name in fields ? [] : valuesOf(rules.fields[name]!)) {
				const more = { ...fields, [name]: value };
				if (!brokenFields(rules, more)) return more;
			}
	throw new Error(`No companion makes ${show(fields)} allowed`);
}

/** Every list and switch as the panel starts it; those that need something beside them stay away. */
export function allDefaults(row: Row): GoodCase {
	const fields = Object.entries(row.rules.fields).flatMap(([name, rule]): Array<[string, FieldValue[]]> =>
		'default' in rule && rule.default !== undefined ? [[name, [rule.default]]] : [],
	);
	return good(row, 'all defaults', gather(row.rules, fields), { isFromPanel: true });
}

/** Every field with the last of its values that goes with the others. */
export function manyFields(row: Row): GoodCase {
	const fields = Object.entries(row.rules.fields).map(([name, rule]): [string, FieldValue[]] => [
		name,
		valuesOf(rule).reverse(),
	]);
	return good(row, 'as many fields as go together', gather(row.rules, fields));
}

function gather(rules: ModelRules, offers: Array<[string, FieldValue[]]>): Record<string, FieldValue> {
	const fields: Record<string, FieldValue> = {};
	for (const [name, values] of offers) {
		const value = values.find((candidate) => !brokenFields(rules, { ...fields, [name]: candidate }));
		if (value !== undefined) fields[name] = value;
	}
	return fields;
}

const product = <T>(lists: T[][]): T[][] =>
	lists.reduce<T[][]>((all, list) => all.flatMap((head) => list.map((value) => [...head, value])), [[]]);

function without(values: unknown[], taken: readonly unknown[]): unknown[] {
	const words = new Set(taken.map(String));
	return [...new Set(values)].filter((value) => value !== '' && !words.has(String(value).trim()));
}

function unique<W extends Case>(cases: W[]): W[] {
	const seen = new Map<string, W>();
	for (const testCase of cases) {
		const key = JSON.stringify([testCase.model, testCase.fields, testCase.media], (_, value: unknown) =>
			shorten(value),
		);
		if (!seen.has(key)) seen.set(key, testCase);
	}
	return [...seen.values()];
}

/** A value in few words. */
export const show = (value: unknown): string =>
	JSON.stringify(value, (_, inner: unknown) => shorten(inner)) ?? String(value);

const shorten = (value: unknown): unknown =>
	typeof value === 'string' && value.length > 100 ? `${value.slice(0, 20)}… (${value.length} characters)` : value;

import { setGlobalState } from 'n8n-workflow';
import type { INodeExecutionData } from 'n8n-workflow';

import { checkFields } from '../../lib/core/fields';
import { InvalidInput } from '../../lib/n8n/input/invalidInput';
import { itemParameters } from '../../lib/n8n/input/parameters';
import type { AskAbout } from '../../lib/n8n/input/slots/slot';
import { toWire } from '../../lib/providers/replies';
import { askNobody, readOrder, type ReadOrder } from '../readOrder';
import { startEmulator, type Emulator, type TaskRecord } from '../emulator';
import { runNode } from './harness';
import { isNarrower } from './sweep/differences';
import { EmulatorOracle, FURNISHED, ROOMY, STRICT } from './sweep/emulatorOracle';
import {
	contextFor,
	itemOf,
	keyOf,
	labelsOf,
	nodeParametersOf,
	parametersOf,
	type ParameterSource,
} from './sweep/parameters';
import { PANELS, ROWS, declarationOf, onWire, rowsOf, takesModel, wayOf, type Panel, type Row } from './sweep/rows';
import { COLUMNS, Tally } from './sweep/tally';
import {
	allDefaults,
	badModels,
	badCases,
	bigCase,
	customCase,
	goodCases,
	manyFields,
	pairs,
	show,
	tightCombinations,
	type BadCase,
	type GoodCase,
	type Case,
} from './sweep/cases';

/**
 * The catalogue against the emulator, which has its own tables: what a row allows is accepted, what lies beside it is
 * refused by the node before anything is sent. With a literal model n8n drops what the panel does not show for it, so
 * only a model given by an expression brings a field to a model that does not take it.
 */

const tally = new Tally();

/** In the order of COLUMNS. */
const WHEN_WRITTEN: Record<string, number[]> = {
	Vidu: [64, 4037, 1397, 275, 5929, 668, 11353],
	'Vidu at Zhipu': [6, 197, 64, 18, 412, 11, 238],
	'Vidu at Vtrix': [1, 75, 27, 6, 239, 4, 211],
	CogVideoX: [7, 269, 97, 21, 473, 30, 437],
};

/** A film is looked up for free before what is wanted of it is checked. */
const sent = () => emulator.journal.requests.filter(({ kind }) => kind !== 'ask');

let emulator: Emulator;
beforeAll(async () => {
	// n8n works out the local time for every expression, which is quicker in UTC
	setGlobalState({ defaultTimezone: 'UTC' });
	emulator = await startEmulator({ ...ROOMY, ...STRICT, ...FURNISHED, taskSeconds: 600 });
});
afterAll(async () => await emulator.stop());

const named = PANELS.map((panel) => [`${wayOf(panel)}, ${panel.endpoint}`, panel] as const);

describe.each(named.filter(([, panel]) => rowsOf(panel).length > 0))('%s', (_name, panel) => {
	const rows = rowsOf(panel);
	beforeAll(() => tally.add(wayOf(panel), 'rows', rows.length));

	test('every value that the catalogue allows is accepted, whatever expressions bring it', async () => {
		await accepts(panel, 'accepted', 'expressions', (row) => goodCases(row));
	});

	test('every value that the panel offers is accepted as picked', async () => {
		await accepts(panel, 'picked in the panel', 'literals', (row) =>
			goodCases(row).filter(({ isFromPanel }) => isFromPanel),
		);
	});

	test('every model makes its videos through the engine and over HTTP', async () => {
		const cases = rows.flatMap((row) => [allDefaults(row), manyFields(row), ...tightCombinations(row)]);
		// a run starts 9 requests a second, so several side by side
		const faults = await Promise.all([
			...chunks(cases, 10).map(async (some) => await make(panel, some, 'expressions')),
			...rows.map(async (row) => await make(panel, [manyFields(row)], 'literals')),
		]);
		tally.add(wayOf(panel), 'over HTTP', cases.length + rows.length);
		expectNone(faults.flat());
	});

	test('what another model left in the node is dropped by n8n or refused, never sent', async () => {
		const faults: string[] = [];
		for (const row of rows) {
			const oracle = new EmulatorOracle(panel.backend);
			const leftOver = badCases(row, labelsOf(panel)).filter((testCase) => testCase.isLeftOver);
			tally.add(wayOf(panel), 'left over', leftOver.length);
			for (const testCase of leftOver) {
				const job = await read(testCase, 'literals');
				if (typeof job === 'string') continue;
				const { isAccepted, said } = await oracle.order(job);
				if (!isAccepted) faults.push(`${testCase.what}: sent, and answered ${said}`);
			}
		}
		expectNone(faults);
	});

	test('the emulator agrees on every two values together', async () => {
		const faults: string[] = [];
		for (const row of rows) {
			const oracle = new EmulatorOracle(panel.backend);
			const cases = pairs(row);
			tally.add(wayOf(panel), 'pairs', cases.length);
			for (const testCase of cases) {
				const isOffered = 'fields' in checkFields(row.rules, row.model, testCase.fields);
				const { isAccepted, said } = await oracle.orderUnchecked(testCase);
				if (isOffered !== isAccepted && !(isAccepted && isNarrower(testCase)))
					faults.push(`${testCase.what}: the node ${isOffered ? 'offers' : 'refuses'} it, the emulator says ${said}`);
			}
		}
		expectNone(faults);
	});
});

describe.each(named)('%s', (_name, panel) => {
	const cases = [...rowsOf(panel).flatMap((row) => badCases(row, labelsOf(panel))), ...badModels(panel)];

	test('what lies beside the catalogue is refused by name, and no request is sent', async () => {
		const before = sent().length;
		const faults = await Promise.all(
			[...groupBy(cases, keyOf).values()].map(async (group) => {
				const items = await runEngine(panel, group, 'expressions').catch((cause: Error) => cause);
				if (items instanceof Error) return `${group[0].what} and ${group.length - 1} more: ${items.message}`;
				return group.flatMap((testCase, index) => notRefused(testCase, items[index], index));
			}),
		);
		tally.add(wayOf(panel), 'refused', cases.length);
		expectNone(faults.flat());
		expect(sent().length - before).toBe(0);
	});

	test('a model newer than the catalogue goes by its ID, with the open fields of the panel', async () => {
		if (!takesModel(panel)) return;
		const testCase = customCase(panel);
		expectNone([...(await make(panel, [testCase], 'expressions')), ...(await make(panel, [testCase], 'literals'))]);
	});

	test('the emulator would have refused it too', async () => {
		const oracle = new EmulatorOracle(panel.backend);
		const faults: string[] = [];
		for (const testCase of cases) {
			const { isAccepted } = await oracle.orderUnchecked(testCase);
			if (isAccepted && !isNarrower(testCase)) faults.push(`${testCase.what}: the emulator takes it`);
		}
		expectNone(faults);
	});
});

test('one item beside the catalogue keeps the whole batch from being bought', async () => {
	const row = ROWS.find(({ panel, model }) => panel.endpoint === 'textToVideo' && model === 'viduq2')!;
	const good = allDefaults(row);
	const bad = { ...good, fields: { ...good.fields, duration: 11 } };
	const before = emulator.journal.requests.length;
	const { error } = await runNode(emulator, {
		parameters: parametersOf(good, 'expressions'),
		items: [good, bad, good].map((testCase) => ({ json: itemOf(testCase) })),
	});
	expect(error?.message).toBe('Duration 11 Seconds is not offered by viduq2 [item 1]');
	expect(emulator.journal.requests.length - before).toBe(0);
});

test.each(ROWS.filter(isSized))(
	'a request to $model may be as large as the service takes, and no larger',
	async (row) => {
		const oracle = new EmulatorOracle(row.panel.backend);
		const { maxBodyBytes = 0 } = row.panel.backend.catalogue;
		const largest = await read(bigCase(row, maxBodyBytes - 1_000), 'expressions');
		if (typeof largest === 'string') throw new Error(largest);
		expect((await oracle.order(largest)).said).toContain('HTTP 200');
		expect(await read(bigCase(row, maxBodyBytes + 1_000), 'expressions')).toMatch(/^The request is/);
	},
);

test('the sweep is as wide as when it was written', () => {
	console.log(`Cases of the catalogue sweep\n${tally.toString()}`);
	for (const [way, counted] of Object.entries(WHEN_WRITTEN)) {
		const narrower = COLUMNS.filter((column, index) => tally.counts(way)[column] < counted[index]);
		expect([way, narrower]).toEqual([way, []]);
	}
});

function isSized({ panel, model }: Row): boolean {
	return (
		['viduq2', 'vidu20_img2video'].includes(model) && ['imageToVideo', 'referenceToVideo'].includes(panel.endpoint)
	);
}

async function accepts(
	panel: Panel,
	column: 'accepted' | 'picked in the panel',
	source: ParameterSource,
	casesOf: (row: Row) => GoodCase[],
): Promise<void> {
	const faults: string[] = [];
	for (const row of rowsOf(panel)) {
		const oracle = new EmulatorOracle(panel.backend);
		const cases = casesOf(row);
		tally.add(wayOf(panel), column, cases.length);
		for (const testCase of cases) {
			const job = await read(testCase, source);
			if (typeof job === 'string') {
				faults.push(`${testCase.what}: the node refuses it, ${job}`);
				continue;
			}
			const { isAccepted, said } = await oracle.order(job);
			if (!isAccepted) faults.push(`${testCase.what}: the emulator refuses it, ${said}`);
			const asked = onWire(panel, testCase.sent ?? testCase.fields);
			faults.push(...notSent(asked, job.fields, source).map((fault) => `${testCase.what}: ${fault}`));
			// with literals, and where no model decides what shows, the defaults of the panel travel too
			const unasked = Object.keys(job.fields).filter((name) => !(name in asked));
			if (source === 'expressions' && takesModel(panel) && unasked.length > 0)
				faults.push(`${testCase.what}: sends ${unasked.join()} too`);
		}
	}
	expectNone(faults);
}

/**
 * Asked fields that travel otherwise. With literals n8n drops a switch that the panel hides, which is the same as off.
 */
function notSent(
	asked: Record<string, unknown>,
	sent: Readonly<Record<string, unknown>>,
	source: ParameterSource,
): string[] {
	return Object.entries(asked)
		.filter(([name, value]) => !(source === 'literals' && value === false && sent[name] === undefined))
		.filter(([name, value]) => JSON.stringify(sent[name]) !== JSON.stringify(value))
		.map(([name, value]) => `${name} travels as ${show(sent[name])}, not as ${show(value)}`);
}

/** For what is about a film alone. */
const askFor = ({ backend }: Panel): AskAbout => {
	if (!backend.provider.films) return askNobody;
	films ??= new EmulatorOracle(backend);
	return films.ask;
};
let films: EmulatorOracle | undefined;

/** The checked job, or what the node says against it. */
async function read(testCase: Case, source: ParameterSource): Promise<ReadOrder | string> {
	try {
		const context = contextFor(nodeParametersOf(testCase, source), itemOf(testCase));
		const reading = { accountIdentity: 'sweep', region: 'global', ask: askFor(testCase.panel) };
		return await readOrder(context, itemParameters(context, 0), testCase.panel.backend, reading);
	} catch (cause) {
		if (cause instanceof InvalidInput) return cause.message;
		throw cause;
	}
}

/**
 * One run of the built node for cases of one panel.
 * @throws Error when the node broke, for which n8n would pass the items on as they came in
 */
async function runEngine(panel: Panel, cases: Case[], source: ParameterSource): Promise<INodeExecutionData[]> {
	const all: Case = {
		...cases[0],
		fields: Object.assign({}, ...cases.map(({ fields }) => fields)) as Case['fields'],
		media: Object.assign({}, ...cases.map(({ media }) => media)) as Case['media'],
	};
	const { items, data } = await runNode(emulator, {
		node: panel.node,
		parameters: parametersOf(all, source),
		items: cases.map((testCase) => ({ json: itemOf(testCase) })),
		onError: 'continueRegularOutput',
	});
	const { runData, error } = data.resultData;
	const broke = error ?? Object.values(runData).flatMap((runs) => runs.flatMap((run) => run.error ?? []))[0];
	if (broke) throw new Error(`the run broke with ${broke.message}`);
	return items;
}

/** @returns what the emulator made otherwise than asked */
async function make(panel: Panel, cases: GoodCase[], source: ParameterSource): Promise<string[]> {
	const items = await runEngine(panel, cases, source);
	return cases.flatMap((testCase, index) => {
		// facts come with an ID of their own in place of a task's, which the emulator keeps them by
		const { taskId, id, error } = items[index].json;
		const asked = toWire(onWire(panel, testCase.sent ?? testCase.fields));
		const [faults = [`there is no task, ${show(error)}`]] = tasksOf(panel, taskId ?? id, error)
			.map((task) => notSent(asked, { id: task.id, ...task.input }, source))
			.sort((one, other) => one.length - other.length);
		return faults.map((fault) => `${testCase.what}: ${fault}`);
	});
}

/** The one with this ID; where an answer of facts has none, as that of recommended prompts, all that the operation made. */
function tasksOf(panel: Panel, id: unknown, error: unknown): TaskRecord[] {
	const { path = '', makes } = declarationOf(panel);
	if (id !== undefined || makes !== 'facts') return [emulator.journal.task(String(id))].flatMap((task) => task ?? []);
	return error === undefined ? emulator.journal.tasks.filter(({ operation }) => path.endsWith(`/${operation}`)) : [];
}

function notRefused(testCase: BadCase, item: INodeExecutionData | undefined, index: number): string[] {
	const { error, details } = (item?.json ?? {}) as { error?: string; details?: Record<string, unknown> };
	if (typeof error !== 'string') return [`${testCase.what}: not refused, ${show(item?.json)}`];
	const isNamed = testCase.culprits.some((culprit) => error.includes(culprit));
	if (!isNamed || !error.endsWith(`[item ${index}]`))
		return [`${testCase.what}: "${error}" does not name ${testCase.culprits.join(' or ')} and the item`];
	const isPlain = details?.status === 'notStarted' && details.reason === 'invalidInput';
	return isPlain ? [] : [`${testCase.what}: details are ${show(details)}`];
}

function groupBy<T>(values: T[], keyFor: (value: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const value of values) groups.set(keyFor(value), [...(groups.get(keyFor(value)) ?? []), value]);
	return groups;
}

function chunks<T>(values: T[], size: number): T[][] {
	return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
		values.slice(index * size, (index + 1) * size),
	);
}

function expectNone(faults: string[]): void {
	const more = faults.length > 40 ? [`… and ${faults.length - 40} more`] : [];
	expect([...faults.slice(0, 40), ...more]).toEqual([]);
}

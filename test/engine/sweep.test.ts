import { setGlobalState } from 'n8n-workflow';
import type { INodeExecutionData } from 'n8n-workflow';

import type { Job } from '../../lib/core/types';
import { checkFields } from '../../lib/core/fields';
import { InvalidInput } from '../../lib/n8n/input/sources';
import { readJob } from '../../lib/n8n/input/job';
import { toWire } from '../../lib/providers/replies';
import { startEmulator, type Emulator } from '../emulator';
import { runNode } from './harness';
import { isNarrower } from './sweep/differences';
import { Judge, ROOMY, STRICT } from './sweep/emulatorOracle';
import { contextFor, itemOf, keyOf, labelsOf, nodeParametersOf, parametersOf, type Filling } from './sweep/parameters';
import { PANELS, ROWS, rowsOf, wayOf, type Panel, type Row } from './sweep/rows';
import { COLUMNS, Tally } from './sweep/tally';
import {
	allDefaults,
	badModels,
	badWishes,
	bigWish,
	customWish,
	goodWishes,
	manyFields,
	pairs,
	show,
	tightCombinations,
	type BadWish,
	type GoodWish,
	type Wish,
} from './sweep/cases';

/**
 * The catalogue against the emulator, which has its own tables: what a row allows is accepted, what lies beside it is
 * refused by the node before anything is sent. With a literal model n8n drops what the panel does not show for it, so
 * only a model given by an expression brings a field to a model that does not take it.
 */

const tally = new Tally();

/** In the order of COLUMNS. */
const WHEN_WRITTEN: Record<string, number[]> = {
	Vidu: [38, 2549, 1200, 192, 4518, 654, 10531],
	'Vidu at Zhipu': [6, 174, 64, 18, 393, 11, 238],
	'Vidu at Vtrix': [1, 63, 27, 6, 231, 4, 211],
	CogVideoX: [7, 231, 97, 21, 449, 30, 437],
};

let emulator: Emulator;
beforeAll(async () => {
	// n8n works out the local time for every expression, which is quicker in UTC
	setGlobalState({ defaultTimezone: 'UTC' });
	emulator = await startEmulator({ ...ROOMY, ...STRICT, taskSeconds: 600 });
});
afterAll(async () => await emulator.stop());

const named = PANELS.map((panel) => [`${wayOf(panel)}, ${panel.endpoint}`, panel] as const);

describe.each(named.filter(([, panel]) => rowsOf(panel).length > 0))('%s', (_name, panel) => {
	const rows = rowsOf(panel);
	beforeAll(() => tally.add(wayOf(panel), 'rows', rows.length));

	test('every value that the catalogue allows is accepted, whatever expressions bring it', async () => {
		await accepts(panel, 'accepted', 'expressions', (row) => goodWishes(row));
	});

	test('every value that the panel offers is accepted as picked', async () => {
		await accepts(panel, 'picked in the panel', 'literals', (row) =>
			goodWishes(row).filter(({ isFromPanel }) => isFromPanel),
		);
	});

	test('every model makes its videos through the engine and over HTTP', async () => {
		const wishes = rows.flatMap((row) => [allDefaults(row), manyFields(row), ...tightCombinations(row)]);
		// a run starts 9 requests a second, so several side by side
		const faults = await Promise.all([
			...chunks(wishes, 10).map(async (some) => await make(panel, some, 'expressions')),
			...rows.map(async (row) => await make(panel, [manyFields(row)], 'literals')),
		]);
		tally.add(wayOf(panel), 'over HTTP', wishes.length + rows.length);
		expectNone(faults.flat());
	});

	test('what another model left in the node is dropped by n8n or refused, never sent', async () => {
		const faults: string[] = [];
		for (const row of rows) {
			const judge = new Judge(panel.backend);
			const leftOver = badWishes(row, labelsOf(panel)).filter((wish) => wish.isLeftOver);
			tally.add(wayOf(panel), 'left over', leftOver.length);
			for (const wish of leftOver) {
				const job = await read(wish, 'literals');
				if (typeof job === 'string') continue;
				const { isAccepted, said } = await judge.order(job);
				if (!isAccepted) faults.push(`${wish.what}: sent, and answered ${said}`);
			}
		}
		expectNone(faults);
	});

	test('the emulator agrees on every two values together', async () => {
		const faults: string[] = [];
		for (const row of rows) {
			const judge = new Judge(panel.backend);
			const wishes = pairs(row);
			tally.add(wayOf(panel), 'pairs', wishes.length);
			for (const wish of wishes) {
				const isOffered = 'fields' in checkFields(row.rules, row.model, wish.fields);
				const { isAccepted, said } = await judge.orderUnchecked(wish);
				if (isOffered !== isAccepted && !(isAccepted && isNarrower(wish)))
					faults.push(`${wish.what}: the node ${isOffered ? 'offers' : 'refuses'} it, the emulator says ${said}`);
			}
		}
		expectNone(faults);
	});
});

describe.each(named)('%s', (_name, panel) => {
	const wishes = [...rowsOf(panel).flatMap((row) => badWishes(row, labelsOf(panel))), ...badModels(panel)];

	test('what lies beside the catalogue is refused by name, and no request is sent', async () => {
		const before = emulator.books.requests.length;
		const faults = await Promise.all(
			[...groupBy(wishes, keyOf).values()].map(async (group) => {
				const items = await runEngine(panel, group, 'expressions').catch((cause: Error) => cause);
				if (items instanceof Error) return `${group[0].what} and ${group.length - 1} more: ${items.message}`;
				return group.flatMap((wish, index) => notRefused(wish, items[index], index));
			}),
		);
		tally.add(wayOf(panel), 'refused', wishes.length);
		expectNone(faults.flat());
		expect(emulator.books.requests.length - before).toBe(0);
	});

	test('a model newer than the catalogue goes by its ID, with the open fields of the panel', async () => {
		const wish = customWish(panel);
		expectNone([...(await make(panel, [wish], 'expressions')), ...(await make(panel, [wish], 'literals'))]);
	});

	test('the emulator would have refused it too', async () => {
		const judge = new Judge(panel.backend);
		const faults: string[] = [];
		for (const wish of wishes) {
			const { isAccepted } = await judge.orderUnchecked(wish);
			if (isAccepted && !isNarrower(wish)) faults.push(`${wish.what}: the emulator takes it`);
		}
		expectNone(faults);
	});
});

test('one item beside the catalogue keeps the whole batch from being bought', async () => {
	const row = ROWS.find(({ panel, model }) => panel.endpoint === 'textToVideo' && model === 'viduq2')!;
	const good = allDefaults(row);
	const bad = { ...good, fields: { ...good.fields, duration: 11 } };
	const before = emulator.books.requests.length;
	const { error } = await runNode(emulator, {
		parameters: parametersOf(good, 'expressions'),
		items: [good, bad, good].map((wish) => ({ json: itemOf(wish) })),
	});
	expect(error?.message).toBe('Duration 11 Seconds is not offered by viduq2 [item 1]');
	expect(emulator.books.requests.length - before).toBe(0);
});

test.each(ROWS.filter(isSized))(
	'a request to $model may be as large as the service takes, and no larger',
	async (row) => {
		const judge = new Judge(row.panel.backend);
		const { maxBodyBytes = 0 } = row.panel.backend.catalogue;
		const largest = await read(bigWish(row, maxBodyBytes - 1_000), 'expressions');
		if (typeof largest === 'string') throw new Error(largest);
		expect((await judge.order(largest)).said).toContain('HTTP 200');
		expect(await read(bigWish(row, maxBodyBytes + 1_000), 'expressions')).toMatch(/^The request is/);
	},
);

test('the sweep is as wide as when it was written', () => {
	console.log(`Wishes of the catalogue sweep\n${tally.toString()}`);
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
	filling: Filling,
	wishesOf: (row: Row) => GoodWish[],
): Promise<void> {
	const faults: string[] = [];
	for (const row of rowsOf(panel)) {
		const judge = new Judge(panel.backend);
		const wishes = wishesOf(row);
		tally.add(wayOf(panel), column, wishes.length);
		for (const wish of wishes) {
			const job = await read(wish, filling);
			if (typeof job === 'string') {
				faults.push(`${wish.what}: the node refuses it, ${job}`);
				continue;
			}
			const { isAccepted, said } = await judge.order(job);
			if (!isAccepted) faults.push(`${wish.what}: the emulator refuses it, ${said}`);
			const asked = wish.sent ?? wish.fields;
			faults.push(...notSent(asked, job.fields, filling).map((fault) => `${wish.what}: ${fault}`));
			// with literals the defaults of the panel travel too
			const unasked = Object.keys(job.fields).filter((name) => !(name in asked));
			if (filling === 'expressions' && unasked.length > 0) faults.push(`${wish.what}: sends ${unasked.join()} too`);
		}
	}
	expectNone(faults);
}

/**
 * Asked fields that travel otherwise. With literals n8n drops a switch that the panel hides, which is the same as off.
 */
function notSent(asked: Record<string, unknown>, sent: Readonly<Record<string, unknown>>, filling: Filling): string[] {
	return Object.entries(asked)
		.filter(([name, value]) => !(filling === 'literals' && value === false && sent[name] === undefined))
		.filter(([name, value]) => JSON.stringify(sent[name]) !== JSON.stringify(value))
		.map(([name, value]) => `${name} travels as ${show(sent[name])}, not as ${show(value)}`);
}

/** The checked job, or what the node says against it. */
async function read(wish: Wish, filling: Filling): Promise<Job | string> {
	try {
		const context = contextFor(nodeParametersOf(wish, filling), itemOf(wish));
		return { ...(await readJob(context, wish.panel.backend, 'sweep', 0)), origin: 'sweep' };
	} catch (cause) {
		if (cause instanceof InvalidInput) return cause.message;
		throw cause;
	}
}

/**
 * One run of the built node for wishes of one panel.
 * @throws Error when the node broke, for which n8n would pass the items on as they came in
 */
async function runEngine(panel: Panel, wishes: Wish[], filling: Filling): Promise<INodeExecutionData[]> {
	const all: Wish = {
		...wishes[0],
		fields: Object.assign({}, ...wishes.map(({ fields }) => fields)) as Wish['fields'],
		media: Object.assign({}, ...wishes.map(({ media }) => media)) as Wish['media'],
	};
	const { items, data } = await runNode(emulator, {
		node: panel.node,
		parameters: parametersOf(all, filling),
		items: wishes.map((wish) => ({ json: itemOf(wish) })),
		onError: 'continueRegularOutput',
	});
	const { runData, error } = data.resultData;
	const broke = error ?? Object.values(runData).flatMap((runs) => runs.flatMap((run) => run.error ?? []))[0];
	if (broke) throw new Error(`the run broke with ${broke.message}`);
	return items;
}

/** @returns what the emulator made otherwise than asked */
async function make(panel: Panel, wishes: GoodWish[], filling: Filling): Promise<string[]> {
	const items = await runEngine(panel, wishes, filling);
	return wishes.flatMap((wish, index) => {
		const { taskId, error } = items[index].json;
		const task = emulator.books.task(String(taskId));
		const faults = task
			? notSent(toWire(wish.sent ?? wish.fields), task.wish, filling)
			: [`there is no task, ${show(error)}`];
		return faults.map((fault) => `${wish.what}: ${fault}`);
	});
}

function notRefused(wish: BadWish, item: INodeExecutionData | undefined, index: number): string[] {
	const { error, details } = (item?.json ?? {}) as { error?: string; details?: Record<string, unknown> };
	if (typeof error !== 'string') return [`${wish.what}: not refused, ${show(item?.json)}`];
	const isNamed = wish.culprits.some((culprit) => error.includes(culprit));
	if (!isNamed || !error.endsWith(`[item ${index}]`))
		return [`${wish.what}: "${error}" does not name ${wish.culprits.join(' or ')} and the item`];
	const isPlain = details?.status === 'notStarted' && details.reason === 'invalidInput';
	return isPlain ? [] : [`${wish.what}: details are ${show(details)}`];
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

import { inspect } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import { vidu } from '../../dist/lib/providers/vidu';
import { vtrix } from '../../dist/lib/providers/vtrix';
import { zhipu } from '../../dist/lib/providers/zhipu';
import type { Clock } from '../../lib/core/clock';
import { nameOfParameter } from '../../lib/n8n/labels';
import { ItemParameters } from '../../lib/n8n/input/parameters';
import { readTriggerSettings } from '../../lib/n8n/input/triggerSettings';
import type { Emulator } from '../emulator';
import './seenValues';
import { LITERAL, ODD, trialsOf, type Slot, type Trial } from './fuzz/trials';
import { FURNISHED } from '../videos';
import { credentialsFor, runNode, useEmulators, type RunResult } from './harness';

/**
 * Every parameter of every operation, with what expressions give when they go wrong, each value an item behind one that is
 * in order: it is understood, as a table says it may be, or refused by the name of its parameter before anything is sent
 * for it. Nothing that is refused leaves by the success output.
 */

/** The waits between two calls of a run are none of these tests' business. */
const FASTER = 100;
jest.mock('../../dist/lib/n8n/io/clock', () => {
	const actual = jest.requireActual<{ systemClock: Clock }>('../../dist/lib/n8n/io/clock');
	const startMs = Date.now();
	return {
		...actual,
		createRunClock: () => ({
			...actual.systemClock,
			nowMs: () => startMs + (Date.now() - startMs) * FASTER,
			sleep: async (ms: number, signal?: AbortSignal) => await actual.systemClock.sleep(ms / FASTER, signal),
		}),
	};
});

const open = useEmulators();
let emulator: Emulator;
/** Tasks that have failed: what is asked about them is answered, and nothing is there to fetch. */
const tasks: Record<string, string> = {};
/** Of these, an item that is understood is an order. */
const ORDERING = new Set(['video', 'film', 'image', 'audio']);
/** Stands in the orders on films, which are looked up with a key that is known, and refused all the same. */
const OF_A_FILM = 'ad_one_click_task_id';
const ON_FILMS: unknown[] = ['editPart', 'compose'];
/** As often as a request for an order was written, sent or not. */
let requests: unknown[] = [];

beforeAll(async () => {
	emulator = await open(FURNISHED);
	for (const [node, provider, operation] of [
		['vidu', 'vidu', 'textToVideo'],
		['vidu', 'zhipu', 'textToVideo'],
		['vidu', 'vtrix', 'imageToVideo'],
		['cogVideoX', 'zhipu', 'textToVideo'],
	] as const) {
		const image = { __rl: true, mode: 'url', value: 'https://shop.example.com/a.jpg' };
		const { items } = await runNode(emulator, {
			node,
			parameters: {
				...(node === 'vidu' ? { provider } : {}),
				...(operation === 'imageToVideo' ? { image } : {}),
				...{ operation, prompt: 'It turns', waitForCompletion: false },
			},
		});
		const taskId = String(items[0].json.taskId);
		emulator.control.failTask(taskId, 'InternalServiceFailure');
		tasks[`${node} ${provider}`] = taskId;
	}
	emulator.control.fault({ do: 'status', kind: 'submit', status: 401, contains: OF_A_FILM, times: 'always' });
	for (const provider of [vidu, zhipu, vtrix]) {
		const { submit } = provider;
		jest.spyOn(provider, 'submit').mockImplementation((order) => {
			const request = submit(order);
			requests.push(request);
			return request;
		});
	}
});
afterAll(() => jest.restoreAllMocks());

/** An item: which parameter gets which odd value; undefined is an item that is in order. */
type Given = { slot: Slot; odd: string } | undefined;

async function run(
	trial: Trial,
	slots: readonly Slot[],
	given: readonly Given[],
	isStopping = false,
): Promise<RunResult> {
	requests = [];
	const valueOf = (item: Given, slot: Slot): unknown => (item?.slot === slot ? ODD[item.odd] : slot.good?.value);
	return await runNode(emulator, {
		node: trial.node,
		parameters: slots.reduce(
			(parameters, slot, index) =>
				slot.set(parameters, slot.isLiteral ? valueOf(given[0], slot) : `={{ $json.value${index} }}`),
			trial.parameters,
		),
		items: given.map((item) => ({
			json: Object.fromEntries(slots.map((slot, index) => [`value${index}`, valueOf(item, slot)])) as IDataObject,
		})),
		onError: isStopping ? 'stopWorkflow' : 'continueErrorOutput',
		// a key that is refused ends a run with its first order
		...(ORDERING.has(trial.resource) && !ON_FILMS.includes(trial.parameters.operation)
			? { credentials: refusedKeys() }
			: {}),
	});
}

const refusedKeys = (): Record<string, IDataObject> =>
	Object.fromEntries(
		Object.entries(credentialsFor(emulator)).map(([name, { apiKey, ...rest }]) => [
			name,
			{ ...rest, apiKey: `${String(apiKey)}0` },
		]),
	);

const SLIPS = /TypeError|RangeError|Cannot (read|set|convert)|is not a function|is not iterable|\[object|internal/;
const NO_VALUE = /\[object|%5Bobject|"NaN"|"undefined"|"null"|=NaN|=undefined|Invalid Date/;

/** @returns what is wrong with how these values were taken, in words */
async function faultsOf(trial: Trial, slots: readonly Slot[], given: readonly Given[]): Promise<string[]> {
	const faults: string[] = [];
	const say = (item: Given, what: string, shown?: unknown): void => {
		const told = inspect(shown, { depth: 4, breakLength: Infinity, compact: true, maxStringLength: 200 });
		const which = item ? `${item.slot.path} = ${item.odd}` : slots.map(({ path }) => path).join();
		faults.push(`${trial.name}: ${which}: ${what} ${told.slice(0, 500)}`);
	};
	const isOnFilm = ON_FILMS.includes(trial.parameters.operation);
	const before = emulator.journal.requests.length;
	const { items: passed, failed, error } = await run(trial, slots, given);
	const sent = emulator.journal.requests.slice(before).filter(({ kind }) => !isOnFilm || kind !== 'ask');
	if (error) say(undefined, 'threw', error.message);
	const refused = new Set<number>();
	const heard = new Set<number>();
	for (const { json, pairedItem } of [...passed, ...failed]) {
		const index = (pairedItem as { item: number }).item;
		heard.add(index);
		const item = given[index];
		const { error: headline = '', details = {} } = json as { error?: string; details?: IDataObject };
		if ('value0' in json && headline === '') say(item, 'left as it came', json);
		if (SLIPS.test(`${headline} ${String(details.reason)} ${String(details.description)}`)) say(item, 'slipped', json);
		if (headline.length > 300) say(item, 'was told at length', headline.length);
		if (details.reason === 'invalidInput') {
			refused.add(index);
			if (!item) say(item, 'was refused', json);
			else if (!item.slot.label.test(`${headline} ${String(details.parameter)}`))
				say(item, 'was refused nameless', json);
		} else if (item && !mayBeUnderstood(item.slot, item.odd)) say(item, 'was understood', json);
	}
	for (const { json, pairedItem } of passed)
		if (refused.has((pairedItem as { item: number }).item)) say(undefined, 'left by the success output', json);
	// a list of tasks may be empty, and whoever waits for several is told of each once
	const isList = trial.resource === 'task' && !/ get$/.test(trial.name);
	if (!isList && heard.size !== given.length) say(undefined, 'items are missing', [...heard]);
	if (NO_VALUE.test(JSON.stringify([requests, sent.map(({ path, body }) => [path, body])])))
		say(undefined, 'no value went out', [requests, sent]);
	const understood = given.length - refused.size;
	if (ORDERING.has(trial.resource) && requests.length !== understood) say(undefined, 'was written', requests.length);
	if (understood === 0 && sent.length > 0) say(undefined, 'was sent', sent);
	return faults;
}

const mayBeUnderstood = ({ understood }: Slot, odd: string): boolean => odd === 'null' || understood.includes(odd);

/** Alone: nothing is sent, and Stop Workflow stops. */
async function faultsOfRefused(trial: Trial, slot: Slot): Promise<string[]> {
	const given = Object.keys(ODD)
		.filter((odd) => !mayBeUnderstood(slot, odd))
		.map((odd) => ({ slot, odd }));
	if (given.length === 0) return [];
	const faults = await faultsOf(trial, [slot], given);
	const before = emulator.journal.requests.length;
	// what holds for the run is read from the first item
	const { error, items } = await run(trial, [slot], [...(slot.isOfRun ? [] : [undefined]), given[0]], true);
	const orders = emulator.journal.requests.slice(before).filter(({ kind }) => kind === 'submit');
	if (!error || orders.length > 0 || items.length > 0)
		faults.push(`${trial.name}: ${slot.path}: Stop Workflow went on ${inspect([error?.message, orders.length])}`);
	return faults;
}

/** Options are tried several in a run, each item with one of them odd. */
const OPTIONS_AT_ONCE = 6;
function groupsOf(slots: readonly Slot[]): Slot[][] {
	const options = slots.filter(({ isOption }) => isOption);
	const groups = slots.filter(({ isOption, isLiteral }) => !isOption && !isLiteral).map((slot) => [slot]);
	for (let start = 0; start < options.length; start += OPTIONS_AT_ONCE)
		groups.push(options.slice(start, start + OPTIONS_AT_ONCE));
	return groups;
}

const NODE_TRIALS = ['vidu vidu', 'vidu zhipu', 'vidu vtrix', 'cogVideoX zhipu'];
test.each(NODE_TRIALS)(
	'%s: every parameter is understood, or refused by name before anything is sent',
	async (title) => {
		const trials = trialsOf(tasks).filter(({ node, provider }) => `${node} ${provider}` === title);
		const isFirstOf = (trial: Trial): boolean =>
			trials.find(({ slots }) => slots.some(({ isOfRun }) => isOfRun)) === trial;
		const faults: string[] = [];
		for (const trial of trials) {
			for (const slot of trial.slots.filter(({ isLiteral }) => isLiteral))
				for (const odd of LITERAL) faults.push(...(await faultsOf(trial, [slot], [{ slot, odd }])));
			for (const slots of groupsOf(trial.slots)) {
				const inOrder = slots.every(({ good }) => good) ? [undefined] : [];
				const odd = slots.flatMap((slot) => Object.keys(ODD).map((name) => ({ slot, odd: name })));
				faults.push(...(await faultsOf(trial, slots, [...inOrder, ...odd])));
			}
			// what holds for the run is read by one rule for all operations; of the others a few show it
			for (const [index, slot] of trial.slots.entries())
				if (!slot.isLiteral && (index % 8 === 0 || (slot.isOfRun && isFirstOf(trial))))
					faults.push(...(await faultsOfRefused(trial, slot)));
		}
		expect(faults).toEqual([]);
		expect(trials.length).toBeGreaterThan(3);
	},
);

const TRIGGER: Record<string, string[]> = {
	events: ['huge', 'negative', 'a long text', 'yesterday', 'FALSE'],
	readTask: ['FALSE'],
	downloadVideo: ['FALSE'],
	binaryPropertyName: ['huge', 'negative', 'a long text', 'yesterday', 'FALSE'],
	'options.replayWindowMinutes': ['huge'],
	'options.requireSignature': ['FALSE'],
	'options.simplify': ['FALSE'],
};
test.each(Object.entries(TRIGGER))('the trigger takes %s on the safe side, and says so', (path, understood) => {
	const [name, entry] = path.split('.');
	const safe = readTriggerSettings(new ItemParameters(0, () => undefined, {}), () => undefined);
	for (const [odd, value] of Object.entries(ODD)) {
		const given = entry === undefined ? value : { [entry]: value };
		const warnings: string[] = [];
		const settings = readTriggerSettings(
			new ItemParameters(0, (asked) => (asked.startsWith(name) ? given : undefined), {}),
			(message) => warnings.push(message),
		);
		if (['null', ...understood].includes(odd)) expect([odd, warnings]).toEqual([odd, []]);
		else {
			expect([odd, settings]).toEqual([odd, safe]);
			expect(warnings.join()).toContain(
				nameOfParameter(odd === 'a function' || odd === 'no date' ? name : (entry ?? name)),
			);
		}
	}
});

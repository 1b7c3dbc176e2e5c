import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ledger, type JobState } from '../../../../lib/core/batch/ledger';
import { readRecord, RECORD_VERSION } from '../../../../lib/core/batch/records';
import { VirtualWorld } from './virtual/world';

/** An execution that began under one version of the package and is tried again under another. */

/** Seven items of a run, as the package wrote them before there were versions: each in another state. */
const VERSION_0 = readFileSync(join(__dirname, '../../../fixtures/ledger/version-0.json'), 'utf8');
const recordsOfVersion0 = (): Record<string, Record<string, unknown>> =>
	JSON.parse(VERSION_0) as Record<string, Record<string, unknown>>;
const version0 = (itemIndex: number) => recordsOfVersion0()[`0:${itemIndex}`] ?? {};

const world = () => new VirtualWorld('vidu', { concurrency: 20 });
const job = (itemIndex: number) => {
	const found = world().work(itemIndex).job;
	if (!found) throw new Error('No job');
	return found;
};
const ID = '1992674944142140372';

describe('records without a version', () => {
	test('are read whole: a task, an end, a refusal, silence, a cancelled task, an order on its way, an earlier task', () => {
		const ledger = new Ledger(recordsOfVersion0(), 0, '1');
		expect(ledger.read(job(0))).toMatchObject({ state: 'submitted', taskId: ID, execution: '1', credits: 55 });
		expect(ledger.read(job(1))).toMatchObject({
			state: 'closed',
			taskId: '275120682974369969',
			diagnosis: {
				kind: 'content',
				summary: "The finished clip did not pass Vidu's content check",
				advice: 'Change Prompt or the pictures and run again. Vidu does not charge for this.',
				code: 'CreationPolicyViolation',
			},
		});
		expect(ledger.read(job(2))).toMatchObject({ state: 'closed', diagnosis: { httpStatus: 400, isOwnWords: true } });
		expect(ledger.read(job(3))).toMatchObject({ state: 'unknown' });
		expect(ledger.read(job(4))).toMatchObject({ state: 'closed', canceledIn: '1' });
		expect(ledger.read(job(5))).toMatchObject({ state: 'submitting' });
		expect(ledger.read(job(6))).toBeUndefined();
		expect(ledger.taskIdsOf(6)).toEqual(['709908136537129650']);
		expect(ledger.recall(0, job(0).origin)?.model).toBe('viduq3-turbo');
	});

	test('with the names of diagnoses that came later are read too', () => {
		const { diagnosis, ...others } = version0(1);
		const { said, hint, ...rest } = diagnosis as Record<string, unknown>;
		const record = { ...others, diagnosis: { ...rest, summary: said, advice: hint } };
		expect(readRecord(record)).toEqual(readRecord(version0(1)));
	});

	test('lead a later try: nothing is bought twice, nothing is asked for that has ended', async () => {
		const vidu = world();
		const warnings: string[] = [];
		const works = vidu.works(6);
		const { outcomes } = await vidu.run(works, {
			entries: recordsOfVersion0(),
			maxWaitMs: 60_000,
			warn: (message) => warnings.push(message),
		});
		expect(vidu.counts.submits).toBe(0);
		expect(outcomes.map(({ failure, taskId }) => [failure?.kind, taskId])).toEqual([
			// the emulator of this test does not know the task
			['lostTask', ID],
			['endedEmpty', '275120682974369969'],
			['refused', undefined],
			['outcomeUnknown', undefined],
			['canceled', '4325770266034863360'],
			['outcomeUnknown', undefined],
		]);
		expect(warnings).toEqual([]);
	});
});

test('what is written says its version, and is read again', () => {
	const entries: Record<string, unknown> = {};
	const state: JobState = { state: 'submitted', atMs: 1, taskId: ID, execution: '1' };
	new Ledger(entries, 0, '1').write(job(0), state);
	expect(entries['0:0']).toMatchObject({ version: RECORD_VERSION, ...state });
	expect(new Ledger(JSON.parse(JSON.stringify(entries)) as typeof entries, 0, '1').read(job(0))).toMatchObject(state);
});

test.each([
	...['permanent', 'transient', 'auth', 'balance', 'content'].map((kind) => ({ kind })),
	...['concurrency', 'rate', 'model'].map((busy) => ({ kind: 'transient', busy })),
])('a reason is read as it was written: %j', (fields) => {
	const diagnosis = { ...fields, summary: 'no', advice: '' };
	const written = { ...version0(1), version: RECORD_VERSION, diagnosis };
	expect(readRecord(written)).toMatchObject({ kind: 'entry', entry: { diagnosis } });
});

test.each<[string, unknown, string]>([
	['of the next version', { version: 2 }, 'it is of version 2, this one knows 1'],
	['with an end but no reason', { ...version0(1), diagnosis: undefined }, 'it is broken at "diagnosis"'],
	[
		'whose job has no time',
		{ ...version0(0), wish: { ...(version0(0).wish as object), typicalSeconds: 0 } },
		'it is broken at "wish.typicalSeconds"',
	],
	[
		'of this version with the names of an earlier one',
		{ ...version0(1), version: RECORD_VERSION },
		'it is broken at "diagnosis.summary"',
	],
	['that is a text', 'submitted', 'it is broken at "state"'],
])('a record %s says where it cannot be read', (_name, record, why) => {
	expect(readRecord(record)).toMatchObject({ kind: 'unreadable', why });
});

test.each([
	[{ credits: 55 }, { credits: 55 }],
	[{ cost: { amount: '1.00', currency: 'CNY' } }, { cost: { amount: '1.00', currency: 'CNY' } }],
	['55', undefined],
])('a price is read where it is one, and never stands in the way of its task: %j', (price, read) => {
	const written = { ...version0(0), wish: { ...(version0(0).wish as object), price } };
	const found = readRecord(written);
	expect(found?.kind === 'entry' && found.entry.wish.price).toEqual(read);
});

test('of a record that names no task, nothing is made up', () => {
	const ledger = new Ledger({ '0:0': { version: 2 } }, 0, '1');
	expect(ledger.read(job(0))).toStrictEqual({ state: 'unreadable' });
});

const wish = version0(0).wish;
const UNREADABLE: Array<[string, unknown, string | undefined]> = [
	['of the next version', { ...version0(0), version: RECORD_VERSION + 1 }, ID],
	['of a version that is no number', { ...version0(0), version: 'one' }, ID],
	['of a shape to come', { version: 2, place: 0, tasks: [ID] }, undefined],
	['with a state to come', { ...version0(0), state: 'reserved' }, ID],
	['without its task', { ...version0(0), taskId: undefined }, undefined],
	['with a number for its task', { ...version0(0), taskId: 1.9926749441421404e18 }, undefined],
	['without its job', { ...version0(0), wish: undefined }, ID],
	['whose job has no time', { ...version0(0), wish: { ...(wish as object), typicalSeconds: null } }, ID],
	['with an end but no reason', { ...version0(1), diagnosis: undefined }, '275120682974369969'],
	[
		'with a reason of a kind to come',
		{ ...version0(1), diagnosis: { kind: 'quota', summary: '', advice: '' } },
		'275120682974369969',
	],
	['that is null', null, undefined],
	['that is a text', 'submitted', undefined],
	['that is a list', [ID], undefined],
	['that is empty', {}, undefined],
];

describe.each(UNREADABLE)('a record %s', (_name, record, taskId) => {
	test('is not bought again, names its task, is left alone and logged once', async () => {
		const vidu = world();
		const entries = { '0:0': record };
		const before = JSON.stringify(entries);
		const warnings: string[] = [];
		const { outcomes } = await vidu.run(vidu.works(2), { entries, warn: (message) => warnings.push(message) });
		expect(outcomes[0]).toMatchObject({ failure: { kind: 'outcomeUnknown' } });
		expect(outcomes[0]?.taskId).toBe(taskId);
		if (taskId !== undefined) expect(outcomes[0]?.failure?.description).toContain(taskId);
		// the others are made
		expect(outcomes[1]?.report?.state).toBe('succeeded');
		expect(vidu.counts.submits).toBe(1);
		expect(JSON.stringify({ '0:0': entries['0:0'] })).toBe(before);
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toMatch(
			/^What an earlier try noted for item 0 cannot be read, .*: it is (of version|broken at)/,
		);
	});

	test('is no item to order, and is never overwritten', () => {
		const entries: Record<string, unknown> = { '0:0': record };
		const ledger = new Ledger(entries, 0, '1');
		expect(ledger.isOpen(0)).toBe(false);
		expect(ledger.recall(0, job(0).origin)).toBeUndefined();
		expect(ledger.taskIdsOf(0)).toEqual(taskId === undefined ? [] : [taskId]);
		ledger.write(job(0), { state: 'submitting', atMs: 1 });
		ledger.forget(job(0));
		expect(entries['0:0']).toBe(record);
	});
});

test('of a record that cannot be read, earlier tasks are told too', () => {
	const record = { ...version0(0), version: 9, earlierTaskIds: ['1', 2, '', '3'] };
	const ledger = new Ledger({ '0:0': record }, 0, '1');
	expect(ledger.taskIdsOf(0)).toEqual([ID, '3', '1']);
	expect(ledger.earlierTaskIds(job(0))).toEqual(['1', '3']);
});

test('an item with a record that cannot be read counts for Max Videos', async () => {
	const vidu = world();
	await vidu.run(vidu.works(4), { entries: { '0:0': { version: 2 } }, maxVideos: 2 });
	expect(vidu.counts.created).toBe(1);
});

test('what cannot be read is left alone, whatever happens to its item', () => {
	const entries: Record<string, unknown> = { '0:0': { version: RECORD_VERSION + 1, taskId: ID } };
	const before = structuredClone(entries);
	const ledger = new Ledger(entries, 0, '1');
	ledger.write(job(0), { state: 'submitting', atMs: 1 });
	ledger.forget(job(0));
	expect(entries).toEqual(before);
});

test.each([
	['an end that is none', { state: 'processing', providerState: 'x' }],
	['a success in no words', { state: 'succeeded' }],
])('a record whose result is %s is not read', (_name, result) => {
	expect(readRecord({ ...version0(0), result })).toMatchObject({
		kind: 'unreadable',
		why: expect.stringContaining('result') as string,
	});
});

test('a result is read as it was written', () => {
	const result = { state: 'succeeded', providerState: 'success', credits: 5 };
	expect(readRecord({ ...version0(0), result })).toMatchObject({ kind: 'entry', entry: { result } });
});

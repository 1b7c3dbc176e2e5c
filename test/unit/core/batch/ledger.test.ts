import { Ledger, type JobState, type LedgerEntry } from '../../../../lib/core/batch/ledger';
import type { Job } from '../../../../lib/core/job';
import type { Diagnosis } from '../../../../lib/core/provider';

const job = (itemIndex: number, fingerprint = 'a', origin = `o ${fingerprint}`): Job => ({
	itemIndex,
	operation: 'textToVideo',
	model: 'm',
	typicalSeconds: 60,
	fingerprint,
	origin,
});
const ID = '876543210123456789';
const task: JobState = { state: 'submitted', atMs: 1, taskId: ID, execution: '1' };

/** A ledger with one task in the place of item 0. */
function withTask(): { ledger: Ledger; entries: Record<string, LedgerEntry> } {
	const entries: Record<string, LedgerEntry> = {};
	const ledger = new Ledger(entries, 0, '1');
	ledger.write(job(0), task);
	return { ledger, entries };
}

test('what was written is read again, through a database too', () => {
	const { entries } = withTask();
	const reloaded = JSON.parse(JSON.stringify(entries)) as typeof entries;
	expect(new Ledger(reloaded, 0, '2').read(job(0))).toMatchObject(task);
});

test('an entry holds what a later try needs, and nothing that is absent', () => {
	const { entries } = withTask();
	const wish = { fingerprint: 'a', origin: 'o a', operation: 'textToVideo', typicalSeconds: 60 };
	expect(entries['0:0']).toStrictEqual({ version: 1, ...task, wish: { ...wish, model: 'm' } });
	const { model: _, ...withoutModel } = job(0);
	new Ledger(entries, 0, '1').write({ ...withoutModel, isOffPeak: true, orderKey: 'mug' }, task);
	expect(entries['0:0']).toStrictEqual({ version: 1, ...task, wish: { ...wish, isOffPeak: true, orderKey: 'mug' } });
	const price = { credits: 55 };
	new Ledger(entries, 0, '1').write({ ...job(0), price }, task);
	expect(entries['0:0']).toStrictEqual({ version: 1, ...task, wish: { ...wish, model: 'm', price } });
});

test('where a later try asks for the task is held too', () => {
	const entries: Record<string, LedgerEntry> = {};
	new Ledger(entries, 0, '1').write({ ...job(0), queryPath: '/tasks/' }, task);
	expect(new Ledger(entries, 0, '1').recall(0, 'o a')?.queryPath).toBe('/tasks/');
});

describe('a call that a model repeats', () => {
	const earlier = (entries: Record<string, LedgerEntry>) => new Ledger(entries, 0, '1');
	const call = (entries: Record<string, LedgerEntry>, runIndex = 1, execution = '1') =>
		new Ledger(entries, runIndex, execution);

	test('stands for what an earlier one ordered for the same request', () => {
		const { entries } = withTask();
		const next = call(entries);
		next.adopt(job(7, 'a', 'another call'));
		expect(next.read(job(7, 'a', 'another call'))).toMatchObject(task);
		expect(next.taskIdsOf(7)).toEqual([ID]);
	});

	test('is an order of its own where it asks for something else', () => {
		const { entries } = withTask();
		const next = call(entries);
		next.adopt(job(0, 'b'));
		expect(next.read(job(0, 'b'))).toBeUndefined();
		next.write(job(0, 'b'), { ...task, taskId: '2' });
		expect(Object.keys(entries)).toEqual(['0:0', '1:0']);
	});

	test('keeps what is held in its own place', () => {
		const { entries } = withTask();
		const next = call(entries);
		next.write(job(0), { ...task, taskId: '7' });
		next.adopt(job(0));
		expect(next.read(job(0))).toMatchObject({ taskId: '7' });
	});

	test('leaves items of one call that read alike their own orders', () => {
		const { ledger, entries } = withTask();
		ledger.adopt(job(1));
		expect(ledger.read(job(1))).toBeUndefined();
		ledger.write(job(1), { ...task, taskId: '2' });
		const next = call(entries);
		const found = [0, 1, 2].map((itemIndex) => {
			next.adopt(job(itemIndex));
			return next.taskIdsOf(itemIndex);
		});
		expect(found).toEqual([[ID], ['2'], []]);
	});

	test('frees for all calls what ended for a passing reason', () => {
		const { entries } = withTask();
		for (const runIndex of [1, 2]) call(entries, runIndex).adopt(job(0));
		const last = call(entries, 3);
		last.adopt(job(0));
		last.rememberEnd(job(0), ID, undefined, 2);
		const next = call(entries, 4);
		next.adopt(job(0));
		expect(next.read(job(0))).toBeUndefined();
		expect(entries).toEqual({});
	});

	test('finds the task before an order of which nobody knows the end, and that one where there is no other', () => {
		const { entries } = withTask();
		const withoutEnd = { ...entries['0:0'], state: 'submitting' };
		const both = { '0:5': withoutEnd, '0:0': entries['0:0'] } as Record<string, LedgerEntry>;
		const next = call(both);
		next.adopt(job(0));
		next.adopt(job(1));
		expect([next.read(job(0)), next.read(job(1))]).toMatchObject([task, { state: 'submitting' }]);
	});

	test.each<[string, JobState]>([
		['may be ordered again', { state: 'free' }],
		[
			'was cancelled in an earlier execution',
			{
				state: 'closed',
				atMs: 1,
				taskId: '1',
				diagnosis: { kind: 'permanent', summary: 'x', advice: '' },
				canceledIn: '0',
			},
		],
	])('is not led to what %s, and finds what stands behind it', (_name, state) => {
		const { entries } = withTask();
		const task0 = entries['0:0'];
		earlier(entries).write(job(0), state);
		const next = call(entries);
		next.adopt(job(7));
		expect(next.read(job(7))).toBeUndefined();
		Object.assign(entries, { '0:1': task0 });
		next.adopt(job(7));
		expect(next.read(job(7))).toMatchObject(task);
	});

	test('passes over what cannot be read', () => {
		const { entries } = withTask();
		const { '0:0': task0 } = entries;
		Object.assign(entries, { '0:0': { version: 99 }, '0:1': undefined, '0:2': task0 });
		const next = call(entries);
		next.adopt(job(7));
		expect(next.read(job(7))).toMatchObject(task);
	});
});

test.each([
	['another item', 0, job(1)],
	['another wish or credential', 0, job(0, 'b')],
	['another round of a loop', 1, job(0)],
])('%s is not the same', (_name, runIndex, other) => {
	const { entries } = withTask();
	expect(new Ledger(entries, runIndex, '1').read(other)).toBeUndefined();
});

test.each([
	['an expression that reads differently: the same item and the node as it was written', job(0, 'b', 'o a')],
	['an edit that leaves the request as it was', job(0, 'a', 'o b')],
])('%s is the same wish', (_name, same) => {
	const { ledger } = withTask();
	expect(ledger.read(same)).toMatchObject(task);
	expect(ledger.earlierTaskIds(same)).toEqual([]);
});

describe('what an earlier try ordered', () => {
	test('is taken up without reading the item again', () => {
		const { ledger } = withTask();
		expect(ledger.recall(0, 'o a')).toEqual(job(0));
		expect(ledger.read(ledger.recall(0, 'o a')!)).toMatchObject(task);
	});

	test('waits as long as an off-peak task may take, if it is one', () => {
		const ledger = new Ledger({}, 0, '1');
		ledger.write({ ...job(0), isOffPeak: true }, task);
		expect(ledger.recall(0, 'o a')?.isOffPeak).toBe(true);
	});

	test.each([
		['an item or node that was changed', 0, 'o b'],
		['another item', 1, 'o a'],
	])('is not taken up for %s', (_name, itemIndex, origin) => {
		expect(withTask().ledger.recall(itemIndex, origin)).toBeUndefined();
	});

	test('is not taken up once it may be ordered again', () => {
		const { ledger } = withTask();
		ledger.forget(job(0));
		expect(ledger.recall(0, 'o a')).toBeUndefined();
		expect(ledger.taskIdsOf(0)).toEqual([]);
	});
});

describe('a task that ended without a video', () => {
	const why = (kind: Diagnosis['kind']): Diagnosis => ({ kind, summary: 'no', advice: '' });

	test.each(['permanent', 'auth', 'balance', 'content'] as const)('is remembered if the reason is %s', (kind) => {
		const { ledger, entries } = withTask();
		ledger.rememberEnd(job(0), ID, why(kind), 5);
		expect(entries['0:0']).toMatchObject({ state: 'closed', atMs: 5, taskId: ID, diagnosis: why(kind) });
		expect(entries['0:0']).not.toHaveProperty('canceledIn');
		expect(ledger.read(job(0))).toMatchObject({ state: 'closed', diagnosis: why(kind) });
	});

	test.each([
		['the reason passes', why('transient')],
		['there is none', undefined],
	])('may be ordered again if %s', (_name, diagnosis) => {
		const { ledger, entries } = withTask();
		ledger.rememberEnd(job(0), ID, diagnosis, 5);
		expect(entries).toEqual({});
	});

	test.each([
		['in the words of the service', why('content'), why('content')],
		['in our own', undefined, { kind: 'permanent', summary: 'The task was cancelled', advice: '' }],
	])('because it was cancelled is remembered for this execution, %s', (_name, said, diagnosis) => {
		const { ledger, entries } = withTask();
		ledger.rememberCanceled(job(0), ID, said, 5);
		expect(entries['0:0']).toMatchObject({ state: 'closed', atMs: 5, taskId: ID, diagnosis, canceledIn: '1' });
		expect(ledger.read(job(0))).toMatchObject({ diagnosis });
		expect(new Ledger(entries, 0, '2').read(job(0))).toBeUndefined();
	});
});

describe('a refused order', () => {
	const diagnosis = { kind: 'permanent', summary: 'no', advice: '' } as const;

	test('is remembered, whatever an expression reads', () => {
		const ledger = new Ledger({}, 0, '1');
		ledger.write(job(0), { state: 'closed', atMs: 1, diagnosis });
		expect(ledger.read(job(0))).toMatchObject({ state: 'closed' });
		expect(ledger.read(job(0, 'b', 'o a'))).toMatchObject({ state: 'closed' });
		expect(ledger.read(job(0, 'b', 'o b'))).toBeUndefined();
		expect(ledger.isOpen(0)).toBe(false);
	});

	test('or a cancelled task holds for the tries of its execution, and no longer', () => {
		const entries: Record<string, LedgerEntry> = {};
		const ledger = new Ledger(entries, 0, '1');
		ledger.write(job(0), { state: 'closed', atMs: 1, taskId: ID, diagnosis, canceledIn: '1' });
		expect(ledger.read(job(0))).toMatchObject({ taskId: ID });
		expect(ledger.recall(0, 'o a')).toBeDefined();
		const later = new Ledger(entries, 0, '2');
		expect(later.read(job(0))).toBeUndefined();
		expect(later.recall(0, 'o a')).toBeUndefined();
		expect(ledger.isOpen(0)).toBe(true);
	});

	test('of a task that ended for good is remembered however the request reads', () => {
		const ledger = new Ledger({}, 0, '1');
		ledger.write(job(0), { state: 'closed', atMs: 1, taskId: ID, diagnosis });
		expect(ledger.read(job(0, 'b', 'o a'))).toMatchObject({ taskId: ID });
		expect(ledger.recall(0, 'o a')).toBeDefined();
	});
});

test('an item is open for another order unless something is under way for it or has ended it for good', () => {
	const { ledger } = withTask();
	expect(ledger.isOpen(0)).toBe(false);
	expect(ledger.isOpen(1)).toBe(true);
	ledger.forget(job(0));
	expect(ledger.isOpen(0)).toBe(true);
});

describe('a changed wish', () => {
	test('knows the task ordered in its place before, and still does after its own order', () => {
		const { ledger } = withTask();
		const changed = job(0, 'b');
		expect(ledger.earlierTaskIds(changed)).toEqual([ID]);
		ledger.write(changed, { state: 'submitting', atMs: 2 });
		ledger.write(changed, { ...task, taskId: '2' });
		expect(ledger.earlierTaskIds(changed)).toEqual([ID]);
		expect(ledger.taskIdsOf(0)).toEqual(['2', ID]);
	});

	test('knows it though its own order was refused', () => {
		const { ledger } = withTask();
		const changed = job(0, 'b');
		ledger.write(changed, { state: 'submitting', atMs: 2 });
		ledger.forget(changed);
		expect(ledger.read(changed)).toBeUndefined();
		expect(ledger.recall(0, changed.origin)).toBeUndefined();
		expect(ledger.earlierTaskIds(changed)).toEqual([ID]);
		expect(ledger.isOpen(0)).toBe(true);
	});
});

describe('an order key', () => {
	const diagnosis: Diagnosis = { kind: 'permanent', summary: 'no', advice: '' };

	test.each<[string, JobState, string | undefined]>([
		['that has a task', task, 'mug'],
		['that is on its way', { state: 'submitting', atMs: 1 }, 'mug'],
		['without a clear answer', { state: 'unknown', atMs: 1 }, 'mug'],
		['whose task ended', { state: 'closed', atMs: 1, taskId: ID, diagnosis }, 'mug'],
		['that was refused', { state: 'closed', atMs: 1, diagnosis }, undefined],
		['whose task was cancelled', { state: 'closed', atMs: 1, taskId: ID, diagnosis, canceledIn: '1' }, undefined],
		['that may go again', { state: 'free' }, undefined],
	])('of an order %s', (_name, state, key) => {
		const ledger = new Ledger({}, 0, '1');
		ledger.write({ ...job(0), orderKey: 'mug' }, state);
		expect(ledger.orderKeyOf(0)).toBe(key);
		expect(ledger.orderKeyOf(1)).toBeUndefined();
	});
});

test('one job is forgotten, the others stay', () => {
	const entries: Record<string, LedgerEntry> = {};
	const ledger = new Ledger(entries, 0, '1');
	ledger.write(job(0), task);
	ledger.write(job(1), task);
	for (const forgotten of [job(0), job(0), job(2)]) ledger.forget(forgotten);
	expect(Object.keys(entries)).toEqual(['0:1']);
	expect(ledger.taskIdsOf(0)).toEqual([]);
	expect(ledger.taskIdsOf(1)).toEqual([ID]);
});

test('a delivered round is forgotten without the others', () => {
	const entries: Record<string, LedgerEntry> = {};
	for (const runIndex of [1, 2, 12, 21]) new Ledger(entries, runIndex, '1').write(job(0), task);
	new Ledger(entries, 2, '1').forgetRun();
	expect(Object.keys(entries).map((key) => key.split(':')[0])).toEqual(['1', '12', '21']);
});

describe('calls of a model at the same time', () => {
	const call = (entries: Record<string, LedgerEntry>, runIndex: number) => new Ledger(entries, runIndex, '1');

	test('wait for the one that orders the same, from before it leaves until its task is known', () => {
		const entries: Record<string, LedgerEntry> = {};
		const [first, second] = [0, 1].map((runIndex) => call(entries, runIndex));
		expect([first.adopt(job(0)), second.adopt(job(0))]).toEqual([true, false]);
		first.write(job(0), { state: 'submitting', atMs: 1 });
		expect(second.adopt(job(0))).toBe(false);
		// busy: it is tried again
		first.forget(job(0));
		expect(second.adopt(job(0))).toBe(false);
		first.write(job(0), task);
		expect(second.adopt(job(0))).toBe(true);
		expect(second.read(job(0))).toMatchObject(task);
	});

	test('do not wait for one that is over, for another wish, nor for a dry run', () => {
		const entries: Record<string, LedgerEntry> = {};
		const [first, second, third] = [0, 1, 2].map((runIndex) => call(entries, runIndex));
		first.adopt(job(0, 'plan'), false);
		first.adopt(job(1, 'a'));
		expect([second.adopt(job(0, 'plan')), third.adopt(job(0, 'b'))]).toEqual([true, true]);
		const fourth = call(entries, 3);
		expect(fourth.adopt(job(0, 'a'))).toBe(false);
		first.letGo();
		expect(fourth.adopt(job(0, 'a'))).toBe(true);
		expect(call({}, 4).adopt(job(0, 'a'))).toBe(true);
	});

	test('never wait for each other', () => {
		const entries: Record<string, LedgerEntry> = {};
		const [first, second] = [0, 1].map((runIndex) => call(entries, runIndex));
		first.adopt(job(0, 'a'));
		second.adopt(job(0, 'b'));
		expect([first.adopt(job(1, 'b')), second.adopt(job(1, 'a'))]).toEqual([true, true]);
	});

	test('leave items of one call that read alike their own orders', () => {
		const first = call({}, 0);
		expect([first.adopt(job(0)), first.adopt(job(1))]).toEqual([true, true]);
	});
});

test('an item that has a record of its own waits for no other call', () => {
	const { ledger, entries } = withTask();
	const other = new Ledger(entries, 1, '1');
	other.write(job(5, 'b'), task);
	other.adopt(job(6, 'c'));
	expect(ledger.adopt(job(0, 'c'))).toBe(true);
	expect(new Ledger(entries, 2, '1').adopt(job(0, 'c'))).toBe(false);
	other.letGo();
	expect(new Ledger(entries, 2, '1').adopt(job(0, 'c'))).toBe(true);
});

test.each<[string, JobState]>([
	['a task under way', task],
	['an order without an answer', { state: 'submitting', atMs: 1 }],
	['a refusal for good', { state: 'closed', atMs: 1, diagnosis: { kind: 'content', summary: 'No', advice: '' } }],
])('a later execution would not order an item with %s', (_name, state) => {
	const ledger = new Ledger({}, 0, '1');
	ledger.write(job(0), state);
	expect([ledger.isOpen(0), ledger.isOpen(1)]).toEqual([false, true]);
});

import { backoffMs, usualPauseMs } from '../../../../lib/core/account/schedule';
import { newTask, taskOf } from '../../../../lib/core/batch/entry';
import type { BatchParts } from '../../../../lib/core/batch/parts';
import {
	canceled,
	endedEmpty,
	internalFault,
	notStarted,
	outcomeUnknown,
	refused,
	turnedAway,
	unreachable,
} from '../../../../lib/core/failure';
import { NoReply } from '../../../../lib/core/http';
import type { Job } from '../../../../lib/core/job';
import type { Diagnosis, StatusAnswer, SubmittedTask, TaskReport } from '../../../../lib/core/provider';
import { vidu } from '../../../../lib/providers/vidu';

import { ID, MAX_WAIT_MS, NOW_MS, URL, job, opened, report, silence, submitted, why, type Changes } from './oneItem';

/** What each answer to an order and to a question changes: in the ledger, the keys, the gate, the account, and the entry. */

const TAKEN = ['keys.take', job];
const LEFT = ['ledger.write', job, { state: 'submitting', atMs: NOW_MS }];
const GIVEN_BACK = ['keys.giveBack', job];
const FORGOTTEN = ['ledger.forget', job];
const REACHED = ['gate.noteReachable'];

describe('an order', () => {
	test('is out of the line while it is on its way, and holds its place until what follows is done', async () => {
		const { course, add, line, lane, roster, woken, wakeUps } = opened();
		const entry = add(job, 0);
		const first = line.first(NOW_MS);
		if (first) course.startSubmission(first);
		expect([line.length, lane.submitting, roster.submitting.size, wakeUps()]).toEqual([0, 1, 1, 0]);
		expect(entry.state).toMatchObject({ kind: 'submitting', isOnTheWay: false });
		await woken();
		expect([line.length, lane.submitting, roster.submitting.size, wakeUps()]).toEqual([0, 0, 0, 1]);
	});

	test('is on the way from the moment it leaves until its answer is there', async () => {
		const seen: unknown[] = [];
		const see = (): void => void seen.push({ ...entry.state });
		const { add, order } = opened({
			answer: () => (see(), { kind: 'accepted', task: submitted() }),
			parts: { http: { send: async () => (see(), await Promise.resolve({ status: 200, headers: {}, body: {} })) } },
			provider: { ask: () => (see(), vidu.ask(ID)) },
		});
		const entry = add(job, 0);
		Object.defineProperty(entry.item, 'maxWaitMs', { get: () => (see(), MAX_WAIT_MS) });
		await order();
		expect(seen).toMatchObject([{ isOnTheWay: true }, { isOnTheWay: true }, { isOnTheWay: false }]);
	});

	const refusal = (kind: Diagnosis['kind']) => ({ kind: 'refused' as const, diagnosis: why(kind) });
	const failing = (cause: Error): Changes => ({
		parts: { http: { send: async () => await Promise.reject(cause) } },
	});
	const noKey = notStarted('No key', 'Look.');
	const [notReached, broken] = [new NoReply('refused', false), new NoReply('broken', false, true)];

	test.each<[string, Changes, unknown[][], object]>([
		["whose key is another's is left out", { key: 'taken' }, [TAKEN], { isLeftOut: true }],
		['whose key nobody knows never leaves', { key: noKey }, [TAKEN], { failure: noKey }],
		[
			'that cannot have arrived, and never will',
			failing(broken),
			[TAKEN, LEFT, GIVEN_BACK, FORGOTTEN, ['gate.noteNotReached', broken, NOW_MS, 0.5]],
			{ failure: unreachable('Vidu', 'broken') },
		],
		[
			'without an answer may have arrived',
			failing(silence),
			[TAKEN, LEFT, ['ledger.write', job, { state: 'unknown', atMs: NOW_MS }], ['gate.noteUnknown', job, NOW_MS, 0.5]],
			{ failure: outcomeUnknown(vidu, 'reset') },
		],
		[
			'with an unclear answer may have been taken',
			{ answer: () => ({ kind: 'unknown', reason: 'Odd.' }) },
			[
				...[TAKEN, LEFT, REACHED],
				...[
					['ledger.write', job, { state: 'unknown', atMs: NOW_MS }],
					['gate.noteUnknown', job, NOW_MS, 0.5],
				],
			],
			{ failure: outcomeUnknown(vidu, 'Odd.') },
		],
		[
			'whose unclear answer names a task',
			{ answer: () => ({ kind: 'unknown', reason: 'Odd.', mentionedTaskId: ID }) },
			[
				...[TAKEN, LEFT, REACHED],
				...[
					['ledger.write', job, { state: 'unknown', atMs: NOW_MS, taskId: ID }],
					['gate.noteUnknown', job, NOW_MS, 0.5],
					['onTask', 0, ID],
				],
			],
			{ failure: outcomeUnknown(vidu, 'Odd.', ID), task: newTask(ID, NOW_MS - 5_000, 0) },
		],
		[
			'that was turned away on its way',
			{ answer: () => ({ ...refusal('auth'), isTurnedAway: true }) },
			[
				...[TAKEN, LEFT, GIVEN_BACK, REACHED, FORGOTTEN],
				...[
					['gate.noteRefused', why('auth')],
					['gate.noteTurnedAway', why('auth')],
				],
			],
			{ failure: turnedAway('Vidu', why('auth')) },
		],
		...(['auth', 'balance'] as const).map((kind): [string, Changes, unknown[][], object] => [
			`that the account is refused (${kind}): none of the others leaves`,
			{ answer: () => refusal(kind) },
			[
				...[TAKEN, LEFT, GIVEN_BACK, REACHED, FORGOTTEN],
				...[
					['gate.noteRefused', why(kind)],
					['gate.noteAccountRefused', why(kind)],
				],
			],
			{ failure: refused(why(kind)) },
		]),
		...(['content', 'permanent'] as const).map((kind): [string, Changes, unknown[][], object] => [
			`that is refused for good (${kind}) is remembered`,
			{ answer: () => refusal(kind) },
			[
				...[TAKEN, LEFT, GIVEN_BACK, REACHED, FORGOTTEN],
				...[
					['gate.noteRefused', why(kind)],
					['ledger.write', job, { state: 'closed', atMs: NOW_MS, diagnosis: why(kind) }],
				],
			],
			{ failure: refused(why(kind)) },
		]),
		[
			'that is refused for now may be ordered by another try',
			{ answer: () => refusal('transient') },
			[TAKEN, LEFT, GIVEN_BACK, REACHED, FORGOTTEN, ['gate.noteRefused', why('transient')]],
			{ failure: refused(why('transient')) },
		],
	])('%s', async (_name, changes, told, end) => {
		const { add, order, heard, line, roster } = opened(changes);
		const entry = add(job, 0);
		await order();
		expect(heard()).toStrictEqual(told);
		expect(entry.state).toStrictEqual({ kind: 'ended', ...end });
		expect([line.length, roster.areAllEnded, roster.underWay.size]).toEqual([0, true, 0]);
		// the same without a ledger, keys, and anybody who is told
		const bare = opened({ ...changes, without: changes.key ? [] : ['ledger', 'keys', 'onTask'] });
		const other = bare.add(job, 0);
		await bare.order();
		expect(other.state).toStrictEqual(entry.state);
	});

	test('that cannot have arrived is in line again, and nothing is held against it', async () => {
		const { add, order, heard, line } = opened(failing(notReached));
		const entry = add(job, 0);
		await order();
		expect(heard()).toStrictEqual([
			...[TAKEN, LEFT, GIVEN_BACK, FORGOTTEN],
			['gate.noteNotReached', notReached, NOW_MS, 0.5],
		]);
		expect(entry.state).toStrictEqual({
			kind: 'new',
			order: { job, timesToBlame: 0, yieldedAt: -1, blamedAt: 0 },
		});
		expect([line.length, line.first(NOW_MS)?.entry]).toEqual([1, entry]);
	});

	test('of which a fault of ours makes nothing costs its item alone', async () => {
		const broken = new Error('No table');
		const take = async () => await Promise.reject(broken);
		const { add, order, roster } = opened({ parts: { keys: { take, giveBack: () => {} } } });
		const entry = add(job, 0);
		await order();
		expect(entry.state).toStrictEqual({ kind: 'ended', failure: internalFault(broken) });
		expect(roster.submitting.size).toBe(0);
	});

	test('does not leave once the run is stopped', async () => {
		const { course, add, order, heard, line, sent } = opened();
		const entry = add(job, 0);
		course.isStopped = true;
		await order();
		expect([heard(), sent, line.length]).toStrictEqual([[TAKEN, GIVEN_BACK], [], 0]);
		expect(entry.state).toMatchObject({ kind: 'submitting', isOnTheWay: false });
	});

	test('does not leave once whoever called has its answer', async () => {
		const { course, add, order, heard, sent } = opened();
		const entry = add(job, 0);
		course.isAnswered = true;
		await order();
		expect([heard(), sent]).toStrictEqual([[TAKEN, GIVEN_BACK], []]);
		expect(entry.state).toMatchObject({ kind: 'submitting', isOnTheWay: false });
	});

	describe('refused as busy', () => {
		const busy = (kind: NonNullable<Diagnosis['busy']>, retryAfter?: string): Changes => ({
			answer: () => ({
				...{ kind: 'busy', why: kind, diagnosis: why('transient', { busy: kind }) },
				...(retryAfter === undefined ? {} : { retryAfter }),
			}),
		});
		test.each<[string, NonNullable<Diagnosis['busy']>, string | undefined, unknown[]]>([
			['as the account is full', 'concurrency', undefined, ['window.refused', 'concurrency', 2, NOW_MS, 0.5, 0]],
			['for coming too fast', 'rate', '30', ['window.refused', 'rate', 2, NOW_MS, 0.5, 30_000]],
			['as its model is overloaded', 'model', '7', ['models.refused', 'm', NOW_MS, 0.5, 7_000]],
		])('%s is in line again', async (_name, kind, retryAfter, last) => {
			const { add, order, heard, line, lane } = opened(busy(kind, retryAfter));
			const entry = add(job, 0);
			lane.underWay = 2;
			lane.freed = 4;
			await order();
			const diagnosis = why('transient', { busy: kind });
			expect(heard()).toStrictEqual([
				...[TAKEN, LEFT, GIVEN_BACK, REACHED, FORGOTTEN],
				...[['gate.noteRefused', diagnosis], last],
			]);
			const kept = { job, timesToBlame: 0, yieldedAt: 4, blamedAt: 0, busy: diagnosis };
			expect(entry.state).toStrictEqual({ kind: 'new', order: kept });
			expect([line.length, line.busyIn(lane)]).toEqual([1, diagnosis]);
		});

		test.each([
			['nothing is under way', 0, undefined, 1],
			['some are, and nothing is known', 2, undefined, 0],
			['fewer are than it once took', 2, 3, 1],
			['as many are as it once took', 3, 3, 0],
		])('is to blame itself where there was room: %s', async (_name, underWay, limit, timesToBlame) => {
			const { add, order, lane } = opened({ ...busy('concurrency'), without: ['ledger', 'keys'] });
			const entry = add(job, 0);
			if (limit !== undefined) lane.window.refused('concurrency', limit, 0, 0, 0);
			lane.underWay = underWay;
			await order();
			expect(entry.state).toMatchObject({ kind: 'new', order: { timesToBlame } });
		});
	});
});

describe('an order that was accepted', () => {
	const accepted = (task: SubmittedTask, more: Changes = {}): Changes => ({
		...{ answer: () => ({ kind: 'accepted', task }), ...more },
	});
	const firstAskMs = NOW_MS + usualPauseMs(0, 60_000, 0.5);
	const written = (more: object) => [
		'ledger.write',
		job,
		{ state: 'submitted', atMs: NOW_MS, taskId: ID, execution: '1', ...more },
	];
	const noted = (credits: number | undefined, more: object): unknown[][] => [
		...[TAKEN, LEFT, REACHED],
		...[['gate.noteAccepted', job, credits], written(more), ['onTask', 0, ID]],
		...[
			['models.accepted', 'm'],
			['window.accepted', 1, NOW_MS],
		],
	];

	test('is held, written down, told, and asked for when it may have ended', async () => {
		const { add, order, heard, roster, lane } = opened(accepted(submitted('queued', { credits: 60 })));
		const entry = add(job, 0);
		lane.progressMs = 7;
		await order();
		expect(heard()).toStrictEqual(noted(60, { credits: 60 }));
		expect(entry.state).toMatchObject({
			...{ kind: 'waiting', dueMs: firstAskMs },
			task: { taskId: ID, submittedAtMs: NOW_MS, maxWaitMs: MAX_WAIT_MS, number: 0 },
		});
		expect([roster.underWay.size, lane.underWay, lane.progressMs]).toEqual([1, 1, 7]);
	});

	test('and runs already shows that the account moves', async () => {
		const { add, order, heard, lane } = opened(accepted(submitted('processing')));
		add(job, 0);
		lane.progressMs = 7;
		await order();
		expect(heard()).toStrictEqual(noted(undefined, {}));
		expect(lane.progressMs).toBe(NOW_MS);
	});

	test('goes without a ledger, keys, and anybody who is told', async () => {
		const { add, order, heard } = opened({ without: ['ledger', 'keys', 'onTask'] });
		const entry = add(job, 0, { maxWaitMs: 5_000 });
		await order();
		expect(heard().map(([name]) => name)).toEqual([
			...['gate.noteReachable', 'gate.noteAccepted', 'models.accepted', 'window.accepted'],
		]);
		expect(entry.state).toMatchObject({ kind: 'waiting', task: { maxWaitMs: 5_000 } });
	});

	test.each<[string, Job['answering'], TaskReport['state'], boolean]>([
		['and brings its result', { isResult: true }, 'succeeded', true],
		['and will bring its result', { isResult: true }, 'queued', false],
		['and is done, but can be asked about', undefined, 'succeeded', false],
	])('%s keeps what nobody can ask for again, and nothing else', async (_name, answering, state, isKept) => {
		const task = submitted(state, { videoUrl: URL });
		const { add, order, heard } = opened(accepted(task));
		const of: Job = answering ? { ...job, answering } : job;
		add(of, 0);
		await order();
		const write = heard().filter(([name]) => name === 'ledger.write')[1];
		expect(write?.[2]).toStrictEqual((written(isKept ? { result: task } : {}) as unknown[])[2]);
	});

	test('keeps its id and its place whatever fails afterwards', async () => {
		const broken = new Error('No log');
		const { add, order, heard, roster } = opened({
			parts: {
				onTask: () => {
					throw broken;
				},
			},
		});
		const entry = add(job, 0);
		await order();
		expect(heard()).toContainEqual(['gate.noteAccepted', job, undefined]);
		expect(entry.state).toMatchObject({ kind: 'ended', failure: internalFault(broken, ID), task: { taskId: ID } });
		expect([roster.submitting.size, roster.underWay.size]).toEqual([0, 0]);
	});

	describe('though the run is stopped', () => {
		/** Stopped while the order is on its way. */
		function stopping(cancelOnStop: boolean, hasCanceled: boolean, more: Partial<Changes> = {}) {
			const run: ReturnType<typeof opened> = opened({
				answer: () => {
					run.course.isStopped = true;
					return { kind: 'accepted', task: submitted() };
				},
				provider: { hasCanceled: () => hasCanceled },
				settings: { cancelOnStop },
				...more,
			});
			return run;
		}
		const settled = async (): Promise<void> => await new Promise((over) => setImmediate(over));

		test.each([
			['is left alone', false, true, false, 1],
			['is cancelled, and its key given back', true, true, true, 2],
			['and cannot be cancelled keeps its key', true, false, false, 2],
		])('%s', async (_name, cancelOnStop, hasCanceled, isGivenBack, requests) => {
			const { add, order, heard, sent } = stopping(cancelOnStop, hasCanceled);
			const entry = add(job, 0);
			await order();
			await settled();
			const names = heard().map(([name]) => name);
			expect([names.includes('keys.giveBack'), sent.length]).toEqual([isGivenBack, requests]);
			expect(names).toContain('window.accepted');
			expect(entry.state).toMatchObject({ kind: 'waiting', dueMs: NOW_MS });
		});

		test.each([
			['goes on where whoever called has its answer', undefined, 1],
			['is cancelled where Stop was pressed, too', AbortSignal.abort(), 2],
			['goes on where nobody pressed Stop', new AbortController().signal, 1],
		])('%s', async (_name, signal, requests) => {
			const run = opened({
				answer: () => {
					Object.assign(run.course, { isStopped: true, isAnswered: true });
					return { kind: 'accepted', task: submitted() };
				},
				settings: { cancelOnStop: true },
				...(signal ? { parts: { signal } } : {}),
			});
			const entry = run.add(job, 0);
			await run.order();
			await settled();
			expect(run.sent.length).toBe(requests);
			expect(entry.state).toMatchObject({ kind: 'waiting', dueMs: requests === 1 ? firstAskMs : NOW_MS });
		});

		test('is cancelled where nobody has its key, and nothing is left uncaught', async () => {
			const { add, order, sent } = stopping(true, true, { without: ['keys'] });
			const uncaught: unknown[] = [];
			const note = (cause: unknown): void => void uncaught.push(cause);
			process.on('unhandledRejection', note);
			add(job, 0);
			await order();
			await settled();
			process.off('unhandledRejection', note);
			expect([sent.length, uncaught]).toEqual([2, []]);
		});
	});

	test('is asked for at another time once its turn has come, unless it is being asked for', async () => {
		const { add, order, lane, time, roster, wakeUps, course } = opened();
		lane.tier.isTold(1);
		add(job, 0);
		const second = add({ ...job, itemIndex: 1, fingerprint: 'g', origin: 'p' }, 1);
		await order();
		await order();
		const before = wakeUps();
		time.nowMs += 30_000;
		lane.hasEnded(0, time.nowMs, time.nowMs - 2_000);
		expect(second.state).toMatchObject({
			...{ kind: 'waiting', dueMs: time.nowMs + usualPauseMs(2_000, 60_000, 0.5) },
			task: { placedAtMs: time.nowMs - 2_000 },
		});
		expect(wakeUps()).toBe(before + 1);
		expect(roster.nextDueMs).toBe(firstAskMs);
		expect(course.isStopped).toBe(false);
	});

	test.each([
		['is being asked for', undefined],
		['is asked for at Poll Interval', 20_000],
	])('and %s is not planned anew when its turn has come', async (_name, pollIntervalMs) => {
		const { add, order, lane, time, roster, wakeUps } = opened(
			pollIntervalMs === undefined ? {} : { settings: { pollIntervalMs } },
		);
		lane.tier.isTold(1);
		add(job, 0);
		const second = add({ ...job, itemIndex: 1, fingerprint: 'g', origin: 'p' }, 1);
		await order();
		await order();
		if (pollIntervalMs === undefined) for (const _first of [1, 2]) roster.ask(time.nowMs);
		const { state } = second;
		const before = wakeUps();
		lane.hasEnded(0, time.nowMs, time.nowMs);
		expect(second.state).toBe(state);
		expect(wakeUps()).toBe(before);
	});

	test('and has no number is told of no turn', async () => {
		const { add, order, lane, roster } = opened();
		const succeeds: number[] = [];
		Object.assign(lane, { succeeds: (number: number) => succeeds.push(number) });
		add(job, 0);
		await order();
		expect(succeeds.length).toBe(1);
		Object.assign(roster, { hold: () => {} });
		add({ ...job, itemIndex: 1, fingerprint: 'g', origin: 'p' }, 1);
		await order();
		expect(succeeds).toStrictEqual([0]);
	});

	test.each<[string, Changes, number]>([
		['is looked at soon', {}, 8_000],
		['but not where orders go ahead', { ordersAhead: true }, firstAskMs - NOW_MS],
		['but not where the account says nothing', { provider: { usage: undefined } }, firstAskMs - NOW_MS],
		["but not at another time than the user's", { settings: { pollIntervalMs: 20_000 } }, 20_000],
	])('as the last before it is known how many run %s', async (_name, changes, pauseMs) => {
		const { add, order, lane } = opened(changes);
		const entry = add(job, 0);
		lane.underWay = lane.tier.wanted - 1;
		await order();
		expect(entry.state).toMatchObject({ kind: 'waiting', dueMs: NOW_MS + pauseMs });
	});

	test('is looked at as usual where more may go', async () => {
		const { add, order, lane } = opened();
		const entry = add(job, 0);
		lane.underWay = lane.tier.wanted - 2;
		await order();
		expect(entry.state).toMatchObject({ kind: 'waiting', dueMs: firstAskMs });
	});
});

describe('a question', () => {
	/** A task that was ordered, or is from an earlier run, asked for after a minute. */
	async function asked(changes: Changes, of: Job | null = job, afterMs = 60_000) {
		const run = opened(changes);
		const entry = run.add(of ?? undefined, 0);
		if (of) await run.order();
		run.heard();
		run.sent.length = 0;
		run.time.nowMs += afterMs;
		await run.ask();
		return { ...run, entry, told: run.heard(), atMs: run.time.nowMs };
	}
	const AT_MS = NOW_MS + 60_000;
	const ANSWERED: unknown[][] = [REACHED, ['requests.heard', false, AT_MS]];
	const says = (said: TaskReport): Changes => ({ status: () => ({ kind: 'report', report: said }) });
	/** Seen halfway between the answers, but no later than a twentieth of what it ran. */
	const ENDED = ['lane.hasEnded', 0, AT_MS, AT_MS - 3_000];
	const AHEAD: Changes = { parts: { finish: async () => await Promise.resolve({ result: 'r' }) } };

	test('is asked in its own time and place, and the task is asked for again', async () => {
		const { entry, told, sent, roster, lane } = await asked(says(report('processing')), {
			...job,
			queryPath: '/elsewhere/{id}',
		});
		expect(told).toStrictEqual(ANSWERED);
		expect(sent).toEqual([{ ...vidu.ask(ID, '/elsewhere/{id}'), timeoutMs: 30_000 }]);
		expect(entry.state).toMatchObject({ kind: 'waiting', dueMs: AT_MS + usualPauseMs(60_000, 60_000, 0.5) });
		expect([roster.asking.size, lane.underWay]).toEqual([0, 1]);
	});

	test('holds its place while it is on its way', async () => {
		const { course, add, roster, woken } = opened();
		add(undefined, 0);
		course.startAsking();
		expect(roster.asking.size).toBe(1);
		await woken();
		expect(roster.asking.size).toBe(0);
	});

	test('that came too fast slows the account down', async () => {
		const { told } = await asked({
			status: () => ({ kind: 'unclear', diagnosis: why('transient'), isTooFast: true }),
		});
		expect(told).toStrictEqual([REACHED, ['requests.heard', true, AT_MS]]);
	});

	test('without an answer says nothing of the service', async () => {
		let isSilent = false;
		const { entry, told } = await asked({
			parts: {
				http: {
					send: async () => {
						if (isSilent) throw silence;
						isSilent = true;
						return await Promise.resolve({ status: 200, headers: {}, body: {} });
					},
				},
			},
		});
		expect(told).toStrictEqual([]);
		expect(entry.state).toMatchObject({ kind: 'waiting', dueMs: AT_MS + backoffMs(1, 0.5) });
	});

	const [content, passing] = [why('content'), why('transient')];
	test.each<[string, Changes, unknown[][], object]>([
		[
			'that ended for good is remembered, and its key kept',
			says(report('failed', { diagnosis: content })),
			[ENDED, ['ledger.rememberEnd', job, ID, content, AT_MS], expect.arrayContaining(['ledger.write']) as never],
			{ failure: endedEmpty('Vidu', ID, content) },
		],
		[
			'that ended for a passing reason may be ordered again',
			says(report('failed', { diagnosis: passing })),
			[ENDED, ['ledger.rememberEnd', job, ID, passing, AT_MS], FORGOTTEN, GIVEN_BACK],
			{ failure: endedEmpty('Vidu', ID, passing) },
		],
		[
			'that ended for no reason may be ordered again',
			says(report('failed')),
			[ENDED, ['ledger.rememberEnd', job, ID, undefined, AT_MS], FORGOTTEN, GIVEN_BACK],
			{ failure: endedEmpty('Vidu', ID, undefined) },
		],
		[
			'that was cancelled gives its key back',
			says(report('canceled', { diagnosis: content })),
			[
				...[ENDED, ['ledger.rememberCanceled', job, ID, content, AT_MS]],
				...[expect.arrayContaining(['ledger.write']) as never, GIVEN_BACK],
			],
			{ failure: canceled(ID, content) },
		],
		[
			'that succeeded, and is not delivered, has ended',
			says(report('succeeded', { videoUrl: URL })),
			[ENDED, ['pace.addSeen', 60_000, 60_000, 60, expect.anything()]],
			{},
		],
	])('about a task %s', async (_name, changes, told, end) => {
		const { entry, roster, lane, told: heard } = await asked(changes);
		expect(heard).toEqual([...ANSWERED, ...told]);
		expect(entry.state).toMatchObject({ kind: 'ended', task: { taskId: ID }, ...end });
		expect('failure' in entry.state).toBe('failure' in end);
		expect([roster.areAllEnded, lane.underWay, lane.freed]).toEqual([true, 0, 1]);
		// without a ledger and keys
		const bare = await asked({ ...changes, without: ['ledger', 'keys'] });
		expect(bare.entry.state).toEqual(entry.state);
		// and of an earlier run, whose place nobody knows
		const found = await asked(changes, null);
		expect(found.told).toEqual([...ANSWERED, ['lane.hasEnded', undefined, AT_MS, AT_MS - 3_000]]);
		expect(found.entry.state).toMatchObject({ kind: 'ended', ...end });
	});

	test('about a task that succeeded makes it ready to be delivered', async () => {
		const said = report('succeeded', { videoUrl: URL });
		const { entry, told, roster, lane } = await asked({ ...says(said), ...AHEAD });
		expect(told.slice(2).map(([name]) => name)).toEqual(['lane.hasEnded', 'pace.addSeen']);
		expect(entry.state).toMatchObject({ kind: 'ready', report: said, task: { taskId: ID } });
		expect([roster.hasReady, lane.freed]).toEqual([true, 1]);
	});

	test('about a task whose time is over asks the account first, and gives it up then', async () => {
		let hasLooked = false;
		const usage = vidu.usage;
		const { entry, told, lane, pool, ask, heard, time, atMs, member } = await asked(
			{ ...says(report('queued')), provider: usage ? { usage } : {} },
			job,
			MAX_WAIT_MS,
		);
		expect(told).toContainEqual(['pool.hasLookedSince', member, atMs]);
		expect(entry.state).toMatchObject({ kind: 'waiting', dueMs: atMs + 2_000 });
		expect(lane.givenUpMs).toBe(-Infinity);
		Object.assign(pool, { hasLookedSince: () => (hasLooked = true) });
		time.nowMs += 2_000;
		await ask();
		expect([hasLooked, lane.givenUpMs]).toEqual([true, time.nowMs]);
		expect(heard().map(([name]) => name)).toEqual(['gate.noteReachable', 'requests.heard']);
		expect(entry.state).toMatchObject({ kind: 'ended', failure: { kind: 'stillRunning' }, task: { taskId: ID } });
	});

	test('that fails for a fault of ours costs its item, and keeps its id and its link', async () => {
		const broken = new Error('No path');
		const { add, ask, roster } = opened({
			provider: {
				ask: () => {
					throw broken;
				},
			},
		});
		const entry = add(undefined, 0);
		const said = report('processing', { videoUrl: URL });
		Object.assign(taskOf(entry) ?? {}, { report: said });
		await ask();
		expect(entry.state).toMatchObject({ kind: 'ended', failure: internalFault(broken, ID, said) });
		expect(roster.asking.size).toBe(0);
	});

	test('is not asked where nothing is due', () => {
		const { course, roster, sent } = opened();
		course.startAsking();
		course.startDelivery();
		expect([roster.asking.size, roster.delivering.size, sent]).toEqual([0, 0, []]);
	});

	test('that hangs is given up after its time, and what it brings then counts no more', async () => {
		let answer = (_reply: { status: number; headers: object; body: object }): void => {};
		const { course, add, roster, time, woken } = opened({
			...says(report('succeeded', { videoUrl: URL })),
			parts: {
				http: {
					send: async () =>
						await new Promise((over) => {
							answer = over as never;
						}),
				},
			},
		});
		const entry = add(undefined, 0);
		// silence in between says nothing against it
		Object.assign(taskOf(entry) ?? {}, { finalRefusals: 1 });
		course.startAsking();
		time.nowMs = NOW_MS + 35_000;
		course.giveUpHung(time.nowMs - 1);
		expect([entry.state.kind, roster.asking.size]).toEqual(['asking', 1]);
		course.giveUpHung(time.nowMs);
		const again = {
			kind: 'waiting',
			dueMs: time.nowMs + backoffMs(1, 0.5),
			task: { failedChecks: 1, finalRefusals: 1 },
		};
		expect(entry.state).toMatchObject(again);
		expect(roster.asking.size).toBe(0);
		await new Promise((over) => setImmediate(over));
		answer({ status: 200, headers: {}, body: {} });
		await woken();
		expect(entry.state).toMatchObject(again);
	});
});

describe('a delivery', () => {
	const said = report('succeeded', { videoUrl: URL, credits: 60 });
	function ready(finish: BatchParts<string>['finish'], changes: Changes = {}) {
		const run = opened({ ...changes, parts: { ...(finish ? { finish } : {}) } });
		const entry = run.add(job, 0);
		run.roster.makeReady(entry, { ...newTask(ID, NOW_MS, MAX_WAIT_MS), report: said }, said);
		return { ...run, entry };
	}

	test('is told what to deliver, and holds its place until it is done', async () => {
		const given: unknown[] = [];
		let underWay = 0;
		const { entry, deliver, roster } = ready(async (taskId, what, _askAgain, work) => {
			given.push(taskId, what, work);
			underWay = roster.delivering.size;
			return await Promise.resolve({ result: 'file' });
		});
		await deliver();
		expect(given).toEqual([ID, said, entry.item]);
		expect([underWay, roster.delivering.size]).toEqual([1, 0]);
		expect(entry.state).toMatchObject({ kind: 'ended', result: 'file', task: { taskId: ID } });
		expect(entry.state).not.toHaveProperty('failure');
	});

	test('that fails says why', async () => {
		const failure = notStarted('Full', 'Make room.');
		const { entry, deliver } = ready(async () => await Promise.resolve({ failure }));
		await deliver();
		expect(entry.state).toMatchObject({ kind: 'ended', failure });
	});

	test('that throws costs its item, and keeps its id and its link', async () => {
		const broken = new Error('No disk');
		const { entry, deliver, roster } = ready(async () => await Promise.reject(broken));
		await deliver();
		expect(entry.state).toMatchObject({ kind: 'ended', failure: internalFault(broken, ID, said) });
		expect(roster.delivering.size).toBe(0);
	});

	test('of nothing ends the item', async () => {
		const { entry, deliver } = ready(undefined);
		await deliver();
		expect(entry.state).toMatchObject({ kind: 'ended', task: { taskId: ID } });
		expect(entry.state).not.toHaveProperty('failure');
	});

	const fresh = report('succeeded', { videoUrl: `${URL}?2` });
	test.each<[string, () => StatusAnswer, TaskReport]>([
		['a fresh link, which keeps what was known', () => ({ kind: 'report', report: fresh }), { ...fresh, credits: 60 }],
		['no link, which changes nothing', () => ({ kind: 'report', report: report('succeeded') }), said],
		['no report', () => ({ kind: 'unclear', diagnosis: why('transient') }), said],
		[
			'silence',
			() => {
				throw silence;
			},
			said,
		],
	])('may ask again, and is told %s', async (_name, status, known) => {
		const got: unknown[] = [];
		const { entry, deliver, sent } = ready(
			async (_taskId, _report, askAgain) => {
				const last = await askAgain();
				got.push(last);
				return { result: 'file', report: last! };
			},
			{ status },
		);
		entry.item.job = { ...job, queryPath: '/elsewhere/{id}' };
		await deliver();
		expect(got).toEqual([known]);
		expect(sent).toEqual([{ ...vidu.ask(ID, '/elsewhere/{id}'), timeoutMs: 30_000 }]);
		expect(taskOf(entry)?.report).toEqual(known);
	});

	test('tells the links that worked, not those of the last answer', async () => {
		const worked = report('succeeded', { videoUrl: `${URL}?3` });
		const { entry, deliver } = ready(
			async (_taskId, _report, askAgain) => {
				await askAgain();
				return { result: 'file', report: worked };
			},
			{ status: () => ({ kind: 'report', report: fresh }) },
		);
		await deliver();
		expect(taskOf(entry)?.report).toEqual(worked);
	});

	test('of a task that no job of this run ordered asks at the usual place', async () => {
		const { entry, deliver, sent } = ready(async (_taskId, _report, askAgain) => {
			await askAgain();
			return { result: 'file' };
		});
		delete entry.item.job;
		await deliver();
		expect(sent).toEqual([{ ...vidu.ask(ID), timeoutMs: 30_000 }]);
	});
});

import { newTask, type Task } from '../../../../lib/core/batch/entry';
import { backoffMs, nextPauseMs } from '../../../../lib/core/account/schedule';
import { applyAnswer, applyReport, waitIsOver, type Conditions } from '../../../../lib/core/batch/step';
import type { Diagnosis, TaskReport } from '../../../../lib/core/provider';

/** What follows from each answer about a task: one question at a time, without a batch around it. */

const ID = '876543210123456789';
const SUBMITTED_MS = 1_000_000;
const NOW_MS = SUBMITTED_MS + 90_000;
const DEADLINE_MS = SUBMITTED_MS + 600_000;

const at = (changes: Partial<Conditions> = {}): Conditions => ({
	nowMs: NOW_MS,
	random: () => 0.5,
	typicalMs: 60_000,
	pollIntervalMs: undefined,
	providerName: 'Vidu',
	...changes,
});
const task = (changes: Partial<Task> = {}): Task => ({ ...newTask(ID, SUBMITTED_MS, DEADLINE_MS), ...changes });
const report = (state: TaskReport['state'], changes: Partial<TaskReport> = {}): TaskReport => ({
	state,
	providerState: `said ${state}`,
	response: {},
	...changes,
});
const why = (kind: Diagnosis['kind']): Diagnosis => ({ kind, summary: 'No', advice: '' });
const gone = (kind: Diagnosis['kind'] = 'permanent') => ({ kind: 'gone' as const, diagnosis: why(kind) });
const unclear = (retryAfter?: string) => ({
	kind: 'unclear' as const,
	diagnosis: why('transient'),
	...(retryAfter === undefined ? {} : { retryAfter }),
});
const silent = { kind: 'silent' as const, cause: new Error('reset') as never };

describe('without a report', () => {
	test('the pause grows with every check that brought nothing', () => {
		const waiting = task();
		for (const streak of [1, 2, 3])
			expect(applyAnswer(waiting, silent, at())).toEqual({ kind: 'ask', atMs: NOW_MS + backoffMs(streak, 0.5) });
		expect(waiting).toMatchObject({ failedChecks: 3, waitedMs: 90_000, lastAskMs: NOW_MS });
	});

	test.each([
		['is heeded', unclear('30'), {}, 30_000],
		['of nothing leaves the usual pause', unclear('0'), {}, backoffMs(1, 0.5)],
		['that is shorter than Poll Interval leaves that', unclear('30'), { pollIntervalMs: 45_000 }, 45_000],
		['that is longer than Poll Interval wins', unclear('30'), { pollIntervalMs: 20_000 }, 30_000],
	])('Retry-After %s', (_name, asked, conditions, pauseMs) => {
		expect(applyAnswer(task(), asked, at(conditions))).toEqual({ kind: 'ask', atMs: NOW_MS + pauseMs });
	});

	test('a service that says twice in a row that the task is gone is believed', () => {
		const waiting = task();
		expect(applyAnswer(waiting, gone(), at()).kind).toBe('ask');
		expect(applyAnswer(waiting, gone(), at())).toMatchObject({ kind: 'leave', failure: { kind: 'lostTask' } });
	});

	test.each([
		['an unclear answer', unclear()],
		['a report', { kind: 'report' as const, report: report('processing') }],
	])('but not with %s in between', (_name, between) => {
		const waiting = task();
		for (const asked of [gone(), between, gone()]) expect(applyAnswer(waiting, asked, at()).kind).toBe('ask');
		expect(applyAnswer(waiting, gone(), at()).kind).toBe('leave');
	});

	test('silence in between says nothing against it', () => {
		const waiting = task();
		for (const asked of [gone(), silent]) expect(applyAnswer(waiting, asked, at()).kind).toBe('ask');
		expect(applyAnswer(waiting, gone(), at()).kind).toBe('leave');
	});

	test('content that is not allowed is believed at once, if the service itself says so', () => {
		expect(applyAnswer(task(), gone('content'), at())).toEqual({ kind: 'failed', diagnosis: why('content') });
		expect(applyAnswer(task(), { ...unclear(), diagnosis: why('content') }, at()).kind).toBe('ask');
	});

	test('a report makes up for the checks that brought nothing', () => {
		const waiting = task();
		applyAnswer(waiting, silent, at());
		applyAnswer(waiting, { kind: 'report', report: report('processing') }, at());
		expect(applyAnswer(waiting, silent, at())).toEqual({ kind: 'ask', atMs: NOW_MS + backoffMs(1, 0.5) });
	});
});

describe('a task that goes on', () => {
	test.each(['processing', 'unknown'] as const)('and is %s is asked for as its time goes', (state) => {
		const waiting = task();
		const pauseMs = nextPauseMs(90_000, 60_000, 0.5);
		expect(applyReport(waiting, report(state), at())).toEqual({ kind: 'ask', atMs: NOW_MS + pauseMs });
		expect(waiting).toMatchObject({ waitedMs: 90_000, beganAtMs: SUBMITTED_MS, lastAskMs: NOW_MS });
	});

	test('is asked for at Poll Interval where there is one', () => {
		const step = applyReport(task(), report('processing'), at({ pollIntervalMs: 7_000 }));
		expect(step).toEqual({ kind: 'ask', atMs: NOW_MS + 7_000 });
	});

	test('and stands in line begins its time anew, and may be short once it runs', () => {
		const waiting = task();
		const wholeMs = nextPauseMs(0, 60_000, 0.5);
		expect(wholeMs).toBeGreaterThan(15_000);
		// the first look tells nothing about how long the line is
		expect(applyReport(waiting, report('queued'), at())).toEqual({ kind: 'ask', atMs: NOW_MS + wholeMs });
		expect(waiting.beganAtMs).toBe(NOW_MS);
		const later = at({ nowMs: NOW_MS + wholeMs });
		expect(applyReport(waiting, report('queued'), later)).toEqual({ kind: 'ask', atMs: later.nowMs + 15_000 });
		expect(applyReport(waiting, report('processing'), later)).toEqual({ kind: 'ask', atMs: later.nowMs + wholeMs });
	});

	test('is asked for a last time at the deadline', () => {
		const near = at({ nowMs: DEADLINE_MS - 1 });
		expect(applyReport(task(), report('processing'), near)).toEqual({ kind: 'ask', atMs: DEADLINE_MS });
	});

	test.each([
		['its own word', report('processing'), 'said processing'],
		['no word at all', undefined, 'not answering'],
	])('is left at the deadline with %s', (_name, said, word) => {
		const waiting = task();
		const late = at({ nowMs: DEADLINE_MS });
		const step = said ? applyReport(waiting, said, late) : applyAnswer(waiting, silent, late);
		expect(step).toMatchObject({
			kind: 'leave',
			failure: { kind: 'stillRunning', headline: `Task ${ID} is still "${word}" after 10 minutes` },
		});
		expect(waiting).toMatchObject({ waitedMs: 600_000, lastAskMs: SUBMITTED_MS });
	});

	test('is not said to be what it was before the service fell silent', () => {
		const waiting = task();
		applyReport(waiting, report('processing'), at());
		expect(applyAnswer(waiting, silent, at({ nowMs: DEADLINE_MS }))).toMatchObject({
			failure: { headline: expect.stringContaining('"not answering"') as string },
		});
	});

	test('is told how long it was waited for when the run ends', () => {
		const waiting = task();
		const step = waitIsOver(waiting, 'processing', 'Vidu', NOW_MS + 30_000);
		expect(step.failure.headline).toBe(`Task ${ID} is still "processing" after 2 minutes`);
		expect(waiting.waitedMs).toBe(120_000);
	});
});

describe('a task that has ended', () => {
	const url = 'https://example.com/v.mp4';

	test('keeps what only the answer to the order knew, and what is newer wins', () => {
		const waiting = task();
		const facts = { createdAt: '2026-11-20T00:00:00Z', credits: 60, payload: 'sku-1', model: 'viduq3-pro' };
		applyReport(waiting, report('queued', { ...facts, creationId: '1' }), at());
		const end = report('succeeded', { videoUrl: url, credits: 55 });
		const whole = { ...end, ...facts, credits: 55 };
		expect(applyReport(waiting, end, at())).toStrictEqual({ kind: 'succeeded', report: whole });
		expect(waiting.report).toStrictEqual(whole);
	});

	test.each(['failed', 'canceled'] as const)('and is %s says why', (state) => {
		expect(applyReport(task(), report(state, { diagnosis: why('content') }), at())).toEqual({
			kind: state,
			diagnosis: why('content'),
		});
	});

	test('without its link is asked for twice more, at growing pauses, and then left', () => {
		const waiting = task();
		const success = report('succeeded');
		for (const streak of [2, 3])
			expect(applyReport(waiting, success, at())).toEqual({ kind: 'ask', atMs: NOW_MS + backoffMs(streak, 0.5) });
		expect(applyReport(waiting, success, at())).toMatchObject({
			kind: 'leave',
			failure: { kind: 'lostTask', headline: `Vidu says task ${ID} succeeded but gives no link` },
		});
		expect(applyReport(waiting, report('succeeded', { videoUrl: url }), at()).kind).toBe('succeeded');
	});

	test('without its link is not asked for past the deadline', () => {
		const late = at({ nowMs: DEADLINE_MS });
		const { failure } = applyReport(task(), report('succeeded'), late) as {
			failure: { kind: string; description: string };
		};
		expect(failure.kind).toBe('lostTask');
		expect(failure.description).toContain(`task ID ${ID}`);
		expect(failure.description).toContain('the support of Vidu');
	});
});

import { newTask, type Task } from '../../../../lib/core/batch/entry';
import { Lane } from '../../../../lib/core/account/lane';
import { backoffMs, usualPauseMs } from '../../../../lib/core/account/schedule';
import { applyAnswer, askWhenPlaced, firstStep as applyReport, type Conditions } from '../../../../lib/core/batch/step';
import type { Diagnosis, TaskReport } from '../../../../lib/core/provider';

/** What follows from each answer about a task: one question at a time, without a batch around it. */

const ID = '876543210123456789';
const SUBMITTED_MS = 1_000_000;
const NOW_MS = SUBMITTED_MS + 90_000;
const DEADLINE_MS = SUBMITTED_MS + 600_000;

const at = (changes: Partial<Conditions> = {}): Conditions => ({
	nowMs: NOW_MS,
	random: () => 0.5,
	expected: { typicalMs: 60_000 },
	lane: new Lane(0),
	isScout: false,
	hasLookedSince: () => true,
	pollIntervalMs: undefined,
	providerName: 'Vidu',
	...changes,
});
const task = (changes: Partial<Task> = {}): Task => ({ ...newTask(ID, SUBMITTED_MS, 600_000), ...changes });
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
		const pauseMs = usualPauseMs(90_000, 60_000, 0.5);
		expect(applyReport(waiting, report(state), at())).toEqual({ kind: 'ask', atMs: NOW_MS + pauseMs });
		expect(waiting).toMatchObject({ waitedMs: 90_000, beganAtMs: SUBMITTED_MS, lastAskMs: NOW_MS });
	});

	test('is asked for at Poll Interval where there is one', () => {
		const step = applyReport(task(), report('processing'), at({ pollIntervalMs: 7_000 }));
		expect(step).toEqual({ kind: 'ask', atMs: NOW_MS + 7_000 });
	});

	test('and stands in line begins its time anew, and may be short once it runs', () => {
		const waiting = task();
		const wholeMs = usualPauseMs(0, 60_000, 0.5);
		expect(wholeMs).toBeGreaterThan(15_000);
		// the first look tells nothing about how long the line is
		expect(applyReport(waiting, report('queued'), at())).toEqual({ kind: 'ask', atMs: NOW_MS + wholeMs });
		expect(waiting.beganAtMs).toBe(NOW_MS);
		const later = at({ nowMs: NOW_MS + wholeMs });
		expect(applyReport(waiting, report('queued'), later)).toEqual({ kind: 'ask', atMs: later.nowMs + 15_000 });
		expect(applyReport(waiting, report('processing'), later)).toEqual({ kind: 'ask', atMs: later.nowMs + wholeMs });
	});

	test('behind others is asked for when its turn may come, and every ten minutes', () => {
		const lane = new Lane(0);
		lane.tier.isTold(5);
		const conditions = at({ lane });
		const pauseOf = (number: number): number => {
			const step = applyReport(task({ number, maxWaitMs: 86_400_000 }), report('queued'), conditions);
			return step.kind === 'ask' ? step.atMs - NOW_MS : NaN;
		};
		expect(pauseOf(4)).toBeCloseTo(usualPauseMs(0, 60_000, 0.5));
		// two hundred before it, five at a time
		expect(pauseOf(25)).toBe(0.6 * 4 * 60_000);
		expect(pauseOf(1_000)).toBe(600_000);
	});

	describe('in line', () => {
		test('goes on while others of its lane end, and begins its time anew when it runs', () => {
			const lane = new Lane(0);
			const waiting = task();
			applyReport(waiting, report('queued'), at({ lane }));
			lane.progressMs = DEADLINE_MS - 1;
			const late = at({ lane, nowMs: DEADLINE_MS + 60_000 });
			expect(applyReport(waiting, report('queued'), late).kind).toBe('ask');
			expect(applyReport(waiting, report('processing'), late).kind).toBe('ask');
			expect(waiting.progressMs).toBe(late.nowMs);
			expect(lane.progressMs).toBe(late.nowMs);
			const over = at({ lane, nowMs: late.nowMs + 600_000 });
			expect(applyReport(waiting, report('processing'), over).kind).toBe('leave');
		});

		test('asks the account half-way, and again before it is left', () => {
			const asked: number[] = [];
			const conditions = (nowMs: number, hasLooked: boolean): Conditions =>
				at({ nowMs, hasLookedSince: (sinceMs) => (asked.push(sinceMs), hasLooked) });
			const waiting = task();
			applyReport(waiting, report('queued'), conditions(DEADLINE_MS - 300_001, true));
			expect(asked).toEqual([]);
			applyReport(waiting, report('queued'), conditions(DEADLINE_MS - 300_000, true));
			expect(asked.splice(0)).toEqual([DEADLINE_MS - 300_000]);
			applyReport(waiting, report('queued'), conditions(DEADLINE_MS - 1, true));
			expect(applyReport(waiting, report('queued'), conditions(DEADLINE_MS, false))).toEqual({
				kind: 'ask',
				atMs: DEADLINE_MS + 2_000,
			});
			expect(applyReport(waiting, report('queued'), conditions(DEADLINE_MS, true)).kind).toBe('leave');
			expect(asked).toEqual([DEADLINE_MS - 300_000, DEADLINE_MS, DEADLINE_MS]);
		});

		test.each([
			['a wait of a minute', 60_000, 'queued' as const, 'ask'],
			['a shorter wait, in which nothing would move', 59_999, 'queued' as const, 'leave'],
			['a task that runs, which ends by itself', 600_000, 'processing' as const, 'leave'],
		])('is left only when the account was asked: %s', (_name, maxWaitMs, state, kind) => {
			const late = at({ nowMs: SUBMITTED_MS + maxWaitMs, hasLookedSince: () => false });
			expect(applyReport(task({ maxWaitMs }), report(state), late).kind).toBe(kind);
		});

		test('tells nothing where it is not known which task it is', () => {
			const lane = new Lane(0);
			for (const state of ['processing', 'queued'] as const)
				applyAnswer(task(), { kind: 'report', report: report(state) }, at({ lane }));
			expect([lane.tier.runningAtOnce, lane.tier.wanted]).toEqual([undefined, 8]);
			lane.tier.isTold(5);
			const usual = { kind: 'ask', atMs: NOW_MS + usualPauseMs(0, 60_000, 0.5) };
			expect(applyReport(task(), report('queued'), at({ lane }))).toEqual(usual);
			expect(applyReport(task({ number: 25 }), report('queued'), at())).toEqual(usual);
		});

		test('a state that nobody knows shows no place', () => {
			const lane = new Lane(0);
			applyAnswer(task({ number: 9 }), { kind: 'report', report: report('unknown') }, at({ lane }));
			expect(lane.tier.wanted).toBe(8);
		});

		describe('behind all that run', () => {
			const inLine = { kind: 'report' as const, report: report('queued') };
			/** One runs at once, and the task is the second. */
			function second(changes: Partial<Task> = {}) {
				const lane = new Lane(0);
				lane.tier.isTold(1);
				const waiting = task({ number: 1, report: report('queued'), ...changes });
				const pauseOf = (): number => {
					const step = applyAnswer(waiting, inLine, at({ lane }));
					return step.kind === 'ask' ? step.atMs - NOW_MS : NaN;
				};
				return { lane, waiting, pauseOf };
			}
			const wholeMs = usualPauseMs(0, 60_000, 0.5);

			test('is not asked for before it may have ended: it is told when its turn comes', () => {
				const { lane, waiting, pauseOf } = second();
				expect(pauseOf()).toBeCloseTo(wholeMs, 3);
				const since = at({ lane, nowMs: NOW_MS + 3_000 });
				expect(askWhenPlaced(waiting, NOW_MS, since)).toBe(since.nowMs + usualPauseMs(3_000, 60_000, 0.5));
				expect(waiting).toMatchObject({ beganAtMs: NOW_MS, placedAtMs: NOW_MS });
			});

			test('is not asked for at another time where it runs already, or at Poll Interval', () => {
				const { lane, waiting } = second();
				expect(askWhenPlaced(waiting, NOW_MS, at({ lane, pollIntervalMs: 7_000 }))).toBeUndefined();
				expect(waiting.beganAtMs).toBe(NOW_MS);
				waiting.report = report('processing');
				expect(askWhenPlaced(waiting, NOW_MS + 1, at({ lane }))).toBeUndefined();
				expect(waiting.beganAtMs).toBe(NOW_MS);
			});

			test('and seen to run a moment before it is told its turn, began then, and not when it was last seen in line', () => {
				const { lane, waiting, pauseOf } = second();
				pauseOf();
				const seen = at({ lane, nowMs: NOW_MS + 60_000 });
				applyAnswer(waiting, { kind: 'report', report: report('processing') }, seen);
				expect(waiting.beganAtMs).toBe(NOW_MS);
				const told = at({ lane, nowMs: NOW_MS + 61_000 });
				expect(askWhenPlaced(waiting, NOW_MS + 59_000, told)).toBe(told.nowMs + usualPauseMs(2_000, 60_000, 0.5));
				expect(waiting.beganAtMs).toBe(NOW_MS + 59_000);
			});

			test('may take a moment to begin once its turn has come', () => {
				const { lane, waiting, pauseOf } = second({ placedAtMs: NOW_MS - 7_000 });
				lane.leave(0);
				expect(pauseOf()).toBeCloseTo(usualPauseMs(7_000, 60_000, 0.5), 3);
				expect(waiting.beganAtMs).toBe(NOW_MS - 7_000);
			});

			test.each([
				['stands in line still though its turn has come', 'queued', { number: 0, placedAtMs: NOW_MS - 20_000 }],
				['stands in line though it is one of the first', 'queued', { number: 0 }],
				['runs though its turn has not come', 'processing', { number: 1 }],
			] as const)(
				'where one %s, three times, others use the account: it is asked for often',
				(_what, state, changes) => {
					const { lane, pauseOf } = second();
					expect(pauseOf()).toBeCloseTo(wholeMs, 3);
					for (let surprise = 0; surprise < 3; surprise += 1) {
						const other = task({ report: report('queued'), ...changes });
						applyAnswer(other, { kind: 'report', report: report(state) }, at({ lane }));
						// a task that ran where none should have is the end of what was believed
						lane.tier.isTold(1);
					}
					expect(pauseOf()).toBe(15_000);
				},
			);

			test('a turn that was told rightly ends the doubt', () => {
				const { lane, pauseOf } = second();
				for (let surprise = 0; surprise < 3; surprise += 1) lane.noteOrder(false);
				const told = task({ number: 0, report: report('queued'), placedAtMs: NOW_MS - 60_000 });
				applyAnswer(told, { kind: 'report', report: report('processing') }, at({ lane }));
				expect(pauseOf()).toBeCloseTo(wholeMs, 3);
			});
		});

		test('ordered by an earlier run, it is asked for the less often the more there are and the longer it waits', () => {
			const pauseOf = (unordered: number, waitedMs: number): number => {
				const lane = new Lane(0);
				lane.unordered = unordered;
				const waiting = task({ submittedAtMs: NOW_MS - waitedMs, maxWaitMs: 86_400_000, report: report('queued') });
				const step = applyAnswer(waiting, { kind: 'report', report: report('queued') }, at({ lane }));
				return step.kind === 'ask' ? step.atMs - NOW_MS : NaN;
			};
			expect([pauseOf(8, 3_600_000), pauseOf(80, 60_000), pauseOf(80, 120_000), pauseOf(80, 3_600_000)]).toEqual([
				15_000, 15_000, 30_000, 150_000,
			]);
		});

		test('shows how many run at once; a task that is new tells nothing yet', () => {
			const lane = new Lane(0);
			const hear = (number: number, state: 'queued' | 'processing', ageMs = 60_000): void =>
				void applyAnswer(
					task({ number, submittedAtMs: NOW_MS - ageMs }),
					{ kind: 'report', report: report(state) },
					at({ lane }),
				);
			hear(6, 'queued', 7_000);
			expect(lane.tier.runningAtOnce).toBeUndefined();
			hear(6, 'queued', 8_000);
			expect(lane.tier.runningAtOnce).toBe(6);
			hear(6, 'processing');
			expect(lane.tier.runningAtOnce).toBeUndefined();
		});
	});

	test('the last one that may go before anything is known is looked at soon', () => {
		expect(applyReport(task(), report('queued'), at({ nowMs: SUBMITTED_MS, isScout: true }))).toEqual({
			kind: 'ask',
			atMs: SUBMITTED_MS + 8_000,
		});
	});

	test.each<[string, TaskReport, Partial<Conditions>, object]>([
		['has ended', report('canceled'), {}, { kind: 'canceled', diagnosis: undefined }],
		[
			'is asked for at Poll Interval',
			report('queued'),
			{ pollIntervalMs: 20_000 },
			{ kind: 'ask', atMs: SUBMITTED_MS + 20_000 },
		],
		[
			'is not the last one',
			report('queued'),
			{ isScout: false },
			{ kind: 'ask', atMs: SUBMITTED_MS + usualPauseMs(0, 60_000, 0.5) },
		],
	])('but not where it %s', (_name, said, conditions, step) => {
		expect(applyReport(task(), said, at({ nowMs: SUBMITTED_MS, isScout: true, ...conditions }))).toStrictEqual(step);
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

	test('with facts in place of a link is done', () => {
		const end = report('succeeded', { facts: { text: 'a shoe' } });
		expect(applyReport(task(), end, at())).toMatchObject({ kind: 'succeeded', report: end });
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

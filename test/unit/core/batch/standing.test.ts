import { Lane } from '../../../../lib/core/account/lane';
import { newTask, type Task } from '../../../../lib/core/batch/entry';
import { learnOfLine } from '../../../../lib/core/batch/standing';
import { askWhenPlaced, type Conditions } from '../../../../lib/core/batch/step';
import type { TaskReport } from '../../../../lib/core/provider';

/** What tasks in line tell of the account: whether they get their places when they should, so that nobody else orders. */

const NOW_MS = 1_000_000;
const report = (state: TaskReport['state']): TaskReport => ({ state, providerState: state, response: {} });

interface Seen {
	before?: TaskReport['state'];
	now: TaskReport['state'];
	number?: number;
	placedAtMs?: number;
}

/** Whether all is in order after that was seen so often, each of a task ordered a minute ago. */
function isInOrder(
	times: number,
	{ before, now, number, placedAtMs }: Seen,
	told?: number,
	lane = new Lane(0),
): boolean {
	for (let time = 0; time < times; time += 1) {
		if (told !== undefined) lane.tier.isTold(told);
		const task: Task = {
			...newTask('1', NOW_MS - 60_000, 600_000),
			...(number === undefined ? {} : { number }),
			...(before ? { report: report(before) } : {}),
			...(placedAtMs === undefined ? {} : { placedAtMs }),
		};
		learnOfLine(task, report(now), { lane, nowMs: NOW_MS, expected: { typicalMs: 60_000 } });
	}
	return lane.isInOrder;
}

test.each<[string, Seen, number | undefined, boolean]>([
	['one began though all places were of those before it', { before: 'queued', now: 'processing', number: 5 }, 5, false],
	['one began in its turn', { before: 'queued', now: 'processing', number: 4 }, 5, true],
	['one began before it was ever looked at', { now: 'processing', number: 5 }, 5, true],
	['one that has begun goes on', { before: 'processing', now: 'processing', number: 5 }, 5, true],
	['one stands in line though its turn has come', { before: 'queued', now: 'queued', number: 4 }, 5, false],
	['one stands in line behind all', { before: 'queued', now: 'queued', number: 5 }, 5, true],
	['one stands in line and nobody knows how many run', { now: 'queued', number: 0 }, undefined, true],
	['nobody knows where it stands', { before: 'queued', now: 'processing' }, 5, true],
])('three times in a row, %s', (_name, seen, told, isGood) => {
	expect([isInOrder(2, seen, told), isInOrder(3, seen, told)]).toEqual([true, isGood]);
});

describe('two surprises are forgotten', () => {
	const SURPRISE: Seen = { before: 'queued', now: 'queued', number: 4 };
	const after = (seen: Seen): boolean => {
		const lane = new Lane(0);
		isInOrder(2, SURPRISE, 5, lane);
		isInOrder(1, seen, 5, lane);
		return isInOrder(1, SURPRISE, 5, lane);
	};

	test.each<[string, Seen, boolean]>([
		['where one begins whose place was told', { before: 'queued', now: 'processing', number: 4, placedAtMs: 1 }, true],
		['not where nobody told it', { before: 'queued', now: 'processing', number: 4 }, false],
		['not where it was never in line', { before: 'processing', now: 'processing', number: 4, placedAtMs: 1 }, false],
	])('%s', (_name, seen, isGood) => {
		expect(after(seen)).toBe(isGood);
	});

	test.each([
		[NOW_MS - 10_001, false],
		[NOW_MS - 10_000, false],
		[NOW_MS - 9_999, true],
	])('where one runs whose place came free, as told at last, after it was seen to run: %i', (beganAtMs, isGood) => {
		const lane = new Lane(0);
		isInOrder(2, SURPRISE, 5, lane);
		const task: Task = { ...newTask('1', 0, 600_000), report: report('processing'), beganAtMs: NOW_MS - 10_000 };
		const conditions: Conditions = {
			...{ nowMs: NOW_MS, random: () => 0.5, expected: { typicalMs: 60_000 }, lane, isScout: false },
			...{ hasLookedSince: () => true, pollIntervalMs: undefined, providerName: 'Vidu' },
		};
		expect(askWhenPlaced(task, beganAtMs, conditions) !== undefined).toBe(isGood);
		expect(task.beganAtMs).toBe(isGood ? beganAtMs : NOW_MS - 10_000);
		expect(isInOrder(1, SURPRISE, 5, lane)).toBe(isGood);
	});
});

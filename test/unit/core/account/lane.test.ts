import { Lane } from '../../../../lib/core/account/lane';

/** What shares one limit: its tasks in the order they were taken, and whether an order may leave. */

test('the tasks before one are those that were taken before it and have not left', () => {
	const lane = new Lane(0);
	const numbers = [lane.take(), lane.take(), lane.take()];
	expect(numbers.map((number) => lane.aheadOf(number))).toEqual([0, 1, 2]);
	lane.leave(0);
	expect(numbers.map((number) => lane.aheadOf(number))).toEqual([0, 0, 1]);
	lane.leave(1);
	lane.leave(2);
	expect(lane.aheadOf(lane.take())).toBe(0);
	expect(lane.aheadOf(lane.take())).toBe(1);
});

const laneWith = (underWay: number, submitting: number, told?: number): Lane => {
	const lane = new Lane(0);
	if (told !== undefined) lane.tier.isTold(told);
	return Object.assign(lane, { underWay, submitting });
};

test.each([
	[7, 0, true],
	[8, 0, false],
	[6, 1, true],
	[6, 2, false],
	[9, 0, false],
])(
	'with %i under way and %i on their way an order may leave, before anything is known: %s',
	(underWay, submitting, may) => {
		expect(laneWith(underWay, submitting).isOpen(0, false)).toBe(may);
		// a run that does not wait for its tasks lets them stand in line
		expect(laneWith(underWay, submitting).isOpen(0, true)).toBe(true);
	},
);

test('no order leaves while the window is shut, whoever waits', () => {
	const lane = laneWith(1, 0);
	lane.window.refused('concurrency', 1, 0, 0.5, 0);
	expect([lane.isOpen(0, false), lane.isOpen(0, true)]).toEqual([false, false]);
});

test.each<[number, number | undefined, boolean]>([
	[7, undefined, false],
	[8, undefined, true],
	[9, undefined, true],
	[8, 5, false],
])('with %i under way and %j told, its edge is reached: %s', (underWay, told, isAtItsEdge) => {
	expect(laneWith(underWay, 0, told).isAtItsEdge).toBe(isAtItsEdge);
});

test('no task was given up at first', () => {
	expect(new Lane(5)).toMatchObject({ progressMs: 5, givenUpMs: -Infinity, isFull: undefined });
});

/** Two run at once, and so many tasks are taken. What is told comes into `told`. */
function linedUp(count: number) {
	const lane = new Lane(0);
	lane.tier.isTold(2);
	const told: Array<[number, number]> = [];
	const numbers = Array.from({ length: count }, () => lane.take());
	for (const number of numbers) lane.succeeds(number, (beganMs) => told.push([number, beganMs]));
	const end = (number: number, endedMs: number): void => {
		lane.hasEnded(number, endedMs + 1_000, endedMs);
		lane.leave(number);
	};
	return { lane, told, end };
}

test('those before it have all places, as far as is known', () => {
	const { lane } = linedUp(4);
	expect([0, 1, 2, 3].map((number) => lane.isBehindAll(number))).toEqual([false, false, true, true]);
	expect(new Lane(0).isBehindAll(9)).toBe(false);
});

test('each end that is seen gives its place to the first in line', () => {
	const { lane, told, end } = linedUp(5);
	end(1, 60_000);
	end(0, 61_000);
	expect(told).toEqual([
		[2, 60_000],
		[3, 61_000],
	]);
	expect(lane.progressMs).toBe(62_000);
	end(2, 120_000);
	end(3, 121_000);
	end(4, 180_000);
	expect(told.slice(2)).toEqual([[4, 120_000]]);
});

test('one that was cancelled in line gives no place back, nor does one that nobody waits for any more', () => {
	const { lane, told, end } = linedUp(4);
	end(3, 10_000);
	lane.leave(0);
	expect(told).toEqual([]);
});

test('a task of an earlier run, and one of which nobody knows how many run, tells no turn', () => {
	const { lane, told } = linedUp(4);
	lane.hasEnded(undefined, 1_000, 1_000);
	expect(lane.progressMs).toBe(1_000);
	const unknown = new Lane(0);
	unknown.succeeds(unknown.take(), () => told.push([0, 0]));
	unknown.hasEnded(0, 1_000, 1_000);
	expect(told).toEqual([]);
});

test('who has left is not told', () => {
	const { lane, told, end } = linedUp(3);
	lane.leave(2);
	end(0, 1_000);
	expect(told).toEqual([]);
});

test('three surprises in a row are the others, and one turn as expected is an end of that', () => {
	const lane = new Lane(0);
	const hear = (...asExpected: boolean[]): boolean => {
		for (const each of asExpected) lane.noteOrder(each);
		return lane.isInOrder;
	};
	expect([hear(), hear(false, false), hear(true, false, false), hear(false), hear(true)]).toEqual([
		true,
		true,
		true,
		false,
		true,
	]);
});

test.each(['inLine', 'submitting', 'underWay', 'unordered'] as const)('a lane with one %s is not idle', (what) => {
	const lane = new Lane(0);
	expect(lane.isIdle).toBe(true);
	lane[what] += 1;
	expect(lane.isIdle).toBe(false);
	lane[what] -= 1;
	expect(lane.isIdle).toBe(true);
});

test('nor is one with several', () => {
	const names = ['inLine', 'submitting', 'underWay', 'unordered'] as const;
	for (const one of names)
		for (const other of names) {
			const lane = new Lane(0);
			lane[one] += 1;
			lane[other] += 1;
			expect(lane.isIdle).toBe(false);
		}
});

import { Lane } from '../../../../lib/core/account/lane';

/** What shares one limit: its tasks in the order they were taken, and whether an order may leave. */

test('the tasks before one are those that were taken before it and have not left', () => {
	const lane = new Lane(0);
	const numbers = [lane.take(), lane.take(), lane.take()];
	expect(numbers.map((number) => lane.aheadOf(number))).toEqual([0, 1, 2]);
	lane.leave();
	expect(numbers.map((number) => lane.aheadOf(number))).toEqual([0, 0, 1]);
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

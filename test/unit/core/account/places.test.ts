import { Lane } from '../../../../lib/core/account/lane';
import { Places } from '../../../../lib/core/account/places';

/** What one run holds of its account, and that all of it is given back, once. */

function opened() {
	const account = { takenPlaces: 0, questions: 0 };
	const places = new Places({
		taken: (by) => (account.takenPlaces += by),
		asking: (by) => (account.questions += by),
	});
	return { account, places, lanes: [new Lane(0), new Lane(0)] as const };
}
const countsOf = ({ underWay, submitting, inLine, freed }: Lane) => ({ underWay, submitting, inLine, freed });
const NOTHING = { underWay: 0, submitting: 0, inLine: 0, freed: 0 };

test('what a run takes is counted in its lane and in its account', () => {
	const { account, places, lanes } = opened();
	const [lane, other] = lanes;
	places.inLine(lane, 1);
	expect(account.takenPlaces).toBe(0);
	places.inLine(lane, 1);
	places.submitting(lane, 1);
	places.takeTask(lane);
	places.takeTask(other);
	places.unordered(other, 1);
	places.asking(1);
	expect(countsOf(lane)).toEqual({ underWay: 1, submitting: 1, inLine: 2, freed: 0 });
	expect(countsOf(other)).toEqual({ ...NOTHING, underWay: 1 });
	expect(account).toEqual({ takenPlaces: 3, questions: 1 });
	expect([places.underWayIn(lane), places.underWayIn(new Lane(0))]).toEqual([1, 0]);
	places.inLine(lane, -1);
	places.submitting(lane, -1);
	places.asking(-1);
	expect(countsOf(lane)).toEqual({ ...NOTHING, underWay: 1, inLine: 1 });
	expect(account).toEqual({ takenPlaces: 2, questions: 0 });
});

test('the lanes in which orders wait are told', () => {
	const { places, lanes } = opened();
	const [lane, other] = lanes;
	places.inLine(lane, 1);
	places.submitting(other, 1);
	expect([...places.lanesWithOrders()]).toEqual([lane]);
	places.inLine(lane, -1);
	expect([...places.lanesWithOrders()]).toEqual([]);
});

test('a task has its number, and leaves its place', () => {
	const { account, places, lanes } = opened();
	const [lane] = lanes;
	expect([places.takeTask(lane), lane.take()]).toEqual([0, 1]);
	expect([lane.underWay, places.underWayIn(lane), account.takenPlaces, lane.aheadOf(1)]).toEqual([1, 1, 1, 1]);
	places.giveTaskBack(lane, 0);
	expect(countsOf(lane)).toEqual({ ...NOTHING, freed: 1 });
	expect([places.underWayIn(lane), account.takenPlaces, lane.aheadOf(1)]).toEqual([0, 0, 0]);
	// an earlier run ordered it
	places.giveTaskBack(lane, undefined);
	expect(countsOf(lane)).toEqual({ ...NOTHING, freed: 1 });
});

test('a task of an earlier run takes no place', () => {
	const { account, places, lanes } = opened();
	const [lane] = lanes;
	places.unordered(lane, 1);
	expect([lane.unordered, lane.underWay, account.takenPlaces]).toEqual([1, 0, 0]);
	places.unordered(lane, -1);
	expect(lane.unordered).toBe(0);
});

test('a run that leaves gives all back at once, and what reports late counts no more', () => {
	const { account, places, lanes } = opened();
	const [lane, other] = lanes;
	places.inLine(lane, 1);
	for (const _ of [1, 2]) places.submitting(lane, 1);
	for (const _ of [1, 2, 3]) places.takeTask(lane);
	places.giveTaskBack(lane, places.takeTask(lane));
	places.unordered(other, 1);
	places.asking(1);
	// those of other runs stay
	for (const _ of [1, 2, 3, 4]) for (const one of lanes) one.take();
	const numbers = { lane: lane.take(), other: other.take() };
	expect([lane.aheadOf(numbers.lane), other.aheadOf(numbers.other)]).toEqual([7, 4]);
	const check = (): void => {
		expect([countsOf(lane), countsOf(other)]).toEqual([{ ...NOTHING, freed: 4 }, NOTHING]);
		expect(account).toEqual({ takenPlaces: 0, questions: 0 });
		expect(other.unordered).toBe(0);
		expect([lane.aheadOf(numbers.lane), other.aheadOf(numbers.other)]).toEqual([4, 4]);
		expect([places.underWayIn(lane), [...places.lanesWithOrders()]]).toEqual([0, []]);
	};
	places.leave();
	check();
	places.leave();
	places.asking(-1);
	places.inLine(lane, 1);
	places.submitting(lane, -1);
	places.giveTaskBack(lane, 0);
	places.unordered(other, -1);
	expect(places.takeTask(lane)).toBeUndefined();
	check();
});

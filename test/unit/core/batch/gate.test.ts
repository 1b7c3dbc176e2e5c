import { backoffMs } from '../../../../lib/core/account/schedule';
import { Gate } from '../../../../lib/core/batch/gate';
import { NoReply } from '../../../../lib/core/http';
import type { Job } from '../../../../lib/core/job';
import type { Diagnosis } from '../../../../lib/core/provider';

/** Whether a run may order on, rule by rule. */

const MINUTE_MS = 60_000;
const NO: Diagnosis = { kind: 'permanent', summary: 'Refused by someone', advice: 'Do something.' };
const OWN_NO: Diagnosis = { ...NO, isOwnWords: true };
const RANDOM = (): number => 0.5;

/** Of a published price; none where absent. */
const order = (credits?: number, model = 'viduq2'): Job => ({
	...{ itemIndex: 0, operation: 'textToVideo', model, typicalSeconds: 60, fingerprint: 'a', origin: 'o' },
	...(credits === undefined ? {} : { price: { credits } }),
});

type Limits = ConstructorParameters<typeof Gate>[0];
const gateOf = (limits: Partial<Limits> = {}): Gate => new Gate({ maxWaitMs: 30 * MINUTE_MS, ...limits }, 'Vidu');
/** One that has taken an order already, so several may be on their way. */
const openGate = (limits: Partial<Limits> = {}, credits = 0): Gate => {
	const gate = gateOf(limits);
	gate.noteAccepted(order(), credits);
	return gate;
};
const repeat = (times: number, act: () => void): void => Array.from({ length: times }).forEach(act);

describe('orders at once', () => {
	test.each([
		['one, until the service has taken one', gateOf(), [true, false]],
		['four, once it has', openGate(), [true, true, true, true, false]],
	])('%s', (_name, gate, may) => {
		expect(may.map((_, submitting) => gate.mayOrder(submitting, 0))).toEqual(may);
	});

	test.each<[string, (gate: Gate) => void]>([
		['an order of an earlier try', (gate) => gate.noteEarlier(0)],
		['an order without a clear answer', (gate) => gate.noteUnknown(order(), -MINUTE_MS, RANDOM)],
	])('%s counts as taken', (_name, note) => {
		const gate = gateOf();
		note(gate);
		expect(gate.mayOrder(3, 0)).toBe(true);
	});
});

describe('Max Videos', () => {
	test.each([
		[1, 0, 2, true],
		[1, 1, 2, false],
		[1, 1, 3, true],
		[2, 0, 2, false],
		[2, 3, 5, false],
		[3, 0, 2, false],
	])('%i taken and %i on their way of %i: the next may go %s', (taken, submitting, maxVideos, may) => {
		const gate = gateOf({ maxVideos });
		repeat(taken, () => gate.noteAccepted(order(), 0));
		expect(gate.mayOrder(submitting, 0)).toBe(may);
	});

	test.each<[number, string, (gate: Gate) => void, boolean]>([
		[1, 'of an earlier try', (gate) => gate.noteEarlier(0), false],
		[2, 'of an earlier try', (gate) => gate.noteEarlier(0), true],
		[3, 'of an earlier try', (gate) => gate.noteEarlier(0), true],
		[1, 'without a clear answer', (gate) => gate.noteUnknown(order(), 0, RANDOM), false],
		[2, 'without a clear answer', (gate) => gate.noteUnknown(order(), 0, RANDOM), true],
	])('of 2, with %i %s', (count, _name, note, isReached) => {
		const gate = gateOf({ maxVideos: 2, noun: { one: 'image', many: 'images', title: 'Images' } });
		repeat(count, () => note(gate));
		gate.checkCaps();
		expect(gate.stopReason?.headline).toBe(isReached ? 'Not started: Max Images of 2 is reached' : undefined);
		expect(gate.stopReason?.isCap).toBe(isReached || undefined);
	});
});

describe('Max Credits', () => {
	test.each([
		[99, true],
		[100, false],
		[101, false],
	])('of 100 lets the next go with %i spent: %s', (spent, may) => {
		expect(openGate({ maxCredits: 100 }, spent).mayOrder(1, 0)).toBe(may);
		const later = gateOf({ maxCredits: 100 });
		later.noteEarlier(spent);
		expect(later.mayOrder(0, 0)).toBe(may);
		later.checkCaps();
		expect(later.stopReason?.headline).toBe(
			may ? undefined : `Not started: Max Credits of 100 is reached (${spent} spent)`,
		);
	});

	test.each<[string, number | undefined, Array<number | undefined>, boolean]>([
		['fits to the last credit', 40, [10], true],
		['does not fit', 41, [10], false],
		['without a price goes alone', undefined, [], true],
		['without a price does not go beside another', undefined, [1], false],
		['does not go beside one without a price', 1, [1, undefined], false],
	])('of 100, 50 of them spent: an order that %s', (_name, price, onTheirWay, hasRoom) => {
		const gate = openGate({ maxCredits: 100 }, 50);
		expect(
			gate.hasRoomFor(
				order(price),
				onTheirWay.map((credits) => order(credits)),
			),
		).toBe(hasRoom);
		// an order on its way may fail and leave its room
		expect(gate.stopReason).toBeUndefined();
	});

	test('that leaves no room, with nothing on its way, ends the orders', () => {
		const gate = openGate({ maxCredits: 100 }, 50);
		expect(gate.hasRoomFor(order(51), [])).toBe(false);
		expect(gate.stopReason).toMatchObject({
			headline: 'Not started: Max Credits of 100 is reached (50 spent, the next order costs 51)',
			isCap: true,
		});
		expect(gate.mayOrder(0, 0)).toBe(false);
	});

	test('that is not set always leaves room', () => {
		expect(openGate({}, 50).hasRoomFor(order(1_000_000), [order()])).toBe(true);
		const gate = openGate({}, 50);
		gate.checkCaps();
		expect(gate.stopReason).toBeUndefined();
	});

	test('counts an order without a clear answer by its price, and one without a price not', () => {
		const gate = gateOf({ maxCredits: 100 });
		gate.noteUnknown(order(60), 0, RANDOM);
		gate.noteUnknown(order(), 0, RANDOM);
		expect([gate.hasRoomFor(order(40), []), gate.hasRoomFor(order(41), [])]).toEqual([true, false]);
	});
});

describe('an order that cost more than its published price', () => {
	const after = (published: number | undefined, charged: number | undefined, taken = 1): Gate => {
		const gate = gateOf({ maxCredits: 1_000 });
		repeat(taken, () => gate.noteAccepted(order(published), charged));
		return gate;
	};
	/** The most that an order may cost by its published price. */
	const roomFor = (gate: Gate, model?: string): number => {
		for (let price = 1_000; price > 0; price -= 1) if (gateCopy(gate).hasRoomFor(order(price, model), [])) return price;
		return 0;
	};
	/** What has no room ends the orders: each is asked of another. */
	const gateCopy = (gate: Gate): Gate => Object.assign(gateOf({ maxCredits: 1_000 }), gate);

	test.each<[string, number | undefined, number | undefined, number]>([
		['cost what it should', 50, 50, 950],
		['cost less', 50, 40, 960],
		['did not say what it cost', 50, undefined, 950],
		['cost half as much again', 50, 75, 616],
		['has no published price', undefined, 75, 925],
		['was to be had for nothing', 0, 75, 925],
	])('lets the next count for more: one that %s', (_name, published, charged, room) => {
		expect(roomFor(after(published, charged))).toBe(room);
	});

	test('says nothing of other models', () => {
		expect(roomFor(after(50, 75), 'viduq3')).toBe(925);
	});

	test('counts among those on their way, and where no answer is clear', () => {
		const gate = after(50, 75);
		// 75 spent, 2 × 75 on their way
		expect(gate.hasRoomFor(order(516), [order(50), order(50)])).toBe(true);
		expect(gate.hasRoomFor(order(517), [order(50), order(50)])).toBe(false);
		gate.noteUnknown(order(50), 0, RANDOM);
		expect(roomFor(gate)).toBe(566);
	});

	test('is forgotten for one that cost more still, and not for one that cost less', () => {
		const gate = after(50, 75);
		gate.noteAccepted(order(50), 75);
		gate.noteAccepted(order(50), 50);
		// 200 spent
		expect(roomFor(gate)).toBe(533);
		gate.noteAccepted(order(50), 100);
		expect(roomFor(gate)).toBe(350);
	});

	test('stays the measure where another costs what it makes expected', () => {
		const gate = after(50, 75);
		gate.noteAccepted(order(3), 5);
		expect(roomFor(gate)).toBe(613);
	});

	test('says nothing of one without a price, which still goes alone', () => {
		const gate = after(50, 75);
		expect([gate.hasRoomFor(order(), []), gate.hasRoomFor(order(), [order(1)]), gate.stopReason]).toEqual([
			...[true, false, undefined],
		]);
	});

	test('rounds up, for no credit is split', () => {
		const gate = after(3, 4);
		gate.hasRoomFor(order(748), []);
		expect(gate.stopReason?.headline).toContain('(4 spent, the next order costs 998)');
	});
});

test('the first reason to order nothing more stays the reason', () => {
	const gate = openGate({ maxVideos: 1, maxCredits: 10 }, 10);
	gate.noteAccountRefused(NO);
	gate.checkCaps();
	gate.hasRoomFor(order(1), []);
	repeat(40, () => gate.noteTurnedAway(OWN_NO));
	gate.noteNotReached(new NoReply('x', false, true), 0, RANDOM);
	repeat(3, () => gate.noteUnknown(order(), 0, RANDOM));
	expect(gate.stopReason).toMatchObject({ headline: 'Not started: Refused by someone', diagnosis: NO });
	const noCredits = openGate({ maxCredits: 10 }, 10);
	noCredits.noteAccountRefused(NO);
	noCredits.checkCaps();
	expect(noCredits.stopReason?.diagnosis).toBe(NO);
});

describe('when nothing moved for as long as a task may take', () => {
	const BUSY_MODEL: Diagnosis = { ...NO, busy: 'model', summary: 'The model is overloaded' };
	const FULL: Diagnosis = { ...NO, busy: 'concurrency', summary: 'The account is full' };
	test.each<[number, Diagnosis | undefined, string]>([
		[1, undefined, 'Not started: Vidu took no order for 1 minute'],
		[2, FULL, 'Not started: Vidu took no order for 2 minutes'],
		[30, BUSY_MODEL, 'Not started: Vidu took no order for 30 minutes (The model is overloaded)'],
	])('it says so: %i minutes, %j', (minutes, busy, headline) => {
		const failure = gateOf({ maxWaitMs: minutes * MINUTE_MS }).patienceEnded(busy);
		expect(failure.headline).toBe(headline);
		expect(failure.diagnosis).toBe(busy);
		expect(/another model/.test(failure.description)).toBe(busy === BUSY_MODEL);
		expect(/Max Wait/.test(failure.description)).toBe(busy !== BUSY_MODEL);
	});
});

describe('orders that are turned away on their way', () => {
	const stopsAfter = (gate: Gate): number => {
		for (let count = 1; count < 100; count += 1) {
			gate.noteTurnedAway(OWN_NO);
			if (gate.stopReason) return count;
		}
		return Infinity;
	};

	test('are about all of them after three in a row at first, after thirty once one was taken', () => {
		const [atFirst, later] = [gateOf(), openGate()];
		expect([stopsAfter(atFirst), stopsAfter(later)]).toEqual([3, 30]);
		expect(later.stopReason).toMatchObject({
			headline: 'Not started: 30 orders in a row were turned away on their way to Vidu',
			diagnosis: OWN_NO,
		});
	});

	test.each<[string, (gate: Gate) => void, number]>([
		['the service itself says no', (gate) => gate.noteRefused(OWN_NO), 3],
		['something in between says no', (gate) => gate.noteRefused(NO), 1],
		['an order is taken', (gate) => gate.noteAccepted(order(), 0), 30],
	])('in between, %s', (_name, note, more) => {
		const gate = gateOf();
		repeat(2, () => gate.noteTurnedAway(NO));
		note(gate);
		expect(stopsAfter(gate)).toBe(more);
	});
});

describe('a service that cannot be reached', () => {
	const LOST = new NoReply('lost', false);
	const NO_HOST = new NoReply('no such host', false, false, true);
	const [SHORT_MS, LONG_MS] = [20_000, 240_000];

	test.each<[string, NoReply, (gate: Gate) => void, number]>([
		['is tried for four minutes', LOST, () => {}, LONG_MS],
		['is tried for 20 seconds where its name is not known', NO_HOST, () => {}, SHORT_MS],
		['is tried for four minutes where it has answered before', NO_HOST, (gate) => gate.noteReachable(), LONG_MS],
	])('%s', (_name, cause, before, patienceMs) => {
		const gate = gateOf();
		before(gate);
		expect(gate.noteNotReached(cause, 1_000, RANDOM)).toBeUndefined();
		expect(gate.noteNotReached(cause, 1_000 + patienceMs - 1, RANDOM)).toBeUndefined();
		expect(gate.stopReason).toBeUndefined();
		const failure = gate.noteNotReached(cause, 1_000 + patienceMs, RANDOM);
		expect(failure).toMatchObject({ kind: 'refused', headline: 'Vidu cannot be reached' });
		expect(failure?.description).toContain(cause.message);
		// the orders behind were never sent
		expect(gate.stopReason).toEqual({ ...failure, kind: 'notStarted' });
	});

	test('begins anew after each answer', () => {
		const gate = gateOf();
		gate.noteNotReached(LOST, 0, RANDOM);
		gate.noteReachable();
		expect(gate.noteNotReached(LOST, LONG_MS, RANDOM)).toBeUndefined();
	});

	test('is given up at once where waiting mends nothing', () => {
		const gate = gateOf();
		expect(gate.noteNotReached(new NoReply('bad certificate', false, true), 0, RANDOM)?.kind).toBe('refused');
		expect(gate.stopReason?.kind).toBe('notStarted');
	});
});

describe('pauses', () => {
	const pauses: Array<[string, (gate: Gate, nowMs: number) => void]> = [
		['without a connection', (gate, nowMs) => void gate.noteNotReached(new NoReply('x', false), nowMs, RANDOM)],
		['without a clear answer', (gate, nowMs) => gate.noteUnknown(order(), nowMs, RANDOM)],
	];
	test.each(pauses)('an order %s lets the next ones wait, longer each time, until one is taken', (_name, note) => {
		const gate = openGate();
		for (const failed of [1, 2]) {
			note(gate, 5_000);
			expect(gate.pausedUntilMs).toBe(5_000 + backoffMs(failed, 0.5));
		}
		expect(backoffMs(2, 0.5)).toBeGreaterThan(backoffMs(1, 0.5));
		expect(gate.mayOrder(0, gate.pausedUntilMs - 1)).toBe(false);
		expect(gate.mayOrder(0, gate.pausedUntilMs)).toBe(true);
		gate.noteAccepted(order(), 0);
		note(gate, 5_000);
		expect(gate.pausedUntilMs).toBe(5_000 + backoffMs(1, 0.5));
	});
});

describe('orders without a clear answer', () => {
	const stopsAfter = (gate: Gate): number => {
		for (let count = 1; count < 10; count += 1) {
			gate.noteUnknown(order(), 0, RANDOM);
			if (gate.stopReason) return count;
		}
		return Infinity;
	};

	test('three in a row, and no more money is risked', () => {
		const gate = openGate();
		expect(stopsAfter(gate)).toBe(3);
		expect(gate.stopReason?.headline).toBe('Not started: Vidu gave no clear answer to 3 orders in a row');
	});

	test.each<[string, (gate: Gate) => void]>([
		['accepted', (gate) => gate.noteAccepted(order(), 0)],
		['refused', (gate) => gate.noteRefused(NO)],
	])('an order that is %s in between begins a new row', (_name, note) => {
		const gate = openGate();
		repeat(2, () => gate.noteUnknown(order(), 0, RANDOM));
		note(gate);
		expect(stopsAfter(gate)).toBe(3);
	});
});

import { Timetable } from '../../../../lib/core/account/timetable';

/** When each of many wants something next. */

/** Past plans that are held without a thought, as the table has it. */
const PAST_PLANS_AT_EASE = 16;

function tableOf(wishes: Record<string, number>) {
	const table = new Timetable<string>((who) => wishes[who] ?? Infinity);
	for (const who of Object.keys(wishes)) table.plan(who);
	return { table, wishes };
}

test('the first is who wants something first, and of those at one time who was planned first', () => {
	const { table } = tableOf({ late: 9, a: 5, b: 5 });
	expect(table.first).toMatchObject({ who: 'a', atMs: 5 });
	expect(table.firstPlannedMs).toBe(5);
	expect([table.takeDue(9), table.takeDue(9), table.takeDue(9), table.takeDue(9)]).toEqual([
		'a',
		'b',
		'late',
		undefined,
	]);
});

test('nobody is due before the time', () => {
	const { table } = tableOf({ a: 5 });
	expect(table.takeDue(4)).toBeUndefined();
	expect(table.takeDue(5)).toBe('a');
	expect(table.first).toBeUndefined();
	expect(table.firstPlannedMs).toBe(Infinity);
});

test('one who wants nothing is not on the table', () => {
	const { table } = tableOf({ a: Infinity });
	expect(table.first).toBeUndefined();
	expect(table.firstPlannedMs).toBe(Infinity);
	expect(table.takeDue(1e12)).toBeUndefined();
});

test('a wish that moves ahead has to be planned, one that moves back is noticed by itself', () => {
	const { table, wishes } = tableOf({ a: 5, b: 7 });
	wishes.b = 3;
	table.plan('b');
	expect(table.first).toMatchObject({ who: 'b', atMs: 3 });
	wishes.b = 8;
	expect(table.first).toMatchObject({ who: 'a', atMs: 5 });
	wishes.a = 9;
	expect(table.first).toMatchObject({ who: 'b', atMs: 8 });
	// by the plan, which may be too early and never too late
	expect(table.firstPlannedMs).toBeLessThanOrEqual(8);
	expect([table.takeDue(9), table.takeDue(9), table.takeDue(9)]).toEqual(['b', 'a', undefined]);
});

test('a later wish does not replace an earlier plan', () => {
	const { table, wishes } = tableOf({ a: 5 });
	wishes.a = 6;
	table.plan('a');
	expect(table.firstPlannedMs).toBe(5);
	wishes.a = 5;
	table.plan('a');
	expect(table.takeDue(5)).toBe('a');
	expect(table.takeDue(5)).toBeUndefined();
});

test('an earlier plan leaves none of the later one', () => {
	const { table, wishes } = tableOf({ a: 5 });
	wishes.a = 3;
	table.plan('a');
	expect(table.takeDue(3)).toBe('a');
	expect(table.firstPlannedMs).toBe(Infinity);
	expect(table.takeDue(9)).toBeUndefined();
});

test('a wish that ends takes its plan along', () => {
	const { table, wishes } = tableOf({ a: 5, b: 6 });
	wishes.a = Infinity;
	expect(table.first).toMatchObject({ who: 'b' });
	expect(table.firstPlannedMs).toBe(6);
	wishes.a = 6;
	table.plan('a');
	expect([table.takeDue(6), table.takeDue(6)]).toEqual(['b', 'a']);
});

test('who is forgotten is not due, and may come again', () => {
	const { table } = tableOf({ a: 5, b: 6 });
	table.forget('a');
	expect(table.first).toMatchObject({ who: 'b', atMs: 6 });
	expect(table.firstPlannedMs).toBe(6);
	expect(table.takeDue(5)).toBeUndefined();
	table.plan('a');
	expect(table.takeDue(6)).toBe('a');
});

test('what was planned is taken though the wish lies elsewhere by now', () => {
	const { table, wishes } = tableOf({ a: 5 });
	wishes.a = 50;
	expect(table.takeDue(5)).toBe('a');
	table.plan('a');
	expect(table.firstPlannedMs).toBe(50);
});

describe('nothing is held of', () => {
	test('those that are gone, although their time would come in a day', () => {
		const table = new Timetable<number>(() => 86_400_000);
		for (let who = 0; who < 1_000; who += 1) {
			table.plan(who);
			if (who >= 10) table.forget(who);
		}
		expect(table.size).toBeLessThanOrEqual(50);
		expect([...Array(11)].map(() => table.takeDue(86_400_000))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, undefined]);
	});

	test('plans that moved ahead', () => {
		let nextMs = 1_000;
		const table = new Timetable<string>(() => nextMs);
		for (; nextMs > 0; nextMs -= 1) table.plan('a');
		expect(table.size).toBeLessThanOrEqual(20);
		expect([table.takeDue(1), table.takeDue(1_000)]).toEqual(['a', undefined]);
	});

	test('one that came again at the same time: it is due once', () => {
		const table = new Timetable<string>(() => 5);
		table.plan('a');
		table.forget('a');
		table.plan('a');
		expect(table.takeDue(5)).toBe('a');
		table.plan('a');
		expect([table.takeDue(5), table.takeDue(5)]).toEqual(['a', undefined]);
	});
});

test('past plans are let go once they are more than those that count and some', () => {
	const wishes: Record<string, number> = {};
	const { table } = tableOf(wishes);
	const plan = (who: string, atMs: number): void => {
		wishes[who] = atMs;
		table.plan(who);
	};
	for (let count = 0; count < 10; count += 1) plan(`stays ${count}`, 1_000_000);
	let most = 0;
	for (let atMs = 900_000; table.size >= most; atMs -= 1) {
		most = table.size;
		plan('moves', atMs);
	}
	// eleven count
	expect([most, table.size]).toEqual([2 * 11 + PAST_PLANS_AT_EASE, 11]);
	expect(table.first?.who).toBe('moves');
});

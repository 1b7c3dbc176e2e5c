import { Tier } from '../../../../lib/core/account/tier';

/** How many tasks run at once, told by the account or learned from its tasks, and how many orders that makes. */

type Act = (tier: Tier) => void;
const told =
	(limit: number): Act =>
	(tier) =>
		tier.isTold(limit);
const running =
	(ahead: number): Act =>
	(tier) =>
		tier.sawRunning(ahead);
const inLine =
	(ahead: number): Act =>
	(tier) =>
		tier.sawInLine(ahead);

test.each<[string, Act[], number | undefined, number]>([
	['nothing is known', [], undefined, 8],
	['the account says 1', [told(1)], 1, 3],
	['the account says 5', [told(5)], 5, 7],
	['the account says 11', [told(11)], 11, 14],
	['the account says 30', [told(30)], 30, 36],
	['three run', [running(2)], undefined, 8],
	['five run', [running(4)], undefined, 10],
	['five run, and then the first of them is looked at', [running(4), running(0)], undefined, 10],
	['one stands in line behind five', [inLine(5)], 5, 7],
	['one stands in line behind five and another behind four', [inLine(5), inLine(4)], 4, 6],
	['one stands in line behind four and another behind five', [inLine(4), inLine(5)], 4, 6],
	['one stands in line with none of ours before it', [inLine(0)], undefined, 8],
	['the fifth runs and the sixth stands in line', [running(4), inLine(5)], 5, 7],
	['one stands in line behind five, then the sixth runs', [inLine(5), running(5)], undefined, 12],
	['one stands in line behind five, then the fifth runs', [inLine(5), running(4)], 5, 7],
	[
		'ten ran and now one stands in line behind three, then the fourth runs',
		[running(9), inLine(3), running(3)],
		undefined,
		8,
	],
	['the account says 5, and five run', [told(5), running(4)], 5, 7],
	['the account says 5, and six run, as an end was not seen yet', [told(5), running(5)], 5, 7],
	['the account says 5, and its whole stock runs', [told(5), running(6)], undefined, 14],
	['what was seen is older than what the account says', [running(9), inLine(4), told(5)], 5, 7],
	[
		'the account says 5, then seven run of which ten ran before it said so',
		[running(9), told(5), running(6)],
		undefined,
		14,
	],
	['a line was seen before the account said 5, and then seven run', [inLine(2), told(5), running(6)], undefined, 14],
	['the account says 5, and one stands in line behind three', [told(5), inLine(3)], 5, 7],
])('where %s', (_name, acts, runningAtOnce, wanted) => {
	const tier = new Tier();
	for (const act of acts) act(tier);
	expect({ runningAtOnce: tier.runningAtOnce, wanted: tier.wanted }).toEqual({ runningAtOnce, wanted });
});

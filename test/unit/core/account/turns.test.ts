import { Turns } from '../../../../lib/core/account/turns';

/** Who takes turns: round and round, each once in the row. */

test('each goes behind the others after its turn, and out of the row where it wants no more', () => {
	const turns = new Turns<string>();
	expect(['a', 'b', 'c', 'a'].map((who) => turns.add(who))).toEqual([true, true, true, false]);
	const row: unknown[] = [];
	for (let turn = 0; turn < 7; turn += 1) {
		row.push(turns.first);
		turns.pass((who) => who !== 'b');
	}
	expect(row).toEqual(['a', 'b', 'c', 'a', 'c', 'a', 'c']);
	expect([turns.length, turns.has('b'), turns.has('c')]).toEqual([2, false, true]);
});

test('who is removed has no turn, and is held no longer', () => {
	const turns = new Turns<string>();
	for (const who of ['a', 'b']) turns.add(who);
	turns.remove('a');
	expect([turns.first, turns.length]).toEqual(['b', 1]);
	turns.remove('b');
	turns.pass(() => true);
	expect([turns.first, turns.length]).toEqual([undefined, 0]);
});

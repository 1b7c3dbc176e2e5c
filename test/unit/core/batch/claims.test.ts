import { Claims } from '../../../../lib/core/batch/claims';

/** Calls that share what they order, at the same time. */

test('a call waits for another one that is about to order the same, until what became of it is noted', () => {
	const entries = {};
	const [one, other] = [new Claims(entries), new Claims(entries)];
	one.take(0, 'a');
	one.take(1, 'b');
	expect([other.mustWaitFor('a'), other.mustWaitFor('b'), other.mustWaitFor('c')]).toEqual([true, true, false]);
	one.release(0);
	expect([other.mustWaitFor('a'), other.mustWaitFor('b')]).toEqual([false, true]);
	one.take(2, 'c');
	one.releaseAll();
	expect([other.mustWaitFor('b'), other.mustWaitFor('c')]).toEqual([false, false]);
});

test('it does not wait for itself, nor for a call that shares nothing with it', () => {
	const one = new Claims({});
	one.take(0, 'a');
	expect([one.mustWaitFor('a'), new Claims({}).mustWaitFor('a')]).toEqual([false, false]);
});

test('a call that is about to order waits for nobody, so no two wait for each other', () => {
	const entries = {};
	const [one, other] = [new Claims(entries), new Claims(entries)];
	one.take(0, 'a');
	other.take(0, 'b');
	expect([one.mustWaitFor('b'), other.mustWaitFor('a')]).toEqual([false, false]);
});

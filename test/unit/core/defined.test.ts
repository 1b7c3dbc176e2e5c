import { defined } from '../../../lib/core/defined';

test('what has no value is left out, and nothing else', () => {
	expect(Object.entries(defined({ a: undefined, b: null, c: 0, d: '', e: false }))).toEqual([
		['b', null],
		['c', 0],
		['d', ''],
		['e', false],
	]);
});

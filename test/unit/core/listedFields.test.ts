import { readDecimal, readLines, readWords, wordsOf } from '../../../lib/core/listedFields';

/** Numbers with a fraction and lists, as people and sheets write them. */

test.each([
	[1.5, 1.5],
	[' 1.5 ', 1.5],
	['1,5', 1.5],
	['-1,5', undefined],
	['1,5,5', undefined],
	['x1,5', undefined],
	['', undefined],
	[null, undefined],
	[true, undefined],
	[10, 10],
	[10.1, undefined],
	[0, 0],
])('%p is %p, of 0 to 10', (value, read) => {
	expect(readDecimal({ kind: 'number', min: 0, max: 10 } as never, value)).toBe(read);
});

test.each([
	['a, b', ['a', 'b']],
	['a;b\nc', ['a', 'b', 'c']],
	[
		['a b', ' c '],
		['a', 'b', 'c'],
	],
	[' ', []],
])('the words of %j are %j', (value, words) => {
	expect(wordsOf(value)).toEqual(words);
});

test('words are each told once, and one that is not offered spoils all', () => {
	const rule = { kind: 'words', values: ['a', 'b'] } as never;
	expect([readWords(rule, 'a, b, a'), readWords(rule, 'a, c')]).toEqual([['a', 'b'], undefined]);
});

test.each([
	['one\n\r\ntwo', ['one', 'two']],
	[
		['one', ' two '],
		['one', 'two'],
	],
	['six...', undefined],
	[['one', 2], undefined],
	[7, undefined],
	[null, undefined],
	['', []],
])('the lines of %j, of five characters at most, are %j', (value, lines) => {
	expect(readLines({ kind: 'lines', maxChars: 5 } as never, value)).toEqual(lines);
});

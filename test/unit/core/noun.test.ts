import { RESULT, tellNumber, withArticle } from '../../../lib/core/noun';

/** How messages call what a task makes. */

test.each([
	['video', 'a video'],
	['image', 'an image'],
	['audio file', 'an audio file'],
	['sound', 'a sound'],
])('%s: %s', (noun, told) => {
	expect(withArticle(noun)).toBe(told);
});

test.each([
	[0, '0 results'],
	[1, '1 result'],
	[2, '2 results'],
])('%i: %s', (count, told) => {
	expect(tellNumber(count, RESULT)).toBe(told);
});

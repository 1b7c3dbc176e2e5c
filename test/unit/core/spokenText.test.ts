import { checkSpokenText } from '../../../lib/core/spokenText';

test.each([
	['four characters', 'tens'],
	['two Chinese characters', '你好'],
	['the longest text', 'x'.repeat(2_000)],
	['the longest Chinese text', '影'.repeat(1_000)],
	['pauses between texts', 'One.<#0.01#>Two,<#99.99#>3.'],
	['what only looks like a pause', 'One < # 1 # > two'],
	['a second text after a line break', 'One.<#1#>\nTwo.'],
])('%s can be spoken', (_name, text) => {
	expect(checkSpokenText(text)).toBeUndefined();
});

test.each([
	['three characters', 'two', 'is too short'],
	['one Chinese character', '你', 'is too short'],
	['too many', 'x'.repeat(2_001), 'is too long'],
	['too many Chinese characters', `x${'影'.repeat(1_000)}`, 'is too long'],
	['a pause of no time', 'One.<#0.00#>Two.', 'has a pause of "0.00" seconds'],
	['a pause of 100 s', 'One.<#100#>Two.', 'has a pause of "100" seconds'],
	['a pause of three digits behind the point', 'One.<#1.001#>Two.', 'has a pause of "1.001" seconds'],
	['a pause that is no number', 'One.<#a while#>Two.', 'has a pause of "a while" seconds'],
	['a pause at the end', 'One.<#1#>', 'has a pause that stands at an end or beside another'],
	['a pause in front', '<#1#>One.', 'has a pause that stands at an end or beside another'],
	['two in a row', 'One.<#1#> … <#1#>Two.', 'has a pause that stands at an end or beside another'],
])('%s cannot', (_name, text, what) => {
	expect(checkSpokenText(text)?.what).toContain(what);
});

test('another service may take longer texts', () => {
	expect(checkSpokenText('x'.repeat(9_999), 9_999, 1)).toBeUndefined();
	expect(checkSpokenText('x'.repeat(10_000), 9_999, 1)?.advice).toContain('1 to 9999 characters');
});

test('what is advised counts Chinese characters twice', () => {
	expect(checkSpokenText('two')?.advice).toBe('Use 4 to 2000 characters, 2 to 1000 where they are Chinese.');
	expect(checkSpokenText('two', 99, 5)?.advice).toBe('Use 5 to 99 characters, 2 to 49 where they are Chinese.');
});

test('signs alone hold no pause that could be wrong', () => {
	expect(checkSpokenText('?! …')).toBeUndefined();
});

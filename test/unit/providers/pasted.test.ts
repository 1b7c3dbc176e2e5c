import { zhipu } from '../../../lib/providers/zhipu';

const NUMBER = '8868902201637896192';
const DATED = '202602131558003a9f0b1c2d';

test.each<[string, string, string[]]>([
	['both kinds', `${NUMBER} and ${DATED}`, [NUMBER, DATED]],
	['in capitals', DATED.toUpperCase(), [DATED.toUpperCase()]],
	['in quotes and before a full stop', `"${NUMBER}", ${DATED}.`, [NUMBER, DATED]],
	['of the fewest digits', '1234567890123456', ['1234567890123456']],
	['but no shorter number', '7 and 123456789012345', []],
	['but no longer number', '1'.repeat(26), []],
	['but no date with fewer than four signs behind it', '20260213155800abc', []],
	['but no date with other letters', '20260213155800xyzxyz', []],
	['but nothing that only begins like a date', '20abcdefabcdefabcdef', []],
	['but no part of a word, a number or a name', `x${NUMBER} 1.${NUMBER} a-${NUMBER} ${NUMBER}x ${NUMBER}-1`, []],
])('ids of Zhipu are found in a text that was pasted: %s', (_name, text, ids) => {
	expect(zhipu.findTaskIds!(text)).toEqual(ids);
});

import { vidu } from '../../../lib/providers/vidu';
import { vtrix } from '../../../lib/providers/vtrix';
import { zhipu } from '../../../lib/providers/zhipu';

/** What each service's ids look like in a text that was pasted: a message, a log, the address of a task. */

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
])('ids of Zhipu: %s', (_name, text, ids) => {
	expect(zhipu.findTaskIds!(text)).toEqual(ids);
});

const [FIRST, SECOND] = ['876543210123456789', '976543210123456789'];

test.each<[string, string, string[]]>([
	['each once', `${FIRST}\n${SECOND}, ${FIRST}`, [FIRST, SECOND]],
	['in quotes and before a full stop', `"${FIRST}" or ${SECOND}.`, [FIRST, SECOND]],
	['of 17 to 19 digits', `${'1'.repeat(17)} ${'2'.repeat(19)}`, ['1'.repeat(17), '2'.repeat(19)]],
	['but no shorter or longer number', `${'1'.repeat(16)} ${'1'.repeat(20)}`, []],
	['behind the word task', `task_${FIRST} Task-${SECOND}`, [FIRST, SECOND]],
	['but not behind a word that ends in it', `multitask_${FIRST}`, []],
	['several with hyphens between them', `${FIRST}-${SECOND}`, [FIRST, SECOND]],
	['but no part of a word, a number or a name', `x${FIRST} 1.${FIRST} a-${FIRST} 1-${FIRST} ${FIRST}x ${FIRST}-1`, []],
])('ids of Vidu: %s', (_name, text, ids) => {
	expect(vidu.findTaskIds!(text)).toEqual(ids);
});

const SHORT = 'd758n65e000000000000';
const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const HEX = 'ab3d8cd98f00b204e9800998ecf8427e';
const DOUBAO = 'cgt-20260213155800-p1z';

test.each<[string, string, string[]]>([
	['of all four kinds, each once', `${SHORT} ${UUID} ${HEX} ${DOUBAO} ${SHORT}`, [SHORT, UUID, HEX, DOUBAO]],
	['in quotes and before a full stop', `"${SHORT}", '${UUID}'; ${HEX}.`, [SHORT, UUID, HEX]],
	['a UUID in capitals', UUID.toUpperCase(), [UUID.toUpperCase()]],
	[
		'hexadecimal that begins with a digit, or is none but digits',
		`1${HEX.slice(1)} ${'1'.repeat(32)}`,
		[`1${HEX.slice(1)}`, '1'.repeat(32)],
	],
	['letters first', 'cdevv000000000000000', ['cdevv000000000000000']],
	['but no word of that length', `${'decade'.repeat(3)}de ${'abcdefab'.repeat(4)}`, []],
	['but nothing that begins with another letter', `b${SHORT.slice(1)} f${SHORT.slice(1)}`, []],
	['but no letter past v', `d758w${SHORT.slice(5)} g${HEX.slice(1)} ${UUID.replace('f', 'g')}`, []],
	['but none that is shorter or longer', [SHORT, UUID, HEX].flatMap((id) => [id.slice(0, -1), `${id}0`]).join(' '), []],
	[
		'but no UUID with its hyphens elsewhere',
		'0f8fad5bd-9cb-469f-a165-70867728950e 0f8fad5b-d9cb-469f-70867728950e',
		[],
	],
	['but no date that is shorter', 'cgt-2026021315580-p1z cgt-20260213155800-', []],
	[
		'but no part of a word, a number or a name',
		[SHORT, UUID, HEX, DOUBAO]
			.flatMap((id) => [`x${id}`, `_${id}`, `1.${id}`, `a-${id}`, `${id}_`, `${id}-1`])
			.join(' '),
		[],
	],
])('ids of Vtrix: %s', (_name, text, ids) => {
	expect(vtrix.findTaskIds!(text)).toEqual(ids);
});

import { InvalidInput } from '../../../../lib/n8n/input/invalidInput';
import { readSwitch } from '../../../../lib/n8n/input/switches';

/** What a switch reads: texts of a sheet count, what is neither is said before anything is bought. */

test.each<[unknown, boolean]>([
	[true, true],
	['TRUE', true],
	[' yes ', true],
	[1, true],
	['1', true],
	[false, false],
	['FALSE', false],
	['off', false],
	[0, false],
	['', true],
	[null, true],
	[undefined, true],
])('%j is %j where left out means on', (value, read) => {
	expect(readSwitch(value, 'Download Video', true)).toBe(read);
});

test.each<[unknown]>([['maybe'], [2], [{}], [[]], ['constructor']])('%j is refused by name', (value) => {
	expect(() => readSwitch(value, 'Download Video', true)).toThrow(InvalidInput);
	expect(() => readSwitch(value, 'Download Video', true)).toThrow(/^Download Video ".*" is neither on nor off$/);
});

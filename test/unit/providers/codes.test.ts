import type { CodeRow } from '../../../lib/providers/codes';
import { diagnoseByStatus, listed, quoting } from '../../../lib/providers/codes';
import { VIDU_CODES } from '../../../lib/providers/vidu/codes';

const row: CodeRow = { kind: 'permanent', summary: 'No', advice: 'Stop.', quotesMessage: true };
const quoted = (message: string | undefined) => quoting(row, message).summary;

describe('the words of the service in a headline', () => {
	test.each([
		[undefined, 'No'],
		['', 'No'],
		[' . ', 'No'],
		['seed is wrong', 'No: seed is wrong'],
		['  seed\n\n is   wrong  ', 'No: seed is wrong'],
		['seed is wrong. 。!！ ', 'No: seed is wrong'],
		['seed 1.5 is wrong', 'No: seed 1.5 is wrong'],
	])('%j reads %j', (message, summary) => {
		expect(quoted(message)).toBe(summary);
	});

	test('are cut to 120 characters, and no blank stands before the cut', () => {
		expect(quoted('x'.repeat(120))).toBe(`No: ${'x'.repeat(120)}`);
		expect(quoted('x'.repeat(121))).toBe(`No: ${'x'.repeat(119)}…`);
		expect(quoted(`${'x'.repeat(118)} ${'y'.repeat(9)}`)).toBe(`No: ${'x'.repeat(118)}…`);
		expect(quoted(` ${'x'.repeat(118)} ${'y'.repeat(9)}`)).toBe(`No: ${'x'.repeat(118)}…`);
	});

	test('are left out where the row says all', () => {
		const { quotesMessage: _, ...silent } = row;
		expect(quoting(silent, 'seed is wrong')).toEqual(silent);
		expect(quoting(row, undefined)).toEqual(silent);
	});
});

test('a code that is not listed has no row, nor has none', () => {
	const table = { undefined: row, a: row };
	expect(listed(table, 'a')).toBe(row);
	expect(listed(table, 'b')).toBeUndefined();
	expect(listed(table, undefined)).toBeUndefined();
	expect(listed(table, 'constructor')).toBeUndefined();
});

test.each([
	[200, 'transient', {}],
	[299, 'transient', {}],
	[300, 'permanent', {}],
	[302, 'permanent', {}],
	[399, 'permanent', {}],
	[400, 'permanent', { quotesMessage: true }],
	[401, 'auth', {}],
	[402, 'balance', {}],
	[403, 'auth', {}],
	[404, 'permanent', { unknownTask: true }],
	[408, 'transient', {}],
	[425, 'transient', {}],
	[429, 'transient', { busy: 'rate' }],
	[499, 'permanent', { quotesMessage: true }],
	[500, 'transient', {}],
	[503, 'transient', {}],
])('HTTP %i without a code is %s', (status, kind, marks) => {
	const { summary, advice, ...rest } = diagnoseByStatus(status, 'Zhipu');
	expect(rest).toEqual({ kind, ...marks });
	expect(summary).toContain('Zhipu');
	expect(advice).toMatch(/\.$/);
});

test.each([
	[302, 'Zhipu redirected the request to another address (HTTP 302)'],
	[400, 'Zhipu refused the request (HTTP 400)'],
	[408, 'Zhipu is temporarily unavailable (HTTP 408)'],
])('HTTP %i is told with its number', (status, summary) => {
	expect(diagnoseByStatus(status, 'Zhipu').summary).toBe(summary);
});

test('an operation that Vidu is still working on is asked for again like calls that came too fast', () => {
	expect(VIDU_CODES.OperationInProcess).toMatchObject({ kind: 'transient', busy: 'rate' });
});

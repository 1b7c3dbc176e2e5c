import { Ledger, type LedgerEntry } from '../../../lib/core/ledger';
import type { Job } from '../../../lib/core/types';

const job = (itemIndex: number, fingerprint = 'a'): Job => ({
	itemIndex,
	operation: 'textToVideo',
	model: 'm',
	fields: {},
	images: [],
	typicalSeconds: 60,
	fingerprint,
});
const task: LedgerEntry = { state: 'submitted', atMs: 1, taskId: '876543210123456789', execution: '1' };

test('what was written is read again, through a database too', () => {
	const entries: Record<string, LedgerEntry> = {};
	new Ledger(entries, 0, '1').write(job(0), task);
	const reloaded = JSON.parse(JSON.stringify(entries)) as typeof entries;
	expect(new Ledger(reloaded, 0, '2').read(job(0))).toEqual(task);
});

test.each([
	['another item', 0, job(1)],
	['another wish or credential', 0, job(0, 'b')],
	['another round of a loop', 1, job(0)],
])('%s is not the same', (_name, runIndex, other) => {
	const entries: Record<string, LedgerEntry> = {};
	new Ledger(entries, 0, '1').write(job(0), task);
	expect(new Ledger(entries, runIndex, '1').read(other)).toBeUndefined();
});

test('one job is forgotten, the others stay', () => {
	const ledger = new Ledger({}, 0, '1');
	ledger.write(job(0), task);
	ledger.write(job(1), task);
	ledger.forget(job(0));
	expect(ledger.read(job(0))).toBeUndefined();
	expect(ledger.read(job(1))).toEqual(task);
});

test('a delivered round is forgotten without the others', () => {
	const entries: Record<string, LedgerEntry> = {};
	for (const runIndex of [1, 2, 12, 21]) new Ledger(entries, runIndex, '1').write(job(0), task);
	new Ledger(entries, 2, '1').forgetRun();
	expect(Object.keys(entries).map((key) => key.split(':')[0])).toEqual(['1', '12', '21']);
});

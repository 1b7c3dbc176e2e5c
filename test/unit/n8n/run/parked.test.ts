import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readParked, toRecord, type Parked } from '../../../../lib/n8n/run/parked';

const OLD = JSON.parse(readFileSync(join(__dirname, '../../../fixtures/parked/0.1.0.json'), 'utf8')) as Parked;

test('what is written is read, through JSON', () => {
	const record = toRecord({
		provider: 'vidu',
		registered: 'https://n8n.example.com/webhook-waiting/7?signature=x',
		simplify: false,
		items: [
			{ itemIndex: 0, record: { error: 'no', details: {} }, submittedAtMs: 1 },
			{
				itemIndex: 1,
				record: { taskId: '876543210123456789' },
				taskId: '876543210123456789',
				model: 'viduq3-turbo',
				operation: 'textToVideo',
				submittedAtMs: 2,
				destination: { field: 'data', fileName: 'a.mp4', maxBytes: 5 },
			},
		],
	});
	expect(record.version).toBe(1);
	expect(readParked(JSON.parse(JSON.stringify(record)))).toEqual({ kind: 'parked', parked: record });
});

test('a record of 0.1.0 is one of version 1', () => {
	expect(OLD).not.toHaveProperty('version');
	expect(readParked(OLD)).toEqual({ kind: 'parked', parked: { ...OLD, version: 1 } });
});

test.each([undefined, null])('%s: nothing is parked', (found) => {
	expect(readParked(found)).toEqual({ kind: 'none' });
});

test('a later version is told, whatever it holds', () => {
	expect(readParked({ version: 2, entries: {} })).toEqual({ kind: 'newer', version: 2 });
});

test.each<[string, unknown, string, string[]]>([
	['a text', 'x', 'the record', []],
	['a list', [], 'the record', []],
	['an empty object', {}, 'provider, registered, simplify, items', []],
	['a version that is none', { ...OLD, version: 'one' }, 'version', OLD.items.map(({ taskId }) => taskId!)],
	['no items', { ...OLD, items: [] }, 'items', []],
	['items by number', { ...OLD, items: { 0: { taskId: 'a' }, 1: null } }, 'items', ['a']],
	['an item that is none', { ...OLD, items: [{ taskId: 'a' }, 5, { taskId: {} }] }, 'items.0.itemIndex', ['a']],
	['ids as numbers', { ...OLD, items: [{ ...OLD.items[0], taskId: 7 }] }, 'items.0.taskId', ['7']],
])('%s is spoiled: it says where, and which ids are in it', (_name, found, where, taskIds) => {
	const read = readParked(found);
	expect(read).toMatchObject({ kind: 'spoiled', taskIds });
	expect((read as { where: string }).where).toContain(where);
});

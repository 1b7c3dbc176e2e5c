import { callMemoryOf } from '../../../../lib/n8n/run/callMemory';

/** What tools have ordered that n8n calls outside any execution. */

const HOUR_MS = 60 * 60_000;
let nowMs = 0;
/** A call that orders one video. @returns what it sees of the calls before it */
function order(node: string): string[] {
	const { entries, call } = callMemoryOf(node, nowMs);
	const seen = Object.keys(entries);
	entries[`${call}:0`] = {};
	return seen;
}

// nothing of one test is within the hour of the next
beforeEach(() => (nowMs += 10 * HOUR_MS));

test('calls of one node see what earlier ones ordered, and nothing of other nodes', () => {
	expect(order('a')).toEqual([]);
	expect(order('b')).toEqual([]);
	expect(order('a')).toHaveLength(1);
	expect(order('a')).toHaveLength(2);
});

test('an hour after a call its order is forgotten', () => {
	order('a');
	nowMs += HOUR_MS / 2;
	order('a');
	nowMs += HOUR_MS / 2;
	expect(order('a')).toHaveLength(2);
	nowMs += 1;
	expect(order('a')).toHaveLength(2);
	nowMs += HOUR_MS + 1;
	expect(order('a')).toEqual([]);
});

test('of a thousand calls within the hour the oldest is forgotten', () => {
	for (let call = 0; call < 1_000; call += 1) order('a');
	expect(order('a')).toHaveLength(999);
	expect(order('a')).toHaveLength(999);
});

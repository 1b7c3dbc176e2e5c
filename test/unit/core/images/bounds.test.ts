import { readImageHeader } from '../../../../lib/core/images/header';
import { first, mutants } from '../../../fixtures/images/mutants';

// Apart from imageFuzz.test.ts: code that has met a proxy runs slower from then on, and that file takes the time.

const HEADERS = 40_000;

/** Allows `length`, `subarray` and indices inside the bytes, and nothing else. */
function guarded(bytes: Uint8Array): Uint8Array {
	return new Proxy(bytes, {
		get(target, key) {
			if (key === 'length') return target.length;
			if (key === 'subarray') return (from: number, to: number) => guarded(target.subarray(from, to));
			const value = target[key as unknown as number];
			if (typeof value !== 'number') throw new Error(`${String(key)} was read from ${target.length} bytes`);
			return value;
		},
	});
}

test('nothing is read past the bytes given', () => {
	for (const bytes of first(HEADERS, mutants(2))) readImageHeader(guarded(bytes));
});

test('what lies around the bytes in memory makes no difference', () => {
	const MARGIN = 64;
	for (const bytes of first(HEADERS, mutants(3))) {
		const alone = JSON.stringify(readImageHeader(bytes));
		for (const neighbour of [0x00, 0xff]) {
			const memory = new Uint8Array(bytes.length + 2 * MARGIN).fill(neighbour);
			memory.set(bytes, MARGIN);
			const inside = JSON.stringify(readImageHeader(memory.subarray(MARGIN, MARGIN + bytes.length)));
			if (inside !== alone) throw new Error(`${inside} instead of ${alone}`);
		}
	}
});

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { withoutImages } from '../../../lib/core/echo';
import { readJson } from '../../../lib/core/json';

const image = (length: number, kind = 'data:image/png;base64,'): string =>
	kind + 'iVBORw0K'.repeat(Math.ceil(length / 8)).slice(0, length - kind.length);

describe('answers that are kept', () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const ANSWERS = 20;
	const IMAGE_BYTES = 4_000_000;

	/** What 20 answers with an image of 4 MB each leave in memory. */
	function heldBytes(keep: (text: string) => unknown): number {
		collect();
		const before = process.memoryUsage().heapUsed;
		const kept = Array.from({ length: ANSWERS }, (_, index) =>
			keep(
				`{"task_id":87654321012345${1000 + index},"prompt":"A sneaker that turns slowly, number ${index}","images":["${image(IMAGE_BYTES)}"]}`,
			),
		);
		collect();
		const after = process.memoryUsage().heapUsed;
		expect(kept).toHaveLength(ANSWERS);
		return after - before;
	}

	test('hold no image, neither as text nor through their ids', () => {
		expect(heldBytes((text) => withoutImages(readJson(text)))).toBeLessThan(IMAGE_BYTES * 2);
		expect(heldBytes((text) => withoutImages(text.slice(0, -1)))).toBeLessThan(IMAGE_BYTES * 2);
	});

	test('would hold them all through one cut-out piece', () => {
		expect(heldBytes((text) => text.slice(0, 40))).toBeGreaterThan(IMAGE_BYTES * (ANSWERS - 1));
	});
});

import { join } from 'node:path';

import { measureMemory, neededBytes, type MemoryResult } from '../bench/memory/measure';

/** The memory promises in a size for every change; `npm run bench` measures them in full. Each run is a process of its own. */

const packageFolder = join(__dirname, '../../dist');
const VIDEO_BYTES = 100_000_000;
const IMAGE_BYTES = 10_000_000;

let videos: MemoryResult;
let images: MemoryResult;
beforeAll(async () => {
	[videos, images] = await Promise.all([
		measureMemory({ kind: 'videos', count: 6, bytes: VIDEO_BYTES, packageFolder }),
		measureMemory({ kind: 'images', count: 8, bytes: IMAGE_BYTES, packageFolder, collects: true }),
	]);
});

test('no video is in memory whole: 600 MB of them take less than 96 MB', () => {
	expect(videos.grownBytes).toBeLessThan(96_000_000);
});

test('eight images of 10 MB take no more than the one on its way', () => {
	expect(images.submitsInFlight).toBe(1);
	// as base64 the eight are 107 MB
	expect(images.heldBytes).toBeLessThanOrEqual(neededBytes(IMAGE_BYTES));
	// it was really seen on its way
	expect(images.heldBytes).toBeGreaterThan(IMAGE_BYTES);
});

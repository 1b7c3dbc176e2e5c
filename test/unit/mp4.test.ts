import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { inspectMp4 } from '../e2e/harness/mp4';

/** What the tests of whole workflows mean by "the video plays". */

const ASSETS = join(__dirname, '../emulator/assets');
const VIDEO = readFileSync(join(ASSETS, 'video.mp4'));

test.each(readdirSync(ASSETS).filter((name) => name.endsWith('.mp4')))('%s plays', (name) => {
	expect(inspectMp4(readFileSync(join(ASSETS, name)))).toMatchObject({
		width: 640,
		height: 360,
		codec: 'avc1',
		tracks: 2,
		durationSeconds: name === 'video.mp4' ? 4 : expect.closeTo(1.7, 1),
		videoSamples: name === 'video.mp4' ? 96 : 41,
	});
});

test('a box that players skip does no harm', () => {
	const free = Buffer.alloc(28);
	free.writeUInt32BE(free.length);
	free.write('free', 4);
	expect(inspectMp4(Buffer.concat([VIDEO, free]))).toMatchObject({ videoSamples: 96, sizeBytes: VIDEO.length + 28 });
});

test.each([4, 20, 1_000, 40_000, VIDEO.length - 1])('a file cut off after %i bytes does not play', (length) => {
	expect(() => inspectMp4(VIDEO.subarray(0, length))).toThrow();
});

test('a damaged frame does not play', () => {
	const damaged = Buffer.from(VIDEO);
	const media = damaged.indexOf('mdat') + 4;
	damaged.fill(0xff, media, media + 64);
	expect(() => inspectMp4(damaged)).toThrow(/the frame at byte \d+ is damaged/);
});

test('a page does not play', () => {
	expect(() => inspectMp4(Buffer.from('<html>Please log in</html>'))).toThrow(
		'not an MP4: the file begins with "<html>',
	);
});

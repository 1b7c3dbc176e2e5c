import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Mp4Reader, type ClipFacts } from '../../../lib/core/mp4';
import { seedRandom } from '../../emulator';
import { box, FTYP, MDAT, moof, moov, mvhd, sidx, SOUND, trak, trex, u32 } from '../../fixtures/clips/build';
import { fragmented } from '../../fixtures/clips/oracle';

/** Whatever a file server sends: the reader never throws, says nothing absurd, and keeps and does little. */

const MUTANTS = 100_000;
const ASSETS = join(__dirname, '../../emulator/assets');
// in a test, reaching for a global is slow: Jest looks it up in another context
const { floor, min } = Math;
const { isFinite, isInteger } = Number;

/** All of a file but its media, which are skipped. */
function bones(file: Buffer): Buffer {
	const kept: Buffer[] = [];
	for (let at = 0; at < file.length; at += file.readUInt32BE(at)) {
		const type = file.toString('latin1', at + 4, at + 8);
		kept.push(type === 'mdat' ? MDAT : file.subarray(at, at + file.readUInt32BE(at)));
	}
	return Buffer.concat(kept);
}

const CLIPS = readdirSync(ASSETS)
	.filter((name) => name.endsWith('.mp4'))
	.map((name) => readFileSync(join(ASSETS, name)));
const STREAM = Buffer.concat([
	FTYP,
	moov(mvhd({ duration: 0 }), trak({ duration: 0, samples: 0 }), SOUND, box('mvex', trex(1, 512), trex(2, 1024))),
	sidx(1, 1000, [
		[0, 1000],
		[1, 500],
	]),
	...[3, 20].flatMap((count) => [moof(1, count), moof(2, count, { durations: Array<number>(count).fill(1024) }), MDAT]),
	moof(1, 4, { durations: [500, 600, 700, 800], flags: 0xe05 }),
	MDAT,
]);
const SEEDS = [
	...CLIPS.slice(-1).map(bones),
	bones(fragmented(CLIPS[0], 10)),
	STREAM,
	Buffer.concat([FTYP, moov(mvhd(), trak(), SOUND), MDAT]),
	Buffer.concat([FTYP, MDAT, moov(mvhd({ version: 1 }), trak({ version: 1, turned: 90 }), SOUND)]),
	Buffer.from(`\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01${'\x42\xf7\x81\x01'.repeat(60)}`, 'latin1'),
];
const SIZES = [0, 1, 2, 7, 8, 9, 15, 16, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff];
const TYPES = [
	'moov',
	'trak',
	'mdia',
	'minf',
	'stbl',
	'stsz',
	'moof',
	'traf',
	'trun',
	'sidx',
	'mvex',
	'free',
	'\0\0\0\0',
];

/** Places where a box begins, as text shows them. */
const boxesOf = (file: Buffer): number[] =>
	[...file.toString('latin1').matchAll(/[a-z]{3}[a-z0-9]/g)].map(({ index }) => index - 4).filter((at) => at >= 0);

const random = seedRandom(7);
const below = (limit: number): number => floor(random() * limit);
const pick = <T>(list: readonly T[]): T => list[below(list.length)];
const PLACES = new Map(SEEDS.map((seed) => [seed, boxesOf(seed)]));

function mutant(): Buffer {
	const seed = pick(SEEDS);
	const file = Buffer.from(seed);
	const places = PLACES.get(seed)!;
	const place = (): number => min(places.length > 0 ? pick(places) : below(file.length), file.length - 8);
	for (let count = 1 + below(3); count > 0; count -= 1)
		switch (below(6)) {
			case 0:
				file[below(file.length)] ^= 1 << below(8);
				break;
			case 1:
				return file.subarray(0, below(file.length));
			case 2:
				file.writeUInt32BE(pick(SIZES), place());
				break;
			case 3: {
				// a size of 64 bits: 2^32, 2^63 and the like
				const at = min(place(), file.length - 16);
				file.writeUInt32BE(1, at);
				file.writeUInt32BE(pick([0, 1, 0x7fffffff, 0x80000000, 0xffffffff]), at + 8);
				file.writeUInt32BE(pick(SIZES), at + 12);
				break;
			}
			case 4:
				file.write(pick(TYPES), place() + 4, 'latin1');
				break;
			default:
				// a count, a time, a flag
				file.writeUInt32BE(pick(SIZES), min(place() + 8 + 4 * below(8), file.length - 4));
		}
	return file;
}

function assertSound(facts: ClipFacts): void {
	const { width, height, durationSeconds, fps, hasAudio, ...rest } = facts;
	const isSize = (value: number | undefined) =>
		value === undefined || (isInteger(value) && value > 0 && value <= 0x10000);
	const isAmount = (value: number | undefined, limit: number) =>
		value === undefined || (isFinite(value) && value > 0 && value <= limit);
	const isSound =
		isSize(width) &&
		isSize(height) &&
		(width === undefined) === (height === undefined) &&
		isAmount(durationSeconds, 7 * 86_400) &&
		isAmount(fps, 1_000) &&
		(fps === undefined || durationSeconds !== undefined) &&
		(hasAudio === undefined || typeof hasAudio === 'boolean') &&
		Object.keys(rest).length === 0;
	if (!isSound) throw new Error(`unsound: ${JSON.stringify(facts)}`);
}

/** What the reader takes for keeping, in bytes: the most at once, and in all. */
function watchKept() {
	const kept = { most: 0, all: 0 };
	const alloc = Buffer.alloc.bind(Buffer);
	const spy = jest.spyOn(Buffer, 'alloc');
	spy.mockImplementation((size: number) => {
		kept.most = kept.most > size ? kept.most : size;
		kept.all += size;
		return alloc(size);
	});
	return { kept, stop: () => spy.mockRestore() };
}

test(`${MUTANTS} broken files: nothing is thrown, and what is said is sound`, () => {
	const seen = { nothing: 0, all: 0, some: 0 };
	for (let count = 0; count < MUTANTS; count += 1) {
		const file = mutant();
		const reader = new Mp4Reader();
		const cut = below(file.length + 1);
		reader.feed(file.subarray(0, cut));
		reader.feed(file.subarray(cut));
		const facts = reader.facts();
		assertSound(facts);
		const told = Object.keys(facts).length;
		seen[told === 0 ? 'nothing' : told === 5 ? 'all' : 'some'] += 1;
	}
	// the mutants reach every part: some are seen through, some are harmless, some take a fact away
	for (const count of Object.values(seen)) expect(count).toBeGreaterThan(MUTANTS / 50);
});

describe('a file made to hurt', () => {
	const repeated = (piece: Buffer, times: number) => ({ piece, times });
	const MIB = 2 ** 20;
	const filled = (unit: Buffer) => Buffer.concat(Array<Buffer>(floor(MIB / unit.length)).fill(unit));
	const OPEN = Buffer.concat([
		FTYP,
		moov(mvhd({ duration: 0 }), trak({ duration: 0, samples: 0 }), box('mvex', trex(1, 512))),
	]);
	test.each([
		['100 MB of the smallest boxes', OPEN, repeated(filled(box('free')), 100)],
		['100 MB of empty fragments', OPEN, repeated(filled(box('moof')), 100)],
		[
			'100 MB of defaults',
			Buffer.concat([FTYP, u32(0xfffffff0), Buffer.from('moov'), u32(0xff000000), Buffer.from('mvex')]),
			repeated(filled(trex(1, 5)), 100),
		],
		[
			'100 MB of tracks',
			Buffer.concat([FTYP, u32(0xfffffff0), Buffer.from('moov')]),
			repeated(filled(box('trak')), 100),
		],
		['100 MB of runs', OPEN, repeated(filled(moof(1, 60_000, { durations: Array<number>(60_000).fill(1) })), 100)],
		[
			'100 MB of one table',
			OPEN,
			repeated(Buffer.concat([u32(0xfffffff0), Buffer.from('sidx'), Buffer.alloc(MIB)]), 100),
		],
		['100 MB of media', OPEN, repeated(Buffer.concat([u32(0xfffffff0), Buffer.from('mdat'), Buffer.alloc(MIB)]), 100)],
	])('%s costs little', (_name, start, { piece, times }) => {
		const { kept, stop } = watchKept();
		const beginUs = process.cpuUsage();
		const reader = new Mp4Reader();
		try {
			reader.feed(start);
			for (let count = 0; count < times; count += 1) reader.feed(piece);
			assertSound(reader.facts());
		} finally {
			stop();
		}
		expect(kept.most).toBeLessThanOrEqual(256 * 1024);
		const { user, system } = process.cpuUsage(beginUs);
		// some 0.3 s where it is most
		expect((user + system) / 1e6).toBeLessThan(5);
	});

	test('a table that comes byte by byte is kept once', () => {
		const file = Buffer.concat([OPEN, moof(1, 60_000, { durations: Array<number>(60_000).fill(1) })]);
		const { kept, stop } = watchKept();
		const reader = new Mp4Reader();
		for (let at = 0; at < file.length; at += 1) reader.feed(file.subarray(at, at + 1));
		stop();
		expect(reader.facts()).toMatchObject({ durationSeconds: 4.883 });
		expect(kept.all).toBeLessThan(256 * 1024);
	});
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Mp4Reader, type ClipFacts } from '../../../lib/core/mp4';
import {
	box,
	fullBox,
	FTYP,
	longBox,
	MDAT,
	moof,
	moov,
	mvhd,
	sidx,
	SOUND,
	trak,
	trex,
	u32,
	u64,
	type TrackShape,
} from '../../fixtures/clips/build';
import { fragmented, readByMp4box } from '../../fixtures/clips/oracle';

const ASSETS = join(__dirname, '../../emulator/assets');
const CLIPS = readdirSync(ASSETS).filter((name) => name.endsWith('.mp4'));
const VIDEO = readFileSync(join(ASSETS, 'video.mp4'));

/** @param pieceBytes how the file arrives; whole without it */
function read(file: Buffer, pieceBytes = file.length): ClipFacts {
	const reader = new Mp4Reader();
	for (let at = 0; at < file.length; at += pieceBytes) reader.feed(file.subarray(at, at + pieceBytes));
	return reader.facts();
}

/** A plain film of that video track. */
const film = (shape: TrackShape = {}, ...others: Buffer[]): Buffer =>
	Buffer.concat([FTYP, moov(mvhd(), trak(shape), ...others), MDAT]);
const PLAIN: ClipFacts = { width: 1280, height: 720, durationSeconds: 4, fps: 24, hasAudio: false };
const streamed = (...fragments: Buffer[]): Buffer =>
	Buffer.concat([
		FTYP,
		moov(mvhd({ duration: 0 }), trak({ duration: 0, samples: 0 }), box('mvex', trex(1, 512))),
		...fragments.flatMap((fragment) => [fragment, MDAT]),
	]);

describe('says the same as a real library', () => {
	const inFragments = CLIPS.map((name) => fragmented(readFileSync(join(ASSETS, name)), 10));
	test.each<[string, Buffer]>([
		...CLIPS.map((name): [string, Buffer] => [name, readFileSync(join(ASSETS, name))]),
		...CLIPS.map((name, index): [string, Buffer] => [`${name} in fragments`, inFragments[index]]),
		['a film without sound', film()],
		['a film with sound', film({}, SOUND)],
		['a film whose sound comes first', Buffer.concat([FTYP, moov(mvhd(), SOUND, trak()), MDAT])],
		['an upright film', film({ width: 720, height: 1280 })],
		['30000/1001 frames a second', film({ timescale: 30_000, duration: 150_150, samples: 150 })],
		['times in 64 bits', film({ version: 1 })],
		...([90, 180, 270] as const).map((turned): [string, Buffer] => [`turned by ${turned}`, film({ turned })]),
		['the film at the end', Buffer.concat([FTYP, MDAT, moov(mvhd(), trak(), SOUND)])],
		['fragments that say how long each frame is', streamed(moof(1, 24, { ofEach: 512 }), moof(1, 12, { ofEach: 600 }))],
		['frames that each say it', streamed(moof(1, 3, { durations: [500, 600, 700] }), moof(1, 1, { durations: [512] }))],
		['what holds for all fragments', streamed(moof(1, 24), moof(1, 24))],
	])('%s', (_name, file) => {
		expect(read(file)).toEqual(readByMp4box(file));
		expect(read(file)).toMatchObject({ hasAudio: expect.any(Boolean), fps: expect.any(Number) });
	});

	test('the clips are what they are meant to be', () => {
		expect(read(VIDEO)).toEqual({ width: 640, height: 360, durationSeconds: 4, fps: 24, hasAudio: true });
		expect(fragmented(VIDEO, 10).toString('latin1').split('moof').length).toBeGreaterThan(10);
	});
});

test.each([1, 2, 3, 7, 8, 9, 100, 4096])(
	'it makes no difference that a file arrives in pieces of %i bytes',
	(bytes) => {
		for (const file of [
			VIDEO,
			fragmented(VIDEO, 10),
			film({}, SOUND),
			Buffer.concat([FTYP, MDAT, moov(mvhd(), trak())]),
		])
			expect(read(file, bytes)).toEqual(read(file));
	},
);

describe('size', () => {
	test.each([
		[0, 1280, 720],
		[90, 720, 1280],
		[180, 1280, 720],
		[270, 720, 1280],
	] as const)('turned by %i degrees it is %i x %i', (turned, width, height) => {
		expect(read(film({ turned }))).toEqual({ ...PLAIN, width, height });
	});

	test('is that of the frames where the track has none', () => {
		for (const [width, height] of [
			[0, 0],
			[1280, 0],
			[0, 720],
		])
			expect(read(film({ width, height, coded: [640, 360] }))).toEqual({ ...PLAIN, width: 640, height: 360 });
		expect(read(film({ width: 0, height: 0, coded: [640, 360], turned: 90 }))).toMatchObject({
			width: 360,
			height: 640,
		});
	});

	test('is as shown where pixels are not square', () => {
		expect(read(film({ width: 1920, height: 1080, coded: [1440, 1080] }))).toMatchObject({ width: 1920, height: 1080 });
	});

	test('is left out whole where a side is unknown', () => {
		for (const coded of [
			[0, 720],
			[1280, 0],
		] as const)
			expect(read(film({ width: 1280, height: 0, coded: [...coded] }))).toEqual({
				durationSeconds: 4,
				fps: 24,
				hasAudio: false,
			});
	});

	test.each([
		['nothing at all', [0, 0, 0, 0]],
		['a slant', [1, 1, 1, 1]],
		['a slant without height', [1, 1, 1, 0]],
		['a slant without width', [0, 1, 1, 1]],
		['one that drops the width', [0, 0, 1, 0]],
		['one that drops the height', [0, 1, 0, 0]],
	])('is not turned by a matrix of %s', (_name, [a, b, c, d]) => {
		const file = film();
		const at = file.indexOf('tkhd') + 4 + 40;
		u32(...[a, b, 0, c, d].map((value = 0) => value * 0x10000)).copy(file, at);
		expect(read(file)).toEqual(PLAIN);
	});
});

describe('sound', () => {
	test('is a track of its own, wherever it stands', () => {
		expect(read(film({}, SOUND))).toEqual({ ...PLAIN, hasAudio: true });
	});
	test.each(['text', 'meta', 'tmcd', 'hint'])('a track of %s is none', (handler) => {
		expect(read(film({}, trak({ id: 2, handler })))).toEqual(PLAIN);
	});
	test('alone has a duration and no image', () => {
		expect(read(Buffer.concat([FTYP, moov(mvhd(), SOUND)]))).toEqual({ durationSeconds: 4.032, hasAudio: true });
		expect(read(Buffer.concat([FTYP, moov(SOUND)]))).toEqual({ hasAudio: true });
	});
	test('is not said to be absent where there is no image either', () => {
		expect(read(Buffer.concat([FTYP, moov(mvhd())]))).toEqual({});
	});
});

describe('time', () => {
	test.each<[string, TrackShape, ClipFacts]>([
		[
			'29.97 frames a second',
			{ timescale: 30_000, duration: 150_150, samples: 150 },
			{ durationSeconds: 5.005, fps: 29.97 },
		],
		[
			'thousandths of a second',
			{ timescale: 24_000, duration: 97_001, samples: 97 },
			{ durationSeconds: 4.042, fps: 24 },
		],
		['a count in the other table of sizes', { sizes: 'stz2' }, { durationSeconds: 4, fps: 24 }],
		[
			'the longest: a week',
			{ timescale: 1, duration: 604_800, samples: 604_800 },
			{ durationSeconds: 604_800, fps: 1 },
		],
		[
			'the shortest: a millisecond',
			{ timescale: 1000, duration: 1, samples: 1 },
			{ durationSeconds: 0.001, fps: 1000 },
		],
	])('%s', (_name, shape, facts) => {
		expect(read(film(shape))).toEqual({ ...PLAIN, ...facts });
	});

	test.each<[string, TrackShape]>([
		['the track does not say', { duration: 0 }],
		['the track says that it is unknown', { duration: 0xffffffff }],
		['the track says so in 64 bits', { version: 1, duration: 2n ** 64n - 1n }],
		['it is longer than a week', { timescale: 1, duration: 604_801 }],
		['it is shorter than a millisecond', { timescale: 1001, duration: 1 }],
		['there is no time scale', { timescale: 0 }],
	])('is that of the whole film, without frames a second, where %s', (_name, shape) => {
		expect(read(film(shape))).toEqual({ width: 1280, height: 720, durationSeconds: 4.032, hasAudio: false });
	});

	test('is left out where nobody knows it', () => {
		const file = Buffer.concat([FTYP, moov(mvhd({ duration: 0xffffffff }), trak({ duration: 0 })), MDAT]);
		expect(read(file)).toEqual({ width: 1280, height: 720, hasAudio: false });
	});

	test('more frames a second than any are left out', () => {
		expect(read(film({ samples: 4001 }))).toEqual({ width: 1280, height: 720, durationSeconds: 4, hasAudio: false });
		expect(read(film({ samples: 0 }))).toEqual({ width: 1280, height: 720, durationSeconds: 4, hasAudio: false });
	});
});

describe('fragments', () => {
	const DURATION = { timescale: 12_288, duration: 0, samples: 0 };
	const withoutDefault = (extra: Buffer[], ...fragments: Buffer[]) =>
		Buffer.concat([FTYP, moov(mvhd({ duration: 0 }), trak(DURATION), box('mvex', ...extra)), ...fragments, MDAT]);

	test.each([0, 1, 4, 5, 0x200, 0x400, 0x800, 0xe00, 0xe05])(
		'are added up whatever else they hold (flags %i)',
		(flags) => {
			const rows = { durations: [500, 600, 700], flags };
			expect(read(streamed(moof(1, 3, rows), moof(1, 3, rows)))).toMatchObject({ durationSeconds: 0.293, fps: 20.48 });
			expect(read(streamed(moof(1, 48, { flags }), moof(1, 48, { flags })))).toMatchObject(PLAIN);
		},
	);

	test('do not count in a film that has none by its movie', () => {
		expect(read(Buffer.concat([film(), moof(1, 48, { ofEach: 512 }), MDAT]))).toEqual(PLAIN);
	});

	test('before the movie do not count, nor those that do not say whose they are', () => {
		const whose = box('moof', box('traf', fullBox('trun', 0, 0, u32(96))));
		const movie = moov(mvhd(), trak(), box('mvex', trex(1, 512)));
		for (const early of [moof(1, 96), whose, sidx(1, 1000, [[0, 9000]])])
			expect(read(Buffer.concat([FTYP, early, movie]))).toEqual(PLAIN);
		expect(read(Buffer.concat([FTYP, movie, whose]))).toEqual(PLAIN);
	});

	test('of other tracks do not count', () => {
		expect(read(streamed(moof(1, 48), moof(2, 90), moof(1, 48), moof(3, 5)))).toEqual(PLAIN);
	});

	test('with their base offset and sample description given', () => {
		const traf = (flags: number, ...parts: Buffer[]) =>
			box('moof', box('traf', fullBox('tfhd', 0, flags, u32(1), ...parts), fullBox('trun', 0, 0, u32(96))));
		expect(read(streamed(traf(0x9, u64(7), u32(512))))).toEqual(PLAIN);
		expect(read(streamed(traf(0xa, u32(7), u32(512))))).toEqual(PLAIN);
		expect(read(streamed(traf(0xb, u64(7), u32(7), u32(512))))).toEqual(PLAIN);
	});

	test('what stands before them counts too', () => {
		const file = Buffer.concat([
			FTYP,
			moov(mvhd(), trak({ duration: 24_576, samples: 48 }), box('mvex', trex(1, 512))),
			MDAT,
			moof(1, 48),
			MDAT,
		]);
		expect(read(file)).toEqual(PLAIN);
	});

	test('a duration that is declared without frames is not added', () => {
		const file = Buffer.concat([
			FTYP,
			moov(mvhd(), trak({ duration: 49_152, samples: 0 }), box('mvex', trex(1, 512))),
			moof(1, 96),
			MDAT,
		]);
		expect(read(file)).toEqual(PLAIN);
	});

	test.each([0, 1] as const)('without times of their own: the index tells (version %i)', (version) => {
		const index = sidx(
			1,
			1000,
			[
				[0, 1500],
				[1, 99_999],
				[0, 1500],
			],
			version,
		);
		const file = withoutDefault([], index, sidx(2, 1000, [[0, 7000]]), sidx(1, 500, [[0, 500]]), moof(1, 96));
		expect(read(file)).toEqual(PLAIN);
	});

	test('rows behind those that the index counts, and further indexes of no size, do not count', () => {
		const rows = [u32(5, 4000, 0), u32(2 ** 31, 7000, 0), u32(5, 9000, 0)];
		const index = fullBox('sidx', 0, 0, u32(1, 1000, 0, 0), u32(2), ...rows);
		expect(read(withoutDefault([], index, moof(1, 96)))).toEqual(PLAIN);
	});

	test.each([
		['mehd', fullBox('mehd', 0, 0, u32(4100))],
		['mehd in 64 bits', fullBox('mehd', 1, 0, u64(4100))],
	])('without any: the whole film is as long as %s says', (_name, mehd) => {
		expect(read(withoutDefault([mehd], moof(1, 96)))).toEqual({
			width: 1280,
			height: 720,
			durationSeconds: 4.1,
			hasAudio: false,
		});
		expect(read(withoutDefault([mehd, trex(2, 512)], moof(1, 96)))).toMatchObject({ durationSeconds: 4.1 });
	});

	test.each([
		[
			'a run with fewer rows than it counts',
			box('moof', box('traf', fullBox('tfhd', 0, 0, u32(1)), fullBox('trun', 0, 0x100, u32(9, 512, 512)))),
		],
		[
			'a run that counts more rows than any',
			box('moof', box('traf', fullBox('tfhd', 0, 0, u32(1)), fullBox('trun', 0, 0x100, u32(2 ** 32 - 1, 512)))),
		],
		['a run of more rows than are kept', moof(1, 70_000, { durations: Array<number>(70_000).fill(1) })],
		[
			'an index with fewer rows than it counts',
			Buffer.concat([sidx(1, 1000, [[0, 4000]]).fill(2, 31, 32), moof(1, 96, { ofEach: 0 })]),
		],
	])('%s tells no time', (_name, fragment) => {
		expect(read(withoutDefault([fullBox('mehd', 0, 0, u32(4100))], fragment))).toEqual({
			width: 1280,
			height: 720,
			durationSeconds: 4.1,
			hasAudio: false,
		});
	});

	test('none have come yet', () => {
		expect(read(streamed())).toEqual({ width: 1280, height: 720, hasAudio: false });
	});
});

describe('what else a file may hold', () => {
	const MOVIE = moov(mvhd(), trak());
	/** Of a smaller track. */
	const TKHD = trak({ width: 64, height: 64 }).subarray(8, 100);
	const nested = (depth: number): Buffer => (depth === 0 ? trak() : box('trak', nested(depth - 1)));
	test.each<[string, Buffer]>([
		['boxes that nobody knows', Buffer.concat([FTYP, box('uuid', Buffer.alloc(16)), box('\0\xff!?'), MOVIE])],
		[
			'boxes with sizes in 64 bits',
			Buffer.concat([FTYP, longBox('mdat', Buffer.alloc(99)), longBox('moov', mvhd(), trak())]),
		],
		['media to the end of the file', Buffer.concat([FTYP, MOVIE, u32(0), Buffer.from('mdat'), Buffer.alloc(99)])],
		['media of 4 EB, as its header says', Buffer.concat([FTYP, MOVIE, u32(1), Buffer.from('mdat'), u64(2n ** 62n)])],
		...['styp', 'mdat', 'free', 'skip', 'wide', 'pnot', 'uuid'].map((type): [string, Buffer] => [
			`${type} in front`,
			Buffer.concat([box(type, Buffer.alloc(16)), MOVIE]),
		]),
		['its movie in front', Buffer.concat([MOVIE, MDAT])],
		['nonsense behind a movie that is whole', Buffer.concat([FTYP, MOVIE, u32(5), Buffer.from('free')])],
		['a second movie behind fragments', Buffer.concat([streamed(moof(1, 96)), moov(mvhd(), SOUND)])],
		['a track header outside of a track', Buffer.concat([FTYP, moov(mvhd(), trak(), TKHD)])],
		['empty boxes behind those of their kind', Buffer.concat([FTYP, moov(mvhd(), trak(), box('mvhd')), MDAT])],
		['a zero behind the last list, and then media', Buffer.concat([FTYP, moov(mvhd(), trak(), u32(0)), MDAT])],
		['as many boxes as are looked at', Buffer.concat([FTYP, ...Array<Buffer>(49_983).fill(box('free')), MOVIE])],
		['a second movie', Buffer.concat([FTYP, MOVIE, moov(mvhd(), trak({ samples: 5 }), SOUND)])],
		['QuickTime: no ftyp, and a zero behind a list', Buffer.concat([box('wide'), MDAT, moov(mvhd(), trak(), u32(0))])],
		['a second video track', film({}, trak({ id: 2, width: 64, height: 64, samples: 1 }))],
		[
			'boxes where they do not belong',
			Buffer.concat([FTYP, SOUND, moov(mvhd(), trak(), box('free', SOUND), fullBox('hdlr', 0, 0))]),
		],
		['tracks within tracks', Buffer.concat([FTYP, moov(mvhd(), trak(), nested(60))])],
	])('%s', (_name, file) => {
		expect(read(file)).toEqual(PLAIN);
		expect(read(file, 5)).toEqual(PLAIN);
	});

	test.each<[string, Buffer]>([
		['nothing', Buffer.alloc(0)],
		['a page', Buffer.from(`<html>${'x'.repeat(999)}`)],
		['WebM', Buffer.concat([u32(0x1a45dfa3), Buffer.from('\x01\0\0\0\0\0\0\x1f'), Buffer.alloc(900)])],
		['WebM with a movie in it', Buffer.concat([u32(16, 0x1a45dfa3), Buffer.alloc(8), MOVIE])],
		['an image', readFileSync(join(ASSETS, 'cover.jpg'))],
		['no movie', Buffer.concat([FTYP, MDAT])],
		['a movie that is cut off', film().subarray(0, film().length - MDAT.length - 1)],
		['a movie without an end', Buffer.concat([FTYP, u32(0), Buffer.from('moov'), mvhd(), trak()])],
		[
			'a track longer than its movie',
			Buffer.concat([FTYP, moov(mvhd(), u32(999), Buffer.from('trak'), trak().subarray(8))]),
		],
		[
			'a track longer than its movie, and media behind',
			Buffer.concat([FTYP, moov(mvhd(), u32(trak().length + 32), Buffer.from('trak'), trak().subarray(8)), MDAT]),
		],
		['more boxes than are looked at', Buffer.concat([FTYP, ...Array<Buffer>(49_984).fill(box('free')), MOVIE])],
		['a track without an end', Buffer.concat([FTYP, moov(mvhd(), u32(0), Buffer.from('trak'), trak().subarray(8))])],
		[
			'a box shorter than its header',
			Buffer.concat([FTYP, moov(mvhd(), u32(7), Buffer.from('trak'), trak().subarray(8))]),
		],
		['a long box shorter than its header', Buffer.concat([FTYP, u32(1), Buffer.from('free'), u64(15), MOVIE])],
		['a wrong size behind the movie of a stream', Buffer.concat([streamed(moof(1, 96)), u32(5), Buffer.from('free')])],
	])('%s: nothing is said', (_name, file) => {
		expect(read(file)).toEqual({});
		expect(read(file, 3)).toEqual({});
	});

	test.each(
		['mvhd', 'tkhd', 'mdhd', 'stsd', 'stsz', 'hdlr'].flatMap((type) =>
			[0, 1, 5, 11].map((kept) => [type, kept] as const),
		),
	)('a %s of %i bytes takes away only what it says', (type, kept) => {
		const file = film();
		const at = file.indexOf(type) - 4;
		const size = file.readUInt32BE(at);
		const some = file.subarray(at + 8, at + 8 + Math.min(kept, size - 16));
		// the box becomes an empty one of its kind, and a free one
		const emptied = Buffer.concat([
			file.subarray(0, at),
			box(type, some),
			box('free', Buffer.alloc(size - 16 - some.length)),
			file.subarray(at + size),
		]);
		const facts = read(emptied);
		const without = {
			mvhd: PLAIN,
			tkhd: PLAIN,
			mdhd: { width: 1280, height: 720, durationSeconds: 4.032, hasAudio: false },
			stsd: PLAIN,
			stsz: { width: 1280, height: 720, durationSeconds: 4, hasAudio: false },
			hdlr: {},
		}[type];
		expect(facts).toEqual(without);
	});

	test('a first entry that is cut off within its size has none', () => {
		const shape = { width: 0, height: 0, coded: [1280, 720] as [number, number] };
		const file = film(shape);
		const at = file.indexOf('stsd') - 4;
		const size = file.readUInt32BE(at);
		const cut = Buffer.concat([
			...[file.subarray(0, at), box('stsd', file.subarray(at + 8, at + 8 + 41))],
			...[box('free', Buffer.alloc(size - 16 - 41)), file.subarray(at + size)],
		]);
		expect([read(file), read(cut)]).toEqual([PLAIN, { durationSeconds: 4, fps: 24, hasAudio: false }]);
	});

	test('an unknown version of a box is read as the first', () => {
		const file = film();
		file[file.indexOf('mdhd') + 4] = 9;
		expect(read(file)).toEqual(PLAIN);
	});
});

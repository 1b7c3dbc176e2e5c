/**
 * What an MP4 or MOV file says of its clip, read while the file passes by (ISO/IEC 14496-12).
 *
 * Our own reader, since nothing that n8n hosts for nodes reads these files (its file-type tells the kind alone), and a
 * community node may have no dependencies. It only walks along boxes: of those that count it keeps some bytes, all others
 * are skipped, so it makes no difference where the `moov` stands and how large the file is. What a file says is its
 * writer's word: whatever is absent, contradictory or beyond belief is left out, and nothing ever throws.
 */

/** What is known of a clip; what is not is left out. */
export interface ClipFacts {
	/** In pixels, as a player shows it: turned where the file says so. */
	width?: number;
	height?: number;
	durationSeconds?: number;
	/** Frames a second, on average. */
	fps?: number;
	hasAudio?: boolean;
}

/** Boxes looked at in one file; a film of an hour in fragments of two seconds has some 25,000. */
const MOST_BOXES = 50_000;
/** Of one table. 16 bytes at most tell a frame: four minutes at 60 frames a second in one fragment. */
const TABLE_BYTES = 256 * 1024;
/** No clip is longer than a week, or has more than a thousand frames a second. */
const LONGEST_SECONDS = 7 * 86_400;
const FASTEST_FPS = 1_000;

/** What a file may begin with. QuickTime's are older than `ftyp`. */
const FIRST = new Set(['ftyp', 'styp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'uuid']);

/** Boxes that are walked into, and where each has to stand; '' is the file. */
const CONTAINERS = new Map([
	['moov', ''],
	['trak', 'moov'],
	['mdia', 'trak'],
	['minf', 'mdia'],
	['stbl', 'minf'],
	['mvex', 'moov'],
	['moof', ''],
	['traf', 'moof'],
]);

/** What has been read so far. A number that is absent or unreadable is NaN, and so is all that is made from it. */
class Track {
	id = NaN;
	width = NaN;
	height = NaN;
	isTurned = false;
	/** As its frames are stored. */
	codedWidth = NaN;
	codedHeight = NaN;
	handler = '';
	timescale = NaN;
	duration = NaN;
	samples = NaN;
}

class Movie {
	timescale = NaN;
	duration = NaN;
	/** With all fragments, where `mehd` says so. */
	fullDuration = NaN;
	isFragmented = false;
	track = new Track();
	/** The first track of frames. */
	video: Track | undefined;
	hasAudio = false;
	/** Time of one sample by track, where its fragments do not say. */
	readonly defaults = new Map<number, number>();
	/** The track that a fragment belongs to, and the time of one sample there. */
	fragment = { trackId: NaN, sampleDuration: NaN };
	/** Of the video, in fragments. */
	fragmentSamples = 0;
	fragmentDuration = 0;
	/** Of the video, by the segment index. */
	indexedSeconds = 0;
}

/** Boxes that are read: where each has to stand, how many of its bytes at most are kept, and what they say. */
const LEAVES = new Map<string, readonly [parent: string, bytes: number, read: (movie: Movie, body: Buffer) => void]>([
	// 8.2.2, 8.4.2
	['mvhd', ['moov', 32, (movie, body) => Object.assign(movie, readTime(body))]],
	['mdhd', ['mdia', 32, ({ track }, body) => Object.assign(track, readTime(body))]],
	// 8.3.2, 8.4.3
	['tkhd', ['trak', 96, ({ track }, body) => Object.assign(track, readTrackHeader(body))]],
	['hdlr', ['mdia', 12, ({ track }, body) => (track.handler = body.toString('latin1', 8, 12))]],
	// 8.5.2, 12.1.3: of the first entry
	[
		'stsd',
		['stbl', 44, ({ track }, body) => Object.assign(track, { codedWidth: u16(body, 40), codedHeight: u16(body, 42) })],
	],
	// 8.7.3: both count at the same place
	['stsz', ['stbl', 12, ({ track }, body) => (track.samples = u32(body, 8))]],
	['stz2', ['stbl', 12, ({ track }, body) => (track.samples = u32(body, 8))]],
	// 8.8.2, 8.8.3
	['mehd', ['mvex', 12, (movie, body) => (movie.fullDuration = readLong(body, 4))]],
	['trex', ['mvex', 16, ({ defaults }, body) => defaults.set(u32(body, 4), u32(body, 12))]],
	// 8.8.7, 8.8.8
	['tfhd', ['traf', 24, readFragmentHeader]],
	['trun', ['traf', TABLE_BYTES, readRun]],
	// 8.16.3
	['sidx', ['', TABLE_BYTES, readIndex]],
]);

/** Reads one file that is fed to it in pieces of any size. Keeps a table of it at most, never the file. */
export class Mp4Reader {
	private readonly movie = new Movie();
	/** Bytes seen. */
	private position = 0;
	/** What comes before it is of no interest. */
	private skipTo = 0;
	private gathering: { bytes: Buffer; filled: number; then: (bytes: Buffer) => void } | undefined;
	/** The boxes that the place is in, outermost first. */
	private readonly open: Array<{ type: string; end: number }> = [];
	private boxes = 0;
	private hasMovie = false;
	private isBroken = false;
	/** Nothing that follows can add to what is known. */
	private isDone = false;

	feed(chunk: Buffer): void {
		for (let at = 0; at < chunk.length;) {
			if (this.position >= this.skipTo && !this.gathering) this.beginBox();
			if (this.isDone) return;
			const { gathering } = this;
			const missing = gathering ? gathering.bytes.length - gathering.filled : this.skipTo - this.position;
			const count = Math.min(missing, chunk.length - at);
			if (gathering) chunk.copy(gathering.bytes, gathering.filled, at, at + count);
			at += count;
			this.position += count;
			if (!gathering) continue;
			gathering.filled += count;
			if (gathering.filled < gathering.bytes.length) continue;
			this.gathering = undefined;
			gathering.then(gathering.bytes);
		}
	}

	/** What is known once the whole file has passed. */
	facts(): ClipFacts {
		this.closeBoxes();
		return this.isBroken || !this.hasMovie ? {} : toFacts(this.movie);
	}

	private gather(count: number, then: (bytes: Buffer) => void): void {
		this.gathering = { bytes: Buffer.alloc(count), filled: 0, then };
	}

	private beginBox(): void {
		this.closeBoxes();
		const end = this.open.at(-1)?.end ?? Infinity;
		// QuickTime ends a list with a zero
		if (end - this.position < 8) this.skipTo = end;
		else this.gather(8, (header) => this.readHeader(header));
	}

	private closeBoxes(): void {
		for (let box = this.open.at(-1); box && box.end <= this.position; box = this.open.at(-1)) {
			this.open.pop();
			if (box.type === 'trak') endTrack(this.movie);
			if (box.type !== 'moov') continue;
			this.hasMovie = true;
			this.isDone = !this.movie.isFragmented;
		}
	}

	/** 4.2: a size of 1 means that the true one follows in 64 bits, and one of 0 that the box goes on to the file's end. */
	private readHeader(header: Buffer): void {
		const start = this.position - 8;
		const size = u32(header, 0);
		const type = header.toString('latin1', 4, 8);
		if (size === 1) this.gather(8, (long) => this.enter(type, start + u64(long, 0)));
		else this.enter(type, size === 0 ? Infinity : start + size);
	}

	private enter(type: string, end: number): void {
		const outer = this.open.at(-1) ?? { type: '', end: Infinity };
		this.boxes += 1;
		if (end < this.position || end > outer.end || this.boxes > MOST_BOXES) return this.giveUp();
		if (this.boxes === 1 && !FIRST.has(type)) return this.giveUp();
		this.skipTo = end;
		const [parent, mostBytes = 0, read] = LEAVES.get(type) ?? [];
		if (read && parent === outer.type) {
			const count = Math.min(mostBytes, end - this.position);
			if (count > 0) this.gather(count, (body) => read(this.movie, body));
		} else if (CONTAINERS.get(type) === outer.type && !(type === 'moov' && this.hasMovie)) {
			this.open.push({ type, end });
			this.skipTo = this.position;
			if (type === 'trak') this.movie.track = new Track();
			if (type === 'mvex') this.movie.isFragmented = true;
		}
	}

	private giveUp(): void {
		this.isBroken = true;
		this.isDone = true;
	}
}

const u16 = (body: Buffer, at: number): number => (at + 2 <= body.length ? body.readUInt16BE(at) : NaN);
const u32 = (body: Buffer, at: number): number => (at + 4 <= body.length ? body.readUInt32BE(at) : NaN);
const u64 = (body: Buffer, at: number): number => u32(body, at) * 2 ** 32 + u32(body, at + 4);
/** Of a box with a version: later ones have room for longer times. */
const isLong = (body: Buffer): boolean => body[0] === 1;

/** A duration; all ones mean that it is not known. */
function readLong(body: Buffer, at: number): number {
	if (isLong(body)) return u64(body, at);
	const value = u32(body, at);
	return value === 2 ** 32 - 1 ? NaN : value;
}

function readTime(body: Buffer): { timescale: number; duration: number } {
	const at = isLong(body) ? 20 : 12;
	return { timescale: u32(body, at), duration: readLong(body, at + 4) };
}

/** Sizes are 16.16 fixed; of the matrix `a b u c d v x y w`, a quarter turn has nothing in a and d (6.2.2). */
function readTrackHeader(body: Buffer): Pick<Track, 'id' | 'width' | 'height' | 'isTurned'> {
	const at = isLong(body) ? 52 : 40;
	const isTurned = u32(body, at) === 0 && u32(body, at + 16) === 0 && u32(body, at + 4) > 0 && u32(body, at + 12) > 0;
	const pixels = (place: number) => Math.round(u32(body, place) / 2 ** 16);
	return { id: u32(body, isLong(body) ? 20 : 12), width: pixels(at + 36), height: pixels(at + 40), isTurned };
}

function endTrack(movie: Movie): void {
	const { track } = movie;
	if (track.handler === 'soun') movie.hasAudio = true;
	if (track.handler === 'vide') movie.video ??= track;
}

function readFragmentHeader(movie: Movie, body: Buffer): void {
	const flags = u32(body, 0);
	const trackId = u32(body, 4);
	const at = 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
	const sampleDuration = flags & 8 ? u32(body, at) : (movie.defaults.get(trackId) ?? NaN);
	movie.fragment = { trackId, sampleDuration };
}

function readRun(movie: Movie, body: Buffer): void {
	const { trackId, sampleDuration } = movie.fragment;
	if (trackId !== movie.video?.id) return;
	const flags = u32(body, 0);
	const count = u32(body, 4);
	movie.fragmentSamples += count;
	if (!(flags & 0x100)) {
		movie.fragmentDuration += count * sampleDuration;
		return;
	}
	const step = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length * 4;
	const first = 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0);
	// a count that the box has no room for tells nothing
	if (first + count * step > body.length) movie.fragmentDuration = NaN;
	else for (let at = first; at < first + count * step; at += step) movie.fragmentDuration += u32(body, at);
}

/** Adds up what it has of media; what it has of further indexes is in those. */
function readIndex(movie: Movie, body: Buffer): void {
	if (u32(body, 4) !== movie.video?.id) return;
	const first = isLong(body) ? 32 : 24;
	const end = first + u16(body, first - 2) * 12;
	let duration = end > body.length ? NaN : 0;
	for (let at = first; at < Math.min(end, body.length); at += 12)
		if (u32(body, at) < 2 ** 31) duration += u32(body, at + 4);
	movie.indexedSeconds += duration / u32(body, 8);
}

function toFacts(movie: Movie): ClipFacts {
	const { video, hasAudio } = movie;
	const whole = seconds(movie.fullDuration, movie.timescale) ?? seconds(movie.duration, movie.timescale);
	if (!video) return hasAudio ? { ...(whole === undefined ? {} : { durationSeconds: round(whole, 3) }), hasAudio } : {};
	const own = movie.fragmentSamples === 0 ? seconds(video.duration, video.timescale) : secondsInFragments(movie, video);
	const durationSeconds = own ?? whole;
	const samples = movie.fragmentSamples + (video.samples || 0);
	const fps = own === undefined ? NaN : round(samples / own, 2);
	const [width, height] =
		video.width > 0 && video.height > 0 ? [video.width, video.height] : [video.codedWidth, video.codedHeight];
	return {
		...(width > 0 && height > 0 ? (video.isTurned ? { width: height, height: width } : { width, height }) : {}),
		...(durationSeconds === undefined ? {} : { durationSeconds: round(durationSeconds, 3) }),
		...(fps > 0 && fps <= FASTEST_FPS ? { fps } : {}),
		hasAudio,
	};
}

/** What stands before the fragments counts too. */
function secondsInFragments({ fragmentDuration, indexedSeconds }: Movie, video: Track): number | undefined {
	const before = video.samples > 0 ? video.duration : 0;
	return seconds(fragmentDuration + before, video.timescale) ?? seconds(indexedSeconds, 1);
}

function seconds(duration: number, timescale: number): number | undefined {
	const value = duration / timescale;
	// shorter than a millisecond is none either
	return value >= 0.001 && value <= LONGEST_SECONDS ? value : undefined;
}

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

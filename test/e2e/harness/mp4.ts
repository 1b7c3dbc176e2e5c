/** What a video file says of itself. */
export interface Mp4Facts {
	durationSeconds: number;
	width: number;
	height: number;
	/** the video's sample format, for example `avc1` */
	codec: string;
	videoSamples: number;
	tracks: number;
	sizeBytes: number;
}

interface Box {
	type: string;
	/** of the box's content */
	start: number;
	end: number;
}

/**
 * Whether a player can play this file, as far as its container tells: brand, a movie with a video track of a known size and a duration,
 * and every sample's bytes inside a media box of the file (a cut-off download fails here). For H.264 and H.265 the samples themselves are
 * walked too. Box layouts: ISO/IEC 14496-12 and -15.
 * @throws Error that says what is wrong
 */
export function inspectMp4(file: Buffer): Mp4Facts {
	if (file.toString('latin1', 4, 8) !== 'ftyp') {
		throw new Error(
			`not an MP4: the file begins with "${file.toString('latin1', 0, 24).replace(/[^\x20-\x7e]/g, '.')}"`,
		);
	}
	const top = boxes(file, 0, file.length);
	const moov = one(top, 'moov');
	const media = top.filter((box) => box.type === 'mdat');
	if (media.length === 0) throw new Error('no media (mdat) in the file');

	const tracks = boxes(file, moov.start, moov.end).filter((box) => box.type === 'trak');
	const video = tracks.find((trak) => handlerOf(file, trak) === 'vide');
	if (!video) throw new Error('no video track');

	const mdia = inside(file, video, 'mdia');
	const { timescale, duration } = mediaHeader(file, inside(file, mdia, 'mdhd'));
	if (timescale === 0 || duration === 0) throw new Error('the video lasts 0 seconds');

	const stbl = inside(file, inside(file, mdia, 'minf'), 'stbl');
	const format = sampleFormat(file, inside(file, stbl, 'stsd'));
	if (format.width === 0 || format.height === 0) throw new Error('the image has no size');

	const samples = sampleRanges(file, stbl);
	if (samples.length === 0) throw new Error('the video has no frames');
	const timed = timedSamples(file, inside(file, stbl, 'stts'));
	if (timed !== samples.length) throw new Error(`${samples.length} frames but times for ${timed}`);
	for (const { start, end } of samples) {
		if (!media.some((box) => start >= box.start && end <= box.end))
			throw new Error(`a frame at byte ${start} lies outside the media data`);
		if (format.nalLengthBytes > 0) walkNalUnits(file, start, end, format.nalLengthBytes);
	}

	return {
		durationSeconds: duration / timescale,
		width: format.width,
		height: format.height,
		codec: format.codec,
		videoSamples: samples.length,
		tracks: tracks.length,
		sizeBytes: file.length,
	};
}

function boxes(file: Buffer, from: number, to: number): Box[] {
	const found: Box[] = [];
	for (let at = from; at < to;) {
		if (at + 8 > to) throw new Error(`a box header is cut off at byte ${at}`);
		const type = file.toString('latin1', at + 4, at + 8);
		let size = file.readUInt32BE(at);
		let header = 8;
		if (size === 1) {
			if (at + 16 > to) throw new Error(`a box header is cut off at byte ${at}`);
			size = Number(file.readBigUInt64BE(at + 8));
			header = 16;
		} else if (size === 0) {
			size = to - at; // the last box may reach to the end
		}
		if (size < header) throw new Error(`box "${type}" at byte ${at} has an impossible size`);
		if (at + size > to) throw new Error(`box "${type}" is cut off: ${at + size - to} bytes are missing`);
		found.push({ type, start: at + header, end: at + size });
		at += size;
	}
	return found;
}

function one(list: readonly Box[], type: string): Box {
	const box = list.find((candidate) => candidate.type === type);
	if (!box) throw new Error(`no "${type}" box`);
	return box;
}

function inside(file: Buffer, parent: Box, type: string): Box {
	return one(boxes(file, parent.start, parent.end), type);
}

function handlerOf(file: Buffer, trak: Box): string {
	const hdlr = inside(file, inside(file, trak, 'mdia'), 'hdlr');
	return file.toString('latin1', hdlr.start + 8, hdlr.start + 12);
}

function mediaHeader(file: Buffer, mdhd: Box): { timescale: number; duration: number } {
	const isLong = file.readUInt8(mdhd.start) === 1;
	return isLong
		? { timescale: file.readUInt32BE(mdhd.start + 20), duration: Number(file.readBigUInt64BE(mdhd.start + 24)) }
		: { timescale: file.readUInt32BE(mdhd.start + 12), duration: file.readUInt32BE(mdhd.start + 16) };
}

interface SampleFormat {
	codec: string;
	width: number;
	height: number;
	/** 0 where samples are not made of NAL units */
	nalLengthBytes: number;
}

function sampleFormat(file: Buffer, stsd: Box): SampleFormat {
	const [entry] = boxes(file, stsd.start + 8, stsd.end);
	if (!entry) throw new Error('the video track names no format');
	const format: SampleFormat = {
		codec: entry.type,
		width: file.readUInt16BE(entry.start + 24),
		height: file.readUInt16BE(entry.start + 26),
		nalLengthBytes: 0,
	};
	const extensions = boxes(file, entry.start + 78, entry.end);
	const avcC = extensions.find((box) => box.type === 'avcC');
	if (avcC) format.nalLengthBytes = (file.readUInt8(avcC.start + 4) & 3) + 1;
	const hvcC = extensions.find((box) => box.type === 'hvcC');
	if (hvcC) format.nalLengthBytes = (file.readUInt8(hvcC.start + 21) & 3) + 1;
	if (/^(avc|hvc|hev)/.test(entry.type) && format.nalLengthBytes === 0)
		throw new Error(`"${entry.type}" without its decoder settings`);
	return format;
}

function timedSamples(file: Buffer, stts: Box): number {
	let count = 0;
	for (let i = 0, n = file.readUInt32BE(stts.start + 4); i < n; i += 1)
		count += file.readUInt32BE(stts.start + 8 + i * 8);
	return count;
}

/** Where each frame's bytes are, from the size, chunk and offset tables. */
function sampleRanges(file: Buffer, stbl: Box): Array<{ start: number; end: number }> {
	const tables = boxes(file, stbl.start, stbl.end);
	const stsz = one(tables, 'stsz');
	const fixedSize = file.readUInt32BE(stsz.start + 4);
	const count = file.readUInt32BE(stsz.start + 8);
	const sizeOf = (sample: number) => fixedSize || file.readUInt32BE(stsz.start + 12 + sample * 4);

	const wide = tables.find((box) => box.type === 'co64');
	const offsets = wide ?? one(tables, 'stco');
	const chunks = file.readUInt32BE(offsets.start + 4);
	const offsetOf = (chunk: number) =>
		wide
			? Number(file.readBigUInt64BE(offsets.start + 8 + chunk * 8))
			: file.readUInt32BE(offsets.start + 8 + chunk * 4);

	const stsc = one(tables, 'stsc');
	const runs = file.readUInt32BE(stsc.start + 4);
	const ranges: Array<{ start: number; end: number }> = [];
	for (let run = 0; run < runs; run += 1) {
		const row = stsc.start + 8 + run * 12;
		const firstChunk = file.readUInt32BE(row) - 1;
		const perChunk = file.readUInt32BE(row + 4);
		const lastChunk = run + 1 < runs ? file.readUInt32BE(row + 12) - 1 : chunks;
		for (let chunk = firstChunk; chunk < lastChunk; chunk += 1) {
			let at = offsetOf(chunk);
			for (let i = 0; i < perChunk && ranges.length < count; i += 1) {
				const size = sizeOf(ranges.length);
				ranges.push({ start: at, end: at + size });
				at += size;
			}
		}
	}
	if (ranges.length !== count) throw new Error(`${count} frames announced, ${ranges.length} placed`);
	return ranges;
}

/** H.264 and H.265 frames are length-prefixed units that fill the sample exactly; overwritten bytes do not add up. */
function walkNalUnits(file: Buffer, start: number, end: number, lengthBytes: number): void {
	let at = start;
	while (at < end) {
		if (at + lengthBytes > end) throw new Error(`the frame at byte ${start} is damaged`);
		const size = file.readUIntBE(at, lengthBytes);
		if (size === 0 || at + lengthBytes + size > end) throw new Error(`the frame at byte ${start} is damaged`);
		at += lengthBytes + size;
	}
}

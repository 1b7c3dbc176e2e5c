import { createFile, MP4BoxBuffer, type Sample } from 'mp4box';

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

/**
 * Whether a player can play this file, as far as its container tells: a movie with a video track of a known size and a duration, and
 * every sample's bytes inside a media box of the file (a cut-off download fails here). For H.264 and H.265 the samples themselves are
 * walked too (ISO/IEC 14496-15).
 * @throws Error that says what is wrong
 */
export function inspectMp4(file: Buffer): Mp4Facts {
	if (file.toString('latin1', 4, 8) !== 'ftyp') {
		throw new Error(
			`not an MP4: the file begins with "${file.toString('latin1', 0, 24).replace(/[^\x20-\x7e]/g, '.')}"`,
		);
	}
	const movie = createFile();
	let fault: string | undefined;
	movie.onError = (_module, message) => (fault ??= message);
	// a copy: mp4box takes the whole ArrayBuffer, and a Buffer may be a part of a larger one
	movie.appendBuffer(MP4BoxBuffer.fromArrayBuffer(new Uint8Array(file).buffer, 0), true);
	movie.flush();
	if (fault !== undefined) throw new Error(fault);
	if (!movie.moov) throw new Error('no "moov" box');
	const last = movie.boxes.at(-1)!;
	const missing = last.start! + last.size - file.length;
	if (missing > 0) throw new Error(`box "${last.type}" is cut off: ${missing} bytes are missing`);

	const { tracks, videoTracks } = movie.getInfo();
	const [video] = videoTracks;
	if (!video) throw new Error('no video track');
	if (video.timescale === 0 || video.duration === 0) throw new Error('the video lasts 0 seconds');
	const { width = 0, height = 0 } = video.video ?? {};
	if (width === 0 || height === 0) throw new Error('the image has no size');
	const samples = movie.getTrackSamplesInfo(video.id);
	if (samples.length === 0) throw new Error('the video has no frames');
	const media = movie.boxes.filter(({ type }) => type === 'mdat');
	for (const sample of samples) {
		const [start, end] = [sample.offset, sample.offset + sample.size];
		const isInside = media.some((box) => start >= box.start! + (box.hdr_size ?? 8) && end <= box.start! + box.size);
		if (!isInside) throw new Error(`a frame at byte ${start} lies outside the media data`);
		walkNalUnits(file, start, end, nalLengthBytesOf(sample));
	}
	const [codec] = video.codec.split('.');
	return {
		durationSeconds: video.duration / video.timescale,
		width,
		height,
		codec,
		videoSamples: samples.length,
		tracks: tracks.length,
		sizeBytes: file.length,
	};
}

/** 0 where samples are not made of NAL units. */
function nalLengthBytesOf({ description }: Sample): number {
	const { type, avcC, hvcC } = description as {
		type?: string;
		avcC?: { lengthSizeMinusOne: number };
		hvcC?: { lengthSizeMinusOne: number };
	};
	const settings = avcC ?? hvcC;
	if (settings) return (settings.lengthSizeMinusOne & 3) + 1;
	if (/^(avc|hvc|hev)/.test(type ?? '')) throw new Error(`"${type}" without its decoder settings`);
	return 0;
}

/** H.264 and H.265 frames are length-prefixed units that fill the sample exactly; overwritten bytes do not add up. */
function walkNalUnits(file: Buffer, start: number, end: number, lengthBytes: number): void {
	for (let at = start; lengthBytes > 0 && at < end;) {
		if (at + lengthBytes > end) throw new Error(`the frame at byte ${start} is damaged`);
		const size = file.readUIntBE(at, lengthBytes);
		if (size === 0 || at + lengthBytes + size > end) throw new Error(`the frame at byte ${start} is damaged`);
		at += lengthBytes + size;
	}
}

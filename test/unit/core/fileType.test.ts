import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { HEAD_BYTES, readFileType } from '../../../lib/core/fileType';

const asset = (name: string) => readFileSync(join(__dirname, '../../emulator/assets', name));
/** A file with these first bytes and noise behind them. */
const file = (start: string, length = HEAD_BYTES) => {
	const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 73) % 256));
	bytes.write(start, 0, 'latin1');
	return bytes;
};
/** A text of at least as many bytes. */
const text = (start: string) => Buffer.from(start + ' Nothing moves here.'.repeat(100));
const ftyp = (brand: string) => `\0\0\0\x20ftyp${brand}\0\0\0\0`;

test.each<[string, Buffer, string, string]>([
	['MP4', asset('video.mp4'), 'video/mp4', 'video/mp4'],
	['MP4 under any name', asset('video.mp4'), 'text/html', 'video/mp4'],
	['MP4 without a name', asset('video.mp4'), '', 'video/mp4'],
	['MP4 of another brand', file(ftyp('iso5')), 'application/octet-stream', 'video/mp4'],
	['QuickTime', file(ftyp('qt  ')), 'video/mp4', 'video/quicktime'],
	['3GP', file(ftyp('3gp5')), 'video/mp4', 'video/3gpp'],
	['WebM', file('\x1a\x45\xdf\xa3'), 'application/octet-stream', 'video/webm'],
	['AVI', file('RIFF\x01\x02\x03\x04AVI LIST'), '', 'video/x-msvideo'],
	['what only the server knows', file('\0\0\0\x08wide'), 'video/quicktime; foo=bar', 'video/quicktime'],
	['what nobody knows', file('\x47\x40\x11\x10'), 'application/octet-stream', 'video/mp4'],
	['what nobody knows, from another store', file('\x47\x40\x11\x10'), 'Binary/Octet-Stream', 'video/mp4'],
])('%s is a video', (_name, head, claimed, type) => {
	expect(readFileType(head, claimed, 'video')).toBe(type);
});

test.each<[string, Buffer]>([
	['nothing', Buffer.alloc(0)],
	['one byte', Buffer.from('\0')],
	['the first bytes of an MP4 and no more', asset('video.mp4').subarray(0, HEAD_BYTES - 1)],
	['a page', text('<!DOCTYPE html><html>')],
	['a page behind blank lines', text('\r\n\r\n  <html>')],
	['a page with a byte order mark', text('\ufeff<html>')],
	['a page in UTF-16', Buffer.from(`\ufeff<html>${'x'.repeat(1_000)}`, 'utf16le')],
	['a page in Chinese', text(`<html>${'视频'.repeat(200)}`)],
	['JSON', text('{"error": "')],
	['XML', text('<?xml version="1.0"?><Error><Code>InternalError</Code>')],
	['words', text('Bad gateway.')],
	['an image', asset('cover.jpg')],
	['an image with a brand', file(ftyp('avif'))],
	['a sound with a brand', file(ftyp('M4A '))],
	['a sound', file('RIFF\x01\x02\x03\x04WAVEfmt ')],
	['a PDF', file('%PDF-1.7')],
	['an archive', file('PK\x03\x04')],
])('%s is no video, whatever the server calls it', (_name, head) => {
	for (const claimed of ['video/mp4', 'application/octet-stream', ''])
		expect(readFileType(head, claimed, 'video')).toBeUndefined();
});

test.each([['text/html'], ['application/json'], ['application/xml'], ['image/jpeg'], ['audio/mpeg'], ['']])(
	'bytes of no known format are no video where the server says "%s"',
	(claimed) => {
		expect(readFileType(file('\x47\x40\x11\x10'), claimed, 'video')).toBeUndefined();
	},
);

test.each(['moov', 'mdat', 'wide', 'free', 'skip', 'styp'])(
	'a film that begins with the box %s is one, whatever the server says',
	(box) => {
		for (const claimed of ['', 'text/plain', 'application/mp4'])
			expect(readFileType(file(`\0\0\0\x08${box}`), claimed, 'video')).toBe('video/mp4');
	},
);

test('a cover is an image and nothing else', () => {
	expect(readFileType(asset('cover.jpg'), 'video/mp4', 'image')).toBe('image/jpeg');
	expect(readFileType(asset('sneaker.png'), '', 'image')).toBe('image/png');
	expect(readFileType(asset('lamp.webp'), 'application/octet-stream', 'image')).toBe('image/webp');
	expect(readFileType(file('\x01\x02\x03'), 'image/x-new', 'image')).toBe('image/x-new');
	expect(readFileType(asset('video.mp4'), 'image/jpeg', 'image')).toBeUndefined();
	expect(readFileType(text('<html>'), 'image/jpeg', 'image')).toBeUndefined();
	expect(readFileType(file('\x01\x02\x03'), 'application/octet-stream', 'image')).toBeUndefined();
});

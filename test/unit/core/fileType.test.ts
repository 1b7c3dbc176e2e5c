import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { HEAD_BYTES, kindOfLink, readFileType, withEnding, withNumber } from '../../../lib/core/fileType';

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

/** How files of each kind begin. */
const BEGINNINGS: Array<[string, string]> = [
	['\x1a\x45\xdf\xa3', 'video/webm'],
	['RIFF\x01\x02\x03\x04AVI ', 'video/x-msvideo'],
	['FLV\x01', 'video/x-flv'],
	['OggS', 'video/ogg'],
	['\0\0\x01\xba', 'video/mpeg'],
	['\0\0\x01\xb3', 'video/mpeg'],
	['\xff\xd8\xff', 'image/jpeg'],
	['\x89PNG', 'image/png'],
	['RIFF\x01\x02\x03\x04WEBP', 'image/webp'],
	['GIF87a', 'image/gif'],
	['BM\x36\x10\x0e\x01\0\0\0\0', 'image/bmp'],
	['RIFF\x01\x02\x03\x04WAVE', 'audio/wav'],
	['ID3', 'audio/mpeg'],
	...['\xf2', '\xf3', '\xfa', '\xfb'].map((second): [string, string] => [`\xff${second}`, 'audio/mpeg']),
	...['\xf0', '\xf1', '\xf8', '\xf9'].map((second): [string, string] => [`\xff${second}`, 'audio/aac']),
	['fLaC', 'audio/flac'],
	['PK\x03\x04', 'application/zip'],
	['\x1f\x8b', 'application/gzip'],
	['%PDF', 'application/pdf'],
	[ftyp('isom'), 'video/mp4'],
	[ftyp('qt  '), 'video/quicktime'],
	[ftyp('3gp4'), 'video/3gpp'],
	[ftyp('3g2a'), 'video/3gpp'],
	...['avif', 'avis'].map((brand): [string, string] => [ftyp(brand), 'image/avif']),
	...['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'msf1'].map((brand): [string, string] => [
		ftyp(brand),
		'image/heic',
	]),
	...['M4A ', 'M4B ', 'F4A '].map((brand): [string, string] => [ftyp(brand), 'audio/mp4']),
];

test.each(BEGINNINGS)('what begins with %j is %s and nothing else, whatever the server calls it', (start, type) => {
	for (const wanted of ['video', 'image'] as const)
		for (const claimed of ['video/mp4', 'image/png', ''])
			expect(readFileType(file(start), claimed, wanted)).toBe(type.startsWith(wanted) ? type : undefined);
});

test.each(BEGINNINGS.filter(([start]) => !start.includes('ftyp')))(
	'%j one byte later is no beginning of %s',
	(start) => {
		expect(readFileType(file(`\x47${start}`), 'application/octet-stream', 'video')).toBe('video/mp4');
	},
);

test.each(['xqt ', 'qt x', 'x3gp', 'xavi', 'avix', 'xhei', 'xmif', 'heiz', 'hevz', 'xM4A'])(
	'the brand %j is one of MP4 like all that are not listed',
	(brand) => {
		expect(readFileType(file(ftyp(brand)), '', 'video')).toBe('video/mp4');
	},
);

test('text that begins with BM is no bitmap', () => {
	expect(readFileType(file('BM\x01\x02\x03\x04\x05\x06\x07\x08'), 'image/bmp', 'image')).toBe('image/bmp');
	expect(readFileType(file('BM\x01\x02\x03\x04\x05\x06\x07\x08'), 'video/new', 'video')).toBe('video/new');
});

test("the server's word counts without its parameters, blanks and capitals", () => {
	expect(readFileType(file('\x47'), ' VIDEO/MP2T ; codecs="avc1"', 'video')).toBe('video/mp2t');
});

test.each(['x-application/octet-stream', 'application/octet-stream-x', 'binary/octet-streams'])(
	'%s is no word for a file that nobody knows',
	(claimed) => {
		expect(readFileType(file('\x47'), claimed, 'video')).toBeUndefined();
	},
);

test('a mark of UTF-16 is one at the beginning only', () => {
	expect(readFileType(file('\x47\xff\xfe'), 'application/octet-stream', 'video')).toBe('video/mp4');
});

test('a film that begins with a box is no cover', () => {
	expect(readFileType(file('\0\0\0\x08moov'), '', 'image')).toBeUndefined();
});

test('a cover is an image and nothing else', () => {
	expect(readFileType(asset('cover.jpg'), 'video/mp4', 'image')).toBe('image/jpeg');
	expect(readFileType(asset('sneaker.png'), '', 'image')).toBe('image/png');
	expect(readFileType(asset('lamp.webp'), 'application/octet-stream', 'image')).toBe('image/webp');
	expect(readFileType(file('\x01\x02\x03'), 'image/x-new', 'image')).toBe('image/x-new');
	expect(readFileType(asset('video.mp4'), 'image/jpeg', 'image')).toBeUndefined();
	expect(readFileType(text('<html>'), 'image/jpeg', 'image')).toBeUndefined();
	expect(readFileType(file('\x01\x02\x03'), 'application/octet-stream', 'image')).toBeUndefined();
});

describe('a sound', () => {
	test.each(BEGINNINGS)('that begins with %j is %s', (start, type) => {
		const isOne = type.startsWith('audio/') || type.startsWith('video/');
		expect(readFileType(file(start), 'text/plain', 'audio')).toBe(isOne ? type : undefined);
	});

	test.each([
		['audio/mp4', 'audio/mp4'],
		['video/mp4', 'video/mp4'],
		['x-audio/mp4', 'video/mp4'],
	])('in a container of films is what the server says, where it says a sound: %s', (claimed, type) => {
		expect(readFileType(file(ftyp('isom')), claimed, 'audio')).toBe(type);
		expect(readFileType(file(ftyp('isom')), claimed, 'video')).toBe('video/mp4');
	});

	test('of a known kind is that, whatever the server says', () => {
		expect(readFileType(file('fLaC'), 'audio/wav', 'audio')).toBe('audio/flac');
	});

	test('may be shorter than any film, if it says so itself', () => {
		expect(readFileType(file('ID3', 99), '', 'audio')).toBe('audio/mpeg');
		expect(readFileType(file('\x47', 99), 'audio/mpeg', 'audio')).toBeUndefined();
	});

	test.each([
		['audio/x-new', 'audio/x-new'],
		['video/x-new', 'video/x-new'],
		['image/png', undefined],
		['application/octet-stream', undefined],
	])('of no known kind is one where the server says so: %s', (claimed, type) => {
		expect(readFileType(file('\x47\x40'), claimed, 'audio')).toBe(type);
		expect(readFileType(file('\0\0\0\x08moov'), claimed, 'audio')).toBe(type);
	});
});

describe('where nobody knows what was made', () => {
	test.each(BEGINNINGS)('%j is %s', (start, type) => {
		expect(readFileType(file(start), 'audio/x-new', 'any')).toBe(type.startsWith('application/') ? undefined : type);
	});

	test.each([
		['audio/x-new', 'audio/x-new'],
		['image/x-new', 'image/x-new'],
		['video/x-new', 'video/x-new'],
		['text/plain', undefined],
		['', undefined],
		['application/octet-stream', 'video/mp4'],
	])('the server is believed: %s', (claimed, type) => {
		expect(readFileType(file('\x47\x40'), claimed, 'any')).toBe(type);
	});

	test('a box makes a film, and what is short is nothing', () => {
		expect(readFileType(file('\0\0\0\x08moov'), '', 'any')).toBe('video/mp4');
		expect(readFileType(file('ID3', HEAD_BYTES - 1), '', 'any')).toBeUndefined();
	});
});

test.each([
	['clip', 'video/mp4', 'clip.mp4'],
	['clip.mp4', 'video/mp4', 'clip.mp4'],
	['clip.MP4', 'video/mp4', 'clip.MP4'],
	['clip.mov', 'video/mp4', 'clip.mp4'],
	['clip.mp4', 'video/quicktime', 'clip.mov'],
	['clip.m4a', 'video/x-msvideo', 'clip.avi'],
	['clip.v2', 'video/webm', 'clip.v2.webm'],
	['clip.mp4.zip', 'video/mp4', 'clip.mp4.zip.mp4'],
	['shoe.jpeg', 'image/jpeg', 'shoe.jpeg'],
	['shoe.jpg', 'image/jpeg', 'shoe.jpg'],
	['shoe.png', 'image/jpeg', 'shoe.jpg'],
	['shoe', 'image/svg+xml', 'shoe.svg'],
	['song.mp4', 'audio/mpeg', 'song.mp3'],
	['song', 'audio/mp3', 'song.mp3'],
	['song', 'audio/wav', 'song.wav'],
	['song', 'audio/x-wav', 'song.wav'],
	['song', 'audio/mp4', 'song.m4a'],
	['song.mp4', 'audio/mp4', 'song.mp4'],
	['song', 'audio/x-m4a', 'song.m4a'],
	['song', 'audio/x-aiff', 'song.aiff'],
	['song.mpeg', 'audio/flac', 'song.flac'],
	['song.mpg', 'audio/ogg', 'song.ogg'],
])('%s of type %s is called %s', (name, type, called) => {
	expect(withEnding(name, type)).toBe(called);
});

test.each([
	['sneaker.png', 'sneaker-2.png'],
	['Shoe v1.5', 'Shoe v1.5-2'],
	['a.b.MP4', 'a.b-2.MP4'],
])('the second file of %s is %s', (fileName, numbered) => {
	expect(withNumber(fileName, 2)).toBe(numbered);
});

test.each([
	['https://e.com/a.png', 'image'],
	['https://e.com/a.JPG?x=a.mp3', 'image'],
	['https://e.com/a.jpeg', 'image'],
	['https://e.com/a.webp', 'image'],
	['https://e.com/a.mp3', 'audio'],
	['https://e.com/a.wav#t', 'audio'],
	['https://e.com/a.png/clip.mp4', undefined],
	['https://e.com/a.mp3/clip', undefined],
	['https://e.com/?a=.png', undefined],
	['a.png', undefined],
	[undefined, undefined],
])('the address %p is one of %p', (url, kind) => {
	expect(kindOfLink(url)).toBe(kind);
});

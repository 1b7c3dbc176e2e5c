import { looksLikeSeveral, splitUrls, trimBlanks } from '../../../lib/core/urlList';

const A = 'https://shop.example.com/a.jpg';
const B = 'http://cdn.example.org/b.png?width=800&v=2';

describe('a list of addresses is taken apart', () => {
	test.each<[string, string, string[]]>([
		['at every separator that people use', [A, B, A, B, A, B, A].join(',').replace(/,/g, ' ,'), [A, B, A, B, A, B, A]],
		['at a comma', `${A},${B}`, [A, B]],
		['at a semicolon', `${A};${B}`, [A, B]],
		['at a bar', `${A}|${B}`, [A, B]],
		['at a Chinese comma', `${A}，${B}、${A}；${B}`, [A, B, A, B]],
		['at a blank', `${A} ${B}`, [A, B]],
		['at a blank of no width', `${A}\u200b${B}`, [A, B]],
		['at a word joiner', `${A}\u2060${B}`, [A, B]],
		['at lines of any system, empty ones included', `\r\n${A}\r\n\r\n${B}\r${A}\n`, [A, B, A]],
		['at a line break as JSON writes it', `${A}\\n${B}\\r\\n${A}\\t${B}`, [A, B, A, B]],
		['behind a separator that comes first', `,${A}`, [A]],
		['behind a written line break that comes first', `\\n${A}`, [A]],
		['in front of a separator that comes last', `${A} ; , ${B} ,; `, [A, B]],
		['in front of a written line break that comes last', `${A}\\r\\n`, [A]],
		['in front of an address without a scheme', `${A},//cdn.example.com/b.png`, [A, '//cdn.example.com/b.png']],
		['in front of a host with a port, without a scheme', `${A},//cdn.example:8080`, [A, '//cdn.example:8080']],
		['in front of a host alone, without a scheme', `${A}, //cdn.img-1.example`, [A, '//cdn.img-1.example']],
		['in front of a query, without a scheme', `${A},//a.example?v=1`, [A, '//a.example?v=1']],
		['in front of a data URI', `${A},DATA:image/png;base64,AAAA`, [A, 'DATA:image/png;base64,AAAA']],
		[
			'in front of an address in capitals',
			`${A},HTTPS://SHOP.EXAMPLE.COM/A.JPG`,
			[A, 'HTTPS://SHOP.EXAMPLE.COM/A.JPG'],
		],
		['without empty pieces', ' , ; | ', []],
		['without the blanks around it', `\u200b ${A}\t`, [A]],
	])('%s', (_where, text, pieces) => {
		expect(splitUrls(text)).toEqual(pieces);
	});
});

describe('one address stays one', () => {
	test.each([
		['a comma in its path', 'https://img.example.com/w_800,h_600/a.jpg'],
		['an address in its query', `https://img.example.com/?url=${A}`],
		['a letter between a comma and what begins like an address', `https://img.example.com/,x${A}`],
		['two slashes behind a comma that no host follows', 'https://img.example.com/a,//b/c.jpg'],
		['two slashes behind a comma and punctuation', 'https://img.example.com/a,//%20.%20/c.jpg'],
		['two slashes behind a comma and a host that goes on', 'https://img.example.com/a,//b.c=d'],
		['a name with a point and nothing behind it', 'https://img.example.com/a,//b./c'],
		['blanks in its name', 'https://shop.example.com/Mein Bild.jpg'],
		['a backslash and a letter', 'https://shop.example.com/a\\nb.jpg'],
		['a backslash and another letter at its end', 'https://shop.example.com/a\\x'],
		['a name alone', 'a.jpg'],
	])('with %s', (_what, text) => {
		expect(splitUrls(text)).toEqual([text]);
	});

	test.each([
		'data:image/png;base64,//8A/9j/',
		'data:image/png;base64,',
		'DATA:IMAGE/PNG;BASE64,',
		'data:image/png;base64,AAAA',
	])('as a data URI: %s', (text) => {
		expect(splitUrls(text)).toEqual([text]);
	});

	test('but the comma behind the data of a data URI is one of the list', () => {
		expect(splitUrls('data:image/png;base64,AAAA,')).toEqual(['data:image/png;base64,AAAA']);
	});

	test('and the head of a data URI keeps its comma where a list goes on', () => {
		expect(splitUrls(`${A},data:image/png;base64, ${B}`)).toEqual([A, 'data:image/png;base64,', B]);
		expect(splitUrls(`data:image/png;base64,AAAA ,${A},`)).toEqual(['data:image/png;base64,AAAA', A]);
	});
});

test.each([
	['', ''],
	[' \u200b\t', ''],
	['a', 'a'],
	[' \u200ba b\u200d\n', 'a b'],
])('%j without blanks at its ends is %j', (text, trimmed) => {
	expect(trimBlanks(text)).toBe(trimmed);
});

describe('a piece looks like several addresses', () => {
	test.each([
		'a.png\tb.png',
		'a.png\nb.png',
		`${A} and`,
		`${A} OR`,
		`${A} und`,
		`${A} oder`,
		`${A} et`,
		`${A} y`,
		`${A} &`,
		`${A} +`,
		...['png', 'jpg', 'jpeg', 'webp', 'gif', 'mp4', 'mov', 'webm', 'mp3', 'wav'].map((type) => `a.${type} b`),
		'a.png, b.png',
		'a.PNG； b',
		'https://x.example/a.png b.example/c',
		'https://x.example/a.png  b.example/c',
		'https://x.example/a.jpeg b.img-1.example/c',
		'https://x.example/a, b.example/c',
		'https://x.example/a,  cdn.b-1.example/c',
		'https://x.example/a //b.example/c',
		'https://x.example/a ftp://b.example/c',
		`a "${A}`,
		`<${A}>`,
		`(${A})`,
		`${A}${A}`,
		'a.jpeghttp://b.example',
		`a.webp${A}`,
		`'${B}`,
	])('%s', (piece) => {
		expect(looksLikeSeveral(piece)).toBe(true);
		expect(looksLikeSeveral(` ${piece}\u200b`)).toBe(true);
	});
});

describe('a piece looks like one address', () => {
	test.each([
		A,
		B,
		'',
		'https://shop.example.com/Mein Bild.jpg',
		'https://shop.example.com/sand and sea.jpg',
		'https://shop.example.com/island',
		'https://shop.example.com/a.png/b c/d',
		'https://shop.example.com/a.png x/d',
		'https://shop.example.com/a.png b.c/d',
		'https://shop.example.com/a.png b.12/d',
		'https://shop.example.com/apng b',
		'https://shop.example.com/a.pngx b',
		'https://shop.example.com/a, b/c',
		'https://shop.example.com/a, b.c/d',
		'https://shop.example.com/a, b.12/d',
		'https://shop.example.com/a b.example/c',
		'https://shop.example.com/a,b.example/c',
		'https://shop.example.com/a 1://b',
		'https://shop.example.com/?u=https://b.example',
		'https://shop.example.com/xhttps://b.example',
	])('%s', (piece) => {
		expect(looksLikeSeveral(piece)).toBe(false);
	});
});

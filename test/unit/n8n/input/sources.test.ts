import { looksLikeSeveral } from '../../../../lib/core/urlList';
import { InvalidInput } from '../../../../lib/n8n/input/invalidInput';
import { readSources, type ImageSource } from '../../../../lib/n8n/input/sources';

const A = 'https://shop.example.com/a.jpg';
const B = 'https://shop.example.com/b.png?width=800&v=2';
/** Images of a resizing service have commas in their path. */
const COMMAS = 'https://img.example.com/w_800,h_600,c_fill/a.jpg';
const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const JPEG = 'data:image/jpeg;base64,/9j/4AAQ';

const url = (...values: string[]): ImageSource[] => values.map((value) => ({ mode: 'url', value }));
const base64 = (...values: string[]): ImageSource[] => values.map((value) => ({ mode: 'base64', value }));
const binary = (...values: string[]): ImageSource[] => values.map((value) => ({ mode: 'binary', value }));
const locator = (mode: string, value: unknown) => ({ __rl: true, mode, value });

test.each<[string, unknown, ImageSource[]]>([
	['nothing', undefined, []],
	['null', null, []],
	['empty text', '', []],
	['blank text', ' \n ', []],
	['an empty list', [], []],
	['an empty locator', locator('url', ''), []],
	['a locator whose expression gave nothing', locator('url', undefined), []],

	['an address', A, url(A)],
	['an address with blanks around', `  ${A}\n`, url(A)],
	['an address in capitals', A.toUpperCase(), url(A.toUpperCase())],
	['a word, which is for others to refuse', 'a.jpg', url('a.jpg')],
	['an address with commas in it', COMMAS, url(COMMAS)],
	['addresses behind commas', `${A},${B}`, url(A, B)],
	['addresses behind commas and blanks', `${A}, ${B} ,  ${A}`, url(A, B, A)],
	['a comma behind the last address', `${A}, ${B},`, url(A, B)],
	[
		'an address with blanks in it',
		'https://shop.example.com/Mein Bild ü.jpg',
		url('https://shop.example.com/Mein Bild ü.jpg'),
	],
	['addresses behind semicolons', `${A}; ${B};`, url(A, B)],
	['addresses behind bars', `${A}|${B} | ${A}`, url(A, B, A)],
	['addresses behind blanks', `${A} ${B}`, url(A, B)],
	[
		'addresses without a scheme',
		`//cdn.shopify.com/a.jpg,//cdn.shopify.com/b.jpg`,
		url('//cdn.shopify.com/a.jpg', '//cdn.shopify.com/b.jpg'),
	],
	['addresses behind blanks, without a scheme', `${A} //cdn.shopify.com/a.jpg`, url(A, '//cdn.shopify.com/a.jpg')],
	['addresses behind Chinese punctuation', `${A}，${B}；${A}、${B}。`, url(A, B, A, `${B}。`)],
	['addresses behind a line break as JSON writes it', `${A}\\n${B}\\r\\n${A}\\n`, url(A, B, A)],
	['addresses with a word between them, which is for others to refuse', `${A} and ${B}`, url(`${A} and`, B)],
	[
		'Chinese punctuation inside an address',
		'https://x.example.com/图，片.jpg',
		url('https://x.example.com/图，片.jpg'),
	],
	['blanks of no width around an address', `\u200b${A}\u200b, ${B}\u2060`, url(A, B)],
	['bars and semicolons inside an address', 'https://x.example.com/a;b|c.jpg', url('https://x.example.com/a;b|c.jpg')],
	['addresses in lines', `${A}\n${B}`, url(A, B)],
	['addresses in lines of Windows, one empty', `${A}\r\n\r\n${B}\r\n`, url(A, B)],
	['addresses in lines that end in commas', `${A},\n${B},\n`, url(A, B)],
	['addresses with commas in a list', `${COMMAS},${A}\n${COMMAS}`, url(COMMAS, A, COMMAS)],

	['a data URI', PNG, base64(PNG)],
	['data URIs and addresses in one text', `${PNG},${A},${JPEG}`, [...base64(PNG), ...url(A), ...base64(JPEG)]],
	[
		'a data URI in lines, as mail programs wrap it',
		'data:image/png;base64,\r\niVBORw0K\r\n//Ggo+9A\nAAAA',
		base64('data:image/png;base64,iVBORw0K//Ggo+9AAAAA'),
	],
	[
		'a wrapped data URI and what follows it',
		`data:image/png;base64,iVBO\nRw0KGgo=\n${A}\n${JPEG}`,
		[...base64(PNG), ...url(A), ...base64(JPEG)],
	],
	[
		'a wrapped data URI in front of an address without a scheme',
		'data:image/png;base64,iVBO\nRw0K\n//cdn.shopify.com/a.jpg',
		[...base64('data:image/png;base64,iVBORw0K'), ...url('//cdn.shopify.com/a.jpg')],
	],
	[
		'a data URI whose base64 begins with slashes',
		'data:image/png;base64,//8A/9j/',
		base64('data:image/png;base64,//8A/9j/'),
	],
	['data URIs in lines', `${PNG}\n${JPEG}`, base64(PNG, JPEG)],

	['a list', [A, B], url(A, B)],
	['a list in a list', [[A], [[B]]], url(A, B)],
	['a list with gaps', [A, '', null, undefined, B], url(A, B)],
	['a list of mixed kinds', [A, PNG], [...url(A), ...base64(PNG)]],
	['a list as JSON text', JSON.stringify([A, B]), url(A, B)],
	['a list of objects as JSON text', JSON.stringify([{ src: A }, { url: B }]), url(A, B)],
	['an empty list as JSON text', '[]', []],
	['what only begins like a list', `[1] ${A}`, url('[1]', A)],

	['an image of Shopify', { id: 7, position: 1, src: A, width: 800 }, url(A)],
	[
		'images of Shopify',
		[
			{ id: 7, src: A },
			{ id: 8, src: B },
		],
		url(A, B),
	],
	['images of WooCommerce', [{ id: 7, src: A, name: 'front', alt: '' }], url(A)],
	['a product with an image', { title: 'Sneaker', image: { src: A } }, url(A)],
	['a row with an empty image and an address', { image: null, url: A }, url(A)],
	['a row with an empty text and an address', { image: '', src: A }, url(A)],
	['a row with an empty image only', { image: null }, []],
	['an image without an address and one with it', [{ src: '' }, { url: B }], url(B)],

	['a locator', locator('url', A), url(A)],
	['a locator without its mark', { mode: 'url', value: A }, url(A)],
	['a locator of a mode of another version', locator('list', A), url(A)],
	['a locator with a list in its text', locator('url', `${A}, ${B}`), url(A, B)],
	['a locator whose expression gave a list', locator('url', [A, { src: B }]), url(A, B)],
	['a locator whose expression gave an object', locator('url', { src: A }), url(A)],
	['a locator with a data URI', locator('url', PNG), base64(PNG)],

	['a binary field', locator('binary', 'data'), binary('data')],
	['binary fields', locator('binary', 'front, back\nside'), binary('front', 'back', 'side')],
	['a list of binary fields', locator('binary', ['front', 'back']), binary('front', 'back')],

	['base64', locator('base64', 'iVBORw0KGgo='), base64('iVBORw0KGgo=')],
	['base64 with its prefix', locator('base64', PNG), base64(PNG)],
	['base64 with their prefixes', locator('base64', `${PNG},${JPEG}`), base64(PNG, JPEG)],
	['bare base64 in a list', locator('base64', 'iVBORw0KGgo=,/9j/4AAQ'), base64('iVBORw0KGgo=', '/9j/4AAQ')],

	[
		'the entries of Reference Images',
		[{ image: locator('url', A) }, { image: locator('binary', 'data') }],
		[...url(A), ...binary('data')],
	],
	['an entry that holds a list', [{ image: locator('url', [A, B]) }], url(A, B)],
	[
		'binary data that an expression fetched',
		{ mimeType: 'image/png', data: 'iVBORw0KGgo=' },
		[{ mode: 'binary', value: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }],
	],
])('%s', (_name, value, sources) => {
	expect(readSources(value, 'Image')).toEqual(sources);
});

test.each<[string, unknown]>([
	['a number', 5],
	['a switch', true],
	['an object without an address', { name: 'sneaker' }],
	['an empty object', {}],
	['a number in a list', [A, 5]],
	['a number in a locator', locator('url', 5)],
	['a number in JSON text', '[5]'],
])('%s is refused by name', (_name, value) => {
	expect(() => readSources(value, 'Start Image')).toThrow(InvalidInput);
	expect(() => readSources(value, 'Start Image')).toThrow('Start Image cannot be read as an image');
});

test.each([
	['blanks', ' '],
	['commas', ','],
	['slashes', '/'],
	['line breaks', '\n'],
	['beginnings of addresses', ',//a'],
])('200,000 %s in an address are read', (_name, sign) => {
	const [{ value }] = readSources(`https://shop.example.com/a.png${sign.repeat(200_000)}b/c`, 'Image');
	expect(value).toMatch(/^https:\/\/shop\.example\.com\/a\.png/);
	expect(looksLikeSeveral(value as string)).toBe(false);
});

test('a wrapped data URI of many megabytes is read in no time to speak of', () => {
	const line = 'A'.repeat(76);
	const wrapped = `data:image/png;base64,${Array.from({ length: 200_000 }, () => line).join('\r\n')}`;
	expect(readSources(wrapped, 'Image')[0].value).toHaveLength(22 + 200_000 * 76);
});

test('what cannot be a video is not called an image', () => {
	expect(() => readSources(5, 'Reference Videos', 'video')).toThrow('Reference Videos cannot be read as a video');
});

test.each(['<br>', '","', "' '", ')(', '', '>'])(
	'two addresses with %j between them are not ordered as one',
	(between) => {
		expect(looksLikeSeveral(`https://a.example.com/1.png${between}https://b.example.com/2.png`)).toBe(true);
	},
);

test.each([
	'https://cdn.example.com/fetch/https://shop.example.com/a.png',
	'https://cdn.example.com/a.png?u=https://shop.example.com/b.png',
])('%s is one address', (url) => expect(looksLikeSeveral(url)).toBe(false));

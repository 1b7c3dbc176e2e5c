import { cleanFileName, fileNameFor } from '../../../../lib/n8n/run/fileName';

const ID = '876543210123456789';

test.each<[string, unknown, string]>([
	['a name with its ending', 'sneaker.mp4', 'sneaker.mp4'],
	['a name without one', 'sneaker', 'sneaker.mp4'],
	['another kind of file', 'sneaker.webm', 'sneaker.webm'],
	['a number at the end, which is no ending', 'sneaker v1.25', 'sneaker v1.25.mp4'],
	['letters of any script', 'Größe ü 影.mp4', 'Größe ü 影.mp4'],
	['a slash', 'Größe/M', 'Größe-M.mp4'],
	['folders', '../../etc/passwd', '-..-etc-passwd.mp4'],
	['what Windows does not take', 'a\\b:c*d?e"f<g>h|i', 'a-b-c-d-e-f-g-h-i.mp4'],
	['line breaks and zeros', 'one\ntwo\u0000three', 'one-two-three.mp4'],
	['dots and blanks at the ends', ' .sneaker. . ', 'sneaker.mp4'],
	['a number', 4711, '4711.mp4'],
	['half a character', 'a\ud800b', 'a-b.mp4'],
	['a size behind a dot', 'Size.XL', 'Size.XL.mp4'],
	['a title', 'Dr.No', 'Dr.No.mp4'],
	['a domain', 'shop.de', 'shop.de.mp4'],
	['a version', 'Modell.v2a', 'Modell.v2a.mp4'],
	['a brand', '7.up', '7.up.mp4'],
	['the name of the image', 'sneaker.jpg', 'sneaker.jpg.mp4'],
	['capitals in its ending', 'sneaker.MOV', 'sneaker.MOV'],
	['the name of a device of Windows', 'CON', 'CON-.mp4'],
	['such a name with an ending', 'com1.mp4', 'com1-.mp4'],
	['such a name in front of a dot', 'nul.front', 'nul-.front.mp4'],
	['a name that only begins like that', 'Console.mp4', 'Console.mp4'],
	['an expression that found nothing', 'undefined', `${ID}.mp4`],
	['one with an ending', 'undefined.mp4', `${ID}.mp4`],
	['one that found null', ' null.mp4', `${ID}.mp4`],
	['an object with an ending', '[object Object].mp4', `${ID}.mp4`],
	['nothing', undefined, `${ID}.mp4`],
	['an empty text', '', `${ID}.mp4`],
	['blanks', '  ', `${ID}.mp4`],
	['only what is not allowed', '///', `${ID}.mp4`],
	['dots only', '..', `${ID}.mp4`],
	['an ending only', '.mp4', `${ID}.mp4`],
	['an object', { name: 'x' }, `${ID}.mp4`],
])('%s', (_name, given, name) => {
	expect(fileNameFor(given, ID)).toBe(name);
});

test.each([
	['Latin', 'x'],
	['Chinese', '影'],
	['emoji', '🎬'],
])('a long name in %s is cut between characters and keeps its ending', (_script, letter) => {
	const name = fileNameFor(`${letter.repeat(300)}.mov`, ID);
	expect(Buffer.byteLength(name)).toBeLessThanOrEqual(184);
	expect(Buffer.byteLength(name)).toBeGreaterThan(170);
	expect(name).toMatch(/\.mov$/);
	expect(name).not.toMatch(/\p{Surrogate}|\ufffd/u);
});

test('a name with very many blanks in it is cut', () => {
	expect(fileNameFor(`a${' '.repeat(200_000)}b`, ID)).toBe('a.mp4');
});

test('a clean name stays as it is', () => {
	for (const name of ['a', 'a-b_c (1).mp4', 'v1.2', ID]) expect(cleanFileName(name)).toBe(name);
});

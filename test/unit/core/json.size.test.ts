import { readJson } from '../../../lib/core/json';

describe('answers of any size', () => {
	const ID = '876543210123456789';
	/** Of an image the service takes as base64, several times over. */
	const CHARACTERS = 24_000_000;

	test.each<[string, string, string]>([
		['an image', 'iVBORw0KGgo/', 'iVBORw0KGgo/'],
		['digits', '1234567890', '1234567890'],
		['quotes', '\\"', '"'],
		['backslashes', '\\\\', '\\'],
		['escaped letters', '\\u00e9', 'é'],
	])('a string of 24 million characters of %s costs neither the answer nor its ids', (_name, written, meant) => {
		const times = CHARACTERS / written.length;
		const read = readJson(`{"task_id":${ID},"images":["${written.repeat(times)}"],"big":${ID}}`);
		const { images, ...rest } = read as { images: string[] };
		expect(rest).toEqual({ task_id: ID, big: ID });
		expect(images[0] === meant.repeat(times)).toBe(true);
	});

	test.each([
		['a string that is never closed', `{"task_id":${ID},"images":["${'1234567890'.repeat(2_400_000)}`],
		['a number that goes on and breaks off', `{"task_id":${'1'.repeat(CHARACTERS)}`],
		['opening brackets', '['.repeat(1_000_000)],
	])('%s stays the text it is', (_name, text) => {
		expect(readJson(text) === text).toBe(true);
	});

	test('a number of 24 million digits', () => {
		const digits = '1'.repeat(CHARACTERS);
		expect((readJson(`[${digits}]`) as string[])[0] === digits).toBe(true);
		expect(readJson(`[${digits}.5]`)).toEqual([Infinity]);
	});
});

import { withoutImages } from '../../../lib/core/echo';

const image = (length: number, kind = 'data:image/png;base64,'): string =>
	kind + 'iVBORw0K'.repeat(Math.ceil(length / 8)).slice(0, length - kind.length);

test.each<[string, string, string]>([
	['a PNG', image(4_194_304), 'data:image/png;base64,… (4,194,304 characters)'],
	['a small JPEG', image(1_001, 'data:image/jpeg;base64,'), 'data:image/jpeg;base64,… (1,001 characters)'],
	['a type in capitals', image(5_000, 'DATA:IMAGE/PNG;BASE64,'), 'DATA:IMAGE/PNG;BASE64,… (5,000 characters)'],
	['a sound', image(5_000, 'data:audio/mpeg;base64,'), 'data:audio/mpeg;base64,… (5,000 characters)'],
	['bare base64', image(2_000_000, ''), 'base64… (2,000,000 characters)'],
	['bare base64 in lines', `${image(76, '')}\r\n`.repeat(2_000), 'base64… (156,000 characters)'],
	['bare base64 with a stray sign far behind', `${image(100_000, '')}!`, 'base64… (100,001 characters)'],
])('%s that comes back is said, not kept', (_name, given, said) => {
	const answer = { task_id: '42', images: [given], subjects: [{ name: 'shoe', images: ['https://x/a.png', given] }] };
	expect(withoutImages(answer)).toEqual({
		task_id: '42',
		images: [said],
		subjects: [{ name: 'shoe', images: ['https://x/a.png', said] }],
	});
	expect(answer.images).toEqual([given]);
});

test.each<[string, Record<string, unknown>]>([
	['the longest payload', { payload: 'x'.repeat(1_048_576) }],
	['a payload that is an image', { payload: image(200_000) }],
	['a payload in a list of tasks', { tasks: [{ payload: image(1_048_576) }] }],
	['a short data URI', { images: [image(1_000)] }],
	['text of letters alone, as long as a text may be', { prompt: image(100_000, '') }],
	['a long prompt that quotes a data URI', { prompt: `See ${image(5_000)}` }],
	['a long prompt', { prompt: 'A sneaker turns, slowly. '.repeat(20_000) }],
	['a long prompt that speaks of data: URIs', { prompt: `data: the sneaker ${'turns, '.repeat(2_000)}` }],
	['a link', { url: `https://x/video.mp4?Policy=${'a'.repeat(4_000)}` }],
	['what is no text', { a: 1, b: null, c: true, d: [], e: {}, f: [[1]] }],
	['a field __proto__', JSON.parse('{"__proto__":{"a":1},"b":2}') as Record<string, unknown>],
])('%s comes back untouched', (_name, answer) => {
	expect(JSON.stringify(withoutImages(answer))).toBe(JSON.stringify(answer));
});

test.each([
	['text', 'ok'],
	['nothing', ''],
	['a number', 12],
	['null', null],
])('a body that is %s stays', (_name, body) => {
	expect(withoutImages(body)).toBe(body);
});

test('a payload longer than services take is no payload', () => {
	expect(withoutImages({ payload: image(1_048_577) })).toEqual({
		payload: 'data:image/png;base64,… (1,048,577 characters)',
	});
});

test('a page is kept to its first 10,000 characters, and whole if it has no more', () => {
	expect(withoutImages('x'.repeat(10_000))).toBe('x'.repeat(10_000));
	expect(withoutImages('x'.repeat(10_001))).toBe(`${'x'.repeat(10_000)}… (10,001 characters)`);
});

test('JSON with an image that broke off is kept to its beginning', () => {
	const kept = withoutImages(`{"task_id":"42","images":["${image(4_000_000)}`) as string;
	expect(kept).toMatch(/^\{"task_id":"42"/);
	expect(kept.length).toBeLessThan(11_000);
});

test('nesting deeper than the stack is copied', () => {
	const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as unknown;
	expect(() => withoutImages(deep)).not.toThrow();
});

import fc from 'fast-check';

import {
	abbreviated,
	fingerprintOf,
	leavesOf,
	loadBody,
	mediaLengthOf,
	passing,
	standingFor,
	wireLengthOf,
	type Leaf,
} from '../../../lib/core/body';

/** A body is a tree with leaves that are loaded late. */

const leaf = (identity: string, text = identity): Leaf => ({
	identity,
	wireLength: text.length,
	load: async () => text,
});
const BODY = {
	model: 'viduq2',
	prompt: '影',
	images: [leaf('hash 1', 'data:image/png;base64,AAAA'), leaf('https://shop.example.com/2.jpg')],
	subjects: [{ name: 'mug', images: [leaf('hash 3', 'CCCC')] }],
	seed: 0,
	audio: false,
	payload: undefined,
	callback_url: passing('https://n8n.example.com/1'),
};

test('travels with its leaves loaded, one after another, in the order of the body', async () => {
	const loaded: string[] = [];
	const watched = (name: string): Leaf => ({
		...leaf(name),
		async load() {
			loaded.push(`${name} begins`);
			await Promise.resolve();
			loaded.push(`${name} ends`);
			return name.toUpperCase();
		},
	});
	const body = { images: [watched('a'), watched('b')], deep: { one: watched('c') }, plain: [1, null, 'x'] };
	expect(await loadBody(body)).toEqual({ images: ['A', 'B'], deep: { one: 'C' }, plain: [1, null, 'x'] });
	expect(loaded).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test('is as long on the wire as what is sent, to the byte', async () => {
	const sent = JSON.stringify(await loadBody(BODY));
	expect(wireLengthOf(BODY)).toBe(Buffer.byteLength(sent));
	expect(mediaLengthOf(BODY)).toBe(leavesOf(BODY).reduce((sum, { wireLength }) => sum + wireLength, 0));
	expect(mediaLengthOf(undefined)).toBe(0);
	expect(wireLengthOf(undefined)).toBe(0);
});

test('may hold a text that travels and is no part of the wish', async () => {
	const leafOfText = passing('https://n8n.example.com/1');
	expect(leafOfText).toMatchObject({ identity: undefined, wireLength: 25 });
	expect(await loadBody({ callback_url: leafOfText })).toEqual({ callback_url: 'https://n8n.example.com/1' });
});

describe('a fingerprint', () => {
	test('knows nothing of the order of keys, of what does not travel, and of what changes with every execution', () => {
		const reversed = Object.fromEntries(Object.entries(BODY).reverse());
		expect(fingerprintOf(reversed)).toBe(fingerprintOf(BODY));
		expect(fingerprintOf({ ...BODY, style: undefined })).toBe(fingerprintOf(BODY));
		expect(fingerprintOf({ ...BODY, callback_url: passing('https://n8n.example.com/2') })).toBe(fingerprintOf(BODY));
		const { callback_url: _callback, ...polled } = BODY;
		expect(fingerprintOf(polled)).toBe(fingerprintOf(BODY));
	});

	test('knows an image by its content, not by what it travels as', () => {
		expect(fingerprintOf([leaf('hash', 'https://n8n.example.com/signed?1')])).toBe(
			fingerprintOf([leaf('hash', 'https://n8n.example.com/signed?22')]),
		);
		expect(fingerprintOf({ image: leaf('one') })).not.toBe(fingerprintOf({ image: leaf('other') }));
		expect(fingerprintOf([leaf('hash')])).not.toBe(fingerprintOf(['hash']));
	});

	test('stays what it is from version to version, for the ledger remembers it', () => {
		expect(fingerprintOf({ seed: 0, images: [leaf('hash 1')], model: 'viduq2' })).toBe('c1c37ffacdb0ac4f8650de6b');
	});

	test('knows what is absent from a list as JSON does', () => {
		expect(fingerprintOf([undefined])).toBe(fingerprintOf([null]));
		expect(fingerprintOf([undefined])).not.toBe(fingerprintOf([]));
	});

	test('tells any two bodies apart that JSON tells apart', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
				const sorted = (value: unknown): string =>
					JSON.stringify(value, (_name, node: unknown) =>
						typeof node === 'object' && node !== null && !Array.isArray(node)
							? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
							: node,
					);
				expect(fingerprintOf(one) === fingerprintOf(other)).toBe(sorted(one) === sorted(other));
			}),
			{ numRuns: 300, seed: 7 },
		);
	});

	test.each(['model', 'prompt', 'images', 'subjects', 'seed', 'audio'])('changes with %s', (name) => {
		expect(fingerprintOf({ ...BODY, [name]: 'another' })).not.toBe(fingerprintOf(BODY));
		const { [name as keyof typeof BODY]: _left, ...others } = BODY;
		expect(fingerprintOf(others)).not.toBe(fingerprintOf(BODY));
	});

	test('changes with every leaf', () => {
		for (const one of leavesOf(BODY).filter(({ identity }) => identity !== undefined)) {
			const before = fingerprintOf(BODY);
			const { identity } = one;
			one.identity = 'another';
			expect(fingerprintOf(BODY)).not.toBe(before);
			one.identity = identity;
		}
	});
});

describe('what is shown of a body', () => {
	const unread = (more: Partial<Leaf>): Leaf => ({
		identity: 'a hash',
		wireLength: 10,
		load: async () => {
			throw new Error('loaded');
		},
		...more,
	});

	test.each<[string, unknown, unknown]>([
		['a file by its size', unread({ sizeBytes: 12_345 }), '(image, 12345 bytes)'],
		['a file of unknown size', unread({}), '(image)'],
		['a video', unread({ media: 'video', sizeBytes: 9 }), '(video, 9 bytes)'],
		[
			'an address as it is',
			unread({ identity: 'https://shop.example.com/1.jpg?a=1' }),
			'https://shop.example.com/1.jpg?a=1',
		],
		[
			'an address without encryption',
			unread({ identity: 'http://shop.example.com/1.jpg' }),
			'http://shop.example.com/1.jpg',
		],
		['a file whose identity only holds an address', unread({ identity: 'of https://x.example' }), '(image)'],
		['what is known only when it leaves', passing('https://n8n.example.com/secret'), '(set when it is ordered)'],
		['a text as it is', 'x'.repeat(6_000), 'x'.repeat(6_000)],
		['a long text by its beginning', 'x'.repeat(6_001), `${'x'.repeat(6_000)}… (6001 characters)`],
		['numbers, switches and nothing', [1, false, null], [1, false, null]],
		['only what travels', { a: { b: undefined, c: [unread({})] } }, { a: { c: ['(image)'] } }],
	])('%s', (_name, node, shown) => {
		expect(abbreviated(node)).toStrictEqual(shown);
	});
});

test('a text that stands for something is sent as it is, and told by what it stands for', async () => {
	const leaf = standingFor('newest of scene 2', '891101');
	expect([leaf.wireLength, await loadBody({ job_id: leaf })]).toEqual([6, { job_id: '891101' }]);
	expect(abbreviated({ job_id: leaf })).toEqual({ job_id: '891101' });
	expect(fingerprintOf({ job_id: leaf })).toBe(fingerprintOf({ job_id: standingFor('newest of scene 2', '891102') }));
});

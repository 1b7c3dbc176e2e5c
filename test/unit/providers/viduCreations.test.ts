import { readCreations } from '../../../lib/providers/vidu/creations';

/** What the answers about a task say that it made. */

const one = { id: '1', url: 'https://e.com/1' };
const other = { id: '2', url: 'https://e.com/2' };
const late = { id: '3' };

test('the first that has a link is the task’s own, the others follow in their order, with a link or not', () => {
	expect(readCreations({ creations: [late, one, other] })).toEqual({
		...{ creationId: '1', videoUrl: one.url },
		further: [{ creationId: '3' }, { creationId: '2', videoUrl: other.url }],
	});
});

test('one alone has no others; where none has a link the first is told by its ID', () => {
	expect(readCreations({ creations: [one] })).toEqual({ creationId: '1', videoUrl: one.url });
	expect(readCreations({ creations: [late, { id: '4' }] })).toEqual({
		creationId: '3',
		further: [{ creationId: '4' }],
	});
});

test.each([undefined, null, 'x', {}, []])('nothing is made of %p', (creations) => {
	expect(readCreations({ creations })).toEqual({});
});

test.each([
	[undefined, 'marked'],
	[true, 'marked'],
	['1', 'marked'],
	['TRUE', 'marked'],
	[false, 'clean'],
	['', 'clean'],
	['0', 'clean'],
	[null, 'clean'],
])('with watermark %p the link is the %s one', (watermark, which) => {
	const creation = { url: 'clean', watermarked_url: 'marked' };
	const { videoUrl, unmarkedVideoUrl } = readCreations({ creations: [creation], watermark });
	expect([videoUrl, unmarkedVideoUrl]).toEqual(which === 'marked' ? ['marked', 'clean'] : ['clean', undefined]);
});

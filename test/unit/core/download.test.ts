import { deliverVideo, type Fetched } from '../../../lib/core/download';
import type { Failure } from '../../../lib/core/failure';
import type { Clock } from '../../../lib/core/clock';
import type { TaskReport } from '../../../lib/core/provider';

const report = (videoUrl: string): TaskReport => ({
	state: 'succeeded',
	providerState: 'success',
	videoUrl,
	urlExpiresAt: '2026-11-21T10:00:00.000Z',
	response: {},
});
const CUT: Fetched<string> = { kind: 'broken', reason: 'The transfer was cut off (ECONNRESET)' };

/** Plays the attempts one after the other; each further question brings a new link. */
async function deliver(
	attempts: Array<Fetched<string>>,
	fresh: (nth: number) => TaskReport | undefined = (nth) => report(`link ${nth}`),
) {
	const pausesMs: number[] = [];
	const urls: string[] = [];
	let asked = 0;
	const clock: Clock = {
		nowMs: () => 0,
		random: () => 0.5,
		sleep: async (ms) => {
			pausesMs.push(ms);
		},
	};
	const fetchVideo = async (url: string) => {
		urls.push(url);
		return attempts[urls.length - 1];
	};
	const delivered = await deliverVideo('42', report('link 0'), async () => fresh((asked += 1)), fetchVideo, clock);
	return { delivered, pausesMs, urls };
}

test('a video that arrives is asked for once', async () => {
	const { delivered, urls, pausesMs } = await deliver([{ kind: 'stored', stored: 'file' }]);
	expect(delivered).toEqual({ stored: 'file', report: report('link 0') });
	expect([urls, pausesMs]).toEqual([['link 0'], []]);
});

test.each<[string, Fetched<string>]>([
	['cut off', CUT],
	['refused', { kind: 'refused', status: 503 }],
	['expired', { kind: 'expired' }],
])('%s: fetched again with a fresh link, which the item then carries', async (_name, first) => {
	const { delivered, urls, pausesMs } = await deliver([first, CUT, { kind: 'stored', stored: 'file' }]);
	expect(delivered).toEqual({ stored: 'file', report: report('link 2') });
	expect(urls).toEqual(['link 0', 'link 1', 'link 2']);
	expect(pausesMs).toEqual([2_000, 4_000]);
});

test('where no fresh link can be had the old one is tried again', async () => {
	const { urls } = await deliver([CUT, CUT, { kind: 'stored', stored: 'file' }], () => undefined);
	expect(urls).toEqual(['link 0', 'link 0', 'link 0']);
});

test('after four attempts the item keeps the newest link, the id and the reason', async () => {
	const { delivered, urls, pausesMs } = await deliver([CUT, CUT, CUT, CUT, { kind: 'stored', stored: 'late' }]);
	expect(urls).toHaveLength(4);
	expect(pausesMs).toEqual([2_000, 4_000, 8_000]);
	expect(delivered).toMatchObject({
		failure: {
			kind: 'download',
			headline: 'The video of task 42 did not arrive whole',
			description: expect.stringMatching(/ECONNRESET.*paid for.*task ID 42.*until 2026-11-21T10:00:00.000Z: link 3/),
		},
		report: report('link 3'),
	});
});

test.each<[Fetched<string>, string]>([
	[{ kind: 'expired' }, 'The link has expired, and the service gave no newer one.'],
	[{ kind: 'refused', status: 403 }, 'The file server answered HTTP 403.'],
	[{ kind: 'broken', reason: 'The transfer stalled.' }, 'The transfer stalled. The video'],
])('%j says "%s"', async (last, words) => {
	const { delivered } = await deliver([last, last, last, last]);
	expect('failure' in delivered && delivered.failure.description).toContain(words);
});

test('a file over the cap is not fetched four times', async () => {
	const { delivered, urls } = await deliver([{ kind: 'given up', reason: 'The file is larger than allowed' }]);
	expect(urls).toHaveLength(1);
	expect(delivered).toMatchObject({ failure: { description: expect.stringContaining('larger than allowed') } });
});

test('Stop in the pause before another attempt: no further call', async () => {
	const stop = new AbortController();
	let calls = 0;
	const clock: Clock = { nowMs: () => 0, random: () => 0.5, sleep: async () => stop.abort() };
	const delivered = await deliverVideo(
		'42',
		report('link 0'),
		async () => {
			calls += 1;
			return undefined;
		},
		async () => {
			calls += 1;
			return CUT;
		},
		clock,
		stop.signal,
	);
	expect(calls).toBe(1);
	expect(delivered).toMatchObject({ failure: { description: expect.stringContaining('link 0') } });
});

test('a reason ends in one full stop, and keeps those inside', async () => {
	for (const reason of ['The host a.example broke off', 'The host a.example broke off.']) {
		const { delivered } = await deliver([{ kind: 'given up', reason }]);
		expect((delivered as { failure: Failure }).failure.description).toContain(
			'The host a.example broke off. The video',
		);
	}
});

test('after Stop nothing is fetched, and the item keeps link and id', async () => {
	const clock: Clock = { nowMs: () => 0, random: () => 0.5, sleep: async () => undefined };
	const never = async (): Promise<never> => await Promise.reject(new Error('asked'));
	const delivered = await deliverVideo('42', report('link 0'), never, never, clock, AbortSignal.abort());
	const { headline, description } = (delivered as { failure: Failure }).failure;
	expect(headline).toContain('task 42');
	expect(description.trim()).toMatch(/^The video is made and paid for\..* task ID 42 .*link 0$/);
});

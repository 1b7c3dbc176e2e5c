import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Clock } from '../../../../lib/core/clock';
import type { MadeFile, TaskReport } from '../../../../lib/core/provider';
import { storeAll } from '../../../../lib/n8n/io/downloadAll';
import { inNode, serve } from '../inNode';

/** A task that made several files, against real sockets: whatever a later answer leaves out or orders otherwise, each file stays itself. */

const IMAGE = readFileSync(join(__dirname, '../../../emulator/assets/cover.jpg'));
/** Pauses between attempts take no time; the watch over a transfer stands until that is over. */
const clock: Clock = {
	nowMs: () => 0,
	random: () => 0.5,
	sleep: async (ms, signal) => {
		if (ms > 8_000) await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
	},
};

type Made = MadeFile & { creationId: string };

/**
 * @param refused paths that the file server does not give
 * @param again what the task makes of its files when it is asked once more
 */
async function store(refused: string[], again: (files: Made[]) => Made[], withIds = true) {
	const root = await serve(({ url }, response) => {
		if (refused.includes(url ?? '')) response.writeHead(403).end();
		else response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': IMAGE.length }).end(IMAGE);
	});
	const filesAt = (round: string): Made[] =>
		['a', 'b', 'c'].map((creationId) => ({ creationId, videoUrl: `${root}/${creationId}-${round}` }));
	const reportOf = ([first, ...further]: Made[]): TaskReport => {
		const bare = ({ creationId, ...made }: Made): MadeFile => (withIds ? { creationId, ...made } : made);
		return {
			...{ state: 'succeeded', providerState: 'success', credits: 12, response: {} },
			...bare(first),
			...(further.length > 0 ? { further: further.map(bare) } : {}),
		};
	};
	return await inNode('http://127.0.0.1:9', async (context) => {
		const report = reportOf(filesAt('old'));
		const askAgain = async () => reportOf(again(filesAt('new')));
		const to = { field: 'data', fileName: 'sneaker.jpg', maxBytes: 1_000_000, made: 'image' as const };
		const done = await storeAll(context, { taskId: '42', report, askAgain }, to, clock);
		const path = (url: string | undefined) => new URL(url!).pathname.slice(1);
		return {
			links: [done.report, ...(done.report.further ?? [])].map(({ videoUrl }) => path(videoUrl)),
			credits: done.report.credits,
			...('failure' in done
				? { failure: done.failure }
				: {
						fields: Object.keys(done.result.binary),
						names: [done.result.file, ...(done.result.furtherFiles ?? [])].map((file) => file?.fileName),
					}),
		};
	});
}

const ALL = {
	fields: ['data', 'data2', 'data3'],
	names: ['sneaker.jpg', 'sneaker-2.jpg', 'sneaker-3.jpg'],
	credits: 12,
};

test('all arrive by their first links', async () => {
	expect(await store([], (files) => files)).toEqual({ ...ALL, links: ['a-old', 'b-old', 'c-old'] });
});

test.each<[refused: string, links: string[]]>([
	['a-old', ['a-new', 'b-old', 'c-old']],
	['c-old', ['a-old', 'b-old', 'c-new']],
])('that of %s is read again, in whichever order the files come then', async (refused, links) => {
	expect(await store([`/${refused}`], (files) => files.reverse())).toEqual({ ...ALL, links });
});

test('without IDs they are known by their places', async () => {
	expect(await store(['/b-old'], (files) => files, false)).toEqual({ ...ALL, links: ['a-old', 'b-new', 'c-old'] });
});

test('a later answer with one of them alone loses none', async () => {
	const done = await store(['/a-old'], ([first]) => [first]);
	expect(done).toEqual({ ...ALL, links: ['a-new', 'b-old', 'c-old'] });
});

test('a file that no later answer names takes the place of none, and is told by its link', async () => {
	const done = await store(['/b-old'], ([first, , third]) => [first, third]);
	expect(done.links).toEqual(['a-old', 'b-old', 'c-old']);
	expect(done).toMatchObject({ failure: { description: expect.stringContaining('/b-old') } });
});

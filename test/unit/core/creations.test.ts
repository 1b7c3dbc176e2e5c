import { creationFinder } from '../../../lib/core/creations';
import { NoReply, type Http, type HttpRequest } from '../../../lib/core/http';
import type { SubmittedTask, TaskListing } from '../../../lib/core/provider';
import { vidu } from '../../../lib/providers/vidu';

/** Which task made a video: read page by page, each once, and anew where a page does not come. */

type Found = ReturnType<TaskListing['read']>;

const made = (taskId: string, creationId?: string): SubmittedTask => ({
	...{ taskId, state: 'succeeded', providerState: 'success', response: {} },
	...(creationId === undefined ? {} : { creationId }),
});

/** @param answer what a page says, or throws; asked anew for each request */
function opened(answer: (token: string | undefined, request: number) => Found, signal?: AbortSignal) {
	const asked: Array<{ filters: object; size: number; token: string | undefined }> = [];
	const sent: HttpRequest[] = [];
	const pauses: unknown[][] = [];
	let said: Found;
	const list: TaskListing = {
		page: (filters, size, token) => {
			asked.push({ filters, size, token });
			return { method: 'GET', path: `/tasks/${token ?? 'first'}` };
		},
		read: () => said,
	};
	const http: Http = {
		send: async (request) => {
			sent.push(request);
			said = answer(asked.at(-1)?.token, sent.length);
			return await Promise.resolve({ status: 200, headers: {}, body: {} });
		},
	};
	const sleep = async (...how: unknown[]): Promise<void> => {
		pauses.push(how);
		await Promise.resolve();
	};
	const find = creationFinder({ ...vidu, list }, http, { sleep }, signal);
	if (!find) throw new Error('Nothing looks');
	return { find, asked, sent, pauses };
}
const page = (tasks: SubmittedTask[], nextPageToken?: string): Found => ({
	tasks,
	...(nextPageToken === undefined ? {} : { nextPageToken }),
});

test('a service that lists nothing is not asked', () => {
	const { list: _list, ...provider } = vidu;
	const http: Http = { send: async () => await Promise.reject(new Error('asked')) };
	expect(creationFinder(provider, http, { sleep: async () => {} })).toBeUndefined();
});

test('a page is asked for whole, in a time of its own', async () => {
	const { find, asked, sent } = opened(() => page([made('1', 'c1'), made('2', 'c2')]));
	expect(await find('c2')).toBe('2');
	expect(asked).toStrictEqual([{ filters: {}, size: 25, token: undefined }]);
	expect(sent).toStrictEqual([{ method: 'GET', path: '/tasks/first', timeoutMs: 120_000 }]);
});

test('pages follow one another up to the one that holds it, and each is read once, whoever asks', async () => {
	const pages = new Map<string | undefined, Found>([
		[undefined, page([made('1', 'c1')], 'b')],
		['b', page([made('2', 'c2')], 'c')],
		['c', page([made('3', 'c3')])],
	]);
	const { find, asked } = opened((token) => pages.get(token));
	const tokens = () => asked.map(({ token }) => token);
	expect(await Promise.all([find('c2'), find('c2'), find('c1')])).toEqual(['2', '2', '1']);
	expect(tokens()).toEqual([undefined, 'b']);
	expect(await find('c3')).toBe('3');
	expect(await find('c4')).toBeUndefined();
	expect(tokens()).toEqual([undefined, 'b', 'c']);
});

test('a page without tasks is the last, whatever it says', async () => {
	const { find, sent } = opened((_token, request) => (request > 3 ? undefined : page([], 'b')));
	expect(await find('c1')).toBeUndefined();
	expect(sent.length).toBe(1);
});

test('no more than a thousand tasks are looked through', async () => {
	const { find, sent } = opened((_token, request) => page([made(`${request}`, `c${request}`)], `t${request}`));
	expect(await find('c40')).toBe('40');
	expect(await find('c41')).toBeUndefined();
	expect(sent.length).toBe(40);
});

test('a task without an id, or without a video, answers nobody', async () => {
	const { find } = opened(() => page([made('', 'c1'), made('2'), made('3', 'c3')]));
	expect([await find('c1'), await find('undefined'), await find(undefined as never)]).toEqual([
		undefined,
		undefined,
		undefined,
	]);
	expect(await find('c3')).toBe('3');
});

describe('a page that does not come', () => {
	const silence = (): never => {
		throw new NoReply('reset', true);
	};
	test.each<[string, () => Found]>([
		['is no list', () => undefined],
		['is not answered', silence],
	])('as it %s is asked for twice more, after pauses', async (_name, answer) => {
		const { signal } = new AbortController();
		const { find, sent, pauses } = opened(answer, signal);
		expect(await find('c1')).toBeUndefined();
		expect(sent.length).toBe(3);
		expect(pauses).toEqual([
			[1_000, signal],
			[2_000, signal],
		]);
	});

	test('and comes then is read', async () => {
		const { find, sent, pauses } = opened((_token, request) =>
			request === 1 ? undefined : page([made('1', 'c1')], 'b'),
		);
		expect(await find('c1')).toBe('1');
		expect([sent.length, pauses]).toEqual([2, [[1_000, undefined]]]);
	});

	test('ends the look, further on too', async () => {
		const { find, sent } = opened((token) => (token === undefined ? page([made('1', 'c1')], 'b') : undefined));
		expect(await find('c2')).toBeUndefined();
		expect(sent.length).toBe(4);
	});

	test('is not asked for again once the run is stopped', async () => {
		const stop = new AbortController();
		const { find, sent, pauses } = opened(() => (stop.abort(), undefined), stop.signal);
		expect(await find('c1')).toBeUndefined();
		expect([sent.length, pauses]).toEqual([1, []]);
	});

	test('for a fault of ours is no silence', async () => {
		const broken = new Error('No table');
		const { find, sent } = opened(() => {
			throw broken;
		});
		await expect(find('c1')).rejects.toBe(broken);
		expect(sent.length).toBe(1);
	});
});

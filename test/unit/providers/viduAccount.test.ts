import { vidu } from '../../../lib/providers/vidu';

/** What GET /credits says of the account: how many tasks run at once, and what is left. */

const read = (body: unknown, status = 200) => vidu.usage?.read({ status, headers: {}, body });
const remain = (changes: Record<string, unknown> = {}) => ({
	type: 'metered',
	credit_remain: 100,
	concurrency_limit: 5,
	current_concurrency: 3,
	queue_count: 2,
	...changes,
});

test('is read as the sample has it, and as the table names it', () => {
	const usage = { atOnce: 5, running: 3, inLine: 2, credits: 100 };
	expect(read({ remains: [remain()] })).toEqual(usage);
	expect(read({ remaining_credits: [remain()] })).toEqual(usage);
});

test('is the sum of all packages', () => {
	expect(read({ remains: [remain(), remain({ concurrency_limit: 30, credit_remain: 11 })] })).toEqual({
		...{ atOnce: 35, running: 6, inLine: 4, credits: 111 },
	});
});

test.each([0, -1, undefined, 'many', null])('no number of tasks at once is taken from %j', (concurrency_limit) => {
	expect(read({ remains: [remain({ concurrency_limit })] })).toEqual({ running: 3, inLine: 2, credits: 100 });
});

test.each([
	['nothing', {}],
	['a page', '<html></html>'],
	['no list', { remains: 5 }],
	['an empty list', { remains: [] }],
])('%s says nothing', (_name, body) => {
	expect(read(body)).toBeUndefined();
});

test('neither does a refusal', () => {
	for (const status of [300, 403]) expect(read({ remains: [remain()] }, status)).toBeUndefined();
	expect(read({ remains: [remain()] }, 299)).toBeDefined();
});

test('counts what its packages say, and not what they leave open', () => {
	expect(read({ remains: [remain(), remain({ concurrency_limit: 'many', queue_count: null })] })).toEqual({
		...{ atOnce: 5, running: 6, inLine: 2, credits: 200 },
	});
	expect(read({ remains: [{ credit_remain: 7 }] })).toStrictEqual({ credits: 7 });
});

test.each([
	[1, 1],
	[1.7, 1],
])('a limit of %j lets %i run at once', (concurrency_limit, atOnce) => {
	expect(read({ remains: [remain({ concurrency_limit })] })).toMatchObject({ atOnce });
});

describe('the tasks that run', () => {
	const running = vidu.usage?.running;
	const readIds = (body: unknown, status = 200) => running?.read({ status, headers: {}, body });

	test('are asked for by their state', () => {
		expect(running?.request()).toEqual({
			method: 'GET',
			path: expect.stringMatching(/^\/ent\/v2\/tasks\?states=processing&pager\.pagesz=\d+$/) as string,
		});
	});

	test('are named in an order of their own, for that of the list is open', () => {
		expect(readIds({ tasks: [{ id: '9' }, { id: '10' }, {}] })).toEqual(['', '10', '9']);
		expect(readIds({ tasks: [] }, 299)).toEqual([]);
	});

	test.each<[unknown, number]>([
		[{ tasks: [{ id: '9' }] }, 300],
		[{ tasks: 'none' }, 200],
		['<html>', 200],
	])('are not known from %j with HTTP %i', (body, status) => {
		expect(readIds(body, status)).toBeUndefined();
	});
});

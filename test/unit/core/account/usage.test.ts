import { UsageLook } from '../../../../lib/core/account/usage';
import { NoReply, type Http, type HttpRequest } from '../../../../lib/core/http';
import type { Provider, Usage } from '../../../../lib/core/provider';
import { vidu } from '../../../../lib/providers/vidu';

/** What is asked of the account, when, and what its answers say. */

const TEN_MINUTES_MS = 600_000;
const NOTHING = { hasMoved: false };

/** Answers with what is told, one after the other; throws where an answer is an error. */
function account(answers: Array<Usage | Error | undefined>) {
	const look = new UsageLook();
	const sent: HttpRequest[] = [];
	const http: Http = {
		send: async (request) => {
			sent.push(request);
			return { status: 200, headers: {}, body: undefined };
		},
	};
	const usage: Provider['usage'] = {
		request: () => ({ method: 'GET', path: '/credits' }),
		read: () => {
			const answer = answers.shift();
			if (answer instanceof Error) throw answer;
			return answer;
		},
	};
	const provider = { ...vidu, usage };
	return { look, sent, at: async (nowMs: number) => await look.look({ provider, http, paced: http }, () => nowMs) };
}

test('is asked in a time of its own', async () => {
	const { sent, at } = account([{ atOnce: 5 }]);
	await at(0);
	expect(sent).toEqual([{ method: 'GET', path: '/credits', timeoutMs: 30_000 }]);
});

describe('when it is asked', () => {
	test('once it is wanted, and not again while it is asked', async () => {
		const { look, at } = account([{ atOnce: 5 }]);
		expect(look.isDue).toBe(false);
		look.want();
		expect(look.isDue).toBe(true);
		const asked = at(0);
		expect([look.isUnderWay, look.isDue]).toEqual([true, false]);
		look.want();
		expect(look.isDue).toBe(false);
		await asked;
		expect([look.isUnderWay, look.isDue, look.endedMs]).toEqual([false, true, 0]);
	});

	test('not where nobody can', () => {
		const { look } = account([]);
		look.want();
		expect([look.giveUp(), look.isDue]).toEqual([false, false]);
	});

	test('the tier at first, and again when what is known of it is old', async () => {
		const { look, at } = account([{ atOnce: 5 }]);
		look.wantTier(0);
		expect(look.isDue).toBe(true);
		await at(1_000);
		look.wantTier(1_000 + TEN_MINUTES_MS);
		expect(look.isDue).toBe(false);
		look.wantTier(1_001 + TEN_MINUTES_MS);
		expect(look.isDue).toBe(true);
	});

	test.each<[string, Usage | Error | undefined]>([
		['that fails', new NoReply('x', true)],
		['that says nothing', undefined],
		['that leaves the tier open', { running: 1 }],
	])('a look %s is tried again after a while', async (_name, answer) => {
		const { look, at } = account([answer]);
		look.wantTier(0);
		await at(1_000);
		look.wantTier(16_000);
		expect([look.endedMs, look.isUnderWay, look.isDue]).toEqual([1_000, false, false]);
		look.wantTier(16_001);
		expect(look.isDue).toBe(true);
	});
});

describe('what its answers say', () => {
	test.each<[string, Usage | Error | undefined, object]>([
		['room', { atOnce: 5, running: 4 }, { ...NOTHING, atOnce: 5, isFull: false }],
		['none', { atOnce: 5, running: 5 }, { ...NOTHING, atOnce: 5, isFull: true }],
		['more than it may', { atOnce: 5, running: 6 }, { ...NOTHING, atOnce: 5, isFull: true }],
		['not what runs', { atOnce: 5 }, { ...NOTHING, atOnce: 5, isFull: false }],
		['not how many may', { running: 5 }, NOTHING],
		['nothing', undefined, NOTHING],
		['no answer', new NoReply('x', true), NOTHING],
	])('%s', async (_name, answer, said) => {
		const { at } = account([answer]);
		expect(await at(0)).toStrictEqual(said);
	});

	test.each<[string, Usage, Usage, boolean]>([
		['as many run as before', { running: 2, inLine: 3 }, { running: 2, inLine: 3 }, false],
		['fewer run', { running: 2, inLine: 3 }, { running: 1, inLine: 3 }, true],
		['more run', { running: 2, inLine: 3 }, { running: 3, inLine: 3 }, true],
		['fewer stand in line', { running: 2, inLine: 3 }, { running: 2, inLine: 2 }, true],
		['more stand in line: somebody ordered', { running: 2, inLine: 3 }, { running: 2, inLine: 4 }, false],
		['nothing is told, which is none', {}, { running: 0, inLine: 0 }, false],
		['none stand in line any more', { running: 2, inLine: 1 }, { running: 2 }, true],
	])('whether it moves: %s', async (_name, before, after, hasMoved) => {
		const { at } = account([before, after]);
		expect([await at(0), await at(1)]).toEqual([NOTHING, { hasMoved }]);
		const told = account([
			{ ...before, atOnce: 9 },
			{ ...after, atOnce: 9 },
		]);
		await told.at(0);
		expect(await told.at(1)).toMatchObject({ hasMoved });
	});

	describe('which tasks run, where the counts say nothing', () => {
		/** Looks as often as there are answers. @returns whether each found that it moves, and what was sent */
		async function looks(answers: Array<string[] | Error | undefined>, want: (look: UsageLook) => void) {
			const look = new UsageLook();
			const sent: string[] = [];
			const httpOf = (name: string): Http => ({
				send: async ({ path }) => {
					sent.push(`${name} ${path}`);
					return await Promise.resolve({ status: 200, headers: {}, body: undefined });
				},
			});
			const running = {
				request: () => ({ method: 'GET' as const, path: '/running' }),
				read: () => {
					const answer = answers.shift();
					if (answer instanceof Error) throw answer;
					return answer;
				},
			};
			const usage = { request: () => ({ method: 'GET' as const, path: '/credits' }), read: () => ({}), running };
			const moved: boolean[] = [];
			const account = { provider: { ...vidu, usage }, http: httpOf('at once'), paced: httpOf('paced') };
			while (answers.length > 0 && moved.length < 9) {
				want(look);
				moved.push((await look.look(account, () => 0)).hasMoved);
			}
			return { moved, sent };
		}

		test('others than before: it moves', async () => {
			const { moved, sent } = await looks([['1', '2'], ['1', '2'], ['2', '3'], []], (look) => look.want());
			expect(moved).toEqual([false, false, true, true]);
			expect(sent.slice(0, 2)).toEqual(['at once /credits', 'paced /running']);
		});

		test('an answer without sense in between is no sign', async () => {
			const { moved } = await looks([['1'], undefined, new NoReply('x', true), ['1'], ['2']], (look) => look.want());
			expect(moved).toEqual([false, false, false, false, true]);
		});

		test('is not asked once nobody was there who could ask', async () => {
			const { sent } = await looks([['1']], (look) => {
				look.want();
				look.giveUp();
			});
			expect(new Set(sent)).toEqual(new Set(['at once /credits']));
		});

		test('is not asked where the service does not tell', async () => {
			const { look, sent, at } = account([{ running: 1 }, { running: 1 }]);
			look.want();
			expect([await at(0), sent.length]).toEqual([NOTHING, 1]);
		});

		test('is not asked for the tier alone', async () => {
			const { sent } = await looks([['1']], (look) => look.wantTier(0));
			expect(new Set(sent)).toEqual(new Set(['at once /credits']));
		});
	});

	test('an answer without sense in between is no sign', async () => {
		const { at } = account([{ running: 2 }, undefined, new NoReply('x', true), { running: 2 }, { running: 1 }]);
		const moved: boolean[] = [];
		for (let look = 0; look < 5; look += 1) moved.push((await at(look)).hasMoved);
		expect(moved).toEqual([false, false, false, false, true]);
	});
});

test('a service that says nothing of its accounts is not asked', async () => {
	const look = new UsageLook();
	const { usage: _usage, ...provider } = vidu;
	look.want();
	const refusing: Http = { send: async () => await Promise.reject(new Error('asked')) };
	const asked = look.look({ provider, http: refusing, paced: refusing }, () => 5);
	expect(look.isUnderWay).toBe(false);
	expect(await asked).toStrictEqual(NOTHING);
	expect([look.isDue, look.endedMs]).toEqual([false, -Infinity]);
});

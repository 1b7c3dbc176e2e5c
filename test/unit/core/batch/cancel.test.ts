import { Lane } from '../../../../lib/core/account/lane';
import { newTask, type Entry, type EntryState, type Task } from '../../../../lib/core/batch/entry';
import { cancelTasks, whyStopped } from '../../../../lib/core/batch/stop';
import type { Clock } from '../../../../lib/core/clock';
import type { HttpRequest } from '../../../../lib/core/http';
import type { Provider, TaskReport } from '../../../../lib/core/provider';
import { vidu } from '../../../../lib/providers/vidu';
import { zhipu } from '../../../../lib/providers/zhipu';

/** What Stop asks of a service for the tasks that it leaves. */

const task = (taskId: string, state?: TaskReport['state']): Task => ({
	...newTask(taskId, 0, 1),
	...(state ? { report: { state, providerState: state, response: {} } } : {}),
});

/** Cancels them at a service where each call takes this long. */
async function cancel(tasks: Task[], { provider = vidu, tookMs = 0, fails = false, status = 200 } = {}) {
	const sent: HttpRequest[] = [];
	const told: string[] = [];
	let [nowMs, underWay, most] = [1_000_000, 0, 0];
	const http = {
		send: async (request: HttpRequest) => {
			sent.push(request);
			most = Math.max(most, (underWay += 1));
			await new Promise(setImmediate);
			underWay -= 1;
			nowMs += tookMs;
			if (fails) throw new Error('reset');
			return { status, headers: {}, body: {} };
		},
	};
	const clock = { nowMs: () => nowMs } as Clock;
	await cancelTasks(tasks, { provider, http, clock }, ({ taskId }) => told.push(taskId));
	return { told, ids: sent.map(({ body }) => body?.id), sent, most };
}

test('the last ones ordered come first, and what runs already is left alone', async () => {
	const { sent, ids } = await cancel([task('1'), task('2', 'processing'), task('3', 'queued'), task('4', 'unknown')]);
	expect(ids).toEqual(['4', '3', '1']);
	expect(sent[0]).toEqual({ ...vidu.cancel!('4'), timeoutMs: 5_000 });
});

test('ten at once, and one that fails keeps no other', async () => {
	const tasks = Array.from({ length: 25 }, (_, index) => task(String(index)));
	const { ids, most } = await cancel(tasks, { fails: true });
	expect(new Set(ids).size).toBe(25);
	expect(most).toBe(10);
});

test.each([
	['that the service has cancelled', { status: 299 }, ['2', '1']],
	['but none that it refuses to cancel', { status: 300 }, []],
	['but none that got no answer', { fails: true }, []],
])('every task is told %s', async (_name, service, told) => {
	expect((await cancel([task('1'), task('2')], service)).told).toEqual(told);
});

test('none that would begin after five seconds', async () => {
	const tasks = Array.from({ length: 50 }, (_, index) => task(String(index)));
	expect((await cancel(tasks, { tookMs: 499 })).ids).toHaveLength(20);
	expect((await cancel(tasks, { tookMs: 500 })).ids).toHaveLength(19);
});

test('a service that does not say what it has cancelled is asked to all the same', async () => {
	const { hasCanceled: _hasCanceled, ...others } = vidu;
	const provider: Provider = others;
	expect(await cancel([task('1')], { provider })).toMatchObject({ ids: ['1'], told: [] });
});

test('nothing where a service cannot cancel', async () => {
	expect((await cancel([task('1')], { provider: zhipu })).sent).toEqual([]);
});

describe('why an item ends with the run', () => {
	const order = {
		job: { itemIndex: 0, operation: 'textToVideo', typicalSeconds: 60, fingerprint: 'a', origin: 'o' },
		...{ timesToBlame: 0, yieldedAt: -1, blamedAt: 0 },
	} as const;
	const why = (state: EntryState<string>) => {
		const entry: Entry<string> = {
			...{ place: 0, lane: new Lane(0), openedAtMs: 0, item: { itemIndex: 0, typicalSeconds: 60 } },
			state,
		};
		return whyStopped(entry, vidu);
	};

	test.each<[string, EntryState<string>, string]>([
		['it was not ordered', { kind: 'new', order }, 'stopped'],
		['its order had not left', { kind: 'submitting', order, isOnTheWay: false }, 'stopped'],
		['its order was on the way, and may be bought', { kind: 'submitting', order, isOnTheWay: true }, 'outcomeUnknown'],
		['it was waited for', { kind: 'waiting', task: task('1'), dueMs: 0 }, 'stopped'],
	])('%s', (_name, state, kind) => {
		expect(why(state)?.kind).toBe(kind);
	});

	test('its task is named', () => {
		expect(why({ kind: 'waiting', task: task('876543210123456789'), dueMs: 0 })?.headline).toContain(
			'876543210123456789',
		);
	});

	test('none where it had its end', () => {
		expect(why({ kind: 'ended', result: 'a video' })).toBeUndefined();
	});
});

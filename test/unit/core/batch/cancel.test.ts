import { newTask, type Task } from '../../../../lib/core/batch/entry';
import { cancelTasks } from '../../../../lib/core/batch/stop';
import type { Clock } from '../../../../lib/core/clock';
import type { HttpRequest } from '../../../../lib/core/http';
import type { TaskReport } from '../../../../lib/core/provider';
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

test('nothing where a service cannot cancel', async () => {
	expect((await cancel([task('1')], { provider: zhipu })).sent).toEqual([]);
});

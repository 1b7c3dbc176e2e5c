import { CallsBeside } from '../../../../lib/core/account/beside';
import { NoReply } from '../../../../lib/core/http';

/** Calls beside the runs: each waits for its turn, in the order they came, unless its run is stopped. */

/** Notes who has had a turn, or was sent away, once nothing more happens by itself. */
function opened() {
	const calls = new CallsBeside();
	const went: string[] = [];
	let wakeUps = 0;
	const call = (name: string, signal?: AbortSignal): void => {
		void calls
			.turn(signal, () => {
				wakeUps += 1;
			})
			.then(
				() => went.push(name),
				(cause: unknown) => went.push(`${name}: ${String(cause)}, ${cause instanceof NoReply && cause.sent}`),
			);
	};
	const settled = async (): Promise<string[]> => {
		await new Promise((over) => setImmediate(over));
		return went.splice(0);
	};
	return { calls, call, settled, wakeUps: () => wakeUps };
}
const STOPPED = 'NoReply: The run was stopped., false';

test('one after the other has its turn', async () => {
	const { calls, call, settled, wakeUps } = opened();
	expect([calls.areWaiting, calls.startFirst()]).toEqual([false, false]);
	call('a');
	call('b');
	expect([calls.areWaiting, wakeUps(), await settled()]).toEqual([true, 2, []]);
	expect([calls.startFirst(), await settled(), calls.areWaiting]).toEqual([true, ['a'], true]);
	expect([calls.startFirst(), await settled(), calls.areWaiting]).toEqual([true, ['b'], false]);
	expect([calls.startFirst(), await settled()]).toEqual([false, []]);
});

test('it waits from before anybody is woken, who may give it its turn at once', async () => {
	const calls = new CallsBeside();
	let hasStarted = false;
	await calls.turn(undefined, () => {
		hasStarted = calls.startFirst();
	});
	expect(hasStarted).toBe(true);
});

test('a run that is stopped gives its turn back, and that of no other', async () => {
	const { calls, call, settled } = opened();
	const stop = new AbortController();
	call('a', stop.signal);
	call('b', new AbortController().signal);
	stop.abort();
	expect([await settled(), calls.areWaiting]).toEqual([[`a: ${STOPPED}`], true]);
	expect([calls.startFirst(), await settled(), calls.areWaiting]).toEqual([true, ['b'], false]);
});

test('one that was stopped before waits for nothing', async () => {
	const { calls, call, settled, wakeUps } = opened();
	call('a', AbortSignal.abort());
	expect([await settled(), calls.areWaiting, wakeUps()]).toEqual([[`a: ${STOPPED}`], false, 0]);
});

test('a call that has had its turn is not told of a Stop, and leaves nothing with the signal', async () => {
	const stop = new AbortController();
	const heard: string[] = [];
	const { signal } = stop;
	const listening = new Set<unknown>();
	const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
	Object.assign(signal, {
		addEventListener: (name: string, listener: () => void, how: { once?: boolean }) => {
			heard.push(`${name} ${how.once}`);
			listening.add(listener);
			add(name, listener, how);
		},
		removeEventListener: (name: string, listener: () => void) => {
			heard.push(name);
			listening.delete(listener);
			remove(name, listener);
		},
	});
	const { calls, call, settled } = opened();
	call('a', signal);
	calls.startFirst();
	expect([heard, listening.size]).toEqual([['abort true', 'abort'], 0]);
	stop.abort();
	expect(await settled()).toEqual(['a']);
});

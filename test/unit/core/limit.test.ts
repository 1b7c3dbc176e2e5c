import { GivenUp, unlessGivenUp, withinTime } from '../../../lib/core/limit';
import type { Clock } from '../../../lib/core/clock';

/** A clock that stands until the test lets time pass. */
function standingClock() {
	const sleeps: Array<{ ms: number; isOver: () => boolean }> = [];
	let wake = (): void => undefined;
	const clock: Clock = {
		nowMs: () => 0,
		random: () => 0.5,
		sleep: async (ms, signal) =>
			await new Promise((resolve) => {
				sleeps.push({ ms, isOver: () => signal!.aborted });
				signal!.addEventListener('abort', () => resolve());
				wake = resolve;
			}),
	};
	return { clock, sleeps, pass: () => wake() };
}

const never = async (): Promise<never> => await new Promise(() => undefined);

test('work in time gives what it gives, and leaves no timer behind', async () => {
	const { clock, sleeps } = standingClock();
	let cutOff: AbortSignal | undefined;
	const work = withinTime(30_000, clock, async (signal) => {
		cutOff = signal;
		expect(signal.aborted).toBe(false);
		return 'the answer';
	});
	await expect(work).resolves.toBe('the answer');
	expect(sleeps).toHaveLength(1);
	expect(sleeps[0].ms).toBe(30_000);
	expect(sleeps[0].isOver()).toBe(true);
	expect(cutOff!.aborted).toBe(true);
});

test('work that fails in time fails as it fails, and leaves no timer behind', async () => {
	const { clock, sleeps } = standingClock();
	const cause = new Error('reset');
	await expect(withinTime(30_000, clock, async () => await Promise.reject(cause))).rejects.toBe(cause);
	expect(sleeps[0].isOver()).toBe(true);
});

test('work that goes on is given up when the time is over, whether or not it heeds the signal', async () => {
	const { clock, pass } = standingClock();
	let cutOff: AbortSignal | undefined;
	const work = withinTime(30_000, clock, async (signal) => {
		cutOff = signal;
		return await never();
	});
	pass();
	await expect(work).rejects.toMatchObject({ name: 'GivenUp', message: 'No complete answer came within 30 seconds' });
	expect(cutOff!.aborted).toBe(true);
});

test('work that fails after it was given up troubles nobody', async () => {
	const rejections: unknown[] = [];
	const note = (cause: unknown) => rejections.push(cause);
	process.on('unhandledRejection', note);
	const { clock, pass } = standingClock();
	const work = withinTime(
		30_000,
		clock,
		async (signal) =>
			await new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
	);
	pass();
	await expect(work).rejects.toBeInstanceOf(GivenUp);
	await new Promise((resolve) => setImmediate(resolve));
	process.off('unhandledRejection', note);
	expect(rejections).toEqual([]);
});

test('a watch that has nothing against it lets the work end', async () => {
	let finish = (_value: string): void => undefined;
	const work = unlessGivenUp(async () => undefined, new Promise<string>((resolve) => (finish = resolve)));
	await new Promise((resolve) => setImmediate(resolve));
	finish('the file');
	await expect(work).resolves.toBe('the file');
});

import { getEventListeners } from 'node:events';

import { createRunClock, systemClock } from '../../../../lib/n8n/io/clock';

/** The clock of a run goes on as it began, whatever is done to the clock on the wall. */

const HOUR_MS = 3_600_000;

afterEach(() => jest.restoreAllMocks());

test.each([
	['back', -HOUR_MS],
	['forward', HOUR_MS],
])('starts at the time of day and does not follow it when that is set %s by an hour', (_name, stepMs) => {
	const wallMs = Date.now();
	const clock = createRunClock();
	expect(Math.abs(clock.nowMs() - wallMs)).toBeLessThan(60_000);
	const beforeMs = clock.nowMs();
	jest.spyOn(Date, 'now').mockImplementation(() => wallMs + stepMs);
	expect(clock.nowMs() - beforeMs).toBeGreaterThanOrEqual(0);
	expect(clock.nowMs() - beforeMs).toBeLessThan(60_000);
});

test('a run that begins after the clock was set begins at the new time', () => {
	const wallMs = Date.now() + HOUR_MS;
	jest.spyOn(Date, 'now').mockImplementation(() => wallMs);
	expect(Math.abs(createRunClock().nowMs() - wallMs)).toBeLessThan(60_000);
});

test('time that passes counts, also in steps of minutes', () => {
	const wallMs = Date.now();
	const clock = createRunClock();
	const beforeMs = clock.nowMs();
	jest.spyOn(Date, 'now').mockImplementation(() => wallMs + 5 * 60_000);
	expect(clock.nowMs() - beforeMs).toBeGreaterThan(4 * 60_000);
});

test('after the clock was set, time goes on from where it was', () => {
	const wallMs = Date.now();
	const clock = createRunClock();
	const beforeMs = clock.nowMs();
	const wall = jest.spyOn(Date, 'now').mockImplementation(() => wallMs - HOUR_MS);
	clock.nowMs();
	wall.mockImplementation(() => wallMs - HOUR_MS + 30_000);
	expect(clock.nowMs() - beforeMs).toBeGreaterThanOrEqual(30_000);
	expect(clock.nowMs() - beforeMs).toBeLessThan(90_000);
});

test('a sleep leaves nothing on its signal, however it ends', async () => {
	const stop = new AbortController();
	for (let times = 0; times < 20; times += 1) await systemClock.sleep(1, stop.signal);
	expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
	const asleep = systemClock.sleep(HOUR_MS, stop.signal);
	expect(getEventListeners(stop.signal, 'abort')).not.toEqual([]);
	stop.abort();
	await asleep;
	expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});

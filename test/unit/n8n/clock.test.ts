import { systemClock } from '../../../lib/n8n/clock';

const HOUR_MS = 3_600_000;

afterEach(() => jest.restoreAllMocks());

test.each([
	['back', -HOUR_MS],
	['forward', HOUR_MS],
])(
	'a sleep lasts as long as it says when the time of day is set %s by an hour',
	async (_where, jumpMs) => {
		const sleepMs = 1_100;
		const begunMs = performance.now();
		const sleeping = systemClock.sleep(sleepMs);
		const real = Date.now.bind(Date);
		jest.spyOn(Date, 'now').mockImplementation(() => real() + jumpMs);
		await sleeping;
		// timers may fire a millisecond early
		expect(performance.now() - begunMs).toBeGreaterThan(sleepMs - 10);
	},
	20_000,
);

test('a sleep ends at once when the signal says so, before and while it lasts', async () => {
	const stop = new AbortController();
	const sleeping = systemClock.sleep(HOUR_MS, stop.signal);
	stop.abort();
	await sleeping;
	await systemClock.sleep(HOUR_MS, stop.signal);
}, 20_000);

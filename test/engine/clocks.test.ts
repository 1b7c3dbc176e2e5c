import type { INodeParameters } from 'n8n-workflow';

import { until } from '../until';
import { runNode, useEmulators } from './harness';
import { WebhookFixture } from './webhooks/fixture';

/** Runs through n8n's engine while hours pass, and while the machine's clock is set. */

const MINUTE_MS = 60_000;
const open = useEmulators();
const text = (more: INodeParameters = {}): INodeParameters => ({
	operation: 'textToVideo',
	prompt: 'A sneaker',
	downloadVideo: false,
	...more,
});

/** What the clock on the wall is ahead by. */
let aheadMs = 0;
beforeEach(() => {
	aheadMs = 0;
	const nowMs = Date.now.bind(Date);
	jest.spyOn(Date, 'now').mockImplementation(() => nowMs() + aheadMs);
});
afterEach(() => jest.restoreAllMocks());

test('a run that waited for long says how long it took', async () => {
	const emulator = await open();
	emulator.control.holdTasks();
	const running = runNode(emulator, {
		parameters: text({ limits: { pollIntervalSeconds: 0.1, maxWaitMinutes: 600 } }),
	});
	const asks = () => emulator.journal.counts().asks;
	for (let step = 0; step < 5; step += 1) {
		const before = asks();
		await until('more status checks', () => asks() > before + 1, 20);
		aheadMs += 8 * MINUTE_MS;
	}
	emulator.control.finishTasks();
	const { summary } = await running;
	expect(summary).toMatch(/^1 video, .*, 40 min\b/);
});

test('a clock that was set while another run waited does not shorten what is parked later', async () => {
	const fixture = await WebhookFixture.start({ taskSeconds: 0.5 });
	const { host, emulator } = fixture;
	emulator.control.holdTasks();
	const limits = { pollIntervalSeconds: 0.1, maxWaitMinutes: 30 };
	const polling = host.run(emulator, { items: [{}], parameters: text({ limits }) });
	try {
		const asks = () => emulator.journal.counts().asks;
		await until('a status check', () => asks() > 0, 20);
		aheadMs += 180 * MINUTE_MS;
		const before = asks();
		await until('more status checks', () => asks() > before + 1, 20);
		const parked = await host.run(emulator, {
			items: [{}],
			parameters: text({ limits, waitMode: 'callback', files: { allowPrivateUrls: true } }),
		});
		expect(parked.status).toBe('waiting');
		const leftMs = (parked.waitTill?.getTime() ?? 0) - Date.now();
		expect(Math.round(leftMs / MINUTE_MS)).toBe(30);
		emulator.control.finishTasks();
		await until('the end of the parked one', () => host.execution(parked.id).status === 'success', 20);
		expect(host.execution(parked.id).items[0]?.json.waitedSeconds).toBeLessThan(60);
	} finally {
		emulator.control.finishTasks();
		await polling;
		await fixture.stop();
	}
});

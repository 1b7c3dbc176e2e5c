import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../emulator';
import { runNode, useEmulators } from './harness';
import { WebhookFixture } from './webhooks/fixture';

/** A link that was refused is read again: the item holds the one by which its file came, and when that one ends. */

const open = useEmulators();
const QUICK: INodeParameters = { limits: { pollIntervalSeconds: 0.1 }, files: { allowPrivateUrls: true } };
const ORDER: INodeParameters = { operation: 'textToVideo', prompt: 'It turns', ...QUICK };

/** Every link is another, and the next is over. */
const refuseLink = ({ control }: Emulator): void => control.fault({ do: 'expire' });
const linksOf = ({ journal, urls }: Emulator): string[] =>
	journal.requests.filter(({ kind }) => kind === 'download').map(({ path }) => urls.cdn + path);

function expectLastLink(emulator: Emulator, item: INodeExecutionData | undefined, tried: number): void {
	const links = linksOf(emulator);
	expect(new Set(links).size).toBe(tried);
	expect(item?.json.videoUrl).toBe(links.at(-1));
	const seconds = Number(/Expires=(\d+)/.exec(links.at(-1)!)![1]);
	expect(item?.json.urlExpiresAt).toBe(new Date(seconds * 1000).toISOString());
}

async function finishedTask(emulator: Emulator): Promise<string> {
	const { items } = await runNode(emulator, { parameters: { ...ORDER, downloadVideo: false } });
	return items[0].json.taskId as string;
}

test.concurrent('in a run that waits', async () => {
	const emulator = await open();
	refuseLink(emulator);
	const { items, error } = await runNode(emulator, { parameters: ORDER });
	expect(error).toBeUndefined();
	expectLastLink(emulator, items[0], 2);
	expect(items[0].binary).toHaveProperty('data');
});

test.concurrent.each(['get', 'wait'])('in Task → %s', async (operation) => {
	const emulator = await open();
	const id = await finishedTask(emulator);
	refuseLink(emulator);
	const parameters = { resource: 'task', operation, taskId: id, taskIds: id, downloadVideo: true, ...QUICK };
	const { items, error } = await runNode(emulator, { parameters });
	expect(error).toBeUndefined();
	expectLastLink(emulator, items[0], 2);
});

test('in a parked execution that goes on', async () => {
	const fixture = await WebhookFixture.start({ taskSeconds: 0.5 });
	try {
		const { emulator, host } = fixture;
		emulator.control.holdTasks();
		refuseLink(emulator);
		const parked = await host.run(emulator, { items: [{}], parameters: { ...ORDER, waitMode: 'callback' } });
		expect(parked.status).toBe('waiting');
		emulator.control.finishTasks();
		await fixture.until('success', () => host.execution(parked.id).status === 'success');
		expectLastLink(emulator, host.execution(parked.id).items[0], 2);
	} finally {
		await fixture.stop();
	}
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';

import type { Parked } from '../../lib/n8n/run/parked';
import type { Emulator } from '../emulator';
import type { Execution } from './webhooks/host';
import { WebhookFixture } from './webhooks/fixture';

/** A parked execution lies in n8n's database for up to days: the package may be updated before the service calls back. */

let fixture: WebhookFixture;
let emulator: Emulator;
let warn: jest.SpyInstance;

beforeEach(async () => {
	fixture = await WebhookFixture.start({ taskSeconds: 0.5 });
	({ emulator } = fixture);
	emulator.control.holdTasks();
	warn = jest.spyOn(Container.get(Logger), 'warn');
});
afterEach(async () => {
	warn.mockRestore();
	await fixture.stop();
});

const logged = (): string => warn.mock.calls.map(([message]) => String(message)).join('\n');
const taskIds = (parked: Execution): string[] => parked.items.map(({ json }) => String(json.taskId));

async function park(): Promise<Execution> {
	const parked = await fixture.host.run(emulator, {
		parameters: {
			operation: 'textToVideo',
			prompt: '={{ $json.prompt }}',
			waitMode: 'callback',
			files: { allowPrivateUrls: true },
		},
		items: ['A', 'B', 'C'].map((prompt) => ({ json: { prompt } })),
	});
	expect(parked.status).toBe('waiting');
	return parked;
}

function rewrite({ id }: Execution, edit: (parked: Parked) => unknown): void {
	fixture.host.rewrite(id, (data) => {
		const [context] = Object.values(data.executionData!.contextData) as Array<{ parked: unknown }>;
		context.parked = edit(context.parked as Parked);
	});
}

/** Of all its tasks; the service calls, whatever it is answered. */
async function callBack(): Promise<Array<number | string>> {
	emulator.control.finishTasks();
	await fixture.answered(3);
	await fixture.host.idle();
	return fixture.callbacksOf('success').map(({ status }) => status);
}

test('a record of version 0.1.0, which had no version, is gone on with', async () => {
	const old = readFileSync(join(__dirname, '../fixtures/parked/0.1.0.json'), 'utf8');
	const parked = await park();
	const ids = taskIds(parked);
	rewrite(parked, ({ registered }) => {
		const record = JSON.parse(old) as Parked;
		const then = record.items.map(({ taskId }) => taskId!);
		const text = then.reduce((all, id, index) => all.replaceAll(id, ids[index]), old);
		return { ...(JSON.parse(text) as Parked), registered };
	});
	await callBack();
	await fixture.until('the execution to go on', () => fixture.host.execution(parked.id).status === 'success');
	const { items } = fixture.host.execution(parked.id);
	expect(items.map(({ json }) => [json.taskId, json.status])).toEqual(ids.map((id) => [id, 'succeeded']));
	for (const { json, binary } of items) {
		expect(json).toMatchObject({ model: 'viduq3-turbo', operation: 'textToVideo', payload: 'sku' });
		expect(binary).toMatchObject({
			data: { mimeType: 'video/mp4', fileName: 'Für Elise.mp4' },
			cover: { mimeType: 'image/jpeg' },
		});
	}
	expect(emulator.journal.counts()).toMatchObject({ created: 3, keyLeaks: 0 });
});

test.each<[string, (parked: Parked) => unknown, string]>([
	['of a later version', (parked) => ({ ...parked, version: 2 }), 'has version 2, which a later version'],
	[
		'of a provider that this version does not know',
		(parked) => ({ ...parked, provider: 'kling' }),
		'is of a provider that this version',
	],
	[
		'with a part that is none',
		(parked) => ({ ...parked, items: parked.items.map((item) => ({ ...item, submittedAtMs: 'soon' })) }),
		'is damaged (items.0.submittedAtMs, items.1.submittedAtMs, items.2.submittedAtMs); its tasks: ID, ID, ID',
	],
	['that is a text', () => 'x', 'is damaged (the record); its tasks: none can be read'],
])('a record %s stays parked and is logged, and the service calls again', async (_name, edit, told) => {
	const parked = await park();
	const ids = taskIds(parked);
	let kept: Parked | undefined;
	rewrite(parked, (record) => {
		kept = record;
		return edit(record);
	});
	expect(await callBack()).toEqual([503, 503, 503]);
	expect(ids.reduce((text, id) => text.replaceAll(id, 'ID'), logged())).toContain(told);
	expect(logged()).not.toContain('signature=');
	expect(logged()).not.toContain(emulator.keys.vidu);
	expect(fixture.host.execution(parked.id).status).toBe('waiting');
	expect(fixture.host.thrown).toEqual([]);

	// at the deadline n8n goes on with the pending records, which hold the ids
	rewrite(parked, () => kept);
	const { items, status } = await fixture.host.wake(parked.id);
	expect(status).toBe('success');
	expect(items.map(({ json }) => json.taskId)).toEqual(ids);
});

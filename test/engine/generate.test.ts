import { startEmulator, type Emulator } from '../emulator';
import { runNode } from './harness';

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator({ taskSeconds: 1 });
});
afterAll(async () => await emulator.stop());

const QUICK = { pollIntervalSeconds: 0.3 };

test('a text becomes a video in the item', async () => {
	const { items, error } = await runNode(emulator, {
		parameters: { operation: 'textToVideo', prompt: 'A sneaker', options: QUICK },
	});
	console.log(JSON.stringify(error?.message), JSON.stringify(items, null, 1));
	expect(items).toHaveLength(1);
	expect(items[0].json).toMatchObject({ status: 'succeeded', provider: 'vidu', model: 'viduq3-turbo' });
});

import { strict as assert } from 'node:assert';

import { PIM_KEY } from '../../shops';
import { until } from '../../until';
import { chain, inspectMp4, itemsOf, listOf, manualTrigger, viduNode, type Checks } from '../harness';
import {
	assertClean,
	assertSucceeded,
	executionsWhenOver,
	importRecipe,
	post,
	reset,
	runByHand,
	whilePublished,
	type RecipeWorld,
} from './world';

const KEY = { [PIM_KEY.name]: PIM_KEY.value };
const PUBLIC_IMAGES = 'https://shop.example.com/wp-content/uploads/2026/11';
const product = (sku: string, motion: string, image = `${PUBLIC_IMAGES}/mug.jpg`) => ({
	sku,
	title: sku,
	motion,
	image,
});

/** The recipes for a company's own systems. A webhook is called from outside as it is; the Vidu Trigger is called by the emulator under n8n's public name. */
export async function checkCallback(checks: Checks, world: RecipeWorld): Promise<void> {
	const { shops, emulator } = world;
	const { pim } = shops;
	const file = 'order-and-receive-by-callback.json';

	await checks.check(`${file}: an order is answered at once, bought once, and delivered by the callback`, async () => {
		reset(world);
		pim.clear([product('MUG-1', 'Steam rises'), product('MUG-2', 'Steam rises')]);
		emulator.control.fault({ do: 'failTask', code: 'content', contains: 'forbidden', provider: 'vidu' });
		await whilePublished(world, file, async (workflow) => {
			const order = (orderId: string, sku: string, prompt: string) => ({
				orderId,
				sku,
				prompt,
				image: `${PUBLIC_IMAGES}/mug.jpg`,
			});
			const made = await post(world, 'video-orders', order('A-1', 'MUG-1', 'Steam rises from the mug'), KEY);
			assert.equal(made.status, 202, JSON.stringify(made));
			const again = await post(world, 'video-orders', order('A-1', 'MUG-1', 'Steam rises from the mug'), KEY);
			assert.deepEqual(again, { status: 202, body: { status: 'ordered before' } });
			const refused = await post(world, 'video-orders', { ...order('A-2', 'MUG-1', 'Steam'), image: 'no link' }, KEY);
			assert.equal(refused.status, 422);
			assert.match(JSON.stringify(refused.body), /is not a valid URL/);
			assert.equal((await post(world, 'video-orders', order('A-3', 'MUG-1', 'x'))).status, 403, 'without the key');
			const bad = await post(world, 'video-orders', order('A-4', 'MUG-2', 'something forbidden'), KEY);
			assert.equal(bad.status, 202);
			await until('the clip and the report', () => pim.media.length === 1 && pim.failures.length === 1);

			assert.equal(emulator.journal.counts().created, 2);
			assert.equal(pim.media[0].sku, 'MUG-1');
			assert.equal(pim.media[0].taskId, (made.body as { taskId: string }).taskId);
			inspectMp4(pim.media[0].bytes);
			assert.equal(pim.failures[0].sku, 'MUG-2');
			assert.match(pim.failures[0].reason, /content/i);
			(await executionsWhenOver(world, workflow, 6)).forEach(assertSucceeded);
			assert.deepEqual(pim.refused, []);
			assertClean(world);
		});
	});
}

export async function checkCollector(checks: Checks, world: RecipeWorld): Promise<void> {
	const { api, shops, emulator, credentials } = world;
	const { storage } = shops;
	const file = 'collect-clips-to-storage.json';

	await checks.check(`${file}: what was left at Vidu is stored once, whatever left it`, async () => {
		reset(world);
		storage.objects.clear();
		storage.refused.splice(0);
		const workflow = await importRecipe(world, file);
		const empty = await runByHand(world, workflow);
		assertSucceeded(empty);
		// ordered without waiting; stopped while waiting; given up at the deadline: all are made in the end
		const left = async (name: string, items: Array<Record<string, unknown>>, parameters: Record<string, unknown>) => {
			const saved = await api.importWorkflow(
				chain(name, [manualTrigger, ...listOf(items), viduNode({ prompt: '={{ $json.prompt }}', ...parameters })]),
				credentials,
			);
			return await api.run(saved.id);
		};
		const ordered = await left('No wait', [{ prompt: 'A' }, { prompt: 'B' }], {
			waitForCompletion: false,
			files: { payload: '={{ JSON.stringify({ sku: $json.prompt }) }}' },
		});
		assertSucceeded(await api.waitFor(ordered));
		emulator.control.holdTasks('processing');
		const late = await left('Deadline', [{ prompt: 'C' }], { limits: { maxWaitMinutes: 0.03 } });
		assert.equal((await api.waitFor(late)).status, 'error');
		const stopped = await left('Stopped', [{ prompt: 'D' }], { limits: { cancelOnStop: false } });
		await until('four tasks', () => emulator.journal.counts().created === 4);
		await api.stop(stopped);
		await api.waitFor(stopped);
		emulator.control.finishTasks();
		await until('four clips', () => emulator.journal.counts().succeeded === 4);

		const [{ id: known }] = emulator.journal.tasks;
		storage.put(`your-bucket/clips/${known}.mp4`, Buffer.from('stored by another workflow'));
		const first = await runByHand(world, workflow);
		assertSucceeded(first);
		const ids = emulator.journal.tasks.map(({ id }) => id);
		assert.deepEqual(storage.keys('your-bucket'), ids.map((id) => `clips/${id}.mp4`).sort());
		const delivered = itemsOf(first, 'Delivered').map(({ json }) => json);
		assert.deepEqual(delivered.map(({ taskId }) => taskId).sort(), ids.filter((id) => id !== known).sort());
		assert.equal(
			JSON.stringify(delivered.find(({ taskId }) => taskId === ids[1])?.payload),
			JSON.stringify({ sku: 'B' }),
		);
		for (const id of ids.slice(1))
			inspectMp4(storage.objects.get(`your-bucket/clips/${id}.mp4`)?.bytes ?? Buffer.alloc(0));
		const page = await shops.gate.visit(String(delivered[0].link));
		assert.equal(page.status, 200, 'the link is there for everybody');
		const second = await runByHand(world, workflow);
		assertSucceeded(second);
		assert.equal(itemsOf(second, 'Fetch Clip').length, 0);
		assert.equal(emulator.journal.counts().created, 4, 'nothing was ordered');
		assert.deepEqual(storage.refused, []);
		assertClean(world);
	});
}

export async function checkFallback(checks: Checks, world: RecipeWorld): Promise<void> {
	const { shops, emulator } = world;
	const { pim } = shops;
	const file = 'fallback-vidu-to-zhipu.json';

	await checks.check(
		`${file}: the second provider makes what the first could not, and nothing that may be bought`,
		async () => {
			reset(world);
			pim.clear([
				product('ONE', 'Steam rises from the mug'),
				product('TWO', 'The lamp lights up'),
				product('THREE', 'The shoe turns'),
				product('FOUR', 'Nobody films this'),
			]);
			emulator.control.fault({ do: 'failTask', code: 'internal', contains: 'lamp', provider: 'vidu', times: 'always' });
			emulator.control.fault({ do: 'resetAfter', kind: 'submit', contains: 'shoe', provider: 'vidu' });
			emulator.control.fault({ do: 'failTask', code: 'content', contains: 'Nobody', times: 'always' });
			const workflow = await importRecipe(world, file);
			const execution = await runByHand(world, workflow);
			assertSucceeded(execution);
			const rows = new Map(itemsOf(execution, 'One Form').map(({ json }) => [json.sku, json]));
			const told = ['ONE', 'TWO', 'THREE', 'FOUR'].map((sku) => [rows.get(sku)?.status, rows.get(sku)?.provider]);
			assert.deepEqual(told, [
				['succeeded', 'vidu'],
				['succeeded', 'zhipu'],
				['unknown', 'vidu'],
				['failed', 'zhipu'],
			]);
			const fields = [...rows.values()].map((row) => Object.keys(row).join());
			assert.equal(new Set(fields).size, 1, 'one form for all');
			assert.deepEqual(pim.media.map(({ sku, provider }) => [sku, provider]).sort(), [
				['ONE', 'vidu'],
				['TWO', 'zhipu'],
			]);
			pim.media.forEach(({ bytes }) => inspectMp4(bytes));
			assert.deepEqual(pim.failures.map(({ sku }) => sku).sort(), ['FOUR', 'THREE']);
			assert.equal(emulator.journal.tasks.filter(({ input }) => JSON.stringify(input).includes('shoe')).length, 1);
			assert.deepEqual(pim.refused, []);
			assertClean(world);
		},
	);
}

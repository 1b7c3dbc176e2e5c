import { strict as assert } from 'node:assert';

import { inspectMp4, itemsOf, type Checks, type WorkflowFile } from '../harness';
import { assertClean, assertSucceeded, importRecipe, reset, runByHand, type RecipeWorld } from './world';

/** Recipes that serve many products in one run: an import, a sheet, a feed. */

/** The import parks: Vidu's calls arrive under n8n's public name. */
export async function checkImport(checks: Checks, world: RecipeWorld): Promise<void> {
	const { shops, emulator } = world;
	const { shopify } = shops;
	const file = 'shopify-import-parked.json';
	const COUNT = 16;

	await checks.check(
		`${file}: ${COUNT} products are ordered at once, parked, and each gets its clip once`,
		async () => {
			reset(world, 3);
			shopify.products.splice(0);
			shopify.asksUntilReady = 1;
			for (let n = 1; n <= COUNT; n += 1) await shopify.createProduct(`Mug number ${n}`, n === 5 ? [] : ['mug.jpg']);
			emulator.control.fault({ do: 'failTask', code: 'content', contains: 'Mug number 7.' });
			const workflow = await importRecipe(world, file);
			const id = await world.api.run(workflow.id);
			await world.api.waitFor(id, { states: new Set(['waiting', 'error', 'success']) });
			assert.equal((await world.api.execution(id)).status, 'waiting', 'no worker is held while the clips are made');
			const execution = await world.api.waitFor(id);
			assertSucceeded(execution);
			assert.equal(emulator.journal.counts().created, COUNT - 1);
			const served = shopify.products.filter(({ videos }) => videos.some(({ status }) => status === 'READY'));
			assert.equal(served.length, COUNT - 2);
			served.forEach(({ videos }) => assert.equal(videos.length, 1));
			const done = (execution.data.resultData?.runData?.Done ?? []).flatMap(({ data }) => data?.main?.[0] ?? []);
			assert.deepEqual(done.map(({ json }) => json.product).sort(), served.map(({ title }) => title).sort());
			const notDone = (execution.data.resultData?.runData?.['Not Done'] ?? []).flatMap(
				({ data }) => data?.main?.[0] ?? [],
			);
			assert.deepEqual(
				notDone.map(({ json }) => json.product),
				['Mug number 7'],
			);
			// each clip lies on the product it was ordered for
			for (const { json } of itemsOf(execution, 'Is It Made?'))
				assert.ok(String(emulator.journal.task(String(json.taskId))?.input.prompt).startsWith('Mug number'));

			const again = await runByHand(world, workflow);
			assertSucceeded(again);
			assert.equal(itemsOf(again, 'Picture but No Video').length, 1, 'served products are left out');
			assertClean(world);
		},
	);
}

const withSetting = (workflow: WorkflowFile, name: string, value: unknown): WorkflowFile => ({
	...workflow,
	nodes: workflow.nodes.map((node) => {
		if (node.name !== 'Settings') return node;
		const { assignments } = node.parameters.assignments as { assignments: Array<{ name: string }> };
		const changed = assignments.map((one) => (one.name === name ? { ...one, value } : one));
		return { ...node, parameters: { ...node.parameters, assignments: { assignments: changed } } };
	}),
});

/** Google Sheets' own node works on the double, under Google's names, connected through its OAuth. */
export async function checkSheet(checks: Checks, world: RecipeWorld): Promise<void> {
	const { api, shops, emulator } = world;
	const { sheets } = shops;
	const file = 'sheet-to-reference-clips.json';
	const ROWS = 50;

	await checks.check(`${file}: ${ROWS} rows are priced first, then made in both shapes and written back`, async () => {
		reset(world);
		const image = (n: number) =>
			`https://shop.example.com/pictures/${n}-a.jpg, https://shop.example.com/pictures/${n}-b.jpg`;
		const rows = Array.from({ length: ROWS }, (_, n) => [
			`SKU-${n}`,
			`Product ${n} in soft light`,
			n === 3 ? 'n/a' : image(n),
		]);
		sheets.put('your-spreadsheet-id', { Products: [['sku', 'prompt', 'images'], ...rows], Problems: [] });
		const workflow = await importRecipe(world, file);

		const planned = await runByHand(world, workflow);
		assertSucceeded(planned);
		assert.equal(emulator.journal.counts().created, 0, 'a dry run orders nothing');
		const [sum] = itemsOf(planned, 'Sum');
		assert.deepEqual(sum.json, { sum_credits: 98 * 50, count_credits: 98 });
		assert.equal(sheets.rows('your-spreadsheet-id', 'Products')[0]['status 9x16'], 'planned');

		sheets.put('your-spreadsheet-id', { Problems: [] });
		const saved = await api.workflow(workflow.id);
		await api.updateWorkflow({ ...saved, ...withSetting(saved, 'dryRun', false) });
		const made = await runByHand(world, workflow);
		assertSucceeded(made);
		assert.equal(emulator.journal.counts().created, 98);
		const table = sheets.rows('your-spreadsheet-id', 'Products');
		for (const [n, row] of table.entries()) {
			assert.equal(row.sku, `SKU-${n}`);
			for (const format of ['9x16', '1x1']) {
				if (n === 3) {
					assert.equal(row[`status ${format}`] ?? '', '');
					continue;
				}
				assert.equal(row[`status ${format}`], 'succeeded', JSON.stringify(row));
				assert.equal(row[`credits ${format}`], 50);
				const task = emulator.journal.task(String(row[`task ${format}`]));
				assert.equal(task?.input.prompt, `Product ${n} in soft light`);
				assert.equal(task?.input.aspect_ratio, format.replace('x', ':'));
				assert.match(String(row[`link ${format}`]), /^http/);
			}
		}
		const problems = sheets.rows('your-spreadsheet-id', 'Problems');
		assert.deepEqual(
			problems.map(({ sku, format }) => [sku, format]),
			[
				['SKU-3', '9:16'],
				['SKU-3', '1:1'],
			],
		);
		assert.match(String(problems[0].problem), /is not a valid URL/);
		assert.deepEqual(sheets.refused, []);

		const third = await runByHand(world, workflow);
		assertSucceeded(third);
		assert.equal(emulator.journal.counts().created, 98, 'a second start buys nothing');
		assertClean(world);
	});
}

export async function checkFeed(checks: Checks, world: RecipeWorld): Promise<void> {
	const { shops, emulator } = world;
	const { storage } = shops;
	const file = 'google-merchant-video-link.json';

	await checks.check(
		`${file}: clips are stored, and the feed names links that last and that anybody can open`,
		async () => {
			reset(world);
			storage.objects.clear();
			storage.refused.splice(0);
			const picture = (name: string) => `https://shop.example.com/pictures/${name}`;
			const feed = [
				'id,title,image_link,availability,video_link',
				`A1,Runner sneaker,${picture('sneaker.png')},in_stock,`,
				`B2,Morning mug,${picture('mug.jpg')},in_stock,`,
				`C3,Globe lamp,${picture('lamp.webp')},out_of_stock,`,
				`D4,Has one,${picture('mug.jpg')},in_stock,https://example.com/d4.mp4`,
			];
			storage.put('your-bucket/feeds/products.csv', Buffer.from(`${feed.join('\n')}\n`), 'text/csv');
			const workflow = await importRecipe(world, file);
			const execution = await runByHand(world, workflow);
			assertSucceeded(execution);
			assert.equal(emulator.journal.counts().created, 2);
			assert.deepEqual(storage.keys('your-bucket'), [
				'clips/A1.mp4',
				'clips/B2.mp4',
				'feeds/products.csv',
				'feeds/video-links.csv',
			]);
			const published = storage.objects.get('your-bucket/feeds/video-links.csv')?.bytes.toString() ?? '';
			const lines = published
				.replace(/^\ufeff/, '')
				.trim()
				.split(/\r?\n/);
			assert.deepEqual(lines, [
				'id,video_link',
				'A1,https://s3.example.com/your-bucket/clips/A1.mp4',
				'B2,https://s3.example.com/your-bucket/clips/B2.mp4',
			]);
			for (const line of lines.slice(1)) {
				const link = line.split(',')[1];
				assert.ok(
					link.length <= 2_000 && !link.includes('?'),
					'Google takes lasting links of at most 2,000 characters',
				);
				assert.equal((await shops.gate.visit(link)).status, 200);
			}
			inspectMp4(storage.objects.get('your-bucket/clips/A1.mp4')?.bytes ?? Buffer.alloc(0));
			assertSucceeded(await runByHand(world, workflow));
			assert.equal(emulator.journal.counts().created, 2, 'the next night buys nothing again');
			assert.deepEqual(storage.refused, []);
			assertClean(world);
		},
	);
}

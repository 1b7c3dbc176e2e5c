import { strict as assert } from 'node:assert';

import { inspectMp4, itemsOf, runsOf, type Checks } from '../harness';
import { until } from '../../until';
import { assertClean, assertSucceeded, executionsWhenOver, reset, whilePublished, type RecipeWorld } from './world';

const FILE = 'woocommerce-product-video.json';

/** The WooCommerce Trigger registers with the double under the shop's own name; the double pings it, and signs what it sends with the secret it was given. */
export async function checkWooCommerce(checks: Checks, world: RecipeWorld): Promise<void> {
	const { shops, emulator, api } = world;
	const { woocommerce: shop } = shops;

	await checks.check(
		`${FILE}: one clip in the media library and in the meta field, however often the shop tells`,
		async () => {
			reset(world);
			await whilePublished(world, FILE, async (workflow) => {
				// n8n keeps them when the shop has answered: before, no signature can be checked
				const kept = async () =>
					JSON.stringify((await api.workflow(workflow.id)).staticData ?? {}).match(/"secret"/g)?.length === 2;
				await until("the secrets of two webhooks in n8n's keeping", kept);
				assert.equal(shop.webhooks.length, 2);
				const mug = await shop.createProduct('Morning mug', ['mug.jpg', 'mug-end.jpg']);
				// created; then the write of the meta field, told twice
				const first = await executionsWhenOver(world, workflow, 3);
				await shop.changeProduct(mug, { price: '24.90' });
				await shop.createProduct('One picture only', ['mug.jpg']);
				const executions = await executionsWhenOver(world, workflow, first.length + 3);
				executions.forEach(assertSucceeded);

				assert.equal(emulator.journal.counts().created, 1);
				assert.equal(shop.media.length, 1);
				inspectMp4(shop.media[0].bytes);
				assert.deepEqual(
					mug.meta.map(({ key, value }) => [key, value]),
					[['product_video_url', shop.media[0].source_url]],
				);
				const [order] = emulator.journal.tasks;
				assert.match(JSON.stringify(order.input.images), /mug\.jpg.*mug-end\.jpg/);
				const results = executions.flatMap((execution) => itemsOf(execution, 'Result'));
				assert.deepEqual(
					results.map(({ json }) => json),
					[{ product: 'Morning mug', videoUrl: shop.media[0].source_url, taskId: order.id, credits: 55 }],
				);
				assert.equal(executions.filter((execution) => runsOf(execution, 'Make Clip').length === 1).length, 5);
				assert.deepEqual(shop.refused, []);
				assertClean(world);
			});
			await until('no webhook at the shop', () => shop.webhooks.length === 0);
		},
	);
}

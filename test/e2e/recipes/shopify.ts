import { strict as assert } from 'node:assert';

import { errorOf, inspectMp4, itemsOf, runsOf, type Checks } from '../harness';
import { gid } from '../../shops/shopify/store';
import { until } from '../../until';
import { assertClean, assertSucceeded, executionsWhenOver, reset, whilePublished, type RecipeWorld } from './world';

const FILE = 'shopify-product-video.json';
const FILM_FILE = 'shopify-product-film.json';

/**
 * The Shopify Trigger and the calls to Shopify reach the double under the shop's own name: the trigger registers its
 * webhooks there, and the double signs what it sends.
 */
export async function checkShopify(checks: Checks, world: RecipeWorld): Promise<void> {
	const { shops, emulator, api } = world;
	const { shopify } = shops;
	// the workflows of two checks listen at the same addresses
	const gone = async () => await until('no webhook at Shopify', () => shopify.webhooks.length === 0);
	const registered = async () => await until('two webhooks at Shopify', () => shopify.webhooks.length === 2);

	await checks.check(
		`${FILE}: a new product gets its clip, bought once, and its own write starts no other`,
		async () => {
			reset(world);
			await whilePublished(world, FILE, async (workflow) => {
				await registered();
				const product = await shopify.createProduct('Runner sneaker', ['sneaker.png']);
				// created, updated, then the video added, and the video ready: each is an event of Shopify
				const executions = await executionsWhenOver(world, workflow, 4);
				executions.forEach(assertSucceeded);

				assert.equal(emulator.journal.counts().created, 1, 'one wish, one clip');
				assert.deepEqual(
					product.videos.map(({ status }) => status),
					['READY'],
				);
				inspectMp4(product.videos[0].bytes ?? Buffer.alloc(0));
				const [order] = emulator.journal.tasks;
				assert.match(JSON.stringify(order.input.images), /cdn\.shopify\.com.*sneaker\.png/);
				const results = executions.flatMap((execution) => itemsOf(execution, 'Result'));
				assert.equal(results.length, 1);
				assert.equal(results[0].json.product, 'Runner sneaker');
				assert.equal(results[0].json.taskId, order.id);
				assert.equal(results[0].json.credits, 55);
				// the three others ended at the key: they ordered nothing and reached nothing behind it
				const others = executions.filter((execution) => itemsOf(execution, 'Make Clip').length === 0);
				assert.equal(others.length, 3);
				for (const execution of others) {
					assert.equal(runsOf(execution, 'Make Clip').length, 1);
					assert.equal(runsOf(execution, 'Ask for an Upload').length, 0);
				}
				assertClean(world);
			});
			await gone();
		},
	);

	await checks.check(`${FILE}: a picture that comes later is a wish, repeats and other changes are none`, async () => {
		reset(world);
		shopify.copies = 2; // Shopify repeats itself
		await whilePublished(world, FILE, async (workflow) => {
			await registered();
			const mug = await shopify.createProduct('Morning mug', []);
			await shopify.changeProduct(mug, { pictures: ['mug.jpg'] });
			// created and updated without a picture; then the picture, the video added, the video ready, each told twice
			const seen = await executionsWhenOver(world, workflow, 2 + 2 + 2 + 2);
			await shopify.changeProduct(mug, { price: '29.90' });
			const all = await executionsWhenOver(world, workflow, seen.length + 2);
			all.forEach(assertSucceeded);
			assert.equal(emulator.journal.counts().created, 1);
			assert.deepEqual(
				mug.videos.map(({ status }) => status),
				['READY'],
			);
			assertClean(world);
		}).finally(() => {
			shopify.copies = 1;
		});
		await gone();
	});

	await checks.check(
		`${FILE}: an upload that breaks goes on by Retry, a video that Shopify refuses is told`,
		async () => {
			reset(world);
			await whilePublished(world, FILE, async (workflow) => {
				await registered();
				shopify.asksUntilReady = 1;
				shopify.breakUploads = 1;
				shopify.failNext = 'FILE_STORAGE_LIMIT_EXCEEDED';
				const lamp = await shopify.createProduct('Globe lamp', ['lamp.webp']);
				const [broken, ...none] = (await executionsWhenOver(world, workflow, 2)).filter(
					({ status }) => status !== 'success',
				);
				assert.equal(broken.data.resultData?.lastNodeExecuted, 'Upload File');
				assert.equal(none.length, 0);
				const refused = await api.waitFor(await api.retry(broken.id));
				assert.equal(refused.data.resultData?.lastNodeExecuted, 'Shopify Refused');
				assert.match(JSON.stringify(refused.data.resultData?.error), /FILE_STORAGE_LIMIT_EXCEEDED/);
				const [{ id }] = emulator.journal.tasks;
				assert.ok(JSON.stringify(refused.data.resultData?.error).includes(id), 'the task is not named');
				assert.deepEqual(
					lamp.videos.map(({ status }) => status),
					['FAILED'],
				);
				await executionsWhenOver(world, workflow, 2 + 1 + 2);
				assert.equal(emulator.journal.counts().created, 1);
				assertClean(world);
			});
		},
	);
}

/** The films park: Vidu's calls arrive under n8n's public name. */
export async function checkShopifyFilms(checks: Checks, world: RecipeWorld): Promise<void> {
	const { shops, emulator } = world;
	const { shopify } = shops;

	await checks.check(
		`${FILM_FILE}: a tagged product gets a film in both shapes, each bought once, and their own events start none`,
		async () => {
			reset(world, 3);
			shopify.asksUntilReady = 1;
			await whilePublished(world, FILM_FILE, async (workflow) => {
				await until('two webhooks at Shopify', () => shopify.webhooks.length === 2);
				const product = await shopify.createProduct('Runner sneaker', ['sneaker.png', 'mug.jpg']);
				const untagged = await executionsWhenOver(world, workflow, 2);
				assert.deepEqual(
					untagged.flatMap((execution) => runsOf(execution, 'Make Film')),
					[],
					'without the tag nothing is asked for',
				);
				await shopify.changeProduct(product, { tags: 'new, film' });
				await until('a parked execution', async () => {
					const states = (await world.api.executions({ workflowId: workflow.id })).map(({ status }) => status);
					assert.ok(!states.includes('error'), 'nothing fails before it parks');
					return states.includes('waiting');
				});
				// the tag; then for each film that it was added, and that it is ready
				const executions = await executionsWhenOver(world, workflow, 2 + 1 + 2 + 2);
				executions.forEach(assertSucceeded);

				assert.equal(emulator.journal.counts().created, 2, 'one wish in two shapes');
				const orders = emulator.journal.tasks;
				for (const { input } of orders) {
					assert.equal(input.duration, 15);
					assert.equal(input.language, 'en');
					assert.match(String(input.prompt), /^Runner sneaker\. Runner sneaker\. A warm voice/);
					assert.match(JSON.stringify(input.images), /cdn\.shopify\.com.*sneaker\.png.*mug\.jpg/);
				}
				const shapeOf = (taskId: unknown) => emulator.journal.task(String(taskId))?.input.aspect_ratio;
				const results = executions.flatMap((execution) => itemsOf(execution, 'Result')).map(({ json }) => json);
				assert.deepEqual(results.map(({ shape }) => shape).sort(), ['16:9', '9:16']);
				for (const { shape, taskId, mediaId, credits } of results) {
					assert.equal(shapeOf(taskId), shape);
					assert.equal(credits, 600);
					const video = product.videos.find(({ id }) => gid('Video', id) === mediaId);
					assert.equal(video?.alt, `Runner sneaker (${String(shape)})`);
					assert.equal(video?.status, 'READY');
					inspectMp4(video?.bytes ?? Buffer.alloc(0));
				}
				assert.equal(product.videos.length, 2);
				const others = executions.filter((execution) => runsOf(execution, 'Make Film').length > 0).slice(1);
				assert.equal(others.length, 4);
				for (const execution of others) {
					assert.deepEqual(itemsOf(execution, 'Make Film'), []);
					assert.equal(runsOf(execution, 'Ask for an Upload').length, 0);
				}
				assertClean(world);
			});
			await until('no webhook at Shopify', () => shopify.webhooks.length === 0);
		},
	);

	await checks.check(
		`${FILM_FILE}: where one film fails, the other is on the product, and the run says which is missing`,
		async () => {
			reset(world, 1);
			shopify.asksUntilReady = 1;
			emulator.control.fault({ do: 'failTask', code: 'internal', contains: '9:16' });
			await whilePublished(world, FILM_FILE, async (workflow) => {
				await until('two webhooks at Shopify', () => shopify.webhooks.length === 2);
				const product = await shopify.createProduct('Morning mug', ['mug.jpg']);
				const parked = (await executionsWhenOver(world, workflow, 2)).length;
				await shopify.changeProduct(product, { tags: 'film' });
				const executions = await executionsWhenOver(world, workflow, parked + 1 + 1 + 1);
				const [red, ...none] = executions.filter(({ status }) => status !== 'success');
				assert.equal(none.length, 0);
				assert.equal(red.data.resultData?.lastNodeExecuted, 'Film Missing');
				assert.match(errorOf(red)?.message ?? '', /^No film of Morning mug in 9:16: .*Task \d{15,}\.$/s);
				assert.deepEqual(
					product.videos.map(({ alt, status }) => [alt, status]),
					[['Morning mug (16:9)', 'READY']],
				);
				assert.equal(emulator.journal.counts().created, 2);
				assertClean(world);
			});
			await until('no webhook at Shopify', () => shopify.webhooks.length === 0);
		},
	);
}

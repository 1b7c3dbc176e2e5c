import { strict as assert } from 'node:assert';

import { PIM_KEY } from '../../shops';
import { until } from '../../until';
import { errorOf, inspectMp4, itemsOf, OWNER, runsOf, type Checks, type Execution } from '../harness';
import {
	assertClean,
	assertSucceeded,
	executionsWhenOver,
	post,
	reset,
	whilePublished,
	type RecipeWorld,
} from './world';

const FILE = 'studio-talking-product.json';
const PATH = 'product-presenters';
const KEY = { [PIM_KEY.name]: PIM_KEY.value };
/** What is bought for one product: a clean picture and three scenes, a clip through them, a voice, lips that say it, a sharper copy. */
const STEPS = ['audio-tts', 'lip-sync', 'multiframe', ...Array<string>(4).fill('reference2image'), 'upscale-new'];

const product = (sku: string) => ({
	sku,
	picture: 'https://shop.example.com/pictures/mug.jpg',
	script: `This is ${sku}, the mug for long mornings`,
});

/** From one picture to the film in its place; each step is bought once, also where n8n dies between an order and its result. */
export async function checkStudio(checks: Checks, world: RecipeWorld): Promise<void> {
	const { api, emulator, n8n } = world;

	await checks.check(`${FILE}: one picture becomes a sharp film that speaks, each step of it bought once`, async () => {
		reset(world);
		await whilePublished(world, FILE, async (workflow) => {
			// an event that is told twice
			await Promise.all([1, 2].map(async () => await post(world, PATH, product('MUG-1'), KEY)));
			const executions = await executionsWhenOver(world, workflow, 2);
			executions.forEach(assertSucceeded);
			const [made, ...others] = executions.filter((execution) => itemsOf(execution, 'Order Picture').length > 0);
			assert.equal(others.length, 0);
			assertBoughtOnce(world, 'MUG-1');
			assert.equal(emulator.journal.counts().created, STEPS.length);
			assertLed(world, 'MUG-1');
			assertDelivered(world, made, 'MUG-1');
		});
	});

	await checks.check(
		`${FILE}: after kill -9 Retry brings the film, and buys none again whose order had no answer yet`,
		async () => {
			reset(world);
			emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'image_settings', times: 'always' });
			emulator.control.fault({
				do: 'hang',
				kind: 'submit',
				contains: String.raw`MUG-3\",\"step\":\"clip`,
				handled: true,
			});
			await whilePublished(world, FILE, async (workflow) => {
				await Promise.all(['MUG-2', 'MUG-3'].map(async (sku) => await post(world, PATH, product(sku), KEY)));
				const orderOf = async (sku: string) =>
					await until(`the order of the clip of ${sku}`, () =>
						tasksOf(world, sku).find(({ operation }) => operation === 'multiframe'),
					);
				const clip = await orderOf('MUG-2');
				await orderOf('MUG-3');
				const executionOf = async (sku: string) => {
					const listed = await api.executions({ workflowId: workflow.id });
					const all = await Promise.all(listed.map(async (one) => await api.execution(one.id)));
					const found = all.find((one) => itemsOf(one, 'Settings')[0]?.json.sku === sku);
					return found ?? assert.fail(`no execution of ${sku}`);
				};
				await until(
					'the order in the database',
					async () => itemsOf(await executionOf('MUG-2'), 'Order Clip').length === 1,
				);
				const [{ id }, { id: unanswered }] = [await executionOf('MUG-2'), await executionOf('MUG-3')];
				await n8n.kill();
				await n8n.restart();
				await api.signIn(OWNER);
				for (const one of [id, unanswered]) assert.equal((await api.execution(one)).status, 'crashed');

				// a person may also let the event come again: it buys nothing, and brings nothing
				await post(world, PATH, product('MUG-2'), KEY);
				const repeated = (await executionsWhenOver(world, workflow, 3)).find(
					(one) => ![id, unanswered].includes(one.id),
				);
				assert.ok(repeated);
				assertSucceeded(repeated);
				assert.equal(runsOf(repeated, 'Order Picture').length, 1);
				assert.deepEqual(itemsOf(repeated, 'Order Picture'), []);

				emulator.control.clearFaults();
				emulator.control.finishTasks();
				const execution = await api.waitFor(await api.retry(id));
				assertSucceeded(execution);
				assert.equal(itemsOf(execution, 'Wait for Clip')[0].json.taskId, clip.id, 'the clip is that of the first try');
				assertBoughtOnce(world, 'MUG-2');
				assertLed(world, 'MUG-2');
				assertDelivered(world, execution, 'MUG-2');

				const told = await api.waitFor(await api.retry(unanswered));
				assert.equal(told.status, 'error', 'what nobody can go on with does not end green');
				assert.match(errorOf(told)?.message ?? '', /Task IDs are missing/);
				assert.equal(tasksOf(world, 'MUG-3').filter(({ operation }) => operation === 'multiframe').length, 1);
			});
		},
	);
}

/** What was ordered for a product, in order. */
const tasksOf = ({ emulator }: RecipeWorld, sku: string) =>
	emulator.journal.tasks.filter(({ input }) => String(input.payload).includes(sku));

/** The books of the service. */
function assertBoughtOnce(world: RecipeWorld, sku: string): void {
	const ordered = tasksOf(world, sku).map(({ operation }) => operation);
	assert.deepEqual(ordered.sort(), STEPS);
}

/** Each step is made of what the steps before it made. */
function assertLed(world: RecipeWorld, sku: string): void {
	const of = (operation: string) => tasksOf(world, sku).filter((task) => task.operation === operation);
	const [picture, ...scenes] = of('reference2image');
	const [clip] = of('multiframe');
	const [voice] = of('audio-tts');
	const [lips] = of('lip-sync');
	const [sharp] = of('upscale-new');
	assert.match(JSON.stringify(picture.input.images), /mug\.jpg/);
	for (const { input } of scenes)
		assert.match(JSON.stringify(input.images), new RegExp(`${picture.id}.*presenter\\.jpg`));
	const frames = [
		{ key_image: clip.input.start_image },
		...(clip.input.image_settings as Array<{ key_image: string }>),
	].map(({ key_image: link }) => String(link));
	assert.equal(frames.length, scenes.length);
	for (const [at, { id }] of scenes.entries()) assert.ok(frames[at].includes(id), `frame ${at} is another's`);
	assert.ok(String(lips.input.video_url).includes(clip.id));
	assert.ok(String(lips.input.audio_url).includes(voice.id));
	assert.notEqual(sharp.input.video_creation_id, undefined);
	assert.equal(sharp.input.upscale_resolution, '2K');
}

function assertDelivered(world: RecipeWorld, execution: Execution, sku: string): void {
	const { storage } = world.shops;
	const files = storage.keys('your-bucket').filter((key) => key.startsWith(`studio/${sku}`));
	assert.deepEqual(
		files,
		['mp3', 'mp4', 'png'].map((end) => `studio/${sku}.${end}`),
	);
	inspectMp4(storage.objects.get(`your-bucket/studio/${sku}.mp4`)?.bytes ?? Buffer.alloc(0));
	const [{ json }] = itemsOf(execution, 'Result');
	const sharp = tasksOf(world, sku).find(({ operation }) => operation === 'upscale-new');
	assert.equal(json.taskId, sharp?.id);
	assert.equal(
		json.credits,
		tasksOf(world, sku).reduce((sum, { charged }) => sum + charged, 0),
	);
	assertClean(world);
}

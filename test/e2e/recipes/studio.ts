import { strict as assert } from 'node:assert';

import { PIM_KEY } from '../../shops';
import { until } from '../../until';
import { inspectMp4, itemsOf, OWNER, runsOf, type Checks, type Execution } from '../harness';
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
			assertBoughtOnce(world);
			assertLed(world);
			assertDelivered(world, made, 'MUG-1');
		});
	});

	await checks.check(`${FILE}: after kill -9 between an order and its result, Retry brings the film`, async () => {
		reset(world);
		emulator.control.fault({ do: 'stickTask', at: 'processing', contains: 'image_settings', times: 'always' });
		await whilePublished(world, FILE, async (workflow) => {
			await post(world, PATH, product('MUG-2'), KEY);
			const clip = await until('the order of the clip', () =>
				emulator.journal.tasks.find(({ operation }) => operation === 'multiframe'),
			);
			const [{ id }] = await api.executions({ workflowId: workflow.id });
			await until('the order in the database', async () => itemsOf(await api.execution(id), 'Order Clip').length === 1);
			await n8n.kill();
			await n8n.restart();
			await api.signIn(OWNER);
			assert.equal((await api.execution(id)).status, 'crashed');

			// a person may also let the event come again: it buys nothing, and brings nothing
			await post(world, PATH, product('MUG-2'), KEY);
			const repeated = (await executionsWhenOver(world, workflow, 2)).find((one) => one.id !== id);
			assert.ok(repeated);
			assertSucceeded(repeated);
			assert.equal(runsOf(repeated, 'Order Picture').length, 1);
			assert.deepEqual(itemsOf(repeated, 'Order Picture'), []);

			emulator.control.clearFaults();
			emulator.control.finishTasks();
			const execution = await api.waitFor(await api.retry(id));
			assertSucceeded(execution);
			assert.equal(itemsOf(execution, 'Wait for Clip')[0].json.taskId, clip.id, 'the clip is the one of the first try');
			assertBoughtOnce(world);
			assertLed(world);
			assertDelivered(world, execution, 'MUG-2');
		});
	});
}

/** The books of the service. */
function assertBoughtOnce({ emulator }: RecipeWorld): void {
	assert.deepEqual(emulator.journal.tasks.map(({ operation }) => operation).sort(), STEPS);
	assert.equal(emulator.journal.counts().created, STEPS.length);
}

/** Each step is made of what the steps before it made. */
function assertLed({ emulator }: RecipeWorld): void {
	const of = (operation: string) => emulator.journal.tasks.filter((task) => task.operation === operation);
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
	const { emulator, shops } = world;
	const { storage } = shops;
	const files = storage.keys('your-bucket').filter((key) => key.startsWith(`studio/${sku}`));
	assert.deepEqual(
		files,
		['mp3', 'mp4', 'png'].map((end) => `studio/${sku}.${end}`),
	);
	inspectMp4(storage.objects.get(`your-bucket/studio/${sku}.mp4`)?.bytes ?? Buffer.alloc(0));
	const [{ json }] = itemsOf(execution, 'Result');
	const sharp = emulator.journal.tasks.find(({ operation }) => operation === 'upscale-new');
	assert.equal(json.taskId, sharp?.id);
	assert.equal(
		json.credits,
		emulator.journal.tasks.reduce((sum, { charged }) => sum + charged, 0),
	);
	assertClean(world);
}

import { strict as assert } from 'node:assert';

import type { Endpoint } from '../../../lib/catalogue/operations';
import {
	COGVIDEOX_BACKENDS,
	CUSTOM_MODEL,
	endpointsOf,
	hasModels,
	operationOf,
	VIDU_BACKENDS,
	type Backend,
} from '../../../lib/n8n/backends';
import { callsBack, madeBy, type Made } from '../../../lib/n8n/operations';
import { simplestVideo } from '../../videos';
import {
	chain,
	inspectMp4,
	itemsOf,
	listOf,
	manualTrigger,
	PACKAGE,
	type Checks,
	type Execution,
	type Item,
	type WorkflowNode,
} from '../harness';
import { assertSucceeded, reset, parkingNode, importWorkflow, type World } from '../parking/world';

const NODES: Array<{ type: string; routes: readonly Backend[] }> = [
	{ type: 'vidu', routes: VIDU_BACKENDS },
	{ type: 'cogVideoX', routes: COGVIDEOX_BACKENDS },
];

/** Models for forms whose list holds none but "custom", by provider. */
const CUSTOM: Readonly<Record<string, Partial<Record<Endpoint, string>>>> = {
	vtrix: {
		textToVideo: 'viduq3_turbo_text2video',
		startEndToVideo: 'viduq3_turbo_start_end2video',
		referenceToVideo: 'viduq3_i2v_reference',
	},
};

/** Every operation of every node and provider runs once, each with the model that stands first in its list. */
export async function checkOperations(checks: Checks, world: World): Promise<void> {
	const { emulator } = world;
	await checks.check('every operation of every node and provider, once', async () => {
		reset(world);
		emulator.control.fault({ do: 'stickTask', at: 'queueing', contains: 'Never begun', times: 'always' });
		const ordered = await Promise.all(
			NODES.flatMap(({ type, routes }) => routes.map(async (route) => await checkRoute(world, type, route))),
		);
		assert.equal(
			emulator.journal.counts().created,
			ordered.reduce((sum, count) => sum + count, 0),
		);
		assert.equal(emulator.journal.counts().keyLeaks, 0);
	});
}

/**
 * Every operation parks once, one behind the other, whatever it makes; named subjects too. One whose answer is all there is,
 * or that the service does not call back about, goes on by itself in the same workflow.
 */
export async function checkParkedOperations(checks: Checks, world: World): Promise<void> {
	const { api, emulator } = world;
	for (const route of VIDU_BACKENDS.filter(({ provider }) => provider.callback))
		await checks.check(`every operation parks at ${route.label}, once`, async () => {
			reset(world);
			const forms = endpointsOf(route);
			const videos = forms.map((form) => ({
				// what the panel begins with
				...{ duration: undefined, resolution: undefined },
				...(hasModels(route, form) ? { model: Object.keys(route.catalogue.models[form]!)[0] } : {}),
				...simplestVideo(form, emulator.urls.images),
			}));
			const workflow = await importWorkflow(
				world,
				chain('Parked operations', [
					manualTrigger,
					...listOf([{}]),
					...forms.map((name, index) => parkingNode(videos[index], { name })),
				]),
			);
			const execution = await api.waitFor(await api.run(workflow.id));
			assertSucceeded(execution);
			const taskIds = new Set<string>();
			for (const form of forms) {
				const { json, binary } = onlyItem(execution, form);
				const operation = operationOf(form);
				const made = madeBy(operation);
				assert.equal(json.status, 'succeeded', `${form}: ${JSON.stringify(json)}`);
				assert.equal(json.operation, operation);
				if (made === 'facts') continue;
				const taskId = String(json.taskId);
				taskIds.add(taskId);
				const task = emulator.journal.task(taskId);
				assert.ok(task, `${form}: task ${taskId} is not known`);
				if (callsBack(operation)) assert.match(String(task.input.callback_url), /\/webhook-waiting\//, form);
				else assert.equal(task.input.callback_url, undefined, form);
				await assertFile(world, form, binary, taskId);
			}
			assert.equal(taskIds.size, forms.filter((form) => madeBy(operationOf(form)) !== 'facts').length);
			assert.equal(emulator.journal.counts().created, forms.length);
			const called = emulator.journal.callbacks.filter(({ state, status }) => state === 'success' && status === 200);
			const parked = forms.filter((form) => callsBack(operationOf(form))).length;
			assert.equal(new Set(called.map(({ taskId }) => taskId)).size, parked);
		});
}

/** A part of a film is a scene, where nothing else is asked for. */
const madeOf = (form: Endpoint): Made => madeBy(operationOf(form)) ?? 'video';

const ENDINGS: Readonly<Record<string, string>> = { video: 'mp4', image: 'png', audio: 'mp3' };

/** The file of its own task, by its name and its type, and of a video that it opens. */
async function assertFile({ api }: World, form: Endpoint, binary: Item['binary'], taskId: string): Promise<void> {
	const made = madeOf(form);
	assert.ok(binary?.data, `${form} has no file`);
	assert.equal(binary.data.fileName, `${taskId}.${ENDINGS[made]}`, form);
	assert.match(String(binary.data.mimeType), new RegExp(`^${made}/`), form);
	if (made === 'video') inspectMp4(await api.binary(binary.data));
}

type Part = Partial<WorkflowNode> & { type: string; name: string };

/** @returns how many videos were ordered */
async function checkRoute(world: World, type: string, route: Backend): Promise<number> {
	const { api, emulator } = world;
	const { provider, credential } = route;
	const node = (name: string, parameters: Record<string, unknown>): Part => ({
		type: `${PACKAGE}.${type}`,
		name,
		credentials: { [credential]: { id: null, name: credential } },
		parameters: { provider: provider.id, limits: { pollIntervalSeconds: 2 }, ...parameters },
	});
	const modelFor = (form: Endpoint) => {
		if (!hasModels(route, form)) return {};
		const [model = CUSTOM_MODEL] = Object.keys(route.catalogue.models[form]!);
		return model === CUSTOM_MODEL ? { model, customModel: CUSTOM[provider.id][form] } : { model };
	};
	const video = (form: Endpoint, more: Record<string, unknown> = {}) => ({
		resource: 'video',
		...modelFor(form),
		...simplestVideo(form, emulator.urls.images),
		...more,
	});
	const forms = endpointsOf(route);
	const first = `={{ $('${forms[0]}').first().json.taskId }}`;
	const parts = [
		...forms.map((form) => node(form, video(form))),
		node('get', { resource: 'task', operation: 'get', taskId: first, downloadVideo: true }),
		node('wait', { resource: 'task', operation: 'wait', taskId: first, downloadVideo: true }),
		...(provider.list ? [node('getMany', { resource: 'task', operation: 'getMany', limit: 1 })] : []),
		...(provider.cancel
			? [
					node('order', video(forms[0], { prompt: 'Never begun', waitForCompletion: false })),
					node('cancel', { resource: 'task', operation: 'cancel', taskId: '={{ $json.taskId }}' }),
				]
			: []),
		...(provider.credits ? [node('getCredits', { resource: 'account', operation: 'getCredits' })] : []),
	];
	const workflow = await importWorkflow(
		world,
		chain(`${type} at ${route.label}`, [manualTrigger, ...listOf([{}]), ...parts]),
	);
	const execution = await api.waitFor(await api.run(workflow.id));
	assertSucceeded(execution);
	const only = (name: string) => onlyItem(execution, name);
	for (const name of [...forms, 'get', 'wait'] as const) {
		const { json, binary } = only(name);
		const made = name === 'get' || name === 'wait' ? 'video' : madeOf(name);
		if (made === 'facts') continue;
		assert.equal(json.status, 'succeeded', `${name}: ${JSON.stringify(json)}`);
		assert.ok(binary?.data, `${name} has no file`);
		if (made === 'video') inspectMp4(await api.binary(binary.data));
		else assert.match(String(binary.data.mimeType), new RegExp(`^${made}/`));
	}
	for (const name of ['get', 'wait']) assert.equal(only(name).json.taskId, only(forms[0]).json.taskId);
	if (provider.list) assert.ok(only('getMany').json.taskId);
	if (provider.cancel) assert.equal(only('cancel').json.status, 'canceled', JSON.stringify(only('cancel').json));
	if (provider.credits) assert.match(JSON.stringify(only('getCredits').json), /\d/);
	return forms.length + (provider.cancel ? 1 : 0);
}

function onlyItem(execution: Execution, name: string): Item {
	const items = itemsOf(execution, name);
	assert.equal(items.length, 1, `${name} put out ${items.length} items`);
	return items[0];
}

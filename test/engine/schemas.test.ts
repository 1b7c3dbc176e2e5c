import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import type { Schema } from '../../scripts/schemas';
import { runNode, useEmulators, type RunOptions } from './harness';

/** What the editor offers before a run is what a run gives out. */

const open = useEmulators();
const QUICK = { limits: { pollIntervalSeconds: 0.1 } };

function schemaOf(folder: string, path: string): Schema {
	const file = join(__dirname, `../../nodes/${folder}/__schema__/v1.0.0/${path}.json`);
	expect(existsSync(file)).toBe(true);
	return JSON.parse(readFileSync(file, 'utf8')) as Schema;
}

function faultsOf(value: unknown, { type, properties = {}, items }: Schema, path = ''): string[] {
	if (type === 'array' && items && Array.isArray(value))
		return value.flatMap((entry: unknown, at) => faultsOf(entry, items, `${path}[${at}]`));
	if (typeof value !== type) return [`${path} is no ${type}`];
	if (type !== 'object') return [];
	return Object.entries(value as IDataObject).flatMap(([name, inner]) => {
		const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
		return schema ? faultsOf(inner, schema, `${path}.${name}`) : [`${path}.${name} is not offered`];
	});
}

test.concurrent.each([
	['vidu', 'Vidu', 'video/textToVideo', { operation: 'textToVideo', prompt: 'A paper boat', ...QUICK }],
	[
		'cogVideoX',
		'CogVideoX',
		'video/textToVideo',
		{ operation: 'textToVideo', prompt: 'A paper boat', model: 'cogvideox-3', ...QUICK },
	],
] as const)('%s: every field of a video, and of its task, is offered', async (node, folder, path, parameters) => {
	const emulator = await open();
	const run = async (options: RunOptions['parameters']) => {
		const { items, error } = await runNode(emulator, { node, parameters: options });
		expect(error).toBeUndefined();
		return items.map(({ json }) => json);
	};
	const [video] = await run(parameters);
	expect(faultsOf(video, schemaOf(folder, path))).toEqual([]);
	const task = { resource: 'task', taskId: String(video.taskId), taskIds: String(video.taskId) };
	for (const operation of ['get', 'wait'])
		expect(faultsOf((await run({ ...task, operation, ...QUICK }))[0], schemaOf(folder, `task/${operation}`))).toEqual(
			[],
		);
	if (node !== 'vidu') return;
	const [listed] = await run({ resource: 'task', operation: 'getMany' });
	expect(faultsOf(listed, schemaOf(folder, 'task/getMany'))).toEqual([]);
});

test.concurrent('every field of a product film and of its parts is offered', async () => {
	const emulator = await open();
	const film = { resource: 'film', operation: 'product', downloadVideo: false, ...QUICK };
	const images = { image: [{ image: { __rl: true, mode: 'url', value: 'https://files.example/1.png' } }] };
	const ordered = await runNode(emulator, { parameters: { ...film, images } });
	const taskId = String(ordered.items[0].json.taskId);
	const { items, error } = await runNode(emulator, { parameters: { resource: 'film', operation: 'get', taskId } });
	expect(error).toBeUndefined();
	expect(faultsOf(items[0].json, schemaOf('Vidu', 'film/get'))).toEqual([]);
});

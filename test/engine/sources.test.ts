import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { OPERATIONS } from '../../lib/catalogue/operations';
import type { InputSlot, OperationDeclaration, SlotOf } from '../../lib/catalogue/types';
import type { Emulator } from '../emulator';
import { simplestVideo } from '../videos';
import { runNode, useEmulators, type RunResult, type SourceItem } from './harness';

/** Every way to name a clip or a sound, in every operation that takes one up, through n8n's engine. */

const open = useEmulators();

type Declared = (typeof OPERATIONS)[number];

const slotsOf = <Kind extends InputSlot['kind']>(kind: Kind): Array<[Declared['name'], SlotOf<Kind>]> =>
	(OPERATIONS as readonly OperationDeclaration[]).flatMap(({ name, inputs }) =>
		inputs.flatMap((slot) => (slot.kind === kind ? [[name as Declared['name'], slot as SlotOf<Kind>] as const] : [])),
	) as never;

const VIDEO_TAKERS = slotsOf('video');
const SOUND_TAKERS = [
	...slotsOf('sound').map(([name, { name: parameter, wire }]) => [name, parameter, wire, {}] as const),
	...slotsOf('voice').map(
		([name, { audioFile, voiceFrom, wire }]) =>
			[name, audioFile.name, wire.audio, { [voiceFrom.name]: 'audio' }] as const,
	),
];

const at = (mode: string, value: string): INodeParameters => ({ __rl: true, mode, value });
const QUICK: INodeParameters = {
	downloadVideo: false,
	limits: { pollIntervalSeconds: 0.1 },
	files: { allowPrivateUrls: true },
};
const ordersOf = ({ journal }: Emulator): IDataObject[] =>
	journal.requests.filter(({ kind }) => kind === 'submit').map(({ body }) => body as IDataObject);

async function run(
	emulator: Emulator,
	operation: Declared['name'],
	more: INodeParameters,
	item: SourceItem = {},
): Promise<RunResult & { order: IDataObject | undefined }> {
	const before = ordersOf(emulator).length;
	const parameters = { ...simplestVideo(operation, emulator.urls.images), ...QUICK, ...more };
	const result = await runNode(emulator, { parameters, items: [item] });
	const orders = ordersOf(emulator).slice(before);
	expect(orders.length).toBeLessThanOrEqual(1);
	return { ...result, order: orders[0] };
}

/** What an earlier node put out. */
async function made(
	emulator: Emulator,
	operation: Declared['name'],
	more: INodeParameters = {},
): Promise<Record<'taskId' | 'creationId', string> & IDataObject> {
	const { items, error } = await run(emulator, operation, more);
	expect(error).toBeUndefined();
	return items[0].json as Record<'taskId' | 'creationId', string>;
}

const binary: SourceItem = { files: { data: { bytes: Buffer.from('a clip'), mimeType: 'video/mp4' } } };
const SIGNED = expect.stringMatching(/^http.*\/binary-data\/signed\?token=/) as unknown;

describe.each(VIDEO_TAKERS)('the clip of %s', (operation, { name, wire }) => {
	const delivers = async (emulator: Emulator, value: INodeParameters, item: SourceItem = {}): Promise<IDataObject> => {
		const { items, order, error } = await run(emulator, operation, { [name]: value }, item);
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation, videoUrl: expect.any(String) });
		// never both, for then a service has to choose
		expect(wire.url in order! && (wire.creationId ?? '') in order!).toBe(false);
		return order!;
	};

	test('at an address', async () => {
		const clip = 'https://shop.example/clip.mp4';
		expect(await delivers(await open(), at('url', clip))).toMatchObject({ [wire.url]: clip });
	});

	test('in a binary field, at a signed address of this n8n', async () => {
		expect(await delivers(await open(), at('binary', 'data'), binary)).toMatchObject({ [wire.url]: SIGNED });
	});

	test.each(['creationId', 'taskId'] as const)('made by an earlier node, by its %s in an expression', async (mode) => {
		const emulator = await open();
		const json = await made(emulator, 'textToVideo');
		const order = await delivers(emulator, at(mode, `={{ $json.${mode} }}`), { json });
		if (wire.creationId === undefined)
			expect(order[wire.url]).toEqual(expect.stringContaining(`/${json.taskId}/video.mp4?`));
		else expect(order[wire.creationId]).toBe(json.creationId);
	});

	test('the second of two that a task made, by its creation ID', async () => {
		const emulator = await open();
		emulator.control.fault({ do: 'severalCreations', count: 2, times: 1 });
		const { taskId, creations } = await made(emulator, 'textToVideo');
		const [first, second] = (creations as IDataObject[]).map(({ creationId }) => String(creationId));
		expect(second).not.toBe(first);
		const order = await delivers(emulator, at('creationId', second));
		if (wire.creationId === undefined)
			expect(order[wire.url]).toEqual(expect.stringContaining(`/${taskId}/video.mp4?`));
		else expect(order[wire.creationId]).toBe(second);
	});

	test('a film without a creation ID, by its task ID: with its link', async () => {
		const emulator = await open();
		const film = await made(emulator, 'music');
		expect(film).not.toHaveProperty('creationId');
		const order = await delivers(emulator, at('taskId', film.taskId));
		expect(order[wire.url]).toEqual(expect.stringContaining(`/${film.taskId}/video.mp4?`));
	});

	test.each([
		['generate', 'an image'],
		['soundEffects', 'a sound'],
	] as const)('is not what task of %s made: %s', async (other, what) => {
		const emulator = await open();
		const { taskId } = await made(emulator, other);
		const { error, order } = await run(emulator, operation, { [name]: at('taskId', taskId) });
		expect(error?.message).toBe(`Video: task ${taskId} made ${what}, not a video [item 0]`);
		expect(order).toBeUndefined();
	});
});

describe.each(SOUND_TAKERS)('the sound of %s', (operation, name, wire, beside) => {
	const delivers = async (emulator: Emulator, value: INodeParameters, item: SourceItem = {}): Promise<IDataObject> => {
		const { items, order, error } = await run(emulator, operation, { ...beside, [name]: value }, item);
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ status: 'succeeded', operation });
		expect(order).not.toHaveProperty('text', 'The shoe speaks');
		return order!;
	};

	test('at an address', async () => {
		const sound = 'https://shop.example/voice.mp3';
		expect(await delivers(await open(), at('url', sound))).toMatchObject({ [wire]: sound });
	});

	test('in a binary field, at a signed address of this n8n', async () => {
		const item = { files: { data: { bytes: Buffer.from('a voice'), mimeType: 'audio/mpeg' } } };
		expect(await delivers(await open(), at('binary', 'data'), item)).toMatchObject({ [wire]: SIGNED });
	});

	test('of an earlier node, by its link in an expression', async () => {
		const emulator = await open();
		const json = await made(emulator, 'speech');
		const order = await delivers(emulator, at('url', '={{ $json.audioUrl }}'), { json });
		expect(order[wire]).toBe(json.audioUrl);
	});
});

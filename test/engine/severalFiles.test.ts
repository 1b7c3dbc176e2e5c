import type { IDataObject } from 'n8n-workflow';

import type { Emulator } from '../emulator';
import { runNode, useEmulators, type RunResult } from './harness';
import { changed, json, startProxy, viduAt, type Answer } from './proxy';
import { WebhookFixture } from './webhooks/fixture';

/** Tasks that made several files: none is lost, none gets the bytes of another, whatever the answers leave out for a moment. */

const open = useEmulators();

const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
	'base64',
);
/** A file that is told by its length. */
const fileOf = (name: string): Buffer => Buffer.concat([PNG, Buffer.alloc(name.charCodeAt(0))]);
const sizeOf = (name: string): number => fileOf(name).length;

/** Answers about the task as told, one after another, the last for ever; `/file/A` gives A, `/gone/A` says 410. */
async function runWith(
	emulator: Emulator,
	answers: Array<(url: string) => IDataObject[]>,
	parameters: Record<string, never> | IDataObject = {},
	more: object = {},
): Promise<RunResult> {
	let asked = 0;
	const proxy = await startProxy(emulator.urls.vidu, async ({ path }, forward): Promise<Answer> => {
		const file = /^\/file\/(\w)/.exec(path)?.[1];
		if (file !== undefined) return { status: 200, body: fileOf(file), type: 'image/png' };
		if (path.startsWith('/gone/')) return { status: 410, body: 'gone', type: 'text/plain' };
		if (!path.endsWith('/creations')) return await forward();
		const creations = answers[Math.min(asked, answers.length - 1)](proxy.url);
		asked += 1;
		return json({ state: 'success', credits: 12, creations });
	});
	try {
		return await runNode(emulator, {
			credentials: viduAt(proxy.url, emulator.keys.vidu),
			parameters: {
				...{ resource: 'image', operation: 'generate', prompt: 'A shoe', resolution: '2K' },
				limits: { pollIntervalSeconds: 0.1 },
				...(parameters as object),
			},
			...more,
		});
	} finally {
		await proxy.stop();
	}
}

test.each([0, 1])('creation %i whose link comes one answer later is not lost', async (late) => {
	const emulator = await open();
	emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
	let successes = 0;
	const proxy = await startProxy(emulator.urls.vidu, async ({ path }, forward) =>
		path.endsWith('/creations')
			? await changed(forward, (body) => {
					if (body.state !== 'success') return body;
					successes += 1;
					if (successes > 1) return body;
					return {
						...body,
						creations: body.creations!.map((made: IDataObject, at) => (at === late ? { ...made, url: '' } : made)),
					};
				})
			: await forward(),
	);
	try {
		const { items, error } = await runNode(emulator, {
			credentials: viduAt(proxy.url, emulator.keys.vidu),
			parameters: {
				...{ resource: 'image', operation: 'generate', prompt: 'A shoe', resolution: '2K' },
				limits: { pollIntervalSeconds: 0.1 },
			},
		});
		expect(error).toBeUndefined();
		expect(items[0].json.status).toBe('succeeded');
		expect(items[0].json.creations).toHaveLength(2);
		expect(Object.keys(items[0].binary!)).toEqual(['data', 'data2']);
	} finally {
		await proxy.stop();
	}
});

test('parked: a creation whose link comes one answer later is not lost', async () => {
	const fixture = await WebhookFixture.start({ taskSeconds: 0.5 });
	const { host, emulator } = fixture;
	emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
	emulator.control.holdTasks();
	let successes = 0;
	const proxy = await startProxy(emulator.urls.vidu, async ({ path }, forward) =>
		path.endsWith('/creations')
			? await changed(forward, (body) => {
					if (body.state !== 'success') return body;
					successes += 1;
					if (successes > 1) return body;
					return {
						...body,
						creations: body.creations!.map((made: IDataObject, at) => (at === 0 ? { ...made, url: '' } : made)),
					};
				})
			: await forward(),
	);
	try {
		const parked = await host.run(emulator, {
			items: [{}],
			credentials: viduAt(proxy.url, emulator.keys.vidu),
			parameters: {
				...{ resource: 'image', operation: 'generate', prompt: 'A shoe', resolution: '2K', waitMode: 'callback' },
				limits: { pollIntervalSeconds: 0.1 },
				files: { allowPrivateUrls: true },
			},
		});
		expect(parked.status).toBe('waiting');
		emulator.control.finishTasks();
		await fixture.until('the end', () => host.execution(parked.id).status === 'success');
		const [{ json: told, binary }] = host.execution(parked.id).items;
		expect(told.creations).toHaveLength(2);
		expect(Object.keys(binary!)).toEqual(['data', 'data2']);
	} finally {
		await proxy.stop();
		await fixture.stop();
	}
}, 60_000);

test('a second creation is not lost when the first is asked for a fresh link', async () => {
	const { items, failed, error } = await runWith(
		await open(),
		[
			(url) => [
				{ id: '800000000000000001', url: `${url}/gone/A.png` },
				{ id: '800000000000000002', url: `${url}/file/B.png` },
			],
			(url) => [
				{ id: '800000000000000001', url: `${url}/file/A.png` },
				{ id: '800000000000000002', url: '' },
			],
		],
		{},
		{ onError: 'continueErrorOutput' },
	);
	expect(error).toBeUndefined();
	// either both files, or no success: what was paid for must not vanish from an item on the success output
	const told = JSON.stringify([...items, ...failed].map(({ json }) => json));
	expect(told).toContain('800000000000000002');
	if (items.length > 0) expect(Object.keys(items[0].binary!)).toEqual(['data', 'data2']);
});

const A = (url: string, at: string): IDataObject => ({ id: '800000000000000001', url: `${url}/${at}/A.png` });
const B = (url: string, at: string): IDataObject => ({ id: '800000000000000002', url: `${url}/${at}/B.png` });
const C = (url: string, at: string): IDataObject => ({ id: '800000000000000003', url: `${url}/${at}/C.png` });

test.each([
	['in another order', (url: string) => [B(url, 'file'), A(url, 'file')]],
	['without the first for a moment', (url: string) => [B(url, 'file'), C(url, 'file')]],
])('a fresh link of the second is its own, where the answer comes %s', async (_name, fresh) => {
	const { items, error } = await runWith(await open(), [
		(url) => [A(url, 'file'), B(url, 'gone'), C(url, 'file')],
		fresh,
		fresh,
		fresh,
		fresh,
	]);
	expect(error).toBeUndefined();
	const creations = items[0].json.creations as Array<{ creationId: string; imageUrl: string; file: IDataObject }>;
	expect(creations.map(({ creationId, imageUrl, file }) => [creationId, imageUrl.slice(-5), file.sizeBytes])).toEqual([
		['800000000000000001', 'A.png', sizeOf('A')],
		['800000000000000002', 'B.png', sizeOf('B')],
		['800000000000000003', 'C.png', sizeOf('C')],
	]);
});

test('the trigger delivers the first file where the second does not arrive', async () => {
	const fixture = await WebhookFixture.start({ taskSeconds: 0.3 });
	const { host, emulator } = fixture;
	try {
		emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
		emulator.control.fault({ do: 'replaceBody', nth: 2, times: 'always' });
		const { production } = host.listen(emulator, { downloadVideo: true });
		await runNode(emulator, {
			parameters: {
				...{ resource: 'image', operation: 'generate', prompt: 'A shoe', resolution: '2K', waitForCompletion: false },
				files: { callbackUrl: production },
			},
		});
		await fixture.until('an execution', () => host.executions.some(({ status }) => status === 'success'));
		await host.idle();
		const [{ items }] = host.executions;
		expect(items[0].json).toMatchObject({ status: 'succeeded', creations: [expect.anything(), expect.anything()] });
		expect(Object.keys(items[0].binary ?? {})).toEqual(['data']);
	} finally {
		await fixture.stop();
	}
}, 60_000);

test('the trigger delivers both files', async () => {
	const fixture = await WebhookFixture.start({ taskSeconds: 0.3 });
	const { host, emulator } = fixture;
	try {
		emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
		const { production } = host.listen(emulator, { downloadVideo: true });
		await runNode(emulator, {
			parameters: {
				...{ resource: 'image', operation: 'generate', prompt: 'A shoe', resolution: '2K', waitForCompletion: false },
				files: { callbackUrl: production },
			},
		});
		await fixture.until('an execution', () => host.executions.some(({ status }) => status === 'success'));
		await host.idle();
		const [{ items }] = host.executions;
		expect(items[0].json.creations).toHaveLength(2);
		expect(Object.keys(items[0].binary ?? {})).toEqual(['data', 'data2']);
	} finally {
		await fixture.stop();
	}
}, 60_000);

test('a cover in data2 is not overwritten without a word by the second file', async () => {
	const emulator = await open();
	emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
	const { items, error } = await runNode(emulator, {
		parameters: {
			...{ resource: 'image', operation: 'generate', prompt: 'A shoe', resolution: '2K' },
			limits: { pollIntervalSeconds: 0.1 },
			files: { coverField: 'data2' },
		},
	});
	expect(error).toBeUndefined();
	expect(items[0].json.creations).toHaveLength(2);
	// data, its cover, and the second file
	expect(Object.values(items[0].binary!)).toHaveLength(3);
});

test.each(['Shoe v1.5', 'shop.de', 'shoe.png'])('names %s', async (fileName) => {
	const emulator = await open();
	emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
	const { items, error } = await runNode(emulator, {
		parameters: {
			...{ resource: 'image', operation: 'generate', prompt: 'A shoe', resolution: '2K' },
			limits: { pollIntervalSeconds: 0.1 },
			files: { fileName },
		},
	});
	expect(error).toBeUndefined();
	const stem = fileName.replace(/\.png$/, '');
	expect(Object.values(items[0].binary!).map((one) => one.fileName)).toEqual([`${stem}.png`, `${stem}-2.png`]);
});

test.each<[string, (made: IDataObject) => IDataObject[]]>([
	['has no link', (made) => [{ ...made, url: '' }]],
	['is not in the answer', () => []],
])('a film like the second creation, which %s, is not ordered of the first', async (_what, shown) => {
	const emulator = await open();
	emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
	const made = await runNode(emulator, {
		parameters: {
			operation: 'textToVideo',
			prompt: 'A shoe',
			downloadVideo: false,
			limits: { pollIntervalSeconds: 0.1 },
		},
	});
	const [, second] = made.items[0].json.creations as IDataObject[];
	const proxy = await startProxy(emulator.urls.vidu, async ({ path }, forward) =>
		path.endsWith('/creations')
			? await changed(forward, (body) => ({
					...body,
					creations: body.creations?.flatMap((one: IDataObject) => (one.id === second.creationId ? shown(one) : [one])),
				}))
			: await forward(),
	);
	try {
		await runNode(emulator, {
			credentials: viduAt(proxy.url, emulator.keys.vidu),
			parameters: {
				...{ resource: 'film', operation: 'replicate', waitForCompletion: false },
				video: { __rl: true, mode: 'creationId', value: String(second.creationId) },
				images: { image: [{ image: { __rl: true, mode: 'url', value: 'https://files.example/1.png' } }] },
			},
		});
		const film = emulator.journal.requests.filter(({ kind, path }) => kind === 'submit' && path.includes('replicate'));
		expect(film).toEqual([]);
	} finally {
		await proxy.stop();
	}
});

test('a replica of the second creation costs by its own length', async () => {
	const emulator = await open();
	emulator.control.fault({ do: 'severalCreations', count: 2, times: 'always' });
	const made = await runNode(emulator, {
		parameters: {
			operation: 'textToVideo',
			prompt: 'A shoe',
			downloadVideo: false,
			limits: { pollIntervalSeconds: 0.1 },
		},
	});
	const [, second] = made.items[0].json.creations as IDataObject[];
	const proxy = await startProxy(emulator.urls.vidu, async ({ path }, forward) =>
		path.endsWith('/creations')
			? await changed(forward, (body) => ({
					...body,
					creations: body.creations?.map((one: IDataObject, at) => ({
						...one,
						video: { duration: at === 0 ? 4 : 8, fps: 24, resolution: { width: 1, height: 1 } },
					})),
				}))
			: await forward(),
	);
	try {
		const { items, error } = await runNode(emulator, {
			credentials: viduAt(proxy.url, emulator.keys.vidu),
			parameters: {
				...{ resource: 'film', operation: 'replicate', dryRun: true },
				video: { __rl: true, mode: 'creationId', value: String(second.creationId) },
				images: { image: [{ image: { __rl: true, mode: 'url', value: 'https://files.example/1.png' } }] },
			},
		});
		expect(error).toBeUndefined();
		expect(items[0].json.credits).toBe(160);
	} finally {
		await proxy.stop();
	}
});

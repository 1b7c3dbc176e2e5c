import { randomFillSync } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { loadVidu } from '../build';
import { initBinaryData, runInEngine, type Subject } from '../engine';
import type { MemoryJob } from './measure';
import { Watch } from './watch';

/** The node in a process of its own; says what the process held and grew by while execute() ran, of all executions. */

async function main(): Promise<void> {
	const job = JSON.parse(process.argv[2]) as MemoryJob;
	await initBinaryData(job.folder);
	const { node, credential } = loadVidu(job.packageFolder);
	const subject: Subject = {
		node,
		typeVersion: 1,
		parameters: {
			...(job.kind === 'videos'
				? { operation: 'textToVideo', prompt: 'A sneaker' }
				: { operation: 'imageToVideo', image: { __rl: true, mode: 'binary', value: 'data' } }),
			model: 'viduq3-turbo',
			downloadVideo: job.kind === 'videos',
			limits: { pollIntervalSeconds: 1 },
		},
		credential: {
			type: credential,
			data: { region: 'custom', baseUrl: job.urls.vidu, apiKey: job.keys.vidu },
		},
	};
	// loads and warms everything but the thing measured
	const warmUp = {
		...subject,
		parameters: { ...subject.parameters, operation: 'textToVideo', prompt: 'x', downloadVideo: false },
	};
	await runInEngine(warmUp, { items: [{ json: {} }] });

	const watch = new Watch(job.collects);
	const gate = new Gate(job.executions, () => watch.begin());
	const execute = async (execution: number): Promise<void> => {
		const { items, error } = await runInEngine(subject, {
			executionId: String(2 + execution),
			items: async (context) => await gate.pass(async () => await itemsFor(context, job)),
		});
		const storedBytes = items.map(({ binary }) => binary?.data?.bytes ?? 0);
		const isWhole =
			items.length === job.count && (job.kind === 'images' || storedBytes.every((bytes) => bytes === job.bytes));
		if (error || !isWhole)
			throw new Error(error?.message ?? `${items.length} of ${job.count} items, ${storedBytes.join(', ')} bytes`);
	};
	await Promise.all(Array.from({ length: job.executions }, async (_, execution) => await execute(execution)));
	watch.end();
	process.send!(watch.report());
}

/** Makes the items of one execution after those of another, and lets none begin before all have theirs. */
class Gate {
	private readonly opened: Promise<void>;
	private open: () => void = () => {};
	private last: Promise<unknown> = Promise.resolve();

	constructor(
		private missing: number,
		private readonly onOpen: () => void,
	) {
		this.opened = new Promise((resolve) => (this.open = resolve));
	}

	async pass<T>(make: () => Promise<T>): Promise<T> {
		const making = this.last.then(make);
		this.last = making;
		const made = await making;
		this.missing -= 1;
		if (this.missing === 0) {
			this.onOpen();
			this.open();
		}
		await this.opened;
		return made;
	}
}

const itemsFor = async (context: IExecuteFunctions, job: MemoryJob): Promise<INodeExecutionData[]> =>
	job.kind === 'images'
		? await images(context, job)
		: Array.from({ length: job.count }, (): INodeExecutionData => ({ json: {} }));

/** Images made and stored one by one, so that none is left in memory. */
async function images({ helpers }: IExecuteFunctions, { count, bytes }: MemoryJob): Promise<INodeExecutionData[]> {
	const items: INodeExecutionData[] = [];
	for (let index = 0; index < count; index += 1)
		items.push({
			json: {},
			binary: { data: await helpers.prepareBinaryData(noisePng(bytes), `${index}.png`, 'image/png') },
		});
	return items;
}

/** An image of noise: nothing can make it smaller. */
function noisePng(bytes: number): Buffer {
	const side = Math.floor(Math.sqrt(bytes / 3));
	const rows = randomFillSync(Buffer.alloc(side * (1 + side * 3)));
	for (let y = 0; y < side; y += 1) rows[y * (1 + side * 3)] = 0;
	const chunk = (type: string, body: Buffer): Buffer => {
		const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
		const edges = Buffer.alloc(8);
		edges.writeUInt32BE(body.length, 0);
		edges.writeUInt32BE(crc32(named), 4);
		return Buffer.concat([edges.subarray(0, 4), named, edges.subarray(4)]);
	};
	const head = Buffer.alloc(13);
	head.writeUInt32BE(side, 0);
	head.writeUInt32BE(side, 4);
	head.set([8, 2], 8); // 8 bits a channel, RGB
	return Buffer.concat([
		Buffer.from('89504e470d0a1a0a', 'hex'),
		chunk('IHDR', head),
		chunk('IDAT', deflateSync(rows, { level: 0 })),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

main().then(
	() => process.disconnect(),
	(cause: unknown) => {
		console.error(cause);
		process.exit(1);
	},
);

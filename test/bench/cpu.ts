import { sleep, type IExecuteFunctions, type INodeType } from 'n8n-workflow';

import { VirtualClock, type EmulatorRequest, type Reply } from '../emulator';
import { loadVidu } from './build';
import { initBinaryData, runInEngine, type Subject } from './engine';
import { median, targetTable, trim, type Table } from './report';
import { inVirtualTime } from './virtualTime';

/**
 * What the node itself costs. The run's CPU time, minus that of a bare node which reads the same two expressions of each
 * item and makes the very same requests at the same moments through the same helpers: what is left is neither n8n's HTTP
 * client nor its expressions nor the service. The service is a stub that answers in a few microseconds, and the clock is
 * virtual, so waiting costs nothing.
 */

const ITEMS = 500;
const RUNS = 7;
const MAX_MS_PER_ITEM = 2;
const MAX_DRY_MS_PER_ITEM = 1;
const ROOT = 'http://vidu.bench';

interface Asked {
	atMs: number;
	method: 'GET' | 'POST';
	path: string;
	body?: string;
}

/** Vidu as far as this run needs it: every task takes a minute. */
class Stub {
	readonly asked: Asked[] = [];
	private readonly createdAtMs: number[] = [];

	constructor(private readonly clock: VirtualClock) {}

	async answer({ method, target, body }: EmulatorRequest): Promise<Reply> {
		const path = target.slice(ROOT.length);
		const nowMs = this.clock.nowMs();
		this.asked.push({
			atMs: nowMs,
			method: method as Asked['method'],
			path,
			...(body === undefined ? {} : { body: String(body) }),
		});
		if (method === 'POST') {
			this.createdAtMs.push(nowMs);
			const id = String(900_000_000_000_000_000n + BigInt(this.createdAtMs.length - 1));
			return reply(`{"task_id":"${id}","state":"created","model":"viduq3-turbo","credits":55}`);
		}
		if (path.startsWith('/ent/v2/credits')) return reply('{"remains":[{"credit_remain":1000000}],"packages":[]}');
		const id = /tasks\/(\d+)\//.exec(path)![1];
		const isDone = nowMs - this.createdAtMs[Number(BigInt(id) - 900_000_000_000_000_000n)] >= 60_000;
		return reply(
			isDone
				? `{"id":"${id}","state":"success","err_code":"","credits":55,"payload":"","creations":[{"id":"1","url":"https://cdn.bench/${id}.mp4","cover_url":"https://cdn.bench/${id}.jpg"}]}`
				: `{"id":"${id}","state":"processing","err_code":"","credits":55,"payload":"","creations":[]}`,
		);
	}
}

const reply = (body: string): Reply => ({ status: 200, headers: { 'content-type': 'application/json' }, body });

export async function measureCpu(folder: string, say: (line: string) => void): Promise<Table> {
	await initBinaryData();
	const { node, credential } = loadVidu(folder);
	const subject: Subject = {
		node,
		typeVersion: 1,
		parameters: {
			...{ operation: 'imageToVideo', model: 'viduq3-turbo', downloadVideo: false },
			image: { __rl: true, mode: 'url', value: '={{ $json.image }}' },
			prompt: '={{ $json.prompt }}',
			options: { movementAmplitude: 'auto' },
		},
		credential: { type: credential, data: { region: 'custom', baseUrl: ROOT, apiKey: 'bench' } },
	};
	const real = await compare(subject, node, say);
	const { requests } = real;
	const dry = await compare({ ...subject, parameters: { ...subject.parameters, dryRun: true } }, node, say);
	return targetTable(
		'CPU',
		[
			`${ITEMS} items through the Vidu node in n8n-core's engine, image and prompt by expressions, ${requests} requests, no download. The figure is process.cpuUsage around the run, minus the same for a bare node that reads the same two expressions of each item and makes the same requests at the same moments through the same n8n helper against the same stub: n8n's expressions, its HTTP client and the service are not in it. Other work on the machine only ever adds CPU time, so the least of ${RUNS} runs counts; their median is given too.`,
		],
		[
			{
				what: `Node's own CPU, ${ITEMS} items`,
				target: `< ${MAX_MS_PER_ITEM} ms an item`,
				measured: tellCost(real),
				ok: real.ownMs < MAX_MS_PER_ITEM,
			},
			{
				what: `The same as a dry run of ${ITEMS} items`,
				target: `0 orders, < ${MAX_DRY_MS_PER_ITEM} ms an item`,
				measured: `${dry.orders} orders, ${tellCost(dry)}`,
				ok: dry.orders === 0 && dry.ownMs < MAX_DRY_MS_PER_ITEM,
			},
		],
	);
}

interface Compared {
	/** Of an item, in milliseconds. */
	ownMs: number;
	usualMs: number;
	wholeMs: number;
	requests: number;
	orders: number;
}

const tellCost = ({ ownMs, usualMs, wholeMs }: Compared): string =>
	`${trim(ownMs)} ms an item (median ${trim(usualMs)}; ${trim(wholeMs)} with all that n8n does)`;

/** The node against a bare one that makes the same requests. */
async function compare(subject: Subject, node: INodeType, say: (line: string) => void): Promise<Compared> {
	const whole: number[] = [];
	const others: number[] = [];
	let asked: readonly Asked[] = [];
	for (let run = 0; run <= RUNS; run += 1) {
		const real = await costOf(subject);
		asked = real.asked;
		const bare = await costOf({ ...subject, node: replaying(asked, subject.credential.type.name, node) });
		if (run === 0) continue; // warms the compiler
		whole.push(real.cpuMs / ITEMS);
		others.push(bare.cpuMs / ITEMS);
		say(`  run ${run}: ${trim(real.cpuMs)} ms with the node, ${trim(bare.cpuMs)} ms with a bare one`);
	}
	return {
		ownMs: Math.min(...whole) - Math.min(...others),
		usualMs: median(whole) - median(others),
		wholeMs: Math.min(...whole),
		requests: asked.length,
		orders: asked.filter(({ method }) => method === 'POST').length,
	};
}

async function costOf(subject: Subject): Promise<{ cpuMs: number; asked: Asked[] }> {
	const clock = new VirtualClock();
	const stub = new Stub(clock);
	const items = Array.from({ length: ITEMS }, (_, index) => ({
		json: { prompt: `A sneaker on a table, view ${index}`, image: `https://shop.example/sneaker-${index}.png` },
	}));
	globalThis.gc?.();
	const before = process.cpuUsage();
	const run = await inVirtualTime(
		clock,
		async (request) => await stub.answer(request),
		async () => await runInEngine(subject, { items }),
	);
	const { user, system } = process.cpuUsage(before);
	if (run.error || run.items.length !== ITEMS) throw new Error(`The measured run failed: ${run.error?.message}`);
	return { cpuMs: (user + system) / 1000, asked: stub.asked };
}

/** A node that reads two parameters, repeats requests at their moments, and hands its items on. */
function replaying(asked: readonly Asked[], credentialType: string, { description }: INodeType): INodeType {
	return {
		description: { ...description, name: 'bare', displayName: 'Bare' },
		async execute(this: IExecuteFunctions) {
			const items = this.getInputData();
			for (let index = 0; index < items.length; index += 1)
				for (const name of ['prompt', 'image']) this.getNodeParameter(name, index, '', { extractValue: true });
			const startMs = Date.now();
			const firstMs = asked[0].atMs;
			for (const { atMs, method, path, body } of asked) {
				const pauseMs = atMs - firstMs - (Date.now() - startMs);
				if (pauseMs > 0) await sleep(pauseMs);
				await this.helpers.httpRequestWithAuthentication.call(this, credentialType, {
					method,
					url: ROOT + path,
					headers: { Accept: 'application/json' },
					...(body === undefined ? {} : { body: JSON.parse(body) as never }),
					timeout: 30_000,
					encoding: 'text',
					returnFullResponse: true,
					ignoreHttpStatusErrors: true,
					disableFollowRedirect: true,
				});
			}
			return [items.map((item, index) => ({ ...item, pairedItem: { item: index } }))];
		},
	};
}

import { request } from 'undici';

import { Cdn } from './cdn';
import { clipFor } from './clips';
import { Control, createControlService } from './control';
import type { Journal } from './core/journal';
import type { Clock } from './core/clock';
import type { EmulatorRequest, ProviderName, Reply, Service } from './core/messages';
import type { EmulatorOptions, OutageTarget } from './core/world';
import { World } from './core/world';
import { createImages } from './images';
import type { ListeningService } from './server';
import { listen } from './server';
import { Callbacks } from './vidu/callbacks';
import { createVidu } from './vidu/routes';
import { createVtrix } from './vtrix/routes';
import { createZhipu } from './zhipu/routes';

export type { AccountSettings, WhenFull } from './core/account';
export type { CallbackRecord, Counts, KeyLeak, RequestRecord, TaskRecord } from './core/journal';
export { Journal } from './core/journal';
export type { Clock } from './core/clock';
export { VirtualClock, wallClock } from './core/clock';
export type { Fault } from './core/faults';
export type { EmulatorRequest, ProviderName, Reply, RequestKind, Service } from './core/messages';
export { ConnectionLost, readReply } from './core/messages';
export { seedRandom, type Random } from './core/random';
export type { EmulatorOptions, OutageTarget, PerProvider } from './core/world';
export { Control } from './control';
export { PRODUCTS } from './images';
export { callbackHeaders, signCallback } from './vidu/callbacks';

export type ServiceName = ProviderName | 'cdn' | 'images' | 'control';
export const SERVICES: readonly ServiceName[] = ['vidu', 'zhipu', 'vtrix', 'cdn', 'images', 'control'];

export interface Emulator {
	/** API roots as a credential's base URL wants them: Zhipu's includes /api/paas/v4. */
	readonly urls: Readonly<Record<ServiceName, string>>;
	readonly keys: Readonly<Record<ProviderName, string>>;
	readonly control: Control;
	readonly journal: Journal;
	/** The providers, hosts and control endpoint without a network: call `handle` directly. */
	readonly services: Readonly<Record<ServiceName, Service>>;
	readonly clock: Clock;
	/** `services` by full URL: `target` is a URL under one of `urls`. Throws ConnectionLost where a socket would break. */
	send(request: EmulatorRequest): Promise<Reply>;
	/** Ends timers and servers. */
	stop(): Promise<void>;
}

export interface ServerOptions extends EmulatorOptions {
	/** First of six ports in a row: vidu, zhipu, vtrix, cdn, images, control. Default: six free ones. */
	portBase?: number;
}

/** The emulator in process, without ports; its URLs name made-up hosts that `send` knows. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
	return build(options).emulator;
}

/** The emulator on ports of 127.0.0.1. */
export async function startEmulator(options: ServerOptions = {}): Promise<Emulator> {
	const { world, emulator } = build(options);
	const listening = new Map<ServiceName, ListeningService>();
	for (const [at, name] of SERVICES.entries()) {
		const service = await listen(
			emulator.services[name],
			options.portBase === undefined ? 0 : options.portBase + at,
			world.log,
		);
		listening.set(name, service);
		world.urls[name] = service.url + (name === 'zhipu' ? '/api/paas/v4' : '');
	}
	world.outageListeners.push((target: OutageTarget) => {
		const service = listening.get(target)!;
		void (world.outageOf(target)?.how === 'refuse' ? service.suspend() : service.resume());
	});
	return {
		...emulator,
		async stop() {
			await emulator.stop();
			await Promise.all([...listening.values()].map((service) => service.stop()));
		},
	};
}

function build(options: EmulatorOptions): { world: World; emulator: Emulator } {
	const world = new World(options);
	world.fetchImage = fetchImage;
	world.clipFor = clipFor;
	const cdn = new Cdn(world);
	const callbacks = new Callbacks(world, cdn, options.sendCallback ?? postCallback);
	const control = new Control(world, callbacks);
	const services: Record<ServiceName, Service> = {
		vidu: createVidu(world, cdn),
		zhipu: createZhipu(world, cdn),
		vtrix: createVtrix(world, cdn),
		cdn,
		images: createImages(world),
		control: createControlService(world, control),
	};
	const emulator: Emulator = {
		urls: world.urls,
		keys: world.keys,
		control,
		journal: world.journal,
		services,
		clock: world.clock,
		async send(message) {
			const [, origin, target] = /^(https?:\/\/[^/?#]+)([^#]*)/.exec(message.target) ?? [];
			const name = SERVICES.find(
				(service) => origin !== undefined && world.urls[service].replace('/api/paas/v4', '') === origin,
			);
			if (name === undefined) throw new Error(`The emulator has no host for ${message.target}`);
			return await services[name].handle({ ...message, target: target.startsWith('/') ? target : `/${target}` });
		},
		stop() {
			world.clock.cancelAll();
			return Promise.resolve();
		},
	};
	return { world, emulator };
}

/** Vidu's call, over the network. @returns the receiver's status */
export async function postCallback(url: string, headers: Record<string, string>, body: string): Promise<number> {
	const reply = await request(url, { method: 'POST', headers, body, headersTimeout: 10_000, bodyTimeout: 10_000 });
	await reply.body.dump();
	return reply.statusCode;
}

async function fetchImage(url: URL): Promise<Buffer> {
	const reply = await request(url, { headersTimeout: 10_000, bodyTimeout: 10_000 });
	const bytes = Buffer.from(await reply.body.arrayBuffer());
	if (reply.statusCode !== 200) throw new Error(`HTTP ${reply.statusCode}`);
	return bytes;
}

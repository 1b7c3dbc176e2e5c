/** `npm run emulator`: the emulator by hand. Ends on Ctrl-C. */
import { parseArgs } from 'node:util';

import { startEmulator } from './index';

const USAGE = `Options
  --task-seconds N   how long a video takes, default 20
  --concurrency N    videos at once per key, default 5
  --port-base N      first of six ports in a row, default 4100; 0 for free ones
  --refuse-when-full answer 429 instead of queueing
  --zai              Zhipu speaks as Z.AI
  --fetch-images     fetch and check images given as loopback URLs`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			'task-seconds': { type: 'string', default: '20' },
			concurrency: { type: 'string', default: '5' },
			'port-base': { type: 'string', default: '4100' },
			'refuse-when-full': { type: 'boolean', default: false },
			zai: { type: 'boolean', default: false },
			'fetch-images': { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	const portBase = readNumber('port-base', values['port-base']);
	const emulator = await startEmulator({
		taskSeconds: readNumber('task-seconds', values['task-seconds']),
		concurrency: readNumber('concurrency', values.concurrency),
		whenFull: values['refuse-when-full'] ? 'refuse' : 'queue',
		portBase: portBase === 0 ? undefined : portBase,
		zai: values.zai,
		fetchImages: values['fetch-images'],
		clips: 'byProduct',
	});
	const { urls, keys } = emulator;
	console.log(`Vidu    ${urls.vidu}\n        key ${keys.vidu}`);
	console.log(`Zhipu   ${urls.zhipu}\n        key ${keys.zhipu}`);
	console.log(`Vtrix   ${urls.vtrix}\n        key ${keys.vtrix}`);
	console.log(
		`Images ${urls.images}/products.json\nVideos   ${urls.cdn}\nControl  ${urls.control}/journal\n\nCtrl-C ends it.`,
	);
	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.once(signal, () => {
			void emulator.stop().then(() => process.exit(0));
		});
}

function readNumber(name: string, text: string): number {
	const value = Number(text);
	if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} takes a number, not ${text}`);
	return value;
}

main().catch((error: Error) => {
	console.error(`${error.message}\n\n${USAGE}`);
	process.exitCode = 1;
});

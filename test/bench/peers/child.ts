import { initBinaryData, runInEngine } from '../engine';
import { Watch } from '../memory/watch';
import { findPeer, loadPeer } from './contestants';
import type { DownloadJob } from './download';

/** One of n8n's own nodes in n8n's engine, downloading one video; says what the process grew by. */
async function main(): Promise<void> {
	const { peer: name, root, folder, bytes } = JSON.parse(process.argv[2]) as DownloadJob;
	await initBinaryData(folder);
	const peer = findPeer(name);
	const watch = new Watch(false);
	const { items, error } = await runInEngine(loadPeer(peer, root), {
		items: [{ json: { prompt: 'A sneaker' } }],
		parameters: peer.downloads,
		onExecute: (moment) => (moment === 'begin' ? watch.begin() : watch.end()),
	});
	if (items[0]?.binary?.data?.bytes !== bytes) throw new Error(error?.message ?? 'The video is not there');
	process.send!(watch.report());
}

main().then(
	() => process.disconnect(),
	(cause: unknown) => {
		console.error(cause);
		process.exit(1);
	},
);

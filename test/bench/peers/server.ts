import { listen } from '../../emulator/server';
import { findPeer } from './contestants';
import { PeerDouble } from './double';
import type { DownloadJob } from './download';

/** A service's double on a port, whose tasks end at once; ends with its parent. */
async function main(): Promise<void> {
	const { peer, bytes } = JSON.parse(process.argv[2]) as DownloadJob;
	let root = '';
	// the clock stands still: a task of no time has ended when it is made
	const double = new PeerDouble(findPeer(peer).protocol, undefined, {
		...{ taskSeconds: () => 0, latencyMs: 0 },
		fileRoot: () => root,
		video: () => ({ headers: { 'content-length': String(bytes) }, body: zeros(bytes) }),
	});
	const service = await listen({ handle: async (request) => await double.network(request) }, 0, console.error);
	root = service.url;
	process.on('disconnect', () => process.exit(0));
	process.send!(root);
}

async function* zeros(bytes: number): AsyncGenerator<Buffer> {
	const chunk = Buffer.alloc(65_536);
	for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(chunk.length, left));
}

void main();

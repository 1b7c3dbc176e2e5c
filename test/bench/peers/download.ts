import { rmSync } from 'node:fs';

import { firstMessage, start, temporaryFolder, type MemoryReport } from '../memory/measure';

/** What a download costs one of n8n's own nodes: the node in one process, its service's double in another. */

export interface DownloadJob {
	peer: string;
	bytes: number;
	root: string;
	folder: string;
}

/** @returns what the node's process grew by */
export async function measureDownload(peer: string, bytes: number): Promise<number> {
	const folder = temporaryFolder();
	const server = start('../peers/server.ts', { peer, bytes });
	try {
		const root = await firstMessage<string>(server);
		const job: DownloadJob = { peer, bytes, root, folder };
		return (await firstMessage<MemoryReport>(start('../peers/child.ts', job))).grownBytes;
	} finally {
		server.disconnect();
		rmSync(folder, { recursive: true, force: true });
	}
}

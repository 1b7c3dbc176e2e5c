import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { onEnd, type Say } from '../test/e2e/harness';

/** What the demo remembers from one start to the next. */
export interface Memory {
	workflowId?: string;
	/** of the example file it was imported from */
	exampleHash?: string;
	/** where the product images were served */
	images?: string;
	/** the recipe that the shop works with */
	shopWorkflowId?: string;
}

/** n8n's data, kept between starts, so that changes made in the editor are there again the next day. */
export interface DataFolder {
	folder: string;
	memory: Memory;
	remember(memory: Memory): void;
}

/** @returns nothing when another demo works in the folder; this one then runs on temporary data */
export function claimDataFolder(folder: string, { fresh, say }: { fresh: boolean; say: Say }): DataFolder | undefined {
	const claim = join(folder, 'demo.pid');
	if (existsSync(claim) && isAlive(Number(readFileSync(claim, 'utf8')))) {
		say('Another demo is running: this one starts from nothing and keeps nothing.');
		return undefined;
	}
	if (fresh) rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	writeFileSync(claim, String(process.pid));
	onEnd(async () => rmSync(claim, { force: true }));

	const file = join(folder, 'demo.json');
	const data: DataFolder = {
		folder,
		memory: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Memory) : {},
		remember(memory) {
			data.memory = memory;
			writeFileSync(file, `${JSON.stringify(memory, null, '\t')}\n`);
		},
	};
	return data;
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

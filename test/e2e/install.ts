/** Installs both n8ns that the tests run, side by side: the demo's and the oldest one supported. */
import { ensureInstalled, LEGACY_FOLDER, N8N_FOLDER, runMain } from './harness';

const say = (line: string) => process.stdout.write(`${line}\n`);

runMain(async () => {
	await Promise.all([N8N_FOLDER, LEGACY_FOLDER].map(async (folder) => await ensureInstalled({ folder, say })));
	return 0;
});

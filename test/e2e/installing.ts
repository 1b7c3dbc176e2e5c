/**
 * The packed tarball in the place where n8n installs community packages, in both n8ns: loaded, updated while an execution
 * is parked, removed. What differs from an install through the editor stands in harness/tarball.ts.
 *
 *   tsx test/e2e/installing.ts [--only TEXT] [--report FILE] [--log FILE] [--skip-legacy]
 */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmulator, type Emulator } from '../emulator';
import {
	argument,
	chain,
	Checks,
	ensureBuilt,
	ensureInstalled,
	LEGACY_FOLDER,
	N8n,
	onEnd,
	OWNER,
	runMain,
	type Installation,
} from './harness';
import { REPOSITORY } from './harness/paths';
import { installTarball, packTarball, removeInstalled } from './harness/tarball';
import {
	assertDelivered,
	called,
	executionsOf,
	parkingNode,
	prompted,
	publish,
	reached,
	reset,
	type World,
} from './parking/world';

const say = (line: string) => process.stdout.write(`${line}\n`);
const {
	name,
	version,
	n8n: entries,
} = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
	name: string;
	version: string;
	n8n: { nodes: string[] };
};
/** No version was published before the first: until then its code goes under an older number (docs/publishing.md). */
const BEFORE = '0.0.1';
const PROMPTS = ['Parked before the update', 'And another'];

async function main(): Promise<number> {
	const installations = [await ensureInstalled({ say })];
	if (!process.argv.includes('--skip-legacy'))
		installations.push(await ensureInstalled({ folder: LEGACY_FOLDER, say }));
	await ensureBuilt(say);
	const tarball = packTarball(mkdtempSync(join(tmpdir(), 'tarball-')));
	const emulator = await startEmulator({ taskSeconds: 1 });
	onEnd(async () => await emulator.stop());
	const checks = new Checks(say, argument('only'));
	for (const installation of installations) {
		await checks.check(
			`n8n ${installation.version}: loaded from the tarball, updated while an execution is parked, removed`,
			async () => await install(installation, tarball, emulator),
		);
	}
	return checks.end(argument('report'));
}

async function install(installation: Installation, tarball: string, emulator: Emulator): Promise<void> {
	const userFolder = mkdtempSync(join(tmpdir(), 'n8n-installed-'));
	installTarball(userFolder, tarball, name, BEFORE);
	const n8n = await N8n.start({ installation, userFolder, packageFolder: null, say, logFile: argument('log') });
	const { api } = n8n;
	try {
		await api.signIn(OWNER);
		assert.equal(await loaded(n8n), entries.nodes.length);

		const key = await api.createCredential('Vidu API', 'viduApi', {
			region: 'custom',
			baseUrl: emulator.urls.vidu,
			apiKey: emulator.keys.vidu,
		});
		const world: World = { api, emulator, credentials: [key] };
		reset(world, 1);
		emulator.control.holdTasks();
		const workflow = await publish(world, chain('Over an update', [...called('update'), parkingNode()]));
		await api.callWebhook('update', { body: { items: prompted(...PROMPTS) } });
		await reached(world, workflow.id, 'waiting', 1);

		await n8n.shutDown();
		installTarball(userFolder, tarball, name);
		const manifest = join(userFolder, '.n8n', 'nodes', 'node_modules', name, 'package.json');
		assert.equal((JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version, version);
		await n8n.restart();
		await api.signIn(OWNER);
		emulator.control.finishTasks();
		await reached(world, workflow.id, 'success', 1);
		const [execution] = await executionsOf(world, workflow.id);
		await assertDelivered(world, execution, PROMPTS);
		assert.equal(emulator.journal.counts('vidu').created, PROMPTS.length);

		await n8n.shutDown();
		removeInstalled(userFolder, name);
		await n8n.restart();
		await api.signIn(OWNER);
		assert.equal(await loaded(n8n), 0);
		// n8n still opens what was made with it
		assert.equal((await api.workflow(workflow.id)).id, workflow.id);
	} finally {
		await n8n.stop();
		rmSync(userFolder, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** How many node types of the package n8n knows, tools left out. */
async function loaded({ api }: N8n): Promise<number> {
	const types = await api.nodeTypes();
	const own = types.map((type) => type.name).filter((type) => type.startsWith(`${name}.`) && !type.endsWith('Tool'));
	return new Set(own).size;
}

runMain(main);

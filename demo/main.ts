/**
 * `npm run demo`: a real n8n with this package in it, on this machine.
 *
 *   npm run demo                     opens the sample workflow in the editor, and a shop beside it; Ctrl-C ends everything
 *   npm run demo -- --fresh          the same, forgetting what was changed in the editor before
 *   npm run demo -- --run            runs the sample workflow without a person, saves the videos under demo/output/
 *   VIDU_API_KEY=… npm run demo      uses the real Vidu API (which costs credits) instead of the emulator; VIDU_REGION=china for keys made there
 *   ZHIPU_API_KEY=… npm run demo     the same for the Zhipu and CogVideoX branches; ZHIPU_REGION=zai for keys made at z.ai
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { startEmulator } from '../test/emulator';
import {
	ensureBuilt,
	ensureInstalled,
	N8n,
	N8N_FOLDER,
	onEnd,
	ourNodes,
	OWNER,
	runMain,
	step,
} from '../test/e2e/harness';
import { sleep } from '../test/until';
import { claimDataFolder } from './data';
import { collectResults, printResults, saveVideos } from './results';
import { prepareShop } from './shop';
import { chooseVidu, chooseZhipu } from './services';
import { watchEmulator, watchLog } from './watch';
import { productNamer, putCatalogueWorkflow } from './workflow';

const OPTIONS = ['--run', '--fresh', '--help'];
const FIRST_PORT = 5678;
/** What one video takes in the emulator; real ones take a minute or more. */
const TASK_SECONDS = 20;
const RUN_LIMIT_MS = 35 * 60_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
	const flags = process.argv.slice(2);
	const unknown = flags.filter((flag) => !OPTIONS.includes(flag));
	if (unknown.length > 0 || flags.includes('--help')) {
		if (unknown.length > 0) say(`The demo does not know ${unknown.join(' ')}.`);
		say(
			'npm run demo -- [--run] [--fresh]\n  --run    run the sample workflow without a person, save the videos under demo/output/\n  --fresh  forget what was changed in the editor before',
		);
		return unknown.length > 0 ? 2 : 0;
	}
	const isUnattended = flags.includes('--run');

	const installation = await ensureInstalled({ say });
	await ensureBuilt(say);

	const emulator = await step(
		'Starting the emulator',
		async () => await startEmulator({ taskSeconds, clips: 'byProduct' }),
	);
	onEnd(async () => await emulator.stop());
	const vidu = chooseVidu(emulator);
	const zhipu = chooseZhipu(emulator);
	const isReal = vidu.isReal || zhipu.isReal;
	say(vidu.line);
	say(zhipu.line);
	if (!vidu.isReal || !zhipu.isReal)
		say(
			'The emulator generates nothing: each of its videos is marked DEMO CLIP and stands in for the sneaker, the mug, the lamp or whatever you order.',
		);

	// an unattended run starts from nothing, so that it always means the same
	const data = isUnattended
		? undefined
		: claimDataFolder(join(N8N_FOLDER, '.n8n-data'), { fresh: flags.includes('--fresh'), say });
	const logFile = data && join(data.folder, 'n8n.log');
	if (logFile) rmSync(logFile, { force: true });
	// with the real services a change of a product would cost money
	const shop = isUnattended || isReal ? undefined : await step('Opening the shop', async () => await prepareShop(say));
	say('Starting n8n (about 15 seconds)');
	const n8n = await N8n.start({
		installation,
		userFolder: data?.folder,
		port: FIRST_PORT,
		logFile,
		say,
		...(shop ? { env: shop.env } : {}),
	});
	await step(
		'Signing in to n8n',
		async () => await n8n.api.signIn(OWNER),
		() => n8n.log.tail(),
	);
	const credentials = await step('Creating the credentials', async () => [
		await n8n.api.putCredential('Vidu API', 'viduApi', vidu.credential),
		await n8n.api.putCredential('Zhipu API', 'zhipuApi', zhipu.credential),
	]);
	const workflow = await step(
		'Importing the sample workflow',
		async () => await putCatalogueWorkflow(n8n.api, credentials, emulator.urls.images, data),
	);

	const watch = isReal ? watchLog(n8n.log, say) : watchEmulator(emulator, say, productNamer(workflow));
	onEnd(async () => watch.stop());

	if (!isUnattended) {
		const opened = await shop?.open(n8n.api, credentials, data);
		say(
			[
				'',
				`  Editor   ${n8n.url}/workflow/${workflow.id}`,
				`  Login    ${OWNER.email}   password ${OWNER.password}`,
				`  Then     press "Execute workflow"; ${isReal ? 'the videos take a few minutes and cost money' : `its twelve videos take about ${4 * (TASK_SECONDS + 15)} seconds`}`,
				...(opened
					? [
							`  Shop     ${opened.page}   change a product there, and its clip arrives (about a minute)`,
							`           by the recipe ${n8n.url}/workflow/${opened.workflow.id}`,
						]
					: []),
				`  Log      ${logFile}`,
				'',
				'Ctrl-C ends everything.',
				'',
			].join('\n'),
		);
		while (n8n.isRunning) await sleep(1_000);
		say(['n8n has ended on its own. It said last:', ...n8n.log.tail().map((line) => `    ${line}`)].join('\n'));
		return 1;
	}

	say(`Running "${workflow.name}" (${n8n.url}/workflow/${workflow.id})`);
	const execution = await step(
		`Running "${workflow.name}"`,
		async () => await n8n.api.waitFor(await n8n.api.run(workflow.id), { limitMs: RUN_LIMIT_MS }),
		() => n8n.log.tail(),
	);
	watch.stop();
	const output = join(N8N_FOLDER, 'output');
	if (!existsSync(output)) mkdirSync(output);
	const results = await saveVideos(n8n.api, collectResults(execution, ourNodes(workflow)), output);
	return printResults(execution, results, say, isReal ? undefined : emulator.journal);
}

/** Not all the same, so that the clips finish one after another. */
function taskSeconds({ ordinal }: { ordinal: number }): number {
	return TASK_SECONDS - 4 + ((ordinal * 3) % 9);
}

runMain(main, () => {
	say('\nEnding n8n and the emulator …');
	return 0;
});

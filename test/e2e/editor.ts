/**
 * The editor as a new user sees it, in headless Chromium: the sample workflow run from the canvas, and the panel of every operation.
 * Pictures go into test-output/editor/.
 *
 *   tsx test/e2e/editor.ts [--only TEXT] [--report FILE] [--docs]     --docs also renews the pictures the README shows
 */
import { strict as assert } from 'node:assert';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { putCatalogueWorkflow } from '../../demo/workflow';
import { startEmulator } from '../emulator';
import { argument, chain, Checks, ensureBuilt, ensureInstalled, itemsOf, manualTrigger, N8n, onEnd, OWNER, REPOSITORY, runMain, viduNode, withOptions } from './harness';
import { Editor } from './harness/browser';

const say = (line: string) => process.stdout.write(`${line}\n`);
const OUTPUT = join(REPOSITORY, 'test-output', 'editor');

const VIDU = ['provider', 'resource', 'operation'];
const WAITING = ['waitForCompletion', 'waitMode', 'downloadVideo', 'binaryPropertyName'];

/** The panels to look at: what the node is set to, and the fields that must be there, in this order, and no others (collections aside). */
const PANELS: Array<{ name: string; parameters: Record<string, unknown>; fields: string[] }> = [
	{ name: 'Text to Video', parameters: { operation: 'textToVideo' }, fields: [...VIDU, 'model', 'prompt', 'duration', 'resolution', 'aspectRatio', 'audio', ...WAITING] },
	{ name: 'Image to Video', parameters: { operation: 'imageToVideo' }, fields: [...VIDU, 'model', 'prompt', 'image', 'duration', 'resolution', 'audio', ...WAITING] },
	{ name: 'Start-End to Video', parameters: { operation: 'startEndToVideo' }, fields: [...VIDU, 'model', 'prompt', 'startImage', 'endImage', 'duration', 'resolution', 'audio', ...WAITING] },
	{ name: 'Reference to Video', parameters: { operation: 'referenceToVideo', model: 'viduq2' }, fields: [...VIDU, 'referenceType', 'model', 'prompt', 'image', 'duration', 'resolution', 'aspectRatio', ...WAITING] },
	{ name: 'Reference Subjects', parameters: { operation: 'referenceToVideo', model: 'viduq2', referenceType: 'subjects' }, fields: [...VIDU, 'referenceType', 'model', 'prompt', 'duration', 'resolution', 'aspectRatio', 'audio', ...WAITING] },
	{ name: 'Custom Model', parameters: { operation: 'imageToVideo', model: 'custom' }, fields: [...VIDU, 'model', 'customModel', 'prompt', 'image', 'duration', 'resolution', 'audio', ...WAITING] },
	{ name: 'Not Waiting', parameters: { operation: 'imageToVideo', waitForCompletion: false }, fields: [...VIDU, 'model', 'prompt', 'image', 'duration', 'resolution', 'audio', 'waitForCompletion'] },
	{ name: 'Get Task', parameters: { resource: 'task', operation: 'get' }, fields: [...VIDU, 'taskId', 'downloadVideo', 'binaryPropertyName'] },
	{ name: 'Wait for Tasks', parameters: { resource: 'task', operation: 'wait' }, fields: [...VIDU, 'taskId', 'downloadVideo', 'binaryPropertyName'] },
	{ name: 'Get Many Tasks', parameters: { resource: 'task', operation: 'getMany' }, fields: [...VIDU, 'returnAll', 'limit'] },
	{ name: 'Cancel Task', parameters: { resource: 'task', operation: 'cancel' }, fields: [...VIDU, 'taskId'] },
	{ name: 'Get Credits', parameters: { resource: 'account', operation: 'getCredits' }, fields: VIDU },
	{ name: 'Start-End at Zhipu', parameters: { provider: 'zhipu', operation: 'startEndToVideo', model: 'vidu2-start-end' }, fields: [...VIDU, 'model', 'prompt', 'startImage', 'endImage', 'waitForCompletion', 'downloadVideo', 'binaryPropertyName'] },
	{ name: 'Start-End at Vtrix', parameters: { provider: 'vtrix', operation: 'startEndToVideo' }, fields: [...VIDU, 'model', 'prompt', 'startImage', 'endImage', 'duration', 'resolution', 'aspectRatio', 'audio', 'waitForCompletion', 'downloadVideo', 'binaryPropertyName'] },
];

async function main(): Promise<number> {
	const forDocs = process.argv.includes('--docs');
	const installation = await ensureInstalled({ say });
	await ensureBuilt(say);
	const emulator = await startEmulator({ taskSeconds: forDocs ? 40 : 2 });
	onEnd(async () => await emulator.stop());
	const n8n = await N8n.start({ installation, logFile: argument('log'), say });
	const { api } = n8n;
	await api.signIn(OWNER);
	const credential = await api.createCredential('Vidu API', 'viduApi', { region: 'custom', baseUrl: emulator.urls.vidu, apiKey: emulator.keys.vidu });
	const zhipu = await api.createCredential('Zhipu API', 'zhipuApi', { region: 'custom', baseUrl: emulator.urls.zhipu, apiKey: emulator.keys.zhipu });
	const sample = await putCatalogueWorkflow(api, [credential, zhipu], emulator.urls.images);
	// for the README it runs as it is; else the nodes need not wait for half of what a real video takes
	const catalogue = forDocs ? sample : await api.updateWorkflow(withOptions(sample, { pollIntervalSeconds: 2 }));
	rmSync(OUTPUT, { recursive: true, force: true });
	mkdirSync(OUTPUT, { recursive: true });
	const editor = await Editor.open(n8n, { width: 1500, height: 1000 });
	const { page } = editor;
	const checks = new Checks(say, argument('only'));
	const shoot = async (name: string) => await editor.screenshot(join(OUTPUT, `${name}.png`));

	await checks.check('the sample workflow opens without a complaint on its canvas', async () => {
		await editor.openWorkflow(catalogue.id);
		await editor.fitCanvas();
		await shoot('canvas-before');
		assert.deepEqual(await editor.nodeIssues(), []);
	});

	await checks.check('it runs from the canvas to its end', async () => {
		await editor.execute(180_000);
		await shoot('canvas-after');
		assert.equal(await page.getByText('Workflow executed successfully').count(), 1);
		await editor.dismissNotes();
		await editor.showOutput('Results');
		await editor.fitCanvas();
		await shoot('canvas');
		const [{ id }] = await api.executions({ workflowId: catalogue.id });
		assert.equal(itemsOf(await api.execution(id), 'Results').length, 12);
	});

	await checks.check('the panel shows the pictures that went in and the videos that came out', async () => {
		await editor.openNode('Start to End Video');
		await page.getByTestId('ndv-data-container').getByText(/\.mp4/).first().waitFor();
		await shoot('panel');
		await editor.closeNode();
	});

	await checks.check('a delivered video plays in the browser', async () => {
		const [{ id }] = await api.executions({ workflowId: catalogue.id });
		const [{ binary }] = itemsOf(await api.execution(id), 'Start to End Video');
		const url = `${n8n.url}/rest/binary-data?${new URLSearchParams({ id: binary!.data.id!, action: 'view', mimeType: 'video/mp4' }).toString()}`;
		const played = await page.evaluate(
			// a text, because it runs in the page, whose types this program does not have
			`new Promise((resolve) => {
				const video = document.createElement('video');
				video.muted = true;
				video.onerror = () => resolve({ fault: video.error.message });
				video.ontimeupdate = () => video.currentTime > 0 && resolve({ seconds: video.duration, width: video.videoWidth });
				video.src = ${JSON.stringify(url)};
				document.body.append(video);
				video.play().catch((error) => resolve({ fault: error.message }));
			})`,
		) as { seconds: number; width: number; fault?: string };
		assert.equal(played.fault, undefined);
		assert.ok(played.seconds > 0 && played.width > 0, JSON.stringify(played));
	});

	await checks.check('the nodes are found in the list of nodes, by what they are called and by what they do', async () => {
		await editor.openWorkflow(catalogue.id);
		for (const [word, title] of [['vidu', 'Vidu'], ['cogvideox', 'CogVideoX'], ['text to video', 'Vidu'], ['image to video', 'CogVideoX']]) {
			const found = await editor.searchNodes(word);
			await shoot(`search-${word.replaceAll(' ', '-')}`);
			assert.ok(found.includes(title), `"${word}" finds ${found.join(', ') || 'nothing'}, not ${title}`);
		}
	});

	await checks.check('the list of nodes offers every action of the Vidu node once', async () => {
		await editor.openWorkflow(catalogue.id);
		const actions = await editor.actionsOf('Vidu');
		await shoot('actions');
		assert.ok(actions.includes('Generate video from start and end frame'), actions.join(', '));
		assert.deepEqual(actions.filter((action, index) => actions.indexOf(action) !== index), [], 'more than once');
	});

	const panels = await api.importWorkflow(
		chain('Panels', [manualTrigger, ...PANELS.map(({ name, parameters }) => viduNode(parameters, { name }))]),
		[credential],
	);
	await page.setViewportSize({ width: 1500, height: 1500 });
	await editor.openWorkflow(panels.id);
	await editor.fitCanvas();
	for (const { name, fields } of PANELS) {
		await checks.check(`panel: ${name}`, async () => {
			await editor.openNode(name);
			await shoot(`panel-${name.toLowerCase().replace(/\W+/g, '-')}`);
			const shown = await editor.fields();
			say(`          options: ${(await editor.optionNames()).join(', ') || 'none'}`);
			await shoot(`panel-${name.toLowerCase().replace(/\W+/g, '-')}-options`);
			await editor.closeNode();
			assert.deepEqual(shown.map((field) => field.name), fields);
			assert.deepEqual(shown.filter(({ label }) => label === '').map((field) => field.name), [], 'without a label');
		});
	}

	await checks.check('the page itself had nothing to complain of', async () => {
		// not ours: n8n asks every node for optional descriptions of its output, and cannot send a run in which its own HTTP Request node downloaded a file
		const known = /^404 .*\/schemas\/|^500 .*\/executions\/last-successful$/;
		assert.deepEqual(editor.complaints.filter((line) => !known.test(line)), []);
	});

	if (forDocs) {
		mkdirSync(join(REPOSITORY, 'docs'), { recursive: true });
		for (const name of ['canvas.png', 'panel.png']) if (existsSync(join(OUTPUT, name))) copyFileSync(join(OUTPUT, name), join(REPOSITORY, 'docs', name));
	}
	say(`Pictures are in ${OUTPUT}`);
	return checks.end(argument('report'));
}

runMain(main);

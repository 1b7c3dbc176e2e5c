/**
 * The editor as a new user sees it, in headless Chromium: the sample workflow run from the canvas, and panels that no catalogue tells (panels.ts opens the others).
 * Images go into test-output/editor/.
 *
 *   tsx test/e2e/editor.ts [--only TEXT] [--report FILE] [--docs]     --docs also renews the images the README shows
 */
import { strict as assert } from 'node:assert';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { putCatalogueWorkflow } from '../../demo/workflow';
import { OPERATIONS } from '../../lib/catalogue/operations';
import { startEmulator } from '../emulator';
import {
	argument,
	chain,
	Checks,
	ensureBuilt,
	ensureInstalled,
	itemsOf,
	listOf,
	manualTrigger,
	N8n,
	onEnd,
	OWNER,
	PACKAGE,
	REPOSITORY,
	runMain,
	viduNode,
	withLimits,
} from './harness';
import { Editor } from './harness/browser';
import { checkPictures } from './pictures';

const say = (line: string) => process.stdout.write(`${line}\n`);
const OUTPUT = join(REPOSITORY, 'test-output', 'editor');

const VIDU = ['provider', 'resource', 'operation'];
const WAITING = ['dryRun', 'waitForCompletion', 'waitMode', 'downloadVideo', 'binaryPropertyName'];

/** Panels beside those that the catalogue tells: what the node is set to, and the fields that must be there, in this order, and no others (collections aside). */
const PANELS: Array<{
	name: string;
	parameters: Record<string, unknown>;
	fields: string[];
	type?: string;
	subtitle: string;
	without?: string[];
}> = [
	{
		name: 'Custom Model',
		subtitle: 'Image to Video · custom model',
		parameters: { operation: 'imageToVideo', model: 'custom', prompt: '', duration: '', resolution: '' },
		fields: [...VIDU, 'model', 'customModel', 'prompt', 'image', 'duration', 'resolution', 'audio', ...WAITING],
	},
	{
		name: 'Not Waiting',
		subtitle: 'Image to Video · viduq3-turbo',
		parameters: { operation: 'imageToVideo', waitForCompletion: false },
		fields: [...VIDU, 'model', 'prompt', 'image', 'duration', 'resolution', 'audio', 'dryRun', 'waitForCompletion'],
	},
	{
		name: 'Start-End at Vtrix',
		subtitle: 'Start-End to Video · custom model',
		parameters: { provider: 'vtrix', operation: 'startEndToVideo', model: 'custom', duration: '', resolution: '' },
		fields: [
			...VIDU,
			'model',
			'customModel',
			'prompt',
			'startImage',
			'endImage',
			'duration',
			'resolution',
			'aspectRatio',
			'audio',
			'dryRun',
			'waitForCompletion',
			'downloadVideo',
			'binaryPropertyName',
		],
	},
	{
		name: 'Model by Expression',
		subtitle: 'Text to Video · model by expression',
		parameters: { operation: 'textToVideo', model: '={{ $json.model }}', duration: '', resolution: '' },
		fields: [...VIDU, 'model', 'customModel', 'prompt', 'duration', 'resolution', 'aspectRatio', 'audio', ...WAITING],
	},
	{
		name: 'Vidu Tool',
		type: 'viduTool',
		subtitle: 'Text to Video · viduq3-turbo',
		parameters: { operation: 'textToVideo' },
		fields: [
			'descriptionType',
			...VIDU,
			'model',
			'prompt',
			'duration',
			'resolution',
			'aspectRatio',
			'audio',
			'dryRun',
			'waitForCompletion',
		],
		without: ['Simplify', 'Cancel on Stop', 'File Name'],
	},
];

/** What people type into the list of nodes, and which of our nodes has to be among what it finds. */
const SEARCHES: Array<[string, string[]]> = [
	['vidu', ['Vidu']],
	['cogvideox', ['CogVideoX']],
	...[
		'text to video',
		'text-to-video',
		'image to video',
		'img2video',
		'ai video',
		'generate video',
		'video generation',
		'product video',
		'animate',
		'animate image',
		'start end frame',
		'mp4',
		'ecommerce',
	].map((purpose): [string, string[]] => [purpose, ['Vidu', 'CogVideoX']]),
	['reference', ['Vidu']],
];
const SEARCHES_TO_SEE = ['vidu', 'generate video', 'product video', 'animate', 'image to video'];

async function main(): Promise<number> {
	const forDocs = process.argv.includes('--docs');
	const installation = await ensureInstalled({ say });
	await ensureBuilt(say);
	const emulator = await startEmulator({ taskSeconds: forDocs ? 40 : 2 });
	onEnd(async () => await emulator.stop());
	const n8n = await N8n.start({ installation, logFile: argument('log'), say });
	const { api } = n8n;
	await api.signIn(OWNER);
	const credential = await api.createCredential('Vidu API', 'viduApi', {
		region: 'custom',
		baseUrl: emulator.urls.vidu,
		apiKey: emulator.keys.vidu,
	});
	const zhipu = await api.createCredential('Zhipu API', 'zhipuApi', {
		region: 'custom',
		baseUrl: emulator.urls.zhipu,
		apiKey: emulator.keys.zhipu,
	});
	const sample = await putCatalogueWorkflow(api, [credential, zhipu], emulator.urls.images);
	// for the README it runs as it is; else the nodes need not wait for half of what a real video takes
	const catalogue = forDocs ? sample : await api.updateWorkflow(withLimits(sample, { pollIntervalSeconds: 2 }));
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

	await checks.check('the panel shows the images that went in and the videos that came out', async () => {
		await editor.openNode('Start to End Video');
		await page.getByTestId('ndv-data-container').getByText(/\.mp4/).first().waitFor();
		await shoot('panel');
		await editor.closeNode();
	});

	await checks.check('a delivered video plays in the browser', async () => {
		const [{ id }] = await api.executions({ workflowId: catalogue.id });
		const [{ binary }] = itemsOf(await api.execution(id), 'Start to End Video');
		const url = `${n8n.url}/rest/binary-data?${new URLSearchParams({ id: binary!.data.id!, action: 'view', mimeType: 'video/mp4' }).toString()}`;
		const played = await page.evaluate<{ seconds: number; width: number; fault?: string }>(
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
		);
		assert.equal(played.fault, undefined);
		assert.ok(played.seconds > 0 && played.width > 0, JSON.stringify(played));
	});

	await checks.check(
		'the nodes are found in the list of nodes, by what they are called and by what they do',
		async () => {
			await editor.openWorkflow(catalogue.id);
			const missed: string[] = [];
			for (const [words, wanted] of SEARCHES) {
				const found = await editor.searchNodes(words);
				if (SEARCHES_TO_SEE.includes(words)) await shoot(`search-${words.replaceAll(' ', '-')}`);
				missed.push(
					...wanted
						.filter((node) => !found.includes(node))
						.map((node) => `"${words}" finds ${found.join(', ') || 'nothing'}, not ${node}`),
				);
			}
			assert.deepEqual(missed, []);
		},
	);

	await checks.check('the list of nodes says of Vidu that it makes videos', async () => {
		await editor.openWorkflow(catalogue.id);
		await editor.searchNodes('vidu');
		assert.match(await editor.foundText('Vidu'), /Generate videos from text, images or references with Vidu/);
	});

	await checks.check(
		'the list of nodes offers every action of the Vidu node once, those that make videos first',
		async () => {
			await editor.openWorkflow(catalogue.id);
			const actions = await editor.actionsOf('Vidu');
			await shoot('actions');
			const wanted = OPERATIONS.map(({ action }) => action);
			assert.deepEqual(
				actions.filter((action) => wanted.includes(action)),
				wanted,
			);
		},
	);

	const five = listOf([0, 1, 2, 3, 4].map((index) => ({ prompt: `Video of item ${index}.` })));
	const fiveVideos = async (name: string, limits: Record<string, unknown>) =>
		await api.importWorkflow(
			chain(name, [
				manualTrigger,
				...five,
				viduNode({ prompt: '={{ $json.prompt }}', limits: { pollIntervalSeconds: 1, ...limits } }),
			]),
			[credential],
		);
	/** Runs it, and opens the Vidu node of the execution. */
	const openRun = async (id: string): Promise<void> => {
		const { id: execution } = await api.waitFor(await api.run(id));
		await editor.openExecution(id, execution);
		await editor.openNode('Vidu');
	};

	await checks.check(
		'a run that fails says which items, how many videos are made and how to have them, line by line',
		async () => {
			emulator.control.fault(
				{ do: 'failTask', code: 'content', contains: 'item 1.' },
				{ do: 'failTask', code: 'image', contains: 'item 3.' },
			);
			const { id } = await fiveVideos('One clip is refused', {});
			await openRun(id);
			// the logs below the canvas may show the same
			const panel = page.getByTestId('output-panel');
			await panel.getByText('3 of 5 videos are made').waitFor();
			const text = await panel.innerText();
			await shoot('run-failed');
			assert.match(text, /One more item did not get a video:\s*\n\s*item 3: Vidu ended task \d+/);
			assert.match(text, /\nsucceeded: \d+, \d+, \d+\s*\nfailed: \d+, \d+/);
			await editor.closeNode();
		},
	);

	await checks.check('a cap ends green with what was made, and says beside it what it left and why', async () => {
		const { id } = await fiveVideos('Two of five', { maxVideos: 2 });
		await openRun(id);
		await page
			.getByTestId('output-panel')
			.getByText('3 of 5 videos were not started: Max Videos of 2 is reached.')
			.waitFor();
		await shoot('caps');
		await editor.closeNode();
	});

	const trigger = await api.importWorkflow(
		chain('Trigger', [
			{
				type: `${PACKAGE}.viduTrigger`,
				name: 'Vidu Trigger',
				webhookId: 'vidu-trigger',
				credentials: { viduApi: { id: null, name: 'Vidu API' } },
				parameters: { events: ['succeeded', 'failed'] },
			},
		]),
		[credential],
	);
	await checks.check('the Vidu Trigger says what to do, before it listens and while it does', async () => {
		await editor.openWorkflow(trigger.id);
		assert.equal(await editor.subtitleOf('Vidu Trigger'), 'Task Succeeded, Task Failed');
		await editor.openNode('Vidu Trigger');
		await page.getByText('Receive callbacks from Vidu').waitFor();
		await page
			.getByText('Press the button, then order something with the test URL of this node as its Callback URL.')
			.waitFor();
		await shoot('trigger');
		await page.getByTestId('trigger-execute-button').click();
		await page.getByTestId('trigger-listening').waitFor();
		await shoot('trigger-listening');
		assert.equal(await page.getByText(/Order with a URL of this node as Callback URL/).isVisible(), true);
		await editor.closeNode();
		await page.getByText('Now order something with the test URL of this node as its Callback URL').waitFor();
		await shoot('trigger-listening-canvas');
	});

	await checks.check(
		'the form of a key says where to get one, and its test takes what people paste and says what to check',
		async () => {
			await page.goto(`${n8n.url}/home/credentials/${credential.id}`);
			await page.getByText('Get a key under API Keys at').waitFor();
			await shoot('credential');
			const data = { region: 'custom', baseUrl: emulator.urls.vidu, apiKey: emulator.keys.vidu };
			const pasted = { ...data, baseUrl: `${emulator.urls.vidu}/ent/v2/`, apiKey: ` "Token ${emulator.keys.vidu}" ` };
			assert.equal((await api.testCredential(credential, pasted)).status, 'OK');
			assert.match(
				(await api.testCredential(credential, { ...data, baseUrl: 'http://127.0.0.1:9' })).message,
				/cannot connect to 127\.0\.0\.1:9.*Check Base URL/,
			);
			assert.match(
				(await api.testCredential(credential, { ...data, baseUrl: n8n.url })).message,
				/does not answer like Vidu.*Check Base URL/,
			);
			assert.match(
				(await api.testCredential(credential, { ...data, apiKey: 'wrong' })).message,
				/does not accept this API key/,
			);
		},
	);

	const panels = await api.importWorkflow(
		chain('Panels', [
			manualTrigger,
			...PANELS.map(({ name, parameters, type = 'vidu' }) =>
				viduNode(parameters, { name, type: `${PACKAGE}.${type}` }),
			),
		]),
		[credential],
	);
	await page.setViewportSize({ width: 1500, height: 1500 });
	await editor.openWorkflow(panels.id);
	await editor.fitCanvas();
	await shoot('canvas-panels');

	await checks.check('the canvas says under each node what it makes, and with which model', async () => {
		const shown: Record<string, string> = {};
		for (const { name } of PANELS) shown[name] = await editor.subtitleOf(name);
		assert.deepEqual(shown, Object.fromEntries(PANELS.map(({ name, subtitle }) => [name, subtitle])));
	});

	for (const { name, fields, without = [] } of PANELS) {
		await checks.check(`panel: ${name}`, async () => {
			await editor.openNode(name);
			await shoot(`panel-${name.toLowerCase().replace(/\W+/g, '-')}`);
			const shown = await editor.fields();
			const options = await editor.optionNames();
			say(`          options: ${options.join(', ') || 'none'}`);
			await shoot(`panel-${name.toLowerCase().replace(/\W+/g, '-')}-options`);
			await editor.closeNode();
			assert.deepEqual(
				shown.map((field) => field.name),
				fields,
			);
			assert.deepEqual(
				options.filter((option) => without.includes(option)),
				[],
				'offered without effect',
			);
			assert.deepEqual(
				shown.filter(({ label }) => label === '').map((field) => field.name),
				[],
				'without a label',
			);
		});
	}

	const folder = join(forDocs ? join(REPOSITORY, 'docs') : OUTPUT, 'recipes');
	// a browser of its own: in this one the logs stand open below the canvas
	const fresh = await Editor.open(n8n);
	await checkPictures(checks, { api, editor: fresh, have: [credential, zhipu], folder });
	await fresh.close();

	await checks.check('the page itself had nothing to complain of', async () => {
		// not ours: n8n asks every node for optional descriptions of its output, and cannot send a run in which its own HTTP Request node downloaded a file
		const known = /^404 .*\/schemas\/|^500 .*\/executions\/last-successful$/;
		assert.deepEqual(
			editor.complaints.filter((line) => !known.test(line)),
			[],
		);
	});

	if (forDocs) {
		mkdirSync(join(REPOSITORY, 'docs'), { recursive: true });
		for (const name of ['canvas.png', 'panel.png'])
			if (existsSync(join(OUTPUT, name))) copyFileSync(join(OUTPUT, name), join(REPOSITORY, 'docs', name));
	}
	say(`Images are in ${OUTPUT}`);
	return checks.end(argument('report'));
}

runMain(main);

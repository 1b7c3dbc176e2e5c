/**
 * Every panel of the nodes in the editor of a real n8n, in headless Chromium, held against the catalogue: which parameters show, what
 * their lists offer, what may be added. A picture of each goes into test-output/panels/.
 *
 *   tsx test/e2e/panels.ts [--models all] [--only TEXT] [--report FILE] [--log FILE]
 */
import { strict as assert } from 'node:assert';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import {
	argument,
	chain,
	Checks,
	ensureBuilt,
	ensureInstalled,
	manualTrigger,
	N8n,
	OWNER,
	PACKAGE,
	REPOSITORY,
	runMain,
} from './harness';
import { Editor } from './harness/browser';
import { planPanels, type PlannedPanel } from './panel/plan';
import { differences, readPanel, type ShownPanel } from './panel/read';

const say = (line: string) => process.stdout.write(`${line}\n`);
const OUTPUT = join(REPOSITORY, 'test-output', 'panels');
/** A panel is built within a moment; what it lacks then is missing. */
const SHOWN_WITHIN_MS = 6_000;
const CREDENTIALS = { viduApi: 'Vidu API', zhipuApi: 'Zhipu API', vtrixApi: 'Vtrix API' };

async function main(): Promise<number> {
	const only = argument('only') ?? '';
	const checks = new Checks(say, only);
	const panels = planPanels(argument('models') === 'all');
	const installation = await ensureInstalled({ say });
	await ensureBuilt(say);
	const n8n = await N8n.start({ installation, logFile: argument('log'), say });
	const { api } = n8n;
	await api.signIn(OWNER);
	// nothing is asked of a service
	const data = { region: 'custom', baseUrl: 'http://127.0.0.1:9', apiKey: 'none' };
	const credentials = [];
	for (const [type, name] of Object.entries(CREDENTIALS))
		credentials.push(await api.createCredential(name, type, data));
	const { id } = await api.importWorkflow(
		chain('Panels', [
			manualTrigger,
			...panels.map(({ name, type, credential, parameters }) => ({
				type: `${PACKAGE}.${type}`,
				name,
				credentials: { [credential]: { id: null, name: '' } },
				parameters,
			})),
		]),
		credentials,
	);
	const ids = new Map((await api.workflow(id)).nodes.map((node) => [node.name, String(node.id)]));
	rmSync(OUTPUT, { recursive: true, force: true });
	mkdirSync(OUTPUT, { recursive: true });
	const editor = await Editor.open(n8n, { width: 1300, height: 1900 });
	await editor.openWorkflow(id);

	for (const panel of panels)
		await checks.check(panel.name, async () => {
			await editor.goTo(`/workflow/${id}/${ids.get(panel.name)!}`);
			const shown = await whenShown(editor, panel);
			if (panel.isFirst) await keepPictures(editor, panel, shown);
			await editor.goTo(`/workflow/${id}`);
			await editor.page.getByTestId('node-parameters').waitFor({ state: 'hidden' });
			assert.equal(differences(panel.asks, shown).join('\n'), '');
		});

	await checks.check('the page itself had nothing to complain of', async () => {
		const known = /^404 .*\/schemas\//; // n8n asks every node for optional descriptions of its output
		assert.deepEqual(
			editor.complaints.filter((line) => !known.test(line)),
			[],
		);
	});
	say(`Pictures are in ${OUTPUT}`);
	return checks.end(argument('report'));
}

/** What the panel shows once it is as it has to be, or at the end of our patience. */
async function whenShown(editor: Editor, { asks }: PlannedPanel): Promise<ShownPanel> {
	await editor.page.getByTestId('node-parameters').waitFor();
	const untilMs = Date.now() + SHOWN_WITHIN_MS;
	for (;;) {
		const shown = await readPanel(editor.page);
		if (shown && (differences(asks, shown).length === 0 || Date.now() > untilMs)) return shown;
		await editor.page.waitForTimeout(50);
	}
}

const pictured = new Set<string>();

/** Of the panel, and of each list that is opened first: an operation's models, a resource's operations. */
async function keepPictures(editor: Editor, { name, parameters }: PlannedPanel, { fields }: ShownPanel): Promise<void> {
	const file = (part: string) => join(OUTPUT, `${name.replace(/\W+/g, '-')}${part}.png`);
	await editor.page.getByTestId('node-parameters').screenshot({ path: file('') });
	const { provider, resource, model } = parameters;
	for (const [list, of] of [
		['operation', `${provider} ${resource}`],
		...(model === undefined ? [] : [['model', name]]),
	]) {
		if (pictured.has(of) || !fields.some((field) => field.name === list)) continue;
		pictured.add(of);
		await editor.openList(list);
		await editor.page.getByTestId('node-parameters').screenshot({ path: file(`-${list}`) });
		await editor.page.keyboard.press('Escape');
	}
}

runMain(main);

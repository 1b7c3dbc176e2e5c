import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, selectors, type BrowserContext, type Page } from 'playwright-core';

import type { N8n } from './n8n';
import { onEnd } from './processes';
import { until } from '../../until';
import { StepFailed } from './report';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Everything that would reach out to the browser maker's hosts is off. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--disable-domain-reliability',
	'--disable-features=Translate,OptimizationHints,MediaRouter',
];

/** The browser's command, where there is one: CHROMIUM_PATH, or where Debian puts it. */
export function findChromium(): string | undefined {
	return [process.env.CHROMIUM_PATH ?? '', ...CHROMIUM].find((path) => path && existsSync(path));
}

/** n8n's editor in a headless browser, logged in as whoever `n8n.api` is. */
export class Editor {
	private constructor(
		readonly page: Page,
		private readonly n8n: N8n,
		/** what the page complained of: uncaught errors and answers of n8n that failed */
		readonly complaints: string[],
		private readonly context: BrowserContext,
	) {}

	static async open(n8n: N8n, { width = 1500, height = 950 } = {}): Promise<Editor> {
		const executablePath = findChromium();
		if (!executablePath)
			throw new StepFailed('Opening a browser', "no Chromium here: install Debian's chromium or set CHROMIUM_PATH");
		const profile = mkdtempSync(join(tmpdir(), 'n8n-vidu-browser-'));
		selectors.setTestIdAttribute('data-test-id');
		const context = await chromium.launchPersistentContext(profile, {
			executablePath,
			headless: true,
			args: FLAGS,
			viewport: { width, height },
			env: { ...process.env, HOME: profile },
		});
		onEnd(async () => {
			await context.close();
			rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
		});
		await context.addCookies([{ name: 'n8n-auth', value: n8n.api.token, url: n8n.url }]);
		const page = context.pages()[0] ?? (await context.newPage());
		page.setDefaultTimeout(120_000);
		const complaints: string[] = [];
		page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
		page.on('response', (response) => {
			if (response.status() >= 400 && response.url().startsWith(n8n.url))
				complaints.push(`${response.status()} ${response.url()}`);
		});
		return new Editor(page, n8n, complaints, context);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.n8n.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
	}

	/** Shows a past execution on the canvas. */
	async openExecution(workflowId: string, executionId: string): Promise<void> {
		await this.page.goto(`${this.n8n.url}/workflow/${workflowId}/executions/${executionId}`);
		await this.page.waitForLoadState('networkidle');
	}

	/** Presses "Execute workflow" and waits until n8n says that it is over. */
	async execute(limitMs: number): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').click();
		await this.page
			.getByText(/Workflow executed successfully|Problem in node|Workflow execution (failed|had)/i)
			.first()
			.waitFor({ timeout: limitMs });
	}

	/** Names of nodes that carry a red mark. */
	async nodeIssues(): Promise<string[]> {
		const marked = this.page
			.getByTestId('canvas-node')
			.filter({ has: this.page.locator('[data-test-id="node-issues"]') });
		return await marked.evaluateAll((elements) =>
			elements.map((element) => element.getAttribute('data-node-name') ?? ''),
		);
	}

	/** Opens a node's panel. */
	async openNode(name: string): Promise<void> {
		await this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).first().dblclick();
		await this.page.getByTestId('node-parameters').waitFor();
	}

	/** Follows a link inside the editor, such as to a node's panel, without loading the page anew. */
	async goTo(path: string): Promise<void> {
		await this.page.evaluate(
			`document.querySelector('#app').__vue_app__.config.globalProperties.$router.push(${JSON.stringify(path)})`,
		);
	}

	/** Opens the list of a parameter in the open panel. */
	async openList(parameter: string): Promise<void> {
		await this.page.getByTestId(`parameter-input-${parameter}`).first().click();
		await this.page.locator('.el-select-dropdown__item').filter({ visible: true }).first().waitFor();
	}

	async closeNode(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.page.getByTestId('node-parameters').waitFor({ state: 'hidden' });
	}

	async fitCanvas(): Promise<void> {
		await this.page.getByTestId('zoom-to-fit').click();
		await this.page.waitForTimeout(600); // the canvas glides there
	}

	/** Takes away the buttons that n8n lays over the canvas, until the next page. */
	async hideControls(): Promise<void> {
		await this.page.addStyleTag({
			content:
				'.vue-flow__panel, :has(> [data-test-id="execute-workflow-button"]), [data-test-id="workflow-chat-button"] { visibility: hidden !important }',
		});
	}

	/** Names and labels of the fields that the open panel shows, from top to bottom. Collections are not among them. */
	async fields(): Promise<Array<{ name: string; label: string }>> {
		const inputs = this.page
			.getByTestId('node-parameters')
			.locator('[data-test-id^="parameter-input-"]')
			.filter({ visible: true });
		const all = await inputs.evaluateAll((elements) =>
			elements.map((element) => ({
				name: (element.getAttribute('data-test-id') ?? '').replace('parameter-input-', ''),
				label:
					element
						.closest('[data-test-id="parameter-item"], .parameter-item')
						?.querySelector('label')
						?.textContent?.trim() ?? '',
			})),
		);
		return all.filter(({ name }) => !['field', 'item', 'hint'].includes(name));
	}

	/** What "Add option" offers in the open panel; nothing where there is no such list. */
	async optionNames(): Promise<string[]> {
		const found: string[] = [];
		for (const placeholder of ['Add option', 'Add limit', 'Add setting']) {
			const add = this.page.getByTestId('node-parameters').getByPlaceholder(placeholder).filter({ visible: true });
			if ((await add.count()) === 0) continue;
			await add.first().click();
			const names = this.page.locator('.el-select-dropdown__item').filter({ visible: true });
			await names.first().waitFor();
			found.push(...(await names.allInnerTexts()));
			await this.page.keyboard.press('Escape');
			await names.first().waitFor({ state: 'hidden' });
		}
		return found.map((text) => text.trim());
	}

	/** Opens the list of nodes and searches it. @returns the names found */
	async searchNodes(text: string): Promise<string[]> {
		const search = this.page.getByTestId('node-creator-search-bar');
		if (!(await search.isVisible())) await this.page.getByTestId('node-creator-plus-button').click();
		await search.fill(text);
		await this.page.waitForTimeout(600); // the list follows the typing
		return (await this.page.getByTestId('node-creator-item-name').allInnerTexts()).map((name) => name.trim());
	}

	/** All that the list of nodes says of one that was found: name and description. */
	async foundText(node: string): Promise<string> {
		const name = this.page.getByTestId('node-creator-item-name').getByText(node, { exact: true }).first();
		return await this.page.getByTestId('item-iterator-item').filter({ has: name }).first().innerText();
	}

	/** What stands under a node's name on the canvas. */
	async subtitleOf(node: string): Promise<string> {
		const shown = await this.page.locator(`[data-test-id="canvas-node"][data-node-name="${node}"]`).first().innerText();
		return shown
			.slice(shown.indexOf(node) + node.length)
			.trim()
			.split('\n')[0];
	}

	/** What the list of nodes offers to do with a node: its actions, in order. */
	async actionsOf(node: string): Promise<string[]> {
		await this.searchNodes(node);
		await this.page.getByTestId('node-creator-item-name').getByText(node, { exact: true }).first().click();
		const actions = this.page.getByTestId('node-creator-item-name');
		await this.page.getByText(/^Actions \(\d+\)$/).waitFor();
		return (await actions.allInnerTexts()).map((name) => name.trim());
	}

	/** Opens the panel of the logs under the canvas with one node's output as a table. */
	async showOutput(node: string): Promise<void> {
		await this.page.getByTestId('logs-overview-header').click();
		const shown = this.page.getByTestId('log-details-header').getByText(node, { exact: true });
		await until(`the output of "${node}" in the logs`, async () => {
			await this.page.waitForTimeout(1_000); // the panel slides up, and takes no clicks meanwhile
			if (await shown.isVisible()) return true;
			await this.page.getByTestId('logs-overview').getByText(node, { exact: true }).click(); // selects, or takes the selection back
			await this.page.waitForTimeout(500);
			return await shown.isVisible();
		});
		const output = this.page.getByTestId('log-details-output');
		await output.hover(); // the choice of views appears under the pointer
		await output.getByTestId('radio-button-table').click();
		await output.locator('table').waitFor();
	}

	async screenshot(file: string): Promise<void> {
		await this.page.screenshot({ path: file });
	}

	/** Closes the notes that n8n puts over the canvas. */
	async dismissNotes(): Promise<void> {
		for (const note of await this.page.locator('.el-notification__closeBtn').all()) await note.click();
		await this.page.locator('.el-notification').first().waitFor({ state: 'hidden' });
	}

	async close(): Promise<void> {
		await this.context.close();
	}
}

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, selectors, type BrowserContext, type Page } from 'playwright-core';

import type { N8n } from './n8n';
import { onEnd } from './processes';
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
		if (!executablePath) throw new StepFailed('Opening a browser', 'no Chromium here: install Debian\'s chromium or set CHROMIUM_PATH');
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
		page.setDefaultTimeout(20_000);
		const complaints: string[] = [];
		page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
		page.on('response', (response) => {
			if (response.status() >= 400 && response.url().startsWith(n8n.url)) complaints.push(`${response.status()} ${response.url()}`);
		});
		return new Editor(page, n8n, complaints, context);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.n8n.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
		await this.dismissPopUps();
	}

	/** Shows a past execution on the canvas. */
	async openExecution(workflowId: string, executionId: string): Promise<void> {
		await this.page.goto(`${this.n8n.url}/workflow/${workflowId}/executions/${executionId}`);
		await this.page.waitForLoadState('networkidle');
	}

	/** Presses "Execute workflow" and waits until n8n says that it is over. */
	async execute(limitMs: number): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').click();
		await this.page.getByText(/Workflow executed successfully|Problem in node|Workflow execution (failed|had)/i).first().waitFor({ timeout: limitMs });
	}

	/** Opens a node's panel. */
	async openNode(name: string): Promise<void> {
		await this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`).first().dblclick();
		await this.page.getByTestId('node-parameters').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.page.keyboard.press('Escape');
	}

	async fitCanvas(): Promise<void> {
		await this.page.getByTestId('zoom-to-fit').click();
		await this.page.waitForTimeout(600); // the canvas glides there
	}

	/** Names and labels of the fields that the open panel shows, from top to bottom. */
	async fields(): Promise<Array<{ name: string; label: string }>> {
		const fields = this.page.getByTestId('node-parameters').locator('[data-test-id^="parameter-input-"]:not([data-test-id="parameter-input-field"]):not([data-test-id="parameter-input-item"])');
		return await fields.evaluateAll((elements) =>
			elements.map((element) => ({
				name: (element.getAttribute('data-test-id') ?? '').replace('parameter-input-', ''),
				label: element.closest('[data-test-id="parameter-item"], .parameter-item')?.querySelector('label')?.textContent?.trim() ?? '',
			})),
		);
	}

	async screenshot(file: string): Promise<void> {
		await this.page.screenshot({ path: file });
	}

	/** Closes what n8n may put over the canvas. */
	private async dismissPopUps(): Promise<void> {
		for (const close of await this.page.locator('.el-notification__closeBtn, [data-test-id="close-button"]').all()) await close.click().catch(() => undefined);
	}

	async close(): Promise<void> {
		await this.context.close();
	}
}

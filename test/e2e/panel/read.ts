import type { Page } from 'playwright-core';

import type { Asked, AskedPanel } from '../../asked';

/** The panel as it stands in the browser's page. */

/** A parameter on the screen. */
export interface Shown extends Asked {
	name: string;
}

export interface ShownPanel {
	fields: Shown[];
	collections: AskedPanel['collections'];
}

/** n8n's own entry of every list of operations. */
const CUSTOM_CALL = 'Custom API Call';

/**
 * Runs in the page, whose types this program does not have. A list keeps its entries in the page though it is not open; they stand
 * apart from it, under the ID that its input names.
 */
const READ = `(() => {
	const panel = document.querySelector('[data-test-id="node-parameters"]');
	if (!panel) return undefined;
	const fields = [];
	const collections = {};
	const entriesOf = (input) =>
		[...(document.getElementById(input.getAttribute('aria-controls'))?.querySelectorAll('.el-select-dropdown__item') ?? [])]
			.map((entry) => (entry.querySelector('.option-headline') ?? entry).textContent.trim());
	for (const item of panel.querySelectorAll('[data-test-id="parameter-item"]')) {
		// what the settings of the node ask for is in the page too; what is in an entry of a list is its own
		if (!item.checkVisibility() || item.parentElement.closest('[data-test-id="parameter-item"]')) continue;
		const label = item.querySelector('label[for]');
		if (!label) continue;
		const name = label.getAttribute('for');
		// switches for an expression stand in the label too
		const text = (label.querySelector('.n8n-text') ?? label).textContent.trim();
		const input = item.querySelector('input[aria-controls]');
		if (item.querySelector('[data-test-id="collection-parameter-add"]')) {
			collections[text] = input ? entriesOf(input).sort() : [];
			continue;
		}
		const isList = item.querySelector('[data-test-id="parameter-input-' + name + '"] input[aria-controls]');
		const isLocator = item.querySelector('[data-test-id="rlc-mode-selector"], [data-test-id="resource-locator-' + name + '"]');
		fields.push({ name, label: text, ...(isList && !isLocator ? { choices: entriesOf(isList) } : {}) });
	}
	return { fields, collections };
})()`;

export async function readPanel(page: Page): Promise<ShownPanel | undefined> {
	const read = await page.evaluate<ShownPanel | undefined>(READ);
	for (const { choices } of read?.fields ?? []) if (choices?.at(-1) === CUSTOM_CALL) choices.pop();
	return read;
}

/** What is not as it has to be, a line for each. */
export function differences(wanted: AskedPanel, shown: ShownPanel): string[] {
	const labels = (fields: readonly Asked[]): string => fields.map(({ label }) => label).join(', ');
	const lines: string[] = [];
	const compare = (what: string, found: string | undefined, expected: string | undefined): void => {
		if (found !== expected) lines.push(`${what}: ${found ?? 'none'}\n  and not: ${expected ?? 'none'}`);
	};
	compare('asks for', labels(shown.fields), labels(wanted.fields));
	for (const { label, choices } of wanted.fields) {
		const found = shown.fields.find((field) => field.label === label);
		// what is not there is told already
		if (found) compare(`${label} offers`, found.choices?.join(', '), choices?.join(', '));
	}
	for (const name of new Set([...Object.keys(wanted.collections), ...Object.keys(shown.collections)]))
		compare(
			`${name} has`,
			shown.collections[name]?.slice().sort().join(', '),
			wanted.collections[name]?.slice().sort().join(', '),
		);
	return lines;
}

import { strict as assert } from 'node:assert';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readExample, REPOSITORY, type Checks, type Credential, type N8nApi, type WorkflowFile } from './harness';
import type { Editor } from './harness/browser';

/** The recipes of examples/ as n8n's canvas shows them: a picture of each, and nothing wrong in it. */

/** Of n8n's own size: small enough for a page, large enough to read the notes. */
const ZOOM = 0.75;
const MARGIN = 24;
const MAX_BYTES = 100_000;
const BEST_QUALITY = 80;
/** n8n's bars around the canvas. */
const SURROUND = { width: 400, height: 300 };
/** A node with what is written beside and under it, in n8n's units. */
const NODE = { width: 256, height: 176 };

const isNote = ({ type }: { type: string }): boolean => type.endsWith('.stickyNote');
const isRecipe = ({ nodes }: WorkflowFile): boolean =>
	nodes.some(({ parameters }) => String(parameters.content).includes('### How it works'));

/** What a workflow takes up, in n8n's units. */
function sizeOf({ nodes }: WorkflowFile): { width: number; height: number } {
	const boxes = nodes.map((node) => {
		const [left, top] = node.position as [number, number];
		const { width, height } = isNote(node) ? (node.parameters as typeof NODE) : NODE;
		return { left, top, right: left + width, bottom: top + height };
	});
	const { left, top, right, bottom } = around(boxes);
	return { width: right - left, height: bottom - top };
}

interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** Something on the canvas, in pixels. */
interface Shown {
	name: string;
	/** The node itself and what is written under it; of a note, the note. */
	boxes: Box[];
	/** Pixels of a note's text that do not fit into it. */
	hidden: number;
}

const around = (boxes: readonly Box[]): Box => ({
	left: Math.min(...boxes.map(({ left }) => left)),
	top: Math.min(...boxes.map(({ top }) => top)),
	right: Math.max(...boxes.map(({ right }) => right)),
	bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
});

const isApart = (one: Box, other: Box): boolean =>
	one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;

/** A text, because it runs in the page, whose types this program does not have. */
async function lookAt(editor: Editor): Promise<Shown[]> {
	return await editor.page.evaluate(`(() => {
		const boxOf = (element) => {
			const { left, top, right, bottom } = element.getBoundingClientRect();
			return { left, top, right, bottom };
		};
		const all = (selector, from = document) => [...from.querySelectorAll(selector)];
		return [
			...all('[data-test-id="canvas-node"]').map((element) => ({
				name: element.getAttribute('data-node-name'),
				boxes: [element, ...all('[data-test-id="canvas-default-node"], [class*="description"]', element)]
					.map(boxOf)
					.filter(({ left, right, top, bottom }) => right > left && bottom > top),
				hidden: 0,
			})),
			...all('[data-test-id="sticky"]').map((element) => ({
				name: element.innerText.trim().split('\\n')[0],
				boxes: [boxOf(element)],
				hidden: Math.max(...[element, ...all('*', element)].map((one) => one.scrollHeight - one.clientHeight)),
			})),
		];
	})()`);
}

/** Credentials of every kind that the recipes name: n8n marks a node without one red. */
async function credentialsFor(
	api: N8nApi,
	workflows: readonly WorkflowFile[],
	have: readonly Credential[],
): Promise<Credential[]> {
	const named = new Map(
		workflows.flatMap(({ nodes }) =>
			nodes.flatMap(({ credentials = {} }) =>
				Object.entries(credentials).map(([type, { name }]) => [type, name] as const),
			),
		),
	);
	const all = [...have];
	for (const [type, name] of named)
		if (all.every((one) => one.type !== type)) all.push(await api.createCredential(name, type, {}));
	return all;
}

/** As good as fits. Chromium makes WebP itself, so that no other program is needed. */
async function pictureOf({ page }: Editor, { left, top, right, bottom }: Box): Promise<Buffer> {
	const session = await page.context().newCDPSession(page);
	const clip = { x: left, y: top, width: right - left, height: bottom - top, scale: 1 };
	let picture: Buffer;
	let quality = BEST_QUALITY;
	do {
		const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality, clip });
		picture = Buffer.from(data, 'base64');
		quality -= 10;
	} while (picture.length > MAX_BYTES && quality > 0);
	await session.detach();
	return picture;
}

/**
 * @param have credentials that n8n has
 * @param folder gets the pictures
 */
export async function checkPictures(
	checks: Checks,
	{ api, editor, have, folder }: { api: N8nApi; editor: Editor; have: readonly Credential[]; folder: string },
): Promise<void> {
	const recipes = readdirSync(join(REPOSITORY, 'examples'))
		.filter((file) => file.endsWith('.json'))
		.map((file) => ({ file, workflow: readExample(file) }))
		.filter(({ workflow }) => isRecipe(workflow));
	let credentials: Credential[] | undefined;
	mkdirSync(folder, { recursive: true });
	for (const { file, workflow } of recipes)
		await checks.check(
			`the canvas of ${file}: every note can be read, nothing covers another, no red mark`,
			async () => {
				const { page } = editor;
				credentials ??= await credentialsFor(
					api,
					recipes.map((recipe) => recipe.workflow),
					have,
				);
				const { id } = await api.importWorkflow(workflow, credentials);
				const { width, height } = sizeOf(workflow);
				await page.setViewportSize({
					width: Math.ceil(width * ZOOM + SURROUND.width),
					height: Math.ceil(height * ZOOM + SURROUND.height),
				});
				await editor.openWorkflow(id);
				await editor.fitCanvas();
				await editor.hideControls();
				const shown = await lookAt(editor);
				const { left, top, right, bottom } = around(shown.flatMap(({ boxes }) => boxes));
				writeFileSync(
					join(folder, file.replace(/\.json$/, '.webp')),
					await pictureOf(editor, {
						left: left - MARGIN,
						top: top - MARGIN,
						right: right + 2 * MARGIN,
						bottom: bottom + MARGIN,
					}),
				);
				assert.deepEqual(shown.map(({ name }) => name).length, workflow.nodes.length);
				assert.deepEqual(await editor.nodeIssues(), []);
				assert.deepEqual(
					shown.filter(({ hidden }) => hidden > 0),
					[],
					'text that does not fit its note',
				);
				const covering = shown.flatMap((one, index) =>
					shown
						.slice(index + 1)
						.filter((other) => !one.boxes.every((box) => other.boxes.every((its) => isApart(box, its))))
						.map((other) => `${one.name} and ${other.name}`),
				);
				assert.deepEqual(covering, []);
			},
		);
}

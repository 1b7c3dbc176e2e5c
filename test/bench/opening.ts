import { basename } from 'node:path';

import type { Page } from 'playwright-core';

import {
	chain,
	endAll,
	ensureBuilt,
	ensureInstalled,
	N8n,
	OWNER,
	REPOSITORY,
	viduNode,
	type Say,
} from '../e2e/harness';
import { Editor } from '../e2e/harness/browser';
import { median, targetTable, trim, type Row, type Table } from './report';

/**
 * How long a user waits for the panel: in a real n8n and headless Chromium, from the double click on the node until the last
 * parameter is there. Whatever is compared is opened in turns, so that other work on the machine meets all alike.
 */

const OPENINGS = 15;
/** The first ones load n8n's own code of the panel. */
const WARM_UP = 3;
/** As many parameters for as long: nothing more comes. */
const QUIET_MS = 600;
const TIMES_BEFORE = 1.2;
const TIMES_PEER = 2;

const OURS = 'Vidu';
/** n8n's own node for the same work that has the most parameters. */
const PEER = { name: 'Gemini', type: '@n8n/n8n-nodes-langchain.googleGemini', typeVersion: 1.2 };

interface Opening {
	/** On the clock of the wall. */
	shownMs: number;
	/** That the page's main thread worked for it. */
	cpuMs: number;
	parameters: number;
}

/** One node in one n8n. */
class Panel {
	readonly openings: Opening[] = [];

	constructor(
		private readonly editor: Editor,
		readonly node: string,
	) {}

	async open(): Promise<void> {
		const { page } = this.editor;
		const session = await page.context().newCDPSession(page);
		await session.send('Performance.enable', { timeDomain: 'threadTicks' });
		const cpuMs = async (): Promise<number> => {
			const { metrics } = await session.send('Performance.getMetrics');
			return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
		};
		const beganMs = await cpuMs();
		await watch(page);
		await this.editor.openNode(this.node);
		const { shownMs, parameters } = await page.evaluate<{ shownMs: number; parameters: number }>('window.panelIsShown');
		this.openings.push({ shownMs, parameters, cpuMs: (await cpuMs()) - beganMs });
		await session.detach();
		await this.editor.closeNode();
	}

	get medians(): Opening {
		const warm = this.openings.slice(WARM_UP);
		const of = (what: (opening: Opening) => number): number => median(warm.map(what));
		return {
			shownMs: of(({ shownMs }) => shownMs),
			cpuMs: of(({ cpuMs }) => cpuMs),
			parameters: of(({ parameters }) => parameters),
		};
	}
}

/** Begins to count at the next double click. A text, because it runs in the page, whose types this program does not have. */
async function watch(page: Page): Promise<void> {
	await page.evaluate(`void (window.panelIsShown = new Promise((resolve) => {
		document.addEventListener('dblclick', (event) => {
			let parameters = 0;
			let grewMs = event.timeStamp;
			const look = () => {
				const found = document.querySelectorAll('[data-test-id="node-parameters"] [data-test-id^="parameter-input-"]').length;
				if (found !== parameters) [parameters, grewMs] = [found, performance.now()];
			};
			const watching = new MutationObserver(look);
			watching.observe(document.body, { childList: true, subtree: true });
			const asking = setInterval(() => {
				if (parameters === 0 || performance.now() - grewMs < ${QUIET_MS}) return;
				clearInterval(asking);
				watching.disconnect();
				resolve({ shownMs: grewMs - event.timeStamp, parameters });
			}, 100);
		}, { capture: true, once: true });
	}))`);
}

/** n8n with this build of the package, and both nodes on its canvas. */
async function openEditor(packageFolder: string, say: Say): Promise<Editor> {
	const n8n = await N8n.start({ installation: await ensureInstalled({ say }), packageFolder, say });
	await n8n.api.signIn(OWNER);
	const { id } = await n8n.api.importWorkflow(
		chain('Panels', [viduNode({}, { name: OURS }), { ...PEER, parameters: { resource: 'video' } }]),
	);
	const editor = await Editor.open(n8n);
	await editor.openWorkflow(id);
	return editor;
}

/** @param before the folder of an older build, to be measured beside this one */
export async function measureOpening(say: Say, before?: string): Promise<Table> {
	await ensureBuilt(say);
	try {
		const editor = await openEditor(REPOSITORY, say);
		const ours = new Panel(editor, OURS);
		const peer = new Panel(editor, PEER.name);
		const older = before === undefined ? undefined : new Panel(await openEditor(before, say), OURS);
		const panels = [ours, peer, ...(older ? [older] : [])];
		for (let turn = 0; turn < OPENINGS + WARM_UP; turn += 1) for (const panel of panels) await panel.open();
		return targetTable(
			'Opening the panel',
			[
				`The Vidu node set to Text to Video in a real n8n and headless Chromium: from the double click on the canvas until the last parameter is there, the median of ${OPENINGS} openings after ${WARM_UP} that warm up. CPU is what the page's main thread worked for it: other work on the machine changes it less, so it counts. What is compared is opened in turns. \`npm run bench -- --only opening --before FOLDER\` compares with another build of this package too.`,
			],
			[
				compare("n8n's own Google Gemini node, Video → Generate", ours, peer, TIMES_PEER),
				...(older ? [compare(`the build in ${basename(before ?? '')}`, ours, older, TIMES_BEFORE)] : []),
			],
		);
	} finally {
		await endAll();
	}
}

function compare(what: string, one: Panel, other: Panel, times: number): Row {
	const [ours, theirs] = [one.medians, other.medians];
	const tell = ({ shownMs, cpuMs, parameters }: Opening): string =>
		`${trim(shownMs)} ms (CPU ${trim(cpuMs)} ms, ${parameters} parameters)`;
	return {
		what: `The Vidu node's panel beside that of ${what}`,
		target: `≤ ${times} × in CPU time`,
		measured: `${tell(ours)} beside ${tell(theirs)}: ${trim(ours.cpuMs / theirs.cpuMs)} × (${trim(ours.shownMs / theirs.shownMs)} × on the clock)`,
		ok: ours.cpuMs <= times * theirs.cpuMs,
	};
}

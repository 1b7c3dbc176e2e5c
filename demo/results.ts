import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

import type { Journal } from '../test/emulator';
import {
	errorOf,
	inspectMp4,
	itemsOf,
	messageOf,
	REPOSITORY,
	type BinaryFile,
	type Execution,
	type Mp4Facts,
	type N8nApi,
	type Say,
} from '../test/e2e/harness';
import { checksumOf, findMixUps, type Clip } from './mixUps';

/** One clip that the workflow was to make. */
export interface Result extends Clip {
	status: string;
	waitedSeconds?: number;
	message?: string;
	video?: BinaryFile;
	file?: string;
	facts?: Mp4Facts;
	/** why the file does not play */
	fault?: string;
}

/** One entry for every product and clip node, also where nothing came back. */
export function collectResults(execution: Execution, clipNodes: readonly string[]): Result[] {
	const products = itemsOf(execution, 'Each Product').map(({ json }) => ({
		product: String(json.name),
		image: String(json.startImage),
	}));
	return clipNodes.flatMap((node) => {
		const items = itemsOf(execution, node);
		return products.map(({ product, image }, index): Result => {
			const item = items[index];
			if (!item)
				return { product, image, node, status: 'missing', taskId: '', message: 'the node put out no item for it' };
			const { status, taskId, waitedSeconds, error, details } = item.json as Record<string, unknown> & {
				details?: Record<string, unknown>;
			};
			return {
				product,
				image,
				node,
				status: String(status ?? details?.status ?? 'failed'),
				taskId: String(taskId ?? details?.taskId ?? ''),
				waitedSeconds: typeof waitedSeconds === 'number' ? waitedSeconds : undefined,
				message: error === undefined ? undefined : String(error),
				video: item.binary?.data,
			};
		});
	});
}

/** Fetches every video out of n8n, keeps it under `folder`, and looks whether it plays. */
export async function saveVideos(api: N8nApi, results: readonly Result[], folder: string): Promise<Result[]> {
	const done: Result[] = [];
	for (const result of results) {
		if (!result.video) {
			done.push(result);
			continue;
		}
		const file = join(folder, `${slug(`${result.product} ${result.node}`)}.mp4`);
		rmSync(file, { force: true });
		try {
			await api.saveBinary(result.video, file);
			const bytes = readFileSync(file);
			done.push({ ...result, file, checksum: checksumOf(bytes), facts: inspectMp4(bytes) });
		} catch (error) {
			done.push({ ...result, file, fault: messageOf(error) });
		}
	}
	return done;
}

/**
 * @param journal the emulator's; absent when a service is a real one
 * @returns the exit code: 0 only if every video arrived, plays and is that of its product, as far as that can be told
 */
export function printResults(execution: Execution, results: readonly Result[], say: Say, journal?: Journal): number {
	const lines = results.map(({ product, node, status, taskId, waitedSeconds, file, facts, fault, message }) => [
		product,
		node,
		status,
		taskId,
		waitedSeconds === undefined ? '' : `${waitedSeconds.toFixed(1)} s`,
		facts
			? `${facts.width}x${facts.height} ${facts.codec}, ${facts.durationSeconds.toFixed(1)} s, ${Math.ceil(facts.sizeBytes / 1024)} kB`
			: (fault ?? message ?? 'no video'),
		file ? relative(REPOSITORY, file) : '',
	]);
	say('');
	table(['Product', 'Clip', 'Status', 'Task', 'Waited', 'Video', 'File'], lines).forEach(say);
	say('');

	const problems: string[] = [];
	if (execution.status !== 'success')
		problems.push(`the execution ended as "${execution.status}": ${errorOf(execution)?.message ?? 'no reason given'}`);
	if (results.length === 0) problems.push('the workflow was to make no video at all');
	const playing = results.filter(({ status, facts }) => status === 'succeeded' && facts);
	if (playing.length < results.length)
		problems.push(`${results.length - playing.length} of ${results.length} videos did not arrive or do not play`);
	const rows = itemsOf(execution, 'Results').map(({ json }) => ({
		product: String(json.product),
		taskId: String(json.taskId),
	}));
	problems.push(...findMixUps(results, rows, { isReal: journal === undefined }));
	if (journal) {
		const { created, keyLeaks } = journal.counts();
		if (created !== results.length) problems.push(`${created} tasks were created for ${results.length} videos`);
		if (keyLeaks > 0) problems.push(`the API key was sent to a foreign host ${keyLeaks} times`);
	}
	problems.forEach((problem) => say(`Not well: ${problem}`));
	if (problems.length > 0) return 1;
	say(
		journal
			? `All ${results.length} videos arrived and play, each the demo clip of its product.`
			: `All ${results.length} videos arrived and play, each in the row of its product. What they show, only you can see: open them.`,
	);
	return 0;
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] {
	const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
	const line = (cells: readonly string[]) =>
		`  ${cells
			.map((cell, column) => cell.padEnd(widths[column]))
			.join('  ')
			.trimEnd()}`;
	return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)];
}

function slug(text: string): string {
	return text
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-|-$/g, '');
}

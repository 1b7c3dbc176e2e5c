import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { WorkflowFile, WorkflowNode } from './api';
import { REPOSITORY } from './paths';

/** Stands in the examples where a shop's own images go. */
export const EXAMPLE_IMAGES = 'https://example.com/images';

export const PACKAGE = 'n8n-nodes-vidu-cogvideox';

export function readExample(file: string): WorkflowFile {
	return JSON.parse(readFileSync(join(REPOSITORY, 'examples', file), 'utf8')) as WorkflowFile;
}

/** The workflow with its image links pointing elsewhere. */
export function withImages<T extends WorkflowFile>(workflow: T, from: string, to: string): T {
	return JSON.parse(JSON.stringify(workflow).replaceAll(`${from}/`, `${to}/`)) as T;
}

/** Names of the package's own nodes, in the order they stand in the file. */
export function ourNodes(workflow: WorkflowFile): string[] {
	return workflow.nodes.filter(({ type }) => type.startsWith(`${PACKAGE}.`)).map(({ name }) => name);
}

/** The workflow with more `limits` in each of the package's nodes, for example a short poll interval. */
export function withLimits<T extends WorkflowFile>(workflow: T, limits: Record<string, unknown>): T {
	const nodes = workflow.nodes.map((node) =>
		node.type.startsWith(`${PACKAGE}.`)
			? { ...node, parameters: { ...node.parameters, limits: { ...(node.parameters.limits as object), ...limits } } }
			: node,
	);
	return { ...workflow, nodes };
}

type Part = Partial<WorkflowNode> & { type: string };

/** A workflow whose nodes stand in a row, each fed by the one before. A node without a name gets its type's. */
export function chain(name: string, parts: readonly Part[], settings: Record<string, unknown> = {}): WorkflowFile {
	const nodes: WorkflowNode[] = parts.map((part, index) => ({
		id: `node-${index}`,
		name: part.type.split('.').pop()!,
		typeVersion: 1,
		position: [index * 208, 0],
		parameters: {},
		...part,
	}));
	const connections = Object.fromEntries(
		nodes
			.slice(0, -1)
			.map((node, index) => [node.name, { main: [[{ node: nodes[index + 1].name, type: 'main', index: 0 }]] }]),
	);
	return { name, nodes, connections, settings: { executionOrder: 'v1', ...settings } };
}

export const manualTrigger: Part = { type: 'n8n-nodes-base.manualTrigger', name: 'Start' };

/** Answers at once, runs on: executions start in n8n's production mode. */
export function webhookTrigger(path: string): Part {
	return {
		type: 'n8n-nodes-base.webhook',
		name: 'Start',
		typeVersion: 2,
		webhookId: path,
		parameters: { httpMethod: 'POST', path, options: {} },
	};
}

/** Puts out one item for each of these objects. */
export function listOf(items: readonly Record<string, unknown>[]): Part[] {
	return [
		{
			type: 'n8n-nodes-base.set',
			name: 'List',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ items }), options: {} },
		},
		{ type: 'n8n-nodes-base.splitOut', name: 'Items', parameters: { fieldToSplitOut: 'items', options: {} } },
	];
}

/** The Vidu node; a text to a video unless told. */
export function viduNode(parameters: Record<string, unknown> = {}, part: Partial<WorkflowNode> = {}): Part {
	return {
		type: `${PACKAGE}.vidu`,
		name: 'Vidu',
		credentials: { viduApi: { id: null, name: 'Vidu API' } },
		parameters: {
			provider: 'vidu',
			resource: 'video',
			operation: 'textToVideo',
			model: 'viduq3-turbo',
			prompt: 'A paper boat on a rainy street',
			duration: 5,
			resolution: '720p',
			waitForCompletion: true,
			downloadVideo: true,
			options: {},
			...parameters,
		},
		...part,
	};
}

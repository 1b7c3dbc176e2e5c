import { createHash } from 'node:crypto';

import {
	EXAMPLE_IMAGES,
	N8nRefused,
	readExample,
	withImages,
	type Credential,
	type N8nApi,
	type SavedWorkflow,
	type WorkflowFile,
} from '../test/e2e/harness';
import type { DataFolder } from './data';

/** The sample workflow in n8n: the one from the last start with whatever was changed in it, else (or when the example is newer) a new import. */
export async function putCatalogueWorkflow(
	api: N8nApi,
	credentials: readonly Credential[],
	images: string,
	data?: DataFolder,
): Promise<SavedWorkflow> {
	const example = readExample('product-catalogue-to-video.json');
	const exampleHash = createHash('sha256').update(JSON.stringify(example)).digest('hex');
	const memory = data?.memory ?? {};
	const kept = memory.exampleHash === exampleHash ? await find(api, memory.workflowId) : undefined;
	const workflow =
		kept && memory.images
			? await api.updateWorkflow(withImages(kept, memory.images, images))
			: await api.importWorkflow(withImages(example, EXAMPLE_IMAGES, images), credentials);
	data?.remember({ ...memory, workflowId: workflow.id, exampleHash, images });
	return workflow;
}

async function find(api: N8nApi, id?: string): Promise<SavedWorkflow | undefined> {
	if (id === undefined) return undefined;
	try {
		const workflow = await api.workflow(id);
		return workflow.isArchived ? undefined : workflow;
	} catch (error) {
		if (error instanceof N8nRefused && [403, 404].includes(error.statusCode)) return undefined; // deleted in the editor
		throw error;
	}
}

/** Reads, from the workflow's list of products, which product a prompt belongs to. A prompt that is in no list is its own name, shortened. */
export function productNamer(workflow: WorkflowFile): (prompt: string) => string {
	const names = new Map<string, string>();
	const list = workflow.nodes.find((node) => node.name === 'Products')?.parameters.jsonOutput;
	for (const product of productsIn(list)) {
		for (const value of Object.values(product)) names.set(value, product.name);
	}
	return (prompt) => names.get(prompt) ?? (prompt.length > 40 ? `${prompt.slice(0, 39)}…` : prompt);
}

function productsIn(list: unknown): Array<Record<string, string>> {
	try {
		return (JSON.parse(String(list)) as { products: Array<Record<string, string>> }).products;
	} catch {
		return []; // edited into an expression, or away
	}
}

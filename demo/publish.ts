import type { N8nApi, SavedWorkflow } from '../test/e2e/harness';

export const SHOPIFY_TRIGGER = 'n8n-nodes-base.shopifyTrigger';

/** What of n8n's interface publishing needs. */
type Publishing = Pick<N8nApi, 'workflows' | 'workflow' | 'activate' | 'deactivate'>;

/**
 * Has every published workflow that waits for the shop register with it again, for the shop forgets with each start of the demo
 * which addresses it was given. The demo's own recipe is published too, unless somebody published a copy of it: n8n takes a
 * trigger's path once.
 * @returns the workflow that the shop's products go to
 */
export async function publishForShop(api: Publishing, own: SavedWorkflow): Promise<SavedWorkflow> {
	const published: SavedWorkflow[] = [];
	for (const { id } of await api.workflows()) {
		if (id === own.id) continue;
		const workflow = await api.workflow(id);
		if (workflow.active && pathsOf(workflow).length > 0) published.push(workflow);
	}
	for (const workflow of published) await republish(api, workflow);
	const copy = published.find((workflow) => pathsOf(workflow).some((path) => pathsOf(own).includes(path)));
	return copy ?? (await republish(api, own));
}

async function republish(api: Publishing, workflow: SavedWorkflow): Promise<SavedWorkflow> {
	if (workflow.active) await api.deactivate(workflow.id);
	// what is published stays so: changes since then wait for the person who made them
	const versionId = workflow.activeVersionId ?? workflow.versionId;
	return await api.activate({ ...workflow, versionId });
}

const pathsOf = ({ nodes }: SavedWorkflow): string[] =>
	nodes.filter(({ type }) => type === SHOPIFY_TRIGGER).map(({ webhookId }) => String(webhookId));

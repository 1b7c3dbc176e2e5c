import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { INode } from 'n8n-workflow';

import { descriptionOf, strayParameters, type Described } from '../../recipes/parameters';
import { readExample, REPOSITORY, type Checks } from '../harness';
import type { RecipeWorld } from './world';

/** n8n's own nodes change with n8n: what a recipe sets has to be what this n8n's nodes show. Ours are held to it by a unit test. */
export async function checkParameters(checks: Checks, { api }: RecipeWorld): Promise<void> {
	await checks.check('every node of every example is known to n8n, with all that is set in it', async () => {
		const types = (await api.nodeTypes()) as unknown as Described[];
		const files = readdirSync(join(REPOSITORY, 'examples')).filter((file) => file.endsWith('.json'));
		const strays = files.flatMap((file) =>
			(readExample(file).nodes as unknown as INode[]).flatMap((node) => {
				const description = descriptionOf(node, types);
				const found = description ? strayParameters(node, description) : [`no ${node.type} ${node.typeVersion}`];
				return found.map((path) => `${file}, ${node.name}: ${path}`);
			}),
		);
		assert.deepEqual(strays, []);
	});
}

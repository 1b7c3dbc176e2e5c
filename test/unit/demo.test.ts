import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checksumOf, findMixUps, type Clip } from '../../demo/mixUps';
import { publishForShop, SHOPIFY_TRIGGER } from '../../demo/publish';
import { N8nRefused, type SavedWorkflow } from '../e2e/harness/api';
import { PRODUCTS } from '../emulator';
import { ASSETS } from '../emulator/cdn';

const fileChecksum = (file: string): string => checksumOf(readFileSync(join(ASSETS, file)));

/** Two clips of every product, each that of its product, and the row that the workflow's table has for each. */
function wellPaired() {
	const clips: Clip[] = ['Image in Motion', 'Text in Motion'].flatMap((node) =>
		PRODUCTS.map(({ name, image, clip }) => ({
			product: name,
			image: `https://example.com/images/${image}`,
			node,
			taskId: `${name} ${node}`,
			checksum: fileChecksum(clip.video),
		})),
	);
	return { clips, rows: clips.map(({ product, taskId }) => ({ product, taskId })) };
}

describe("the demo's check for mixed-up results", () => {
	test('is content with clips that are those of their products', () => {
		const { clips, rows } = wellPaired();
		expect(findMixUps(clips, rows)).toEqual([]);
	});

	test('names both clips when two are swapped', () => {
		const { clips, rows } = wellPaired();
		[clips[3].checksum, clips[5].checksum] = [clips[5].checksum, clips[3].checksum];
		expect(findMixUps(clips, rows)).toEqual([
			'Runner sneaker, Text in Motion: the file is the clip of Globe lamp',
			'Globe lamp, Text in Motion: the file is the clip of Runner sneaker',
		]);
	});

	test('notices one clip that stands for every product', () => {
		const { clips, rows } = wellPaired();
		for (const clip of clips) clip.checksum = fileChecksum('video.mp4');
		expect(findMixUps(clips, rows)).toEqual(
			clips.map(({ product, node }) => `${product}, ${node}: the file is not the clip of ${product}`),
		);
	});

	test('wants the neutral clip for a product that has none of its own', () => {
		const clip = {
			product: 'Paper boat',
			image: 'https://shop.example/boat.jpg',
			node: 'Text in Motion',
			taskId: '1',
		};
		const rows = [{ product: 'Paper boat', taskId: '1' }];
		expect(findMixUps([{ ...clip, checksum: fileChecksum('demo.mp4') }], rows)).toEqual([]);
		expect(findMixUps([{ ...clip, checksum: fileChecksum('mug.mp4') }], rows)).toEqual([
			'Paper boat, Text in Motion: the file is the clip of Morning mug',
		]);
	});

	test('notices a row of the table that gives a task to another product, or to none', () => {
		const { clips, rows } = wellPaired();
		rows[0].product = 'Globe lamp';
		rows.splice(4, 1);
		expect(findMixUps(clips, rows)).toEqual([
			'Runner sneaker, Image in Motion: its task Runner sneaker Image in Motion is in the table as Globe lamp',
			'Morning mug, Text in Motion: its task Morning mug Text in Motion is not in the table',
		]);
	});

	test('leaves the files alone where they are real videos, but not the table', () => {
		const { clips, rows } = wellPaired();
		clips.forEach((clip, index) => (clip.checksum = String(index % 2)));
		rows[1].product = 'Globe lamp';
		expect(findMixUps(clips, rows, { isReal: true })).toEqual([
			'Morning mug, Image in Motion: its task Morning mug Image in Motion is in the table as Globe lamp',
		]);
	});
});

describe('what the demo publishes for its shop', () => {
	const recipe = (id: string, path: string, active: boolean): SavedWorkflow => ({
		id,
		name: id,
		versionId: `${id} draft`,
		activeVersionId: active ? `${id} published` : null,
		active,
		connections: {},
		nodes: [{ name: 'Changed', type: SHOPIFY_TRIGGER, parameters: {}, webhookId: path }],
	});

	/** Keeps the rule of n8n on which the demo once died: a path belongs to one published workflow. */
	function n8nWith(...workflows: SavedWorkflow[]) {
		const calls: string[] = [];
		const workflow = async (id: string) => await Promise.resolve(workflows.find((one) => one.id === id)!);
		return {
			calls,
			workflow,
			workflows: async () => await Promise.resolve(workflows),
			deactivate: async (id: string) => {
				calls.push(`unpublish ${id}`);
				(await workflow(id)).active = false;
			},
			activate: async ({ id, versionId }: SavedWorkflow) => {
				const one = await workflow(id);
				const isTaken = workflows.some(
					(other) => other !== one && other.active && other.nodes[0].webhookId === one.nodes[0].webhookId,
				);
				if (isTaken) throw new N8nRefused('POST', id, 409, 'There is a conflict with one of the webhooks.');
				calls.push(`publish ${versionId}`);
				return Object.assign(one, { active: true, activeVersionId: versionId });
			},
		};
	}

	test('is its recipe, at the first start and again at the next', async () => {
		const own = recipe('own', 'a', false);
		const api = n8nWith(own);
		expect((await publishForShop(api, { ...own })).id).toBe('own');
		expect((await publishForShop(api, { ...own })).id).toBe('own');
		expect(api.calls).toEqual(['publish own draft', 'unpublish own', 'publish own draft']);
	});

	test('is the copy of it that somebody imported and published instead', async () => {
		const own = recipe('own', 'a', false);
		const api = n8nWith(own, recipe('copy', 'a', true));
		expect((await publishForShop(api, { ...own })).id).toBe('copy');
		expect(api.calls).toEqual(['unpublish copy', 'publish copy published']);
	});

	test('are other workflows that wait for the shop as well, as far as they were published', async () => {
		const own = recipe('own', 'a', true);
		const api = n8nWith(own, recipe('film', 'b', true), recipe('unfinished', 'c', false));
		expect((await publishForShop(api, { ...own })).id).toBe('own');
		expect(api.calls).toEqual(['unpublish film', 'publish film published', 'unpublish own', 'publish own published']);
	});
});

import type { IExecuteFunctions } from 'n8n-workflow';

import { KeyDesk } from '../../core/orderKeys/desk';
import type { SeenStore } from '../../core/orderKeys/store';
import { systemClock } from './clock';

/**
 * n8n's store for seen values: one row of its database for each workflow and node, shared by all processes and kept for
 * manual runs too. n8n keeps hashes only. Another node, also a copy of this one, has another row.
 */

const MODE = { mode: 'entries' } as const;

/** Older versions of n8n, and some ways to run a node, have none. */
export function canKeepKeys({ helpers }: IExecuteFunctions): boolean {
	const { checkProcessedAndRecord, removeProcessed }: Partial<IExecuteFunctions['helpers']> = helpers;
	return typeof checkProcessedAndRecord === 'function' && typeof removeProcessed === 'function';
}

export function keyStoreOf({ helpers }: IExecuteFunctions): SeenStore {
	return {
		async record(values, maxEntries) {
			const { processed } = await helpers.checkProcessedAndRecord([...values], 'node', { ...MODE, maxEntries });
			return new Set(processed.map(String));
		},
		async remove(values) {
			await helpers.removeProcessed([...values], 'node', MODE);
		},
	};
}

/** Forgets every key of this node. */
export async function clearKeys({ helpers }: IExecuteFunctions): Promise<void> {
	await helpers.clearAllProcessedItems('node', MODE);
}

/** All executions of a node in this process stand at one desk. Gone when nobody is left. */
const desks = new Map<string, KeyDesk>();

export function keyDeskOf(context: IExecuteFunctions): KeyDesk {
	const name = JSON.stringify([context.getWorkflow().id, context.getNode().id]);
	let desk = desks.get(name);
	if (!desk) {
		desk = new KeyDesk(systemClock, () => desks.delete(name));
		desks.set(name, desk);
	}
	return desk;
}

import { createHash } from 'node:crypto';

import { DataDeduplicationService } from 'n8n-core';
import type { DeduplicationItemTypes, ICheckProcessedContextData, IDataDeduplicator } from 'n8n-workflow';

/**
 * n8n's store for seen values, which lives in the package n8n: here with its rows in memory. Like n8n's it reads a row,
 * changes it and writes it back without a lock, and tells whoever is second to write the first row.
 */
export class SeenValues implements IDataDeduplicator {
	/** By workflow and node: hashes. */
	readonly rows = new Map<string, string[]>();
	/** Between reading and writing. */
	delayMs = 2;
	calls = 0;
	/** Every call fails like this. */
	fault: string | undefined;

	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		scope: string,
		context: ICheckProcessedContextData,
		{ maxEntries }: { maxEntries?: number },
	) {
		const name = await this.begin(scope, context);
		const read = this.rows.get(name);
		const data = [...(read ?? [])];
		const had = new Set(data);
		const isSeen = (item: DeduplicationItemTypes) => had.has(hashOf(item));
		for (const item of items) if (!isSeen(item)) data.push(hashOf(item));
		if (maxEntries) data.splice(0, data.length - maxEntries);
		await this.pass();
		if (!read && this.rows.has(name)) throw new Error('SQLITE_CONSTRAINT: UNIQUE constraint failed');
		if (!read || this.rows.has(name)) this.rows.set(name, data);
		return { new: items.filter((item) => !isSeen(item)), processed: items.filter(isSeen) };
	}

	async removeProcessed(items: DeduplicationItemTypes[], scope: string, context: ICheckProcessedContextData) {
		const name = await this.begin(scope, context);
		const read = this.rows.get(name);
		if (!read) return;
		const data = [...read];
		for (const hash of items.map(hashOf)) if (data.includes(hash)) data.splice(data.indexOf(hash), 1);
		await this.pass();
		if (this.rows.has(name)) this.rows.set(name, data);
	}

	async clearAllProcessedItems(scope: string, context: ICheckProcessedContextData) {
		this.rows.delete(await this.begin(scope, context));
	}

	async getProcessedDataCount() {
		return await Promise.resolve(0);
	}

	private async begin(scope: string, { workflow, node }: ICheckProcessedContextData): Promise<string> {
		this.calls += 1;
		if (this.fault !== undefined) throw new Error(this.fault);
		await this.pass();
		return `${workflow.id} ${scope === 'node' ? node?.id : ''}`;
	}

	private async pass(): Promise<void> {
		await new Promise((resolve) => setTimeout(resolve, this.delayMs));
	}
}

const hashOf = (value: DeduplicationItemTypes): string => createHash('md5').update(String(value)).digest('base64');

/** The store of this process: n8n has one, and wants no second. */
export const seenValues = new SeenValues();
void DataDeduplicationService.init(seenValues);

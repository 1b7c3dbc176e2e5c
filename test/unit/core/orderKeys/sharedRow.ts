import type { Clock } from '../../../../lib/core/clock';
import type { SeenStore } from '../../../../lib/core/orderKeys/store';
import type { VirtualClock } from '../../../emulator';

/**
 * n8n's store for seen values, as its code has it: one row for all processes, read as a whole and written as a whole,
 * without a lock. Each process has a way of its own to it, and takes its time.
 */
export class SharedRow {
	/** Undefined as long as there is no row. */
	values: string[] | undefined;
	writes = 0;

	constructor(private readonly clock: VirtualClock) {}

	/** @param delayMs before it reads, and between reading and writing; drawn anew for each */
	wayIn(delayMs: () => number, fails: () => boolean = () => false): SeenStore {
		const change = async (edit: (values: string[]) => void, isInsert: boolean): Promise<void> => {
			await this.clock.sleep(delayMs());
			const read = this.values && [...this.values];
			if (!read && !isInsert) return;
			const written = read ?? [];
			edit(written);
			await this.clock.sleep(delayMs());
			if (fails()) throw new Error('The database is locked');
			if (!read && this.values) throw new Error('UNIQUE constraint failed: processed_data.context');
			// an update of a row that is gone changes nothing
			if (read && !this.values) return;
			this.values = written;
			this.writes += 1;
		};
		return {
			record: async (values, maxEntries) => {
				const seen = new Set<string>();
				await change((row) => {
					const had = new Set(row);
					for (const value of values)
						if (had.has(value)) seen.add(value);
						else row.push(value);
					row.splice(0, row.length - maxEntries);
				}, true);
				return seen;
			},
			remove: async (values) =>
				await change((row) => {
					for (const value of values) if (row.includes(value)) row.splice(row.indexOf(value), 1);
				}, false),
		};
	}
}

/** What the code under test sees of the virtual clock. */
export const clockOf = (clock: VirtualClock, random: () => number): Clock => ({
	nowMs: () => clock.nowMs(),
	sleep: async (ms) => await clock.sleep(ms),
	random,
});

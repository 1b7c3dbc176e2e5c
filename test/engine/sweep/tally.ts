/** Counts per way to a provider, printed as a table. */

export const COLUMNS = [
	'rows',
	'accepted',
	'picked in the panel',
	'over HTTP',
	'refused',
	'left over',
	'pairs',
] as const;
export type Column = (typeof COLUMNS)[number];
export type Counts = Record<Column, number>;

export class Tally {
	private readonly lines = new Map<string, Counts>();

	add(way: string, column: Column, count: number): void {
		const line = this.lines.get(way) ?? noCounts();
		line[column] += count;
		this.lines.set(way, line);
	}

	/** Of one way, or of all. */
	counts(way?: string): Counts {
		const total = noCounts();
		for (const [name, line] of this.lines)
			if (way === undefined || way === name) for (const column of COLUMNS) total[column] += line[column];
		return total;
	}

	toString(): string {
		const rows = [...this.lines.keys(), 'in all'].map((way) => {
			const counts = this.counts(way === 'in all' ? undefined : way);
			return [way, ...COLUMNS.map((column) => String(counts[column]))];
		});
		const table = [['', ...COLUMNS], ...rows];
		const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)));
		return table
			.map(([way, ...cells]) => [
				way.padEnd(widths[0]),
				...cells.map((cell, column) => cell.padStart(widths[column + 1])),
			])
			.map((cells) => cells.join('  '))
			.join('\n');
	}
}

const noCounts = (): Counts => Object.fromEntries(COLUMNS.map((column) => [column, 0])) as Counts;

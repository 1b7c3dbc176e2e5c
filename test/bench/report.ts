/** Tables for people: on the terminal with aligned columns, in docs/benchmarks.md as Markdown. */

export interface Table {
	title: string;
	/** What was run and how, one paragraph each. */
	notes: string[];
	columns: string[];
	rows: string[][];
	/** Targets that were missed, in words. */
	missed: string[];
}

/** One figure against its target. */
export interface Row {
	what: string;
	target: string;
	measured: string;
	ok: boolean;
}

export function targetTable(title: string, notes: string[], rows: readonly Row[]): Table {
	return {
		title,
		notes,
		columns: ['What', 'Target', 'Measured', 'OK'],
		rows: rows.map(({ what, target, measured, ok }) => [what, target, measured, ok ? 'yes' : 'NO']),
		missed: rows.filter(({ ok }) => !ok).map(({ what, target, measured }) => `${what}: ${measured} (target ${target})`),
	};
}

export function toText({ title, columns, rows }: Table): string {
	const all = [columns, ...rows].map((row) => row.map((cell) => cell.replaceAll('**', '')));
	const widths = columns.map((_, at) => Math.min(72, Math.max(...all.map((row) => row[at].length))));
	const line = (row: string[]) =>
		row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at]))).join('  ');
	const [head, ...body] = all;
	return [`\n${title}`, line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}

export function toMarkdown({ title, notes, columns, rows }: Table): string {
	const line = (row: readonly string[]) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	return [`## ${title}`, ...notes, [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')].join(
		'\n\n',
	);
}

export const seconds = (ms: number): string => `${trim(ms / 1000)} s`;
export const megabytes = (bytes: number): string => `${trim(bytes / 1e6)} MB`;

/** About three digits: nobody asks for more. */
export function trim(value: number): string {
	const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
	const [whole, part] = String(Number(value.toFixed(digits))).split('.');
	return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part === undefined ? '' : `.${part}`);
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

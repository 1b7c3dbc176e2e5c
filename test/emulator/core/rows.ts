/** A table's row by a name from outside; "constructor" and its kin are not rows. */
export function findRow<Row>(table: Record<string, Row>, name: string): Row | undefined {
	return Object.hasOwn(table, name) ? table[name] : undefined;
}

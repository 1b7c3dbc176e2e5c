/** Who takes turns, one after the other: each goes behind the others after its own. */
export class Turns<Who> {
	private readonly row = new Set<Who>();

	get first(): Who | undefined {
		const [first] = this.row;
		return first;
	}

	get length(): number {
		return this.row.size;
	}

	has(who: Who): boolean {
		return this.row.has(who);
	}

	/** @returns false where it stands in the row already */
	add(who: Who): boolean {
		if (this.row.has(who)) return false;
		this.row.add(who);
		return true;
	}

	remove(who: Who): void {
		this.row.delete(who);
	}

	/** The first had its turn. @param isOn whether it wants another */
	pass(isOn: (who: Who) => boolean): void {
		const { first } = this;
		if (first === undefined) return;
		this.row.delete(first);
		if (isOn(first)) this.row.add(first);
	}
}

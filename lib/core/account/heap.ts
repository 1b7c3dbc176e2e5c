/** Keeps the first of many at hand: each push and pop takes time in proportion to the logarithm of their number. */
export class Heap<T> {
	private readonly nodes: T[] = [];

	/** @param compare negative where the first of two comes first; never 0, or their order is open */
	constructor(private readonly compare: (one: T, other: T) => number) {}

	get first(): T | undefined {
		return this.nodes[0];
	}

	get size(): number {
		return this.nodes.length;
	}

	/** Drops all others, in time in proportion to their number. */
	keep(isMeant: (node: T) => boolean): void {
		for (const node of this.nodes.splice(0)) if (isMeant(node)) this.push(node);
	}

	push(node: T): void {
		let at = this.nodes.length;
		this.nodes.push(node);
		while (at > 0) {
			const parent = (at - 1) >> 1;
			const above = this.nodes[parent];
			if (above === undefined || this.compare(above, node) <= 0) break;
			this.nodes[at] = above;
			at = parent;
		}
		this.nodes[at] = node;
	}

	pop(): T | undefined {
		const first = this.nodes[0];
		const last = this.nodes.pop();
		if (last !== undefined && this.nodes.length > 0) this.sink(last);
		return first;
	}

	/** Puts a node on top and lets it down to its place. */
	private sink(node: T): void {
		let at = 0;
		for (;;) {
			const left = this.nodes[2 * at + 1];
			const right = this.nodes[2 * at + 2];
			if (left === undefined) break;
			const isRight = right !== undefined && this.compare(right, left) < 0;
			const child = isRight ? right : left;
			if (this.compare(node, child) <= 0) break;
			this.nodes[at] = child;
			at = 2 * at + (isRight ? 2 : 1);
		}
		this.nodes[at] = node;
	}
}

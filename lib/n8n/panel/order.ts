/** Names of several lists, each once, in an order that is that of every list as far as possible. */
export function inOneOrder<Name>(lists: ReadonlyArray<readonly Name[]>): Name[] {
	const order: Name[] = [];
	for (const list of lists)
		list.forEach((name, index) => {
			if (order.includes(name)) return;
			const next = list.slice(index + 1).find((later) => order.includes(later));
			order.splice(next === undefined ? order.length : order.indexOf(next), 0, name);
		});
	return order;
}

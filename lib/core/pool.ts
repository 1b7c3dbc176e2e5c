/** Maps with at most `limit` under way, results in order. */
export async function mapPooled<In, Out>(
	entries: readonly In[],
	limit: number,
	map: (entry: In, index: number) => Promise<Out>,
): Promise<Out[]> {
	const results: Out[] = [];
	let next = 0;
	const worker = async (): Promise<void> => {
		while (next < entries.length) {
			const index = next;
			next += 1;
			results[index] = await map(entries[index], index);
		}
	};
	await Promise.all(Array.from({ length: Math.min(limit, entries.length) }, worker));
	return results;
}

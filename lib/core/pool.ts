/** Maps with at most `limit` under way, results in order. */
export async function mapPooled<In, Out>(
	entries: readonly In[],
	limit: number,
	map: (entry: In, index: number) => Promise<Out>,
): Promise<Out[]> {
	const results: Out[] = [];
	// shared by all workers, so each entry is taken once
	const rest = entries.entries();
	const worker = async (): Promise<void> => {
		for (const [index, entry] of rest) results[index] = await map(entry, index);
	};
	await Promise.all(Array.from({ length: Math.min(limit, entries.length) }, worker));
	return results;
}

/**
 * What a tool has ordered that n8n calls outside any execution. Its MCP Server Trigger does: it records an execution when the
 * call is over, a new one for each, so that the node's context forgets. A model that repeats its call would buy again.
 */

/** A model repeats itself within minutes; what is asked for later is another wish. */
const REMEMBERED_MS = 60 * 60_000;
/** Of one node: bounds the memory, whatever calls it. */
const MAX_CALLS = 1_000;

interface Memory {
	/** The ledger's, under "call:item". */
	readonly entries: Record<string, unknown>;
	/** Calls and when they began, oldest first. */
	readonly calls: Map<number, number>;
}

const memories = new Map<string, Memory>();
let calls = 0;

/**
 * A call begins.
 * @param node tells the node from all others of this n8n
 * @returns the entries that all calls of this node share, and the number of this call
 */
export function callMemoryOf(node: string, nowMs: number): { entries: Record<string, unknown>; call: number } {
	for (const [name, memory] of memories) {
		forgetOld(memory, nowMs);
		if (memory.calls.size === 0) memories.delete(name);
	}
	const memory = memories.get(node) ?? { entries: {}, calls: new Map<number, number>() };
	memories.set(node, memory);
	calls += 1;
	memory.calls.set(calls, nowMs);
	return { entries: memory.entries, call: calls };
}

function forgetOld({ entries, calls: begun }: Memory, nowMs: number): void {
	const old = [...begun].filter(([, atMs], index) => atMs < nowMs - REMEMBERED_MS || index <= begun.size - MAX_CALLS);
	if (old.length === 0) return;
	for (const [call] of old) begun.delete(call);
	for (const key of Object.keys(entries)) if (!begun.has(Number(key.split(':')[0]))) delete entries[key];
}

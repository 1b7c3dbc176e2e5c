import type { IDataObject } from 'n8n-workflow';
import { z } from 'zod';

/**
 * What the node's context keeps of a parked execution, in n8n's database for up to days: the package may be another one
 * when the service calls back.
 */

/** Key in the node's context. */
export const PARKED = 'parked';

const VERSION = 1;

const destinationSchema = z.object({
	field: z.string(),
	coverField: z.string().optional(),
	fileName: z.string(),
	maxBytes: z.number(),
	/** Absent in what 0.1.0 wrote: a video. */
	made: z.enum(['video', 'image', 'audio', 'any']).optional(),
});

const itemSchema = z.object({
	itemIndex: z.number().int().nonnegative(),
	/** What the item is if the time runs out. */
	record: z.custom<IDataObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
	/** The task to ask for; absent where the item failed already. */
	taskId: z.string().optional(),
	model: z.string().optional(),
	operation: z.string().optional(),
	/** Where the task is asked about, where not as usual. */
	queryPath: z.string().optional(),
	submittedAtMs: z.number(),
	/** Where the video goes; absent where it is not downloaded. */
	destination: destinationSchema.optional(),
});

const parkedSchema = z.object({
	/** Absent in what 0.1.0 wrote, which is the same otherwise. */
	version: z.literal(VERSION).default(VERSION),
	/** Value of the `provider` parameter. */
	provider: z.string(),
	/** The callback address without `item`, byte for byte as it was registered. */
	registered: z.string(),
	simplify: z.boolean(),
	items: z.array(itemSchema).nonempty(),
});

/** JSON-safe. */
export type Parked = z.output<typeof parkedSchema>;
export type ParkedItem = z.output<typeof itemSchema>;

/** The record as it is written. */
export const toRecord = (parked: Omit<Parked, 'version'>): Parked => ({ version: VERSION, ...parked });

export type ReadParked =
	| { kind: 'parked'; parked: Parked }
	/** Nothing is parked here, or not any more. */
	| { kind: 'none' }
	/** Of a later version of this package. */
	| { kind: 'newer'; version: number }
	/** Not as any version writes it. @property taskIds as far as they can be read */
	| { kind: 'spoiled'; where: string; taskIds: string[] };

/** Never throws. */
export function readParked(found: unknown): ReadParked {
	if (found === undefined || found === null) return { kind: 'none' };
	const version = typeof found === 'object' && 'version' in found ? found.version : VERSION;
	if (typeof version === 'number' && version > VERSION) return { kind: 'newer', version };
	const result = parkedSchema.safeParse(found);
	if (result.success) return { kind: 'parked', parked: result.data };
	const where = result.error.issues.map(({ path }) => path.join('.') || 'the record');
	return { kind: 'spoiled', where: [...new Set(where)].slice(0, 5).join(', '), taskIds: taskIdsIn(found) };
}

function taskIdsIn(found: unknown): string[] {
	const { items } = Object(found) as { items?: unknown };
	const rows: unknown[] = Array.isArray(items) ? items : Object.values(Object(items) as Record<string, unknown>);
	return rows.flatMap((row) => {
		const { taskId } = Object(row) as { taskId?: unknown };
		return typeof taskId === 'string' || typeof taskId === 'number' ? [String(taskId)] : [];
	});
}

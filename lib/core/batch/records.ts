import { z } from 'zod';

/**
 * The ledger's entries as n8n keeps them. They outlive the update of this package: an execution that began under one version
 * may be tried again under another.
 */

/** Of what is written. Entries without a version are of before there was one. */
export const RECORD_VERSION = 1;

export type RecordRead<Entry> =
	| { kind: 'entry'; entry: Entry }
	/** Of a version to come, or broken: not ours to touch. `taskIds` as far as they can be made out, oldest first. */
	| { kind: 'unreadable'; why: string; taskIds: string[] };

const optionalText = z.string().optional();

const diagnosis = z.object({
	kind: z.enum(['permanent', 'transient', 'auth', 'balance', 'content']),
	busy: z.enum(['concurrency', 'rate', 'model']).optional(),
	unknownTask: z.boolean().optional(),
	isOwnWords: z.literal(true).optional(),
	summary: z.string(),
	advice: z.string(),
	code: optionalText,
	providerMessage: optionalText,
	httpStatus: z.number().optional(),
	traceId: optionalText,
});

const price = z.union([
	z.object({ credits: z.number() }),
	z.object({ cost: z.object({ amount: z.string(), currency: z.string() }) }),
]);

const common = {
	wish: z.object({
		fingerprint: z.string(),
		origin: z.string(),
		operation: z.string(),
		// an operation may have none
		model: optionalText,
		typicalSeconds: z.number().positive(),
		isOffPeak: z.literal(true).optional(),
		// counts for caps and sums only: no reason not to know the task
		price: price.optional().catch(undefined),
		orderKey: optionalText,
		queryPath: optionalText,
	}),
	earlierTaskIds: z.array(z.string()).optional(),
};

/** As this package wrote it: of a success, whose links may have gone. */
const result = z.object({ state: z.literal('succeeded'), providerState: z.string() }).passthrough();

const taskId = z.string().min(1);
const atMs = z.number();

const record = z.discriminatedUnion('state', [
	z.object({ ...common, state: z.literal('submitting'), atMs }),
	z.object({ ...common, state: z.literal('unknown'), atMs, taskId: taskId.optional() }),
	z.object({
		...common,
		state: z.literal('submitted'),
		atMs,
		taskId,
		execution: z.string(),
		credits: z.number().optional(),
		result: result.optional(),
		// told by the answer to the order alone
		facts: z.record(z.unknown()).optional(),
	}),
	z.object({
		...common,
		state: z.literal('closed'),
		atMs,
		taskId: taskId.optional(),
		diagnosis,
		canceledIn: optionalText,
	}),
	z.object({ ...common, state: z.literal('free') }),
]);

/** @returns undefined where there is no record */
export function readRecord(raw: unknown): RecordRead<z.infer<typeof record>> | undefined {
	if (raw === undefined) return undefined;
	const fields = asFields(raw);
	const version = fields.version ?? 0;
	if (version !== 0 && version !== RECORD_VERSION)
		return unreadable(fields, `it is of version ${JSON.stringify(version)}, this one knows ${RECORD_VERSION}`);
	const parsed = record.safeParse(version === 0 ? fromVersion0(fields) : fields);
	if (parsed.success) return { kind: 'entry', entry: parsed.data };
	const [issue] = parsed.error.issues;
	return unreadable(fields, `it is broken at "${issue?.path.join('.') ?? ''}"`);
}

/** Diagnoses said `said` and `hint` once. */
function fromVersion0(fields: Record<string, unknown>): Record<string, unknown> {
	if (fields.diagnosis === undefined) return fields;
	const { said, hint, ...others } = asFields(fields.diagnosis);
	return { ...fields, diagnosis: { summary: said, advice: hint, ...others } };
}

function unreadable({ taskId: last, earlierTaskIds }: Record<string, unknown>, why: string): RecordRead<never> {
	const ids = [...(Array.isArray(earlierTaskIds) ? (earlierTaskIds as unknown[]) : []), last];
	return { kind: 'unreadable', why, taskIds: ids.filter((id): id is string => typeof id === 'string' && id !== '') };
}

const asFields = (value: unknown): Record<string, unknown> =>
	typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

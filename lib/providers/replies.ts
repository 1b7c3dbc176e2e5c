/** Readers shared by the adapters: providers send what they like, we keep what has the right type. */

/** The value as an object, or an empty one. Not by way of a schema, which would copy every answer as often as it is read. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Text or number as text; empty text and everything else is undefined. */
export function asText(value: unknown): string | undefined {
	if (typeof value === 'string') return value === '' ? undefined : value;
	return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

export function asNumber(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The first entry of a list as an object, or an empty one. */
export function firstOf(value: unknown): Record<string, unknown> {
	return asRecord(Array.isArray(value) ? value[0] : undefined);
}

/** `movementAmplitude` becomes `movement_amplitude`: our field names are the API's in camelCase. */
export function toSnakeCase(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The way back: `voice_id` becomes `voiceId`. */
export function toCamelCase(name: string): string {
	return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

/** All fields under the API's names. */
export function toWire(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(fields).map(([name, value]) => [toSnakeCase(name), value]));
}

/** A word with a digit; what a spreadsheet makes of a long number (1.23E+18) is none. The provider knows the rest. */
export function isTaskId(text: string): boolean {
	return /^(?=.*\d)\w[\w-]{0,127}$/.test(text);
}

/** Below these an answer may hold a task. Only there a bare `id` is the task's; what stands in the others has its own. */
const TASK_WRAPPERS = ['data', 'result', 'output', 'response', 'task'];
const OTHER_WRAPPERS = ['error', 'metadata', 'detail', 'details'];
const DEEPEST = 3;
/** Ids of tasks are long; of requests, logs and traces too, but those that say so are told apart. */
const SHORTEST_ID = 8;
const FOREIGN_ID = /^(req|request|trace|log|err|error|msg|span|user|key|org)[-_]/i;

/**
 * The task id that a body mentions: under `task_id` or `taskId` anywhere, else under `id` where a task may stand. At most
 * three levels deep; a list counts when it has one entry.
 * @param isId true for text that can be an id of this provider
 */
export function mentionedId(body: unknown, isId: (text: string) => boolean): string | undefined {
	const named: string[] = [];
	const bare: string[] = [];
	const look = (value: unknown, depth: number, holdsTask: boolean): void => {
		const record = asRecord(Array.isArray(value) && value.length === 1 && depth > 1 ? value[0] : value);
		const idsOf = (...names: string[]) =>
			names
				.map((name) => asText(record[name]))
				.filter((text) => text !== undefined)
				.filter((text) => text.length >= SHORTEST_ID && !FOREIGN_ID.test(text) && isId(text));
		named.push(...idsOf('task_id', 'taskId'));
		if (holdsTask) bare.push(...idsOf('id'));
		if (depth === DEEPEST) return;
		for (const name of TASK_WRAPPERS) if (record[name]) look(record[name], depth + 1, holdsTask);
		for (const name of OTHER_WRAPPERS) if (record[name]) look(record[name], depth + 1, false);
	};
	look(body, 1, true);
	return named[0] ?? bare[0];
}

/** Unix seconds or milliseconds, as number or text, and dates as text. ISO 8601 as it came, anything else as ISO 8601. */
export function readTime(value: unknown): string | undefined {
	const text = asText(value);
	if (text === undefined) return undefined;
	const count = /^\d{9,13}$/.test(text) ? Number(text) : undefined;
	// seconds have ten digits until the year 2286
	const time = new Date(count === undefined ? text : count < 1e11 ? count * 1000 : count);
	if (Number.isNaN(time.getTime()) || (count === undefined && typeof value === 'number')) return undefined;
	return /^\d{4}-\d\d-\d\dT/.test(text) ? text : time.toISOString();
}

/** No signed link of today ends before this: anything smaller is not a Unix time. 2020-01-01. */
const EARLIEST_EXPIRY_S = 1_577_836_800;

/**
 * Until when a signed link works, as its own query says: Amazon's and Alibaba's version 4 (date and seconds), or
 * `Expires` as CloudFront, Alibaba and UCloud have it (Unix seconds). ISO 8601; undefined where it does not say.
 */
export function readExpiry(url: string | undefined): string | undefined {
	if (url === undefined || !URL.canParse(url)) return undefined;
	const query = new Map([...new URL(url).searchParams].map(([name, value]) => [name.toLowerCase(), value]));
	for (const vendor of ['amz', 'oss']) {
		const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get(`x-${vendor}-date`) ?? '');
		const seconds = query.get(`x-${vendor}-expires`) ?? '';
		if (!date || !/^\d{1,9}$/.test(seconds)) continue;
		const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = date.slice(1).map(Number);
		return new Date(Date.UTC(year, month - 1, day, hour, minute, second + Number(seconds))).toISOString();
	}
	const expires = query.get('expires') ?? '';
	return /^\d{10}$/.test(expires) && Number(expires) >= EARLIEST_EXPIRY_S
		? new Date(Number(expires) * 1000).toISOString()
		: undefined;
}

/** Addresses but those of tasks, and ids of requests: both hold what looks like the id of a task. */
const NOT_OF_A_TASK =
	/https?:\/\/(?![^\s"'<>]*\/(?:tasks?|async-result)\/)[^\s"'<>]+|\b(?:trace|log|request)[\s_-]?id"?[\s:=]+"?[\w-]+/gi;

/** Reads ids out of running text. @param pattern global; of an id with what may stand around it */
export const taskIdFinder =
	(pattern: RegExp) =>
	(text: string): string[] => [...new Set(text.replace(NOT_OF_A_TASK, ' ').match(pattern) ?? [])];

/** How a request is read, field by field, and refused in Vidu's words. */

/** A refusal in Vidu's words (docs/api/vidu.md#errors). */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly reason: string,
		message: string,
	) {
		super(message);
	}
}

const MAX_PAYLOAD = 1_048_576;

export const lacking = (field: string): Refusal => new Refusal(400, 'FieldLacking', `field ${field} is required`);
export const unwanted = (field: string, why: string): Refusal =>
	new Refusal(400, 'FieldUnwanted', `field ${field} is unwanted: ${why}`);
export const invalid = (field: string, why: string): Refusal =>
	new Refusal(400, 'FieldInvalid', `field ${field} is invalid: ${why}`);
export const wrongCount = (field: string, why: string): Refusal =>
	new Refusal(400, 'FieldItemCountOutOfRange', `field ${field} has a wrong number of items: ${why}`);

export type Body = Record<string, unknown>;
export const isRecord = (value: unknown): value is Body =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

export const IMAGE_REASONS = {
	form: 'FieldInvalid',
	format: 'ImageFormatInvalid',
	bytes: 'PageSizeOutOfRange',
	ratio: 'PageSizeOutOfRange',
	side: 'ImageSizeInvalid',
	download: 'ImageDownloadFailure',
} as const;

export function readText(body: Body, field: string, where?: string): string | undefined {
	return read(body, field, where, 'a string', (value): value is string => typeof value === 'string');
}

export function readTexts(body: Body, field: string, where?: string): string[] | undefined {
	return read(
		body,
		field,
		where,
		'an array of strings',
		(value): value is string[] => Array.isArray(value) && value.every((entry) => typeof entry === 'string'),
	);
}

export function readNumber(body: Body, field: string, where?: string): number | undefined {
	return read(body, field, where, 'a number', (value): value is number => Number.isFinite(value));
}

export function readInteger(body: Body, field: string, where?: string): number | undefined {
	return read(body, field, where, 'an integer', (value): value is number => Number.isInteger(value));
}

export function readBoolean(body: Body, field: string): boolean | undefined {
	return read(body, field, undefined, 'true or false', (value): value is boolean => typeof value === 'boolean');
}

export function readOneOf(body: Body, field: string, allowed: readonly string[]): string | undefined {
	return read(
		body,
		field,
		undefined,
		`one of ${allowed.join(', ')}`,
		(value): value is string => typeof value === 'string' && allowed.includes(value),
	);
}

export function readHttpUrl(body: Body, field: string): void {
	read(
		body,
		field,
		undefined,
		'a public http(s) URL',
		(value): value is string => typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value),
	);
}

/** A field that is there has to be right; null counts as there. */
function read<T>(
	body: Body,
	field: string,
	where: string | undefined,
	wanted: string,
	isRight: (value: unknown) => value is T,
): T | undefined {
	if (!(field in body)) return undefined;
	const value = body[field];
	if (!isRight(value)) throw invalid(where === undefined ? field : `${where}.${field}`, wanted);
	return value;
}

export function parseOrUndefined(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

export function checkPayload(body: Body): void {
	if ((readText(body, 'payload')?.length ?? 0) > MAX_PAYLOAD)
		throw invalid('payload', `at most ${MAX_PAYLOAD} characters`);
}

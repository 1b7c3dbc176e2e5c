/** Leaves out what has no value; null, 0 and '' are values. */
export function defined<T extends Record<string, unknown>>(
	fields: T,
): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
		[Name in keyof T]?: Exclude<T[Name], undefined>;
	};
}

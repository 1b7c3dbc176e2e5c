/**
 * Reads JSON whose ids may be integers beyond 2^53: those of 16 digits and more become strings, so none is rounded.
 * @returns the text itself where it is not JSON
 */
export function readJson(text: string): unknown {
	// an alternation that consumes strings first, so digits inside a string stay as they are; fractions are no ids
	const safe = text.replace(
		/("(?:\\.|[^"\\])*")|(?<![\d.eE+-])(-?\d{16,})(?![\d.eE])/g,
		(match, quoted: string | undefined) => (quoted !== undefined ? match : `"${match}"`),
	);
	try {
		return JSON.parse(safe) as unknown;
	} catch {
		return text;
	}
}

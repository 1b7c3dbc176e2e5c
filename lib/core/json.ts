/**
 * Reads JSON whose ids may be integers beyond 2^53: those of 16 digits and more become strings, so none is rounded.
 * @returns the text itself where it is not JSON
 */
export function readJson(text: string): unknown {
	try {
		return JSON.parse(quoteLongIntegers(text)) as unknown;
	} catch {
		return text;
	}
}

/** Digits of an integer that may be rounded. */
const LONG = 16;

/**
 * Not one regular expression: its stack grows with the longest string or number, and answers repeat images of
 * megabytes. Nearly every answer holds no long integer outside a string and comes back uncopied.
 */
function quoteLongIntegers(text: string): string {
	const digits = new RegExp(`\\d{${LONG}}`, 'g');
	const pieces: string[] = [];
	let kept = 0;
	// behind the last string looked at, and where the next one opens
	let outside = 0;
	let open = text.indexOf('"');
	for (let match = digits.exec(text); match; match = digits.exec(text)) {
		while (open !== -1 && open < match.index) {
			outside = endOfString(text, open);
			open = text.indexOf('"', outside);
		}
		if (outside > match.index) {
			digits.lastIndex = outside;
			continue;
		}
		const start = text[match.index - 1] === '-' ? match.index - 1 : match.index;
		const end = endOfDigits(text, match.index + LONG);
		digits.lastIndex = end;
		// fractions are no ids
		if (/[\d.eE+-]/.test(text[start - 1] ?? '') || /[.eE]/.test(text[end] ?? '')) continue;
		pieces.push(text.slice(kept, start), '"', text.slice(start, end), '"');
		kept = end;
	}
	return pieces.join('') + text.slice(kept);
}

/** Behind the quote that closes the string; behind the text where none does. */
function endOfString(text: string, open: number): number {
	for (let close = text.indexOf('"', open + 1); close !== -1; close = text.indexOf('"', close + 1)) {
		let backslashes = 0;
		while (text[close - 1 - backslashes] === '\\') backslashes += 1;
		if (backslashes % 2 === 0) return close + 1;
	}
	return text.length;
}

function endOfDigits(text: string, from: number): number {
	let end = from;
	while (/\d/.test(text.charAt(end))) end += 1;
	return end;
}

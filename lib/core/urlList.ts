/** Lists of addresses in one text, as people and sheets write them. Pure. */

/** Where an address begins, if a separator stands in front of it. */
const BEGINNING = /https?:|data:|\/\/[\w-]+(?:\.[\w-]+)+(?:[/:?]|$)/gi;
/** Blanks, those of no width included, and what people put between addresses. */
const SEPARATOR = /[\s\u200b-\u200d\u2060,;|，；、]/;
const BLANK = /[\s\u200b-\u200d\u2060]/;
/** A line break as it is written in JSON. */
const WRITTEN_BREAK = /\\[rnt]/;
/** What follows it may be wrapped into lines of its own. */
const HEAD_OF_DATA = /;base64,/i;

/**
 * Takes a list apart: at line breaks, and at commas, semicolons, bars and blanks in front of a new address. Inside an
 * address they belong to it. Takes time in proportion to the text, whatever it holds.
 */
export function splitUrls(text: string): string[] {
	return text
		.split(/[\r\n]+/)
		.flatMap(splitLine)
		.filter((piece) => piece !== '');
}

function splitLine(line: string): string[] {
	const starts = [...line.matchAll(BEGINNING)]
		.map(({ index }) => index)
		.filter((index) => isSeparated(line.slice(Math.max(0, index - 2), index)));
	return [0, ...starts].map((start, index) => {
		let end = starts[index] ?? line.length;
		// stops at the start by itself: an address begins with neither
		for (;;) {
			const isHead = HEAD_OF_DATA.test(line.slice(end - 8, end));
			if (!isHead && SEPARATOR.test(line.charAt(end - 1))) end -= 1;
			else if (WRITTEN_BREAK.test(line.slice(end - 2, end))) end -= 2;
			else break;
		}
		return trimBlanks(line.slice(start, end));
	});
}

const isSeparated = (before: string): boolean => SEPARATOR.test(before.slice(-1)) || WRITTEN_BREAK.test(before);

/** Without blanks at the ends, those of no width included, which come along when a text is copied from a page. */
export function trimBlanks(text: string): string {
	let [start, end] = [0, text.length];
	while (BLANK.test(text.charAt(start))) start += 1;
	while (BLANK.test(text.charAt(end - 1))) end -= 1;
	return text.slice(start, end);
}

/** What shows that a blank stands between two addresses and not in a name: "a.png b.png", "a and", "a, b.com/c". */
const SEVERAL = [
	/[\t\r\n]/,
	/\s(?:and|or|und|oder|et|y|&|\+)$/i,
	/\.(?:png|jpe?g|webp|gif|mp4|mov|webm|mp3|wav)[,;|，；、]?\s(?:[^/]*$|\s*(?:[\w-]+\.)+[a-z]{2,}\/)/i,
	/[,;|，；、]\s+(?:[\w-]+\.)+[a-z]{2,}\//i,
	/\s(?:[a-z]{2,9}:)?\/\//i,
	// glued together by what stood around them in a page or a program
	/(?:["'<>()]|\.(?:png|jpe?g|webp|gif))https?:\/\//i,
];

/** True where a piece of a list still looks like more than one address. */
export const looksLikeSeveral = (piece: string): boolean => SEVERAL.some((sign) => sign.test(trimBlanks(piece)));

import { invalid } from './invalidInput';
import { show } from './values';

/**
 * Subjects and their mentions in a prompt, "@sneaker" or "[@sneaker]": platform.vidu.com/docs/reference-to-video says
 * that the prompt refers to a subject by @ and its name, and the pages of the subject library put it in brackets.
 */

/** A letter or digit of a script with blanks between words goes on with the name; Chinese has no blanks. */
const WORD_END = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}_]$/u;
/** Not a "_" alone, as in _@sneaker_. */
const GOES_ON = /^_*[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;
const WORD = /^[\p{L}\p{M}\p{N}_-]+/u;
/** In an e-mail address the @ follows a word, and a domain goes on behind it. */
const DOMAIN_GOES_ON = /^[\w-]*\.[a-z]{2}/;

/** Characters of a name that somebody types. */
const LONGEST_NAME = 1_000;

interface Mention {
	/** Where the "@" stands, and where what it calls ends. */
	start: number;
	end: number;
	name: string;
}

/**
 * Every subject must be mentioned, since what is not would be paid for and perhaps not shown. Other words behind an "@",
 * such as handles, are none of our business, unless one is almost the name of a subject.
 * @returns the prompt with each mention spelled as its subject is
 * @throws InvalidInput for a subject without a mention and for a misspelled mention
 */
export function spellMentions(prompt: string, names: readonly string[]): string {
	const mentions: Mention[] = [];
	for (const { index: start } of prompt.matchAll(/[@＠]/g)) {
		const rest = prompt.slice(start + 1);
		const isBehindWord = WORD_END.test(prompt.slice(Math.max(0, start - 2), start));
		const [longest] = names
			.map((name) => ({ name, length: lengthOf(name, rest) }))
			.filter(({ length }) => length > 0 && !(isBehindWord && DOMAIN_GOES_ON.test(rest.slice(length))))
			.sort((a, b) => b.length - a.length);
		if (longest) mentions.push({ start, end: start + 1 + longest.length, name: longest.name });
		else if (!isBehindWord) assertNoSlip(rest, names);
	}
	const silent = names.find((name) => !mentions.some((mention) => mention.name === name));
	if (silent !== undefined)
		throw invalid(
			'Prompt',
			`Prompt does not mention subject @${show(silent)}`,
			`Write @${show(silent)} where it appears in the video, or remove the subject.`,
		);
	return mentions.reduceRight(
		(text, { start, end, name }) => `${text.slice(0, start)}@${name}${text.slice(end)}`,
		prompt,
	);
}

/** How much of the text is the name, in any capitals and either way of writing an umlaut; 0 for none of it. */
function lengthOf(name: string, text: string): number {
	const ways = [name, name.normalize('NFC'), name.normalize('NFD')].map((way) =>
		way.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
	);
	// too long for a regular expression
	if (name.length > LONGEST_NAME) return text.startsWith(name) ? name.length : 0;
	const [found] = new RegExp(`^(?:${ways.join('|')})`, 'iu').exec(text) ?? [''];
	const behind = text.slice(found.length);
	return /^\p{M}/u.test(behind) || (WORD_END.test(found) && GOES_ON.test(behind)) ? 0 : found.length;
}

function assertNoSlip(text: string, names: readonly string[]): void {
	for (const name of names) {
		// a name may have blanks
		const start = /\s/.test(name) ? text.slice(0, name.length) : '';
		const word = start + (WORD.exec(text.slice(start.length))?.[0] ?? '');
		if (isSlip(word, name))
			throw invalid(
				'Prompt',
				`Prompt mentions @${word.slice(0, 40)}, which is not one of the Subjects`,
				`The Subjects are called ${names.map((other) => `@${show(other)}`).join(', ')}. Add the subject, correct the name, or write the word without @.`,
			);
	}
}

/** A plural, or one letter more, less or other in a name of some length. */
function isSlip(word: string, name: string): boolean {
	const lettersOf = (text: string): string[] => [...text.normalize('NFC').toLowerCase()];
	const [a, b] = [lettersOf(word), lettersOf(name)];
	if (['s', 'es'].some((ending) => a.join('') === `${b.join('')}${ending}`)) return true;
	if (b.length < 4 || Math.abs(a.length - b.length) > 1) return false;
	let same = 0;
	while (same < a.length && a[same] === b[same]) same += 1;
	const [restA, restB] = [a.slice(same), b.slice(same)];
	const skips: Array<[string[], string[]]> = [
		[restA.slice(1), restB],
		[restA, restB.slice(1)],
		[restA.slice(1), restB.slice(1)],
	];
	return skips.some(([one, other]) => one.join('') === other.join(''));
}

import { invalid } from './images';

/**
 * Subjects and their mentions in a prompt, "@sneaker" or "[@sneaker]": platform.vidu.com/docs/reference-to-video says
 * that the prompt refers to a subject by @ and its name, and the pages of the subject library put it in brackets.
 */

/** A letter or digit of a script with blanks between words goes on with the name; Chinese has no blanks. */
const GOES_ON = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}_]/u;
/** In front of a mention; in an e-mail address the @ follows a word. */
const WORD_BEFORE = /[\w.%+-]$/;

/**
 * What is not mentioned would be paid for and perhaps not shown.
 * @throws InvalidInput for a subject without a mention and for a mention without a subject
 */
export function assertMentioned(prompt: string, names: readonly string[]): void {
	const called = new Set<string>();
	const unknown: string[] = [];
	for (const { index } of prompt.matchAll(/@/g)) {
		if (WORD_BEFORE.test(prompt.slice(0, index))) continue;
		const rest = prompt.slice(index + 1);
		const fitting = names.filter((name) => rest.startsWith(name) && !goesOn(name, rest.slice(name.length)));
		const [longest] = fitting.sort((a, b) => b.length - a.length);
		if (longest !== undefined) called.add(longest);
		else {
			// "@ 7 pm" and "@30fps" call nobody
			const [word] = /^[\p{L}_][\p{L}\p{M}\p{N}_-]*/u.exec(rest) ?? [];
			if (word !== undefined) unknown.push(word);
		}
	}
	const silent = names.find((name) => !called.has(name));
	const mentions = names.map((name) => `@${name}`).join(', ');
	if (unknown.length > 0)
		throw invalid(
			'Prompt',
			`Prompt mentions @${unknown[0].slice(0, 40)}, which is not one of the Subjects`,
			`The Subjects are called ${mentions}. Add the subject, correct the name, or write the word without @.`,
		);
	if (silent !== undefined)
		throw invalid(
			'Prompt',
			`Prompt does not mention subject @${silent}`,
			`Write @${silent} where it appears in the video, or remove the subject.`,
		);
}

const goesOn = (name: string, behind: string): boolean => GOES_ON.test(name.slice(-1)) && GOES_ON.test(behind);

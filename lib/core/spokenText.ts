/** What may be spoken, before anything is bought. Pure. docs/lip-sync of platform.vidu.com and platform.vidu.cn. */

const SHORTEST = 4;
const LONGEST = 2_000;
/** `<#1.5#>`: 0.01 to 99.99 seconds. */
const PAUSE = /<#([^#]*)#>/;
const SECONDS = /^\d{1,2}(\.\d{1,2})?$/;
const CAN_BE_SPOKEN = /[\p{L}\p{N}]/u;

/** `what` follows the parameter's name. */
export interface SpokenFault {
	what: string;
	advice: string;
}

/**
 * @param longest in characters, of which a Chinese one counts two
 * @returns what is wrong with the text; undefined where nothing is
 */
export function checkSpokenText(text: string, longest = LONGEST, shortest = SHORTEST): SpokenFault | undefined {
	const weight = weightOf(text);
	const half = (count: number): number => Math.floor(count / 2);
	const advice = `Use ${shortest} to ${longest} characters, ${half(shortest)} to ${half(longest)} where they are Chinese.`;
	if (weight < shortest) return { what: 'is too short', advice };
	if (weight > longest) return { what: 'is too long', advice };
	return checkPauses(text);
}

/** A Chinese character counts two. */
const weightOf = (text: string): number =>
	[...text].reduce((sum, letter) => sum + (/\p{Script=Han}/u.test(letter) ? 2 : 1), 0);

function checkPauses(text: string): SpokenFault | undefined {
	// seconds at every second place
	const pieces = text.split(PAUSE);
	const pauses = pieces.filter((_piece, index) => index % 2 === 1);
	if (pauses.length === 0) return undefined;
	const wrong = pauses.find((seconds) => !SECONDS.test(seconds) || Number(seconds) < 0.01);
	if (wrong !== undefined)
		return {
			what: `has a pause of "${wrong}" seconds, too little or too much`,
			advice: 'Write <#1.5#>, 0.01 to 99.99.',
		};
	const isBetween = pieces.every((piece, index) => index % 2 === 1 || CAN_BE_SPOKEN.test(piece));
	return isBetween
		? undefined
		: {
				what: 'has a pause that stands at an end or beside another, which is no text',
				advice: 'Put each pause <#…#> between two texts that can be spoken.',
			};
}

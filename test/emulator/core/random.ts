/** Chance in [0, 1) that repeats for the same seed (mulberry32). */
export type Random = () => number;

export function seedRandom(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

export function randomText(random: Random, length: number, letters: string): string {
	let text = '';
	for (let at = 0; at < length; at++) text += letters[Math.floor(random() * letters.length)];
	return text;
}

export const randomHex = (random: Random, length: number): string => randomText(random, length, '0123456789abcdef');

/** UUID-shaped, for nonces and trace ids. */
export const randomUuid = (random: Random): string =>
	[8, 4, 4, 4, 12].map((length) => randomHex(random, length)).join('-');

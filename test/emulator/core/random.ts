import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance in [0, 1). */
export type Random = () => number;

/** Chance that repeats for the same seed, on every machine. */
export function seedRandom(seed: number): Random {
	const generator = xoroshiro128plus(seed);
	return () => uniformFloat64(generator);
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
